//! The ledger, and folders of ours that cannot be used.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

#[test]
fn a_token_is_recorded_before_it_leaves_and_once_it_arrived() {
    let mut room = with_key();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --sub b --key file:k",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#A --to -",
        ],
    );
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert!(!ledger.contains("eyJ"), "a token in the ledger");
    expect![[r#"
        $ mcpjwt issue --sub a --sub b --key file:k
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJiIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.8Wj_y4qPDWWkueb-X0BtW2iB9rzeJitgCM2FlhprDmc
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#A --to -
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"b","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"],"made":{"dotenv:/home/me/project/.env#A":{"absent":true,"leaves":[],"tops":[]}}}
        --- .env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn without_a_state_folder_the_output_still_comes_and_a_place_is_left_alone() {
    let mut room = with_key().folder("~/.local").read_only("~/.local");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --key file:k",
            "mcpjwt issue --sub a --key file:k --to file:t",
            "mcpjwt issue --sub a --key file:k --to file:t --no-record",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        --- stderr
        warning: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: read-only file system
        hint: to leave the record out, add `--no-record`
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to file:t
        --- stderr
        error: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: read-only file system
        hint: to leave the record out, add `--no-record`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --to file:t --no-record
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:t`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- t (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_full_disk_stops_every_token() {
    let shown = with_key()
        .disk_full()
        .run("mcpjwt issue --sub a --key file:k");
    expect![[r#"
        --- stderr
        error: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: no space left on device
        --- exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn without_a_home_there_is_no_store_and_no_ledger() {
    let mut room = with_key().homeless();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a",
            "mcpjwt issue --sub a --key file:k",
            "mcpjwt secret list",
            "mcpjwt secret generate --store keyring",
            "mcpjwt expiry",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: there is no folder for keys: neither `MCPJWT_HOME` nor `HOME` is set
        hint: set `MCPJWT_HOME`, or name a key with `--key PLACE`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        --- stderr
        warning: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt secret list
        --- stderr
        error: there is no folder for keys: neither `MCPJWT_HOME` nor `HOME` is set
        hint: set `MCPJWT_HOME`, or name a key with `--key PLACE`
        --- exit 4
        $ mcpjwt secret generate --store keyring
        --- stderr
        error: there is no folder for keys: neither `MCPJWT_HOME` nor `HOME` is set
        hint: set `MCPJWT_HOME`, or name a key with `--key PLACE`
        --- exit 4
        $ mcpjwt expiry
        --- stderr
        error: there is no token to look at: none was put into a place yet
        hint: give a token, a place, or `-` for standard input
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_read_only_home_makes_no_first_key() {
    let mut room = Sandbox::default().folder("~/.local").read_only("~/.local");
    let shown = room.run("mcpjwt issue --sub a");
    expect![[r#"
        --- stderr
        error: cannot write `/home/me/.local/share/mcpjwt/default.jwks`: read-only file system; nothing was changed
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_refused_place_does_not_hide_that_a_key_was_made() {
    let mut room = Sandbox::default().file("notes", "my notes\n");
    let shown = room.run("mcpjwt issue --sub a --to file:notes");
    expect![[r#"
        --- stderr
        error: `file:notes` holds something that is no token (9 bytes)
        hint: to replace it all the same, add `--force`
        --- exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_store_that_others_can_read_is_refused() {
    let store = "~/.local/share/mcpjwt/default.jwks";
    let mut room = Sandbox::default();
    room.run("mcpjwt secret generate");
    let text = room.text(store).unwrap();
    room.put_file(store, text, 0o640);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a",
            "mcpjwt secret list",
            "mcpjwt secret generate",
            "mcpjwt verify eyJhbGciOiJIUzI1NiJ9.e30.x",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot use `/home/me/.local/share/mcpjwt/default.jwks`: others can read it (mode 0640)
        hint: close it with `chmod 600 /home/me/.local/share/mcpjwt/default.jwks`
        --- exit 4
        $ mcpjwt secret list
        --- stderr
        error: cannot use `/home/me/.local/share/mcpjwt/default.jwks`: others can read it (mode 0640)
        hint: close it with `chmod 600 /home/me/.local/share/mcpjwt/default.jwks`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: cannot use `/home/me/.local/share/mcpjwt/default.jwks`: others can read it (mode 0640)
        hint: close it with `chmod 600 /home/me/.local/share/mcpjwt/default.jwks`
        --- exit 4
        $ mcpjwt verify eyJhbGciOiJIUzI1NiJ9.e30.x
        --- stderr
        error: cannot use `/home/me/.local/share/mcpjwt/default.jwks`: others can read it (mode 0640)
        hint: close it with `chmod 600 /home/me/.local/share/mcpjwt/default.jwks`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_store_that_is_broken_is_left_alone() {
    let store = "~/.local/share/mcpjwt/default.jwks";
    let mut room = Sandbox::default().file(store, "{\"keys\":[");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a",
            "mcpjwt secret generate",
            "mcpjwt secret prune",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: cannot read the key: not valid JSON: it ends too early (at byte 9)
        hint: it is left as it is: restore it from a copy
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: cannot read the key: not valid JSON: it ends too early (at byte 9)
        hint: it is left as it is: restore it from a copy
        --- exit 4
        $ mcpjwt secret prune
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: cannot read the key: not valid JSON: it ends too early (at byte 9)
        hint: it is left as it is: restore it from a copy
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_damaged_ledger_line_is_set_aside_and_a_newer_ledger_is_refused() {
    let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
    let mut room = with_key();
    room.run("mcpjwt issue --sub a --key file:k --to file:t");
    let good = room.text(ledger).unwrap();
    room.put_file(ledger, format!("garbage\n{good}"), 0o600);
    let damaged = room.run("mcpjwt expiry");
    room.put_file(ledger, "{\"version\":99,\"event\":\"issued\"}\n", 0o600);
    let newer = room.run("mcpjwt expiry");
    expect![[r#"
        --- stdout
        SUBJECT  EXPIRES                     LEFT     PLACE
        a        2025-12-22 04:00:00 +00:00  in 30 d  file:t
        --- stderr
        warning: `/home/me/.local/state/mcpjwt/ledger.jsonl` is damaged in line 1; the other lines count
        hint: take them out with `sed -i.damaged '1d' ~/.local/state/mcpjwt/ledger.jsonl`, which keeps a copy beside it
        --- exit 0
        --- stderr
        error: `/home/me/.local/state/mcpjwt/ledger.jsonl` was written by a newer version of mcpjwt
        hint: update mcpjwt
        --- exit 4
    "#]].assert_eq(&(damaged + &newer));
}
