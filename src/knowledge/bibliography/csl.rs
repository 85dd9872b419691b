//! Records as CSL-JSON, written and read.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::names::Name;
use super::{Entries, Mistake, Record, TYPES, date, language};
use crate::text::Edtf;
use crate::text::edtf::{Moment, Precision};

/// Writes records, in their order.
#[must_use]
pub fn write(records: &[Record]) -> String {
    let items: Vec<Value> = records.iter().map(item).collect();
    let mut text = serde_json::to_string_pretty(&items).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    text
}

fn item(record: &Record) -> Value {
    let mut item = Map::new();
    let types = TYPES.iter().find(|(own, ..)| *own == record.type_);
    item.insert("id".into(), record.key.as_str().into());
    item.insert("type".into(), types.map_or("document", |(_, _, csl)| csl).into());
    item.insert("title".into(), record.title.as_str().into());
    let author = |name: &String| match Name::parse(name) {
        Name::Person(family, given) => json!({ "family": family, "given": given }),
        Name::Whole(name) => json!({ "literal": name }),
    };
    let authors: Vec<Value> = record.authors.iter().map(author).collect();
    if !authors.is_empty() {
        item.insert("author".into(), authors.into());
    }
    let container = matches!(record.type_.as_str(), "news" | "web");
    let publisher = if container { "container-title" } else { "publisher" };
    let mut text = |key: &str, value: &Option<String>| {
        if let Some(value) = value {
            item.insert(key.into(), value.as_str().into());
        }
    };
    text(publisher, &record.publisher);
    text("page", &record.pages);
    text("URL", &record.url);
    text("language", &record.language);
    text("note", &record.note);
    for (key, date) in [("issued", &record.published), ("accessed", &record.accessed)] {
        if let Some(date) = date {
            item.insert(key.into(), dated(date));
        }
    }
    if let Some(url) = &record.archived_url {
        // The schema has no place for it but this.
        item.insert("custom".into(), json!({ "archived_url": url }));
    }
    Value::Object(item)
}

/// A date in parts, as far as it has them; as it is where that says less.
fn dated(date: &Edtf) -> Value {
    let moments = match date {
        Edtf::At(moment) => vec![*moment],
        Edtf::Between(Some(from), Some(to)) => vec![*from, *to],
        Edtf::Between(..) => Vec::new(),
    };
    let mut map = Map::new();
    let all: Option<Vec<Value>> = moments.iter().map(parts).collect();
    if let Some(all) = all.filter(|all| !all.is_empty()) {
        map.insert("date-parts".into(), all.into());
    }
    if moments.iter().any(|moment| moment.approximate || moment.uncertain) {
        map.insert("circa".into(), true.into());
    }
    if undated(&map).as_ref() != Some(date) {
        map.insert("raw".into(), date.to_string().into());
    }
    Value::Object(map)
}

fn parts(moment: &Moment) -> Option<Value> {
    Some(match moment.precision {
        Precision::Day => json!([moment.year, moment.month, moment.day]),
        Precision::Month => json!([moment.year, moment.month]),
        Precision::Year => json!([moment.year]),
        Precision::Decade | Precision::Century => return None,
    })
}

/// The date of a date variable.
fn undated(map: &Map<String, Value>) -> Option<Edtf> {
    let raw = |key: &str| map.get(key).and_then(Value::as_str).and_then(date);
    if let Some(date) = raw("raw") {
        return Some(date);
    }
    let number = |value: &Value| match value {
        Value::String(text) => text.trim().parse::<i64>().ok(),
        value => value.as_i64(),
    };
    let circa = match map.get("circa") {
        None | Some(Value::Null | Value::Bool(false)) => "",
        Some(_) => "~",
    };
    let moment = |parts: &Value| {
        let parts: Option<Vec<i64>> = parts.as_array()?.iter().map(number).collect();
        Some(match parts?.as_slice() {
            [year] => format!("{year:04}{circa}"),
            [year, month] => format!("{year:04}-{month:02}{circa}"),
            [year, month, day, ..] => format!("{year:04}-{month:02}-{day:02}{circa}"),
            [] => return None,
        })
    };
    let moments: Option<Vec<String>> = map
        .get("date-parts")
        .and_then(Value::as_array)
        .and_then(|all| all.iter().map(moment).collect());
    let text = moments.filter(|moments| !moments.is_empty()).map(|moments| moments.join("/"));
    text.and_then(|text| date(&text)).or_else(|| raw("literal"))
}

