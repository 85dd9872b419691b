//! Comments that silence rules in a file: `lint-disable`, `lint-enable`, `lint-disable-line` and
//! `lint-disable-next-line`, each with the names of rules or for all, in a comment of whatever kind
//! the file has.

use std::collections::HashMap;
use std::ops::Range;

use super::{Context, Found};
use crate::diagnostic::{Quotes, Span, position, rules};

/// The word that every such comment begins with.
const MARK: &str = "lint-";

/// Where rules are silent.
struct Silent {
    /// The lines, from 1.
    lines: Range<usize>,
    /// The rules' names; all where empty.
    rules: Vec<&'static str>,
}

/// Takes out what a comment silences.
pub(super) fn apply(context: &Context<'_>, found: Found) -> Found {
    let mut files: HashMap<String, (String, Vec<Silent>)> = HashMap::new();
    let mut kept = Vec::with_capacity(found.len());
    let mut comments = Vec::new();
    for problem in found {
        // What keeps a site from being built cannot be silenced.
        let Some(span) = problem.span.clone().filter(|_| rules::find(problem.code).is_some())
        else {
            kept.push(problem);
            continue;
        };
        let (text, silent) = files.entry(span.file.to_string()).or_insert_with(|| {
            let text = context.tree.text(&span.file).unwrap_or_default();
            let (silent, unknown) = read(&text);
            for (place, name) in unknown {
                let message = format!("there is no rule `{name}`");
                let names: Vec<&str> = rules::all().map(|rule| rule.code).collect();
                let problem = context.rule(rules::UNKNOWN_RULE, message);
                comments.extend(problem.map(|problem| {
                    problem.at(Span::new(&span.file, place)).did_you_mean(&name, names)
                }));
            }
            (text, silent)
        });
        let line = position(text, span.range.0).0;
        let whole = span.is_whole_file();
        let covers = |silent: &Silent| {
            let named = silent.rules.is_empty() || silent.rules.contains(&problem.code);
            named && (silent.lines.contains(&line) || (whole && silent.lines.end == usize::MAX))
        };
        if !silent.iter().any(covers) {
            kept.push(problem);
        }
    }
    kept.extend(comments);
    kept
}

/// Names of rules that are not there, with their places.
type Unknown = Vec<(Range<usize>, String)>;

/// Reads the comments of a file.
fn read(text: &str) -> (Vec<Silent>, Unknown) {
    let (mut silent, mut unknown) = (Vec::<Silent>::new(), Unknown::new());
    if !text.contains(MARK) {
        return (silent, unknown);
    }
    let mut at = 0;
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let (number, start) = (n + 1, at);
        at += line.len();
        let Some((place, word, names)) = directive(line) else { continue };
        let mut rules = Vec::new();
        for (name, offset) in names {
            match rules::find(name) {
                Some(rule) => rules.push(rule.code),
                None => {
                    let place = start + place + offset;
                    unknown.push((place..place + name.len(), name.to_owned()));
                }
            }
        }
        let lines = match word {
            "disable-line" => number..number + 1,
            "disable-next-line" => number + 1..number + 2,
            "disable" => number..usize::MAX,
            _ => {
                end(&mut silent, number, &rules);
                continue;
            }
        };
        silent.push(Silent { lines, rules });
    }
    (silent, unknown)
}

/// Ends what was disabled up to a line: these rules, or all.
fn end(silent: &mut [Silent], line: usize, rules: &[&'static str]) {
    for open in silent.iter_mut().filter(|open| open.lines.end == usize::MAX) {
        let same = rules.is_empty()
            || (!open.rules.is_empty() && open.rules.iter().all(|rule| rules.contains(rule)));
        if same {
            open.lines.end = line;
        }
    }
}

/// The names that a comment holds, with their places after its word.
type Names<'a> = Vec<(&'a str, usize)>;

/// The directive of a line: where its names begin, its word, and the names with their places.
fn directive(line: &str) -> Option<(usize, &str, Names<'_>)> {
    let at = line.find(MARK)?;
    // It stands in a comment: of HTML and Markdown, YAML and TOML, Tera, CSS and JavaScript.
    let before = line.get(..at)?.trim_end();
    if !["<!--", "#", "{#", "{#-", "/*", "//"].iter().any(|opening| before.ends_with(opening)) {
        return None;
    }
    let rest = line.get(at + MARK.len()..)?;
    let length = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
    let word = rest.get(..length)?.trim_end_matches('-');
    if !matches!(word, "disable" | "enable" | "disable-line" | "disable-next-line") {
        return None;
    }
    let start = at + MARK.len() + word.len();
    let list = line.get(start..)?;
    let list = ["-->", "#}", "-#}", "*/"]
        .iter()
        .fold(list, |list, end| list.split(end).next().unwrap_or(list));
    let mut names = Vec::new();
    let mut offset = 0;
    for part in list.split_inclusive([',', ' ', '\t']) {
        let name = part.trim_matches(|c: char| c.is_whitespace() || c == ',');
        if !name.is_empty() {
            names.push((name, offset));
        }
        offset += part.len();
    }
    Some((start, word, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(text: &str) -> Vec<(Range<usize>, Vec<&'static str>)> {
        read(text).0.into_iter().map(|silent| (silent.lines, silent.rules)).collect()
    }

    #[test]
    fn comments_of_every_kind() {
        assert_eq!(
            silent("a\n<!-- lint-disable-next-line tatweel, L9 -->\n"),
            [(3..4, vec!["tatweel", "foreign-letter"])]
        );
        assert_eq!(silent("title: x # lint-disable-line spacing\n"), [(1..2, vec!["spacing"])]);
        assert_eq!(silent("<!-- lint-disable -->\n\n<!-- lint-enable -->"), [(1..3, vec![])]);
        assert_eq!(silent("{#- lint-disable L8 -#}"), [(1..usize::MAX, vec!["tatweel"])]);
        assert_eq!(silent("a lint-disable L8\n"), []);
    }

    #[test]
    fn unknown_names_have_a_place() {
        let text = "# lint-disable L99";
        let unknown = read(text).1;
        assert_eq!(unknown.first().map(|(place, _)| &text[place.clone()]), Some("L99"));
    }
}
