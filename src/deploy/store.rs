//! What a host is where each file is put by itself.

use std::collections::BTreeMap;

use super::{Failure, Headers};

/// A file at a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its size in bytes.
    pub size: u64,
    /// What changes whenever the file does, as far as the target says; nothing is read into it.
    pub version: Option<String>,
    /// The hash of its bytes, where the target can be asked for it.
    pub hash: Option<String>,
}

/// When a file is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// In any case.
    Always,
    /// Only where there is none.
    Absent,
    /// Only where the one that is there has this version.
    Version(&'a str),
}

/// What became of a file that was to be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there, with this version where the target tells it.
    Done(Option<String>),
    /// What was asked of what was there before did not hold, and nothing was put.
    Refused,
}

/// A file as it is read, with its version where there is one.
pub type Read = (Vec<u8>, Option<String>);

/// A part of a list of files, and what says where the next one begins.
pub(super) type Page = (Vec<(String, Entry)>, Option<String>);

/// A host where each file is put by itself. Keys are decoded paths below what the target is for.
///
/// A failure says nothing of whether the request had its effect: an answer can be lost.
pub trait Store: Sync {
    /// Every file that is there, the program's own among them.
    ///
    /// # Errors
    /// Where the target does not say, or not all.
    fn list(&self) -> Result<BTreeMap<String, Entry>, Failure>;

    /// A file; none where it is not there.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn get(&self, key: &str) -> Result<Option<Read>, Failure>;

    /// Puts a file, whole or not at all, with its headers and a mark that [`Store::stamp`] gives back. It is
    /// refused where the condition does not hold. A target that cannot do so takes no notice of the condition.
    ///
    /// # Errors
    /// Where it was not put, or it is not known whether it was.
    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        headers: &Headers,
        stamp: &str,
        condition: Condition<'_>,
    ) -> Result<Put, Failure>;

    /// Puts the bytes of one file that is there under another key. It is refused where there is none, or where it
    /// has another version than the one that is named.
    ///
    /// # Errors
    /// As for [`Store::put`].
    fn copy(
        &self,
        from: (&str, Option<&str>),
        to: &str,
        headers: &Headers,
        stamp: &str,
    ) -> Result<Put, Failure>;

    /// Deletes a file; one that is not there is deleted.
    ///
    /// # Errors
    /// Where it is still there, or that is not known.
    fn delete(&self, key: &str) -> Result<(), Failure>;

    /// The mark that a file was put with, where there is one.
    ///
    /// # Errors
    /// Where the target does not say.
    fn stamp(&self, key: &str) -> Result<Option<String>, Failure>;

    /// Whether files are served with the headers that they were put with.
    fn keeps_headers(&self) -> bool;

    /// Whether a file cannot be where a folder is, so that one of them has to go before the other comes.
    fn has_folders(&self) -> bool;

    /// Whether it serves `page.html.gz` to whoever asks for `page.html` and understands it.
    fn serves_packed(&self) -> bool;
}
