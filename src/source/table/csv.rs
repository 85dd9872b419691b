//! Tables as spreadsheets write them: comma-separated values (RFC 4180), or semicolons and tabs, which
//! spreadsheets write where the comma is for decimals.

use std::borrow::Cow;
use std::ops::Range;

use super::header::{Column, Header};
use super::row::{Node, Piece, Run};
use super::{Sheet, widen};
use crate::diagnostic::{Diagnostic, codes};

/// The most names in a message.
const MOST_NAMED: usize = 8;

/// The columns whose cells make a page in a language, beside its title.
const WORDS: [&str; 4] = ["title", "description", "slug", "body"];

/// A cell.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its place, with its quotation marks.
    pub(super) place: Range<usize>,
    /// The place of its text.
    inner: Range<usize>,
    /// Whether quotation marks are doubled in it.
    doubled: bool,
}

impl Field {
    /// What it says.
    pub(super) fn piece<'a>(&self, text: &'a str) -> Piece<'a> {
        let inner = text.get(self.inner.clone()).unwrap_or_default();
        if !self.doubled {
            return Piece::exact(inner, self.place.clone(), self.inner.start);
        }
        let (mut out, mut runs, mut from) = (String::new(), Vec::new(), self.inner.start);
        // Of two quotation marks the first is the text's.
        for part in inner.split_inclusive("\"\"") {
            let kept = part.strip_suffix("\"\"").map_or(part.len(), |rest| rest.len() + 1);
            runs.push(Run { at: out.len(), len: kept, from });
            out.push_str(part.get(..kept).unwrap_or_default());
            from += part.len();
        }
        Piece { text: Cow::Owned(out), place: self.place.clone(), runs }
    }

    fn is_empty(&self, text: &str) -> bool {
        text.get(self.inner.clone()).unwrap_or_default().trim().is_empty()
    }
}

/// Why a table cannot be read: what, and where.
type Broken = (&'static str, &'static str, Range<usize>);

/// The rows of a text, without those that are blank lines.
struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
}

impl Records<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn field(&mut self) -> Result<Field, Broken> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        if self.byte() != Some(b'"') {
            let ends = |b: &u8| *b == self.delimiter || matches!(*b, b'\n' | b'\r');
            let len = rest.iter().position(ends).unwrap_or(rest.len());
            self.at = start + len;
            let place = start..self.at;
            return Ok(Field { inner: place.clone(), place, doubled: false });
        }
        let (mut at, mut doubled) = (1, false);
        loop {
            let Some(quote) = memchr::memchr(b'"', rest.get(at..).unwrap_or_default()) else {
                let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                return Err((
                    "the quotation mark that begins this cell is not closed",
                    "end the cell with a quotation mark; one inside of it is written twice",
                    start..start + line,
                ));
            };
            at += quote + 1;
            if rest.get(at) != Some(&b'"') {
                break;
            }
            doubled = true;
            at += 1;
        }
        self.at = start + at;
        let field = Field { place: start..self.at, inner: start + 1..self.at - 1, doubled };
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
        match self.byte() {
            None | Some(b'\n' | b'\r') => Ok(field),
            Some(byte) if byte == self.delimiter => Ok(field),
            Some(_) => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                Err((
                    "there is text after the quotation mark that ends this cell",
                    "a quotation mark inside of a cell is written twice",
                    self.at..self.at + rest.find(['\n', '\r']).unwrap_or(rest.len()),
                ))
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<Field>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        while matches!(self.byte(), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        self.byte()?;
        let mut fields = Vec::new();
        loop {
            match self.field() {
                Ok(field) => fields.push(field),
                Err(broken) => {
                    self.at = self.text.len();
                    return Some(Err(broken));
                }
            }
            if self.byte() != Some(self.delimiter) {
                return Some(Ok(fields));
            }
            self.at += 1;
        }
    }
}

