//! YAML front matter as plain values, and the places of its keys.
//!
//! This is the only file that knows serde_yaml. It gives no positions for values, so [`YamlPlaces`]
//! finds a key's line by the indentation of the block style that front matter is written in, and
//! [`flow`] what is inside a flow collection (`{a: 1}`).

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::flow;
use crate::config::reader::{Locate, Step};

/// How much text a YAML file may come to when its aliases are followed, in bytes.
const MAX_EXPANDED: usize = 8 * 1024 * 1024;

thread_local! {
    /// What is left of [`MAX_EXPANDED`] for the text being parsed.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// The deepest nesting of front matter.
const MAX_DEPTH: usize = 32;

/// A syntax error, with its byte offset where the parser knows one.
#[derive(Debug)]
pub(super) struct YamlError {
    /// What is wrong.
    pub(super) message: String,
    /// Where.
    pub(super) offset: Option<usize>,
    /// What to do.
    pub(super) hint: Option<String>,
}

/// Parses a YAML mapping; an empty text is an empty mapping.
pub(super) fn parse(text: &str) -> Result<Map<String, Value>, YamlError> {
    super::simple::parse(text).map_or_else(|| parse_any(text), Ok)
}

/// Parses a YAML mapping that may hold anything.
pub(super) fn parse_any(text: &str) -> Result<Map<String, Value>, YamlError> {
    LEFT.set(MAX_EXPANDED);
    match serde_yaml::from_str::<Tree>(text) {
        Ok(Tree(Value::Object(map))) if depth(&map) <= MAX_DEPTH => Ok(map),
        Ok(Tree(Value::Object(_))) => Err(YamlError {
            message: format!("nested more than {MAX_DEPTH} levels deep"),
            offset: None,
            hint: None,
        }),
        Ok(Tree(Value::Null)) => Ok(Map::new()),
        Ok(_) => Err(YamlError {
            message: "this must be lines of `key: value`".into(),
            offset: Some(0),
            hint: Some("a line such as `title: …`".into()),
        }),
        Err(error) => Err(explain(text, &error)),
    }
}

/// Parses a YAML list.
pub(super) fn parse_list(text: &str) -> Option<Value> {
    LEFT.set(MAX_EXPANDED);
    match serde_yaml::from_str::<Tree>(text) {
        Ok(Tree(list @ Value::Array(_))) => Some(list),
        _ => None,
    }
}

fn depth(map: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::Object(map) => depth(map),
            Value::Array(items) => 1 + items.iter().map(of).max().unwrap_or(0),
            _ => 0,
        }
    }
    1 + map.values().map(of).max().unwrap_or(0)
}

/// Turns the parser's message into one for people who write titles, not YAML.
fn explain(text: &str, error: &serde_yaml::Error) -> YamlError {
    let offset = error.location().map(|l| l.index().min(text.len()));
    let full = error.to_string();
    // The parser ends its messages with the line and column, which a diagnostic shows itself.
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    if let Some(key) = message.strip_prefix("duplicate key `").and_then(|m| m.split('`').next()) {
        return YamlError {
            offset: second(text, key).or(offset),
            message,
            hint: Some("keep one of the two".into()),
        };
    }
    if message.contains("more than one document") {
        return YamlError {
            offset: text.find("\n---").or(text.find("\n...")).map(|at| at + 1),
            message: "front matter is one YAML document".into(),
            hint: None,
        };
    }
    let line_start = |at: usize| text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
    let line = offset.and_then(|at| text.get(line_start(at)..)?.lines().next());
    let hint = line.and_then(|line| {
        let (key, value) = line.split_once(':')?;
        let (key, value) = (key.trim(), value.trim());
        let unquoted = !value.is_empty() && !value.starts_with(['"', '\'', '[', '{', '|', '>']);
        let breaks = value.contains(": ")
            || value.ends_with(':')
            || value.contains(" #")
            || value.starts_with(['@', '`', '%', '*', '&', '!', '-', '?']);
        (unquoted && breaks).then(|| format!("put the value in quotes: {key}: \"{value}\""))
    });
    let tab = line.is_some_and(|l| l.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t'));
    if message.contains("repetition limit") {
        return YamlError {
            message: "anchors (`&`) and aliases (`*`) repeat too much".into(),
            offset,
            hint: Some("write the values out".into()),
        };
    }
    let hint = hint.or_else(|| tab.then(|| "YAML is indented with spaces, not tabs".to_owned()));
    match unclosed(text).filter(|_| hint.is_none()) {
        Some((offset, hint)) => YamlError { message, offset: Some(offset), hint: Some(hint) },
        None => YamlError { message, offset, hint },
    }
}

/// The first line whose value opens a quotation or a list and does not close it.
fn unclosed(text: &str) -> Option<(usize, String)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim());
        let close = match value.chars().next() {
            Some(quote @ ('"' | '\'')) if value.len() < 2 || !value.ends_with(quote) => {
                Some(format!("close the quotation with {quote}"))
            }
            Some('[') if !value.ends_with(']') => Some("close the list with ]".to_owned()),
            Some('{') if !value.ends_with('}') => Some("close the mapping with }".to_owned()),
            _ => None,
        };
        if let Some(hint) = close {
            return Some((at, hint));
        }
        at += line.len();
    }
    None
}

