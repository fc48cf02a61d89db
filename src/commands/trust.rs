//! `mcpjwt trust`: let a manifest do what only a trusted one may. A *change*: read it, show all
//! that it wants, ask, record.

use super::sync;
use crate::client::Route;
use crate::error::{Code, Error, Errors, Outcome};
use crate::json::Json;
use crate::manifest::{Of, Use};
use crate::report::{self, Style, shell_word, shell_words};
use crate::session::Session;
use crate::session::manifest::{self, Loaded, Need, Trust};

pub(super) const MEMBERS: &[&str] = &["manifest", "sha256", "trusted", "wants"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "look at what the manifest here wants, then decide",
        "mcpjwt trust",
    ),
    (
        "in a script, for a manifest that was read before",
        "mcpjwt trust --yes infra/mcpjwt.toml",
    ),
];

/// Let a manifest use what lies outside its folder
///
/// A manifest that is not trusted may use variables of the environment and files in its own
/// folder. Commands, the keyring, your own keys, other files and the configs of clients only after
/// this: it shows them all, and asks. It asks again once the manifest changes, a link of its folder
/// leads elsewhere, or a server entry has another URL or command, folder to start it in, or
/// variables beside the token.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The manifest, or its folder [default: the one that is found]
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Show what it wants and how it stands, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let found;
    let here;
    let loaded = if let Some(path) = &arguments.path {
        here = manifest::at(path, session)?;
        &here
    } else {
        found = sync::required(session)?;
        &*found
    };
    let demands = manifest::demands(loaded, session)?;
    let wants: Vec<Want> = demands
        .iter()
        .map(|demand| Want::of(loaded, demand, session))
        .collect();
    let shown = &loaded.shown;
    if demands.is_empty() {
        session.note(&format!(
            "`{shown}` needs no trust: it uses variables and files in its own folder only"
        ));
        // What somebody adds to it is refused otherwise, and there would be nothing to trust yet.
        let standing = manifest::trust_of(loaded, session)?;
        if matches!(standing, Trust::Never | Trust::Changed) && !arguments.dry_run {
            manifest::keep(loaded, manifest::leads(loaded, &demands, session), session)?;
        }
        return answer(loaded, &wants, End::Trusted, session);
    }
    match manifest::trust_of(loaded, session)? {
        Trust::Own => {
            session.note(&format!(
                "`{shown}` is trusted: it is in your config folder"
            ));
            return answer(loaded, &wants, End::Trusted, session);
        }
        Trust::Given
            if demands
                .iter()
                .all(|demand| manifest::is_seen(loaded, demand, session)) =>
        {
            session.note(&format!("`{shown}` is trusted already"));
            return answer(loaded, &wants, End::Trusted, session);
        }
        Trust::Given | Trust::Changed | Trust::Never | Trust::Unknown => {}
    }
    if arguments.dry_run {
        let text = listed(loaded, (&demands, &wants), session.err);
        session.show(&text);
        session.note(&format!("would trust `{shown}` until it changes"));
        return answer(loaded, &wants, End::Rehearsed, session);
    }
    // What changes while the person looks at it was not shown.
    let leads = manifest::leads(loaded, &demands, session);
    if !arguments.yes || !(session.json || session.quiet) {
        let text = listed(loaded, (&demands, &wants), session.err);
        session.host.terminal.err(&text);
    }
    if !arguments.yes {
        let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
        if !person {
            return Err(Error::usage("nobody can be asked: there is no terminal")
                .hint("if you want all of that, add `--yes`")
                .into());
        }
        let reply = session.ask("trust it until it changes? [y/N] ")?;
        if !matches!(reply.trim(), "y" | "Y" | "yes") {
            session.note("nothing was changed");
            return answer(loaded, &wants, End::Declined, session);
        }
    }
    manifest::keep(loaded, leads, session)?;
    session.note(&format!("`{shown}` is trusted until it changes"));
    answer(loaded, &wants, End::Trusted, session)
}

