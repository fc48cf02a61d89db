//! One run's hands: it reads keys, tokens and places through the host, writes what commands
//! decided, and speaks to the person.

pub(crate) mod census;
pub(crate) mod clients;
pub(crate) mod clock;
pub(crate) mod configs;
pub(crate) mod discover;
pub(crate) mod doctor;
pub(crate) mod documents;
pub(crate) mod helper;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod manifest;
pub(crate) mod mint;
pub(crate) mod places;
pub(crate) mod revocations;
pub(crate) mod ring;
pub(crate) mod rotation;
pub(crate) mod shelf;
pub(crate) mod status;
pub(crate) mod stream;
pub(crate) mod sync;
pub(crate) mod target;
pub(crate) mod tokens;
pub(crate) mod wanted;

use std::borrow::Cow;
use std::path::Path;

use crate::error::{Error, Errors, Outcome};
use crate::host::{Host, Progress};
use crate::json::Json;
use crate::place;
use crate::report::{self, Again, Style};
use crate::time::Clock;

/// One run: the host, how it wants to be spoken to, and what was said already.
pub(crate) struct Session<'a, 'h> {
    /// The world.
    pub(crate) host: &'a mut Host<'h>,
    /// Whether the answer is one JSON document.
    pub(crate) json: bool,
    /// The members of a document where JSON comes as one a line, warnings then on standard error.
    pub(crate) lines: Option<&'static [&'static str]>,
    /// Whether notes are left out.
    pub(crate) quiet: bool,
    /// How standard output wants it.
    pub(crate) out: Style,
    /// How standard error wants it.
    pub(crate) err: Style,
    /// The warnings so far, for the JSON document.
    pub(crate) warnings: Vec<Error>,
    /// Where warnings are kept instead, while they are not to be said.
    pub(crate) overheard: Option<Vec<Error>>,
    /// Whether standard input was read already.
    pub(crate) input_taken: bool,
    /// The manifest.
    pub(crate) manifest: manifest::Slot,
    /// Which key, where what is told to do next is about the same one.
    pub(crate) key_again: Option<Again>,
    /// Variables that hold key material and that no child gets to see.
    pub(crate) hidden: Vec<String>,
}

impl Session<'_, '_> {
    /// The clock of this run.
    pub(crate) fn clock(&self) -> Clock {
        Clock {
            now: self.host.facts.now,
            local_offset: self.host.facts.local_offset,
        }
    }

    /// Looks at the clock again: what was waited for may have taken days.
    pub(crate) fn look_at_the_clock(&mut self) {
        self.host.facts.now = (self.host.facts.clock)();
    }

    /// A path as it is written from here.
    pub(crate) fn short(&self, path: &Path) -> String {
        let facts = &self.host.facts;
        place::contract(path, &facts.cwd, facts.dirs.home.as_deref())
            .unwrap_or_else(|| path.display().to_string())
    }

    /// Says something useful; `--quiet` and `--json` leave it out.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.quiet && !self.json {
            let text = report::escape(&self.repeating(text));
            self.host.terminal.err(&format!("{text}\n"));
        }
    }

    /// Says something that must not be missed, once; in a JSON document it is one of `warnings`.
    pub(crate) fn warn(&mut self, mut warning: Error) {
        let same = |known: &Error| known.code == warning.code && known.message == warning.message;
        if let Some(kept) = &mut self.overheard {
            if !kept.iter().any(same) {
                kept.push(warning);
            }
            return;
        }
        if self.warnings.iter().any(same) {
            return;
        }
        warning.hint = warning.hint.map(|hint| self.repeating(&hint).into_owned());
        if !self.json || self.lines.is_some() {
            let text = report::warning(&warning, self.err);
            self.host.terminal.err(&text);
        }
        self.warnings.push(warning);
    }

    /// Shows what a dry run would change; in a JSON document that is among its members.
    pub(crate) fn show(&mut self, text: &str) {
        if !self.json {
            self.host.terminal.err(text);
        }
    }

    /// What a look gives, and what it would have warned of.
    pub(crate) fn overhear<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> (T, Vec<Error>) {
        let before = self.overheard.replace(Vec::new());
        let found = look(self);
        let kept = std::mem::replace(&mut self.overheard, before);
        (found, kept.unwrap_or_default())
    }

    /// Ends a run whose question a person has answered with no. These are the members of its
    /// document.
    pub(crate) fn declined(&mut self, members: &[&str]) -> Result<Outcome, Errors> {
        self.note("nothing was changed");
        if self.json {
            let body = members.iter().map(|name| (*name, Json::Null)).collect();
            self.document(Outcome::No, body, &[])?;
        }
        Ok(Outcome::No)
    }

    /// Asks the person at the terminal.
    pub(crate) fn ask(&mut self, question: &str) -> Result<String, Error> {
        self.host.terminal.ask(&report::escape(question))
    }

    /// Shows how much of a batch is done; `None`: it is over.
    pub(crate) fn progress(&mut self, done: Option<Progress>) {
        if !self.quiet {
            self.host.terminal.progress(done);
        }
    }

    /// Writes data to standard output.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Errors> {
        Ok(self.host.terminal.out(text.as_bytes())?)
    }

    /// Writes the JSON document of a command.
    pub(crate) fn document(
        &mut self,
        outcome: Outcome,
        body: Vec<(&str, Json)>,
        errors: &[Error],
    ) -> Result<(), Errors> {
        let told = self.told(errors);
        let errors = told.as_deref().unwrap_or(errors);
        let text = report::document(outcome == Outcome::Done, body, &self.warnings, errors);
        self.print(&text)
    }

    /// Shows what was wrong: in words on standard error, or as the JSON document.
    pub(crate) fn refuse(&mut self, errors: &Errors, members: &[&str]) {
        let told = self.told(errors.as_slice());
        let errors = told.as_deref().unwrap_or(errors.as_slice());
        if self.json {
            let members = self.lines.unwrap_or(members);
            let body = members.iter().map(|name| (*name, Json::Null)).collect();
            let document = if self.lines.is_some() {
                report::document_line
            } else {
                report::document
            };
            let text = document(false, body, &self.warnings, errors);
            // There is no third stream to say that this failed too.
            let _ = self.host.terminal.out(text.as_bytes());
        } else {
            let text = report::errors(errors, self.err);
            self.host.terminal.err(&text);
        }
    }

    /// The same text, the commands in it about the manifest and the key that this run was told.
    pub(crate) fn repeating<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let told = self.again();
        told.iter().fold(text.into(), |text: Cow<'t, str>, again| {
            report::repeating(&text, again).into()
        })
    }

    /// The same problems, their hints likewise; nothing where the run was told none.
    fn told(&self, errors: &[Error]) -> Option<Vec<Error>> {
        if self.again().is_empty() {
            return None;
        }
        let told = errors.iter().map(|error| Error {
            code: error.code,
            message: error.message.clone(),
            hint: error
                .hint
                .as_deref()
                .map(|hint| self.repeating(hint).into_owned()),
            place: error.place.clone(),
            claim: error.claim.clone(),
            source: None,
        });
        Some(told.collect())
    }

    /// What of the command line is typed again.
    fn again(&self) -> Vec<Again> {
        let key = self.key_again.clone().into_iter();
        key.chain(self.manifest.again()).collect()
    }
}
