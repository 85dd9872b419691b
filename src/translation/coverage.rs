//! What is translated, what is not, and what is no longer as the original is.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Fingerprint, is_translation, lines};
use crate::config::Config;
use crate::document::Document;
use crate::knowledge::Kind;
use crate::site::{GroupIx, Site};
use crate::source;

/// How a page stands in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The original itself.
    Original,
    /// Translated, and the original is as it was.
    Current,
    /// Translated, and the original has changed since.
    Stale,
    /// Translated; from which original is not recorded.
    Unrecorded,
    /// Not translated.
    Missing,
}

impl Status {
    /// The word for it in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Current => "current",
            Self::Stale => "stale",
            Self::Unrecorded => "unrecorded",
            Self::Missing => "missing",
        }
    }
}

/// A line of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1; that of its row where the original is one of a table.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// A page in one language.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The page's id.
    pub id: Arc<str>,
    /// The language, as an index into the site's.
    pub lang: usize,
    /// How it stands.
    pub status: Status,
    /// The original.
    pub original: Arc<Document>,
    /// The translation.
    pub document: Option<Arc<Document>>,
    /// Of what is stale, the lines of the original that are new.
    pub changed: Vec<Line>,
    /// Of what is stale, how many lines of the original are there no more.
    pub removed: usize,
    /// Whether it is not known which lines have changed.
    pub unknown: bool,
}

impl Entry {
    /// The section at the top that the page is in; the home's own pages are in none.
    #[must_use]
    pub fn section(&self) -> &str {
        match self.id.split_once('/') {
            Some((section, _)) => section,
            None if self.original.role == crate::document::Role::Page => "",
            None => &self.id,
        }
    }
}

/// How the pages of a site stand in each of its languages.
#[derive(Debug)]
pub struct Coverage(Vec<Entry>);

impl Coverage {
    /// Looks at every page that is no draft, by id and language.
    #[must_use]
    pub fn of(documents: &[Arc<Document>], site: &Site) -> Self {
        let config = &site.config;
        let mut groups = BTreeMap::<&str, Vec<&Arc<Document>>>::new();
        for document in documents {
            groups.entry(&document.id).or_default().push(document);
        }
        let groups: Vec<Vec<&Arc<Document>>> = groups
            .into_values()
            .map(|mut group| {
                group.sort_by_key(|document| document.lang);
                group
            })
            .filter(|group| group.first().is_some_and(|first| first.front.draft != Some(true)))
            .collect();
        let entries = groups.par_iter().flat_map_iter(|group| {
            let facts = group.first().and_then(|first| {
                let found = site.find(&first.id).ok()?;
                Some(&site.group(found).facts)
            });
            let kind = facts.and_then(|facts| facts.kind.as_deref());
            let wanted = facts.map_or(&[][..], |facts| &*facts.front.languages);
            page(group, config, kind, wanted)
        });
        Self(entries.collect())
    }

    /// Every page in every language that it is wanted in.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// How one page of a site stands in each language that it is wanted in.
#[must_use]
pub fn standing(site: &Site, ix: GroupIx) -> Vec<Entry> {
    let group = site.group(ix);
    let pages = site.versions(ix).iter().copied().flatten().map(|ix| site.page(ix));
    let documents: Vec<&Arc<Document>> =
        pages.filter(|page| !page.is_untranslated()).map(|page| &page.document).collect();
    page(&documents, &site.config, group.facts.kind.as_deref(), &group.facts.front.languages)
}

/// The entries of one page; `wanted` are the languages that it is meant for, all where empty.
fn page(
    documents: &[&Arc<Document>],
    config: &Config,
    kind: Option<&Kind>,
    wanted: &[usize],
) -> Vec<Entry> {
    let Some(original) = documents.first() else { return Vec::new() };
    let mut entries = Vec::new();
    let mut now: Option<(Fingerprint, Vec<Line>)> = None;
    for lang in 0..config.languages.len() {
        let document = documents.iter().find(|document| document.lang == lang);
        if document.is_none() && !wanted.is_empty() && !wanted.contains(&lang) {
            continue;
        }
        let mut entry = Entry {
            id: Arc::clone(&original.id),
            lang,
            status: Status::Missing,
            original: Arc::clone(original),
            document: document.map(|document| Arc::clone(document)),
            changed: Vec::new(),
            removed: 0,
            unknown: false,
        };
        if let Some(document) = document {
            entry.status = match document.front.translated_from.as_deref() {
                _ if !is_translation(document, original) => Status::Original,
                None => Status::Unrecorded,
                Some(recorded) => {
                    let now = now.get_or_insert_with(|| read(original, kind));
                    compare(&mut entry, recorded, now)
                }
            };
        }
        entries.push(entry);
    }
    entries
}

fn read(original: &Document, kind: Option<&Kind>) -> (Fingerprint, Vec<Line>) {
    let text = source::read_text(&original.file).unwrap_or_default();
    let row = original.file.row_line();
    let lines: Vec<Line> = lines(&text, kind)
        .into_iter()
        .map(|(number, text)| Line { number: row.unwrap_or(number), text: text.to_owned() })
        .collect();
    (Fingerprint::of(lines.iter().map(|line| line.text.as_str())), lines)
}

fn compare(entry: &mut Entry, recorded: &str, now: &(Fingerprint, Vec<Line>)) -> Status {
    let (now, lines) = now;
    let Some(then) = Fingerprint::parse(recorded) else {
        entry.unknown = true;
        return Status::Stale;
    };
    if then.is_same(now) {
        return Status::Current;
    }
    let changes = then.changes(now);
    entry.changed = changes.lines.iter().filter_map(|n| lines.get(*n).cloned()).collect();
    (entry.removed, entry.unknown) = (changes.removed, changes.unknown);
    Status::Stale
}