/// Everything that it wants. Nothing is cut: what is not seen cannot be agreed to.
fn listed(
    loaded: &Loaded,
    (demands, wants): (&[(Use<'_>, Need)], &[Want]),
    style: Style,
) -> String {
    let rows: Vec<Vec<String>> = wants
        .iter()
        .map(|want| [&want.who, want.does, &want.what].map(report::escape))
        .map(Vec::from)
        .collect();
    let style = Style {
        width: None,
        ..style
    };
    let head = report::escape(&format!("`{}` wants", loaded.shown));
    let table = report::table(&["who", "does", "what"], &rows, style);
    let mut text = format!("{head}\n{table}");
    let others = others(loaded, demands);
    if !others.is_empty() {
        let others = report::escape(&others.join("`, `"));
        text.push_str(&format!("and, as any manifest may: `{others}`\n"));
    }
    text
}

/// The places that it may use without: variables, and files in its own folder.
fn others(loaded: &Loaded, demands: &[(Use<'_>, Need)]) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for one in loaded.manifest.uses() {
        let place = match one.of {
            Of::Place(place) => place.to_string(),
            Of::Destination(to) => to.place.to_string(),
            Of::Store | Of::Git => continue,
        };
        if !others.contains(&place) && !demands.iter().any(|(known, _)| *known == one) {
            others.push(place);
        }
    }
    others
}

/// Something that it wants, in words.
struct Want {
    who: String,
    does: &'static str,
    what: String,
}

impl Want {
    fn of(loaded: &Loaded, (one, need): &(Use<'_>, Need), session: &mut Session<'_, '_>) -> Self {
        Self {
            who: one.by.clone(),
            does: need.does(),
            what: told(loaded, (one, need), session),
        }
    }
}

/// The place, where it leads, and what else is written there.
fn told(loaded: &Loaded, (one, need): (&Use<'_>, &Need), session: &mut Session<'_, '_>) -> String {
    let mut text = match one.of {
        Of::Place(place) => place.to_string(),
        Of::Destination(to) => to.place.to_string(),
        Of::Store => format!("the store `{}`", loaded.store_name()),
        Of::Git => "git = \"allow\"".to_owned(),
    };
    // A config that nobody can read is told by the run that needs it.
    let end = manifest::end(loaded, one.of, session).ok().flatten();
    let (file, route) = end.map_or((None, None), |end| (Some(end.file), Some(end.route)));
    let outside = need.leads_to().iter();
    for path in file
        .iter()
        .chain(outside.filter(|path| file.as_ref() != Some(path)))
    {
        text.push_str(&format!(" ({})", path.display()));
    }
    if let Of::Destination(to) = one.of {
        if let Some(mode) = to.mode {
            text.push_str(&format!(", mode {}", mode.name()));
        }
        if let Some(name) = &to.env {
            text.push_str(&format!(", variable {name}"));
        }
        if let Some(name) = &to.header {
            text.push_str(&format!(", header {name}"));
        }
        if let Some(bits) = to.file_mode {
            text.push_str(&format!(", file mode {bits:04o}"));
        }
        // The token goes where the entry that is there sends it.
        let asked = || Route {
            urls: to.url.iter().cloned().collect(),
            command: to.command.clone(),
            ..Route::default()
        };
        let (route, unknown) = match route {
            Some(Ok(route)) => (route, None),
            Some(Err(error)) => (asked(), Some(error)),
            None => (asked(), None),
        };
        text.push_str(&shown_route(&route));
        // What a run would say of the manifest itself is not about where a token goes.
        if let Some(error) = unknown.filter(|error| error.code == Code::PlaceInvalid) {
            text.push_str(&format!(
                ", and nobody can tell where to: {}",
                error.message
            ));
        }
    }
    text
}

/// The servers and the program of an entry. What is agreed to is seen whole, whatever it looks
/// like: of a URL all that says which server it is, of a command each path.
fn shown_route(route: &Route) -> String {
    let mut text = String::new();
    for url in &route.urls {
        let (server, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        text.push_str(&format!(", url {server}{}", report::masked(rest)));
    }
    if let [program, arguments @ ..] = route.command.as_slice() {
        let is_path = |word: &str| word.contains(['/', '\\']);
        let words = arguments.iter().map(|word| {
            if is_path(word) {
                word.clone()
            } else {
                report::masked(word)
            }
        });
        let words: Vec<String> = [program.clone()].into_iter().chain(words).collect();
        text.push_str(&format!(", command {}", shell_words(&words)));
    }
    for folder in &route.folders {
        text.push_str(&format!(", started in {}", shell_word(folder)));
    }
    // Their values may be secrets.
    let names = route.variables.iter().map(|slot| shell_word(&slot.name));
    let names: Vec<String> = names.collect();
    if !names.is_empty() {
        text.push_str(&format!(", with the variables {}", names.join(" ")));
    }
    for file in &route.files {
        text.push_str(&format!(", and those of {}", shell_word(file)));
    }
    text
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is trusted, or need not be.
    Trusted,
    /// Somebody said no.
    Declined,
    /// Nothing was done.
    Rehearsed,
}

fn answer(
    loaded: &Loaded,
    wants: &[Want],
    end: End,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let outcome = match end {
        End::Trusted | End::Rehearsed => Outcome::Done,
        End::Declined => Outcome::No,
    };
    if session.json {
        let wants = wants.iter().map(|want| {
            Json::object([
                ("who", want.who.as_str().into()),
                ("does", want.does.into()),
                ("what", want.what.as_str().into()),
            ])
        });
        let wants: Vec<Json> = wants.collect();
        let body = vec![
            ("manifest", loaded.path.display().to_string().into()),
            ("sha256", loaded.digest.as_str().into()),
            ("trusted", (end == End::Trusted).into()),
            ("wants", Json::Array(wants)),
        ];
        session.document(outcome, body, &[])?;
    }
    Ok(outcome)
}
