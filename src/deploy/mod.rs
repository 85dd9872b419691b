//! Publishing to a host: whole or not at all, and back again.
//!
//! What is published is what a build wrote ([`Build`]), and what decides is the hash of bytes, never a time.
//! Hosts are of two sorts. On a *store* (a folder, a bucket) each file is put by itself: [`plan()`] says what has
//! to be done and why, `run` does it in an order in which every page finds all that it needs at every moment.
//! A server over SSH and a branch of git are *switched*: everything is brought there first, and then one step
//! makes it what is served. Both keep what was served before, for a way back.
//!
//! This module and `check::external` alone speak to the network. Clock, environment and terminal are given to
//! it ([`Means`]).

mod azure;
mod build;
mod command;
mod directory;
mod git;
mod headers;
mod http;
mod local;
mod lock;
mod look;
mod manifest;
mod parallel;
mod plan;
mod remote;
mod run;
mod s3;
mod ssh;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::diagnostic::{Diagnostic, codes};

pub use azure::{Azure, Container};
pub use build::Build;
pub use directory::Directory;
pub use git::Git;
pub use headers::{Headers, media_type};
pub use local::Local;
pub use look::release;
pub use manifest::{File, Held, Manifest, Release, State};
pub use plan::{Guard, Plan, Upload, Why, Wish, plan};
pub use remote::{For, Remote};
pub use run::{Done, Source, next};
pub use s3::{Bucket, Credentials, S3};
pub use ssh::Ssh;
pub use store::{Condition, Entry, Put, Read, Store};

/// The folder of a target that is the program's own.
pub const OWN_PREFIX: &str = ".dhikra/";

/// What of it is in releases: the configuration of a server of one's own.
const SERVER_PREFIX: &str = ".dhikra/hosting/";

/// Why something asked of a target was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in a sentence. It holds no secret.
    pub what: String,
    /// Whether it may well succeed if it is tried again.
    pub passing: bool,
    /// What can be done about it.
    pub hints: Vec<String>,
    /// What has to be allowed for it not to be refused, if that is why.
    pub guard: Option<Guard>,
}

impl Failure {
    /// A failure that would come again.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), passing: false, hints: Vec::new(), guard: None }
    }

    /// A failure that may pass.
    pub fn passing(what: impl Into<String>) -> Self {
        Self { passing: true, ..Self::new(what) }
    }

    /// The failure, with what can be done about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The failure as a problem.
    #[must_use]
    pub fn problem(self) -> Diagnostic {
        let problem = match self.guard {
            Some(guard) => guard.refuse(self.what),
            None => Diagnostic::error(codes::DEPLOY, self.what),
        };
        self.hints.into_iter().fold(problem, Diagnostic::hint)
    }
}

/// What a deploy is told of as it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many bytes of a file are at the target.
    Uploaded(u64),
    /// Something that may pass failed, and is tried again.
    Again,
    /// What is there is compared with what should be.
    Verifying,
    /// What is no longer wanted is deleted.
    Deleting,
}

/// What a deploy needs of the world.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The time, in seconds since 1970.
    pub now: &'a (dyn Fn() -> u64 + Sync),
    /// Waits.
    pub wait: &'a (dyn Fn(Duration) + Sync),
    /// Told of what is done.
    pub watch: &'a (dyn Fn(Step) + Sync),
    /// A name that no other run has.
    pub id: &'a str,
    /// A name that every run from this folder to this target has, of which there is one at a time: a lock that has
    /// it is of a run that died.
    pub place: &'a str,
    /// How many requests are under way at once.
    pub workers: usize,
    /// How often what may pass is tried again.
    pub retries: u32,
}

impl std::fmt::Debug for Means<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Means({}, {} workers, {} retries)", self.id, self.workers, self.retries)
    }
}

/// The wait before the first repetition; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(400);

impl Means<'_> {
    /// Does something, again and again while what keeps it from being done may pass.
    ///
    /// # Errors
    /// The last failure.
    pub fn insist<T>(&self, mut act: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut pause = FIRST_WAIT;
        for _ in 0..self.retries {
            match act() {
                Err(failure) if failure.passing => {
                    (self.watch)(Step::Again);
                    (self.wait)(pause);
                    pause = pause.saturating_mul(2);
                }
                result => return result,
            }
        }
        act()
    }
}

/// Whether a path stays below the folder that it belongs to. What a target says is not trusted.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', '\n', '\r'])
        && !path.split('/').any(|part| matches!(part, "" | "." | ".."))
}
