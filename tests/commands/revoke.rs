//! `mcpjwt revoke`: what goes onto the list, what is said of it, what Redis is told.

use expect_test::expect;

use crate::support::{NOW, Sandbox};
use crate::{OTHER, SECRET, runs, token, with_key};

const LEDGER: &str = "~/.local/state/mcpjwt/ledger.jsonl";
const OWN: &str = "~/.local/state/mcpjwt/revoked.json";

/// A key in the store.
fn room() -> Sandbox {
    let mut room = Sandbox::default().file("k", SECRET).file("other", OTHER);
    room.run_raw("mcpjwt secret import --from file:k");
    room
}

fn issued(room: &mut Sandbox, options: &str) -> String {
    let shown = room.run_raw(&format!("mcpjwt issue -q {options}"));
    assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
    shown.stdout.trim().to_owned()
}

/// The exit code and what was said.
fn said(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    format!("{} {}{}", shown.code, shown.stdout, shown.stderr)
}

#[test]
fn a_token_is_revoked_by_issuer_and_id() {
    let mut room = room();
    let token = issued(&mut room, "--sub vscode1 --jti j");
    room.put_file("t", &token, 0o600);
    room.later(60);
    expect![[r#"
        $ mcpjwt revoke file:t --reason leaked --dry-run
        --- stderr
        would revoke the token of `vscode1`, in `~/.local/state/mcpjwt/revoked.json`
        --- exit 0
        $ mcpjwt revoke file:t --reason leaked
        --- stderr
        revoked the token of `vscode1`, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
        to lock it out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"j","sub":"vscode1","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784060,"event":"revoked","jti":"j","sub":"vscode1","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400,"reason":"leaked"}
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"j","at":1763784060,"exp":1763870400,"reason":"leaked","sum":"364d2ad5ceb1d34c"}
        ],"entries":1,"sum":"f927e965fbe5855d"}
        --- exit 0
        $ mcpjwt revoke file:t
        --- stderr
        the token of `vscode1` is in `~/.local/state/mcpjwt/revoked.json` already
        a server that does not read that list accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
        to lock it out there now: `mcpjwt rotate-secret --now`
        --- exit 0
        $ mcpjwt verify file:t
        --- stderr
        error: the token of `vscode1` was revoked just now, on 2025-11-22 04:01:00 +00:00: leaked
        --- exit 1
        $ mcpjwt revoke file:t --json
        --- stdout
        {
          "ok": true,
          "revoked": [
            {
              "iss": "mcpjwt",
              "jti": "j",
              "sub": null,
              "kid": null,
              "run": null,
              "subject": "vscode1",
              "until": null,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": 1763870400,
              "expires": "2025-11-23T04:00:00Z",
              "reason": null
            }
          ],
          "list": "/home/me/.local/state/mcpjwt/revoked.json",
          "accepted_until": 1763870400,
          "redis": null,
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt revoke file:t --reason leaked --dry-run",
            "mcpjwt revoke file:t --reason leaked",
            "mcpjwt revoke file:t",
            "mcpjwt verify file:t",
            "mcpjwt revoke file:t --json",
        ],
    ));
    assert!(
        !room
            .text("~/.local/state/mcpjwt/ledger.jsonl")
            .unwrap()
            .contains("eyJ")
    );
}

