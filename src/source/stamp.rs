//! What the file system says of a file, by which a save is told without reading it.

use std::fs::Metadata;
use std::time::SystemTime;

/// Time, size, and where the system has them the time of a file's state and its number. A save changes at
/// least one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When its contents were written last, as programs can set it.
    pub modified: Option<SystemTime>,
    /// Its size in bytes.
    size: u64,
    /// When anything of it changed last, in nanoseconds since 1970; no program can set it. 0 where the system
    /// has no such time.
    pub changed: i64,
    number: u64,
}

impl Stamp {
    /// The stamp of a file that the system knows this of.
    #[must_use]
    pub fn of(meta: &Metadata) -> Self {
        let (changed, number) = state(meta);
        Self { modified: meta.modified().ok(), size: meta.len(), changed, number }
    }
}

#[cfg(unix)]
fn state(meta: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    let changed = meta.ctime().wrapping_mul(1_000_000_000).wrapping_add(meta.ctime_nsec());
    (changed, meta.ino())
}

#[cfg(not(unix))]
fn state(_: &Metadata) -> (i64, u64) {
    (0, 0)
}
