//! `mcpjwt secret generate`: the first key.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{OTHER, runs, with_key};

#[test]
fn the_store_gets_its_first_key_and_keeps_it() {
    let shown = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt secret generate --dry-run",
            "mcpjwt secret generate",
            "mcpjwt secret generate",
            "mcpjwt key generate --alg EdDSA --json",
        ],
    );
    expect![[r#"
        $ mcpjwt secret generate --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret generate
        --- stderr
        made key `eq3dFbXJtNuBM0qF` (HS256) in `file:~/.local/share/mcpjwt/default.jwks`
        servers need the secret: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "eq3dFbXJtNuBM0qF",
              "k": "ZGEyMTFlNmE2NjNiZDM3MzExYWFiZWNiODZiZWRhM2ZmNmQwYzIzM2ExYzRjYjc3ZmViZTAyM2Q1MWQ2ZmM1Mw",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret generate
        --- stderr
        error: there is a key already (`eq3dFbXJtNuBM0qF`) in `file:~/.local/share/mcpjwt/default.jwks`, and it is not overwritten
        hint: see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`
        --- exit 4
        $ mcpjwt key generate --alg EdDSA --json
        --- stdout
        {
          "ok": false,
          "keys": null,
          "place": null,
          "warnings": [],
          "errors": [
            {
              "code": "key_exists",
              "message": "there is a key already (`eq3dFbXJtNuBM0qF`) in `file:~/.local/share/mcpjwt/default.jwks`, and it is not overwritten",
              "hint": "see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`"
            }
          ]
        }
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_place_gets_a_key_and_is_never_overwritten() {
    let mut room = Sandbox::default().file(".env", "# server\r\nPORT=1\r\nJWT_SECRET=\r\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret generate --to dotenv:.env#JWT_SECRET",
            "mcpjwt secret generate --to dotenv:.env#JWT_SECRET",
            "mcpjwt secret generate --to file:s --encoding base64url --bytes 48",
            "mcpjwt secret generate --to file:s --json",
            "mcpjwt secret generate --to file:s --dry-run",
            "mcpjwt secret generate --to 'file:my secret' --alg HS512 --encoding base64",
            "mcpjwt secret generate --to keyring:exai/jwt -q",
            "mcpjwt secret generate --to dotenv:.env#T --dry-run",
            "mcpjwt secret generate --to -",
            "mcpjwt secret generate --print",
            "mcpjwt secret generate --print --json",
        ],
    );
    // Source has no carriage returns, so they are shown.
    let shown = shown.replace('\r', "<CR>");
    expect![[r#"
        $ mcpjwt secret generate --to dotenv:.env#JWT_SECRET
        --- stderr
        wrote key `5g_GDEBptwToZRcD` to `dotenv:.env#JWT_SECRET`
        mint with it: `mcpjwt issue --sub NAME --key dotenv:.env#JWT_SECRET`
        --- .env (0600)
        # server<CR>
        PORT=1<CR>
        JWT_SECRET=d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e6cb293e6770eb3a95<CR>
        --- exit 0
        $ mcpjwt secret generate --to dotenv:.env#JWT_SECRET
        --- stderr
        error: `dotenv:.env#JWT_SECRET` holds a value already (64 bytes), and a key is never overwritten
        hint: use it with `--key dotenv:.env#JWT_SECRET`, or name another place
        --- exit 4
        $ mcpjwt secret generate --to file:s --encoding base64url --bytes 48
        --- stderr
        wrote key `StIvVBCUp9pXNGM7` to `file:s`
        mint with it: `mcpjwt issue --sub NAME --key file:s`
        --- s (0600)
        YWdQmXrAXiJpU3mIdqLDaev6tQWb54IaLGPdKLdOuvVOs0VK31QD6zBkAaMkmQ_f
        --- exit 0
        $ mcpjwt secret generate --to file:s --json
        --- stdout
        {
          "ok": false,
          "keys": null,
          "place": null,
          "warnings": [],
          "errors": [
            {
              "code": "key_exists",
              "place": "file:s",
              "message": "`file:s` holds a value already (65 bytes), and a key is never overwritten",
              "hint": "use it with `--key file:s`, or name another place"
            }
          ]
        }
        --- exit 4
        $ mcpjwt secret generate --to file:s --dry-run
        --- stderr
        error: `file:s` holds a value already (65 bytes), and a key is never overwritten
        hint: use it with `--key file:s`, or name another place
        --- exit 4
        $ mcpjwt secret generate --to 'file:my secret' --alg HS512 --encoding base64
        --- stderr
        wrote key `4x06drnIv9T8IavC` to `file:my secret`
        mint with it: `mcpjwt issue --sub NAME --key 'file:my secret' --alg HS512`
        --- my secret (0600)
        nScdqRdnLVj/kLhgHFt8bDDOSV3f1gzn6bkfOjMf2PW6mg0xAWKhE19U+/KxCTRoR0uD3/9S3+YdJNT8uX8/ag==
        --- exit 0
        $ mcpjwt secret generate --to keyring:exai/jwt -q
        --- keyring:exai/jwt
        788a448cca5a9cf8acf8896babb0e20dc895faefda4f1862d2d4de702ec55748
        --- (no newline at the end)
        --- exit 0
        $ mcpjwt secret generate --to dotenv:.env#T --dry-run
        --- stderr
        would write `dotenv:.env#T`
          + T=<64 characters>
        --- exit 0
        $ mcpjwt secret generate --to -
        --- stdout
        075858f43b80e1355b9e85d13f720d2de10dd28948f0d4a4c95f55cdaa077aeb
        --- exit 0
        $ mcpjwt secret generate --print
        --- stdout
        409c4b09d442cc61ec4a7fdda74af70e82d3e7b986f2450af64022361833ce51
        --- exit 0
        $ mcpjwt secret generate --print --json
        --- stdout
        0fa6a95ded430e887ec0ae86c983f1d3569b728638da68d8e8f23a282512d2a4
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_key_pair_is_pem_in_a_file() {
    let mut room = Sandbox::default();
    let shown = room.run_raw("mcpjwt secret generate --alg EdDSA --to file:key.pem");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        room.text("key.pem")
            .unwrap()
            .starts_with("-----BEGIN PRIVATE KEY-----\n")
    );
    assert_eq!(room.mode("key.pem"), Some(0o600));
    for alg in ["ES256", "ES384", "ES512", "Ed25519"] {
        let line = format!("mcpjwt secret generate --alg {alg} --print");
        let shown = room.run_raw(&line);
        assert!(
            shown.stdout.starts_with("-----BEGIN PRIVATE KEY-----\n"),
            "{alg}"
        );
    }
}

#[test]
fn misuse() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt secret",
            "mcpjwt secret make",
            "mcpjwt secret generate --bytes 16",
            "mcpjwt secret generate --bytes x",
            "mcpjwt secret generate --bytes 99999999999",
            "mcpjwt secret generate --alg HS512 --bytes 32",
            "mcpjwt secret generate --alg ES256 --bytes 32",
            "mcpjwt secret generate --alg ES256 --to dotenv:.env#K",
            "mcpjwt secret generate --encoding utf8",
            "mcpjwt secret generate --store cloud",
            "mcpjwt secret generate --store keyring --to file:x",
            "mcpjwt secret generate --to secret.txt",
            "mcpjwt secret generate --to env:K",
            "mcpjwt secret generate --to json:c.json#k",
        ],
    );
    expect![[r#"
        $ mcpjwt secret
        --- stderr
        Make, list, export and import keys

        Usage: mcpjwt secret [OPTIONS] <COMMAND>

        Commands:
          generate  Make the first key
          list      List keys, without their material
          export    Export a key for a server
          import    Import keys into your own store
          prune     Forget keys that are no longer accepted

        Options:
          -m, --manifest <PATH>  Use this manifest, or the one of that name in the config folder
              --no-manifest      Look for no manifest
              --json             Answer with one JSON document
          -q, --quiet            Leave out notes, not warnings and errors
              --color <WHEN>     Use colours: auto, always or never
          -h, --help             Print help

        Examples:
          a first secret, in your own store
            mcpjwt secret generate
          a secret for a server, into its .env file
            mcpjwt secret generate --to dotenv:.env#JWT_SECRET
          a key pair
            mcpjwt secret generate --alg EdDSA
          what a server needs to check your tokens
            mcpjwt secret export --format env
        --- exit 2
        $ mcpjwt secret make
        --- stderr
        error: there is no such command
        hint: see `mcpjwt secret --help`
        --- exit 2
        $ mcpjwt secret generate --bytes 16
        --- stderr
        error: cannot make a secret of 16 bytes: HS256 requires 32 (RFC 7518 section 3.2)
        hint: leave `--bytes` out, or give at least 32
        --- exit 4
        $ mcpjwt secret generate --bytes x
        --- stderr
        error: `--bytes` does not take that value
        hint: write a number: `--bytes N`
        --- exit 2
        $ mcpjwt secret generate --bytes 99999999999
        --- stderr
        error: a secret of 99999999999 bytes is longer than 4096
        --- exit 2
        $ mcpjwt secret generate --alg HS512 --bytes 32
        --- stderr
        error: cannot make a secret of 32 bytes: HS512 requires 64 (RFC 7518 section 3.2)
        hint: leave `--bytes` out, or give at least 64
        --- exit 4
        $ mcpjwt secret generate --alg ES256 --bytes 32
        --- stderr
        error: `--bytes` and `--encoding` are for secrets, and ES256 takes a key pair
        hint: leave them out
        --- exit 2
        $ mcpjwt secret generate --alg ES256 --to dotenv:.env#K
        --- stderr
        error: a key pair does not fit into one line of a .env file
        hint: write it to `file:PATH`
        --- exit 2
        $ mcpjwt secret generate --encoding utf8
        --- stderr
        error: there is no such encoding
        hint: `hex`, `base64` or `base64url`
        --- exit 2
        $ mcpjwt secret generate --store cloud
        --- stderr
        error: `--store` does not take that value
        hint: one of file, keyring
        --- exit 2
        $ mcpjwt secret generate --store keyring --to file:x
        --- stderr
        error: `--store` cannot be used together with `--to`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt secret generate --to secret.txt
        --- stderr
        error: `--to` takes a place, and these 10 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt secret generate --to env:K
        --- stderr
        error: `env:K` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt secret generate --to json:c.json#k
        --- stderr
        error: this `json:` place cannot be read: a JSON pointer starts with `/`
        hint: write `json:PATH#/json/pointer`
        --- exit 2
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_keyring_as_the_store() {
    let mut room = Sandbox::default();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret generate --store keyring --dry-run",
            "mcpjwt secret generate --store keyring",
            "mcpjwt secret generate --store keyring",
            "mcpjwt secret generate",
            "mcpjwt secret list",
            "mcpjwt issue -q --sub a --no-record",
        ],
    );
    room.keyring.locked = true;
    let locked = runs(
        &mut room,
        &["mcpjwt issue --sub a", "mcpjwt secret generate"],
    );
    room.keyring.locked = false;
    room.keyring.entries.clear();
    let lost = runs(
        &mut room,
        &["mcpjwt issue --sub a", "mcpjwt secret generate"],
    );
    expect![[r#"
        $ mcpjwt secret generate --store keyring --dry-run
        --- stderr
        would write `keyring:mcpjwt/default`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret generate --store keyring
        --- stderr
        made key `eq3dFbXJtNuBM0qF` (HS256) in `keyring:mcpjwt/default`
        servers need the secret: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/default.store (0600)
        keyring:mcpjwt/default
        --- keyring:mcpjwt/default
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "eq3dFbXJtNuBM0qF",
              "k": "ZGEyMTFlNmE2NjNiZDM3MzExYWFiZWNiODZiZWRhM2ZmNmQwYzIzM2ExYzRjYjc3ZmViZTAyM2Q1MWQ2ZmM1Mw",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret generate --store keyring
        --- stderr
        error: there is a key already (`eq3dFbXJtNuBM0qF`) in `keyring:mcpjwt/default`, and it is not overwritten
        hint: see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: there is a key already (`eq3dFbXJtNuBM0qF`) in `keyring:mcpjwt/default`, and it is not overwritten
        hint: see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`
        --- exit 4
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL  FINGERPRINT
        eq3dFbXJtNuBM0qF  HS256  current  0 s  -               SHA256:eq3dFbXJtNuBM0qFfg5hE4NoEVEhWGmoQCaqbGZMSmU
        --- exit 0
        $ mcpjwt issue -q --sub a --no-record
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVxM2RGYlhKdE51Qk0wcUYifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImFmZDZkMzZjMDA1ZDJlZTFjNzI2NzNkYTBjNmE4YzUzIn0.e0CTCoGQjfDuH-WEBGhlKTlhmZOt_Ntr8OAnL7EveMA
        --- exit 0
        $ mcpjwt issue --sub a
        --- stderr
        error: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
        $ mcpjwt issue --sub a
        --- stderr
        error: the keys are kept in the keyring, but `keyring:mcpjwt/default` is not there
        hint: to begin anew with a file, remove `/home/me/.local/share/mcpjwt/default.store`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: the keys are kept in the keyring, but `keyring:mcpjwt/default` is not there
        hint: to begin anew with a file, remove `/home/me/.local/share/mcpjwt/default.store`
        --- exit 4
    "#]].assert_eq(&(shown + &locked + &lost));
}

#[test]
fn an_absent_keyring_leaves_no_file() {
    let mut room = Sandbox::default().keyring_absent();
    let shown = room.run("mcpjwt secret generate --store keyring");
    let mut taken = Sandbox::default().keyring("mcpjwt", "default", "theirs");
    let taken = taken.run("mcpjwt secret generate --store keyring");
    // An earlier run that ended between the two writes.
    let mut half = Sandbox::default();
    half.run("mcpjwt secret generate --store keyring");
    half.remove_file("~/.local/share/mcpjwt/default.store");
    let half = runs(
        &mut half,
        &[
            "mcpjwt secret generate --store keyring",
            "mcpjwt secret list",
        ],
    );
    expect![[r#"
        --- stderr
        error: there is no keyring: no session bus at `/run/user/1000/bus`
        hint: keep the value in a file instead: `file:PATH`
        --- exit 4
        --- stderr
        error: `keyring:mcpjwt/default` holds something that is not a key store of mcpjwt
        hint: if it is a key, use it with `--key keyring:mcpjwt/default`
        --- exit 4
        $ mcpjwt secret generate --store keyring
        --- stderr
        key `5g_GDEBptwToZRcD` was in `keyring:mcpjwt/default` already; it is your own store from now on
        --- ~/.local/share/mcpjwt/default.store (0600)
        keyring:mcpjwt/default
        --- exit 0
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL  FINGERPRINT
        5g_GDEBptwToZRcD  HS256  current  0 s  -               SHA256:5g_GDEBptwToZRcDY_9Wr2kQ8HUS-UzDExHh0YdQSFg
        --- exit 0
    "#]]
    .assert_eq(&(shown + &taken + &half));
}

#[test]
fn a_hint_can_be_typed_as_it_is() {
    let mut room = Sandbox::default()
        .file(
            "my secret",
            "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b",
        )
        .file_with_mode(
            "it's open",
            "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d",
            0o644,
        );
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret generate --to 'file:my secret'",
            "mcpjwt secret list --key 'file:not there'",
            "mcpjwt secret list --key 'env:not there'",
            "mcpjwt secret list --key \"file:it's open\"",
        ],
    );
    expect![[r#"
        $ mcpjwt secret generate --to 'file:my secret'
        --- stderr
        error: `file:my secret` holds a value already (48 bytes), and a key is never overwritten
        hint: use it with `--key 'file:my secret'`, or name another place
        --- exit 4
        $ mcpjwt secret list --key 'file:not there'
        --- stderr
        error: there is no key at `file:not there`
        hint: make one there with `mcpjwt secret generate --to 'file:not there'`
        --- exit 4
        $ mcpjwt secret list --key 'env:not there'
        --- stderr
        error: there is no key at `env:not there`
        hint: look whether the name is right
        --- exit 4
        $ mcpjwt secret list --key "file:it's open"
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL  FINGERPRINT
        XMN-4pVtxptfEzhA  HS256  current  -    -               SHA256:XMN-4pVtxptfEzhAhVyS9g9d2Q0jcKjgIGNeVpXtqqg
        --- stderr
        warning: others can read the key in `it's open` (mode 0644)
        hint: chmod 600 'it'\''s open'
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn beside_a_manifest_with_another_key_it_is_said_which_one_that_uses() {
    let room = || Sandbox::default().file("k", format!("{OTHER}\n"));
    let keyed = |key: &str| room().file("mcpjwt.toml", format!("key = \"{key}\"\n"));
    let mut shown = runs(
        &mut keyed("dotenv:.env#K"),
        &[
            "mcpjwt secret generate --dry-run",
            "mcpjwt secret import --from file:k --dry-run",
            "mcpjwt secret generate --dry-run --no-manifest",
            "mcpjwt secret generate --to dotenv:.env#K -q",
            "mcpjwt secret import --from file:k --dry-run --json",
        ],
    );
    for key in ["cmd:cat k", "env:K"] {
        shown.push_str(&runs(
            &mut keyed(key),
            &["mcpjwt secret generate --dry-run"],
        ));
    }
    let named = room().file("mcpjwt.toml", "iss = \"i\"\n");
    shown.push_str(&runs(
        &mut { named },
        &["mcpjwt trust --yes -q", "mcpjwt secret generate --dry-run"],
    ));
    expect![[r#"
        $ mcpjwt secret generate --dry-run
        --- stderr
        warning: this is your own store, and `~/project/mcpjwt.toml` uses the key at `dotenv:.env#K`
        hint: make one there: `mcpjwt secret generate --to dotenv:.env#K`
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret import --from file:k --dry-run
        --- stderr
        warning: this is your own store, and `~/project/mcpjwt.toml` uses the key at `dotenv:.env#K`
        hint: make one there: `mcpjwt secret generate --to dotenv:.env#K`
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + key `G-2KYj0OXRAxhfq5`, HS256, current
        --- exit 0
        $ mcpjwt secret generate --dry-run --no-manifest
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret generate --to dotenv:.env#K -q
        --- .env (0600)
        K=616750997ac05e226953798876a2c369ebfab5059be7821a2c63dd28b74ebaf5
        --- exit 0
        $ mcpjwt secret import --from file:k --dry-run --json
        --- stdout
        {
          "ok": true,
          "keys": [
            {
              "kid": "G-2KYj0OXRAxhfq5",
              "alg": "HS256",
              "kind": "secret",
              "state": "current",
              "signs": true,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": null,
              "accepted_until_at": null,
              "fingerprint": "SHA256:G-2KYj0OXRAxhfq5ovr9GuJ-l_BdKtza1KBmfDzJ-CM"
            }
          ],
          "warnings": [
            {
              "code": "key_ambiguous",
              "message": "this is your own store, and `~/project/mcpjwt.toml` uses the key at `dotenv:.env#K`",
              "hint": "to leave the manifest out, and this warning: `--no-manifest`"
            }
          ],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret generate --dry-run
        --- stderr
        warning: this is your own store, and `~/project/mcpjwt.toml` uses the key at `cmd:cat k`
        hint: to leave the manifest out, and this warning: `--no-manifest`
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret generate --dry-run
        --- stderr
        warning: this is your own store, and `~/project/mcpjwt.toml` uses the key at `env:K`
        hint: to leave the manifest out, and this warning: `--no-manifest`
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt trust --yes -q
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "5e39d9b5c618900362462ba07259892b6b84c834065fc4c409e85763780842ce",
              "at": 1763784000
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret generate --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
    "#]].assert_eq(&shown);
}
