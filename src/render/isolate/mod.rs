//! Isolates in finished HTML: `<bdi dir>` around each run of a text that would otherwise be drawn in
//! another order than it is read ([`crate::text::bidi`]).
//!
//! The pass reads the HTML of a whole page, prose and template alike, so that no author of a theme
//! can forget it. It changes no letter: without the `bdi` tags and `dir` attributes that it adds, its
//! output is its input. Code, scripts and what has a direction of its own are left as they are.

mod block;
mod tags;

use std::borrow::Cow;

use self::block::{Block, Piece};
use self::tags::{Element, Tag};
use crate::text::bidi::{self, Policy};
use crate::text::{Direction, Lang, html};

/// Something to add to the HTML at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Insert {
    Close,
    PlainClose,
    Open(bool),
    PlainOpen,
    Attribute(bool),
}

impl Insert {
    fn text(self) -> &'static str {
        match self {
            Self::Open(false) => "<bdi dir=\"ltr\">",
            Self::Open(true) => "<bdi dir=\"rtl\">",
            Self::Close => "</bdi>",
            Self::Attribute(false) => " dir=\"ltr\"",
            Self::Attribute(true) => " dir=\"rtl\"",
            // First strong isolate and its end (UAX #9 §2.4), where there can be no markup.
            Self::PlainOpen => "\u{2068}",
            Self::PlainClose => "\u{2069}",
        }
    }
}

/// How a page is isolated.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The direction of what no element says otherwise of, and that of ranges.
    pub policy: Policy,
    /// Whether titles, which take no markup, get invisible isolates.
    pub titles: bool,
}

/// Adds isolates to the HTML of a page or of a piece of one.
#[must_use]
pub fn isolate(html: &str, options: Options) -> Cow<'_, str> {
    let mut pass = Pass {
        html,
        options,
        frames: vec![Frame::new("", Some(options.policy.base))],
        inserts: Vec::new(),
    };
    pass.run();
    let mut inserts = pass.inserts;
    if inserts.is_empty() {
        return Cow::Borrowed(html);
    }
    inserts.sort_unstable();
    let mut out = String::with_capacity(html.len() + inserts.len() * 16);
    let mut from = 0;
    for (at, insert) in inserts {
        out.push_str(html.get(from..at).unwrap_or_default());
        out.push_str(insert.text());
        from = at;
    }
    out.push_str(html.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// A plain text with its runs in invisible isolates, for where there can be no markup.
#[must_use]
pub fn marked(text: &str, policy: Policy) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut from = 0;
    for run in bidi::runs(text, policy) {
        out.push_str(text.get(from..run.start).unwrap_or_default());
        out.push_str(Insert::PlainOpen.text());
        from = run.end;
        out.push_str(text.get(run).unwrap_or_default());
        out.push_str(Insert::PlainClose.text());
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// An element with a direction of its own, and the text that is being gathered in it.
struct Frame<'a> {
    name: &'a str,
    /// How many elements of its name are open, itself among them.
    depth: usize,
    /// The direction; none where nothing is isolated: code, or a direction found by the browser.
    base: Option<Direction>,
    block: Block,
}

impl<'a> Frame<'a> {
    fn new(name: &'a str, base: Option<Direction>) -> Self {
        Self { name, depth: 1, base, block: Block::default() }
    }
}

struct Pass<'a> {
    html: &'a str,
    options: Options,
    frames: Vec<Frame<'a>>,
    inserts: Vec<(usize, Insert)>,
}

