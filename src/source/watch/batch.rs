//! Hints gathered into batches: a save makes one update at once, a checkout of a thousand files one
//! update when it is done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Changes;

/// How long it must be quiet after a file that is known to be written whole.
const SETTLED: Duration = Duration::from_millis(4);
/// How long it must be quiet after a file that may be being written, or was taken away and may come
/// back: many editors save so.
const UNSETTLED: Duration = Duration::from_millis(40);
/// From how many paths on a batch is taken for the work of a program rather than a save.
const MANY: usize = 3;
/// The longest that anything waits for quiet.
const MOST: Duration = Duration::from_millis(300);

/// Hints on their way to becoming [`Changes`].
#[derive(Debug)]
pub(super) struct Batch {
    changes: Changes,
    unsettled: BTreeSet<PathBuf>,
    since: Instant,
    last: Instant,
}

impl Batch {
    pub(super) fn new(now: Instant) -> Self {
        Self { changes: Changes::default(), unsettled: BTreeSet::new(), since: now, last: now }
    }

    /// Adds a path; `settled` where nothing more is expected of it.
    pub(super) fn add(&mut self, path: PathBuf, settled: bool, now: Instant) {
        self.last = now;
        if settled {
            self.unsettled.remove(&path);
        } else {
            self.unsettled.insert(path.clone());
        }
        self.changes.paths.insert(path);
    }

    /// Notes that hints were lost.
    pub(super) fn rescan(&mut self, now: Instant) {
        self.last = now;
        self.changes.rescan = true;
    }

    /// When it is ripe.
    pub(super) fn due(&self) -> Instant {
        let many = self.changes.rescan || self.changes.paths.len() >= MANY;
        let quiet = if many || !self.unsettled.is_empty() { UNSETTLED } else { SETTLED };
        (self.last + quiet).min(self.since + MOST)
    }

    pub(super) fn into_changes(self) -> Changes {
        self.changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_is_ripe_at_once_and_a_checkout_when_it_is_quiet() {
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        let mut batch = Batch::new(start);
        batch.add("a".into(), false, start);
        assert_eq!(batch.due(), after(40));
        batch.add("a".into(), true, after(1));
        assert_eq!(batch.due(), after(5));
        batch.add("b".into(), true, after(2));
        batch.add("c".into(), true, after(3));
        assert_eq!(batch.due(), after(43));
        for n in 0..100 {
            batch.add(format!("{n}").into(), true, after(n * 10));
        }
        assert_eq!(batch.due(), after(300));
        assert_eq!(batch.into_changes().paths.len(), 103);
    }

    #[test]
    fn a_file_that_is_taken_away_may_come_back() {
        let start = Instant::now();
        let mut batch = Batch::new(start);
        batch.add("a".into(), true, start);
        batch.add("a".into(), false, start);
        assert_eq!(batch.due(), start + UNSETTLED);
    }
}
