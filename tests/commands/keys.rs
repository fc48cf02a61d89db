//! Keys as input: kinds of text, weak ones, ambiguous ones, and where they are looked for.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs, with_key};

#[test]
fn every_kind_of_key_file_signs_and_its_public_half_verifies() {
    let pem = |name: &str| std::fs::read_to_string(format!("tests/keys/{name}.pem")).unwrap();
    let cases = [
        ("ed25519.pkcs8", "ed25519.spki", "EdDSA"),
        ("p256.sec1", "p256.spki", "ES256"),
        ("p256.pkcs8", "p256.cert", "ES256"),
        ("p384.pkcs8", "p384.spki", "ES384"),
        ("p521.pkcs8", "p521.spki", "ES512"),
        ("rsa2048.pkcs1", "rsa2048.pkcs1-public", "RS256"),
        ("rsa2048.pkcs8", "rsa2048.spki", "RS256"),
    ];
    for (private, public, alg) in cases {
        let mut room = Sandbox::default()
            .file("private", pem(private))
            .file("public", pem(public));
        let minted = room.run_raw("mcpjwt issue --sub a --no-record --key file:private");
        assert_eq!(minted.code, 0, "{private}: {}", minted.stderr);
        let token = minted.stdout.trim_end();
        for form in ["pem", "jwk", "jwks"] {
            let line = format!(
                "mcpjwt secret export --public --key file:public --format {form} --to file:{form}"
            );
            let exported = room.run_raw(&line);
            assert_eq!(exported.code, 0, "{public} {form}: {}", exported.stderr);
            let judged = room.run_raw(&format!("mcpjwt verify {token} --key file:{form} --json"));
            assert_eq!(judged.code, 0, "{public} {form}: {}", judged.stdout);
            assert!(
                judged.stdout.contains(&format!("\"alg\": \"{alg}\"")),
                "{}",
                judged.stdout
            );
        }
    }
}

