//! Items to HTML.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::captures::Buffer;
use super::footnotes::Footnotes;
use super::host::{HookValue, Host, Link, Options};
use super::sanitize;
use super::tables::Table;
use crate::config::RawHtml;
use crate::document::LinkKind;
use crate::document::markdown::{Block, Citation, Item, PlainText, citations};
use crate::text::escape;

/// A written body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The sources that it cites, in the order of their numbers.
    pub references: Vec<Reference>,
}

/// A source cited in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The source's id.
    pub id: String,
    /// The places in it that are cited, each once.
    pub locators: Vec<String>,
    /// How often it is cited; the anchors are `cite-N-1` and so on.
    pub citations: usize,
}

/// What an open element does when it ends.
enum Frame<'a> {
    /// Writes a closing tag.
    Tag(&'static str),
    /// The same, ending a container of inline or block content first.
    Container(&'static str),
    Heading(u8, Capture),
    /// What the theme renders itself, and whether the link's inside is left out for a title.
    Link(Option<Box<(Link, String, Buffer)>>, bool),
    Image(Box<(String, String)>, PlainText),
    Code(String, String),
    Footnote(String, Buffer),
    Block(&'a Block, Buffer),
    /// Its inside is left out; how many links are open in it.
    Skip,
    /// Raw HTML: nothing of its own.
    Nothing,
}

/// A heading's attributes, and what was being written where the theme renders it.
struct Capture {
    id: String,
    outer: Option<Buffer>,
}

pub(super) struct Writer<'a> {
    host: &'a dyn Host,
    options: Options,
    anchors: std::slice::Iter<'a, &'a str>,
    base: usize,
    buffer: Buffer,
    frames: Vec<Frame<'a>>,
    tables: Vec<Table>,
    footnotes: Footnotes,
    references: Vec<Reference>,
    /// How many images are open.
    images: usize,
    /// How many enclosing elements leave their inside out.
    skipping: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(host: &'a dyn Host, anchors: &'a [&'a str], base: usize) -> Self {
        let mut buffer = Buffer::default();
        buffer.open();
        Self {
            host,
            options: host.options(),
            anchors: anchors.iter(),
            base,
            buffer,
            frames: Vec::new(),
            tables: Vec::new(),
            footnotes: Footnotes::default(),
            references: Vec::new(),
            images: 0,
            skipping: 0,
        }
    }

    pub(super) fn finish(mut self) -> Body {
        while let Some(frame) = self.frames.pop() {
            self.end(frame);
        }
        self.close_container();
        let unused = std::mem::take(&mut self.footnotes).finish(self.host, &mut self.buffer.html);
        for label in unused {
            let message = format!("nothing refers to the footnote `{label}`");
            self.host.footnote_problem(message, self.base..self.base);
        }
        Body { html: self.buffer.html, references: self.references }
    }

    pub(super) fn item(&mut self, item: Item<'a>, place: Range<usize>) {
        let place = place.start + self.base..place.end + self.base;
        match item {
            Item::Open(block) => {
                let outer = std::mem::take(&mut self.buffer);
                self.buffer.open();
                self.frames.push(Frame::Block(block, outer));
            }
            Item::Close => {
                // A block that ends elsewhere than in the element it began in was reported.
                if matches!(self.frames.last(), Some(Frame::Block(..)))
                    && let Some(frame) = self.frames.pop()
                {
                    self.end(frame);
                }
            }
            Item::Event(Event::Start(tag)) => self.start(tag),
            Item::Event(Event::End(end)) => self.end_tag(end),
            Item::Event(event) => self.inline(event, place),
        }
    }

    fn push(&mut self, html: &str) {
        self.buffer.html.push_str(html);
    }

    /// Starts a new line unless one was just started.
    fn fresh_line(&mut self) {
        if !self.buffer.html.is_empty() && !self.buffer.html.ends_with('\n') {
            self.push("\n");
        }
    }

    fn open(&mut self, tag: &str, close: &'static str) {
        self.push(tag);
        self.buffer.open();
        self.frames.push(Frame::Container(close));
    }

    fn close_container(&mut self) {
        for (raw, place) in self.buffer.close() {
            let removed = sanitize::removed(&raw);
            if !removed.is_empty() {
                self.host.removed_html(&removed, place);
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        if self.skipping > 0 {
            self.skipping += 1;
            self.frames.push(Frame::Skip);
            return;
        }
        // A description is text: markup in it says nothing.
        if self.images > 0 && !matches!(tag, Tag::Image { .. }) {
            self.frames.push(Frame::Nothing);
            return;
        }
        match tag {
            Tag::Paragraph => {
                self.fresh_line();
                self.open("<p>", "</p>\n");
            }
            Tag::Heading { level, id: _, classes, attrs: _ } => self.heading(level as u8, &classes),
            Tag::BlockQuote(kind) => self.quote(kind),
            Tag::CodeBlock(kind) => {
                self.fresh_line();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.frames.push(Frame::Code(language, String::new()));
            }
            Tag::HtmlBlock => self.frames.push(Frame::Nothing),
            Tag::List(start) => {
                self.fresh_line();
                match start {
                    None => self.open("<ul>\n", "</ul>\n"),
                    Some(1) => self.open("<ol>\n", "</ol>\n"),
                    Some(n) => self.open(&format!("<ol start=\"{n}\">\n"), "</ol>\n"),
                }
            }
            Tag::Item => {
                self.fresh_line();
                self.open("<li>", "</li>\n");
            }
            Tag::FootnoteDefinition(label) => {
                let outer = std::mem::take(&mut self.buffer);
                self.buffer.open();
                self.frames.push(Frame::Footnote(label.to_string(), outer));
            }
            Tag::DefinitionList => {
                self.fresh_line();
                self.open("<dl>\n", "</dl>\n");
            }
            Tag::DefinitionListTitle => {
                self.fresh_line();
                self.open("<dt>", "</dt>\n");
            }
            Tag::DefinitionListDefinition => {
                self.fresh_line();
                self.open("<dd>", "</dd>\n");
            }
            Tag::Table(alignments) => {
                self.fresh_line();
                self.tables.push(Table::new(alignments));
                self.open("<div class=\"table-wrap\">\n<table>\n", "</table>\n</div>\n");
            }
            Tag::TableHead => {
                if let Some(table) = self.tables.last_mut() {
                    table.head = true;
                    table.start_row();
                }
                self.push("<thead>\n<tr>");
                self.frames.push(Frame::Tag("</tr>\n</thead>\n"));
            }
            Tag::TableRow => {
                let Some(table) = self.tables.last_mut() else {
                    return;
                };
                table.start_row();
                let first = !std::mem::replace(&mut table.body, true);
                self.push(if first { "<tbody>\n<tr>" } else { "<tr>" });
                self.frames.push(Frame::Tag("</tr>\n"));
            }
            Tag::TableCell => {
                let Some(table) = self.tables.last_mut() else {
                    return;
                };
                let (name, tag) = table.next_cell();
                self.open(&tag, if name == "th" { "</th>" } else { "</td>" });
            }
            Tag::Emphasis => self.open("<em>", "</em>"),
            Tag::Strong => self.open("<strong>", "</strong>"),
            Tag::Strikethrough => self.open("<del>", "</del>"),
            Tag::Superscript => self.open("<sup>", "</sup>"),
            Tag::Subscript => self.open("<sub>", "</sub>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.link(link_type, &dest_url, &title);
            }
            Tag::Image { dest_url, title, .. } => {
                let link = self.host.link(LinkKind::Image, &dest_url);
                let image = (link.href.unwrap_or_default(), title.to_string());
                self.images += 1;
                self.frames.push(Frame::Image(Box::new(image), PlainText::default()));
            }
            Tag::MetadataBlock(_) => {
                self.skipping += 1;
                self.frames.push(Frame::Skip);
            }
        }
    }

    fn heading(&mut self, level: u8, classes: &[CowStr<'_>]) {
        self.fresh_line();
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

    fn quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.fresh_line();
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

    fn link(&mut self, link_type: LinkType, destination: &str, title: &str) {
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
        let link = self.host.link(kind, &destination);
        let words = link.title.clone().filter(|_| !own_words);
        if self.options.link_hook {
            let outer = std::mem::take(&mut self.buffer);
            self.buffer.open();
            let captured = Some(Box::new((link, title.to_owned(), outer)));
            self.frames.push(Frame::Link(captured, words.is_some()));
        } else {
            self.open_link(&link, title);
            self.buffer.open();
            self.frames.push(Frame::Link(None, words.is_some()));
        }
        if let Some(words) = words {
            escape::html_into(&mut self.buffer.html, &words);
            // The inside is the reference that the title stands for.
            self.skipping += 1;
        }
    }

    fn open_link(&mut self, link: &Link, title: &str) {
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
        if !title.is_empty() {
            attribute("title", title);
        }
        if let Some((lang, _)) = &link.lang {
            attribute("hreflang", lang);
        }
        self.push(">");
    }

    fn cite(&mut self, citations: &[Citation]) {
        self.buffer.html.truncate(self.buffer.html.trim_end_matches(' ').len());
        // A direction of its own isolates the numbers from the Latin or digits before them.
        let dir = if self.options.rtl { "rtl" } else { "ltr" };
        let mut out = format!("<sup class=\"cite\" dir=\"{dir}\">");
        for (i, citation) in citations.iter().enumerate() {
            let cited = self.host.cite(citation);
            let id = cited.as_ref().map_or(citation.id.as_str(), |cited| cited.id.as_str());
            let at = match self.references.iter().position(|r| r.id == id) {
                Some(at) => at,
                None => {
                    let (locators, citations) = (Vec::new(), 0);
                    self.references.push(Reference { id: id.to_owned(), locators, citations });
                    self.references.len() - 1
                }
            };
            let Some(reference) = self.references.get_mut(at) else {
                continue;
            };
            reference.citations += 1;
            if !citation.locator.is_empty() && !reference.locators.contains(&citation.locator) {
                reference.locators.push(citation.locator.clone());
            }
            let title = cited.map(|cited| cited.title).unwrap_or_default();
            let tooltip = if citation.locator.is_empty() {
                title
            } else {
                format!("{title}, {}", citation.locator)
            };
            let separator = if i > 0 { " " } else { "" };
            let _ = write!(
                out,
                "{separator}<a id=\"cite-{0}-{1}\" href=\"#ref-{0}\" role=\"doc-biblioref\" title=\"{2}\">[{3}]</a>",
                at + 1,
                reference.citations,
                escape::html(&tooltip),
                self.host.number(at + 1),
            );
        }
        out.push_str("</sup>");
        self.push(&out);
    }

    /// The description of the innermost image being written.
    fn description(&mut self) -> Option<&mut PlainText> {
        self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Image(_, alt) => Some(alt),
            _ => None,
        })
    }

    fn inline(&mut self, event: Event<'a>, place: Range<usize>) {
        if self.skipping > 0 {
            return;
        }
        if self.images > 0 {
            if let Some(alt) = self.description() {
                alt.push(&Item::Event(event));
            }
            return;
        }
        if let Some(Frame::Code(_, code)) = self.frames.last_mut() {
            if let Event::Text(text) = event {
                code.push_str(&text);
            }
            return;
        }
        match event {
            Event::Text(text) => escape::html_into(&mut self.buffer.html, &text),
            Event::Code(code) => {
                self.push("<code dir=\"ltr\">");
                escape::html_into(&mut self.buffer.html, &code);
                self.push("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => match self.options.raw_html {
                RawHtml::Sanitize => self.buffer.push_raw(&html, place),
                RawHtml::Trust => self.push(&html),
                RawHtml::Escape => escape::html_into(&mut self.buffer.html, &html),
            },
            Event::FootnoteReference(label) => {
                self.footnotes.refer(&label, self.host, &mut self.buffer.html);
            }
            Event::SoftBreak => self.push("\n"),
            Event::HardBreak => self.push("<br />\n"),
            Event::Rule => {
                self.fresh_line();
                self.push("<hr />\n");
            }
            Event::TaskListMarker(done) => {
                let checked = if done { " checked" } else { "" };
                self.push(&format!("<input type=\"checkbox\" disabled{checked} /> "));
            }
            Event::Start(_) | Event::End(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn end_tag(&mut self, end: TagEnd) {
        if end == TagEnd::Table {
            if self.tables.pop().is_some_and(|table| table.body) {
                self.push("</tbody>\n");
            }
        } else if end == TagEnd::TableHead
            && let Some(table) = self.tables.last_mut()
        {
            table.head = false;
        }
        // Blocks that were not closed inside the element end with it.
        while matches!(self.frames.last(), Some(Frame::Block(..))) {
            if let Some(frame) = self.frames.pop() {
                self.end(frame);
            }
        }
        if let Some(frame) = self.frames.pop() {
            self.end(frame);
        }
    }

    fn end(&mut self, frame: Frame<'a>) {
        if let Frame::Link(_, true) = frame {
            self.skipping = self.skipping.saturating_sub(1);
        }
        match frame {
            Frame::Tag(close) => self.push(close),
            Frame::Container(close) => {
                self.close_container();
                self.push(close);
            }
            Frame::Heading(level, Capture { id, outer }) => {
                self.close_container();
                match outer {
                    None => self.push(&format!("</h{level}>\n")),
                    Some(outer) => {
                        let body = std::mem::replace(&mut self.buffer, outer).html;
                        let arguments = [
                            ("level", HookValue::Number(level.into())),
                            ("id", HookValue::Text(&id)),
                        ];
                        let html = self.host.hook("render.heading", &arguments, &body);
                        self.push(&html);
                        self.fresh_line();
                    }
                }
            }
            Frame::Link(None, _) => {
                self.close_container();
                self.push("</a>");
            }
            Frame::Link(Some(captured), _) => {
                self.close_container();
                let (link, title, outer) = *captured;
                let body = std::mem::replace(&mut self.buffer, outer).html;
                let arguments = [
                    ("href", HookValue::Option(link.href.as_deref())),
                    ("title", HookValue::Text(&title)),
                    ("external", HookValue::Bool(link.external)),
                    ("lang", HookValue::Option(link.lang.as_ref().map(|(lang, _)| lang.as_str()))),
                    ("dir", HookValue::Option(link.lang.as_ref().map(|(_, dir)| *dir))),
                    ("broken", HookValue::Bool(link.href.is_none())),
                ];
                let html = self.host.hook("render.link", &arguments, &body);
                self.push(&html);
            }
            Frame::Image(image, mut alt) => {
                self.images -= 1;
                self.image(&image.0, &image.1, &alt.take());
            }
            Frame::Code(language, code) => self.code(&language, &code),
            Frame::Footnote(label, outer) => {
                self.close_container();
                let html = std::mem::replace(&mut self.buffer, outer).html;
                self.footnotes.define(&label, html);
            }
            Frame::Block(block, outer) => {
                self.close_container();
                let body = std::mem::replace(&mut self.buffer, outer).html;
                let span = block.place.start + self.base..block.place.end + self.base;
                let html = self.host.block(block, &body, span);
                self.fresh_line();
                self.push(&html);
                self.fresh_line();
            }
            Frame::Skip => self.skipping = self.skipping.saturating_sub(1),
            Frame::Nothing => {}
        }
    }

    fn image(&mut self, src: &str, title: &str, alt: &str) {
        // An image inside an image's description is part of its text.
        if let Some(outer) = self.description() {
            outer.text.push_str(alt);
            return;
        }
        if self.options.image_hook {
            let arguments = [
                ("src", HookValue::Text(src)),
                ("alt", HookValue::Text(alt)),
                ("title", HookValue::Text(title)),
            ];
            let html = self.host.hook("render.image", &arguments, "");
            return self.push(&html);
        }
        let mut html = String::from("<img src=\"");
        escape::html_into(&mut html, src);
        html.push_str("\" alt=\"");
        escape::html_into(&mut html, alt);
        if !title.is_empty() {
            html.push_str("\" title=\"");
            escape::html_into(&mut html, title);
        }
        html.push_str("\" />");
        self.push(&html);
    }

    fn code(&mut self, language: &str, code: &str) {
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
            let html = self.host.hook("render.code", &arguments, &inner);
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
