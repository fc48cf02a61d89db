//! What a dry run of `issue` shows: the claims, and what would become of each place.

use super::settle::Settled;
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::report;
use crate::session::Session;
use crate::session::mint::Signing;
use crate::session::places::Edit;
use crate::time;

/// Shows the plan: in words on standard error, or as the JSON document.
pub(super) fn show(
    settled: &Settled,
    signing: Option<&Signing<'_>>,
    edits: &[Edit],
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let clock = session.clock();
    let mut tokens = Vec::new();
    let mut text = String::new();
    for template in &settled.claims.templates {
        let exp = template.times.exp;
        let claims = template.claims(template.jti.as_deref().unwrap_or("(random)"));
        text.push_str(&format!("would mint {claims}\n"));
        if let Some(signing) = signing {
            text.push_str(&format!(
                "  signed by key `{}` ({})\n",
                signing.chosen.key.kid(),
                signing.chosen.alg.name()
            ));
        }
        text.push_str(&format!("  good until {}\n", clock.full(exp)));
        for edit in edits {
            text.push_str(&edit.shown());
        }
        let at = edits
            .iter()
            .map(|edit| edit.lasting().map(|place| place.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        tokens.push(Json::object([
            ("token", Json::Null),
            ("sub", template.sub.as_str().into()),
            ("jti", template.jti.clone().into()),
            (
                "kid",
                signing
                    .map(|signing| signing.chosen.key.kid().to_owned())
                    .into(),
            ),
            ("exp", exp.into()),
            ("expires", time::rfc3339(exp).into()),
            ("places", at.into()),
            ("claims", claims),
        ]));
    }
    if session.json {
        session.document(Outcome::Done, vec![("tokens", Json::Array(tokens))], &[])?;
    } else {
        session.host.terminal.err(&report::escape_lines(&text));
    }
    Ok(Outcome::Done)
}
