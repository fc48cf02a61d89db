//! `mcpjwt remove`: a client less, in its places and in the manifest.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = "# ours\niss = \"exai\"\naud = \"mcp\"\nkey = \"file:k\"\n\n# the first\n[[token]]\nsub = \"a@x\"\nto = [\"dotenv:.env#A\"] # here\n\n[[token]]\nsub = \"b\"\nto = [\"dotenv:.env#B\", \"json:c/mcp.json#/s/env/T\"]\n\n[[token]]\nname = \"c\"\nsub = \"b@y\"\n";

fn project() -> Sandbox {
    Sandbox::default()
        .file("k", SECRET)
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", "# tokens\nOTHER=1\n")
        .file(
            "c/mcp.json",
            "{\"s\": {\"command\": \"x\", \"env\": {\"A\": \"1\"}}}\n",
        )
}

fn installed() -> Sandbox {
    let mut room = project();
    for line in [
        "mcpjwt issue --sub a --to dotenv:.env#A",
        "mcpjwt issue --sub b --to dotenv:.env#B --to json:c/mcp.json#/s/env/T",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room
}

/// Without what the ledger says.
fn told(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run(line);
    let mut text = String::new();
    let mut skips = false;
    for line in shown.lines() {
        if line.starts_with("---") {
            skips = line.contains("ledger.jsonl");
        }
        if !skips {
            text.push_str(&format!("{line}\n"));
        }
    }
    format!("$ {line}\n{text}")
}

#[test]
fn a_client_goes_from_its_places_and_from_the_manifest() {
    let mut room = installed();
    expect![[r#"
        $ mcpjwt remove b --dry-run
        --- stderr
        would revoke 1 token, in `~/.local/state/mcpjwt/revoked.json`
        would empty `dotenv:.env#B`
          - B=<263 characters>
        would empty `json:c/mcp.json#/s/env/T`
          - {"s": {"command": "<1 characters>", "env": {"A": "<1 characters>", "T": "<263 characters>"}}}
          + {"s": {"command": "<1 characters>", "env": {"A": "<1 characters>"}}}
        would take `b` out of `~/project/mcpjwt.toml`
          -
          - [[token]]
          - sub = "b"
          - to = ["dotenv:.env#B", "json:c/mcp.json#/s/env/T"]
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b --dry-run"));
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        revoked 1 token, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts a copy until 2025-12-22 04:00:00 +00:00 (in 30 d)
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763784000,"exp":1766376000,"sum":"5808de22275da65e"}
        ],"entries":1,"sum":"0db808a9fc3c0cd7"}
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    expect![[r#"
        $ mcpjwt remove a@x --json
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "token": "a",
          "places": [
            "dotenv:.env#A"
          ],
          "revoked": [
            "d70d3259e4e1cb631c663cf4d73c4c04"
          ],
          "warnings": [],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763784000,"exp":1766376000,"sum":"5808de22275da65e"},
        {"iss":"exai","jti":"d70d3259e4e1cb631c663cf4d73c4c04","at":1763784000,"exp":1766376000,"sum":"2625390475a86310"}
        ],"entries":2,"sum":"439bf48ae6c953bb"}
        --- .env (0600)
        # tokens
        OTHER=1
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
        $ mcpjwt remove c
        --- stderr
        took `c` out of `~/project/mcpjwt.toml`
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        --- exit 0
        $ mcpjwt status
        --- stderr
        no token was put into a place yet; `mcpjwt status --scan` looks into every client's config
        --- exit 0
    "#]]
    .assert_eq(
        &(told(&mut room, "mcpjwt remove a@x --json")
            + &told(&mut room, "mcpjwt remove c")
            + &told(&mut room, "mcpjwt status")),
    );
}

