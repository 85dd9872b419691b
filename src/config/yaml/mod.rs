//! YAML as plain values, and the places of its keys.
//!
//! This is the only file that knows serde_yaml. It gives no positions for values, so [`YamlPlaces`]
//! finds a key's line by the indentation of the block style that front matter is written in, and
//! `flow` what is inside a flow collection (`{a: 1}`).

mod flow;
mod places;
mod simple;

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use places::key_of;
pub use places::{Entry, Outline, YamlPlaces};
pub use simple::{is_key, is_plain};

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
pub struct YamlError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub offset: Option<usize>,
    /// What to do.
    pub hint: Option<String>,
}

/// Parses a YAML mapping; an empty text is an empty mapping.
///
/// # Errors
/// What is wrong.
pub fn parse(text: &str) -> Result<Map<String, Value>, YamlError> {
    simple::parse(text).map_or_else(|| parse_any(text), Ok)
}

/// Parses a YAML mapping that may hold anything.
fn parse_any(text: &str) -> Result<Map<String, Value>, YamlError> {
    LEFT.set(MAX_EXPANDED);
    match serde_yaml::from_str::<Tree>(text) {
        Ok(Tree(Value::Object(map))) if depth(&map) <= MAX_DEPTH => Ok(map),
        Ok(Tree(Value::Object(_))) => Err(too_deep()),
        Ok(Tree(Value::Null)) => Ok(Map::new()),
        Ok(_) => Err(YamlError {
            message: "this must be lines of `key: value`".into(),
            offset: Some(0),
            hint: Some("a line such as `title: …`".into()),
        }),
        Err(error) => Err(explain(text, &error)),
    }
}

/// Parses a YAML list; an empty text is an empty list.
///
/// # Errors
/// What is wrong.
pub fn parse_list(text: &str) -> Result<Vec<Value>, YamlError> {
    LEFT.set(MAX_EXPANDED);
    match serde_yaml::from_str::<Tree>(text) {
        Ok(Tree(Value::Array(items))) if items.iter().all(|item| depth_of(item) <= MAX_DEPTH) => {
            Ok(items)
        }
        Ok(Tree(Value::Array(_))) => Err(too_deep()),
        Ok(Tree(Value::Null)) => Ok(Vec::new()),
        Ok(_) => Err(YamlError {
            message: "this must be a list: a line `- id: …` begins each of its entries".into(),
            offset: Some(0),
            hint: None,
        }),
        Err(error) => Err(explain(text, &error)),
    }
}

fn depth(map: &Map<String, Value>) -> usize {
    1 + map.values().map(depth_of).max().unwrap_or(0)
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Object(map) => depth(map),
        Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
        _ => 0,
    }
}

fn too_deep() -> YamlError {
    let message = format!("nested more than {MAX_DEPTH} levels deep");
    YamlError { message, offset: None, hint: None }
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
            message: "this holds more than one YAML document".into(),
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

#[cfg(test)]
mod tests {
    use super::*;

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