impl<'a> Pass<'a> {
    fn run(&mut self) {
        let mut at = 0;
        let bytes = self.html.as_bytes();
        while at < bytes.len() {
            let next = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest));
            let end = next.map_or(bytes.len(), |n| at + n);
            self.text(at, end);
            if end == bytes.len() {
                break;
            }
            at = match tags::read(self.html, end) {
                Some(tag) => self.tag(&tag),
                // A `<` that begins no tag is text.
                None => {
                    self.text(end, end + 1);
                    end + 1
                }
            };
        }
        while let Some(frame) = self.frames.pop() {
            self.flush(frame);
        }
    }

    fn text(&mut self, start: usize, end: usize) {
        let Some(frame) = self.frames.last_mut().filter(|_| start < end) else { return };
        if let Some(base) = frame.base {
            let bytes = self.html.as_bytes().get(start..end).unwrap_or_default();
            let holds = || bytes != b"\n" && bidi::may_hold(bytes, base);
            frame.block.text(start..end, |known| known || holds());
        }
    }

    /// Takes a tag; gives where to go on.
    fn tag(&mut self, tag: &Tag<'a>) -> usize {
        match (tag.element, tag.closes) {
            (Element::Comment, _) => {}
            (Element::Raw, false) => return self.raw(tag),
            (_, true) => self.close(tag),
            (_, false) => self.open(tag),
        }
        tag.range.end
    }

    /// An element whose inside is no markup.
    fn raw(&mut self, tag: &Tag<'a>) -> usize {
        match tag.name {
            "title" => self.boundary(),
            "script" | "style" => {}
            _ => self.object(tag.range.clone()),
        }
        if tag.is_whole {
            return tag.range.end;
        }
        let end = html::raw_end(self.html, tag.range.end, tag.name);
        let base = self.frames.last().and_then(|frame| frame.base);
        if let Some(base) = base.filter(|_| self.options.titles && tag.name == "title") {
            let text = self.html.get(tag.range.end..end).unwrap_or_default();
            for run in bidi::runs(text, Policy { base, ..self.options.policy }) {
                self.inserts.push((tag.range.end + run.start, Insert::PlainOpen));
                self.inserts.push((tag.range.end + run.end, Insert::PlainClose));
            }
        }
        end
    }

    fn open(&mut self, tag: &Tag<'a>) {
        if let Some(frame) = self.frames.iter_mut().rfind(|frame| frame.name == tag.name) {
            frame.depth += 1;
        }
        let base = self.frames.last().and_then(|frame| frame.base);
        let direction = tag.direction();
        // A language says which way its text runs.
        let by_language = match direction {
            None => tag.lang.and_then(Lang::parse).map(|lang| lang.direction()),
            Some(_) => None,
        };
        let own = match (tag.element, direction, by_language) {
            (Element::Void | Element::Object, ..) => None,
            (Element::Code, ..) => Some(None),
            (_, Some(direction), _) => Some(direction),
            (Element::Isolate, None, _) => Some(None),
            (_, None, Some(direction)) if base.is_some_and(|base| base != direction) => {
                Some(Some(direction))
            }
            _ => None,
        };
        match (tag.element, own) {
            (Element::Inline, None) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.block.push(Piece::open(tag));
                }
            }
            (Element::Void | Element::Object, _) => self.object(tag.range.clone()),
            (_, None) => self.boundary(),
            (element, Some(own)) => {
                let wanted = match element {
                    Element::Code if direction.is_none() && base == Some(Direction::Rtl) => {
                        Some(Direction::Ltr)
                    }
                    Element::Code => None,
                    _ => by_language.filter(|_| own.is_some()),
                };
                if let Some(wanted) = wanted.filter(|_| !tag.is_whole) {
                    self.inserts.push((tag.name_end, Insert::Attribute(wanted == Direction::Rtl)));
                }
                if element.is_inline() {
                    self.object(tag.range.clone());
                } else {
                    self.boundary();
                }
                self.frames.push(Frame::new(tag.name, own));
            }
        }
    }

    fn close(&mut self, tag: &Tag<'a>) {
        // What was not closed inside of the element ends with it.
        let open = self.frames.iter().rposition(|frame| frame.name == tag.name);
        if let Some(at) = open
            && let Some(frame) = self.frames.get_mut(at)
        {
            frame.depth -= 1;
            if frame.depth == 0 {
                for frame in self.frames.split_off(at).into_iter().rev() {
                    self.flush(frame);
                }
                if !tag.element.is_inline() {
                    self.boundary();
                }
                return;
            }
        }
        match (tag.element, self.frames.last_mut()) {
            (Element::Inline, Some(frame)) => frame.block.push(Piece::close(tag)),
            (Element::Void | Element::Object | Element::Raw, _) if tag.name != "title" => {}
            _ => self.boundary(),
        }
    }

    fn object(&mut self, range: std::ops::Range<usize>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.block.push(Piece::object(range));
        }
    }

    /// Ends the text of the innermost frame: no run goes on after it.
    fn boundary(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            if !frame.block.is_candidate() {
                return frame.block.clear();
            }
            let block = std::mem::take(&mut frame.block);
            let base = frame.base;
            let again = self.finish(block, base);
            if let Some(frame) = self.frames.last_mut() {
                frame.block = again;
            }
        }
    }

    fn flush(&mut self, frame: Frame<'a>) {
        self.finish(frame.block, frame.base);
    }

    /// Finds the runs of a block, and gives its room back for the next.
    fn finish(&mut self, mut block: Block, base: Option<Direction>) -> Block {
        if let Some(base) = base {
            let policy = Policy { base, ..self.options.policy };
            for run in block.runs(self.html, policy) {
                self.inserts.push((run.start, Insert::Open(base == Direction::Ltr)));
                self.inserts.push((run.end, Insert::Close));
            }
        }
        block.clear();
        block
    }
}

#[cfg(test)]
mod tests;
