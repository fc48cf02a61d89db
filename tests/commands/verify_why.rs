//! `mcpjwt verify` says why: every diagnosis that can be had offline.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs, token, verify, with_key};

/// Mints with the secret in `k` read as `encoding`.
fn minted(room: &mut Sandbox, options: &str) -> String {
    let shown = room.run_raw(&format!("mcpjwt issue --no-record --sub vscode1 {options}"));
    assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
    shown.stdout.trim_end().to_owned()
}

/// Signs any header and claims with the secret in `k`: with `--signature-only` tests need
/// tokens that `issue` would not mint.
pub(super) fn signed(payload: &str) -> String {
    use base64::Engine as _;
    use mcpjwt::key::{Algorithm, KeySet, Signer};
    let encode = |text: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let set = KeySet::read(&mcpjwt::secret::Secret::from(SECRET), None).unwrap();
    let key = set.signing().unwrap();
    let input = format!(
        "{}.{}",
        encode(br#"{"alg":"HS256"}"#),
        encode(payload.as_bytes())
    );
    let signer = Signer::new(key, Algorithm::HS256).unwrap();
    format!(
        "{input}.{}",
        encode(&signer.sign(input.as_bytes()).unwrap())
    )
}

#[test]
fn a_secret_that_the_other_side_reads_differently() {
    let base64url = "7xDAibhd1vBRKRdNahRpT713a74Q2_UXt-BPW3MTu80-7xDAibhd1vBRKRdNahRp";
    let base64 = "7xDAibhd1vBRKRdNahRpT713a74Q2/UXt+BPW3MTu80+7xDAibhd1vBRKRdNahRp";
    let mut room = with_key()
        .file("url", base64url)
        .file("b64", base64)
        .file("newline", format!("{SECRET}\n\n"));
    let cases = [
        ("--key file:k --key-encoding hex", "file:k"),
        ("--key file:url --key-encoding base64url", "file:url"),
        ("--key file:b64 --key-encoding base64", "file:b64"),
        ("--key file:newline", "file:k"),
        ("--key file:k", "file:k --key-encoding hex"),
    ];
    let mut text = String::new();
    for (by, with) in cases {
        let token = minted(&mut room, by);
        let shown = room.run(&format!("mcpjwt verify {token} --key {with}"));
        text.push_str(&format!(
            "minted with {by}, verified with --key {with}\n{shown}"
        ));
    }
    expect![[r#"
        minted with --key file:k --key-encoding hex, verified with --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: the signature fits when the secret is read as hex; whoever signed it decoded the secret: `--key-encoding hex`
        --- exit 1
        minted with --key file:url --key-encoding base64url, verified with --key file:url
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `CjfmXt8jd3CFxVpJ`)
        hint: the signature fits when the secret is read as base64url; whoever signed it decoded the secret: `--key-encoding base64url`
        --- exit 1
        minted with --key file:b64 --key-encoding base64, verified with --key file:b64
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `1Alefuk96Aifz7tg`)
        hint: the signature fits when the secret is read as base64; whoever signed it decoded the secret: `--key-encoding base64`
        --- exit 1
        minted with --key file:newline, verified with --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: the signature fits when the secret is read as text with its trailing newline; whoever signed it used the secret with other white space at its end
        --- exit 1
        minted with --key file:k, verified with --key file:k --key-encoding hex
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `nNPEYK9Pb3-uJG6M`)
        hint: the signature fits when the secret is read as text, not decoded from hex; whoever signed it used the text of the secret: leave out `--key-encoding`
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn another_key_or_another_algorithm() {
    let mut room = with_key().file("other", crate::OTHER);
    let by512 = token(&mut room, "--alg HS512");
    let other = minted(&mut room, "--key file:other");
    let shown = verify(&mut room, &by512, "")
        + &verify(&mut room, &by512, "--alg HS512")
        + &verify(&mut room, &other, "")
        + &verify(&mut room, &other, "--json");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token says it is signed by `HS512`, but the key is for HS256
        hint: the key is right, but the token was signed with HS512, not HS256; to accept it: `--alg HS512`
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --alg HS512
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss  mcpjwt
          sub  vscode1
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --json
        --- stdout
        {
          "ok": false,
          "header": null,
          "claims": null,
          "times": null,
          "key": null,
          "checked": [
            "signature",
            "exp",
            "iat"
          ],
          "not_checked": [
            "iss",
            "aud"
          ],
          "warnings": [],
          "errors": [
            {
              "code": "sig_invalid",
              "message": "the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn another_key_of_the_set() {
    let mut room = with_key().file("other", crate::OTHER);
    for from in ["file:other", "file:k"] {
        room.run(&format!("mcpjwt secret import --from {from}"));
    }
    let set = "~/.local/share/mcpjwt/default.jwks";
    let good = minted(&mut room, "--key file:k");
    // The set as a server has it whose operator mixed up the names.
    let text = room
        .text(set)
        .unwrap()
        .replace("UOuPGLMbqgKiRQGz", "mixed-up");
    let mut room = room.file("set", text);
    let unknown_kid = room.run(&format!("mcpjwt verify {good} --key file:set"));
    room.later(15 * 86_400);
    let over = room.run(&format!("mcpjwt verify {good} --require none"));
    expect![[r#"
        --- stderr
        error: the token names key `UOuPGLMbqgKiRQGz`, and there is none of that name (only G-2KYj0OXRAxhfq5, mixed-up)
        hint: it was signed with key `mixed-up` of the set, but names another `kid`
        --- exit 1
        --- stderr
        error: the token names key `UOuPGLMbqgKiRQGz`, and there is none of that name (only G-2KYj0OXRAxhfq5)
        hint: it was signed with key `UOuPGLMbqgKiRQGz`, which is no longer accepted since 2025-12-06T04:00:00Z; mint a new token with `mcpjwt issue --sub NAME`
        error: the token expired 14 d ago, on 2025-11-23 04:00:00 +00:00
        --- exit 1
    "#]].assert_eq(&(unknown_kid + &over));
}

#[test]
fn issuer_and_audience_that_differ_by_little() {
    let mut room = with_key();
    let good = token(&mut room, "--iss Exai --aud https://mcp.example.com");
    let shown = verify(
        &mut room,
        &good,
        "--iss exai --aud https://mcp.example.com/",
    ) + &verify(&mut room, &good, "--aud HTTPS://mcp.example.com/ --json")
        + &verify(&mut room, &good, "--iss 'Exai '");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k --iss exai --aud https://mcp.example.com/
        --- stderr
        error: `iss` is `Exai`, expected `exai`
        hint: `iss` differs from what was expected only by upper and lower case; servers compare it byte by byte: make both the same
        error: `aud` is `https://mcp.example.com`, expected `https://mcp.example.com/`
        hint: `aud` differs from what was expected only by a slash at the end; servers compare it byte by byte: make both the same
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --aud HTTPS://mcp.example.com/ --json
        --- stdout
        {
          "ok": false,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "Exai",
            "sub": "vscode1",
            "aud": "https://mcp.example.com",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "signature",
            "exp",
            "iat",
            "aud",
            "revocation"
          ],
          "not_checked": [
            "iss"
          ],
          "warnings": [],
          "errors": [
            {
              "code": "claim_mismatch",
              "claim": "aud",
              "message": "`aud` is `https://mcp.example.com`, expected `HTTPS://mcp.example.com/`",
              "hint": "`aud` differs from what was expected only by case and a slash at the end; servers compare it byte by byte: make both the same"
            }
          ]
        }
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --iss 'Exai '
        --- stderr
        error: `iss` is `Exai`, expected `Exai `
        hint: `iss` differs from what was expected only by white space; servers compare it byte by byte: make both the same
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn exactly_as_it_stands() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let mut room = room
        .file("quoted", format!("\"{good}\""))
        .file("newline", format!("{good}\n"))
        .file("bearer", format!("Bearer {good}"));
    let shown = runs(
        &mut room,
        &[
            "mcpjwt verify file:quoted --exact --key file:k",
            "mcpjwt verify file:newline --exact --key file:k",
            "mcpjwt verify file:bearer --exact --key file:k --json",
        ],
    );
    expect![[r#"
        $ mcpjwt verify file:quoted --exact --key file:k
        --- stderr
        error: the token is malformed: found `"` in the header, expected base64url without padding
        hint: the token is good once the quotes, blanks or `Bearer` around it are taken off; leave out `--exact`, or store the bare token
        --- exit 1
        $ mcpjwt verify file:newline --exact --key file:k
        --- stderr
        error: the token is malformed: found white space in the signature, expected base64url without padding
        hint: the token is good once the quotes, blanks or `Bearer` around it are taken off; leave out `--exact`, or store the bare token
        --- exit 1
        $ mcpjwt verify file:bearer --exact --key file:k --json
        --- stdout
        {
          "ok": false,
          "header": null,
          "claims": null,
          "times": null,
          "key": null,
          "checked": [],
          "not_checked": [],
          "warnings": [],
          "errors": [
            {
              "code": "malformed",
              "message": "the token is malformed: found white space in the header, expected base64url without padding",
              "hint": "the token is good once the quotes, blanks or `Bearer` around it are taken off; leave out `--exact`, or store the bare token"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn milliseconds_and_clocks_a_zone_apart() {
    let mut room = with_key();
    let tokens = [
        signed(r#"{"sub":"a","exp":1793661073000}"#),
        signed(r#"{"sub":"a","exp":1793661073,"iat":1763784000000,"nbf":1763784000000}"#),
        signed(r#"{"sub":"a","exp":1793661073,"iat":1763823600,"nbf":1763823600}"#),
        signed(r#"{"sub":"a","exp":1793661073,"iat":1763784060}"#),
        signed(r#"{"sub":"a","exp":"1793661073"}"#),
    ];
    let text: String = tokens
        .iter()
        .map(|token| verify(&mut room, token, ""))
        .collect();
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is 1793661073000, expected seconds since 1970, before the year 10000
        hint: `exp` is in milliseconds: as seconds it would be 2026-11-02T23:11:13Z; RFC 7519 wants seconds since 1970: divide by 1000
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `nbf` is 1763784000000, expected seconds since 1970, before the year 10000
        hint: `nbf` is in milliseconds: as seconds it would be 2025-11-22T04:00:00Z; RFC 7519 wants seconds since 1970: divide by 1000
        error: `iat` is 1763784000000, expected seconds since 1970, before the year 10000
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token of `a` is not valid before 2025-11-22 15:00:00 +00:00 (in 11 h)
        hint: `nbf` is 11 h ahead, as from a clock that took local time for UTC; set the time zone of the machine that minted it
        error: the token of `a` was issued in the future: `iat` is 2025-11-22 15:00:00 +00:00 (in 11 h)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token of `a` was issued in the future: `iat` is 2025-11-22 04:01:00 +00:00 (in 1 min)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is "1793661073", expected seconds since 1970, before the year 10000
        --- exit 1
    "#]].assert_eq(&text);
}