/// Reads a file. Items that cannot be read are left out, with the reason among the mistakes.
#[must_use]
pub fn read(text: &str) -> Entries {
    let mut entries = Entries::default();
    let items = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(items)) => items,
        Ok(_) => {
            let mistake = Mistake::new("CSL-JSON is a list of items: `[{…}, …]`", 0..1);
            entries.mistakes.push(mistake);
            return entries;
        }
        Err(error) => {
            let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
            let line: usize = lines.map(str::len).sum();
            let mut at = (line + error.column().saturating_sub(1)).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let full = error.to_string();
            let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
            entries.mistakes.push(Mistake::new(format!("JSON: {message}"), at..at + 1));
            return entries;
        }
    };
    let places = items_of(text);
    for (n, item) in items.iter().enumerate() {
        let place = places.get(n).cloned().unwrap_or(0..1);
        let mut reading = Reading { text, place: place.clone(), mistakes: &mut entries.mistakes };
        if let Some(record) = reading.record(item) {
            entries.records.push((record, place.start..place.start + 1));
        }
    }
    entries
}

/// The places of the elements of a JSON list.
fn items_of(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let (mut depth, mut start, mut string, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if string {
            string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            match byte {
                b'[' | b'{' => {
                    if depth == 1 {
                        start = Some(at);
                    }
                    depth += 1;
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 1 {
                        places.extend(start.take().map(|start| start..at + 1));
                    }
                }
                _ if depth == 1 && !byte.is_ascii_whitespace() && byte != b',' => {
                    // A text or number where an item should be.
                    places.push(at..at + 1);
                }
                _ => {}
            }
            string = byte == b'"';
        }
    }
    places
}

