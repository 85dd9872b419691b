//! TOML as plain values with their places.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::{Locate, Step};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};

/// A parsed TOML file.
#[derive(Debug, Default)]
pub struct TomlFile {
    /// Its top-level table.
    pub values: Map<String, Value>,
    places: HashMap<Vec<Step>, (Range<usize>, Range<usize>)>,
}

impl TomlFile {
    /// Parses a file; syntax errors, all of them, go to `problems`.
    #[must_use]
    pub fn parse(text: &str, file: &Arc<str>, problems: &Problems) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            let span = Span::new(file, error.span().unwrap_or(0..0));
            let mut problem = Diagnostic::error(codes::TOML_SYNTAX, message).at(span);
            // TOML takes letters of other scripts only in quotes.
            let at = error.span().map_or(0, |span| span.start);
            let rest = text.get(at..).unwrap_or_default();
            let word = rest.split([' ', '.', ']', '=', '\n']).next().unwrap_or_default();
            if error.message().contains("unquoted key") && !word.is_ascii() {
                problem = problem.hint(format!("put the key in quotes: \"{word}\""));
            }
            problem.masked = in_targets(text, at);
            problems.push(problem);
        }
        let mut parsed = Self::default();
        parsed.values = parsed.table(table.get_ref(), &mut Vec::new());
        parsed
    }

    fn table(&mut self, table: &DeTable<'_>, path: &mut Vec<Step>) -> Map<String, Value> {
        let mut map = Map::new();
        for (key, value) in table {
            path.push(Step::Key(key.get_ref().to_string()));
            self.places.insert(path.clone(), (key.span(), value.span()));
            map.insert(key.get_ref().to_string(), self.value(value, path));
            path.pop();
        }
        map
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &mut Vec<Step>) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::from(text.to_string()),
            DeValue::Boolean(b) => Value::from(*b),
            DeValue::Integer(n) => {
                let digits = n.as_str().replace('_', "");
                i64::from_str_radix(&digits, n.radix()).map_or(Value::Null, Value::from)
            }
            DeValue::Float(n) => {
                n.as_str().replace('_', "").parse::<f64>().map_or(Value::Null, Value::from)
            }
            DeValue::Datetime(date) => Value::from(date.to_string()),
            DeValue::Array(items) => {
                let mut list = Vec::new();
                for (i, item) in items.iter().enumerate() {
                    path.push(Step::Index(i));
                    self.places.insert(path.clone(), (item.span(), item.span()));
                    list.push(self.value(item, path));
                    path.pop();
                }
                Value::from(list)
            }
            DeValue::Table(table) => Value::Object(self.table(table, path)),
        }
    }
}

/// Whether a place is within a table of targets, as far as its lines tell: there a secret may stand in the wrong place.
fn in_targets(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let is_header = |line: &&str| line.trim_start().starts_with('[');
    let of_targets =
        |line: &str| line.trim_start_matches([' ', '\t', '[', '"', '\'']).starts_with("targets");
    let line = text.get(start..at + rest.find('\n').unwrap_or(rest.len())).unwrap_or_default();
    if is_header(&line) {
        return false;
    }
    of_targets(line)
        || text.get(..start).unwrap_or_default().lines().rfind(is_header).is_some_and(of_targets)
}

impl Locate for TomlFile {
    fn key(&self, path: &[Step]) -> Range<usize> {
        self.places.get(path).map_or(0..0, |(key, _)| key.clone())
    }

    fn value(&self, path: &[Step]) -> Range<usize> {
        self.places.get(path).map_or(0..0, |(_, value)| value.clone())
    }
}
