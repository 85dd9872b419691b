//! Conditions of `pages(...)` on fields and relations: `pages(kind="event", place="gwadar-port")`.

use std::collections::HashSet;

use serde_json::Value as Json;
use tera::{Error, Kwargs, TeraResult};

use super::links;
use super::scope::Scope;
use crate::diagnostic::nearest;
use crate::knowledge::items;
use crate::site::{GroupIx, PageIx, Relation, RelationType};

/// What pages must fulfil.
pub(super) enum Condition {
    /// To be one of these: those that a relation leads to or from.
    OneOf(HashSet<GroupIx>),
    /// To have one of these values in a field.
    Says(String, Vec<String>),
}

/// The conditions among the arguments: those that `known` does not hold.
pub(super) fn conditions(
    scope: &Scope,
    kwargs: &Kwargs,
    known: &[&str],
    kind: Option<&str>,
) -> TeraResult<Vec<Condition>> {
    let mut found = Vec::new();
    for (name, value) in kwargs.iter() {
        let Some(name) = name.as_str().filter(|name| !known.contains(name)) else { continue };
        let wanted: Vec<String> = match value.as_array() {
            Some(values) => values.iter().map(ToString::to_string).collect(),
            None => vec![value.to_string()],
        };
        let relations = scope.site().relations();
        let is_of = |type_: &RelationType| kind.is_none_or(|kind| type_.kind.name == kind);
        let leads = |type_: &RelationType| {
            (type_.name() == name && is_of(type_)) || type_.inverse.as_deref() == Some(name)
        };
        if relations.types().iter().any(leads) {
            found.push(related(scope, name, &wanted)?);
        } else if has_field(scope, name, kind) {
            found.push(Condition::Says(name.to_owned(), wanted));
        } else {
            return Err(unknown(scope, name, known, kind));
        }
    }
    Ok(found)
}

fn fields<'a>(
    scope: &'a Scope,
    kind: Option<&'a str>,
) -> impl Iterator<Item = &'a crate::knowledge::Field> {
    let kinds = scope.site().frame.kinds.iter();
    kinds.filter(move |k| kind.is_none_or(|kind| k.name == kind)).flat_map(|kind| &kind.fields)
}

fn has_field(scope: &Scope, name: &str, kind: Option<&str>) -> bool {
    fields(scope, kind).any(|field| field.name == name)
}

fn unknown(scope: &Scope, name: &str, known: &[&str], kind: Option<&str>) -> Error {
    let inverse = fields(scope, None).filter_map(|field| field.inverse_name());
    let names = fields(scope, kind).map(|field| &*field.name).chain(inverse);
    let of = kind.map_or(String::new(), |kind| format!(" and the kind `{kind}` no field of it"));
    let near = nearest(name, known.iter().copied().chain(names));
    let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
    Error::message(format!("pages() has no argument `{name}`{of}{hint}"))
}

/// The pages that a relation of a name leads from to one of those that are wanted, or to from one.
fn related(scope: &Scope, name: &str, wanted: &[String]) -> TeraResult<Condition> {
    let relations = scope.site().relations();
    let type_of = |relation: &Relation| relations.type_of(*relation);
    let mut pages = HashSet::new();
    let other_end = |type_: &RelationType| -> Vec<String> {
        let to = type_.field().filter(|_| type_.name() == name).and_then(|f| f.type_.targets());
        let from = (type_.inverse.as_deref() == Some(name)).then(|| type_.kind.name.clone());
        to.into_iter().flatten().cloned().chain(from).collect()
    };
    let kinds: Vec<String> = relations.types().iter().flat_map(other_end).collect();
    for id in wanted {
        let other = links::find_of(scope, "pages", id, &kinds)?;
        let says = |r: &&Relation| type_of(r).is_some_and(|t| t.name() == name);
        let said = |r: &&Relation| type_of(r).is_some_and(|t| t.inverse.as_deref() == Some(name));
        pages.extend(relations.to(other).iter().filter(says).map(|r| r.page));
        pages.extend(relations.from(other).iter().filter(said).map(|r| r.page));
    }
    Ok(Condition::OneOf(pages))
}

impl Condition {
    /// Whether a page fulfils it.
    pub(super) fn holds(&self, scope: &Scope, ix: PageIx) -> bool {
        let site = scope.site();
        let page = site.page(ix);
        match self {
            Self::OneOf(groups) => groups.contains(&page.group),
            Self::Says(field, wanted) => {
                let own = page.document.front.fields.get(field);
                let said = own.or_else(|| site.group_of(page).original.front.fields.get(field));
                let is_wanted = |(_, value): (_, &Json)| {
                    let text = match value {
                        Json::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    wanted.contains(&text)
                };
                said.is_some_and(|said| items(said).any(is_wanted))
            }
        }
    }
}
