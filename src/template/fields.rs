//! What a page says of itself by its kind, and what others say of it: rows with names for readers, so
//! that a theme shows a kind that it does not know.

use std::collections::HashMap;

use serde_json::Value as Json;
use tera::{Kwargs, Map, State, TeraResult, Value};

use super::arguments::only;
use super::labels::{enum_label, field_label, inverse_label};
use super::scope::Scope;
use super::values::{map_value, put};
use crate::document::Sort;
use crate::knowledge::{Field, FieldType, items};
use crate::site::{GroupIx, Page, PageIx, Relation, RelationType};
use crate::text::{Edtf, Lang};

/// `fields()`: what the page being rendered says by its kind, and others in the same words: a list of
/// `{name, label, type, values}`.
pub(super) fn fields(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("fields", &kwargs, &[])?;
    let scope = Scope::current()?;
    let Some(page) = scope.page() else { return Ok(Value::from(Vec::<Value>::new())) };
    let Some(kind) = scope.site().group_of(page).facts.kind.clone() else {
        return Ok(Value::from(Vec::<Value>::new()));
    };
    let rows = Rows { scope: &scope, page };
    Ok(Value::from(kind.fields.iter().filter_map(|field| rows.row(field)).collect::<Vec<_>>()))
}

/// `relations()`: what other pages say of the one being rendered, by the relation's name from this
/// end: a list of `{name, label, pages}`.
pub(super) fn relations(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("relations", &kwargs, &[])?;
    let scope = Scope::current()?;
    let Some(page) = scope.page() else { return Ok(Value::from(Vec::<Value>::new())) };
    let relations = scope.site().relations();
    let own = scope.site().group_of(page).facts.kind.clone();
    let mut rows: Vec<(&RelationType, Vec<GroupIx>)> = Vec::new();
    for relation in relations.to(page.group) {
        let Some(type_) = relations.type_of(*relation) else { continue };
        let is_field = |name: &str| own.as_ref().is_some_and(|kind| kind.field(name).is_some());
        if type_.inverse.as_deref().is_some_and(is_field) {
            continue;
        }
        let same = |row: &&mut (&RelationType, _)| match &type_.inverse {
            Some(inverse) => row.0.inverse.as_ref() == Some(inverse),
            None => std::ptr::eq(row.0, type_),
        };
        match rows.iter_mut().find(same) {
            Some((_, pages)) => pages.push(relation.page),
            None => rows.push((type_, vec![relation.page])),
        }
    }
    rows.sort_by_key(|(type_, _)| order(&scope, type_));
    let row = |(type_, groups): (&RelationType, Vec<GroupIx>)| {
        let mut map = Map::with_capacity(4);
        put(&mut map, "name", type_.inverse.as_deref().unwrap_or(type_.name()));
        put(&mut map, "label", inverse_label(&scope, type_));
        let pages = shown(&scope, groups);
        let is_empty = pages.is_empty();
        put(&mut map, "pages", scope.world.summaries(&pages));
        (!is_empty).then(|| map_value(map))
    };
    Ok(Value::from(rows.into_iter().filter_map(row).collect::<Vec<_>>()))
}

/// Relations come in the order of kinds and their fields.
fn order(scope: &Scope, type_: &RelationType) -> usize {
    let types = scope.site().relations().types();
    types.iter().position(|other| std::ptr::eq(other, type_)).unwrap_or(usize::MAX)
}

/// The versions of pages to show in the language: those with a date first, by it, then by title.
fn shown(scope: &Scope, mut groups: Vec<GroupIx>) -> Vec<PageIx> {
    let site = scope.site();
    groups.sort_unstable();
    groups.dedup();
    let versions = groups.into_iter().filter_map(|group| site.best_version(group, scope.lang));
    let (mut dated, mut rest): (Vec<PageIx>, Vec<PageIx>) =
        versions.partition(|ix| site.date(site.page(*ix)).is_some());
    site.sort(&mut dated, Sort::Date, scope.lang);
    site.sort(&mut rest, Sort::Title, scope.lang);
    dated.append(&mut rest);
    dated
}

struct Rows<'a> {
    scope: &'a Scope,
    page: &'a Page,
}

