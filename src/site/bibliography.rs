//! The sources of a site, and their records for other programs.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::links::SOURCE;
use super::{Group, GroupIx, Site, last_part};
use crate::knowledge::bibliography::Record;
use crate::text::{Edtf, Lang};

impl Site {
    /// The pages of kind `source`, by id.
    pub fn sources(&self) -> impl Iterator<Item = GroupIx> + '_ {
        let is_source =
            |group: &Group| group.facts.kind.as_ref().is_some_and(|kind| kind.name == SOURCE);
        let groups = self.groups.iter().enumerate();
        groups.filter(move |(_, group)| is_source(group)).map(|(n, _)| GroupIx::new(n))
    }

    /// Whether there are pages of kind `source`.
    #[must_use]
    pub fn has_sources(&self) -> bool {
        self.sources().next().is_some()
    }

    /// The sources as records, by id. Each has the last part of its id for a key, with a number where
    /// another has it.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let mut taken = HashSet::new();
        self.sources().map(|source| record(self.group(source), &mut taken)).collect()
    }
}

fn record(group: &Group, taken: &mut HashSet<String>) -> Record {
    let fields = &group.original.front.fields;
    let text = |name: &str| text(fields, name);
    let date = |name: &str| text(name).and_then(|date| Edtf::parse(&date).ok());
    let authors = match fields.get("authors") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(name)) => vec![name.as_str()],
        _ => Vec::new(),
    };
    let title = text("original_title");
    let own = || group.original.front.title.as_deref().unwrap_or_default().to_owned();
    Record {
        key: key(&group.id, taken),
        type_: text("type").unwrap_or_default(),
        title: title.unwrap_or_else(own),
        authors: authors.into_iter().map(|name| name.trim().to_owned()).collect(),
        publisher: text("publisher"),
        published: date("published"),
        accessed: date("accessed"),
        language: text("language").and_then(|tag| Lang::parse(&tag)).map(|lang| lang.to_string()),
        url: text("url"),
        archived_url: text("archived_url"),
        pages: text("pages"),
        note: text("note"),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A key of letters, digits and the signs that BibTeX takes in one.
fn key(id: &str, taken: &mut HashSet<String>) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+');
    let plain = |c: char| if fits(c) { c } else { '-' };
    let wanted: String = last_part(id).chars().map(plain).collect();
    let mut key = wanted.clone();
    let mut n = 2;
    while !taken.insert(key.clone()) {
        key = format!("{wanted}-{n}");
        n += 1;
    }
    key
}