struct Reading<'a> {
    text: &'a str,
    /// The place of the item.
    place: Range<usize>,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reading<'_> {
    /// The place of a key of the item, or of the item's beginning.
    fn key(&self, key: &str) -> Range<usize> {
        let written = format!("\"{key}\"");
        let item = self.text.get(self.place.clone()).unwrap_or_default();
        match item.find(&written) {
            Some(at) => self.place.start + at..self.place.start + at + written.len(),
            None => self.place.start..self.place.start + 1,
        }
    }

    fn minor(&mut self, key: &str, message: String) {
        let place = self.key(key);
        self.mistakes.push(Mistake::new(message, place).minor());
    }

    fn record(&mut self, item: &Value) -> Option<Record> {
        let Some(item) = item.as_object() else {
            let message = "an item of the list is no object `{…}`";
            self.mistakes.push(Mistake::new(message, self.place.clone()));
            return None;
        };
        let key = match item.get("id") {
            Some(Value::String(id)) if !id.trim().is_empty() => id.trim().to_owned(),
            Some(Value::Number(id)) => id.to_string(),
            _ => {
                let place = self.key("id");
                self.mistakes.push(Mistake::new("the item has no `id`", place));
                return None;
            }
        };
        let Some(title) = self.string(item, "title") else {
            let place = self.key("title");
            self.mistakes.push(Mistake::new(format!("the item `{key}` has no title"), place));
            return None;
        };
        let custom = item.get("custom").and_then(Value::as_object);
        let archived = custom.and_then(|custom| custom.get("archived_url")?.as_str());
        let publisher = ["container-title", "publisher", "authority"];
        Some(Record {
            type_: self.kind(item).to_owned(),
            authors: self.authors(item),
            publisher: publisher.iter().find_map(|key| self.string(item, key)),
            published: self.date(item, "issued"),
            accessed: self.date(item, "accessed"),
            language: self.language(item),
            url: self.address(item),
            archived_url: archived.map(str::to_owned),
            pages: self.string(item, "page"),
            note: self.string(item, "note"),
            key,
            title,
        })
    }

    fn string(&mut self, item: &Map<String, Value>, key: &str) -> Option<String> {
        match item.get(key)? {
            Value::Null => None,
            Value::String(text) => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                (!line.is_empty()).then_some(line)
            }
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.minor(key, format!("`{key}` is no text, and was left out"));
                None
            }
        }
    }

    fn kind(&mut self, item: &Map<String, Value>) -> &'static str {
        let written = item.get("type").and_then(Value::as_str).unwrap_or_default();
        if let Some((own, ..)) = TYPES.iter().find(|(_, _, csl)| *csl == written) {
            return own;
        }
        match written {
            "article-magazine" | "broadcast" | "interview" => "news",
            "post" | "post-weblog" | "software" | "motion_picture" => "web",
            "legal_case" | "treaty" | "bill" | "regulation" => "law",
            "speech" | "pamphlet" | "standard" => "statement",
            "article-journal" | "article" | "chapter" | "thesis" | "paper-conference"
            | "manuscript" | "document" | "entry" | "entry-encyclopedia" | "periodical" => "book",
            other => {
                self.minor("type", format!("the type `{other}` is not known and becomes `web`"));
                "web"
            }
        }
    }

    fn authors(&mut self, item: &Map<String, Value>) -> Vec<String> {
        let Some((key, list)) =
            ["author", "editor"].iter().find_map(|key| Some((*key, item.get(*key)?.as_array()?)))
        else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for name in list {
            let part = |key: &str| name.get(key).and_then(Value::as_str).unwrap_or_default().trim();
            let joined =
                |particle: &str, rest: &str| [part(particle), rest].join(" ").trim().to_owned();
            let family = joined("non-dropping-particle", part("family"));
            let given = match part("dropping-particle") {
                "" => part("given").to_owned(),
                particle => format!("{} {particle}", part("given")),
            };
            let name = match (family.is_empty(), given.trim().is_empty(), part("literal")) {
                (_, _, literal) if !literal.is_empty() => Name::Whole(literal.to_owned()),
                (false, false, _) => Name::Person(family, given),
                (false, true, _) => Name::Whole(family),
                (true, false, _) => Name::Whole(given),
                (true, true, _) => {
                    self.minor(key, "an author has no name, and was left out".to_owned());
                    continue;
                }
            };
            names.push(name.field());
        }
        names
    }

    fn date(&mut self, item: &Map<String, Value>, key: &str) -> Option<Edtf> {
        let value = item.get(key)?;
        let read = match value {
            Value::String(text) => date(text),
            Value::Object(map) => undated(map),
            _ => None,
        };
        if read.is_none() {
            self.minor(key, format!("`{key}` is no date that can be read, and was left out"));
        }
        read
    }

    fn language(&mut self, item: &Map<String, Value>) -> Option<String> {
        let written = self.string(item, "language")?;
        let read = language(&written);
        if read.is_none() {
            let message = format!("«{written}» is no language that is known, and was left out");
            self.minor("language", message);
        }
        read
    }

    fn address(&mut self, item: &Map<String, Value>) -> Option<String> {
        let doi = || item.get("DOI")?.as_str().map(|doi| format!("https://doi.org/{}", doi.trim()));
        let url = self.string(item, "URL").or_else(doi)?;
        let web = url.starts_with("https://") || url.starts_with("http://");
        if web && !url.contains(char::is_whitespace) {
            return Some(url);
        }
        self.minor("URL", format!("«{url}» is no web address, and was left out"));
        None
    }
}
