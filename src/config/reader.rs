//! Reads typed values out of a parsed TOML or YAML mapping, reporting every wrong one with its
//! place, and every key that nobody asked for.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Problems, Span, codes};

/// One step into a nested value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An index of a list.
    Index(usize),
}

/// Finds the places of keys and values in the text that they were parsed from.
pub trait Locate {
    /// The place of the key at the end of a path, or of the list item.
    fn key(&self, path: &[Step]) -> Range<usize>;
    /// The place of the value at a path.
    fn value(&self, path: &[Step]) -> Range<usize>;
}

/// A file's values, the places of its values, and where to report.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The file, for diagnostics.
    pub file: &'a Arc<str>,
    /// Its places.
    pub places: &'a dyn Locate,
    /// Where problems go.
    pub problems: &'a Problems,
}

impl Input<'_> {
    /// The place of a value.
    #[must_use]
    pub fn value_span(&self, path: &[Step]) -> Span {
        Span::new(self.file, self.places.value(path))
    }

    /// The place of a key.
    #[must_use]
    pub fn key_span(&self, path: &[Step]) -> Span {
        Span::new(self.file, self.places.key(path))
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type(&self, path: &[Step], wanted: &str, found: &Value) {
        let is = match found {
            Value::Number(n) if wanted.starts_with("a whole number") => n.to_string(),
            _ => type_name(found).to_owned(),
        };
        let message = format!("{} must be {wanted}, not {is}", name(path));
        let mut problem = Diagnostic::error(codes::WRONG_TYPE, message).at(self.value_span(path));
        if wanted.starts_with("text") && matches!(found, Value::Number(_) | Value::Bool(_)) {
            problem = problem.hint("put it in quotes");
        }
        self.problems.push(problem);
    }

    /// Reports a value that makes no sense.
    pub fn bad_value(&self, path: &[Step], message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(codes::BAD_VALUE, message).at(self.value_span(path))
    }
}

/// A mapping being read. Every key that is asked for is known; [`Reader::finish`] reports the rest.
pub struct Reader<'a> {
    /// The file and where to report.
    pub input: Input<'a>,
    map: &'a Map<String, Value>,
    path: Vec<Step>,
    known: Vec<Cow<'static, str>>,
}

impl<'a> Reader<'a> {
    /// Reads a mapping at a path of its file.
    #[must_use]
    pub fn new(input: Input<'a>, map: &'a Map<String, Value>, path: Vec<Step>) -> Self {
        Self { input, map, path, known: Vec::new() }
    }

    /// The path of a key of this mapping.
    #[must_use]
    pub fn path(&self, key: &str) -> Vec<Step> {
        let mut path = self.path.clone();
        path.push(Step::Key(key.to_owned()));
        path
    }

