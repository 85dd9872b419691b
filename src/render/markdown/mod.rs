//! Markdown to HTML: our own writer over the dialect's items, because what Arabic needs (direction
//! of code, logical alignment, footnotes with back-links, languages of links) has to be written
//! by whoever writes the tags.

mod captures;
mod elements;
mod footnotes;
mod host;
mod images;
mod sanitize;
mod tables;
mod writer;

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::document::markdown::{Item, Source};

pub use host::{Cited, HookValue, Host, Link, Options, Plain};
pub use writer::{Body, LINE_MARK};

/// Writes the HTML of a prepared text. `anchors` are the ids of its headings, in their order;
/// `base` is the place of the text in its file.
#[must_use]
pub fn write(source: &Source<'_>, host: &dyn Host, anchors: &[&str], base: usize) -> Body {
    let mut writer = writer::Writer::new(host, anchors, base);
    let mut items = source.items();
    let mut waiting = VecDeque::new();
    while let Some((item, place)) = waiting.pop_front().or_else(|| items.next()) {
        if matches!(item, Item::Event(Event::Start(Tag::Paragraph))) {
            writer.lone = is_lone_image(&mut items, &mut waiting);
        }
        writer.item(item, place);
    }
    writer.finish()
}

/// Whether the paragraph that begins holds an image and nothing else. What was read to know it waits.
fn is_lone_image<'a>(
    items: &mut impl Iterator<Item = (Item<'a>, Range<usize>)>,
    waiting: &mut VecDeque<(Item<'a>, Range<usize>)>,
) -> bool {
    let (mut open, mut ended) = (0, false);
    for (item, place) in items {
        let event = match &item {
            Item::Event(event) => Some(event.clone()),
            Item::Open(_) | Item::Close => None,
        };
        waiting.push_back((item, place));
        match event {
            Some(Event::Start(Tag::Image { .. })) if !ended => open += 1,
            Some(Event::End(TagEnd::Image)) => {
                open -= 1;
                ended = open == 0;
            }
            Some(Event::End(TagEnd::Paragraph)) => return ended,
            Some(_) if open > 0 => {}
            _ => return false,
        }
    }
    false
}
