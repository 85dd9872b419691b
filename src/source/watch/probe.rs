//! Whether the file system tells of changes: found out by making one.

// The one file that previewing a site makes in it, for a moment.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::Hint;

/// What the probe's name begins with; hidden, so that nobody takes it for part of the site.
const NAME: &str = ".dhikra-probe-";
/// How long an event may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a path, relative to the root, is a probe.
pub(super) fn is_probe(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(NAME))
}

/// Makes a file at the root of the site, takes it away, and says so where no event came. `seen` is set
/// by the event. Where no file can be made, nothing can be found out.
pub(super) fn start(root: &Path, seen: Arc<AtomicBool>, to: Sender<Hint>) {
    let path = root.join(format!("{NAME}{}", std::process::id()));
    std::thread::spawn(move || {
        if std::fs::File::create_new(&path).is_err() {
            return;
        }
        let _ = std::fs::remove_file(&path);
        let start = Instant::now();
        while !seen.load(Ordering::Relaxed) {
            if start.elapsed() > PATIENCE {
                let why = "the file system does not tell of changes";
                let _ = to.send(Hint::Blind(why.to_owned()));
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn probe(seen: bool) -> Option<Hint> {
        let folder = tempfile::tempdir().expect("a folder");
        let (sender, hints) = channel();
        start(folder.path(), Arc::new(AtomicBool::new(seen)), sender);
        let hint = hints.recv_timeout(PATIENCE * 3).ok();
        let left = std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(left, 0, "the probe is taken away");
        hint
    }

    #[test]
    fn a_file_system_that_tells_of_nothing_is_found_out() {
        assert!(matches!(probe(false), Some(Hint::Blind(_))));
        assert!(probe(true).is_none());
    }
}
