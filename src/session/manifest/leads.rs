//! Where the places of a manifest lead, which links and configs decide and not its own text: what
//! a person was shown is kept with the trust, and asked about again once it is otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::Loaded;
use super::trust::{Need, Trust, need, refusal, trust_of};
use crate::client::{Means, Mode, Route, Wish};
use crate::error::{Error, Errors, Gather};
use crate::manifest::{Of, Use};
use crate::place::{self, Place};
use crate::session::Session;
use crate::session::places::{self, Looked};
use crate::state::trust::{Lead, digest};

/// Where each place was seen to lead.
pub(crate) type Leads = BTreeMap<String, Lead>;

/// Where a server entry is, and where its token goes.
pub(crate) struct End {
    /// The config, without links.
    pub(crate) file: PathBuf,
    /// What the client connects to, or starts; or why nobody can tell.
    pub(crate) route: Result<Route, Error>,
}

impl End {
    fn digest(&self) -> Option<String> {
        let route = self.route.as_ref().ok()?;
        Some(digest(route.text(&self.file.to_string_lossy()).as_bytes()))
    }
}

/// Where a server entry of a manifest is, and where its token goes, as the entry is or would be;
/// of a value in a tree outside of its folder likewise, where that is in an entry.
pub(crate) fn end(
    loaded: &Loaded,
    of: Of<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Option<End>, Error> {
    let Of::Destination(to) = of else {
        return Ok(None);
    };
    let place = loaded.place(&to.place, session)?;
    let server = match &place {
        Place::Mcp { server, .. } | Place::Entry { server, .. } => server.clone(),
        // What is in its folder any manifest may change.
        Place::Json { .. } | Place::Toml { .. } if need(loaded, of, session)?.is_some() => {
            String::new()
        }
        _ => return Ok(None),
    };
    let wish = Wish {
        server,
        url: to.url.clone(),
        command: to.command.clone(),
        // That of the token itself is for entries that start a program.
        variable: to.env.clone().filter(|_| to.url.is_none()),
        header: to.header.clone(),
        means: stand_in(to.mode.unwrap_or(Mode::Literal), to.env.as_deref()),
    };
    let (file, route) = places::route(&place, &wish, session)?;
    let route = route.transpose().map(|route| End {
        file,
        route: route.map(|route| foreign(route, loaded)),
    });
    Ok(route)
}

/// The same without the variables that the manifest names for tokens: they are as its text says.
fn foreign(route: Route, loaded: &Loaded) -> Route {
    let uses = loaded.manifest.uses();
    let destinations = uses.iter().filter_map(|one| match one.of {
        Of::Destination(to) => Some(to),
        _ => None,
    });
    let names = destinations.flat_map(|to| {
        let steps = match &to.place {
            Place::Json { pointer, .. } => place::jsonc::steps(pointer),
            Place::Toml { key, .. } => place::toml::steps(key),
            _ => Ok(Vec::new()),
        };
        let last = steps.ok().and_then(|mut steps| steps.pop());
        to.env.clone().into_iter().chain(last)
    });
    route.without(&names.collect::<Vec<_>>())
}

/// A mode as it may be written: what exactly stands for a token changes nothing of where it goes.
fn stand_in(mode: Mode, variable: Option<&str>) -> Means {
    let name = variable.unwrap_or("MCP_TOKEN").to_owned();
    let words = || ["mcpjwt", "exec", "x"].map(str::to_owned).to_vec();
    match mode {
        Mode::Literal => Means::Literal,
        Mode::Helper => Means::Helper {
            command: words().join(" "),
        },
        Mode::Env => Means::Env { name },
        Mode::Input => Means::Input {
            about: name.clone(),
            id: name,
        },
        Mode::File => Means::File { path: name },
        Mode::Exec => Means::Exec { prefix: words() },
    }
}

/// Where what a manifest wants leads now. A config that cannot be read leads nowhere: it is asked
/// about again once it can.
pub(crate) fn leads(
    loaded: &Loaded,
    demands: &[(Use<'_>, Need)],
    session: &mut Session<'_, '_>,
) -> Leads {
    let mut leads = Leads::new();
    for (one, need) in demands {
        let Some(place) = one.of.place() else {
            continue;
        };
        let files = need.leads_to().iter();
        let files: BTreeSet<String> = files
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        let end = end(loaded, one.of, session).ok().flatten();
        let server = end.and_then(|end| end.digest());
        if server.is_some() || !files.is_empty() {
            leads.insert(place.to_string(), Lead { files, server });
        }
    }
    leads
}

/// Whether the files that a place leads to outside of the folder are those that were shown for it.
pub(super) fn are_files_seen(loaded: &Loaded, of: Of<'_>, need: &Need) -> bool {
    let lead = lead(loaded, of);
    let mut paths = need.leads_to().iter();
    paths.all(|path| lead.is_some_and(|lead| lead.files.contains(&*path.to_string_lossy())))
}

/// Whether all that this leads to is what was shown when the manifest was trusted.
pub(crate) fn is_seen(
    loaded: &Loaded,
    (one, need): &(Use<'_>, Need),
    session: &mut Session<'_, '_>,
) -> bool {
    let end = end(loaded, one.of, session).ok().flatten();
    let server = lead(loaded, one.of).and_then(|lead| lead.server.clone());
    are_files_seen(loaded, one.of, need) && end.and_then(|end| end.digest()) == server
}

/// Refuses to put a token into an entry that sends it elsewhere than the one that was shown.
pub(crate) fn permit_route(
    loaded: &Loaded,
    one: &Use<'_>,
    looked: &Looked,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    if trust_of(loaded, session)? != Trust::Given {
        return Ok(());
    }
    let Some((file, route)) = looked.route()? else {
        return Ok(());
    };
    let end = End {
        file,
        route: Ok(foreign(route, loaded)),
    };
    let is_free = matches!(
        one.of.place(),
        Some(Place::Json { .. } | Place::Toml { .. })
    ) && need(loaded, one.of, session)?.is_none();
    if is_free {
        return Ok(());
    }
    permit_end(loaded, one, &end)
}

/// The same of every entry that the manifest names, for a run that does not look at them one by one.
pub(crate) fn permit_routes(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<(), Errors> {
    if trust_of(loaded, session)? != Trust::Given {
        return Ok(());
    }
    let mut gather = Gather::default();
    for one in &loaded.manifest.uses() {
        let end = gather.take(end(loaded, one.of, session)).flatten();
        if let Some(end) = end {
            gather.take(permit_end(loaded, one, &end));
        }
    }
    gather.done()
}

fn permit_end(loaded: &Loaded, one: &Use<'_>, end: &End) -> Result<(), Error> {
    let now = end.digest();
    let seen = lead(loaded, one.of).and_then(|lead| lead.server.as_ref());
    if seen.is_some() && seen == now.as_ref() {
        return Ok(());
    }
    let does = "changes the config of a client";
    Err(refusal(
        loaded,
        (one, does),
        "was trusted while this went to another server, or started it otherwise",
    ))
}

fn lead<'l>(loaded: &'l Loaded, of: Of<'_>) -> Option<&'l Lead> {
    loaded.trust.get()?.leads.get(&of.place()?.to_string())
}
