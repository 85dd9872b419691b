//! A server over SSH, by the user's own `ssh` and `rsync`.
//!
//! On the server, below the target's path: `releases/ID/` holds a release, whole; `current` is a symbolic link to
//! the one that is served, and replaced by a rename, in one step; `.dhikra/` holds what is written down. A new
//! release is brought into a folder of its own run's, and shares the files that did not change with the one before
//! (hard links), so that it costs what changed. What is served, what was brought there and what is gone back to is
//! compared with what is written down, by hashes that the server makes.

mod lock;
mod release;
mod script;
mod sums;

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::command::{self, Output};
use super::manifest::{self, File, Held, Manifest, Release, State, blob};
use super::plan::Plan;
use super::run::{Done, Source};
use super::{Entry, Failure, Means, is_inside};
use script::{HELD, TAKEN, Told, quote};
use sums::{Found, Sums};

/// A folder on a server.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// The host, as `ssh` knows it, with a user if need be.
    pub host: String,
    /// The folder.
    pub path: String,
    /// The port, where it is not what `ssh` takes by itself.
    pub port: Option<u16>,
    /// A configuration file for `ssh` other than the user's.
    pub config: Option<OsString>,
}

/// Options of `ssh`: nobody can be asked, a host whose key is not known is not spoken to, and a connection that is
/// dead is given up.
const OPTIONS: [&str; 5] = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "ConnectTimeout=20",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=4",
];

impl Ssh {
    fn options(&self) -> Vec<OsString> {
        let mut options: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            options.extend(["-F".into(), config.clone()]);
        }
        for option in OPTIONS {
            options.extend(["-o".into(), option.into()]);
        }
        if let Some(port) = self.port {
            options.extend(["-p".into(), port.to_string().into()]);
        }
        options
    }

    /// Runs a script on the server.
    fn run(&self, body: &str, input: &[u8]) -> Result<Output, Failure> {
        let mut arguments = self.options();
        arguments.extend(["--".into(), self.host.clone().into(), script::command(body).into()]);
        let mut output = command::run("ssh", &arguments, &[], input)?;
        match output.code {
            Some(0 | HELD) => {
                let Some(answer) = script::answer(&output.stdout) else {
                    let what = format!("{} does not run what it is told to", self.host);
                    return Err(Failure::new(what).hint("the login there needs a shell"));
                };
                output.stdout = answer.to_owned();
                Ok(output)
            }
            Some(TAKEN) => Err(lock::taken()),
            Some(255) => Err(self.unreachable(&output.said)),
            code => {
                let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
                let what = format!("a command on {} ended with {code}: {}", self.host, output.said);
                Err(Failure::new(what))
            }
        }
    }

    fn unreachable(&self, said: &str) -> Failure {
        let what = format!("`ssh {}` does not get there: {said}", self.host);
        if said.contains("IDENTIFICATION HAS CHANGED") || said.contains("has changed and you have")
        {
            return Failure::new(what).hint(
                "it is another server, or somebody is between: find out why its key is another one before you \
                 accept it",
            );
        }
        if said.contains("Host key verification failed") {
            return Failure::new(what).hint(format!(
                "connect once by `ssh {}`, compare the key with the server's, and accept it",
                self.host
            ));
        }
        if said.contains("Permission denied") || said.contains("Could not resolve hostname") {
            return Failure::new(what).hint("`ssh` alone has to get there without asking anything");
        }
        Failure::passing(what)
    }

    fn folder(&self) -> String {
        quote(&self.path)
    }

    /// What a script tells.
    fn told(&self, output: &Output) -> Result<Told, Failure> {
        let cut = || Failure::passing(format!("the answer of {} was cut", self.host));
        Told::read(&output.stdout).ok_or_else(cut)
    }

    /// Finds out what the server holds.
    pub(super) fn look(&self, means: Means<'_>) -> Result<Held, Failure> {
        self.look_at(&means, true)
    }

    /// The same; without `deep` what is in the release that is served is taken to be what is written down.
    fn look_at(&self, means: &Means<'_>, deep: bool) -> Result<Held, Failure> {
        let body = script::look(&self.folder(), deep);
        let told = means.insist(|| self.told(&self.run(&body, b"")?))?;
        if told.foreign {
            let what = format!("`current` in {} on {} is no symbolic link", self.path, self.host);
            return Err(Failure::new(what).hint("move it away: the program puts a link there"));
        }
        let current = told.link.strip_prefix("releases/").unwrap_or_default();
        let mut states = Vec::new();
        for (name, bytes) in told.files.iter().filter(|(name, _)| name.ends_with(".json")) {
            match manifest::read::<State>(bytes, name) {
                Ok(state) => states.push(state),
                Err(failure) if *name == manifest::release_key(current) => return Err(failure),
                // It cannot be served again, and is in the way of nothing else.
                Err(_) => {}
            }
        }
        let found = deep.then(|| (&told.found, told.sums(current)));
        let held = held(states, current, found.as_ref().map(|(found, sums)| (*found, sums)));
        if held.state.is_none() && !told.link.is_empty() {
            let what = format!(
                "`current` in {} on {} leads to {}, which is no release of ours",
                self.path, self.host, told.link
            );
            return Err(Failure::new(what).hint("choose another `path`, or move the link away"));
        }
        Ok(held)
    }

    /// Does what is planned.
    pub(super) fn deploy(
        &self,
        means: Means<'_>,
        (held, plan): (&Held, &Plan),
        next: &Manifest,
        source: Source<'_>,
        (keep, force): (usize, bool),
    ) -> Result<Done, Failure> {
        if let Some(path) = next.files.keys().find(|path| !is_inside(path)) {
            let what = format!("`{path}` has a name that is safe on no server");
            return Err(Failure::new(what).hint("give it one without `\\` and without line ends"));
        }
        self.lock(&means, force)?;
        let result = self.switch_to(&means, (held, plan), next, source, keep);
        let unlocked = self.unlock(&means);
        Ok(Done { left: unlocked.is_err(), ..result? })
    }

    fn switch_to(
        &self,
        means: &Means<'_>,
        (held, plan): (&Held, &Plan),
        next: &Manifest,
        source: Source<'_>,
        keep: usize,
    ) -> Result<Done, Failure> {
        let again = self.look_at(means, false)?;
        let id_of = |held: &Held| held.state.as_ref().map(|state| state.current.release.id.clone());
        if id_of(&again) != id_of(held) {
            let what = "somebody else deployed to this target since the plan was made";
            return Err(Failure::new(what).hint("deploy again, by a new plan"));
        }
        // What is kept of older releases has to be what it was.
        let kept = plan.kept.iter().filter(|(path, _)| held.is_as_recorded(path));
        let kept: BTreeMap<String, File> = kept.map(|(p, f)| (p.clone(), f.clone())).collect();
        let old = id_of(&again).unwrap_or_default();
        let named = named(next, &again, matches!(source, Source::Kept), (means.now)());
        let switch = release::Switch {
            ssh: self,
            means,
            old: &old,
            next: &named,
            kept: &kept,
            held: &again,
        };
        switch.prepare(matches!(source, Source::Build(_)))?;
        let sums = match source {
            Source::Build(build) => switch.bring(build, plan.bytes())?,
            Source::Kept => switch.bring_back()?,
        };
        switch.make_current(&sums)?;
        // A release that is brought again since it is no longer what it was has no use any more.
        let useless = next.release.id == old && named.release.id != old;
        switch.tidy(keep, useless)?;
        let (uploaded, deleted) = (plan.uploads.len(), plan.deletions.len());
        Ok(Done { uploaded, deleted, ..Done::default() })
    }
}

