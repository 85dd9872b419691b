//! Markdown to HTML: our own writer over the dialect's items, because what Arabic needs (direction
//! of code, logical alignment, footnotes with back-links, languages of links) has to be written
//! by whoever writes the tags.

mod captures;
mod elements;
mod footnotes;
mod host;
mod sanitize;
mod tables;
mod writer;

use crate::document::markdown::Source;

pub use host::{Cited, HookValue, Host, Link, Options, Plain};
pub use writer::{Body, LINE_MARK};

/// Writes the HTML of a prepared text. `anchors` are the ids of its headings, in their order;
/// `base` is the place of the text in its file.
#[must_use]
pub fn write(source: &Source<'_>, host: &dyn Host, anchors: &[&str], base: usize) -> Body {
    let mut writer = writer::Writer::new(host, anchors, base);
    for (item, place) in source.items() {
        writer.item(item, place);
    }
    writer.finish()
}
