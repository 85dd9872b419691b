//! What ARCHITECTURE.md says of the source: a module uses only those before it, files are short,
//! nothing panics on purpose, no code of a problem is left over.

// Tests may read what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The modules in their order: each uses only those before it.
const MODULES: &[&str] = &[
    "text",
    "diagnostic",
    "config",
    "source",
    "memo",
    "document",
    "knowledge",
    "site",
    "search",
    "translation",
    "export",
    "assets",
    "drawing",
    "card",
    "template",
    "render",
    "hosting",
    "publish",
    "pipeline",
    "check",
    "deploy",
    "serve",
    "cli",
];

/// What uses a module after it all the same: the user, the used, why. Better none.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// The most lines that a file may have.
const MAX_LINES: usize = 500;

/// A file of the source.
struct File {
    /// Its path below `src/`, with `/`.
    path: String,
    text: String,
}

impl File {
    /// The module at the top that it belongs to; `lib` and `main` are none.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// Its lines without comments and test modules, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        // A file of tests alone is named so where it is declared, under `cfg(test)`.
        let is_test = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        let modules = ["#[cfg(test)]\nmod ", "#[cfg(test)]\npub(crate) mod "];
        let inline = modules.iter().filter_map(|module| self.text.find(module)).min();
        let inline = inline.unwrap_or(self.text.len());
        let until = if is_test { 0 } else { inline };
        let code = self.text.get(..until).unwrap_or_default();
        let lines = code.lines().enumerate();
        lines
            .map(|(n, line)| (n + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn source() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: Vec<File> = walkdir::WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| File {
            path: entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/"),
            text: fs::read_to_string(entry.path()).unwrap(),
        })
        .collect();
    assert!(files.len() > 20, "the source is there");
    files
}

/// The names that follow `crate::` in a line: of modules, or of what is in braces.
fn used(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, start) in line.match_indices("crate::") {
        // `$crate::` and the name of another crate such as `mycrate::` are none of ours.
        if line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | ':')) {
            continue;
        }
        let rest = &line[at + start.len()..];
        let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
        match rest.strip_prefix('{') {
            None => names.push(&rest[..name(rest).unwrap_or(rest.len())]),
            Some(list) => names.extend(
                list.split(',')
                    .map(str::trim)
                    .map(|item| &item[..name(item).unwrap_or(item.len())]),
            ),
        }
    }
    names
}

#[test]
fn a_module_uses_only_those_before_it() {
    let place = |name: &str| MODULES.iter().position(|module| *module == name);
    let mut wrong = Vec::new();
    let mut needed = BTreeSet::new();
    for file in source() {
        let module = file.module();
        if matches!(module, "lib" | "main") {
            continue;
        }
        let own = place(module).unwrap_or_else(|| panic!("`{module}` has no place in MODULES"));
        // Tests hold to the order as well.
        let lines = file.text.lines().enumerate().map(|(n, line)| (n + 1, line));
        for (n, line) in lines.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for name in used(line) {
                let Some(at) = place(name) else {
                    wrong.push(format!("src/{}:{n}: `crate::{name}` is no module", file.path));
                    continue;
                };
                let exception =
                    EXCEPTIONS.iter().find(|(user, it, _)| (*user, *it) == (module, name));
                match exception {
                    _ if at <= own => {}
                    Some(exception) => _ = needed.insert(*exception),
                    None => wrong.push(format!("src/{}:{n}: `{module}` uses `{name}`", file.path)),
                }
            }
        }
    }
    for exception in EXCEPTIONS.iter().filter(|exception| !needed.contains(*exception)) {
        wrong.push(format!("no longer needed: {exception:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_crate_declares_the_modules_in_their_order() {
    let files = source();
    let lib = files.iter().find(|file| file.path == "lib.rs").unwrap();
    let declared: Vec<&str> = lib
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(declared, MODULES);
}

#[test]
fn files_are_short() {
    let long: Vec<String> = source()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| format!("src/{} has {lines} lines", file.path))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn nothing_panics_on_purpose() {
    const FORBIDDEN: &[&str] =
        &[".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];
    let mut found = Vec::new();
    for file in source() {
        for (n, line) in file.code() {
            if FORBIDDEN.iter().any(|word| line.contains(word)) {
                found.push(format!("src/{}:{n}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_code_of_a_problem_is_used() {
    let files = source();
    let codes = files.iter().find(|file| file.path == "diagnostic/codes.rs").unwrap();
    let names = codes.code().filter_map(|(_, line)| {
        let (name, text) = line.trim().strip_suffix("\";")?.split_once(" = \"")?;
        Some((name, text))
    });
    let names: Vec<(&str, &str)> = names.collect();
    assert_eq!(names.len(), dhikra::diagnostic::codes::ALL.len());
    for (name, text) in &names {
        let usage = format!("codes::{name}");
        let whole = |line: &str| {
            let mut ends = line.match_indices(&usage).map(|(at, _)| &line[at + usage.len()..]);
            ends.any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let used = files.iter().any(|file| file.code().any(|(_, line)| whole(line)));
        assert!(used, "nothing uses {name}");
        let written_once = names.iter().filter(|(_, other)| other == text).count() == 1;
        assert!(written_once, "two codes are {text}");
    }
}

#[test]
fn the_reading_of_paths_is_sound() {
    assert_eq!(used("use crate::text::nfc;"), ["text"]);
    assert_eq!(used("use crate::{config::Config, site};"), ["config", "site"]);
    assert_eq!(used("    crate::site::alias(x, &crate::text::nfc(y))"), ["site", "text"]);
    assert!(used("$crate::x, mycrate::y").is_empty());
}

#[test]
fn every_rule_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check.md");
    let text = fs::read_to_string(path).expect("docs/check.md is there");
    for rule in dhikra::diagnostic::rules::all() {
        let named = text.lines().any(|line| {
            line.starts_with('|')
                && line.contains(&format!("`{}`", rule.code))
                && line.contains(&format!("| {} |", rule.number).replace("|  |", "|"))
        });
        assert!(named, "docs/check.md has no row for {} {}", rule.number, rule.code);
    }
}
