//! Watching the files of a site: which of them may have changed, in batches.
//!
//! What is watched are folders, so that an editor which saves by renaming is seen like one that
//! writes in place. The system's events are hints and no more: whoever is told of a path looks at
//! the file and compares contents. Where the file system gives no events (network drives, shared
//! folders of virtual machines), which a probe finds out, the files are looked at by the clock.

mod batch;
mod poll;
mod probe;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use self::batch::Batch;
use self::poll::Poll;
use super::walk::is_ignored;

/// The folders of a site that are watched, whether they are there yet or not.
const FOLDERS: [&str; 8] =
    ["archive", "assets", "content", "data", "messages", "static", "templates", "themes"];

/// The files at the root of a site that are watched.
const FILES: [&str; 2] = [super::SITE_FILE, "kinds.toml"];

/// From how many changed files on all are looked at.
const MANY: usize = 1000;

/// Why there are no events where the system's limit is reached.
const TOO_MANY: &str = "the system watches too many files (fs.inotify.max_user_watches)";

/// What may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths of files and folders, relative to the root of the site.
    pub paths: BTreeSet<PathBuf>,
    /// Whether files may have come and gone that are not among these.
    pub structure: bool,
    /// Whether events were lost, so that anything may have changed.
    pub rescan: bool,
}

/// What a watch has to say.
#[derive(Debug)]
pub enum Step {
    /// These may have changed, and are quiet now.
    Changes(Changes),
    /// From now on the files are looked at by the clock, for this reason.
    Polling(String),
    /// It was told to stop.
    Stopped,
}

/// A hint on its way to a batch.
#[derive(Debug)]
enum Hint {
    /// Something happened to a path; `settled` where it is known to be done.
    Path {
        path: PathBuf,
        settled: bool,
    },
    /// Events were lost.
    Rescan,
    /// There are no events; why.
    Blind(String),
    Stop,
}

/// Tells a watch what it cannot see by itself.
#[derive(Clone, Debug)]
pub struct Nudge(Sender<Hint>);

impl Nudge {
    /// Has a path looked at, relative to the root of the site.
    pub fn look(&self, path: PathBuf) {
        // A watch that ended looks at nothing.
        let _ = self.0.send(Hint::Path { path, settled: true });
    }

    /// Ends the watch.
    pub fn stop(&self) {
        let _ = self.0.send(Hint::Stop);
    }
}

/// Watches a site.
pub struct Watch {
    root: PathBuf,
    hints: Receiver<Hint>,
    sender: Sender<Hint>,
    native: Option<RecommendedWatcher>,
    poll: Option<Poll>,
    /// The symbolic links inside the site.
    links: Arc<Mutex<Vec<Link>>>,
}

/// A symbolic link to something else in the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it is, relative to the root of the site.
    pub path: PathBuf,
    /// What it leads to, without any link in its path.
    pub target: PathBuf,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Watch({})", self.root.display())
    }
}

impl Watch {
    /// A watch of the site at `root`, which does not watch yet.
    #[must_use]
    pub fn new(root: &Path) -> (Self, Nudge) {
        let (sender, hints) = channel();
        // Events name files by whole paths.
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let nudge = Nudge(sender.clone());
        (Self { root, hints, sender, native: None, poll: None, links: Arc::default() }, nudge)
    }

    /// Begins to watch: by the system's events, or by the clock where `poll`. Gives what may have changed since
    /// `time`, when somebody began to read the files: to watch a large site while it is read would take half as
    /// long again, since the system tells of every file that is opened.
    pub fn start(&mut self, poll: bool, time: SystemTime) -> Changes {
        if poll {
            self.poll = Some(Poll::start(&self.root, &self.sender));
        } else if let Err(error) = self.listen() {
            self.native = None;
            let _ = self.sender.send(Hint::Blind(error.to_string()));
        }
        let paths = poll::changed_since(&self.root, time);
        let rescan = paths.len() > MANY;
        let paths = if rescan { BTreeSet::new() } else { paths };
        Changes { paths, structure: true, rescan }
    }

