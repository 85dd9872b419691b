//! What the writer asks of the site, so that it can be used and tested without one.

use std::ops::Range;
use std::sync::Arc;

use crate::assets::pictures::Shown;
use crate::config::RawHtml;
use crate::document::LinkKind;
use crate::document::markdown::{Block, Citation};
use crate::text::percent;

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
    /// Whether the text runs from right to left.
    pub rtl: bool,
    /// Whether the theme renders links itself.
    pub link_hook: bool,
    /// Whether it is told then where on the page a term is explained.
    pub term_hook: bool,
    /// Whether the theme renders images itself.
    pub image_hook: bool,
    /// Whether it renders pictures itself that stand alone and are in the page's record.
    pub figure_hook: bool,
    /// Whether the theme renders headings itself.
    pub heading_hook: bool,
    /// Whether the theme renders code blocks itself.
    pub code_hook: bool,
}

/// A link, resolved.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// The encoded URL; none for a link that leads nowhere.
    pub href: Option<String>,
    /// The language and direction of the target, where they are not the page's.
    pub lang: Option<(String, &'static str)>,
    /// The target's title, for links without words of their own.
    pub title: Option<String>,
    /// Whether it leads out of the site.
    pub external: bool,
    /// What tells the page that it leads to from others, where that explains a word.
    pub explains: Option<String>,
}

/// A source, as a citation shows it.
#[derive(Clone, Debug, Default)]
pub struct Cited {
    /// What tells sources apart.
    pub id: String,
    /// The source's title, for the link's tooltip.
    pub title: String,
}

/// What the writer asks.
pub trait Host {
    /// How to write.
    fn options(&self) -> Options;
    /// Resolves a link.
    fn link(&self, kind: LinkKind, destination: &str) -> Link;
    /// The line of a place in the file, for marks of blocks; `None` where none are wanted.
    fn line(&self, _place: usize) -> Option<usize> {
        None
    }
    /// What there is to see in a picture whose author left that to the page's record; with its
    /// language where that is not the page's.
    fn alt(&self, _src: &str) -> Option<(String, Option<String>)> {
        None
    }
    /// How a picture of this site is shown, by what the text calls it; `None` for others.
    fn picture(&self, _destination: &str, _place: Range<usize>) -> Option<Shown> {
        None
    }
    /// Whether the page's record says whose a picture is, by the URL that shows it.
    fn is_recorded(&self, _src: &str) -> bool {
        false
    }
    /// The source of a citation; `None` where there is none of that id.
    fn cite(&self, citation: &Citation) -> Option<Cited>;
    /// A word of the interface.
    fn message(&self, key: &str) -> String;
    /// A number in the language's digits.
    fn number(&self, n: usize) -> String;
    /// Code as highlighted HTML; `None` to leave it plain.
    fn highlight(&self, language: &str, code: &str) -> Option<Arc<str>>;
    /// The HTML of a `:::` block.
    fn block(&self, block: &Block, body: &str, place: Range<usize>) -> String;
    /// The HTML of an element that the theme renders itself.
    fn hook(
        &self,
        name: &str,
        arguments: &[(&'static str, HookValue<'_>)],
        body: &str,
        place: Range<usize>,
    ) -> String;
    /// Raw HTML that was taken out: the names of the elements.
    fn removed_html(&self, elements: &[String], place: Range<usize>);
    /// A footnote that is defined and not referred to, or the other way round.
    fn footnote_problem(&self, message: String, place: Range<usize>);
}

/// An argument of a hook.
#[derive(Clone, Copy, Debug)]
pub enum HookValue<'a> {
    /// Text.
    Text(&'a str),
    /// Text that may be absent.
    Option(Option<&'a str>),
    /// A truth.
    Bool(bool),
    /// A number.
    Number(u64),
    /// A picture, by what the text calls it; left out for a component that does not ask for it.
    Picture(&'a str),
    /// What the page's record says of a picture, by the URL that shows it.
    Media(&'a str),
    /// Text or a truth that is left out for a component that does not ask for it.
    Offer(&'a HookValue<'a>),
}

/// A host without a site: links as they are written, no components. For tests and for text outside
/// of a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain(pub Options);

impl Host for Plain {
    fn options(&self) -> Options {
        self.0
    }

    fn link(&self, _: LinkKind, destination: &str) -> Link {
        Link { href: Some(percent::encode_written(destination)), ..Link::default() }
    }

    fn cite(&self, citation: &Citation) -> Option<Cited> {
        Some(Cited { id: citation.id.clone(), title: citation.id.clone() })
    }

    fn message(&self, key: &str) -> String {
        key.to_owned()
    }

    fn number(&self, n: usize) -> String {
        n.to_string()
    }

    fn highlight(&self, _: &str, _: &str) -> Option<Arc<str>> {
        None
    }

    fn block(&self, block: &Block, body: &str, _: Range<usize>) -> String {
        format!("<div class=\"{}\">\n{body}</div>\n", block.name)
    }

    fn hook(
        &self,
        _: &str,
        _: &[(&'static str, HookValue<'_>)],
        body: &str,
        _: Range<usize>,
    ) -> String {
        body.to_owned()
    }

    fn removed_html(&self, _: &[String], _: Range<usize>) {}

    fn footnote_problem(&self, _: String, _: Range<usize>) {}
}
