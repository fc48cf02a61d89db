//! `mcpjwt refresh`.

use expect_test::expect;
use mcpjwt::host::Kept;
use mcpjwt::state::revocations::{Entry, Revocations, What};

use crate::support::{NOW, Sandbox};
use crate::{OTHER, runs, with_key};

const DAY: i64 = 86_400;

/// Mints with the key in `k`.
fn minted(room: &mut Sandbox, options: &str) -> String {
    let line = format!("mcpjwt issue -q --key file:k --sub a --iss i --aud m {options}");
    let shown = room.run_raw(&line);
    assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
    shown.stdout.trim_end().to_owned()
}

/// Both streams and the exit code.
fn said(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    format!("{}--\n{}exit {}\n", shown.stdout, shown.stderr, shown.code)
}

/// The claims of a token, as `decode` has them.
fn claims(room: &mut Sandbox, token: &str) -> String {
    let shown = room.run_raw(&format!("mcpjwt decode --json {token}"));
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let at = shown.stdout.find("\"claims\"").unwrap();
    let end = shown.stdout[at..].find("\n  }").unwrap();
    shown.stdout[at..at + end].to_owned()
}

#[test]
fn a_token_comes_back_with_new_times_and_the_same_claims() {
    let mut room = with_key();
    let old = minted(
        &mut room,
        "--ttl 30d --role r --quota 5 --scope x --nbf +1d",
    );
    room.later(40 * DAY);
    room.set_stdin(format!("Bearer {old}\n"));
    let shown = room.run_raw("mcpjwt refresh --key file:k");
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    let new = shown.stdout.trim_end();
    let both = claims(&mut room, &old) + "\n" + &claims(&mut room, new);
    expect![[r#"
        "claims": {
            "iss": "i",
            "sub": "a",
            "aud": "m",
            "iat": 1763783995,
            "exp": 1766376000,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
            "nbf": 1763870400,
            "scope": "x",
            "role": "r",
            "quota": 5
        "claims": {
            "iss": "i",
            "sub": "a",
            "aud": "m",
            "iat": 1767239995,
            "exp": 1769832000,
            "jti": "022ab1ba804098e6cb293e6770eb3a95",
            "scope": "x",
            "role": "r",
            "quota": 5"#]]
    .assert_eq(&both);
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    expect![[r#"{"version":1,"at":1767240000,"event":"refreshed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"i","aud":["m"],"kid":"UOuPGLMbqgKiRQGz","iat":1767239995,"exp":1769832000}"#]].assert_eq(ledger.lines().last().unwrap());
    let longer = room.run_raw(&format!(
        "mcpjwt refresh {old} --key file:k --ttl 1h --json"
    ));
    assert!(
        longer
            .stdout
            .contains(&format!("\"exp\": {}", NOW + 40 * DAY + 3600)),
        "{}",
        longer.stdout
    );
}

#[test]
fn a_place_is_rewritten_where_it_is() {
    let mut room = with_key()
        .file(".env", "# ours\nA=1\n")
        .file("b.json", "{ \"t\": \"\" }\n");
    minted(
        &mut room,
        "--ttl 10d --to dotenv:.env#T --to json:b.json#/t --to file:c",
    );
    room.later(5 * DAY);
    let places = "dotenv:.env#T json:b.json#/t file:c";
    let shown = runs(
        &mut room,
        &[
            &format!("mcpjwt refresh {places} --key file:k --within 4d"),
            &format!("mcpjwt refresh {places} --key file:k --within 5d --dry-run"),
            &format!("mcpjwt refresh {places} --key file:k --within 5d"),
        ],
    );
    expect![[r#"
        $ mcpjwt refresh dotenv:.env#T json:b.json#/t file:c --key file:k --within 4d
        --- stderr
        nothing to do
        --- exit 0
        $ mcpjwt refresh dotenv:.env#T json:b.json#/t file:c --key file:k --within 5d --dry-run
        --- stderr
        would write `dotenv:.env#T`
          - T=<257 characters>
          + T=<257 characters>
        would write `json:b.json#/t`
          - { "t": "<257 characters>" }
          + { "t": "<257 characters>" }
        would write `file:c`
          - <257 characters>
          + <257 characters>
        --- exit 0
        $ mcpjwt refresh dotenv:.env#T json:b.json#/t file:c --key file:k --within 5d
        --- stderr
        refreshed the token of `a` at `dotenv:.env#T`, good until 2025-12-07 04:00:00 +00:00 (in 10 d)
        refreshed the token of `a` at `json:b.json#/t`, good until 2025-12-07 04:00:00 +00:00 (in 10 d)
        refreshed the token of `a` at `file:c`, good until 2025-12-07 04:00:00 +00:00 (in 10 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"i","aud":["m"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1764648000,"places":["dotenv:/home/me/project/.env#T","json:/home/me/project/b.json#/t","file:/home/me/project/c"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"i","aud":["m"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1764648000,"places":["dotenv:/home/me/project/.env#T","json:/home/me/project/b.json#/t","file:/home/me/project/c"],"made":{"dotenv:/home/me/project/.env#T":{"leaves":[],"tops":[]},"json:/home/me/project/b.json#/t":{"leaves":["/t"],"tops":[{"at":"/t","seam":["","","\"\""]}]}}}
        {"version":1,"at":1764216000,"event":"refreshed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"i","aud":["m"],"kid":"UOuPGLMbqgKiRQGz","iat":1764215995,"exp":1765080000,"places":["dotenv:/home/me/project/.env#T","json:/home/me/project/b.json#/t","file:/home/me/project/c"]}
        {"version":1,"at":1764216000,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"i","aud":["m"],"kid":"UOuPGLMbqgKiRQGz","iat":1764215995,"exp":1765080000,"places":["dotenv:/home/me/project/.env#T","json:/home/me/project/b.json#/t","file:/home/me/project/c"]}
        --- .env (0600)
        # ours
        A=1
        T=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYSIsImF1ZCI6Im0iLCJpYXQiOjE3NjQyMTU5OTUsImV4cCI6MTc2NTA4MDAwMCwianRpIjoiZGEyMTFlNmE2NjNiZDM3MzExYWFiZWNiODZiZWRhM2YifQ.7PGVC_sxU-Txkf0WpzXm1y-VIcMyz34GOD1g7mwF34A
        --- b.json (0600)
        { "t": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYSIsImF1ZCI6Im0iLCJpYXQiOjE3NjQyMTU5OTUsImV4cCI6MTc2NTA4MDAwMCwianRpIjoiZGEyMTFlNmE2NjNiZDM3MzExYWFiZWNiODZiZWRhM2YifQ.7PGVC_sxU-Txkf0WpzXm1y-VIcMyz34GOD1g7mwF34A" }
        --- c (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYSIsImF1ZCI6Im0iLCJpYXQiOjE3NjQyMTU5OTUsImV4cCI6MTc2NTA4MDAwMCwianRpIjoiZGEyMTFlNmE2NjNiZDM3MzExYWFiZWNiODZiZWRhM2YifQ.7PGVC_sxU-Txkf0WpzXm1y-VIcMyz34GOD1g7mwF34A
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn only_tokens_of_ours_that_were_not_revoked() {
    let mut room = with_key().file("other", OTHER);
    let good = minted(&mut room, "--jti one");
    let strange = room
        .run_raw("mcpjwt issue -q --no-record --key file:other --sub a")
        .stdout;
    let mut revoked = Revocations::default();
    revoked.add(Entry {
        what: What::Token {
            iss: Some("i".into()),
            jti: "one".into(),
        },
        until: None,
        at: NOW,
        exp: None,
        reason: Some("leaked".into()),
    });
    let (head, _) = good.rsplit_once('.').unwrap();
    let mut shown = String::new();
    for token in [
        strange.trim_end(),
        head,
        &format!("{head}."),
        "file:none",
        "hunter2",
        "",
    ] {
        shown.push_str(&said(
            &mut room,
            &format!("mcpjwt refresh --key file:k {token}"),
        ));
    }
    room.put_file("~/.local/state/mcpjwt/revoked.json", revoked.text(), 0o600);
    shown.push_str(&said(
        &mut room,
        &format!("mcpjwt refresh --key file:k {good}"),
    ));
    room.later(400 * DAY);
    shown.push_str(&said(
        &mut room,
        &format!("mcpjwt refresh --key file:k {good} --json"),
    ));
    expect![[r#"
        --
        error: cannot refresh the token: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: if its key is elsewhere, name that place with `--key PLACE`
        exit 4
        --
        error: cannot refresh the token: the token is malformed: found two parts, expected three parts with two dots between them
        hint: mint a new one with `mcpjwt issue --sub NAME`
        exit 4
        --
        error: cannot refresh the token: the token has no signature: its third part is empty
        hint: mint a new one with `mcpjwt issue --sub NAME`
        exit 4
        --
        error: nothing is at `file:none`
        exit 4
        --
        error: cannot refresh the token: the token is malformed: found one part, without a dot, expected three parts with two dots between them
        hint: mint a new one with `mcpjwt issue --sub NAME`
        exit 4
        --
        error: no token was given, and standard input is empty
        hint: give a token, a place such as `file:PATH`, or pipe the token in
        exit 2
        --
        error: cannot refresh the token: the token of `a` was revoked just now, on 2025-11-22 04:00:00 +00:00: leaked
        hint: mint a new one with `mcpjwt issue --sub NAME`
        exit 4
        {
          "ok": false,
          "tokens": null,
          "warnings": [],
          "errors": [
            {
              "code": "revoked",
              "claim": "jti",
              "message": "cannot refresh the token: the token of `a` was revoked 13 mo ago, on 2025-11-22 04:00:00 +00:00: leaked",
              "hint": "mint a new one with `mcpjwt issue --sub NAME`"
            }
          ]
        }
        --
        exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_refresh_token_gives_an_access_token() {
    let mut room = with_key();
    minted(&mut room, "--pair --ttl 1h --to file:pair.json");
    room.later(DAY);
    let before = room.text("pair.json").unwrap();
    let member = |text: &str, name: &str| {
        let at = text.find(name).unwrap() + name.len() + 3;
        text[at..].split('"').next().unwrap().to_owned()
    };
    let refresh = member(&before, "refresh_token");
    let answered = room
        .run_raw(&format!("mcpjwt refresh {refresh} --key file:k"))
        .stdout;
    let told = claims(&mut room, answered.trim_end());
    expect![[r#"
        "claims": {
            "iss": "i",
            "sub": "a",
            "aud": "m",
            "iat": 1763870395,
            "exp": 1763956800,
            "jti": "da211e6a663bd37311aabecb86beda3f",
            "type": "access""#]]
    .assert_eq(&told);
    let beside = room.run_raw("mcpjwt refresh json:pair.json#/refresh_token --key file:k");
    assert_eq!(beside.stdout.split('.').count(), 3);
    assert_eq!(room.text("pair.json").unwrap(), before);
    let shown = said(&mut room, "mcpjwt refresh file:pair.json --key file:k");
    expect![[r#"
        --
        refreshed the token of `a` at `json:pair.json#/access_token`, good until 2025-11-24 04:00:00 +00:00 (in 24 h)
        exit 0
    "#]].assert_eq(&shown);
    let after = room.text("pair.json").unwrap();
    assert_eq!(member(&after, "refresh_token"), refresh);
    assert_ne!(
        member(&after, "access_token"),
        member(&before, "access_token")
    );
}

#[test]
fn all_places_of_the_manifest_are_renewed_and_the_bad_ones_told() {
    let mut room = with_key().file(
        "mcpjwt.toml",
        "iss = \"i\"\naud = \"m\"\nkey = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:a\", \"file:b\"]\n[[token]]\nsub = \"c\"\nto = [\"file:c\"]\n",
    );
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    room.put_file("c", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi\n", 0o600);
    room.later(25 * DAY);
    let shown = said(&mut room, "mcpjwt refresh --all --within 7d");
    expect![[r#"
        --
        refreshed the token of `a` at `file:a`, good until 2026-01-16 04:00:00 +00:00 (in 30 d)
        refreshed the token of `a` at `file:b`, good until 2026-01-16 04:00:00 +00:00 (in 30 d)
        error: cannot refresh the token at `file:c`: the token is malformed: found two parts, expected three parts with two dots between them
        hint: mint a new one with `mcpjwt issue --sub NAME --to file:c`
        exit 4
    "#]].assert_eq(&shown);
    assert_eq!(room.text("a"), room.text("b"));
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let shown = said(&mut room, "mcpjwt refresh --all --within 7d");
    assert_eq!(shown, "--\nnothing to do\nexit 0\n");
}

#[test]
fn a_file_that_git_has_gets_no_new_token_unless_that_is_forced() {
    let mut room = with_key();
    minted(&mut room, "--to file:t");
    let mut room = room.git("t", Kept::Tracked);
    let shown = said(&mut room, "mcpjwt refresh file:t --key file:k");
    expect![[r#"
        --
        error: `t` is tracked by git, so the secret in it would be committed
        hint: add `t` to `.gitignore` and run `git rm --cached t`, or write it all the same with `--force`
        exit 4
    "#]].assert_eq(&shown);
    assert_eq!(
        room.run_raw("mcpjwt refresh file:t --key file:k --force")
            .code,
        0
    );
}

#[test]
fn a_key_that_is_elsewhere_is_asked_for() {
    let mut room = with_key().file("server", OTHER);
    let line = "mcpjwt issue --sub a --key file:server --no-record --quiet --to file:a.jwt";
    room.run(line);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt refresh file:a.jwt --key file:k",
            "mcpjwt refresh file:a.jwt --key file:server --dry-run --quiet",
        ],
    );
    expect![[r#"
        $ mcpjwt refresh file:a.jwt --key file:k
        --- stderr
        error: cannot refresh the token at `file:a.jwt`: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: if its key is elsewhere, name that place with `--key PLACE`
        --- exit 4
        $ mcpjwt refresh file:a.jwt --key file:server --dry-run --quiet
        --- stderr
        would write `file:a.jwt`
          - <266 characters>
          + <266 characters>
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_key_that_is_over_is_called_so() {
    let mut room = Sandbox::default();
    let lines = [
        "mcpjwt issue -q --sub a --to file:a",
        "mcpjwt rotate-secret -q --now --yes",
    ];
    for line in lines {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    expect![[r#"
        --- stderr
        error: cannot refresh the token at `file:a`: its key `5g_GDEBptwToZRcD` is no longer accepted
        hint: mint a new one with `mcpjwt issue --sub NAME --to file:a`
        --- exit 4
    "#]]
    .assert_eq(&room.run("mcpjwt refresh --all"));
}
