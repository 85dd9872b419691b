//! The check of external links, against servers of its own on this machine.

// Tests may read and write what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod cache;
mod hostile;
mod polite;
mod server;
mod verdicts;

use std::path::PathBuf;
use std::time::Duration;

use dhikra::check::external::{Checked, Options, Verdict, check};

/// 2026-01-10.
const NOW: u64 = 1_768_003_200;

/// Options without patience, with a cache in a folder of its own.
struct Setup {
    _dir: tempfile::TempDir,
    options: Options,
}

impl Setup {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            cache: dir.path().join(".dhikra/links.json"),
            now: NOW,
            archive: None,
            timeout: Duration::from_secs(20),
            workers: 8,
            per_host_delay: Duration::ZERO,
            retries: 2,
            retry_wait: Duration::from_millis(1),
        };
        Self { _dir: dir, options }
    }

    fn cache(&self) -> &PathBuf {
        &self.options.cache
    }

    fn check(&self, urls: &[String]) -> Vec<Verdict> {
        let Checked { verdicts, unsaved } = check(urls, &self.options, &mut |_, _| {});
        assert_eq!(unsaved, None);
        assert_eq!(verdicts.len(), urls.len());
        verdicts
    }

    fn one(&self, url: String) -> Verdict {
        self.check(&[url]).pop().unwrap()
    }
}

/// What one URL comes to without a cache.
fn one(url: String) -> Verdict {
    Setup::new().one(url)
}

#[track_caller]
fn dead(verdict: &Verdict, part: &str) {
    assert!(matches!(verdict, Verdict::Dead { why, .. } if why.contains(part)), "{verdict:?}");
}

#[track_caller]
fn unsure(verdict: &Verdict, part: &str) {
    assert!(matches!(verdict, Verdict::Unsure(why) if why.contains(part)), "{verdict:?}");
}
