//! Records as BibTeX, in UTF-8 and the words of biblatex.

use std::fmt::Write as _;

use super::names::Name;
use super::{LANGUAGES, Record, TYPES, latex};
use crate::text::Edtf;

/// Writes records, in their order.
#[must_use]
pub fn write(records: &[Record]) -> String {
    let mut out = String::new();
    for (n, record) in records.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        entry(record, &mut out);
    }
    out
}

fn entry(record: &Record, out: &mut String) {
    let types = TYPES.iter().find(|(own, ..)| *own == record.type_);
    let name = types.map_or("misc", |(_, bibtex, _)| bibtex);
    // Writing to a String cannot fail.
    let _ = writeln!(out, "@{name}{{{},", record.key);
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(latex::encode);
    field("title", Some(latex::encode(&record.title)));
    let authors = record.authors.iter().map(|name| author(name)).collect::<Vec<_>>().join(" and ");
    field("author", (!authors.is_empty()).then_some(authors));
    field(publisher(&record.type_), text(&record.publisher));
    let paper = record.type_ == "news";
    field("entrysubtype", paper.then(|| "newspaper".to_owned()));
    field("date", record.published.as_ref().map(date));
    field("pages", text(&record.pages));
    field("url", record.url.as_deref().map(address));
    field("urldate", record.accessed.as_ref().map(date));
    field("archiveurl", record.archived_url.as_deref().map(address));
    field("langid", record.language.as_deref().map(langid));
    field("note", text(&record.note));
    out.push_str("}\n");
}

/// What a type calls its publisher.
fn publisher(type_: &str) -> &'static str {
    match type_ {
        "news" => "journaltitle",
        "statement" => "institution",
        "web" => "organization",
        _ => "publisher",
    }
}

fn author(name: &str) -> String {
    match Name::parse(name) {
        Name::Person(family, given) => {
            format!("{}, {}", whole(&family), whole(&given))
        }
        Name::Whole(name) => format!("{{{}}}", latex::encode(&name)),
    }
}

/// A part of a name, in braces where it would be taken apart.
fn whole(part: &str) -> String {
    let encoded = latex::encode(part);
    let parts = part.contains([',', '،']) || part.split_whitespace().any(|word| word == "and");
    if parts { format!("{{{encoded}}}") } else { encoded }
}

/// A date in biblatex's form of EDTF, whose open ends are empty.
fn date(date: &Edtf) -> String {
    date.to_string().replace("..", "")
}

/// An address, which is taken as it is written; braces would have to be in pairs.
fn address(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D")
}

fn langid(tag: &str) -> String {
    let named = LANGUAGES.iter().find(|(own, _)| *own == tag).map(|(_, name)| *name);
    named.unwrap_or(tag).to_owned()
}
