//! What was found of links, remembered on the disk from one run to the next.

// A door of its own: it is no source of the site and none of its outputs. See clippy.toml.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Verdict;

/// The version of the file's form.
const VERSION: u32 = 1;

const DAY: u64 = 24 * 60 * 60;

/// How long a page is believed to be there.
const GOOD: u64 = 7 * DAY;

/// How long another verdict stands: short, so that a link that was mended is soon seen.
const BAD: u64 = DAY;

/// The file as it is written.
#[derive(Deserialize, Serialize)]
struct Stored {
    version: u32,
    links: BTreeMap<String, Entry>,
}

/// What was found of one page.
#[derive(Deserialize, Serialize)]
struct Entry {
    /// When, in seconds since the Unix epoch.
    at: u64,
    #[serde(flatten)]
    state: State,
}

/// A verdict as it is written.
#[derive(Deserialize, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
enum State {
    Alive,
    Moved {
        to: String,
    },
    Dead {
        why: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        archived: Option<String>,
    },
    Unsure {
        why: String,
    },
}

impl Entry {
    /// Whether it still stands. What was found in the future was found by a clock that was wrong.
    fn stands(&self, now: u64) -> bool {
        let span = match self.state {
            State::Alive | State::Moved { .. } => GOOD,
            State::Dead { .. } | State::Unsure { .. } => BAD,
        };
        now.checked_sub(self.at).is_some_and(|age| age < span)
    }
}

/// What is remembered.
pub(super) struct Cache {
    path: PathBuf,
    now: u64,
    links: BTreeMap<String, Entry>,
}

impl Cache {
    /// Reads what still stands. A file that is not there, damaged or of another version is worth
    /// nothing but the time to ask again, and no word.
    pub(super) fn read(path: &Path, now: u64) -> Self {
        let stored = fs::read(path).ok().and_then(|b| serde_json::from_slice::<Stored>(&b).ok());
        let mut links = match stored {
            Some(stored) if stored.version == VERSION => stored.links,
            _ => BTreeMap::new(),
        };
        links.retain(|_, entry| entry.stands(now));
        Self { path: path.to_owned(), now, links }
    }

    /// What is known of a page.
    pub(super) fn get(&self, page: &str) -> Option<Verdict> {
        Some(match &self.links.get(page)?.state {
            State::Alive => Verdict::Alive,
            State::Moved { to } => Verdict::Moved(to.clone()),
            State::Dead { why, archived } => {
                Verdict::Dead { why: why.clone(), archived: archived.clone() }
            }
            State::Unsure { why } => Verdict::Unsure(why.clone()),
        })
    }

    /// Remembers a verdict.
    pub(super) fn put(&mut self, page: &str, verdict: &Verdict) {
        let state = match verdict {
            Verdict::Alive => State::Alive,
            Verdict::Moved(to) => State::Moved { to: to.clone() },
            Verdict::Dead { why, archived } => {
                State::Dead { why: why.clone(), archived: archived.clone() }
            }
            Verdict::Unsure(why) => State::Unsure { why: why.clone() },
        };
        self.links.insert(page.to_owned(), Entry { at: self.now, state });
    }

    /// Writes the file, whole or not at all.
    pub(super) fn write(&mut self) -> io::Result<()> {
        // The maps change hands, not their content.
        let stored = Stored { version: VERSION, links: std::mem::take(&mut self.links) };
        let bytes = serde_json::to_vec_pretty(&stored);
        self.links = stored.links;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Two runs at once must not write into one another's file.
        let temporary = self.path.with_extension(format!("{}.new", std::process::id()));
        let written =
            fs::write(&temporary, bytes?).and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            _ = fs::remove_file(&temporary);
        }
        written
    }
}
