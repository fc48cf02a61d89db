//! Writing what was decided: each file once, then a second look at every value.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::decide::makes_folder;
use super::edit::{Edit, Target};
use super::named;
use super::spot::Trace;
use crate::error::{Code, Error, Errors, Gather};
use crate::host::{self, Edited, Privacy, Written};
use crate::place::Place;
use crate::place::tree::Made;
use crate::report::shell_path;
use crate::secret::Secret;
use crate::session::Session;

/// When every value is looked at once more: time enough for a program that rewrites its config
/// as soon as it changes.
pub(super) const SECOND_LOOK: Duration = Duration::from_millis(20);

/// A place that has its value now.
pub(crate) struct Done {
    /// Which of the edits it was.
    pub(crate) number: usize,
    /// The place as it was given.
    pub(crate) place: Place,
    /// The place as the ledger keeps it.
    pub(crate) lasting: Place,
    /// What the edit made around the value.
    pub(crate) made: Option<Made>,
    /// Places of the same entry whose value it took the place of.
    pub(crate) over: Vec<Place>,
    /// Whether the value says where the token is.
    pub(crate) is_reference: bool,
    /// What stands there now, with the scheme in front of it.
    pub(crate) value: Option<Secret>,
}

/// The edits of one file.
struct Batch<'e> {
    path: PathBuf,
    lock: Option<host::Foreign>,
    edits: Vec<&'e Edit>,
    /// Which of all they are.
    numbers: Vec<usize>,
}

/// Writes what was decided. All files are tried; says which places have their value now, and
/// what went wrong with the others.
pub(crate) fn write(
    edits: &[Edit],
    session: &mut Session<'_, '_>,
) -> (Vec<Done>, Result<(), Errors>) {
    let (done, all) = write_each(edits, session);
    if all.is_err() && !done.is_empty() {
        let done: Vec<String> = done.iter().map(|one| one.place.to_string()).collect();
        session.warn(Error::new(
            Code::PlaceUnwritable,
            format!("wrote `{}`, the others not", done.join("`, `")),
        ));
    }
    (done, all)
}

/// The same for a caller who tells what was written.
pub(crate) fn write_each(
    edits: &[Edit],
    session: &mut Session<'_, '_>,
) -> (Vec<Done>, Result<(), Errors>) {
    let mut gather = Gather::default();
    let mut done = Vec::new();
    let mut batches: Vec<Batch<'_>> = Vec::new();
    let mut known: HashMap<PathBuf, usize> = HashMap::new();
    for (number, edit) in edits.iter().enumerate() {
        match &edit.target {
            Target::File { path, to, lock, .. } => {
                // Two places of one file are one write, whatever they call it.
                let at = *known.entry(to.clone()).or_insert_with(|| {
                    batches.push(Batch {
                        path: path.clone(),
                        lock: *lock,
                        edits: Vec::new(),
                        numbers: Vec::new(),
                    });
                    batches.len() - 1
                });
                batches[at].edits.push(edit);
                batches[at].numbers.push(number);
            }
            Target::Keyring { service, account } => {
                let set = if edit.is_done() {
                    Ok(())
                } else {
                    let set = session.host.keyring.set(service, account, &edit.value);
                    set.map_err(|error| named(&edit.place, error))
                };
                if gather.take(set).is_some() {
                    done.push(Done {
                        number,
                        place: edit.place.clone(),
                        lasting: edit.place.clone(),
                        made: None,
                        over: Vec::new(),
                        is_reference: edit.is_reference(),
                        value: Some(edit.value.duplicate()),
                    });
                }
            }
            Target::Output => {}
        }
    }
    let mut written = Vec::new();
    let mut loose = Vec::new();
    for batch in &batches {
        if let Some((traces, mode)) = gather.take(batch.write(session)) {
            loose.extend(mode.map(|mode| (batch, mode)));
            written.push((batch, traces));
        }
    }
    warn_of_loose(&loose, session);
    if !written.is_empty() {
        session.host.files.pause(SECOND_LOOK);
    }
    for (batch, traces) in written {
        if gather.take(batch.look_again(session)).is_none() {
            continue;
        }
        let edits = batch.numbers.iter().zip(&batch.edits);
        for ((number, edit), trace) in edits.zip(traces) {
            let left = edit.lasting().and_then(|place| Ok((place, edit.left()?)));
            let over = edit.places_at(&trace.over);
            if let Some((lasting, value)) = gather.take(left) {
                let place = edit.place.clone();
                done.push(Done {
                    number: *number,
                    place,
                    lasting,
                    made: trace.made,
                    over,
                    is_reference: edit.is_reference(),
                    value,
                });
            }
        }
    }
    (done, gather.done())
}

