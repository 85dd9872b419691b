//! Outputs to the disk: whole or not at all. This module alone writes the disk (but for the
//! commands that make new source files).
//!
//! What differs from the files that are there is written to a staging folder inside the output
//! folder. Only when every output was made is it moved into place, whole folders at a time where
//! they are new, else file by file, each move atomic. Before the first move the manifest is
//! written with both what was ours and what will be: a run killed at any point leaves nothing that
//! the next does not know to be ours.

// The one door to writing: see clippy.toml.
#![allow(clippy::disallowed_methods)]

mod beside;
mod manifest;
mod moves;
mod place;
mod replace;

pub use place::{clash, whole};
pub use replace::replace;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::hosting::{HostFile, Hosting, Needs};
use crate::render::{Output, Renderer};
use crate::source::{Digest, digest};

use self::manifest::Manifest;

/// The folder in the output folder that is the program's own.
pub const OWN_FOLDER: &str = ".dhikra";

/// The folder in it with the files for a server of one's own.
pub const HOST_FOLDER: &str = "hosting";

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Outputs that were written.
    pub written: usize,
    /// Outputs that were there already, byte for byte.
    pub unchanged: usize,
    /// Files of an earlier build that were deleted.
    pub deleted: usize,
    /// Whether the outputs are in place.
    pub published: bool,
}

/// How to publish.
pub struct Options<'a> {
    /// The output folder.
    pub out: &'a Path,
    /// Whether good outputs are put in place though others failed.
    pub keep_going: bool,
    /// Called after each output is made.
    pub made: &'a (dyn Fn() + Sync),
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Options({})", self.out.display())
    }
}

/// The paths of the files in an output folder that its builds wrote.
///
/// # Errors
/// Where the folder's manifest cannot be read.
pub fn owned(out: &Path) -> Result<Vec<String>, Diagnostic> {
    Ok(Manifest::read(&out.join(OWN_FOLDER))?.files.into_keys().collect())
}

/// The paths of the files in an output folder that a server of one's own reads, and does not show.
///
/// # Errors
/// Where they cannot be listed.
pub fn for_servers(out: &Path) -> Result<Vec<String>, Diagnostic> {
    let folder = out.join(OWN_FOLDER).join(HOST_FOLDER);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| trouble(&folder, "read", &error))?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| trouble(&folder, "read", &error))?.file_name();
        paths.extend(name.to_str().map(|name| format!("{OWN_FOLDER}/{HOST_FOLDER}/{name}")));
    }
    paths.sort();
    Ok(paths)
}

/// Reads a file of an output folder.
///
/// # Errors
/// Where it cannot be read.
pub fn read(out: &Path, path: &str) -> Result<Vec<u8>, Diagnostic> {
    let path = out.join(path);
    fs::read(&path).map_err(|error| trouble(&path, "read", &error))
}

/// One output after rendering.
enum Made {
    /// It is there already.
    Same(Digest),
    /// It waits in the staging folder.
    Staged(Digest),
    /// It could not be made.
    Failed,
    /// The host needs it not, or another file holds it.
    Replaced,
}

/// An output after rendering, with its packed copies.
struct Staged {
    made: Made,
    packed: Vec<(String, Made)>,
}

impl From<Made> for Staged {
    fn from(made: Made) -> Self {
        Self { made, packed: Vec::new() }
    }
}

/// The ends of the names of packed copies.
const PACKED: [&str; 2] = ["gz", "br"];

