//! pulldown-cmark's events with `:::` lines and citations among them, and sentinels taken out.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, BrokenLinkCallback, CowStr, Event, LinkType, OffsetIter, Parser, Tag, TagEnd,
};

use super::brackets::{GAP, STANDINS};
use super::citation::{self, Citation};
use super::{Block, Source};
use crate::text::Typographer;

/// The destination that marks a link as a citation.
const CITATION: &str = "cite:";

/// An event of the dialect.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// One of pulldown-cmark's.
    Event(Event<'a>),
    /// A `:::name` line.
    Open(&'a Block),
    /// A closing `:::` line.
    Close,
}

/// Reads the citations of a link that [`Items`] gives for `[@…]`; `None` for other links.
#[must_use]
pub fn citations(link_type: LinkType, destination: &str) -> Option<Vec<Citation>> {
    if link_type != LinkType::ShortcutUnknown {
        return None;
    }
    citation::read(destination.strip_prefix(CITATION)?)
}

/// Turns `[@…]` into links; every other undefined reference stays text.
#[derive(Debug)]
struct Citing;

impl<'a> BrokenLinkCallback<'a> for Citing {
    fn handle_broken_link(&mut self, link: BrokenLink<'a>) -> Option<(CowStr<'a>, CowStr<'a>)> {
        let text = link.reference.trim();
        let cites = link.link_type == LinkType::Shortcut
            && text.starts_with('@')
            && citation::read(text).is_some();
        cites.then(|| (format!("{CITATION}{text}").into(), CowStr::Borrowed("")))
    }
}

/// The items of a prepared text with their places in the original.
pub struct Items<'a> {
    source: &'a Source<'a>,
    events: OffsetIter<'a, Citing>,
    /// Items that are due before the next event.
    ready: VecDeque<(Item<'a>, Range<usize>)>,
    typographer: Option<Typographer>,
    /// How many elements are open whose text stays as it is: code, addresses, references.
    verbatim: usize,
}

impl std::fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Items")
    }
}

