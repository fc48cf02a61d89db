//! `mcpjwt sync` where a token lasts longer than it is to last.

use expect_test::expect;

use crate::SECRET;
use crate::support::Sandbox;

/// A project whose token is to last so long, and what makes the token that is there.
fn room(ttl: &str, made_by: &str) -> Sandbox {
    let manifest = |ttl: &str| {
        format!(
            "iss = \"i\"\naud = \"a\"\n{ttl}\nkey = \"dotenv:.env#JWT_SECRET\"\n\n[[token]]\nsub = \"s\"\nto = [\"file:t\", \"dotenv:.env#T\"]\n"
        )
    };
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest("ttl = \"90d\""))
        .file(".env", format!("JWT_SECRET={SECRET}\nT=\n"));
    let shown = room.run_raw(made_by);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    room.put_file("mcpjwt.toml", manifest(ttl), 0o600);
    room
}

#[test]
fn a_shorter_ttl_replaces_what_lasts_longer_and_only_that() {
    const SYNC: &str = "mcpjwt sync";
    #[rustfmt::skip]
    let cases = [
        // the manifest then   what made the token                          drift
        ("ttl = \"7d\"",       SYNC,                                        1),
        ("ttl = \"90d\"",      SYNC,                                        0),
        ("ttl = \"91d\"",      SYNC,                                        0),
        ("ttl = \"89d\"",      SYNC,                                        1),
        ("ttl = \"90d\"",      "mcpjwt sync --renew",                       0),
        ("ttl = \"90d\"",      "mcpjwt issue --all",                        0),
        ("ttl = \"90d\"\nhelper-ttl = \"1h\"", SYNC,                        0),
    ];
    for (ttl, made_by, drift) in cases {
        let mut room = room(ttl, made_by);
        let check = room.run_raw("mcpjwt sync --check");
        assert_eq!(check.code, drift, "{ttl} {made_by}: {}", check.stderr);
        assert_eq!(room.run_raw("mcpjwt sync").code, 0);
        let again = room.run_raw("mcpjwt sync --check");
        assert_eq!(again.code, 0, "{ttl} {made_by}: {}", again.stderr);
    }
}

#[test]
fn one_that_somebody_made_longer_is_told_once() {
    let mut room = room("ttl = \"7d\"", "mcpjwt sync");
    for line in [
        "mcpjwt sync -q",
        "mcpjwt issue -q --sub s --ttl 90d --to file:t",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    let text = room.run("mcpjwt sync --check") + &room.run("mcpjwt sync --check --json");
    room.run_raw("mcpjwt sync -q");
    // What is renewed lasts as long as it did.
    for _ in 0..20 {
        room.later(3600);
        let shown = room.run_raw("mcpjwt refresh -q file:t dotenv:.env#T");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    let text = text + &room.run("mcpjwt sync");
    expect![[r#"
        --- stdout
        TOKEN  GETS        PLACE   WHY
        s      same token  file:t  lives 90 d, the manifest says 7 d
        --- stderr
        1 place is not as the manifest wants; mend that with `mcpjwt sync`
        --- exit 1
        --- stdout
        {
          "ok": false,
          "places": [
            {
              "token": "s",
              "sub": "s",
              "place": "file:t",
              "gets": "same_token",
              "reasons": [
                {
                  "code": "lasts_longer",
                  "message": "lives 90 d, the manifest says 7 d"
                }
              ],
              "jti": "da211e6a663bd37311aabecb86beda3f",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": null
            },
            {
              "token": "s",
              "sub": "s",
              "place": "dotenv:.env#T",
              "gets": "nothing",
              "reasons": [],
              "jti": "022ab1ba804098e6cb293e6770eb3a95",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1764388800,
              "expires": "2025-11-29T04:00:00Z",
              "done": true
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "drift",
              "place": "file:t",
              "message": "`file:t` is not as the manifest wants it: lives 90 d, the manifest says 7 d",
              "hint": "mend it with `mcpjwt sync`"
            }
          ]
        }
        --- exit 1
        --- stderr
        nothing to do
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn a_token_that_was_found_stays_until_somebody_shortens_it() {
    let mut room = room("ttl = \"90d\"", "mcpjwt sync");
    for line in [
        "mcpjwt issue -q --sub s --ttl 3y --to file:t",
        "mcpjwt issue -q --sub s --ttl 3y --to dotenv:.env#T",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    room.remove_file("mcpjwt.toml");
    let text = room.run_raw("mcpjwt init --yes -q");
    assert_eq!(text.code, 0, "{}", text.stderr);
    let check = room.run_raw("mcpjwt sync --check");
    assert_eq!(check.code, 0, "{}", check.stderr);
    let found = room.text("mcpjwt.toml").unwrap();

    room.remove_file("mcpjwt.toml");
    assert_eq!(room.run_raw("mcpjwt init --yes -q --ttl 30d").code, 0);
    let check = room.run_raw("mcpjwt sync --check");
    assert_eq!(check.code, 1, "{}", check.stderr);
    expect![[r#"
        name = "project"
        iss = "i"
        aud = "a"
        alg = "HS256"
        ttl = "90d"

        key = "dotenv:.env#JWT_SECRET"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        # next = "dotenv:.env#JWT_SECRET_NEXT"

        [[token]]
        sub = "s"
        ttl = "1095d"
        to = [
          "dotenv:.env#T",
        ]
        ---
        name = "project"
        iss = "i"
        aud = "a"
        alg = "HS256"
        ttl = "30d"

        key = "dotenv:.env#JWT_SECRET"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        # next = "dotenv:.env#JWT_SECRET_NEXT"

        [[token]]
        sub = "s"
        to = [
          "dotenv:.env#T",
        ]
    "#]]
    .assert_eq(&format!(
        "{found}---\n{}",
        room.text("mcpjwt.toml").unwrap()
    ));
}