/// Renders every output and puts it in place. `failed` says that there are errors from before, so
/// that nothing may be published unless `keep_going`; all is rendered to find the others.
#[must_use]
pub fn publish(
    renderer: &Renderer,
    outputs: &[Output],
    failed: bool,
    options: &Options<'_>,
) -> (Outcome, Vec<Diagnostic>) {
    let mut folder = match Folder::open(options.out) {
        Ok(folder) => folder,
        Err(problem) => return (Outcome::default(), vec![problem]),
    };
    renderer.prepare(outputs);
    let hosting = Hosting::new(&renderer.world().site, outputs);
    let made: Vec<(Staged, Needs, Vec<Diagnostic>)> = outputs
        .par_iter()
        .map(|output| {
            let result = folder.make(renderer, &hosting, output);
            (options.made)();
            result
        })
        .collect();
    let mut result = Tally::default();
    let mut needs = Vec::with_capacity(made.len());
    for (output, (made, needed, found)) in outputs.iter().zip(made) {
        result.problems.extend(found);
        needs.push(needed);
        result.take(&folder.manifest, &output.path, &made.made);
        for (path, made) in &made.packed {
            result.take(&folder.manifest, path, made);
        }
        if matches!(made.made, Made::Failed) {
            result.keep_packed(&folder.manifest, &output.path);
        }
    }
    let (files, found) = hosting.files(renderer, needs);
    result.problems.extend(found);
    let (files, beside): (Vec<HostFile>, Vec<HostFile>) =
        files.into_iter().partition(|file| file.is_published);
    for file in files {
        let made = folder.stage(&file.path, &file.bytes);
        result.take_staged(&folder.manifest, &file.path, made);
    }
    let Tally { mut outcome, mut problems, owned } = result;
    if (failed || has_errors(&problems)) && !options.keep_going {
        folder.discard();
        return (Outcome::default(), problems);
    }
    match folder.commit(owned) {
        Ok(deleted) => {
            outcome.deleted = deleted;
            outcome.published = true;
            problems.extend(beside::put(options.out, &beside));
        }
        Err(found) => {
            outcome = Outcome::default();
            problems.extend(found);
        }
    }
    (outcome, problems)
}

/// What came of the outputs so far.
#[derive(Default)]
struct Tally {
    outcome: Outcome,
    problems: Vec<Diagnostic>,
    owned: BTreeMap<String, Digest>,
}

impl Tally {
    fn take(&mut self, before: &Manifest, path: &str, made: &Made) {
        match *made {
            Made::Same(digest) => {
                self.outcome.unchanged += 1;
                self.owned.insert(path.to_owned(), digest);
            }
            Made::Staged(digest) => {
                self.outcome.written += 1;
                self.owned.insert(path.to_owned(), digest);
            }
            Made::Failed => {
                // What an earlier build made of it stays, and stays ours.
                if let Some(digest) = before.files.get(path) {
                    self.owned.insert(path.to_owned(), *digest);
                }
            }
            Made::Replaced => {}
        }
    }

    fn take_staged(&mut self, before: &Manifest, path: &str, made: Result<Made, Diagnostic>) {
        let made = made.unwrap_or_else(|problem| {
            self.problems.push(problem);
            Made::Failed
        });
        self.take(before, path, &made);
    }

    /// Leaves the packed copies of what could not be made and so stays as it was.
    fn keep_packed(&mut self, before: &Manifest, path: &str) {
        for extension in PACKED {
            self.take(before, &format!("{path}.{extension}"), &Made::Failed);
        }
    }
}

/// An output folder, locked for this run.
struct Folder {
    out: PathBuf,
    stage: PathBuf,
    manifest: Manifest,
    /// Whether nothing was there before, so that there is nothing to compare with.
    fresh: bool,
    /// Whether the folder was made by this run.
    created: bool,
    staged: AtomicUsize,
    /// Held until the run ends; the system gives it up even if the run is killed.
    _lock: fs::File,
}

/// A failure of the disk, with its path.
fn trouble(path: &Path, doing: &str, error: &io::Error) -> Diagnostic {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: make room and build again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give yourself the right to write there, or choose another folder with --out"
        }
        _ => "choose another folder with --out if this one cannot be used",
    };
    let message = format!("{} cannot be {doing}: {error}", path.display());
    Diagnostic::error(codes::OUTPUT, message).hint(hint)
}

