//! The citations of a text with the sentences that they bear out, for the pages of the sources.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::{Citation, Item, PlainText, citations, is_phrasing};
use crate::text::{sentences, truncate_words};

/// The longest sentence that is kept, in characters.
const LONGEST: usize = 500;

/// The citations of a text in their order, but for those in descriptions of images, which no reader
/// sees. A text without any has none of this.
#[derive(Clone, Debug, Default)]
pub struct Citations {
    /// The sentences that cite.
    pub sentences: Box<[Box<str>]>,
    /// The sources that they cite.
    pub list: Box<[Cited]>,
}

/// One source of a citation.
#[derive(Clone, Debug)]
pub struct Cited {
    /// Its number among the links of the text, which has its id and place.
    pub link: u32,
    /// The number of the sentence.
    pub sentence: u32,
    /// The place in the source.
    pub locator: Box<str>,
    /// The words of the source.
    pub quote: Box<str>,
}

/// Gathers citations from the items of a text.
#[derive(Debug, Default)]
pub(super) struct Gather {
    text: PlainText,
    /// The citations of the paragraph being read, with their places in its text.
    open: Vec<(usize, Citation, usize)>,
    images: usize,
    in_row: bool,
    sentences: Vec<Box<str>>,
    list: Vec<Cited>,
}

impl Gather {
    /// Takes an item; `links` is the number of links before it.
    pub(super) fn push(&mut self, item: &Item<'_>, links: usize) {
        match item {
            Item::Open(_) | Item::Close => self.flush(),
            Item::Event(Event::Start(Tag::Image { .. })) => self.images += 1,
            Item::Event(Event::End(TagEnd::Image)) => self.images = self.images.saturating_sub(1),
            _ if self.images > 0 => {}
            Item::Event(Event::Start(Tag::TableCell)) => {
                if !self.text.text.trim().is_empty() {
                    self.text.text.push_str(" — ");
                }
            }
            Item::Event(Event::End(TagEnd::TableCell)) => {}
            Item::Event(Event::Start(tag)) if !is_phrasing(tag) => {
                self.flush();
                self.in_row = matches!(tag, Tag::TableRow | Tag::TableHead);
            }
            Item::Event(Event::End(tag)) if !is_inline_end(*tag) => self.flush(),
            Item::Event(event) => {
                self.text.push(item);
                if let Event::Start(Tag::Link { link_type, dest_url, .. }) = event {
                    let found = citations(*link_type, dest_url).into_iter().flatten();
                    let at = self.text.text.len();
                    self.open.extend(found.enumerate().map(|(n, one)| (at, one, links + n)));
                }
            }
        }
    }

    /// Ends a paragraph.
    fn flush(&mut self) {
        let text = self.text.take();
        if self.open.is_empty() {
            return;
        }
        // A row of a table is one statement.
        let whole = || std::iter::once(0..text.len()).collect();
        let places = if self.in_row { whole() } else { sentences::sentences(&text) };
        let mut last = None;
        for (at, citation, link) in std::mem::take(&mut self.open) {
            let n = sentences::at(&places, at);
            if last != Some(n) {
                let sentence = n.and_then(|n| text.get(places.get(n)?.clone())).unwrap_or_default();
                self.sentences.push(truncate_words(sentence.trim(), LONGEST).into());
                last = Some(n);
            }
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            self.list.push(Cited {
                link: number(link),
                sentence: number(self.sentences.len() - 1),
                locator: citation.locator.into(),
                quote: citation.quote.into(),
            });
        }
    }

    /// What was gathered; `None` where nothing cites.
    pub(super) fn finish(mut self) -> Option<Box<Citations>> {
        self.flush();
        let (sentences, list) = (self.sentences.into(), self.list);
        (!list.is_empty()).then(|| Box::new(Citations { sentences, list: list.into() }))
    }
}

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
    )
}

#[cfg(test)]
mod tests {
    use super::super::markdown::Source;
    use super::*;

    /// Each citation: the number of its link, its sentence, its locator.
    fn of(text: &str) -> Vec<(u32, String, String)> {
        let source = Source::new(text);
        let (mut gather, mut links) = (Gather::default(), 0);
        for (item, _) in source.items() {
            gather.push(&item, links);
            if let Item::Event(Event::Start(Tag::Link { link_type, dest_url, .. })) = &item {
                links += citations(*link_type, dest_url).map_or(1, |list| list.len());
            }
        }
        let found = gather.finish().unwrap_or_default();
        let sentence = |one: &Cited| found.sentences[one.sentence as usize].to_string();
        found.list.iter().map(|one| (one.link, sentence(one), one.locator.to_string())).collect()
    }

    fn cited(link: u32, sentence: &str, locator: &str) -> (u32, String, String) {
        (link, sentence.into(), locator.into())
    }

    #[test]
    fn a_citation_belongs_to_the_sentence_before_it() {
        let text = "أول قول هنا [@a]. ثان هنا.[@b, ¶2; @c] ثالث [نص](x) هنا [@a].\n";
        assert_eq!(
            of(text),
            [
                cited(0, "أول قول هنا.", ""),
                cited(1, "ثان هنا.", "¶2"),
                cited(2, "ثان هنا.", ""),
                cited(4, "ثالث نص هنا.", ""),
            ]
        );
    }

    #[test]
    fn blocks_are_apart() {
        let text = "# عنوان [@a]\n\n- بند أول [@b]\n- بند ثان [@c]\n\n| أ | ب |\n|---|---|\n| 62. مليار | دولار [@d] |\n\n\
                    حاشية[^1]\n\n[^1]: نص الحاشية [@e].\n\n:::note\nداخل [@f]\n:::\n\n![وصف [@g]](x.png)\n";
        assert_eq!(
            of(text),
            [
                cited(0, "عنوان", ""),
                cited(1, "بند أول", ""),
                cited(2, "بند ثان", ""),
                cited(3, "62. مليار — دولار", ""),
                cited(4, "نص الحاشية.", ""),
                cited(5, "داخل", ""),
            ]
        );
    }

    #[test]
    fn a_text_without_citations_costs_nothing() {
        assert!(of("نص [رابط](x) و`[@a]`\n").is_empty());
        assert!(Gather::default().finish().is_none());
    }
}
