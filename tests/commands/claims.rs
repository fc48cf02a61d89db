//! The claim options of `mcpjwt issue`.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, token, with_key};

/// The claims of the token that these options make.
fn claims(room: &mut Sandbox, options: &str) -> String {
    let token = token(room, options);
    let shown = room.run_raw(&format!("mcpjwt decode --json {token}"));
    let document = mcpjwt::json::Json::parse(shown.stdout.as_bytes()).unwrap();
    let header = document.get("header").unwrap();
    let claims = document.get("claims").unwrap();
    format!("{options}\n  {header}\n  {claims}\n")
}

#[test]
fn every_option_and_its_claim() {
    let options = [
        "",
        "--iss exai --aud https://mcp.example.com",
        "--aud a --aud b",
        "--scope read --scope 'write admin'",
        "--role developer --name 'VS Code 1' --quota 100 --client-id vscode",
        "--claim team=search --claim 'limits:={\"rpm\":60}' --claim list:=[1,2.50] --claim no:=null",
        "--claim empty= --claim eq=a=b",
        "--jti my-own-id",
        "--typ at+jwt --client-id c",
        "--alg HS384",
        "--claims-file file:claims.json --claim more=1",
    ];
    let mut room = with_key().file("claims.json", "{\"team\":\"search\",\"deep\":{\"a\":[1]}}");
    let text: String = options
        .iter()
        .map(|options| claims(&mut room, options))
        .collect();
    expect![[r#"

          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"d70d3259e4e1cb631c663cf4d73c4c04"}
        --iss exai --aud https://mcp.example.com
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"exai","sub":"vscode1","aud":"https://mcp.example.com","iat":1763783995,"exp":1763870400,"jti":"022ab1ba804098e6cb293e6770eb3a95"}
        --aud a --aud b
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":["a","b"],"iat":1763783995,"exp":1763870400,"jti":"da211e6a663bd37311aabecb86beda3f"}
        --scope read --scope 'write admin'
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"f6d0c233a1c4cb77febe023d51d6fc53","scope":"read write admin"}
        --role developer --name 'VS Code 1' --quota 100 --client-id vscode
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"616750997ac05e226953798876a2c369","client_id":"vscode","role":"developer","name":"VS Code 1","quota":100}
        --claim team=search --claim 'limits:={"rpm":60}' --claim list:=[1,2.50] --claim no:=null
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"ebfab5059be7821a2c63dd28b74ebaf5","team":"search","limits":{"rpm":60},"list":[1,2.50],"no":null}
        --claim empty= --claim eq=a=b
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"4eb3454adf5403eb306401a324990fdf","empty":"","eq":"a=b"}
        --jti my-own-id
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"my-own-id"}
        --typ at+jwt --client-id c
          {"alg":"HS256","typ":"at+jwt","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"e6155f0b2d9b2fddf885eb1a6b905c8c","client_id":"c"}
        --alg HS384
          {"alg":"HS384","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"afd6d36c005d2ee1c72673da0c6a8c53"}
        --claims-file file:claims.json --claim more=1
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"359e9c4c0eb07e9ef836b25e7adadfc1","more":"1","team":"search","deep":{"a":[1]}}
    "#]].assert_eq(&text);
}

