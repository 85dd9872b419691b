//! Tables of the pages of a kind: CSV for people, JSON for programs.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{FOLDER, documents, fields, fields_of, iri, kind_of, typed, versions};
use crate::knowledge::{Field, FieldType, Kind, items};
use crate::site::{GroupIx, Page, Site};
use crate::text::{percent, slug};

/// What stands between the items of a list in a cell.
const SEPARATOR: &str = " | ";

/// The pages of a kind, in the order of their ids.
fn rows<'a>(site: &'a Site, kind: &'a str) -> impl Iterator<Item = GroupIx> + 'a {
    let of_kind = move |ix: &GroupIx| {
        site.group(*ix).facts.kind.as_ref().is_some_and(|other| other.name == kind)
    };
    typed(site).filter(of_kind)
}

/// The kinds that have pages, by name.
#[must_use]
pub fn kinds(site: &Site) -> Vec<Arc<Kind>> {
    sorted(typed(site).filter_map(|ix| site.group(ix).facts.kind.clone()).collect())
}

fn sorted(mut kinds: Vec<Arc<Kind>>) -> Vec<Arc<Kind>> {
    // Nearly always they are one and the same.
    kinds.dedup_by(|a, b| Arc::ptr_eq(a, b));
    kinds.sort_by(|a, b| a.name.cmp(&b.name));
    kinds.dedup_by(|a, b| a.name == b.name);
    kinds
}

/// The kinds of the pages that a section or term lists, by name.
#[must_use]
pub fn kinds_in(site: &Site, page: &Page) -> Vec<Arc<Kind>> {
    let groups = page.listing().iter().map(|ix| site.group_of(site.page(*ix)));
    sorted(groups.filter_map(|group| kind_of(site, group)).cloned().collect())
}

/// The decoded address of a kind's table in a format by its extension.
#[must_use]
pub fn url(kind: &Kind, extension: &str) -> String {
    // A kind may be called anything; a file may not.
    let name = match slug::slugify(&kind.name) {
        name if name.is_empty() => percent::encode_strictly(&kind.name),
        name => name,
    };
    format!("{FOLDER}{name}.{extension}")
}

/// The pages of a kind as JSON: a list of objects.
#[must_use]
pub fn json(site: &Site, kind: &Kind) -> String {
    let rows: Vec<Value> = rows(site, &kind.name).map(|ix| object(site, kind, ix)).collect();
    let mut text = serde_json::to_string_pretty(&rows).unwrap_or_default();
    text.push('\n');
    text
}

fn object(site: &Site, kind: &Kind, ix: GroupIx) -> Value {
    let group = site.group(ix);
    let (mut titles, mut descriptions, mut urls) = (Map::new(), Map::new(), Map::new());
    for page in versions(site, ix) {
        let tag = site.language(page.lang).lang.to_string();
        titles.insert(tag.clone(), Value::from(&*page.title));
        let description = site.description(page);
        if !description.is_empty() {
            descriptions.insert(tag.clone(), Value::from(&*description));
        }
        urls.insert(tag, Value::from(iri::page(site, page)));
    }
    let mut said = Map::new();
    for field in fields_of(kind) {
        let value = value(site, ix, field);
        if !value.is_null() {
            said.insert(field.name.clone(), value);
        }
    }
    let front = &group.facts.front;
    json!({
        "id": &*group.id,
        "iri": iri::thing(site, group),
        "title": titles,
        "description": descriptions,
        "url": urls,
        "date": front.date.map(|date| date.to_string()),
        "updated": front.updated.map(|date| date.to_string()),
        "fields": said,
    })
}

/// What a page says in a field: texts by language where they have one, ids of pages whole, lists always as lists.
fn value(site: &Site, ix: GroupIx, field: &Field) -> Value {
    let original = &site.group(ix).original;
    let own = original.front.fields.get(&field.name).unwrap_or(&Value::Null);
    if !field.translatable {
        return normal(site, field, &field.type_, own, original.lang);
    }
    let mut by_language = Map::new();
    for document in documents(site, ix) {
        if let Some(value) = document.front.fields.get(&field.name) {
            let value = normal(site, field, &field.type_, value, document.lang);
            by_language.insert(site.language(document.lang).lang.to_string(), value);
        }
    }
    if by_language.is_empty() { Value::Null } else { Value::Object(by_language) }
}

