//! The lists of revoked tokens: what they forbid, and what becomes of a run that cannot read one.

use expect_test::expect;
use mcpjwt::state::revocations::{Entry, Revocations, What};

use crate::support::{NOW, Sandbox};
use crate::{runs, with_key};

const OWN: &str = "~/.local/state/mcpjwt/revoked.json";

fn entry(what: What) -> Entry {
    let until = matches!(what, What::Subject { .. }).then_some(NOW);
    Entry {
        what,
        until,
        at: NOW,
        exp: Some(NOW + 86_400),
        reason: Some("leaked".into()),
    }
}

fn subject(sub: &str) -> What {
    What::Subject {
        iss: Some("mcpjwt".into()),
        sub: sub.into(),
    }
}

fn token(jti: &str) -> What {
    What::Token {
        iss: Some("mcpjwt".into()),
        jti: jti.into(),
    }
}

fn key(kid: &str) -> What {
    What::Key { kid: kid.into() }
}

fn list(all: &[What]) -> String {
    let mut list = Revocations::default();
    for what in all {
        list.add(entry(what.clone()));
    }
    list.text()
}

/// Runs a line, its token made before anything was revoked; the first line of what it said.
fn said(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    let said = format!("{}{}", shown.stdout, shown.stderr);
    format!("{} {}", shown.code, said.lines().next().unwrap_or(""))
}

