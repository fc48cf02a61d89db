//! `mcpjwt add`: one more client. A *change* of the manifest: settle the arguments, decide what
//! its text is to be, look at the places, write.

use super::entry::{self, EntryArguments};
use super::{claims, misuse, shared, sync};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::manifest::{Manifest, Of, Token, Use, edit, propose};
use crate::place::Place;
use crate::report;
use crate::session::manifest::{self, Loaded, permit};
use crate::session::{self, Session, ledger};
use crate::time;

pub(super) const MEMBERS: &[&str] = &["manifest", "token", "added", "places"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a sixth client, whose config takes its token from a variable of `.env`",
        "mcpjwt add vscode3@example.local --to dotenv:.env#TOKEN_VSCODE3",
    ),
    (
        "a server entry, with a role of its own",
        "mcpjwt add ci --role reader --to cursor:project/exai",
    ),
];

/// Add a client to the manifest, and put its token into its places
///
/// Writes a `[[token]]`, or more places for the one that has this subject; comments and everything
/// else stay. Then its places get their token as `mcpjwt sync` gives it. Nothing is written where
/// one of them could not be.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who the token is for, its `sub`
    #[arg(value_name = "SUB")]
    sub: String,
    /// A place to put it into; repeat for several
    #[arg(long, value_name = "PLACE", required = true)]
    to: Vec<String>,
    /// How long it lasts [default: as the others]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// The server it is for, its `aud`; repeat for several [default: that of the others]
    #[arg(long, value_name = "AUDIENCE")]
    aud: Vec<String>,
    #[command(flatten)]
    own: claims::Own,
    /// The variable of a server entry that carries the token
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    #[command(flatten)]
    entry: EntryArguments,
    /// Show what would be written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut loaded = sync::required(session)?;
    let mut _held = None;
    if !arguments.dry_run {
        let (held, now) = session::sync::lock(&loaded, session)?;
        (_held, loaded) = (Some(held), now);
    }
    let wish = settle(arguments, &loaded, session)?;
    let change = manifest::changed(
        &loaded,
        &mut |text| wish.text(&loaded.manifest, text),
        session,
    )?;
    let token = added(&change.new.manifest, &wish)?;
    for to in &token.to {
        let one = Use {
            by: format!("token `{}`", token.name),
            of: Of::Destination(to),
        };
        permit(&change.new, &one, session)?;
    }
    let name = token.name.clone();
    let report = sync::one(&change.new, &name, sync::Doing::Rehearse, session)?;
    if arguments.dry_run {
        if !session.json {
            let (old, new) = &change.texts;
            let old = old.expose_str().unwrap_or_default();
            let lines = report::lines(old, new);
            session.host.terminal.err(&lines);
            return sync::tell(&report, session);
        }
        return answer(&loaded, &name, &wish, report, session);
    }
    let is_new = wish.index.is_none();
    let loaded = if wish.changes() {
        // Else the manifest would have what no run could put into its place.
        let hint = "make that folder one that can be written, or set `MCPJWT_HOME`";
        ledger::ready(session).map_err(|error| error.hint(hint))?;
        let path = loaded.shown.clone();
        let new = manifest::write(&loaded, change, session)?;
        session.note(&if is_new {
            format!("added `{name}` to `{path}`")
        } else {
            format!("added places to `{name}` in `{path}`")
        });
        new
    } else {
        session.note(&format!("`{name}` has these places already"));
        loaded
    };
    let report = sync::one(&loaded, &name, sync::Doing::Write, session)?;
    answer(&loaded, &name, &wish, report, session)
}

/// What is to be in the manifest.
struct Wish {
    /// The token of this subject that is there.
    index: Option<usize>,
    /// The keys of a new one, without its places.
    keys: Vec<(String, Json)>,
    sub: String,
    /// The places that it does not have yet.
    places: Vec<Json>,
}

impl Wish {
    fn changes(&self) -> bool {
        self.index.is_none() || !self.places.is_empty()
    }

    fn text(&self, manifest: &Manifest, text: &str) -> Result<String, Error> {
        if let Some(index) = self.index {
            return edit::add_places(text, index, &self.places);
        }
        let is_free = |name: &str| manifest.tokens.iter().all(|token| token.name != name);
        let named = propose::token_name(&self.sub, is_free);
        let mut keys = Vec::new();
        if !named.is_plain {
            keys.push(("name".to_owned(), named.name.into()));
        }
        keys.push(("sub".to_owned(), self.sub.as_str().into()));
        keys.extend(self.keys.iter().cloned());
        keys.push(("to".to_owned(), Json::Array(self.places.clone())));
        edit::add_token(text, keys)
    }
}

