//! Where a site may be written to.

use std::path::{Path, PathBuf};

/// Folders of a site that are its sources.
const SOURCES: [&str; 9] =
    [".git", "archive", "assets", "content", "data", "messages", "static", "templates", "themes"];

/// Why the site at `root` may not be written to a folder: it would mix with its own files.
#[must_use]
pub fn clash(root: &Path, folder: &Path) -> Option<String> {
    let (root, folder) = (whole(root), whole(folder));
    if root.starts_with(&folder) {
        return Some(format!("{} holds the site itself", folder.display()));
    }
    let is_source = SOURCES.iter().any(|part| folder.starts_with(root.join(part)));
    is_source.then(|| format!("{} is part of the site's source", folder.display()))
}

/// A path without `.`, `..` and symbolic links, as far as it is there.
#[must_use]
pub fn whole(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut whole = PathBuf::new();
    for part in absolute.components() {
        match part {
            std::path::Component::ParentDir => {
                whole.pop();
            }
            part => {
                whole.push(part);
                whole = whole.canonicalize().unwrap_or(whole);
            }
        }
    }
    whole
}
