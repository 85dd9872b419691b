//! Moving staged files into place, and deleting what is no longer wanted.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::trouble;
use crate::diagnostic::{Diagnostic, codes};

/// Looks for what stands in the way of moving everything below `from` to `to`, before anything is
/// moved: symbolic links, and files that are not ours where folders belong, and the other way
/// round. `owned` knows our files by their paths, of which `path` is the part so far.
pub(super) fn check(
    from: &Path,
    to: &Path,
    path: &str,
    owned: &dyn Fn(&str) -> bool,
    problems: &mut Vec<Diagnostic>,
) {
    for entry in fs::read_dir(from).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let (source, target) = (entry.path(), to.join(&name));
        let path = format!("{path}{}", name.to_string_lossy());
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        let Ok(meta) = fs::symlink_metadata(&target) else { continue };
        if meta.is_symlink() && is_folder {
            let message = format!(
                "{} is a symbolic link; outputs are not written through it",
                target.display()
            );
            let problem = Diagnostic::error(codes::FOREIGN_FILE, message);
            problems.push(problem.hint("remove the link, or build into another folder with --out"));
        } else if meta.is_dir() && is_folder {
            check(&source, &target, &format!("{path}/"), owned, problems);
        } else if meta.is_dir() {
            if let Some(foreign) = foreign(&target, &format!("{path}/"), owned) {
                problems.push(in_the_way(&foreign));
            }
        } else if is_folder && !owned(&path) {
            problems.push(in_the_way(&target));
        }
    }
}

/// A file below a folder that is not ours, if there is one.
fn foreign(folder: &Path, path: &str, owned: &dyn Fn(&str) -> bool) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.find_map(|entry| {
        let path = format!("{path}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            return foreign(&entry.path(), &format!("{path}/"), owned);
        }
        (!owned(&path)).then(|| entry.path())
    })
}

/// What stands where an output belongs.
pub(super) fn in_the_way(file: &Path) -> Diagnostic {
    let message = format!("{} is not a file of ours, and an output belongs there", file.display());
    Diagnostic::error(codes::FOREIGN_FILE, message)
        .hint("move the file away, or build into another folder with --out")
}

/// Moves everything below `from` to `to`: a folder that is not there yet in one move, else what is
/// in it. Gives what has to wait until obsolete files are deleted: a file where a folder is, or
/// the other way round.
pub(super) fn merge(
    from: &Path,
    to: &Path,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(PathBuf, PathBuf)> {
    let mut later = Vec::new();
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return later,
        Err(error) => {
            problems.push(trouble(from, "read", &error));
            return later;
        }
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(|entry| order(&entry.file_name().to_string_lossy()));
    for entry in entries {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        match fs::symlink_metadata(&target) {
            Err(_) => rename(&source, &target, problems),
            Ok(meta) if meta.is_dir() && is_folder => {
                later.extend(merge(&source, &target, problems));
            }
            Ok(meta) if meta.is_dir() || is_folder => later.push((source, target)),
            Ok(_) => rename(&source, &target, problems),
        }
    }
    later
}

/// The place of a name among those of its folder: a packed copy goes before its file, so that no server shows an
/// old one beside a new file.
fn order(name: &str) -> (String, bool, String) {
    let stem = super::PACKED.iter().find_map(|end| name.strip_suffix(end)?.strip_suffix('.'));
    (stem.unwrap_or(name).to_owned(), stem.is_none(), name.to_owned())
}

/// Moves what had to wait, in the place of empty folders too.
pub(super) fn merge_one(from: &Path, to: &Path, problems: &mut Vec<Diagnostic>) {
    remove_empty(to);
    rename(from, to, problems);
}

/// Removes a folder with nothing but folders in it.
fn remove_empty(folder: &Path) {
    if fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir()) {
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            remove_empty(&entry.path());
        }
        // One that is not empty stays.
        let _ = fs::remove_dir(folder);
    }
}

fn rename(from: &Path, to: &Path, problems: &mut Vec<Diagnostic>) {
    if let Err(error) = fs::rename(from, to) {
        problems.push(trouble(to, "written", &error));
    }
}

/// Deletes files, and folders that this leaves empty. Gives how many files were deleted.
pub(super) fn delete(out: &Path, paths: &[&String], problems: &mut Vec<Diagnostic>) -> usize {
    let mut deleted = 0;
    let mut folders = BTreeSet::new();
    for path in paths {
        if leads_outside(out, path) {
            continue;
        }
        let file = out.join(path);
        match fs::remove_file(&file) {
            Ok(()) => deleted += 1,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) => {}
            // A folder that took the file's place is new, and not what is to be deleted.
            Err(_) if file.is_dir() => {}
            Err(error) => problems.push(trouble(&file, "deleted", &error)),
        }
        let mut folder = path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            folders.insert(parent.to_owned());
            folder = parent;
        }
    }
    // The deepest first; one that is not empty stays.
    for folder in folders.iter().rev() {
        if !leads_outside(out, &format!("{folder}/x")) {
            let _ = fs::remove_dir(out.join(folder));
        }
    }
    deleted
}

/// Whether a folder on the way to a file is a symbolic link.
fn leads_outside(out: &Path, path: &str) -> bool {
    path.match_indices('/').any(|(at, _)| {
        let folder = path.get(..at).unwrap_or_default();
        fs::symlink_metadata(out.join(folder)).is_ok_and(|meta| meta.is_symlink())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_copies_go_before_their_file() {
        let mut names = ["b", "a.html", "a.html.gz", "assets", "a.html.br", "gz", ".gz"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, [".gz", "a.html.br", "a.html.gz", "a.html", "assets", "b", "gz"]);
    }
}
