//! Manifests that are read, and every way in which one is wrong.

use super::*;
use crate::place::Scope;

fn is_client(name: &str) -> bool {
    matches!(name, "vscode" | "claude-code")
}

/// The manifest of the contract, with every key in use.
const WHOLE: &str = r#"
name = "exai"
iss  = "exai-mcp-server"
aud  = "exai-mcp-client"
alg  = "HS256"
ttl  = "90d"
refresh-before = "7d"
helper-ttl = "8h"
key      = "dotenv:.env.docker#JWT_SECRET_KEY"
key-encoding = "base64"
previous = "dotenv:.env.docker#JWT_PREVIOUS_KEY"
next     = "dotenv:.env.docker#JWT_NEXT_KEY"
previous-until = 2026-12-06T00:00:00Z
revoked  = "file:mcpjwt-revoked.json"
jwks     = "file:public/jwks.json"
git      = "allow"

[roles]
developer = ["index:read", "index:write"]
reader    = []

[[token]]
name  = "vscode1"
sub   = "vscode1@exai-mcp.local"
role  = "developer"
scope = "search:read search:write"
claims = { name = "VS Code 1", quota = 100, limits = { rpm = 60, share = 0.5 }, since = 2026-01-01 }
ttl = "30d"
aud = ["one", "two"]
typ = "at+jwt"
client-id = "vscode"
env = "EXAI_TOKEN"
mode = "0640"
to = ["dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
      "vscode:user/exai"]

[[token]]
sub = "claude@exai-mcp.local"
to  = [{ client = "claude-code", scope = "project", server = "exai", mode = "helper" },
       { place = "mcp:other.json#exai", header = "X-API-Key", url = "https://mcp.example.com/mcp" },
       { place = "claude-code/exai", env = "T", command = ["npx", "-y", "server"] }]
"#;

#[test]
fn every_key_is_understood() {
    let manifest = read(WHOLE, is_client).unwrap();
    let place = |text: &str| crate::place::parse(text, is_client).unwrap();
    assert_eq!(manifest.name.as_deref(), Some("exai"));
    assert_eq!(manifest.iss.as_deref(), Some("exai-mcp-server"));
    assert_eq!(manifest.aud, Some(vec!["exai-mcp-client".to_owned()]));
    assert_eq!(manifest.alg, Some(Algorithm::HS256));
    assert_eq!(manifest.ttl, Some(90 * DAY));
    assert_eq!(manifest.refresh_before, Some(7 * DAY));
    assert_eq!(manifest.helper_ttl(), 8 * 3600);
    assert_eq!(
        manifest.key,
        Some(place("dotenv:.env.docker#JWT_SECRET_KEY"))
    );
    assert_eq!(manifest.key_encoding, Some(Encoding::Base64));
    assert_eq!(
        manifest.previous,
        Some(place("dotenv:.env.docker#JWT_PREVIOUS_KEY"))
    );
    assert_eq!(
        manifest.next,
        Some(place("dotenv:.env.docker#JWT_NEXT_KEY"))
    );
    assert_eq!(manifest.previous_until, Some(1_796_515_200));
    assert_eq!(manifest.revoked, Some(place("file:mcpjwt-revoked.json")));
    assert_eq!(manifest.jwks, Some(place("file:public/jwks.json")));
    assert_eq!(manifest.git, Git::Allow);
    let scope = |role| manifest.scope(&manifest.tokens[1], role);
    assert_eq!(
        scope(Some("developer")).as_deref(),
        Some("index:read index:write")
    );
    assert_eq!((scope(Some("reader")), scope(Some("other"))), (None, None));
    let [vscode, claude] = &manifest.tokens[..] else {
        panic!("{:?}", manifest.tokens)
    };
    assert_eq!((vscode.line, claude.line), (22, 37));
    assert_eq!(vscode.name, "vscode1");
    assert_eq!(vscode.sub, "vscode1@exai-mcp.local");
    assert_eq!(vscode.role.as_deref(), Some("developer"));
    assert_eq!(vscode.scope, ["search:read", "search:write"]);
    assert_eq!(
        Json::Object(vscode.claims.clone()).to_string(),
        r#"{"name":"VS Code 1","quota":100,"limits":{"rpm":60,"share":0.5},"since":"2026-01-01"}"#
    );
    assert_eq!(
        (vscode.ttl, manifest.ttl(vscode)),
        (Some(30 * DAY), 30 * DAY)
    );
    assert_eq!(vscode.aud, Some(vec!["one".to_owned(), "two".to_owned()]));
    assert_eq!(vscode.typ.as_deref(), Some("at+jwt"));
    assert_eq!(vscode.client_id.as_deref(), Some("vscode"));
    let to = |at: usize| &vscode.to[at];
    assert_eq!(to(0).place, place("dotenv:.env#EXAI_JWT_TOKEN_VSCODE1"));
    assert_eq!((to(0).file_mode, to(0).env.as_deref()), (Some(0o640), None));
    assert_eq!(
        (to(1).file_mode, to(1).env.as_deref()),
        (Some(0o640), Some("EXAI_TOKEN"))
    );
    assert_eq!((to(0).line, to(1).line), (34, 35));
    assert_eq!(claude.name, "claude");
    assert_eq!(manifest.ttl(claude), 90 * DAY);
    assert_eq!(
        claude.to[0],
        Destination {
            place: Place::Entry {
                client: "claude-code".into(),
                scope: Some(Scope::Project),
                server: "exai".into()
            },
            mode: Some(Mode::Helper),
            file_mode: None,
            env: None,
            header: None,
            url: None,
            command: Vec::new(),
            line: 39,
        }
    );
    assert_eq!(claude.to[1].header.as_deref(), Some("X-API-Key"));
    assert_eq!(
        claude.to[1].url.as_deref(),
        Some("https://mcp.example.com/mcp")
    );
    assert_eq!(claude.to[2].env.as_deref(), Some("T"));
    assert_eq!(claude.to[2].command, ["npx", "-y", "server"]);
}

