//! The files that lie in the program's own folder for a server of one's own, and are not part of the site.

use std::fs;
use std::io;
use std::path::Path;

use super::{HOST_FOLDER, OWN_FOLDER, trouble};
use crate::diagnostic::Diagnostic;
use crate::hosting::HostFile;

/// Puts the files in place, each whole or not at all, and deletes what an earlier build left there.
pub(super) fn put(out: &Path, files: &[HostFile]) -> Vec<Diagnostic> {
    let folder = out.join(OWN_FOLDER).join(HOST_FOLDER);
    let mut problems = Vec::new();
    for file in files {
        let path = folder.join(&file.path);
        if fs::read(&path).is_ok_and(|there| there == file.bytes) {
            continue;
        }
        let new = folder.join(format!("{}.new", file.path));
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&new, &file.bytes))
            .and_then(|()| fs::rename(&new, &path));
        problems.extend(written.err().map(|error| trouble(&path, "written", &error)));
    }
    for entry in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok) {
        let wanted = files.iter().any(|file| entry.file_name() == *file.path);
        let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
        if !wanted && is_file {
            let path = entry.path();
            problems.extend(
                fs::remove_file(&path).err().map(|error| trouble(&path, "deleted", &error)),
            );
        }
    }
    if files.is_empty() {
        match fs::remove_dir(&folder) {
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
                ) =>
            {
                problems.push(trouble(&folder, "deleted", &error));
            }
            _ => {}
        }
    }
    problems
}
