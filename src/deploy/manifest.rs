//! What a target holds, as the program wrote it down there.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Entry, Failure, Headers, OWN_PREFIX, SERVER_PREFIX, is_inside};

/// The version of the form of what is written down.
const FORMAT: u32 = 1;

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The BLAKE3 hash of its bytes, in hexadecimal digits.
    pub hash: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is served with.
    #[serde(flatten)]
    pub headers: Headers,
    /// The version that the target gave it when it was last seen to be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl File {
    /// The mark that the file is put with: what it is, and what it is served with.
    #[must_use]
    pub fn stamp(&self) -> String {
        format!("{}-{}", self.hash, self.headers.hash())
    }
}

/// What is said of a release in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its name: the time, and a part of the hash of what it is.
    pub id: String,
    /// When it was deployed, in seconds since 1970.
    pub time: u64,
    /// When it became what is served for the last time, in seconds since 1970: later than `time` where it was gone
    /// back to.
    #[serde(default)]
    pub served: u64,
    /// The release that was served when this one was deployed; empty for the first.
    #[serde(default)]
    pub before: String,
    /// The base URL that it was built for.
    pub base_url: String,
    /// How many files it has.
    pub files: usize,
    /// How many bytes these have.
    pub bytes: u64,
}

/// A release, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub(super) format: u32,
    /// What is said of it in lists.
    pub release: Release,
    /// Its files by their paths.
    pub files: BTreeMap<String, File>,
}

impl Manifest {
    /// A release of these files, deployed now.
    #[must_use]
    pub fn new(files: BTreeMap<String, File>, base_url: &str, now: u64) -> Self {
        let mut all = blake3::Hasher::new();
        for (path, file) in &files {
            all.update(path.as_bytes()).update(&[0]).update(file.stamp().as_bytes());
        }
        let digest = all.finalize().to_hex();
        let release = Release {
            id: format!("{}-{}", stamp_of_time(now), digest.get(..8).unwrap_or_default()),
            time: now,
            served: now,
            before: String::new(),
            base_url: base_url.to_owned(),
            files: files.len(),
            bytes: files.values().map(|file| file.size).sum(),
        };
        Self { format: FORMAT, release, files }
    }
}

/// What is served at a target, and what can be served again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What is served.
    #[serde(flatten)]
    pub current: Manifest,
    /// Files of older releases that are kept in their places, for pages that are still in caches.
    #[serde(default)]
    pub kept: BTreeMap<String, File>,
    /// The releases that can be served, in the order in which they became what is served for the last time: the one
    /// that is served is the last of them.
    pub releases: Vec<Release>,
}

/// What a deploy that has not come to its end is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    format: u32,
    /// Paths that it may have put or deleted.
    pub paths: BTreeSet<String>,
    /// The release that it was to serve.
    #[serde(default)]
    pub(super) release: String,
    /// Whether that is one that was served before.
    #[serde(default)]
    pub(super) again: bool,
}

impl Pending {
    pub(super) fn new(paths: BTreeSet<String>, release: &str, again: bool) -> Self {
        Self { format: FORMAT, paths, release: release.to_owned(), again }
    }
}

/// All that is known of a target.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// What the program wrote down; none where it never deployed there.
    pub state: Option<State>,
    /// The bytes that say so, to see whether somebody else deploys meanwhile.
    pub(super) written: Option<Vec<u8>>,
    /// The other releases that can be served, whole.
    pub others: Vec<Manifest>,
    /// What a deploy that did not come to its end was about.
    pub pending: Option<Pending>,
    /// Whether something that is no file of the site is to be written too.
    pub(super) unsettled: bool,
    /// Every file that is there.
    pub listing: BTreeMap<String, Entry>,
    /// The marks of files that were asked for them.
    pub stamps: BTreeMap<String, String>,
}

impl Held {
    /// What is written down of a file that is served or kept.
    pub(super) fn recorded(&self, path: &str) -> Option<&File> {
        let state = self.state.as_ref()?;
        state.current.files.get(path).or_else(|| state.kept.get(path))
    }

    /// Whether a file is as it was written down.
    pub(super) fn is_as_recorded(&self, path: &str) -> bool {
        let (Some(file), Some(entry)) = (self.recorded(path), self.listing.get(path)) else {
            return false;
        };
        let same_version = match (&file.version, &entry.version) {
            (Some(then), Some(now)) => then == now,
            _ => true,
        };
        file.size == entry.size
            && same_version
            && entry.hash.as_ref().is_none_or(|hash| *hash == file.hash)
    }

    /// Every path that is ours to replace and to delete.
    pub(super) fn owned(&self) -> BTreeSet<&str> {
        let state = self.state.iter();
        let files = state.flat_map(|state| state.current.files.keys().chain(state.kept.keys()));
        let pending = self.pending.iter().flat_map(|pending| &pending.paths);
        files.chain(pending).map(String::as_str).collect()
    }