#[test]
fn wider_revocations() {
    let mut room = room();
    for options in ["--sub a", "--sub a --iss x --ttl 90d", "--sub b"] {
        issued(&mut room, options);
    }
    room.later(60);
    expect![[r#"
        $ mcpjwt revoke --sub a
        --- stderr
        revoked every token that `a` has now, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts them until 2026-02-20 04:00:00 +00:00 (in 90 d) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"x","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"b","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784060,"event":"revoked","jti":"","sub":"a","iss":"mcpjwt","aud":[],"kid":"","iat":1763784060}
        {"version":1,"at":1763784060,"event":"revoked","jti":"","sub":"a","iss":"x","aud":[],"kid":"","iat":1763784060}
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"iss":"x","sub":"a","until":1763784060,"at":1763784060,"sum":"6d8aefc5688df80a"}
        ],"entries":2,"sum":"1b3989bee36636b8"}
        --- exit 0
        $ mcpjwt revoke --sub b --iss y --no-record
        --- stderr
        note: the ledger knows no token of `b`; the issuer is `y` (`--iss`)
        revoked every token that `b` has now, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts them until they expire, and the ledger does not know when
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"iss":"x","sub":"a","until":1763784060,"at":1763784060,"sum":"6d8aefc5688df80a"},
        {"iss":"y","sub":"b","until":1763784060,"at":1763784060,"sum":"e71f38550accab9d"}
        ],"entries":3,"sum":"185db90e01049bdb"}
        --- exit 0
        $ mcpjwt revoke --kid UOuPGLMbqgKiRQGz --reason 'laptop stolen' --no-record
        --- stderr
        revoked every token of key `UOuPGLMbqgKiRQGz`, in `~/.local/state/mcpjwt/revoked.json`
        nothing is minted with key `UOuPGLMbqgKiRQGz` any more
        a server that does not read that list accepts them until 2026-02-20 04:00:00 +00:00 (in 90 d) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"iss":"x","sub":"a","until":1763784060,"at":1763784060,"sum":"6d8aefc5688df80a"},
        {"iss":"y","sub":"b","until":1763784060,"at":1763784060,"sum":"e71f38550accab9d"},
        {"kid":"UOuPGLMbqgKiRQGz","at":1763784060,"reason":"laptop stolen","sum":"ccea2000136d6871"}
        ],"entries":4,"sum":"cb5b57d96953d4d4"}
        --- exit 0
        $ mcpjwt revoke --run 0123456789abcdef0123456789abcdef-7 --no-record
        --- stderr
        revoked every token of run `0123456789abcdef0123456789abcdef`, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts them until they expire, and the ledger does not know when
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"iss":"x","sub":"a","until":1763784060,"at":1763784060,"sum":"6d8aefc5688df80a"},
        {"iss":"y","sub":"b","until":1763784060,"at":1763784060,"sum":"e71f38550accab9d"},
        {"kid":"UOuPGLMbqgKiRQGz","at":1763784060,"reason":"laptop stolen","sum":"ccea2000136d6871"},
        {"run":"0123456789abcdef0123456789abcdef","at":1763784060,"sum":"187da16f2e0e3c74"}
        ],"entries":5,"sum":"222a850f37ee7d0c"}
        --- exit 0
        $ mcpjwt revoke --jti unheard --no-record
        --- stderr
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        revoked the token with `jti` `unheard`, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts it until it expires, and the ledger does not know when
        to lock it out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"unheard","at":1763784060,"sum":"fcd06a3cad4f2a9a"},
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"iss":"x","sub":"a","until":1763784060,"at":1763784060,"sum":"6d8aefc5688df80a"},
        {"iss":"y","sub":"b","until":1763784060,"at":1763784060,"sum":"e71f38550accab9d"},
        {"kid":"UOuPGLMbqgKiRQGz","at":1763784060,"reason":"laptop stolen","sum":"ccea2000136d6871"},
        {"run":"0123456789abcdef0123456789abcdef","at":1763784060,"sum":"187da16f2e0e3c74"}
        ],"entries":6,"sum":"cf6d4ba354975349"}
        --- exit 0
        $ mcpjwt revoke --list
        --- stdout
        WHAT     NAME                              REVOKED  ENDS   ID, ISSUER, REASON
        token    -                                 now      stays  unheard, mcpjwt
        subject  a                                 now      stays  mcpjwt
        subject  a                                 now      stays  x
        subject  b                                 now      stays  y
        key      UOuPGLMbqgKiRQGz                  now      stays  laptop stolen
        run      0123456789abcdef0123456789abcdef  now      stays
        --- exit 0
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt revoke --sub a",
            "mcpjwt revoke --sub b --iss y --no-record",
            "mcpjwt revoke --kid UOuPGLMbqgKiRQGz --reason 'laptop stolen' --no-record",
            "mcpjwt revoke --run 0123456789abcdef0123456789abcdef-7 --no-record",
            "mcpjwt revoke --jti unheard --no-record",
            "mcpjwt revoke --list",
        ],
    ));
    let room = &mut room.terminal(80);
    expect![[r#"
        --- stdout
        WHAT     NAME                              REVOKED  ENDS   ID, ISSUER, REASON
        token    -                                 now      stays  unheard, mcpjwt
        subject  a                                 now      stays  mcpjwt
        subject  a                                 now      stays  x
        subject  b                                 now      stays  y
        key      UOuPGLMbqgKiRQGz                  now      stays  laptop stolen
        run      0123456789abcdef0123456789abcdef  now      stays
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt revoke --list --color never"));
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "revoked": [
            {
              "iss": "mcpjwt",
              "jti": "unheard",
              "sub": null,
              "kid": null,
              "run": null,
              "subject": null,
              "until": null,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            },
            {
              "iss": "mcpjwt",
              "jti": null,
              "sub": "a",
              "kid": null,
              "run": null,
              "subject": "a",
              "until": 1763784060,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            },
            {
              "iss": "x",
              "jti": null,
              "sub": "a",
              "kid": null,
              "run": null,
              "subject": "a",
              "until": 1763784060,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            },
            {
              "iss": "y",
              "jti": null,
              "sub": "b",
              "kid": null,
              "run": null,
              "subject": "b",
              "until": 1763784060,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            },
            {
              "iss": null,
              "jti": null,
              "sub": null,
              "kid": "UOuPGLMbqgKiRQGz",
              "run": null,
              "subject": null,
              "until": null,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": "laptop stolen"
            },
            {
              "iss": null,
              "jti": null,
              "sub": null,
              "kid": null,
              "run": "0123456789abcdef0123456789abcdef",
              "subject": null,
              "until": null,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            }
          ],
          "list": null,
          "accepted_until": null,
          "redis": null,
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt revoke --list --json"));
}

#[test]
fn a_person_is_asked_before_more_than_one_token_goes() {
    for (answer, line, code, gone) in [
        ("n", "--sub a", 1, false),
        ("", "--kid k", 1, false),
        ("y", "--sub a", 0, true),
        ("n", "--sub a --yes", 0, true),
        ("n", "--jti j", 0, true),
    ] {
        let mut room = room();
        issued(&mut room, "--sub a --jti j");
        let mut room = room.terminal(80).answer(answer);
        let shown = room.run_raw(&format!("mcpjwt revoke {line}"));
        assert_eq!(shown.code, code, "{line}: {}", shown.stderr);
        assert_eq!(room.text(OWN).is_some(), gone, "{answer} {line}");
    }
    let mut room = room();
    issued(&mut room, "--sub a");
    let mut room = room.terminal(80).answer("n");
    expect![[r#"
        --- stderr
        revoke every token that `a` has now, 1 of them known, good until 2025-11-23 04:00:00 +00:00 (in 24 h)? [y/N] 
        nothing was changed
        --- exit 1
    "#]].assert_eq(&room.run("mcpjwt revoke --sub a --color never"));
}

#[test]
fn the_list_of_a_manifest_is_public_and_committed() {
    let manifest = "iss = \"exai\"\nkey = \"file:k\"\nrevoked = \"file:revoked.json\"\n";
    let mut room = room().file("mcpjwt.toml", manifest);
    let token = issued(&mut room, "--sub a");
    expect![[r#"
        $ mcpjwt revoke --sub a --no-record
        --- stderr
        revoked every token that `a` has now, in `~/project/revoked.json`
        a server that does not read that list accepts them until 2025-11-23 04:00:00 +00:00 (in 24 h) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- revoked.json (0644)
        {"version":1,"revoked":[
        {"iss":"exai","sub":"a","until":1763784000,"at":1763784000,"sum":"b0fe9c1f31fe3fda"}
        ],"entries":1,"sum":"319db28fea41edf2"}
        --- exit 0
        $ mcpjwt verify eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYSIsImF1ZCI6Im1jcCIsImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzYzODcwNDAwLCJqdGkiOiJkNzBkMzI1OWU0ZTFjYjYzMWM2NjNjZjRkNzNjNGMwNCJ9.fshwDF0H8tTtNlk8WUx1zhrQR1PcfuFXWSc2sCFtm84 --json
        --- stdout
        {
          "ok": false,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "exai",
            "sub": "a",
            "aud": "mcp",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
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
            "iss",
            "revocation"
          ],
          "not_checked": [
            "aud"
          ],
          "warnings": [],
          "errors": [
            {
              "code": "revoked",
              "claim": "sub",
              "message": "the token of `a` was revoked just now, on 2025-11-22 04:00:00 +00:00, with every other one of its subject"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt revoke --sub a --no-record",
            &format!("mcpjwt verify {token} --json"),
        ],
    ));
    assert_eq!(room.mode("revoked.json"), Some(0o644));
    room.put_file(
        "mcpjwt.toml",
        manifest.replace("revoked.json", "../revoked.json"),
        0o600,
    );
    let said = said(&mut room, "mcpjwt revoke --sub a");
    assert!(
        said.starts_with("4 error: `~/project/mcpjwt.toml` is not trusted"),
        "{said}"
    );
}

#[test]
fn whoever_holds_a_token_can_revoke_it_and_nobody_another_one_with_it() {
    let mut room = room();
    let known = issued(&mut room, "--sub a --jti known");
    let foreign = issued(
        &mut room,
        "--sub a --jti foreign --key file:other --no-record",
    );
    let forged = issued(
        &mut room,
        "--sub a --jti known --key file:other --no-record",
    );
    let (head, _) = known.rsplit_once('.').unwrap();
    let mut all = String::new();
    for (what, token) in [
        ("ours", known.clone()),
        ("unknown key", foreign),
        ("somebody else's", forged.clone()),
        ("forced", format!("{forged} --force")),
        ("bad signature", format!("{head}.{}", "A".repeat(43))),
        ("cut", head.to_owned()),
        (
            "without id",
            "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJpIiwic3ViIjoiYSJ9.AAAA".to_owned(),
        ),
        ("no token", "hunter2".to_owned()),
    ] {
        room.remove_file(OWN);
        let said = said(&mut room, &format!("mcpjwt revoke {token} --no-record"));
        let count = room.text(OWN).map_or(0, |text| text.lines().count() - 2);
        let lines: String = said.lines().map(|line| format!("  {line}\n")).collect();
        all += &format!("{what}, {count} listed\n{lines}");
    }
    expect![[r#"
        ours, 1 listed
          0 revoked the token of `a`, in `~/.local/state/mcpjwt/revoked.json`
          a server that does not read that list accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
          to lock it out there now: `mcpjwt rotate-secret --now`
        unknown key, 1 listed
          0 warning: no key here can check the signature: it is taken at its word to be the token with `jti` `foreign`
          hint: look at it with `mcpjwt decode -`; name its key with `MCPJWT_KEY=PLACE`
          revoked the token of `a`, in `~/.local/state/mcpjwt/revoked.json`
          a server that does not read that list accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
          to lock it out there now: `mcpjwt rotate-secret --now`
        somebody else's, 0 listed
          4 error: this is not the token with `jti` `known` that the ledger knows: somebody made it up
          hint: if the one that it claims to be has to go, add `--force`
        forced, 1 listed
          0 revoked the token of `a`, in `~/.local/state/mcpjwt/revoked.json`
          a server that does not read that list accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
          to lock it out there now: `mcpjwt rotate-secret --now`
        bad signature, 0 listed
          4 error: the signature is missing or does not fit, so this may not be the token with `jti` `known` that it claims to be
          hint: if the one that it claims to be has to go, add `--force`
        cut, 0 listed
          4 error: the signature is missing or does not fit, so this may not be the token with `jti` `known` that it claims to be
          hint: if the one that it claims to be has to go, add `--force`
        without id, 0 listed
          4 error: this token has no `jti`, so it cannot be revoked by itself
          hint: revoke it with others: `mcpjwt revoke --sub a --iss i`, or `mcpjwt revoke --kid k`, or `mcpjwt rotate-secret --now`
        no token, 0 listed
          4 error: the claims of this token cannot be read, so it cannot be told which one it is
          hint: name it by its id, its subject or its key: `--jti`, `--sub`, `--kid`
    "#]].assert_eq(&all);
}

#[test]
fn what_has_expired_need_not_be_revoked() {
    let mut room = room();
    let token = issued(&mut room, "--sub a --ttl 1h --jti j");
    let line = format!("mcpjwt revoke {token} --no-record");
    // A server may have a leeway.
    room.facts.now = NOW + 3600 + 86_399;
    assert!(said(&mut room, &line).starts_with("0 revoked"));
    room.later(1);
    expect![[r#"
        0 the token of `a` expired 2025-11-22 05:00:00 +00:00 (24 h ago): nothing has to be revoked
    "#]]
    .assert_eq(&said(&mut room, &line));
    // The next one to be revoked takes the old one off the list.
    said(&mut room, "mcpjwt revoke --jti k --no-record");
    assert!(room.text(OWN).unwrap().contains("\"j\""));
    room.later(30 * 86_400);
    said(&mut room, "mcpjwt revoke --jti l --no-record");
    assert!(!room.text(OWN).unwrap().contains("\"j\""));
}

#[test]
fn what_nobody_knows_the_end_of_stays_revoked() {
    let mut room = room();
    let bare = issued(&mut room, "--sub b --ttl 10y --jti b --no-record");
    let many = issued(&mut room, "--sub c --ttl 10y --jti c --no-record");
    said(&mut room, "mcpjwt revoke --jti b --yes");
    said(&mut room, "mcpjwt revoke --sub c --yes");
    said(&mut room, "mcpjwt revoke --kid lost --yes");
    room.later(3 * 365 * 86_400);
    said(&mut room, "mcpjwt revoke --jti other");
    for token in [bare, many] {
        let shown = said(&mut room, &format!("mcpjwt verify {token} --key file:k"));
        assert!(shown.contains("was revoked"), "{shown}");
    }
    assert!(room.text(OWN).unwrap().contains("lost"));
}

#[test]
fn a_run_is_revoked_until_its_last_token_ends() {
    let mut room = room().file("c.csv", "sub,exp\na,1895000000\nb,1800000000\n");
    let shown = room.run_raw("mcpjwt issue --from c.csv --key file:k");
    let run = shown.stderr.split("--run ").nth(1).unwrap();
    let run = run.trim_end().trim_end_matches('`').to_owned();
    for aim in [format!("--run {run}"), format!("--jti {run}-2")] {
        let shown = room.run_raw(&format!("mcpjwt revoke {aim} --json --yes"));
        assert!(
            shown.stdout.contains("\"exp\": 1895000000"),
            "{}",
            shown.stdout
        );
    }
}

#[test]
fn a_subject_is_revoked_in_every_batch() {
    let many = (0..65).map(|number| format!("bob,i{number}\n"));
    let many = format!("sub,iss\n{}", many.collect::<String>());
    let own = "{\"sub\":\"bob\"}\n{\"sub\":\"bob\",\"iss\":\"own\"}\n";
    #[rustfmt::skip]
    let cases = [
        // lines                       options                        issuers   all are
        ("bob\n",                      "--iss exai",                  "exai",   true),
        ("bob\n",                      "--iss exai --record-each",    "exai",   true),
        ("sub,role\nbob,x\n",         "--iss exai --input csv",      "exai",   true),
        ("sub,iss\nbob,own\nbob,\n", "--input csv",                 "own",    true),
        (own,                          "--input jsonl",               "own",    true),
        (own,                          "--input jsonl --record-each", "own",    true),
        (&many,                        "--input csv",                 "exai",   false),
    ];
    for (lines, options, iss, all) in cases {
        let mut room = room().file("lines", lines);
        let tokens = issued(&mut room, &format!("--from lines {options}"));
        room.later(1);
        let shown = room.run_raw("mcpjwt revoke --sub bob -q");
        assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
        let hint = shown.stderr.split('`').find(|text| text.contains("--run"));
        assert_eq!(hint.is_none(), all, "{options}: {}", shown.stderr);
        let list = room.text(OWN).unwrap();
        assert!(!all || list.contains(&format!("\"{iss}\"")), "{list}");
        if let Some(hint) = hint {
            assert_eq!(room.run_raw(hint).code, 0, "{hint}");
            // Once that is done it is not told again.
            let shown = room.run_raw("mcpjwt revoke --sub bob -q");
            assert_eq!(shown.stderr, "");
        }
        room.set_stdin(&tokens);
        let judged = room.run_raw("mcpjwt verify --batch").stdout;
        let mut judged = judged.lines();
        assert!(judged.all(|line| line == "revoked\tbob"), "{options}");
    }
}

/// Of a batch that was killed nobody knows more than its beginning.
#[test]
fn a_batch_without_an_end_may_have_any_issuer_that_its_lines_can_have() {
    for (columns, told) in [("sub,iss", true), ("sub", false)] {
        let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
        let row = columns.replace("sub", "bob").replace("iss", "own");
        let mut room = room().file("c.csv", format!("{columns}\n{row}\n"));
        issued(&mut room, "--from c.csv --input csv");
        let text = room.text(ledger).unwrap();
        let issuers = if told {
            "\"issuers\":[\"own\"]"
        } else {
            "\"count\":1"
        };
        assert!(text.contains(issuers), "{text}");
        let begun = text.replace("\"count\":1,", "").replace("[\"own\"]", "[]");
        room.put_file(ledger, begun, 0o600);
        let shown = room.run_raw("mcpjwt revoke --sub bob -q");
        assert_eq!(
            shown.stderr.contains("nobody knows"),
            told,
            "{}",
            shown.stderr
        );
    }
}

#[test]
fn tokens_of_a_clock_that_was_ahead_go_with_their_subject() {
    let mut room = room();
    room.facts.now = NOW + 3600;
    let token = issued(&mut room, "--sub a --ttl 7d --key file:k");
    room.facts.now = NOW;
    said(&mut room, "mcpjwt revoke --sub a --yes");
    room.facts.now = NOW + 7200;
    let shown = said(&mut room, &format!("mcpjwt verify {token} --key file:k"));
    assert!(shown.contains("was revoked"), "{shown}");
}

#[test]
fn redis_is_told_what_servers_ask_it() {
    let mut room = room().env("REDIS_URL", "redis://me:hunter2@redis.example.com/3");
    let token = issued(&mut room, "--sub a --jti j");
    issued(&mut room, "--sub a --jti k --ttl 2d");
    room.later(60);
    expect![[r#"
        $ mcpjwt revoke eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImoifQ.lI_eklef_n3bI3tfA8XE0_1JF-2Trr28sUL_Zjg3VEs --redis redis://localhost --no-record
        --- stderr
        revoked the token of `a`, in `~/.local/state/mcpjwt/revoked.json`
        wrote 2 keys to the Redis server `localhost:6379`
        a server that does not read that list or that Redis accepts it until 2025-11-23 04:00:00 +00:00 (in 24 h)
        to lock it out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"j","at":1763784060,"exp":1763870400,"sum":"78956d0e166f9f55"}
        ],"entries":1,"sum":"be14f5672570dbd1"}
        --- exit 0
        $ mcpjwt revoke --sub a --redis env:REDIS_URL --no-record
        --- stderr
        revoked every token that `a` has now, in `~/.local/state/mcpjwt/revoked.json`
        wrote 2 keys to the Redis server `redis.example.com:6379`
        a server that does not read that list or that Redis accepts them until 2025-11-24 04:00:00 +00:00 (in 48 h) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"j","at":1763784060,"exp":1763870400,"sum":"78956d0e166f9f55"},
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"}
        ],"entries":2,"sum":"718f808a2ca384d5"}
        --- exit 0
        $ mcpjwt revoke --jti x --redis redis://localhost/2 --no-record -q --json
        --- stdout
        {
          "ok": true,
          "revoked": [
            {
              "iss": "mcpjwt",
              "jti": "x",
              "sub": null,
              "kid": null,
              "run": null,
              "subject": null,
              "until": null,
              "at": 1763784060,
              "revoked": "2025-11-22T04:01:00Z",
              "exp": null,
              "expires": null,
              "reason": null
            }
          ],
          "list": "/home/me/.local/state/mcpjwt/revoked.json",
          "accepted_until": null,
          "redis": {
            "server": "localhost:6379",
            "keys": 1
          },
          "warnings": [],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"j","at":1763784060,"exp":1763870400,"sum":"78956d0e166f9f55"},
        {"iss":"mcpjwt","jti":"x","at":1763784060,"sum":"6568ed4e93f7f75c"},
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"}
        ],"entries":3,"sum":"e87fa69d8187afcc"}
        --- exit 0
        $ mcpjwt revoke --kid other --redis redis://localhost --no-record
        --- stderr
        revoked every token of key `other`, in `~/.local/state/mcpjwt/revoked.json`
        nothing is minted with key `other` any more
        nothing was written to the Redis server `localhost:6379`: no `jti` of a token that is still good is known
        a server that does not read that list accepts them until they expire, and the ledger does not know when
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"j","at":1763784060,"exp":1763870400,"sum":"78956d0e166f9f55"},
        {"iss":"mcpjwt","jti":"x","at":1763784060,"sum":"6568ed4e93f7f75c"},
        {"iss":"mcpjwt","sub":"a","until":1763784060,"at":1763784060,"sum":"f2e232467736f7ca"},
        {"kid":"other","at":1763784060,"sum":"c31f46c5d6c7b6da"}
        ],"entries":4,"sum":"e2ab2e979fc86eaf"}
        --- exit 0
    "#]].assert_eq(&runs(
        &mut room,
        &[
            &format!("mcpjwt revoke {token} --redis redis://localhost --no-record"),
            "mcpjwt revoke --sub a --redis env:REDIS_URL --no-record",
            "mcpjwt revoke --jti x --redis redis://localhost/2 --no-record -q --json",
            "mcpjwt revoke --kid other --redis redis://localhost --no-record",
        ],
    ));
    let calls = room.network.calls.join("\n").replace(&token, "TOKEN") + "\n";
    expect![[r#"
        localhost:6379 SETEX blacklist:j 86340 1
        localhost:6379 SETEX blacklist:TOKEN 86340 1
        redis.example.com:6379 SETEX blacklist:j 86340 1
        redis.example.com:6379 SETEX blacklist:k 172740 1
        localhost:6379 SET blacklist:x 1
    "#]]
    .assert_eq(&calls);
    room.network.is_down = true;
    room.remove_file(OWN);
    expect![[r#"
        --- stderr
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        error: cannot write to the Redis server `localhost:6379`: connection refused; `~/.local/state/mcpjwt/revoked.json` has it
        hint: once the server answers, type the same again
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"mcpjwt","jti":"y","at":1763784060,"sum":"3e8f2e74ac228136"}
        ],"entries":1,"sum":"1fa8becd771c5299"}
        --- exit 4
    "#]]
        .assert_eq(&room.run("mcpjwt revoke --jti y --redis redis://localhost --no-record"));
}

