//! The dialect: CommonMark by pulldown-cmark, with `:::` blocks, citations, wikilinks and emphasis
//! that works beside Arabic punctuation.
//!
//! [`Source`] prepares a text once; [`Source::items`] gives its events. Parsing a document
//! ([`super::Document`]) and rendering it both walk the same items, so they cannot disagree.

mod block;
mod brackets;
mod citation;
mod emphasis;
mod items;
mod outline;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Options, Tag};

use crate::text::Typographer;

pub use block::{Block, BlockProblem};
pub use citation::{Citation, cited_text, closing};
pub use items::{Item, Items, citations};
pub use outline::{Anchors, Heading, Outline, PlainText, REFERENCE};

/// What of pulldown-cmark's extensions belongs to the dialect.
#[must_use]
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS
}

/// Whether an element marks words of a line. An image, which has none, is not among them.
#[must_use]
pub fn is_phrasing(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
    )
}

/// A replacement made in the text before pulldown-cmark reads it.
struct Edit {
    /// What is replaced, in the original.
    old: Range<usize>,
    /// What stands there now.
    new: Cow<'static, str>,
}

/// A Markdown text made ready for pulldown-cmark. Places in it are mapped back to the original.
#[derive(Debug)]
pub struct Source<'a> {
    text: Cow<'a, str>,
    /// Pairs of an end in `text` and the end in the original that it stands for, ascending.
    map: Vec<(usize, usize)>,
    /// The character put between a run of `*` and a letter; it is in no author's text.
    sentinel: Option<char>,
    /// Whether characters stand in it for square brackets.
    standins: bool,
    /// The `:::` lines, by their place in `text`.
    blocks: Vec<(usize, Block)>,
    /// `:::` lines that could not be read, by their place in the original.
    problems: Vec<(Range<usize>, BlockProblem)>,
    options: Options,
    /// What makes typographic signs, where the site wants them.
    typographer: Option<Typographer>,
}

impl<'a> Source<'a> {
    /// Prepares a text of the full dialect.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self::with_options(text, options())
    }

    /// Prepares a text with chosen extensions of pulldown-cmark (CommonMark alone, for its tests).
    #[must_use]
    pub fn with_options(text: &'a str, options: Options) -> Self {
        let mut problems = Vec::new();
        let found = block::find(text, options, &mut problems);
        let sentinel = emphasis::sentinel(text);
        let mut edits: Vec<Edit> = sentinel.map(|c| emphasis::edits(text, c)).unwrap_or_default();
        let brackets = brackets::edits(text);
        let in_line = |at: usize| found.iter().any(|(line, ..)| line.contains(&at));
        let standins = !brackets.is_empty();
        edits.extend(brackets.into_iter().filter(|edit| !in_line(edit.old.start)));
        let lines = edits.len();
        edits.extend(
            found
                .iter()
                .map(|(old, n, _)| Edit { old: old.clone(), new: Cow::Owned(block::marker(*n)) }),
        );
        if lines > 0 {
            // A run of `*` inside a `:::` line goes with the line.
            edits.retain(|e| {
                !e.old.is_empty() || !found.iter().any(|(line, ..)| line.contains(&e.old.start))
            });
            edits.sort_by_key(|edit| edit.old.start);
        }
        let (text, map) = apply(text, &edits);
        let blocks = found.into_iter().filter_map(|(old, n, block)| {
            let at = map.binary_search_by_key(&old.end, |(_, end)| *end).ok()?;
            Some((map.get(at)?.0 - block::marker(n).len(), block))
        });
        let blocks = blocks.collect();
        Self { blocks, text, map, sentinel, standins, problems, options, typographer: None }
    }

    /// The same with quotation marks, dashes and dots made those of a language.
    #[must_use]
    pub fn smart(self, typographer: Option<Typographer>) -> Self {
        Self { typographer, ..self }
    }

    /// The range of the original that a range of pulldown-cmark's stands for.
    #[must_use]
    pub fn original(&self, range: &Range<usize>) -> Range<usize> {
        let back = |at: usize| {
            let n = self.map.partition_point(|(new, _)| *new <= at);
            let (new, old) =
                n.checked_sub(1).and_then(|n| self.map.get(n)).copied().unwrap_or_default();
            old + (at - new)
        };
        if self.map.is_empty() { range.clone() } else { back(range.start)..back(range.end) }
    }

    /// `:::` lines that could not be read, with their places.
    #[must_use]
    pub fn problems(&self) -> &[(Range<usize>, BlockProblem)] {
        &self.problems
    }

    /// The events of the text.
    #[must_use]
    pub fn items(&self) -> Items<'_> {
        Items::new(self)
    }
}

/// Makes the edits, and the map from the ends of edits to their old ends.
fn apply<'a>(text: &'a str, edits: &[Edit]) -> (Cow<'a, str>, Vec<(usize, usize)>) {
    if edits.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut out = String::with_capacity(text.len() + edits.len() * 8);
    let mut map = Vec::with_capacity(edits.len());
    let mut from = 0;
    for edit in edits {
        out.push_str(text.get(from..edit.old.start).unwrap_or_default());
        out.push_str(&edit.new);
        from = edit.old.end;
        map.push((out.len(), from));
    }
    out.push_str(text.get(from..).unwrap_or_default());
    (Cow::Owned(out), map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let source = Source::new(text);
        let mut out = String::new();
        for (item, _) in source.items() {
            match item {
                Item::Open(block) => out.push_str(&format!("[{}]", block.name)),
                Item::Close => out.push_str("[/]"),
                Item::Event(event) => {
                    pulldown_cmark::html::push_html(&mut out, std::iter::once(event))
                }
            }
        }
        out
    }

    #[test]
    fn emphasis_works_beside_arabic_punctuation() {
        for text in [
            "**«مبادرة»**التي",
            "**مبادرة:**نص",
            "**(2025–2029)**و",
            "**“一带一路”**倡议",
            "**التاريخ:**2026",
            "**التاريخ:**٢٠٢٦",
            "**«الحزام»**CPEC",
            "**مبادرة:**\u{200F}",
            "2026**«الحزام»** و",
        ] {
            let out = html(text);
            assert!(out.contains("<strong>") && !out.contains("**"), "{out}");
            let plain: String = text.replace("**", "");
            assert_eq!(
                out.replace(['\n'], "")
                    .replace("<p>", "")
                    .replace("</p>", "")
                    .replace("<strong>", "")
                    .replace("</strong>", ""),
                plain
            );
        }
    }

    #[test]
    fn blocks_nest_and_keep_their_inside() {
        let out = html(":::note{title=\"أ\"}\nنص **ث**\n\n::::quote\nداخل\n::::\n:::\nبعد");
        assert_eq!(
            out,
            "[note]<p>نص <strong>ث</strong></p>\n[quote]<p>داخل</p>\n[/][/]<p>بعد</p>\n"
        );
    }

    #[test]
    fn colons_in_code_are_code() {
        let out = html("```\n:::note\n:::\n```\n");
        assert!(out.contains(":::note\n:::"), "{out}");
    }

    #[test]
    fn places_are_mapped_back() {
        let text = ":::note\n**«أ»**ب [x](y)\n:::\n";
        let source = Source::new(text);
        let link = source.items().find_map(|(item, range)| match item {
            Item::Event(pulldown_cmark::Event::Start(Tag::Link { .. })) => Some(range),
            _ => None,
        });
        assert_eq!(link.map(|r| &text[r]), Some("[x](y)"));
    }
}
