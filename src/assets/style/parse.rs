//! One style sheet, parsed: its rules, and what is wrong with it.

use std::sync::{Arc, RwLock};

use lightningcss::error::{Error, ParserError, SelectorError};
use lightningcss::rules::CssRule;
use lightningcss::stylesheet::{ParserFlags, ParserOptions, StyleSheet};
use lightningcss::values::string::CowArcStr;

use super::{balance, place};
use crate::diagnostic::{Diagnostic, Problems, Severity, Span, codes};

/// A style sheet of `assets/`.
#[derive(Debug)]
pub(super) struct Sheet<'i> {
    /// Its path below `assets/`.
    pub(super) path: String,
    /// Its path in the site, for problems.
    pub(super) file: Arc<str>,
    /// Its text.
    pub(super) text: &'i str,
    /// Its rules.
    pub(super) rules: Vec<CssRule<'i>>,
    /// Comments at its head that say whose it is: `/*! … */`.
    pub(super) comments: Vec<CowArcStr<'i>>,
}

impl<'i> Sheet<'i> {
    /// Parses a style sheet, the one of number `index`. What is wrong with it is left out of its rules.
    pub(super) fn parse(
        path: &str,
        file: &Arc<str>,
        text: &'i str,
        index: usize,
        problems: &Problems,
    ) -> Self {
        let (path, file) = (path.to_owned(), Arc::clone(file));
        let mut sheet = Self { path, file, text, rules: Vec::new(), comments: Vec::new() };
        // What follows a bracket that is never closed is read wrongly, and one problem is enough.
        let mut sound = text.len();
        for found in balance::check(text) {
            sound = sound.min(found.place.start);
            let problem = Diagnostic::error(codes::CSS_SYNTAX, found.message).hint(found.hint);
            problems.push(problem.at(Span::new(&sheet.file, found.place)));
            if found.fatal {
                return sheet;
            }
        }
        let warnings = Arc::new(RwLock::new(Vec::new()));
        let options = ParserOptions {
            source_index: u32::try_from(index).unwrap_or(u32::MAX),
            error_recovery: true,
            warnings: Some(Arc::clone(&warnings)),
            flags: ParserFlags::NESTING,
            ..ParserOptions::default()
        };
        match StyleSheet::parse(text, options) {
            Ok(parsed) => {
                sheet.rules = parsed.rules.0;
                sheet.comments = parsed.license_comments;
            }
            Err(error) => problems.push(sheet.problem(&error)),
        }
        let warnings = warnings.read().map_or(Vec::new(), |warnings| {
            warnings.iter().map(|error| sheet.problem(error)).collect::<Vec<_>>()
        });
        let starts = |problem: &Diagnostic| problem.span.as_ref().map_or(0, |span| span.range.0);
        problems.extend(warnings.into_iter().filter(|problem| starts(problem) <= sound));
        sheet
    }

    /// A place of its text, from where something begins.
    pub(super) fn span_of(&self, wanted: &str, line: u32, column: u32) -> Span {
        let at = place::offset(self.text, line, column);
        let found = self.text.get(at..).and_then(|rest| rest.find(wanted));
        let place = match found.filter(|_| !wanted.is_empty()) {
            Some(found) => at + found..at + found + wanted.len(),
            None => place::word(self.text, at),
        };
        Span::new(&self.file, place)
    }

    /// What the parser says, in our words. What it does not know but keeps may be newer than it is.
    fn problem(&self, error: &Error<ParserError<'_>>) -> Diagnostic {
        let (line, column) = error.loc.as_ref().map_or((0, 1), |loc| (loc.line, loc.column));
        let place = place::word(self.text, place::offset(self.text, line, column));
        let word = self.text.get(place.clone()).unwrap_or_default();
        let (severity, message, hint) = explain(&error.kind, word);
        let mut problem = Diagnostic::error(codes::CSS_SYNTAX, message);
        problem.severity = severity;
        problem.at(Span::new(&self.file, place)).hint(hint)
    }
}

/// The severity of a parser's error at a word, what is wrong, and what to do.
fn explain(error: &ParserError<'_>, word: &str) -> (Severity, String, &'static str) {
    let wrong = |message: &str, hint| (Severity::Error, message.to_owned(), hint);
    match error {
        ParserError::AtRuleInvalid(name) => (
            Severity::Warning,
            format!("the rule `@{name}` is not known"),
            "look at its spelling; it is published as it stands",
        ),
        ParserError::SelectorError(
            SelectorError::UnsupportedPseudoClass(name)
            | SelectorError::UnsupportedPseudoElement(name),
        ) => (
            Severity::Warning,
            format!("the pseudo-class or pseudo-element `{name}` is not known"),
            "look at its spelling, and whether it takes one colon or two",
        ),
        ParserError::SelectorError(_) | ParserError::QualifiedRuleInvalid => {
            wrong("this is no selector", "look at what stands before `{`")
        }
        ParserError::EndOfInput => wrong(
            "the rule or declaration ends before it is whole",
            "is a bracket or a value missing?",
        ),
        ParserError::InvalidMediaQuery | ParserError::EmptyBracketInCondition => {
            wrong("this is no condition", "write it like `(min-width: 40rem)`")
        }
        ParserError::UnexpectedImportRule => wrong(
            "`@import` stands after other rules",
            "move it to the beginning: only `@charset` and `@layer` may stand before it",
        ),
        ParserError::UnexpectedNamespaceRule => {
            wrong("`@namespace` stands after other rules", "move it to the beginning")
        }
        ParserError::DeprecatedNestRule => wrong(
            "`@nest` is no longer part of CSS",
            "write the selector alone, with `&` if need be",
        ),
        ParserError::MaximumNestingDepth => wrong("this is nested too deep", "nest less"),
        ParserError::InvalidDeclaration | ParserError::InvalidValue if !word.is_empty() => {
            wrong("this is no declaration", "write it like `color: green;`")
        }
        ParserError::AtRulePreludeInvalid | ParserError::AtRuleBodyInvalid => {
            wrong("this rule cannot be read", "look at what stands after its name")
        }
        _ => (
            Severity::Error,
            format!("«{word}» cannot stand here"),
            "look for a missing `;`, `:` or bracket before it",
        ),
    }
}
