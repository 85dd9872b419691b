//! Doing what is planned at a store, in an order in which nothing that is served lacks anything.
//!
//! 1. The lock; that nothing changed since the plan was made; what may be put or deleted is written down.
//! 2. Bytes of older releases that are about to go are kept, by their hashes.
//! 3. Files are put, a turn after the other ([`super::plan()`]).
//! 4. What is there is listed and compared.
//! 5. The release is written down, then that it is what is served.
//! 6. What nothing wants any more is deleted; then what was written down in 1.
//!
//! A failure ends it there. Whatever the moment, each page at the target is as it was before or as it will be,
//! with all it needs; and the next run finds from the listing, and from the marks of files, what is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::build::Build;
use super::lock::{self as target_lock, Lock};
use super::manifest::{self, File, Held, Manifest, Pending, State, blob};
use super::parallel::{in_parallel, lock};
use super::plan::{Plan, Upload, same_files};
use super::{Condition, Failure, Headers, Means, OWN_PREFIX, Put, Step, Store};

/// From this size on files are read and sent one at a time, so that memory stays small.
const LARGE: u64 = 16 * 1024 * 1024;

/// Where the bytes of a release come from.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// A build.
    Build(&'a Build),
    /// What is kept at the target.
    Kept,
}

/// What a deploy did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Files that were put.
    pub uploaded: usize,
    /// Files that were deleted.
    pub deleted: usize,
    /// Whether the lock or the note of this run is still there: the first ends by itself, the second with the next
    /// run.
    pub left: bool,
}

/// Does what is planned. `next` is what is served afterwards.
///
/// # Errors
/// Whatever was asked and not done.
pub(super) fn deploy(
    store: &dyn Store,
    means: Means<'_>,
    (held, plan): (&Held, &Plan),
    next: Manifest,
    source: Source<'_>,
    (keep, force): (usize, bool),
) -> Result<Done, Failure> {
    if let Source::Kept = source {
        all_kept(held, plan, &next)?;
    }
    let run = Run {
        store,
        means,
        held,
        plan,
        next,
        source,
        keep,
        lock: Mutex::new(None),
        large: Mutex::new(()),
        versions: Mutex::default(),
    };
    *lock(&run.lock) = Some(Lock::take(store, means, force)?);
    let result = run.all();
    let given_up = match lock(&run.lock).take() {
        Some(lock) => lock.give_up(),
        None => Ok(()),
    };
    let done = result?;
    Ok(Done { left: done.left || given_up.is_err(), ..done })
}

/// The release that serves these files: the one that is served, if it is the same.
#[must_use]
pub fn next(held: &Held, files: &BTreeMap<String, File>, base_url: &str, now: u64) -> Manifest {
    // After all others, whatever clocks say: releases are told apart by it.
    let releases = held.state.iter().flat_map(|state| &state.releases);
    let last = releases.map(|release| release.time.max(release.served)).max();
    let now = last.map_or(now, |last| now.max(last + 1));
    let mut next = Manifest::new(files.clone(), base_url, now);
    if let Some(state) = &held.state {
        next.release.before.clone_from(&state.current.release.id);
    }
    match &held.state {
        Some(state) if is_served(held, &next) => {
            Manifest { release: state.current.release.clone(), ..next }
        }
        _ => next,
    }
}

/// Where the bytes of a file of an older release are.
fn kept_at(held: &Held, path: &str, file: &File) -> Option<String> {
    let in_place = held.recorded(path).is_some_and(|there| there.hash == file.hash);
    if in_place && held.is_as_recorded(path) {
        return Some(path.to_owned());
    }
    held.has_blob(&file.hash).then(|| blob(&file.hash))
}