#[test]
fn keys_that_sign_nothing() {
    let pem = |name: &str| std::fs::read(format!("tests/keys/{name}")).unwrap();
    let mut room = with_key()
        .file("short", "secret123\n")
        .file("default", "your-256-bit-secret-your-256-bit-secret")
        .file("example", "super-secret-jwt-token-with-at-least-32-characters-long")
        .file("empty", "\n")
        .file("rsa1024", pem("rsa1024.pkcs1.pem"))
        .file("encrypted", pem("p256.encrypted.pem"))
        .file("encrypted-rsa", pem("rsa2048.encrypted.pem"))
        .file("public", pem("p256.spki.pem"))
        .file("p12", pem("p256.p12"))
        .file("k256", pem("k256.spki.pem"))
        .file("pss", pem("rsa-pss.pkcs8.pem"))
        .file("two", pem("two-keys.pem"))
        .file("jwk", "{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}")
        .file("enc", "{\"kty\":\"oct\",\"use\":\"enc\",\"k\":\"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY\"}")
        .file("set", "{\"keys\":[]}")
        .file_with_mode("loose", SECRET, 0o644);
    let names = [
        "short",
        "default",
        "example",
        "empty",
        "rsa1024",
        "encrypted",
        "encrypted-rsa",
        "public",
        "p12",
        "k256",
        "pss",
        "two",
        "jwk",
        "enc",
        "set",
        "loose",
        "absent",
    ];
    let lines: Vec<String> = names
        .iter()
        .map(|name| format!("mcpjwt issue -q --sub a --no-record --key file:{name}"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let shown = runs(&mut room, &lines);
    expect![[r#"
        $ mcpjwt issue -q --sub a --no-record --key file:short
        --- stderr
        error: cannot sign with the key at `file:short`: the secret has 9 bytes, and HS256 requires 32 (RFC 7518 section 3.2)
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:default
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImNhRUdSS2UxdmEydkJQcHIifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.MwgKwkl2kdfMw-3i7esHDeIwmx1XbRQ_ierdGJXhBBE
        --- exit 0
        $ mcpjwt issue -q --sub a --no-record --key file:example
        --- stderr
        error: cannot sign with the key at `file:example`: the secret is a published default
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:empty
        --- stderr
        error: cannot sign with the key at `file:empty`: the secret has 0 bytes, and HS256 requires 32 (RFC 7518 section 3.2)
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:rsa1024
        --- stderr
        error: cannot sign with the key at `file:rsa1024`: the RSA key has 1024 bits, and 2048 are required (RFC 7518 section 3.3)
        hint: make another with `mcpjwt secret generate --alg RS256 --to PLACE`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:encrypted
        --- stderr
        error: cannot use the key at `file:encrypted`: cannot read the key: it is encrypted with a passphrase
        hint: decrypt it first: `openssl pkey -in KEY.pem -out DECRYPTED.pem`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:encrypted-rsa
        --- stderr
        error: cannot use the key at `file:encrypted-rsa`: cannot read the key: it is encrypted with a passphrase
        hint: decrypt it first: `openssl pkey -in KEY.pem -out DECRYPTED.pem`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:public
        --- stderr
        error: cannot sign: the key `gnwaR1r5Q5Xw6rCe` holds no private key
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:p12
        --- stderr
        error: cannot use the key at `file:p12`: cannot read the key: it is DER, but none of the structures that are read
        hint: `openssl pkey -inform DER` and `openssl x509 -inform DER` write PEM of most
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:k256
        --- stderr
        error: cannot use the key at `file:k256`: cannot read the key: its curve 1.3.132.0.10 is not P-256, P-384 or P-521
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:pss
        --- stderr
        error: cannot use the key at `file:pss`: cannot read the key: its kind 1.2.840.113549.1.1.10 is not RSA, EC or Ed25519
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:two
        --- stderr
        error: cannot use the key at `file:two`: cannot read the key: the text holds several keys, the first a PRIVATE KEY
        hint: leave only the one that is meant
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:jwk
        --- stderr
        error: cannot sign with the key at `file:jwk`: the secret has 5 bytes, and HS256 requires 32 (RFC 7518 section 3.2)
        hint: make another with `mcpjwt secret generate --print`, or `--to PLACE`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:enc
        --- stderr
        error: cannot use the key at `file:enc`: the key is not meant for signatures: its `use` is `enc`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:set
        --- stderr
        error: cannot sign: there is no key
        hint: make one with `mcpjwt secret generate`
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key file:loose
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.FLn-CRNgYJ4dQ11ZwcDDAIkK1XyN9a2z8ka38RopKrA
        --- stderr
        warning: others can read the key in `loose` (mode 0644)
        hint: chmod 600 loose
        --- exit 0
        $ mcpjwt issue -q --sub a --no-record --key file:absent
        --- stderr
        error: there is no key at `file:absent`
        hint: make one there with `mcpjwt secret generate --to file:absent`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_key_that_is_asked_for_is_never_made() {
    let shown = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt issue --sub a --key env:JWT_SECRET",
            "mcpjwt issue --sub a --key dotenv:.env#JWT_SECRET",
            "mcpjwt issue --sub a --key keyring:mcpjwt/exai",
            "mcpjwt issue --sub a --key 'cmd:pass jwt'",
            "mcpjwt issue --sub a --key json:absent.json#/k",
            "mcpjwt issue --sub a --key hunter2",
            "mcpjwt verify eyJhbGciOiJIUzI1NiJ9.e30.x",
            "mcpjwt secret list",
            "mcpjwt secret export",
            "mcpjwt jwks",
        ],
    );
    let mut room = Sandbox::default().env("MCPJWT_KEY", "env:JWT_SECRET");
    let by_environment = room.run("mcpjwt issue --sub a");
    expect![[r#"
        $ mcpjwt issue --sub a --key env:JWT_SECRET
        --- stderr
        error: there is no key at `env:JWT_SECRET`
        hint: set it: `export JWT_SECRET=..`
        --- exit 4
        $ mcpjwt issue --sub a --key dotenv:.env#JWT_SECRET
        --- stderr
        error: there is no key at `dotenv:.env#JWT_SECRET`
        hint: make one there with `mcpjwt secret generate --to dotenv:.env#JWT_SECRET`
        --- exit 4
        $ mcpjwt issue --sub a --key keyring:mcpjwt/exai
        --- stderr
        error: there is no key at `keyring:mcpjwt/exai`
        hint: make one there with `mcpjwt secret generate --to keyring:mcpjwt/exai`
        --- exit 4
        $ mcpjwt issue --sub a --key 'cmd:pass jwt'
        --- stderr
        error: a `cmd:` place failed: it ended with exit code 127
        hint: run the command by itself to see what it says
        --- exit 4
        $ mcpjwt issue --sub a --key json:absent.json#/k
        --- stderr
        error: there is no key at `json:absent.json#/k`
        hint: look whether the name is right
        --- exit 4
        $ mcpjwt issue --sub a --key hunter2
        --- stderr
        error: the key is no place, but 7 characters of something else; a secret does not belong on the command line
        hint: put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `--key ask`
        --- exit 2
        $ mcpjwt verify eyJhbGciOiJIUzI1NiJ9.e30.x
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt secret list
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt secret export
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt jwks
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        --- stderr
        error: there is no key at `env:JWT_SECRET`
        hint: set it: `export JWT_SECRET=..`
        --- exit 4
    "#]].assert_eq(&(shown + &by_environment));
}

#[test]
fn the_same_key_in_every_place_has_the_same_kid() {
    let mut room = with_key()
        .file("crlf", format!("{SECRET}\r\n"))
        .file(".env", format!("K={SECRET}\n"))
        .file("c.json", format!("{{\"k\":\"{SECRET}\"}}"))
        .file("c.toml", format!("k = \"{SECRET}\"\n"))
        .env("K", SECRET)
        .env("MCPJWT_KEY", "file:k")
        .keyring("mcpjwt", "exai", SECRET)
        .command("pass k", &format!("{SECRET}\n"));
    let mut kid = |options: &str, stdin: &str| {
        room.set_stdin(stdin);
        let shown = room.run_raw(&format!("mcpjwt secret list --json {options}"));
        assert_eq!(shown.code, 0, "{options}: {}", shown.stdout);
        let line = shown.stdout.lines().find(|line| line.contains("\"kid\""));
        line.unwrap().trim().to_owned()
    };
    let want = kid("", "");
    for place in [
        "file:k",
        "file:crlf",
        "dotenv:.env#K",
        "json:c.json#/k",
        "toml:c.toml#k",
        "env:K",
        "keyring:mcpjwt/exai",
        "'cmd:pass k'",
        "-",
    ] {
        assert_eq!(
            kid(&format!("--key {place}"), &format!("{SECRET}\n")),
            want,
            "{place}"
        );
    }
}

#[test]
fn a_value_that_programs_read_differently_signs_nothing() {
    let mut room = Sandbox::default().file(
        ".env",
        format!("A={SECRET} # mine\nB=\"{SECRET}$HOME\"\nQ=\"{SECRET}\"\nC='{SECRET}\\n'\nD=\"{SECRET}\\n\"\nE={SECRET}#x\n"),
    );
    let lines = ["A", "B", "C", "D", "E", "Q"]
        .map(|name| format!("mcpjwt issue -q --sub a --no-record --key dotenv:.env#{name}"));
    let shown = runs(&mut room, &lines.each_ref().map(String::as_str));
    expect![[r#"
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#A
        --- stderr
        error: programs read `dotenv:.env#A` differently: 64 bytes, kid `UOuPGLMbqgKiRQGz`; or 71 bytes, kid `uWqQcswGBD-JwBHp`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#B
        --- stderr
        error: programs read `dotenv:.env#B` differently: 69 bytes, kid `RR-XryGlAHm6zi5r`; or 64 bytes, kid `UOuPGLMbqgKiRQGz`; or 71 bytes, kid `61thxJoNzSqKmVRb`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#C
        --- stderr
        error: programs read `dotenv:.env#C` differently: 66 bytes, kid `BVfaN8YRIUvqITL2`; or 68 bytes, kid `e3ExiXDkRuhykwfM`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#D
        --- stderr
        error: programs read `dotenv:.env#D` differently: 65 bytes, kid `UOuPGLMbqgKiRQGz`; or 68 bytes, kid `dFp0DLQ4hLqx0KV0`; or 66 bytes, kid `BVfaN8YRIUvqITL2`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#E
        --- stderr
        error: programs read `dotenv:.env#E` differently: 66 bytes, kid `-TOQAFV3tlzUuR0A`; or 64 bytes, kid `UOuPGLMbqgKiRQGz`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
        $ mcpjwt issue -q --sub a --no-record --key dotenv:.env#Q
        --- stderr
        error: programs read `dotenv:.env#Q` differently: 64 bytes, kid `UOuPGLMbqgKiRQGz`; or 66 bytes, kid `_wKlXeMftT6iuMhl`
        hint: write the value without quotes, `$`, `#` and line breaks, comments on lines of their own
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_secret_that_is_typed_is_not_shown() {
    let mut room = Sandbox::default().terminal(80).answer(SECRET);
    let shown = room.run("mcpjwt secret list --key ask --color never");
    let alone = Sandbox::default().run("mcpjwt secret list --key ask");
    expect![[r#"
        --- stdout
        KID               ALG    STATE    AGE  ACCEPTED UNTIL
        UOuPGLMbqgKiRQGz  HS256  current  -    -
          SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        --- stderr
        Secret: 
        --- exit 0
        --- stderr
        error: nobody can be asked: there is no terminal
        hint: name a place instead: `file:PATH`, `env:NAME`, `keyring:SERVICE/ACCOUNT`, or `-` for standard input
        --- exit 2
    "#]].assert_eq(&(shown + &alone));
}

#[test]
fn a_child_does_not_see_the_key() {
    let mut room = with_key().env("K", SECRET).command("token", "x");
    room.run("mcpjwt verify cmd:token --key env:K");
    let calls = &room.children.calls;
    assert!(
        calls
            .iter()
            .all(|(_, hidden)| hidden.contains(&"K".to_owned())),
        "{calls:?}"
    );
}
