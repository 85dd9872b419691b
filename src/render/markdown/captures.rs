//! Buffers inside buffers: what a component or a footnote is written into before it is placed.

use std::ops::Range;

/// Output under way, with the raw HTML in it and the containers that are open.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// The HTML so far.
    pub(super) html: String,
    /// The ranges of `html` that an author wrote as raw HTML, not yet sanitised, with their places
    /// in the source.
    raw: Vec<(Range<usize>, Range<usize>)>,
    /// For each open container, where its inside starts in `html` and in `raw`.
    containers: Vec<(usize, usize)>,
}

impl Buffer {
    /// Notes that a container's inside starts here.
    pub(super) fn open(&mut self) {
        self.containers.push((self.html.len(), self.raw.len()));
    }

    /// Writes raw HTML that is sanitised when its container ends.
    pub(super) fn push_raw(&mut self, html: &str, place: Range<usize>) {
        let start = self.html.len();
        self.html.push_str(html);
        self.raw.push((start..self.html.len(), place));
    }

    /// Ends the innermost container. Gives the raw pieces that were in it, with their places,
    /// after sanitising them.
    pub(super) fn close(&mut self) -> Vec<(String, Range<usize>)> {
        let Some((start, first_raw)) = self.containers.pop() else {
            return Vec::new();
        };
        if self.raw.len() <= first_raw {
            return Vec::new();
        }
        let raw: Vec<_> = self.raw.drain(first_raw..).collect();
        let inside = self.html.split_off(start);
        let ranges: Vec<_> = raw.iter().map(|(r, _)| r.start - start..r.end - start).collect();
        self.html.push_str(&super::sanitize::sanitize(&inside, &ranges));
        let piece = |range: &Range<usize>| inside.get(range.clone()).unwrap_or_default().to_owned();
        ranges.iter().zip(raw).map(|(range, (_, place))| (piece(range), place)).collect()
    }
}
