//! Secrets stay out of repositories.

use std::path::{Path, PathBuf};

use super::edit::{Edit, Matter, Target};
use crate::client::Mode;
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Kept;
use crate::report::shell_path;
use crate::session::Session;

/// Where a person says how a token gets to its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// With the options of `issue`, which mints it.
    Issue,
    /// With those of `install`, which is given it.
    Install,
    /// With those of `add`, which writes it into the manifest.
    Add,
    /// Nowhere: it was said before.
    Before,
    /// In the manifest.
    Manifest,
}

impl Way {
    /// What to write for a mode, where it can be said here.
    fn mode(self, mode: Mode) -> Option<String> {
        let name = mode.name();
        // The token itself goes somewhere else; what is only asked for is printed.
        let rest = match (self, mode) {
            (Self::Before, _) | (Self::Install, Mode::Helper | Mode::Exec) => return None,
            (Self::Manifest, _) => return Some(format!("`mode = \"{name}\"`")),
            (Self::Issue | Self::Install, Mode::Env) => " --to dotenv:.env#MCP_TOKEN",
            (Self::Issue, Mode::Input) => " --to -",
            _ => "",
        };
        Some(format!("`--mode {name}{rest}`"))
    }
}

/// Refuses secrets on their way into a file that git has, or would take: all at once, each with
/// its way out.
pub(crate) fn guard(edits: &[Edit], way: Way, session: &mut Session<'_, '_>) -> Result<(), Errors> {
    let literal: Vec<(&Edit, &PathBuf)> = edits
        .iter()
        .filter(|edit| edit.matter == Matter::Secret && !edit.is_done)
        .filter_map(|edit| match &edit.target {
            // Git knows the file, not the link that leads to it.
            Target::File { to, .. } => Some((edit, to)),
            _ => None,
        })
        .collect();
    let paths: Vec<PathBuf> = literal.iter().map(|(_, path)| (*path).clone()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let kept = session.host.git.judge(&paths)?;
    let mut gather = Gather::default();
    for ((edit, path), kept) in literal.into_iter().zip(kept) {
        let shown = session.short(path);
        let place = edit.place.to_string();
        let message = match &kept {
            Kept::Outside | Kept::Ignored => continue,
            Kept::Unknown(why) => {
                session.warn(
                    Error::new(
                        Code::GitUnknown,
                        format!("cannot tell whether git has `{shown}`: {why}"),
                    )
                    .at(place),
                );
                continue;
            }
            Kept::Tracked => {
                format!("`{shown}` is tracked by git, so the secret in it would be committed")
            }
            Kept::Open => {
                format!("`{shown}` is not ignored by git, so the secret in it could be committed")
            }
        };
        gather.add(
            Error::new(Code::GitTracked, message)
                .hint(way_out(edit, path, (&kept, way), session))
                .at(place),
        );
    }
    gather.done()
}

/// How to keep a secret out of the repository.
fn way_out(
    edit: &Edit,
    path: &Path,
    (kept, way): (&Kept, Way),
    session: &Session<'_, '_>,
) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut ignore = format!("add `{name}` to `.gitignore`");
    // What is tracked is not ignored, whatever is said there.
    if *kept == Kept::Tracked {
        ignore.push_str(&format!(" and run `{}`", untracking(path, session)));
    }
    let modes = match &edit.target {
        Target::File { spot, .. } => spot.modes(
            &edit.place,
            edit.bytes.as_ref().and_then(|(before, _)| before.as_ref()),
        ),
        _ => Vec::new(),
    };
    let force = match way {
        Way::Manifest => "write it all the same with `git = \"allow\"` at the top of the manifest",
        _ => "write it all the same with `--force`",
    };
    let modes: Vec<String> = modes.iter().filter_map(|one| way.mode(*one)).collect();
    if modes.is_empty() {
        format!("{ignore}, or {force}")
    } else {
        format!(
            "keep it out of the file with {}; or {ignore}, or {force}",
            modes.join(" or ")
        )
    }
}

/// The command that takes a file out of git, and leaves it where it is.
pub(crate) fn untracking(path: &Path, session: &Session<'_, '_>) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = shell_path(&name);
    match path
        .parent()
        .filter(|folder| *folder != session.host.facts.cwd)
    {
        Some(folder) => {
            let folder = shell_path(&session.short(folder));
            format!("git -C {folder} rm --cached {name}")
        }
        None => format!("git rm --cached {name}"),
    }
}
