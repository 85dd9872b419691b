//! A row of a table as the text of a content file, and where each part of that stands in the table.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::config::yaml;

/// A text that is as it is in the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Where it begins in the piece.
    pub(super) at: usize,
    pub(super) len: usize,
    /// Where it begins in the table.
    pub(super) from: usize,
}

/// A text out of a table: what a cell says.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: Cow<'a, str>,
    /// The place of the cell.
    pub(super) place: Range<usize>,
    /// The parts that are written in the cell as they are, in their order.
    pub(super) runs: Vec<Run>,
}

impl<'a> Piece<'a> {
    /// A text that stands in the table as it is.
    pub(super) fn exact(text: &'a str, place: Range<usize>, from: usize) -> Self {
        let runs = vec![Run { at: 0, len: text.len(), from }];
        Self { text: Cow::Borrowed(text), place, runs }
    }

    /// A text that a place of the table comes to.
    pub(super) fn of(text: impl Into<Cow<'a, str>>, place: Range<usize>) -> Self {
        Self { text: text.into(), place, runs: Vec::new() }
    }

    /// Its parts between the bars, without the spaces around them; what is empty is none.
    pub(super) fn split(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        for part in self.text.split('|') {
            let trimmed = part.trim_start();
            let at = start + part.len() - trimmed.len();
            parts.push(self.slice(at..at + trimmed.trim_end().len()));
            start += part.len() + 1;
        }
        parts.retain(|part| !part.text.is_empty());
        parts
    }

    fn slice(&self, range: Range<usize>) -> Self {
        let run = |run: &Run| {
            let start = run.at.max(range.start);
            let end = (run.at + run.len).min(range.end);
            (start < end).then(|| Run {
                at: start - range.start,
                len: end - start,
                from: run.from + start - run.at,
            })
        };
        Self {
            text: Cow::Owned(self.text.get(range.clone()).unwrap_or_default().to_owned()),
            place: self.place.clone(),
            runs: self.runs.iter().filter_map(run).collect(),
        }
    }
}

