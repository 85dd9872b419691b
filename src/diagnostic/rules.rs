//! The rules of `dhikra check`: what a site may set, switch off, and silence in a file. Problems that
//! keep a site from being built are no rules; they are in [`super::codes`].

use super::Severity;
use crate::text::lint;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub code: &'static str,
    /// Its number among the rules of text, such as `L8`; empty for the others.
    pub number: &'static str,
    /// How bad what it finds is, unless the site says otherwise.
    pub severity: Severity,
    /// What it looks for, in one sentence.
    pub about: &'static str,
}

macro_rules! rules {
    ($($name:ident = $code:literal, $severity:ident, $about:literal;)*) => {
        $(#[doc = $about] pub const $name: &str = $code;)*
        /// The rules about pages, links and files.
        const PAGES: &[Rule] = &[$(Rule {
            code: $code, number: "", severity: Severity::$severity, about: $about,
        }),*];
    };
}

rules! {
    BROKEN_URL = "broken-url", Error,
        "A link in finished pages, from raw HTML or a template, that leads nowhere.";
    DUPLICATE_ID = "duplicate-id", Warning, "An anchor that a page has twice.";
    IMAGE_ALT = "image-alt", Warning, "An image without a description.";
    UNCREDITED_IMAGE = "uncredited-image", Warning,
        "A picture whose creator, licence and source the page does not record.";
    SHARED_NAME = "shared-name", Warning,
        "Two pages of kinds with one name, which references can confuse.";
    HEADING_LEVEL = "heading-level", Warning, "A heading that skips a level.";
    TITLE_LENGTH = "title-length", Warning, "A title longer than search engines show.";
    DESCRIPTION_LENGTH = "description-length", Warning,
        "A description longer than search engines show.";
    DESCRIPTION_MISSING = "description-missing", Info, "A page without a description of its own.";
    DUPLICATE_TITLE = "duplicate-title", Warning, "Two pages of one language with one title.";
    SIMILAR_SLUG = "similar-slug", Warning,
        "Two pages whose addresses a reader would take for one.";
    ORPHAN = "orphan", Warning, "A page that no other page of its language links to.";
    UNUSED_FILE = "unused-file", Info, "A file beside the pages that nothing links to or shows.";
    STALE_TRANSLATION = "stale-translation", Warning,
        "A translation whose original has changed since it was marked.";
    TRANSLATION_HEADINGS = "translation-headings", Warning,
        "A translation whose headings are not those of its original.";
    MISSING_MESSAGE = "missing-message", Warning,
        "A message that another language of the site has.";
    PHYSICAL_CSS = "physical-css", Warning,
        "A style with left and right in it, which is wrong in one of the directions.";
    UNCITED_SOURCE = "uncited-source", Warning, "A source that no page rests on.";
    UNSOURCED_PAGE = "unsourced-page", Warning,
        "A page without a source, of a kind that wants one.";
    UNCITED_PARAGRAPH = "uncited-paragraph", Warning,
        "A paragraph without a source, where the section asks for one.";
    UNCITED_OWN_SOURCE = "uncited-own-source", Info,
        "A source that a page lists and never cites.";
    QUOTATION = "quotation", Error, "Words that the text of their source does not have.";
    DEAD_LINK = "dead-link", Error, "An external link whose page is gone.";
    MOVED_LINK = "moved-link", Warning, "An external link whose page has moved for good.";
    UNSURE_LINK = "unsure-link", Info, "An external link that could not be checked.";
    UNKNOWN_RULE = "unknown-rule", Warning, "A comment that silences a rule that is not there.";
}

/// Every rule: those of text in the order of their numbers, then the others.
pub fn all() -> impl Iterator<Item = Rule> {
    let text = lint::RULES.iter().map(|rule| Rule {
        code: rule.code,
        number: rule.number,
        severity: match rule.level {
            lint::Level::Info => Severity::Info,
            lint::Level::Warning => Severity::Warning,
            lint::Level::Error => Severity::Error,
        },
        about: rule.about,
    });
    text.chain(PAGES.iter().copied())
}

/// The rule of a name or number.
#[must_use]
pub fn find(name: &str) -> Option<Rule> {
    all().find(|rule| {
        rule.code == name || (!rule.number.is_empty() && rule.number.eq_ignore_ascii_case(name))
    })
}
