//! The text of one paragraph with the inline elements in it.

use std::ops::Range;

use super::tags::Tag;
use crate::text::bidi::{self, OBJECT, Policy};

/// The longest entity that is looked for, in bytes.
const MAX_ENTITY: usize = 12;

/// A part of a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its place in the HTML.
    range: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// An inline element begins; whether it is a link.
    Open(bool),
    Close(bool),
    /// Something that is no text.
    Object,
}

impl Piece {
    pub(super) fn open(tag: &Tag<'_>) -> Self {
        Self { range: tag.range.clone(), kind: Kind::Open(tag.name == "a") }
    }

    pub(super) fn close(tag: &Tag<'_>) -> Self {
        Self { range: tag.range.clone(), kind: Kind::Close(tag.name == "a") }
    }

    pub(super) fn object(range: Range<usize>) -> Self {
        Self { range, kind: Kind::Object }
    }
}

/// Where a stretch of the text without markup stands in the HTML. Those of an entity differ in
/// length.
#[derive(Debug)]
struct Stretch {
    text: Range<usize>,
    html: Range<usize>,
}

/// A paragraph under way.
#[derive(Debug, Default)]
pub(super) struct Block {
    pieces: Vec<Piece>,
    /// Whether its text may hold a run.
    candidate: bool,
}

impl Block {
    /// Adds a text; `candidate` says whether it may hold a run, where that is not known yet.
    pub(super) fn text(&mut self, range: Range<usize>, candidate: impl FnOnce(bool) -> bool) {
        self.pieces.push(Piece { range, kind: Kind::Text });
        self.candidate = candidate(self.candidate);
    }

    /// Whether its text may hold a run.
    pub(super) fn is_candidate(&self) -> bool {
        self.candidate
    }

    pub(super) fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.candidate = false;
    }

    /// The places in the HTML to isolate, each inside of one element or around whole ones.
    pub(super) fn runs(&self, html: &str, policy: Policy) -> Vec<Range<usize>> {
        if !self.candidate {
            return Vec::new();
        }
        let (text, stretches) = self.plain(html);
        let runs = bidi::runs(&text, policy);
        if runs.is_empty() {
            return Vec::new();
        }
        let partners = self.partners();
        let mut places = Vec::with_capacity(runs.len());
        for run in runs {
            let place = html_place(&stretches, &run);
            self.split(html, place, &partners, &mut places);
        }
        places
    }

    /// The text without markup, and where its parts come from.
    fn plain(&self, html: &str) -> (String, Vec<Stretch>) {
        let ends = self.pieces.first().zip(self.pieces.last());
        let length = ends.map_or(0, |(first, last)| last.range.end - first.range.start);
        let mut text = String::with_capacity(length);
        let mut stretches = Vec::with_capacity(self.pieces.len());
        let mut after_link = false;
        for piece in &self.pieces {
            match piece.kind {
                Kind::Text => {
                    let written = html.get(piece.range.clone()).unwrap_or_default();
                    after_link = after_link && written.trim().is_empty();
                    decode(written, piece.range.start, &mut text, &mut stretches);
                }
                Kind::Object => text.push(OBJECT),
                // Two links with nothing but a space between them are two things.
                Kind::Open(true) if after_link => text.push(OBJECT),
                Kind::Close(true) => after_link = true,
                Kind::Open(_) | Kind::Close(_) => {}
            }
        }
        (text, stretches)
    }

    /// For each piece that begins or ends an element, the index of the piece that does the other.
    fn partners(&self) -> Vec<Option<usize>> {
        let mut partners = vec![None; self.pieces.len()];
        let mut open = Vec::new();
        for (i, piece) in self.pieces.iter().enumerate() {
            match piece.kind {
                Kind::Open(_) => open.push(i),
                Kind::Close(_) => {
                    let Some(start) = open.pop() else { continue };
                    for (at, partner) in [(start, i), (i, start)] {
                        if let Some(slot) = partners.get_mut(at) {
                            *slot = Some(partner);
                        }
                    }
                }
                Kind::Text | Kind::Object => {}
            }
        }
        partners
    }

    fn partner(&self, partners: &[Option<usize>], piece: usize) -> Option<&Piece> {
        self.pieces.get((*partners.get(piece)?)?)
    }

    /// Cuts a place where it would cross the beginning or end of an element.
    fn split(
        &self,
        html: &str,
        place: Range<usize>,
        partners: &[Option<usize>],
        places: &mut Vec<Range<usize>>,
    ) {
        let place = self.widen(place, partners);
        let mut start = place.start;
        let mut push = |range: Range<usize>| places.extend(trimmed(html, range));
        let first = self.pieces.partition_point(|piece| piece.range.start < place.start);
        let mut i = first;
        while let Some(piece) = self.pieces.get(i).filter(|piece| piece.range.start < place.end) {
            let within = self.partner(partners, i).is_some_and(|other| {
                other.range.end <= place.end && other.range.start >= place.start
            });
            match piece.kind {
                Kind::Open(_) if within => {
                    i = partners.get(i).copied().flatten().unwrap_or(i);
                }
                Kind::Open(_) | Kind::Close(_) => {
                    push(start..piece.range.start);
                    start = piece.range.end;
                }
                Kind::Text | Kind::Object => {}
            }
            i += 1;
        }
        push(start..place.end);
    }

    /// Takes elements in whole that a place begins or ends in, where they lie in it otherwise.
    fn widen(&self, mut place: Range<usize>, partners: &[Option<usize>]) -> Range<usize> {
        loop {
            let at = |n: usize, fits: bool| Some(n).filter(|_| fits);
            let n = self.pieces.partition_point(|piece| piece.range.end < place.start);
            let before = self.pieces.get(n).and_then(|p| at(n, p.range.end == place.start));
            let n = self.pieces.partition_point(|piece| piece.range.start < place.end);
            let after = self.pieces.get(n).and_then(|p| at(n, p.range.start == place.end));
            let opened = before.filter(|i| {
                matches!(self.pieces.get(*i).map(|piece| piece.kind), Some(Kind::Open(_)))
                    && self.partner(partners, *i).is_some_and(|close| close.range.start < place.end)
            });
            let closed = after.filter(|i| {
                matches!(self.pieces.get(*i).map(|piece| piece.kind), Some(Kind::Close(_)))
                    && self
                        .partner(partners, *i)
                        .is_some_and(|open| open.range.start >= place.start)
            });
            match (opened, closed) {
                (None, None) => return place,
                (Some(i), _) => {
                    place.start = self.pieces.get(i).map_or(place.start, |p| p.range.start)
                }
                (_, Some(i)) => place.end = self.pieces.get(i).map_or(place.end, |p| p.range.end),
            }
        }
    }
}

