//! What a list covers, and what it comes to.

use super::*;

const RUN: &str = "0123456789abcdef0123456789abcdef";

fn entry(what: What, until: Option<i64>) -> Entry {
    Entry {
        what,
        until,
        at: 100,
        exp: Some(200),
        reason: None,
    }
}

fn token(jti: &str) -> What {
    What::Token {
        iss: Some("exai".into()),
        jti: jti.into(),
    }
}

fn subject(sub: &str) -> What {
    What::Subject {
        iss: Some("exai".into()),
        sub: sub.into(),
    }
}

#[test]
fn what_is_covered() {
    let mut list = Revocations::default();
    list.add(entry(token("t"), None));
    list.add(entry(subject("s"), Some(100)));
    list.add(entry(What::Key { kid: "k".into() }, None));
    list.add(entry(What::Run { id: RUN.into() }, None));
    list.add(entry(
        What::Token {
            iss: None,
            jti: "bare".into(),
        },
        None,
    ));
    let of_run = format!("{RUN}-17");
    #[rustfmt::skip]
    let cases = [
        // iss            jti             sub    iat        kid    covered
        (Some("exai"),  Some("t"),      "x",   Some(500), "x",   true),
        (Some("other"), Some("t"),      "x",   Some(500), "x",   false),
        (None,          Some("t"),      "x",   Some(500), "x",   false),
        (None,          Some("bare"),   "x",   Some(500), "x",   true),
        (Some("exai"),  Some("bare"),   "x",   Some(500), "x",   false),
        (Some("exai"),  Some("T"),      "x",   Some(500), "x",   false),
        (Some("exai"),  Some("n"),      "s",   Some(99),  "x",   true),
        (Some("exai"),  Some("n"),      "s",   Some(100), "x",   true),
        (Some("exai"),  Some("n"),      "s",   Some(101), "x",   false),
        (Some("exai"),  Some("n"),      "s",   None,      "x",   true),
        (Some("other"), Some("n"),      "s",   Some(99),  "x",   false),
        (Some("exai"),  None,           "s",   Some(99),  "x",   true),
        (Some("exai"),  Some("n"),      "x",   Some(500), "k",   true),
        (None,          None,           "x",   None,      "k",   true),
        (Some("any"),   Some(&of_run[..]), "x", Some(500), "x",  true),
        (Some("any"),   Some(RUN),      "x",   Some(500), "x",   false),
    ];
    for (iss, jti, sub, iat, kid, want) in cases {
        let traits = Traits {
            iss,
            jti,
            sub: Some(sub),
            iat,
            kids: [None, Some(kid)],
            run: None,
        };
        assert_eq!(list.covers(&traits).is_some(), want, "{traits:?}");
    }
    assert_eq!(list.covers(&Traits::default()), None);
}

#[test]
fn a_new_token_begins_behind_the_revocation_of_its_subject() {
    use Begin::{Now, Soon};
    let mut list = Revocations::default();
    list.add(entry(subject("s"), Some(100)));
    #[rustfmt::skip]
    let cases = [
        // iss     at   iat  begins
        ("exai",   99,   94, Now(94)),
        ("exai",  100,   95, Soon(101)),
        ("exai",  101,   96, Now(101)),
        ("exai",  105,  100, Now(101)),
        ("exai",  106,  101, Now(101)),
        ("exai",  107,  102, Now(102)),
        ("other", 100,   95, Now(95)),
    ];
    for (iss, at, iat, want) in cases {
        assert_eq!(list.begin((iss, "s"), (at, iat)), want, "{iss} {at} {iat}");
    }
}

#[test]
fn what_of_a_list_can_be_about_a_run() {
    let key = |kid: &str| What::Key { kid: kid.into() };
    let run = |id: &str| What::Run { id: id.into() };
    let other = "f".repeat(32);
    let of_run = format!("{RUN}-3");
    #[rustfmt::skip]
    let cases: Vec<(Vec<What>, Option<&[&str]>)> = vec![
        (vec![],                                  Some(&[])),
        (vec![token("t"), key("x"), run(&other)], Some(&[])),
        (vec![subject("s"), subject("t")],        Some(&["s", "t"])),
        (vec![What::Subject { iss: None, sub: "s".into() }], Some(&[])),
        (vec![subject("s"), key("k")],            None),
        (vec![run(RUN)],                          None),
        (vec![token(&of_run)],                    None),
    ];
    for (whats, want) in cases {
        let mut list = Revocations::default();
        for what in &whats {
            list.add(entry(what.clone(), Some(100)));
        }
        let found = list.subjects_alone("exai", "k", RUN);
        let want = want.map(|subs| subs.iter().copied().collect());
        assert_eq!(found, want, "{whats:?}");
    }
}

#[test]
fn runs_are_told_by_the_shape_of_an_id() {
    #[rustfmt::skip]
    let cases = [
        (format!("{RUN}-1"),             Some(RUN)),
        (format!("{RUN}-10000000"),      Some(RUN)),
        (RUN.to_owned(),                 None),
        (format!("{RUN}-"),              None),
        (format!("{RUN}-1-2"),           None),
        (format!("{RUN}-x"),             None),
        (format!("0{RUN}-1"),            None),
        (format!("{}-1", RUN.to_uppercase()), None),
        (format!("{}-1", &RUN[1..]),     None),
        (String::new(),                  None),
    ];
    for (jti, want) in &cases {
        assert_eq!(run_of(jti), *want, "{jti}");
    }
}

#[test]
fn what_is_revoked_again_stays_revoked_as_far_as_ever() {
    let mut list = Revocations::default();
    let with = |until, exp, reason: Option<&str>| Entry {
        exp,
        reason: reason.map(str::to_owned),
        ..entry(subject("s"), Some(until))
    };
    #[rustfmt::skip]
    let steps = [
        // until  exp        reason       more   until  exp        reason
        (100,     Some(200), Some("a"),   true,  100,   Some(200), Some("a")),
        (90,      Some(150), None,        false, 100,   Some(200), Some("a")),
        (110,     Some(300), Some("b"),   true,  110,   Some(300), Some("b")),
        (110,     None,      None,        false, 110,   None,      Some("b")),
        (110,     Some(400), None,        false, 110,   None,      Some("b")),
    ];
    for (until, exp, reason, more, want_until, want_exp, want_reason) in steps {
        assert_eq!(list.add(with(until, exp, reason)), more, "{until} {exp:?}");
        let all: Vec<Entry> = list.iter().cloned().collect();
        assert_eq!(all, [with(want_until, want_exp, want_reason)]);
    }
}

#[test]
fn entries_go_a_month_after_their_tokens() {
    for (exp, now, kept) in [
        (Some(200), 200 + KEPT - 1, true),
        (Some(200), 200 + KEPT, false),
        (None, i64::MAX, true),
    ] {
        let mut list = Revocations::default();
        list.add(Entry {
            exp,
            ..entry(token("t"), None)
        });
        list.prune(now);
        assert_eq!(!list.is_empty(), kept, "{exp:?} {now}");
    }
}

#[test]
fn joined_lists_revoke_what_either_did() {
    let (mut one, mut other) = (Revocations::default(), Revocations::default());
    one.add(entry(token("a"), None));
    one.add(entry(subject("s"), Some(5)));
    other.add(entry(token("b"), None));
    other.add(entry(subject("s"), Some(7)));
    one.join(other);
    let all: Vec<(&What, Option<i64>)> =
        one.iter().map(|entry| (&entry.what, entry.until)).collect();
    let want = [
        (&token("a"), None),
        (&token("b"), None),
        (&subject("s"), Some(7)),
    ];
    assert_eq!(all, want);
}
