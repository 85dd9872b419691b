//! Checks the fields of a page against its kind, each value at its place.

use serde_json::{Map, Value};

use super::{Field, FieldType, Kind, values};
use crate::config::reader::{Step, type_name};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Edtf, Lang};

/// How many references of a list are compared with each other.
const MAX_COMPARED: usize = 500;

/// What the validator asks the site.
pub trait References {
    /// Whether a reference leads to a page of one of the kinds; else what is wrong and what to do.
    ///
    /// # Errors
    /// A message and perhaps a hint.
    fn check(&self, reference: &str, kinds: &[String]) -> Result<(), (String, Option<String>)>;

    /// The languages of the site, by their tags.
    fn languages(&self) -> Vec<&str>;
}

/// A problem with the path of the value that has it; `true` where the key is meant, not the value.
pub type Found = (Vec<Step>, bool, Diagnostic);

/// Checks every field that a page says, and that it says every field it must. `common` are the
/// keys that every kind may have, for suggestions; `date` is the page's own, which a field may have
/// to come after.
#[must_use]
pub fn validate(
    kind: Option<&Kind>,
    fields: &Map<String, Value>,
    date: Option<Edtf>,
    common: &[&str],
    references: &dyn References,
) -> Vec<Found> {
    let mut check = Check { references, found: Vec::new() };
    for (key, value) in fields {
        let path = vec![Step::Key(key.clone())];
        match kind.and_then(|kind| kind.field(key)) {
            Some(field) => check.value(field, &field.type_, value, path),
            None => {
                let mut problem = unknown(kind, key, common);
                if matches!(value, Value::Array(items) if items.iter().all(Value::is_string)) {
                    let hint = format!("to group pages by it, add [taxonomies.{key}] to site.toml");
                    problem = problem.hint(hint);
                }
                check.found.push((path, true, problem));
            }
        }
    }
    if let Some(kind) = kind {
        let owner = format!("a page of kind `{}`", kind.name);
        check.together(&owner, &kind.fields, fields, date, &[]);
    }
    check.found
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
    references: &'a dyn References,
    found: Vec<Found>,
}

fn bad(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(codes::BAD_VALUE, message.into())
}

