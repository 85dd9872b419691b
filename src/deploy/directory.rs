//! A folder of this machine, or one that is mounted: also what Netlify's and Cloudflare's own programs take a
//! site from. What the program keeps is in a folder beside it, so that nobody publishes that.

// A door to the disk, as `publish` is: what is written here is no output but a copy of one.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::build::hash;
use super::store::Read;
use super::{Condition, Entry, Failure, Headers, OWN_PREFIX, Put, Store, is_inside};
use crate::publish;
use crate::source::SITE_FILE;

/// Where files are that are not whole yet, in the folder of what the program keeps.
const PARTS: &str = "parts";

/// A folder.
#[derive(Clone, Debug)]
pub struct Directory {
    served: PathBuf,
    own: PathBuf,
}

impl Directory {
    /// The folder of a path as seen from the site at `root`, which is built into `built` there.
    ///
    /// # Errors
    /// Where it is part of the site, or holds one.
    pub fn of(root: &Path, path: &str, built: &str) -> Result<Self, Failure> {
        let served = publish::whole(&root.join(path));
        let holds_one = || {
            let holds = served.join(SITE_FILE).exists();
            holds.then(|| format!("{} holds the sources of a site", served.display()))
        };
        let own = [publish::OWN_FOLDER, built].map(|folder| publish::whole(&root.join(folder)));
        let is_own = || {
            let is_own = own.iter().any(|folder| served.starts_with(folder));
            is_own.then(|| format!("{} is where the site is built", served.display()))
        };
        let clash = publish::clash(root, &served).or_else(holds_one).or_else(is_own);
        match clash {
            None => Ok(Self::new(served)),
            Some(clash) => Err(Failure::new(format!("{clash}, and nothing is deployed there"))
                .hint("choose another `path`, such as ../NAME")),
        }
    }

    /// The folder of a path, with what the program keeps beside it.
    #[must_use]
    pub fn new(served: PathBuf) -> Self {
        let name = served.file_name().unwrap_or(OsStr::new("site")).to_string_lossy().into_owned();
        let own = served.with_file_name(format!(".{name}.dhikra"));
        Self { served, own }
    }

    /// Where a key is; none where it would be somewhere else.
    fn path(&self, key: &str) -> Result<PathBuf, Failure> {
        if !is_inside(key) {
            return Err(Failure::new(format!("«{key}» is no path of a site")));
        }
        let (root, rest) = match key.strip_prefix(OWN_PREFIX) {
            Some(rest) => (&self.own, rest),
            None => (&self.served, key),
        };
        let mut path = root.clone();
        let mut parts = rest.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            let is_link = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
            if is_link && parts.peek().is_some() {
                let what = format!("{} is a symbolic link, and is not followed", path.display());
                return Err(Failure::new(what).hint("put a folder in its place"));
            }
        }
        Ok(path)
    }

    /// Writes a file whole: elsewhere, then moved into its place.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let failed = |error: io::Error| trouble(path, "written", &error);
        let parts = self.own.join(PARTS);
        for folder in path.parent().into_iter().chain([&*parts]) {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let part = parts.join(hash(path.as_os_str().as_encoded_bytes()));
        let written = fs::write(&part, bytes).and_then(|()| move_to(&part, path));
        written.inspect_err(|_| _ = fs::remove_file(&part)).map_err(failed)
    }

    fn walk(root: &Path, prefix: &str) -> Result<BTreeMap<String, Entry>, Failure> {
        if !root.exists() {
            return Ok(BTreeMap::new());
        }
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(root).min_depth(1) {
            let entry = entry.map_err(|error| Failure::new(error.to_string()))?;
            if entry.file_type().is_dir() {
                continue;
            }
            let Some(name) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) else {
                continue;
            };
            let name = name.replace('\\', "/");
            files.push((format!("{prefix}{name}"), entry.into_path()));
        }
        let look = |(key, path): (String, PathBuf)| {
            let bytes = if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file()) {
                fs::read(&path).map_err(|error| trouble(&path, "read", &error))?
            } else {
                Vec::new()
            };
            let hash = hash(&bytes);
            let entry =
                Entry { size: bytes.len() as u64, version: Some(hash.clone()), hash: Some(hash) };
            Ok((key, entry))
        };
        files.into_par_iter().map(look).collect()
    }
}

fn trouble(path: &Path, doing: &str, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("{} cannot be {doing}: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            failure.hint("the disk is full: make room and deploy again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            failure.hint("give yourself the right to write there")
        }
        io::ErrorKind::IsADirectory
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::DirectoryNotEmpty => {
            failure.hint("a folder stands where a file belongs, or the other way round")
        }
        _ => failure,
    }
}

/// Moves a file that was written to where it belongs; over the border of a file system by way of a file beside it.
fn move_to(part: &Path, path: &Path) -> io::Result<()> {
    // Where an empty folder was left behind.
    if fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) {
        fs::remove_dir(path)?;
    }
    match fs::rename(part, path) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let name = part.file_name().unwrap_or_default().to_string_lossy();
            let beside = path.with_file_name(format!(".{name}"));
            fs::copy(part, &beside)
                .and_then(|_| fs::rename(&beside, path))
                .inspect_err(|_| _ = fs::remove_file(&beside))?;
            fs::remove_file(part)
        }
        result => result,
    }
}

