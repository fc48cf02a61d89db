//! A manifest is somebody else's code. Untrusted, it may use variables of the environment and
//! plain files inside its own folder; everything else a person has to see and allow first.

use std::path::{Component, PathBuf};

use super::Loaded;
use crate::error::{Code, Error, Errors, Gather};
use crate::manifest::{Of, Use};
use crate::place::Place;
use crate::report::shell_word;
use crate::session::Session;
use crate::session::documents::{self, About};
use crate::state::trust::{Book, Trusted};

const BOOK: About = About {
    file: "trust.json",
    what: "what is trusted",
    mend: "remove it, and trust your manifests anew with `mcpjwt trust PATH`",
};

/// How a manifest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It is in the person's config folder.
    Own,
    /// It was trusted as it is.
    Given,
    /// It was trusted, and is another one now.
    Changed,
    /// It was never trusted.
    Never,
    /// There is no folder to look into for what was trusted.
    Unknown,
}

/// Why something needs trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Need {
    /// It is a command.
    Command,
    /// It is in the keyring.
    Keyring,
    /// It is the person's own key store.
    Store,
    /// It is a file outside of the manifest's folder: this one.
    Outside(PathBuf),
    /// It is an entry of a client.
    Entry,
    /// It is a file that git keeps.
    Git,
}

impl Need {
    /// What the manifest would do, as what follows its name.
    pub(crate) fn does(&self) -> &'static str {
        match self {
            Self::Command => "runs a command",
            Self::Keyring => "uses the keyring",
            Self::Store => "uses your own keys",
            Self::Outside(_) => "uses a file outside of its folder",
            Self::Entry => "changes the config of a client",
            Self::Git => "puts tokens into files that git keeps",
        }
    }
}

/// Everything that this manifest may only use when it is trusted.
pub(crate) fn demands<'m>(
    loaded: &'m Loaded,
    session: &mut Session<'_, '_>,
) -> Result<Vec<(Use<'m>, Need)>, Errors> {
    let mut gather = Gather::default();
    let mut demands = Vec::new();
    for one in loaded.manifest.uses() {
        if let Some(Some(need)) = gather.take(need(loaded, one.of, session)) {
            demands.push((one, need));
        }
    }
    gather.done().map(|()| demands)
}

/// Refuses what only a trusted manifest may use.
pub(crate) fn permit(
    loaded: &Loaded,
    one: &Use<'_>,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let Some(need) = need(loaded, one.of, session)? else {
        return Ok(());
    };
    let why = match trust_of(loaded, session)? {
        Trust::Own | Trust::Given => return Ok(()),
        Trust::Never => "is not trusted",
        Trust::Changed => "has changed since it was trusted",
        Trust::Unknown => "is not known to be trusted (neither `MCPJWT_HOME` nor `HOME` is set)",
    };
    let does = need.does();
    let does = match one.of {
        Of::Place(place) => format!("its {} {does}: `{place}`", one.by),
        Of::Destination(to) => format!("its {} {does}: `{}`", one.by, to.place),
        Of::Store | Of::Git => format!("it {does}"),
    };
    let shown = &loaded.shown;
    Err(Error::new(
        Code::Untrusted,
        format!("`{shown}` {why}, and {does}"),
    )
    .hint(format!(
        "see all that it wants, and allow it, with `mcpjwt trust {}`; to go without it: `--no-manifest`",
        shell_word(&loaded.path.display().to_string())
    ))
    .at(shown.clone()))
}

/// Why something needs trust; `None`: it does not.
fn need(loaded: &Loaded, of: Of<'_>, session: &mut Session<'_, '_>) -> Result<Option<Need>, Error> {
    let place = match of {
        Of::Store => return Ok(Some(Need::Store)),
        Of::Git => return Ok(Some(Need::Git)),
        Of::Place(place) => place,
        Of::Destination(to) => &to.place,
    };
    let path = match loaded.place(place, session)? {
        Place::Env(_) | Place::Std => return Ok(None),
        Place::Command(_) => return Ok(Some(Need::Command)),
        Place::Keyring { .. } => return Ok(Some(Need::Keyring)),
        Place::Mcp { .. } | Place::Entry { .. } => return Ok(Some(Need::Entry)),
        Place::File(path)
        | Place::Dotenv { path, .. }
        | Place::Json { path, .. }
        | Place::Toml { path, .. } => PathBuf::from(path),
    };
    let path = session.host.files.leads_to(&path)?;
    // A `..` is left only behind a folder that does not exist: who makes that one says where it leads.
    let plain = path.components().all(|part| part != Component::ParentDir);
    let inside = plain && path.starts_with(loaded.folder()) && path != loaded.folder();
    Ok((!inside).then_some(Need::Outside(path)))
}

/// How a manifest stands.
pub(crate) fn trust_of(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<Trust, Error> {
    if let Some(known) = loaded.trust.get() {
        return Ok(*known);
    }
    let trust = if is_own(loaded, session)? {
        Trust::Own
    } else if session.host.facts.dirs.state.is_none() {
        Trust::Unknown
    } else {
        match documents::read::<Book>(&BOOK, session)?.at(&name(loaded)) {
            Some(trusted) if trusted.covers(&loaded.digest) => Trust::Given,
            Some(_) => Trust::Changed,
            None => Trust::Never,
        }
    };
    Ok(*loaded.trust.get_or_init(|| trust))
}

fn is_own(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<bool, Error> {
    let Some(config) = session.host.facts.dirs.config.clone() else {
        return Ok(false);
    };
    Ok(session.host.files.leads_to(&config)? == loaded.folder())
}

/// Records that a manifest is trusted as it is now.
pub(crate) fn keep(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<(), Error> {
    record(loaded, None, session)
}

/// Records that a trusted manifest stays so when our own edit has given it another text.
pub(super) fn foresee(
    loaded: &Loaded,
    next: &Loaded,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    record(loaded, Some(next.digest.clone()), session)
}

fn record(
    loaded: &Loaded,
    next: Option<String>,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let new = Trusted {
        path: name(loaded),
        sha256: loaded.digest.clone(),
        next,
        at: session.host.facts.now,
    };
    documents::change::<Book>(&BOOK, session, &mut |book| book.trust(new.clone()))
}

fn name(loaded: &Loaded) -> String {
    loaded.path.to_string_lossy().into_owned()
}