/// Whether all that an older release needs is there, before anything is changed.
fn all_kept(held: &Held, plan: &Plan, next: &Manifest) -> Result<(), Failure> {
    let gone =
        |path: &&str| next.files.get(*path).is_some_and(|file| kept_at(held, path, file).is_none());
    let mut paths = plan.uploads.iter().map(|upload| upload.path.as_str()).filter(gone);
    let Some(first) = paths.next() else { return Ok(()) };
    let what = format!(
        "{} cannot be served again: the bytes that `{first}` had are not at the target ({} files in all)",
        next.release.id,
        paths.count() + 1
    );
    Err(Failure::new(what)
        .hint("nothing was changed; deploy that state of the site from its source"))
}

/// Whether nothing has to be done, not even to be written down.
pub(super) fn is_done(held: &Held, plan: &Plan, next: &Manifest) -> bool {
    plan.is_idle() && is_served(held, next) && held.pending.is_none() && !held.unsettled
}

/// Whether this very release is what is written down as served.
fn is_served(held: &Held, next: &Manifest) -> bool {
    held.state.as_ref().is_some_and(|state| {
        same_files(&state.current.files, &next.files)
            && state.current.release.base_url == next.release.base_url
    })
}

struct Run<'a> {
    store: &'a dyn Store,
    means: Means<'a>,
    held: &'a Held,
    plan: &'a Plan,
    next: Manifest,
    source: Source<'a>,
    keep: usize,
    lock: Mutex<Option<Lock<'a>>>,
    large: Mutex<()>,
    /// The versions of what was put, by the keys of bytes that are kept the versions of those.
    versions: Mutex<BTreeMap<String, String>>,
}

