//! Whole lines out of what comes.

use std::io::{self, ErrorKind, Read};

use super::{Cut, Input, Moment, unreadable};
use crate::error::Error;

/// How much is read at once: what a pipe holds.
const BLOCK: usize = 64 * 1024;

/// A chunk of whole lines.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(super) text: Vec<u8>,
    /// The number of its first line, from 1.
    first: u64,
    /// Where it is among the chunks, from 0.
    pub(super) index: u64,
    is_full: bool,
    moment: Moment,
}

impl Lines {
    /// Each line with its number, without the LF at its end.
    pub(crate) fn each(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut rest = &self.text[..];
        (self.first..).map_while(move |number| {
            if rest.is_empty() {
                return None;
            }
            let line;
            (line, rest) = match memchr::memchr(b'\n', rest) {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            Some((number, line))
        })
    }

    /// How many bytes they are.
    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64
    }

    /// How things stood when they had come.
    pub(crate) fn moment(&self) -> &Moment {
        &self.moment
    }

    /// Whether more than it could hold had come already.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }
}

/// What has come of an input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// More lines.
    Lines,
    /// More, but the keys have changed since: they come next time.
    Stale,
    /// Nothing.
    End,
}

/// Cuts an input into chunks.
pub(crate) struct Cutter {
    input: Input,
    cut: Cut,
    /// What was read beyond the chunk before.
    rest: Vec<u8>,
    next_line: u64,
    next_index: u64,
    /// Whether the line at hand is the rest of one that was too long.
    skips: bool,
    has_ended: bool,
}

impl Cutter {
    /// From its first line.
    pub(crate) fn new(input: Input, cut: Cut) -> Self {
        Self {
            input,
            cut,
            rest: Vec::new(),
            next_line: cut.first,
            next_index: 0,
            skips: false,
            has_ended: false,
        }
    }

    /// The number of the next line.
    pub(crate) fn next_line(&self) -> u64 {
        self.next_line
    }

    /// The index of the next chunk.
    pub(super) fn next_index(&self) -> u64 {
        self.next_index
    }

    /// Waits for the next whole lines.
    pub(super) fn next(&mut self, lines: &mut Lines) -> Result<Next, Error> {
        lines.index = self.next_index;
        let text = &mut lines.text;
        std::mem::swap(text, &mut self.rest);
        self.rest.clear();
        loop {
            if self.skips {
                match memchr::memchr(b'\n', text) {
                    Some(end) => {
                        text.drain(..=end);
                        self.skips = false;
                    }
                    None => text.clear(),
                }
            }
            let (end, count) = whole(text, self.cut.most);
            let is_cut = end == 0 && text.len() >= self.cut.longest;
            let (end, count) = match end {
                0 if is_cut => (self.cut.longest, 1),
                0 if self.has_ended => (text.len(), u64::from(!text.is_empty())),
                0 => {
                    let read = read(&mut *self.input.lines, text, self.cut.longest);
                    self.has_ended = read.map_err(|why| unreadable(&why))? == 0;
                    continue;
                }
                end => (end, count),
            };
            if count == 0 {
                return Ok(Next::End);
            }
            let Some(moment) = (self.input.watch)()? else {
                std::mem::swap(text, &mut self.rest);
                return Ok(Next::Stale);
            };
            lines.moment = moment;
            self.skips = is_cut;
            self.rest.extend_from_slice(&text[end..]);
            lines.is_full = text.len() >= BLOCK / 2 || whole(&self.rest, 1).0 > 0;
            text.truncate(end);
            lines.first = self.next_line;
            self.next_line += count;
            self.next_index += 1;
            return Ok(Next::Lines);
        }
    }
}

/// Where the last of at most so many lines ends, and how many these are.
fn whole(text: &[u8], most: usize) -> (usize, u64) {
    let ends = memchr::memchr_iter(b'\n', text).take(most);
    ends.fold((0, 0), |(_, count), end| (end + 1, count + 1))
}

/// Reads once, what is there; 0 at the end.
fn read(input: &mut dyn Read, text: &mut Vec<u8>, longest: usize) -> io::Result<usize> {
    let before = text.len();
    text.resize(longest.max(BLOCK), 0);
    loop {
        match input.read(&mut text[before..]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => {
                text.truncate(before + *read.as_ref().unwrap_or(&0));
                return read;
            }
        }
    }
}
