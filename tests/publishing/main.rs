//! What a build does to its output folder, by the program itself: nothing by halves, nothing that
//! is not its own, and nothing that the next run could not put right.

// Tests may read and write what they like, and fail.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

#[path = "../common/mod.rs"]
mod common;

mod damage;
mod hosting;
mod interruption;
#[cfg(unix)]
mod links;
mod ownership;
