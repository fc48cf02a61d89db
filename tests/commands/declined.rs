//! A question that a person answers with no: nothing changes, and that is told, in one document
//! under `--json` too.

use crate::SECRET;
use crate::support::Sandbox;

const MANIFEST: &str = "iss = \"i\"\naud = \"a\"\nkey = \"dotenv:.env#K\"\nprevious = \"dotenv:.env#P\"\n\n[[token]]\nsub = \"one\"\nto = [\"file:t\"]\n";
const STORE: &str = r#"{"keys":[
    {"kty":"oct","alg":"HS256","kid":"k1","k":"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA","mcpjwt_state":"current"},
    {"kty":"oct","alg":"HS256","kid":"k2","k":"ZDJjNGI2YTg5MDdmNWUzZDFiMjkzODQ3NTZhZmJlY2QwZjFlMmQzYzRiNWE2OTc4ODc5NmE1YjRjM2QyZTFmMA","mcpjwt_state":"retired"}
]}"#;

#[test]
fn a_no_is_one_document_and_exit_code_1() {
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", format!("K={SECRET}\n"))
        .file("wants/mcpjwt.toml", "key = \"cmd:cat k\"\n")
        .file("~/.local/share/mcpjwt/default.jwks", STORE);
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let mut room = room.terminal(80);
    let before = (room.files.files.clone(), room.keyring.entries.clone());
    for line in [
        "remove one",
        "revoke --sub one",
        "revoke --kid k1",
        "rotate-secret --now",
        "secret prune --no-manifest",
        "uninstall --all",
        "trust wants",
    ] {
        for json in ["", " --json"] {
            let line = format!("mcpjwt {line}{json}");
            room.set_answers(&["n"]);
            let shown = room.run_raw(&line);
            assert_eq!(shown.code, 1, "{line}: {} {}", shown.stdout, shown.stderr);
            assert_eq!(
                (&room.files.files, &room.keyring.entries),
                (&before.0, &before.1),
                "{line}"
            );
            if json.is_empty() {
                assert!(
                    shown.stderr.ends_with("nothing was changed\n"),
                    "{line}: {}",
                    shown.stderr
                );
                assert_eq!(shown.stdout, "", "{line}");
            } else {
                let document: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
                assert_eq!(document["ok"], false, "{line}");
                assert_eq!(document["errors"], serde_json::json!([]), "{line}");
            }
        }
    }
}
