//! How it looks: colours, widths, and text from outside.

use expect_test::expect;

use super::verify_why::signed;
use crate::support::Sandbox;
use crate::{runs, token, with_key};

#[test]
fn colours_only_when_asked() {
    let cases: [(&str, &[(&str, &str)], bool, bool); 9] = [
        ("", &[], false, false),
        ("", &[], true, true),
        ("--color never", &[], true, false),
        ("--color always", &[], false, true),
        ("--color=always", &[("NO_COLOR", "1")], false, true),
        ("", &[("NO_COLOR", "1")], true, false),
        ("", &[("CLICOLOR_FORCE", "1")], false, true),
        ("", &[("CLICOLOR_FORCE", "0")], false, false),
        ("", &[("TERM", "dumb")], true, false),
    ];
    for (options, env, terminal, want) in cases {
        let mut room = with_key();
        let good = token(&mut room, "");
        if terminal {
            room = room.terminal(80);
        }
        for (name, value) in env {
            room = room.env(name, value);
        }
        for line in [
            format!("mcpjwt verify {good} --key file:k"),
            format!("mcpjwt verify {good} --key file:k --at 2030-01-01"),
            format!("mcpjwt decode {good}"),
            format!("mcpjwt expiry {good}"),
            "mcpjwt secret list --key file:k".to_owned(),
            "mcpjwt clients".to_owned(),
            "mcpjwt --nonsense".to_owned(),
        ] {
            let shown = room.run_raw(&format!("{line} {options}"));
            let coloured = (shown.stdout + &shown.stderr).contains('\u{1b}');
            assert_eq!(coloured, want, "{line} {options} {env:?} {terminal}");
        }
    }
}

#[test]
fn json_and_tokens_have_no_colour() {
    let mut room = with_key();
    let good = token(&mut room, "");
    for line in [
        format!("mcpjwt verify {good} --key file:k --json"),
        "mcpjwt issue --sub a --no-record -q --key file:k".to_owned(),
        "mcpjwt secret list --key file:k --json".to_owned(),
    ] {
        let shown = room.run_raw(&format!("{line} --color always"));
        assert!(!shown.stdout.contains('\u{1b}'), "{line}");
    }
}

