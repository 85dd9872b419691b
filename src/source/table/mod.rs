//! Tables: files of `content/` whose rows are pages. Each row becomes the text of a content file, in each
//! language that it has, so that nothing after this module knows of tables; what is found wrong in such a
//! text is shown in the table ([`Row::place`]).

mod csv;
mod header;
mod row;
mod yaml;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use super::{Backing, Digest, SourceFile, digest, read_text};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::text::nfc;

pub(crate) use row::Row;
use row::{Node, Piece};

/// A table of the site.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Whether nothing of it can be used.
    pub(super) broken: bool,
    /// The size and time of its file before it was read.
    pub(super) stamp: Stamp,
    /// The digest of its text.
    digest: Digest,
    /// The settings that it was read by.
    settings: Arc<str>,
    /// Its pages, by the paths of their files.
    rows: Vec<(Arc<str>, Arc<Row>)>,
    problems: Vec<Diagnostic>,
}

impl Table {
    /// A table whose file cannot be read.
    fn unread(stamp: Stamp, problem: Diagnostic) -> Self {
        let (digest, settings) = (Digest::default(), "".into());
        Self { broken: true, stamp, digest, settings, rows: Vec::new(), problems: vec![problem] }
    }

    /// Reads a table, or takes it as it was `before` where it is the same.
    fn read(
        file: &SourceFile,
        config: &Config,
        settings: &Arc<str>,
        before: Option<&Self>,
    ) -> Self {
        let stamp = stamp_of(file);
        let text = match read_text(file) {
            Ok(text) => text,
            Err(problem) => return Self::unread(stamp, problem),
        };
        let digest = digest(text.as_bytes());
        let is_same = |table: &&Self| table.digest == digest && table.settings == *settings;
        if let Some(before) = before.filter(is_same) {
            return Self { stamp, ..before.clone() };
        }
        let mut sheet = Sheet::new(&file.path, &text, config);
        let good = match extension(&file.path) {
            Some("csv") => csv::read(&mut sheet),
            _ => yaml::read(&mut sheet),
        };
        let (rows, problems) = (std::mem::take(&mut sheet.rows), sheet.problems());
        Self { broken: !good, stamp, digest, settings: Arc::clone(settings), rows, problems }
    }
}

/// The tables of a site, by their paths.
pub(super) type Tables = BTreeMap<Arc<str>, Table>;

/// The size and time of a file.
pub(super) type Stamp = Option<(u64, Option<SystemTime>)>;

/// Whether a file of the site is a table: `content/events/_events.csv`.
#[must_use]
pub fn is_table(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("content/") && name.starts_with('_') && extension(name).is_some()
}

/// The ending of a table's name.
fn extension(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    ["csv", "yaml", "yml"].into_iter().find(|known| ending.eq_ignore_ascii_case(known))
}

/// The size and time of a file as it is now.
pub(super) fn stamp_of(file: &SourceFile) -> Stamp {
    let meta = std::fs::metadata(file.disk_path()?).ok()?;
    Some((meta.len(), meta.modified().ok()))
}

/// Adds the pages of all tables to the files of a site. Gives the tables. Those that are as they were `before`
/// are not read again.
pub(super) fn expand(
    config: &Config,
    files: &mut BTreeMap<Arc<str>, SourceFile>,
    before: Option<&Tables>,
    problems: &Problems,
) -> Tables {
    let found: Vec<SourceFile> =
        files.values().filter(|file| is_table(&file.path)).cloned().collect();
    let languages = config.languages.iter().map(|language| language.lang.as_str());
    let taxonomies = config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
    // What a column is depends on these.
    let settings = format!("{:?}", (languages.collect::<Vec<_>>(), taxonomies.collect::<Vec<_>>()));
    let settings: Arc<str> = settings.into();
    let mut tables = BTreeMap::new();
    for file in found {
        let before = before.and_then(|tables| tables.get(&file.path));
        let table = Table::read(&file, config, &settings, before);
        problems.extend(table.problems.iter().cloned());
        for (path, row) in &table.rows {
            add(files, path, row, problems);
        }
        tables.insert(Arc::clone(&file.path), table);
    }
    tables
}

