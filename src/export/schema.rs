//! JSON Schema (draft 7, which editors know best) of front matter, so that they complete and check it while it is
//! being written. What the schema cannot know, such as whether a reference leads anywhere, stays with the build.

mod keys;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::config::FRONT_MATTER_KEYS;
use crate::document::LANGUAGE_KEYS;
use crate::knowledge::{Field, FieldType, Kind};
use crate::site::{GroupIx, Shape, Site};

/// The most ids that an editor is given to choose from.
const MAX_IDS: usize = 5000;

/// What the schema is of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The kind that the pages have, though they need not say so; any where it is none.
    pub kind: Option<&'a Kind>,
    /// Whether it is of translations, which hold no facts.
    pub translation: bool,
    /// Whether it is of a table: a list of pages.
    pub table: bool,
}

/// The schema.
#[must_use]
pub fn write(site: &Site, subject: Subject<'_>) -> Value {
    let mut writer = Writer { site, definitions: Map::new(), ids: BTreeMap::new() };
    let item = match (subject.translation, subject.table) {
        (true, _) => writer.translation(subject.kind, false),
        (false, table) => writer.page(subject.kind, table),
    };
    let title = site.config.languages.first().map_or("", |language| &language.title);
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".into(), json!(title));
    match (subject.table && !subject.translation, item) {
        (true, item) => {
            schema.insert("type".into(), json!("array"));
            schema.insert("items".into(), item);
        }
        (false, Value::Object(item)) => schema.extend(item),
        (false, _) => {}
    }
    schema.insert("definitions".into(), Value::Object(writer.definitions));
    Value::Object(schema)
}

/// Writes schemas of a site.
struct Writer<'a> {
    site: &'a Site,
    definitions: Map<String, Value>,
    /// The definitions of references, by the kinds that they may lead to.
    ids: BTreeMap<Vec<String>, String>,
}

/// A value, or nothing: a key that is still to be filled in.
fn or_nothing(mut schema: Value) -> Value {
    let nothing = json!({ "type": "null" });
    // One choice more reads better in an editor than a choice of choices.
    let choices = schema.as_object_mut().filter(|object| object.len() == 1);
    if let Some(Value::Array(choices)) = choices.and_then(|object| object.get_mut("anyOf")) {
        choices.push(nothing);
        return schema;
    }
    json!({ "anyOf": [schema, nothing] })
}

/// A list of something, or a single one.
pub(super) fn list_of(item: &Value) -> Value {
    json!({ "anyOf": [{ "type": "array", "items": item }, item] })
}

