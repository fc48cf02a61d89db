//! What `--json` writes.

use crate::error::Error;
use crate::json::Json;

/// The one JSON document of a command, indented by two, with a line end.
///
/// ```text
/// {
///   "ok": bool,
///   ..body..,
///   "warnings": [problem, ..],
///   "errors": [problem, ..]
/// }
/// problem: {"code", "claim"?, "place"?, "message", "hint"?}
/// ```
/// The shape is the same on success and failure. Messages are as they are: the JSON writer
/// escapes what a terminal would obey.
pub fn document(ok: bool, body: Vec<(&str, Json)>, warnings: &[Error], errors: &[Error]) -> String {
    let mut out = whole(ok, body, warnings, errors).pretty();
    out.push('\n');
    out
}

/// The same as one line, with its line end, for JSON Lines.
pub fn document_line(
    ok: bool,
    body: Vec<(&str, Json)>,
    warnings: &[Error],
    errors: &[Error],
) -> String {
    format!("{}\n", whole(ok, body, warnings, errors))
}

fn whole(ok: bool, body: Vec<(&str, Json)>, warnings: &[Error], errors: &[Error]) -> Json {
    let mut members = vec![("ok".to_owned(), Json::Bool(ok))];
    members.extend(
        body.into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    for (name, problems) in [("warnings", warnings), ("errors", errors)] {
        members.push((
            name.to_owned(),
            Json::Array(problems.iter().map(problem).collect()),
        ));
    }
    Json::Object(members)
}

/// One problem of a document: `{code, claim?, place?, message, hint?}`.
pub fn problem(error: &Error) -> Json {
    let members = [
        ("code", Some(error.code.name())),
        ("claim", error.claim.as_deref()),
        ("place", error.place.as_deref()),
        ("message", Some(error.message.as_str())),
        ("hint", error.hint.as_deref()),
    ];
    let present = |(name, value): (&str, Option<&str>)| Some((name.to_owned(), Json::from(value?)));
    Json::Object(members.into_iter().filter_map(present).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use expect_test::expect;

    #[test]
    fn success_and_failure_have_one_shape() {
        let body = || vec![("sub", Json::from("a\u{202e}b"))];
        let warnings = [Error::new(Code::KeyWeak, "weak").hint("make a new one")];
        let errors = [Error::new(Code::ClaimMismatch, "`aud` is `x`")
            .claim("aud")
            .at("-")];
        expect![[r#"
            {
              "ok": false,
              "sub": "a\u202eb",
              "warnings": [
                {
                  "code": "key_weak",
                  "message": "weak",
                  "hint": "make a new one"
                }
              ],
              "errors": [
                {
                  "code": "claim_mismatch",
                  "claim": "aud",
                  "place": "-",
                  "message": "`aud` is `x`"
                }
              ]
            }
        "#]]
        .assert_eq(&document(false, body(), &warnings, &errors));
        expect![[r#"
            {"ok":true,"sub":"a\u202eb","warnings":[],"errors":[]}
        "#]]
        .assert_eq(&document_line(true, body(), &[], &[]));
    }
}
