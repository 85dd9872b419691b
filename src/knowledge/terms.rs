//! Looking at what `kinds.toml` takes from schema.org: that there is such a type or property, and that a thing
//! of the type has the property.

use std::collections::BTreeMap;

use super::kinds::{Field, FieldType, Kind};
use super::vocabulary;
use crate::config::reader::{Reader, Step};
use crate::diagnostic::{Diagnostic, Span, codes};

/// A type or property that is named.
pub(super) enum Term {
    /// A type.
    Type(String),
    /// A property of a kind's pages.
    OfKind { kind: String, property: String },
    /// A property of what a record stands for, of a type, inside of the property that the record itself is.
    OfRecord { type_: Option<String>, within: Option<String>, property: String },
}

/// The terms that a kind names with its own keys.
pub(super) fn of_kind(reader: &Reader<'_>, kind: &Kind) -> Vec<(Span, Term)> {
    let span = |key| reader.input.value_span(&reader.path(key));
    let mut terms = Vec::new();
    if let Some(type_) = kind.schema.as_ref().filter(|_| reader.has("schema")) {
        terms.push((span("schema"), Term::Type(type_.clone())));
    }
    if let Some(property) = kind.date_property.clone().filter(|_| reader.has("date_property")) {
        terms.push((span("date_property"), Term::OfKind { kind: kind.name.clone(), property }));
    }
    terms
}

/// The terms that a field of a kind names; one of a record leaves its property to the record.
pub(super) fn of_field(
    reader: &Reader<'_>,
    kind: &str,
    field: &Field,
    depth: usize,
) -> Vec<(Span, Term)> {
    let span = |keys: &[&str]| {
        let mut path = reader.path(keys.first().copied().unwrap_or_default());
        path.extend(keys.iter().skip(1).map(|key| Step::Key((*key).to_owned())));
        reader.input.value_span(&path)
    };
    let mut terms = Vec::new();
    if let Some(property) = field.property.clone().filter(|_| depth == 0) {
        terms.push((span(&["property"]), Term::OfKind { kind: kind.to_owned(), property }));
    }
    if let Some(type_) = &field.schema {
        terms.push((span(&["schema"]), Term::Type(type_.clone())));
    }
    match field.type_.item() {
        FieldType::Enum(words) => {
            for word in words {
                if let Some(type_) = &word.schema {
                    let span = span(&["values", &word.name, "schema"]);
                    terms.push((span, Term::Type(type_.clone())));
                }
            }
        }
        FieldType::Record(fields) => {
            for inner in fields {
                let Some(property) = inner.property.clone() else { continue };
                let (type_, within) = (field.schema.clone(), field.property.clone());
                let term = Term::OfRecord { type_, within, property };
                terms.push((span(&["fields", &inner.name, "property"]), term));
            }
        }
        _ => {}
    }
    terms
}

impl Term {
    /// What is wrong with it, once all kinds are known.
    pub(super) fn problem(&self, kinds: &BTreeMap<String, Kind>) -> Option<Diagnostic> {
        match self {
            Self::Type(name) => {
                if vocabulary::has_type(name) {
                    return None;
                }
                let problem = bad(format!("schema.org has no type `{name}`"));
                Some(match vocabulary::nearest_type(name) {
                    Some(near) => problem.hint(format!("did you mean `{near}`?")),
                    None => problem.hint("types: https://schema.org/docs/full.html"),
                })
            }
            Self::OfKind { kind, property } => {
                let types = kinds.get(kind).map(types).unwrap_or_default();
                // A type that there is not was reported by itself.
                let mut known = types.into_iter().filter(|type_| vocabulary::has_type(type_));
                let problem = known.find_map(|type_| wrong(property, type_));
                problem.or_else(|| lacking(property))
            }
            Self::OfRecord { type_, within, property } => match type_.as_deref() {
                // A role says again of whom or what it is one.
                Some(role)
                    if vocabulary::is_a(role, "Role") && within.as_ref() == Some(property) =>
                {
                    None
                }
                Some(type_) if vocabulary::has_type(type_) => wrong(property, type_),
                _ => lacking(property),
            },
        }
    }
}

/// The types that pages of a kind may have.
fn types(kind: &Kind) -> Vec<&str> {
    let words = kind.fields.iter().filter_map(|field| match field.type_.item() {
        FieldType::Enum(words) => Some(words),
        _ => None,
    });
    let of_words = words.flatten().filter_map(|word| word.schema.as_deref());
    std::iter::once(kind.schema.as_deref().unwrap_or("Thing")).chain(of_words).collect()
}

fn bad(message: String) -> Diagnostic {
    Diagnostic::error(codes::BAD_VALUE, message)
}

/// A problem where there is no such property.
fn lacking(property: &str) -> Option<Diagnostic> {
    (!vocabulary::has_property(property)).then(|| missing(property, None))
}

fn missing(property: &str, type_: Option<&str>) -> Diagnostic {
    let problem = bad(format!("schema.org has no property `{property}`"));
    match vocabulary::nearest_property(property, type_) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("leave it out: what has no property is said in the site's own words"),
    }
}

fn wrong(property: &str, type_: &str) -> Option<Diagnostic> {
    if !vocabulary::has_property(property) {
        return Some(missing(property, Some(type_)));
    }
    if vocabulary::belongs(property, type_) {
        return None;
    }
    let problem = bad(format!("in schema.org, `{property}` is no property of the type `{type_}`"));
    Some(match vocabulary::nearest_property(property, Some(type_)) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint(format!("see https://schema.org/{type_} for those that there are")),
    })
}

/// Takes out of a kind the names that schema.org does not have, which were reported, so that nothing is said in
/// them.
pub(super) fn keep_known(kind: &mut Kind) {
    let type_ = |name: &String| vocabulary::has_type(name);
    let property = |name: &String| vocabulary::has_property(name);
    kind.schema = kind.schema.take().filter(type_);
    kind.date_property = kind.date_property.take().filter(property);
    kind.fields.iter_mut().for_each(keep_known_of);
}

fn keep_known_of(field: &mut Field) {
    field.property = field.property.take().filter(|name| vocabulary::has_property(name));
    field.schema = field.schema.take().filter(|name| vocabulary::has_type(name));
    let mut item = &mut field.type_;
    while let FieldType::List(of) = item {
        item = of;
    }
    match item {
        FieldType::Enum(words) => {
            for word in words {
                word.schema = word.schema.take().filter(|name| vocabulary::has_type(name));
            }
        }
        FieldType::Record(fields) => fields.iter_mut().for_each(keep_known_of),
        _ => {}
    }
}
