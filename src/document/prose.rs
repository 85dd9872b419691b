//! What a document says, without its markup.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::{Item, PlainText, Source, is_phrasing};
use super::{Body, Document, Parts};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems};
use crate::source;
use crate::text::html;

/// A block of a document's text: a heading, a paragraph, an item of a list, a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whether it is a heading.
    pub heading: bool,
    /// Its text.
    pub text: String,
    /// Whether [`super::markdown::REFERENCE`] stands in it, around wikilinks that take their words from
    /// elsewhere.
    pub refers: bool,
}

impl Document {
    /// The blocks of its text. Where they are not kept, its file is read again.
    ///
    /// # Errors
    /// Where the file can no longer be read, or is not what it was.
    pub fn prose(&self, config: &Config) -> Result<Cow<'_, [Block]>, Diagnostic> {
        if let Some(kept) = &self.prose {
            return Ok(Cow::Borrowed(kept));
        }
        if self.is_synthetic() {
            return Ok(Cow::Borrowed(&[]));
        }
        let text = source::read_text(&self.file)?;
        if source::digest(text.as_bytes()) != self.digest {
            return Err(Body::changed(&self.file.path));
        }
        // Problems of the front matter were reported when it was parsed.
        let parts = Parts::split(&text, &self.file.path, &Problems::new());
        Ok(blocks(&Source::new(parts.body).smart(config.typographer(self.lang))).into())
    }
}

/// The blocks of a prepared text.
fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut prose = Prose::default();
    for (item, _) in source.items() {
        prose.push(&item);
    }
    prose.finish()
}

/// Gathers the blocks of a text from its items.
#[derive(Default)]
pub(super) struct Prose {
    blocks: Vec<Block>,
    text: PlainText,
    /// The lines of a block of raw HTML so far.
    raw: String,
}

impl Prose {
    pub(super) fn push(&mut self, item: &Item<'_>) {
        match item {
            // What stood before a block within another is a block by itself.
            Item::Event(Event::Start(tag)) if !is_inline(tag) => self.end(false),
            Item::Event(Event::End(TagEnd::Heading(_))) => return self.end(true),
            Item::Event(Event::End(TagEnd::TableCell)) => self.text.text.push(' '),
            Item::Event(Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::FootnoteDefinition
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition,
            )) => return self.end(false),
            Item::Event(Event::Html(written)) => self.raw.push_str(written),
            Item::Event(Event::End(TagEnd::HtmlBlock)) => {
                self.text.text.push_str(&html::stripped(&std::mem::take(&mut self.raw)));
            }
            Item::Open(_) | Item::Close => return self.end(false),
            _ => {}
        }
        self.text.push(item);
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        self.end(false);
        self.blocks
    }

    /// Ends a block.
    fn end(&mut self, heading: bool) {
        if self.text.text.trim().is_empty() {
            return self.text.text.clear();
        }
        let text = self.text.take();
        let text = match is_tidy(&text) {
            true => text,
            false => text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        // The first byte of that character is rare.
        let refers = memchr::memchr(0xF3, text.as_bytes()).is_some();
        self.blocks.push(Block { heading, text, refers });
    }
}

/// Whether a text has single spaces, between words alone.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3(b'\n', b'\t', b'\r', bytes).is_none()
        && memchr::memmem::find(bytes, b"  ").is_none()
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
}

/// Whether an element stands within a line, or within a row.
fn is_inline(tag: &Tag<'_>) -> bool {
    is_phrasing(tag) || matches!(tag, Tag::Image { .. } | Tag::TableCell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "# عنوان *مائل*\n\nفقرة [رابط](/x/)[^1] و[[port]] و`code`\nسطر.\n\n- بند\n\n  تتمة\n- آخر\n\n\
                    | أ | ب |\n| --- | --- |\n| ج | د |\n\n> نقل\n\n<div>نص <b>خام</b> &amp;</div>\n\n<style>\nb { color: red }\n\n</style>\n\n[^1]: حاشية\n";
        let found: Vec<(bool, String)> = blocks(&Source::new(text))
            .into_iter()
            .map(|block| (block.heading, block.text))
            .collect();
        let expected = [
            (true, "عنوان مائل"),
            (false, "فقرة رابط و\u{F5D03}port\u{F5D03} وcode سطر."),
            (false, "بند"),
            (false, "تتمة"),
            (false, "آخر"),
            (false, "أ ب"),
            (false, "ج د"),
            (false, "نقل"),
            (false, "نص خام &"),
            (false, "حاشية"),
        ];
        assert_eq!(found, expected.map(|(heading, text)| (heading, text.to_owned())));
    }
}