impl Batch<'_> {
    /// Writes the file; says what each edit left besides its value, and the mode by which others can read it.
    fn write(&self, session: &mut Session<'_, '_>) -> Result<(Vec<Trace>, Option<u32>), Error> {
        let privacy = if let Some(bits) = self.file_mode() {
            Privacy::Chosen(bits)
        } else if self.edits.iter().all(|edit| !edit.is_private()) {
            Privacy::Public
        } else {
            Privacy::Secret {
                first_secret: !self.edits.iter().any(|edit| edit.held),
            }
        };
        let target = host::Target {
            path: self.path.clone(),
            privacy,
            lock: self.lock,
        };
        let makes = |edit: &&Edit| edit.is_new() && makes_folder(&edit.place, &self.path, session);
        if self.edits.iter().any(makes)
            && let Some(folder) = self.path.parent()
        {
            session.host.files.make_folder(folder)?;
        }
        let mut traces = Vec::new();
        let written = session.host.files.update(&target, &mut |bytes| {
            traces.clear();
            let mut now = bytes.map(|bytes| Secret::new(bytes.to_vec()));
            let mut changed = false;
            for edit in &self.edits {
                let put = edit.on(now.as_ref())?;
                let trace = put.map(|put| {
                    now = Some(put.bytes);
                    changed = true;
                    put.trace
                });
                traces.push(trace.unwrap_or_default());
            }
            Ok(match now {
                Some(bytes) if changed => Edited::Replace(bytes),
                _ => Edited::Leave,
            })
        })?;
        let loose = self.tell(&written, session);
        Ok((traces, loose))
    }

    /// Looks whether the values are still there, and writes once more what is gone.
    fn look_again(&self, session: &mut Session<'_, '_>) -> Result<(), Error> {
        for round in 0..2 {
            let found = session.host.files.read_plain(&self.path)?;
            let bytes = found.as_ref().map(|found| &found.bytes);
            let mut gone = None;
            for edit in &self.edits {
                if !edit.is_in(bytes)? {
                    gone = Some(*edit);
                }
            }
            let Some(edit) = gone else {
                return Ok(());
            };
            if round == 1 {
                return Err(edit.overwritten());
            }
            self.write(session)?;
            session.host.files.pause(SECOND_LOOK);
        }
        Ok(())
    }

    /// The permission bits that somebody chose for the file: the fewest.
    fn file_mode(&self) -> Option<u32> {
        let chosen = self.edits.iter().filter_map(|edit| edit.file_mode);
        chosen.reduce(|one, two| one & two)
    }

    /// Tells what became of the mode; returns the one by which others can read it still.
    fn tell(&self, written: &Written, session: &mut Session<'_, '_>) -> Option<u32> {
        let Written::Replaced { tightened, loose } = written else {
            return None;
        };
        if let Some(mode) = tightened {
            let shown = session.short(&self.path);
            let bits = self.file_mode().unwrap_or(0o600);
            session.note(&format!(
                "`{shown}` holds a secret now: mode {mode:04o} became {:04o}",
                mode & 0o700 | mode & bits
            ));
        }
        *loose
    }
}

/// Says once which files others can read, and what closes them all.
fn warn_of_loose(loose: &[(&Batch<'_>, u32)], session: &mut Session<'_, '_>) {
    let Some((first, _)) = loose.first() else {
        return;
    };
    let each: Vec<String> = loose
        .iter()
        .map(|(batch, mode)| format!("`{}` (mode {mode:04o})", session.short(&batch.path)))
        .collect();
    let files: Vec<String> = loose
        .iter()
        .map(|(batch, _)| shell_path(&session.short(&batch.path)))
        .collect();
    let warning = Error::new(
        Code::PlaceLooseMode,
        format!("others can read {}", each.join(", ")),
    )
    .hint(format!("chmod 600 {}", files.join(" ")));
    let place = first.edits.first().map(|edit| edit.place.to_string());
    session.warn(match place {
        Some(place) if loose.len() == 1 => warning.at(place),
        _ => warning,
    });
}
