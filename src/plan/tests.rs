use super::*;
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Signer, State};
use crate::manifest::{self, Manifest};
use crate::secret::Secret;
use crate::state::revocations::{Entry, Revocations, What};
use crate::token::sign;

const NOW: i64 = 1_000_000;
const DAY: i64 = 86_400;

const MANIFEST: &str = r#"
iss = "i"
aud = ["one", "two"]
ttl = "100d"

[roles]
developer = ["read", "write"]

[[token]]
sub = "a@x"
role = "developer"
scope = "read extra"
claims = { name = "A", quota = 100 }
"#;

fn manifest(text: &str) -> Manifest {
    manifest::read(text, |_| false).unwrap()
}

fn key(fill: u8) -> Key {
    let text = Secret::new((0..32).map(|at| b'a' + (fill * 7 + at) % 26).collect());
    KeySet::read(&text, None).unwrap().keys.swap_remove(0)
}

/// A token of these claims, `header` after `alg`.
fn signed(by: &Key, header: &str, claims: &str) -> String {
    let header = Json::parse(format!(r#"{{"alg":"HS256"{header}}}"#).as_bytes()).unwrap();
    let claims = Json::parse(claims.as_bytes()).unwrap();
    let hand = Signer::new(by, Algorithm::HS256).unwrap();
    let token = sign(&header, &claims, &hand).unwrap();
    token.expose_str().unwrap().to_owned()
}

#[test]
fn what_is_wanted_is_what_the_manifest_says() {
    let said = |iss: Option<&str>, aud: Option<&str>, ttl| Said {
        iss: iss.map(str::to_owned),
        aud: aud.map(str::to_owned),
        ttl,
    };
    let own = "[[token]]\nsub = \"a\"\naud = \"own\"\nttl = \"10d\"\ntyp = \"at+jwt\"\nclient-id = \"c\"\n";
    #[rustfmt::skip]
    let cases = [
        // manifest            said                            iss       aud              life       early
        (MANIFEST,             said(None, None, None),         "i",      vec!["one", "two"], 100 * DAY, 7 * DAY),
        (MANIFEST,             said(Some("j"), Some("x"), Some(50)), "j", vec!["x"],      50,        5),
        ("[[token]]\nsub='a'", said(None, None, None),         "mcpjwt", vec!["mcp"],     30 * DAY,  3 * DAY),
        (own,                  said(None, None, None),         "mcpjwt", vec!["own"],     10 * DAY,  DAY),
        (own,                  said(None, Some("x"), None),    "mcpjwt", vec!["x"],       10 * DAY,  DAY),
    ];
    for (text, said, iss, aud, life, early) in cases {
        let manifest = manifest(text);
        let wanted = wanted(&manifest, &manifest.tokens[0], &said, NOW).unwrap();
        let template = &wanted.template;
        let about = format!("{text} {said:?}");
        assert_eq!(template.iss, iss, "{about}");
        assert_eq!(template.aud, aud, "{about}");
        assert_eq!(template.times.exp, NOW + life, "{about}");
        assert_eq!(wanted.refresh_before, early, "{about}");
        assert_eq!(wanted.assumes_audience, aud == ["mcp"], "{about}");
    }
    let manifest = manifest("ttl = \"9000y\"\n[[token]]\nsub = \"a\"");
    let error = wanted(&manifest, &manifest.tokens[0], &Said::default(), NOW).unwrap_err();
    assert_eq!(error.message, "token `a` would last beyond the year 9999");
}

/// The reasons in a line.
fn told(text: &str, keys: &KeySet) -> String {
    let manifest = manifest(MANIFEST);
    let wanted = wanted(&manifest, &manifest.tokens[0], &Said::default(), NOW).unwrap();
    let mut revoked = Revocations::default();
    revoked.add(Entry {
        what: What::Token {
            iss: Some("i".to_owned()),
            jti: "gone".to_owned(),
        },
        until: None,
        at: NOW,
        exp: None,
        reason: None,
    });
    let ours = Ours {
        keys,
        revoked: &revoked,
    };
    let judged = judge(text, &wanted, ours, NOW);
    let told: Vec<String> = judged
        .reasons
        .iter()
        .map(|reason| match reason {
            Reason::Claims(names) => format!("claims {}", names.join(" ")),
            Reason::Malformed(found) => format!("malformed ({found})"),
            Reason::Refused(why) => format!("refused ({why})"),
            Reason::Expired(at) | Reason::Ending(at) | Reason::Early(at) => {
                format!("{} {}", reason.name(), at - NOW)
            }
            other => other.name().to_owned(),
        })
        .collect();
    assert_eq!(judged.good_until().is_some(), told.is_empty(), "{told:?}");
    told.join(", ")
}

#[test]
fn why_a_token_is_not_the_one_wanted() {
    let [current, previous, late, stranger] = [1, 2, 3, 4].map(key);
    let claims = |change: &[(&str, &str)]| {
        let mut all: Vec<(&str, &str)> = vec![
            ("iss", r#""i""#),
            ("sub", r#""a@x""#),
            ("aud", r#"["one","two"]"#),
            ("exp", "2000000"),
            ("scope", r#""read write extra""#),
            ("role", r#""developer""#),
            ("name", r#""A""#),
            ("quota", "100"),
        ];
        for (name, value) in change {
            match all.iter_mut().find(|(known, _)| known == name) {
                Some(known) => known.1 = value,
                None => all.push((name, value)),
            }
        }
        let members: Vec<String> = all
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let by = |key: &Key, change: &[(&str, &str)]| {
        let header = format!(r#","typ":"JWT","kid":"{}""#, key.kid());
        signed(key, &header, &claims(change))
    };
    let with = |change: &[(&str, &str)]| by(&current, change);
    let good = with(&[]);
    let cut = |at: usize| good[..at].to_owned();
    let head = good.rsplit_once('.').unwrap().0;
    let at = |offset: i64| (NOW + offset).to_string();
    #[rustfmt::skip]
    let cases = [
        (String::new(),                                   "missing"),
        (good.clone(),                                    ""),
        ("hunter2".to_owned(),                            "malformed (one part, without a dot)"),
        (cut(40),                                         "malformed (one part, without a dot)"),
        (head.to_owned(),                                 "malformed (two parts)"),
        (format!("{head}."),                              "unsigned"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.".to_owned(), "unsigned"),
        (format!("{head}.c2ln"),                          "signature"),
        (by(&stranger, &[]),                              "unknown_key"),
        (signed(&stranger, "", &claims(&[])),             "unknown_key"),
        (signed(&current, "", &claims(&[])),              ""),
        (by(&previous, &[]),                              "previous_key"),
        (by(&late, &[]),                                  "unknown_key"),
        (signed(&current, r#","crit":["x"]"#, &claims(&[])), "refused (the header demands an extension (`crit`, `b64`))"),
        // times
        (with(&[("exp", &at(7 * DAY + 1))]),              ""),
        (with(&[("exp", &at(7 * DAY))]),                  "expiring 604800"),
        (with(&[("exp", &at(1))]),                        "expiring 1"),
        (with(&[("exp", &at(0))]),                        "expired 0"),
        (with(&[("exp", "")]),                            "endless"),
        // longer than 100 days, by more than a minute
        (with(&[("iat", &at(-5)), ("exp", &at(100 * DAY))]),      ""),
        (with(&[("iat", &at(-DAY)), ("exp", &at(99 * DAY + 60))]), ""),
        (with(&[("iat", &at(-DAY)), ("exp", &at(99 * DAY + 61))]), "lasts_longer"),
        (with(&[("exp", &at(100 * DAY + 60))]),                   ""),
        (with(&[("exp", &at(100 * DAY + 61))]),                   "lasts_longer"),
        (with(&[("exp", "\"2000000\"")]),                 "refused (a claim has the wrong type or is out of range)"),
        (with(&[("nbf", &at(1))]),                        "not_yet_valid 1"),
        (with(&[("nbf", &at(0)), ("iat", &at(0)), ("jti", "\"x\"")]), ""),
        (with(&[("iat", &at(1))]),                        "refused (`iat` lies in the future)"),
        (by(&previous, &[("exp", &at(5))]),               "expiring 5, previous_key"),
        (with(&[("jti", "\"gone\"")]),                    "revoked"),
        (with(&[("jti", "\"gone\""), ("exp", &at(0))]),   "revoked, expired 0"),
        // claims
        (with(&[("aud", r#"["two","one"]"#)]),            ""),
        (with(&[("aud", "\"one\"")]),                     "claims aud"),
        (with(&[("scope", "\"extra  read write\"")]),     ""),
        (with(&[("scope", "\"read write\"")]),            "claims scope"),
        (with(&[("quota", "1e2")]),                       ""),
        (with(&[("quota", "\"100\"")]),                   "refused (a claim has the wrong type or is out of range), claims quota"),
        (with(&[("role", ""), ("iss", "\"I\"")]),         "claims iss role"),
        (with(&[("sub", "\"b\""), ("team", "1")]),        "claims sub team"),
        (with(&[("exp", &at(-1)), ("type", "\"access\"")]), "expired -1, claims type"),
        (signed(&current, r#","typ":"at+jwt""#, &claims(&[])), "claims typ"),
        (signed(&current, r#","typ":"application/jwt""#, &claims(&[])), ""),
    ];
    let keys = KeySet::of(vec![
        current.duplicate().standing(State::Current, None, None),
        previous
            .duplicate()
            .standing(State::Previous, None, Some(NOW + 1)),
        late.duplicate().standing(State::Previous, None, Some(NOW)),
    ]);
    for (token, want) in &cases {
        assert_eq!(told(token, &keys), *want, "{token}");
    }
}

#[test]
fn a_lone_key_signs_under_any_name() {
    let of = |fill, state| KeySet::lone(key(fill).standing(state, None, None));
    let keys = KeySet::joined([of(1, State::Current), of(2, State::Previous)]);
    let claims = r#"{"iss":"i","sub":"a@x","aud":["one","two"],"exp":2000000,"scope":"read write extra","role":"developer","name":"A","quota":100}"#;
    #[rustfmt::skip]
    let cases = [
        (1, r#","kid":"main""#, ""),
        (2, r#","kid":"main""#, "previous_key"),
        (3, r#","kid":"main""#, "unknown_key"),
        (3, "",                 "unknown_key"),
    ];
    for (by, header, want) in cases {
        let token = signed(&key(by), header, claims);
        assert_eq!(told(&token, &keys), want, "{by} {header}");
    }
}

#[test]
fn what_is_done_at_each_place() {
    use Act::{Copy, Keep, Mint, Refer};
    let missing = [Reason::Missing];
    let mode = [Reason::Mode(crate::client::Mode::Literal)];
    let token = |good_until: Option<i64>| Spot {
        refers: false,
        reasons: if good_until.is_some() { &[] } else { &missing },
        good_until,
    };
    let beside = |good_until: i64| Spot {
        reasons: &mode,
        ..token(Some(good_until))
    };
    let reference = |reasons| Spot {
        refers: true,
        reasons,
        good_until: None,
    };
    let bad = || token(None);
    #[rustfmt::skip]
    let cases = [
        (vec![],                                     vec![],                     vec![]),
        (vec![bad()],                                vec![Mint],                 vec![Mint]),
        (vec![bad(), bad()],                         vec![Mint, Mint],           vec![Mint, Mint]),
        (vec![token(Some(5))],                       vec![Keep],                 vec![Mint]),
        (vec![token(Some(5)), bad()],                vec![Keep, Copy(0)],        vec![Mint, Mint]),
        (vec![bad(), token(Some(5)), token(Some(6))], vec![Copy(2), Keep, Keep], vec![Mint, Mint, Mint]),
        (vec![token(Some(5)), token(Some(5)), bad()], vec![Keep, Keep, Copy(0)], vec![Mint, Mint, Mint]),
        (vec![beside(5)],                            vec![Copy(0)],              vec![Mint]),
        (vec![reference(&[]), reference(&missing)],  vec![Keep, Refer],          vec![Keep, Refer]),
        (vec![reference(&missing), bad()],           vec![Refer, Mint],          vec![Refer, Mint]),
        (vec![reference(&[]), token(Some(5)), bad()], vec![Keep, Keep, Copy(1)], vec![Keep, Mint, Mint]),
    ];
    for (spots, due, all) in cases {
        assert_eq!(acts(&spots, Renew::Due), due, "{spots:?}");
        assert_eq!(acts(&spots, Renew::All), all, "{spots:?}");
    }
}
