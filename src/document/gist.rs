//! The little of front matter that every page is placed by.

use super::FrontMatter;

/// What a page is placed by, in the document itself. The front matter of a page is a kilobyte of
/// memory that is seldom in the processor's cache: of a hundred thousand pages, looking at all of it
/// takes longer than everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gist {
    /// A number that sorts the page by its date, the newest first; the greatest where it has none.
    pub newest: i64,
    /// Whether it says what languages show, or whether and when it is published.
    pub restricted: bool,
    /// Whether it names a kind.
    pub kind: bool,
    /// Whether it has fields, sources, facts or a record.
    pub facts: bool,
    /// Whether it has a slug of its own.
    pub slug: bool,
    /// Whether it has a title.
    pub title: bool,
    /// Whether it hands something down.
    pub cascade: bool,
    /// Whether it has the key of a taxonomy without a term of it.
    pub empty_terms: bool,
}

impl Gist {
    /// The gist of front matter.
    #[must_use]
    pub fn of(front: &FrontMatter) -> Self {
        Self {
            newest: front.date.map_or(i64::MAX, |date| -date.sort_key()),
            restricted: front.draft.is_some()
                || front.publish.is_some()
                || front.expires.is_some()
                || front.untranslated.is_some()
                || !front.languages.is_empty(),
            kind: front.kind.is_some(),
            facts: !front.fields.is_empty()
                || !front.sources.is_empty()
                || !front.facts.is_empty()
                || front.record.is_some(),
            slug: front.slug.is_some(),
            title: front.title.as_deref().is_some_and(|title| !title.trim().is_empty()),
            cascade: front.cascade.is_some(),
            empty_terms: front.terms.iter().any(|(_, terms)| terms.is_empty()),
        }
    }
}
