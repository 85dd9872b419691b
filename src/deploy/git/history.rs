//! What was deployed to a branch, as its commits say.

use super::{FETCHED, Git};
use crate::deploy::Failure;

/// Lines at the end of a commit's message.
pub(super) const BASE_URL: &str = "Dhikra-Base-URL: ";
pub(super) const RELEASE: &str = "Dhikra-Release: ";

/// A commit of the branch that a deploy of ours made.
pub(super) struct Commit {
    pub(super) hash: String,
    pub(super) time: u64,
    pub(super) base_url: String,
    /// The commit whose tree this one serves again.
    pub(super) again: Option<String>,
}

impl Git {
    /// The commits that deploys made, the youngest first, as far as they were fetched.
    pub(super) fn commits(&self) -> Result<Vec<Commit>, Failure> {
        let format = "--format=%H%n%ct%n%B%x00";
        let text = self.must(&["log", "--first-parent", format, FETCHED], b"", None)?.text();
        let commit = |text: &str| {
            let mut lines = text.trim_start().lines();
            let (hash, time) = (lines.next()?.to_owned(), lines.next()?.parse().ok()?);
            let rest: Vec<&str> = lines.collect();
            let last = |key: &str| rest.iter().rev().find_map(|line| line.strip_prefix(key));
            let base_url = last(BASE_URL)?.to_owned();
            let again = last(RELEASE).map(str::to_owned);
            Some(Commit { hash, time, base_url, again })
        };
        let mut commits: Vec<Commit> = text.split('\0').filter_map(commit).collect();
        // Two of one second are told apart by their order.
        let mut before = 0;
        for commit in commits.iter_mut().rev() {
            commit.time = commit.time.max(before + 1);
            before = commit.time;
        }
        Ok(commits)
    }
}

/// The commit whose tree a commit serves: its own, or an older one's again.
pub(super) fn served(commit: &Commit) -> &str {
    commit.again.as_deref().unwrap_or(&commit.hash)
}

/// The commits that brought releases, with the times when they were served last: those of late first.
pub(super) fn by_last_use(commits: &[Commit]) -> Vec<(&Commit, u64)> {
    let mut found: Vec<(&Commit, u64)> = Vec::new();
    for commit in commits {
        let brought = commits.iter().find(|other| other.hash == served(commit));
        if let Some(brought) = brought.filter(|it| found.iter().all(|(is, _)| is.hash != it.hash)) {
            found.push((brought, commit.time));
        }
    }
    found
}
