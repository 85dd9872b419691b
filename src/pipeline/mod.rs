//! The phases, one after the other: what every command that looks at the site begins with.
//!
//! [`load`] runs them once. A [`Session`] runs the same ones again and again while files change, and
//! remembers what it read of those that do not.

mod characters;
mod memory;
mod session;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Problems, has_errors};
use crate::document::Document;
use crate::render::{Output, Renderer};
use crate::site::{self, Clock};
use crate::source::SourceTree;

pub use session::{Session, Update};

/// What the command line changes.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// The day, and whether drafts are shown.
    pub clock: Clock,
    /// Another base URL than the site's own.
    pub base_url: Option<String>,
}

/// A site ready to be rendered.
#[derive(Debug)]
pub struct Loaded {
    /// Its files.
    pub tree: Arc<SourceTree>,
    /// Makes its outputs.
    pub renderer: Renderer,
    /// What outputs it has, in the order of their paths.
    pub outputs: Arc<Vec<Output>>,
    /// All its documents, shown or not.
    documents: Vec<Arc<Document>>,
    /// What is wrong so far.
    pub problems: Vec<Diagnostic>,
    /// The documents that could not be read as they are now; what was last good of them stands in
    /// their place. Always empty but in a [`Session`].
    pub kept: HashSet<Arc<str>>,
}

impl Loaded {
    /// Whether an error is among the problems.
    #[must_use]
    pub fn failed(&self) -> bool {
        has_errors(&self.problems)
    }

    /// Reads every text and follows every link, as far as that was not done, and gives what is wrong with
    /// them.
    #[must_use]
    pub fn settle(&self) -> Vec<Diagnostic> {
        self.settle_while(&|| true).unwrap_or_default()
    }

    /// The same in pieces, between which other work of the processor's gets its turn; `None` as soon as
    /// `go_on` says that nobody wants to know any more.
    #[must_use]
    pub fn settle_while(&self, go_on: &dyn Fn() -> bool) -> Option<Vec<Diagnostic>> {
        let problems = Problems::new();
        let site = &self.renderer.world().site;
        let unread: Vec<Arc<Document>> =
            self.documents.iter().filter(|document| !document.has_body()).cloned().collect();
        for piece in unread.chunks(PIECE) {
            if !go_on() {
                return None;
            }
            site::parse_bodies(piece, &site.config, &Problems::new());
        }
        site::parse_bodies(&self.documents, &site.config, &problems);
        problems.extend(site.links().problems.iter().cloned());
        Some(problems.into_vec())
    }
}

/// How many texts are read before other work gets its turn.
const PIECE: usize = 256;

/// Finds, parses, assembles and plans the site at `root`.
///
/// # Errors
/// Only where there is no site: everything else that is wrong is in the result's problems.
pub fn load(root: &Path, overrides: &Overrides) -> Result<Loaded, Vec<Diagnostic>> {
    let mut loaded = Session::new(root, overrides).load(false)?;
    // Before anything is rendered: a worker that renders cannot wait for what all workers do.
    let found = loaded.settle();
    loaded.problems.extend(found);
    Ok(loaded)
}
