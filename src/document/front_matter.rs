//! Front matter: what a page says of itself, typed. The keys are documented in
//! `docs/content.md`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::claims::{self, Claim};
use super::record::Record;
use crate::config::reader::{Input, Reader, Step};
use crate::config::{Config, Untranslated};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Edtf, slug};

/// The keys that a translation may hold: what belongs to a language and not to the subject.
pub const LANGUAGE_KEYS: &[&str] = &[
    "title",
    "description",
    "slug",
    "aliases",
    "draft",
    "corrections",
    "translated_from",
    "extra",
];

/// How a section orders its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By `date`, the newest first; pages without a date last.
    #[default]
    Newest,
    /// By `date`, the oldest first; pages without a date last.
    Date,
    /// By `weight`, the lightest first; pages without one last.
    Weight,
    /// By title, in the language's collation.
    Title,
}

impl Sort {
    /// The words a section may write.
    pub const NAMES: [&'static str; 4] = ["newest", "date", "weight", "title"];

    /// The order of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "newest" => Self::Newest,
            "date" => Self::Date,
            "weight" => Self::Weight,
            "title" => Self::Title,
            _ => return None,
        })
    }
}

/// What a page says of itself. `None` and empty mean «not said»: a section's cascade or the
/// original of a translation may say it instead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// The title.
    pub title: Option<Arc<str>>,
    /// The page in a sentence, without markup.
    pub description: Option<Box<str>>,
    /// The kind, by its name in `kinds.toml`.
    pub kind: Option<Box<str>>,
    /// The subject's date: of an event, of a document, of an article's publication.
    pub date: Option<Edtf>,
    /// When the page was last changed.
    pub updated: Option<Edtf>,
    /// The first day on which the page may be published.
    pub publish: Option<Edtf>,
    /// The first day on which it may no longer be.
    pub expires: Option<Edtf>,
    /// The last part of its URL.
    pub slug: Option<Box<str>>,
    /// Former paths of the page.
    pub aliases: Vec<Box<str>>,
    /// Its place among its siblings.
    pub weight: Option<i64>,
    /// Whether it is unfinished.
    pub draft: Option<bool>,
    /// The template that renders it.
    pub template: Option<Box<str>>,
    /// How a section orders its pages.
    pub sort: Option<Sort>,
    /// Pages that a listing page of a section shows.
    pub paginate: Option<usize>,
    /// Whether a section has feeds.
    pub feed: Option<bool>,
    /// What languages show that the page is not translated into.
    pub untranslated: Option<Untranslated>,
    /// The languages that the page is meant for, as indices into the site's; all where empty.
    pub languages: Vec<usize>,
    /// The fingerprint of the original that a translation was made from.
    pub translated_from: Option<Box<str>>,
    /// The sources that the page rests on, as references.
    pub sources: Vec<Box<str>>,
    /// What it is true of, what was corrected, whose pictures it shows.
    pub record: Option<Box<Record>>,
    /// Statements with their sources.
    pub facts: Vec<Claim>,
    /// Whether `check` asks each paragraph for a source.
    pub cite_paragraphs: Option<bool>,
    /// Terms by taxonomy, as indices into the site's taxonomies.
    pub terms: Vec<(usize, Vec<Box<str>>)>,
    /// What a section hands down to its pages.
    pub cascade: Option<Box<FrontMatter>>,
    /// Free values for templates.
    pub extra: Map<String, Value>,
    /// The keys that are none of the above: fields of the page's kind, checked when it is known.
    pub fields: Map<String, Value>,
}

impl FrontMatter {
    /// Whether another differs from it at most in words that readers read: in its title and its
    /// description, where both have one. Nothing is placed by these, but for lists in their order.
    #[must_use]
    pub fn differs_in_words(&self, other: &Self) -> bool {
        let said = |front: &Self| (front.title.is_some(), front.description.is_some());
        let rest = |front: &Self| Self { title: None, description: None, ..front.clone() };
        said(self) == said(other) && rest(self) == rest(other)
    }

    /// Takes the words of another that differs in them alone; those stay that it does not say.
    pub fn take_words(&mut self, from: &Self) {
        if from.title.is_some() {
            self.title.clone_from(&from.title);
        }
        if from.description.is_some() {
            self.description.clone_from(&from.description);
        }
    }

    /// Reads a mapping. What is wrong is reported; what is right is kept.
    #[must_use]
    pub fn read(map: &Map<String, Value>, config: &Config, input: Input<'_>) -> Self {
        let mut reader = Reader::new(input, map, Vec::new());
        let mut front = Self::read_keys(&mut reader, config);
        if let Some(cascade) = reader.table("cascade") {
            front.cascade = Some(Box::new(Self::read_cascade(cascade, config)));
        }
        for key in reader.unread() {
            if let Some(value) = map.get(key) {
                front.fields.insert(key.to_owned(), value.clone());
            }
        }
        front
    }

    fn read_cascade(mut reader: Reader<'_>, config: &Config) -> Self {
        let front = Self::read_keys(&mut reader, config);
        for key in ["title", "slug", "aliases", "translated_from", "facts", "corrections", "media"]
        {
            if reader.has(key) {
                let message = format!("`{key}` belongs to one page and cannot be handed down");
                let span = reader.input.key_span(&reader.path(key));
                reader.input.problems.push(Diagnostic::error(codes::BAD_VALUE, message).at(span));
            }
        }
        reader.finish();
        front
    }