impl Run<'_> {
    fn all(&self) -> Result<Done, Failure> {
        self.nothing_changed()?;
        let kept = self.kept();
        in_parallel(&self.means, &kept, |(key, hash)| self.check(key, hash))?;
        self.write_down_pending()?;
        in_parallel(&self.means, &self.plan.saved, |(path, hash)| self.save(path, hash))?;
        let mut rest: &[Upload] = &self.plan.uploads;
        while let Some(first) = rest.first() {
            let many = rest.iter().take_while(|upload| upload.beside(first)).count();
            let (turn, later) = rest.split_at(many);
            self.hold()?;
            in_parallel(&self.means, turn, |upload| self.upload(upload))?;
            rest = later;
        }
        (self.means.watch)(Step::Verifying);
        let (files, listing) = self.means.insist(|| {
            let listing = self.store.list()?;
            Ok((self.verify(&listing)?, listing))
        })?;
        self.hold()?;
        let releases = self.write_down(files)?;
        (self.means.watch)(Step::Deleting);
        let delete = |key: &String| {
            self.hold_if_due()?;
            self.means.insist(|| self.store.delete(key))
        };
        in_parallel(&self.means, &self.plan.deletions, delete)?;
        in_parallel(&self.means, &self.unneeded(&listing, &releases), delete)?;
        let left = self.means.insist(|| self.store.delete(&manifest::pending_key())).is_err();
        let (uploaded, deleted) = (self.plan.uploads.len(), self.plan.deletions.len());
        Ok(Done { uploaded, deleted, left })
    }

    /// What was planned was planned for what was there then.
    fn nothing_changed(&self) -> Result<(), Failure> {
        let changed = |what: String| Err(Failure::new(what).hint("deploy again, by a new plan"));
        let now = self.means.insist(|| self.store.get(&manifest::current_key()))?;
        if now.map(|(bytes, _)| bytes) != self.held.written {
            return changed("somebody else deployed to this target since the plan was made".into());
        }
        let listing = self.means.insist(|| self.store.list())?;
        let owned = self.held.owned();
        let concerns = |key: &&String| {
            let ours = key.starts_with(OWN_PREFIX) && **key != target_lock::key();
            ours || owned.contains(key.as_str()) || self.next.files.contains_key(*key)
        };
        let keys: BTreeSet<&String> = self.held.listing.keys().chain(listing.keys()).collect();
        let differs = |key: &&&String| self.held.listing.get(**key) != listing.get(**key);
        match keys.iter().filter(|key| concerns(key)).find(differs) {
            None => Ok(()),
            Some(key) => {
                changed(format!("`{key}` was changed at the target since the plan was made"))
            }
        }
    }

    /// The keys of bytes that are kept and now wanted, with their hashes.
    fn kept(&self) -> Vec<(String, String)> {
        let Source::Kept = self.source else { return Vec::new() };
        let wanted = self.plan.uploads.iter().filter_map(|upload| {
            let file = self.next.files.get(&upload.path)?;
            let key = kept_at(self.held, &upload.path, file)?;
            key.starts_with(OWN_PREFIX).then(|| (key, file.hash.clone()))
        });
        wanted.collect::<BTreeMap<_, _>>().into_iter().collect()
    }

    /// Makes sure that bytes are what their name says: anybody could have written them since.
    fn check(&self, key: &str, hash: &str) -> Result<(), Failure> {
        let found = self.means.insist(|| self.store.get(key))?;
        let Some((_, version)) = found.filter(|(bytes, _)| super::build::hash(bytes) == hash)
        else {
            let what =
                format!("{} cannot be served again: `{key}` was changed", self.next.release.id);
            return Err(Failure::new(what)
                .hint("nothing was changed; deploy that state of the site from its source"));
        };
        if let Some(version) = version {
            lock(&self.versions).insert(key.to_owned(), version);
        }
        Ok(())
    }

    fn hold(&self) -> Result<(), Failure> {
        lock(&self.lock).as_mut().map_or(Ok(()), Lock::hold)
    }

    fn hold_if_due(&self) -> Result<(), Failure> {
        lock(&self.lock).as_mut().map_or(Ok(()), Lock::hold_if_due)
    }

    fn put_own(&self, key: &str, bytes: &[u8]) -> Result<(), Failure> {
        let put = || self.store.put(key, bytes, &Headers::own(), "", Condition::Always);
        self.means.insist(put).map(|_| ())
    }

    fn write_down_pending(&self) -> Result<(), Failure> {
        let mut paths: BTreeSet<String> =
            self.held.owned().into_iter().map(str::to_owned).collect();
        paths.extend(self.next.files.keys().cloned());
        let again = matches!(self.source, Source::Kept);
        let pending = Pending::new(paths, &self.next.release.id, again);
        self.put_own(&manifest::pending_key(), &manifest::write(&pending)?)
    }

    /// Keeps the bytes of a file that is about to go.
    fn save(&self, path: &str, hash: &str) -> Result<(), Failure> {
        self.hold_if_due()?;
        // The version that it was seen to be right in: what somebody else put there is not what the hash says.
        let version = self.held.listing.get(path).and_then(|entry| entry.version.as_deref());
        let copy = || self.store.copy((path, version), &blob(hash), &Headers::own(), hash);
        if self.means.insist(copy)? != Put::Refused {
            return Ok(());
        }
        let what = format!("`{path}` was changed at the target while it was to be kept");
        Err(Failure::new(what).hint("deploy again"))
    }

    fn upload(&self, upload: &Upload) -> Result<(), Failure> {
        self.hold_if_due()?;
        let path = &upload.path;
        let Some(file) = self.next.files.get(path) else { return Ok(()) };
        let _alone = (file.size > LARGE).then(|| lock(&self.large));
        self.clear_the_way(path)?;
        let put = match self.source {
            Source::Build(build) => {
                let bytes = build.bytes(path, file)?;
                self.means.insist(|| {
                    self.store.put(path, &bytes, &file.headers, &file.stamp(), Condition::Always)
                })?
            }
            Source::Kept => {
                let Some(from) = kept_at(self.held, path, file) else { return Ok(()) };
                let seen = self.held.listing.get(&from).and_then(|entry| entry.version.clone());
                let version = lock(&self.versions).get(&from).cloned().or(seen);
                let from = (&*from, version.as_deref());
                let put = self
                    .means
                    .insist(|| self.store.copy(from, path, &file.headers, &file.stamp()))?;
                if put == Put::Refused {
                    let what = format!("the bytes that `{path}` had are no longer at the target");
                    return Err(Failure::new(what));
                }
                put
            }
        };
        if let Put::Done(Some(version)) = put {
            lock(&self.versions).insert(path.clone(), version);
        }
        (self.means.watch)(Step::Uploaded(file.size));
        Ok(())
    }

    /// Deletes what is to go anyway and is where the folder of a file comes, or in a folder where a file comes.
    fn clear_the_way(&self, path: &str) -> Result<(), Failure> {
        if !self.store.has_folders() {
            return Ok(());
        }
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        let mut way = self.plan.deletions.iter().filter(|it| inside(path, it) || inside(it, path));
        way.try_for_each(|key| self.means.insist(|| self.store.delete(key)))
    }

    /// Compares what is there with what should be. Gives the files with the versions that they have.
    fn verify(
        &self,
        listing: &BTreeMap<String, super::Entry>,
    ) -> Result<BTreeMap<String, File>, Failure> {
        let mut files = self.next.files.clone();
        let versions = lock(&self.versions);
        for (path, file) in &mut files {
            let entry = listing.get(path);
            let right = entry.filter(|entry| {
                let put = versions.get(path).zip(entry.version.as_ref());
                entry.size == file.size
                    && entry.hash.as_ref().is_none_or(|it| *it == file.hash)
                    && put.is_none_or(|(put, there)| put == there)
            });
            let Some(entry) = right else {
                let what = match entry {
                    None => format!("`{path}` is not at the target though it was put there"),
                    Some(entry) if entry.size != file.size => format!(
                        "`{path}` has {} bytes at the target, and should have {}",
                        entry.size, file.size
                    ),
                    Some(_) => format!("`{path}` at the target is not what was put there"),
                };
                let hint = "nothing was deleted; see who else writes there, and deploy again";
                // Some stores list what was put a moment later.
                return Err(Failure::passing(what).hint(hint));
            };
            file.version.clone_from(&entry.version);
        }
        Ok(files)
    }

    /// Writes down the release, then that it is what is served. Gives the names of those that stay ready.
    fn write_down(&self, files: BTreeMap<String, File>) -> Result<BTreeSet<String>, Failure> {
        let id = &self.next.release.id;
        self.put_own(&manifest::release_key(id), &manifest::write(&self.next)?)?;
        let mut releases = self.held.state.as_ref().map_or_else(Vec::new, |it| it.releases.clone());
        let whole = |id: &str| {
            let is_current = self.held.state.as_ref().is_some_and(|s| s.current.release.id == id);
            is_current || self.held.others.iter().any(|other| other.release.id == id)
        };
        releases.retain(|release| whole(&release.id));
        // What was served last stays longest, whenever it was made.
        releases.retain(|release| release.id != *id);
        releases.push(self.next.release.clone());
        releases.drain(..releases.len().saturating_sub(self.keep + 1));
        let names = releases.iter().map(|release| release.id.clone()).collect();
        let current = Manifest { files, ..self.next.clone() };
        let state = State { current, kept: self.plan.kept.clone(), releases };
        self.put_own(&manifest::current_key(), &manifest::write(&state)?)?;
        Ok(names)
    }

    /// What is ours and nothing needs any more: bytes, and lists of files of releases.
    fn unneeded(
        &self,
        listing: &BTreeMap<String, super::Entry>,
        releases: &BTreeSet<String>,
    ) -> Vec<String> {
        let ready: BTreeSet<String> = releases.iter().map(|id| manifest::release_key(id)).collect();
        let lists = manifest::release_key("");
        let lists = lists.trim_end_matches(".json");
        let old = |key: &&String| key.starts_with(lists) && !ready.contains(*key);
        let lists = listing.keys().filter(old).cloned();
        self.plan.obsolete.iter().cloned().chain(lists).collect()
    }
}
