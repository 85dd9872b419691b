//! Front matter and body, told apart.

use std::ops::Range;
use std::sync::Arc;

use super::{MAX_FRONT_MATTER, YamlPlaces, shift};
use crate::config::reader::{Locate, Step};
use crate::config::yaml;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};

/// A content file's text, split into its front matter and its body.
#[derive(Debug)]
pub struct Parts<'a> {
    pub(super) yaml: &'a str,
    pub(super) yaml_start: usize,
    /// The Markdown.
    pub body: &'a str,
    /// Where it starts in the file.
    pub body_start: usize,
    /// Whether the front matter could not be told from the body, which was reported.
    pub(super) broken: bool,
}

impl<'a> Parts<'a> {
    /// Splits at the `---` lines.
    #[must_use]
    pub fn split(text: &'a str, file: &Arc<str>, problems: &Problems) -> Self {
        let whole = Self { yaml: "", yaml_start: 0, body: text, body_start: 0, broken: false };
        let fence = |line: &str| line.trim_end() == "---";
        let mut lines = text.split_inclusive('\n');
        let Some(first) = lines.next().filter(|line| fence(line)) else {
            let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200B}');
            let message = match start.lines().next().map(str::trim_end) {
                Some("---") => "front matter must begin on the first line of the file",
                Some("+++") => "front matter is YAML between `---` lines; this is TOML",
                _ => return whole,
            };
            let at = text.len() - start.len();
            let problem = Diagnostic::error(codes::FRONT_MATTER, message);
            problems.push(problem.at(Span::new(file, at..at + 3)));
            return Self { broken: true, ..whole };
        };
        let yaml_start = first.len();
        let mut at = yaml_start;
        for line in lines {
            if at - yaml_start > MAX_FRONT_MATTER {
                let message = format!("front matter is larger than {MAX_FRONT_MATTER} bytes");
                let problem = Diagnostic::error(codes::FRONT_MATTER, message);
                problems.push(
                    problem.at(Span::new(file, 0..3)).hint("move long text into the page's body"),
                );
                return Self { body: "", body_start: text.len(), broken: true, ..whole };
            }
            if fence(line) {
                let body_start = at + line.len();
                return Self {
                    yaml: text.get(yaml_start..at).unwrap_or_default(),
                    yaml_start,
                    body: text.get(body_start..).unwrap_or_default(),
                    body_start,
                    broken: false,
                };
            }
            at += line.len();
        }
        let problem = Diagnostic::error(codes::FRONT_MATTER, "front matter is not closed");
        problems.push(problem.at(Span::new(file, 0..3)).hint("end it with a line `---`"));
        Self { body: "", body_start: text.len(), broken: true, ..whole }
    }
}

impl Parts<'_> {
    /// The place of a value of the front matter in the file; the beginning of the file where there is
    /// none.
    #[must_use]
    pub fn value(&self, path: &[Step]) -> Range<usize> {
        let places = YamlPlaces { text: self.yaml, base: self.yaml_start };
        places.value(path)
    }

    /// Warns of titles and descriptions that YAML cuts at a ` #`, which an editor cannot see.
    pub(super) fn warn_of_comments(&self, file: &Arc<str>, problems: &Problems) {
        if !self.yaml.contains(" #") {
            return;
        }
        let mut at = self.yaml_start;
        for line in self.yaml.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            let Some(cut) = line.find(" #").filter(|_| !value.starts_with(['"', '\'', '#'])) else {
                continue;
            };
            if matches!(key, "title" | "description") {
                let message = format!("what follows ` #` is a comment and not part of the {key}");
                let place = start + cut..start + line.trim_end().len();
                let problem = Diagnostic::warning(codes::YAML_SYNTAX, message);
                let hint = format!("put the {key} in quotes: {key}: \"{value}\"");
                problems.push(problem.at(Span::new(file, place)).hint(hint));
            }
        }
    }
}

/// A YAML error as a diagnostic at its place.
pub(super) fn yaml_problem(
    error: yaml::YamlError,
    parts: &Parts<'_>,
    file: &Arc<str>,
) -> Diagnostic {
    let problem = Diagnostic::error(codes::YAML_SYNTAX, format!("front matter: {}", error.message));
    let problem = match error.offset {
        Some(at) => {
            let place = rest_of_line(parts.yaml, at);
            problem.at(Span::new(file, shift(&place, parts.yaml_start)))
        }
        None => problem.at(Span::new(file, 0..3)),
    };
    match error.hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// The place from an offset to the end of its line, the whole line where the offset is at its end.
pub(super) fn rest_of_line(text: &str, at: usize) -> Range<usize> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| at + n);
    if at < end { at..end } else { start..end }
}
