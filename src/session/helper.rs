//! What stands in a config instead of a token: the command that makes one, or a reference to
//! where it is.

use std::path::PathBuf;

use super::Session;
use super::clients::{self, Located};
use super::keys::{self, Wanted};
use super::manifest;
use crate::client::{self, Gives, Means, Mode, Scope, Sort, Wish};
use crate::error::{Code, Error, Errors};
use crate::place::Place;
use crate::report::{shell_word, shell_words};
use crate::state::trust::digest;
use crate::token::{self, Template};

/// The program, as it is written where it is looked for on `PATH`.
const PROGRAM: &str = "mcpjwt";

/// The token that a config is to get at the moment of use.
pub(crate) struct Fresh<'t> {
    /// What it is minted from.
    pub(crate) template: &'t Template,
    /// The key that signs it.
    pub(crate) key: &'t Wanted,
    /// Its name in the manifest, where it is that one.
    pub(crate) named: Option<&'t str>,
}

/// Makes the means of a mode for a server entry. `fresh` is the token that a command makes.
pub(crate) fn means(
    mode: Mode,
    place: &Place,
    (wish, fresh): (&Wish, Option<Fresh<'_>>),
    session: &mut Session<'_, '_>,
) -> Result<Means, Errors> {
    let (Place::Entry { server, .. } | Place::Mcp { server, .. }) = place else {
        return Ok(Means::Literal);
    };
    let variable = || {
        let name = wish.variable.clone();
        name.unwrap_or_else(|| "MCP_TOKEN".to_owned())
    };
    let commanded = || {
        fresh.ok_or_else(|| {
            Error::usage(format!(
                "with `--mode {}` the token is made anew each time",
                mode.name()
            ))
            .hint("say whose: `mcpjwt issue --sub NAME --to .. --mode ..`")
        })
    };
    Ok(match mode {
        Mode::Literal => Means::Literal,
        Mode::Env => Means::Env { name: variable() },
        Mode::Input => Means::question(server),
        Mode::File => Means::File {
            path: token_file(place, session)?.to_string_lossy().into_owned(),
        },
        Mode::Exec => {
            let fresh = commanded()?;
            let located = clients::locate(place, session)?;
            Means::Exec {
                prefix: command("exec", &fresh, &located, session)?,
            }
        }
        Mode::Helper => {
            let fresh = commanded()?;
            let located = clients::locate(place, session)?;
            let mut words = command("headers", &fresh, &located, session)?;
            let sort = located.sort(server, wish)?;
            if located.config.prints(sort) == Some(Gives::Token) {
                words.extend(["--format".to_owned(), "token".to_owned()]);
            }
            Means::Helper {
                command: shell_words(&words),
            }
        }
    })
}

/// The wish of a mode: in an entry that names a URL, `--env` is the variable that is referred to.
pub(crate) fn fitted(
    mode: Mode,
    place: &Place,
    wish: &Wish,
    session: &mut Session<'_, '_>,
) -> Result<Wish, Error> {
    let mut wish = wish.clone();
    if mode == Mode::Env && is_remote(place, &wish, session)? {
        wish.variable = None;
    }
    Ok(wish)
}

/// Whether a place is a server entry that names a URL, or would be one.
pub(crate) fn is_remote(
    place: &Place,
    wish: &Wish,
    session: &mut Session<'_, '_>,
) -> Result<bool, Error> {
    let (Place::Entry { server, .. } | Place::Mcp { server, .. }) = place else {
        return Ok(false);
    };
    let located = clients::locate(place, session)?;
    Ok(located.sort(server, wish)? == Sort::Remote)
}

/// Runs a helper once, where its client would and with no more to go by; what it prints is
/// nobody's business.
pub(crate) fn try_out(means: &Means, session: &mut Session<'_, '_>) -> Result<(), Error> {
    let Means::Helper { command } = means else {
        return Ok(());
    };
    let folder = manifest::project(session);
    let children = &mut session.host.children;
    let ran = children.output(command, &folder, &["MCPJWT_MANIFEST"]);
    ran.map(drop).map_err(|error| {
        // It is called so where it is a place.
        let why = error.message.split_once("place failed: ");
        let why = why.map_or(&error.message[..], |(_, why)| why);
        Error::new(
            Code::CommandFailed,
            format!("the command for the config does not work: {why}"),
        )
        .hint(if folder == session.host.facts.cwd {
            format!("see what it says: `{command}`")
        } else {
            let folder = shell_word(&folder.display().to_string());
            format!("see what it says: `cd {folder} && {command}`")
        })
    })
}

/// What a command or file that this wish names has to give.
pub(crate) fn gives(
    place: &Place,
    wish: &Wish,
    session: &mut Session<'_, '_>,
) -> Result<Option<Gives>, Error> {
    let (Place::Entry { server, .. } | Place::Mcp { server, .. }) = place else {
        return Ok(None);
    };
    let located = clients::locate(place, session)?;
    let wish = Wish {
        server: server.clone(),
        ..wish.clone()
    };
    let plan = client::plan(
        &located.config,
        located.text()?,
        &wish,
        token::looks_like_token,
    )?;
    Ok(plan.gives)
}

impl Located {
    /// What kind of entry a server has, or would get.
    fn sort(&self, server: &str, wish: &Wish) -> Result<Sort, Error> {
        let kind = match self.text()? {
            None => None,
            Some(text) => client::servers(&self.config, text)?
                .into_iter()
                .find(|known| known.name == *server)
                .map(|known| known.kind),
        };
        Ok(match kind {
            Some(client::Kind::Stdio { .. }) => Sort::Stdio,
            None if !wish.command.is_empty() => Sort::Stdio,
            _ => Sort::Remote,
        })
    }
}

/// The file with the token of an entry that refers to one, in our data folder. However the entry
/// is called, it is the same.
pub(crate) fn token_file(place: &Place, session: &mut Session<'_, '_>) -> Result<PathBuf, Error> {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '-'
        }
    };
    let (Place::Entry { server, .. } | Place::Mcp { server, .. }) = place else {
        return Err(Error::new(Code::Internal, "not a server entry"));
    };
    let located = clients::locate(place, session)?;
    let path = session.host.files.leads_to(&located.path)?;
    let whole = Place::Mcp {
        path: path.to_string_lossy().into_owned(),
        server: server.clone(),
    };
    let hash = digest(whole.to_string().as_bytes());
    let name: String = server.chars().take(64).map(safe).collect();
    let data = session.host.facts.dirs.data.as_ref().ok_or_else(|| {
        Error::new(
            Code::StateUnwritable,
            "there is no folder for the file with the token: neither `MCPJWT_HOME` nor `HOME` is set",
        )
        .hint("set `MCPJWT_HOME`")
    })?;
    Ok(data.join("tokens").join(format!("{name}-{}", &hash[..8])))
}

