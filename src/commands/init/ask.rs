//! What the proposal leaves open: told, else asked, else as it is proposed.

use super::Told;
use crate::error::{Code, Error, Errors};
use crate::manifest::findings::Findings;
use crate::manifest::propose::{self, Choice};
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::session::{Session, manifest};
use crate::time;

/// What tokens have that nobody was named for, here and in `issue`.
const ISS: &str = "mcpjwt";
const AUD: &str = "mcp";

/// What is in the manifest: told, else asked, else proposed.
pub(super) fn choose(
    told: &Told,
    findings: &Findings,
    asks: bool,
    session: &mut Session<'_, '_>,
) -> Result<Choice, Errors> {
    let folder = told.path.parent().unwrap_or(&told.path);
    let base = session.host.files.leads_to(folder)?;
    let key = match &told.key {
        Some(place) => Some(manifest::written(place, &base, session)?),
        None => key(findings, asks, session)?,
    };
    let own = session.host.facts.dirs.config.as_deref() == Some(folder);
    let name = base
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|_| !own);
    let mut choice = Choice {
        name: name.and_then(propose::name),
        iss: findings.issuer(key.as_ref()).unwrap_or(ISS.to_owned()),
        aud: findings.audience(key.as_ref()),
        alg: findings.algorithm(key.as_ref()),
        ttl: findings.ttl(),
        now: session.host.facts.now,
        key,
    };
    if choice.aud.is_empty() {
        choice.aud = vec![AUD.to_owned()];
    }
    if let Some(iss) = &told.iss {
        choice.iss.clone_from(iss);
    } else if asks {
        choice.iss = asked("issuer", choice.iss, session)?;
    }
    if !told.aud.is_empty() {
        choice.aud.clone_from(&told.aud);
    } else if asks && choice.aud.len() == 1 {
        choice.aud = vec![asked("audience", choice.aud.remove(0), session)?];
    }
    if let Some(ttl) = told.ttl {
        choice.ttl = ttl;
    } else if asks {
        choice.ttl = lifetime(choice.ttl, session)?;
    }
    Ok(choice)
}

/// The key that is found, where there is one; a person may say which.
fn key(
    findings: &Findings,
    asks: bool,
    session: &mut Session<'_, '_>,
) -> Result<Option<Place>, Errors> {
    let candidates = findings.candidates();
    let (first, many) = match &candidates[..] {
        [] => {
            session.note("no secret is found, so the key is in your own store");
            return Ok(None);
        }
        [one] => return Ok(Some(one.place.clone())),
        [first, ..] => (first, &candidates),
    };
    let places: Vec<String> = many.iter().map(|it| it.place.to_string()).collect();
    if !asks {
        let error = Error::new(
            Code::KeyAmbiguous,
            format!(
                "{} secrets may be the key: `{}`",
                places.len(),
                places.join("`, `")
            ),
        );
        let hint = format!("say which one signs: `--key {}`", shell_word(&places[0]));
        return Err(error.hint(hint).into());
    }
    let mut listed = String::new();
    for (index, place) in places.iter().enumerate() {
        listed.push_str(&format!("  {}  {}\n", index + 1, report::escape(place)));
    }
    session.host.terminal.err(&listed);
    loop {
        let reply = session.ask("which of these signs the tokens? [1] ")?;
        if reply.trim().is_empty() {
            return Ok(Some(first.place.clone()));
        }
        let chosen = reply.trim().parse::<usize>().ok();
        if let Some(it) = chosen.and_then(|number| many.get(number.checked_sub(1)?)) {
            return Ok(Some(it.place.clone()));
        }
    }
}

fn asked(what: &str, proposed: String, session: &mut Session<'_, '_>) -> Result<String, Error> {
    let reply = session.ask(&format!("{what} [{proposed}]: "))?;
    let reply = reply.trim();
    Ok(if reply.is_empty() {
        proposed
    } else {
        reply.to_owned()
    })
}

fn lifetime(proposed: i64, session: &mut Session<'_, '_>) -> Result<i64, Error> {
    loop {
        let reply = asked("how long tokens last", time::exact(proposed), session)?;
        match time::parse_duration(&reply) {
            Ok(ttl) if ttl > 0 => return Ok(ttl),
            _ => session.note("that is no lifetime: write one such as `30d`"),
        }
    }
}
