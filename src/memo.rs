//! Results of pure and dear transforms (an image's variant, a font's subset), kept on the disk by the
//! hash of their input, so that a second build need not make them again.
//!
//! What is kept is worth nothing but time: it may be deleted at any moment, and what is damaged or
//! cannot be read or written is made anew, without a word.

// A door of its own: what it holds is no source of the site and none of its outputs. See clippy.toml.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::source::{Digest, digest};

/// Where a site keeps them, below its root.
pub const FOLDER: &str = ".dhikra/cache";

/// What a result is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The kind of transform, which is the name of a folder: ASCII letters and `-`.
    pub kind: &'static str,
    /// The digest of all that the result depends on, the version of the transform among it.
    pub input: Digest,
}

impl Key {
    /// The key of a transform of some parts; where one ends and the next begins counts.
    #[must_use]
    pub fn of(kind: &'static str, parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut input = Digest::default();
        input.copy_from_slice(hasher.finalize().as_bytes().split_at(16).0);
        Self { kind, input }
    }

    /// The input's digest in hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        self.input.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What is kept of a site. Shared by every thread.
#[derive(Debug, Default)]
pub struct Memo {
    /// Where; nowhere for a memo that forgets.
    folder: Option<PathBuf>,
    used: Mutex<BTreeSet<Key>>,
    written: AtomicU64,
}

impl Memo {
    /// The memo of the site at `root`.
    #[must_use]
    pub fn of_site(root: &Path) -> Self {
        Self { folder: Some(root.join(FOLDER)), ..Self::default() }
    }

    /// What `make` gives for the input of this key, which is not called where it is known.
    ///
    /// # Errors
    /// Those of `make`; they are not kept.
    pub fn get<E>(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        if let Ok(mut used) = self.used.lock() {
            used.insert(key);
        }
        let Some(path) = self.path(key) else { return make() };
        if let Some(kept) = read(&path) {
            return Ok(kept);
        }
        let made = make()?;
        self.keep(&path, &made);
        Ok(made)
    }

    fn path(&self, key: Key) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(key.kind).join(key.hex()))
    }

    /// Writes a result beside its place and moves it there, so that no half of one is ever read.
    fn keep(&self, path: &Path, made: &[u8]) {
        let Some(folder) = path.parent() else { return };
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let new = path.with_extension(format!("{}-{number}", std::process::id()));
        let bytes = [&digest(made)[..], made].concat();
        let kept = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&new, bytes))
            .and_then(|()| fs::rename(&new, path));
        if kept.is_err() {
            let _ = fs::remove_file(&new);
        }
    }

    /// Deletes what was not asked for since this memo was made, where that is most of what is kept.
    pub fn tidy(&self) {
        let (Some(folder), Ok(used)) = (&self.folder, self.used.lock()) else { return };
        let names: BTreeSet<PathBuf> = used.iter().filter_map(|key| self.path(*key)).collect();
        let kept: Vec<PathBuf> = files(folder).iter().flat_map(|kind| files(kind)).collect();
        if kept.len() > 2 * names.len() + SPARE {
            for path in kept.iter().filter(|path| !names.contains(*path)) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// How many results that nothing asks for are always left: those of a few edits back and forth.
const SPARE: usize = 256;

/// A result, if it is there whole.
fn read(path: &Path) -> Option<Vec<u8>> {
    let bytes = fs::read(path).ok()?;
    let (sum, kept) = bytes.split_at_checked(size_of::<Digest>())?;
    (digest(kept) == sum).then(|| kept.to_vec())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memo() -> (tempfile::TempDir, Memo) {
        let folder = tempfile::tempdir().expect("a folder");
        let memo = Memo::of_site(folder.path());
        (folder, memo)
    }

    fn made(memo: &Memo, key: Key, text: &str) -> Vec<u8> {
        memo.get(key, || Ok::<_, ()>(text.into())).expect("it is made")
    }

    #[test]
    fn what_was_made_is_not_made_again() {
        let (_folder, memo) = memo();
        let key = Key::of("test", &[b"ab", b"c"]);
        assert_ne!(key, Key::of("test", &[b"a", b"bc"]), "where a part ends counts");
        assert_eq!(made(&memo, key, "first"), b"first");
        assert_eq!(made(&memo, key, "second"), b"first");
        assert_eq!(memo.get(Key::of("test", &[]), || Err("no")), Err("no"));
    }

    #[test]
    fn what_is_damaged_is_made_again() {
        let (_folder, memo) = memo();
        let key = Key::of("test", &[b"x"]);
        made(&memo, key, "first");
        let path = memo.path(key).expect("a path");
        for damage in [&b"short"[..], b"", b"sixteen bytes....and others"] {
            fs::write(&path, damage).expect("written");
            assert_eq!(made(&memo, key, "anew"), b"anew");
        }
    }

    #[test]
    fn what_nothing_asks_for_goes() {
        let (folder, memo) = memo();
        for n in 0..SPARE + 3 {
            made(&memo, Key::of("test", &[&n.to_le_bytes()]), "old");
        }
        memo.tidy();
        let count = || files(&folder.path().join(FOLDER).join("test")).len();
        assert_eq!(count(), SPARE + 3, "all were asked for");
        let memo = Memo::of_site(folder.path());
        made(&memo, Key::of("test", &[b"new"]), "new");
        memo.tidy();
        assert_eq!(count(), 1);
    }
}