/// Adds the file that a row is, unless there is one of its name.
fn add(
    files: &mut BTreeMap<Arc<str>, SourceFile>,
    path: &Arc<str>,
    row: &Arc<Row>,
    problems: &Problems,
) {
    if let Some(other) = files.get(path) {
        let place = match &other.backing {
            Backing::Row(other) => Span::new(&other.table, other.id.clone()),
            _ => Span::file(path),
        };
        let name = path.strip_prefix("content/").unwrap_or(path);
        let message = format!("this row is the page {name}, which is there already");
        problems.push(
            Diagnostic::error(codes::PATH_COLLISION, message)
                .at(Span::new(&row.table, row.id.clone()))
                .related(place, "the other one")
                .hint("delete one of them, or give the row another id"),
        );
        return;
    }
    let backing = Backing::Row(Arc::clone(row));
    files.insert(Arc::clone(path), SourceFile { path: Arc::clone(path), backing });
}

/// A table being read.
struct Sheet<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    config: &'a Config,
    problems: Problems,
    /// How many problems were found.
    found: Cell<usize>,
    /// Its folder, with `/` at the end.
    folder: &'a str,
    /// The ids that were met, with their places.
    ids: HashMap<String, Range<usize>>,
    /// The offset and the number of the line that was last asked for.
    line: (usize, usize),
    rows: Vec<(Arc<str>, Arc<Row>)>,
}

/// The most problems of the rows of one table that are told.
const MOST_TOLD: usize = 200;

/// The id of a row.
struct Id {
    text: String,
    place: Range<usize>,
}

impl<'a> Sheet<'a> {
    fn new(path: &'a Arc<str>, text: &'a str, config: &'a Config) -> Self {
        Self {
            path,
            text,
            config,
            problems: Problems::new(),
            found: Cell::new(0),
            folder: path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default(),
            ids: HashMap::new(),
            line: (0, 1),
            rows: Vec::new(),
        }
    }

    fn tell(&self, problem: Diagnostic, place: Range<usize>, hint: Option<&str>) {
        self.found.set(self.found.get() + 1);
        if self.found.get() <= MOST_TOLD {
            let mut problem = problem.at(Span::new(self.path, place));
            problem.hints.extend(hint.map(str::to_owned));
            self.problems.push(problem);
        }
    }

