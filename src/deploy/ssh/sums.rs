//! SHA-256 hashes of files: a server cannot make the BLAKE3 hashes that a release is written down with.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::deploy::build::Build;
use crate::deploy::manifest::File;
use crate::deploy::{Failure, is_inside};

/// Hashes by the paths of files.
pub(super) type Sums = BTreeMap<String, String>;

/// Where the hashes of a release are written down, as `sha256sum` would: `sha256sum -c` in the folder of the
/// release reads them.
pub(super) fn file(id: &str) -> String {
    format!(".dhikra/releases/{id}.sha256")
}

/// The hashes of the files of a build, which still have the bytes that they had when it was read.
///
/// # Errors
/// Where one was changed meanwhile.
pub(super) fn of_build(build: &Build, files: &BTreeMap<String, File>) -> Result<Sums, Failure> {
    let sum = |(path, file): (&String, &File)| {
        let bytes = build.bytes(path, file)?;
        let digest = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok((path.clone(), digest))
    };
    files.par_iter().map(sum).collect()
}

/// The text of hashes.
pub(super) fn write(sums: &Sums) -> String {
    let plain = sums.iter().filter(|(path, _)| is_inside(path));
    plain.fold(String::new(), |text, (path, sum)| text + sum + "  ./" + path + "\n")
}

/// The hashes in such a text.
pub(super) fn read(text: &[u8]) -> Sums {
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let sum = |line: &str| {
        let (sum, path) = line.split_once(' ')?;
        let path = path.strip_prefix([' ', '*']).unwrap_or(path).strip_prefix("./")?;
        let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_sum.then(|| (path.to_owned(), sum.to_ascii_lowercase()))
    };
    lines.filter_map(sum).collect()
}

/// What is in a folder of a server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no such folder.
    #[default]
    Gone,
    /// Its files with their hashes.
    Sums(Sums),
    /// Its files with their sizes, where the server can make no hashes or there are none to compare with.
    Sizes(BTreeMap<String, u64>),
}

impl Found {
    /// What a script wrote, after it said what.
    pub(super) fn read(what: &str, list: &[u8]) -> Self {
        match what {
            "sums" => Self::Sums(read(list)),
            "sizes" => Self::Sizes(sizes(list)),
            _ => Self::Gone,
        }
    }

    /// Whether something is at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        match self {
            Self::Gone => false,
            Self::Sums(sums) => sums.contains_key(path),
            Self::Sizes(sizes) => sizes.contains_key(path),
        }
    }

    /// Whether a file is there as it is written down.
    pub(super) fn is_right(&self, path: &str, file: &File, sums: &Sums) -> bool {
        match self {
            Self::Gone => false,
            Self::Sums(found) => found.get(path).is_some_and(|found| sums.get(path) == Some(found)),
            Self::Sizes(sizes) => sizes.get(path) == Some(&file.size),
        }
    }
}

/// The sizes in what `wc -c` writes.
fn sizes(text: &[u8]) -> BTreeMap<String, u64> {
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let size = |line: &str| {
        let (size, path) = line.trim_start().split_once(' ')?;
        // Sums of several have no such path.
        Some((path.strip_prefix("./")?.to_owned(), size.parse().ok()?))
    };
    lines.filter_map(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_as_they_are_written() {
        let sums = Sums::from([
            ("#h.txt".to_owned(), "a".repeat(64)),
            ("ميناء/a  b*.html".to_owned(), "0".repeat(64)),
        ]);
        assert_eq!(read(write(&sums).as_bytes()), sums);
        let binary = format!("{} *./x\nnothing\n\\{}  ./a\\nb\n", "B".repeat(64), "c".repeat(64));
        assert_eq!(read(binary.as_bytes()), Sums::from([("x".to_owned(), "b".repeat(64))]));
    }

    #[test]
    fn sizes_are_compared_where_there_are_no_hashes() {
        let found = Found::read("sizes", b"   12 ./a b.html\n3 ./total\n 15 total\n");
        let file = |size| File {
            hash: "0".repeat(64),
            size,
            headers: crate::deploy::Headers::of("a b.html", false),
            version: None,
        };
        assert!(found.is_right("a b.html", &file(12), &Sums::new()));
        assert!(!found.is_right("a b.html", &file(13), &Sums::new()));
        assert!(found.has("total") && !found.has("15 total"));
        assert!(!Found::Gone.is_right("a b.html", &file(12), &Sums::new()));
    }
}
