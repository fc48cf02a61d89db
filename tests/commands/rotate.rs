//! `mcpjwt rotate-secret`: every store, staged and not, stopped at every point.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = r#"iss = "exai"
aud = "mcp"
# the keys
key = "dotenv:.env#JWT_SECRET"
previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
next = "dotenv:.env#JWT_SECRET_NEXT"

[[token]]
sub = "a"
to = ["file:a.jwt"]
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", format!("# server\nJWT_SECRET={SECRET}\nPORT=1\n"))
}

/// A token of the manifest's, and what is told of it now in a line.
fn token(room: &mut Sandbox) -> String {
    let made = room.run_raw("mcpjwt issue -q --sub a --ttl 60d");
    assert_eq!(made.code, 0, "{}", made.stderr);
    made.stdout.trim().to_owned()
}

fn verdict(room: &mut Sandbox, token: &str) -> String {
    let shown = room.run_raw(&format!("mcpjwt verify {token}"));
    let said = format!("{}{}", shown.stdout, shown.stderr);
    let lines: Vec<&str> = said
        .lines()
        .take_while(|line| !line.starts_with("  "))
        .collect();
    format!("{} {}", shown.code, lines.join("; "))
}

#[test]
fn a_secret_of_a_manifest_goes_to_the_place_for_it() {
    let mut room = room();
    let old = token(&mut room);
    expect![[r#"
        --- stderr
        note: until they have the new key, these refuse its tokens:
          what reads `dotenv:.env#JWT_SECRET`
        made key `kTokzhb0jV4-kOcp` at `dotenv:.env#JWT_SECRET`; tokens are signed with it from now on
        key `UOuPGLMbqgKiRQGz` is accepted until 2026-01-21 04:00:00 +00:00 (in 60 d)
        restart these:
          what reads `dotenv:.env#JWT_SECRET`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], issuer="exai", audience="mcp", options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256", issuer="exai", audience="mcp")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"], issuer: "exai", audience: "mcp" }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1768968000
            },
            "kTokzhb0jV4-kOcp": {
              "created": 1763784000
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1768968000}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp","until":1768968000}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp"}
        --- .env (0600)
        # server
        JWT_SECRET=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        PORT=1
        JWT_SECRET_PREVIOUS=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"
        previous-until = 2026-01-21T04:00:00Z

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret"));
    let new = token(&mut room);
    assert_ne!(old, new);
    expect!["0 valid: a, until 2026-01-21 04:00:00 +00:00 (in 60 d); signed with a previous key, accepted until 2026-01-21 04:00:00 +00:00 (in 60 d)"].assert_eq(&verdict(&mut room, &old));
    expect!["0 valid: a, until 2026-01-21 04:00:00 +00:00 (in 60 d)"]
        .assert_eq(&verdict(&mut room, &new));
    expect![[r#"
        --- stderr
        error: the key before this one, `UOuPGLMbqgKiRQGz`, is accepted until 2026-01-21 04:00:00 +00:00 (in 60 d); a rotation would cut that short
        hint: rotate after that date; if the current key has leaked, `mcpjwt rotate-secret --now` replaces it at once
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt rotate-secret"));
    expect![[r#"
        --- stdout
        KID               ALG    STATE     AGE  ACCEPTED UNTIL                        FINGERPRINT
        kTokzhb0jV4-kOcp  HS256  current   0 s  -                                     SHA256:kTokzhb0jV4-kOcpvNjUveYcDIZpTs6PsSF7hhclDtE
        UOuPGLMbqgKiRQGz  HS256  previous  -    2026-01-21 04:00:00 +00:00 (in 60 d)  SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt secret list"));
    room.later(60 * 86_400);
    expect!["1 error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `kTokzhb0jV4-kOcp`); hint: it was signed with key `UOuPGLMbqgKiRQGz`, which is no longer accepted since 2026-01-21T04:00:00Z; mint a new token with `mcpjwt issue --sub NAME`; error: the token expired just now, on 2026-01-21 04:00:00 +00:00"].assert_eq(&verdict(&mut room, &old));
    expect![[r#"
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1768968000
            },
            "Z-KfO0oyr9vZ8LjA": {
              "created": 1768968000
            },
            "kTokzhb0jV4-kOcp": {
              "created": 1763784000,
              "accepted_until": 1770177600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1768968000}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp","until":1768968000}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp"}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"a","iss":"exai","aud":["mcp"],"kid":"kTokzhb0jV4-kOcp","iat":1763783995,"exp":1768968000}
        {"version":1,"at":1768968000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"kTokzhb0jV4-kOcp","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"Z-KfO0oyr9vZ8LjA","until":1770177600}
        {"version":1,"at":1768968000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"kTokzhb0jV4-kOcp","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"Z-KfO0oyr9vZ8LjA"}
        --- .env (0600)
        # server
        JWT_SECRET=616750997ac05e226953798876a2c369ebfab5059be7821a2c63dd28b74ebaf5
        PORT=1
        JWT_SECRET_PREVIOUS=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"
        previous-until = 2026-02-04T04:00:00Z

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret -q"));
}

#[test]
fn a_staged_key_is_promoted_by_the_next_rotation() {
    let mut room = room();
    expect![[r#"
        --- stderr
        staged key `5g_GDEBptwToZRcD`; nothing is signed with it yet
        restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`:
          what reads `dotenv:.env#JWT_SECRET`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], issuer="exai", audience="mcp", options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256", issuer="exai", audience="mcp")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"], issuer: "exai", audience: "mcp" }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "created": 1763784000
            }
          }
        }
        --- .env (0600)
        # server
        JWT_SECRET=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        PORT=1
        JWT_SECRET_NEXT=d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e6cb293e6770eb3a95
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret --stage"));
    expect![[r#"
        --- stderr
        key `5g_GDEBptwToZRcD` is staged already; nothing is signed with it yet, and `mcpjwt rotate-secret --abort` takes it back
        restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`:
          what reads `dotenv:.env#JWT_SECRET`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], issuer="exai", audience="mcp", options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256", issuer="exai", audience="mcp")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"], issuer: "exai", audience: "mcp" }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret --stage"));
    expect![[r#"
        --- stderr
        tokens are signed with key `5g_GDEBptwToZRcD` from now on, at `dotenv:.env#JWT_SECRET`
        key `UOuPGLMbqgKiRQGz` is accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
        restart these, unless it was done since the key was staged:
          what reads `dotenv:.env#JWT_SECRET`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], issuer="exai", audience="mcp", options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256", issuer="exai", audience="mcp")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"], issuer: "exai", audience: "mcp" }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "created": 1763784000
            },
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1764993600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"5g_GDEBptwToZRcD","until":1764993600}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"5g_GDEBptwToZRcD"}
        --- .env (0600)
        # server
        JWT_SECRET=d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e6cb293e6770eb3a95
        PORT=1
        JWT_SECRET_PREVIOUS=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"
        previous-until = 2025-12-06T04:00:00Z

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret"));
}

#[test]
fn a_key_that_leaked_is_retired_at_once() {
    let mut room = room();
    let old = token(&mut room);
    expect![[r#"
        --- stderr
        warning: from now on, tokens of key `UOuPGLMbqgKiRQGz` are refused before they end: `a` (until 2026-01-21 04:00:00 +00:00 (in 60 d))
        hint: mint those of the manifest anew with `mcpjwt sync`
        note: until they have the new key, these refuse its tokens:
          what reads `dotenv:.env#JWT_SECRET`
        made key `kTokzhb0jV4-kOcp` at `dotenv:.env#JWT_SECRET`; tokens are signed with it from now on
        key `UOuPGLMbqgKiRQGz` is not accepted any more
        restart these:
          what reads `dotenv:.env#JWT_SECRET`
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1763784000
            },
            "kTokzhb0jV4-kOcp": {
              "created": 1763784000
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1768968000}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp","until":1763784000}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp"}
        --- .env (0600)
        # server
        JWT_SECRET=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        PORT=1
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret --now"));
    expect!["1 error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `kTokzhb0jV4-kOcp`)"].assert_eq(&verdict(&mut room, &old));
    let mut room = room.terminal(80).answer("n");
    expect![[r#"
        --- stderr
        accept key `kTokzhb0jV4-kOcp` no longer, from now on? [y/N] 
        nothing was changed
        --- exit 1
    "#]]
    .assert_eq(&room.run("mcpjwt rotate-secret --now"));
}

#[test]
fn a_grace_is_exact_and_names_what_it_cuts_short() {
    let mut room = room();
    token(&mut room);
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "step": "rotated",
          "keys": [
            {
              "kid": "UOuPGLMbqgKiRQGz",
              "alg": "HS256",
              "kind": "secret",
              "state": "previous",
              "signs": true,
              "created": null,
              "created_at": null,
              "accepted_until": 1763956800,
              "accepted_until_at": "2025-11-24T04:00:00Z",
              "fingerprint": "SHA256:UOuPGLMbqgKiRQGzl7bYZm7mKvpixuyuH1DzijxFZkE"
            },
            {
              "kid": "kTokzhb0jV4-kOcp",
              "alg": "HS256",
              "kind": "secret",
              "state": "current",
              "signs": true,
              "created": 1763784000,
              "created_at": "2025-11-22T04:00:00Z",
              "accepted_until": null,
              "accepted_until_at": null,
              "fingerprint": "SHA256:kTokzhb0jV4-kOcpvNjUveYcDIZpTs6PsSF7hhclDtE"
            }
          ],
          "until": 1763956800,
          "until_at": "2025-11-24T04:00:00Z",
          "tokens": [
            {
              "sub": "a",
              "run": null,
              "count": null,
              "exp": 1768968000,
              "exp_at": "2026-01-21T04:00:00Z"
            }
          ],
          "reissued": [],
          "restart": [
            "dotenv:.env#JWT_SECRET"
          ],
          "snippets": {
            "PyJWT": "import os, jwt\ndef check(token):\n    for name in (\"JWT_SECRET\", \"JWT_SECRET_NEXT\", \"JWT_SECRET_PREVIOUS\"):\n        if key := os.environ.get(name):\n            try:\n                return jwt.decode(token, key, [\"HS256\"], issuer=\"exai\", audience=\"mcp\", options={\"require\": [\"exp\"]})\n            except jwt.InvalidSignatureError:\n                pass\n    raise jwt.InvalidSignatureError\n",
            "FastMCP": "import os\nfrom fastmcp.server.auth import JWTVerifier, MultiAuth\nauth = MultiAuth(verifiers={\n    name: JWTVerifier(public_key=os.environ[name], algorithm=\"HS256\", issuer=\"exai\", audience=\"mcp\")\n    for name in (\"JWT_SECRET\", \"JWT_SECRET_NEXT\", \"JWT_SECRET_PREVIOUS\") if os.environ.get(name)\n})\n",
            "jsonwebtoken": "import jwt from \"jsonwebtoken\"\nfunction check(token) {\n  for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))\n    try { return jwt.verify(token, key, { algorithms: [\"HS256\"], issuer: \"exai\", audience: \"mcp\" }) }\n    catch (error) { if (error.message !== \"invalid signature\") throw error }\n  throw new Error(\"invalid signature\")\n}\n"
          },
          "warnings": [
            {
              "code": "key_not_found",
              "message": "from 2025-11-24 04:00:00 +00:00 (in 2 d) on, tokens of key `UOuPGLMbqgKiRQGz` are refused before they end: `a` (until 2026-01-21 04:00:00 +00:00 (in 60 d))",
              "hint": "mint those of the manifest anew with `mcpjwt sync`"
            }
          ],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1763956800
            },
            "kTokzhb0jV4-kOcp": {
              "created": 1763784000
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1768968000}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp","until":1763956800}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp"}
        --- .env (0600)
        # server
        JWT_SECRET=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        PORT=1
        JWT_SECRET_PREVIOUS=8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"
        previous-until = 2025-11-24T04:00:00Z

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt rotate-secret --grace 2d --json"));
}

#[test]
fn the_own_store_keeps_dates_itself() {
    let mut room = Sandbox::default();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt rotate-secret",
            "mcpjwt secret generate -q",
            "mcpjwt rotate-secret --dry-run",
            "mcpjwt rotate-secret --stage",
            "mcpjwt rotate-secret",
            "mcpjwt rotate-secret",
            "mcpjwt rotate-secret --now --yes -q",
            "mcpjwt secret list",
        ],
    );
    expect![[r#"
        $ mcpjwt rotate-secret
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt secret generate -q
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt rotate-secret --dry-run
        --- stderr
        would make a key that signs, at `file:~/.local/share/mcpjwt/default.jwks`
        key `5g_GDEBptwToZRcD` would be accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
        would write `file:~/.local/share/mcpjwt/default.jwks`
          - key `5g_GDEBptwToZRcD`, HS256, current
          + key `5g_GDEBptwToZRcD`, HS256, previous, accepted until 2025-12-06 04:00:00 +00:00
          + a new key, HS256, current
        --- exit 0
        $ mcpjwt rotate-secret --stage
        --- stderr
        staged key `Z-KfO0oyr9vZ8LjA`; nothing is signed with it yet
        restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`:
          what has a copy of the key: `mcpjwt secret export --kid Z-KfO0oyr9vZ8LjA`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"] }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            },
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "Z-KfO0oyr9vZ8LjA",
              "k": "NjE2NzUwOTk3YWMwNWUyMjY5NTM3OTg4NzZhMmMzNjllYmZhYjUwNTliZTc4MjFhMmM2M2RkMjhiNzRlYmFmNQ",
              "iat": 1763784000,
              "mcpjwt_state": "next"
            }
          ]
        }
        --- exit 0
        $ mcpjwt rotate-secret
        --- stderr
        tokens are signed with key `Z-KfO0oyr9vZ8LjA` from now on, at `file:~/.local/share/mcpjwt/default.jwks`
        key `5g_GDEBptwToZRcD` is accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
        restart these, unless it was done since the key was staged:
          what has a copy of the key: `mcpjwt secret export --kid Z-KfO0oyr9vZ8LjA`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"] }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
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
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "accepted_until": 1764993600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"Z-KfO0oyr9vZ8LjA","until":1764993600}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"Z-KfO0oyr9vZ8LjA"}
        --- exit 0
        $ mcpjwt rotate-secret
        --- stderr
        error: the key before this one, `5g_GDEBptwToZRcD`, is accepted until 2025-12-06 04:00:00 +00:00 (in 14 d); a rotation would cut that short
        hint: rotate after that date; if the current key has leaked, `mcpjwt rotate-secret --now` replaces it at once
        --- exit 4
        $ mcpjwt rotate-secret --now --yes -q
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
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
              "exp": 1763784000,
              "mcpjwt_state": "retired"
            },
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "-LevLO24oKdrZ5Xx",
              "k": "NGViMzQ1NGFkZjU0MDNlYjMwNjQwMWEzMjQ5OTBmZGZlNjE1NWYwYjJkOWIyZmRkZjg4NWViMWE2YjkwNWM4Yw",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "accepted_until": 1764993600
            },
            "Z-KfO0oyr9vZ8LjA": {
              "accepted_until": 1763784000
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"Z-KfO0oyr9vZ8LjA","until":1764993600}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"Z-KfO0oyr9vZ8LjA"}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"Z-KfO0oyr9vZ8LjA","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"-LevLO24oKdrZ5Xx","until":1763784000}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"Z-KfO0oyr9vZ8LjA","iat":0,"places":["file:/home/me/.local/share/mcpjwt/default.jwks"],"to":"-LevLO24oKdrZ5Xx"}
        --- exit 0
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE     AGE  ACCEPTED UNTIL                        FINGERPRINT
        5g_GDEBptwToZRcD  HS256  previous  0 s  2025-12-06 04:00:00 +00:00 (in 14 d)  SHA256:5g_GDEBptwToZRcDY_9Wr2kQ8HUS-UzDExHh0YdQSFg
        Z-KfO0oyr9vZ8LjA  HS256  retired   0 s  2025-11-22 04:00:00 +00:00 (now)      SHA256:Z-KfO0oyr9vZ8LjAXRXXwfS7Jf3Gr5XX8CRzmeeqXPY
        -LevLO24oKdrZ5Xx  HS256  current   0 s  -                                     SHA256:-LevLO24oKdrZ5XxlaAoepVNrGGAGDCNXbdPerkLzdA
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn the_keyring_is_rotated_like_a_file() {
    let mut room = Sandbox::default();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt secret generate -q --store keyring",
            "mcpjwt rotate-secret -q",
            "mcpjwt secret list",
        ],
    );
    expect![[r#"
        $ mcpjwt secret generate -q --store keyring
        --- ~/.local/share/mcpjwt/default.store (0600)
        keyring:mcpjwt/default
        --- keyring:mcpjwt/default
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt rotate-secret -q
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "accepted_until": 1764993600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["keyring:mcpjwt/default"],"to":"eq3dFbXJtNuBM0qF","until":1764993600}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"5g_GDEBptwToZRcD","iat":0,"places":["keyring:mcpjwt/default"],"to":"eq3dFbXJtNuBM0qF"}
        --- keyring:mcpjwt/default
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "exp": 1764993600,
              "mcpjwt_state": "previous"
            },
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
        $ mcpjwt secret list
        --- stdout
        KID               ALG    STATE     AGE  ACCEPTED UNTIL                        FINGERPRINT
        5g_GDEBptwToZRcD  HS256  previous  0 s  2025-12-06 04:00:00 +00:00 (in 14 d)  SHA256:5g_GDEBptwToZRcDY_9Wr2kQ8HUS-UzDExHh0YdQSFg
        eq3dFbXJtNuBM0qF  HS256  current   0 s  -                                     SHA256:eq3dFbXJtNuBM0qFfg5hE4NoEVEhWGmoQCaqbGZMSmU
        --- exit 0
    "#]].assert_eq(&shown);
    let mut room = Sandbox::default().keyring("app", "jwt", SECRET);
    let line = "mcpjwt rotate-secret --key keyring:app/jwt --previous keyring:app/old";
    expect![[r#"
        --- stderr
        note: until they have the new key, these refuse its tokens:
          what reads `keyring:app/jwt`
        made key `5g_GDEBptwToZRcD` at `keyring:app/jwt`; tokens are signed with it from now on
        key `UOuPGLMbqgKiRQGz` is accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
        restart these:
          what reads `keyring:app/jwt`
        two keys with PyJWT:
          import os, jwt
          def check(token):
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS"):
                  if key := os.environ.get(name):
                      try:
                          return jwt.decode(token, key, ["HS256"], options={"require": ["exp"]})
                      except jwt.InvalidSignatureError:
                          pass
              raise jwt.InvalidSignatureError
        two keys with FastMCP:
          import os
          from fastmcp.server.auth import JWTVerifier, MultiAuth
          auth = MultiAuth(verifiers={
              name: JWTVerifier(public_key=os.environ[name], algorithm="HS256")
              for name in ("JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS") if os.environ.get(name)
          })
        two keys with jsonwebtoken:
          import jwt from "jsonwebtoken"
          function check(token) {
            for (const key of [process.env.JWT_SECRET, process.env.JWT_SECRET_NEXT, process.env.JWT_SECRET_PREVIOUS].filter(Boolean))
              try { return jwt.verify(token, key, { algorithms: ["HS256"] }) }
              catch (error) { if (error.message !== "invalid signature") throw error }
            throw new Error("invalid signature")
          }
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "5g_GDEBptwToZRcD": {
              "created": 1763784000
            },
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1764993600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["keyring:app/jwt"],"to":"5g_GDEBptwToZRcD","until":1764993600}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["keyring:app/jwt"],"to":"5g_GDEBptwToZRcD"}
        --- keyring:app/jwt
        d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e6cb293e6770eb3a95
        --- (no newline at the end)
        --- keyring:app/old
        8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d
        --- (no newline at the end)
        --- exit 0
    "#]].assert_eq(&room.run(line));
}

#[test]
fn a_jwk_set_of_a_manifest_is_published_again() {
    let manifest = "iss = \"exai\"\nkey = \"file:keys.jwks\"\njwks = \"file:public.json\"\n";
    let pem = include_str!("../keys/ed25519.pkcs8.pem");
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file("pem", pem);
    let set = room.run_raw("mcpjwt secret export --key file:pem --format jwks");
    room.put_file("keys.jwks", set.stdout, 0o600);
    let shown = room.run_raw("mcpjwt rotate-secret --stage");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let kid = shown.stderr.split('`').nth(1).unwrap().to_owned();
    expect![[r#"
        staged key `KID`; nothing is signed with it yet
        once these have the new public key, in 30 s at the earliest, promote it with `mcpjwt rotate-secret`:
          what reads `file:public.json`
        two keys with PyJWT:
          import jwt
          keys = jwt.PyJWKClient("https://YOUR-HOST/jwks.json")
          def check(token):
              key = keys.get_signing_key_from_jwt(token)
              return jwt.decode(token, key, ["EdDSA"], issuer="exai", options={"require": ["exp"]})
        two keys with FastMCP:
          from fastmcp.server.auth import JWTVerifier
          auth = JWTVerifier(jwks_uri="https://YOUR-HOST/jwks.json", algorithm="EdDSA", issuer="exai")
        two keys with jose:
          import { createRemoteJWKSet, jwtVerify } from "jose"
          const keys = createRemoteJWKSet(new URL("https://YOUR-HOST/jwks.json"))
          const check = token => jwtVerify(token, keys, { algorithms: ["EdDSA"], issuer: "exai" })
    "#]].assert_eq(&shown.stderr.replace(&kid, "KID"));
    let published = text(&room, "public.json");
    assert_eq!(published.matches("\"kid\"").count(), 2, "{published}");
    let shown = room.run_raw("mcpjwt rotate-secret");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    expect![[r#"
        tokens are signed with key `KID` from now on, at `file:keys.jwks`
        key `euemDlbUNMlutinq` is accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)
        these need the new public key:
          what reads `file:public.json`
        two keys with PyJWT:
          import jwt
          keys = jwt.PyJWKClient("https://YOUR-HOST/jwks.json")
          def check(token):
              key = keys.get_signing_key_from_jwt(token)
              return jwt.decode(token, key, ["EdDSA"], issuer="exai", options={"require": ["exp"]})
        two keys with FastMCP:
          from fastmcp.server.auth import JWTVerifier
          auth = JWTVerifier(jwks_uri="https://YOUR-HOST/jwks.json", algorithm="EdDSA", issuer="exai")
        two keys with jose:
          import { createRemoteJWKSet, jwtVerify } from "jose"
          const keys = createRemoteJWKSet(new URL("https://YOUR-HOST/jwks.json"))
          const check = token => jwtVerify(token, keys, { algorithms: ["EdDSA"], issuer: "exai" })
    "#]].assert_eq(&shown.stderr.replace(&kid, "KID"));
    let shown = room.run_raw("mcpjwt sync --check");
    assert_eq!(shown.code, 0, "{}{}", shown.stdout, shown.stderr);
    room.later(14 * 86_400);
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let published = text(&room, "public.json");
    assert_eq!(published.matches("\"kid\"").count(), 1, "{published}");
    room.put_file("public.json", "", 0o644);
    let shown = room.run_raw("mcpjwt rotate-secret --now");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let published = text(&room, "public.json");
    assert_eq!(published.matches("\"kid\"").count(), 1, "{published}");
    expect![[r#"
        --- stderr
        error: HS256 takes a secret, and what reads the `jwks` of the manifest could not check it
        hint: rotate to an algorithm of key pairs
        --- exit 2
    "#]]
    .assert_eq(&room.run("mcpjwt rotate-secret --alg HS256"));
}

#[test]
fn json_and_toml_values_and_key_files() {
    let pem = include_str!("../keys/ed25519.pkcs8.pem");
    let cases = [
        ("json:c.json#/a/secret", "json:c.json#/a/old"),
        ("toml:c.toml#a.secret", "toml:c.toml#a.old"),
        ("file:k", "dotenv:.env#OLD"),
        ("file:pem", "file:old.pem"),
    ];
    for (key, previous) in cases {
        let mut room = Sandbox::default()
            .file(
                "c.json",
                format!("{{\"a\": {{\"secret\": \"{SECRET}\"}}}}\n"),
            )
            .file("c.toml", format!("# c\n[a]\nsecret = \"{SECRET}\"\n"))
            .file("k", SECRET)
            .file("pem", pem);
        let old = room.run_raw(&format!("mcpjwt issue -q --sub a --key {key}"));
        let line = format!("mcpjwt rotate-secret --key {key} --previous {previous}");
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 0, "{key}: {}", shown.stderr);
        let new = room.run_raw(&format!("mcpjwt issue -q --sub a --key {key}"));
        for (token, both, alone) in [(&old, 0, 1), (&new, 0, 0)] {
            let line = format!("mcpjwt verify {} --key {key}", token.stdout.trim());
            assert_eq!(room.run_raw(&line).code, alone, "{key}");
            let line = format!("{line} --previous {previous}");
            assert_eq!(room.run_raw(&line).code, both, "{key}");
            let line = format!("{line} --at +14d");
            assert_eq!(
                room.run_raw(&line).code,
                if both == alone { 3 } else { 1 },
                "{key}"
            );
        }
    }
}

#[test]
fn what_cannot_be_rotated_is_refused_before_anything_changes() {
    let mut room = room()
        .file("one", SECRET)
        .file("der", include_bytes!("../keys/p256.pkcs8.der"))
        .env("KEY", SECRET);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt rotate-secret --key file:one",
            "mcpjwt rotate-secret --key file:one --stage",
            "mcpjwt rotate-secret --key env:KEY",
            "mcpjwt rotate-secret --key file:der --previous file:old",
            "mcpjwt rotate-secret --key file:absent --previous file:old",
            "mcpjwt rotate-secret --key file:one --previous env:OLD",
            "mcpjwt rotate-secret --key file:one --previous file:old --alg EdDSA",
            "mcpjwt rotate-secret --alg HS512",
            "mcpjwt rotate-secret --stage --now",
            "mcpjwt rotate-secret --grace 5",
        ],
    );
    expect![[r#"
        $ mcpjwt rotate-secret --key file:one
        --- stderr
        error: the place of the key holds one key, and there is none for the one that goes: every token of it would be refused at once
        hint: name one with `--previous file:one.previous`; after a leak, `mcpjwt rotate-secret --key file:one --now` retires the old key at once
        --- exit 2
        $ mcpjwt rotate-secret --key file:one --stage
        --- stderr
        error: the place of the key holds one key, and there is none for a staged one: such a server cannot be staged
        hint: write a manifest with `key`, and `next = "file:one.next"` for a server that reads two
        --- exit 2
        $ mcpjwt rotate-secret --key env:KEY
        --- stderr
        error: `env:KEY` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt rotate-secret --key file:der --previous file:old
        --- stderr
        error: cannot replace the key at `file:der`: the key is DER, and a new one is not written so
        hint: store it as PEM: `openssl pkey -inform DER` writes that
        --- exit 4
        $ mcpjwt rotate-secret --key file:absent --previous file:old
        --- stderr
        error: there is no key at `file:absent`
        hint: make one there with `mcpjwt secret generate --to file:absent`
        --- exit 4
        $ mcpjwt rotate-secret --key file:one --previous env:OLD
        --- stderr
        error: `env:OLD` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt rotate-secret --key file:one --previous file:old --alg EdDSA
        --- stderr
        error: EdDSA takes a key pair, and the place holds the text of a secret
        hint: rotate to an algorithm of secrets, or name another `key`
        --- exit 2
        $ mcpjwt rotate-secret --alg HS512
        --- stderr
        error: the place of the key does not say that it is for HS512
        hint: write `alg = "HS512"` into the manifest first
        --- exit 2
        $ mcpjwt rotate-secret --stage --now
        --- stderr
        error: `--stage` cannot be used together with `--now`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt rotate-secret --grace 5
        --- stderr
        error: `--grace`: `5` has no unit
        hint: write `5s`, `5m`, `5h` or `5d`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_file_that_git_has_takes_no_key() {
    use mcpjwt::host::Kept;
    let mut room = room().git(".env", Kept::Tracked);
    expect![[r#"
        --- stderr
        error: `.env` is tracked by git, so the secret in it would be committed
        hint: add `.env` to `.gitignore` and run `git rm --cached .env`, or write it all the same with `--force`
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt rotate-secret"));
    let shown = room.run_raw("mcpjwt rotate-secret --force");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}

#[test]
fn a_rotation_that_was_stopped_is_taken_up_with_no_further_key() {
    // One that was done from end to end: what it wrote, in its order.
    let mut whole = room();
    let before = (text(&whole, "mcpjwt.toml"), text(&whole, ".env"));
    assert_eq!(whole.run_raw("mcpjwt rotate-secret -q").code, 0);
    let after = (text(&whole, "mcpjwt.toml"), text(&whole, ".env"));
    let ledger = text(&whole, LEDGER);
    let begun = ledger.lines().next().unwrap().to_owned() + "\n";
    let kept = |keys: &str| format!("JWT_SECRET={SECRET}\nJWT_SECRET_PREVIOUS={keys}\n");
    let cases = [
        // the manifest, the keys, what is said, whether a key is made
        (&before.0, &before.1, "made key", true),
        (&after.0, &before.1, "made key", true),
        (&after.0, &kept(SECRET), "made key", true),
        (&after.0, &after.1, "ended the rotation", false),
        (&before.0, &after.1, "ended the rotation", false),
    ];
    for (manifest, env, said, makes) in cases {
        let mut room = room().file("mcpjwt.toml", manifest).file(".env", env);
        room.put_file(LEDGER, &begun, 0o600);
        room.later(60);
        let shown = room.run_raw("mcpjwt rotate-secret");
        assert_eq!(shown.code, 0, "{env}: {}", shown.stderr);
        assert!(shown.stderr.contains(said), "{env}: {}", shown.stderr);
        let now = text(&room, ".env");
        assert_eq!(now == *env, !makes, "{now}");
        assert!(
            now.contains(&format!("JWT_SECRET_PREVIOUS={SECRET}\n")),
            "{now}"
        );
        assert!(
            text(&room, "mcpjwt.toml").contains("previous-until = "),
            "{env}"
        );
        let again = room.run_raw("mcpjwt rotate-secret");
        assert_eq!(again.code, 4, "{env}: {}", again.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_what_the_next_run_goes_on_from() {
    for broken in ["mcpjwt.toml", ".env", "old/previous"] {
        let manifest = MANIFEST.replace("dotenv:.env#JWT_SECRET_PREVIOUS", "file:old/previous");
        let mut room = room()
            .file("mcpjwt.toml", manifest)
            .folder("old")
            .read_only(broken);
        let shown = room.run_raw("mcpjwt rotate-secret");
        assert_eq!(shown.code, 4, "{broken}: {}", shown.stderr);
        assert!(text(&room, ".env").contains(SECRET), "{broken}");
        room.files.read_only.clear();
        let shown = room.run_raw("mcpjwt rotate-secret");
        assert_eq!(shown.code, 0, "{broken}: {}", shown.stderr);
        assert_eq!(text(&room, "old/previous"), SECRET, "{broken}");
    }
}

const LEDGER: &str = "~/.local/state/mcpjwt/ledger.jsonl";

fn text(room: &Sandbox, path: &str) -> String {
    room.text(path).unwrap_or_default()
}

#[test]
fn every_token_of_the_manifest_is_minted_anew() {
    let mut room = room();
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let old = text(&room, "a.jwt");
    let shown = room.run_raw("mcpjwt rotate-secret --reissue");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    expect![[r#"
        TOKEN  GETS       PLACE       WHY
        a      new token  file:a.jwt  signed with a previous key
    "#]]
    .assert_eq(&shown.stdout);
    // The token that was replaced is waited for no longer than at least.
    assert!(text(&room, "mcpjwt.toml").contains("previous-until = 2025-12-06T04:00:00Z\n"));
    let new = text(&room, "a.jwt");
    assert_ne!(old, new);
    expect!["0 valid: a, until 2025-12-22 04:00:00 +00:00 (in 30 d); signed with a previous key, accepted until 2025-12-06 04:00:00 +00:00 (in 14 d)"].assert_eq(&verdict(&mut room, old.trim()));
    expect!["0 valid: a, until 2025-12-22 04:00:00 +00:00 (in 30 d)"]
        .assert_eq(&verdict(&mut room, new.trim()));
    let shown = room.run_raw("mcpjwt sync --check");
    assert_eq!(shown.code, 0, "{}{}", shown.stdout, shown.stderr);
    expect![[r#"
        --- stderr
        error: `--reissue` mints the tokens of a manifest, and the key is not one of those
        hint: leave out `--key`, in the folder of a manifest
        --- exit 2
    "#]]
    .assert_eq(&room.run("mcpjwt rotate-secret --reissue --key file:k --previous file:old"));
    expect![[r#"
        --- stderr
        error: there is no manifest: no `mcpjwt.toml` from here upward
        hint: make one with `mcpjwt init`, or name one with `-m PATH`
        --- exit 4
    "#]]
    .assert_eq(&Sandbox::default().run("mcpjwt rotate-secret --reissue"));
}

#[test]
fn a_copy_of_a_token_that_is_minted_anew_prolongs_the_grace() {
    let mut room = room();
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let install = "mcpjwt install file:a.jwt --to file:copy.jwt";
    assert_eq!(room.run_raw(install).code, 0);
    assert_eq!(room.run_raw("mcpjwt rotate-secret --reissue").code, 0);
    // Until the copy ends, which nothing replaces.
    assert!(text(&room, "mcpjwt.toml").contains("previous-until = 2025-12-22T04:00:00Z\n"));
    let copy = text(&room, "copy.jwt");
    expect!["0 valid: a, until 2025-12-22 04:00:00 +00:00 (in 30 d); signed with a previous key, accepted until 2025-12-22 04:00:00 +00:00 (in 30 d)"].assert_eq(&verdict(&mut room, copy.trim()));
}

#[test]
fn a_token_of_a_key_that_was_retired_is_told() {
    let mut room = room();
    for line in ["mcpjwt sync", "mcpjwt issue -q --sub b --to file:b.jwt"] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    assert_eq!(room.run_raw("mcpjwt rotate-secret --now --yes").code, 0);
    expect![[r#"
        --- stdout
        PLACE       SUBJECT  ISSUER  LEFT           PROBLEM
        file:a.jwt  a        exai    ######## 30 d  signed with the key `UOuPGLMbqgKiRQGz`, which is no longer accepted
        file:b.jwt  b        exai    ######## 30 d  signed with the key `UOuPGLMbqgKiRQGz`, which is no longer accepted
        --- stderr
        hint: make all places as the manifest wants them with `mcpjwt sync`
        hint: put a new one there with `mcpjwt issue --sub b --iss exai --to file:b.jwt`
        --- exit 1
    "#]].assert_eq(&room.run("mcpjwt status"));
    let json = room.run_raw("mcpjwt status --json").stdout;
    assert!(json.contains("\"state\": \"retired\""), "{json}");
    for line in ["mcpjwt sync", "mcpjwt issue -q --sub b --to file:b.jwt"] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    assert_eq!(room.run_raw("mcpjwt status").code, 0);
}

#[test]
fn a_place_that_takes_no_token_keeps_the_keys_as_they_were() {
    use mcpjwt::host::Kept;
    let mut room = room().git("a.jwt", Kept::Open);
    let shown = room.run_raw("mcpjwt rotate-secret --reissue");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(text(&room, ".env").contains(&format!("JWT_SECRET={SECRET}\n")));
    assert_eq!(text(&room, LEDGER), "");
}

#[test]
fn after_a_leak_the_key_and_its_tokens_are_replaced_in_one_run() {
    for key in [SECRET, "changeme"] {
        let mut room = room().file(".env", format!("JWT_SECRET={key}\n"));
        if key == SECRET {
            assert_eq!(room.run_raw("mcpjwt sync").code, 0);
            let kid = "UOuPGLMbqgKiRQGz";
            let revoked = room.run_raw(&format!("mcpjwt revoke --kid {kid} --yes"));
            assert_eq!(revoked.code, 0, "{}", revoked.stderr);
        }
        let shown = room.run_raw("mcpjwt rotate-secret --now --reissue");
        assert_eq!(shown.code, 0, "{key}: {}", shown.stderr);
        let new = text(&room, "a.jwt");
        assert!(verdict(&mut room, new.trim()).starts_with("0 valid: a"));
        assert_eq!(room.run_raw("mcpjwt sync --check").code, 0, "{key}");
    }
}

#[test]
fn a_staged_key_that_is_weak_or_for_another_algorithm_is_not_promoted() {
    let published = "reallyreallyreallyreallyverysafe";
    for (next, code) in [("changeme", "key_too_short"), (published, "key_weak")] {
        let env = format!("JWT_SECRET={SECRET}\nJWT_SECRET_NEXT={next}\n");
        let mut room = room().file(".env", &env);
        for options in ["", "--now", "--reissue", "--stage", "--dry-run"] {
            let line = format!("mcpjwt rotate-secret --json {options}");
            let shown = room.run_raw(&line);
            assert_eq!(shown.code, 4, "{line}: {}", shown.stdout);
            assert!(shown.stdout.contains(code), "{line}: {}", shown.stdout);
            assert_eq!(text(&room, ".env"), env, "{line}");
            assert_eq!(text(&room, LEDGER), "", "{line}");
        }
        // What the hint says helps.
        let mut room = room.file(".env", format!("JWT_SECRET={SECRET}\n"));
        for line in ["mcpjwt rotate-secret --stage", "mcpjwt rotate-secret"] {
            assert_eq!(room.run_raw(line).code, 0, "{line}");
        }
    }
    let mut room = Sandbox::default();
    for line in ["secret generate", "rotate-secret --stage"] {
        assert_eq!(room.run_raw(&format!("mcpjwt {line}")).code, 0, "{line}");
    }
    for options in ["--stage", "--now"] {
        let shown = room.run_raw(&format!("mcpjwt rotate-secret {options} --alg EdDSA"));
        assert_eq!(shown.code, 2, "{options}: {}", shown.stderr);
    }
    for options in ["--now", "--now --alg EdDSA"] {
        let shown = room.run_raw(&format!("mcpjwt rotate-secret {options}"));
        assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
    }
}

#[test]
fn what_is_done_is_told_where_no_token_could_be_minted() {
    // Another program damages the list while the keys are written.
    let list = "~/.local/state/mcpjwt/revoked.json";
    for options in ["", " --json"] {
        let mut room = room().overwritten(list, "x");
        let shown = room.run_raw(&format!("mcpjwt rotate-secret --reissue{options}"));
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        let said = shown.stdout + &shown.stderr;
        let told: &[&str] = match options {
            "" => &[
                "made key `",
                "no token was minted",
                "is damaged in line 1",
                "restart these",
            ],
            _ => &[r#""step": "rotated""#, "is damaged in line 1"],
        };
        for part in told {
            assert!(said.contains(part), "{part}: {said}");
        }
        room.remove_file(list);
        let shown = room.run_raw("mcpjwt rotate-secret --reissue");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_eq!(room.run_raw("mcpjwt sync --check").code, 0);
    }
}

#[test]
fn a_weak_key_that_stays_accepted_is_told() {
    for options in ["--dry-run", "", "--grace 1d"] {
        let mut room = room().file(".env", "JWT_SECRET=changeme\n");
        let shown = room.run_raw(&format!("mcpjwt rotate-secret {options}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        let told = "others can make tokens with it";
        assert!(shown.stderr.contains(told), "{options}: {}", shown.stderr);
    }
    for (key, options) in [
        ("changeme", "--now"),
        ("changeme", "--grace 0s"),
        (SECRET, ""),
    ] {
        let mut room = room().file(".env", format!("JWT_SECRET={key}\n"));
        let shown = room.run_raw(&format!("mcpjwt rotate-secret {options}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert!(
            !shown.stderr.contains("can make tokens"),
            "{options}: {}",
            shown.stderr
        );
    }
}

/// What is told before a rotation ends the weak key, and what is told by one that is done.
#[test]
fn how_a_weak_key_ends_at_once_is_told_as_it_is_then() {
    let weak = "\"Y2hhbmdlbWU\"";
    let mut store = Sandbox::default();
    store.run_raw("mcpjwt secret generate -q");
    let path = "~/.local/share/mcpjwt/default.jwks";
    let set = store.text(path).unwrap();
    let strong = set.split("\"k\":").nth(1).unwrap();
    let strong = strong.trim_start().split([',', '}', '\n']).next().unwrap();
    let set = set.replace(strong, weak);
    let own = "key = \"file:s.jwks\"\n";
    #[rustfmt::skip]
    let cases = [
        // manifest       options
        (Some(MANIFEST),  ""),
        (Some(MANIFEST),  "--previous file:p"),
        (Some(own),       ""),
        (Some(""),        ""),
        (None,            ""),
        (None,            "--key file:s.jwks"),
        (None,            "--key file:k --previous file:p"),
    ];
    let mut told = String::new();
    for (manifest, options) in cases {
        let mut room = Sandbox::default();
        if let Some(text) = manifest {
            room.put_file("mcpjwt.toml", text, 0o600);
            room.run_raw("mcpjwt trust --yes -q");
        }
        room.put_file(".env", "JWT_SECRET=changeme\n", 0o600);
        room.put_file("k", "changeme", 0o600);
        room.put_file("s.jwks", &set, 0o600);
        room.put_file(path, &set, 0o600);
        let all = |room: &Sandbox| {
            let files = [".env", "k", "p", "s.jwks", path].map(|file| room.text(file));
            let texts = files.into_iter().flatten();
            let texts =
                texts.map(|text| text.matches("changeme").count() + text.matches(weak).count());
            texts.sum::<usize>()
        };
        let before = all(&room);
        let last = manifest.unwrap_or("none").lines().last();
        let room_is = format!("{}; {options}", last.unwrap_or_default());
        told.push_str(&format!("{}\n", room_is.trim_end()));
        for options in [format!("{options} --dry-run"), options.to_owned()] {
            let shown = room.run_raw(&format!("mcpjwt rotate-secret {options}"));
            assert_eq!(shown.code, 0, "{}", shown.stderr);
            let hint = shown
                .stderr
                .lines()
                .find(|line| line.contains(" at once"))
                .unwrap();
            told.push_str(&format!("  {hint}\n"));
            let line = hint.split('`').find(|part| part.contains(" prune"));
            for line in line.into_iter().flat_map(|line| line.split(" && ")) {
                let shown = room.run_raw(line);
                assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
            }
            if line.is_some() {
                assert_eq!(all(&room), before - 1, "{hint}");
            }
        }
    }
    expect![[r#"
        to = ["file:a.jwt"];
          hint: `mcpjwt rotate-secret --now` instead ends that at once
          hint: to end that at once: `mcpjwt revoke --kid=x9hwc7oJv3kWJh16 && mcpjwt secret prune`, and restart what has read that key
        to = ["file:a.jwt"]; --previous file:p
          hint: `mcpjwt rotate-secret --now` instead ends that at once
          hint: to end that at once: take it out of `file:p` by hand, and restart what has read it
        key = "file:s.jwks";
          hint: `mcpjwt rotate-secret --now` instead ends that at once
          hint: to end that at once: `mcpjwt revoke --kid=5g_GDEBptwToZRcD && mcpjwt secret prune`, and restart what has read that key
        ;
          hint: `mcpjwt rotate-secret --now` instead ends that at once
          hint: to end that at once: `mcpjwt revoke --kid=5g_GDEBptwToZRcD && mcpjwt secret prune`, and restart what has read that key
        none;
          hint: `mcpjwt rotate-secret --now` instead ends that at once
          hint: to end that at once: `mcpjwt revoke --kid=5g_GDEBptwToZRcD && mcpjwt secret prune`, and restart what has read that key
        none; --key file:s.jwks
          hint: `mcpjwt rotate-secret --key file:s.jwks --now` instead ends that at once
          hint: to end that at once: take it out of `file:s.jwks` by hand, and restart what has read it
        none; --key file:k --previous file:p
          hint: `mcpjwt rotate-secret --key file:k --now` instead ends that at once
          hint: to end that at once: take it out of `file:p` by hand, and restart what has read it
    "#]].assert_eq(&told);
}

#[test]
fn what_would_lose_a_key_or_fail_halfway_is_refused_before_the_first_write() {
    let env = format!("JWT_SECRET={SECRET}\n");
    let keys = "~/.local/state/mcpjwt/keys.json";
    let own = "--key dotenv:.env#JWT_SECRET --previous";
    #[rustfmt::skip]
    let cases = [
        (room(), format!("{own} dotenv:.env#JWT_SECRET"), 2, "named twice"),
        (room().link("other", ".env"), format!("{own} dotenv:other#JWT_SECRET"), 2, "named twice"),
        (room().file_with_mode(keys, "x", 0o600), String::new(), 4, "keys.json"),
    ];
    for (room, options, code, said) in cases {
        let mut room = room.file(".env", &env);
        let shown = room.run_raw(&format!("mcpjwt rotate-secret {options}"));
        assert_eq!(shown.code, code, "{options}: {}", shown.stderr);
        assert!(shown.stderr.contains(said), "{options}: {}", shown.stderr);
        assert_eq!(text(&room, ".env"), env, "{options}");
        assert_eq!(text(&room, LEDGER), "", "{options}");
    }
}

#[test]
fn a_dry_run_shows_what_becomes_of_the_tokens() {
    let mut room = room();
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let before = room.files.files.clone();
    let shown = room.run_raw("mcpjwt rotate-secret --reissue --dry-run");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    expect![[r#"
        TOKEN  GETS       PLACE       WHY
        a      new token  file:a.jwt  signed with a previous key
    "#]]
    .assert_eq(&shown.stdout);
    assert!(shown.stderr.contains("a.jwt"), "{}", shown.stderr);
    let shown = room.run_raw("mcpjwt rotate-secret --reissue --dry-run --json");
    let named = "\"reissued\": [\n    \"file:a.jwt\"\n  ]";
    assert!(shown.stdout.contains(named), "{}", shown.stdout);
    assert_eq!(room.files.files, before);
}

#[test]
fn a_token_that_was_revoked_prolongs_nothing() {
    let mut room = room();
    for line in [
        "sync",
        "revoke file:a.jwt",
        "sync",
        "rotate-secret --reissue",
    ] {
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    assert!(text(&room, "mcpjwt.toml").contains("previous-until = 2025-12-06T04:00:00Z\n"));
}

#[test]
fn the_tokens_of_a_batch_prolong_the_grace_and_are_named_where_it_is_short() {
    const LEDGER: &str = "~/.local/state/mcpjwt/ledger.jsonl";
    let many: Vec<String> = (0..101).map(|number| format!("--sub s{number}")).collect();
    let many = format!("mcpjwt issue -q --ttl 300d {}", many.join(" "));
    let room = |is_broken_off: bool| {
        let mut room = room();
        for line in ["mcpjwt issue -q --from - --ttl 200d", &many] {
            room.set_stdin("a\nb\n");
            assert_eq!(room.run_raw(line).code, 0, "{line}");
        }
        let text = room.text(LEDGER).unwrap();
        let text = if is_broken_off {
            text.replace("\"count\":101,", "")
        } else {
            text
        };
        room.put_file(LEDGER, &text, 0o600);
        room
    };
    let until = |options: &str| {
        let mut room = room(false);
        let shown = room.run_raw(&format!("mcpjwt {options}"));
        assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
        let shown = room.run_raw("mcpjwt rotate-secret");
        assert!(!shown.stderr.contains("warning"), "{}", shown.stderr);
        let text = text(&room, "mcpjwt.toml");
        let (_, date) = text.split_once("previous-until = ").unwrap();
        date.lines().next().unwrap().to_owned()
    };
    assert_eq!(until("log"), "2026-09-18T04:00:00Z");
    let run = room(false).text(LEDGER).unwrap();
    let run = run.rsplit("\"run\":\"").next().unwrap()[..32].to_owned();
    let revoke = format!("revoke --run {run}");
    assert_eq!(until(&revoke), "2026-06-10T04:00:00Z");
    let warnings = |is_broken_off: bool, options: &str| {
        let shown = room(is_broken_off).run_raw(&format!("mcpjwt rotate-secret {options}"));
        let lines = shown.stderr.lines();
        let told = lines.filter(|line| line.starts_with("warning") || line.starts_with("hint"));
        told.map(|line| line.to_owned() + "\n").collect::<String>()
    };
    expect![[r#"
        warning: from now on, tokens of key `UOuPGLMbqgKiRQGz` are refused before they end: 101 tokens of run `022ab1ba804098e6cb293e6770eb3a95` (until 2026-09-18 04:00:00 +00:00 (in 10 mo)), 2 tokens of run `d70d3259e4e1cb631c663cf4d73c4c04` (until 2026-06-10 04:00:00 +00:00 (in 7 mo))
        hint: mint those of the manifest anew with `mcpjwt sync`, those of a run with `mcpjwt issue --from FILE`

        warning: from 2026-07-30 04:00:00 +00:00 (in 8 mo) on, tokens of key `UOuPGLMbqgKiRQGz` are refused before they end: 101 tokens of run `022ab1ba804098e6cb293e6770eb3a95` (until 2026-09-18 04:00:00 +00:00 (in 10 mo))
        hint: mint those of the manifest anew with `mcpjwt sync`, those of a run with `mcpjwt issue --from FILE`

        warning: from now on, tokens of key `UOuPGLMbqgKiRQGz` are refused before they end: run `022ab1ba804098e6cb293e6770eb3a95`, running or broken off (until 2026-09-18 04:00:00 +00:00 (in 10 mo)), 2 tokens of run `d70d3259e4e1cb631c663cf4d73c4c04` (until 2026-06-10 04:00:00 +00:00 (in 7 mo))
        hint: mint those of the manifest anew with `mcpjwt sync`, those of a run with `mcpjwt issue --from FILE`

    "#]].assert_eq(
        &[
            warnings(false, "--now"),
            warnings(false, "--grace 250d"),
            warnings(true, "--now"),
            warnings(true, ""),
        ]
        .join("\n"),
    );
    let shown = room(true).run_raw("mcpjwt rotate-secret --now --json");
    let (_, tokens) = shown.stdout.split_once("  \"tokens\"").unwrap();
    let (tokens, _) = tokens.split_once("\n  ]").unwrap();
    expect![[r#"
        : [
            {
              "sub": null,
              "run": "022ab1ba804098e6cb293e6770eb3a95",
              "count": null,
              "exp": 1789704000,
              "exp_at": "2026-09-18T04:00:00Z"
            },
            {
              "sub": null,
              "run": "d70d3259e4e1cb631c663cf4d73c4c04",
              "count": 2,
              "exp": 1781064000,
              "exp_at": "2026-06-10T04:00:00Z"
            }"#]]
    .assert_eq(tokens);
}

#[test]
fn servers_are_told_of_both_algorithms() {
    let mut room = Sandbox::default();
    let made = room.run_raw("mcpjwt secret generate --alg ES256");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let shown = room.run_raw("mcpjwt rotate-secret --alg EdDSA --dry-run --json");
    assert!(shown.stdout.contains("EdDSA"), "{}", shown.stdout);
    let shown = room.run_raw("mcpjwt rotate-secret --alg EdDSA");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for part in [
        "each of them has to accept all of these algorithms: ES256, EdDSA",
        r#"jwt.decode(token, key, ["ES256", "EdDSA"]"#,
        r#"for alg in ("ES256", "EdDSA")"#,
        r#"algorithms: ["ES256", "EdDSA"]"#,
    ] {
        assert!(shown.stderr.contains(part), "{part}: {}", shown.stderr);
    }
    // A verifier that takes both kinds of key is none of these.
    let mut room = Sandbox::default();
    assert_eq!(room.run_raw("mcpjwt secret generate").code, 0);
    let shown = room.run_raw("mcpjwt rotate-secret --alg ES256");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stderr.contains("these algorithms: HS256, ES256"),
        "{}",
        shown.stderr
    );
    assert!(!shown.stderr.contains("two keys with"), "{}", shown.stderr);
}

#[test]
fn tokens_that_could_not_be_written_are_those_of_the_next_run() {
    let mut room = room().read_only("a.jwt");
    let shown = room.run_raw("mcpjwt rotate-secret --reissue");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    let keys = text(&room, ".env");
    assert!(!text(&room, LEDGER).contains("\"rotated\""));
    room.files.read_only.clear();
    let shown = room.run_raw("mcpjwt rotate-secret --reissue");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(text(&room, ".env"), keys);
    assert!(text(&room, LEDGER).contains("\"rotated\""));
    assert_eq!(room.run_raw("mcpjwt sync --check").code, 0);
}

#[test]
fn a_manifest_that_is_not_trusted_rotates_nothing_outside() {
    let manifest = MANIFEST.replace("dotenv:.env#JWT_SECRET_PREVIOUS", "file:/etc/x");
    let mut room = room().file("mcpjwt.toml", manifest);
    expect![[r#"
        --- stderr
        error: `~/project/mcpjwt.toml` is not trusted, and its `previous` uses a file outside of its folder: `file:/etc/x`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt rotate-secret"));
}

/// A manifest whose key was rotated, and whose token lies beside it.
fn rotated() -> Sandbox {
    let manifest = MANIFEST.replace("file:a.jwt", "dotenv:.env#TOKEN");
    let mut room = room().file("mcpjwt.toml", manifest);
    for line in ["mcpjwt sync -q", "mcpjwt rotate-secret -q"] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room
}

#[test]
fn a_previous_key_goes_with_its_date() {
    let mut room = rotated();
    assert_eq!(room.run_raw("mcpjwt sync -q").code, 0);
    room.later(400 * 86_400);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt sync --check",
            "mcpjwt sync --dry-run",
            "mcpjwt sync",
            "mcpjwt sync",
        ],
    );
    expect![[r#"
        $ mcpjwt sync --check
        --- stdout
        TOKEN  GETS       PLACE                            WHY
        a      new token  dotenv:.env#TOKEN                expired 12 mo ago
        -      removal    dotenv:.env#JWT_SECRET_PREVIOUS  accepted no longer since 2025-12-22 04:00:00 +00:00 (12 mo ago)
        --- stderr
        2 places are not as the manifest wants; mend that with `mcpjwt sync`
        --- exit 1
        $ mcpjwt sync --dry-run
        --- stdout
        TOKEN  GETS       PLACE                            WHY
        a      new token  dotenv:.env#TOKEN                expired 12 mo ago
        -      removal    dotenv:.env#JWT_SECRET_PREVIOUS  accepted no longer since 2025-12-22 04:00:00 +00:00 (12 mo ago)
        --- stderr
        would write `dotenv:.env#TOKEN`
          - TOKEN=<263 characters>
          + TOKEN=<263 characters>
        would empty `dotenv:.env#JWT_SECRET_PREVIOUS`
          - JWT_SECRET_PREVIOUS=<64 characters>
        would take `previous-until` out of `~/project/mcpjwt.toml`
          - previous-until = 2025-12-22T04:00:00Z
        --- exit 0
        $ mcpjwt sync
        --- stdout
        TOKEN  GETS       PLACE                            WHY
        a      new token  dotenv:.env#TOKEN                expired 12 mo ago
        -      removal    dotenv:.env#JWT_SECRET_PREVIOUS  accepted no longer since 2025-12-22 04:00:00 +00:00 (12 mo ago)
        --- stderr
        wrote 2 places with 1 new token, good until 2027-01-26 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"exai","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#TOKEN"],"made":{"dotenv:/home/me/project/.env#TOKEN":{"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp","until":1766376000}
        {"version":1,"at":1763784000,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"kTokzhb0jV4-kOcp"}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"a","iss":"exai","aud":["mcp"],"kid":"kTokzhb0jV4-kOcp","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"a","iss":"exai","aud":["mcp"],"kid":"kTokzhb0jV4-kOcp","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        {"version":1,"at":1798344000,"event":"issued","jti":"ebfab5059be7821a2c63dd28b74ebaf5","sub":"a","iss":"exai","aud":["mcp"],"kid":"kTokzhb0jV4-kOcp","iat":1798343995,"exp":1800936000,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        {"version":1,"at":1798344000,"event":"installed","jti":"ebfab5059be7821a2c63dd28b74ebaf5","sub":"a","iss":"exai","aud":["mcp"],"kid":"kTokzhb0jV4-kOcp","iat":1798343995,"exp":1800936000,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        --- .env (0600)
        # server
        JWT_SECRET=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        PORT=1
        TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtUb2t6aGIwalY0LWtPY3AifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYSIsImF1ZCI6Im1jcCIsImlhdCI6MTc5ODM0Mzk5NSwiZXhwIjoxODAwOTM2MDAwLCJqdGkiOiJlYmZhYjUwNTliZTc4MjFhMmM2M2RkMjhiNzRlYmFmNSJ9.ew6KWozw7P48zF2FjlG5OoDszKNaob9ffulmLGuTWcg
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"

        [[token]]
        sub = "a"
        to = ["dotenv:.env#TOKEN"]
        --- exit 0
        $ mcpjwt sync
        --- stderr
        nothing to do
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn sync_tells_machines_which_keys_go() {
    let mut room = rotated();
    assert_eq!(room.run_raw("mcpjwt sync -q --renew").code, 0);
    room.later(60 * 86_400);
    expect![[r#"
        --- stdout
        {
          "ok": false,
          "places": [
            {
              "token": "a",
              "sub": "a",
              "place": "dotenv:.env#TOKEN",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "expired",
                  "message": "expired 30 d ago"
                }
              ],
              "jti": "f6d0c233a1c4cb77febe023d51d6fc53",
              "kid": "kTokzhb0jV4-kOcp",
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "done": null
            },
            {
              "token": null,
              "sub": null,
              "place": "dotenv:.env#JWT_SECRET_PREVIOUS",
              "gets": "removal",
              "reasons": [
                {
                  "code": "over",
                  "message": "accepted no longer since 2025-12-22 04:00:00 +00:00 (30 d ago)"
                }
              ],
              "jti": null,
              "kid": null,
              "exp": null,
              "expires": null,
              "done": null
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "drift",
              "place": "dotenv:.env#TOKEN",
              "message": "`dotenv:.env#TOKEN` is not as the manifest wants it: expired 30 d ago",
              "hint": "mend it with `mcpjwt sync`"
            },
            {
              "code": "drift",
              "place": "dotenv:.env#JWT_SECRET_PREVIOUS",
              "message": "`dotenv:.env#JWT_SECRET_PREVIOUS` is not as the manifest wants it: accepted no longer since 2025-12-22 04:00:00 +00:00 (30 d ago)",
              "hint": "mend it with `mcpjwt sync`"
            }
          ]
        }
        --- exit 1
    "#]].assert_eq(&room.run("mcpjwt sync --check --json"));
}

#[test]
fn every_run_over_all_tokens_settles_the_keys() {
    let mut room = rotated();
    room.later(400 * 86_400);
    assert_eq!(room.run_raw("mcpjwt issue --all -q").code, 0);
    assert!(!text(&room, ".env").contains("PREVIOUS"));
    assert!(!text(&room, "mcpjwt.toml").contains("previous-until"));
}

#[test]
fn a_rotation_that_was_stopped_is_ended_by_sync() {
    let mut whole = room();
    let before = text(&whole, "mcpjwt.toml");
    assert_eq!(whole.run_raw("mcpjwt rotate-secret -q").code, 0);
    let ledger = text(&whole, LEDGER);
    let begun = ledger.lines().next().unwrap().to_owned() + "\n";
    let mut room = room()
        .file("mcpjwt.toml", before)
        .file(".env", text(&whole, ".env"));
    room.put_file(LEDGER, begun, 0o600);
    room.later(60);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt sync --dry-run",
            "mcpjwt sync",
            "mcpjwt sync --check",
        ],
    );
    expect![[r#"
        $ mcpjwt sync --dry-run
        --- stdout
        TOKEN  GETS             PLACE                   WHY
        a      new token        file:a.jwt              missing
        -      end of rotation  dotenv:.env#JWT_SECRET  a rotation was begun and not ended
        --- stderr
        would write `file:a.jwt`
          + <263 characters>
        would write `previous-until = 2025-12-06T04:00:00Z` into `~/project/mcpjwt.toml`
        --- exit 0
        $ mcpjwt sync
        --- stdout
        TOKEN  GETS             PLACE                   WHY
        a      new token        file:a.jwt              missing
        -      end of rotation  dotenv:.env#JWT_SECRET  a rotation was begun and not ended
        --- stderr
        wrote 2 places with 1 new token, good until 2025-12-22 04:01:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/keys.json (0600)
        {
          "version": 1,
          "keys": {
            "UOuPGLMbqgKiRQGz": {
              "accepted_until": 1764993600
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"rotating","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"5g_GDEBptwToZRcD","until":1764993600}
        {"version":1,"at":1763784060,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"exai","aud":["mcp"],"kid":"5g_GDEBptwToZRcD","iat":1763784055,"exp":1766376060,"places":["file:/home/me/project/a.jwt"]}
        {"version":1,"at":1763784060,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"exai","aud":["mcp"],"kid":"5g_GDEBptwToZRcD","iat":1763784055,"exp":1766376060,"places":["file:/home/me/project/a.jwt"]}
        {"version":1,"at":1763784060,"event":"rotated","jti":"","sub":"","iss":"","aud":[],"kid":"UOuPGLMbqgKiRQGz","iat":0,"places":["dotenv:/home/me/project/.env#JWT_SECRET"],"to":"5g_GDEBptwToZRcD"}
        --- a.jwt (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjVnX0dERUJwdHdUb1pSY0QifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYSIsImF1ZCI6Im1jcCIsImlhdCI6MTc2Mzc4NDA1NSwiZXhwIjoxNzY2Mzc2MDYwLCJqdGkiOiIwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NSJ9.LmGBgyMqSTnivgxySiHvej0YM_zTT8h6LJRd7nBNxII
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"
        previous-until = 2025-12-06T04:00:00Z

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
        $ mcpjwt sync --check
        --- stderr
        nothing to do
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn sync_takes_no_key_of_a_rotation_that_was_stopped() {
    let mut whole = room();
    assert_eq!(whole.run_raw("mcpjwt rotate-secret -q").code, 0);
    let ledger = text(&whole, LEDGER);
    let begun = ledger.lines().next().unwrap().to_owned() + "\n";
    let old = MANIFEST.replace("\n\n[[", "\nprevious-until = 2025-01-01T00:00:00Z\n\n[[");
    let both = |previous: &str| format!("JWT_SECRET={SECRET}\nJWT_SECRET_PREVIOUS={previous}\n");
    let cases = [
        // the manifest, the keys, the record
        (&old, both("0123456789abcdef0123456789abcdef"), &begun),
        (&old, both(SECRET), &begun),
        (&old, both(SECRET), &String::new()),
        (&old, text(&whole, ".env"), &ledger),
    ];
    for (manifest, env, record) in cases {
        let mut room = room().file("mcpjwt.toml", manifest).file(".env", &env);
        if !record.is_empty() {
            room.put_file(LEDGER, record, 0o600);
        }
        let shown = room.run_raw("mcpjwt sync");
        assert_eq!(shown.code, 0, "{env}: {}", shown.stderr);
        let told = shown.stderr.contains("stopped before a new key was stored");
        assert_eq!(told, *record == begun, "{}", shown.stderr);
        assert_eq!(text(&room, ".env"), env);
        assert_eq!(&text(&room, "mcpjwt.toml"), manifest);
    }
}

#[test]
fn a_date_without_its_key_and_a_key_that_was_promoted_go() {
    let manifest = MANIFEST.replace("\n\n[[", "\nprevious-until = 2025-01-01T00:00:00Z\n\n[[");
    let mut room = room().file("mcpjwt.toml", manifest).file(
        ".env",
        format!("JWT_SECRET={SECRET}\nJWT_SECRET_NEXT={SECRET}\n"),
    );
    assert_eq!(room.run_raw("mcpjwt sync -q").code, 0);
    assert_eq!(text(&room, ".env"), format!("JWT_SECRET={SECRET}\n"));
    assert_eq!(text(&room, "mcpjwt.toml"), MANIFEST);
}

#[test]
fn a_previous_key_of_a_manifest_is_pruned() {
    let mut room = rotated();
    let early = runs(&mut room, &["mcpjwt secret prune"]);
    room.later(400 * 86_400);
    let late = runs(&mut room, &["mcpjwt secret prune --dry-run"]);
    let mut room = room.terminal(80).answer("n");
    let asked = room.run("mcpjwt secret prune --color never");
    let pruned = runs(
        &mut room,
        &[
            "mcpjwt secret prune --yes --json --color never",
            "mcpjwt secret prune --color never",
        ],
    );
    expect![[r#"
        $ mcpjwt secret prune
        --- stderr
        nothing to prune: every key is still accepted
        --- exit 0
        $ mcpjwt secret prune --dry-run
        --- stderr
        would forget `UOuPGLMbqgKiRQGz`
        would empty `dotenv:.env#JWT_SECRET_PREVIOUS`
          - JWT_SECRET_PREVIOUS=<64 characters>
        would take `previous-until` out of `~/project/mcpjwt.toml`
          - previous-until = 2025-12-22T04:00:00Z
        --- exit 0
        --- stderr
        forget `UOuPGLMbqgKiRQGz` in `dotenv:.env#JWT_SECRET_PREVIOUS`? [y/N] 
        nothing was changed
        --- exit 1
        $ mcpjwt secret prune --yes --json --color never
        --- stdout
        {
          "ok": true,
          "pruned": [
            "UOuPGLMbqgKiRQGz"
          ],
          "warnings": [],
          "errors": []
        }
        --- .env (0600)
        # server
        JWT_SECRET=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        PORT=1
        TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYSIsImF1ZCI6Im1jcCIsImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzY2Mzc2MDAwLCJqdGkiOiJkNzBkMzI1OWU0ZTFjYjYzMWM2NjNjZjRkNzNjNGMwNCJ9.to9yN3_j_siN9r8oSHtM2v_C5skCh6oTuwUE_Z0mz2I
        --- mcpjwt.toml (0600)
        iss = "exai"
        aud = "mcp"
        # the keys
        key = "dotenv:.env#JWT_SECRET"
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        next = "dotenv:.env#JWT_SECRET_NEXT"

        [[token]]
        sub = "a"
        to = ["dotenv:.env#TOKEN"]
        --- exit 0
        $ mcpjwt secret prune --color never
        --- stderr
        nothing to prune: every key is still accepted
        --- exit 0
    "#]].assert_eq(&(early + &late + &asked + &pruned));
}

#[test]
fn keys_of_a_jwk_set_that_are_over_are_pruned() {
    let manifest = "key = \"file:keys.jwks\"\njwks = \"file:public.json\"\n";
    let pem = include_str!("../keys/ed25519.pkcs8.pem");
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file("pem", pem);
    let set = room.run_raw("mcpjwt secret export --key file:pem --format jwks");
    room.put_file("keys.jwks", set.stdout, 0o600);
    assert_eq!(room.run_raw("mcpjwt rotate-secret -q").code, 0);
    let shown = room.run_raw("mcpjwt secret prune --json");
    assert!(shown.stdout.contains("\"pruned\": []"), "{}", shown.stdout);
    room.later(14 * 86_400);
    let shown = room.run_raw("mcpjwt secret prune");
    assert_eq!(
        (shown.code, &*shown.stderr),
        (0, "forgot `euemDlbUNMlutinq`\n")
    );
    for file in ["keys.jwks", "public.json"] {
        assert_eq!(text(&room, file).matches("\"kid\"").count(), 1, "{file}");
    }
}

#[test]
fn nothing_is_pruned_while_a_rotation_is_open() {
    let mut room = rotated();
    let ledger = text(&room, LEDGER);
    let open = ledger.lines().filter(|line| !line.contains("\"rotated\""));
    let open: String = open.flat_map(|line| [line, "\n"]).collect();
    room.put_file(LEDGER, open, 0o600);
    room.later(400 * 86_400);
    let keys = text(&room, ".env");
    assert_eq!(room.run_raw("mcpjwt secret prune").code, 0);
    assert_eq!(text(&room, ".env"), keys);
}
