//! `mcpjwt rotate-secret --abort`: a staged key taken back.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = "iss = \"exai\"\naud = \"mcp\"\nkey = \"dotenv:.env#K\"\nprevious = \"dotenv:.env#K_PREVIOUS\"\nnext = \"dotenv:.env#K_NEXT\"\n";

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", format!("K={SECRET}\nPORT=1\n"))
}

fn staged(mut room: Sandbox) -> Sandbox {
    let shown = room.run_raw("mcpjwt rotate-secret --stage");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    room
}

#[test]
fn it_goes_from_its_place_and_from_what_is_known_of_it() {
    let mut room = staged(room());
    let shown = runs(
        &mut room,
        &[
            "mcpjwt rotate-secret --abort --dry-run",
            "mcpjwt rotate-secret --abort",
            "mcpjwt rotate-secret --abort",
            "mcpjwt log",
        ],
    );
    expect![[r#"
        $ mcpjwt rotate-secret --abort --dry-run
        --- stderr
        would take the staged key back, at `dotenv:.env#K`
        key `5g_GDEBptwToZRcD` would not be accepted any more
        would empty `dotenv:/home/me/project/.env#K_NEXT`
          - K_NEXT=<64 characters>
        --- exit 0
        $ mcpjwt rotate-secret --abort
        --- stderr
        took the staged key back, at `dotenv:.env#K`
        key `5g_GDEBptwToZRcD` is not accepted any more
        these may do without it, where they have it:
          what reads `dotenv:.env#K`
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {}
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"unstaged","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["dotenv:/home/me/project/.env#K"]}
        --- .env (0600)
        K=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        PORT=1
        --- exit 0
        $ mcpjwt rotate-secret --abort
        --- stderr
        error: no key is staged: there is nothing to take back
        hint: see which keys there are with `mcpjwt secret list`
        --- exit 4
        $ mcpjwt log
        --- stdout
        WHEN                        EVENT     WHAT                  EXPIRES  WHERE, WHY
        2025-11-22 04:00:00 +00:00  unstaged  key 5g_GDEBptwToZRcD           dotenv:.env#K
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn it_goes_from_a_set_and_from_what_is_published() {
    let pem = include_str!("../keys/ed25519.pkcs8.pem");
    let jwks = Sandbox::default()
        .file("pem", pem)
        .run_raw("mcpjwt secret export --key file:pem --format jwks")
        .stdout;
    let manifest = "key = \"file:keys.jwks\"\njwks = \"file:public.json\"\n";
    let room = Sandbox::default().file("mcpjwt.toml", manifest);
    let mut room = staged(room.file("keys.jwks", jwks));
    let public = room.text("public.json").unwrap();
    let staged = public.split("\"kid\": \"").nth(2).unwrap();
    let staged = staged.split('"').next().unwrap().to_owned();
    let shown = runs(&mut room, &["mcpjwt rotate-secret --abort --json"]);
    // A key pair is made of randomness that no test can set.
    let shown = shown.replace(&staged, "STAGED");
    assert_eq!(public.matches("\"kid\"").count(), 2);
    expect![[r#"
        $ mcpjwt rotate-secret --abort --json
        --- stdout
        {
          "ok": true,
          "step": "aborted",
          "keys": [
            {
              "kid": "euemDlbUNMlutinq",
              "alg": "EdDSA",
              "kind": "Ed25519",
              "state": "current",
              "signs": true,
              "created": null,
              "created_at": null,
              "accepted_until": null,
              "accepted_until_at": null,
              "fingerprint": "SHA256:euemDlbUNMlutinqnB7nvMMSYEy5-wNSzWeIDnLTU9E"
            }
          ],
          "until": null,
          "until_at": null,
          "tokens": [],
          "reissued": [],
          "restart": [
            "file:public.json"
          ],
          "snippets": {},
          "warnings": [],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"unstaged","jti":"","sub":"","iss":"","aud":[],"kid":"STAGED","iat":0,"places":["file:/home/me/project/keys.jwks"]}
        --- keys.jwks (0600)
        {
          "keys": [
            {
              "kty": "OKP",
              "use": "sig",
              "kid": "euemDlbUNMlutinq",
              "crv": "Ed25519",
              "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4",
              "d": "oQnbFBLdhYDFFHayHR9uYgS0LH_Hboh_zEJEf0hRcns",
              "mcpjwt_state": "current"
            }
          ]
        }
        --- public.json (0644)
        {
          "keys": [
            {
              "kty": "OKP",
              "use": "sig",
              "alg": "EdDSA",
              "kid": "euemDlbUNMlutinq",
              "crv": "Ed25519",
              "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4"
            }
          ]
        }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn it_goes_from_the_own_store_and_its_tokens_are_told() {
    let mut room = Sandbox::default();
    room.run("mcpjwt secret generate");
    let mut room = staged(room);
    let keys = room.run_raw("mcpjwt secret list").stdout;
    let next = keys.lines().find(|line| line.contains(" next "));
    let kid = next.and_then(|line| line.split(' ').next()).unwrap();
    let shown = runs(
        &mut room,
        &[
            &format!("mcpjwt issue -q --sub early --kid {kid} --to file:t"),
            "mcpjwt rotate-secret --abort --dry-run",
            "mcpjwt rotate-secret --abort",
            "mcpjwt secret list",
        ],
    );
    expect![[r#"
        $ mcpjwt issue -q --sub early --kid eq3dFbXJtNuBM0qF --to file:t
        --- stderr
        warning: key `eq3dFbXJtNuBM0qF` is staged
        hint: servers must load it before its tokens are accepted
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"616750997ac05e226953798876a2c369","sub":"early","iss":"mcpjwt","aud":["mcp"],"kid":"eq3dFbXJtNuBM0qF","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"616750997ac05e226953798876a2c369","sub":"early","iss":"mcpjwt","aud":["mcp"],"kid":"eq3dFbXJtNuBM0qF","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        --- t (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVxM2RGYlhKdE51Qk0wcUYifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJlYXJseSIsImF1ZCI6Im1jcCIsImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzY2Mzc2MDAwLCJqdGkiOiI2MTY3NTA5OTdhYzA1ZTIyNjk1Mzc5ODg3NmEyYzM2OSJ9.OALmUe8o4VID2g-xI_piwvsxP_5ekOKHXVhA3pRHvQA
        --- exit 0
        $ mcpjwt rotate-secret --abort --dry-run
        --- stderr
        would take the staged key back, at `file:~/.local/share/mcpjwt/default.jwks`
        key `eq3dFbXJtNuBM0qF` would not be accepted any more
        would write `file:~/.local/share/mcpjwt/default.jwks`
          - key `eq3dFbXJtNuBM0qF`, HS256, next
        --- exit 0
        $ mcpjwt rotate-secret --abort
        --- stderr
        warning: from now on, tokens of key `eq3dFbXJtNuBM0qF` are refused before they end: `early` (until 2025-12-22 04:00:00 +00:00 (in 30 d))
        hint: mint them anew with `mcpjwt issue --sub NAME --to PLACE`
        took the staged key back, at `file:~/.local/share/mcpjwt/default.jwks`
        key `eq3dFbXJtNuBM0qF` is not accepted any more
        these may do without it, where they have it:
          what has a copy of it
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"616750997ac05e226953798876a2c369","sub":"early","iss":"mcpjwt","aud":["mcp"],"kid":"eq3dFbXJtNuBM0qF","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"616750997ac05e226953798876a2c369","sub":"early","iss":"mcpjwt","aud":["mcp"],"kid":"eq3dFbXJtNuBM0qF","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"unstaged","jti":"","sub":"","iss":"","aud":[],"kid":"eq3dFbXJtNuBM0qF","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"]}
        --- exit 0
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL  FINGERPRINT
        5g_GDEBptwToZRcD  HS256  current  0 s  -               SHA256:5g_GDEBptwToZRcDY_9Wr2kQ8HUS-UzDExHh0YdQSFg
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn it_is_refused_where_there_is_none_and_where_a_rotation_was_begun() {
    let mut shown = runs(
        &mut room(),
        &[
            "mcpjwt rotate-secret --abort",
            "mcpjwt rotate-secret --abort --json",
            "mcpjwt rotate-secret --abort --now",
            "mcpjwt rotate-secret --abort --alg HS512",
        ],
    );
    // Killed behind the first write, which begins the rotation, and behind the last but one.
    let mut whole = staged(room());
    whole.files.states = Some(Vec::new());
    whole.run("mcpjwt rotate-secret");
    let states = whole.files.states.take().unwrap();
    let [first, .., promoted, _] = &states[..] else {
        panic!("{}", states.len());
    };
    for files in [first, promoted] {
        let mut room = Sandbox::default().at(crate::support::NOW + 60);
        room.files.files.clone_from(files);
        shown.push_str(&runs(&mut room, &["mcpjwt rotate-secret --abort"]));
        let done = room.run_raw("mcpjwt rotate-secret");
        assert_eq!(done.code, 0, "{}", done.stderr);
    }
    expect![[r#"
        $ mcpjwt rotate-secret --abort
        --- stderr
        error: no key is staged: there is nothing to take back
        hint: see which keys there are with `mcpjwt secret list`
        --- exit 4
        $ mcpjwt rotate-secret --abort --json
        --- stdout
        {
          "ok": false,
          "step": null,
          "keys": null,
          "until": null,
          "until_at": null,
          "tokens": null,
          "reissued": null,
          "restart": null,
          "snippets": null,
          "warnings": [],
          "errors": [
            {
              "code": "key_missing",
              "message": "no key is staged: there is nothing to take back",
              "hint": "see which keys there are with `mcpjwt secret list`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt rotate-secret --abort --now
        --- stderr
        error: `--abort` cannot be used together with `--now`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt rotate-secret --abort --alg HS512
        --- stderr
        error: `--abort` cannot be used together with `--alg`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt rotate-secret --abort
        --- stderr
        error: a rotation of key `UOuPGLMbqgKiRQGz` was begun on 2025-11-22 04:00:00 +00:00 (1 min ago): it can only be continued
        hint: go on with `mcpjwt rotate-secret`
        --- exit 4
        $ mcpjwt rotate-secret --abort
        --- stderr
        error: a rotation of key `UOuPGLMbqgKiRQGz` was begun on 2025-11-22 04:00:00 +00:00 (1 min ago): it can only be continued
        hint: go on with `mcpjwt rotate-secret`
        --- exit 4
    "#]].assert_eq(&shown);
}
