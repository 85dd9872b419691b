//! The vocabulary of schema.org: its types and properties by name, so that nothing is said in words that
//! do not exist. `schema_org/make.mjs` made the list.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::diagnostic::nearest;

/// The namespace of schema.org.
pub const SCHEMA: &str = "https://schema.org/";

/// A line a term: its name, then the types above it, or those that have it. Sorted by name.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let text = include_str!("schema_org/terms.txt");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// What stands beside a name; `None` where there is no such term.
fn find(name: &str) -> Option<impl Iterator<Item = &'static str> + use<>> {
    let first = |line: &'static str| line.split(' ').next().unwrap_or_default();
    let at = LINES.binary_search_by(|line| first(line).cmp(name)).ok()?;
    LINES.get(at).map(|line| line.split(' ').skip(1))
}

/// Whether a name is one of a type; those of properties begin with a small letter.
fn names_type(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Whether schema.org has a type of that name.
#[must_use]
pub fn has_type(name: &str) -> bool {
    names_type(name) && find(name).is_some()
}

/// Whether schema.org has a property of that name.
#[must_use]
pub fn has_property(name: &str) -> bool {
    !names_type(name) && find(name).is_some()
}

/// A type and all types above it.
fn with_above(name: &str) -> BTreeSet<&str> {
    let (mut all, mut open) = (BTreeSet::new(), vec![name]);
    while let Some(name) = open.pop() {
        if all.insert(name) {
            for above in find(name).into_iter().flatten() {
                open.push(above);
            }
        }
    }
    all
}

/// Whether a type is another, or below it.
#[must_use]
pub fn is_a(name: &str, above: &str) -> bool {
    name == above || (names_type(name) && with_above(name).contains(above))
}

/// Whether a thing of a type has a property.
#[must_use]
pub fn belongs(property: &str, type_: &str) -> bool {
    let above = with_above(type_);
    find(property).is_some_and(|mut types| types.any(|type_| above.contains(type_)))
}

/// The type whose name is nearest to one that there is not.
#[must_use]
pub fn nearest_type(name: &str) -> Option<&'static str> {
    near(name, names_type)
}

/// The property, if need be of a type, whose name is nearest to one that there is not.
#[must_use]
pub fn nearest_property(name: &str, type_: Option<&str>) -> Option<&'static str> {
    near(name, |term| !names_type(term) && type_.is_none_or(|type_| belongs(term, type_)))
}

fn near(name: &str, wanted: impl Fn(&str) -> bool) -> Option<&'static str> {
    let names = LINES.iter().filter_map(|line| line.split(' ').next());
    nearest(name, names.filter(|term| wanted(term)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        let names: Vec<&str> = LINES.iter().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.is_sorted() && names.len() > 2000);
        for line in LINES.iter() {
            for type_ in line.split(' ').skip(1) {
                assert!(has_type(type_), "{line}");
            }
        }
    }

    #[test]
    fn types_and_properties_are_known() {
        assert!(has_type("Event") && has_type("3DModel") && has_type("Thing"));
        assert!(!has_type("Treaty") && !has_type("name") && !has_property("Event"));
        assert!(has_property("startDate") && !has_property("participants"));
        assert!(is_a("NewsArticle", "CreativeWork") && !is_a("Person", "CreativeWork"));
        assert!(belongs("name", "Landform") && belongs("parentOrganization", "Project"));
        assert!(!belongs("jobTitle", "Event") && !belongs("inLanguage", "DefinedTerm"));
        assert_eq!(nearest_type("Evnt"), Some("Event"));
        assert_eq!(nearest_property("startDat", Some("Event")), Some("startDate"));
    }
}