#[test]
fn issuer_and_audience_of_the_environment() {
    let mut room = with_key()
        .env("MCPJWT_ISS", "exai")
        .env("MCPJWT_AUD", "https://mcp.example.com");
    let text = claims(&mut room, "") + &claims(&mut room, "--iss other --aud else");
    expect![[r#"

          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"exai","sub":"vscode1","aud":"https://mcp.example.com","iat":1763783995,"exp":1763870400,"jti":"d70d3259e4e1cb631c663cf4d73c4c04"}
        --iss other --aud else
          {"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}
          {"iss":"other","sub":"vscode1","aud":"else","iat":1763783995,"exp":1763870400,"jti":"022ab1ba804098e6cb293e6770eb3a95"}
    "#]].assert_eq(&text);
}

#[test]
fn a_claim_with_an_option_of_its_own_is_not_a_free_claim() {
    let names = [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "scope",
        "role",
        "name",
        "quota",
        "client_id",
        "type",
    ];
    let mut text = String::new();
    for name in names {
        let shown = with_key().run_raw(&format!(
            "mcpjwt issue --sub a --key file:k --claim {name}=x"
        ));
        assert_eq!((shown.code, shown.stdout.as_str()), (2, ""), "{name}");
        text.push_str(&shown.stderr);
    }
    expect![[r#"
        error: `iss` cannot be a free claim: it has an option of its own
        hint: use `--iss`
        error: `sub` cannot be a free claim: it has an option of its own
        hint: use `--sub`
        error: `aud` cannot be a free claim: it has an option of its own
        hint: use `--aud`
        error: `exp` cannot be a free claim: it has an option of its own
        hint: use `--exp` or `--ttl`
        error: `nbf` cannot be a free claim: it has an option of its own
        hint: use `--nbf`
        error: `iat` cannot be a free claim: it has an option of its own
        hint: use `--at`
        error: `jti` cannot be a free claim: it has an option of its own
        hint: use `--jti`
        error: `scope` cannot be a free claim: it has an option of its own
        hint: use `--scope`
        error: `role` cannot be a free claim: it has an option of its own
        hint: use `--role`
        error: `name` cannot be a free claim: it has an option of its own
        hint: use `--name`
        error: `quota` cannot be a free claim: it has an option of its own
        hint: use `--quota`
        error: `client_id` cannot be a free claim: it has an option of its own
        hint: use `--client-id`
        error: `type` cannot be a free claim: it has an option of its own
        hint: use `--pair`
    "#]]
    .assert_eq(&text);
}

#[test]
fn claims_that_cannot_be_taken() {
    let mut room = with_key()
        .file("list", "[1]")
        .file("broken", "{\"a\":1,}")
        .file("twice", "{\"a\":1,\"a\":2}")
        .file("exp", "{\"exp\":123,\"iss\":\"me\"}");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --key file:k --claim team",
            "mcpjwt issue --sub a --key file:k --claim =x",
            "mcpjwt issue --sub a --key file:k --claim 'x:={'",
            "mcpjwt issue --sub a --key file:k --claim x=1 --claim x=2",
            "mcpjwt issue --sub a --key file:k --quota 0",
            "mcpjwt issue --sub a --key file:k --quota 1.5",
            "mcpjwt issue --sub a --key file:k --typ JWS",
            "mcpjwt issue --sub a --key file:k --iss ''",
            "mcpjwt issue --sub a --key file:k --aud ''",
            "mcpjwt issue --sub a --key file:k --claims-file claims.json",
            "mcpjwt issue --sub a --key file:k --claims-file file:absent",
            "mcpjwt issue --sub a --key file:k --claims-file file:list",
            "mcpjwt issue --sub a --key file:k --claims-file file:broken",
            "mcpjwt issue --sub a --key file:k --claims-file file:twice",
            "mcpjwt issue --sub a --key file:k --claims-file file:exp",
            "mcpjwt issue --sub a --no-record --key file:k --typ at+jwt",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --claim team
        --- stderr
        error: `--claim` takes `NAME=TEXT` or `NAME:=JSON`
        hint: such as `--claim team=search` or `--claim 'limits:={"rpm":60}'`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --claim =x
        --- stderr
        error: `--claim` takes `NAME=TEXT` or `NAME:=JSON`
        hint: such as `--claim team=search` or `--claim 'limits:={"rpm":60}'`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --claim 'x:={'
        --- stderr
        error: `--claim x:=` is not valid JSON: a name in quotes was expected (at byte 1)
        hint: for text leave out the colon: `--claim x=..`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --claim x=1 --claim x=2
        --- stderr
        error: the claim `x` is given twice
        hint: give it once
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --quota 0
        --- stderr
        error: `--quota` takes a whole number above 0
        hint: such as `--quota 100`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --quota 1.5
        --- stderr
        error: `--quota` takes a whole number above 0
        hint: such as `--quota 100`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --typ JWS
        --- stderr
        error: `--typ` does not take that value
        hint: one of JWT, at+jwt
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --iss ''
        --- stderr
        error: `--iss` is empty
        hint: leave it out, or give it a value
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --aud ''
        --- stderr
        error: `--aud` is empty
        hint: leave it out, or give it a value
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --claims-file claims.json
        --- stderr
        error: `--claims-file`: a text of 11 characters is not a place
        hint: a place is written `env:NAME`, `cmd:COMMAND`, `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/json/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT`, `mcp:PATH#SERVER`, `CLIENT[:SCOPE]/SERVER` or `-`
        --- exit 2
        $ mcpjwt issue --sub a --key file:k --claims-file file:absent
        --- stderr
        error: there are no claims at `file:absent`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --claims-file file:list
        --- stderr
        error: cannot take claims from `file:list`: it is an array
        hint: it must hold one JSON object, such as {"team":"search"}
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --claims-file file:broken
        --- stderr
        error: cannot take claims from `file:broken`: not valid JSON: a name in quotes was expected (at byte 7)
        hint: it must hold one JSON object, such as {"team":"search"}
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --claims-file file:twice
        --- stderr
        error: cannot take claims from `file:twice`: not valid JSON: a name is there twice (at byte 7)
        hint: it must hold one JSON object, such as {"team":"search"}
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --claims-file file:exp
        --- stderr
        error: `exp` cannot be a free claim: it has an option of its own
        hint: use `--exp` or `--ttl`
        error: `iss` cannot be a free claim: it has an option of its own
        hint: use `--iss`
        --- exit 2
        $ mcpjwt issue --sub a --no-record --key file:k --typ at+jwt
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.ZxVwfMNl5ndkOr5rhGWmMuVz_WaTDz6Fcmgw59CwhW4
        --- stderr
        warning: an `at+jwt` token has a `client_id` (RFC 9068 section 2.2)
        hint: add `--client-id ID`
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn claims_from_standard_input() {
    let mut room = with_key().stdin("{\"team\":\"search\"}");
    let shown = room.run("mcpjwt issue --sub a --no-record --key file:k --claims-file -");
    expect![[r#"
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwidGVhbSI6InNlYXJjaCJ9.-eOO7NIyeRsJAX5n6jPxCdebj5RDIS8HFDBsdin-3rc
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
    "#]].assert_eq(&shown);
    room.set_stdin("x");
    let shown = room.run("mcpjwt issue --sub a --no-record --key - --claims-file -");
    expect![[r#"
        --- stderr
        error: cannot take claims from `-`: not valid JSON: a value was expected (at byte 0)
        hint: it must hold one JSON object, such as {"team":"search"}
        --- exit 4
    "#]]
    .assert_eq(&shown);
}
