//! Headings and their anchors, and the text of inline content without its markup.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::Item;
use crate::text::slug;

/// A heading of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1–6.
    pub level: u8,
    /// Its anchor, unique in the document.
    pub id: Box<str>,
    /// Its text without markup.
    pub text: Box<str>,
    /// Whether the author gave it its anchor.
    pub own_id: bool,
}

/// The headings of a document in their order.
pub type Outline = Vec<Heading>;

/// Stands before and after the reference of a wikilink in plain text: its words are the target's
/// title, which a document by itself does not know. No text holds this private-use character.
pub const REFERENCE: char = '\u{F5D03}';

/// Gathers inline content as plain text.
#[derive(Debug, Default)]
pub struct PlainText {
    /// The text so far.
    pub text: String,
    /// How deep inside footnote references, citations and the like, whose text does not count.
    hidden: usize,
}

impl PlainText {
    /// Adds what an item says, if it says anything.
    pub fn push(&mut self, item: &Item<'_>) {
        match item {
            Item::Event(Event::Start(Tag::Link { link_type, dest_url, .. }))
                if super::citations(*link_type, dest_url).is_some() =>
            {
                self.hidden += 1;
                // The space before a citation goes with it.
                self.text.truncate(self.text.trim_end().len());
            }
            Item::Event(Event::Start(Tag::Link { .. })) if self.hidden > 0 => self.hidden += 1,
            Item::Event(Event::Start(Tag::Link {
                link_type: LinkType::WikiLink { has_pothole: false },
                dest_url,
                ..
            })) => {
                self.hidden += 1;
                self.text.extend([&*REFERENCE.to_string(), dest_url, &*REFERENCE.to_string()]);
            }
            Item::Event(Event::End(TagEnd::Link)) if self.hidden > 0 => self.hidden -= 1,
            Item::Event(Event::Text(text) | Event::Code(text)) if self.hidden == 0 => {
                if text.contains(REFERENCE) {
                    self.text.extend(text.chars().filter(|c| *c != REFERENCE));
                } else {
                    self.text.push_str(text);
                }
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) => self.text.push(' '),
            _ => {}
        }
    }

    /// The text, and a fresh start.
    pub fn take(&mut self) -> String {
        self.hidden = 0;
        std::mem::take(&mut self.text)
    }
}

/// The beginnings of the anchors of footnotes, references and the ways back from them.
const RESERVED: [&str; 4] = ["fn-", "fnref-", "ref-", "cite-"];

/// Gives anchors to headings: the author's own, or made from the text; each once.
#[derive(Debug, Default)]
pub struct Anchors {
    taken: HashSet<Box<str>>,
    /// For anchors that were wanted more than once, the number to try next.
    next: HashMap<Box<str>, usize>,
}

impl Anchors {
    /// The anchor of the next heading.
    pub fn next(&mut self, own: Option<&str>, text: &str) -> Box<str> {
        let mut wanted = own.map_or_else(|| slug::slugify(text), str::to_owned);
        if wanted.is_empty()
            || (own.is_none() && RESERVED.iter().any(|prefix| wanted.starts_with(prefix)))
        {
            wanted = format!("section{}{wanted}", if wanted.is_empty() { "" } else { "-" });
        }
        let mut id: Box<str> = wanted.as_str().into();
        while self.taken.contains(&id) {
            let n = self.next.entry(wanted.as_str().into()).or_insert(2);
            id = format!("{wanted}-{n}").into();
            *n += 1;
        }
        self.taken.insert(id.clone());
        id
    }
}
