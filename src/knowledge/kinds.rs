//! Kinds and their fields. [`super::read`] makes them from `kinds.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bibliography::shown;
use crate::diagnostic::Span;

/// Names of a thing for readers, by language tag.
pub type Labels = BTreeMap<String, String>;

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Any text, in the language of the page that says it.
    Text,
    /// A text in the original's language, or one for each of several languages.
    Localized,
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
    Enum(Vec<Word>),
    /// `[latitude, longitude]` in decimal degrees (WGS 84).
    Coordinates,
    /// A page of one of these kinds; of any kind, if there are none.
    Reference(Vec<String>),
    /// A list of the type; a single value counts as a list of one.
    List(Box<FieldType>),
    /// Several fields together; a single value stands for the first of them.
    Record(Vec<Field>),
}

impl FieldType {
    /// The names that `kinds.toml` may use.
    pub const NAMES: [&'static str; 12] = [
        "text",
        "localized",
        "number",
        "boolean",
        "date",
        "url",
        "language",
        "enum",
        "coordinates",
        "reference",
        "list",
        "record",
    ];

    /// The name in `kinds.toml`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Localized => "localized",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Url => "url",
            Self::Language => "language",
            Self::Enum(_) => "enum",
            Self::Coordinates => "coordinates",
            Self::Reference(_) => "reference",
            Self::List(_) => "list",
            Self::Record(_) => "record",
        }
    }

    /// The type of what a list holds; of anything else, itself.
    #[must_use]
    pub fn item(&self) -> &Self {
        match self {
            Self::List(of) => of,
            single => single,
        }
    }

    /// Whether a value of it can refer to a page.
    #[must_use]
    pub fn refers(&self) -> bool {
        self.targets().is_some()
    }

    /// The kinds that a reference may lead to, none for any; of a record, those of the first reference
    /// in it. `None` for what refers to nothing.
    #[must_use]
    pub fn targets(&self) -> Option<&[String]> {
        match self.item() {
            Self::Reference(kinds) => Some(kinds),
            Self::Record(fields) => fields.iter().find_map(|field| field.type_.targets()),
            _ => None,
        }
    }
}

/// A word of an enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The word, as front matter has it.
    pub name: String,
    /// What readers see; else the message `FIELD-WORD` of the theme or site.
    pub labels: Labels,
    /// The schema.org type that the word makes the page one of, in place of its kind's.
    pub schema: Option<String>,
}

/// A field of a kind, or of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key in front matter.
    pub name: String,
    /// What it holds.
    pub type_: FieldType,
    /// Whether a page must say it.
    pub required: bool,
    /// Whether a translation may say it in its own words.
    pub translatable: bool,
    /// What readers see; else the message `field-NAME` of the theme or site.
    pub labels: Labels,
    /// Of a reference: the relation's name seen from the page that it leads to. It may be a field of
    /// that page's kind that leads back: then either end may say it.
    pub inverse: Option<String>,
    /// What readers see of that; else the message `relation-NAME`.
    pub inverse_labels: Labels,
    /// Of a reference: whether it leads up a hierarchy, so that no page may be above itself.
    pub hierarchy: bool,
    /// Whether it is for editors alone: shown and exported nowhere.
    pub private: bool,
    /// Of a text: the field beside it that says in which language it is, where that is not the page's.
    pub language_from: Option<String>,
    /// Where it is described.
    pub place: Option<Span>,
    /// The schema.org property that it is; else one of the site's own vocabulary.
    pub property: Option<String>,
    /// Of a record: the schema.org type of what it stands for.
    pub schema: Option<String>,
    /// Of a date: the date beside it that it may not be before.
    pub after: Option<String>,
}

impl Field {
    /// Whether it leads up a hierarchy, itself or a reference in its records.
    #[must_use]
    pub fn leads_up(&self) -> bool {
        let inner = || match self.type_.item() {
            FieldType::Record(fields) => fields.iter().any(Self::leads_up),
            _ => false,
        };
        self.hierarchy || inner()
    }

    /// Of a reference, also in a list or record: the relation's name from the other end.
    #[must_use]
    pub fn inverse_name(&self) -> Option<&str> {
        let inner = || match self.type_.item() {
            FieldType::Record(fields) => fields.iter().find_map(Self::inverse_name),
            _ => None,
        };
        self.inverse.as_deref().or_else(inner)
    }

    /// A text of the field as readers and other programs get it: names of authors may stand in the
    /// braces of BibTeX.
    #[must_use]
    pub fn plain<'a>(&self, text: &'a str) -> &'a str {
        let names = matches!(self.property.as_deref(), Some("author" | "creator"));
        if names || self.name == "authors" { shown(text) } else { text }
    }
}

/// A kind of page.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// What readers see; else the message `kind-NAME` of the theme or site.
    pub labels: Labels,
    /// Where it is described first.
    pub place: Option<Span>,
    /// Its schema.org type.
    pub schema: Option<String>,
    /// The schema.org property that its pages' `date` is.
    pub date_property: Option<String>,
    /// Whether `date` is the day of publication, so that a page dated in the future waits for it.
    pub publication: bool,
    /// Whether `check` wants its pages to name sources.
    pub sourced: bool,
    /// Whether its pages explain words, so that a page that uses them shows what they mean.
    pub explains: bool,
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
pub struct Kinds(pub(super) BTreeMap<String, Arc<Kind>>);

impl Kinds {
    /// A kind by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Kind>> {
        self.0.get(name)
    }

    /// The names of all kinds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All kinds, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.0.values()
    }

    /// The first field of that name that any kind has.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.iter().find_map(|kind| kind.field(name))
    }
}