#[test]
fn what_is_left_out_has_a_default() {
    let manifest = read("\u{feff}[[token]]\r\nsub = 'a'\r\n", is_client).unwrap();
    let token = &manifest.tokens[0];
    assert_eq!((token.name.as_str(), token.line), ("a", 1));
    assert_eq!(manifest.ttl(token), TTL);
    assert_eq!(manifest.refresh_before(token), 3 * DAY);
    assert_eq!(manifest.helper_ttl(), HELPER_TTL);
    assert_eq!(manifest.git, Git::Refuse);
    #[rustfmt::skip]
    let cases = [
        // ttl and more                           renewed so long before
        ("ttl = '24h'",                           8640),
        ("ttl = '1y'",                            7 * DAY),
        ("ttl = '90d'\nrefresh-before = '1h'",    3600),
        ("ttl = '90d'\nrefresh-before = '0s'",    0),
    ];
    for (text, want) in cases {
        let manifest = read(&format!("{text}\n[[token]]\nsub = 'a'"), is_client).unwrap();
        assert_eq!(manifest.refresh_before(&manifest.tokens[0]), want, "{text}");
    }
    for empty in ["", "# nothing yet\n", "token = []"] {
        assert!(read(empty, is_client).unwrap().tokens.is_empty());
    }
}

#[test]
fn a_list_of_tables_may_be_written_either_way() {
    let text = "token = [{ sub = 'a' },\n { sub = 'b', name = 'c' }]";
    let manifest = read(text, is_client).unwrap();
    let names = manifest.tokens.iter().map(|it| (it.name.as_str(), it.line));
    assert_eq!(names.collect::<Vec<_>>(), [("a", 1), ("c", 2)]);
    let text = "[[token]]\nsub = 'a'\n[[token.to]]\nplace = 'file:x'\n[[token.to]]\nclient = 'vscode'\nserver = 's'";
    let manifest = read(text, is_client).unwrap();
    let to = manifest.tokens[0].to.iter();
    let to: Vec<_> = to.map(|it| (it.place.to_string(), it.line)).collect();
    assert_eq!(to, [("file:x".to_owned(), 3), ("vscode/s".to_owned(), 5)]);
}

#[test]
fn a_token_is_found_by_name_then_by_subject() {
    let text = "[[token]]\nsub = 'b@x'\n[[token]]\nname = 'c'\nsub = 'b'\n[[token]]\nsub = 's'\n\
                name = 'd'\n[[token]]\nname = 'e'\nsub = 's'";
    let manifest = read(text, is_client).unwrap();
    #[rustfmt::skip]
    let cases = [
        ("b",    Ok(Some("b"))),
        ("b@x",  Ok(Some("b"))),
        ("c",    Ok(Some("c"))),
        ("x",    Ok(None)),
        ("s",    Err("2 tokens of the manifest have that subject | say which by its name: `d`, `e`")),
    ];
    for (asked, want) in cases {
        let got = manifest.token(asked).map_err(|error| said(&error));
        let got = got.map(|found| found.map(|token| token.name.clone()));
        let want = want.map(|found| found.map(str::to_owned));
        assert_eq!(got, want.map_err(str::to_owned), "{asked}");
    }
}

