//! Paragraphs without a source, where a page or its section asks for one (`cite_paragraphs: true`).
//!
//! The rule is one that an editor can foretell: every paragraph and list item has a citation in it, or
//! a footnote that has one. Headings, tables, code and quotations are none; nor is what announces what
//! follows, with a colon at its end, or has no words but those of links.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Tag, TagEnd};
use rayon::prelude::*;

use super::{Context, Found};
use crate::diagnostic::{Problems, Span, rules};
use crate::document::markdown::{Item, Source, citations};
use crate::document::{Document, Parts};
use crate::source::read_text;

pub(super) fn check(context: &Context<'_>) -> Found {
    let site = context.site;
    let asks = |front: &crate::document::FrontMatter| front.cite_paragraphs == Some(true);
    let documents: Vec<&Arc<Document>> = site
        .pages
        .iter()
        .filter(|page| !page.is_untranslated() && !page.document.is_synthetic())
        .filter(|page| asks(&site.group_of(page).facts.front))
        .map(|page| &page.document)
        .collect();
    documents.par_iter().flat_map_iter(|document| self::document(context, document)).collect()
}

fn document(context: &Context<'_>, document: &Document) -> Found {
    let Ok(text) = read_text(&document.file) else { return Vec::new() };
    let parts = Parts::split(&text, &document.file.path, &Problems::new());
    let mut found = Vec::new();
    for place in uncited(parts.body) {
        let written = parts.body.get(place.clone()).unwrap_or_default();
        let line = written.trim_end().lines().next().map_or(0, str::len);
        let start = parts.body_start + place.start;
        let span = Span::new(&document.file.path, start..start + line);
        let problem = context.rule(rules::UNCITED_PARAGRAPH, "the paragraph has no source");
        let hint = "cite one with [@id]";
        found.extend(problem.map(|problem| problem.at(span).hint(hint)));
    }
    found
}

/// A paragraph or the text of a list item.
#[derive(Debug, Default)]
struct Paragraph {
    place: Range<usize>,
    cites: bool,
    /// Its footnotes.
    notes: Vec<String>,
    /// Whether it has words outside of links.
    words: bool,
    /// The last sign that is no space.
    last: Option<char>,
}

#[derive(Debug, Default)]
struct Gather {
    open: Option<Paragraph>,
    done: Vec<Paragraph>,
    /// How many elements are open in which nothing needs a source.
    exempt: usize,
    /// How many links and images are open.
    links: usize,
    /// The footnote being defined.
    note: Option<String>,
    /// Footnotes that cite.
    citing: BTreeSet<String>,
}

/// The places of the paragraphs of a text that have no source.
fn uncited(text: &str) -> Vec<Range<usize>> {
    let mut gather = Gather::default();
    let source = Source::new(text);
    for (item, place) in source.items() {
        gather.item(&item, &place);
    }
    gather.flush();
    let Gather { done, citing, .. } = gather;
    let lacks = |paragraph: &Paragraph| {
        let noted = paragraph.notes.iter().any(|note| citing.contains(note));
        let announces = matches!(paragraph.last, Some(':' | '：'));
        paragraph.words && !paragraph.cites && !noted && !announces
    };
    done.into_iter().filter(lacks).map(|paragraph| paragraph.place).collect()
}

impl Gather {
    fn item(&mut self, item: &Item<'_>, place: &Range<usize>) {
        match item {
            // A quotation as a block of the theme.
            Item::Open(block) => {
                self.flush();
                self.exempt += usize::from(self.exempt > 0 || block.name == "quote");
            }
            Item::Close => {
                self.flush();
                self.exempt = self.exempt.saturating_sub(1);
            }
            Item::Event(Event::Start(tag)) => self.start(tag, place),
            Item::Event(Event::End(tag)) => self.end(*tag),
            Item::Event(Event::Text(text) | Event::Code(text)) => {
                let is_word = self.links == 0 && text.chars().any(char::is_alphanumeric);
                if let Some(open) = self.open(place) {
                    open.words |= is_word;
                    open.place.end = open.place.end.max(place.end);
                    open.last = text.chars().rfind(|c| !c.is_whitespace()).or(open.last);
                }
            }
            Item::Event(Event::FootnoteReference(label)) => {
                if let Some(open) = self.open(place) {
                    open.notes.push(label.to_string());
                }
            }
            Item::Event(_) => {}
        }
    }

    /// The paragraph that is open, or a new one: the text of a tight list item has no element.
    fn open(&mut self, place: &Range<usize>) -> Option<&mut Paragraph> {
        if self.exempt > 0 {
            return None;
        }
        Some(
            self.open
                .get_or_insert_with(|| Paragraph { place: place.clone(), ..Default::default() }),
        )
    }

    fn start(&mut self, tag: &Tag<'_>, place: &Range<usize>) {
        match tag {
            Tag::Link { link_type, dest_url, .. } => {
                self.links += 1;
                if citations(*link_type, dest_url).is_some() {
                    self.citing.extend(self.note.clone());
                    if let Some(open) = self.open(place) {
                        open.cites = true;
                    }
                } else {
                    self.open(place);
                }
            }
            Tag::Image { .. } => {
                self.links += 1;
                self.open(place);
            }
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {
                self.open(place);
            }
            _ => {
                self.flush();
                let needs_none = matches!(
                    tag,
                    Tag::Heading { .. }
                        | Tag::BlockQuote(_)
                        | Tag::CodeBlock(_)
                        | Tag::HtmlBlock
                        | Tag::Table(_)
                        | Tag::FootnoteDefinition(_)
                        | Tag::DefinitionListTitle
                );
                self.exempt += usize::from(self.exempt > 0 || needs_none);
                if let Tag::FootnoteDefinition(label) = tag {
                    self.note = Some(label.to_string());
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link | TagEnd::Image => self.links = self.links.saturating_sub(1),
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            _ => {
                self.flush();
                self.exempt = self.exempt.saturating_sub(1);
                if tag == TagEnd::FootnoteDefinition {
                    self.note = None;
                }
            }
        }
    }

    fn flush(&mut self) {
        self.done.extend(self.open.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        uncited(text).into_iter().map(|place| text[place].trim_end()).collect()
    }

    #[test]
    fn paragraphs_and_items_without_a_source() {
        let text =
            "قول [@a].\n\nقول بلا مصدر.\n\nمقدمة [@a]:\n\n- بند\n- آخر [@b]\n  - فرع\n- [رابط](x)\n";
        assert_eq!(of(text), ["قول بلا مصدر.", "بند", "فرع"]);
    }

    #[test]
    fn what_needs_none() {
        let text = "# عنوان\n\n> شعر\n\n```\ncode\n```\n\n| أ |\n|---|\n| ب |\n\nيشمل الاتفاق:\n\n[رابط](x) [[صفحة]]\n\n\
                    :::quote\nكلام\n:::\n\n![صورة](x.png)\n\n---\n";
        assert!(of(text).is_empty(), "{:?}", of(text));
    }

    #[test]
    fn a_footnote_may_cite() {
        let text = "قول[^1]. قول[^2].\n\nآخر[^2].\n\n[^1]: نص [@a].\n\n[^2]: نص.\n";
        assert_eq!(of(text), ["آخر[^2]."]);
    }

    #[test]
    fn blocks_are_looked_into() {
        assert_eq!(of(":::note\nكلام\n:::\n\nبعد\n"), ["كلام", "بعد"]);
    }
}
