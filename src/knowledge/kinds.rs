//! Reading `kinds.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::reader::{Input, Reader};
use crate::config::toml::TomlFile;
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::source::{SourceTree, read_text};

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An EDTF date.
    Date,
    /// An `http` or `https` URL.
    Url,
    /// A BCP 47 language tag.
    Language,
    /// One of a list of words.
    Enum(Vec<String>),
    /// `[latitude, longitude]` in decimal degrees.
    Coordinates,
    /// A page of one of these kinds; of any kind, if there are none.
    Reference(Vec<String>),
    /// A list of the type.
    List(Box<FieldType>),
}

impl FieldType {
    /// The names that `kinds.toml` may use.
    pub const NAMES: [&'static str; 10] = [
        "text",
        "number",
        "boolean",
        "date",
        "url",
        "language",
        "enum",
        "coordinates",
        "reference",
        "list",
    ];
}

/// A field of a kind.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key in front matter.
    pub name: String,
    /// What it holds.
    pub type_: FieldType,
    /// Whether a page must say it.
    pub required: bool,
    /// Whether a translation may say it in its own words.
    pub translatable: bool,
}

/// A kind of page.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// Whether `date` is the day of publication, so that a page dated in the future waits for it.
    pub publication: bool,
    /// The keys common to all kinds that this one cannot do without.
    pub requires: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The section that `dhikra new` puts it in.
    pub section: Option<String>,
}

impl Kind {
    /// A field by its key.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The kinds of a site, by name.
#[derive(Clone, Debug, Default)]
pub struct Kinds(BTreeMap<String, Arc<Kind>>);

impl Kinds {
    /// Reads the `kinds.toml` of every layer, the site's over the theme's: a layer adds kinds, and
    /// fields to kinds that there are.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let mut kinds = BTreeMap::<String, Kind>::new();
        for layer in tree.layers().iter().rev() {
            for (_, file) in layer.under("kinds.toml") {
                match read_text(file) {
                    Ok(text) => read(&text, &file.path, &mut kinds, problems),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Self(kinds.into_iter().map(|(name, kind)| (name, Arc::new(kind))).collect())
    }

    /// A kind by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Kind>> {
        self.0.get(name)
    }

    /// The names of all kinds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn read(text: &str, file: &Arc<str>, kinds: &mut BTreeMap<String, Kind>, problems: &Problems) {
    let toml = TomlFile::parse(text, file, problems);
    let input = Input { file, places: &toml, problems };
    for (name, value) in &toml.values {
        let path = vec![crate::config::reader::Step::Key(name.clone())];
        let Some(table) = value.as_object() else {
            input.wrong_type(&path, "a table of a kind", value);
            continue;
        };
        let mut reader = Reader::new(input, table, path);
        let kind = kinds.entry(name.clone()).or_default();
        kind.name.clone_from(name);
        if let Some(publication) = reader.boolean("publication") {
            kind.publication = publication;
        }
        if let Some(section) = reader.text("section") {
            kind.section = Some(section);
        }
        for key in reader.texts("requires").unwrap_or_default() {
            if key != "date" {
                let message = format!("`requires` knows only `date`, not `{key}`");
                input.problems.push(input.bad_value(&reader.path("requires"), message));
            }
            kind.requires.push(key);
        }
        for (name, field) in reader.tables("fields") {
            if let Some(field) = read_field(name, field) {
                kind.fields.retain(|f| f.name != field.name);
                kind.fields.push(field);
            }
        }
        reader.finish();
    }
}

fn read_field(name: &str, mut reader: Reader<'_>) -> Option<Field> {
    let type_name = reader.required_text("type")?;
    let of = reader.text("of");
    let to = reader.texts("to").unwrap_or_default();
    let values = reader.texts("values").unwrap_or_default();
    let required = reader.boolean("required").unwrap_or(false);
    let translatable = reader.boolean("translatable").unwrap_or(false);
    let type_ = field_type(&type_name, of.as_deref(), &to, &values);
    if type_.is_none() {
        let message = format!("«{type_name}» is not a type of field");
        let problem = Diagnostic::error(codes::BAD_VALUE, message)
            .at(reader.input.value_span(&reader.path("type")))
            .did_you_mean(&type_name, FieldType::NAMES)
            .hint(format!(
                "types: {}; a list also says of which: `of = \"text\"`",
                FieldType::NAMES.join(", ")
            ));
        reader.input.problems.push(problem);
    }
    if type_ == Some(FieldType::Enum(Vec::new())) {
        reader.missing("values");
    }
    reader.finish();
    Some(Field { name: name.to_owned(), type_: type_?, required, translatable })
}

fn field_type(name: &str, of: Option<&str>, to: &[String], values: &[String]) -> Option<FieldType> {
    Some(match name {
        "text" => FieldType::Text,
        "number" => FieldType::Number,
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "url" => FieldType::Url,
        "language" => FieldType::Language,
        "enum" => FieldType::Enum(values.to_vec()),
        "coordinates" => FieldType::Coordinates,
        "reference" => FieldType::Reference(to.to_vec()),
        "list" => {
            FieldType::List(Box::new(field_type(of.filter(|o| *o != "list")?, None, to, values)?))
        }
        _ => return None,
    })
}