#[test]
fn eighty_and_forty_columns() {
    let mut room = with_key();
    room.run("mcpjwt secret import --from file:k");
    let good = token(
        &mut room,
        "--iss exai --aud https://mcp.example.com --claim 'note=a longer text than forty columns can hold, to be wrapped'",
    );
    let mut room = room.file(
        "a/long/path/to/a/place.env",
        format!("EXAI_JWT_TOKEN_VSCODE1={good}\n"),
    );
    let mut text = String::new();
    for width in [80, 40] {
        room = room.terminal(width);
        text.push_str(&format!("== {width}\n"));
        for line in [
            "mcpjwt secret list --color never",
            "mcpjwt expiry dotenv:a/long/path/to/a/place.env#EXAI_JWT_TOKEN_VSCODE1 --color never",
            "mcpjwt verify dotenv:a/long/path/to/a/place.env#EXAI_JWT_TOKEN_VSCODE1 --color never",
            "mcpjwt decode dotenv:a/long/path/to/a/place.env#EXAI_JWT_TOKEN_VSCODE1 --color never",
        ] {
            text.push_str(&room.run(line));
        }
    }
    expect![[r#"
        == 80
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL
        UOuPGLMbqgKiRQGz  HS256  current  0 s  -
          SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        --- exit 0
        --- stdout
        SUBJECT  EXPIRES                     LEFT
        vscode1  2025-11-23 04:00:00 +00:00  in 24 h
          dotenv:a/long/path/to/a/place.env#EXAI_JWT_TOKEN_VSCODE1
        --- exit 0
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss   exai
          sub   vscode1
          aud   https://mcp.example.com
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2025-11-23 04:00:00 +00:00 (in 24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          note  a longer text than forty columns can hold, to be wrapped
        --- exit 0
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss   exai
          sub   vscode1
          aud   https://mcp.example.com
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2025-11-23 04:00:00 +00:00 (in 24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          note  a longer text than forty columns can hold, to be wrapped
        signature: not checked
        --- exit 0
        == 40
        --- stdout
        KID             UOuPGLMbqgKiRQGz
        ALG             HS256
        STATE           current
        AGE             0 s
        ACCEPTED UNTIL  -
        FINGERPRINT     SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        --- exit 0
        --- stdout
        SUBJECT  vscode1
        EXPIRES  2025-11-23 04:00:00 +00:00
        LEFT     in 24 h
        PLACE    dotenv:a/long/path/to/a/place.env#EXAI_JWT_TOKEN_VSCODE1
        --- exit 0
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss   exai
          sub   vscode1
          aud   https://mcp.example.com
          iat   2025-11-22 03:59:55 +00:00 (5 s
                ago)
          exp   2025-11-23 04:00:00 +00:00 (in
                24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          note  a longer text than forty columns
                can hold, to be wrapped
        --- exit 0
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss   exai
          sub   vscode1
          aud   https://mcp.example.com
          iat   2025-11-22 03:59:55 +00:00 (5 s
                ago)
          exp   2025-11-23 04:00:00 +00:00 (in
                24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          note  a longer text than forty columns
                can hold, to be wrapped
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&text);
}

#[test]
fn text_from_outside_cannot_drive_the_terminal() {
    let mut room = with_key().file(
        "claims",
        r#"{"evil":"\u001b[2J\u0007\u009b31m\u202etxt\r\nerror: forged","\u001b]0;t\u0007":1}"#,
    );
    let evil = token(&mut room, "--claims-file file:claims");
    let by_name = "mcpjwt issue --no-record --key file:k --sub 'ab\u{202e}' --to file:u";
    // No subject that is minted here, but others mint what they like.
    let foreign = signed(r#"{"sub":"a\u001b[31mb\u202e","iat":1763784000,"exp":1766376000}"#);
    room.put_file("t", foreign, 0o600);
    let shown = runs(
        &mut room,
        &[
            &format!("mcpjwt decode {evil}"),
            &format!("mcpjwt verify {evil} --key file:k"),
            &format!("mcpjwt verify {evil} --key file:k --expect evil=x"),
        ],
    ) + &room.run_raw(by_name).stderr
        + &room.run_raw("mcpjwt expiry file:t").stdout
        + &room.run_raw("mcpjwt verify file:t --key file:k --at 2030-01-01").stderr
        // {"alg":"HS256","kid":"\u001b[2J"}
        + &room.run_raw("mcpjwt verify eyJhbGciOiJIUzI1NiIsImtpZCI6Ilx1MDAxYlsySiJ9.e30.AAAA --key file:k").stderr
        + &room.run_raw("mcpjwt decode 'file:\u{1b}[2J'").stderr;
    assert!(
        !shown.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']),
        "{shown:?}"
    );
    expect![[r#"
        $ mcpjwt decode eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUxIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwiZXZpbCI6Ilx1MDAxYlsySlx1MDAwN1x1MDA5YjMxbVx1MjAyZXR4dFxyXG5lcnJvcjogZm9yZ2VkIiwiXHUwMDFiXTA7dFx1MDAwNyI6MX0.fEHI_mGEKr2g52MQ54cozzi1J4YJoBRJxwlbMZKjRuA
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss              mcpjwt
          sub              vscode1
          aud              mcp
          iat              2025-11-22 03:59:55 +00:00 (5 s ago)
          exp              2025-11-23 04:00:00 +00:00 (in 24 h)
          jti              d70d3259e4e1cb631c663cf4d73c4c04
          evil             \u{1b}[2J\u{7}\u{9b}31m\u{202e}txt\u{d}\u{a}error: forged
          \u{1b}]0;t\u{7}  1
        signature: not checked
        --- exit 0
        $ mcpjwt verify eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUxIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwiZXZpbCI6Ilx1MDAxYlsySlx1MDAwN1x1MDA5YjMxbVx1MjAyZXR4dFxyXG5lcnJvcjogZm9yZ2VkIiwiXHUwMDFiXTA7dFx1MDAwNyI6MX0.fEHI_mGEKr2g52MQ54cozzi1J4YJoBRJxwlbMZKjRuA --key file:k
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss              mcpjwt
          sub              vscode1
          aud              mcp
          iat              2025-11-22 03:59:55 +00:00 (5 s ago)
          exp              2025-11-23 04:00:00 +00:00 (in 24 h)
          jti              d70d3259e4e1cb631c663cf4d73c4c04
          evil             \u{1b}[2J\u{7}\u{9b}31m\u{202e}txt\u{d}\u{a}error: forged
          \u{1b}]0;t\u{7}  1
        --- exit 0
        $ mcpjwt verify eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUxIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwiZXZpbCI6Ilx1MDAxYlsySlx1MDAwN1x1MDA5YjMxbVx1MjAyZXR4dFxyXG5lcnJvcjogZm9yZ2VkIiwiXHUwMDFiXTA7dFx1MDAwNyI6MX0.fEHI_mGEKr2g52MQ54cozzi1J4YJoBRJxwlbMZKjRuA --key file:k --expect evil=x
        --- stderr
        error: `evil` is `\u{1b}[2J\u{7}\u{9b}31m\u{202e}txt\u{d}\u{a}error: forged`, expected `x`
        --- exit 1
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `ab\u{202e}` to `file:u`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        SUBJECT               EXPIRES                     LEFT     PLACE
        a\u{1b}[31mb\u{202e}  2025-12-22 04:00:00 +00:00  in 30 d  file:t
        error: the token of `a\u{1b}[31mb\u{202e}` expired 4 y ago, on 2025-12-22 04:00:00 +00:00
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: the end of the token is missing: its signature has 3 of 32 bytes; copy the whole token
        error: `exp` is missing, and it is required
        error: nothing is at `file:\u{1b}[2J`
    "#]].assert_eq(&shown);
}

#[test]
fn help_and_version() {
    let mut room = Sandbox::default();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt --version",
            "mcpjwt --help",
            "mcpjwt",
            "mcpjwt expiry -h",
            "mcpjwt expiry --help",
        ],
    );
    expect![[r#"
        $ mcpjwt --version
        --- stdout
        mcpjwt 0.1.0
        --- exit 0
        $ mcpjwt --help
        --- stdout
        Issue, inspect and keep alive the JWTs of MCP clients

        Usage: mcpjwt [OPTIONS] <COMMAND>

        Commands:
          issue          Mint a token
          verify         Judge a token, and say why it is refused
          decode         Show what is in a token, without judging it
          expiry         Say when tokens expire
          lint           Check a token against the standards
          refresh        Renew tokens: the same claims, new times
          secret         Make, list, export and import keys [alias: key]
          sync           Put the tokens of the manifest into their places
          install        Put a token where its client reads it
          uninstall      Take tokens out of their places again
          headers        Print the header of a fresh token, for a client
          exec           Run a program with a fresh token in its environment
          init           Write a manifest from what the project has already
          add            Add a client to the manifest, and put its token into its places
          remove         Take a client out of the manifest, and its token out of its places
          clients        Show the known clients, and what is in their configs
          status         Show every token, where it lives, and what is wrong with it
          rotate-secret  Replace the key by a new one, and let the old one age
          revoke         Revoke tokens before they expire
          log            Show what was issued, installed and revoked
          doctor         Look for what should be mended, and say how
          jwks           Publish the public keys as a JWK Set
          trust          Let a manifest use what lies outside its folder
          completions    Print the completions of a shell
          man            Print the manual

        Options:
          -m, --manifest <PATH>  Use this manifest, or the one of that name in the config folder
              --no-manifest      Look for no manifest
              --json             Answer with one JSON document
          -q, --quiet            Leave out notes, not warnings and errors
              --color <WHEN>     Use colours: auto, always or never
          -h, --help             Print help
          -V, --version          Print version

        Exit codes: 0 done or yes, 1 no, 2 usage, 3 expired, 4 could not tell or do
        --- exit 0
        $ mcpjwt
        --- stderr
        Issue, inspect and keep alive the JWTs of MCP clients

        Usage: mcpjwt [OPTIONS] <COMMAND>

        Commands:
          issue          Mint a token
          verify         Judge a token, and say why it is refused
          decode         Show what is in a token, without judging it
          expiry         Say when tokens expire
          lint           Check a token against the standards
          refresh        Renew tokens: the same claims, new times
          secret         Make, list, export and import keys [alias: key]
          sync           Put the tokens of the manifest into their places
          install        Put a token where its client reads it
          uninstall      Take tokens out of their places again
          headers        Print the header of a fresh token, for a client
          exec           Run a program with a fresh token in its environment
          init           Write a manifest from what the project has already
          add            Add a client to the manifest, and put its token into its places
          remove         Take a client out of the manifest, and its token out of its places
          clients        Show the known clients, and what is in their configs
          status         Show every token, where it lives, and what is wrong with it
          rotate-secret  Replace the key by a new one, and let the old one age
          revoke         Revoke tokens before they expire
          log            Show what was issued, installed and revoked
          doctor         Look for what should be mended, and say how
          jwks           Publish the public keys as a JWK Set
          trust          Let a manifest use what lies outside its folder
          completions    Print the completions of a shell
          man            Print the manual

        Options:
          -m, --manifest <PATH>  Use this manifest, or the one of that name in the config folder
              --no-manifest      Look for no manifest
              --json             Answer with one JSON document
          -q, --quiet            Leave out notes, not warnings and errors
              --color <WHEN>     Use colours: auto, always or never
          -h, --help             Print help
          -V, --version          Print version

        Exit codes: 0 done or yes, 1 no, 2 usage, 3 expired, 4 could not tell or do
        --- exit 2
        $ mcpjwt expiry -h
        --- stdout
        Say when tokens expire

        Usage: mcpjwt expiry [OPTIONS] [TOKEN|PLACE]...

        Arguments:
          [TOKEN|PLACE]...  Tokens, or places that hold one

        Options:
              --within <DURATION>  Exit with 3 when one expires within this time
              --require-exp        Refuse a token without `exp`
              --at <TIME>          Judge as of this time [default: now]
          -m, --manifest <PATH>    Use this manifest, or the one of that name in the config folder
              --no-manifest        Look for no manifest
              --json               Answer with one JSON document
          -q, --quiet              Leave out notes, not warnings and errors
              --color <WHEN>       Use colours: auto, always or never
          -h, --help               Print help (see more with '--help')

        Examples:
          every token that was put into a place
            mcpjwt expiry
          in CI: fail when one expires within a week
            mcpjwt expiry dotenv:.env#MCP_TOKEN --within 7d
        --- exit 0
        $ mcpjwt expiry --help
        --- stdout
        Say when tokens expire

        Without an argument: every place that the manifest has for a token; without a manifest every place
        that one was put into, as the ledger knows them.

        Usage: mcpjwt expiry [OPTIONS] [TOKEN|PLACE]...

        Arguments:
          [TOKEN|PLACE]...
                  Tokens, or places that hold one

        Options:
              --within <DURATION>
                  Exit with 3 when one expires within this time

              --require-exp
                  Refuse a token without `exp`

              --at <TIME>
                  Judge as of this time [default: now]

          -m, --manifest <PATH>
                  Use this manifest, or the one of that name in the config folder

              --no-manifest
                  Look for no manifest

              --json
                  Answer with one JSON document

          -q, --quiet
                  Leave out notes, not warnings and errors

              --color <WHEN>
                  Use colours: auto, always or never

          -h, --help
                  Print help (see a summary with '-h')

        Examples:
          every token that was put into a place
            mcpjwt expiry
          in CI: fail when one expires within a week
            mcpjwt expiry dotenv:.env#MCP_TOKEN --within 7d
        --- exit 0
    "#]]
    .assert_eq(&shown);
}