    /// What is wrong with the table.
    fn problems(self) -> Vec<Diagnostic> {
        if let Some(more) = self.found.get().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
            let message = format!("{more} more rows of the table are wrong");
            let problem = Diagnostic::error(codes::DATA_SYNTAX, message);
            self.problems.push(problem.at(Span::file(self.path)));
        }
        self.problems.into_vec()
    }

    fn tell_beside(&self, problem: Diagnostic, place: Range<usize>, other: Range<usize>) {
        let other = Span::new(self.path, other);
        self.tell(problem.related(other, "the other one"), place, None);
    }

    /// Tells why the table cannot be read; it is not.
    fn broken(&self, (message, hint, place): (&str, &str, Range<usize>)) -> bool {
        self.tell(Diagnostic::error(codes::DATA_SYNTAX, message), place, Some(hint));
        false
    }

    /// The id of a row that begins at an offset; `None` where it can be none.
    fn id(&mut self, piece: &Piece<'_>, row: usize) -> Option<Id> {
        let text = nfc(piece.text.trim()).into_owned();
        let place = widen(self.text, piece.place.clone());
        if text.is_empty() {
            let problem = Diagnostic::error(codes::MISSING_KEY, "this row has no `id`");
            self.tell(problem, if piece.place.is_empty() { row..row + 1 } else { place }, None);
            return None;
        }
        if let Some(why) = self.is_no_id(&text) {
            let message = format!("the id «{}» {why}", shown(&text));
            self.tell(Diagnostic::error(codes::BAD_ID, message), place, Some("give it another"));
            return None;
        }
        if let Some(first) = self.ids.get(&text) {
            let message = format!("the id `{text}` is given twice");
            let problem = Diagnostic::error(codes::PATH_COLLISION, message);
            self.tell_beside(problem, place, first.clone());
            return None;
        }
        self.ids.insert(text.clone(), place.clone());
        Some(Id { text, place })
    }

    /// Why a text cannot be the id of a row. What no file can be called is found out where files are.
    fn is_no_id(&self, id: &str) -> Option<&'static str> {
        let ending = id.rsplit_once('.').map(|(_, ending)| ending);
        if id.contains(['/', '\\']) {
            Some("is a path: a row is a page of the folder that its table is in")
        } else if id == "index" || id.starts_with(['_', '.']) || id.starts_with("~$") {
            Some("is no name of a page")
        } else if ending.is_some_and(|tag| self.config.language_index(tag).is_some()) {
            Some("ends in a language: a row is a page in all its languages")
        } else {
            None
        }
    }

    /// Adds a page.
    fn add(
        &mut self,
        id: &Id,
        lang: usize,
        row: usize,
        entries: &[(Piece<'_>, Node<'_>)],
        body: Option<&Piece<'_>>,
    ) {
        let suffix = match self.config.languages.get(lang) {
            Some(language) if lang > 0 => format!(".{}", language.lang),
            _ => String::new(),
        };
        let path = format!("{}{}{suffix}.md", self.folder, id.text);
        let untyped = extension(self.path) == Some("csv");
        let line = self.line_of(row);
        let row = Row::write(self.path, id.place.clone(), line, untyped, entries, body);
        self.rows.push((path.into(), Arc::new(row)));
    }

    /// The number of the line of an offset; rows are asked for in their order.
    fn line_of(&mut self, offset: usize) -> usize {
        let (at, line) = self.line;
        let between = self.text.as_bytes().get(at..offset).unwrap_or_default();
        let line = line + memchr::memchr_iter(b'\n', between).count();
        self.line = (offset.max(at), line);
        line
    }
}

/// A place that is not empty, so that something is seen of it.
fn widen(text: &str, place: Range<usize>) -> Range<usize> {
    if !place.is_empty() {
        return place;
    }
    let next = text.get(place.end..).and_then(|rest| rest.chars().next());
    let before = text.get(..place.start).and_then(|rest| rest.chars().next_back());
    match (next.filter(|c| !matches!(c, '\n' | '\r')), before) {
        (Some(c), _) => place.start..place.end + c.len_utf8(),
        (None, Some(c)) => place.start - c.len_utf8()..place.end,
        (None, None) => place,
    }
}

/// A text without what cannot be seen in it.
fn shown(text: &str) -> String {
    text.replace(|c: char| c.is_control() || crate::text::is_bidi_control(c), "\u{FFFD}")
}

/// Whether a text is the canonical writing of `true`, `false` or a number, so that nothing is lost where it
/// is taken for one: `007`, `1.50` and `+5` are texts.
fn literal(text: &str) -> bool {
    if matches!(text, "true" | "false") {
        return true;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain
        && (text.parse::<i64>().is_ok_and(|n| n.to_string() == text)
            || (text.contains('.') && text.parse::<f64>().is_ok_and(|n| n.to_string() == text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_numbers_are_numbers() {
        for number in ["0", "7", "-3", "1.5", "-0.25", "9223372036854775807", "true", "false"] {
            assert!(literal(number), "{number}");
        }
        for text in [
            "007",
            "1.50",
            "+5",
            "-0",
            "1.",
            ".5",
            "1e5",
            "1,5",
            "٧",
            "",
            "-",
            "1.0",
            "True",
            " 1",
            "9223372036854775808",
            "inf",
            "NaN",
            "0x1",
            "1_000",
        ] {
            assert!(!literal(text), "{text}");
        }
    }

    #[test]
    fn tables_are_told_by_their_names() {
        for path in ["content/_a.csv", "content/events/_e.yaml", "content/e/_E.YML"] {
            assert!(is_table(path), "{path}");
        }
        for path in ["content/a.csv", "data/_a.csv", "content/_index.md", "content/_x/a.csv"] {
            assert!(!is_table(path), "{path}");
        }
    }
}
