//! References of a style sheet to other files, which have to follow those to their fingerprinted
//! names.

use std::ops::Range;

use crate::text::join;

/// A reference: the place of its URL in the text (without quotes), and the URL.
pub(super) type Reference = (Range<usize>, String);

/// Finds every `url(…)` and `@import "…"` outside of comments and strings (CSS Syntax Level 3 §4).
pub(super) fn references(css: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = css.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with(['"', '\'']) {
            at += string(rest);
        } else if starts_with(rest, "url(") {
            at += url(rest, at, &mut found);
        } else if starts_with(rest, "@import") {
            let gap = rest.len() - rest.get(7..).unwrap_or_default().trim_start().len();
            let quoted = rest.get(gap..).unwrap_or_default();
            if quoted.starts_with(['"', '\'']) {
                let length = string(quoted);
                let inside = at + gap + 1..at + gap + length.saturating_sub(1).max(1);
                push(css, inside, &mut found);
                at += gap + length;
            } else {
                at += gap;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The length of the string that a text starts with, quotes included.
fn string(text: &str) -> usize {
    let Some(quote) = text.chars().next() else { return 0 };
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            // A string ends with its line at the latest.
            '\n' if !escaped => return at,
            c if c == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Reads `url(…)` at the start of `rest`; gives its length.
fn url(rest: &str, at: usize, found: &mut Vec<Reference>) -> usize {
    let inner = rest.get(4..).unwrap_or_default();
    let start = 4 + inner.len() - inner.trim_start().len();
    let inner = rest.get(start..).unwrap_or_default();
    if inner.starts_with(['"', '\'']) {
        let length = string(inner);
        if let Some(url) = inner.get(1..length.saturating_sub(1)) {
            found.push((at + start + 1..at + start + 1 + url.len(), url.to_owned()));
        }
        return start + length;
    }
    let end = inner.find(')').unwrap_or(inner.len());
    let url = inner.get(..end).unwrap_or_default().trim_end();
    found.push((at + start..at + start + url.len(), url.to_owned()));
    start + end
}

fn push(css: &str, range: Range<usize>, found: &mut Vec<Reference>) {
    if let Some(url) = css.get(range.clone()) {
        found.push((range, url.to_owned()));
    }
}

/// The path that a relative reference of the asset at `from` means; `None` for URLs, absolute paths
/// and what leaves `assets/`. What follows a `?` or `#` is given apart.
pub(super) fn target<'a>(from: &str, reference: &'a str) -> Option<(String, &'a str)> {
    let end = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, tail) = reference.split_at_checked(end)?;
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some((join(folder, path)?, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_comments_are_not() {
        let css = "@import 'a.css'; /* url(no.png) */ x{background:url( \"f/ن.woff2\" )} y{content:\"url(no)\";src:URL(z.png?v#i)}";
        let found = references(css);
        let urls: Vec<_> =
            found.iter().map(|(range, url)| (&css[range.clone()], url.as_str())).collect();
        assert_eq!(
            urls,
            [("a.css", "a.css"), ("f/ن.woff2", "f/ن.woff2"), ("z.png?v#i", "z.png?v#i")]
        );
    }

    #[test]
    fn broken_css_ends() {
        for css in ["url(", "url(\"", "@import", "@import \"", "/*", "\"\\", "url('a"] {
            references(css);
        }
    }

    #[test]
    fn relative_paths() {
        assert_eq!(target("css/a.css", "../f/x.woff2?v"), Some(("f/x.woff2".into(), "?v")));
        assert_eq!(target("a.css", "../x"), None);
        assert_eq!(target("a.css", "data:x"), None);
        assert_eq!(target("a.css", "/x.png"), None);
    }
}
