//! What a dry run shows of keys and of trust: what would change, and no secret.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs, with_key};

const PEM: &str = include_str!("../keys/ed25519.pkcs8.pem");

#[test]
fn of_keys_their_standing_is_shown() {
    let mut sandbox = with_key().file("k.pem", PEM).file("p.json", "{}\n");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt secret generate --dry-run",
            "mcpjwt secret import --from file:k --dry-run",
            "mcpjwt secret import --from file:k -q",
            "mcpjwt secret import --from file:k --dry-run",
            "mcpjwt secret import --from file:k.pem --dry-run",
            "mcpjwt secret import --from file:k.pem --dry-run --json",
            "mcpjwt rotate-secret --stage --dry-run",
            "mcpjwt jwks --key file:k.pem --to file:jwks.json --dry-run",
            "mcpjwt jwks --key file:k.pem --to file:jwks.json --dry-run --json",
            "mcpjwt jwks --key file:k.pem --dry-run",
            "mcpjwt secret export --dry-run",
            "mcpjwt secret generate --print --dry-run",
            "mcpjwt secret generate --to - --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt secret generate --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt secret import --from file:k --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + key `UOuPGLMbqgKiRQGz`, HS256, current
        --- exit 0
        $ mcpjwt secret import --from file:k -q
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
        $ mcpjwt secret import --from file:k --dry-run
        --- stderr
        `file:~/.local/share/mcpjwt/default.jwks` would stay as it is
        --- exit 0
        $ mcpjwt secret import --from file:k.pem --dry-run
        --- stderr
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + key `euemDlbUNMlutinq`, EdDSA, previous, accepted until 2025-12-06 04:00:00 +00:00
        --- exit 0
        $ mcpjwt secret import --from file:k.pem --dry-run --json
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
        --- exit 0
        $ mcpjwt rotate-secret --stage --dry-run
        --- stderr
        would stage a key, at `file:~/.local/share/mcpjwt/default.jwks`
        would write `file:~/.local/share/mcpjwt/default.jwks`
          + a new key, HS256, next
        --- exit 0
        $ mcpjwt jwks --key file:k.pem --to file:jwks.json --dry-run
        --- stderr
        would write `file:jwks.json`
          + {
          +   "keys": [
          +     {
          +       "kty": "OKP",
          +       "use": "sig",
          +       "alg": "EdDSA",
          +       "kid": "euemDlbUNMlutinq",
          +       "crv": "Ed25519",
          +       "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4"
          +     }
          +   ]
          + }
        --- exit 0
        $ mcpjwt jwks --key file:k.pem --to file:jwks.json --dry-run --json
        --- stdout
        {
          "ok": true,
          "jwks": {
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
          },
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt jwks --key file:k.pem --dry-run
        --- stderr
        would print the public keys
        --- exit 0
        $ mcpjwt secret export --dry-run
        --- stderr
        would print the key
        --- exit 0
        $ mcpjwt secret generate --print --dry-run
        --- stderr
        would print a key, and keep nothing
        --- exit 0
        $ mcpjwt secret generate --to - --dry-run
        --- stderr
        would print a key, and keep nothing
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn of_a_key_that_goes_out_its_form_is_shown() {
    let lines = [
        "secret export --key file:k --to file:out",
        "secret export --key file:k --to file:out --format env",
        "secret export --key file:k --to file:out --format jwk",
        "secret export --key file:k --to dotenv:.env#S",
        "secret export --key file:k --to json:p.json#/k --format jwk",
        "secret export --key file:k.pem --to file:out",
        "secret export --key file:k.pem --to file:out --format jwks",
        "secret export --key file:k.pem --to file:out --public",
        "secret export --key file:k.pem --to json:p.json#/k",
        "secret export --key file:k.pem --to toml:p.toml#k",
    ];
    let mut shown = String::new();
    for line in lines {
        let sandbox = with_key().file("k.pem", PEM);
        let mut sandbox = sandbox.file("p.json", "{}\n").file("p.toml", "a = 1\n");
        let line = format!("mcpjwt {line} --dry-run");
        shown.push_str(&runs(&mut sandbox, &[&line]));
        shown.push_str(&runs(&mut sandbox, &[&format!("{line} --json")]));
    }
    let lines = PEM.lines().filter(|line| !line.starts_with("---"));
    let private = Sandbox::default().file("k.pem", PEM);
    let jwk = { private }.run("mcpjwt secret export --key file:k.pem --format jwk");
    let (_, d) = jwk.split_once("\"d\": \"").unwrap();
    let (d, _) = d.split_once('"').unwrap();
    for secret in lines.chain([SECRET, d, "OGMxZjBlNmIy"]) {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    expect![[r#"
        $ mcpjwt secret export --key file:k --to file:out --dry-run
        --- stderr
        would write `file:out`
          + <64 characters>
        --- exit 0
        $ mcpjwt secret export --key file:k --to file:out --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k --to file:out --format env --dry-run
        --- stderr
        nothing says another `JWT_ISSUER`, so it is the one that `mcpjwt issue` takes then
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        would write `file:out`
          + JWT_SECRET=<64 characters>
          + JWT_ALGORITHM=<5 characters>
          + JWT_ISSUER=<6 characters>
          + JWT_AUDIENCE=mcp
        --- exit 0
        $ mcpjwt secret export --key file:k --to file:out --format env --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k --to file:out --format jwk --dry-run
        --- stderr
        would write `file:out`
          + {
          +   "kty": "oct",
          +   "use": "sig",
          +   "kid": "<16 characters>",
          +   "k": "<86 characters>"
          + }
        --- exit 0
        $ mcpjwt secret export --key file:k --to file:out --format jwk --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k --to dotenv:.env#S --dry-run
        --- stderr
        would write `dotenv:.env#S`
          + S=<64 characters>
        --- exit 0
        $ mcpjwt secret export --key file:k --to dotenv:.env#S --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "dotenv:.env#S",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k --to json:p.json#/k --format jwk --dry-run
        --- stderr
        would write `json:p.json#/k`
          - {}
          + {
          +   "k": "{\n  \"kty\": \"oct\",\n  \"use\": \"sig\",\n  \"kid\": \"<16 characters>\",\n  \"k\": \"<86 characters>\"\n}"
          + }
        --- exit 0
        $ mcpjwt secret export --key file:k --to json:p.json#/k --format jwk --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "json:p.json#/k",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --dry-run
        --- stderr
        would write `file:out`
          + -----BEGIN PRIVATE KEY-----
          + <64 characters>
          + -----END PRIVATE KEY-----
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --format jwks --dry-run
        --- stderr
        would write `file:out`
          + {
          +   "keys": [
          +     {
          +       "kty": "OKP",
          +       "use": "sig",
          +       "kid": "<16 characters>",
          +       "crv": "<7 characters>",
          +       "x": "<43 characters>",
          +       "d": "<43 characters>"
          +     }
          +   ]
          + }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --format jwks --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --public --dry-run
        --- stderr
        would write `file:out`
          + -----BEGIN PUBLIC KEY-----
          + MCowBQYDK2VwAyEAAlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4=
          + -----END PUBLIC KEY-----
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to file:out --public --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "file:out",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to json:p.json#/k --dry-run
        --- stderr
        would write `json:p.json#/k`
          - {}
          + {
          +   "k": "-----BEGIN PRIVATE KEY-----\n<64 characters>\n-----END PRIVATE KEY-----"
          + }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to json:p.json#/k --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "json:p.json#/k",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to toml:p.toml#k --dry-run
        --- stderr
        would write `toml:p.toml#k`
          + k = "-----BEGIN PRIVATE KEY-----\n<64 characters>\n-----END PRIVATE KEY-----"
        --- exit 0
        $ mcpjwt secret export --key file:k.pem --to toml:p.toml#k --dry-run --json
        --- stdout
        {
          "ok": true,
          "place": "toml:p.toml#k",
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn what_would_be_trusted_is_shown_and_nobody_is_asked() {
    let mut sandbox = Sandbox::default().file("mcpjwt.toml", "key = \"cmd:cat key\"\n");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt trust --dry-run",
            "mcpjwt trust --dry-run --json",
            "mcpjwt trust --yes -q",
            "mcpjwt trust --dry-run",
        ],
    );
    let mut sandbox = Sandbox::default().file("mcpjwt.toml", "key = \"env:K\"\n");
    let without = runs(&mut sandbox, &["mcpjwt trust --dry-run"]);
    expect![[r#"
        $ mcpjwt trust --dry-run
        --- stderr
        `~/project/mcpjwt.toml` wants
        WHO    DOES            WHAT
        `key`  runs a command  cmd:cat key
        would trust `~/project/mcpjwt.toml` until it changes
        --- exit 0
        $ mcpjwt trust --dry-run --json
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "sha256": "c5a26d00aebb284c4639827bcba98fac2a8eb8dcede99e3058527b34b475fc4d",
          "trusted": false,
          "wants": [
            {
              "who": "`key`",
              "does": "runs a command",
              "what": "cmd:cat key"
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt trust --yes -q
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "c5a26d00aebb284c4639827bcba98fac2a8eb8dcede99e3058527b34b475fc4d",
              "at": 1763784000
            }
          ]
        }
        --- exit 0
        $ mcpjwt trust --dry-run
        --- stderr
        `~/project/mcpjwt.toml` is trusted already
        --- exit 0
        $ mcpjwt trust --dry-run
        --- stderr
        `~/project/mcpjwt.toml` needs no trust: it uses variables and files in its own folder only
        --- exit 0
    "#]]
    .assert_eq(&(shown + &without));
}
