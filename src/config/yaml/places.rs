//! Where keys and values stand in a YAML text.

use std::ops::Range;

use super::flow;
use crate::config::reader::{Locate, Step};

/// The places of keys and values in a YAML text, found when a problem needs them.
#[derive(Debug)]
pub struct YamlPlaces<'a> {
    /// The YAML.
    pub text: &'a str,
    /// What to add to an offset in it to get one in the file.
    pub base: usize,
}

impl YamlPlaces<'_> {
    fn find(&self, path: &[Step]) -> (Range<usize>, Range<usize>) {
        let lines = lines(self.text);
        let mut block = 0..lines.len();
        let mut found = (0..0, 0..0);
        for (n, step) in path.iter().enumerate() {
            let Some((key, value, inner)) = descend(&lines, block.clone(), step) else {
                // The parts of a flow collection stand on its own lines.
                let rest = self.text.get(found.1.start..).filter(|_| !found.1.is_empty());
                let inside =
                    rest.zip(path.get(n..)).and_then(|(rest, path)| flow::find(rest, path));
                if let Some((key, value)) = inside {
                    let at = |range: Range<usize>| {
                        range.start + found.1.start..range.end + found.1.start
                    };
                    found = (at(key), at(value));
                }
                break;
            };
            found = (key, value);
            block = inner;
        }
        if found.0.is_empty() {
            // What is not there is placed nowhere in particular.
            return (0..0, 0..0);
        }
        let shift = |r: Range<usize>| r.start + self.base..r.end + self.base;
        (shift(found.0), shift(found.1))
    }
}

impl Locate for YamlPlaces<'_> {
    fn key(&self, path: &[Step]) -> Range<usize> {
        self.find(path).0
    }

    fn value(&self, path: &[Step]) -> Range<usize> {
        self.find(path).1
    }
}

/// A line that is neither blank nor a comment; `- ` items are lines of their own.
#[derive(Debug)]
struct Line<'a> {
    start: usize,
    indent: usize,
    text: &'a str,
    item: bool,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let mut rest = raw.trim_end();
        let mut indent = rest.len() - rest.trim_start_matches(' ').len();
        rest = rest.get(indent..).unwrap_or_default();
        while rest == "-" || rest.starts_with("- ") {
            let body = rest.get(1..).unwrap_or_default();
            let gap = 1 + body.len() - body.trim_start_matches(' ').len();
            lines.push(Line { start: offset + indent, indent, text: rest, item: true });
            indent += gap;
            rest = rest.get(gap..).unwrap_or_default();
        }
        if !rest.is_empty() && !rest.starts_with('#') {
            lines.push(Line { start: offset + indent, indent, text: rest, item: false });
        }
        offset += raw.len();
    }
    lines
}

/// The key that a line starts with, without its quotes.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    if !(rest.is_empty() || rest.starts_with([' ', '\n', '\r'])) {
        return None;
    }
    Some(key.trim().trim_matches(['"', '\'']))
}

type Found = (Range<usize>, Range<usize>, Range<usize>);

/// Finds a step's line in a block; gives the places of key and value, and the block below it.
fn descend(lines: &[Line<'_>], block: Range<usize>, step: &Step) -> Option<Found> {
    let indent = lines.get(block.clone())?.first()?.indent;
    let mut index = 0;
    for at in block.clone() {
        let line = lines.get(at)?;
        // A sequence may stand at the indentation of its key's mapping.
        if line.indent != indent {
            continue;
        }
        let hit = match step {
            Step::Key(key) => !line.item && key_of(line.text) == Some(key),
            Step::Index(n) if line.item => {
                index += 1;
                index == n + 1
            }
            Step::Index(_) => false,
        };
        if !hit {
            continue;
        }
        let below = |l: &Line<'_>| {
            l.indent > indent || (l.indent == indent && l.item && matches!(step, Step::Key(_)))
        };
        let end =
            (at + 1..block.end).find(|i| !lines.get(*i).is_some_and(below)).unwrap_or(block.end);
        let (key, value) = places(line, matches!(step, Step::Key(_)));
        return Some((key, value, at + 1..end));
    }
    None
}

/// The places of the key and the value of a line; those of the value alone for an entry of a list.
fn places(line: &Line<'_>, has_key: bool) -> (Range<usize>, Range<usize>) {
    let end = line.start + line.text.len();
    let skip = if has_key { line.text.find(':').map_or(0, |at| at + 1) } else { 1 };
    let rest = line.text.get(skip..).unwrap_or_default();
    let value = end - rest.trim_start().len()..end;
    if !has_key {
        return (value.clone(), value);
    }
    let key = line.start..line.start + skip.saturating_sub(1);
    let value = if value.is_empty() { key.clone() } else { value };
    (key, value)
}

/// The lines of a YAML text, to read the places of all its keys and values in one pass.
#[derive(Debug)]
pub struct Outline<'a>(Vec<Line<'a>>);

/// A key of a mapping with its value, or an entry of a list.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The key; none for an entry of a list.
    pub key: Option<&'a str>,
    /// The place of the key.
    pub key_place: Range<usize>,
    /// The place of as much of the value as is in the same line.
    pub value_place: Range<usize>,
    /// What is below it, by the numbers of its lines.
    pub below: Range<usize>,
}

impl<'a> Outline<'a> {
    /// Takes a text apart.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self(lines(text))
    }

    /// All its lines but those that are no content.
    #[must_use]
    pub fn top(&self) -> Range<usize> {
        let is_head = |line: &&Line<'_>| line.text.starts_with("---") || line.text.starts_with('%');
        self.0.iter().take_while(is_head).count()..self.0.len()
    }

    /// The entries of the mapping or list that these lines are.
    #[must_use]
    pub fn entries(&self, block: Range<usize>) -> Vec<Entry<'a>> {
        let lines = self.0.get(block.clone()).unwrap_or_default();
        let Some(first) = lines.first() else { return Vec::new() };
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for (at, line) in (block.start..).zip(lines) {
            let key = key_of(line.text).filter(|_| !line.item);
            let begins = line.indent == first.indent
                && line.item == first.item
                && (line.item || key.is_some());
            if begins {
                let (key_place, value_place) = places(line, !line.item);
                entries.push(Entry { key, key_place, value_place, below: at + 1..at + 1 });
            } else if let Some(entry) = entries.last_mut() {
                entry.below.end = at + 1;
            }
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: أ\nsources:\n  - seed\n  - app\nplaces:\n- {id: x}\n- y\ncascade:\n  kind: event\n  deep:\n    a: 1\n";

    fn at(path: &[Step]) -> (&str, &str) {
        let places = YamlPlaces { text: TEXT, base: 0 };
        (&TEXT[places.key(path)], &TEXT[places.value(path)])
    }

    #[test]
    fn keys_and_values_are_found() {
        let key = |k: &str| Step::Key(k.into());
        assert_eq!(at(&[key("title")]), ("title", "أ"));
        assert_eq!(at(&[key("sources"), Step::Index(1)]).1, "app");
        assert_eq!(at(&[key("places"), Step::Index(1)]).1, "y");
        assert_eq!(at(&[key("cascade"), key("kind")]), ("kind", "event"));
        assert_eq!(at(&[key("cascade"), key("deep"), key("a")]), ("a", "1"));
    }
}
