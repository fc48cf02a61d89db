//! `mcpjwt secret list`, `export`, `import` and `prune`: the person's own store.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs, with_key};

const STORE: &str = "~/.local/share/mcpjwt/default.jwks";
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
        hint: put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `--from ask`
        --- exit 2
        $ mcpjwt secret import
        --- stderr
        error: `--from` is missing
        hint: say where the key is: `mcpjwt secret import --from PLACE`
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
        would write `file:~/.local/share/mcpjwt/default.jwks`
          - key `euemDlbUNMlutinq`, EdDSA, previous, accepted until 2025-12-06 04:00:00 +00:00
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

#[test]
fn a_store_that_is_not_ours_is_left_alone() {
    let mut shown = String::new();
    for text in ["my notes\n", PEM, r#"{"keys":[{"kty":"oct","k":"YQ"}]}"#] {
        let mut room = with_key();
        room.put_file(STORE, text, 0o600);
        shown += &runs(
            &mut room,
            &[
                "mcpjwt issue --sub a",
                "mcpjwt secret generate",
                "mcpjwt secret import --from file:k",
            ],
        );
        assert_eq!(room.text(STORE).as_deref(), Some(text));
    }
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret import --from file:k
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret import --from file:k
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
        $ mcpjwt secret import --from file:k
        --- stderr
        error: cannot read the key store `/home/me/.local/share/mcpjwt/default.jwks`: it is not a key store of mcpjwt
        hint: it is left as it is: move it away, then take its keys with `mcpjwt secret import`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_store_without_keys_is_an_empty_one() {
    for text in ["", " \n\n", "{\"keys\":[]}\n"] {
        for line in [
            "mcpjwt issue --sub a",
            "mcpjwt secret generate",
            "mcpjwt secret generate --store keyring",
            "mcpjwt secret import --from file:k",
        ] {
            let mut room = with_key();
            room.put_file(STORE, text, 0o600);
            let shown = room.run_raw(line);
            assert_eq!(shown.code, 0, "{text:?} {line}: {}", shown.stderr);
            let shown = room.run_raw("mcpjwt issue --sub a");
            assert_eq!(shown.code, 0, "{text:?} {line}: {}", shown.stderr);
            assert!(
                !shown.stderr.contains("there was no key yet"),
                "{text:?} {line}"
            );
        }
        let mut room = Sandbox::default().keyring("mcpjwt", "default", text);
        room.put_file(
            "~/.local/share/mcpjwt/default.store",
            "keyring:mcpjwt/default\n",
            0o600,
        );
        let shown = room.run_raw("mcpjwt issue --sub a");
        assert!(
            shown.stderr.contains("in `keyring:mcpjwt/default`"),
            "{}",
            shown.stderr
        );
    }
}

#[test]
fn a_store_without_a_current_key_gets_one_and_keeps_the_others() {
    let mut room = with_key().file("public", include_str!("../keys/p256.spki.pem"));
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret import -q --from file:public --json",
            "mcpjwt issue --sub a",
            "mcpjwt secret generate --store keyring",
            "mcpjwt secret generate --dry-run",
            "mcpjwt secret generate",
            "mcpjwt secret list",
            "mcpjwt issue -q --sub a --no-record",
        ],
    );
    room.later(14 * 86_400);
    let late = runs(
        &mut room,
        &["mcpjwt secret prune --json", "mcpjwt secret list"],
    );
    expect![[r#"
        $ mcpjwt secret import -q --from file:public --json
        --- stdout
        {
          "ok": true,
          "keys": [
            {
              "kid": "gnwaR1r5Q5Xw6rCe",
              "alg": "ES256",
              "kind": "P-256",
              "state": "previous",
              "signs": false,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": 1764993600,
              "accepted_until_at": "2025-12-06T04:00:00Z",
              "fingerprint": "SHA256:gnwaR1r5Q5Xw6rCeVBrbMbGw68Pm0UF7X5vMG-51FKM"
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
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
        $ mcpjwt issue --sub a
        --- stderr
        error: cannot sign: no key of the set is the current one
        hint: make one with `mcpjwt secret generate`
        --- exit 4
        $ mcpjwt secret generate --store keyring
        --- stderr
        error: there is a key already (`gnwaR1r5Q5Xw6rCe`) in `file:~/.local/share/mcpjwt/default.jwks`, and it is not overwritten
        hint: see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`
        --- exit 4
        $ mcpjwt secret generate --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret generate
        --- stderr
        made key `Z-KfO0oyr9vZ8LjA` (HS256) in `file:~/.local/share/mcpjwt/default.jwks`
        servers need the secret: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
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
              "kid": "Z-KfO0oyr9vZ8LjA",
              "k": "NjE2NzUwOTk3YWMwNWUyMjY5NTM3OTg4NzZhMmMzNjllYmZhYjUwNTliZTc4MjFhMmM2M2RkMjhiNzRlYmFmNQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE     AGE  ACCEPTED UNTIL                        FINGERPRINT
        gnwaR1r5Q5Xw6rCe  ES256  previous  0 s  2025-12-06 04:00:00 +00:00 (in 14 d)  SHA256:gnwaR1r5Q5Xw6rCeVBrbMbGw68Pm0UF7X5vMG-51FKM
        Z-KfO0oyr9vZ8LjA  HS256  current   0 s  -                                     SHA256:Z-KfO0oyr9vZ8LjAXRXXwfS7Jf3Gr5XX8CRzmeeqXPY
        --- exit 0
        $ mcpjwt issue -q --sub a --no-record
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlotS2ZPMG95cjl2WjhMakEifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjRlYjM0NTRhZGY1NDAzZWIzMDY0MDFhMzI0OTkwZmRmIn0.6Lq7vgDevzJTmc7AYjnvFj0n4SbD7CQzAWRKRMy0o5E
        --- exit 0
        $ mcpjwt secret prune --json
        --- stdout
        {
          "ok": true,
          "pruned": [
            "gnwaR1r5Q5Xw6rCe"
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
              "kid": "Z-KfO0oyr9vZ8LjA",
              "k": "NjE2NzUwOTk3YWMwNWUyMjY5NTM3OTg4NzZhMmMzNjllYmZhYjUwNTliZTc4MjFhMmM2M2RkMjhiNzRlYmFmNQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE    AGE   ACCEPTED UNTIL  FINGERPRINT
        Z-KfO0oyr9vZ8LjA  HS256  current  14 d  -               SHA256:Z-KfO0oyr9vZ8LjAXRXXwfS7Jf3Gr5XX8CRzmeeqXPY
        --- exit 0
    "#]].assert_eq(&(shown + &late));
}

#[test]
fn a_store_pruned_of_its_last_key_is_an_empty_one() {
    let mut room = Sandbox::default().file("public", include_str!("../keys/p256.spki.pem"));
    room.run("mcpjwt secret import --from file:public");
    room.later(14 * 86_400);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret prune",
            "mcpjwt secret prune",
            "mcpjwt issue -q --sub a --no-record",
        ],
    );
    expect![[r#"
        $ mcpjwt secret prune
        --- stderr
        forgot `gnwaR1r5Q5Xw6rCe`
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": []
        }
        --- exit 0
        $ mcpjwt secret prune
        --- stderr
        nothing to prune: there is no key yet
        --- exit 0
        $ mcpjwt issue -q --sub a --no-record
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjVnX0dERUJwdHdUb1pSY0QifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzY0OTkzNTk1LCJleHAiOjE3NjUwODAwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.MqfnF549z4awiumNL3xCuqPUNVuhQ3ro5S0nuNsXbvo
        --- stderr
        warning: there was no key yet: made `5g_GDEBptwToZRcD` (HS256) in `file:~/.local/share/mcpjwt/default.jwks`
        hint: a server must know it: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1764993600,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn an_imported_key_is_known_by_its_material() {
    let named = |secret: &str| {
        format!(r#"{{"keys":[{{"kty":"oct","alg":"HS256","kid":"main","k":"{secret}"}}]}}"#)
    };
    let mut room = Sandbox::default()
        .file(
            "one",
            named("OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBl"),
        )
        .file(
            "two",
            named("ZDJjNGI2YTg5MDdmNWUzZDFiMjkzODQ3NTZhZmJlY2QwZjFlMmQzYzRi"),
        )
        .file("public", include_str!("../keys/p256.spki.pem"))
        .file("private", include_str!("../keys/p256.pkcs8.pem"));
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret import --from file:one",
            "mcpjwt secret import --from file:one",
            "mcpjwt secret import --from file:two",
            "mcpjwt secret import --from file:two --json",
            "mcpjwt secret import --from file:public -q",
            "mcpjwt secret import --from file:private",
            "mcpjwt secret import --from file:public",
        ],
    );
    room.remove_file(STORE);
    let alone = runs(
        &mut room,
        &[
            "mcpjwt secret import --from file:public -q",
            "mcpjwt secret import --from file:private",
        ],
    );
    expect![[r#"
        $ mcpjwt secret import --from file:one
        --- stderr
        imported key `main`; tokens are signed with it from now on
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "main",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBl",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret import --from file:one
        --- stderr
        key `main` is in the store already
        --- exit 0
        $ mcpjwt secret import --from file:two
        --- stderr
        error: the store has another key by the name of `main`; nothing was imported
        hint: give the key another `kid`, or use it where it is with `--key`
        --- exit 4
        $ mcpjwt secret import --from file:two --json
        --- stdout
        {
          "ok": false,
          "keys": null,
          "warnings": [],
          "errors": [
            {
              "code": "key_exists",
              "message": "the store has another key by the name of `main`; nothing was imported",
              "hint": "give the key another `kid`, or use it where it is with `--key`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt secret import --from file:public -q
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "main",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBl",
              "iat": 1763784000,
              "mcpjwt_state": "current"
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
        $ mcpjwt secret import --from file:private
        --- stderr
        key `gnwaR1r5Q5Xw6rCe` has its private half now, and stands as it did
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "main",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBl",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            },
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg",
              "d": "2s9CEqgxVlpO-ahLSQWjvZGWQaL8g3746gUiQJBTndE",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret import --from file:public
        --- stderr
        key `gnwaR1r5Q5Xw6rCe` is in the store already
        --- exit 0
        $ mcpjwt secret import --from file:public -q
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
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
        $ mcpjwt secret import --from file:private
        --- stderr
        key `gnwaR1r5Q5Xw6rCe` has its private half now; tokens are signed with it from now on
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "EC",
              "use": "sig",
              "alg": "ES256",
              "kid": "gnwaR1r5Q5Xw6rCe",
              "crv": "P-256",
              "x": "JtM2cgVnAP2Ry1iDq9Hs87PFq-Ok2PX7dkwzcGdwoSY",
              "y": "Ep5BrgPQAZuiESu-dMjmTDa4bbcRq7G0YVfK7ITpHrg",
              "d": "2s9CEqgxVlpO-ahLSQWjvZGWQaL8g3746gUiQJBTndE",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
    "#]]
    .assert_eq(&(shown + &alone));
}

#[test]
fn at_80_columns_what_is_compared_is_whole() {
    let jwks = r#"{"keys":[
        {"kty":"oct","alg":"HS256","kid":"k1","k":"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA","mcpjwt_state":"current","iat":1760000000},
        {"kty":"oct","alg":"HS512","kid":"UOuPGLMbqgKiRQGz","k":"ZDJjNGI2YTg5MDdmNWUzZDFiMjkzODQ3NTZhZmJlY2QwZjFlMmQzYzRiNWE2OTc4ODc5NmE1YjRjM2QyZTFmMA","mcpjwt_state":"previous","exp":1764993600}
    ]}"#;
    let long = jwks.replace("\"k1\"", "\"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\"");
    let mut shown = String::new();
    for set in [jwks, &long] {
        let mut sandbox = Sandbox::default().terminal(80).file(STORE, set);
        shown.push_str(&runs(&mut sandbox, &["mcpjwt secret list --color never"]));
    }
    expect![[r#"
        $ mcpjwt secret list --color never
        --- stdout
        KID               ALG    STATE     AGE   ACCEPTED UNTIL
        k1                HS256  current   44 d  -
          SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        UOuPGLMbqgKiRQGz  HS512  previous  -     2025-12-06 04:00:00 +00:00 (in 14 d)
          SHA256:G-2KYj0OXRAxhfq5ovr9GuJ-l_BdKtza1KBmfDzJ-CM
        --- exit 0
        $ mcpjwt secret list --color never
        --- stdout
        KID             NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
        ALG             HS256
        STATE           current
        AGE             44 d
        ACCEPTED UNTIL  -
        FINGERPRINT     SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE

        KID             UOuPGLMbqgKiRQGz
        ALG             HS512
        STATE           previous
        AGE             -
        ACCEPTED UNTIL  2025-12-06 04:00:00 +00:00 (in 14 d)
        FINGERPRINT     SHA256:G-2KYj0OXRAxhfq5ovr9GuJ-l_BdKtza1KBmfDzJ-CM
        --- exit 0
    "#]]
    .assert_eq(&shown);
}
