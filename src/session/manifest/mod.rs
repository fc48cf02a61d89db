//! The manifest of a run: found, read, and allowed no more than it may.

mod edit;
mod leads;
mod project;
mod trust;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub(crate) use self::edit::{Change, changed, create, draft, edit, exists, write};
pub(crate) use self::leads::{end, is_seen, leads, permit_route, permit_routes};
pub(crate) use self::project::project;
use self::project::settle_project;
use self::trust::Standing;
pub(crate) use self::trust::{Need, Trust, demands, keep, permit, readable, trust_of};
use super::Session;
use super::configs::Configs;
use super::keys::{self, Wanted};
use super::places::{self, Value};
use crate::error::{Code, Error, Errors};
use crate::host::{Facts, Found};
use crate::manifest::{self, FILE, Manifest, Of, Use};
use crate::place::{self, Place};
use crate::report::{Again, shell_path, shell_word};
use crate::state::trust::digest;

/// Which manifest a run was told to use.
#[derive(Debug, Default)]
pub(crate) enum Ask {
    /// The one that is found.
    #[default]
    Search,
    /// That file, or the one of that name in the config folder.
    Named(String),
    /// None.
    Never,
}

/// The manifest of a run: looked for once it is needed.
#[derive(Default)]
pub(crate) struct Slot {
    ask: Ask,
    found: OnceCell<Option<Rc<Loaded>>>,
    project: OnceCell<PathBuf>,
    /// Where the one that was named leads.
    told: OnceCell<Option<PathBuf>>,
}

impl Slot {
    /// One that is yet to be looked for.
    pub(crate) fn new(ask: Ask) -> Self {
        Self {
            ask,
            ..Self::default()
        }
    }

    /// Whether none is looked for.
    pub(crate) fn is_left_out(&self) -> bool {
        matches!(self.ask, Ask::Never)
    }

    /// What the command line says of it, to be typed again: what is told to do next is about the
    /// same one.
    pub(crate) fn again(&self) -> Option<Again> {
        match &self.ask {
            Ask::Search => None,
            Ask::Named(text) => Some(Again::Manifest(format!("-m {}", shell_path(text)))),
            Ask::Never => Some(Again::Manifest("--no-manifest".to_owned())),
        }
    }
}

/// A manifest that was read.
pub(crate) struct Loaded {
    /// What it says.
    pub(crate) manifest: Manifest,
    /// Where it is; its folder without links.
    pub(crate) path: PathBuf,
    /// The digest of its text.
    pub(crate) digest: String,
    /// How it is called in messages, the home folder as `~`.
    pub(crate) shown: String,
    trust: OnceCell<Standing>,
}

impl Loaded {
    /// What its paths are relative to.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// A place of it as any command takes it: with an absolute path.
    pub(crate) fn place(&self, place: &Place, session: &Session<'_, '_>) -> Result<Place, Error> {
        let home = session.host.facts.dirs.home.as_deref();
        let absolute = |path: &str| {
            let path = place::expand(path, self.folder(), home)?;
            Ok::<_, Error>(path.to_string_lossy().into_owned())
        };
        let mut place = place.clone();
        if let Place::File(path)
        | Place::Dotenv { path, .. }
        | Place::Json { path, .. }
        | Place::Toml { path, .. }
        | Place::Mcp { path, .. } = &mut place
        {
            *path = absolute(path)?;
        }
        Ok(place)
    }

    /// The same, to be read: no pipe. One on a command line is waited for by who typed it.
    fn plain(&self, place: &Place, session: &mut Session<'_, '_>) -> Result<Place, Error> {
        let place = self.place(place, session)?;
        if let Some(path) = place.path() {
            session.host.files.require_plain(Path::new(path))?;
        }
        Ok(place)
    }

    /// A place of this run as it stands in the manifest: relative to its folder, where it is below.
    pub(crate) fn written(
        &self,
        place: &Place,
        session: &mut Session<'_, '_>,
    ) -> Result<Place, Error> {
        written(place, self.folder(), session)
    }

    /// Its key, where it may use it; without one the person's own store of its name.
    pub(crate) fn key(&self, session: &mut Session<'_, '_>) -> Result<Wanted, Error> {
        let Some(place) = &self.manifest.key else {
            return self.store(session).map(Wanted::Store);
        };
        let key = Use {
            by: "`key`".to_owned(),
            of: Of::Place(place),
        };
        permit(self, &key, session)?;
        let place = self.plain(place, session)?;
        Ok(Wanted::Place(place, self.manifest.key_encoding))
    }

