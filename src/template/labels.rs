//! The words that readers see for kinds, fields, the words of enumerations and relations: from
//! `kinds.toml`, or messages of the theme and site.

use tera::{Error, Kwargs, State, TeraResult, Value};

use super::arguments::{only, optional};
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span, codes, nearest};
use crate::knowledge::{Field, FieldType, Kind, Labels};
use crate::site::RelationType;

/// `label(kind, field, value, relation)`: the word for a kind, for a field of it, for a word of the
/// field's, or for a relation.
pub(super) fn label(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("label", &kwargs, &["kind", "field", "value", "relation", "language"])?;
    let scope = Scope::current()?;
    let kinds = &scope.site().frame.kinds;
    if let Some(tag) = optional(&kwargs, "language")? {
        return Ok(language_label(&scope, tag).into());
    }
    if let Some(name) = optional(&kwargs, "relation")? {
        let mut fields = kinds.iter().flat_map(|kind| &kind.fields);
        let field = fields.find(|field| field.inverse_name() == Some(name));
        return match field {
            Some(field) => Ok(inverse_word(&scope, field, name).into()),
            None => Err(Error::message(format!("label(): there is no relation `{name}`"))),
        };
    }
    let kind = match optional(&kwargs, "kind")? {
        None => None,
        Some(name) => Some(kinds.get(name).ok_or_else(|| {
            let near = nearest(name, kinds.names());
            let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
            Error::message(format!("label(): there is no kind `{name}`{hint}"))
        })?),
    };
    let Some(name) = optional(&kwargs, "field")? else {
        let kind =
            kind.ok_or_else(|| Error::message("label() needs `kind`, `field` or `relation`"))?;
        return Ok(kind_label(&scope, kind).into());
    };
    let field = match kind {
        Some(kind) => kind.field(name),
        None => kinds.field(name),
    };
    let field = field.ok_or_else(|| Error::message(format!("label(): no field `{name}`")))?;
    Ok(match optional(&kwargs, "value")? {
        None => field_label(&scope, field),
        Some(value) => enum_label(&scope, field, value),
    }
    .into())
}

/// The name of a language; that of `zh` for `zh-Hant`, and the tag itself where neither has one.
fn language_label(scope: &Scope, tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or(tag);
    let messages = &scope.site().frame.messages;
    let name = |tag: &str| {
        messages.get(scope.lang, &format!("language-{tag}"), None, &scope.tools().numbers, &[])
    };
    name(tag).or_else(|| name(primary)).unwrap_or_else(|| tag.to_owned())
}

/// The word for something: its own label, a message, its label for all languages, its name. `place` is
/// where `kinds.toml` describes it.
fn word(scope: &Scope, labels: &Labels, key: &str, name: &str, place: Option<&Span>) -> String {
    if let Some(label) = scope.site().label(labels, key, scope.lang) {
        return label;
    }
    // The same words in every language, so that it is said once.
    let message = format!("there is no message `{key}`, and so no name for readers");
    let mut problem = Diagnostic::warning(codes::MESSAGE, message)
        .hint("add it to the messages of each language, or a `label` to kinds.toml");
    problem.span = place.cloned();
    scope.problems.push(problem);
    labels.values().next().cloned().unwrap_or_else(|| name.to_owned())
}

pub(super) fn kind_label(scope: &Scope, kind: &Kind) -> String {
    word(scope, &kind.labels, &format!("kind-{}", kind.name), &kind.name, kind.place.as_ref())
}

pub(super) fn field_label(scope: &Scope, field: &Field) -> String {
    word(scope, &field.labels, &format!("field-{}", field.name), &field.name, field.place.as_ref())
}

pub(super) fn enum_label(scope: &Scope, field: &Field, name: &str) -> String {
    let none = Labels::new();
    let words = match field.type_.item() {
        FieldType::Enum(words) => words.as_slice(),
        _ => &[],
    };
    let labels = words.iter().find(|word| word.name == name).map_or(&none, |word| &word.labels);
    word(scope, labels, &format!("{}-{name}", field.name), name, field.place.as_ref())
}

fn inverse_word(scope: &Scope, field: &Field, name: &str) -> String {
    let labels = match field.type_.item() {
        FieldType::Record(fields) if field.inverse.is_none() => {
            fields.iter().find(|f| f.inverse_name() == Some(name)).map(|f| &f.inverse_labels)
        }
        _ => None,
    };
    word(
        scope,
        labels.unwrap_or(&field.inverse_labels),
        &format!("relation-{name}"),
        name,
        field.place.as_ref(),
    )
}

/// The word for a relation from the page that it leads to; without a name from there, the kind and
/// field that refer to it.
pub(super) fn inverse_label(scope: &Scope, type_: &RelationType) -> String {
    match (type_.field(), type_.inverse.as_deref()) {
        (Some(field), Some(name)) => inverse_word(scope, field, name),
        (Some(field), None) => {
            format!("{} – {}", kind_label(scope, &type_.kind), field_label(scope, field))
        }
        (None, _) => String::new(),
    }
}