/// When a release was what is served for the last time.
fn served(release: &Release) -> u64 {
    if release.served == 0 { release.time } else { release.served }
}

/// The release as it is written down: under a name that nothing at the server has, unless it is one of there; and
/// served later than all others, whatever the clocks say that they were deployed by.
fn named(next: &Manifest, held: &Held, again: bool, now: u64) -> Manifest {
    let mut named = next.clone();
    let releases = held.state.as_ref().map_or(&[][..], |state| &state.releases);
    let is_taken = |id: &str| !again && releases.iter().any(|release| release.id == id);
    let mut time = now;
    while is_taken(&named.release.id) {
        let other = Manifest::new(named.files.clone(), &named.release.base_url, time);
        (named.release.id, named.release.time) = (other.release.id, time);
        time += 1;
    }
    let after = releases.iter().map(|release| served(release) + 1).max().unwrap_or_default();
    named.release.served = now.max(next.release.served).max(after);
    named
}

/// What is known of a server from what is written down there, and from what is found in the release that is served.
fn held(mut states: Vec<State>, current: &str, found: Option<(&Found, &Sums)>) -> Held {
    let now = states.iter().find(|state| state.current.release.id == current);
    let Some(now) = now.map(|state| served(&state.current.release)) else { return Held::default() };
    let order = |state: &State| {
        let release = &state.current.release;
        let is_current = release.id == current;
        // One that says that it is served later never came to be: that deploy was cut.
        let was_served = served(release) <= now;
        (is_current, was_served, served(release), release.time, release.id.clone())
    };
    states.sort_by_cached_key(order);
    let releases: Vec<Release> = states.iter().map(|it| it.current.release.clone()).collect();
    let Some(mut state) = states.pop() else { return Held::default() };
    state.releases = releases;
    let is_right = |path: &str, file: &File| {
        found.is_none_or(|(found, sums)| found.is_right(path, file, sums))
    };
    let mut held = Held::default();
    for (path, file) in state.current.files.iter().chain(&state.kept) {
        let is_right = is_right(path, file);
        if is_right || found.is_some_and(|(found, _)| found.has(path)) {
            let hash = if is_right { file.hash.clone() } else { String::new() };
            let entry = Entry { size: file.size, version: None, hash: Some(hash) };
            held.listing.insert(path.clone(), entry);
        }
    }
    // No build can bring what is kept of an older release; that it is not served any more is all that can be done.
    held.unsettled = state.kept.iter().any(|(path, file)| !is_right(path, file));
    held.others = states.into_iter().map(|state| state.current).collect();
    // Older releases are whole: their bytes need not be kept elsewhere.
    for file in held.others.iter().flat_map(|other| other.files.values()) {
        let entry = Entry { size: file.size, version: None, hash: Some(file.hash.clone()) };
        held.listing.insert(blob(&file.hash), entry);
    }
    held.state = Some(state);
    held
}

#[cfg(test)]
mod tests;