#[test]
fn a_revoked_token_is_refused_with_the_reason() {
    let mut room = with_key();
    let made = room.run_raw("mcpjwt issue -q --sub vscode1 --key file:k --jti j");
    let token_text = made.stdout.trim();
    let verify = format!("mcpjwt verify {token_text} --key file:k");
    room.later(3600);
    let kid = "UOuPGLMbqgKiRQGz";
    #[rustfmt::skip]
    let cases = [
        (token("j"),         "1 error: the token of `vscode1` was revoked 60 min ago, on 2025-11-22 04:00:00 +00:00: leaked"),
        (subject("vscode1"), "1 error: the token of `vscode1` was revoked 60 min ago, on 2025-11-22 04:00:00 +00:00, with every other one of its subject: leaked"),
        (key(kid),           "1 error: the token of `vscode1` was revoked 60 min ago, on 2025-11-22 04:00:00 +00:00, with every other one of key `UOuPGLMbqgKiRQGz`: leaked"),
        (token("k"),         "0 valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 23 h) (not checked: iss, aud)"),
    ];
    for (what, want) in cases {
        room.put_file(OWN, list(&[what]), 0o600);
        assert_eq!(said(&mut room, &verify), want);
        room.remove_file(OWN);
        assert!(said(&mut room, &verify).starts_with("0 valid"));
    }
    room.put_file(OWN, list(&[token("j")]), 0o600);
    assert!(said(&mut room, &format!("{verify} --signature-only")).starts_with("0 valid"));
    let lines = format!("{token_text}\n{token_text}\n");
    room.set_stdin(&lines);
    expect![[r#"
        $ mcpjwt verify --batch --key file:k
        --- stdout
        revoked	vscode1
        revoked	vscode1
        --- stderr
        0 good, 2 refused
        --- exit 1
        $ mcpjwt verify eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUxIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImoifQ.FAPePw7qdvrCYraxes8CdoJJEa3NRWVylfFqWI_iIk0 --key file:k --json
        --- stdout
        {
          "ok": false,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "mcpjwt",
            "sub": "vscode1",
            "aud": "mcp",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "j"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "signature",
            "exp",
            "iat",
            "revocation"
          ],
          "not_checked": [
            "iss",
            "aud"
          ],
          "warnings": [],
          "errors": [
            {
              "code": "revoked",
              "claim": "jti",
              "message": "the token of `vscode1` was revoked 60 min ago, on 2025-11-22 04:00:00 +00:00: leaked"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt verify --batch --key file:k",
            &format!("{verify} --json"),
        ],
    ));
}

#[test]
fn the_lists_of_the_manifest_and_ones_own_both_count() {
    let manifest = "key = \"file:k\"\nrevoked = \"file:revoked.json\"\n";
    let mut room = with_key().file("mcpjwt.toml", manifest);
    let a = room.run_raw("mcpjwt issue -q --sub a --jti a").stdout;
    let b = room.run_raw("mcpjwt issue -q --sub b --jti b").stdout;
    room.put_file("revoked.json", list(&[token("a")]), 0o644);
    room.put_file(OWN, list(&[token("b")]), 0o600);
    for text in [&a, &b] {
        let line = format!("mcpjwt verify {}", text.trim());
        assert!(said(&mut room, &line).starts_with("1 error"), "{line}");
    }
    let without = format!("mcpjwt verify {} --no-manifest --key file:k", a.trim());
    assert!(said(&mut room, &without).starts_with("0 valid"));
}

#[test]
fn what_cannot_be_read_never_means_not_revoked() {
    let manifest = "key = \"file:k\"\nrevoked = \"file:revoked.json\"\n[[token]]\nsub = \"a\"\n";
    let mut room = with_key().file("mcpjwt.toml", manifest);
    let made = room.run_raw("mcpjwt issue -q --sub a").stdout;
    let verify = format!("mcpjwt verify {}", made.trim());
    let good = list(&[token("j")]);
    room.put_file("revoked.json", good.replace("leaked", "leaker"), 0o644);
    expect![[r#"
        $ mcpjwt verify eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        --- stderr
        error: `/home/me/project/revoked.json`, the list of revoked tokens, is damaged in line 2, so nothing is known to be good
        hint: restore it from a copy or from git, or move it away with `mv /home/me/project/revoked.json /home/me/project/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
        --- exit 4
        $ mcpjwt issue --sub a
        --- stderr
        note: `a` is the token `a` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        error: `/home/me/project/revoked.json`, the list of revoked tokens, is damaged in line 2, so nothing is known to be good
        hint: restore it from a copy or from git, or move it away with `mv /home/me/project/revoked.json /home/me/project/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
        --- exit 4
        $ mcpjwt headers a --no-record
        --- stderr
        error: `/home/me/project/revoked.json`, the list of revoked tokens, is damaged in line 2, so nothing is known to be good
        hint: restore it from a copy or from git, or move it away with `mv /home/me/project/revoked.json /home/me/project/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
        --- exit 4
    "#]].assert_eq(&runs(
        &mut room,
        &[
            &verify,
            "mcpjwt issue --sub a",
            "mcpjwt headers a --no-record",
        ],
    ));
    room.remove_file("revoked.json");
    room.put_file(OWN, good.replace(":1,", ":2,"), 0o600);
    expect![[r#"
        --- stderr
        error: `/home/me/.local/state/mcpjwt/revoked.json` was written by a newer version of mcpjwt
        hint: update mcpjwt
        --- exit 4
    "#]]
    .assert_eq(&room.run(&verify));
    room.put_file(OWN, &good, 0o644);
    expect![[r#"
        --- stderr
        error: cannot use `/home/me/.local/state/mcpjwt/revoked.json`: others can read it (mode 0644)
        hint: close it with `chmod 600 /home/me/.local/state/mcpjwt/revoked.json`
        --- exit 4
    "#]].assert_eq(&room.run(&verify));
}

#[test]
fn what_was_revoked_is_never_minted() {
    let mut room = with_key();
    room.put_file(
        OWN,
        list(&[token("j"), subject("a"), key("UOuPGLMbqgKiRQGz")]),
        0o600,
    );
    expect![[r#"
        $ mcpjwt issue --sub x --jti j --key file:k
        --- stderr
        error: a token of `x` would be refused: its `jti` was revoked on 2025-11-22 04:00:00 +00:00 (now): leaked
        hint: leave out `--jti`: each token gets one of its own
        --- exit 4
        $ mcpjwt issue --sub x --key file:k
        --- stderr
        error: a token of `x` would be refused: those of key `UOuPGLMbqgKiRQGz` were revoked on 2025-11-22 04:00:00 +00:00 (now): leaked
        hint: make a new key with `mcpjwt rotate-secret --now`
        --- exit 4
        $ mcpjwt headers x --key file:k
        --- stderr
        error: a token of `x` would be refused: those of key `UOuPGLMbqgKiRQGz` were revoked on 2025-11-22 04:00:00 +00:00 (now): leaked
        hint: make a new key with `mcpjwt rotate-secret --now`
        --- exit 4
        $ mcpjwt issue --sub a --at -1h --key file:k
        --- stderr
        error: a token of `a` would be refused: those of its subject were revoked on 2025-11-22 04:00:00 +00:00 (now): leaked
        hint: mint it as of now: leave out `--at`, and look at the clock of this machine
        --- exit 4
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt issue --sub x --jti j --key file:k",
            "mcpjwt issue --sub x --key file:k",
            "mcpjwt headers x --key file:k",
            "mcpjwt issue --sub a --at -1h --key file:k",
        ],
    ));
    assert_eq!(room.text("~/.local/state/mcpjwt/ledger.jsonl"), None);
}

#[test]
fn the_next_token_of_a_revoked_subject_is_good() {
    let mut room = with_key();
    let issued = |room: &mut Sandbox, sub: &str| {
        let line = format!("mcpjwt issue -q --sub {sub} --key file:k");
        room.run_raw(&line).stdout.trim().to_owned()
    };
    let before = issued(&mut room, "a");
    room.put_file(OWN, list(&[subject("a")]), 0o600);
    for (later, iat) in [(0, NOW + 1), (1, NOW + 1), (2, NOW + 1), (7, NOW + 2)] {
        room.facts.now = NOW + later;
        let token = issued(&mut room, "a");
        room.facts.now = NOW + later.max(1);
        let verify = format!("mcpjwt verify {token} --key file:k --expect iat:={iat}");
        let said = said(&mut room, &verify);
        assert!(said.starts_with("0 valid"), "{later}: {said}");
    }
    let old = format!("mcpjwt verify {before} --key file:k");
    assert!(said(&mut room, &old).starts_with("1 error"));
    let other = format!("mcpjwt verify {} --key file:k", issued(&mut room, "b"));
    assert!(said(&mut room, &other).starts_with("0 valid"));
}

#[test]
fn status_tells_which_are_revoked() {
    let mut room = with_key().file("mcpjwt.toml", "key = \"file:k\"\n");
    for sub in ["a", "b"] {
        room.run_raw(&format!("mcpjwt issue --sub {sub} --to file:{sub}"));
    }
    room.later(1);
    room.put_file(OWN, list(&[subject("a")]), 0o600);
    expect![[r#"
        --- stdout
        PLACE   SUBJECT  ISSUER  LEFT           PROBLEM
        file:a  a        mcpjwt  ######## 30 d  revoked: leaked
        file:b  b        mcpjwt  ######## 30 d
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub a --to file:a`
        --- exit 1
    "#]]
    .assert_eq(&room.run("mcpjwt status"));
    room.put_file(OWN, "", 0o600);
    expect![[r#"
        --- stdout
        PLACE   SUBJECT  ISSUER  LEFT           PROBLEM
        file:a  a        mcpjwt  ######## 30 d
        file:b  b        mcpjwt  ######## 30 d
        --- stderr
        error: `/home/me/.local/state/mcpjwt/revoked.json`, the list of revoked tokens, is damaged in line 1, so nothing is known to be good
        hint: restore it from a copy or from git, or move it away with `mv /home/me/.local/state/mcpjwt/revoked.json /home/me/.local/state/mcpjwt/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt status"));
}

#[test]
fn a_list_that_git_could_not_merge_says_how_to() {
    let manifest = "key = \"file:k\"\nrevoked = \"file:revoked.json\"\n";
    let (ours, theirs) = (
        list(&[token("a"), token("b")]),
        list(&[token("a"), token("c")]),
    );
    let own = |text: &str| text.lines().skip(2).collect::<Vec<_>>().join("\n");
    let head: Vec<&str> = ours.lines().take(2).collect();
    let text = format!(
        "{}\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n",
        head.join("\n"),
        own(&ours),
        own(&theirs)
    );
    let mut room = with_key().file("mcpjwt.toml", manifest);
    room.put_file("revoked.json", &text, 0o644);
    expect![[r#"
        --- stderr
        error: `/home/me/project/revoked.json`, the list of revoked tokens, was not merged by git, from line 3 on, so nothing is known to be good
        hint: keep one side, `git checkout --ours -- /home/me/project/revoked.json`; revoke what `git diff -R --theirs -- /home/me/project/revoked.json` adds, such as with `mcpjwt revoke --jti ID`; then `git add -- /home/me/project/revoked.json`
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt revoke --list"));
    let shown = room.run_raw("mcpjwt revoke --jti d");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert_eq!(room.text("revoked.json"), Some(text));
}

#[test]
fn a_list_that_everybody_can_write_is_told() {
    let manifest = format!("{MANIFEST_OF_LIST}\n[[token]]\nsub = \"a\"\nto = [\"file:a.jwt\"]\n");
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env", format!("JWT_SECRET={}\n", crate::SECRET));
    for line in ["sync", "revoke --jti x --yes"] {
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        assert!(
            !shown.stderr.contains("others can write"),
            "{}",
            shown.stderr
        );
    }
    let list = room.text("revoked.json").unwrap();
    room.put_file("revoked.json", list, 0o666);
    for line in ["verify file:a.jwt", "sync"] {
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        let told = "warning: others can write `revoked.json`, the list of revoked tokens";
        assert!(shown.stderr.contains(told), "{line}: {}", shown.stderr);
        assert!(
            shown.stderr.contains("chmod o-w revoked.json"),
            "{line}: {}",
            shown.stderr
        );
    }
}

const MANIFEST_OF_LIST: &str = r#"iss = "exai"
aud = "mcp"
key = "dotenv:.env#JWT_SECRET"
revoked = "file:revoked.json"
"#;

#[test]
fn a_damaged_list_is_told_before_the_first_key_is_made() {
    for line in ["mcpjwt issue --from subs", "mcpjwt issue --sub a"] {
        let mut room = Sandbox::default()
            .file("~/.local/state/mcpjwt/revoked.json", "x")
            .file("subs", "a\n");
        expect![[r#"
            --- stderr
            error: `/home/me/.local/state/mcpjwt/revoked.json`, the list of revoked tokens, is damaged in line 1, so nothing is known to be good
            hint: restore it from a copy or from git, or move it away with `mv /home/me/.local/state/mcpjwt/revoked.json /home/me/.local/state/mcpjwt/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
            --- exit 4
        "#]].assert_eq(&room.run(line));
    }
}
