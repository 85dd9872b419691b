//! A record as the page of a source.

use std::fmt::Write as _;

use serde_json::Value;

use super::Record;
use crate::knowledge::Kind;

/// The file of a source's page, and the names of what its kind has no field for. `kind` is said unless
/// the section does.
#[must_use]
pub fn page(record: &Record, kind: &Kind, says_kind: bool) -> (String, Vec<&'static str>) {
    let text = |value: &Option<String>| value.clone().map(Value::from);
    let date = |value: Option<crate::text::Edtf>| value.map(|date| Value::from(date.to_string()));
    let authors = (!record.authors.is_empty()).then(|| Value::from(record.authors.clone()));
    let fields = [
        ("type", (!record.type_.is_empty()).then(|| Value::from(record.type_.as_str()))),
        ("authors", authors),
        ("publisher", text(&record.publisher)),
        ("published", date(record.published)),
        ("pages", text(&record.pages)),
        ("language", text(&record.language)),
        ("url", text(&record.url)),
        ("archived_url", text(&record.archived_url)),
        ("accessed", date(record.accessed)),
        ("note", text(&record.note)),
    ];
    // Writing to a String cannot fail. A JSON text is a YAML one.
    let mut out = format!("---\ntitle: {}\n", Value::from(record.title.as_str()));
    if says_kind {
        let _ = writeln!(out, "kind: {}", kind.name);
    }
    let mut left_out = Vec::new();
    for (name, value) in fields {
        let Some(value) = value else { continue };
        if kind.field(name).is_some() {
            let _ = writeln!(out, "{name}: {value}");
        } else {
            left_out.push(name);
        }
    }
    out.push_str("---\n");
    (out, left_out)
}
