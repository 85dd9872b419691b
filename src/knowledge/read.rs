//! Reading `kinds.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::kinds::{Field, FieldType, Kind, Kinds, Labels, Word};
use super::terms::{self, Term};
use crate::config::FRONT_MATTER_KEYS;
use crate::config::reader::{Input, Reader, Step};
use crate::config::toml::TomlFile;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::source::{SourceTree, read_text};

/// How deep records may be in records.
const MAX_DEPTH: usize = 4;

/// Something that names another kind or field, looked at once all layers were read.
struct Mention {
    span: Span,
    what: Mentioned,
}

enum Mentioned {
    /// A kind that a reference may lead to.
    Kind(String),
    /// The date of the kind that a field of it may not be before.
    Date(String, String),
    /// The name of a kind's relation from the other end, at pages of these kinds.
    Inverse(String, String, Vec<String>),
    /// A type or property of schema.org.
    Term(Term),
}

/// Notes terms of schema.org.
fn note(terms: Vec<(Span, Term)>, mentions: &mut Vec<Mention>) {
    let mention = |(span, term)| Mention { span, what: Mentioned::Term(term) };
    mentions.extend(terms.into_iter().map(mention));
}

impl Kinds {
    /// Reads the `kinds.toml` of every layer, the site's over the theme's: a layer adds kinds, and
    /// fields to kinds that there are.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let mut kinds = BTreeMap::<String, Kind>::new();
        let mut mentions = Vec::new();
        for layer in tree.layers().iter().rev() {
            for (_, file) in layer.under("kinds.toml") {
                match read_text(file) {
                    Ok(text) => read(&text, &file.path, &mut kinds, &mut mentions, problems),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        check(&kinds, mentions, problems);
        kinds.values_mut().for_each(terms::keep_known);
        Self(kinds.into_iter().map(|(name, kind)| (name, Arc::new(kind))).collect())
    }
}

fn read(
    text: &str,
    file: &Arc<str>,
    kinds: &mut BTreeMap<String, Kind>,
    mentions: &mut Vec<Mention>,
    problems: &Problems,
) {
    let toml = TomlFile::parse(text, file, problems);
    let input = Input { file, places: &toml, problems };
    for (name, value) in &toml.values {
        let path = vec![Step::Key(name.clone())];
        let Some(table) = value.as_object() else {
            input.wrong_type(&path, "a table of a kind", value);
            continue;
        };
        if let Some(other) = kinds.keys().find(|other| *other != name && same_name(other, name)) {
            let message = format!("the kinds `{other}` and `{name}` differ in capitals alone");
            let problem = Diagnostic::error(codes::BAD_VALUE, message).at(input.key_span(&path));
            problems.push(problem.hint("their files would be one on some computers"));
            continue;
        }
        if !is_name(name) {
            problems.push(bad_name(&input, &path, name));
            continue;
        }
        let kind = kinds.entry(name.clone()).or_default();
        kind.name.clone_from(name);
        kind.place.get_or_insert_with(|| input.key_span(&path));
        read_kind(Reader::new(input, table, path), kind, mentions);
    }
}

fn read_kind(mut reader: Reader<'_>, kind: &mut Kind, mentions: &mut Vec<Mention>) {
    if let Some(publication) = reader.boolean("publication") {
        kind.publication = publication;
    }
    if let Some(sourced) = reader.boolean("sourced") {
        kind.sourced = sourced;
    }
    if let Some(explains) = reader.boolean("explains") {
        kind.explains = explains;
    }
    if let Some(section) = reader.text("section") {
        kind.section = Some(section);
    }
    if let Some(schema) = reader.text("schema") {
        kind.schema = Some(schema);
    }
    if let Some(property) = reader.text("date_property") {
        kind.date_property = Some(property);
    }
    note(terms::of_kind(&reader, kind), mentions);
    kind.labels.extend(labels(&mut reader, "label"));
    for key in reader.texts("requires").unwrap_or_default() {
        if key != "date" {
            let message = format!("`requires` knows only `date`, not `{key}`");
            reader.input.problems.push(reader.input.bad_value(&reader.path("requires"), message));
        }
        if !kind.requires.contains(&key) {
            kind.requires.push(key);
        }
    }
    for (name, field) in reader.tables("fields") {
        if FRONT_MATTER_KEYS.contains(&name) {
            let mut path = reader.path("fields");
            path.push(Step::Key(name.to_owned()));
            let message = format!("every page has the key `{name}`, which cannot be a field too");
            let span = reader.input.key_span(&path);
            reader.input.problems.push(Diagnostic::error(codes::BAD_VALUE, message).at(span));
            continue;
        }
        if let Some(field) = read_field(name, field, &kind.name, 0, mentions) {
            // A field of the same name takes the other's place, also in the order of fields.
            match kind.fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => kind.fields.push(field),
            }
        }
    }
    reader.finish();
}

/// Whether a kind or field can have a name: it is part of keys, of files' names and of addresses.
fn is_name(name: &str) -> bool {
    let unfit = |c: char| c.is_control() || "/\\<>:\"|?*%#".contains(c);
    !name.is_empty() && !name.starts_with('.') && name.trim() == name && !name.contains(unfit)
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn bad_name(input: &Input<'_>, path: &[Step], name: &str) -> Diagnostic {
    let message = format!("«{name}» cannot be a name: write letters, digits, `_` and `-`");
    Diagnostic::error(codes::BAD_VALUE, message).at(input.key_span(path))
}

/// Names by language; a single text is one for every language, and stands under an empty tag.
fn labels(reader: &mut Reader<'_>, key: &'static str) -> Labels {
    let path = reader.path(key);
    let mut labels = Labels::new();
    match reader.value(key) {
        None => {}
        Some(Value::String(text)) => {
            labels.insert(String::new(), text.clone());
        }
        Some(Value::Object(map)) => {
            for (lang, value) in map {
                match value.as_str() {
                    Some(text) => {
                        labels.insert(lang.clone(), text.to_owned());
                    }
                    None => {
                        let mut path = path.clone();
                        path.push(Step::Key(lang.clone()));
                        reader.input.wrong_type(&path, "text", value);
                    }
                }
            }
        }
        Some(other) => reader.input.wrong_type(&path, "text, or a text for each language", other),
    }
    labels
}

fn read_field(
    name: &str,
    mut reader: Reader<'_>,
    kind: &str,
    depth: usize,
    mentions: &mut Vec<Mention>,
) -> Option<Field> {
    let mut here = reader.path("type");
    here.pop();
    let place = reader.input.key_span(&here);
    if !is_name(name) {
        reader.input.problems.push(bad_name(&reader.input, &here, name));
        return None;
    }
    let type_name = reader.required_text("type")?;
    if type_name == "list" && !reader.has("of") {
        reader.missing("of");
        return None;
    }
    let of = reader.text("of");
    let to = reader.texts("to").unwrap_or_default();
    let words = words(&mut reader);
    let mut inner = Vec::new();
    for (name, field) in reader.tables("fields") {
        inner.extend(read_field(name, field, kind, depth + 1, mentions));
    }
    let type_ = field_type(&type_name, of.as_deref(), &to, &words, &inner);
    check_type(&reader, &type_name, type_.as_ref(), depth);
    let field = Field {
        name: name.to_owned(),
        required: reader.boolean("required").unwrap_or(false),
        translatable: reader.boolean("translatable").unwrap_or(false),
        labels: labels(&mut reader, "label"),
        inverse: reader.text("inverse"),
        inverse_labels: labels(&mut reader, "inverse_label"),
        hierarchy: reader.boolean("hierarchy").unwrap_or(false),
        private: reader.boolean("private").unwrap_or(false),
        language_from: reader.text("language_from"),
        property: reader.text("property"),
        schema: reader.text("schema"),
        after: reader.text("after"),
        place: Some(place),
        type_: type_.clone().unwrap_or(FieldType::Text),
    };
    for (i, kind) in to.into_iter().enumerate() {
        let mut path = reader.path("to");
        path.push(Step::Index(i));
        let span = reader.input.value_span(&path);
        mentions.push(Mention { span, what: Mentioned::Kind(kind) });
    }
    if field.after.as_deref() == Some(name) {
        let message = format!("`{name}` cannot be after itself");
        let problem = reader.input.bad_value(&reader.path("after"), message);
        reader.input.problems.push(problem);
    }
    if let (Some(after), 0) = (&field.after, depth) {
        let span = reader.input.value_span(&reader.path("after"));
        mentions.push(Mention { span, what: Mentioned::Date(kind.to_owned(), after.clone()) });
    }
    check_reference(&reader, kind, &field, mentions);
    if field.schema.is_some() && !matches!(field.type_.item(), FieldType::Record(_)) {
        let span = reader.input.key_span(&reader.path("schema"));
        let message = "only a record has a `schema`; a word of an enumeration has its own";
        reader.input.problems.push(Diagnostic::error(codes::BAD_VALUE, message).at(span));
    }
    note(terms::of_field(&reader, kind, &field, depth), mentions);
    reader.finish();
    type_.map(|_| field)
}

/// Reports a type that is none, and one that lacks what it needs.
fn check_type(reader: &Reader<'_>, name: &str, type_: Option<&FieldType>, depth: usize) {
    let Some(type_) = type_ else {
        let message = format!("«{name}» is not a type of field");
        let problem = Diagnostic::error(codes::BAD_VALUE, message)
            .at(reader.input.value_span(&reader.path("type")))
            .did_you_mean(name, FieldType::NAMES)
            .hint(format!(
                "types: {}; a list also says of which: `of = \"text\"`",
                FieldType::NAMES.join(", ")
            ));
        reader.input.problems.push(problem);
        return;
    };
    match type_.item() {
        FieldType::Enum(words) if words.is_empty() => reader.missing("values"),
        FieldType::Record(fields) if fields.is_empty() => reader.missing("fields"),
        FieldType::Record(_) if depth >= MAX_DEPTH => {
            let message = format!("records are at most {MAX_DEPTH} deep");
            let problem = reader.input.bad_value(&reader.path("type"), message);
            reader.input.problems.push(problem);
        }
        _ => {}
    }
}

/// Reports what only a reference can have, and notes the name of its inverse.
fn check_reference(reader: &Reader<'_>, kind: &str, field: &Field, mentions: &mut Vec<Mention>) {
    let wrong = |key: &str| {
        let message = format!("only a reference has `{key}`");
        let span = reader.input.key_span(&reader.path(key));
        let problem = Diagnostic::error(codes::BAD_VALUE, message).at(span);
        reader.input.problems.push(problem);
    };
    let targets = field.type_.targets();
    if field.hierarchy && !matches!(field.type_.item(), FieldType::Reference(_)) {
        wrong("hierarchy");
    }
    match (&field.inverse, targets) {
        (Some(_), None) => wrong("inverse"),
        (Some(inverse), Some(to)) => {
            let span = reader.input.value_span(&reader.path("inverse"));
            let what = Mentioned::Inverse(kind.to_owned(), inverse.clone(), to.to_vec());
            mentions.push(Mention { span, what });
        }
        (None, _) => {}
    }
}

/// The words of an enumeration: a list, or a table that also says what readers see.
fn words(reader: &mut Reader<'_>) -> Vec<Word> {
    let path = reader.path("values");
    let input = reader.input;
    let Some(value) = reader.value("values") else { return Vec::new() };
    let Value::Object(map) = value else {
        let texts = match value {
            Value::Array(items) => items.iter().map(Value::as_str).collect(),
            single => single.as_str().map(|word| vec![word]),
        };
        if texts.is_none() {
            input.wrong_type(&path, "a list of words, or a table of them", value);
        }
        let word = |name: &str| Word { name: name.to_owned(), ..Word::default() };
        return texts.unwrap_or_default().into_iter().map(word).collect();
    };
    let mut words = Vec::new();
    for (name, value) in map {
        let mut path = path.clone();
        path.push(Step::Key(name.clone()));
        let Some(table) = value.as_object() else {
            input.wrong_type(&path, "a table of a word", value);
            continue;
        };
        let mut reader = Reader::new(input, table, path);
        words.push(Word {
            name: name.clone(),
            labels: labels(&mut reader, "label"),
            schema: reader.text("schema"),
        });
        reader.finish();
    }
    words
}

fn field_type(
    name: &str,
    of: Option<&str>,
    to: &[String],
    words: &[Word],
    fields: &[Field],
) -> Option<FieldType> {
    Some(match name {
        "text" => FieldType::Text,
        "localized" => FieldType::Localized,
        "number" => FieldType::Number,
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "url" => FieldType::Url,
        "language" => FieldType::Language,
        "enum" => FieldType::Enum(words.to_vec()),
        "coordinates" => FieldType::Coordinates,
        "reference" => FieldType::Reference(to.to_vec()),
        "record" => FieldType::Record(fields.to_vec()),
        "list" => {
            let of = of.filter(|of| *of != "list")?;
            FieldType::List(Box::new(field_type(of, None, to, words, fields)?))
        }
        _ => return None,
    })
}

/// Looks at what names another kind or field.
fn check(kinds: &BTreeMap<String, Kind>, mentions: Vec<Mention>, problems: &Problems) {
    for Mention { span, what } in mentions {
        match what {
            Mentioned::Kind(name) if !kinds.contains_key(&name) => {
                let message = format!("there is no kind `{name}`");
                let problem = Diagnostic::error(codes::UNKNOWN_KIND, message).at(span);
                problems.push(problem.did_you_mean(&name, kinds.keys().map(String::as_str)));
            }
            Mentioned::Date(kind, name) => {
                let dates = kinds.get(&kind).into_iter().flat_map(|kind| &kind.fields);
                let dates = dates.filter(|field| field.type_ == FieldType::Date);
                let names: Vec<&str> = dates.map(|field| &*field.name).chain(["date"]).collect();
                if !names.contains(&&*name) {
                    let message = format!("the kind `{kind}` has no date `{name}`");
                    let problem = Diagnostic::error(codes::BAD_VALUE, message).at(span);
                    problems.push(problem.did_you_mean(&name, names));
                }
            }
            Mentioned::Inverse(from, name, to) => {
                let others = kinds.values().filter(|kind| to.is_empty() || to.contains(&kind.name));
                // A field of that name says the same from there, if it leads back.
                let leads_back = |field: &Field| match field.type_.item() {
                    FieldType::Reference(to) => to.is_empty() || to.contains(&from),
                    _ => false,
                };
                let taken = others
                    .into_iter()
                    .find(|kind| kind.field(&name).is_some_and(|field| !leads_back(field)));
                if let Some(kind) = taken {
                    let message = format!(
                        "the kind `{}` has a field `{name}` that does not lead back",
                        kind.name
                    );
                    let problem = Diagnostic::error(codes::BAD_VALUE, message).at(span);
                    problems.push(problem.hint("give the relation another name from that end"));
                }
            }
            Mentioned::Term(term) => {
                problems.extend(term.problem(kinds).map(|problem| problem.at(span)));
            }
            Mentioned::Kind(_) => {}
        }
    }
}