/// The records of a table, by the delimiter that its first line has.
fn records(text: &str) -> Records<'_> {
    let line_end = |text: &str| text.find(['\n', '\r']).unwrap_or(text.len());
    let first = text.get(..line_end(text)).unwrap_or_default();
    // What spreadsheets write, and read, to be sure of the delimiter.
    if let Some(delimiter) = first.strip_prefix("sep=")
        && let [delimiter] = delimiter.as_bytes()
    {
        return Records { text, at: first.len(), delimiter: *delimiter };
    }
    let header = text.trim_start_matches(['\n', '\r']);
    let header = header.get(..line_end(header)).unwrap_or_default();
    let delimiter = match () {
        () if header.contains(',') => b',',
        () if header.contains(';') => b';',
        () if header.contains('\t') => b'\t',
        () => b',',
    };
    Records { text, at: 0, delimiter }
}

/// Adds the pages of a table. Gives whether it can be read at all.
pub(super) fn read(sheet: &mut Sheet<'_>) -> bool {
    let text = sheet.text;
    let mut records = records(text);
    let mut rows = Vec::new();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(broken)) => return sheet.broken(broken),
        None => {
            let message = "the table is empty: its first row names the columns";
            let hint = "begin it with a line such as id,title,description";
            sheet.tell(Diagnostic::error(codes::DATA_SYNTAX, message), 0..0, Some(hint));
            return false;
        }
    };
    for record in records {
        match record {
            Ok(fields) if fields.iter().all(|field| field.is_empty(text)) => {}
            Ok(fields) => rows.push(fields),
            Err(broken) => return sheet.broken(broken),
        }
    }
    let used = |n: usize| rows.iter().any(|row| row.get(n).is_some_and(|f| !f.is_empty(text)));
    let Some(header) = Header::read(sheet, &header, used) else { return false };
    for fields in &rows {
        check_length(sheet, &header, fields);
        row(sheet, &header, fields);
    }
    true
}

/// Reports a row that has not as many cells as the header.
fn check_length(sheet: &Sheet<'_>, header: &Header, fields: &[Field]) {
    let (len, wanted) = (fields.len(), header.columns.len());
    let more = fields.get(wanted..).unwrap_or_default();
    let (Some(first), Some(last)) = (fields.first(), fields.last()) else { return };
    // Spreadsheets leave empty cells at the end of rows.
    if len == wanted || (len > wanted && more.iter().all(|field| field.is_empty(sheet.text))) {
        return;
    }
    let cells = if len == 1 { "1 cell".to_owned() } else { format!("{len} cells") };
    let says = format!("this row has {cells}, the header has {wanted}");
    if let Some(extra) = more.first() {
        let problem = Diagnostic::error(codes::DATA_SYNTAX, says);
        let hint = "a cell with the delimiter in it goes in quotation marks: \"…\"";
        sheet.tell(problem, widen(sheet.text, extra.place.start..last.place.end), Some(hint));
        return;
    }
    let missing = header.columns.get(len..).unwrap_or_default();
    let named = missing.iter().take(MOST_NAMED).map(|column| format!("`{}`", column.name));
    let mut names: Vec<String> = named.collect();
    if missing.len() > MOST_NAMED {
        names.push("…".into());
    }
    let message = format!("{says}: without {}", names.join(", "));
    let problem = Diagnostic::error(codes::DATA_SYNTAX, message);
    let hint = "write the delimiter for empty cells too";
    sheet.tell(problem, first.place.start..last.place.end, Some(hint));
}

/// A cell with its column.
type Filled<'a, 'h> = (&'h Column, Piece<'a>);

/// Adds the pages of a row: one in each language that it has words of.
fn row(sheet: &mut Sheet<'_>, header: &Header, fields: &[Field]) {
    let text = sheet.text;
    let line = fields.first().map_or(0, |field| field.place.start);
    let cells = || header.columns.iter().zip(fields).filter(|(_, field)| !field.is_empty(text));
    let Some(id) = fields.get(header.id) else { return };
    let Some(id) = sheet.id(&id.piece(text), line) else { return };
    let filled: Vec<Filled<'_, '_>> =
        cells().map(|(column, field)| (column, field.piece(text))).collect();
    let languages = sheet.config.languages.len();
    let has = |lang: usize| filled.iter().any(|(column, _)| column.lang == Some(lang));
    let translations: Vec<usize> = (1..languages).filter(|lang| has(*lang)).collect();
    let own = |(column, _): &Filled<'_, '_>| {
        column.lang.is_none() && column.path.first().is_some_and(|key| WORDS.contains(&&**key))
    };
    // Facts are the original's, which is in the first language that has a page.
    let original = match translations.first() {
        Some(first) if !filled.iter().any(own) => *first,
        _ => 0,
    };
    let mut pages = translations;
    if original == 0 {
        pages.insert(0, 0);
    }
    for lang in pages {
        let mut entries = Vec::new();
        let mut body = None;
        for (column, piece) in &filled {
            if column.lang.unwrap_or(original) != lang || column.path.is_empty() {
                continue;
            }
            if column.is_body {
                body = Some(piece.clone());
                continue;
            }
            let node = column.node(piece);
            if !matches!(&node, Node::List(items) if items.is_empty()) {
                insert(&mut entries, &column.path, &column.place, node);
            }
        }
        sheet.add(&id, lang, line, &entries, body.as_ref());
    }
}