#[test]
fn redis_is_told_every_line_of_a_run() {
    let mut room = with_key().file("subs", "a\n\nb\n");
    room.run_raw("mcpjwt issue --from subs --key file:k");
    let ledger = room.text(LEDGER).unwrap();
    let run = ledger.split("\"run\":\"").nth(1).unwrap()[..32].to_owned();
    let line = format!("mcpjwt revoke --run {run} --redis redis://localhost --no-record");
    let told = room.run(&line);
    let calls = room.network.calls.join("\n") + "\n";
    // Of a run that an older program has recorded nobody knows the lines.
    room.put_file(LEDGER, ledger.replace("\"last\":3,", ""), 0o600);
    let older = room.run(&line);
    // A run of too many says so before anything is written.
    room.remove_file(OWN);
    room.put_file(
        LEDGER,
        ledger.replace("\"last\":3,", "\"last\":100001,"),
        0o600,
    );
    let many = room.run(&line);
    expect![[r#"
        --- stderr
        revoked every token of run `d70d3259e4e1cb631c663cf4d73c4c04`, in `~/.local/state/mcpjwt/revoked.json`
        wrote 3 keys to the Redis server `localhost:6379`
        a server that does not read that list or that Redis accepts them until 2025-11-23 04:00:00 +00:00 (in 24 h) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"run":"d70d3259e4e1cb631c663cf4d73c4c04","at":1763784000,"exp":1763870400,"sum":"e91e5dc6a2b188c1"}
        ],"entries":1,"sum":"ec7c3f995a56fa06"}
        --- exit 0
        localhost:6379 SETEX blacklist:d70d3259e4e1cb631c663cf4d73c4c04-1 86400 1
        localhost:6379 SETEX blacklist:d70d3259e4e1cb631c663cf4d73c4c04-2 86400 1
        localhost:6379 SETEX blacklist:d70d3259e4e1cb631c663cf4d73c4c04-3 86400 1
        --- stderr
        every token of run `d70d3259e4e1cb631c663cf4d73c4c04` is in `~/.local/state/mcpjwt/revoked.json` already
        nothing was written to the Redis server `localhost:6379`: no `jti` of a token that is still good is known
        a server that does not read that list accepts them until 2025-11-23 04:00:00 +00:00 (in 24 h) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt rotate-secret --now`
        --- exit 0
        --- stderr
        error: `--redis` takes up to 100000 tokens, and these are up to 100001
        hint: leave out `--redis`, and have `mcpjwt rotate-secret --now` lock them out
        --- exit 2
    "#]].assert_eq(&(told + &calls + &older + &many));
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_read() {
    let mut room = room().file("url", "http://x").file("empty", "");
    #[rustfmt::skip]
    let cases = [
        "mcpjwt revoke",
        "mcpjwt revoke --jti a --sub b",
        "mcpjwt revoke --kid k --iss i",
        "mcpjwt revoke --jti ''",
        "mcpjwt revoke --run 7",
        "mcpjwt revoke --jti j --redis redis://:hunter2@localhost",
        "mcpjwt revoke --jti j --redis redis://localhost/x",
        "mcpjwt revoke --jti j --redis hunter2",
        "mcpjwt revoke --jti j --redis file:url",
        "mcpjwt revoke --jti j --redis file:none",
        "mcpjwt revoke --list --reason x",
    ];
    let mut text = String::new();
    for line in cases {
        let shown = room.run_raw(line);
        assert!(!shown.stderr.contains("hunter2"), "{line}");
        text += &format!("$ {line}\n{}{}\n", shown.stderr, shown.code);
    }
    expect![[r#"
        $ mcpjwt revoke
        error: `TOKEN|PLACE|--jti ID|--sub NAME|--kid KID|--run ID|--list` is missing
        hint: give one token, or a place that holds it: `mcpjwt revoke TOKEN`
        2
        $ mcpjwt revoke --jti a --sub b
        error: `--jti` cannot be used together with `--sub`
        hint: leave out one of the two
        2
        $ mcpjwt revoke --kid k --iss i
        error: `--kid` cannot be used together with `--iss`
        hint: leave out one of the two
        2
        $ mcpjwt revoke --jti ''
        error: `--jti` is empty
        hint: leave it out, or give it a value
        2
        $ mcpjwt revoke --run 7
        error: `--run` takes the 32 hexadecimal digits that the `jti` of the tokens of a run begin with
        hint: such as `--run 0123456789abcdef0123456789abcdef`; see one with `mcpjwt decode TOKEN`
        2
        $ mcpjwt revoke --jti j --redis redis://:hunter2@localhost
        error: the URL of `--redis` holds a user or a password, which others see on the command line
        hint: keep the URL in a place, and give that: `--redis env:REDIS_URL`, `--redis file:PATH`
        2
        $ mcpjwt revoke --jti j --redis redis://localhost/x
        error: `--redis` is no URL of a Redis server
        hint: `redis://HOST:PORT/DB`, or `rediss://` for TLS
        2
        $ mcpjwt revoke --jti j --redis hunter2
        error: `--redis` takes a URL or a place, and these 7 characters are neither
        hint: `redis://HOST:PORT/DB`, or a place that holds such a URL
        2
        $ mcpjwt revoke --jti j --redis file:url
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        error: `file:url` holds no URL of a Redis server
        hint: write a URL there: `redis://USER:PASSWORD@HOST:PORT/DB`
        4
        $ mcpjwt revoke --jti j --redis file:none
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        error: `file:none` holds nothing
        hint: write a URL there: `redis://USER:PASSWORD@HOST:PORT/DB`
        4
        $ mcpjwt revoke --list --reason x
        error: `--list` cannot be used together with `--reason`
        hint: leave out one of the two
        2
    "#]].assert_eq(&text);
    assert_eq!(room.text(OWN), None);
}

