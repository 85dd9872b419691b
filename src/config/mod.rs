//! What a site and a theme are set to: `site.toml` and `theme.toml`, typed, with every mistake
//! reported at its place. Every key is documented in `docs/site-toml.md`.

mod check;
mod hosting;
mod images;
mod preview;
pub mod reader;
mod site;
mod targets;
mod theme;
pub mod toml;
pub mod yaml;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::text::{Calendar, Direction, Lang, Numbering, Typographer};

pub use check::CheckOptions;
pub use hosting::{DIRECTIVES, Host, HostingOptions, Packing, PathHeaders};
pub use images::{Crop, ImageFormat, ImageOptions, Images};
pub use preview::PreviewOptions;
pub use targets::{Destination, Target};
pub use theme::{Bundle, ThemeConfig, lay_over};

/// The settings of a site.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the site will be served.
    pub base: BaseUrl,
    /// The theme's folder name under `themes/`, or the name of an embedded theme.
    pub theme: String,
    /// The languages, the default one first.
    pub languages: Vec<Language>,
    /// What to do with pages that a language lacks.
    pub untranslated: Untranslated,
    /// The taxonomies, in the order they are written.
    pub taxonomies: Vec<Taxonomy>,
    /// URL patterns by section id.
    pub permalinks: Vec<(String, String)>,
    /// Markdown options.
    pub markdown: MarkdownOptions,
    /// Output options.
    pub output: OutputOptions,
    /// What the site says of its pictures, over what its theme says.
    pub images: ImageOptions,
    /// What the site's host is to do.
    pub hosting: HostingOptions,
    /// What `dhikra check` is set to.
    pub check: CheckOptions,
    /// What `dhikra serve` is set to.
    pub preview: PreviewOptions,
    /// Where the site is deployed to, in the order in which they are written.
    pub targets: Vec<Target>,
    /// Settings for the theme, over its own defaults.
    pub settings: Map<String, Value>,
    /// What the site adds to the theme's bundles of scripts.
    pub bundles: Vec<Bundle>,
    /// Free values for templates.
    pub extra: Map<String, Value>,
}

impl Config {
    /// What makes typographic signs in texts of a language, if the site wants them.
    #[must_use]
    pub fn typographer(&self, lang: usize) -> Option<Typographer> {
        let language = self.languages.get(lang).filter(|_| self.markdown.smart)?;
        Some(Typographer::new(&language.lang))
    }

    /// The index of a language of the site.
    #[must_use]
    pub fn language_index(&self, tag: &str) -> Option<usize> {
        let same = |l: &Language| l.lang.as_str().eq_ignore_ascii_case(tag);
        self.languages.iter().position(same)
    }
}

/// One language of a site.
#[derive(Clone, Debug)]
pub struct Language {
    /// Its tag.
    pub lang: Lang,
    /// The direction of its script; derived unless the site says otherwise.
    pub direction: Direction,
    /// What the site is called in it.
    pub title: String,
    /// What the site is, in a sentence.
    pub description: String,
    /// What the language calls itself.
    pub label: String,
    /// The locale for dates and numbers where it is narrower than the language (`en-GB`).
    pub locale: Lang,
    /// Digits of formatted values.
    pub numbering: Numbering,
    /// The calendar of dates, where a template does not say.
    pub calendar: Calendar,
    /// The direction in which a range of numbers is read.
    pub ranges: Direction,
    /// Menus by name.
    pub menus: Vec<(String, Vec<MenuItem>)>,
}

/// An entry of a menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    /// Where it leads.
    pub target: MenuTarget,
    /// Its text; the page's title where it is not given.
    pub title: Option<String>,
    /// Its place in `site.toml`, as a byte range.
    pub place: (usize, usize),
    /// Entries below it.
    pub children: Vec<MenuItem>,
}

/// Where a menu entry leads.
#[derive(Clone, Debug)]
pub enum MenuTarget {
    /// A page of this site, by id.
    Page(String),
    /// Any URL.
    Url(String),
}

/// What a language shows of a page that is not translated into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Untranslated {
    /// Nothing: the page is left out.
    #[default]
    Omit,
    /// The original, with a notice and its own language and direction.
    Show,
}

impl Untranslated {
    /// The words a site may write.
    pub const NAMES: [&'static str; 2] = ["omit", "show"];

    /// The policy of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "omit" => Some(Self::Omit),
            "show" => Some(Self::Show),
            _ => None,
        }
    }
}

/// A way of grouping pages by terms.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// Its key in front matter, and the first part of its URLs.
    pub name: String,
    /// Pages a listing page of a term shows; 0 for all.
    pub paginate: usize,
    /// Whether each term has a feed.
    pub feed: bool,
}

/// What becomes of raw HTML in Markdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RawHtml {
    /// Kept as far as it is harmless.
    #[default]
    Sanitize,
    /// Kept as it is.
    Trust,
    /// Shown as text.
    Escape,
}

