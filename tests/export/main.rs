//! What the site gives to other programs, read back by libraries that are not ours: RDF, CSV, JSON Schema.

// Tests may read what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod rdf;
mod schema;
mod tables;

use std::path::{Path, PathBuf};

use dhikra::diagnostic::has_errors;
use dhikra::pipeline::{self, Loaded, Overrides};
use dhikra::site::Clock;

/// A folder of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Loads a site, which must be without errors.
fn load(path: &str) -> Loaded {
    let clock = Clock { today: (2026, 1, 10), drafts: false };
    let overrides = Overrides { clock, base_url: None };
    let loaded = pipeline::load(&repository(path), &overrides).expect("there is a site");
    assert!(!has_errors(&loaded.problems), "{:?}", loaded.problems);
    loaded
}

/// The bytes of an output by its path.
fn output(loaded: &Loaded, path: &str) -> Vec<u8> {
    let found = loaded.outputs.iter().find(|output| &*output.path == path);
    let found = found.unwrap_or_else(|| panic!("there is no output {path}"));
    loaded.renderer.render(found).0.expect("it can be rendered")
}
