//! Mending what a rule knows how to mend.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Edit};
use crate::pipeline::{self, Overrides};
use crate::publish::replace;
use crate::source::{SourceTree, read_text};

/// How often mending begins again: one change can make room for another.
const ROUNDS: usize = 12;

/// What mending came to.
#[derive(Debug, Default)]
pub struct Mended {
    /// How many problems were mended.
    pub problems: usize,
    /// Why files could not be written.
    pub unwritten: Vec<String>,
}

/// Mends a site until there is nothing left that can be.
///
/// # Errors
/// Only where there is no site.
pub fn mend(root: &Path, overrides: &Overrides) -> Result<Mended, Vec<Diagnostic>> {
    let mut mended = Mended::default();
    for _ in 0..ROUNDS {
        let loaded = pipeline::load(root, overrides)?;
        let checked = super::check(&loaded, None);
        let (count, unwritten) = fix(&loaded.tree, &checked.problems);
        mended.problems += count;
        mended.unwritten = unwritten;
        if count == 0 || !mended.unwritten.is_empty() {
            break;
        }
    }
    Ok(mended)
}

/// Makes the changes of these problems in their files, those that do not overlap; the others come in
/// the next round. Gives how many problems were mended, and what could not be written.
fn fix(tree: &SourceTree, problems: &[Diagnostic]) -> (usize, Vec<String>) {
    let mut files: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| !problem.fix.is_empty()) {
        if let Some(span) = &problem.span {
            files.entry(&span.file).or_default().push(problem);
        }
    }
    let (mut mended, mut failed) = (0, Vec::new());
    for (path, problems) in files {
        let file = tree.file(path).or_else(|| tree.layers().iter().find_map(|l| l.file(path)));
        // What is inside of the program, and not of the site, is not the site's to mend.
        let Some((disk, file)) = file.and_then(|file| Some((file.disk_path()?, file))) else {
            continue;
        };
        let Ok(text) = read_text(file) else { continue };
        let (new, count) = apply(&text, &problems);
        match replace(disk, &new) {
            Ok(()) => mended += count,
            Err(error) => failed.push(format!("{path} cannot be written: {error}")),
        }
    }
    (mended, failed)
}

/// A text with the changes of these problems, and of how many they are.
fn apply(text: &str, problems: &[&Diagnostic]) -> (String, usize) {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for problem in problems {
        let free = |edit: &Edit| {
            let apart = |other: &&Edit| {
                let clear = edit.range.1 <= other.range.0 || other.range.1 <= edit.range.0;
                clear && edit.range != other.range
            };
            chosen.iter().all(apart) && text.get(edit.range.0..edit.range.1).is_some()
        };
        if problem.fix.iter().all(free) {
            chosen.extend(&problem.fix);
            count += 1;
        }
    }
    chosen.sort_by_key(|edit| edit.range);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in chosen {
        out.push_str(text.get(from..edit.range.0).unwrap_or_default());
        out.push_str(&edit.new);
        from = edit.range.1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_overlap_wait() {
        let problem = |start, end, new: &str| Diagnostic {
            fix: vec![Edit { range: (start, end), new: new.into() }],
            ..Diagnostic::warning("x", "")
        };
        let (a, b, c) = (problem(0, 1, "A"), problem(0, 2, "-"), problem(2, 3, ""));
        assert_eq!(apply("abc", &[&a, &b, &c]), ("Ab".to_owned(), 2));
    }
}
