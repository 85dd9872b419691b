//! The text of a document as its readers get it, in passages that know where they come from.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::diagnostic;
use crate::document::Parts;
use crate::document::markdown::{Item, Source, citations};
use crate::text::bidi::OBJECT;
use crate::text::lint::{Edit, Passage, Place};
use crate::text::{Lang, html};

/// A passage with the places of its parts in the file.
#[derive(Debug)]
pub(super) struct Text {
    text: String,
    /// For each part that stands in the file as it is: its beginning in the text, in the file, and its
    /// length.
    parts: Vec<(usize, usize, usize)>,
    lang: Lang,
    place: Place,
}

impl Text {
    pub(super) fn new(lang: &Lang, place: Place) -> Self {
        Self { text: String::new(), parts: Vec::new(), lang: lang.clone(), place }
    }

    /// A passage that stands in the file in one piece.
    pub(super) fn at(lang: &Lang, place: Place, text: &str, start: usize) -> Self {
        let mut passage = Self::new(lang, place);
        passage.push(text, start);
        passage
    }

    fn push(&mut self, text: &str, source: usize) {
        if !text.is_empty() {
            self.parts.push((self.text.len(), source, text.len()));
            self.text.push_str(text);
        }
    }

    pub(super) fn passage(&self) -> Passage<'_> {
        Passage { text: &self.text, lang: &self.lang, place: self.place }
    }

    /// Where a range of the text stands in the file.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.offset(range.start);
        let last = self.offset(range.end.saturating_sub(1).max(range.start));
        let length = |at: usize| {
            self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8)
        };
        let back = (0..4).find(|n| {
            let at = range.end.saturating_sub(1 + n);
            self.text.is_char_boundary(at)
        });
        let at = range.end.saturating_sub(1 + back.unwrap_or(0));
        let end = last.saturating_sub(back.unwrap_or(0)) + length(at);
        start..end.max(start)
    }

    fn part(&self, at: usize) -> Option<&(usize, usize, usize)> {
        let n = self.parts.partition_point(|(start, ..)| *start <= at);
        self.parts.get(n.checked_sub(1)?)
    }

    /// The place in the file of a place in the text: of what is no text of the file, the end of the
    /// part before it.
    fn offset(&self, at: usize) -> usize {
        match self.part(at) {
            Some((start, source, length)) => source + (at - start).min(*length),
            None => self.parts.first().map_or(0, |(_, source, _)| *source),
        }
    }

    /// A change of the text as one of the file; `None` where it would change what is no text.
    pub(super) fn edit(&self, edit: &Edit) -> Option<diagnostic::Edit> {
        let (start, source, length) = self.part(edit.range.start)?;
        let within = edit.range.end <= start + length;
        let from = source + (edit.range.start - start);
        let range = (from, from + edit.range.len());
        within.then(|| diagnostic::Edit { range, new: edit.new.clone() })
    }
}

/// The passages of a document, and the images in it without a description.
#[derive(Debug, Default)]
pub(super) struct Passages {
    pub(super) texts: Vec<Text>,
    pub(super) bare_images: Vec<Range<usize>>,
}

/// Gathers the passages of a document's body.
pub(super) fn body(parts: &Parts<'_>, lang: &Lang) -> Passages {
    let source = Source::new(parts.body);
    let mut gather = Gather {
        body: parts.body,
        base: parts.body_start,
        found: Passages::default(),
        blocks: Vec::new(),
        open: vec![Open { name: String::new(), text: Text::new(lang, Place::Prose) }],
        hidden: 0,
        code: None,
        lang: lang.clone(),
        gap: false,
        elements: Vec::new(),
        comment: false,
    };
    for (item, place) in source.items() {
        gather.item(&item, place);
    }
    gather.flush();
    gather.found
}

/// A passage being gathered, in the element that it belongs to; the outermost has no name.
struct Open {
    name: String,
    text: Text,
}

/// An element of raw HTML that has a language, or text that is laid out or typed as it stands.
struct Element {
    name: String,
    /// How many elements of its name are open, itself among them.
    depth: usize,
    /// The language outside of it.
    outer: Lang,
    /// Whether its text is no prose.
    verbatim: bool,
}

struct Gather<'a> {
    body: &'a str,
    base: usize,
    found: Passages,
    /// For each open `:::` block, the language before it, where it has another.
    blocks: Vec<Option<Lang>>,
    open: Vec<Open>,
    /// How many elements are open whose text is no prose.
    hidden: usize,
    code: Option<Text>,
    lang: Lang,
    /// The elements of raw HTML that change what the text in them is.
    elements: Vec<Element>,
    /// Whether a comment is open that a line did not end.
    comment: bool,
    /// Whether a comment or an empty element was just passed: the spaces on its sides are not two.
    gap: bool,
}

