//! `mcpjwt secret list`, `export`, `import` and `prune`: the person's own store.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs, with_key};

const PEM: &str = include_str!("../keys/ed25519.pkcs8.pem");

/// A store with a current secret, and a key pair as a previous key.
pub(super) fn room() -> Sandbox {
    let mut room = with_key().file("pem", PEM);
    for from in ["file:k", "file:pem"] {
        let shown = room.run_raw(&format!("mcpjwt secret import --from {from}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    room
}

#[test]
fn the_list_never_shows_material() {
    let mut room = room();
    room.later(3 * 86_400);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret list",
            "mcpjwt key list --json",
            "mcpjwt secret list --key file:pem",
        ],
    );
    assert!(!shown.contains(SECRET), "{shown}");
    expect![[r#"
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE     AGE  ACCEPTED UNTIL                        FINGERPRINT
        UOuPGLMbqgKiRQGz  HS256  current   3 d  -                                     SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        euemDlbUNMlutinq  EdDSA  previous  3 d  2025-12-06 04:00:00 +00:00 (in 11 d)  SHA256:euemDlbUNMlutinqnB7nvMMSYEy5-wNSzWeIDnLTU9E
        --- exit 0
        $ mcpjwt key list --json
        --- stdout
        {
          "ok": true,
          "keys": [
            {
              "kid": "UOuPGLMbqgKiRQGz",
              "alg": "HS256",
              "kind": "secret",
              "state": "current",
              "signs": true,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": null,
              "accepted_until_at": null,
              "fingerprint": "SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE"
            },
            {
              "kid": "euemDlbUNMlutinq",
              "alg": "EdDSA",
              "kind": "Ed25519",
              "state": "previous",
              "signs": true,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": 1764993600,
              "accepted_until_at": "2025-12-06T04:00:00Z",
              "fingerprint": "SHA256:euemDlbUNMlutinqnB7nvMMSYEy5-wNSzWeIDnLTU9E"
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret list --key file:pem
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL  FINGERPRINT
        euemDlbUNMlutinq  EdDSA  current  -    -               SHA256:euemDlbUNMlutinqnB7nvMMSYEy5-wNSzWeIDnLTU9E
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn import_keeps_the_current_key_and_takes_nothing_twice() {
    let shown = runs(
        &mut with_key()
            .file("pem", PEM)
            .file("short", "short\n")
            .file("public", include_str!("../keys/p256.spki.pem")),
        &[
            "mcpjwt secret import --from file:k",
            "mcpjwt secret import --from file:k",
            "mcpjwt secret import --from file:pem --json",
            "mcpjwt secret import --from file:short",
            "mcpjwt secret import --from file:public",
            "mcpjwt secret import --from file:absent",
            "mcpjwt secret import --from mysecret",
            "mcpjwt secret import",
            "mcpjwt secret import --from file:pem --alg HS256",
            "mcpjwt secret import --from file:k --key-encoding hex",
        ],
    );
    expect![[r#"
        $ mcpjwt secret import --from file:k
        --- stderr
        imported key `UOuPGLMbqgKiRQGz`; tokens are signed with it from now on
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret import --from file:k
        --- stderr
        key `UOuPGLMbqgKiRQGz` is in the store already
        --- exit 0
        $ mcpjwt secret import --from file:pem --json
        --- stdout
        {
          "ok": true,
          "keys": [
            {
              "kid": "euemDlbUNMlutinq",
              "alg": "EdDSA",
              "kind": "Ed25519",
              "state": "previous",
              "signs": true,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": 1764993600,
              "accepted_until_at": "2025-12-06T04:00:00Z",
              "fingerprint": "SHA256:euemDlbUNMlutinqnB7nvMMSYEy5-wNSzWeIDnLTU9E"
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            },
            {
              "kty": "OKP",
              "use": "sig",
              "alg": "EdDSA",
              "kid": "euemDlbUNMlutinq",
              "crv": "Ed25519",
              "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4",
              "d": "oQnbFBLdhYDFFHayHR9uYgS0LH_Hboh_zEJEf0hRcns",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret import --from file:short
        --- stderr
        error: the secret has 5 bytes, and HS256 requires 32 (RFC 7518 section 3.2)
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt secret import --from file:public
        --- stderr
        imported key `gnwaR1r5Q5Xw6rCe` as a previous one: accepted for 14 d, not signed with
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            },
            {
              "kty": "OKP",
              "use": "sig",
              "alg": "EdDSA",
              "kid": "euemDlbUNMlutinq",
              "crv": "Ed25519",
              "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4",
              "d": "oQnbFBLdhYDFFHayHR9uYgS0LH_Hboh_zEJEf0hRcns",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            },
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret import --from file:absent
        --- stderr
        error: there is no key at `file:absent`
        hint: make one there with `mcpjwt secret generate --to file:absent`
        --- exit 4
        $ mcpjwt secret import --from mysecret
        --- stderr
        error: the key is no place, but 8 characters of something else; a secret does not belong on the command line
        hint: put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `--key ask`
        --- exit 2
        $ mcpjwt secret import
        --- stderr
        error: `--from` is missing
        hint: see `mcpjwt secret import --help`
        --- exit 2
        $ mcpjwt secret import --from file:pem --alg HS256
        --- stderr
        error: HS256 takes a key of kind secret, and this one is of kind Ed25519
        --- exit 4
        $ mcpjwt secret import --from file:k --key-encoding hex
        --- stderr
        imported key `nNPEYK9Pb3-uJG6M` as a previous one: accepted for 14 d, not signed with
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            },
            {
              "kty": "OKP",
              "use": "sig",
              "alg": "EdDSA",
              "kid": "euemDlbUNMlutinq",
              "crv": "Ed25519",
              "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4",
              "d": "oQnbFBLdhYDFFHayHR9uYgS0LH_Hboh_zEJEf0hRcns",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            },
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            },
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "nNPEYK9Pb3-uJG6M",
              "k": "jB8Oay2XpEU-8Qt8bSjpX0o7fB0On4p7bF1OPyobDJ0",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            }
          ]
        }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn prune_forgets_what_is_over_and_asks_a_person() {
    let mut room = room();
    let early = runs(
        &mut room,
        &["mcpjwt secret prune", "mcpjwt secret prune --json"],
    );
    room.later(14 * 86_400);
    let late = runs(&mut room, &["mcpjwt secret prune --dry-run"]);
    let mut room = room.terminal(80).answer("n");
    let asked = room.run("mcpjwt secret prune --color never");
    room.set_answers(&["y"]);
    let agreed = room.run("mcpjwt secret prune --color never");
    let empty = Sandbox::default().run("mcpjwt secret prune");
    expect![[r#"
        $ mcpjwt secret prune
        --- stderr
        nothing to prune: every key is still accepted
        --- exit 0
        $ mcpjwt secret prune --json
        --- stdout
        {
          "ok": true,
          "pruned": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret prune --dry-run
        --- stderr
        would forget `euemDlbUNMlutinq`
        --- exit 0
        --- stderr
        forget `euemDlbUNMlutinq` in `file:~/.local/share/mcpjwt/default.jwks`? [y/N] 
        nothing was changed
        --- exit 1
        --- stderr
        forget `euemDlbUNMlutinq` in `file:~/.local/share/mcpjwt/default.jwks`? [y/N] 
        forgot `euemDlbUNMlutinq`
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        --- stderr
        nothing to prune: there is no key yet
        --- exit 0
    "#]].assert_eq(&(early + &late + &asked + &agreed + &empty));
}