impl Writer<'_> {
    fn tags(&self) -> Vec<&str> {
        self.site.config.languages.iter().map(|language| language.lang.as_str()).collect()
    }

    /// Front matter of a page: of one kind, or of that which it names.
    fn page(&mut self, kind: Option<&Kind>, table: bool) -> Value {
        let mut properties = self.common();
        if table {
            properties.extend(self.row(kind));
        }
        let kinds: Vec<_> = match kind {
            Some(_) => Vec::new(),
            None => self.site.frame.kinds.iter().cloned().collect(),
        };
        let all = kinds.iter().map(|kind| &**kind).chain(kind);
        // What any kind may say. A page whose section hands its kind down does not name it.
        let mut fields = BTreeMap::<&str, Vec<Value>>::new();
        for field in all.flat_map(|kind| &kind.fields) {
            let schema = self.field(field);
            let known = fields.entry(&field.name).or_default();
            if !known.contains(&schema) {
                known.push(schema);
            }
        }
        for (name, mut schemas) in fields {
            let one = if schemas.len() == 1 { schemas.pop() } else { None };
            let schema = one.unwrap_or_else(|| json!({ "anyOf": schemas }));
            properties.entry(name).or_insert(schema);
        }
        let mut required: Vec<&str> = Vec::new();
        required.extend(if table { &["id", "title"][..] } else { &["title"] });
        if let Some(kind) = kind {
            properties.insert("kind".into(), json!({ "const": kind.name }));
            required.extend(needed(kind));
        }
        let common: Vec<String> = properties
            .keys()
            .filter(|key| kind.is_some() || !kinds.iter().any(|kind| kind.field(key).is_some()))
            .cloned()
            .collect();
        let branches: Vec<Value> = kinds.iter().map(|kind| self.branch(kind, &common)).collect();
        let mut schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        if let Some(object) = schema.as_object_mut().filter(|_| !branches.is_empty()) {
            object.insert("allOf".into(), Value::Array(branches));
        }
        schema
    }

    /// What holds of pages that name a kind.
    fn branch(&mut self, kind: &Kind, common: &[String]) -> Value {
        let fields: Map<String, Value> =
            kind.fields.iter().map(|field| (field.name.clone(), self.field(field))).collect();
        let names: Vec<&String> = common.iter().chain(fields.keys()).collect();
        json!({
            "if": { "properties": { "kind": { "const": kind.name } }, "required": ["kind"] },
            "then": {
                "properties": fields,
                "propertyNames": { "enum": names },
                "required": needed(kind),
            },
        })
    }

    /// Front matter of a translation; of a row of a table with its text beside it.
    fn translation(&mut self, kind: Option<&Kind>, in_table: bool) -> Value {
        let mut properties = self.common();
        properties.retain(|key, _| LANGUAGE_KEYS.contains(&key.as_str()));
        let all = self.site.frame.kinds.clone();
        let kinds = all.iter().filter(|other| kind.is_none_or(|kind| kind.name == other.name));
        for field in kinds.flat_map(|kind| &kind.fields).filter(|field| field.translatable) {
            let schema = self.field(field);
            properties.entry(&field.name).or_insert(schema);
        }
        if in_table {
            properties.insert("body".into(), keys::BODY.clone());
        }
        json!({
            "type": "object",
            "properties": properties,
            "required": ["title"],
            "additionalProperties": false,
        })
    }

    /// What a row of a table says beside what a page does.
    fn row(&mut self, kind: Option<&Kind>) -> Map<String, Value> {
        let translation = self.translation(kind, true);
        self.definitions.insert("translation".into(), translation);
        let languages = self.tags().into_iter().skip(1);
        let versions: Map<String, Value> = languages
            .map(|tag| (tag.to_owned(), json!({ "$ref": "#/definitions/translation" })))
            .collect();
        let mut row = Map::new();
        row.insert("id".into(), keys::ID.clone());
        row.insert("body".into(), keys::BODY.clone());
        row.insert(
            "translations".into(),
            json!({
                "description": "The page in other languages",
                "type": "object",
                "properties": versions,
                "additionalProperties": false,
            }),
        );
        row
    }

    /// The keys that every page may have, and the site's taxonomies.
    fn common(&mut self) -> Map<String, Value> {
        let tags: Vec<String> = self.tags().into_iter().map(str::to_owned).collect();
        let kinds: Vec<&str> = self.site.frame.kinds.names().collect();
        let sources = self.references(&["source".to_owned()]);
        let mut properties = Map::new();
        for key in FRONT_MATTER_KEYS.iter().filter(|key| **key != "cascade") {
            let mut schema = keys::schema(key, &tags, &kinds, &sources);
            if !matches!(*key, "title" | "kind") && schema.get("type") != Some(&json!("null")) {
                schema = described(or_nothing(schema), keys::description(key));
            } else {
                schema = described(schema, keys::description(key));
            }
            properties.insert((*key).to_owned(), schema);
        }
        for (n, taxonomy) in self.site.config.taxonomies.iter().enumerate() {
            let terms = self.terms(n);
            properties.insert(taxonomy.name.clone(), or_nothing(list_of(&terms)));
        }
        // What is handed down is said as pages say it.
        let mut cascade = properties.clone();
        let own = ["title", "slug", "aliases", "translated_from", "facts", "corrections", "media"];
        cascade.retain(|key, _| !own.contains(&key.as_str()));
        self.definitions.insert(
            "cascade".into(),
            json!({ "type": "object", "properties": cascade, "additionalProperties": false }),
        );
        let cascade = json!({ "anyOf": [{ "$ref": "#/definitions/cascade" }, { "type": "null" }] });
        properties.insert("cascade".into(), described(cascade, keys::description("cascade")));
        properties
    }

    /// A term: one of those that there are, or a new one.
    fn terms(&self, taxonomy: usize) -> Value {
        let groups = self.site.group_indices().map(|ix| self.site.group(ix));
        let of_it = groups.filter(|group| group.shape == Shape::Term(taxonomy));
        let names: Vec<&str> =
            of_it.filter_map(|group| group.id.rsplit('/').next()).take(MAX_IDS).collect();
        let mut any = vec![json!({ "type": ["string", "integer"] })];
        if !names.is_empty() {
            any.insert(0, json!({ "enum": names }));
        }
        json!({ "anyOf": any })
    }

    /// A field, with what it is called.
    fn field(&mut self, field: &Field) -> Value {
        let schema = self.type_(&field.type_, field.required);
        let schema = if field.required { schema } else { or_nothing(schema) };
        let title = self.site.label(&field.labels, &format!("field-{}", field.name), 0);
        let mut schema = described(schema, field_description(field).as_deref());
        if let (Some(object), Some(title)) = (schema.as_object_mut(), title) {
            object.insert("title".into(), Value::from(title));
        }
        schema
    }

    fn type_(&mut self, type_: &FieldType, required: bool) -> Value {
        match type_ {
            FieldType::Text => json!({ "type": "string" }),
            FieldType::Localized => keys::localized(&self.tags()),
            FieldType::Number => json!({ "type": "number" }),
            FieldType::Boolean => json!({ "type": "boolean" }),
            FieldType::Date => keys::date(!required),
            FieldType::Url => json!({ "type": "string", "pattern": keys::URL }),
            FieldType::Language => json!({ "type": "string", "pattern": keys::LANGUAGE }),
            FieldType::Enum(words) => {
                let names: Vec<&str> = words.iter().map(|word| &*word.name).collect();
                let labels = words.iter().map(|word| self.site.label(&word.labels, "", 0));
                match labels.collect::<Option<Vec<String>>>() {
                    // Editors show it beside the word.
                    Some(labels) => json!({ "enum": names, "enumDescriptions": labels }),
                    None => json!({ "enum": names }),
                }
            }
            FieldType::Coordinates => json!({
                "type": "array",
                "items": [
                    { "type": "number", "minimum": -90, "maximum": 90 },
                    { "type": "number", "minimum": -180, "maximum": 180 },
                ],
                "minItems": 2,
                "maxItems": 2,
            }),
            FieldType::Reference(kinds) => self.references(kinds),
            FieldType::List(of) => {
                let item = self.type_(of, true);
                list_of(&item)
            }
            FieldType::Record(fields) => self.record(fields),
        }
    }

    fn record(&mut self, fields: &[Field]) -> Value {
        let properties: Map<String, Value> =
            fields.iter().map(|field| (field.name.clone(), self.field(field))).collect();
        let required: Vec<&str> =
            fields.iter().filter(|field| field.required).map(|field| &*field.name).collect();
        let object = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        // A single value stands for the first field, where the others may be left out.
        let short = fields.first().filter(|_| !fields.iter().skip(1).any(|field| field.required));
        match short {
            Some(first) => json!({ "anyOf": [object, self.type_(&first.type_, true)] }),
            None => object,
        }
    }

    /// A reference: the ids of the pages that there are, or any other, which may be of a page to come.
    fn references(&mut self, kinds: &[String]) -> Value {
        if let Some(name) = self.ids.get(kinds) {
            return json!({ "$ref": format!("#/definitions/{name}") });
        }
        let name = match kinds {
            [] => "page".to_owned(),
            kinds => kinds.join("-or-"),
        };
        let name =
            format!("id-of-{}", crate::text::percent::encode_strictly(&name).replace('%', "_"));
        let site = self.site;
        let fits = |ix: &GroupIx| {
            let group = site.group(*ix);
            let kind = group.facts.kind.as_ref().map(|kind| &kind.name);
            let is_page = group.shape == Shape::Page;
            is_page && (kinds.is_empty() || kind.is_some_and(|kind| kinds.contains(kind)))
        };
        let ids = site.group_indices().filter(fits).take(MAX_IDS);
        let ids: Vec<&str> = ids.map(|ix| shortest(site, ix, kinds)).collect();
        let mut any = vec![json!({ "type": "string", "minLength": 1 })];
        if !ids.is_empty() {
            any.insert(0, json!({ "enum": ids }));
        }
        self.definitions.insert(name.clone(), json!({ "anyOf": any }));
        let reference = json!({ "$ref": format!("#/definitions/{name}") });
        self.ids.insert(kinds.to_vec(), name);
        reference
    }
}

