//! Names of authors: `Family, Given`, or as they are.

/// A name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Of a person, whose family name is known.
    Person(String, String),
    /// Of a body, or of a person whose names come in their own order.
    Whole(String),
}

impl Name {
    /// Reads a name as the field `authors` has it.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(inside) => Self::Whole(inside.trim().to_owned()),
            None => match text.split_once([',', '،']) {
                Some((family, given)) if !family.trim().is_empty() && !given.trim().is_empty() => {
                    Self::Person(family.trim().to_owned(), given.trim().to_owned())
                }
                _ => Self::Whole(text.to_owned()),
            },
        }
    }

    /// The name as the field `authors` has it.
    pub(super) fn field(&self) -> String {
        match self {
            Self::Person(family, given) => format!("{family}, {given}"),
            Self::Whole(name) if name.contains([',', '،']) => format!("{{{name}}}"),
            Self::Whole(name) => name.clone(),
        }
    }
}

/// A name as readers get it: without the braces that keep a comma from parting it.
#[must_use]
pub fn shown(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(name)
}
