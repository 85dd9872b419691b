//! The fields of a page as statements.

use serde_json::{Map, Value};

use super::describe::{Describer, exact};
use super::{documents, fields_of, iri};
use crate::knowledge::graph::{Datatype, Name, Object, Resource};
use crate::knowledge::{Field, FieldType, Kind, items};
use crate::site::GroupIx;
use crate::text::{Edtf, Lang};

/// Where a value stands: the names that lead to it, and the language that its texts are in.
struct Place<'a> {
    names: Vec<&'a str>,
    lang: usize,
    /// The tag of the language that its texts are in, where that is known.
    tag: Option<String>,
}

impl<'a> Describer<'a> {
    /// Says every field that a page of a kind says of what it is about.
    pub(super) fn fields(&mut self, group: GroupIx, kind: &Kind, thing: &mut Resource) {
        for field in fields_of(kind) {
            for (lang, value) in self.said(group, field) {
                let names = vec![&*kind.name, &*field.name];
                let place = Place { names, lang, tag: self.tag(group, field, lang) };
                self.value(field, &field.type_, value, &place, thing);
            }
        }
    }

    /// What is said in a field, with the language of the page that says it.
    fn said(&self, ix: GroupIx, field: &Field) -> Vec<(usize, &'a Value)> {
        let site = self.site;
        let mut said = Vec::new();
        for document in documents(site, ix) {
            let value = document.front.fields.get(&field.name);
            said.extend(value.map(|value| (document.lang, value)));
        }
        // What a translation may not say in its own words, the original says for all.
        if !field.translatable {
            let original = site.group(ix).original.lang;
            said.retain(|(lang, _)| *lang == original);
        } else if said.iter().any(|(lang, _)| self.speaks(*lang)) {
            said.retain(|(lang, _)| self.speaks(*lang));
        } else {
            said.truncate(1);
        }
        said
    }

    /// The language of a field's texts: that which another field of the page names, or that of the page where
    /// each says it in its own words. Of other texts nobody knows: a name may be in any.
    fn tag(&self, ix: GroupIx, field: &Field, lang: usize) -> Option<String> {
        let site = self.site;
        if let Some(from) = &field.language_from {
            let named = site.group(ix).original.front.fields.get(from);
            let named = named.and_then(Value::as_str).and_then(Lang::parse);
            return named.map(|lang| lang.to_string());
        }
        field.translatable.then(|| site.language(lang).lang.to_string())
    }

    fn value(
        &mut self,
        field: &Field,
        type_: &FieldType,
        value: &Value,
        place: &Place<'_>,
        into: &mut Resource,
    ) {
        let own = || Name::Own(iri::local(&place.names));
        let name = || field.property.clone().map_or_else(own, Name::schema);
        let mut say = |name: Name, object: Object| into.statements.push((name, object));
        match (type_, value) {
            (_, Value::Null) => {}
            (FieldType::List(of), value) => {
                // One place is two numbers, and no list of places.
                let single = **of == FieldType::Coordinates && coordinates(value).is_some();
                if single {
                    return self.value(field, of, value, place, into);
                }
                for (_, item) in items(value) {
                    self.value(field, of, item, place, into);
                }
            }
            (FieldType::Record(fields), value) => {
                if let Some(node) = self.record(field, fields, value, place) {
                    say(name(), Object::Node(Box::new(node)));
                }
            }
            (FieldType::Localized, Value::Object(texts)) => {
                for object in self.localized(texts) {
                    say(name(), object);
                }
            }
            (FieldType::Localized, Value::String(text)) => {
                say(name(), self.tagged(text, place.lang));
            }
            (FieldType::Text, Value::String(text)) => {
                let text = field.plain(text).to_owned();
                let object = match &place.tag {
                    Some(tag) => Object::Tagged(text, tag.clone()),
                    None => Object::Text(text),
                };
                say(name(), object);
            }
            (FieldType::Language | FieldType::Enum(_), Value::String(text)) => {
                say(name(), Object::Text(text.clone()));
            }
            (FieldType::Number, Value::Number(number)) => say(name(), numeral(number)),
            (FieldType::Boolean, Value::Bool(b)) => {
                say(name(), Object::Typed(b.to_string(), Datatype::Boolean));
            }
            (FieldType::Date, value) => {
                let written = match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if let Ok(date) = Edtf::parse(&written) {
                    let (name, object) = dated(field, &date, own);
                    say(name, object);
                }
            }
            (FieldType::Url, Value::String(url)) => match iri::written(url) {
                Some(iri) => say(name(), Object::Iri(iri)),
                None => say(own(), Object::Text(url.clone())),
            },
            (FieldType::Coordinates, value) => {
                if let Some(place) = coordinates(value) {
                    say(name(), Object::Node(Box::new(place)));
                }
            }
            (FieldType::Reference(kinds), Value::String(reference)) => {
                if let Ok(group) = self.site.find_of(reference, kinds) {
                    let iri = self.mention(group);
                    into.statements.push((name(), Object::Iri(iri)));
                }
            }
            // What does not fit was reported.
            _ => {}
        }
    }

