//! `mcpjwt secret generate`: the first key of a store or place. A *change*.

use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::{self, Algorithm, Encoding, Key, KeySet, Kind};
use crate::place::Place;
use crate::report;
use crate::secret::Secret;
use crate::session::keys::{self, Store};
use crate::session::places::{self, Replace};
use crate::session::{Session, manifest};

/// Make the first key
///
/// It goes into your own store, unless a place is named. What is there already is never
/// overwritten.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The algorithm the key is for [default: HS256]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// How many random bytes a secret has [default: as many as the algorithm requires]
    #[arg(long, value_name = "N")]
    bytes: Option<usize>,
    /// Write it to this place and nowhere else
    #[arg(long, value_name = "PLACE", conflicts_with_all = ["store", "print"])]
    to: Option<String>,
    /// Keep your own store in a file or in the keyring [default: file]
    #[arg(long, value_name = "WHERE", value_parser = ["file", "keyring"], conflicts_with = "print")]
    store: Option<String>,
    /// Print it and keep nothing
    #[arg(long)]
    print: bool,
    /// How the text of a secret is written [default: hex]
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// Show what would be made, and make nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let alg = arguments
        .alg
        .as_deref()
        .and_then(|text| gather.take(shared::algorithm(text)));
    let encoding = arguments
        .encoding
        .as_deref()
        .and_then(|text| gather.take(shared::encoding(text)));
    let to = arguments
        .to
        .as_deref()
        .and_then(|text| gather.take(shared::destination(text)));
    let alg = alg.unwrap_or(Algorithm::HS256);
    if alg.kind() != Kind::Secret && (arguments.bytes.is_some() || encoding.is_some()) {
        gather.add(misuse(
            &format!(
                "`--bytes` and `--encoding` are for secrets, and {} takes a key pair",
                alg.name()
            ),
            "leave them out",
        ));
    }
    gather.done()?;
    let now = session.host.facts.now;
    let random = &mut *session.host.random;
    let key = key::generate(
        alg,
        arguments.bytes,
        encoding.unwrap_or(Encoding::Hex),
        &mut |buffer| random.fill(buffer),
    )?;
    let key = key.standing(key::State::Current, Some(now), None);
    let kid = key.kid().to_owned();
    let set = KeySet::of(vec![key]);
    if arguments.print {
        return print(arguments, &set, session);
    }
    if let Some(place) = to {
        return into_place(arguments, &place, &set, session);
    }
    let name = manifest::own_store(session)?;
    let (store, present) = keys::read_store(&name, session)?;
    let in_keyring = arguments.store.as_deref() == Some("keyring");
    let elsewhere = in_keyring && matches!(store, Store::File(_));
    if let Some(present) = &present
        && (elsewhere || keys::has_current(present))
    {
        let kids: Vec<&str> = present.keys.iter().map(Key::kid).collect();
        return Err(Error::new(
            Code::KeyExists,
            format!(
                "there is a key already (`{}`) in `{}`, and it is not overwritten",
                kids.join("`, `"),
                store.shown(session)
            ),
        )
        .hint("see it with `mcpjwt secret list`, or write a second one elsewhere with `--to PLACE`")
        .into());
    }
    if arguments.dry_run {
        let place = if elsewhere {
            format!("keyring:mcpjwt/{name}")
        } else {
            store.shown(session)
        };
        let before = present.unwrap_or_else(|| KeySet::of(Vec::new()));
        let after = keys::joined(Some(&before), &set);
        let clock = session.clock();
        let text = report::stored(&place, (&before, &after), Some(&kid), clock);
        session.show(&text);
        return planned(place, session);
    }
    let store = if elsewhere {
        let (store, found) = keys::first_in_keyring(&name, &set, session)?;
        if let Some(found) = found {
            let kid = found.signing()?.kid().to_owned();
            let shown = store.shown(session);
            session.note(&format!(
                "key `{kid}` was in `{shown}` already; it is your own store from now on"
            ));
            return described(&found, Some(&store.place()), session);
        }
        store
    } else {
        keys::put_first(&name, &set, session)?
    };
    session.note(&format!(
        "made key `{kid}` ({}) in `{}`",
        alg.name(),
        store.shown(session)
    ));
    session.note(match alg.kind() {
        Kind::Secret => "servers need the secret: `mcpjwt secret export --format env` prints it",
        _ => "servers need the public key: `mcpjwt jwks` prints it",
    });
    described(&set, Some(&store.place()), session)
}

/// What a place gets: the text of a secret, or the PEM of a key pair.
fn text_of(set: &KeySet) -> Result<Secret, Error> {
    let key = set.signing()?;
    match key.kind() {
        Kind::Secret => key.to_text(),
        _ => key.to_pem(key::Part::Private),
    }
}

fn print(
    arguments: &Arguments,
    set: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if arguments.dry_run {
        session.note("would print a key, and keep nothing");
        return Ok(Outcome::Done);
    }
    let text = text_of(set)?.with_line_end();
    session.host.terminal.out(text.expose())?;
    Ok(Outcome::Done)
}

fn into_place(
    arguments: &Arguments,
    place: &Place,
    set: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let key = set.signing()?;
    if *place == Place::Std {
        return print(arguments, set, session);
    }
    let mut text = text_of(set)?;
    if matches!(place, Place::Dotenv { .. }) && key.kind() != Kind::Secret {
        return Err(misuse(
            "a key pair does not fit into one line of a .env file",
            "write it to `file:PATH`",
        )
        .into());
    }
    if matches!(place, Place::File(_)) {
        text = text.with_line_end();
    }
    let edit = places::decide(place, text, Replace::Nothing, session)?;
    if arguments.dry_run {
        session.show(&edit.shown());
        return planned(place.to_string(), session);
    }
    places::write(&[edit], session).1?;
    session.note(&format!("wrote key `{}` to `{place}`", key.kid()));
    // Neither text nor PEM says which algorithm it is for.
    let alg = key.algorithm(None)?;
    let alg = if alg == key.kind().default_algorithm() {
        String::new()
    } else {
        format!(" --alg {}", alg.name())
    };
    session.note(&format!(
        "mint with it: `mcpjwt issue --sub NAME --key {}{alg}`",
        report::shell_word(&place.to_string())
    ));
    described(set, Some(place), session)
}

/// The document of a dry run: where, and no key.
fn planned(place: String, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        let body = vec![("keys", Json::Array(Vec::new())), ("place", place.into())];
        session.document(Outcome::Done, body, &[])?;
    }
    Ok(Outcome::Done)
}

fn described(
    set: &KeySet,
    place: Option<&Place>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        let keys: Vec<Json> = set.keys.iter().map(super::list::described).collect();
        let place = place.map(ToString::to_string);
        session.document(
            Outcome::Done,
            vec![("keys", Json::Array(keys)), ("place", place.into())],
            &[],
        )?;
    }
    Ok(Outcome::Done)
}
