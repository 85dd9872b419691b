//! Comments that silence rules in a file: `lint-disable`, `lint-enable`, `lint-disable-line` and
//! `lint-disable-next-line`, each with the names of rules or for all. What follows `--` or a colon
//! after the names is a reason.

mod comments;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Context, Found};
use crate::diagnostic::{Diagnostic, Quotes, Span, position, rules};

/// The word that every such comment begins with.
const MARK: &str = "lint-";

/// What a comment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Disable,
    Enable,
    /// Disables on one line, this many lines on.
    Line(usize),
}

/// A comment.
#[derive(Debug)]
struct Directive {
    /// Its line, from 1.
    line: usize,
    action: Action,
    /// The rules that it names; none where it is for all.
    rules: Option<Vec<&'static str>>,
}

impl Directive {
    fn concerns(&self, code: &str) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.contains(&code))
    }
}

/// The comments of a file.
#[derive(Debug, Default)]
struct File {
    text: String,
    directives: Vec<Directive>,
    /// Names of rules that are not there, with their places.
    unknown: Vec<(Range<usize>, String)>,
}

/// Takes out what a comment silences, and reports comments that name no rule.
pub(super) fn apply(context: &Context<'_>, found: Found) -> Found {
    let mut files: BTreeMap<Arc<str>, File> = BTreeMap::new();
    for document in context.documents() {
        let file = File::read(context, &document.file.path);
        if !file.directives.is_empty() || !file.unknown.is_empty() {
            files.insert(Arc::clone(&document.file.path), file);
        }
    }
    let mut kept = Vec::with_capacity(found.len());
    for problem in found {
        let silent = problem.span.as_ref().is_some_and(|span| {
            let read = || File::read(context, &span.file);
            let file = files.entry(Arc::clone(&span.file)).or_insert_with(read);
            file.silences(&problem, span)
        });
        if !silent {
            kept.push(problem);
        }
    }
    for (path, file) in &files {
        for (place, name) in &file.unknown {
            let names: Vec<&str> = rules::all().map(|rule| rule.code).collect();
            let message = format!("there is no rule `{name}`");
            let problem = context.rule(rules::UNKNOWN_RULE, message);
            let span = Span::new(path, place.clone());
            kept.extend(problem.map(|problem| problem.at(span).did_you_mean(name, names)));
        }
    }
    kept
}

impl File {
    fn read(context: &Context<'_>, path: &Arc<str>) -> Self {
        let text = context.tree.text(path).unwrap_or_default();
        if !text.contains(MARK) {
            // What has no comment needs no text either.
            return Self::default();
        }
        let mut file = Self { text, ..Self::default() };
        for (place, comment) in comments::of(path, &file.text) {
            let line = position(&file.text, place).0;
            comments::directives(comment, |action, at, names| {
                let mut known = Vec::new();
                for (name, offset) in &names {
                    match rules::find(name) {
                        Some(rule) => known.push(rule.code),
                        None => {
                            let start = place + at + offset;
                            file.unknown.push((start..start + name.len(), (*name).to_owned()));
                        }
                    }
                }
                // A name that is no rule's silences nothing.
                let rules = (!names.is_empty()).then_some(known);
                file.directives.push(Directive { line, action, rules });
            });
        }
        file
    }

    fn silences(&self, problem: &Diagnostic, span: &Span) -> bool {
        // What keeps a site from being built cannot be silenced.
        if self.directives.is_empty() || rules::find(problem.code).is_none() {
            return false;
        }
        // What concerns the file as a whole is silenced where the rule stays so to its end.
        let whole = span.is_whole_file();
        let line = if whole { usize::MAX } else { position(&self.text, span.range.0).0 };
        let mut silent = false;
        for directive in self.directives.iter().filter(|d| d.concerns(problem.code)) {
            match directive.action {
                Action::Line(ahead) if directive.line + ahead == line => return true,
                Action::Disable if directive.line <= line => silent = true,
                Action::Enable if directive.line <= line => silent = false,
                _ => {}
            }
        }
        silent
    }
}