/// A place without the spaces at its ends; none where nothing is left.
fn trimmed(html: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = html.get(range.clone())?;
    let start = range.start + (text.len() - text.trim_start().len());
    let length = text.trim().len();
    (length > 0).then_some(start..start + length)
}

/// Where a run of the text stands in the HTML.
fn html_place(stretches: &[Stretch], run: &Range<usize>) -> Range<usize> {
    let at = |offset: usize| {
        let n = stretches.partition_point(|stretch| stretch.text.end <= offset);
        stretches.get(n)
    };
    let same = |stretch: &Stretch| stretch.text.len() == stretch.html.len();
    let start = at(run.start).map_or(0, |stretch| {
        let within = if same(stretch) { run.start.saturating_sub(stretch.text.start) } else { 0 };
        stretch.html.start + within
    });
    let end = at(run.end.saturating_sub(1)).map_or(start, |stretch| {
        if same(stretch) {
            stretch.html.start + run.end.saturating_sub(stretch.text.start)
        } else {
            stretch.html.end
        }
    });
    start..end.max(start)
}

/// Appends HTML text with its entities decoded as far as they matter here.
fn decode(written: &str, base: usize, text: &mut String, stretches: &mut Vec<Stretch>) {
    let mut append = |part: &str, html: Range<usize>| {
        if !part.is_empty() {
            let start = text.len();
            text.push_str(part);
            stretches.push(Stretch { text: start..text.len(), html });
        }
    };
    let mut from = 0;
    while let Some(found) = written.get(from..).and_then(|rest| rest.find('&')) {
        let at = from + found;
        append(written.get(from..at).unwrap_or_default(), base + from..base + at);
        let rest = written.get(at..).unwrap_or_default();
        let near = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
        let length = near.map_or(1, |n| n + 1);
        let character = match rest.get(..length).unwrap_or_default() {
            "&" | "&amp;" => "&",
            "&lt;" => "<",
            "&gt;" => ">",
            "&quot;" | "&#34;" => "\"",
            "&#39;" | "&#x27;" | "&apos;" => "'",
            "&nbsp;" | "&#160;" | "&#xA0;" | "&#xa0;" => "\u{A0}",
            _ => "\u{FFFC}",
        };
        append(character, base + at..base + at + length);
        from = at + length;
    }
    append(written.get(from..).unwrap_or_default(), base + from..base + written.len());
}