impl Rows<'_> {
    /// A field of the page, as a row; nothing where neither it nor another page says it.
    fn row(&self, field: &Field) -> Option<Value> {
        if field.private {
            return None;
        }
        let site = self.scope.site();
        let own = self.page.document.front.fields.get(&field.name);
        let original = || site.group_of(self.page).original.front.fields.get(&field.name);
        let said = own.or_else(original);
        let mut values: Vec<Value> = match said {
            Some(said) => self.values(field, said),
            None => Vec::new(),
        };
        if let FieldType::Reference(_) = field.type_.item() {
            // Whichever end says it, it is shown once.
            let others = self.said_elsewhere(field);
            if !others.is_empty() {
                let mut all = self.own_groups(field);
                all.extend(others);
                let pages = shown(self.scope, all);
                values = pages.into_iter().map(|ix| self.scope.world.summary(ix)).collect();
            }
        }
        if values.is_empty() {
            return None;
        }
        let mut map = Map::with_capacity(6);
        put(&mut map, "name", &*field.name);
        put(&mut map, "label", field_label(self.scope, field));
        put(&mut map, "type", field.type_.item().name());
        // Words of the page's own are in its language, which need not be the interface's.
        let own_words = matches!(field.type_.item(), FieldType::Text);
        put(&mut map, "own", own_words && (own.is_some() || !field.translatable));
        if let Some(lang) = self.language_of(field) {
            put(&mut map, "lang", lang.as_str());
            put(&mut map, "dir", lang.direction().as_str());
        }
        put(&mut map, "values", values);
        Some(map_value(map))
    }

    /// The language that another field says a text is in.
    fn language_of(&self, field: &Field) -> Option<Lang> {
        let original = &self.scope.site().group_of(self.page).original;
        let tag = original.front.fields.get(field.language_from.as_deref()?)?;
        Lang::parse(tag.as_str()?)
    }

    fn relations<'b>(
        &'b self,
        mut is: impl FnMut(&RelationType) -> bool + 'b,
        to: &'b [Relation],
    ) -> Vec<GroupIx> {
        let relations = self.scope.site().relations();
        let of = to.iter().filter(|r| relations.type_of(**r).is_some_and(&mut is));
        of.map(|relation| relation.page).collect()
    }

    fn own_groups(&self, field: &Field) -> Vec<GroupIx> {
        let relations = self.scope.site().relations();
        self.relations(|type_| type_.name() == field.name, relations.from(self.page.group))
    }

    /// The pages that say the same from their end.
    fn said_elsewhere(&self, field: &Field) -> Vec<GroupIx> {
        let relations = self.scope.site().relations();
        let back = |type_: &RelationType| type_.inverse.as_deref() == Some(&*field.name);
        self.relations(back, relations.to(self.page.group))
    }

    fn values(&self, field: &Field, said: &Json) -> Vec<Value> {
        if *field.type_.item() == FieldType::Coordinates {
            let pairs = match said {
                Json::Array(items) if items.iter().all(Json::is_array) => items.iter().collect(),
                single => vec![single],
            };
            let pairs = pairs.into_iter().filter(|pair| fits(&FieldType::Coordinates, pair));
            return pairs.map(Value::from_serializable).collect();
        }
        items(said).filter_map(|(_, item)| self.value(field, item)).collect()
    }

    fn value(&self, field: &Field, value: &Json) -> Option<Value> {
        let scope = self.scope;
        match (field.type_.item(), value) {
            (_, Json::Null) => None,
            (_, Json::String(text)) if text.trim().is_empty() => None,
            // What its field cannot hold was reported, and no template need know of it.
            (type_, value) if !fits(type_, value) => None,
            (FieldType::Reference(kinds), Json::String(id)) => {
                let group = scope.site().find_of(id, kinds).ok()?;
                let ix = scope.site().best_version(group, scope.lang)?;
                Some(scope.world.summary(ix))
            }
            (FieldType::Enum(_), Json::String(name)) => {
                let mut map = Map::with_capacity(2);
                put(&mut map, "word", name.as_str());
                put(&mut map, "label", enum_label(scope, field, name));
                Some(map_value(map))
            }
            (FieldType::Localized, value) => localized(scope, self.page, value),
            (FieldType::Record(fields), Json::Object(record)) => {
                let inner = |field: &Field| {
                    let value = record.get(&field.name).filter(|_| !field.private)?;
                    let values = self.values(field, value);
                    if values.is_empty() {
                        return None;
                    }
                    let mut map = Map::with_capacity(4);
                    put(&mut map, "name", &*field.name);
                    put(&mut map, "label", field_label(scope, field));
                    put(&mut map, "type", field.type_.item().name());
                    put(&mut map, "values", values);
                    Some(map_value(map))
                };
                Some(Value::from(fields.iter().filter_map(inner).collect::<Vec<_>>()))
            }
            (FieldType::Record(fields), single) => {
                let first = fields.first()?;
                let record: HashMap<&str, &Json> = [(&*first.name, single)].into();
                self.value(field, &serde_json::to_value(record).ok()?)
            }
            (FieldType::Text, Json::String(text)) => Some(Value::from(field.plain(text))),
            (_, value) => Some(Value::from_serializable(value)),
        }
    }
}

/// Whether a value can be shown as one of its type.
fn fits(type_: &FieldType, value: &Json) -> bool {
    match type_ {
        FieldType::Number => value.is_number(),
        FieldType::Boolean => value.is_boolean(),
        FieldType::Date => match value {
            Json::String(text) => Edtf::parse(text).is_ok(),
            other => other.is_number() && Edtf::parse(&other.to_string()).is_ok(),
        },
        FieldType::Text
        | FieldType::Url
        | FieldType::Language
        | FieldType::Enum(_)
        | FieldType::Reference(_) => value.is_string(),
        FieldType::Coordinates => {
            let pair = value.as_array().filter(|items| items.len() == 2);
            pair.is_some_and(|items| items.iter().all(Json::is_number))
        }
        FieldType::Localized => value.is_string() || value.is_object(),
        FieldType::Record(_) => !value.is_array(),
        FieldType::List(_) => true,
    }
}

/// A text of several languages: the reader's, else the original's, as `{text, lang, dir}`.
pub(super) fn localized(scope: &Scope, page: &Page, value: &Json) -> Option<Value> {
    let site = scope.site();
    let original = site.group_of(page).original.lang;
    let in_language = |lang: usize| {
        let text = match value {
            Json::String(text) => Some(text).filter(|_| lang == original),
            Json::Object(texts) => match texts.get(site.language(lang).lang.as_str()) {
                Some(Json::String(text)) => Some(text),
                _ => None,
            },
            _ => None,
        };
        text.filter(|text| !text.trim().is_empty()).map(|text| (lang, text))
    };
    let all = 0..site.config.languages.len();
    let (lang, text) = in_language(scope.lang)
        .or_else(|| in_language(original))
        .or_else(|| all.into_iter().find_map(in_language))?;
    let language = site.language(lang);
    let mut map = Map::with_capacity(4);
    put(&mut map, "text", text.as_str());
    put(&mut map, "lang", language.lang.as_str());
    put(&mut map, "dir", language.direction.as_str());
    Some(map_value(map))
}