impl Folder {
    fn open(out: &Path) -> Result<Self, Diagnostic> {
        let own = out.join(OWN_FOLDER);
        let created = !out.exists();
        if fs::symlink_metadata(&own).is_ok_and(|meta| meta.is_symlink()) {
            return Err(moves::in_the_way(&own));
        }
        fs::create_dir_all(&own).map_err(|e| trouble(&own, "made", &e))?;
        let lock_path = own.join("lock");
        let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(|e| trouble(&lock_path, "written", &e))?;
        if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
            let message = format!("another build is writing to {}", out.display());
            return Err(Diagnostic::error(codes::OUTPUT, message).hint("wait for it to end"));
        }
        let stage = own.join("stage");
        remove_all(&stage).map_err(|e| trouble(&stage, "removed", &e))?;
        let manifest = Manifest::read(&own)?;
        let entries = fs::read_dir(out).map_err(|e| trouble(out, "read", &e))?;
        let fresh = entries.filter_map(Result::ok).all(|entry| entry.file_name() == OWN_FOLDER);
        Ok(Self {
            out: out.to_owned(),
            stage,
            manifest,
            fresh,
            created,
            staged: AtomicUsize::new(0),
            _lock: lock,
        })
    }

    /// Makes an output and its packed copies, and stages what differs from what is there. Gives what it needs of
    /// its host.
    fn make(
        &self,
        renderer: &Renderer,
        hosting: &Hosting<'_>,
        output: &Output,
    ) -> (Staged, Needs, Vec<Diagnostic>) {
        if hosting.replaces(output) {
            return (Made::Replaced.into(), Needs::default(), Vec::new());
        }
        let (bytes, mut problems) = renderer.render(output);
        let Some(bytes) = bytes else {
            return (Made::Failed.into(), Needs::default(), problems);
        };
        let needs = hosting.needs(output, &bytes);
        let mut stage = |path: &str, bytes: &[u8]| {
            self.stage(path, bytes).unwrap_or_else(|problem| {
                problems.push(problem);
                Made::Failed
            })
        };
        let mut staged = Staged::from(stage(&output.path, &bytes));
        for (path, bytes) in hosting.packed(output, &bytes, renderer.memo()) {
            let made = stage(&path, &bytes);
            staged.packed.push((path, made));
        }
        (staged, needs, problems)
    }

    fn stage(&self, path: &str, bytes: &[u8]) -> Result<Made, Diagnostic> {
        let digest = digest(bytes);
        if !self.fresh {
            let target = self.out.join(path);
            match fs::symlink_metadata(&target) {
                Ok(meta) if meta.is_file() => {
                    let same = meta.len() == bytes.len() as u64
                        && fs::read(&target).is_ok_and(|there| there == bytes);
                    if same {
                        return Ok(Made::Same(digest));
                    }
                    self.must_own(path)?;
                }
                Ok(meta) if !meta.is_dir() => self.must_own(path)?,
                _ => {}
            }
        }
        self.staged.fetch_add(1, Ordering::Relaxed);
        let staged = self.stage.join(path);
        write(&staged, bytes).map_err(|e| trouble(&self.out.join(path), "written", &e))?;
        Ok(Made::Staged(digest))
    }

    /// Refuses to replace a file that no build of ours made.
    fn must_own(&self, path: &str) -> Result<(), Diagnostic> {
        if self.manifest.files.contains_key(path) {
            return Ok(());
        }
        Err(moves::in_the_way(&self.out.join(path)))
    }

    /// Leaves everything as it was. What cannot be removed is removed by the next run.
    fn discard(&mut self) {
        let _ = remove_all(&self.stage);
        if self.manifest.files.is_empty() && self.created {
            let _ = remove_all(&self.out.join(OWN_FOLDER));
            // Only an empty folder goes.
            let _ = fs::remove_dir(&self.out);
        }
    }

    /// Moves what is staged into place and deletes what is ours and no longer wanted. Gives how
    /// many files were deleted.
    fn commit(&mut self, owned: BTreeMap<String, Digest>) -> Result<usize, Vec<Diagnostic>> {
        let own = self.out.join(OWN_FOLDER);
        let next = Manifest { files: owned };
        let staged = self.staged.load(Ordering::Relaxed);
        if staged == 0 && next == self.manifest && !self.fresh {
            self.discard();
            return Ok(0);
        }
        let obsolete: Vec<&String> =
            self.manifest.files.keys().filter(|path| !next.files.contains_key(*path)).collect();
        let mut problems = Vec::new();
        let is_ours = |path: &str| self.manifest.files.contains_key(path);
        moves::check(&self.stage, &self.out, "", &is_ours, &mut problems);
        if !problems.is_empty() {
            self.discard();
            return Err(problems);
        }
        let write_next = || next.write(&own, &self.manifest, &[]).map_err(|problem| vec![problem]);
        next.write(&own, &self.manifest, &obsolete).map_err(|problem| vec![problem])?;
        let later = moves::merge(&self.stage, &self.out, &mut problems);
        let deleted = moves::delete(&self.out, &obsolete, &mut problems);
        for (from, to) in later {
            moves::merge_one(&from, &to, &mut problems);
        }
        if problems.is_empty() {
            if !obsolete.is_empty() {
                write_next()?;
            }
            self.manifest = next;
            self.discard();
            return Ok(deleted);
        }
        self.discard();
        Err(problems)
    }
}

/// Writes a file of the staging folder, which nobody else writes to.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)
        }
        result => result,
    }
}

fn remove_all(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
