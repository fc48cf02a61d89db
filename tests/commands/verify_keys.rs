//! The keys of `mcpjwt verify`: weak, previous, published.

use expect_test::expect;

use crate::{runs, token, with_key};

#[test]
fn the_gravest_check_decides_the_exit_code() {
    let mut room = with_key()
        .file("short", "short")
        .file("other", crate::OTHER);
    let good = token(&mut room, "");
    let cases = [
        ("--key file:k", 0),
        ("--key file:k --at 2026-01-01", 3),
        ("--key file:k --at 2026-01-01 --iss other", 1),
        ("--key file:other --at 2026-01-01", 1),
        ("--key file:short --at 2026-01-01", 4),
        ("--key file:short --allow-weak-key --at 2026-01-01", 1),
        ("--key file:absent --at 2026-01-01", 4),
        ("--key file:absent --at soon", 2),
        ("", 4),
    ];
    for (options, code) in cases {
        let shown = room.run_raw(&format!("mcpjwt verify {good} {options}"));
        assert_eq!(
            (shown.code, shown.stdout.is_empty()),
            (code, code != 0),
            "{options}"
        );
    }
}

#[test]
fn weak_keys_are_refused_unless_reading_others_tokens() {
    let mut room = with_key().file("short", "secret123").file(
        "known",
        "super-secret-jwt-token-with-at-least-32-characters-long",
    );
    // {"alg":"HS256"}.{"sub":"a","exp":4000000000}, signed with `secret123`.
    let foreign = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjo0MDAwMDAwMDAwfQ.AAAA";
    let shown = runs(
        &mut room,
        &[
            &format!("mcpjwt verify {foreign} --key file:short"),
            &format!("mcpjwt verify {foreign} --key file:known"),
            "mcpjwt issue --sub a --key file:known",
            &format!("mcpjwt verify {foreign} --key file:short --allow-weak-key"),
        ],
    );
    expect![[r#"
        $ mcpjwt verify eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjo0MDAwMDAwMDAwfQ.AAAA --key file:short
        --- stderr
        error: the secret has 9 bytes, and HS256 requires 32 (RFC 7518 section 3.2)
        hint: to check the token all the same, add `--allow-weak-key`
        --- exit 4
        $ mcpjwt verify eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjo0MDAwMDAwMDAwfQ.AAAA --key file:known
        --- stderr
        error: the secret is a published default
        hint: to check the token all the same, add `--allow-weak-key`
        --- exit 4
        $ mcpjwt issue --sub a --key file:known
        --- stderr
        error: cannot sign with the key at `file:known`: the secret is a published default
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt verify eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjo0MDAwMDAwMDAwfQ.AAAA --key file:short --allow-weak-key
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `7WwpJfJkZCBeuTRf`)
        hint: the end of the token is missing: its signature has 3 of 32 bytes; copy the whole token
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn previous_keys_are_accepted_until_their_date() {
    let mut room = with_key().file("new", crate::OTHER);
    let old = token(&mut room, "--ttl 60d");
    for from in ["file:new", "file:k"] {
        room.run(&format!("mcpjwt secret import --from {from}"));
    }
    let line = format!("mcpjwt verify {old}");
    let shown = room.run(&line)
        + &room.run(&format!("{line} --key file:new --previous file:k --json"))
        + &room.run(&format!("{line} --at +14d"));
    expect![[r#"
        --- stdout
        valid: vscode1, until 2026-01-21 04:00:00 +00:00 (in 60 d) (not checked: iss, aud)
        signed with a previous key, accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
          iss  mcpjwt
          sub  vscode1
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2026-01-21 04:00:00 +00:00 (in 60 d)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
        --- stdout
        {
          "ok": true,
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
            "exp": 1768968000,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2026-01-21T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "previous"
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
          "errors": []
        }
        --- exit 0
        --- stderr
        error: the token names key `UOuPGLMbqgKiRQGz`, and there is none of that name (only G-2KYj0OXRAxhfq5)
        hint: it was signed with key `UOuPGLMbqgKiRQGz`, which is no longer accepted since 2025-12-06T04:00:00Z; mint a new token with `mcpjwt issue --sub NAME`
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn a_published_set_from_a_place_or_a_url() {
    let mut room = with_key().file("pem", include_str!("../keys/ed25519.pkcs8.pem"));
    let minted = room
        .run_raw("mcpjwt issue --sub a --no-record --key file:pem")
        .stdout;
    let jwks = room.run_raw("mcpjwt jwks --key file:pem").stdout;
    let other = room.file("p256", include_str!("../keys/p256.pkcs8.pem"));
    let mut room = other;
    let another = room.run_raw("mcpjwt jwks --key file:p256").stdout;
    let mut room = room
        .file("jwks.json", &jwks)
        .url("https://issuer.example/jwks.json", &jwks)
        .url("https://issuer.example/other.json", &another)
        .url("https://issuer.example/html", "<html>")
        .url(
            "https://issuer.example/oct",
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY\"}]}",
        );
    let token = minted.trim_end();
    let mut text = String::new();
    for from in [
        "file:jwks.json",
        "https://issuer.example/jwks.json",
        "https://issuer.example/other.json",
        "https://issuer.example/html",
        "https://issuer.example/oct",
        "https://issuer.example/absent",
        "jwks.json",
        "file:k",
    ] {
        let shown = room.run(&format!("mcpjwt verify {token} --jwks {from}"));
        text.push_str(&format!("$ mcpjwt verify TOKEN --jwks {from}\n{shown}"));
    }
    expect![[r#"
        $ mcpjwt verify TOKEN --jwks file:jwks.json
        --- stdout
        valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss  mcpjwt
          sub  a
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
        $ mcpjwt verify TOKEN --jwks https://issuer.example/jwks.json
        --- stdout
        valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss  mcpjwt
          sub  a
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
        $ mcpjwt verify TOKEN --jwks https://issuer.example/other.json
        --- stderr
        error: the token names key `euemDlbUNMlutinq`, and there is none of that name (only gnwaR1r5Q5Xw6rCe)
        hint: it is a token of another issuer, or of a key that is gone; name the key that signed it with `--key PLACE` or `--jwks URL`
        --- exit 1
        $ mcpjwt verify TOKEN --jwks https://issuer.example/html
        --- stderr
        error: what `--jwks` names is no JWK Set
        hint: it is a JSON object with a list `keys`; for a secret use `--key PLACE`
        --- exit 4
        $ mcpjwt verify TOKEN --jwks https://issuer.example/oct
        --- stderr
        error: the JWK Set holds a secret or a private key, which a published set never may
        hint: to check with a key of your own, use `--key PLACE`
        --- exit 4
        $ mcpjwt verify TOKEN --jwks https://issuer.example/absent
        --- stderr
        error: cannot read `https://issuer.example/absent`: the server answered 404
        --- exit 4
        $ mcpjwt verify TOKEN --jwks jwks.json
        --- stderr
        error: `--jwks` takes a place or a URL, and these 9 characters are neither
        hint: `file:PATH` or `https://..`
        --- exit 2
        $ mcpjwt verify TOKEN --jwks file:k
        --- stderr
        error: what `--jwks` names is no JWK Set
        hint: it is a JSON object with a list `keys`; for a secret use `--key PLACE`
        --- exit 4
    "#]].assert_eq(&text);
}
