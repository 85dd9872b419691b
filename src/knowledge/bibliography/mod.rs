//! Sources as records, and the formats that other programs keep them in: BibTeX (in the words of
//! biblatex) and CSL-JSON, written and read.

mod bibtex;
mod csl;
mod entries;
mod latex;
mod names;
mod page;
mod read;

pub use bibtex::write as to_bibtex;
pub use csl::{read as from_csl, write as to_csl};
pub use names::shown;
pub use page::page;
pub use read::read as from_bibtex;

use std::ops::Range;

use crate::text::Edtf;

/// The types of sources, with what BibTeX and CSL call them.
const TYPES: [(&str, &str, &str); 6] = [
    ("news", "article", "article-newspaper"),
    ("statement", "report", "report"),
    ("web", "online", "webpage"),
    ("book", "book", "book"),
    ("law", "legislation", "legislation"),
    ("dataset", "dataset", "dataset"),
];

/// Languages by the names that BibTeX's `langid` has for them.
const LANGUAGES: [(&str, &str); 16] = [
    ("ar", "arabic"),
    ("en", "english"),
    ("ur", "urdu"),
    ("zh", "chinese"),
    ("fa", "persian"),
    ("fr", "french"),
    ("de", "german"),
    ("es", "spanish"),
    ("ru", "russian"),
    ("tr", "turkish"),
    ("ja", "japanese"),
    ("it", "italian"),
    ("pt", "portuguese"),
    ("nl", "dutch"),
    ("ko", "korean"),
    ("hi", "hindi"),
];

/// A source, in the fields of the kind `source`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its name in the file, unique there.
    pub key: String,
    /// The field `type`.
    pub type_: String,
    /// Its own title.
    pub title: String,
    /// Names: `Family, Given`, or as they are where there is no comma; in braces where one belongs to
    /// the name of a body.
    pub authors: Vec<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<Edtf>,
    /// When it was looked at.
    pub accessed: Option<Edtf>,
    /// Its language, as a tag.
    pub language: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Where a copy of it is.
    pub archived_url: Option<String>,
    /// The pages.
    pub pages: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// What is wrong with a file that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What.
    pub message: String,
    /// Where, in bytes.
    pub place: Range<usize>,
    /// What to do.
    pub hint: Option<String>,
    /// Whether the entry is read all the same.
    pub minor: bool,
}

impl Mistake {
    fn new(message: impl Into<String>, place: Range<usize>) -> Self {
        Self { message: message.into(), place, hint: None, minor: false }
    }

    fn minor(self) -> Self {
        Self { minor: true, ..self }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Its records, each with its place.
    pub records: Vec<(Record, Range<usize>)>,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// Reads a date as EDTF or as people abbreviate it: `c. 1951`, `2013/`, `1951--1960`.
fn date(text: &str) -> Option<Edtf> {
    let text = text.trim();
    if let Ok(date) = Edtf::parse(text) {
        return Some(date);
    }
    let lower = text.to_lowercase();
    for about in ["circa", "ca.", "ca ", "c."] {
        if let Some(rest) = lower.strip_prefix(about) {
            return Edtf::parse(&format!("{}~", rest.trim())).ok();
        }
    }
    let interval = lower.replace(['–', '—'], "--").replace("---", "--").replace("--", "/");
    // The time of a day is more than a source needs.
    let day = lower.split('t').next().filter(|day| day.len() == 10);
    day.and_then(|day| Edtf::parse(day).ok()).or_else(|| Edtf::parse(interval.trim()).ok())
}

/// The tag of a language by its name in BibTeX, or the tag itself.
fn language(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let named = LANGUAGES.iter().find(|(_, bibtex)| *bibtex == name).map(|(tag, _)| *tag);
    let named = named.or(match name.as_str() {
        "american" | "british" | "ukenglish" | "usenglish" => Some("en"),
        "ngerman" | "austrian" => Some("de"),
        "farsi" => Some("fa"),
        _ => None,
    });
    named.map(str::to_owned).or_else(|| {
        let tag = crate::text::Lang::parse(text.trim())?;
        (name.len() <= 3 || name.contains('-')).then(|| tag.to_string())
    })
}

#[cfg(test)]
mod tests;
