//! Reading the tags of HTML, as far as finished pages need it: no tree, no mending.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser};

/// A tag.
#[derive(Clone, Debug)]
pub struct Tag<'a> {
    /// The element's name, as it is written; empty for a comment.
    pub name: &'a str,
    /// Whether it ends an element.
    pub closes: bool,
    /// Whether it ends itself, as in `<svg/>`.
    pub is_whole: bool,
    /// From `<` to `>`.
    pub range: Range<usize>,
    /// Where its name ends, and an attribute may be added.
    pub name_end: usize,
}

/// Reads the tag, comment or declaration that begins with the `<` at a place, and shows each
/// attribute with its value; `None` where none begins there. A `>` in a quoted value ends no tag
/// (HTML §13.2.5.32 and on).
pub fn read<'a>(
    html: &'a str,
    at: usize,
    mut attribute: impl FnMut(&'a str, &'a str),
) -> Option<Tag<'a>> {
    let bytes = html.as_bytes();
    let next = *bytes.get(at + 1)?;
    if matches!(next, b'!' | b'?') {
        let rest = html.get(at..)?;
        let length = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |end| end + 3)
        } else {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        };
        let range = at..at + length;
        return Some(Tag { name: "", closes: false, is_whole: true, range, name_end: at });
    }
    let closes = next == b'/';
    let start = at + 1 + usize::from(closes);
    let named =
        bytes.get(start..).filter(|named| named.first().is_some_and(u8::is_ascii_alphabetic))?;
    let ends = |byte: &u8| matches!(byte, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r' | 0x0C);
    let name_end = start + named.iter().position(ends).unwrap_or(named.len());
    let name = html.get(start..name_end)?;
    let range = at..bytes.len().min(name_end + 1);
    let mut tag = Tag { name, closes, is_whole: false, range, name_end };
    if bytes.get(name_end) != Some(&b'>') {
        tag.attributes(html, &mut attribute);
    }
    Some(tag)
}

impl Tag<'_> {
    /// Reads the attributes up to the `>` that ends the tag.
    fn attributes<'a>(&mut self, html: &'a str, attribute: &mut impl FnMut(&'a str, &'a str)) {
        let bytes = html.as_bytes();
        let mut at = self.name_end;
        loop {
            at += spaces(bytes, at);
            match bytes.get(at) {
                None | Some(b'>') => break,
                Some(b'/') => {
                    self.is_whole = bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let start = at;
            let letters = bytes.get(at + 1..).unwrap_or_default().iter();
            at += 1 + letters.take_while(|byte| !ends_name(**byte)).count();
            let name = html.get(start..at).unwrap_or_default();
            attribute(name, value(html, &mut at).unwrap_or_default());
        }
        self.range.end = bytes.len().min(at + 1);
    }
}

fn spaces(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_whitespace()).count()
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/')
}

/// The value of the attribute whose name ends here, if it has one.
fn value<'a>(html: &'a str, at: &mut usize) -> Option<&'a str> {
    let bytes = html.as_bytes();
    let equals = *at + spaces(bytes, *at);
    if bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = equals + 1 + spaces(bytes, equals + 1);
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
#[must_use]
pub fn raw_end(html: &str, from: usize, name: &str) -> usize {
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

/// Elements whose text is none of the page.
const HIDDEN: [&str; 7] = ["script", "style", "head", "template", "noscript", "svg", "textarea"];

/// Elements in a line of text.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
];

/// Shows the text of HTML, block by block, each with whether it is directly in a `<p>`. Some have no words.
pub fn blocks(html: &str, mut block: impl FnMut(&str, bool)) {
    let (mut words, mut at, mut in_p) = (String::new(), 0, false);
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(tag) = read(html, at, |_, _| {}).filter(|_| rest.starts_with('<')) else {
            let skip = usize::from(rest.starts_with('<'));
            let end = rest.get(skip..).and_then(|rest| rest.find('<'));
            let end = end.map_or(rest.len(), |end| end + skip);
            words.push_str(&unescape(rest.get(..end).unwrap_or_default()));
            at += end;
            continue;
        };
        at = tag.range.end.max(at + 1);
        let is = |name: &&str| tag.name.eq_ignore_ascii_case(name);
        if tag.name.is_empty() || INLINE.iter().any(is) {
            continue;
        }
        if tag.name.eq_ignore_ascii_case("br") {
            words.push('\n');
            continue;
        }
        block(&std::mem::take(&mut words), in_p);
        in_p = !tag.closes && is(&"p");
        if !tag.closes && !tag.is_whole && HIDDEN.iter().any(is) {
            at = raw_end(html, at, tag.name);
        }
    }
    block(&words, in_p);
}

