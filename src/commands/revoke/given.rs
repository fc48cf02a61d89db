//! A token that was given: whose it is, and whether it is the one that it claims to be.

use super::aim::{Aim, Ask, Ends};
use crate::commands::status::our_keys;
use crate::error::{Code, Error, Errors};
use crate::place::Place;
use crate::report::shell_word;
use crate::session::tokens::{self, Trim};
use crate::session::{Session, ledger};
use crate::state::ledger::Record;
use crate::state::revocations::What;
use crate::token::{self, Claims, Health, Signer};

impl Ask<'_> {
    /// A token that was given.
    pub(super) fn token(&self, text: &str, session: &mut Session<'_, '_>) -> Result<Aim, Errors> {
        let input = tokens::from_argument(text, Trim::Bare, session)?;
        let keys = our_keys(&[], session);
        let health = token::health(input.token.expose(), keys.as_ref(), (self.now, 0));
        let claims = health.claims.as_ref().ok_or_else(unreadable)?;
        let jti = claims.text("jti").filter(|jti| !jti.is_empty());
        let jti = jti.ok_or_else(|| without_id(claims, health.kid.as_deref()))?;
        let ledger = ledger::read(&mut |it| it.jti == jti, session)?;
        let ask = self.knowing(&ledger);
        ask.believe(&health, (claims, jti, input.place.as_ref()), session)?;
        let text = |name: &str| claims.text(name).unwrap_or_default().to_owned();
        let what = What::Token {
            iss: claims.text("iss").map(str::to_owned),
            jti: jti.to_owned(),
        };
        let sub = claims.text("sub").map_or_else(
            || format!("the token with `jti` `{jti}`"),
            |sub| format!("the token of `{sub}`"),
        );
        let record = Record {
            jti: jti.to_owned(),
            sub: text("sub"),
            iss: text("iss"),
            kid: health.kid.clone().unwrap_or_default(),
            aud: claims.audiences().into_iter().map(str::to_owned).collect(),
            iat: health.iat.unwrap_or_default(),
            exp: health.exp,
            ..self.record()
        };
        let ends = health.exp.map_or(Ends::Never, Ends::At);
        Ok(Aim {
            called: sub,
            entries: vec![self.entry(what, health.exp)],
            kids: health.kid.into_iter().collect(),
            records: vec![record],
            known: vec![(jti.to_owned(), ends)],
            run: None,
            lines: Vec::new(),
            token: Some(input.token),
        })
    }

    /// Whoever holds a token has to be able to revoke it, with or without its key. But with a
    /// token that somebody made up nobody shall revoke the real one of its `jti` unawares.
    fn believe(
        &self,
        health: &Health,
        (claims, jti, from): (&Claims, &str, Option<&Place>),
        session: &mut Session<'_, '_>,
    ) -> Result<(), Error> {
        if matches!(health.signer, Signer::Key { .. }) {
            return Ok(());
        }
        let is_wrong = |code: Code| {
            matches!(
                code,
                Code::SigInvalid | Code::SigMissing | Code::Malformed | Code::AlgNone
            )
        };
        let is_same =
            |record: &Record| Some(record.iss.as_str()) == claims.text("iss") && record.jti == jti;
        let known = self.issued().find(|record| is_same(record));
        let contradicts = known.is_some_and(|record| {
            Some(record.sub.as_str()) != claims.text("sub")
                || Some(record.kid.as_str()) != health.kid.as_deref()
                || record.exp != health.exp
        });
        let what = format!("the token with `jti` `{jti}`");
        if contradicts || health.failures.iter().any(|failure| is_wrong(failure.code)) {
            if self.arguments.force {
                return Ok(());
            }
            let message = if contradicts {
                format!("this is not {what} that the ledger knows: somebody made it up")
            } else {
                format!(
                    "the signature is missing or does not fit, so this may not be {what} that it claims to be"
                )
            };
            return Err(Error::new(Code::SigInvalid, message)
                .hint("if the one that it claims to be has to go, add `--force`"));
        }
        let at = from.map_or_else(|| "-".to_owned(), ToString::to_string);
        session.warn(
            Error::new(
                Code::KeyNotFound,
                format!(
                    "no key here can check the signature: it is taken at its word to be {what}"
                ),
            )
            .hint(format!(
                "look at it with `mcpjwt decode {}`; name its key with `MCPJWT_KEY=PLACE`",
                shell_word(&at)
            )),
        );
        Ok(())
    }
}

fn unreadable() -> Error {
    Error::new(
        Code::Malformed,
        "the claims of this token cannot be read, so it cannot be told which one it is",
    )
    .hint("name it by its id, its subject or its key: `--jti`, `--sub`, `--kid`")
}

/// A token that nothing tells from others can only go with them.
fn without_id(claims: &Claims, kid: Option<&str>) -> Error {
    let mut ways = Vec::new();
    if let Some(sub) = claims.text("sub") {
        let iss = claims.text("iss");
        let iss = iss.map_or_else(String::new, |iss| format!(" --iss {}", shell_word(iss)));
        ways.push(format!("`mcpjwt revoke --sub {}{iss}`", shell_word(sub)));
    }
    if let Some(kid) = kid {
        ways.push(format!("`mcpjwt revoke --kid {}`", shell_word(kid)));
    }
    ways.push("`mcpjwt rotate-secret --now`".to_owned());
    Error::new(
        Code::ClaimMissing,
        "this token has no `jti`, so it cannot be revoked by itself",
    )
    .claim("jti")
    .hint(format!("revoke it with others: {}", ways.join(", or ")))
}
