//! `mcpjwt lint`: what of a token goes against the standards, without a key.

use expect_test::expect;

use crate::{runs, token, with_key};

/// Unsigned, with a key of its own and a claim that is nobody's business.
const BAD: &str = "eyJhbGciOiJub25lIiwiamt1IjoiaHR0cHM6Ly9hLmV4YW1wbGUifQ.eyJzdWIiOiJ2c2NvZGUxIiwicGFzc3dvcmQiOiJodW50ZXIyIn0.";

#[test]
fn findings_and_what_to_do_about_them() {
    let mut room = with_key();
    let good = token(
        &mut room,
        "--aud https://mcp.example --typ at+jwt --client-id c",
    );
    let ours = token(&mut room, "--ttl 1y");
    let mut room = room.file("good", good).file("ours", ours).file("bad", BAD);
    room.set_stdin("bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt lint",
            "mcpjwt lint file:good",
            "mcpjwt lint file:ours",
            "mcpjwt lint file:good file:bad",
            "mcpjwt lint file:good --at 2025-11-22",
            "mcpjwt lint file:bad --json",
        ],
    );
    expect![[r#"
        $ mcpjwt lint
        --- stdout
        WEIGHT  CODE         WHAT
        error   exp_missing  there is no `exp`: it never ends
          let it end: `--ttl 90d` (RFC 9068 section 2.2)
        error   aud_missing  there is no `aud`: a token for another server passes as one for this
          name the server that it is for: `--aud URL` (MCP authorization, token audience binding)
        advice  kid_missing  the header names no key
          name the key with `kid`, so that it can be replaced without an outage (RFC 7515 section 4.1.4)
        advice  typ_missing  the header does not say what it is
          say what it is: `--typ at+jwt` for an access token, else `JWT` (RFC 8725 section 3.11)
        advice  iat_missing  there is no `iat`: its age cannot be told
          say when it was issued, so that it can be refused for its age (RFC 9068 section 2.2)
        advice  iss_missing  there is no `iss`: nobody can tell who issued it
          name the issuer: `--iss NAME` (RFC 8725 section 3.8)
        advice  sub_missing  there is no `sub`: nobody can tell whom it is for
          name whom it is for: `--sub NAME` (RFC 9068 section 2.2)
        advice  jti_missing  there is no `jti`: it cannot be revoked by itself
          give it an ID, as `mcpjwt issue` does (RFC 9068 section 2.2)
        --- exit 1
        $ mcpjwt lint file:good
        --- stdout
        no finding
        --- exit 0
        $ mcpjwt lint file:ours
        --- stdout
        WEIGHT  CODE        WHAT
        advice  exp_far     it lasts 12 mo
          let it end within 90 days, and mint the next with `mcpjwt refresh` (MCP authorization, token theft)
        advice  aud_no_url  `aud` is not the URL of a server
          use the URL of the server, as `--aud https://mcp.example/mcp` (MCP authorization, canonical server URI)
        --- exit 0
        $ mcpjwt lint file:good file:bad
        --- stdout
        file:good
        no finding

        file:bad
        WEIGHT  CODE           WHAT
        error   alg_none       the header says that it is not signed
          have it signed: `mcpjwt issue --sub NAME` (RFC 8725 section 3.2)
        error   key_in_header  the header brings the key to check it with
          name the key with `kid`, and publish it with `mcpjwt jwks` (RFC 8725 section 3.10)
        error   exp_missing    there is no `exp`: it never ends
          let it end: `--ttl 90d` (RFC 9068 section 2.2)
        error   aud_missing    there is no `aud`: a token for another server passes as one for this
          name the server that it is for: `--aud URL` (MCP authorization, token audience binding)
        error   secret_inside  `password` holds what should be secret
          leave it out, and replace it: whoever sees the token can read it (RFC 7519 section 12)
        advice  kid_missing    the header names no key
          name the key with `kid`, so that it can be replaced without an outage (RFC 7515 section 4.1.4)
        advice  typ_missing    the header does not say what it is
          say what it is: `--typ at+jwt` for an access token, else `JWT` (RFC 8725 section 3.11)
        advice  iat_missing    there is no `iat`: its age cannot be told
          say when it was issued, so that it can be refused for its age (RFC 9068 section 2.2)
        advice  iss_missing    there is no `iss`: nobody can tell who issued it
          name the issuer: `--iss NAME` (RFC 8725 section 3.8)
        advice  jti_missing    there is no `jti`: it cannot be revoked by itself
          give it an ID, as `mcpjwt issue` does (RFC 9068 section 2.2)
        --- exit 1
        $ mcpjwt lint file:good --at 2025-11-22
        --- stdout
        WEIGHT  CODE        WHAT
        error   iat_future  `iat` lies in the future
          set the clock of the machine that issues it (RFC 7519 section 4.1.6)
        --- exit 1
        $ mcpjwt lint file:bad --json
        --- stdout
        {
          "ok": false,
          "findings": [
            {
              "code": "alg_none",
              "severity": "error",
              "claim": "alg",
              "place": "file:bad",
              "message": "the header says that it is not signed",
              "hint": "have it signed: `mcpjwt issue --sub NAME`",
              "source": "RFC 8725 section 3.2"
            },
            {
              "code": "key_in_header",
              "severity": "error",
              "claim": "jku",
              "place": "file:bad",
              "message": "the header brings the key to check it with",
              "hint": "name the key with `kid`, and publish it with `mcpjwt jwks`",
              "source": "RFC 8725 section 3.10"
            },
            {
              "code": "exp_missing",
              "severity": "error",
              "claim": "exp",
              "place": "file:bad",
              "message": "there is no `exp`: it never ends",
              "hint": "let it end: `--ttl 90d`",
              "source": "RFC 9068 section 2.2"
            },
            {
              "code": "aud_missing",
              "severity": "error",
              "claim": "aud",
              "place": "file:bad",
              "message": "there is no `aud`: a token for another server passes as one for this",
              "hint": "name the server that it is for: `--aud URL`",
              "source": "MCP authorization, token audience binding"
            },
            {
              "code": "secret_inside",
              "severity": "error",
              "claim": "password",
              "place": "file:bad",
              "message": "`password` holds what should be secret",
              "hint": "leave it out, and replace it: whoever sees the token can read it",
              "source": "RFC 7519 section 12"
            },
            {
              "code": "kid_missing",
              "severity": "advice",
              "claim": "kid",
              "place": "file:bad",
              "message": "the header names no key",
              "hint": "name the key with `kid`, so that it can be replaced without an outage",
              "source": "RFC 7515 section 4.1.4"
            },
            {
              "code": "typ_missing",
              "severity": "advice",
              "claim": "typ",
              "place": "file:bad",
              "message": "the header does not say what it is",
              "hint": "say what it is: `--typ at+jwt` for an access token, else `JWT`",
              "source": "RFC 8725 section 3.11"
            },
            {
              "code": "iat_missing",
              "severity": "advice",
              "claim": "iat",
              "place": "file:bad",
              "message": "there is no `iat`: its age cannot be told",
              "hint": "say when it was issued, so that it can be refused for its age",
              "source": "RFC 9068 section 2.2"
            },
            {
              "code": "iss_missing",
              "severity": "advice",
              "claim": "iss",
              "place": "file:bad",
              "message": "there is no `iss`: nobody can tell who issued it",
              "hint": "name the issuer: `--iss NAME`",
              "source": "RFC 8725 section 3.8"
            },
            {
              "code": "jti_missing",
              "severity": "advice",
              "claim": "jti",
              "place": "file:bad",
              "message": "there is no `jti`: it cannot be revoked by itself",
              "hint": "give it an ID, as `mcpjwt issue` does",
              "source": "RFC 9068 section 2.2"
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "standard",
              "claim": "alg",
              "place": "file:bad",
              "message": "`alg_none`: the header says that it is not signed",
              "hint": "have it signed: `mcpjwt issue --sub NAME`"
            },
            {
              "code": "standard",
              "claim": "jku",
              "place": "file:bad",
              "message": "`key_in_header`: the header brings the key to check it with",
              "hint": "name the key with `kid`, and publish it with `mcpjwt jwks`"
            },
            {
              "code": "standard",
              "claim": "exp",
              "place": "file:bad",
              "message": "`exp_missing`: there is no `exp`: it never ends",
              "hint": "let it end: `--ttl 90d`"
            },
            {
              "code": "standard",
              "claim": "aud",
              "place": "file:bad",
              "message": "`aud_missing`: there is no `aud`: a token for another server passes as one for this",
              "hint": "name the server that it is for: `--aud URL`"
            },
            {
              "code": "standard",
              "claim": "password",
              "place": "file:bad",
              "message": "`secret_inside`: `password` holds what should be secret",
              "hint": "leave it out, and replace it: whoever sees the token can read it"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_shown() {
    let mut room = with_key();
    let good = token(&mut room, "--aud https://mcp.example");
    let mut room = room.file("good", good);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt lint file:good hunter2 file:absent",
            "mcpjwt lint eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwic3ViIjoiYiJ9.c2ln",
            "mcpjwt lint eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi.c2ln --json",
            "mcpjwt lint file:good --at whenever",
            "mcpjwt lint - -",
        ],
    );
    expect![[r#"
        $ mcpjwt lint file:good hunter2 file:absent
        --- stdout
        no finding
        --- stderr
        error: nothing is at `file:absent`
        error: this token cannot be read: it has one part, without a dot
        --- exit 4
        $ mcpjwt lint eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwic3ViIjoiYiJ9.c2ln
        --- stderr
        error: this token cannot be read: it has a payload that is not JSON: a name is there twice (at byte 11)
        --- exit 1
        $ mcpjwt lint eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi.c2ln --json
        --- stdout
        {
          "ok": false,
          "findings": [],
          "warnings": [],
          "errors": [
            {
              "code": "malformed",
              "message": "this token cannot be read: it has a payload whose last character is cut off or changed"
            }
          ]
        }
        --- exit 1
        $ mcpjwt lint file:good --at whenever
        --- stderr
        error: `--at`: a text of 8 characters is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        --- exit 2
        $ mcpjwt lint - -
        --- stderr
        error: standard input is asked for twice
        hint: give one of the two as a place, such as `file:PATH`
        --- exit 2
    "#]].assert_eq(&shown);
}
