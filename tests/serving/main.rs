//! The live preview, driven over HTTP as a browser drives it: whatever is saved, each page is what a clean
//! build makes of the files as they are; nobody who should not reads anything; and it always ends well.

// Tests write where they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::indexing_slicing, clippy::print_stderr)]

#[path = "../common/mod.rs"]
mod common;
mod edits;
mod fonts;
mod hard;
mod hosting;
mod mistakes;
mod pictures;
mod refusals;
mod server;
mod site;
mod storms;
mod tables;