fn normal(site: &Site, field: &Field, type_: &FieldType, value: &Value, lang: usize) -> Value {
    match (type_, value) {
        (_, Value::Null) => Value::Null,
        (FieldType::List(of), value) => {
            if **of == FieldType::Coordinates && fields::pair(value).is_some() {
                return Value::Array(vec![value.clone()]);
            }
            let item = |(_, item)| normal(site, field, of, item, lang);
            items(value).map(item).collect()
        }
        (FieldType::Reference(kinds), Value::String(reference)) => {
            match site.find_of(reference, kinds) {
                Ok(group) => Value::from(&*site.group(group).id),
                Err(_) => value.clone(),
            }
        }
        (FieldType::Localized, Value::String(_)) => {
            let mut texts = Map::new();
            texts.insert(site.language(lang).lang.to_string(), value.clone());
            Value::Object(texts)
        }
        (FieldType::Record(fields), value) => {
            let mut record = Map::new();
            for (n, inner) in fields.iter().enumerate().filter(|(_, inner)| !inner.private) {
                let said = match value {
                    Value::Object(map) => map.get(&inner.name),
                    single => Some(single).filter(|_| n == 0),
                };
                if let Some(said) = said.filter(|said| !said.is_null()) {
                    let value = normal(site, inner, &inner.type_, said, lang);
                    record.insert(inner.name.clone(), value);
                }
            }
            Value::Object(record)
        }
        (FieldType::Text, Value::String(text)) => Value::from(field.plain(text)),
        // A year is a number in YAML alone.
        (FieldType::Date, Value::Number(year)) => Value::from(year.to_string()),
        (_, value) => value.clone(),
    }
}

/// The pages of a kind as CSV (RFC 4180). It begins with a byte order mark, without which spreadsheets take Arabic
/// for something else.
#[must_use]
pub fn csv(site: &Site, kind: &Kind) -> Vec<u8> {
    let mut bytes = Vec::from("\u{FEFF}");
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    // Writing to memory does not fail.
    let _ = writer.write_record(header(site, kind));
    for ix in rows(site, &kind.name) {
        let _ = writer.write_record(row(site, kind, ix));
    }
    let _ = writer.flush();
    drop(writer);
    bytes
}

/// How a field's value is spread over columns.
enum Spread {
    Languages,
    Coordinates,
    One,
}

fn spread(field: &Field) -> Spread {
    match (&field.type_, field.type_.item()) {
        (FieldType::Coordinates, _) => Spread::Coordinates,
        (_, FieldType::Localized) => Spread::Languages,
        _ if field.translatable => Spread::Languages,
        _ => Spread::One,
    }
}

fn tags(site: &Site) -> impl Iterator<Item = &str> {
    site.config.languages.iter().map(|language| language.lang.as_str())
}

fn header(site: &Site, kind: &Kind) -> Vec<String> {
    let mut names = vec!["id".to_owned(), "iri".to_owned()];
    for column in ["title", "description", "url"] {
        names.extend(tags(site).map(|tag| format!("{column}_{tag}")));
    }
    names.extend(["date".to_owned(), "updated".to_owned()]);
    for field in fields_of(kind) {
        let name = &field.name;
        match spread(field) {
            Spread::Languages => names.extend(tags(site).map(|tag| format!("{name}_{tag}"))),
            Spread::Coordinates => {
                names.extend([format!("{name}_latitude"), format!("{name}_longitude")]);
            }
            Spread::One => names.push(name.clone()),
        }
    }
    names
}

fn row(site: &Site, kind: &Kind, ix: GroupIx) -> Vec<String> {
    let object = object(site, kind, ix);
    let text = |value: &Value| value.as_str().map(text_cell).unwrap_or_default();
    let at = |key: &str| object.get(key).unwrap_or(&Value::Null);
    let mut cells = vec![text(at("id")), text(at("iri"))];
    for column in ["title", "description", "url"] {
        cells.extend(tags(site).map(|tag| at(column).get(tag).map(text).unwrap_or_default()));
    }
    cells.extend([text(at("date")), text(at("updated"))]);
    for field in fields_of(kind) {
        let value = at("fields").get(&field.name).unwrap_or(&Value::Null);
        match spread(field) {
            Spread::Languages => cells.extend(tags(site).map(|tag| match value {
                // A list of texts that are each in several languages.
                Value::Array(texts) => {
                    let own = texts.iter().filter_map(|text| text.get(tag));
                    cell(&Value::Array(own.cloned().collect()))
                }
                value => value.get(tag).map(cell).unwrap_or_default(),
            })),
            Spread::Coordinates => {
                let of = |n: usize| value.get(n).map(cell).unwrap_or_default();
                cells.extend([of(0), of(1)]);
            }
            Spread::One => cells.push(cell(value)),
        }
    }
    cells
}

/// A value in a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text_cell(text),
        // They begin with no sign but that of a number.
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Array(items) => {
            let items = items.iter().map(|item| match item {
                Value::String(text) => text.replace('\\', "\\\\").replace('|', "\\|"),
                other => other.to_string().replace('\\', "\\\\").replace('|', "\\|"),
            });
            text_cell(&items.collect::<Vec<_>>().join(SEPARATOR))
        }
        Value::Object(_) => text_cell(&value.to_string()),
    }
}

/// A text in a cell. One that a spreadsheet would take for a formula, and run, has an apostrophe before it.
fn text_cell(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (value, expected) in [
            (json!("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")"),
            (json!("@a"), "'@a"),
            (json!(-3.5), "-3.5"),
            (json!(["-a", "b|c", "d\\"]), "'-a | b\\|c | d\\\\"),
            (json!({ "who": "x" }), "{\"who\":\"x\"}"),
            (json!("نص"), "نص"),
            (json!(null), ""),
        ] {
            assert_eq!(cell(&value), expected);
        }
    }
}
