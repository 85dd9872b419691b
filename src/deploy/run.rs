//! Doing what is planned at a store, in an order in which nothing that is served lacks anything.
//!
//! 1. The lock; that nobody deployed since the plan was made; what may be put or deleted is written down.
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
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::build::Build;
use super::lock::Lock;
use super::manifest::{self, File, Held, Manifest, Pending, State, blob};
use super::plan::{Plan, Upload, doubtful, same_files};
use super::{Condition, Failure, Headers, Means, Step, Store};
use crate::diagnostic::nearest;

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
}

/// Finds out what a target holds; `wanted` are the files that it is to serve, if that is known.
///
/// # Errors
/// Where it cannot be found out, or what is written down there is damaged.
pub(super) fn look(
    store: &dyn Store,
    means: Means<'_>,
    wanted: Option<&BTreeMap<String, File>>,
) -> Result<Held, Failure> {
    let read = |key: &str| means.insist(|| store.get(key));
    let mut held = Held { listing: means.insist(|| store.list())?, ..Held::default() };
    let key = manifest::current_key();
    if let Some((bytes, _)) = read(&key)? {
        held.state = Some(manifest::read::<State>(&bytes, &key)?);
        held.written = Some(bytes);
    }
    let key = manifest::pending_key();
    if let Some((bytes, _)) = read(&key)? {
        held.pending = manifest::read::<Pending>(&bytes, &key)?.paths;
    }
    if let Some(state) = &held.state {
        let others = state.releases.iter().filter(|it| it.id != state.current.release.id);
        for release in others {
            let key = manifest::release_key(&release.id);
            if let Some((bytes, _)) = read(&key)? {
                held.others.push(manifest::read(&bytes, &key)?);
            }
        }
    }
    if let Some(wanted) = wanted {
        let paths = doubtful(wanted, &held);
        let stamps = Mutex::new(BTreeMap::new());
        in_parallel(&means, &paths, |path| {
            if let Some(stamp) = means.insist(|| store.stamp(path))? {
                lock(&stamps).insert((*path).to_owned(), stamp);
            }
            Ok(())
        })?;
        held.stamps = stamps.into_inner().unwrap_or_default();
    }
    Ok(held)
}

/// The release of a name, or the one before what is served.
///
/// # Errors
/// Where there is none.
pub fn release(held: &Held, id: Option<&str>) -> Result<Manifest, Failure> {
    let none = |what: &str| {
        Failure::new(what).hint("`dhikra releases` lists those that can be served again")
    };
    let state =
        held.state.as_ref().ok_or_else(|| none("nothing was ever deployed to this target"))?;
    let current = &state.current.release.id;
    let at = match id {
        Some(id) => state.releases.iter().position(|release| release.id == id),
        None => state
            .releases
            .iter()
            .position(|release| release.id == *current)
            .and_then(|at| at.checked_sub(1)),
    };
    let Some(release) = at.and_then(|at| state.releases.get(at)) else {
        return Err(match id {
            Some(id) => {
                let failure = none(&format!("there is no release «{id}» at the target"));
                let ids = state.releases.iter().map(|release| release.id.as_str());
                match nearest(id, ids) {
                    Some(near) => failure.hint(format!("did you mean `{near}`?")),
                    None => failure,
                }
            }
            None => none("no release before the one that is served is kept at the target"),
        });
    };
    if release.id == *current {
        return Ok(state.current.clone());
    }
    let found = held.others.iter().find(|other| other.release.id == release.id);
    found.cloned().ok_or_else(|| none(&format!("the list of files of {} is not there", release.id)))
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
    };
    *lock(&run.lock) = Some(Lock::take(store, means, force)?);
    let result = run.all();
    let given_up = match lock(&run.lock).take() {
        Some(lock) => lock.give_up(),
        None => Ok(()),
    };
    let done = result?;
    given_up.map_err(|failure| {
        failure
            .hint("all is deployed; only the lock at the target is still there, and ends by itself")
    })?;
    Ok(done)
}

/// The release that serves these files: the one that is served, if it is the same.
#[must_use]
pub fn next(held: &Held, files: &BTreeMap<String, File>, base_url: &str, now: u64) -> Manifest {
    let next = Manifest::new(files.clone(), base_url, now);
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
    plan.is_idle() && is_served(held, next) && held.pending.is_empty()
}

/// Whether this very release is what is written down as served.
fn is_served(held: &Held, next: &Manifest) -> bool {
    held.state.as_ref().is_some_and(|state| {
        same_files(&state.current.files, &next.files)
            && state.current.release.base_url == next.release.base_url
    })
}