impl<'a> Items<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        let parser =
            Parser::new_with_broken_link_callback(&source.text, source.options, Some(Citing));
        Self {
            source,
            events: parser.into_offset_iter(),
            ready: VecDeque::new(),
            typographer: source.typographer,
            verbatim: 0,
        }
    }

    fn block_at(&self, at: usize) -> Option<&'a Block> {
        let n = self.source.blocks.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        self.source.blocks.get(n).map(|(_, block)| block)
    }

    /// Reads a raw HTML block, which may be a `:::` line in disguise.
    fn html_block(&mut self, start: Range<usize>) -> (Item<'a>, Range<usize>) {
        let mut events = Vec::new();
        for (event, range) in self.events.by_ref() {
            let end = matches!(event, Event::End(TagEnd::HtmlBlock));
            events.push((event, range));
            if end {
                break;
            }
        }
        // The block's own place starts before its indentation; its first line's does not.
        let line = events.first().map_or(start.start, |(_, range)| range.start);
        if let Some(block) = self.block_at(line).or_else(|| self.block_at(start.start)) {
            let item = if block.closes() { Item::Close } else { Item::Open(block) };
            return (item, block.place.clone());
        }
        for (event, range) in events {
            let range = self.source.original(&range);
            self.ready.push_back((Item::Event(self.clean(event)), range));
        }
        (Item::Event(Event::Start(Tag::HtmlBlock)), self.source.original(&start))
    }

    /// Gives a text the typographic signs of its language. `place` is in the prepared text.
    fn set(&mut self, event: Event<'a>, place: &Range<usize>) -> Event<'a> {
        let Some(typographer) = &mut self.typographer else { return event };
        match &event {
            Event::Start(tag) if self.verbatim > 0 || is_verbatim(tag) => self.verbatim += 1,
            Event::End(_) if self.verbatim > 0 => self.verbatim -= 1,
            Event::Start(Tag::Image { .. }) => {}
            Event::Start(tag) if super::is_phrasing(tag) => {}
            Event::Start(_) | Event::HardBreak => typographer.begin(),
            Event::SoftBreak => typographer.pass(' '),
            Event::Code(_) => typographer.pass('x'),
            Event::Text(text) if self.verbatim == 0 => {
                if !Typographer::concerns(text) {
                    text.chars().next_back().into_iter().for_each(|last| typographer.pass(last));
                    return event;
                }
                let written = self.source.text.get(..place.start).unwrap_or_default();
                // A sign after a backslash, or written as an entity, is meant as it is.
                let escaped = written.ends_with('\\') || !place_holds(self.source, place, text);
                let first = text.chars().next().filter(|_| escaped).map_or(0, char::len_utf8);
                let (head, tail) = text.split_at_checked(first).unwrap_or(("", text));
                let last = head.chars().next_back();
                last.into_iter().for_each(|last| typographer.pass(last));
                return Event::Text(format!("{head}{}", typographer.text(tail)).into());
            }
            _ => {}
        }
        event
    }

    /// Takes the sentinel out of an event, and puts brackets back.
    fn clean(&self, event: Event<'a>) -> Event<'a> {
        let sentinel = self.source.sentinel.filter(|_| !self.source.map.is_empty());
        let standins = self.source.standins;
        if sentinel.is_none() && !standins {
            return event;
        }
        let clean = |text: CowStr<'a>| -> CowStr<'a> {
            let text = match sentinel.filter(|sentinel| text.contains(*sentinel)) {
                Some(sentinel) => text.replace(sentinel, "").into(),
                None => text,
            };
            if standins && (text.contains(STANDINS) || text.contains(GAP)) {
                let [open, close] = STANDINS;
                return text.replace(open, "[").replace(close, "]").replace(GAP, "").into();
            }
            text
        };
        let tag = |tag: Tag<'a>| match tag {
            Tag::Link { link_type, dest_url, title, id } => Tag::Link {
                link_type,
                dest_url: clean(dest_url),
                title: clean(title),
                id: clean(id),
            },
            Tag::Image { link_type, dest_url, title, id } => Tag::Image {
                link_type,
                dest_url: clean(dest_url),
                title: clean(title),
                id: clean(id),
            },
            Tag::Heading { level, id, classes, attrs } => Tag::Heading {
                level,
                id: id.map(clean),
                classes: classes.into_iter().map(clean).collect(),
                attrs,
            },
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(clean(label)),
            Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info)) => {
                Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(clean(info)))
            }
            other => other,
        };
        match event {
            Event::Start(start) => Event::Start(tag(start)),
            Event::Text(text) => Event::Text(clean(text)),
            Event::Code(text) => Event::Code(clean(text)),
            Event::Html(text) => Event::Html(clean(text)),
            Event::InlineHtml(text) => Event::InlineHtml(clean(text)),
            Event::FootnoteReference(label) => Event::FootnoteReference(clean(label)),
            other => other,
        }
    }
}

/// Whether the text of an element stays as it is.
fn is_verbatim(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => true,
        Tag::Link { link_type, dest_url, .. } => {
            matches!(
                link_type,
                LinkType::Autolink | LinkType::Email | LinkType::WikiLink { has_pothole: false }
            ) || citations(*link_type, dest_url).is_some()
        }
        _ => false,
    }
}

/// Whether a place of the prepared text holds a text as it is, and not an entity for it.
fn place_holds(source: &Source<'_>, place: &Range<usize>, text: &str) -> bool {
    let written = source.text.get(place.clone()).unwrap_or_default();
    !written.starts_with('&') || text.starts_with('&')
}

/// In a table a wikilink is written `[[page\|words]]`, as GFM and Obsidian want it; the backslash is
/// not part of the page's name.
fn unescape_wikilink(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link {
            link_type: link_type @ LinkType::WikiLink { .. },
            dest_url,
            title,
            id,
        }) if dest_url.ends_with('\\') => {
            let dest_url = dest_url.trim_end_matches('\\').to_owned().into();
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        event => event,
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = (Item<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(ready);
        }
        let (event, range) = self.events.next()?;
        if matches!(event, Event::Start(Tag::HtmlBlock)) {
            return Some(self.html_block(range));
        }
        let event = unescape_wikilink(self.clean(event));
        let event = self.set(event, &range);
        Some((Item::Event(event), self.source.original(&range)))
    }
}