/// Markdown options.
#[derive(Clone, Debug)]
pub struct MarkdownOptions {
    /// Raw HTML.
    pub raw_html: RawHtml,
    /// Whether code is highlighted.
    pub highlight: bool,
    /// Whether quotation marks, dashes and dots become the language's own.
    pub smart: bool,
}

/// Output options.
#[derive(Clone, Debug)]
pub struct OutputOptions {
    /// Pages a listing page of a section shows, where the section does not say; 0 for all.
    pub paginate: usize,
    /// Entries of a feed.
    pub feed_limit: usize,
    /// Whether the home has feeds in each language.
    pub feed: bool,
    /// Whether each section has feeds.
    pub section_feeds: bool,
    /// Whether there is an RSS feed beside each Atom feed.
    pub rss: bool,
    /// Whether there is a sitemap.
    pub sitemap: bool,
    /// Whether there is data of the pages that have a kind: RDF beside each, tables, a dump.
    pub linked_data: bool,
    /// Whether readers can search the site, where its theme has a page for it.
    pub search: bool,
    /// Whether pages have social cards, where the theme draws them.
    pub cards: bool,
    /// Whether the titles of pages and feed entries, which take no markup, hold invisible isolates.
    pub title_isolates: bool,
    /// Whether search engines may read the site; goes to `robots.txt`.
    pub index: bool,
}

/// The keys that front matter may have whatever the page's kind: no taxonomy can be called so.
pub const FRONT_MATTER_KEYS: &[&str] = &[
    "title",
    "description",
    "kind",
    "date",
    "updated",
    "as_of",
    "corrections",
    "media",
    "publish",
    "expires",
    "slug",
    "aliases",
    "weight",
    "draft",
    "template",
    "sort",
    "paginate",
    "feed",
    "untranslated",
    "languages",
    "translated_from",
    "sources",
    "facts",
    "cite_paragraphs",
    "cascade",
    "extra",
];

/// What a permalink pattern may hold, each replaced by the page's own.
pub const PERMALINK_TOKENS: [&str; 6] =
    ["{section}", "{slug}", "{id}", "{year}", "{month}", "{day}"];

/// The first part in braces of a permalink pattern that is none of [`PERMALINK_TOKENS`].
fn unknown_token(pattern: &str) -> Option<&str> {
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        let token = rest.get(start..)?;
        let end = token.find('}').map_or(token.len(), |at| at + 1);
        let (token, after) = token.split_at_checked(end)?;
        if !PERMALINK_TOKENS.contains(&token) {
            return Some(token);
        }
        rest = after;
    }
    None
}

/// The address of the site, split where the program needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// `https://example.org`, without a slash at its end.
    pub origin: Arc<str>,
    /// The path that the site lives under, `""` or `/repo`, decoded, without a slash at its end.
    pub prefix: Arc<str>,
}

impl BaseUrl {
    /// Splits an `http` or `https` URL without query and fragment.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence without its subject.
    pub fn parse(url: &str) -> Result<Self, String> {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))
            .ok_or("must start with https:// or http://")?;
        if rest.contains(['?', '#', ' ', '\\', '@']) {
            return Err("may have no user, query, fragment, space or backslash".into());
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if host.is_empty() {
            return Err("has no host".into());
        }
        let ascii = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if !host.chars().all(ascii) {
            return Err("must have its host in ASCII (an Arabic one in Punycode: xn--…)".into());
        }
        let scheme = url.len() - rest.len();
        let origin = url.get(..scheme + host.len()).unwrap_or(url);
        let path = crate::text::percent::decode(path.trim_matches('/')).ok_or("is not UTF-8")?;
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return Err("may not hold `.` or `..`".into());
        }
        let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
        Ok(Self { origin: origin.into(), prefix: prefix.into() })
    }

    /// The encoded path on the host of a site-relative, decoded path such as `/en/`.
    #[must_use]
    pub fn path(&self, url: &str) -> String {
        let mut path = crate::text::percent::encode_path(&self.prefix);
        path.push_str(&crate::text::percent::encode_path(url));
        path
    }

    /// The whole encoded URL of a site-relative, decoded path.
    #[must_use]
    pub fn permalink(&self, url: &str) -> String {
        format!("{}{}", self.origin, self.path(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_split() {
        let base = BaseUrl::parse("https://example.org/repo/");
        assert_eq!(
            base.as_ref().map(|b| b.path("/ميناء/")).as_deref(),
            Ok("/repo/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/")
        );
        assert_eq!(
            BaseUrl::parse("https://example.org").map(|b| b.permalink("/")).as_deref(),
            Ok("https://example.org/")
        );
        for bad in [
            "example.org",
            "ftp://x",
            "https://",
            "https://u:p@x/",
            "https://x/../y",
            "https://x/?a",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
