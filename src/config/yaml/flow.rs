//! Places inside YAML's flow collections: `{who: omar, role: {ar: رئيس}}`, `[a, b]`.

use std::ops::Range;

use crate::config::reader::Step;

/// The places of the key and value that a path leads to in a flow collection that `text` begins with,
/// as far as the path can be followed; `None` where not even its first step can.
pub(super) fn find(text: &str, path: &[Step]) -> Option<(Range<usize>, Range<usize>)> {
    let mut base = 0;
    let mut found = None;
    for step in path {
        let here = text.get(base..)?;
        let is_map = here.starts_with('{');
        if !is_map && !here.starts_with('[') {
            break;
        }
        let mut all = entries(here).into_iter();
        let next = match step {
            Step::Index(n) if !is_map => all.nth(*n).map(|entry| (entry.clone(), entry)),
            Step::Key(key) if is_map => all.find_map(|entry| {
                let (name, value) = pair(here, entry)?;
                (unquoted(here.get(name.clone())?) == key).then_some((name, value))
            }),
            _ => None,
        };
        let Some((key, value)) = next else { break };
        let at = |range: &Range<usize>| range.start + base..range.end + base;
        found = Some((at(&key), at(&value)));
        base += value.start;
    }
    found
}

/// The entries of the collection that a text begins with, without the white space around them.
fn entries(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    let mut push = |from: usize, to: usize| {
        let entry = text.get(from..to).unwrap_or_default();
        let trimmed = entry.trim_start();
        let from = to - trimmed.len();
        if !trimmed.is_empty() {
            found.push(from..from + trimmed.trim_end().len());
        }
    };
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' | b'\'' if begins_value(text, at) => {
                at = after_quote(text, at);
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    push(start, at);
                    break;
                }
            }
            b',' if depth == 1 => {
                push(start, at);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Whether a quotation mark opens a text, and is not one inside a word.
fn begins_value(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\n', '\r', '\t']);
    before.is_empty() || before.ends_with(['{', '[', ',', ':'])
}

/// The place behind the text in quotation marks that begins at a place.
fn after_quote(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.get(at).copied().unwrap_or(b'"');
    let mut i = at + 1;
    while let Some(byte) = bytes.get(i) {
        if *byte == b'\\' && quote == b'"' {
            i += 2;
            continue;
        }
        if *byte == quote {
            // In single quotes a quote is written twice.
            if quote == b'\'' && bytes.get(i + 1) == Some(&b'\'') {
                i += 2;
                continue;
            }
            return i + 1;
        }
        i += 1;
    }
    text.len()
}

/// The key and value of an entry of a mapping; a key alone is its own value.
fn pair(text: &str, entry: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let written = text.get(entry.clone())?;
    let from = if written.starts_with(['"', '\'']) { after_quote(written, 0) } else { 0 };
    let colon = written.bytes().enumerate().skip(from).find_map(|(i, byte)| {
        let next = written.as_bytes().get(i + 1);
        let ends = from > 0 || next.is_none_or(u8::is_ascii_whitespace);
        (byte == b':' && ends).then_some(i)
    });
    let Some(colon) = colon else { return Some((entry.clone(), entry)) };
    let key = entry.start..entry.start + written.get(..colon)?.trim_end().len();
    let rest = written.get(colon + 1..)?;
    let value = entry.end - rest.trim_start().len()..entry.end;
    Some((key.clone(), if value.is_empty() { key } else { value }))
}

fn unquoted(key: &str) -> &str {
    key.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(text: &'a str, path: &[Step]) -> Option<(&'a str, &'a str)> {
        let (key, value) = find(text, path)?;
        Some((&text[key], &text[value]))
    }

    #[test]
    fn parts_of_flow_collections_are_found() {
        let key = |k: &str| Step::Key(k.into());
        let text = "{who: omar, \"a, b\": 'it''s, so',\n role: {ar: \"رئيس, }\", en: [x, {y: z}]}, u: http://a/b, k}";
        assert_eq!(at(text, &[key("who")]), Some(("who", "omar")));
        assert_eq!(at(text, &[key("a, b")]), Some(("\"a, b\"", "'it''s, so'")));
        assert_eq!(at(text, &[key("role"), key("ar")]), Some(("ar", "\"رئيس, }\"")));
        let deep = [key("role"), key("en"), Step::Index(1), key("y")];
        assert_eq!(at(text, &deep), Some(("y", "z")));
        assert_eq!(at(text, &[key("u")]), Some(("u", "http://a/b")));
        assert_eq!(at(text, &[key("k")]), Some(("k", "k")));
        assert_eq!(at(text, &[key("none")]), None);
        assert_eq!(at("[a, don't, c]", &[Step::Index(2)]), Some(("c", "c")));
        assert_eq!(at("{a: [", &[key("a"), Step::Index(0)]), None);
    }
}