    /// The place of the key before it, where there is one and it may be used.
    pub(crate) fn previous(&self, session: &mut Session<'_, '_>) -> Result<Option<Place>, Error> {
        self.slot("`previous`", self.manifest.previous.as_ref(), session)
    }

    /// The place of the staged key, likewise.
    pub(crate) fn next(&self, session: &mut Session<'_, '_>) -> Result<Option<Place>, Error> {
        self.slot("`next`", self.manifest.next.as_ref(), session)
    }

    fn slot(
        &self,
        by: &str,
        place: Option<&Place>,
        session: &mut Session<'_, '_>,
    ) -> Result<Option<Place>, Error> {
        let Some(place) = place else {
            return Ok(None);
        };
        let by = by.to_owned();
        let of = Of::Place(place);
        permit(self, &Use { by, of }, session)?;
        self.plain(place, session).map(Some)
    }

    /// The name of the person's own store for it, where it may use that.
    fn store(&self, session: &mut Session<'_, '_>) -> Result<String, Error> {
        let store = Use {
            by: "`key`".to_owned(),
            of: Of::Store,
        };
        permit(self, &store, session)?;
        Ok(self.store_name().to_owned())
    }

    /// What the person's own store for it is called.
    pub(crate) fn store_name(&self) -> &str {
        self.manifest.name.as_deref().unwrap_or(keys::DEFAULT)
    }
}

/// The issuer and the audience that the environment names; they count before those of a manifest.
pub(crate) fn told(facts: &Facts) -> (Option<String>, Option<String>) {
    let text = |name: &str| facts.env(name).map(str::to_owned);
    (text("MCPJWT_ISS"), text("MCPJWT_AUD"))
}

/// Who issues what a run mints, where the environment or the manifest says so.
pub(crate) fn issuer(manifest: Option<&Manifest>, facts: &Facts) -> Option<String> {
    told(facts).0.or_else(|| manifest?.iss.clone())
}

/// Whom it is for, likewise; of several audiences of the manifest the first is the first here.
pub(crate) fn audiences(manifest: Option<&Manifest>, facts: &Facts) -> Vec<String> {
    if let (_, Some(told)) = told(facts) {
        return vec![told];
    }
    let own = manifest.and_then(|manifest| manifest.aud.clone());
    own.unwrap_or_default()
}

/// Whether a path without links is that of a manifest, which no token and no key may replace.
pub(crate) fn is_one(path: &Path, session: &mut Session<'_, '_>) -> bool {
    if path.file_name() == Some(FILE.as_ref()) {
        return true;
    }
    if session.manifest.told.get().is_none() {
        let told = named_by(session).and_then(|text| told_path(&text, session).ok());
        let told = told.and_then(|path| session.host.files.leads_to(&path).ok());
        let _ = session.manifest.told.set(told);
    }
    let told = session.manifest.told.get();
    told.is_some_and(|told| told.as_deref() == Some(path))
}

/// Which manifest the command line or the environment names.
fn named_by(session: &Session<'_, '_>) -> Option<String> {
    match &session.manifest.ask {
        Ask::Never => None,
        Ask::Named(text) => Some(text.clone()),
        Ask::Search => session.host.facts.env("MCPJWT_MANIFEST").map(str::to_owned),
    }
}

/// Where the one is that is named so: a path, or a name in the config folder.
fn told_path(text: &str, session: &Session<'_, '_>) -> Result<PathBuf, Error> {
    let facts = &session.host.facts;
    if is_path(text) {
        return place::expand(text, &facts.cwd, facts.dirs.home.as_deref());
    }
    let config = facts.dirs.config.as_ref().ok_or_else(|| {
        Error::new(
            Code::PlaceMissing,
            "there is no config folder: neither `MCPJWT_HOME` nor `HOME` is set",
        )
        .hint("give the path of the manifest, ending in `.toml`")
    })?;
    Ok(config.join(format!("{text}.toml")))
}

fn is_path(text: &str) -> bool {
    text.contains(['/', '\\']) || Path::new(text).extension() == Some("toml".as_ref())
}