    fn read_keys(reader: &mut Reader<'_>, config: &Config) -> Self {
        let boxed = |text: Option<String>| text.map(String::into_boxed_str);
        let list = |texts: Option<Vec<String>>| {
            texts.unwrap_or_default().into_iter().map(String::into_boxed_str).collect()
        };
        Self {
            title: line(reader, "title").map(Arc::from),
            description: line(reader, "description"),
            kind: boxed(reader.text("kind")),
            date: date(reader, "date"),
            updated: date(reader, "updated"),
            publish: date(reader, "publish"),
            expires: date(reader, "expires"),
            slug: boxed(reader.text("slug")),
            aliases: list(reader.texts("aliases")),
            weight: reader.integer("weight"),
            draft: reader.boolean("draft"),
            template: boxed(reader.text("template")),
            sort: reader.word("sort", &Sort::NAMES, Sort::from_name),
            paginate: reader.count("paginate", 0),
            feed: reader.boolean("feed"),
            untranslated: reader.word(
                "untranslated",
                &Untranslated::NAMES,
                Untranslated::from_name,
            ),
            languages: languages(reader, config),
            translated_from: boxed(reader.text("translated_from")),
            sources: list(reader.texts("sources")),
            record: Record::read(reader, config),
            facts: claims::read(reader, config),
            cite_paragraphs: reader.boolean("cite_paragraphs"),
            terms: terms(reader, config),
            cascade: None,
            extra: reader.map("extra").cloned().unwrap_or_default(),
            fields: Map::new(),
        }
    }

    /// Fills what the page does not say from what its section hands down.
    pub fn inherit(&mut self, from: &Self) {
        macro_rules! fill {
            ($($key:ident),*) => {
                $(if self.$key.is_none() { self.$key.clone_from(&from.$key); })*
            };
        }
        fill!(kind, date, updated, publish, expires, weight, draft, template, sort, paginate, feed);
        fill!(untranslated, description, cite_paragraphs);
        if self.languages.is_empty() {
            self.languages.clone_from(&from.languages);
        }
        if self.sources.is_empty() {
            self.sources.clone_from(&from.sources);
        }
        if let Some(as_of) = from.record.as_ref().and_then(|record| record.as_of) {
            self.record.get_or_insert_default().as_of.get_or_insert(as_of);
        }
        for (taxonomy, terms) in &from.terms {
            if !self.terms.iter().any(|(own, _)| own == taxonomy) {
                self.terms.push((*taxonomy, terms.clone()));
            }
        }
        for (key, value) in &from.extra {
            self.extra.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// Reads a text of one line: breaks in it become spaces. A value of the wrong type, which was
/// reported, is not also missing.
fn line(reader: &mut Reader<'_>, key: &'static str) -> Option<Box<str>> {
    let text = reader.text(key);
    match text {
        Some(text) if text.contains(['\n', '\t']) || text.trim().len() != text.len() => {
            Some(text.split_whitespace().collect::<Vec<_>>().join(" ").into())
        }
        Some(text) => Some(text.into()),
        None => reader.has(key).then(|| "?".into()),
    }
}

/// Reads an EDTF date; a bare year is a YAML number.
pub(super) fn date(reader: &mut Reader<'_>, key: &'static str) -> Option<Edtf> {
    // An empty date is one that is still to be filled in.
    let text = reader.text(key).filter(|text| !text.trim().is_empty())?;
    match Edtf::parse(&text) {
        Ok(date) => Some(date),
        Err(why) => {
            let message = if why.starts_with('«') { why } else { format!("`{key}` {why}") };
            let problem = reader.input.bad_value(&reader.path(key), message);
            reader.input.problems.push(problem);
            None
        }
    }
}

/// The languages that a page is meant for.
fn languages(reader: &mut Reader<'_>, config: &Config) -> Vec<usize> {
    let mut languages = Vec::new();
    for tag in reader.texts("languages").unwrap_or_default() {
        match config.language_index(&tag) {
            Some(lang) => languages.push(lang),
            None => {
                let message = format!("`{tag}` is not a language of this site");
                let problem = reader.input.bad_value(&reader.path("languages"), message);
                let tags = config.languages.iter().map(|language| language.lang.as_str());
                reader.input.problems.push(problem.did_you_mean(&tag, tags));
            }
        }
    }
    languages
}

/// The terms of every taxonomy of the site, from the key of its name.
fn terms(reader: &mut Reader<'_>, config: &Config) -> Vec<(usize, Vec<Box<str>>)> {
    let mut terms = Vec::new();
    for (i, taxonomy) in config.taxonomies.iter().enumerate() {
        let Some(value) = reader.dynamic(&taxonomy.name) else {
            continue;
        };
        let items = match value {
            Value::Array(items) => items.iter().enumerate().map(|(n, v)| (Some(n), v)).collect(),
            single => vec![(None, single)],
        };
        let mut list = Vec::new();
        for (n, item) in items {
            let path = || {
                let mut path = reader.path(&taxonomy.name);
                path.extend(n.map(Step::Index));
                path
            };
            match term(item) {
                Some(term) if !slug::of(&term).is_empty() => list.push(term),
                Some(term) => {
                    let message = format!("the term «{term}» has no letter or digit");
                    reader.input.problems.push(reader.input.bad_value(&path(), message));
                }
                None => reader.input.wrong_type(&path(), "a term or a list of terms", item),
            }
        }
        terms.push((i, list));
    }
    terms
}

fn term(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().into()),
        Value::Number(n) => Some(n.to_string().into()),
        _ => None,
    }
}

/// The place of a key of front matter.
#[must_use]
pub fn key_path(key: &str) -> [Step; 1] {
    [Step::Key(key.to_owned())]
}