/// Runs a task for each item, several at once, and stops at the first failure.
fn in_parallel<T: Sync>(
    means: &Means<'_>,
    items: &[T],
    task: impl Fn(&T) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let failed: Mutex<Option<Failure>> = Mutex::new(None);
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            if let Err(failure) = task(item) {
                stop.store(true, Ordering::Relaxed);
                lock(&failed).get_or_insert(failure);
            }
        }
    };
    let workers = means.workers.min(items.len());
    if workers < 2 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(work);
            }
        });
    }
    let failure = lock(&failed).take();
    failure.map_or(Ok(()), Err)
}

/// What a mutex holds; a thread that panicked left nothing half-done in ours.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
}

impl Run<'_> {
    fn all(&self) -> Result<Done, Failure> {
        self.nothing_changed()?;
        self.write_down_pending()?;
        in_parallel(&self.means, &self.plan.saved, |(path, hash)| self.save(path, hash))?;
        let mut rest: &[Upload] = &self.plan.uploads;
        while let Some(first) = rest.first() {
            let many = rest.iter().take_while(|upload| upload.beside(first)).count();
            let (turn, later) = rest.split_at(many);
            in_parallel(&self.means, turn, |upload| self.upload(upload))?;
            rest = later;
        }
        (self.means.watch)(Step::Verifying);
        let listing = self.means.insist(|| self.store.list())?;
        let files = self.verify(&listing)?;
        self.hold()?;
        let releases = self.write_down(files)?;
        (self.means.watch)(Step::Deleting);
        let delete = |key: &String| {
            self.hold_if_due()?;
            self.means.insist(|| self.store.delete(key))
        };
        in_parallel(&self.means, &self.plan.deletions, delete)?;
        in_parallel(&self.means, &self.unneeded(&listing, &releases), delete)?;
        self.means.insist(|| self.store.delete(&manifest::pending_key()))?;
        Ok(Done { uploaded: self.plan.uploads.len(), deleted: self.plan.deletions.len() })
    }

    /// What was planned was planned for what was there then.
    fn nothing_changed(&self) -> Result<(), Failure> {
        let now = self.means.insist(|| self.store.get(&manifest::current_key()))?;
        if now.map(|(bytes, _)| bytes) == self.held.written {
            return Ok(());
        }
        let what = "somebody else deployed to this target since the plan was made";
        Err(Failure::new(what).hint("deploy again, by a new plan"))
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
        self.put_own(&manifest::pending_key(), &manifest::write(&Pending::new(paths))?)
    }

    /// Keeps the bytes of a file that is about to go.
    fn save(&self, path: &str, hash: &str) -> Result<(), Failure> {
        self.hold_if_due()?;
        let copy = || self.store.copy(path, &blob(hash), &Headers::own(), hash);
        if self.means.insist(copy)? {
            return Ok(());
        }
        let what = format!("`{path}` went away at the target while it was to be kept");
        Err(Failure::new(what).hint("deploy again"))
    }

    fn upload(&self, upload: &Upload) -> Result<(), Failure> {
        self.hold_if_due()?;
        let path = &upload.path;
        let Some(file) = self.next.files.get(path) else { return Ok(()) };
        let _alone = (file.size > LARGE).then(|| lock(&self.large));
        match self.source {
            Source::Build(build) => {
                let bytes = build.bytes(path, file)?;
                self.means.insist(|| {
                    self.store.put(path, &bytes, &file.headers, &file.stamp(), Condition::Always)
                })?;
            }
            Source::Kept => {
                let Some(from) = kept_at(self.held, path, file) else { return Ok(()) };
                let copy = || self.store.copy(&from, path, &file.headers, &file.stamp());
                if !self.means.insist(copy)? {
                    let what = format!("the bytes that `{path}` had are no longer at the target");
                    return Err(Failure::new(what));
                }
            }
        }
        (self.means.watch)(Step::Uploaded(file.size));
        Ok(())
    }

    /// Compares what is there with what should be. Gives the files with the versions that they have.
    fn verify(
        &self,
        listing: &BTreeMap<String, super::Entry>,
    ) -> Result<BTreeMap<String, File>, Failure> {
        let mut files = self.next.files.clone();
        for (path, file) in &mut files {
            let entry = listing.get(path);
            let right = entry.filter(|entry| {
                entry.size == file.size && entry.hash.as_ref().is_none_or(|it| *it == file.hash)
            });
            let Some(entry) = right else {
                let what = match entry {
                    None => format!("`{path}` is not at the target though it was put there"),
                    Some(entry) => format!(
                        "`{path}` has {} bytes at the target, and should have {}",
                        entry.size, file.size
                    ),
                };
                let hint = "nothing was deleted; see who else writes there, and deploy again";
                return Err(Failure::new(what).hint(hint));
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
        if !releases.iter().any(|release| release.id == *id) {
            releases.push(self.next.release.clone());
        }
        while releases.len() > self.keep + 1 {
            // The one that is served stays, though it be the oldest.
            let at = usize::from(releases.first().is_some_and(|release| release.id == *id));
            releases.remove(at);
        }
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