    /// The texts of several languages that are given.
    fn localized(&self, texts: &Map<String, Value>) -> Vec<Object> {
        let config = &self.site.config;
        let known = texts
            .iter()
            .filter_map(|(tag, text)| Some((config.language_index(tag)?, text.as_str()?)));
        let all: Vec<(usize, &str)> = known.collect();
        let own: Vec<_> = all.iter().filter(|(lang, _)| self.speaks(*lang)).collect();
        let given = if own.is_empty() { all.iter().collect() } else { own };
        given.into_iter().map(|(lang, text)| self.tagged(text, *lang)).collect()
    }

    /// What several fields say together, as a thing without a name.
    fn record(
        &mut self,
        field: &Field,
        fields: &[Field],
        value: &Value,
        place: &Place<'_>,
    ) -> Option<Resource> {
        let types = field.schema.clone().map(Name::schema);
        let mut node = Resource::new(None, types.into_iter().collect());
        for (n, inner) in fields.iter().enumerate().filter(|(_, inner)| !inner.private) {
            let said = match value {
                Value::Object(map) => map.get(&inner.name),
                // A single value stands for the first field.
                single => Some(single).filter(|_| n == 0),
            };
            let Some(said) = said else { continue };
            let mut names = place.names.clone();
            names.push(&inner.name);
            let place = Place { names, lang: place.lang, tag: place.tag.clone() };
            self.value(inner, &inner.type_, said, &place, &mut node);
        }
        (!node.is_empty()).then_some(node)
    }
}

/// A date by its field's property where that can hold it, else in the site's own words.
fn dated(field: &Field, date: &Edtf, own: impl Fn() -> Name) -> (Name, Object) {
    let written = Object::Typed(date.to_string(), Datatype::Edtf);
    let Some(property) = &field.property else { return (own(), written) };
    let named = Name::schema(property.clone());
    if property == "temporalCoverage" {
        // It takes intervals of ISO 8601, but nothing that is about or in doubt.
        let exact =
            |moment: Option<_>| moment.is_none_or(|moment| Edtf::At(moment).machine().is_some());
        return match *date {
            Edtf::Between(from, to) if exact(from) && exact(to) => {
                (named, Object::Text(date.to_string()))
            }
            Edtf::At(moment) if exact(Some(moment)) => (named, Object::Text(date.to_string())),
            _ => (own(), written),
        };
    }
    exact(date).map_or_else(|| (own(), written), |value| (named, value))
}

/// A number; one with a point is no double, which would say more digits than were written.
pub(super) fn numeral(number: &serde_json::Number) -> Object {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(n), ..) => Object::Typed(n.to_string(), Datatype::Integer),
        (_, Some(n), _) => Object::Typed(n.to_string(), Datatype::Integer),
        (.., n) => decimal(n.unwrap_or_default()),
    }
}

/// A number as XML Schema writes decimals: never with an exponent.
fn decimal(n: f64) -> Object {
    let text = n.to_string();
    Object::Typed(if text.contains('.') { text } else { format!("{text}.0") }, Datatype::Decimal)
}

/// The numbers of a place.
pub(super) fn pair(value: &Value) -> Option<(f64, f64)> {
    match value.as_array()?.as_slice() {
        [lat, lon] => Some((lat.as_f64()?, lon.as_f64()?)),
        _ => None,
    }
}

fn coordinates(value: &Value) -> Option<Resource> {
    let (lat, lon) = pair(value)?;
    let mut place = Resource::new(None, vec![Name::schema("GeoCoordinates")]);
    place.say("latitude", decimal(lat));
    place.say("longitude", decimal(lon));
    Some(place)
}
