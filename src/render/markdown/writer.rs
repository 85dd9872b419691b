//! Items to HTML.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::captures::Buffer;
use super::footnotes::Footnotes;
use super::host::{HookValue, Host, Link, Options};
use super::sanitize;
use super::tables::Table;
use crate::config::RawHtml;
use crate::document::LinkKind;
use crate::document::markdown::{Block, Item, PlainText};
use crate::text::escape;

/// What a comment that names the line of a block begins with.
pub const LINE_MARK: &str = "dhikra:line=";

/// A written body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The pages that explain words of it, in the order of their anchors: `term_1` and so on.
    pub terms: Vec<String>,
    /// The URLs of the pictures that it shows with what the page's record says of them.
    pub figures: Vec<String>,
}

/// What an open element does when it ends.
pub(super) enum Frame<'a> {
    /// Writes a closing tag.
    Tag(&'static str),
    /// The same, ending a container of inline or block content first.
    Container(&'static str),
    Heading(u8, Capture),
    /// What the theme renders itself, and whether the link's inside is left out for a title.
    Link(Option<Box<(Link, String, Buffer)>>, bool),
    Image(Box<Image>, PlainText),
    Code(String, String),
    Footnote(String, Buffer),
    Block(&'a Block, Buffer),
    /// Its inside is left out; how many links are open in it.
    Skip,
    /// Raw HTML: nothing of its own.
    Nothing,
}

/// An image, as the text has it.
pub(super) struct Image {
    /// What the text calls it.
    pub(super) destination: String,
    /// The URL that it resolves to.
    pub(super) src: String,
    pub(super) title: String,
    /// Whether it is all that its paragraph holds.
    pub(super) lone: bool,
}

/// A heading's attributes, and what was being written where the theme renders it.
pub(super) struct Capture {
    pub(super) id: String,
    pub(super) outer: Option<Buffer>,
}

pub(super) struct Writer<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) options: Options,
    pub(super) anchors: std::slice::Iter<'a, &'a str>,
    base: usize,
    pub(super) buffer: Buffer,
    pub(super) frames: Vec<Frame<'a>>,
    tables: Vec<Table>,
    footnotes: Footnotes,
    /// How often each source is cited, by its number.
    pub(super) references: Vec<usize>,
    pub(super) reference_numbers: HashMap<String, usize>,
    pub(super) terms: Vec<String>,
    pub(super) figures: Vec<String>,
    /// How many pictures of the site were written.
    pub(super) pictures: usize,
    /// Whether the paragraph that begins, or began, holds an image and nothing else.
    pub(super) lone: bool,
    /// The place of the item being written, in the file.
    pub(super) place: Range<usize>,
    /// How many images are open.
    images: usize,
    /// How many enclosing elements leave their inside out.
    pub(super) skipping: usize,
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
            reference_numbers: HashMap::new(),
            terms: Vec::new(),
            figures: Vec::new(),
            pictures: 0,
            lone: false,
            place: base..base,
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
        Body { html: self.buffer.html, terms: self.terms, figures: self.figures }
    }

    pub(super) fn item(&mut self, item: Item<'a>, place: Range<usize>) {
        let place = place.start + self.base..place.end + self.base;
        self.place = place.clone();
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

    pub(super) fn push(&mut self, html: &str) {
        self.buffer.html.push_str(html);
    }

    /// Starts a new line unless one was just started.
    pub(super) fn fresh_line(&mut self) {
        if !self.buffer.html.is_empty() && !self.buffer.html.ends_with('\n') {
            self.push("\n");
        }
    }

    /// Starts a block on a line of its own. In a preview that leads back to the source, a comment says
    /// which line of the file it begins in.
    pub(super) fn block(&mut self) {
        self.fresh_line();
        if let Some(line) = self.host.line(self.place.start) {
            self.push(&format!("<!--{LINE_MARK}{line}-->"));
        }
    }

    pub(super) fn open(&mut self, tag: &str, close: &'static str) {
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
            Tag::Paragraph if self.lone => {
                self.block();
                self.frames.push(Frame::Nothing);
            }
            Tag::Paragraph => {
                self.block();
                self.open("<p>", "</p>\n");
            }
            Tag::Heading { level, id: _, classes, attrs: _ } => self.heading(level as u8, &classes),
            Tag::BlockQuote(kind) => self.quote(kind),
            Tag::CodeBlock(kind) => {
                self.block();
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
                self.block();
                match start {
                    None => self.open("<ul>\n", "</ul>\n"),
                    Some(1) => self.open("<ol>\n", "</ol>\n"),
                    Some(n) => self.open(&format!("<ol start=\"{n}\">\n"), "</ol>\n"),
                }
            }
            Tag::Item => {
                self.block();
                self.open("<li>", "</li>\n");
            }
            Tag::FootnoteDefinition(label) => {
                let outer = std::mem::take(&mut self.buffer);
                self.buffer.open();
                self.frames.push(Frame::Footnote(label.to_string(), outer));
            }
            Tag::DefinitionList => {
                self.block();
                self.open("<dl>\n", "</dl>\n");
            }
            Tag::DefinitionListTitle => {
                self.block();
                self.open("<dt>", "</dt>\n");
            }
            Tag::DefinitionListDefinition => {
                self.block();
                self.open("<dd>", "</dd>\n");
            }
            Tag::Table(alignments) => {
                self.block();
                self.tables.push(Table::new(alignments));
                self.open(
                    "<div class=\"table-wrap\" tabindex=\"0\">\n<table>\n",
                    "</table>\n</div>\n",
                );
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
                self.push(if first { "<tbody>\n" } else { "" });
                self.block();
                self.push("<tr>");
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
                let image = Image {
                    destination: dest_url.to_string(),
                    src: link.href.unwrap_or_default(),
                    title: title.to_string(),
                    lone: std::mem::take(&mut self.lone),
                };
                self.images += 1;
                self.frames.push(Frame::Image(Box::new(image), PlainText::default()));
            }
            Tag::MetadataBlock(_) => {
                self.skipping += 1;
                self.frames.push(Frame::Skip);
            }
        }
    }

    /// The description of the innermost image being written.
    pub(super) fn description(&mut self) -> Option<&mut PlainText> {
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
                self.block();
                self.push("<hr />\n");
            }
            Event::TaskListMarker(done) => {
                let (checked, key) =
                    if done { (" checked", "task-done") } else { ("", "task-open") };
                // A theme without the word has none: the state is read out all the same.
                let name = match self.host.message(key) {
                    name if name == key => String::new(),
                    name => format!(" aria-label=\"{}\"", escape::html(&name)),
                };
                self.push(&format!("<input type=\"checkbox\" disabled{checked}{name} /> "));
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
                        let html =
                            self.host.hook("render.heading", &arguments, &body, self.place.clone());
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
                let term = link.explains.as_deref().filter(|_| self.options.term_hook);
                let arguments = [
                    ("href", HookValue::Option(link.href.as_deref())),
                    ("title", HookValue::Text(&title)),
                    ("external", HookValue::Bool(link.external)),
                    ("lang", HookValue::Option(link.lang.as_ref().map(|(lang, _)| lang.as_str()))),
                    ("dir", HookValue::Option(link.lang.as_ref().map(|(_, dir)| *dir))),
                    ("broken", HookValue::Bool(link.href.is_none())),
                    ("term", HookValue::Option(term)),
                ];
                let html = self.host.hook("render.link", &arguments, &body, self.place.clone());
                self.push(&html);
            }
            Frame::Image(image, mut alt) => {
                self.images -= 1;
                let alt = self.with_titles(&alt.take());
                self.image(&image, &alt);
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
                let html = self.host.block(block, &body, span.clone());
                self.place = span;
                self.block();
                self.push(&html);
                self.fresh_line();
            }
            Frame::Skip => self.skipping = self.skipping.saturating_sub(1),
            Frame::Nothing => {}
        }
    }
}