impl Store for Directory {
    fn list(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        let mut all = Self::walk(&self.served, "")?;
        // What a folder of this name in the served one holds is not ours, and not served as ours.
        all.retain(|key, _| !key.starts_with(OWN_PREFIX));
        all.extend(Self::walk(&self.own, OWN_PREFIX)?);
        let parts = format!("{OWN_PREFIX}{PARTS}/");
        all.retain(|key, _| !key.starts_with(&parts));
        Ok(all)
    }

    fn get(&self, key: &str) -> Result<Option<Read>, Failure> {
        let path = self.path(key)?;
        match fs::read(&path) {
            Ok(bytes) => {
                let version = hash(&bytes);
                Ok(Some((bytes, Some(version))))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(&path, "read", &error)),
        }
    }

    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        _: &Headers,
        _: &str,
        condition: Condition<'_>,
    ) -> Result<Put, Failure> {
        let path = self.path(key)?;
        match condition {
            Condition::Always => self.write(&path, bytes)?,
            Condition::Version(version) => {
                if self.get(key)?.and_then(|(_, now)| now).as_deref() != Some(version) {
                    return Ok(Put::Refused);
                }
                self.write(&path, bytes)?;
            }
            Condition::Absent => {
                let failed = |error: io::Error| trouble(&path, "written", &error);
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(failed)?;
                }
                match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                    Ok(mut file) => io::Write::write_all(&mut file, bytes).map_err(failed)?,
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        return Ok(Put::Refused);
                    }
                    Err(error) => return Err(failed(error)),
                }
            }
        }
        Ok(Put::Done(Some(hash(bytes))))
    }

    fn copy(
        &self,
        (from, wanted): (&str, Option<&str>),
        to: &str,
        _: &Headers,
        _: &str,
    ) -> Result<Put, Failure> {
        match self.get(from)? {
            Some((bytes, found)) if wanted.is_none() || found.as_deref() == wanted => {
                self.write(&self.path(to)?, &bytes).map(|()| Put::Done(found))
            }
            _ => Ok(Put::Refused),
        }
    }

    fn delete(&self, key: &str) -> Result<(), Failure> {
        let path = self.path(key)?;
        match fs::remove_file(&path) {
            Ok(()) => {}
            // The file is gone where a folder stands in its place, or a file in that of its folder.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) || fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) =>
            {
                return Ok(());
            }
            Err(error) => return Err(trouble(&path, "deleted", &error)),
        }
        // Folders that this leaves empty go too; one that is not empty stays.
        let root = if key.starts_with(OWN_PREFIX) { &self.own } else { &self.served };
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn stamp(&self, _: &str) -> Result<Option<String>, Failure> {
        Ok(None)
    }

    fn keeps_headers(&self) -> bool {
        false
    }

    fn has_folders(&self) -> bool {
        true
    }

    fn serves_packed(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &Directory, key: &str, condition: Condition<'_>) -> Result<bool, Failure> {
        let put = store.put(key, key.as_bytes(), &Headers::own(), "", condition)?;
        Ok(put != Put::Refused)
    }

    #[test]
    fn files_are_put_and_deleted_with_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path().join("site"));
        assert!(store.list().unwrap().is_empty());
        for key in ["ميناء/index.html", "index.html", ".dhikra/lock"] {
            assert_eq!(put(&store, key, Condition::Absent), Ok(true));
            assert_eq!(put(&store, key, Condition::Absent), Ok(false));
            assert_eq!(put(&store, key, Condition::Version("x")), Ok(false));
        }
        let listing = store.list().unwrap();
        assert_eq!(
            listing.keys().map(String::as_str).collect::<Vec<_>>(),
            [".dhikra/lock", "index.html", "ميناء/index.html"]
        );
        assert!(!folder.path().join("site/.dhikra").exists(), "what is ours is not served");
        store.delete("ميناء/index.html").unwrap();
        store.delete("ميناء/index.html").unwrap();
        assert!(!folder.path().join("site/ميناء").exists());
        // A page that becomes a folder, and the other way round.
        put(&store, "index.html", Condition::Always).unwrap();
        assert!(put(&store, "index.html/x", Condition::Always).is_err());
        assert!(put(&store, "../x", Condition::Always).is_err());
    }

    #[test]
    fn a_site_is_not_deployed_into_itself() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        fs::create_dir_all(root.join("content")).unwrap();
        fs::write(root.join(SITE_FILE), "").unwrap();
        for path in [".", "..", "content", "static/x", "public", "x/..", ".git", "../site"] {
            assert!(Directory::of(&root, path, "public").is_err(), "{path}");
        }
        for path in ["../web", "dist", "../content", "../x/../web"] {
            assert!(Directory::of(&root, path, "public").is_ok(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (site, other) = (folder.path().join("site"), folder.path().join("other"));
        fs::create_dir_all(&site).unwrap();
        fs::create_dir_all(&other).unwrap();
        std::os::unix::fs::symlink(&other, site.join("x")).unwrap();
        let store = Directory::new(site.clone());
        assert!(put(&store, "x/index.html", Condition::Always).is_err());
        assert!(fs::read_dir(&other).unwrap().next().is_none());
        // A link in the place of a file is replaced, not written through.
        fs::write(other.join("page"), "theirs").unwrap();
        std::os::unix::fs::symlink(other.join("page"), site.join("page.html")).unwrap();
        put(&store, "page.html", Condition::Always).unwrap();
        assert_eq!(fs::read(other.join("page")).unwrap(), b"theirs");
    }
}