    /// The raw value of a key; `null` counts as absent.
    pub fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(Cow::Borrowed(key));
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// The raw value of a key whose name is known only at run time.
    pub fn dynamic(&mut self, key: &str) -> Option<&'a Value> {
        self.known.push(Cow::Owned(key.to_owned()));
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether the mapping has the key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value);
        if read.is_none() {
            self.input.wrong_type(&self.path(key), wanted, value);
        }
        read
    }

    /// A text; a whole number is taken as the text it was written as.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.typed(key, "text", as_text)
    }

    /// A text that must be there.
    pub fn required_text(&mut self, key: &'static str) -> Option<String> {
        if !self.has(key) {
            self.known.push(Cow::Borrowed(key));
            self.missing(key);
            return None;
        }
        self.text(key)
    }

    /// Reports that a key is not there.
    pub fn missing(&self, key: &str) {
        let whole = if self.path.is_empty() {
            Span::file(self.input.file)
        } else {
            self.input.key_span(&self.path)
        };
        let owner =
            if self.path.is_empty() { String::new() } else { format!(" in {}", name(&self.path)) };
        let problem = Diagnostic::error(codes::MISSING_KEY, format!("`{key}` is missing{owner}"));
        self.input.problems.push(problem.at(whole));
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        self.typed(key, "a whole number", Value::as_i64)
    }

    /// A whole number of at least `min`.
    pub fn count(&mut self, key: &'static str, min: usize) -> Option<usize> {
        if !self.has(key) {
            self.known.push(Cow::Borrowed(key));
            return None;
        }
        self.typed(key, &format!("a whole number of {min} or more"), |value| {
            value.as_u64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n >= min)
        })
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        self.typed(key, "a list of texts", |value| match value {
            Value::Array(items) => items.iter().map(as_text).collect(),
            single => as_text(single).map(|text| vec![text]),
        })
    }

    /// One of the words that `parse` knows.
    pub fn word<T>(
        &mut self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            let message = format!("`{key}` is one of {}, not «{text}»", words.join(", "));
            let problem = self.input.bad_value(&self.path(key), message);
            self.input.problems.push(problem.did_you_mean(&text, words.iter().copied()));
        }
        parsed
    }

    /// A mapping, to be read in turn.
    pub fn table(&mut self, key: &'static str) -> Option<Reader<'a>> {
        let map = self.map(key)?;
        Some(Reader::new(self.input, map, self.path(key)))
    }

    /// A mapping, as it is.
    pub fn map(&mut self, key: &'static str) -> Option<&'a Map<String, Value>> {
        self.typed(key, "a mapping of keys to values", Value::as_object)
    }

    /// A mapping of names to mappings, each to be read in turn.
    pub fn tables(&mut self, key: &'static str) -> Vec<(&'a str, Reader<'a>)> {
        let Some(map) = self.map(key) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (name, value) in map {
            let mut path = self.path(key);
            path.push(Step::Key(name.clone()));
            match value.as_object() {
                Some(table) => tables.push((name.as_str(), Reader::new(self.input, table, path))),
                None => self.input.wrong_type(&path, "a mapping of keys to values", value),
            }
        }
        tables
    }

    /// A list of mappings, each to be read in turn.
    pub fn list(&mut self, key: &'static str) -> Vec<Reader<'a>> {
        let Some(items) = self.typed(key, "a list", Value::as_array) else {
            return Vec::new();
        };
        let mut readers = Vec::new();
        for (i, value) in items.iter().enumerate() {
            let mut path = self.path(key);
            path.push(Step::Index(i));
            match value.as_object() {
                Some(table) => readers.push(Reader::new(self.input, table, path)),
                None => self.input.wrong_type(&path, "a mapping of keys to values", value),
            }
        }
        readers
    }

    /// The keys that nobody asked for.
    #[must_use]
    pub fn unread(&self) -> Vec<&'a str> {
        let unknown = |key: &&'a String| !self.known.iter().any(|known| known == *key);
        self.map.keys().filter(unknown).map(String::as_str).collect()
    }

    /// Reports every key that nobody asked for, with the nearest that somebody would have.
    pub fn finish(self) {
        for key in self.unread() {
            self.unknown(key, &[]);
        }
    }

    /// Reports an unknown key; `also` are names to suggest beside those already asked for.
    pub fn unknown(&self, key: &str, also: &[&str]) {
        let place =
            if self.path.is_empty() { String::new() } else { format!(" in {}", name(&self.path)) };
        let problem = Diagnostic::error(codes::UNKNOWN_KEY, format!("unknown key `{key}`{place}"))
            .at(self.input.key_span(&self.path(key)));
        let names = self.known.iter().map(AsRef::as_ref).chain(also.iter().copied());
        let with_hint = problem.did_you_mean(key, names);
        self.input.problems.push(if with_hint.hints.is_empty() && also.is_empty() {
            let list = self.known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            with_hint.hint(format!("known keys: {list}"))
        } else {
            with_hint
        });
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) if n.is_i64() || n.is_u64() => Some(n.to_string()),
        _ => None,
    }
}

/// A path as people write it: `languages.ar.menu[2].page`.
#[must_use]
pub fn name(path: &[Step]) -> String {
    let mut name = String::from("`");
    for (i, step) in path.iter().enumerate() {
        match step {
            Step::Key(key) if i == 0 => name.push_str(key),
            Step::Key(key) => name.extend([".", key]),
            Step::Index(n) => name.push_str(&format!("[{n}]")),
        }
    }
    name.push('`');
    name
}

/// What a value is, for people.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(n) if n.is_f64() => "a decimal number",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
