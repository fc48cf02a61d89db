//! `mcpjwt secret export`.

use expect_test::expect;

use super::store::room;
use crate::runs;

#[test]
fn export_in_every_form() {
    let mut room = room()
        .env("MCPJWT_ISS", "exai")
        .env("MCPJWT_AUD", "https://mcp.example.com");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret export",
            "mcpjwt secret export --format text",
            "mcpjwt secret export --format env",
            "mcpjwt secret export --env SUPABASE_JWT_SECRET",
            "mcpjwt secret export --format jwk",
            "mcpjwt secret export --format jwks",
            "mcpjwt secret export --format pem",
            "mcpjwt secret export --public",
            "mcpjwt secret export --key file:pem",
            "mcpjwt secret export --key file:pem --public",
            "mcpjwt secret export --key file:pem --public --format env",
            "mcpjwt secret export --key file:pem --public --format jwk",
            "mcpjwt secret export --key file:pem --format text",
            "mcpjwt secret export --kid other",
            "mcpjwt secret export --env 1X",
            "mcpjwt secret export --env X --format jwk",
        ],
    );
    expect![[r#"
        $ mcpjwt secret export
        --- stdout
        8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- exit 0
        $ mcpjwt secret export --format text
        --- stdout
        8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- exit 0
        $ mcpjwt secret export --format env
        --- stdout
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        JWT_ALGORITHM=HS256
        JWT_ISSUER=exai
        JWT_AUDIENCE=https://mcp.example.com
        --- exit 0
        $ mcpjwt secret export --env SUPABASE_JWT_SECRET
        --- stdout
        SUPABASE_JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        JWT_ALGORITHM=HS256
        JWT_ISSUER=exai
        JWT_AUDIENCE=https://mcp.example.com
        --- exit 0
        $ mcpjwt secret export --format jwk
        --- stdout
        {
          "kty": "oct",
          "use": "sig",
          "alg": "HS256",
          "kid": "UOuPGLMbqgKiRQGz",
          "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA"
        }
        --- exit 0
        $ mcpjwt secret export --format jwks
        --- stdout
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "UOuPGLMbqgKiRQGz",
              "k": "OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA"
            }
          ]
        }
        --- exit 0
        $ mcpjwt secret export --format pem
        --- stderr
        error: a secret has no PEM form
        hint: export it with `--format jwk` or `--format text`
        --- exit 4
        $ mcpjwt secret export --public
        --- stderr
        error: a secret has no public part
        hint: servers that check HS256 need the secret itself: leave out `--public`
        --- exit 4
        $ mcpjwt secret export --key file:pem
        --- stdout
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIKEJ2xQS3YWAxRR2sh0fbmIEtCx/x26If8xCRH9IUXJ7
        -----END PRIVATE KEY-----
        --- exit 0
        $ mcpjwt secret export --key file:pem --public
        --- stdout
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAAlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4=
        -----END PUBLIC KEY-----
        --- exit 0
        $ mcpjwt secret export --key file:pem --public --format env
        --- stdout
        JWT_PUBLIC_KEY="-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4=\n-----END PUBLIC KEY-----"
        JWT_ALGORITHM=EdDSA
        JWT_ISSUER=exai
        JWT_AUDIENCE=https://mcp.example.com
        --- exit 0
        $ mcpjwt secret export --key file:pem --public --format jwk
        --- stdout
        {
          "kty": "OKP",
          "use": "sig",
          "kid": "euemDlbUNMlutinq",
          "crv": "Ed25519",
          "x": "AlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4"
        }
        --- exit 0
        $ mcpjwt secret export --key file:pem --format text
        --- stderr
        error: only a secret is plain text
        hint: use `--format pem`
        --- exit 2
        $ mcpjwt secret export --kid other
        --- stderr
        error: there is no key with that `--kid`
        hint: one of `UOuPGLMbqgKiRQGz`, `euemDlbUNMlutinq`
        --- exit 4
        $ mcpjwt secret export --env 1X
        --- stderr
        error: `--env` is no name of a variable
        hint: letters, digits and `_`, not beginning with a digit
        --- exit 2
        $ mcpjwt secret export --env X --format jwk
        --- stderr
        error: `--env` names the variable of `--format env`
        hint: leave out one of the two
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn export_into_places() {
    let mut room = room().file("server.env", "PORT=1\nJWT_SECRET=other\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret export --to file:s",
            "mcpjwt secret export --to file:s",
            "mcpjwt secret export --to dotenv:server.env#JWT_SECRET",
            "mcpjwt secret export --to dotenv:server.env#JWT_SECRET --force",
            "mcpjwt secret export --to keyring:exai/jwt",
            "mcpjwt secret export --format env --to file:new.env",
            "mcpjwt secret export --format env --to dotenv:server.env#A",
            "mcpjwt secret export --key file:pem --public --to file:public.pem",
            "mcpjwt secret export --key file:pem --public --to dotenv:server.env#PUBLIC",
            "mcpjwt secret export --to env:X",
            "mcpjwt secret export --to x",
        ],
    );
    expect![[r#"
        $ mcpjwt secret export --to file:s
        --- stderr
        wrote the key to `file:s`
        --- s (0600)
        8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- exit 0
        $ mcpjwt secret export --to file:s
        --- stderr
        `file:s` has it already
        --- exit 0
        $ mcpjwt secret export --to dotenv:server.env#JWT_SECRET
        --- stderr
        error: `dotenv:server.env#JWT_SECRET` holds a value already (5 bytes), and a key is never overwritten
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt secret export --to dotenv:server.env#JWT_SECRET --force
        --- stderr
        wrote the key to `dotenv:server.env#JWT_SECRET`
        --- server.env (0600)
        PORT=1
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- exit 0
        $ mcpjwt secret export --to keyring:exai/jwt
        --- stderr
        wrote the key to `keyring:exai/jwt`
        --- keyring:exai/jwt
        8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- (no newline at the end)
        --- exit 0
        $ mcpjwt secret export --format env --to file:new.env
        --- stderr
        nothing says another `JWT_ISSUER`, so it is the one that `mcpjwt issue` takes then
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        wrote the key to `file:new.env`
        --- new.env (0600)
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        JWT_ALGORITHM=HS256
        JWT_ISSUER=mcpjwt
        JWT_AUDIENCE=mcp
        --- exit 0
        $ mcpjwt secret export --format env --to dotenv:server.env#A
        --- stderr
        nothing says another `JWT_ISSUER`, so it is the one that `mcpjwt issue` takes then
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        error: cannot edit `dotenv:server.env#A`: cannot write `A`: its value holds a line end, which readers differ about
        hint: keep it in a `file:` place, or use a value of letters, digits and `_./:@%+=,-`
        --- exit 4
        $ mcpjwt secret export --key file:pem --public --to file:public.pem
        --- stderr
        wrote the key to `file:public.pem`
        --- public.pem (0644)
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAAlGV7VX0BCrWIcuxE4IDPzP8a8gaGJU3o0RZr3CWhl4=
        -----END PUBLIC KEY-----
        --- exit 0
        $ mcpjwt secret export --key file:pem --public --to dotenv:server.env#PUBLIC
        --- stderr
        error: cannot edit `dotenv:server.env#PUBLIC`: cannot write `PUBLIC`: its value holds a blank, which readers differ about
        hint: keep it in a `file:` place, or use a value of letters, digits and `_./:@%+=,-`
        --- exit 4
        $ mcpjwt secret export --to env:X
        --- stderr
        error: `env:X` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt secret export --to x
        --- stderr
        error: `--to` takes a place, and these 1 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_line_of_env_is_one_that_every_reader_reads_the_same() {
    let mut room = room()
        .file("odd", "$HOME 8c1f0e6b2d97a4453ef10b7c6d28e95f # x")
        .file("quoted", "8c1f0e6b2d97a4453e\"f10b7c6d28e95f")
        .file("lines", "8c1f0e6b2d97a4453ef10b7c\nJWT_ALGORITHM=none");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret export --format env --key file:odd",
            "mcpjwt secret export --format env --key file:quoted",
            "mcpjwt secret export --format env --key file:lines",
            "mcpjwt secret export --format jwk --key file:odd",
            "mcpjwt secret export --key file:odd --to file:out",
            "mcpjwt secret export --env JWT_ISSUER",
            "mcpjwt secret export --format env --key file:pem",
        ],
    );
    let mut room = room.env("MCPJWT_ISS", "a\nJWT_SECRET=x");
    let issuer = runs(&mut room, &["mcpjwt secret export --format env"]);
    expect![[r#"
        $ mcpjwt secret export --format env --key file:odd
        --- stderr
        error: cannot write `JWT_SECRET`: its value holds `$`, which readers differ about
        hint: use `--format jwk`, or `--to file:PATH` without `--format env`
        --- exit 4
        $ mcpjwt secret export --format env --key file:quoted
        --- stderr
        error: cannot write `JWT_SECRET`: its value holds a quote, which readers differ about
        hint: use `--format jwk`, or `--to file:PATH` without `--format env`
        --- exit 4
        $ mcpjwt secret export --format env --key file:lines
        --- stderr
        error: cannot write `JWT_SECRET`: its value holds a line end, which readers differ about
        hint: use `--format jwk`, or `--to file:PATH` without `--format env`
        --- exit 4
        $ mcpjwt secret export --format jwk --key file:odd
        --- stdout
        {
          "kty": "oct",
          "use": "sig",
          "kid": "icI2Dlour8Lmtjwc",
          "k": "JEhPTUUgOGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWYgIyB4"
        }
        --- exit 0
        $ mcpjwt secret export --key file:odd --to file:out
        --- stderr
        wrote the key to `file:out`
        --- out (0600)
        $HOME 8c1f0e6b2d97a4453ef10b7c6d28e95f # x
        --- exit 0
        $ mcpjwt secret export --env JWT_ISSUER
        --- stderr
        nothing says another `JWT_ISSUER`, so it is the one that `mcpjwt issue` takes then
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        error: `--env` is `JWT_ISSUER`, which is written beside the key
        hint: give the key a name of its own
        --- exit 2
        $ mcpjwt secret export --format env --key file:pem
        --- stdout
        JWT_PRIVATE_KEY="-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIKEJ2xQS3YWAxRR2sh0fbmIEtCx/x26If8xCRH9IUXJ7\n-----END PRIVATE KEY-----"
        JWT_ALGORITHM=EdDSA
        JWT_ISSUER=mcpjwt
        JWT_AUDIENCE=mcp
        --- stderr
        this is the private key; a server needs `--public`
        nothing says another `JWT_ISSUER`, so it is the one that `mcpjwt issue` takes then
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        --- exit 0
        $ mcpjwt secret export --format env
        --- stderr
        nothing says another `JWT_AUDIENCE`, so it is the one that `mcpjwt issue` takes then
        error: cannot write `JWT_ISSUER`: its value holds a line end, which readers differ about
        hint: change `MCPJWT_ISS`, or take the key alone with `--format jwk`
        --- exit 4
    "#]].assert_eq(&(shown + &issuer));
}

#[test]
fn a_public_set_of_one_key() {
    let mut room = room().file("p256", include_str!("../keys/p256.pkcs8.pem"));
    room.run("mcpjwt secret import --from file:p256");
    room.later(15 * 86_400);
    let shown = runs(
        &mut room,
        &["mcpjwt secret export --public --kid gnwaR1r5Q5Xw6rCe --format jwks"],
    );
    expect![[r#"
        $ mcpjwt secret export --public --kid gnwaR1r5Q5Xw6rCe --format jwks
        --- stdout
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
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_server_is_told_what_the_manifest_says() {
    let head = |aud: &str| format!("iss = \"i\"\naud = {aud}\nkey = \"file:k\"\n");
    let mut room = crate::with_key().file("mcpjwt.toml", head("\"a\""));
    let one = room.run("mcpjwt secret export --format env");
    room.put_file("mcpjwt.toml", head("[\"b\", \"a\"]"), 0o600);
    let two = room.run("mcpjwt secret export --format env");
    expect![[r#"
        --- stdout
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        JWT_ALGORITHM=HS256
        JWT_ISSUER=i
        JWT_AUDIENCE=a
        --- exit 0
        --- stdout
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        JWT_ALGORITHM=HS256
        JWT_ISSUER=i
        JWT_AUDIENCE=b
        --- stderr
        `JWT_AUDIENCE` is the first audience of the manifest; it has `b`, `a`
        --- exit 0
    "#]]
    .assert_eq(&(one + &two));
}