/// The last part of an id where that is enough to find it, else the whole.
fn shortest<'a>(site: &'a Site, ix: GroupIx, kinds: &[String]) -> &'a str {
    let id = &site.group(ix).id;
    let last = id.rsplit('/').next().unwrap_or(id);
    match site.find_of(last, kinds) {
        Ok(found) if found == ix => last,
        _ => id,
    }
}

/// The keys that pages of a kind cannot do without.
fn needed(kind: &Kind) -> Vec<&str> {
    let fields = kind.fields.iter().filter(|field| field.required).map(|field| &*field.name);
    kind.requires.iter().map(|key| &**key).chain(fields).collect()
}

/// What a field is, in a sentence.
fn field_description(field: &Field) -> Option<String> {
    let mut text = match field.type_.item() {
        FieldType::Reference(kinds) if kinds.is_empty() => "The id of a page".to_owned(),
        FieldType::Reference(kinds) => {
            format!("The id of a page of the kind {}", kinds.join(" or "))
        }
        FieldType::Date => {
            "A date, such as 1951-05-21, 1951-05, 1951, 1951~ or 2025/2029".to_owned()
        }
        FieldType::Coordinates => "Latitude and longitude in degrees: [25.11, 62.32]".to_owned(),
        FieldType::Url => "An address that begins with https://".to_owned(),
        FieldType::Language => "The tag of a language, such as ar or zh-Hant".to_owned(),
        _ => String::new(),
    };
    if field.translatable {
        text.push_str(if text.is_empty() { "A" } else { "; a" });
        text.push_str(" translation may say it in its own words");
    }
    (!text.is_empty()).then_some(text)
}

/// A schema with a description.
fn described(mut schema: Value, description: Option<&str>) -> Value {
    if let (Some(object), Some(description)) = (schema.as_object_mut(), description) {
        object.insert("description".into(), Value::from(description));
    }
    schema
}