/// The command line that makes such a token. In a config of one person everything in it is
/// absolute, for the client may start it anywhere with next to no environment; in one that a
/// project shares nothing is.
fn command(
    verb: &str,
    fresh: &Fresh<'_>,
    located: &Located,
    session: &mut Session<'_, '_>,
) -> Result<Vec<String>, Errors> {
    let template = fresh.template;
    let is_shared = located.config.scope == Scope::Project;
    let program = match session.host.children.find(PROGRAM) {
        Some(path) if !is_shared => path.to_string_lossy().into_owned(),
        None if !is_shared => return Err(not_found().into()),
        _ => PROGRAM.to_owned(),
    };
    if let Some(name) = fresh.named
        && let Some(loaded) = manifest::find(session)?
    {
        let mut words = vec![program];
        if !is_shared {
            words.extend(["-m".to_owned(), loaded.path.to_string_lossy().into_owned()]);
        }
        words.extend([verb.to_owned(), name.to_owned()]);
        return Ok(words);
    }
    let mut words = vec![program, verb.to_owned(), template.sub.clone()];
    let key = match fresh.key {
        Wanted::Place(place, _) => Some(if is_shared {
            place.to_string()
        } else {
            super::places::absolute(place, session)?.to_string()
        }),
        Wanted::Store(name) if !is_shared => {
            let (store, _) = keys::read_store(name, session)?;
            Some(store.place().to_string())
        }
        Wanted::Store(_) => None,
        Wanted::Ask(_) => {
            return Err(
                Error::usage("a key that is typed cannot be used by a command")
                    .hint("give `--key PLACE`")
                    .into(),
            );
        }
    };
    // It may be started in any project, whose manifest is not what it was written for.
    words.push("--no-manifest".to_owned());
    let mut option = |name: &str, value: &str| words.push(format!("--{name}={value}"));
    if let Some(key) = &key {
        option("key", key);
    }
    option("iss", &template.iss);
    for aud in &template.aud {
        option("aud", aud);
    }
    for scope in template.scope.iter().flat_map(|scope| scope.split(' ')) {
        option("scope", scope);
    }
    if template.typ != "JWT" {
        option("typ", &template.typ);
    }
    for (name, value) in &template.rest {
        let flag = match name.as_str() {
            "client_id" => Some("client-id"),
            "role" | "name" | "quota" => Some(name.as_str()),
            _ => None,
        };
        match (flag, value.as_str()) {
            (Some(flag), Some(text)) => option(flag, text),
            (Some(flag), None) => option(flag, &value.to_string()),
            (None, _) => option("claim", &format!("{name}:={value}")),
        }
    }
    Ok(words)
}

fn not_found() -> Error {
    Error::new(
        Code::PlaceMissing,
        format!("`{PROGRAM}` is not on `PATH`, so a client could not start it"),
    )
    .hint("install it, for instance with `cargo install --path .`, or add its folder to `PATH`")
}