/// The text of some HTML, with a space between its blocks.
#[must_use]
pub fn stripped(html: &str) -> String {
    let mut text = String::new();
    blocks(html, |words, _| {
        let words = words.trim();
        if !words.is_empty() && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(words);
    });
    text
}

/// The longest name of a character reference, with `&` and `;`.
const LONGEST: usize = 33;

/// Decodes the character references of HTML: all that have a name, and numbers. One without its
/// semicolon stays as it is.
#[must_use]
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at..).unwrap_or_default();
        let inside = tail.bytes().skip(1).take(LONGEST);
        let length = 1 + inside.take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let whole = tail.get(..=length).filter(|whole| whole.ends_with(';'));
        match whole.and_then(characters) {
            Some(characters) => {
                out.push_str(&characters);
                rest = tail.get(length + 1..).unwrap_or_default();
            }
            None => {
                out.push_str(tail.get(..length).unwrap_or_default());
                rest = tail.get(length..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// What `&name;` or `&#number;` stands for.
fn characters(reference: &str) -> Option<Cow<'static, str>> {
    let name = reference.strip_prefix('&')?.strip_suffix(';')?;
    let common = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "nbsp" => "\u{A0}",
        _ => "",
    };
    if !common.is_empty() {
        return Some(common.into());
    }
    let Some(number) = name.strip_prefix('#') else {
        return named(reference).map(Cow::Owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let old = code.checked_sub(0x80).and_then(|n| WINDOWS.chars().nth(usize::try_from(n).ok()?));
    Some(old.or_else(|| char::from_u32(code))?.to_string().into())
}

/// What the numbers from 0x80 to 0x9F stand for: the signs that Windows has there (HTML §13.2.5.80).
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";

/// A name of HTML's table, which CommonMark shares.
fn named(reference: &str) -> Option<String> {
    let mut characters = String::new();
    for event in Parser::new(reference) {
        if let Event::Text(text) = event {
            characters.push_str(&text);
        }
    }
    (characters != reference && !characters.is_empty()).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_in_every_form() {
        let html = "<a  href='x>y' DISABLED data-n=5 title=\"a 'b'\"/>text";
        let mut found = Vec::new();
        let tag = read(html, 0, |name, value| found.push(format!("{name}={value}")));
        assert_eq!(found, ["href=x>y", "DISABLED=", "data-n=5", "title=a 'b'"]);
        let shown = tag.map(|tag| (tag.name, tag.is_whole, &html[tag.range]));
        assert_eq!(shown, Some(("a", true, "<a  href='x>y' DISABLED data-n=5 title=\"a 'b'\"/>")));
    }

    #[test]
    fn what_is_no_tag() {
        assert!(read("< a>", 0, |_, _| {}).is_none());
        assert!(read("<", 0, |_, _| {}).is_none());
        assert_eq!(read("<!-- <a> -->", 0, |_, _| {}).map(|tag| tag.range), Some(0..12));
        assert_eq!(read("<a href=\"x", 0, |_, _| {}).map(|tag| tag.range), Some(0..10));
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(unescape("a&amp;b&#x41;&#66;&nope;&"), "a&bAB&nope;&");
        assert_eq!(
            unescape("pl&aacute;n &euro;5 &times; &minus;1 &fjlig; &Tab;|&NewLine;|"),
            "plán €5 × −1 fj \t|\n|"
        );
        assert_eq!(unescape("&CounterClockwiseContourIntegral;&laquo;"), "∳«");
        assert_eq!(unescape("a & b&eacute; &lt &&eacute;"), "a & bé &lt &é");
        assert_eq!(unescape("don&#146;t &#150; &#x80; &#xD800;"), "don’t – € &#xD800;");
    }
}