/// Puts a value in its place in nested mappings.
fn insert<'a>(
    entries: &mut Vec<(Piece<'a>, Node<'a>)>,
    path: &[String],
    place: &Range<usize>,
    node: Node<'a>,
) {
    let Some((key, rest)) = path.split_first() else { return };
    let key_piece = || Piece::of(key.clone(), place.clone());
    if rest.is_empty() {
        entries.push((key_piece(), node));
        return;
    }
    let known = entries.iter().position(|(known, _)| *known.text == **key);
    let at = known.unwrap_or(entries.len());
    if known.is_none() {
        entries.push((key_piece(), Node::Map(Vec::new())));
    }
    if let Some((_, Node::Map(inner))) = entries.get_mut(at) {
        insert(inner, rest, place, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
        let cells = |row: Vec<Field>| row.iter().map(|f| f.piece(text).text.into_owned()).collect();
        records(text).map(|row| row.map(cells).map_err(|broken| broken.0)).collect()
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        let rows = |text: &str| cells(text).unwrap_or_default();
        assert_eq!(rows("a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n"), [["a", "b"], ["1", "x, \"y\"\nz"]]);
        assert_eq!(rows("a;b\n1,5;2"), [["a", "b"], ["1,5", "2"]]);
        assert_eq!(rows("a\tb\r1\t\r"), [["a", "b"], ["1", ""]]);
        assert_eq!(rows("sep=;\na;b,c\n"), [["a", "b,c"]]);
        assert_eq!(rows("a,b\n\n\"\",قال \"نعم\"\n"), [["a", "b"], ["", "قال \"نعم\""]]);
        assert_eq!(rows("a,\n"), [["a", ""]]);
        assert!(cells("a,\"b\nc").is_err_and(|why| why.contains("not closed")));
        assert!(cells("\"a\"b\n").is_err_and(|why| why.contains("after")));
    }

    #[test]
    fn each_part_of_a_cell_is_at_its_place() {
        let text = "\"a \"\"b\"\" ج\"";
        let [row] = &records(text).filter_map(Result::ok).collect::<Vec<_>>()[..] else {
            unreachable!()
        };
        for piece in row.iter().map(|field| field.piece(text)) {
            for run in &piece.runs {
                assert_eq!(
                    piece.text.get(run.at..run.at + run.len),
                    text.get(run.from..run.from + run.len)
                );
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_in_a_cell_is_read_from_it(
            cells in proptest::collection::vec(
                "(\"|\"\"|[,;\r\n\t ]|[a-zأ-ي\u{200F}\u{FEFF}:#|-]){0,8}", 1..6
            ),
        ) {
            let quoted: Vec<String> =
                cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            let text = format!("\"a\",\"b\"\n{}\n", quoted.join(","));
            let Some(Ok(row)) = records(&text).nth(1) else { unreachable!() };
            let pieces: Vec<Piece<'_>> = row.iter().map(|field| field.piece(&text)).collect();
            for (piece, cell) in pieces.iter().zip(&cells) {
                proptest::prop_assert_eq!(&*piece.text, cell);
                let mut known = 0;
                for run in &piece.runs {
                    known += run.len;
                    proptest::prop_assert_eq!(
                        cell.get(run.at..run.at + run.len),
                        text.get(run.from..run.from + run.len)
                    );
                }
                proptest::prop_assert_eq!(known, cell.len());
            }
            proptest::prop_assert_eq!(pieces.len(), cells.len());
        }
    }
}
