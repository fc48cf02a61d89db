//! `mcpjwt init`: a manifest out of what a project has already. A *change*: look, propose, ask,
//! write.

mod ask;

use std::path::{Path, PathBuf};

use super::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::manifest::findings::{Findings, LeftOut};
use crate::manifest::propose::Proposed;
use crate::manifest::{FILE, Manifest};
use crate::place::{self, Place};
use crate::report::{self, shell_word};
use crate::session::manifest::{Trust, create, draft, exists, to_be};
use crate::session::{Session, discover};

pub(super) const MEMBERS: &[&str] = &["manifest", "written", "text", "key", "tokens", "left_out"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "look at what a manifest of this project would say",
        "mcpjwt init --dry-run",
    ),
    (
        "in a script, with another issuer and lifetime",
        "mcpjwt init --yes --iss example --aud https://mcp.example.com --ttl 30d",
    ),
    (
        "for the servers of your own, in every project",
        "mcpjwt init --user",
    ),
];

/// Write a manifest from what the project has already
///
/// Looks through the folder for secrets in `.env` files, and for tokens in these and in configs in
/// JSON and TOML, cut ones too: which key, which issuer, which client's token in which place. On a
/// terminal it asks where that leaves a choice. It shows the manifest before it writes it, and
/// trusts what it wrote. No secret is shown, and nothing else is changed.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where the key is [default: the secret that is found, else your own store]
    #[arg(long, value_name = "PLACE")]
    key: Option<String>,
    /// Who issues the tokens [default: what is found]
    #[arg(long, value_name = "ISSUER")]
    iss: Option<String>,
    /// The server they are for [default: what is found]
    #[arg(long, value_name = "AUDIENCE")]
    aud: Vec<String>,
    /// How long tokens last [default: as those that are found, at most 90d]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// Look into this file or folder, not into the folder of the manifest
    #[arg(long, value_name = "PATH")]
    scan: Vec<String>,
    /// Write the manifest there, as with `-m` [default: `mcpjwt.toml` in this folder]
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    to: Option<String>,
    /// Write it into your config folder, from the configs of your clients
    #[arg(long)]
    user: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Show the manifest and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What to do about two options that say the same.
const ONE: &str = "leave out one of the two";

/// What the command line says.
struct Told {
    /// The manifest to be.
    path: PathBuf,
    /// Whether it was asked for in the config folder.
    own: bool,
    key: Option<Place>,
    iss: Option<String>,
    aud: Vec<String>,
    ttl: Option<i64>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let told = settle(arguments, session)?;
    let folder = told.path.parent().unwrap_or(&told.path).to_owned();
    let base = session.host.files.leads_to(&folder)?;
    let findings = discover::look(&roots(arguments, (&told, &base), session)?, &base, session)?;
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    let asks = person && !arguments.yes && !session.json;
    session.note(&counted(&findings));
    let choice = ask::choose(&told, &findings, asks, session)?;
    let text = findings.manifest(&choice)?;
    let draft = draft(&told.path, &text, session)?;
    if asks || !(session.quiet || session.json) {
        let shown = indented(&text);
        session.host.terminal.err(&format!("\n{shown}\n"));
    }
    let done = Done {
        path: &draft.path,
        text: &text,
        manifest: &draft.manifest,
        found: findings.tokens(&choice),
    };
    if arguments.dry_run {
        session.note(&format!("would write this to `{}`", draft.shown));
        return done.answer(Written::Not, session);
    }
    if asks {
        let reply = session.ask(&format!("write this to `{}`? [Y/n] ", draft.shown))?;
        if !matches!(reply.trim(), "" | "y" | "Y" | "yes") {
            return session.declined(MEMBERS);
        }
    }
    if told.own {
        session.host.files.make_folder(&folder)?;
    }
    let trust = create(&draft, &text, session)?;
    session.note(&match trust {
        Trust::Unknown => format!("wrote `{}`", draft.shown),
        _ => format!("wrote `{}`, and trusts it", draft.shown),
    });
    done.next(session);
    done.answer(Written::Now, session)
}

