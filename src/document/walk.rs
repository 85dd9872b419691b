//! One walk over a body, gathering what the site needs to know of it.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::citations::Gather;
use super::markdown::{self, Heading, Item, Outline, PlainText};
use super::{LinkKind, RawLink};

/// What one walk over a body gathers.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) outline: Outline,
    pub(super) anchors: Vec<Box<str>>,
    pub(super) links: Vec<RawLink>,
    pub(super) words: usize,
    pub(super) summary: PlainText,
    in_summary: bool,
    summarised: bool,
    heading: Option<(u8, Option<String>, PlainText)>,
    /// How many elements are open, and at which depth each open block began.
    depth: usize,
    open_blocks: Vec<(usize, Range<usize>)>,
    /// Blocks that end in another element than they began in.
    pub(super) crossing: Vec<Range<usize>>,
    /// References to footnotes that nothing defines.
    pub(super) undefined: Vec<Range<usize>>,
    /// Citations that cannot be read.
    pub(super) unread: Vec<Range<usize>>,
    after_bracket: bool,
    /// Gathers citations, where there can be any.
    pub(super) citations: Option<Gather>,
}

impl Walk {
    /// A walk over a text.
    pub(super) fn new(text: &str) -> Self {
        Self { citations: text.contains('@').then(Gather::default), ..Self::default() }
    }

    pub(super) fn push(
        &mut self,
        item: &Item<'_>,
        place: &Range<usize>,
        anchors: &mut markdown::Anchors,
    ) {
        if let Some(citations) = &mut self.citations {
            citations.push(item, self.links.len());
        }
        match item {
            Item::Open(block) => {
                self.anchors.extend(block.attribute("id").map(Into::into));
                self.open_blocks.push((self.depth, block.place.clone()));
            }
            Item::Close => {
                if let Some((depth, place)) = self.open_blocks.pop()
                    && depth != self.depth
                {
                    self.crossing.push(place);
                }
            }
            Item::Event(Event::Start(tag)) => {
                self.depth += 1;
                self.start(tag, place);
            }
            Item::Event(Event::End(tag)) => self.end(*tag, anchors),
            Item::Event(Event::Text(text) | Event::Code(text)) => {
                self.words += count_spaces(text);
                // `[^x]` that nothing defines stays text, in these pieces.
                if self.after_bracket && text.starts_with('^') {
                    self.undefined.push(place.clone());
                }
                // So does `[@x` that is no citation.
                let handle = text.strip_prefix('@').and_then(|rest| rest.chars().next());
                if self.after_bracket && handle.is_some_and(char::is_alphanumeric) {
                    self.unread.push(place.clone());
                }
                self.after_bracket =
                    text.ends_with('[') && matches!(item, Item::Event(Event::Text(_)));
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) => self.words += 1,
            Item::Event(Event::Html(html) | Event::InlineHtml(html)) => {
                self.anchors.extend(html_ids(html).map(Into::into));
            }
            _ => {}
        }
        if let Some((_, _, text)) = &mut self.heading {
            text.push(item);
        }
        if self.in_summary {
            self.summary.push(item);
        }
    }

    fn end(&mut self, tag: TagEnd, anchors: &mut markdown::Anchors) {
        self.depth -= 1;
        self.words += usize::from(matches!(
            tag,
            TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::DefinitionListTitle
        ));
        match tag {
            TagEnd::Heading(_) => {
                if let Some((level, own, mut text)) = self.heading.take() {
                    let text = text.take();
                    let id = anchors.next(own.as_deref(), &text);
                    let (text, own_id) = (text.trim().into(), own.is_some());
                    self.outline.push(Heading { level, id, text, own_id });
                }
            }
            TagEnd::Paragraph if self.in_summary => {
                self.in_summary = false;
                self.summarised = !self.summary.text.trim().is_empty();
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, place: &Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let own = id.as_ref().map(ToString::to_string);
                self.heading = Some((*level as u8, own, PlainText::default()));
            }
            Tag::Paragraph if !self.summarised => self.in_summary = true,
            Tag::Link { link_type, dest_url, .. } => {
                if let Some(citations) = markdown::citations(*link_type, dest_url) {
                    for citation in citations {
                        self.link(LinkKind::Citation, &citation.id, place);
                    }
                    return;
                }
                let kind = match link_type {
                    LinkType::WikiLink { .. } => LinkKind::Wiki,
                    LinkType::Email => return,
                    _ => LinkKind::Link,
                };
                self.link(kind, dest_url, place);
            }
            Tag::Image { dest_url, .. } => self.link(LinkKind::Image, dest_url, place),
            _ => {}
        }
    }

    fn link(&mut self, kind: LinkKind, destination: &str, place: &Range<usize>) {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let place = (offset(place.start), offset(place.end));
        self.links.push(RawLink { kind, destination: destination.into(), place });
    }
}

/// Counts the ASCII spaces of a text. With one more for each block, that is its words: near enough
/// for readers, and a count that every text pays for.
fn count_spaces(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b' ').count()
}

/// The values of `id` attributes in a piece of raw HTML.
fn html_ids(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices("id=").filter_map(|(at, _)| {
        let before = html.get(..at)?.chars().next_back()?;
        let rest = html.get(at + 3..)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        before.is_whitespace().then(|| rest.get(1..)?.split(quote).next()).flatten()
    })
}
