//! Checks the fields of a page against its kind, each value at its place.

use serde_json::{Map, Value};

use super::{Field, FieldType, Kind};
use crate::config::reader::{Step, type_name};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Edtf, Lang};

/// What the validator asks the site.
pub trait References {
    /// Whether a reference leads to a page of one of the kinds; else what is wrong and what to do.
    ///
    /// # Errors
    /// A message and perhaps a hint.
    fn check(&self, reference: &str, kinds: &[String]) -> Result<(), (String, Option<String>)>;
}

/// A problem with the path of the value that has it; `true` where the key is meant, not the value.
pub type Found = (Vec<Step>, bool, Diagnostic);

/// Checks every field that a page says, and that it says every field it must. `common` are the
/// keys that every kind may have, for suggestions.
#[must_use]
pub fn validate(
    kind: Option<&Kind>,
    fields: &Map<String, Value>,
    common: &[&str],
    references: &dyn References,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, value) in fields {
        let path = vec![Step::Key(key.clone())];
        match kind.and_then(|kind| kind.field(key)) {
            Some(field) => {
                let mut check = Check { field, references, found: &mut found };
                check.value(&field.type_, value, path);
            }
            None => {
                let mut problem = unknown(kind, key, common);
                if matches!(value, Value::Array(items) if items.iter().all(Value::is_string)) {
                    let hint = format!("to group pages by it, add [taxonomies.{key}] to site.toml");
                    problem = problem.hint(hint);
                }
                found.push((path, true, problem));
            }
        }
    }
    for field in kind.iter().flat_map(|kind| &kind.fields) {
        if field.required && fields.get(&field.name).is_none_or(Value::is_null) {
            let name = kind.map_or("", |kind| kind.name.as_str());
            let message = format!("a page of kind `{name}` must say its `{}`", field.name);
            found.push((Vec::new(), true, Diagnostic::error(codes::MISSING_KEY, message)));
        }
    }
    found
}

/// An unknown key, with what may have been meant.
#[must_use]
pub fn unknown(kind: Option<&Kind>, key: &str, common: &[&str]) -> Diagnostic {
    let of = kind.map_or(String::new(), |kind| format!(" for the kind `{}`", kind.name));
    let fields = kind.iter().flat_map(|kind| kind.fields.iter().map(|f| f.name.as_str()));
    let names = common.iter().copied().chain(fields);
    let problem = Diagnostic::error(codes::UNKNOWN_KEY, format!("unknown key `{key}`{of}"));
    let problem = problem.did_you_mean(key, names);
    if problem.hints.is_empty() {
        return problem.hint("keys of your own go under `extra:`");
    }
    problem
}

struct Check<'a> {
    field: &'a Field,
    references: &'a dyn References,
    found: &'a mut Vec<Found>,
}

impl Check<'_> {
    fn value(&mut self, type_: &FieldType, value: &Value, path: Vec<Step>) {
        if value.is_null() {
            return;
        }
        if let FieldType::List(of) = type_ {
            match value {
                Value::Array(items) => {
                    for (i, item) in items.iter().enumerate() {
                        let mut path = path.clone();
                        path.push(Step::Index(i));
                        self.value(of, item, path);
                    }
                }
                single => self.value(of, single, path),
            }
            return;
        }
        if let Err(problem) = self.single(type_, value) {
            self.found.push((path, false, problem));
        }
    }

    fn single(&self, type_: &FieldType, value: &Value) -> Result<(), Diagnostic> {
        let name = &self.field.name;
        let wrong = |wanted: &str| {
            let message = format!("`{name}` must be {wanted}, not {}", type_name(value));
            Diagnostic::error(codes::WRONG_TYPE, message)
        };
        let bad = |message: String| Diagnostic::error(codes::BAD_VALUE, message);
        let text = |wanted: &str| value.as_str().ok_or_else(|| wrong(wanted));
        match type_ {
            FieldType::Text => match value {
                Value::String(_) => Ok(()),
                Value::Number(_) | Value::Bool(_) => Err(wrong("text").hint("put it in quotes")),
                _ => Err(wrong("text")),
            },
            FieldType::Number => value.is_number().then_some(()).ok_or_else(|| wrong("a number")),
            FieldType::Boolean => {
                value.is_boolean().then_some(()).ok_or_else(|| wrong("true or false"))
            }
            FieldType::Date => {
                let text = match value {
                    Value::Number(n) => n.to_string(),
                    _ => text("a date")?.to_owned(),
                };
                Edtf::parse(&text).map(|_| ()).map_err(|why| {
                    bad(if why.starts_with('«') { why } else { format!("`{name}` {why}") })
                })
            }
            FieldType::Url => {
                let url = text("a URL")?;
                let web = url.starts_with("https://") || url.starts_with("http://");
                if web && !url.contains(char::is_whitespace) {
                    return Ok(());
                }
                Err(bad(format!("«{url}» is not a URL that starts with https://")))
            }
            FieldType::Language => {
                let tag = text("a language tag")?;
                let message =
                    || bad(format!("«{tag}» is not a language tag such as ar or zh-Hant"));
                Lang::parse(tag).map(|_| ()).ok_or_else(message)
            }
            FieldType::Enum(words) => {
                let word = text("a word")?;
                if words.iter().any(|w| w == word) {
                    return Ok(());
                }
                let message = format!("`{name}` is one of {}, not «{word}»", words.join(", "));
                Err(bad(message).did_you_mean(word, words.iter().map(String::as_str)))
            }
            FieldType::Coordinates => coordinates(value).map_err(bad),
            FieldType::Reference(kinds) => {
                let reference = text("the id of a page")?;
                self.references.check(reference, kinds).map_err(|(message, hint)| {
                    let problem =
                        Diagnostic::error(codes::BAD_REFERENCE, format!("`{name}`: {message}"));
                    match hint {
                        Some(hint) => problem.hint(hint),
                        None => problem,
                    }
                })
            }
            FieldType::List(_) => Ok(()),
        }
    }
}

fn coordinates(value: &Value) -> Result<(), String> {
    let numbers: Option<Vec<f64>> =
        value.as_array().and_then(|items| items.iter().map(Value::as_f64).collect());
    match numbers.as_deref() {
        Some([lat, _]) if lat.abs() > 90.0 => Err(format!("the latitude {lat} is beyond ±90")),
        Some([_, lon]) if lon.abs() > 180.0 => Err(format!("the longitude {lon} is beyond ±180")),
        Some([_, _]) => Ok(()),
        _ => Err("coordinates are [latitude, longitude] in degrees".into()),
    }
}