#[test]
fn without_a_home_there_is_no_list_to_keep() {
    let mut room = Sandbox::default().homeless();
    expect![[r#"
        $ mcpjwt revoke --jti j
        --- stderr
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        error: there is no folder for the list of revoked tokens: neither `MCPJWT_HOME` nor `HOME` is set
        hint: set `MCPJWT_HOME`
        --- exit 4
        $ mcpjwt revoke --list
        --- stderr
        nothing is revoked
        --- exit 0
    "#]].assert_eq(&runs(
        &mut room,
        &["mcpjwt revoke --jti j", "mcpjwt revoke --list"],
    ));
    let mut room = self::room();
    room.put_file(OWN, "{}", 0o600);
    expect![[r#"
        $ mcpjwt revoke --jti j
        --- stderr
        note: the ledger knows no token of that `jti`; the issuer is `mcpjwt` (`--iss`)
        error: `/home/me/.local/state/mcpjwt/revoked.json`, the list of revoked tokens, is damaged in line 1, so nothing is known to be good
        hint: restore it from a copy or from git, or move it away with `mv /home/me/.local/state/mcpjwt/revoked.json /home/me/.local/state/mcpjwt/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked
        --- exit 4
        $ mcpjwt revoke --list --json
        --- stdout
        {
          "ok": false,
          "revoked": null,
          "list": null,
          "accepted_until": null,
          "redis": null,
          "warnings": [],
          "errors": [
            {
              "code": "state_unreadable",
              "place": "/home/me/.local/state/mcpjwt/revoked.json",
              "message": "`/home/me/.local/state/mcpjwt/revoked.json`, the list of revoked tokens, is damaged in line 1, so nothing is known to be good",
              "hint": "restore it from a copy or from git, or move it away with `mv /home/me/.local/state/mcpjwt/revoked.json /home/me/.local/state/mcpjwt/revoked.json.damaged` and revoke anew what `mcpjwt log` has as revoked"
            }
          ]
        }
        --- exit 4
    "#]].assert_eq(&runs(
        &mut room,
        &["mcpjwt revoke --jti j", "mcpjwt revoke --list --json"],
    ));
}

#[test]
fn the_list_says_whose_each_token_was_and_cuts_no_id() {
    let mut room = with_key().terminal(80);
    let (mine, other) = (
        token(&mut room, "--iss exai-mcp-server --ttl 30d"),
        "0a9f8e7d-6c5b-4a39-9281-7f6e5d4c3b2a",
    );
    for line in [
        "mcpjwt issue --key file:k --sub vscode1@exai-mcp.local --iss exai-mcp-server --to file:t -q"
            .to_owned(),
        "mcpjwt revoke file:t --reason 'in a public log' -q".to_owned(),
        format!("mcpjwt revoke {mine} --no-record -q"),
        format!("mcpjwt revoke --jti {other} -q"),
        "mcpjwt revoke --sub vscode1 --yes -q".to_owned(),
        "mcpjwt revoke --kid NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --yes -q".to_owned(),
        "mcpjwt revoke --run 0123456789abcdef0123456789abcdef -q".to_owned(),
    ] {
        assert_eq!(room.run_raw(&line).code, 0, "{line}");
    }
    let lines = ["mcpjwt revoke --list --color never"];
    let mut shown = runs(&mut room, &lines);
    room.facts.width = None;
    shown.push_str(&runs(&mut room, &lines));
    expect![[r#"
        $ mcpjwt revoke --list --color never
        --- stdout
        WHAT     NAME                                         REVOKED  ENDS
        token    vscode1@exai-mcp.local                       now      in 30 d
          022ab1ba804098e6cb293e6770eb3a95, exai-mcp-server, in a public log
        token    -                                            now      in 30 d
          d70d3259e4e1cb631c663cf4d73c4c04, exai-mcp-server
        token    -                                            now      stays
          0a9f8e7d-6c5b-4a39-9281-7f6e5d4c3b2a, mcpjwt
        subject  vscode1                                      now      stays
          mcpjwt
        key      NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs  now      stays
        run      0123456789abcdef0123456789abcdef             now      stays
        --- exit 0
        $ mcpjwt revoke --list --color never
        --- stdout
        WHAT     NAME                                         REVOKED  ENDS     ID, ISSUER, REASON
        token    vscode1@exai-mcp.local                       now      in 30 d  022ab1ba804098e6cb293e6770eb3a95, exai-mcp-server, in a public log
        token    -                                            now      in 30 d  d70d3259e4e1cb631c663cf4d73c4c04, exai-mcp-server
        token    -                                            now      stays    0a9f8e7d-6c5b-4a39-9281-7f6e5d4c3b2a, mcpjwt
        subject  vscode1                                      now      stays    mcpjwt
        key      NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs  now      stays
        run      0123456789abcdef0123456789abcdef             now      stays
        --- exit 0
    "#]].assert_eq(&shown);
}
