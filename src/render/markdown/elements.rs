//! The elements that take more than a tag: headings, quotations, links, citations, images, code.

use std::fmt::Write as _;

use pulldown_cmark::{BlockQuoteKind, CowStr, LinkType};

use super::host::{HookValue, Link};
use super::writer::{Capture, Frame, Writer};
use crate::document::LinkKind;
use crate::document::markdown::{Citation, REFERENCE, citations};
use crate::text::escape;

impl Writer<'_> {
    pub(super) fn heading(&mut self, level: u8, classes: &[CowStr<'_>]) {
        self.block();
        let id = self.anchors.next().copied().unwrap_or_default().to_owned();
        if self.options.heading_hook {
            let outer = std::mem::take(&mut self.buffer);
            self.buffer.open();
            self.frames.push(Frame::Heading(level, Capture { id, outer: Some(outer) }));
            return;
        }
        let mut tag = format!("<h{level}");
        if !id.is_empty() {
            tag.extend([" id=\"", &escape::html(&id), "\""]);
        }
        if !classes.is_empty() {
            tag.extend([" class=\"", &escape::html(&classes.join(" ")), "\""]);
        }
        tag.push('>');
        self.push(&tag);
        self.buffer.open();
        self.frames.push(Frame::Heading(level, Capture { id, outer: None }));
    }

    pub(super) fn quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.block();
        let name = match kind {
            None => return self.open("<blockquote>\n", "</blockquote>\n"),
            Some(BlockQuoteKind::Note) => "note",
            Some(BlockQuoteKind::Tip) => "tip",
            Some(BlockQuoteKind::Important) => "important",
            Some(BlockQuoteKind::Warning) => "warning",
            Some(BlockQuoteKind::Caution) => "caution",
        };
        let title = escape::html(&self.host.message(name));
        let tag = format!(
            "<div class=\"alert alert-{name}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
        );
        self.open(&tag, "</div>\n");
    }

    pub(super) fn link(&mut self, link_type: LinkType, destination: &str, title: &str) {
        if let Some(cited) = citations(link_type, destination) {
            self.cite(&cited);
            self.skipping += 1;
            self.frames.push(Frame::Skip);
            return;
        }
        let (kind, own_words) = match link_type {
            LinkType::WikiLink { has_pothole } => (LinkKind::Wiki, has_pothole),
            _ => (LinkKind::Link, true),
        };
        let destination = match link_type {
            LinkType::Email => format!("mailto:{destination}"),
            _ => destination.to_owned(),
        };
        let mut link = self.host.link(kind, &destination);
        link.explains = link.explains.take().and_then(|id| self.first_use(id));
        let words = link.title.clone().filter(|_| !own_words);
        if self.options.link_hook {
            let outer = std::mem::take(&mut self.buffer);
            self.buffer.open();
            let captured = Some(Box::new((link, title.to_owned(), outer)));
            self.frames.push(Frame::Link(captured, words.is_some()));
        } else {
            self.open_link(&link, title, words.is_some());
            self.buffer.open();
            self.frames.push(Frame::Link(None, words.is_some()));
        }
        if let Some(words) = words {
            escape::html_into(&mut self.buffer.html, &words);
            // The inside is the reference that the title stands for.
            self.skipping += 1;
        }
    }

    /// The anchor of what explains a word, where the page uses it for the first time.
    fn first_use(&mut self, id: String) -> Option<String> {
        if self.terms.contains(&id) {
            return None;
        }
        self.terms.push(id);
        Some(format!("term_{}", self.terms.len()))
    }

    /// Opens a link. Where its words are the target's title, they are in the target's language.
    pub(super) fn open_link(&mut self, link: &Link, title: &str, titled: bool) {
        self.push("<a");
        let mut attribute = |name: &str, value: &str| {
            let html = &mut self.buffer.html;
            html.extend([" ", name, "=\""]);
            escape::html_into(html, value);
            html.push('"');
        };
        if let Some(href) = &link.href {
            attribute("href", href);
        }
        if let Some(term) = &link.explains {
            attribute("class", "term");
            attribute("aria-describedby", term);
        }
        if !title.is_empty() {
            attribute("title", title);
        }
        if let Some((lang, dir)) = &link.lang {
            attribute("hreflang", lang);
            if titled {
                attribute("lang", lang);
                attribute("dir", dir);
            }
        }
        self.push(">");
    }

    /// Numbers the sources as [`crate::site::Site::citations`] does.
    pub(super) fn cite(&mut self, citations: &[Citation]) {
        self.buffer.html.truncate(self.buffer.html.trim_end_matches(' ').len());
        // A direction of its own isolates the numbers from the Latin or digits before them.
        let dir = if self.options.rtl { "rtl" } else { "ltr" };
        let mut out = format!("<sup class=\"cite\" dir=\"{dir}\">");
        for (i, citation) in citations.iter().enumerate() {
            let cited = self.host.cite(citation);
            let id = cited.as_ref().map_or(citation.id.as_str(), |cited| cited.id.as_str());
            let next = self.references.len();
            let at = *self.reference_numbers.entry(id.to_owned()).or_insert(next);
            if at == next {
                self.references.push(0);
            }
            let Some(count) = self.references.get_mut(at) else {
                continue;
            };
            *count += 1;
            let nth = *count;
            let title = cited.map(|cited| cited.title).unwrap_or_default();
            let tooltip = if citation.locator.is_empty() {
                title
            } else {
                let comma = if self.options.rtl { "،" } else { "," };
                format!("{title}{comma} {}", citation.locator)
            };
            let separator = if i > 0 { " " } else { "" };
            let _ = write!(
                out,
                "{separator}<a id=\"cite-{0}-{1}\" href=\"#ref-{0}\" role=\"doc-biblioref\" title=\"{2}\">[{3}]</a>",
                at + 1,
                nth,
                escape::html(&tooltip),
                self.host.number(at + 1),
            );
        }
        out.push_str("</sup>");
        self.push(&out);
    }

    /// Plain text with the titles that its wikilinks stand for.
    pub(super) fn with_titles(&self, text: &str) -> String {
        let title = |reference: &str| self.host.link(LinkKind::Wiki, reference).title;
        let parts = text.split(REFERENCE).enumerate();
        parts
            .map(|(i, part)| title(part).filter(|_| i % 2 == 1).unwrap_or_else(|| part.to_owned()))
            .collect()
    }

    pub(super) fn code(&mut self, language: &str, code: &str) {
        let highlighted =
            if language.is_empty() { None } else { self.host.highlight(language, code) };
        let mut inner = String::with_capacity(code.len());
        match &highlighted {
            Some(html) => inner.push_str(html),
            None => escape::html_into(&mut inner, code),
        }
        if self.options.code_hook {
            let arguments =
                [("language", HookValue::Text(language)), ("code", HookValue::Text(code))];
            let html = self.host.hook("render.code", &arguments, &inner, self.place.clone());
            self.push(&html);
            return self.fresh_line();
        }
        self.push("<pre dir=\"ltr\"><code");
        if !language.is_empty() {
            self.push(" class=\"language-");
            escape::html_into(&mut self.buffer.html, language);
            self.push("\"");
        }
        self.push(">");
        self.push(&inner);
        self.push("</code></pre>\n");
    }
}
