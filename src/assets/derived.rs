//! Files of the site that are made from others when they are wanted.

use std::fmt::Debug;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::memo::{Key, Memo};

/// A pure and dear transform with its input: the same [`Transform::key`], the same bytes.
pub trait Transform: Debug + Send + Sync {
    /// What its result is kept by.
    fn key(&self) -> Key;

    /// Makes the bytes.
    ///
    /// # Errors
    /// What is wrong with the input, at its place.
    fn make(&self) -> Result<Vec<u8>, Diagnostic>;
}

/// A file that is made from others. Its name holds the hash of what it is made from, so that it is known
/// before it is made.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The decoded path that it is published at.
    pub url: String,
    /// What makes it.
    pub transform: Arc<dyn Transform>,
}

impl Derived {
    /// Its bytes, as they are kept or made.
    ///
    /// # Errors
    /// Those of the transform.
    pub fn bytes(&self, memo: &Memo) -> Result<Vec<u8>, Diagnostic> {
        memo.get(self.transform.key(), || self.transform.make())
    }
}