/// Where a command is run: one of the manifest in its folder, since another one may have a program
/// of that name. A manifest that nobody trusts has none.
pub(crate) fn runs_in(command: &Place, session: &Session<'_, '_>) -> PathBuf {
    let found = session.manifest.found.get().and_then(Option::as_ref);
    let trusted = found.filter(|loaded| {
        let standing = loaded.trust.get();
        standing.is_some_and(|it| matches!(it.trust, Trust::Own | Trust::Given))
    });
    let own = trusted.filter(|loaded| {
        let uses = loaded.manifest.uses();
        uses.iter().any(|one| one.of.place() == Some(command))
    });
    own.map_or_else(
        || session.host.facts.cwd.clone(),
        |loaded| loaded.folder().to_owned(),
    )
}

/// The name of the person's own store: the manifest's where that has no other key.
pub(crate) fn store_name(session: &mut Session<'_, '_>) -> Result<String, Errors> {
    match find(session)? {
        Some(loaded) if loaded.manifest.key.is_none() => Ok(loaded.store(session)?),
        _ => Ok(keys::DEFAULT.to_owned()),
    }
}

/// The same for a command that changes the store: a manifest whose key is elsewhere never reads
/// it, and that is said.
pub(crate) fn own_store(session: &mut Session<'_, '_>) -> Result<String, Errors> {
    if let Some(loaded) = find(session)?
        && let Some(key) = &loaded.manifest.key
    {
        let key = loaded.place(key, session)?;
        let near = Configs::of(session).near(&key).to_string();
        let what = format!(
            "this is your own store, and `{}` uses the key at `{near}`",
            loaded.shown
        );
        // What it may not use is not looked at.
        let is_empty = places::writable(&key).is_ok()
            && loaded.key(session).is_ok()
            && matches!(places::read(&key, session), Ok(it) if matches!(it.value, Value::Absent));
        let there = shell_word(&near);
        session.warn(Error::new(Code::KeyAmbiguous, what).hint(if is_empty {
            format!("make one there: `mcpjwt secret generate --to {there}`")
        } else {
            "to leave the manifest out, and this warning: `--no-manifest`".to_owned()
        }));
    }
    store_name(session)
}

/// The manifest of the run, where there is one: the one it was told, else `MCPJWT_MANIFEST`, else
/// the first from the working directory upward, else that of the config folder.
pub(crate) fn find(session: &mut Session<'_, '_>) -> Result<Option<Rc<Loaded>>, Errors> {
    if let Some(found) = session.manifest.found.get() {
        return Ok(found.clone());
    }
    let found = match located(session)? {
        Some((path, found)) => Some(Rc::new(load(&path, &found, session)?)),
        None => None,
    };
    Ok(session.manifest.found.get_or_init(|| found).clone())
}

/// The manifest at a path, or in that folder.
pub(crate) fn at(text: &str, session: &mut Session<'_, '_>) -> Result<Loaded, Errors> {
    let facts = &session.host.facts;
    let mut path = place::expand(text, &facts.cwd, facts.dirs.home.as_deref())?;
    if path.extension().is_none_or(|end| end != "toml") {
        path.push(FILE);
    }
    let found = existing(&path, session)?;
    load(&path, &found, session)
}

