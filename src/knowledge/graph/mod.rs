//! Statements as data: what is said of a thing, before it is written in any form. It knows no site;
//! [`jsonld`] and [`turtle`] write it.

pub mod jsonld;
pub mod turtle;

use std::borrow::Cow;

use super::vocabulary::SCHEMA;

/// The namespace of RDF's own terms.
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// The namespace of RDF Schema.
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
/// The namespace of XML Schema's types.
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// Appends a text, with `escape` for each character that may need it: one of ASCII that is no letter, digit or
/// plain sign, or one whose first byte says that it could be invisible. Nearly all of a text is neither, and is
/// copied as it is.
fn escaped(out: &mut String, text: &str, mut escape: impl FnMut(&mut String, char)) {
    let special =
        |b: &u8| matches!(*b, 0..32 | b'"' | b'\\' | b'<' | b'>' | b'&' | 127 | 0xC2 | 0xE2 | 0xEF);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| special(&b)) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        chars.next().into_iter().for_each(|c| escape(out, c));
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// The name of a type or property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// Of schema.org.
    Schema(Cow<'static, str>),
    /// Of the site's own vocabulary, encoded.
    Own(String),
    /// Of RDF.
    Rdf(&'static str),
    /// Of RDF Schema.
    Rdfs(&'static str),
}

impl Name {
    /// A name of schema.org.
    #[must_use]
    pub fn schema(name: impl Into<Cow<'static, str>>) -> Self {
        Self::Schema(name.into())
    }

    /// The whole IRI; `own` is the namespace of the site's vocabulary.
    #[must_use]
    pub fn iri(&self, own: &str) -> String {
        let (namespace, name) = match self {
            Self::Schema(name) => (SCHEMA, &**name),
            Self::Own(name) => (own, &**name),
            Self::Rdf(name) => (RDF, *name),
            Self::Rdfs(name) => (RDFS, *name),
        };
        format!("{namespace}{name}")
    }
}

/// The type of a literal that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datatype {
    /// A day.
    Date,
    /// A month of a year.
    YearMonth,
    /// A year.
    Year,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a decimal point.
    Decimal,
    /// A date as ISO 8601-2 writes it, of any precision.
    Edtf,
}

impl Datatype {
    /// The whole IRI.
    #[must_use]
    pub fn iri(self) -> String {
        match self {
            Self::Edtf => "http://id.loc.gov/datatypes/edtf/EDTF".to_owned(),
            other => format!("{XSD}{}", other.local()),
        }
    }

    /// The name in its namespace.
    fn local(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::YearMonth => "gYearMonth",
            Self::Year => "gYear",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Edtf => "EDTF",
        }
    }
}

/// What is said of a thing by a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A thing with a name of its own.
    Iri(String),
    /// A text in no particular language.
    Text(String),
    /// A text in the language of a tag.
    Tagged(String, String),
    /// A value of a type, as the type writes it.
    Typed(String, Datatype),
    /// A thing without a name.
    Node(Box<Resource>),
}

/// A thing and what is said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Its IRI; a thing inside another has none.
    pub iri: Option<String>,
    /// What it is.
    pub types: Vec<Name>,
    /// What is said of it, in order.
    pub statements: Vec<(Name, Object)>,
}

impl Resource {
    /// A thing of a type, with nothing said of it.
    #[must_use]
    pub fn new(iri: Option<String>, types: Vec<Name>) -> Self {
        Self { iri, types, statements: Vec::new() }
    }

    /// Says something of it by a property of schema.org.
    pub fn say(&mut self, property: impl Into<Cow<'static, str>>, object: Object) {
        self.statements.push((Name::schema(property), object));
    }

    /// Whether nothing is said of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The properties in the order in which they first come, each with all that it says, once.
    fn grouped(&self) -> Vec<(&Name, Vec<&Object>)> {
        let mut groups: Vec<(&Name, Vec<&Object>)> = Vec::with_capacity(self.statements.len());
        for (name, object) in &self.statements {
            match groups.iter_mut().find(|(other, _)| *other == name) {
                Some((_, objects)) if objects.contains(&object) => {}
                Some((_, objects)) => objects.push(object),
                None => groups.push((name, vec![object])),
            }
        }
        groups
    }
}

/// Things with what is said of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The namespace of the site's own vocabulary.
    pub own: String,
    /// The things.
    pub resources: Vec<Resource>,
}
