//! What holds of every input, tried on many: nothing panics, nothing is lost, nothing dangerous
//! comes through, and the output depends on the input alone.
//!
//! The inputs are the same in every run. `PROPTEST_RNG_SEED=1 PROPTEST_CASES=5000 cargo test --test
//! properties` tries others, and more.

// Tests may read and write what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod direction;
mod inputs;
mod markdown;
mod output;
mod safety;
mod search;
mod sources;
mod survival;
mod text;

use proptest::test_runner::{Config, RngSeed};

/// The number of cases, or what the environment asks for; the inputs are fixed unless the
/// environment asks for others.
fn cases(cases: u32) -> Config {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(75);
    }
    config
}