impl Check<'_> {
    fn value(&mut self, field: &Field, type_: &FieldType, value: &Value, path: Vec<Step>) {
        match (type_, value) {
            (_, Value::Null) => {}
            (FieldType::List(of), _) => {
                // One place is two numbers, and no list of places.
                let single = **of == FieldType::Coordinates && is_pair(value);
                let items = values::items(value).map(|(i, v)| (i.filter(|_| !single), v));
                let items: Vec<_> = if single { vec![(None, value)] } else { items.collect() };
                let mut seen: Vec<&Value> = Vec::new();
                for (i, item) in items {
                    let is_reference = matches!(**of, FieldType::Reference(_)) && item.is_string();
                    if is_reference && seen.contains(&item) {
                        let mut path = path.clone();
                        path.extend(i.map(Step::Index));
                        let written = item.as_str().unwrap_or_default();
                        let message = format!("`{}` names «{written}» twice", field.name);
                        let problem = Diagnostic::warning(codes::BAD_VALUE, message);
                        self.found.push((path, false, problem));
                    } else if is_reference && seen.len() < MAX_COMPARED {
                        seen.push(item);
                    }
                    let mut path = path.clone();
                    path.extend(i.map(Step::Index));
                    self.value(field, of, item, path);
                }
            }
            (FieldType::Record(fields), Value::Object(map)) => {
                self.record(field, fields, map, &path);
            }
            (FieldType::Record(fields), Value::Array(_)) => {
                let names = fields.iter().map(|field| &*field.name).collect::<Vec<_>>().join(", ");
                let message = format!("`{}` must be a mapping of {names}, not a list", field.name);
                self.found.push((path, false, Diagnostic::error(codes::WRONG_TYPE, message)));
            }
            (FieldType::Record(fields), single) => {
                if let Some(first) = fields.first() {
                    self.value(first, &first.type_, single, path.clone());
                }
                // What else the record must say is not said.
                let said = fields.first().map(|first| (first.name.clone(), single.clone()));
                let map: Map<String, Value> = said.into_iter().collect();
                let owner = format!("an entry of `{}`", field.name);
                self.together(&owner, fields, &map, None, &path);
            }
            (FieldType::Localized, Value::Object(texts)) => self.localized(field, texts, &path),
            (single, value) => {
                if let Err(problem) = self.single(field, single, value) {
                    self.found.push((path, false, problem));
                }
            }
        }
    }

    fn record(&mut self, of: &Field, fields: &[Field], map: &Map<String, Value>, path: &[Step]) {
        for (key, value) in map {
            let mut path = path.to_vec();
            path.push(Step::Key(key.clone()));
            match fields.iter().find(|field| field.name == *key) {
                Some(field) => self.value(field, &field.type_, value, path),
                None => {
                    let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
                    let message = format!("unknown key `{key}` in `{}`", of.name);
                    let mut problem = Diagnostic::error(codes::UNKNOWN_KEY, message)
                        .did_you_mean(key, names.iter().copied());
                    if problem.hints.is_empty() {
                        problem = problem.hint(format!("known keys: `{}`", names.join("`, `")));
                    }
                    self.found.push((path, true, problem));
                }
            }
        }
        self.together(&format!("an entry of `{}`", of.name), fields, map, None, path);
    }

    /// Checks what fields say together: that those are there that must be, and dates in their order.
    fn together(
        &mut self,
        owner: &str,
        fields: &[Field],
        map: &Map<String, Value>,
        date: Option<Edtf>,
        path: &[Step],
    ) {
        for field in fields {
            let said = map.get(&field.name).filter(|value| !value.is_null());
            if field.required && said.is_none() {
                let message = format!("{owner} must say its `{}`", field.name);
                let problem = Diagnostic::error(codes::MISSING_KEY, message);
                self.found.push((path.to_vec(), true, problem));
            }
            let Some(after) = &field.after else { continue };
            let before = match map.get(after) {
                Some(value) => as_date(value),
                None => date.filter(|_| after == "date"),
            };
            let Some((start, end)) = before.zip(said.and_then(as_date)) else { continue };
            if matches!(start, Edtf::Between(..)) {
                let message = format!("`{after}` is {start}, which says its end already");
                let mut path = path.to_vec();
                path.push(Step::Key(field.name.clone()));
                let problem =
                    bad(message).hint(format!("remove it, or begin with a date in `{after}`"));
                self.found.push((path, true, problem));
                continue;
            }
            if end.is_before(&start) {
                let message = format!("`{}` is before `{after}`, which is {start}", field.name);
                let mut path = path.to_vec();
                path.push(Step::Key(field.name.clone()));
                self.found.push((path, false, bad(message)));
            }
        }
    }

    fn localized(&mut self, field: &Field, texts: &Map<String, Value>, path: &[Step]) {
        let languages = self.references.languages();
        for (lang, text) in texts {
            let mut path = path.to_vec();
            path.push(Step::Key(lang.clone()));
            if !languages.contains(&&**lang) {
                let message = format!("`{lang}` is not a language of this site");
                let problem = Diagnostic::error(codes::UNKNOWN_LANGUAGE, message);
                let problem = problem.did_you_mean(lang, languages.iter().copied());
                self.found.push((path, true, problem));
            } else if !text.is_string() {
                let message = format!("`{}` must be text, not {}", field.name, type_name(text));
                self.found.push((path, false, Diagnostic::error(codes::WRONG_TYPE, message)));
            }
        }
        if texts.is_empty() {
            let message = format!("`{}` has a text in no language", field.name);
            self.found.push((path.to_vec(), false, bad(message)));
        }
    }

    fn single(&self, field: &Field, type_: &FieldType, value: &Value) -> Result<(), Diagnostic> {
        let name = &field.name;
        let wrong = |wanted: &str| {
            let message = format!("`{name}` must be {wanted}, not {}", type_name(value));
            Diagnostic::error(codes::WRONG_TYPE, message)
        };
        let text = |wanted: &str| value.as_str().ok_or_else(|| wrong(wanted));
        match type_ {
            FieldType::Text | FieldType::Localized => match value {
                Value::String(_) => Ok(()),
                Value::Number(_) | Value::Bool(_) => Err(wrong("text").hint("put it in quotes")),
                _ => Err(wrong("text")),
            },
            FieldType::Number => value.is_number().then_some(()).ok_or_else(|| wrong("a number")),
            FieldType::Boolean => {
                value.is_boolean().then_some(()).ok_or_else(|| wrong("true or false"))
            }
            FieldType::Date => {
                let written = match value {
                    Value::Number(n) => n.to_string(),
                    _ => text("a date")?.to_owned(),
                };
                // An empty date is one that is still to be filled in.
                if written.trim().is_empty() && !field.required {
                    return Ok(());
                }
                Edtf::parse(&written).map(|_| ()).map_err(|why| {
                    bad(if why.starts_with('«') { why } else { format!("`{name}` {why}") })
                })
            }
            FieldType::Url => url(text("a URL")?),
            FieldType::Language => {
                let tag = text("a language tag")?;
                let message =
                    || bad(format!("«{tag}» is not a language tag such as ar or zh-Hant"));
                Lang::parse(tag).map(|_| ()).ok_or_else(message)
            }
            FieldType::Enum(words) => {
                let word = text("a word")?;
                let names: Vec<&str> = words.iter().map(|word| &*word.name).collect();
                if names.contains(&word) {
                    return Ok(());
                }
                let message = format!("`{name}` is one of {}, not «{word}»", names.join(", "));
                Err(bad(message).did_you_mean(word, names))
            }
            FieldType::Coordinates => coordinates(value).map_err(bad),
            FieldType::Reference(kinds) => {
                let reference = text("the id of a page")?;
                if reference.trim().is_empty() {
                    return Err(bad(format!("`{name}` is empty: it must be the id of a page")));
                }
                self.references.check(reference, kinds).map_err(|(message, hint)| {
                    let problem =
                        Diagnostic::error(codes::BAD_REFERENCE, format!("`{name}`: {message}"));
                    match hint {
                        Some(hint) => problem.hint(hint),
                        None => problem,
                    }
                })
            }
            // Those are taken apart before.
            FieldType::List(_) | FieldType::Record(_) => Ok(()),
        }
    }
}

/// A date, where the value is one.
fn as_date(value: &Value) -> Option<Edtf> {
    let written = match value {
        Value::Number(n) => n.to_string(),
        value => value.as_str()?.to_owned(),
    };
    Edtf::parse(&written).ok()
}

fn url(written: &str) -> Result<(), Diagnostic> {
    let rest = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if host.is_empty() || written.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(bad(format!("«{written}» is not a URL that starts with https://")));
    }
    if host.contains('@') {
        let problem = bad("a URL that is published must not hold a name or password");
        return Err(problem.hint("remove what is before the `@`"));
    }
    Ok(())
}

fn is_pair(value: &Value) -> bool {
    matches!(value, Value::Array(items) if items.iter().all(Value::is_number))
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