#[test]
fn a_person_is_asked_first() {
    let mut room = installed().terminal(80);
    room.set_answers(&["n"]);
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        dotenv:.env#B, of `b`
        json:c/mcp.json#/s/env/T, of `b`
        take `b` out of these and out of `~/project/mcpjwt.toml`? [y/N] 
        nothing was changed
        --- exit 1
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove b"));
    room.set_answers(&["y"]);
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        dotenv:.env#B, of `b`
        json:c/mcp.json#/s/env/T, of `b`
        take `b` out of these and out of `~/project/mcpjwt.toml`? [y/N] 
        revoked 1 token, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts a copy until 2025-12-22 04:00:00 +00:00 (in 30 d)
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763784000,"exp":1766376000,"sum":"5808de22275da65e"}
        ],"entries":1,"sum":"0db808a9fc3c0cd7"}
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    expect![[r#"
        $ mcpjwt remove a --yes
        --- stderr
        revoked 1 token, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts a copy until 2025-12-22 04:00:00 +00:00 (in 30 d)
        took the token of `a@x` out of `dotenv:.env#A`
        took `a` out of `~/project/mcpjwt.toml`
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763784000,"exp":1766376000,"sum":"5808de22275da65e"},
        {"iss":"exai","jti":"d70d3259e4e1cb631c663cf4d73c4c04","at":1763784000,"exp":1766376000,"sum":"2625390475a86310"}
        ],"entries":2,"sum":"439bf48ae6c953bb"}
        --- .env (0600)
        # tokens
        OTHER=1
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove a --yes"));
}

#[test]
fn what_was_cut_off_is_finished_by_the_same_command() {
    let mut room = installed().read_only("mcpjwt.toml");
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        revoked 1 token, in `~/.local/state/mcpjwt/revoked.json`
        a server that does not read that list accepts a copy until 2025-12-22 04:00:00 +00:00 (in 30 d)
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        error: cannot write `/home/me/project/mcpjwt.toml`: read-only file system; nothing was changed
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763784000,"exp":1766376000,"sum":"5808de22275da65e"}
        ],"entries":1,"sum":"0db808a9fc3c0cd7"}
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- exit 4
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    room.files.read_only.clear();
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        nothing is at `dotenv:.env#B`
        nothing is at `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove b"));
}

#[test]
fn what_cannot_be_removed() {
    let mut room = project();
    room.put_file(
        "hostile/mcpjwt.toml",
        "[[token]]\nsub = \"a\"\nto = [\"file:/home/me/.bashrc\", \"cursor/x\"]\n",
        0o600,
    );
    room.put_file("~/.bashrc", "true\n", 0o644);
    room.put_file(".env", "B=not-a-token\n", 0o600);
    expect![[r#"
        $ mcpjwt remove d
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name or subject
        hint: did you mean `a`?
        --- exit 4
        $ mcpjwt remove nothing-like-it --json
        --- stdout
        {
          "ok": false,
          "manifest": null,
          "token": null,
          "places": null,
          "revoked": null,
          "warnings": [],
          "errors": [
            {
              "code": "token_unknown",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` has no token of that name or subject",
              "hint": "it has `a`, `b`, `c`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt remove b
        --- stderr
        error: `dotenv:/home/me/project/.env#B` holds something that is no token (11 bytes)
        hint: look at it, take it out with `mcpjwt uninstall dotenv:/home/me/project/.env#B --force`, then run the same command again
        --- exit 4
        $ mcpjwt -m hostile/mcpjwt.toml remove a
        --- stderr
        error: `~/project/hostile/mcpjwt.toml` is not trusted, and its token `a` uses a file outside of its folder: `file:/home/me/.bashrc`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/hostile/mcpjwt.toml`; to go without it: `--no-manifest`
        error: `~/project/hostile/mcpjwt.toml` is not trusted, and its token `a` changes the config of a client: `cursor/x`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/hostile/mcpjwt.toml`; to go without it: `--no-manifest`
        --- exit 4
        $ mcpjwt --no-manifest remove a
        --- stderr
        error: there is no manifest: `--no-manifest` was given
        hint: leave out `--no-manifest`
        --- exit 4
        $ mcpjwt remove
        --- stderr
        error: `NAME` is missing
        hint: name a token of the manifest: `mcpjwt remove NAME`
        --- exit 2
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt remove d",
            "mcpjwt remove nothing-like-it --json",
            "mcpjwt remove b",
            "mcpjwt -m hostile/mcpjwt.toml remove a",
            "mcpjwt --no-manifest remove a",
            "mcpjwt remove",
        ],
    ));
}

