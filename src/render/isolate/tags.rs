//! Tags of HTML, as far as direction goes.

use std::ops::Range;

use crate::text::Direction;

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

/// A tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) element: Element,
    pub(super) closes: bool,
    pub(super) range: Range<usize>,
    /// Where its name ends, and an attribute may be added.
    pub(super) name_end: usize,
    /// The values of its `dir` and `lang`.
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
    let bytes = html.as_bytes();
    let next = *bytes.get(at + 1)?;
    if matches!(next, b'!' | b'?') {
        let rest = html.get(at..)?;
        let length = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |end| end + 3)
        } else {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        };
        return Some(Tag::comment(at..at + length));
    }
    let closes = next == b'/';
    let start = at + 1 + usize::from(closes);
    let named =
        bytes.get(start..).filter(|named| named.first().is_some_and(u8::is_ascii_alphabetic))?;
    let length = named
        .iter()
        .position(|byte| matches!(byte, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r' | 0x0C))
        .unwrap_or(named.len());
    let name_end = start + length;
    let name = html.get(start..name_end)?;
    let mut tag = Tag {
        name,
        // Our writer and every theme seen write names in lower case; others stay correct, as blocks.
        element: Element::of(name),
        closes,
        range: at..name_end + 1,
        name_end,
        dir: None,
        lang: None,
        is_whole: false,
    };
    if bytes.get(name_end) != Some(&b'>') {
        tag.attributes(html);
    }
    Some(tag)
}

impl<'a> Tag<'a> {
    fn comment(range: Range<usize>) -> Self {
        let (name_end, name) = (range.start, "");
        let (element, closes) = (Element::Comment, false);
        Self { name, element, closes, range, name_end, dir: None, lang: None, is_whole: false }
    }

    /// Reads the attributes up to the `>` that ends the tag, which is none in a quoted value (HTML
    /// §13.2.5.32 and on).
    fn attributes(&mut self, html: &'a str) {
        let bytes = html.as_bytes();
        let mut at = self.name_end;
        loop {
            let skipped = bytes.get(at..).unwrap_or_default().iter();
            at += skipped.take_while(|byte| byte.is_ascii_whitespace()).count();
            match bytes.get(at) {
                None | Some(b'>') => break,
                Some(b'/') => {
                    self.is_whole = bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let name = at;
            let letters = bytes.get(at + 1..).unwrap_or_default().iter();
            at += 1 + letters.take_while(|byte| !ends_name(**byte)).count();
            let name = html.get(name..at).unwrap_or_default();
            let value = value(html, &mut at);
            match name {
                "dir" => self.dir = self.dir.or(value),
                "lang" => self.lang = self.lang.or(value),
                _ => {}
            }
        }
        self.range.end = bytes.len().min(at + 1);
    }
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/')
}

/// The value of the attribute whose name ends here, if it has one.
fn value<'a>(html: &'a str, at: &mut usize) -> Option<&'a str> {
    let bytes = html.as_bytes();
    let spaces = |at: usize| {
        bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_whitespace()).count()
    };
    let equals = *at + spaces(*at);
    if bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = equals + 1 + spaces(equals + 1);
    match bytes.get(start) {
        Some(quote @ (b'"' | b'\'')) => {
            let rest = bytes.get(start + 1..).unwrap_or_default();
            let length = memchr::memchr(*quote, rest).unwrap_or(rest.len());
            *at = bytes.len().min(start + length + 2);
            html.get(start + 1..start + 1 + length)
        }
        _ => {
            let rest = bytes.get(start..).unwrap_or_default().iter();
            let length = rest.take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count();
            *at = start + length;
            html.get(start..start + length)
        }
    }
}

/// Where the inside of an element ends that holds no markup: before its closing tag.
pub(super) fn raw_end(html: &str, from: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"</")) {
        let place = at + found;
        let written = bytes.get(place + 2..place + 2 + name.len());
        if written.is_some_and(|written| written.eq_ignore_ascii_case(name.as_bytes())) {
            return place;
        }
        at = place + 2;
    }
    html.len()
}