    /// Whether the bytes of this hash are kept.
    pub(super) fn has_blob(&self, hash: &str) -> bool {
        self.listing.contains_key(&blob(hash))
    }
}

/// Where what is served is written down.
pub(super) fn current_key() -> String {
    format!("{OWN_PREFIX}current.json")
}

/// Where a deploy that is under way is written down.
pub(super) fn pending_key() -> String {
    format!("{OWN_PREFIX}pending.json")
}

/// Where a release is written down.
pub(super) fn release_key(id: &str) -> String {
    format!("{OWN_PREFIX}releases/{id}.json")
}

/// Where bytes are kept that are no longer served.
pub(super) fn blob(hash: &str) -> String {
    format!("{OWN_PREFIX}blobs/{hash}")
}

/// What is in the bytes of a file of ours.
///
/// # Errors
/// Where they are damaged, are of another version, or hold what no program of ours would write.
pub(super) fn read<T: DeserializeOwned + Sound>(bytes: &[u8], key: &str) -> Result<T, Failure> {
    let damaged = |why: String| {
        Failure::new(format!("`{key}` at the target is damaged: {why}"))
            .hint("deploy to an empty place, or delete the file and deploy with --allow foreign")
    };
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    if let Ok(Form { format }) = serde_json::from_slice(bytes)
        && format > FORMAT
    {
        let what = format!("`{key}` at the target was written by a newer version of this program");
        return Err(Failure::new(what).hint("deploy with that version or a later one"));
    }
    let value: T = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
    match value.unsound() {
        None => Ok(value),
        Some(why) => Err(damaged(why)),
    }
}

/// The bytes of a file of ours.
///
/// # Errors
/// Never in fact: all that is written has a form in JSON.
pub(super) fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::new(error.to_string()))
}

/// What is checked of what a target says, since anybody may have written it.
pub(super) trait Sound {
    /// What is wrong with it.
    fn unsound(&self) -> Option<String>;
}

fn bad_format(format: u32) -> Option<String> {
    (format != FORMAT)
        .then(|| format!("it is of version {format}, and this program knows {FORMAT}"))
}

fn bad_path<'a>(mut paths: impl Iterator<Item = &'a String>) -> Option<String> {
    let is_own = |path: &str| path.starts_with(OWN_PREFIX) && !path.starts_with(SERVER_PREFIX);
    let bad = paths.find(|path| !is_inside(path) || is_own(path))?;
    Some(format!("«{bad}» is no path of a site"))
}

/// Whether a name of a release can be part of a path.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() < 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn bad_file<'a>(mut files: impl Iterator<Item = &'a File>) -> Option<String> {
    let hex = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let bad = files.find(|file| !hex(&file.hash))?;
    Some(format!("«{}» is no hash", bad.hash))
}

impl Sound for Manifest {
    fn unsound(&self) -> Option<String> {
        let id = &self.release.id;
        bad_format(self.format)
            .or_else(|| (!is_id(id)).then(|| format!("«{id}» is no name of a release")))
            .or_else(|| bad_path(self.files.keys()))
            .or_else(|| bad_file(self.files.values()))
    }
}

impl Sound for State {
    fn unsound(&self) -> Option<String> {
        let bad = self.releases.iter().find(|release| !is_id(&release.id));
        self.current
            .unsound()
            .or_else(|| bad_path(self.kept.keys()))
            .or_else(|| bad_file(self.kept.values()))
            .or_else(|| bad.map(|release| format!("«{}» is no name of a release", release.id)))
    }
}

impl Sound for Pending {
    fn unsound(&self) -> Option<String> {
        bad_format(self.format).or_else(|| bad_path(self.paths.iter()))
    }
}

/// `20260110-093000` for a time in seconds since 1970, in UTC.
pub(super) fn stamp_of_time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's `civil_from_days`, for days since 1970.
    let z = days.min(100_000_000) + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_so_that_they_sort() {
        assert_eq!(stamp_of_time(0), "19700101-000000");
        assert_eq!(stamp_of_time(1_768_003_205), "20260110-000005");
    }

    #[test]
    fn what_a_target_says_is_not_trusted() {
        let file = File {
            hash: "0".repeat(64),
            size: 1,
            headers: Headers::of("a.html", false),
            version: None,
        };
        let with = |path: &str, file: &File| {
            let files = BTreeMap::from([(path.to_owned(), file.clone())]);
            let bytes = write(&Manifest::new(files, "https://example.org", 5)).unwrap();
            read::<Manifest>(&bytes, "x")
        };
        assert!(with("ميناء/index.html", &file).is_ok());
        for path in ["../x", "/etc/passwd", "a//b", "a\\b", ".dhikra/lock", "a\nb", ""] {
            assert!(with(path, &file).is_err(), "{path}");
        }
        let forged = File { hash: "../../x".into(), ..file };
        assert!(with("a", &forged).is_err());
        assert!(read::<Manifest>(b"{\"format\":2}", "x").is_err());
    }
}