impl Gather<'_> {
    fn item(&mut self, item: &Item<'_>, place: Range<usize>) {
        match item {
            Item::Open(block) => {
                self.flush();
                // Words for readers, and not names and addresses, which have no space.
                for value in block.attributes.iter().filter_map(|(_, value)| value.as_deref()) {
                    if value.contains(' ') {
                        self.aside(value, &block.place);
                    }
                }
                let named = block.attribute("lang").and_then(Lang::parse);
                let own = named.filter(|_| block.name == "lang");
                self.blocks.push(own.map(|own| std::mem::replace(&mut self.lang, own)));
                self.flush();
            }
            Item::Close => {
                self.flush();
                if let Some(Some(outer)) = self.blocks.pop() {
                    self.lang = outer;
                }
                self.flush();
            }
            Item::Event(event) => self.event(event, place),
        }
    }

    fn event(&mut self, event: &Event<'_>, place: Range<usize>) {
        if let Some(code) = &mut self.code {
            match event {
                Event::Text(text) => {
                    let written = self.body.get(place.clone()) == Some(text);
                    if written {
                        code.push(text, self.base + place.start);
                    }
                }
                Event::End(TagEnd::CodeBlock) => self.found.texts.extend(self.code.take()),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(*tag, place),
            Event::Text(text) if self.hidden == 0 => self.text(text, place),
            Event::Code(code) => {
                self.object();
                let written = self.body.get(place.clone()).unwrap_or_default();
                if let Some(at) = written.find(&**code) {
                    let start = self.base + place.start + at;
                    let text = Text::at(&self.lang, Place::Code, code, start);
                    self.found.texts.push(text);
                }
            }
            Event::SoftBreak | Event::HardBreak => self.append("\n"),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => self.object(),
            Event::Html(html) | Event::InlineHtml(html) => self.html(html, place.start),
            _ => {}
        }
    }

    fn top(&mut self) -> Option<&mut Text> {
        self.open.last_mut().map(|open| &mut open.text)
    }

    fn append(&mut self, text: &str) {
        if let Some(top) = self.top() {
            top.text.push_str(text);
        }
    }

    fn object(&mut self) {
        if let Some(top) = self.top() {
            top.text.push(OBJECT);
        }
    }

    fn is_verbatim(&self) -> bool {
        self.elements.iter().any(|element| element.verbatim)
    }

    fn text(&mut self, text: &str, place: Range<usize>) {
        if self.is_verbatim() {
            return self.object();
        }
        let written = self.body.get(place.clone()).unwrap_or_default();
        let (base, gap) = (self.base, std::mem::take(&mut self.gap));
        let escaped = self.body.get(..place.start).is_some_and(|before| before.ends_with('\\'));
        let Some(top) = self.top() else { return };
        if written != text {
            // An entity, or a text that the parser put together.
            top.text.push(OBJECT);
            return;
        }
        let first = text.chars().next().filter(|c| escaped && c.is_ascii_punctuation());
        if first.is_some() {
            top.text.push(OBJECT);
        }
        let mut skipped = first.map_or(0, char::len_utf8);
        if gap && skipped == 0 && top.text.ends_with(' ') && text.starts_with(' ') {
            skipped = 1;
        }
        top.push(text.get(skipped..).unwrap_or_default(), base + place.start + skipped);
    }

    fn start(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {}
            Tag::Link { link_type, dest_url, title, .. } => {
                let bare = matches!(
                    link_type,
                    LinkType::Autolink
                        | LinkType::Email
                        | LinkType::WikiLink { has_pothole: false }
                );
                if bare || citations(*link_type, dest_url).is_some() || self.hidden > 0 {
                    self.hidden += 1;
                    self.object();
                }
                self.aside(title, &place);
                self.destination(dest_url, place);
            }
            Tag::Image { dest_url, title, .. } => {
                self.aside(title, &place);
                self.destination(dest_url, place);
                let text = Text::new(&self.lang, Place::Prose);
                self.open.push(Open { name: "![]".into(), text });
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(Text::new(&self.lang, Place::Code));
            }
            _ => self.flush(),
        }
    }

    /// A text that stands somewhere in a place and is read apart from the paragraph.
    fn aside(&mut self, text: &str, place: &Range<usize>) {
        let written = self.body.get(place.clone()).unwrap_or_default();
        if let Some(at) = written.rfind(text).filter(|_| !text.is_empty()) {
            let start = self.base + place.start + at;
            self.found.texts.push(Text::at(&self.lang, Place::Prose, text, start));
        }
    }

    /// The address of a link, which no reader reads.
    fn destination(&mut self, url: &str, place: Range<usize>) {
        let written = self.body.get(place.clone()).unwrap_or_default();
        if let Some(at) = written.rfind(url).filter(|_| !url.is_empty()) {
            let start = self.base + place.start + at;
            self.found.texts.push(Text::at(&self.lang, Place::Machine, url, start));
        }
    }

    fn end(&mut self, tag: TagEnd, place: Range<usize>) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            TagEnd::Link => self.hidden = self.hidden.saturating_sub(1),
            TagEnd::Image => {
                let at = self.open.iter().rposition(|open| open.name == "![]");
                for open in at.map(|at| self.open.split_off(at)).into_iter().flatten() {
                    if open.text.text.trim().is_empty() && open.name == "![]" {
                        let place = self.base + place.start..self.base + place.end;
                        self.found.bare_images.push(place);
                    }
                    self.found.texts.push(open.text);
                }
                self.object();
            }
            _ => self.flush(),
        }
    }

    /// Raw HTML: its text is prose, in the language of the element around it.
    fn html(&mut self, written: &str, start: usize) {
        let same = self.body.get(start..start + written.len()) == Some(written);
        let mut at = 0;
        while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
            if self.comment {
                let end = rest.find("-->");
                self.comment = end.is_none();
                at += end.map_or(rest.len(), |end| end + 3);
                continue;
            }
            let mut lang = None;
            let tag = html::read(written, at, |name, value| {
                if name == "lang" {
                    lang = Lang::parse(value);
                }
            });
            let Some(tag) = tag.filter(|_| rest.starts_with('<')) else {
                let end = rest.get(1..).and_then(|tail| tail.find('<'));
                let end = end.map_or(rest.len(), |n| n + 1);
                self.html_text(rest.get(..end).unwrap_or_default(), same.then_some(start + at));
                at += end;
                continue;
            };
            // Markdown gives a block of HTML line by line, so a comment may go on.
            self.comment = rest.starts_with("<!--") && !rest.contains("-->");
            at = tag.range.end.max(at + 1);
            if tag.closes {
                self.close(tag.name);
            } else if tag.name.eq_ignore_ascii_case("br") {
                self.append("\n");
            } else {
                self.open_element(&tag, lang);
            }
        }
    }

    fn html_text(&mut self, text: &str, place: Option<usize>) {
        let base = self.base;
        let verbatim = self.is_verbatim();
        let Some(top) = self.top() else { return };
        match place.filter(|_| !text.contains('&') && !verbatim) {
            Some(place) => top.push(text, base + place),
            None => top.text.push(OBJECT),
        }
    }

    fn open_element(&mut self, tag: &html::Tag<'_>, lang: Option<Lang>) {
        self.gap = true;
        let verbatim = ["pre", "code", "kbd", "samp", "script", "style", "textarea", "math", "svg"]
            .iter()
            .any(|name| tag.name.eq_ignore_ascii_case(name));
        let void = ["img", "hr", "wbr", "input", "source", "col"].contains(&tag.name);
        if tag.is_whole || void {
            return;
        }
        if lang.is_some() || verbatim {
            let own = lang.unwrap_or_else(|| self.lang.clone());
            let outer = std::mem::replace(&mut self.lang, own);
            let name = tag.name.to_owned();
            self.elements.push(Element { name: name.clone(), depth: 1, outer, verbatim });
            self.open.push(Open { name, text: Text::new(&self.lang, Place::Prose) });
        } else if let Some(open) = self.elements.iter_mut().rfind(|open| open.name == tag.name) {
            open.depth += 1;
        }
    }

    fn close(&mut self, name: &str) {
        self.gap = true;
        let Some(at) = self.elements.iter().rposition(|open| open.name == name) else { return };
        let Some(element) = self.elements.get_mut(at) else { return };
        element.depth -= 1;
        if element.depth > 0 {
            return;
        }
        for element in self.elements.split_off(at).into_iter().rev() {
            self.lang = element.outer;
        }
        // In the paragraph that it began in, its passage ends here; else with the paragraph.
        if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            for open in self.open.split_off(at) {
                self.found.texts.push(open.text);
            }
            self.object();
        } else {
            self.flush();
        }
    }

    /// Ends the paragraph with whatever is open in it.
    fn flush(&mut self) {
        let fresh = Open { name: String::new(), text: Text::new(&self.lang, Place::Prose) };
        for open in std::mem::replace(&mut self.open, vec![fresh]) {
            if !open.text.parts.is_empty() {
                self.found.texts.push(open.text);
            }
        }
    }
}
