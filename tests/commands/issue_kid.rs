//! `issue --kid`, and what a run that fails half-way tells.

use expect_test::expect;
use mcpjwt::json::Json;

use crate::SECRET;
use crate::support::Sandbox;

const SET: &str = r#"{"keys":[
{"kty":"oct","kid":"now","alg":"HS256","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY","mcpjwt_state":"current"},
{"kty":"oct","kid":"before","alg":"HS256","k":"ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA","mcpjwt_state":"previous","exp":1763870400},
{"kty":"oct","kid":"lapsed","alg":"HS256","k":"YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk","mcpjwt_state":"previous","exp":1763000000},
{"kty":"oct","kid":"gone","alg":"HS256","k":"ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc","mcpjwt_state":"retired"}
]}"#;

#[test]
fn a_key_that_verifiers_refuse_signs_nothing() {
    let mut room = Sandbox::default().file("set.jwks", SET);
    for (kid, code) in [
        ("now", 0),
        ("before", 0),
        ("lapsed", 4),
        ("gone", 4),
        ("none", 4),
    ] {
        let shown = room.run_raw(&format!(
            "mcpjwt issue --sub a --key file:set.jwks --kid {kid}"
        ));
        assert_eq!(shown.code, code, "{kid}: {}", shown.stderr);
        assert_eq!(shown.stdout.is_empty(), code != 0, "{kid}");
    }
}

#[test]
fn a_previous_key_that_is_named_by_its_place_is_told() {
    let manifest = "key = \"dotenv:.k#K\"\nprevious = \"dotenv:.k#P\"\n";
    let of_manifest = Sandbox::default().file("mcpjwt.toml", manifest);
    for (room, options, later) in [
        (of_manifest, "", 4),
        (
            Sandbox::default(),
            " --key dotenv:.k#K --previous dotenv:.k#P",
            0,
        ),
    ] {
        let mut room = room.file(".k", format!("K={SECRET}\n"));
        let shown = room.run_raw(&format!("mcpjwt rotate-secret{options}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        let issue = |name: &str, room: &mut Sandbox| {
            let shown = room.run_raw(&format!(
                "mcpjwt issue --sub z --ttl 300d --key dotenv:.k#{name}"
            ));
            let is_told = shown.stderr.contains("key `UOuPGLMbqgKiRQGz` ");
            (shown.code, is_told)
        };
        assert_eq!(issue("K", &mut room), (0, false), "{options}");
        assert_eq!(issue("P", &mut room), (0, true), "{options}");
        room.later(14 * 86_400);
        assert_eq!(issue("P", &mut room), (later, true), "{options}");
    }
}

#[test]
fn a_kid_without_any_key_makes_none() {
    let mut room = Sandbox::default();
    for line in [
        "mcpjwt issue --sub a --kid x",
        "mcpjwt issue --sub a --kid x --dry-run",
    ] {
        let shown = room.run(line);
        expect![[r#"
            --- stderr
            error: there is no key yet, so none of that `--kid`
            hint: leave out `--kid`: the first run makes a key
            --- exit 4
        "#]]
        .assert_eq(&shown);
    }
}

#[test]
fn the_document_of_a_half_done_run_has_what_was_done() {
    let mut room = Sandbox::default().read_only("/tmp");
    room.run("mcpjwt secret generate");
    let shown = room.run_raw("mcpjwt issue --json --sub a --to file:t --to file:/tmp/t");
    let document = Json::parse(shown.stdout.as_bytes()).unwrap();
    let token = &document.get("tokens").and_then(Json::as_array).unwrap()[0];
    let places = token.get("places").unwrap().to_string();
    assert_eq!(places, r#"["file:/home/me/project/t"]"#);
    assert_eq!(token.get("token"), Some(&Json::Null));
    assert_eq!(document.get("ok"), Some(&Json::Bool(false)));
    let codes = document.get("errors").unwrap().to_string();
    assert!(codes.contains("place_unwritable"), "{codes}");
    assert_eq!(shown.code, 4);
}