/// A value out of a table.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    Text(Piece<'a>),
    /// A number, `true`, `false` or `null`, as YAML writes it.
    Literal(Piece<'a>),
    List(Vec<Node<'a>>),
    Map(Vec<(Piece<'a>, Node<'a>)>),
}

/// A part of a row's text and where it comes from.
#[derive(Clone, Copy, Debug)]
struct Segment {
    at: u32,
    len: u32,
    /// Its place in the table.
    from: u32,
    to: u32,
    /// The number of its cell.
    cell: u32,
    /// Whether it is written in the table as it is here.
    exact: bool,
}

impl Segment {
    fn end(&self) -> u32 {
        self.at + self.len
    }
}

/// A row of a table, in one language, as a content file.
#[derive(Debug)]
pub(crate) struct Row {
    /// The path of the table.
    pub(in crate::source) table: Arc<str>,
    /// The text of the file.
    pub(in crate::source) text: Box<str>,
    segments: Box<[Segment]>,
    /// The place of its id in the table.
    pub(in crate::source) id: Range<usize>,
    /// The line of the table that it begins in, from 1.
    pub(in crate::source) line: usize,
    /// Whether the table cannot say whether a value is a text or a number.
    pub(in crate::source) untyped: bool,
}

impl Row {
    /// Writes what a row says of a page as the page's file.
    pub(super) fn write(
        table: &Arc<str>,
        id: Range<usize>,
        line: usize,
        untyped: bool,
        entries: &[(Piece<'_>, Node<'_>)],
        body: Option<&Piece<'_>>,
    ) -> Self {
        let mut writer = Writer::default();
        writer.text.push_str("---\n");
        writer.map(entries, 0);
        writer.text.push_str("---\n");
        if let Some(body) = body {
            writer.piece(body, |_| false);
        }
        Self {
            table: Arc::clone(table),
            text: writer.text.into(),
            segments: writer.segments.into(),
            id,
            line,
            untyped,
        }
    }

    /// The place in the table of a place in the text.
    pub(in crate::source) fn place(&self, range: Range<usize>) -> Range<usize> {
        let (start, end) = (small(range.start), small(range.end));
        let first = self.segments.partition_point(|s| s.end() <= start && s.end() < end.max(1));
        let over = |s: &&Segment| s.at < end || s.at <= start;
        let met: Vec<&Segment> = self
            .segments
            .iter()
            .skip(first)
            .take_while(over)
            .filter(|s| s.end() >= start)
            .collect();
        // What is of several cells is shown at the last: after a key comes its value.
        let Some(last) = met.last().filter(|_| end > 0) else { return self.id.clone() };
        let cell: Vec<&&Segment> = met.iter().filter(|s| s.cell == last.cell).collect();
        let Some(first) = cell.first() else { return self.id.clone() };
        let from =
            if first.exact { first.from + start.max(first.at) - first.at } else { first.from };
        let to = if last.exact { last.from + end.min(last.end()) - last.at } else { last.to };
        from as usize..to.max(from) as usize
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Writer {
    text: String,
    segments: Vec<Segment>,
    cell: u32,
}

impl Writer {
    fn map(&mut self, entries: &[(Piece<'_>, Node<'_>)], indent: usize) {
        for (n, (key, node)) in entries.iter().enumerate() {
            // The first key of a mapping in a list stands beside the dash.
            if n > 0 || indent == 0 || self.text.ends_with('\n') {
                self.indent(indent);
            }
            if yaml::is_key(&key.text) {
                self.piece(key, |_| false);
            } else {
                self.text.push('"');
                self.piece(key, |c| matches!(c, '"' | '\\') || is_unprintable(c));
                self.text.push('"');
            }
            self.text.push(':');
            match node {
                Node::Map(entries) if !entries.is_empty() => {
                    self.text.push('\n');
                    self.map(entries, indent + 2);
                }
                Node::List(items) if !items.is_empty() => {
                    self.text.push('\n');
                    self.list(items, indent + 2);
                }
                single => self.single(single),
            }
        }
    }

    fn list(&mut self, items: &[Node<'_>], indent: usize) {
        for item in items {
            self.indent(indent);
            self.text.push('-');
            match item {
                Node::Map(entries) if !entries.is_empty() => {
                    self.text.push(' ');
                    self.map(entries, indent + 2);
                }
                Node::List(items) if !items.is_empty() => {
                    self.text.push('\n');
                    self.list(items, indent + 2);
                }
                single => self.single(single),
            }
        }
    }

    /// A value that ends in its line.
    fn single(&mut self, node: &Node<'_>) {
        self.text.push(' ');
        match node {
            Node::Text(piece) => self.scalar(piece),
            Node::Literal(piece) => self.piece(piece, |_| false),
            Node::List(_) => self.text.push_str("[]"),
            Node::Map(_) => self.text.push_str("{}"),
        }
        self.text.push('\n');
    }

    /// A text in the plainest form that means nothing else.
    fn scalar(&mut self, piece: &Piece<'_>) {
        let text = &*piece.text;
        if yaml::is_plain(text) {
            self.piece(piece, |_| false);
        } else if text.contains(['"', '\\']) && !text.contains(|c| c == '\'' || is_unprintable(c)) {
            self.text.push('\'');
            self.piece(piece, |_| false);
            self.text.push('\'');
        } else {
            self.text.push('"');
            self.piece(piece, |c| matches!(c, '"' | '\\') || is_unprintable(c));
            self.text.push('"');
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// A piece, with the characters escaped that have to be.
    fn piece(&mut self, piece: &Piece<'_>, escaped: impl Fn(char) -> bool) {
        self.cell += 1;
        let mut at = 0;
        let part = |range: Range<usize>| piece.text.get(range).unwrap_or_default();
        for run in &piece.runs {
            self.within(part(at..run.at), &piece.place, &escaped);
            self.exactly(part(run.at..run.at + run.len), run.from, &escaped);
            at = run.at + run.len;
        }
        self.within(part(at..piece.text.len()), &piece.place, &escaped);
    }

    /// A text that comes from somewhere in a cell.
    fn within(&mut self, text: &str, place: &Range<usize>, escaped: &impl Fn(char) -> bool) {
        let start = self.text.len();
        for c in text.chars() {
            if escaped(c) { self.escape(c) } else { self.text.push(c) }
        }
        self.segment(start, place.clone(), false);
    }

    /// A text that stands in the table as it is.
    fn exactly(&mut self, text: &str, from: usize, escaped: &impl Fn(char) -> bool) {
        let mut done = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| escaped(*c)) {
            self.copy(text.get(done..at).unwrap_or_default(), from + done);
            done = at + c.len_utf8();
            let start = self.text.len();
            self.escape(c);
            self.segment(start, from + at..from + done, false);
        }
        self.copy(text.get(done..).unwrap_or_default(), from + done);
    }

    fn copy(&mut self, text: &str, from: usize) {
        let start = self.text.len();
        self.text.push_str(text);
        self.segment(start, from..from + text.len(), true);
    }

    fn segment(&mut self, start: usize, place: Range<usize>, exact: bool) {
        let len = self.text.len() - start;
        if len > 0 {
            let (from, to) = (small(place.start), small(place.end));
            let (at, len, cell) = (small(start), small(len), self.cell);
            self.segments.push(Segment { at, len, from, to, cell, exact });
        }
    }

    fn escape(&mut self, c: char) {
        match c {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            c => self.text.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
}

/// Whether YAML takes a character only escaped, or for the end of a line.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests;
