//! Tags of HTML, as far as direction goes.

use std::ops::Range;

use crate::text::{Direction, html};

/// What an element is to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// Part of the line: text goes on through it.
    Inline,
    /// `bdi` and its like: part of the line, with a direction of its own.
    Isolate,
    /// Code, which is written from left to right in every language.
    Code,
    /// A thing in the line that is no text and is one tag: a picture, a line break.
    Void,
    /// A thing in the line that holds others.
    Object,
    /// Text that is no markup: a script, a title.
    Raw,
    /// Ends a paragraph.
    Block,
    /// No element at all.
    Comment,
}

impl Element {
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::Isolate | Self::Void | Self::Object)
    }

    fn of(name: &str) -> Self {
        match name {
            "a" | "abbr" | "b" | "big" | "cite" | "data" | "del" | "dfn" | "em" | "font" | "i"
            | "ins" | "label" | "mark" | "q" | "s" | "small" | "span" | "strike" | "strong"
            | "sub" | "sup" | "time" | "u" | "wbr" => Self::Inline,
            "bdi" | "bdo" => Self::Isolate,
            "code" | "kbd" | "pre" | "samp" | "tt" | "var" => Self::Code,
            "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta"
            | "param" | "source" | "track" => Self::Void,
            "button" | "ruby" | "rt" | "rp" => Self::Object,
            "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed"
            | "noframes" | "plaintext" | "svg" | "math" | "select" | "datalist" | "object"
            | "template" => Self::Raw,
            _ => Self::Block,
        }
    }
}

/// A tag, with what it says of direction.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) element: Element,
    pub(super) closes: bool,
    pub(super) range: Range<usize>,
    /// Where its name ends, and an attribute may be added.
    pub(super) name_end: usize,
    dir: Option<&'a str>,
    /// The language that it gives itself.
    pub(super) lang: Option<&'a str>,
    /// Whether it ends itself, as in `<svg/>`.
    pub(super) is_whole: bool,
}

impl Tag<'_> {
    /// The direction that it gives itself: `Some(None)` where the browser is to find it.
    pub(super) fn direction(&self) -> Option<Option<Direction>> {
        let value = self.dir?;
        Some(if value.eq_ignore_ascii_case("rtl") {
            Some(Direction::Rtl)
        } else if value.eq_ignore_ascii_case("ltr") {
            Some(Direction::Ltr)
        } else {
            None
        })
    }
}

/// Reads the tag or comment that begins at `<`; `None` where none does.
pub(super) fn read(html: &str, at: usize) -> Option<Tag<'_>> {
    let (mut dir, mut lang) = (None, None);
    let tag = html::read(html, at, |name, value| match name {
        "dir" => dir = dir.or(Some(value)),
        "lang" => lang = lang.or(Some(value)),
        _ => {}
    })?;
    let html::Tag { name, closes, is_whole, range, name_end } = tag;
    // Our writer and every theme seen write names in lower case; others stay correct, as blocks.
    let element = if name.is_empty() { Element::Comment } else { Element::of(name) };
    Some(Tag { name, element, closes, range, name_end, dir, lang, is_whole })
}