fn settle(
    arguments: &Arguments,
    loaded: &Loaded,
    session: &mut Session<'_, '_>,
) -> Result<Wish, Errors> {
    let mut gather = Gather::default();
    if arguments.sub.is_empty() {
        gather.add(misuse("the subject is empty", "say who the token is for"));
    }
    let to: Vec<Place> = arguments
        .to
        .iter()
        .filter_map(|text| gather.take(shared::destination(text)))
        .collect();
    if to.contains(&Place::Std) {
        gather.add(misuse(
            "standard output is no place of a manifest",
            "to print a token: `mcpjwt issue --sub NAME`",
        ));
    }
    gather.take(arguments.entry.wish(arguments.env.as_deref(), &to));
    let ttl = shared::duration("--ttl", arguments.ttl.as_deref(), &mut gather);
    if arguments.aud.iter().any(String::is_empty) {
        gather.add(shared::empty("--aud"));
    }
    let keys = gather.take(claims::keys(&arguments.own, session));
    gather.done()?;
    let mut keys = keys.unwrap_or_default();
    keys.extend(ttl.map(|ttl| ("ttl".to_owned(), time::exact(ttl).into())));
    match &arguments.aud[..] {
        [] => {}
        [one] => keys.push(("aud".to_owned(), one.as_str().into())),
        many => keys.push(("aud".to_owned(), many.to_vec().into())),
    }
    let tokens = &loaded.manifest.tokens;
    let known = loaded.manifest.token(&arguments.sub)?;
    let index = known.and_then(|known| tokens.iter().position(|token| token.name == known.name));
    if let Some(known) = known {
        same(known, &keys, loaded)?;
    }
    let entry = arguments.entry.keys(arguments.env.as_deref());
    let mut places = Vec::new();
    let mut seen: Vec<Place> = known.map_or(Vec::new(), places_of);
    for place in to {
        let place = loaded.written(&place, session)?;
        if seen.contains(&place) {
            continue;
        }
        let text = Json::from(place.to_string());
        let is_entry = entry::is_entry(&place) && !entry.is_empty();
        places.push(if is_entry {
            let mut table = vec![("place".to_owned(), text)];
            table.extend(entry.iter().cloned());
            Json::Object(table)
        } else {
            text
        });
        seen.push(place);
    }
    Ok(Wish {
        index,
        keys,
        sub: arguments.sub.clone(),
        places,
    })
}

fn places_of(token: &Token) -> Vec<Place> {
    token.to.iter().map(|to| to.place.clone()).collect()
}

/// Refuses options that say something else than the manifest does of a token that is there.
fn same(known: &Token, keys: &[(String, Json)], loaded: &Loaded) -> Result<(), Errors> {
    let sub = ("sub".to_owned(), Json::from(known.sub.as_str()));
    let all = std::iter::once(sub).chain(keys.iter().cloned()).collect();
    let text = edit::add_token("", all)?;
    let asked = crate::manifest::read(&text, |_| false)?;
    let is_same = asked.tokens.iter().all(|asked| {
        let given = |key: &str| keys.iter().any(|(name, _)| name == key);
        (!given("role") || asked.role == known.role)
            && (!given("scope") || asked.scope == known.scope)
            && (!given("claims") || asked.claims == known.claims)
            && (!given("ttl") || asked.ttl == known.ttl)
            && (!given("aud") || asked.aud == known.aud)
            && (!given("typ") || asked.typ == known.typ)
            && (!given("client-id") || asked.client_id == known.client_id)
    });
    if is_same {
        return Ok(());
    }
    let (name, shown, line) = (&known.name, &loaded.shown, known.line);
    Err(Error::usage(format!(
        "the token `{name}` is in the manifest already, with other claims than these"
    ))
    .hint(format!(
        "change them in line {line} of `{shown}`, then `mcpjwt sync`"
    ))
    .into())
}

/// The token as it is in the new text.
fn added<'m>(manifest: &'m Manifest, wish: &Wish) -> Result<&'m Token, Error> {
    let token = match wish.index {
        Some(index) => manifest.tokens.get(index),
        None => manifest.tokens.last(),
    };
    token.ok_or_else(|| Error::new(Code::Internal, "a token that was added is not there"))
}

fn answer(
    loaded: &Loaded,
    name: &str,
    wish: &Wish,
    report: sync::Report,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if !session.json {
        return sync::tell(&report, session);
    }
    let body = vec![
        ("manifest", loaded.path.display().to_string().into()),
        ("token", name.into()),
        ("added", wish.places.clone().into()),
        ("places", report.places(session)),
    ];
    let outcome = report.outcome();
    session.document(outcome, body, &report.into_errors(session))?;
    Ok(outcome)
}
