//! `:::` blocks: `:::name{key=value}` … `:::`.
//!
//! A line that opens or closes a block is replaced by a processing instruction, which CommonMark
//! (§4.6, kind 3) takes as a block of its own wherever it stands, and which ends with its line.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What a `:::` line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The component's name; empty on a closing line.
    pub name: String,
    /// Its attributes, in their order; a bare key has no value.
    pub attributes: Vec<(String, Option<String>)>,
    /// The place of the line in the original.
    pub place: Range<usize>,
}

impl Block {
    /// Whether the line closes a block.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.name.is_empty()
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key)?.1.as_deref()
    }
}

/// What is wrong with a `:::` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockProblem {
    /// It does not read `:::name{key=value}`.
    Malformed,
    /// It opens a block that nothing closes.
    NotClosed,
    /// It closes a block that nothing opened.
    NotOpened,
}

impl BlockProblem {
    /// What is wrong and what to do, in two sentences.
    #[must_use]
    pub fn explain(self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => (
                "this `:::` line cannot be read",
                "write `:::name` or `:::name{key=\"value\"}`, and `:::` to end the block",
            ),
            Self::NotClosed => ("this block is not closed", "end it with a line `:::`"),
            Self::NotOpened => ("there is no block to close here", "remove the line"),
        }
    }
}

/// The instruction that stands for the nth `:::` line.
pub(super) fn marker(n: usize) -> String {
    format!("<?block {n}?>")
}

/// Finds the `:::` lines of a text: the range from the colons to the line's end, the number of the
/// line among them, and what it says. Lines in code and raw HTML are none.
pub(super) fn find(
    text: &str,
    options: Options,
    problems: &mut Vec<(Range<usize>, BlockProblem)>,
) -> Vec<(Range<usize>, usize, Block)> {
    if memchr::memmem::find(text.as_bytes(), b":::").is_none() {
        return Vec::new();
    }
    let verbatim = verbatim(text, options);
    let mut found: Vec<(Range<usize>, usize, Block)> = Vec::new();
    let mut open = Vec::new();
    let mut malformed = 0;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let Some(colons) = line.find(|c: char| !matches!(c, ' ' | '\t' | '>')) else {
            continue;
        };
        let rest = line.get(colons..).unwrap_or_default().trim_end();
        let at = start + colons;
        if !rest.starts_with(":::") || is_inside(&verbatim, at) {
            continue;
        }
        let place = at..at + rest.len();
        let Some(block) = parse(rest, &place) else {
            problems.push((place, BlockProblem::Malformed));
            // It was meant to open a block: what closes that is not a second problem.
            malformed += 1;
            continue;
        };
        if block.closes() && open.is_empty() && malformed > 0 {
            malformed -= 1;
            continue;
        }
        if block.closes() && open.pop().is_none() {
            problems.push((place, BlockProblem::NotOpened));
            continue;
        }
        if !block.closes() {
            open.push(found.len());
        }
        found.push((place, found.len(), block));
    }
    for n in open {
        if let Some((place, ..)) = found.get(n) {
            problems.push((place.clone(), BlockProblem::NotClosed));
        }
    }
    found
}

/// Whether a place is in one of the ranges, which are in order and apart.
fn is_inside(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= at);
    after.checked_sub(1).and_then(|i| ranges.get(i)).is_some_and(|range| range.contains(&at))
}

/// The ranges of code and raw HTML, in order.
fn verbatim(text: &str, options: Options) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => start = range.start,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => ranges.push(start..range.end),
            Event::Code(_) | Event::InlineHtml(_) => ranges.push(range),
            _ => {}
        }
    }
    ranges
}

/// Reads `:::name{…}` or `:::`.
fn parse(line: &str, place: &Range<usize>) -> Option<Block> {
    let rest = line.trim_start_matches(':').trim();
    let name_end = rest.find(|c: char| c == '{' || c.is_whitespace()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at_checked(name_end)?;
    let rest = rest.trim();
    let valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    if !(valid || (name.is_empty() && rest.is_empty())) {
        return None;
    }
    let attributes = if rest.is_empty() {
        Vec::new()
    } else {
        attributes(rest.strip_prefix('{')?.strip_suffix('}')?)?
    };
    Some(Block { name: name.to_owned(), attributes, place: place.clone() })
}

/// Reads `key=value key="a b" key='a b' flag #id .class`.
fn attributes(mut rest: &str) -> Option<Vec<(String, Option<String>)>> {
    let mut attributes: Vec<(String, Option<String>)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(attributes);
        }
        if let Some(after) = rest.strip_prefix(['#', '.']) {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            let (word, tail) = after.split_at_checked(end)?;
            let key = if rest.starts_with('#') { "id" } else { "class" };
            match attributes.iter_mut().find(|(k, _)| k == key && key == "class") {
                Some((_, Some(classes))) => classes.extend([" ", word]),
                _ => attributes.push((key.to_owned(), Some(word.to_owned()))),
            }
            rest = tail;
            continue;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, tail) = rest.split_at_checked(end)?;
        if key.is_empty() || key.contains(['"', '\'', '{', '}']) {
            return None;
        }
        let Some(value) = tail.strip_prefix('=') else {
            attributes.push((key.to_owned(), None));
            rest = tail;
            continue;
        };
        let (value, tail) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..)?.split_once(quote)?,
            _ => value.split_at_checked(value.find(char::is_whitespace).unwrap_or(value.len()))?,
        };
        attributes.push((key.to_owned(), Some(value.to_owned())));
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Block> {
        parse(line, &(0..0))
    }

    #[test]
    fn attributes_in_every_form() {
        let Some(Block { name, attributes, .. }) =
            read(":::figure{#f1 .wide .dark src=\"a b.jpg\" n=2 open t='«أ»'}")
        else {
            unreachable!()
        };
        assert_eq!(name, "figure");
        let shown: Vec<_> = attributes.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
        assert_eq!(
            shown,
            [
                "id=Some(\"f1\")",
                "class=Some(\"wide dark\")",
                "src=Some(\"a b.jpg\")",
                "n=Some(\"2\")",
                "open=None",
                "t=Some(\"«أ»\")"
            ]
        );
    }

    #[test]
    fn what_is_no_block_line() {
        assert_eq!(read(":::note{title=\"x}"), None);
        assert_eq!(read(":::Note"), None);
        assert_eq!(read("::: ملاحظة"), None);
        assert!(read("::::").is_some_and(|block| block.closes()));
    }

    #[test]
    fn unbalanced_lines_are_problems() {
        let mut problems = Vec::new();
        find(":::\n\n:::note\n\n:::note{\n", super::super::options(), &mut problems);
        let kinds: Vec<_> = problems.into_iter().map(|(_, p)| p).collect();
        assert_eq!(
            kinds,
            [BlockProblem::NotOpened, BlockProblem::Malformed, BlockProblem::NotClosed]
        );
    }
}
