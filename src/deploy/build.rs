//! What a build left in its folder: the files that are to be deployed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::File;
use super::{Failure, Headers, OWN_PREFIX};
use crate::diagnostic::{Diagnostic, codes};
use crate::publish;
use crate::render::{Output, What};

/// The endings of files that hold another one, packed.
const PACKED: [&str; 3] = [".gz", ".br", ".zst"];

/// Names of files and folders that hold secrets.
const SECRET_NAMES: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    ".git-credentials",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ecdsa_sk",
    "id_ed25519",
    "id_ed25519_sk",
];

/// Endings of files that hold secrets.
const SECRET_ENDINGS: &[&str] = &["env", "ppk", "p12", "pfx", "jks", "kdbx", "keystore"];

/// The files of a build.
#[derive(Clone, Debug)]
pub struct Build {
    /// The folder that they are in.
    pub folder: PathBuf,
    /// The files by their paths.
    pub files: BTreeMap<String, File>,
    /// Those of them that hold another file of the site, packed.
    packed: BTreeSet<String>,
}

impl Build {
    /// Reads the files of these paths, which a build of these outputs wrote.
    ///
    /// # Errors
    /// Everything that may not be deployed or cannot be read.
    pub fn read(
        folder: &Path,
        paths: &[String],
        outputs: &[Output],
    ) -> Result<Self, Vec<Diagnostic>> {
        let hashed: BTreeSet<&str> = outputs
            .iter()
            .filter(|output| matches!(output.what, What::Asset(_) | What::Derived(_)))
            .map(|output| &*output.path)
            .collect();
        let planned: BTreeSet<&str> = outputs.iter().map(|output| &*output.path).collect();
        // What is published as it is. A page may show what a key looks like.
        let as_they_are: BTreeSet<&str> = outputs
            .iter()
            .filter(|output| matches!(output.what, What::File(_)))
            .map(|output| &*output.path)
            .collect();
        let read = |path: &String| {
            let base = packed_of(path).filter(|base| planned.contains(base));
            let is_packed = base.is_some() && !planned.contains(path.as_str());
            let fingerprinted = hashed.contains(base.unwrap_or(path));
            let bytes = publish::read(folder, path)?;
            let looked_at =
                if as_they_are.contains(path.as_str()) { bytes.as_slice() } else { b"" };
            if let Some(why) = secret(path, looked_at) {
                return Err(why);
            }
            let file = File {
                hash: hash(&bytes),
                size: bytes.len() as u64,
                headers: Headers::of(path, fingerprinted),
                version: None,
            };
            Ok((path.clone(), file, is_packed))
        };
        let all: Vec<Result<(String, File, bool), Diagnostic>> =
            paths.par_iter().map(read).collect();
        let mut build =
            Self { folder: folder.to_owned(), files: BTreeMap::new(), packed: BTreeSet::new() };
        let mut problems = Vec::new();
        for result in all {
            match result {
                Ok((path, file, is_packed)) => {
                    if is_packed {
                        build.packed.insert(path.clone());
                    }
                    build.files.insert(path, file);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(build) } else { Err(problems) }
    }

    /// A build of these files, for tests.
    #[cfg(test)]
    pub(super) fn of(folder: &Path, files: BTreeMap<String, File>) -> Self {
        Self { folder: folder.to_owned(), files, packed: BTreeSet::new() }
    }

    /// Adds the files that a server of one's own is configured by, for hosts that hold whole releases.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn add_server_files(&mut self) -> Result<(), Diagnostic> {
        for path in publish::for_servers(&self.folder)? {
            let bytes = publish::read(&self.folder, &path)?;
            let file = File {
                hash: hash(&bytes),
                size: bytes.len() as u64,
                headers: Headers::own(),
                version: None,
            };
            self.files.insert(path, file);
        }
        Ok(())
    }

    /// Leaves out the files that hold another one packed, for hosts that would not serve them as that.
    pub fn leave_packed_out(&mut self) {
        for path in std::mem::take(&mut self.packed) {
            self.files.remove(&path);
        }
    }

    /// The bytes of a file, as they were when the build was read.
    pub(super) fn bytes(&self, path: &str, file: &File) -> Result<Vec<u8>, Failure> {
        let bytes =
            publish::read(&self.folder, path).map_err(|problem| Failure::new(problem.message))?;
        if hash(&bytes) == file.hash {
            return Ok(bytes);
        }
        let what = format!("`{path}` was changed while it was being deployed");
        Err(Failure::new(what).hint("deploy again"))
    }
}

/// The hash of a file's bytes.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The path of the file that one of this path may hold, packed.
pub(super) fn packed_of(path: &str) -> Option<&str> {
    PACKED.iter().find_map(|ending| path.strip_suffix(ending))
}

/// Why a file may not be deployed to where all can read it.
fn secret(path: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let message = if is_secret_name(path) {
        format!("`{path}` looks like a secret by its name, and would be published")
    } else if has_key(bytes) {
        format!("`{path}` holds a private key, and would be published")
    } else if path.starts_with(OWN_PREFIX) {
        format!("`{path}` is where the program keeps what is its own")
    } else {
        return None;
    };
    Some(Diagnostic::error(codes::SECRET, message).hint("take the file out of the site's folders"))
}

fn is_secret_name(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let is_secret =
        |part: &str| SECRET_NAMES.contains(&part) || part == ".env" || part.starts_with(".env.");
    let file = path.rsplit('/').next().unwrap_or_default();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    path.split('/').any(is_secret) || file == "credentials" || SECRET_ENDINGS.contains(&ending)
}

/// Whether bytes hold a private key in a form of text: of PEM (RFC 7468), OpenPGP (RFC 9580) or PuTTY.
fn has_key(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    if bytes.starts_with(b"PuTTY-User-Key-File-") {
        return true;
    }
    memchr::memmem::find_iter(bytes, b"-----BEGIN ").any(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let rest = bytes.get(at..).unwrap_or_default();
        let line = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        before.is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
            && memchr::memmem::find(line, b"PRIVATE KEY").is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_name_and_by_what_they_are() {
        for path in [
            ".env",
            "a/.env.local",
            "a/prod.env",
            ".git/config",
            "x/.SSH/known_hosts",
            "keys/id_rsa",
            "id_ed25519_sk",
            "aws/credentials",
            "web.PPK",
        ] {
            assert!(secret(path, b"").is_some(), "{path}");
        }
        for key in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\n",
            "\u{FEFF}-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\r\n",
            "Bag Attributes\n    friendlyName: x\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
            "PuTTY-User-Key-File-3: ssh-ed25519\n",
            &format!(
                "{}\n-----BEGIN RSA PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\n".repeat(500)
            ),
        ] {
            assert!(secret("a.txt", key.as_bytes()).is_some(), "{key}");
        }
        for path in [
            "credentials/index.html",
            "environment/index.html",
            "a.key",
            ".well-known/x",
            "id_rsa.html",
        ] {
            assert!(secret(path, b"<p>-----BEGIN RSA PRIVATE KEY-----</p>").is_none(), "{path}");
        }
    }

    #[test]
    fn packed_files_are_known_by_their_ending() {
        assert_eq!(packed_of("a/index.html.br"), Some("a/index.html"));
        assert_eq!(packed_of("a/index.html"), None);
    }
}