/// The offset of the second line that starts with a key, at any indentation.
fn second(text: &str, key: &str) -> Option<usize> {
    let mut offset = 0;
    let mut seen = false;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '-']);
        if key_of(trimmed).is_some_and(|k| k == key) {
            if seen {
                return Some(offset + line.len() - trimmed.len());
            }
            seen = true;
        }
        offset += line.len();
    }
    None
}

/// A YAML value as a JSON one. A key given twice is an error here, where JSON would take the last.
struct Tree(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor).map(Self)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::from(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::from(v))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::from(v))
    }

    fn visit_i128<E: Error>(self, v: i128) -> Result<Value, E> {
        Err(E::custom(format!("the number {v} is too large: put it in quotes if it is text")))
    }

    fn visit_u128<E: Error>(self, v: u128) -> Result<Value, E> {
        Err(E::custom(format!("the number {v} is too large: put it in quotes if it is text")))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (Tree(tag), _) = access.variant()?;
        let tag = tag.as_str().unwrap_or_default().to_owned();
        Err(A::Error::custom(format!(
            "the tag `!{tag}` means nothing here: put the value in quotes"
        )))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Value::from(v))
    }

    fn visit_str<E: Error>(self, v: &str) -> Result<Value, E> {
        let left = LEFT.get().checked_sub(v.len());
        LEFT.set(left.ok_or_else(|| E::custom("repetition limit exceeded"))?);
        Ok(Value::from(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Tree(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::from(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Tree(key)) = access.next_key()? {
            let key = match key {
                Value::String(text) => text,
                Value::Number(n) => n.to_string(),
                Value::Bool(b) => b.to_string(),
                _ => return Err(A::Error::custom("a key must be text")),
            };
            let Tree(value) = access.next_value()?;
            if map.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("duplicate key `{key}`")));
            }
        }
        Ok(Value::Object(map))
    }
}

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
fn key_of(line: &str) -> Option<&str> {
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
        let (key, value) = places(line, step);
        return Some((key, value, at + 1..end));
    }
    None
}

fn places(line: &Line<'_>, step: &Step) -> (Range<usize>, Range<usize>) {
    let end = line.start + line.text.len();
    let skip = match step {
        Step::Key(_) => line.text.find(':').map_or(0, |at| at + 1),
        Step::Index(_) => 1,
    };
    let rest = line.text.get(skip..).unwrap_or_default();
    let value = end - rest.trim_start().len()..end;
    match step {
        Step::Key(_) => {
            let key = line.start..line.start + skip.saturating_sub(1);
            let value = if value.is_empty() { key.clone() } else { value };
            (key, value)
        }
        Step::Index(_) => (value.clone(), value),
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

    #[test]
    fn duplicate_keys_are_refused_at_the_second() {
        let Err(error) = parse("title: أ\nslug: b\ntitle: ج\n") else { unreachable!() };
        assert!(error.message.contains("duplicate key `title`"));
        assert_eq!(error.offset, Some("title: أ\nslug: b\n".len()));
    }

    #[test]
    fn an_unquoted_colon_gets_its_hint() {
        let Err(error) = parse("title: محادثات: بكين\n") else { unreachable!() };
        assert_eq!(
            error.hint.as_deref(),
            Some("put the value in quotes: title: \"محادثات: بكين\"")
        );
    }

    #[test]
    fn bombs_and_depth_are_stopped() {
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
        assert!(parse(bomb).is_err());
        assert!(parse(&format!("a: {}{}\n", "[".repeat(40), "]".repeat(40))).is_err());
        assert!(parse(&format!("a: {}\n", "[".repeat(5000))).is_err());
    }
}