/// The same manifest as it is now; the rest of the run finds that one.
pub(crate) fn again(
    loaded: &Rc<Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Rc<Loaded>, Errors> {
    let found = existing(&loaded.path, session)?;
    if digest(found.bytes.expose()) == loaded.digest {
        return Ok(Rc::clone(loaded));
    }
    let new = Rc::new(load(&loaded.path, &found, session)?);
    session.manifest.found = OnceCell::from(Some(Rc::clone(&new)));
    Ok(new)
}

fn located(session: &mut Session<'_, '_>) -> Result<Option<(PathBuf, Found)>, Error> {
    if session.manifest.is_left_out() {
        return Ok(None);
    }
    if let Some(text) = named_by(session) {
        return named(&text, session).map(Some);
    }
    let facts = &session.host.facts;
    let config = facts.dirs.config.clone();
    let above: Vec<PathBuf> = facts.cwd.ancestors().map(Path::to_owned).collect();
    for folder in above.into_iter().chain(config) {
        let path = folder.join(FILE);
        if let Some(found) = session.host.files.read_plain(&path)? {
            return Ok(Some((path, found)));
        }
    }
    Ok(None)
}

/// The manifest at a path, or of a name in the config folder.
fn named(text: &str, session: &mut Session<'_, '_>) -> Result<(PathBuf, Found), Error> {
    let path = told_path(text, session)?;
    if is_path(text) {
        let found = existing(&path, session);
        if found.is_err() && session.host.files.is_folder(&path) {
            let inside = shell_word(&path.join(FILE).display().to_string());
            return found
                .map(|found| (path, found))
                .map_err(|error| error.hint(format!("for the manifest in it: `-m {inside}`")));
        }
        let found = found?;
        return Ok((path, found));
    }
    if let Some(found) = session.host.files.read_plain(&path)? {
        return Ok((path, found));
    }
    let count = text.chars().count();
    let place = shown(&path, session);
    let config = shown(path.parent().unwrap_or(&path), session);
    Err(Error::new(
        Code::PlaceMissing,
        format!("`{config}` has no manifest of that name ({count} characters)"),
    )
    .hint("a path has a `/` in it, or ends in `.toml`")
    .at(place))
}

/// Where `-m` says that the manifest of the run is, or is to be.
pub(crate) fn to_be(session: &Session<'_, '_>) -> Result<Option<PathBuf>, Error> {
    match &session.manifest.ask {
        Ask::Named(text) => told_path(text, session).map(Some),
        Ask::Search | Ask::Never => Ok(None),
    }
}

fn existing(path: &Path, session: &mut Session<'_, '_>) -> Result<Found, Error> {
    session.host.files.read_plain(path)?.ok_or_else(|| {
        let shown = shown(path, session);
        Error::new(
            Code::PlaceMissing,
            format!("there is no manifest `{shown}`"),
        )
        .hint("look whether the path is right, or make one there with `mcpjwt init --to FILE`")
        .at(shown)
    })
}

fn load(path: &Path, found: &Found, session: &mut Session<'_, '_>) -> Result<Loaded, Errors> {
    let shown = shown(path, session);
    if !found.ours {
        return Err(Error::new(
            Code::Untrusted,
            format!("`{shown}` belongs to another user, so it is not used"),
        )
        .hint(format!(
            "look at it, then take it over with `sudo chown $USER {}`; to go without: `--no-manifest`",
            shell_word(&path.display().to_string())
        ))
        .at(shown)
        .into());
    }
    let text = found.bytes.expose_str().ok_or_else(|| {
        Error::new(Code::ManifestInvalid, format!("`{shown}` is not UTF-8")).at(shown.clone())
    })?;
    let manifest = understood(text, &shown, session)?;
    let folder = path.parent().unwrap_or(path);
    settle_project(folder, session);
    let folder = session.host.files.leads_to(folder)?;
    let name = path.file_name().unwrap_or_else(|| FILE.as_ref());
    Ok(Loaded {
        manifest,
        path: folder.join(name),
        digest: digest(found.bytes.expose()),
        shown,
        trust: OnceCell::new(),
    })
}

/// A place of this run as it stands in a manifest in this folder: from there on, else from the
/// home folder on, else in full.
pub(crate) fn written(
    place: &Place,
    folder: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Place, Error> {
    let mut place = place.clone();
    if let Place::File(path)
    | Place::Dotenv { path, .. }
    | Place::Json { path, .. }
    | Place::Toml { path, .. }
    | Place::Mcp { path, .. } = &mut place
    {
        let home = session.host.facts.dirs.home.clone();
        let whole = place::expand(path, &session.host.facts.cwd, home.as_deref())?;
        let whole = session.host.files.leads_to(&whole)?;
        if let Some(short) = place::contract(&whole, folder, home.as_deref()) {
            *path = short;
        }
    }
    Ok(place)
}

/// Reads the text of a manifest; no child gets to see the variables that hold its keys.
fn understood(text: &str, shown: &str, session: &mut Session<'_, '_>) -> Result<Manifest, Errors> {
    let manifest = manifest::read(text, super::places::is_client).map_err(|errors| {
        errors.map(|error| {
            let message = format!("`{shown}` {}", error.message);
            Error { message, ..error }.at(shown)
        })
    })?;
    let variables = manifest.key_variables();
    let variables = variables.into_iter().map(str::to_owned);
    session.hidden.extend(variables);
    Ok(manifest)
}

/// A path for people, the home folder as `~`.
pub(crate) fn shown(path: &Path, session: &Session<'_, '_>) -> String {
    let home = session.host.facts.dirs.home.as_deref();
    match home.map(|home| path.strip_prefix(home)) {
        Some(Ok(inside)) => format!("~/{}", inside.display()),
        _ => path.display().to_string(),
    }
}
