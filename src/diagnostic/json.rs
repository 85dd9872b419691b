//! Diagnostics for programs: one JSON object a line.

use serde_json::{Value, json};

use super::{Diagnostic, Quotes, Span};

/// Renders a diagnostic as one line of JSON without its line break. Lines and columns count from
/// 1, columns in characters; `quote` is the text of the place.
#[must_use]
pub fn json(diagnostic: &Diagnostic, quotes: &dyn Quotes) -> String {
    let mut object = json!({
        "severity": diagnostic.severity.as_str(),
        "code": diagnostic.code,
        "message": diagnostic.message,
    });
    if let Some(map) = object.as_object_mut() {
        if let Some(span) = &diagnostic.span {
            map.extend(place(span, quotes));
            if diagnostic.masked {
                map.insert("quote".into(), Value::from("•••"));
            }
        }
        let related = diagnostic.related.iter().map(|(span, what)| {
            let mut place = place(span, quotes);
            place.insert("message".into(), Value::from(what.as_str()));
            Value::Object(place)
        });
        map.insert("related".into(), related.collect());
        map.insert("hints".into(), Value::from(diagnostic.hints.clone()));
        if !diagnostic.fix.is_empty() {
            map.insert("fixable".into(), Value::from(true));
        }
    }
    object.to_string()
}

fn place(span: &Span, quotes: &dyn Quotes) -> serde_json::Map<String, Value> {
    let mut map = serde_json::Map::new();
    map.insert("file".into(), Value::from(&*span.file));
    if span.is_whole_file() {
        return map;
    }
    if let Some(text) = quotes.text(&span.file) {
        let (line, column) = position(&text, span.range.0);
        let (end_line, end_column) = position(&text, span.range.1);
        for (key, n) in
            [("line", line), ("column", column), ("end_line", end_line), ("end_column", end_column)]
        {
            map.insert(key.into(), Value::from(n));
        }
        let quote = text.get(span.range.0..span.range.1).unwrap_or_default();
        map.insert("quote".into(), Value::from(quote));
    }
    map
}

/// The line and column of a byte offset, both from 1, the column in characters.
#[must_use]
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = text.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    (line, before.get(line_start..).unwrap_or_default().chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(position("أ\nعنوان: x", "أ\nعنوان".len()), (2, 6));
        assert_eq!(position("", 9), (1, 1));
    }
}
