//! `mcpjwt jwks`: the public keys.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

#[test]
fn only_public_members_and_never_a_secret() {
    let mut room = with_key()
        .file("pem", include_str!("../keys/ed25519.pkcs8.pem"))
        .file("p256", include_str!("../keys/p256.pkcs8.pem"));
    let shown = runs(
        &mut room,
        &[
            "mcpjwt jwks --key file:pem",
            "mcpjwt jwks --key file:p256 --to file:jwks.json",
            "mcpjwt jwks --key file:p256 --to file:jwks.json",
            "mcpjwt jwks --key file:k",
            "mcpjwt jwks",
            "mcpjwt jwks --key file:pem --to jwks.json",
            "mcpjwt jwks --key file:pem --to env:X",
        ],
    );
    expect![[r#"
        $ mcpjwt jwks --key file:pem
        --- stdout
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
        $ mcpjwt jwks --key file:p256 --to file:jwks.json
        --- stderr
        wrote the public keys to `file:jwks.json`
        --- jwks.json (0644)
        {
          "keys": [
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg"
            }
          ]
        }
        --- exit 0
        $ mcpjwt jwks --key file:p256 --to file:jwks.json
        --- stderr
        `file:jwks.json` is up to date
        --- exit 0
        $ mcpjwt jwks --key file:k
        --- stderr
        error: there is no public key: a secret cannot be published
        hint: make a key pair with `mcpjwt secret generate --alg EdDSA --to file:PATH`, then `mcpjwt jwks --key file:PATH`
        --- exit 4
        $ mcpjwt jwks
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt jwks --key file:pem --to jwks.json
        --- stderr
        error: `--to` takes a place, and these 9 characters are none
        hint: `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt jwks --key file:pem --to env:X
        --- stderr
        error: `env:X` can only be read
        hint: write to `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_set_goes_where_one_can_stand_and_is_read() {
    let mut room = Sandbox::default()
        .file("pem", include_str!("../keys/ed25519.pkcs8.pem"))
        .file(
            ".cursor/mcp.json",
            r#"{"mcpServers":{"x":{"url":"https://x.example"}}}"#,
        )
        .env("MCPJWT_KEY", "file:pem");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt jwks --to cursor/x --force",
            "mcpjwt jwks --to cursor:project/gone --dry-run",
            "mcpjwt jwks --to mcp:.cursor/mcp.json#x --force",
            "mcpjwt jwks --to dotenv:.env#J",
        ],
    );
    expect![[r#"
        $ mcpjwt jwks --to cursor/x --force
        --- stderr
        error: `cursor/x` is no place for a set of public keys
        hint: write to `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt jwks --to cursor:project/gone --dry-run
        --- stderr
        error: `cursor:project/gone` is no place for a set of public keys
        hint: write to `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt jwks --to mcp:.cursor/mcp.json#x --force
        --- stderr
        error: `mcp:.cursor/mcp.json#x` is no place for a set of public keys
        hint: write to `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt jwks --to dotenv:.env#J
        --- stderr
        error: `dotenv:.env#J` is no place for a set of public keys
        hint: write to `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
    "#]].assert_eq(&shown);
    for place in [
        "file:set",
        "json:a.json#/jwks",
        "toml:a.toml#jwks",
        "keyring:exai/jwks",
        "-",
    ] {
        let shown = room.run_raw(&format!("mcpjwt jwks --to {place}"));
        assert_eq!(shown.code, 0, "{place}: {}", shown.stderr);
    }
}

#[test]
fn a_retired_key_and_a_previous_one_past_its_date_are_left_out() {
    let mut room = Sandbox::default().file("pem", include_str!("../keys/ed25519.pkcs8.pem"));
    room.run("mcpjwt secret import --from file:pem");
    let mut room = room.file("p256", include_str!("../keys/p256.pkcs8.pem"));
    room.run("mcpjwt secret import --from file:p256");
    let count = |room: &mut Sandbox| {
        room.run_raw("mcpjwt jwks")
            .stdout
            .matches("\"kid\"")
            .count()
    };
    assert_eq!(count(&mut room), 2);
    room.later(14 * 86_400);
    assert_eq!(count(&mut room), 1);
}

#[test]
fn public_keys_never_replace_a_private_one() {
    let mut room = with_key()
        .file("pem", include_str!("../keys/ed25519.pkcs8.pem"))
        .file("p256", include_str!("../keys/p256.pkcs8.pem"))
        .file("notes", "my notes\n")
        .file(".env", "SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f\n")
        .file("set", r#"{"keys":[{"kty":"oct","k":"YQ"}]}"#);
    room.run("mcpjwt secret import --from file:pem");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt jwks --key file:pem --to file:pem",
            "mcpjwt jwks --key file:pem --to file:pem --force",
            "mcpjwt secret export --key file:pem --public --to file:p256",
            "mcpjwt secret export --key file:pem --public --to file:p256 --force --json",
            "mcpjwt jwks --to file:set --force",
            "mcpjwt jwks --to file:~/.local/share/mcpjwt/default.jwks --force",
            "mcpjwt secret export --public --format jwk --to dotenv:.env#SECRET",
            "mcpjwt jwks --to file:notes",
            "mcpjwt jwks --to file:notes --force",
            "mcpjwt jwks --key file:p256 --to file:notes",
            "mcpjwt secret export --public --to file:notes",
        ],
    );
    expect![[r#"
        $ mcpjwt jwks --key file:pem --to file:pem
        --- stderr
        error: `file:pem` holds a private key or a secret, and public keys never replace one
        hint: name another place
        --- exit 4
        $ mcpjwt jwks --key file:pem --to file:pem --force
        --- stderr
        error: `file:pem` holds a private key or a secret, and public keys never replace one
        hint: name another place
        --- exit 4
        $ mcpjwt secret export --key file:pem --public --to file:p256
        --- stderr
        error: `file:p256` holds a private key or a secret, and public keys never replace one
        hint: name another place
        --- exit 4
        $ mcpjwt secret export --key file:pem --public --to file:p256 --force --json
        --- stdout
        {
          "ok": false,
          "place": null,
          "warnings": [],
          "errors": [
            {
              "code": "key_exists",
              "place": "file:p256",
              "message": "`file:p256` holds a private key or a secret, and public keys never replace one",
              "hint": "name another place"
            }
          ]
        }
        --- exit 4
        $ mcpjwt jwks --to file:set --force
        --- stderr
        error: `file:set` holds a private key or a secret, and public keys never replace one
        hint: name another place
        --- exit 4
        $ mcpjwt jwks --to file:~/.local/share/mcpjwt/default.jwks --force
        --- stderr
        error: `file:~/.local/share/mcpjwt/default.jwks` holds a private key or a secret, and public keys never replace one
        hint: name another place
        --- exit 4
        $ mcpjwt secret export --public --format jwk --to dotenv:.env#SECRET
        --- stderr
        error: `dotenv:.env#SECRET` holds something that is no public key (32 bytes)
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt jwks --to file:notes
        --- stderr
        error: `file:notes` holds something that is no public key (9 bytes)
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt jwks --to file:notes --force
        --- stderr
        wrote the public keys to `file:notes`
        --- notes (0600)
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
        $ mcpjwt jwks --key file:p256 --to file:notes
        --- stderr
        wrote the public keys to `file:notes`
        --- notes (0600)
        {
          "keys": [
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret export --public --to file:notes
        --- stderr
        wrote the key to `file:notes`
        --- notes (0600)
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAAlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4=
        -----END PUBLIC KEY-----
        --- exit 0
    "#]].assert_eq(&shown);
}
