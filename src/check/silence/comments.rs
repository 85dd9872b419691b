//! Finding comments in files of every kind, and reading what is in them.

use std::sync::Arc;

use pulldown_cmark::Event;

use super::{Action, MARK};
use crate::diagnostic::Problems;
use crate::document::Parts;
use crate::document::markdown::{Item, Source};

/// The comments of a file that may hold a directive, each with its place.
pub(super) fn of<'a>(path: &Arc<str>, text: &'a str) -> Vec<(usize, &'a str)> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "md" => markdown(path, text),
        "yaml" | "yml" | "toml" => hashes(text, 0),
        "css" | "js" => between(text, 0, &[("/*", "*/"), ("//", "\n")]),
        _ => between(text, 0, &[("<!--", "-->"), ("{#", "#}")]),
    }
}

/// In front matter what follows ` #`; in the body only what Markdown itself takes for HTML, so that
/// code that shows a comment is none.
fn markdown<'a>(path: &Arc<str>, text: &'a str) -> Vec<(usize, &'a str)> {
    let parts = Parts::split(text, path, &Problems::new());
    let front = text.get(..parts.body_start).unwrap_or_default();
    let mut found = hashes(front, 0);
    for (item, place) in Source::new(parts.body).items() {
        if let Item::Event(Event::Html(_) | Event::InlineHtml(_)) = item
            && let Some(html) = parts.body.get(place.clone())
        {
            found.extend(between(html, parts.body_start + place.start, &[("<!--", "-->")]));
        }
    }
    found
}

/// What follows a `#` at the beginning of a line or after a space.
fn hashes(text: &str, base: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let hash = line.match_indices('#').map(|(n, _)| n).find(|n| {
            line.get(..*n).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
        });
        if let Some(comment) = hash.and_then(|n| line.get(n + 1..)) {
            found.push((base + at + line.len() - comment.len(), comment));
        }
        at += line.len();
    }
    found
}

/// What stands between marks.
fn between<'a>(text: &'a str, base: usize, marks: &[(&str, &str)]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for (open, close) in marks {
        let mut at = 0;
        while let Some(start) = text.get(at..).and_then(|rest| rest.find(open)) {
            let start = at + start + open.len();
            let rest = text.get(start..).unwrap_or_default();
            let length = rest.find(close).unwrap_or(rest.len());
            found.push((base + start, rest.get(..length).unwrap_or_default()));
            at = start + length;
        }
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    found
}

/// Shows the directive that a comment begins with: what it does, where its names begin in the
/// comment, and the names with their places after that.
pub(super) fn directives<'a>(
    comment: &'a str,
    mut show: impl FnMut(Action, usize, Vec<(&'a str, usize)>),
) {
    let inside = comment.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    let Some(rest) = inside.strip_prefix(MARK) else { return };
    let length = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default().trim_end_matches('-');
    let action = match word {
        "disable" => Action::Disable,
        "enable" => Action::Enable,
        "disable-line" => Action::Line(0),
        "disable-next-line" => Action::Line(1),
        _ => return,
    };
    let list = rest.get(word.len()..).unwrap_or_default();
    let mut names = Vec::new();
    let mut offset = 0;
    for part in list.split_inclusive([',', ' ', '\t', '\n']) {
        let name = part.trim_matches(|c: char| c.is_whitespace() || c == ',');
        // From here on it is the reason.
        if matches!(name, "--" | "-" | "—" | ":" | "#}" | "-#}") {
            break;
        }
        let bare = name.trim_end_matches(':');
        if !bare.is_empty() {
            names.push((bare, offset));
        }
        if bare.len() < name.len() {
            break;
        }
        offset += part.len();
    }
    show(action, comment.len() - list.len(), names);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<String> {
        let mut shown = Vec::new();
        for (place, comment) in of(&path.into(), text) {
            directives(comment, |action, at, names| {
                for (name, offset) in &names {
                    let start = place + at + offset;
                    assert_eq!(text.get(start..start + name.len()), Some(*name));
                }
                let names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
                shown.push(format!("{action:?} {}", names.join(" ")));
            });
        }
        shown
    }

    #[test]
    fn comments_of_every_kind() {
        for (path, text, wanted) in [
            ("a.md", "<!-- lint-disable-next-line tatweel, L9 -->\n", vec!["Line(1) tatweel L9"]),
            ("a.md", "---\ntitle: x # lint-disable-line spacing\n---\n", vec!["Line(0) spacing"]),
            (
                "a.md",
                "a <!-- lint-disable-line L8: a name --> <!-- lint-disable L9 -- x y -->",
                vec!["Line(0) L8", "Disable L9"],
            ),
            (
                "a.md",
                "# lint-disable\n\n[a](#lint-disable)\n\n```\n<!-- lint-disable -->\n```\n`<!-- lint-disable -->`",
                vec![],
            ),
            (
                "a.html",
                "{#- lint-disable L8 -#} <!-- lint-enable -->",
                vec!["Disable L8", "Enable "],
            ),
            ("a.css", "/* lint-disable-line physical-css */", vec!["Line(0) physical-css"]),
            ("a.yaml", "# lint-disable\na: 'b#lint-disable'\n", vec!["Disable "]),
            ("a.md", "a lint-disable L8\n<!-- see lint-disable -->", vec![]),
        ] {
            assert_eq!(read(path, text), wanted, "{text}");
        }
    }
}
