//! Whether the `facts` of a page rest on sources that are there.

use std::collections::BTreeSet;

use super::facts::Resolver;
use crate::config::reader::Step;
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::Document;
use crate::knowledge::References;

/// Checks the sources of each fact, who asserts it, and that no two have one name.
pub(super) fn check(resolver: &Resolver<'_>, original: &Document, problems: &Problems) {
    let key = |key: &str| Step::Key(key.to_owned());
    let mut ids = BTreeSet::new();
    for (n, claim) in original.front.facts.iter().enumerate() {
        let path = |rest: &[Step]| {
            let mut path = vec![key("facts"), Step::Index(n)];
            path.extend(rest.iter().cloned());
            path
        };
        let report = |path: &[Step], problem: Diagnostic, hint: Option<String>| {
            let mut problem = problem.at(original.value_span(path));
            problem.hints.extend(hint);
            problems.push(problem);
        };
        for (i, cited) in claim.sources.iter().enumerate() {
            let found = resolver.check(&cited.id, &["source".to_owned()]);
            if let Err((message, hint)) = found {
                let problem = Diagnostic::error(codes::UNKNOWN_SOURCE, message);
                report(&path(&[key("sources"), Step::Index(i)]), problem, hint);
            }
        }
        if let Some(Err((message, hint))) =
            claim.asserted_by.as_deref().map(|who| resolver.check(who, &[]))
        {
            let message = format!("`asserted_by`: {message}");
            let problem = Diagnostic::error(codes::BAD_REFERENCE, message);
            report(&path(&[key("asserted_by")]), problem, hint);
        }
        if let Some(id) = claim.id.as_deref().filter(|id| !ids.insert(*id)) {
            let message = format!("two facts of the page have the id `{id}`");
            let problem = Diagnostic::error(codes::BAD_VALUE, message);
            report(&path(&[key("id")]), problem, None);
        }
    }
}
