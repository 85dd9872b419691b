//! Looking at the files by the clock, where the system does not tell of changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant, SystemTime};

use walkdir::WalkDir;

use super::super::stamp::Stamp;
use super::super::walk::is_ignored;
use super::{FILES, FOLDERS, Hint};

/// The shortest time between two looks.
const INTERVAL: Duration = Duration::from_millis(300);
/// How much longer than a look the time between two is at least, so that a large site on a slow drive
/// leaves the processor in peace.
const SHARE: u32 = 10;

/// Looks at the files of a site until it is dropped.
#[derive(Debug)]
pub(super) struct Poll {
    stopped: Arc<AtomicBool>,
}

impl Poll {
    /// Begins with the files as they are now.
    pub(super) fn start(root: &Path, to: &Sender<Hint>) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let (root, to, stop) = (root.to_path_buf(), to.clone(), Arc::clone(&stopped));
        let before = look(&root);
        std::thread::spawn(move || run(&root, before, &to, &stop));
        Self { stopped }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

fn run(root: &Path, mut before: BTreeMap<PathBuf, Stamp>, to: &Sender<Hint>, stop: &AtomicBool) {
    let mut interval = INTERVAL;
    loop {
        std::thread::sleep(interval);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let start = Instant::now();
        let now = look(root);
        let changed = now.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp));
        let gone = before.keys().filter(|path| !now.contains_key(*path));
        let hints = changed.map(|(path, _)| (path, true)).chain(gone.map(|path| (path, false)));
        for (path, settled) in hints {
            if to.send(Hint::Path { path: path.clone(), settled }).is_err() {
                return;
            }
        }
        before = now;
        interval = INTERVAL.max(start.elapsed() * SHARE);
    }
}

/// How far the clock of a file system may be behind this machine's.
const SLACK: Duration = Duration::from_secs(3);

/// The files that changed since a time, or whose state did.
pub(super) fn changed_since(root: &Path, time: SystemTime) -> BTreeSet<PathBuf> {
    let time = time.checked_sub(SLACK).unwrap_or(SystemTime::UNIX_EPOCH);
    let nanos = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let is_newer = |stamp: &Stamp| {
        stamp.modified.is_none_or(|modified| modified >= time)
            || u128::try_from(stamp.changed).is_ok_and(|changed| changed >= nanos)
    };
    look(root).into_iter().filter(|(_, stamp)| is_newer(stamp)).map(|(path, _)| path).collect()
}

/// The files of a site by their paths relative to its root.
fn look(root: &Path) -> BTreeMap<PathBuf, Stamp> {
    let mut found = BTreeMap::new();
    for part in FOLDERS.iter().chain(&FILES) {
        let walker = WalkDir::new(root.join(part)).follow_links(true).into_iter();
        let visible = walker.filter_entry(|entry| {
            let leads_out = || {
                let target = std::fs::canonicalize(entry.path());
                !target.is_ok_and(|target| target.starts_with(root))
            };
            let hidden = entry.depth() > 0 && is_ignored(&entry.file_name().to_string_lossy());
            !(hidden || entry.path_is_symlink() && leads_out())
        });
        for entry in visible.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
            let (Ok(meta), Ok(path)) = (entry.metadata(), entry.path().strip_prefix(root)) else {
                continue;
            };
            found.insert(path.to_path_buf(), Stamp::of(&meta));
        }
    }
    found
}
