//! `facts` of front matter: statements with their sources, how certain they are and of when.

use serde_json::Value;

use super::markdown::{Citation, cited_text};
use super::record::{Localized, needed};
use crate::config::Config;
use crate::config::reader::{Reader, Step};

use crate::text::Edtf;

/// How certain a fact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing speaks against it.
    #[default]
    Certain,
    /// More speaks for it than against it.
    Likely,
    /// Sources contradict one another.
    Disputed,
}

impl Certainty {
    /// The words that front matter may use.
    pub const NAMES: [&'static str; 3] = ["certain", "likely", "disputed"];

    /// The certainty of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "certain" => Self::Certain,
            "likely" => Self::Likely,
            "disputed" => Self::Disputed,
            _ => return None,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Disputed => "disputed",
        }
    }
}

/// An entry of `facts`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// Its name in the page, for its anchor.
    pub id: Option<Box<str>>,
    /// The statement, by language of the site; without one, in that of the file.
    pub text: Localized,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// How certain it is.
    pub certainty: Certainty,
    /// Of when it is true.
    pub as_of: Option<Edtf>,
    /// The page about whoever asserts it.
    pub asserted_by: Option<Box<str>>,
    /// What it says of the page's subject, for machines: the property,
    pub property: Option<Box<str>>,
    /// and its value.
    pub value: Option<Value>,
}

impl Claim {
    /// The statement as a reader of a language gets it, with the language that it is in.
    #[must_use]
    pub fn words(&self, lang: usize, original: usize) -> (&str, usize) {
        self.text.get(lang, original).map_or(("", original), |(lang, text)| (text, lang))
    }
}

/// Reads the facts of a page. What is wrong is reported, each value at its place.
pub(super) fn read(reader: &mut Reader<'_>, config: &Config) -> Vec<Claim> {
    reader.list("facts").into_iter().map(|entry| claim(entry, config)).collect()
}

fn claim(mut reader: Reader<'_>, config: &Config) -> Claim {
    let boxed = |text: Option<String>| text.map(String::into_boxed_str);
    let claim = Claim {
        id: id(&mut reader),
        text: needed(&mut reader, "text", |reader, key| Localized::read(reader, key, config))
            .unwrap_or_default(),
        sources: sources(&mut reader),
        certainty: reader
            .word("certainty", &Certainty::NAMES, Certainty::from_name)
            .unwrap_or_default(),
        as_of: super::front_matter::date(&mut reader, "as_of"),
        asserted_by: boxed(reader.text("asserted_by")),
        property: boxed(reader.text("property")),
        value: value(&mut reader),
    };
    if reader.has("value") && !reader.has("property") {
        reader.missing("property");
    }
    reader.finish();
    claim
}

fn id(reader: &mut Reader<'_>) -> Option<Box<str>> {
    let id = reader.text("id")?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && id.chars().all(fits) {
        return Some(id.into());
    }
    let message = format!("`id` is made of letters, digits and hyphens, not «{id}»");
    reader.input.problems.push(reader.input.bad_value(&reader.path("id"), message));
    None
}

fn value(reader: &mut Reader<'_>) -> Option<Value> {
    let value = reader.value("value")?;
    if value.is_object() || value.is_array() {
        reader.input.wrong_type(&reader.path("value"), "a text or number", value);
        return None;
    }
    Some(value.clone())
}

/// The sources: texts such as `seed, ¶2 "…"`, or mappings with `source`, `at` and `quote`.
fn sources(reader: &mut Reader<'_>) -> Vec<Citation> {
    let path = reader.path("sources");
    let input = reader.input;
    let Some(value) = reader.value("sources") else {
        reader.missing("sources");
        return Vec::new();
    };
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut sources = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let mut path = path.clone();
        if value.is_array() {
            path.push(Step::Index(i));
        }
        match entry {
            Value::String(text) => match cited_text(text) {
                Some(cited) => sources.push(cited),
                None => {
                    let message = format!("«{text}» is not a source such as `seed, ¶2`");
                    let hint = "one source an entry; several are a list";
                    input.problems.push(input.bad_value(&path, message).hint(hint));
                }
            },
            Value::Object(map) => sources.extend(source(Reader::new(input, map, path))),
            other => input.wrong_type(&path, "the id of a source", other),
        }
    }
    if entries.is_empty() {
        let problem = input.bad_value(&path, "a fact needs a source");
        input.problems.push(problem);
    }
    sources
}

fn source(mut reader: Reader<'_>) -> Option<Citation> {
    let id = reader.required_text("source");
    let line = |text: Option<String>| {
        text.map_or_else(String::new, |t| t.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (locator, quote) = (line(reader.text("at")), line(reader.text("quote")));
    reader.finish();
    Some(Citation { id: id?.trim().trim_start_matches('@').to_owned(), locator, quote })
}