fn settle(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Told, Errors> {
    let mut gather = Gather::default();
    let path = gather.take(target(arguments, session));
    let key = arguments.key.as_deref().map(|text| {
        let hint =
            "put it into a file and give `file:PATH`, or into a variable and give `env:NAME`";
        match shared::key_place(text).map_err(|error| error.hint(hint))? {
            Place::Std => Err(misuse(
                "standard input is no place of a manifest",
                "name the place that the key is kept in",
            )),
            place => Ok(place),
        }
    });
    let key = key.and_then(|place| gather.take(place));
    let ttl = shared::duration("--ttl", arguments.ttl.as_deref(), &mut gather);
    if ttl == Some(0) {
        gather.add(misuse(
            "`--ttl` is 0: tokens would be expired from the start",
            "such as `30d`",
        ));
    }
    let texts = [
        ("--iss", arguments.iss.as_slice()),
        ("--aud", &arguments.aud),
    ];
    for (option, texts) in texts {
        if texts.iter().any(String::is_empty) {
            gather.add(shared::empty(option));
        }
    }
    gather.done()?;
    let path = path.unwrap_or_default();
    let named = to_be(session)?.is_some();
    let config = session.host.facts.dirs.config.as_deref();
    let own = arguments.user || (named && path.parent() == config);
    if let Some(folder) = path
        .parent()
        .filter(|_| !own && (named || arguments.to.is_some()))
    {
        let hint = format!(
            "make it with `mkdir -p {}`",
            shell_word(&folder.to_string_lossy())
        );
        let listed = session.host.files.list(folder);
        listed.map_err(|error| error.hint(hint))?;
    }
    let there = session.host.files.read_plain(&path)?;
    if there.is_some() {
        return Err(exists(&path, session).into());
    }
    Ok(Told {
        path,
        own,
        key,
        iss: arguments.iss.clone(),
        aud: arguments.aud.clone(),
        ttl,
    })
}

/// Where the manifest goes.
fn target(arguments: &Arguments, session: &Session<'_, '_>) -> Result<PathBuf, Error> {
    let facts = &session.host.facts;
    if let Some(path) = to_be(session)? {
        return match (&arguments.to, arguments.user) {
            (None, false) => Ok(path),
            (Some(_), _) => Err(misuse("`-m` cannot be used together with `--to`", ONE)),
            (None, true) => Err(misuse("`-m` cannot be used together with `--user`", ONE)),
        };
    }
    if arguments.user {
        let config = facts.dirs.config.as_ref().ok_or_else(|| {
            let what = "there is no config folder: neither `MCPJWT_HOME` nor `HOME` is set";
            Error::new(Code::PlaceMissing, what).hint("name a file: `--to FILE`")
        })?;
        return Ok(config.join(FILE));
    }
    let Some(to) = &arguments.to else {
        return Ok(facts.cwd.join(FILE));
    };
    let mut path = place::expand(to, &facts.cwd, facts.dirs.home.as_deref())?;
    if path.extension().is_none_or(|end| end != "toml") {
        path.push(FILE);
    }
    Ok(path)
}

/// What is looked into.
fn roots(
    arguments: &Arguments,
    (told, base): (&Told, &Path),
    session: &mut Session<'_, '_>,
) -> Result<Vec<discover::Root>, Errors> {
    let mut roots = Vec::new();
    if told.own {
        roots.extend(discover::of_clients(session));
    } else if arguments.scan.is_empty() {
        roots.push((base.to_owned(), None));
    }
    let facts = &session.host.facts;
    for path in &arguments.scan {
        let path = place::expand(path, &facts.cwd, facts.dirs.home.as_deref())?;
        roots.push((path, None));
    }
    Ok(roots)
}

/// What was found, without a word of what it is.
fn counted(findings: &Findings) -> String {
    let count = |count: usize, what: &str| match count {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let mut subjects: Vec<&str> = findings.tokens.iter().map(|it| it.sub.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let secrets = count(findings.secrets.len(), "secret");
    match subjects.len() {
        0 => format!("found {secrets} and no tokens"),
        many => format!(
            "found {secrets}, and {} of {}",
            count(findings.tokens.len(), "token"),
            count(many, "subject")
        ),
    }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("  {}\n", report::escape(line)),
    });
    lines.collect()
}

/// Whether the manifest is there now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Now,
    Not,
}

/// What there is to tell.
struct Done<'d> {
    path: &'d Path,
    text: &'d str,
    manifest: &'d Manifest,
    found: (Vec<Proposed>, Vec<LeftOut>),
}

impl Done<'_> {
    /// What to type next.
    fn next(&self, session: &mut Session<'_, '_>) {
        let facts = &session.host.facts;
        let is_found = self.path.parent() == Some(&facts.cwd)
            || self.path.parent() == facts.dirs.config.as_deref();
        let usual = self.path.file_name().is_some_and(|name| name == FILE);
        let path = shell_word(&self.path.display().to_string());
        let which = report::Again::Manifest(format!("-m {path}"));
        let key = "make its key, where there is none yet: `mcpjwt secret generate`";
        let then = if self.found.0.is_empty() {
            "add a client: `mcpjwt add SUB --to PLACE`"
        } else {
            "see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`"
        };
        for text in self
            .manifest
            .key
            .is_none()
            .then_some(key)
            .into_iter()
            .chain([then])
        {
            if is_found && usual {
                session.note(text);
            } else {
                session.note(&report::repeating(text, &which));
            }
        }
    }

    fn answer(&self, written: Written, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
        if session.json {
            let (tokens, left_out) = &self.found;
            let tokens = tokens.iter().map(|token| {
                let places = token.places.iter().map(|place| place.to_string().into());
                Json::object([
                    ("name", token.name.as_str().into()),
                    ("sub", token.sub.as_str().into()),
                    ("places", Json::Array(places.collect())),
                ])
            });
            let left_out = left_out.iter().map(|LeftOut { what, why }| {
                Json::object([("what", what.as_str().into()), ("why", why.as_str().into())])
            });
            let key = self.manifest.key.as_ref();
            let body = vec![
                ("manifest", self.path.display().to_string().into()),
                ("written", (written == Written::Now).into()),
                ("text", self.text.into()),
                ("key", key.map_or(Json::Null, |key| key.to_string().into())),
                ("tokens", Json::Array(tokens.collect())),
                ("left_out", Json::Array(left_out.collect())),
            ];
            session.document(Outcome::Done, body, &[])?;
        }
        Ok(Outcome::Done)
    }
}
