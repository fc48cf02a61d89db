//! A manifest is somebody else's code. Untrusted, it may use variables of the environment and
//! plain files inside its own folder; everything else a person has to see and allow first.

use std::path::{Component, Path, PathBuf};

use super::Loaded;
use super::leads::{self, Leads, are_files_seen};
use crate::client;
use crate::error::{Code, Error, Errors, Gather};
use crate::manifest::{Of, Use};
use crate::place::{Place, Scope};
use crate::report::shell_word;
use crate::session::Session;
use crate::session::clients;
use crate::session::documents::{self, About};
use crate::state::trust::{Book, Trusted};

const BOOK: About = About {
    file: "trust.json",
    what: "what is trusted",
    mend: "trust your manifests anew, each with `mcpjwt trust PATH`",
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

/// How a manifest stands, and where its places were seen to lead.
pub(super) struct Standing {
    pub(super) trust: Trust,
    pub(super) leads: Leads,
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
    /// It is an entry of a client, in these files where links lead out of the manifest's folder.
    Entry(Vec<PathBuf>),
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
            Self::Entry(_) => "changes the config of a client",
            Self::Git => "puts tokens into files that git keeps",
        }
    }

    /// Where it leads outside of the manifest's folder.
    pub(crate) fn leads_to(&self) -> &[PathBuf] {
        match self {
            Self::Outside(path) => std::slice::from_ref(path),
            Self::Entry(paths) => paths,
            Self::Command | Self::Keyring | Self::Store | Self::Git => &[],
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
        Trust::Own => return Ok(()),
        Trust::Given if are_files_seen(loaded, one.of, &need) => return Ok(()),
        Trust::Given => "was trusted while this led elsewhere",
        Trust::Never => "is not trusted",
        Trust::Changed => "has changed since it was trusted",
        Trust::Unknown => "is not known to be trusted (neither `MCPJWT_HOME` nor `HOME` is set)",
    };
    Err(refusal(loaded, (one, need.does()), why))
}

