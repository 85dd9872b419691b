//! Finding files: what is hidden or a backup is passed over, symbolic links are followed inside
//! the site only.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::watch::Link;
use super::{Backing, SourceFile};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::text::nfc;

/// The parts of a site beside `site.toml` and its themes. What is in `archive` is never published.
pub(super) const SITE_PARTS: &[&str] = &["archive", "content", "data", "static"];

/// Adds the files below each of `parts` of the folder `root` to `files`, by their path relative to
/// it, with `prefix` before it.
pub(super) fn walk(
    root: &Path,
    prefix: &str,
    parts: &[&str],
    files: &mut BTreeMap<Arc<str>, SourceFile>,
    links: &mut Vec<Link>,
    problems: &Problems,
) {
    let found = RefCell::new(Vec::new());
    let inside = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    for part in parts {
        let start = root.join(part);
        if !start.exists() {
            continue;
        }
        let walker = WalkDir::new(&start).follow_links(true).sort_by_file_name();
        let visible = |entry: &DirEntry| {
            (entry.depth() == 0 || !is_ignored(&entry.file_name().to_string_lossy()))
                && stays_inside(entry, root, &inside, prefix, &found, problems)
        };
        for entry in walker.into_iter().filter_entry(visible) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    add(root, prefix, &entry, files, problems);
                }
                Ok(_) => {}
                Err(error) => problems.push(walk_problem(root, prefix, &error)),
            }
        }
    }
    links.append(&mut found.into_inner());
}

fn add(
    root: &Path,
    prefix: &str,
    entry: &DirEntry,
    files: &mut BTreeMap<Arc<str>, SourceFile>,
    problems: &Problems,
) {
    let Some(path) = relative(root, prefix, entry.path()) else {
        let name = entry.path().display();
        problems.push(
            Diagnostic::error(codes::BAD_ID, format!("the name of {name} is not Unicode"))
                .hint("rename the file"),
        );
        return;
    };
    // What hosts and browsers take for the border of a folder, or cannot be written in a line.
    if path.contains(|c: char| c == '\\' || c.is_control()) {
        let message = format!("the name of {path:?} holds a backslash or a control character");
        problems.push(Diagnostic::error(codes::BAD_ID, message).hint("rename the file"));
        return;
    }
    let path: Arc<str> = path.into();
    let file = SourceFile { path: Arc::clone(&path), backing: Backing::Disk(entry.path().into()) };
    if files.insert(Arc::clone(&path), file).is_some() {
        let message = "two files have this name, in different Unicode spellings (NFC and NFD)";
        problems.push(
            Diagnostic::error(codes::PATH_COLLISION, message)
                .at(Span::file(&path))
                .hint("delete or rename one of them"),
        );
    }
}

/// The path below `root` as the program names it: NFC, with `/`.
pub(super) fn relative(root: &Path, prefix: &str, path: &Path) -> Option<String> {
    let mut name = String::from(prefix);
    for (i, part) in path.strip_prefix(root).ok()?.components().enumerate() {
        if i > 0 {
            name.push('/');
        }
        name.push_str(&nfc(part.as_os_str().to_str()?));
    }
    Some(name)
}

/// Hidden files, editors' backups and lock files, and what operating systems leave behind.
pub(super) fn is_ignored(name: &str) -> bool {
    // What hosts look for by these names is published with the other static files.
    if matches!(name, ".well-known" | ".nojekyll" | ".htaccess" | ".domains") {
        return false;
    }
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
        || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// Whether an entry is no symbolic link, or one to a place inside the site.
fn stays_inside(
    entry: &DirEntry,
    root: &Path,
    inside: &Path,
    prefix: &str,
    links: &RefCell<Vec<Link>>,
    problems: &Problems,
) -> bool {
    if !entry.path_is_symlink() {
        return true;
    }
    let target = std::fs::canonicalize(entry.path());
    if let Ok(target) = &target
        && target.starts_with(inside)
    {
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let path = Path::new(prefix).join(below);
        links.borrow_mut().push(Link { path, target: target.clone() });
        return true;
    }
    let message = match target {
        Ok(_) => "a symbolic link that leads out of the site".to_owned(),
        Err(error) => format!("a symbolic link that leads nowhere: {error}"),
    };
    let path = relative(root, prefix, entry.path()).unwrap_or_default();
    problems.push(
        Diagnostic::error(codes::SYMLINK, message)
            .at(Span::file(&path.into()))
            .hint("put a copy of the file in its place"),
    );
    false
}

fn walk_problem(root: &Path, prefix: &str, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().and_then(|path| relative(root, prefix, path)).unwrap_or_default();
    let span = Span::file(&path.into());
    if error.loop_ancestor().is_some() {
        let message = "a symbolic link that leads back to a folder it is in";
        return Diagnostic::error(codes::SYMLINK, message).at(span).hint("remove the link");
    }
    let cause = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    let is_link = error.path().is_some_and(|p| p.symlink_metadata().is_ok_and(|m| m.is_symlink()));
    let (code, message) = if is_link {
        (codes::SYMLINK, format!("a symbolic link that leads nowhere: {cause}"))
    } else {
        (codes::UNREADABLE, format!("cannot be read: {cause}"))
    };
    let problem = Diagnostic::error(code, message).at(span);
    if is_link {
        problem.hint("remove the link, or put a copy of the file in its place")
    } else {
        problem
    }
}
