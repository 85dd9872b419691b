//! One run at a time works from a folder on a target: two builds in one place would mix, and whoever knows that no
//! other run from here lives knows a lock of one for what it is.

// A door to the disk: what is written is a name, below the site's `.dhikra/`.
#![allow(clippy::disallowed_methods)]

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::Path;

use super::Failure;

/// A hold on the work from a folder on a target, which ends with the process.
#[derive(Debug)]
pub struct Local {
    /// Kept open, and locked where the file system can do that.
    _file: Option<File>,
    /// The name that every run from here to this target has, and no run from elsewhere.
    pub place: String,
}

impl Local {
    /// Takes hold, by a lock on a file. `fresh` is a name that nobody has.
    ///
    /// # Errors
    /// Where another run has hold of it.
    pub fn take(path: &Path, fresh: &str) -> Result<Self, Failure> {
        let alone = Self { _file: None, place: fresh.to_owned() };
        if let Some(folder) = path.parent() {
            // Whoever cannot write there will be told so by the build.
            let _ = std::fs::create_dir_all(folder);
        }
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let Ok(mut file) = opened else { return Ok(alone) };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(
                    "another run for this target is under way from this folder",
                )
                .hint("wait until it has ended"));
            }
            // Some network drives know no locks.
            Err(TryLockError::Error(_)) => return Ok(alone),
        }
        let mut name = String::new();
        let read = file.read_to_string(&mut name);
        if read.is_err() || name.trim().is_empty() {
            name = fresh.to_owned();
            if file.set_len(0).and_then(|()| file.write_all(name.as_bytes())).is_err() {
                return Ok(Self { _file: Some(file), place: fresh.to_owned() });
            }
        }
        let place = format!("{}-{}", name.trim(), here(&file));
        Ok(Self { _file: Some(file), place })
    }
}

/// What a copy of the folder elsewhere does not have: one from a cache, on another machine.
fn here(file: &File) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    #[cfg(unix)]
    let number = {
        use std::os::unix::fs::MetadataExt;
        file.metadata().map_or((0, 0), |meta| (meta.dev(), meta.ino()))
    };
    #[cfg(not(unix))]
    let number = file.metadata().ok().and_then(|meta| meta.created().ok());
    let hash = blake3::hash(format!("{host}{number:?}").as_bytes()).to_hex();
    hash.get(..16).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_and_all_have_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/web.lock");
        let first = Local::take(&path, "one").unwrap();
        assert!(Local::take(&path, "two").unwrap_err().what.contains("under way"));
        let place = first.place.clone();
        drop(first);
        assert_eq!(Local::take(&path, "three").unwrap().place, place);
        let copy = folder.path().join("b/web.lock");
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::copy(&path, &copy).unwrap();
        assert_ne!(Local::take(&copy, "four").unwrap().place, place, "a copy is another place");
    }
}