/// That a manifest may not do this.
pub(super) fn refusal(loaded: &Loaded, (one, does): (&Use<'_>, &str), why: &str) -> Error {
    let does = match one.of {
        Of::Place(place) => format!("its {} {does}: `{place}`", one.by),
        Of::Destination(to) => format!("its {} {does}: `{}`", one.by, to.place),
        Of::Store | Of::Git => format!("it {does}"),
    };
    let shown = &loaded.shown;
    Error::new(
        Code::Untrusted,
        format!("`{shown}` {why}, and {does}"),
    )
    .hint(format!(
        "see all that it wants, and allow it, with `mcpjwt trust {}`; to go without it: `--no-manifest`",
        shell_word(&loaded.path.display().to_string())
    ))
    .at(shown.clone())
}

/// Why something needs trust; `None`: it does not.
pub(super) fn need(
    loaded: &Loaded,
    of: Of<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Option<Need>, Error> {
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
        Place::Mcp { path, .. } => {
            let outside = outside(loaded, path.as_ref(), session)?;
            return Ok(Some(Need::Entry(Vec::from_iter(outside))));
        }
        Place::Entry { client, scope, .. } => {
            return configs_of(loaded, (&client, scope), session).map(Some);
        }
        Place::File(path)
        | Place::Dotenv { path, .. }
        | Place::Json { path, .. }
        | Place::Toml { path, .. } => path,
    };
    Ok(outside(loaded, path.as_ref(), session)?.map(Need::Outside))
}

/// The configs of a client that a project has are in its folder, unless links lead out of it.
fn configs_of(
    loaded: &Loaded,
    (client, scope): (&str, Option<Scope>),
    session: &mut Session<'_, '_>,
) -> Result<Need, Error> {
    let mut all = Vec::new();
    if let Some(client) =
        client::find(client).filter(|_| scope.is_none_or(|it| it == Scope::Project))
    {
        let configs = clients::configs(client, session);
        let configs = configs
            .into_iter()
            .filter(|config| config.scope == Scope::Project);
        for path in configs.flat_map(|config| config.paths) {
            all.extend(outside(loaded, &path, session)?);
        }
    }
    Ok(Need::Entry(all))
}

/// Where a path leads, where that is outside of the manifest's folder.
fn outside(
    loaded: &Loaded,
    path: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Option<PathBuf>, Error> {
    let path = session.host.files.leads_to(path)?;
    // A `..` is left only behind a folder that does not exist: who makes that one says where it leads.
    let plain = path.components().all(|part| part != Component::ParentDir);
    let below = path.strip_prefix(loaded.folder()).ok();
    // What a version control system keeps beside the files is no part of what it brought.
    let is_own = |part: Component<'_>| {
        let own = [".git", ".hg", ".jj", ".svn"];
        own.iter()
            .any(|own| part.as_os_str().eq_ignore_ascii_case(own))
    };
    let inside = plain
        && below.is_some_and(|below| {
            below.components().next().is_some() && !below.components().any(is_own)
        });
    Ok((!inside).then_some(path))
}

/// How a manifest stands.
pub(crate) fn trust_of(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<Trust, Error> {
    if let Some(known) = loaded.trust.get() {
        return Ok(known.trust);
    }
    let mut leads = Leads::new();
    let trust = if is_own(loaded, session)? {
        Trust::Own
    } else if session.host.facts.dirs.state.is_none() {
        Trust::Unknown
    } else {
        match documents::read::<Book>(&BOOK, session)?.at(&name(loaded)) {
            Some(trusted) if trusted.covers(&loaded.digest) => {
                leads.clone_from(&trusted.leads);
                Trust::Given
            }
            Some(_) => Trust::Changed,
            None => Trust::Never,
        }
    };
    let standing = Standing { trust, leads };
    Ok(loaded.trust.get_or_init(|| standing).trust)
}

/// What an edit of ours makes of a manifest stands as that did; where it leads by what is new in
/// it has been seen, for whoever ran us asked for that.
pub(super) fn inherit(
    new: &Loaded,
    old: &Loaded,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let trust = trust_of(old, session)?;
    let known = old.trust.get().map(|it| it.leads.clone());
    let mut leads = known.unwrap_or_default();
    if trust == Trust::Given {
        let before = old.manifest.uses();
        // A place that it had may lead only where it was seen to, whoever else gets it.
        let is_new = |one: &Use<'_>| {
            !before
                .iter()
                .any(|known| known.of.place() == one.of.place())
        };
        let demands = demands(new, session)?.into_iter();
        let demands: Vec<_> = demands.filter(|(one, _)| is_new(one)).collect();
        leads.extend(leads::leads(new, &demands, session));
    }
    let _ = new.trust.set(Standing { trust, leads });
    Ok(())
}

/// Refuses a record of trust that cannot be read; without a folder for it there is none.
pub(crate) fn readable(session: &mut Session<'_, '_>) -> Result<(), Error> {
    if session.host.facts.dirs.state.is_none() {
        return Ok(());
    }
    documents::read::<Book>(&BOOK, session).map(drop)
}

fn is_own(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<bool, Error> {
    let Some(config) = session.host.facts.dirs.config.clone() else {
        return Ok(false);
    };
    Ok(session.host.files.leads_to(&config)? == loaded.folder())
}

/// Records that a manifest is trusted as it is now, and leads where it does.
pub(crate) fn keep(
    loaded: &Loaded,
    leads: Leads,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    record(loaded, (None, leads), session)
}

/// Records that what our own edit has made of a trusted manifest is trusted.
pub(super) fn renew(new: &Loaded, session: &mut Session<'_, '_>) -> Result<(), Error> {
    let leads = new.trust.get().map(|it| it.leads.clone());
    record(new, (None, leads.unwrap_or_default()), session)
}

/// Records that a trusted manifest stays so when our own edit has given it another text.
pub(super) fn foresee(
    loaded: &Loaded,
    next: &Loaded,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let leads = next.trust.get().map(|it| it.leads.clone());
    let next = Some(next.digest.clone());
    record(loaded, (next, leads.unwrap_or_default()), session)
}

fn record(
    loaded: &Loaded,
    (next, leads): (Option<String>, Leads),
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let new = Trusted {
        path: name(loaded),
        sha256: loaded.digest.clone(),
        next,
        leads,
        at: session.host.facts.now,
    };
    documents::change::<Book>(&BOOK, session, &mut |book| book.trust(new.clone()))
}

fn name(loaded: &Loaded) -> String {
    loaded.path.to_string_lossy().into_owned()
}
