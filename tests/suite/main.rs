//! One test for each folder of `tests/sites`: a small site in, its expected output and problems
//! compared. `tests/README.md` says how to add one.

// Tests may read and write what they like.
#![allow(clippy::disallowed_methods)]

mod case;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A case may use every core itself.
    arguments.test_threads.get_or_insert(2);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let entries = std::fs::read_dir(&folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "there is no case in {}", folder.display());
    let update = std::env::var_os("UPDATE").is_some();
    let trials = names.into_iter().map(|name| {
        let case = folder.join(&name);
        Trial::test(name, move || case::run(&case, update).map_err(Into::into))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