#[test]
fn tokens_that_are_still_good_are_revoked() {
    let mut room = installed();
    for line in [
        "mcpjwt issue -q --sub b --ttl 1h",
        "mcpjwt issue -q --sub b --ttl 2d",
        "mcpjwt issue -q --sub b --plain --iss other",
    ] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    room.later(7200);
    let text = room.run("mcpjwt remove b --json");
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "token": "b",
          "places": [
            "dotenv:.env#B",
            "json:c/mcp.json#/s/env/T"
          ],
          "revoked": [
            "022ab1ba804098e6cb293e6770eb3a95",
            "f6d0c233a1c4cb77febe023d51d6fc53"
          ],
          "warnings": [],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a@x","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a@x","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"],"made":{"dotenv:/home/me/project/.env#A":{"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#B","json:/home/me/project/c/mcp.json#/s/env/T"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#B","json:/home/me/project/c/mcp.json#/s/env/T"],"made":{"dotenv:/home/me/project/.env#B":{"leaves":[],"tops":[]},"json:/home/me/project/c/mcp.json#/s/env/T":{"leaves":["/s/env/T"],"tops":[{"at":"/s/env/T"}]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763787600}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763956800}
        {"version":1,"at":1763784000,"event":"issued","jti":"616750997ac05e226953798876a2c369","sub":"b","iss":"other","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763791200,"event":"revoked","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000}
        {"version":1,"at":1763791200,"event":"revoked","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763956800}
        {"version":1,"at":1763791200,"event":"uninstalled","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#B"]}
        {"version":1,"at":1763791200,"event":"uninstalled","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["json:/home/me/project/c/mcp.json#/s/env/T"]}
        --- ~/.local/state/mcpjwt/revoked.json (0600)
        {"version":1,"revoked":[
        {"iss":"exai","jti":"022ab1ba804098e6cb293e6770eb3a95","at":1763791200,"exp":1766376000,"sum":"1617a014eb7ee400"},
        {"iss":"exai","jti":"f6d0c233a1c4cb77febe023d51d6fc53","at":1763791200,"exp":1763956800,"sum":"e91c05649c36770f"}
        ],"entries":2,"sum":"5319035bada0e20a"}
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn a_client_of_the_same_subject_keeps_its_tokens() {
    let manifest = "iss = \"i\"\naud = \"m\"\nkey = \"file:k\"\nrevoked = \"file:revoked.json\"\n\n[[token]]\nname = \"one\"\nsub = \"s\"\nto = [\"file:one\"]\n\n[[token]]\nname = \"two\"\nsub = \"s\"\nto = [\"file:two\"]\n";
    let mut room = Sandbox::default()
        .file("k", SECRET)
        .file("mcpjwt.toml", manifest);
    assert_eq!(room.run_raw("mcpjwt sync -q").code, 0);
    let token = room.text("one").unwrap();
    let shown = room.run_raw("mcpjwt remove one");
    expect![[r#"
        revoked 1 token, in `~/project/revoked.json`
        a server that does not read that list accepts a copy until 2025-12-22 04:00:00 +00:00 (in 30 d)
        took the token of `s` out of `file:one`
        took `one` out of `~/project/mcpjwt.toml`
    "#]].assert_eq(&shown.stderr);
    let verdict = room.run_raw(&format!("mcpjwt verify {}", token.trim()));
    assert_eq!(verdict.code, 1, "{}", verdict.stderr);
    assert_eq!(room.run_raw("mcpjwt verify file:two").code, 0);
    assert_eq!(room.text("revoked.json").unwrap().matches("jti").count(), 1);
}

/// Its ledger may be on another machine.
#[test]
fn a_token_in_its_place_that_the_ledger_does_not_know_is_revoked_too() {
    let mut room = project();
    assert_eq!(room.run_raw("mcpjwt sync --no-record").code, 0);
    let env = room.text(".env").unwrap();
    let token = env.lines().find_map(|line| line.strip_prefix("B="));
    let verify = format!("mcpjwt verify {}", token.unwrap());
    assert_eq!(room.run_raw(&verify).code, 0);
    let shown = room.run_raw("mcpjwt remove b --yes");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stderr.contains("revoked 1 token"), "{}", shown.stderr);
    assert_eq!(room.run_raw(&verify).code, 1);
}

#[test]
fn another_project_with_the_same_subject_and_issuer_keeps_its_tokens() {
    let manifest = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n";
    let mut room = Sandbox::default()
        .file("k", SECRET)
        .file("mcpjwt.toml", manifest)
        .file("other/k", crate::OTHER)
        .file("other/mcpjwt.toml", manifest);
    for line in [
        "mcpjwt sync",
        "mcpjwt issue -q --sub a",
        "mcpjwt -m other/mcpjwt.toml sync",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    let shown = room.run_raw("mcpjwt remove a --yes");
    assert!(
        shown.stderr.contains("revoked 2 tokens"),
        "{}",
        shown.stderr
    );
    let shown = room.run_raw("mcpjwt -m other/mcpjwt.toml verify file:other/t");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}
