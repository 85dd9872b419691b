//! What searching finds: judged queries over pages of this repository's own (`judged/`), and over others that
//! are given in `DHIKRA_JUDGED_QUERIES`, a JSON file of the same shape.

// Tests may read what they like, and fail.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod judged;
mod script;