    /// Listens to the system's events.
    fn listen(&mut self) -> notify::Result<()> {
        let (root, sender) = (self.root.clone(), self.sender.clone());
        let seen = Arc::new(AtomicBool::new(false));
        let probe = Arc::clone(&seen);
        let links = Arc::clone(&self.links);
        let handle = move |event| hint(&root, &links, event, &probe, &sender);
        // Symbolic links can lead out of the site; those that do not are followed by `follow_links`.
        let config = notify::Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(handle, config)?;
        watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS.map(|folder| self.root.join(folder)).iter().filter(|f| f.is_dir()) {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
        self.native = Some(watcher);
        probe::start(&self.root, seen, self.sender.clone());
        Ok(())
    }

    /// Also watches what symbolic links of the site lead to: a change there is told as one of the link.
    pub fn follow_links(&mut self, links: &[Link]) {
        let mut known = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_slice() == links {
            return;
        }
        for link in links.iter().filter(|link| !known.contains(link)) {
            let Some(watcher) = &mut self.native else { continue };
            let (folder, mode) = match link.target.parent() {
                Some(parent) if !link.target.is_dir() => (parent, RecursiveMode::NonRecursive),
                _ => (&*link.target, RecursiveMode::Recursive),
            };
            // A folder that is watched as part of the site tells of it anyway.
            let inside = folder.strip_prefix(&self.root).is_ok_and(concerns);
            if !inside && watcher.watch(folder, mode).is_err() {
                let _ = self.sender.send(Hint::Rescan);
            }
        }
        *known = links.to_vec();
    }

    /// Waits for the next thing to say.
    pub fn wait(&mut self) -> Step {
        let Ok(first) = self.hints.recv() else { return Step::Stopped };
        let mut batch = Batch::new(Instant::now());
        let mut next = Some(first);
        loop {
            match next.take() {
                Some(Hint::Stop) => return Step::Stopped,
                Some(Hint::Blind(why)) => return self.look_by_the_clock(why),
                Some(Hint::Rescan) => batch.rescan(Instant::now()),
                Some(Hint::Path { path, settled }) => {
                    self.follow(&path);
                    batch.add(path, settled, Instant::now());
                }
                None => {}
            }
            let wait = batch.due().saturating_duration_since(Instant::now());
            match self.hints.recv_timeout(wait) {
                Ok(hint) => next = Some(hint),
                Err(RecvTimeoutError::Timeout) => return Step::Changes(batch.into_changes()),
                Err(RecvTimeoutError::Disconnected) => return Step::Stopped,
            }
        }
    }

    /// Also listens to a folder that was not there before.
    fn follow(&mut self, path: &Path) {
        let Some(watcher) = &mut self.native else { return };
        let folder = path.to_str().is_some_and(|name| FOLDERS.contains(&name));
        let whole = self.root.join(path);
        if folder
            && whole.is_dir()
            && let Err(error) = watcher.watch(&whole, RecursiveMode::Recursive)
            // One that may not be read now tells when it may.
            && matches!(error.kind, notify::ErrorKind::MaxFilesWatch)
        {
            let _ = self.sender.send(Hint::Blind(TOO_MANY.to_owned()));
        }
    }

    fn look_by_the_clock(&mut self, why: String) -> Step {
        self.native = None;
        if self.poll.is_none() {
            self.poll = Some(Poll::start(&self.root, &self.sender));
        }
        // What changed until now was not seen, or is in the batch that ends here.
        let _ = self.sender.send(Hint::Rescan);
        Step::Polling(why)
    }
}

/// Whether a path, relative to the root, is part of a site: not hidden, no editor's backup, and in one
/// of its folders.
fn concerns(path: &Path) -> bool {
    let mut names = path.iter().map(|name| name.to_string_lossy());
    let Some(first) = names.next() else { return false };
    if path.components().count() == 1 && FILES.contains(&&*first) {
        return true;
    }
    FOLDERS.contains(&&*first) && !names.any(|name| is_ignored(&name))
}

/// Hands an event of the system on as hints.
fn hint(
    root: &Path,
    links: &Mutex<Vec<Link>>,
    event: notify::Result<notify::Event>,
    probe: &AtomicBool,
    to: &Sender<Hint>,
) {
    let event = match event {
        Ok(event) => event,
        Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => {
            let _ = to.send(Hint::Blind(TOO_MANY.to_owned()));
            return;
        }
        Err(_) => {
            let _ = to.send(Hint::Rescan);
            return;
        }
    };
    if event.need_rescan() {
        let _ = to.send(Hint::Rescan);
    }
    let settled = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => true,
        // Reading a file changes nothing.
        EventKind::Access(_) => return,
        // Its two halves are told as well.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return,
        _ => false,
    };
    for whole in event.paths {
        for link in links.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Ok(below) = whole.strip_prefix(&link.target) {
                let path = link.path.join(below);
                let _ = to.send(Hint::Path { path, settled });
            }
        }
        let Ok(path) = whole.strip_prefix(root) else { continue };
        if path.as_os_str().is_empty() && is_removal(event.kind) {
            // What takes its place has no watch.
            let _ = to.send(Hint::Blind("the folder of the site was taken away".to_owned()));
        } else if probe::is_probe(path) {
            probe.store(true, Ordering::Relaxed);
        } else if concerns(path) {
            let _ = to.send(Hint::Path { path: path.to_path_buf(), settled });
        }
    }
}

fn is_removal(kind: EventKind) -> bool {
    matches!(kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_part_of_a_site_is_passed_over() {
        for path in ["site.toml", "content", "content/a.md", "themes/x/templates/page.html"] {
            assert!(concerns(Path::new(path)), "{path}");
        }
        for path in ["", "public/index.html", "a.md", "content/.a.md.swp", "content/a.md~", ".git"]
        {
            assert!(!concerns(Path::new(path)), "{path}");
        }
    }
}
