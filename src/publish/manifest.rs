//! The manifest: which files of the output folder are ours, with the digests of their bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::trouble;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Digest;

/// The first line: what the file is, and the version of its form.
const HEADER: &str = "dhikra manifest 1";

/// The files that are ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Digests by path.
    pub(super) files: BTreeMap<String, Digest>,
}

impl Manifest {
    /// Reads the manifest of a folder; an empty one where there is none.
    pub(super) fn read(own: &Path) -> Result<Self, Diagnostic> {
        let path = own.join("manifest");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(trouble(&path, "read", &error)),
        };
        Self::parse(&text).ok_or_else(|| {
            let message = format!("{} is damaged", path.display());
            Diagnostic::error(codes::OUTPUT, message).hint(
                "delete this one file and build again: what is there is then taken for foreign",
            )
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != HEADER {
            return None;
        }
        let mut files = BTreeMap::new();
        for line in lines {
            let (digest, path) = line.split_once(' ')?;
            if !is_inside(path) {
                return None;
            }
            files.insert(path.to_owned(), u128::from_str_radix(digest, 16).ok()?.to_be_bytes());
        }
        Some(Self { files })
    }

    /// Writes the manifest, whole or not at all. `also` are files of the earlier manifest that are
    /// still to be deleted.
    pub(super) fn write(
        &self,
        own: &Path,
        earlier: &Self,
        also: &[&String],
    ) -> Result<(), Diagnostic> {
        let mut text = String::with_capacity((self.files.len() + also.len()) * 96);
        let also = also.iter().filter_map(|path| earlier.files.get_key_value(*path));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{HEADER}");
        for (path, digest) in self.files.iter().chain(also) {
            let _ = writeln!(text, "{:032x} {path}", u128::from_be_bytes(*digest));
        }
        let (path, temporary) = (own.join("manifest"), own.join("manifest.new"));
        fs::write(&temporary, text)
            .and_then(|()| fs::rename(&temporary, &path))
            .map_err(|e| trouble(&path, "written", &e))
    }
}

/// Whether a path stays in the folder: the manifest decides what is deleted, and a file can be
/// edited by anybody.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains('\\')
        && !path.split('/').any(|part| matches!(part, "" | "." | ".."))
        && !path.starts_with(super::OWN_FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_and_a_forged_one_does_not() {
        let good = format!("{HEADER}\n{:032x} a/ميناء/index.html\n", 7);
        assert!(Manifest::parse(&good).is_some_and(|m| m.files.len() == 1));
        for bad in ["../x", "/etc/passwd", "a//b", "a/../../b", ""] {
            assert!(Manifest::parse(&format!("{HEADER}\n{:032x} {bad}\n", 7)).is_none(), "{bad}");
        }
    }
}