fn said(error: &Error) -> String {
    format!("{error} | {}", error.hint.as_deref().unwrap_or(""))
}

/// All that is wrong with a text, a line each.
fn wrong(text: &str) -> String {
    match read(text, is_client) {
        Ok(_) => "nothing".to_owned(),
        Err(errors) => {
            assert!(errors.iter().all(|it| it.code == Code::ManifestInvalid));
            let said: Vec<String> = errors.iter().map(said).collect();
            said.join("\n")
        }
    }
}

#[test]
fn each_problem_has_its_line_and_what_to_do() {
    #[rustfmt::skip]
    let cases = [
        // text                                      problem
        ("a = ",                                     "line 1: string values must be quoted, expected literal string | "),
        ("iss = 'a'\niss = 'b'",                     "line 2: duplicate key | "),
        ("name = 'x'\nisss = 'a'",                   "line 2: the manifest has no key `isss` | did you mean `iss`?"),
        ("audience = 'a'",                           "line 1: the manifest has no key `audience` | did you mean `aud`?"),
        ("sub = 'a'",                                "line 1: the manifest has no key `sub` | `sub` is a key of a `[[token]]`"),
        ("\"\\u001b[2J\" = 1",                       "line 1: the manifest has no key `\\u{1b}[2J` | it can be `name`, `iss`, `aud`, `alg`, `ttl`, `refresh-before`, `helper-ttl`, `key`, `key-encoding`, `previous`, `next`, `previous-until`, `revoked`, `jwks`, `git`, `roles`, `token`"),
        ("name = '../x'",                            "line 1: `name` has other characters than letters, digits and `._-` | such as `vscode1`"),
        ("iss = 3",                                  "line 1: `iss` is an integer, not a string | put it between quotes"),
        ("iss = ''",                                 "line 1: `iss` is empty | leave it out, or give it a value"),
        ("aud = []",                                 "line 1: `aud` is no list of strings with something in them | such as `[\"one\", \"two\"]`"),
        ("aud = ['a', 1]",                           "line 1: `aud` is no list of strings with something in them | such as `[\"one\", \"two\"]`"),
        ("aud = { a = 1 }",                          "line 1: `aud` is an inline table, not a string | put it between quotes"),
        ("alg = 'hs256'",                            "line 1: `alg` has another value than those it can have | did you mean `HS256`?"),
        ("key-encoding = 'rot13 by hand'",           "line 1: `key-encoding` has another value than those it can have | one of `hex`, `base64`, `base64url`"),
        ("git = true",                               "line 1: `git` is a boolean, not a string | put it between quotes"),
        ("ttl = 90",                                 "line 1: `ttl` is an integer, not a duration in quotes | such as `\"12h\"` or `\"90d\"`"),
        ("ttl = '90'",                               "line 1: `ttl` is no duration | such as `\"12h\"` or `\"90d\"`"),
        ("ttl = '0d'",                               "line 1: `ttl` is 0: tokens would be expired from the start | such as `\"12h\"` or `\"90d\"`"),
        ("helper-ttl = '0s'",                        "line 1: `helper-ttl` is 0: tokens would be expired from the start | such as `\"12h\"` or `\"90d\"`"),
        ("ttl = '7d'\n\nrefresh-before = '7d'",      "line 3: `refresh-before` is 7d, which is not below a ttl of 7d | each run would renew such a token again: make the one shorter or the other longer"),
        ("refresh-before = '30d'",                   "line 1: `refresh-before` is 30d, which is not below a ttl of 30d | each run would renew such a token again: make the one shorter or the other longer"),
        ("refresh-before = '1d'\n[[token]]\nsub = 'a'\nttl = '12h'", "line 1: `refresh-before` is 1d, which is not below a ttl of 12h | each run would renew such a token again: make the one shorter or the other longer"),
        ("key = 'hunter2 hunter2'",                  "line 1: `key`: a text of 15 characters is not a place | a place is written `env:NAME`, `cmd:COMMAND`, `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/json/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT`, `mcp:PATH#SERVER`, `CLIENT[:SCOPE]/SERVER` or `-`"),
        ("key = '-'",                                "line 1: `key`: standard input and output are no place of a manifest | "),
        ("key = 'vscode/exai'",                      "line 1: `key` is a server entry of a client, which holds tokens only | such as `file:PATH`"),
        ("revoked = 'env:A'",                        "line 1: `revoked` has to be written, and this place can only be read | such as `file:PATH`"),
        ("revoked = 'dotenv:.env#A'",                "line 1: `revoked` is a list, which fills a file of its own | such as `file:PATH`"),
        ("previous-until = 2026-12-06T00:00:00",     "line 1: `previous-until` is no date and time with a zone | such as `2026-12-06T00:00:00Z`"),
        ("previous-until = '+7d'",                   "line 1: `previous-until` is no date and time with a zone | such as `2026-12-06T00:00:00Z`"),
        ("previous-until = 7",                       "line 1: `previous-until` is an integer, not a date and time | such as `2026-12-06T00:00:00Z`"),
        ("roles = 1",                                "line 1: `roles` is an integer, not a table | `[roles]`, and a list of scopes for each role"),
        ("[roles]\na = 'b c'",                       "line 2: `a` is a string, not a list of scopes | such as `[\"index:read\", \"search:read\"]`"),
        ("[roles]\na = []\nkey = 'env:A'",           "line 3: `key` is a string, not a list of scopes | if it is the manifest's own `key`, write it above the first `[..]`"),
        ("[roles]\na = ['b c']",                     "line 2: `a` is no list of scopes | such as `[\"index:read\", \"search:read\"]`"),
        ("token = 'a'",                              "line 1: `token` is a string, not a list of tables | begin each token with `[[token]]`"),
        ("[token]\nsub = 'a'",                       "line 1: `token` is a table, not a list of tables | begin each token with `[[token]]`"),
        ("token = ['a']",                            "line 1: `token` lists something that is no table | begin each token with `[[token]]`"),
        ("\n[[token]]\nname = 'a'",                  "line 2: a `[[token]]` has no `sub` | say who it is for: `sub = \"vscode1\"`"),
        ("[[token]]\nsub = ''",                      "line 2: `sub` is empty | leave it out, or give it a value"),
        ("[[token]]\nsub = 'a b@c'",                 "line 1: the `sub` of this token does not make a name | give it one of letters, digits and `._-`: `name = \"vscode1\"`"),
        ("[[token]]\nsub = 'a'\nname = 'b c'",       "line 3: `name` has other characters than letters, digits and `._-` | such as `vscode1`"),
        ("[[token]]\nsub = 'a@x'\n[[token]]\nsub = 'a@y'", "line 3: a second token is named `a`, as the one in line 1 | give each a `name` of its own"),
        ("[[token]]\nsub = 'a'\nrol = 'b'",          "line 3: a `[[token]]` has no key `rol` | did you mean `role`?"),
        ("[[token]]\nsub = 'a'\nrevoked = 'file:x'", "line 3: a `[[token]]` has no key `revoked` | if it is the manifest's own `revoked`, write it above the first `[..]`"),
        ("[roles]\nwriter = []\n[[token]]\nsub = 'a'\nrole = 'wirter'", "line 3: `[roles]` has no role `wirter` | did you mean `writer`?"),
        ("[[token]]\nsub = 'a'\nscope = 1",          "line 3: `scope` is no list of scopes | such as `[\"index:read\", \"search:read\"]`"),
        ("[[token]]\nsub = 'a'\nclaims = 1",         "line 3: `claims` is an integer, not a table | `claims = { quota = 100 }`"),
        ("[[token]]\nsub = 'a'\nclaims = { exp = 1, jti = 2 }", "line 3: `claims` does not set `exp` | set `ttl` of the token or of the manifest\nline 3: `claims` does not set `jti` | leave it out: each token gets one of its own"),
        ("[[token]]\nsub = 'a'\n[token.claims]\nx = 1\nclient_id = 'b'", "line 5: `claims` does not set `client_id` | set `client-id` of the token"),
        ("[[token]]\nsub = 'a'\nclaims = { x = nan }", "line 3: the claim `x` is a number that JSON cannot hold | "),
        ("[[token]]\nsub = 'a'\nclaims.quota = 0.5", "line 3: the claim `quota` is no whole number above 0 | "),
        ("[[token]]\nsub = 'a'\ntyp = 'jwt'",        "line 3: `typ` has another value than those it can have | did you mean `JWT`?"),
        ("[[token]]\nsub = 'a'\nenv = '1A'",         "line 3: `env` is no name of a variable | letters, digits and `_`, not beginning with a digit"),
        ("[[token]]\nsub = 'a'\nmode = '0644'",      "line 3: `mode` has another value than those it can have | did you mean `0640`?"),
        ("[[token]]\nsub = 'a'\nto = 'file:x'",      "line 3: `to` is a string, not a list of places | `to = [\"dotenv:.env#MCP_TOKEN\"]`"),
        ("[[token]]\nsub = 'a'\nto = ['file:x',\n'hunter2', 1]", "line 4: `to`: a text of 7 characters is not a place | a place is written `env:NAME`, `cmd:COMMAND`, `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/json/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT`, `mcp:PATH#SERVER`, `CLIENT[:SCOPE]/SERVER` or `-`\nline 4: `to` lists an integer, not a place | `to = [\"dotenv:.env#MCP_TOKEN\"]`"),
        ("[[token]]\nsub = 'a'\nto = ['env:A']",     "line 3: `to` names a place that can only be read | such as `file:PATH` or `dotenv:PATH#NAME`"),
        ("[[token]]\nsub = 'a'\nto = [{ client = 'vscode' }]", "line 3: a table in `to` has no `server` | `{ client = \"claude-code\", server = \"exai\" }`, or `{ place = \"file:PATH\" }`"),
        ("[[token]]\nsub = 'a'\nto = [{ client = 'emacs', server = 'x' }]", "line 3: `client` names no client that is known | for another, name the file itself: `{ place = \"mcp:PATH#SERVER\" }`"),
        ("[[token]]\nsub = 'a'\nto = [{ client = 'vscode', server = 'x', scope = 'users' }]", "line 3: `scope` has another value than those it can have | did you mean `user`?"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'file:x', server = 'x' }]", "line 3: `place` and `server` contradict each other | give `place`, or `client` and `server`"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'file:x', ttl = '1d' }]", "line 3: a table in `to` has no key `ttl` | `ttl` is a key of a `[[token]]`"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'file:x', url = 'https://x' }]", "line 3: `url` is of an entry of a client, and this is another place | leave it out"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'file:x', mode = 'helper' }]", "line 3: `mode` does not go with this kind of place | `0600` and `0640` are of files, the others of entries of clients"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'keyring:a/b', mode = '0640' }]", "line 3: `mode` does not go with this kind of place | `0600` and `0640` are of files, the others of entries of clients"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'vscode/x', url = 'ftp://x' }]", "line 3: `url` is no URL | such as `https://mcp.example.com/mcp`"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'vscode/x', header = 'a b' }]", "line 3: `header` is no name of a header | such as `Authorization` or `X-API-Key`"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'vscode/x', command = 'npx -y x' }]", "line 3: `command` is no list of a program and its arguments | `command = [\"npx\", \"-y\", \"server\"]`"),
        ("[[token]]\nsub = 'a'\nto = [{ place = 'vscode/x', url = 'https://x', command = ['x'] }]", "line 3: `url` and `command` contradict each other | `url` and `header` are of an entry that names a URL, `command` and `env` of one that starts a program"),
    ];
    let told: Vec<String> = cases
        .iter()
        .filter(|(text, want)| wrong(text) != *want)
        .map(|(text, want)| format!("{text:?}\n  want {want}\n  got  {}", wrong(text)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_lines() {
    let text =
        "isss = 'a'\nttl = 90\nkey = 'x'\n[[token]]\nsub = 'a'\nto = ['y']\n[[token]]\nnam = 'b'\n";
    let said = wrong(text);
    let lines: Vec<&str> = said.lines().map(|it| &it[..7]).collect();
    assert_eq!(
        lines,
        [
            "line 1:", "line 2:", "line 3:", "line 6:", "line 7:", "line 8:"
        ],
        "{said}"
    );
}

#[test]
fn everything_that_is_used_is_known() {
    let told = |manifest: &Manifest| -> Vec<String> {
        let uses = manifest.uses().into_iter();
        uses.map(|one| match one.of {
            Of::Place(place) => format!("{} {place}", one.by),
            Of::Destination(to) => format!("{} {}", one.by, to.place),
            other => format!("{} {other:?}", one.by),
        })
        .collect()
    };
    let manifest = read(WHOLE, is_client).unwrap();
    assert_eq!(
        told(&manifest),
        [
            "`key` dotenv:.env.docker#JWT_SECRET_KEY",
            "`previous` dotenv:.env.docker#JWT_PREVIOUS_KEY",
            "`next` dotenv:.env.docker#JWT_NEXT_KEY",
            "`revoked` file:mcpjwt-revoked.json",
            "`jwks` file:public/jwks.json",
            "`git` Git",
            "token `vscode1` dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
            "token `vscode1` vscode:user/exai",
            "token `claude` claude-code:project/exai",
            "token `claude` mcp:other.json#exai",
            "token `claude` claude-code/exai",
        ]
    );
    assert_eq!(
        manifest.key_variables(),
        ["JWT_SECRET_KEY", "JWT_PREVIOUS_KEY", "JWT_NEXT_KEY"]
    );
    let manifest = read("previous = 'env:OLD'\nnext = 'file:x'", is_client).unwrap();
    assert_eq!(
        told(&manifest),
        ["`key` Store", "`previous` env:OLD", "`next` file:x"]
    );
    assert_eq!(manifest.key_variables(), ["OLD"]);
}

#[test]
fn one_place_holds_one_thing() {
    let token = |name: &str, to: &str| format!("[[token]]\nsub = '{name}'\nto = ['{to}']\n");
    #[rustfmt::skip]
    let cases = [
        // first            second             clash
        ("file:x",          "file:./x",        true),
        ("file:x",          "file:a/../x",     false),
        ("file:x",          "dotenv:x#A",      true),
        ("dotenv:x#A",      "dotenv:x#B",      false),
        ("dotenv:x#A",      "dotenv:./x#A",    true),
        ("json:x#/a",       "json:x#/b",       false),
        ("keyring:a/b",     "keyring:a/b",     true),
        ("vscode/exai",     "vscode:user/exai", false),
        ("vscode/exai",     "vscode/exai",     true),
        ("file:~/x",        "file:x",          false),
    ];
    for (one, two, clash) in cases {
        let text = token("a", one) + &token("b", two);
        let want = if clash {
            "line 6: a place of token `b` is at the same place as a place of token `a` in line 3 | \
             give each a place of its own"
        } else {
            "nothing"
        };
        assert_eq!(wrong(&text), want, "{one} {two}");
    }
    let text = format!(
        "key = 'file:x'\nprevious = 'file:x'\n{}",
        token("a", "dotenv:x#A")
    );
    assert_eq!(
        wrong(&text),
        "line 2: `previous` is at the same place as `key` in line 1 | give each a place of its own\n\
         line 5: a place of token `a` is at the same place as `key` in line 1 | give each a place of its own"
    );
    let same = "key = 'dotenv:.env#A'\njwks = 'file:jwks.json'\n";
    assert_eq!(wrong(same), "nothing");
}

#[test]
fn a_wrong_value_of_any_key_is_noticed_with_its_line() {
    for (table, head) in [
        (MANIFEST, ""),
        (TOKEN, "[[token]]\n"),
        (DESTINATION, "[[token]]\nsub = 'a'\n[[token.to]]\n"),
    ] {
        for key in table {
            let text = format!("{head}{} = 1979-05-27\n", key.name);
            let line = format!("line {}: ", text.lines().count());
            let said = wrong(&text);
            let accepted = matches!(key.kind, Kind::Time);
            assert_eq!(
                !said.lines().any(|it| it.starts_with(&line)),
                accepted,
                "`{}`: {said}",
                key.name
            );
        }
    }
}

#[test]
fn nothing_that_may_be_a_secret_is_repeated() {
    const SECRET: &str = "hunter2hunter2";
    for (table, head) in [
        (MANIFEST, ""),
        (TOKEN, "[[token]]\n"),
        (DESTINATION, "[[token]]\nsub = 'a'\n[[token.to]]\n"),
    ] {
        for key in table.iter().filter(|key| key.name != "role") {
            for value in [
                format!("'{SECRET}'"),
                format!("'-{SECRET}'"),
                format!("['{SECRET}']"),
                format!("'dotenv:{SECRET}'"),
                SECRET.to_owned(),
            ] {
                let said = wrong(&format!("{head}{} = {value}\n", key.name));
                assert!(!said.contains(SECRET), "`{}`: {said}", key.name);
            }
        }
    }
}

mod any {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z=\\[\\]{}'\"\\n. #0-9:-]{0,80}") {
            let _ = read(&text, is_client);
        }

        #[test]
        fn no_change_of_a_good_one_panics(at in 0..WHOLE.len(), with in "[\\[\\]{}'\"=\\n,a0-]{0,3}", cut in 0usize..20) {
            let end = (at + cut).min(WHOLE.len());
            let _ = read(&format!("{}{with}{}", &WHOLE[..at], &WHOLE[end..]), is_client);
        }
    }
}
