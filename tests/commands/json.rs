//! `--json`: one document, of one shape on success and on failure.

use std::collections::BTreeSet;

use mcpjwt::json::Json;

use crate::support::Sandbox;
use crate::{token, with_key};

fn members(document: &Json) -> Vec<String> {
    let members = document.as_object().unwrap();
    members.iter().map(|(name, _)| name.clone()).collect()
}

fn document(room: &mut Sandbox, line: &str, code: u8) -> Json {
    let shown = room.run_raw(line);
    assert_eq!(shown.code, code, "{line}: {}{}", shown.stdout, shown.stderr);
    assert_eq!(shown.stderr, "", "{line}");
    Json::parse(shown.stdout.as_bytes())
        .unwrap_or_else(|error| panic!("{line}: {error}: {}", shown.stdout))
}

#[test]
fn success_and_failure_have_the_same_members() {
    let mut room = with_key()
        .file("pem", include_str!("../keys/ed25519.pkcs8.pem"))
        .file("weak", "short");
    let good = token(&mut room, "");
    let flat = good.rsplit_once('.').unwrap().0.to_owned();
    let cases = [
        (
            "issue --sub a --key file:k".to_owned(),
            vec![
                ("issue --sub a --key file:weak".to_owned(), 4),
                ("issue --sub a --key file:absent".to_owned(), 4),
                ("issue --sub a --ttl 5".to_owned(), 2),
            ],
        ),
        (
            format!("verify {good} --key file:k"),
            vec![
                (format!("verify {flat} --key file:k"), 1),
                (format!("verify {good} --key file:k --at 2030-01-01"), 3),
                (format!("verify {good} --key file:absent"), 4),
                (format!("verify {good} --alg HS1"), 2),
            ],
        ),
        (
            format!("decode {good}"),
            vec![
                ("decode x".to_owned(), 1),
                ("decode file:absent".to_owned(), 4),
                ("decode".to_owned(), 2),
            ],
        ),
        (
            format!("expiry {good}"),
            vec![
                (format!("expiry {good} --within 7d"), 3),
                (format!("expiry {flat}"), 1),
                ("expiry file:absent".to_owned(), 4),
                ("expiry --within x".to_owned(), 2),
            ],
        ),
        (
            format!("lint {good}"),
            vec![
                ("lint x".to_owned(), 1),
                ("lint file:absent".to_owned(), 4),
                ("lint".to_owned(), 2),
            ],
        ),
        (
            "secret list --key file:k".to_owned(),
            vec![
                ("secret list --key file:absent".to_owned(), 4),
                ("secret list --key absent".to_owned(), 2),
            ],
        ),
        (
            "secret generate --to file:new".to_owned(),
            vec![
                ("secret generate --to file:k".to_owned(), 4),
                ("secret generate --alg x".to_owned(), 2),
            ],
        ),
        (
            "secret generate --dry-run".to_owned(),
            vec![("secret generate --bytes 1".to_owned(), 4)],
        ),
        (
            "secret import --from file:k".to_owned(),
            vec![("secret import --from file:weak".to_owned(), 4)],
        ),
        ("secret prune".to_owned(), vec![]),
        (
            "secret export --key file:k --to file:exported".to_owned(),
            vec![
                ("secret export --key file:absent".to_owned(), 4),
                ("secret export --key file:k".to_owned(), 2),
                ("secret export --key file:k --dry-run".to_owned(), 2),
            ],
        ),
        (
            "doctor".to_owned(),
            vec![("doctor --nonsense".to_owned(), 2)],
        ),
        ("clients".to_owned(), vec![("clients nobody".to_owned(), 2)]),
        (
            "status --scan".to_owned(),
            vec![
                ("status --within x".to_owned(), 2),
                ("status --at x".to_owned(), 2),
            ],
        ),
        (
            "jwks --key file:pem --to file:public.json".to_owned(),
            vec![("jwks --key file:k".to_owned(), 4)],
        ),
        (
            "jwks --key file:pem".to_owned(),
            vec![
                ("jwks --key file:k".to_owned(), 4),
                ("jwks --alg x".to_owned(), 2),
            ],
        ),
    ];
    for (line, failures) in cases {
        let fine = document(&mut room, &format!("mcpjwt {line} --json"), 0);
        assert_eq!(fine.get("ok"), Some(&Json::Bool(true)), "{line}");
        let want: BTreeSet<String> = members(&fine).into_iter().collect();
        for (line, code) in failures {
            let failed = document(&mut room, &format!("mcpjwt {line} --json"), code);
            assert_eq!(failed.get("ok"), Some(&Json::Bool(false)), "{line}");
            let errors = failed.get("errors").and_then(Json::as_array).unwrap();
            assert!(!errors.is_empty(), "{line}");
            let got: BTreeSet<String> = members(&failed).into_iter().collect();
            assert_eq!(got, want, "{line}");
        }
    }
}

#[test]
fn a_mistake_of_the_command_line_is_a_document_too() {
    for line in [
        "--json",
        "--json nonsense",
        "issue --json",
        "verify --json --nonsense",
    ] {
        let document = document(&mut Sandbox::default(), &format!("mcpjwt {line}"), 2);
        let errors = document.get("errors").and_then(Json::as_array).unwrap();
        let code = errors[0].get("code").and_then(Json::as_str);
        assert_eq!(code, Some("usage"), "{line}");
    }
}

#[test]
fn warnings_are_in_the_document() {
    let document = document(&mut Sandbox::default(), "mcpjwt issue --sub a --json", 0);
    let warnings = document.get("warnings").and_then(Json::as_array).unwrap();
    assert_eq!(warnings.len(), 1, "the first key was made");
}
