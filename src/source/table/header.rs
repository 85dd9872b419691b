//! What the columns of a table are called, and what that makes of their cells.

use std::collections::HashMap;
use std::ops::Range;

use super::csv::Field;
use super::row::{Node, Piece};
use super::{Sheet, literal, widen};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, codes};

/// Keys of front matter whose values are texts, whatever they look like.
const TEXTS: [&str; 15] = [
    "title",
    "description",
    "kind",
    "date",
    "updated",
    "publish",
    "expires",
    "slug",
    "aliases",
    "template",
    "sort",
    "untranslated",
    "languages",
    "translated_from",
    "sources",
];

/// Keys whose values are true or false.
const BOOLEANS: [&str; 2] = ["draft", "feed"];

/// The deepest nesting that a name of a column can say.
const MAX_DEPTH: usize = 8;

/// The longest part of a name, in bytes.
const MAX_PART: usize = 128;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    /// Texts.
    Text,
    /// True or false.
    Boolean,
    /// What they look like.
    Any,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name as it is written.
    pub(super) name: String,
    /// The keys that lead to its value in front matter; none where it is no part of that.
    pub(super) path: Vec<String>,
    /// The language whose words it holds, but for the first language.
    pub(super) lang: Option<usize>,
    /// Whether it holds texts of pages.
    pub(super) is_body: bool,
    /// The place of its name.
    pub(super) place: Range<usize>,
    is_list: bool,
    type_: Type,
}

impl Column {
    /// The value of a cell.
    pub(super) fn node<'a>(&self, piece: &Piece<'a>) -> Node<'a> {
        if self.is_list {
            return Node::List(piece.split().into_iter().map(|part| self.single(part)).collect());
        }
        self.single(piece.clone())
    }

    fn single<'a>(&self, piece: Piece<'a>) -> Node<'a> {
        let trimmed = piece.text.trim();
        let word = ["true", "false"].into_iter().find(|word| trimmed.eq_ignore_ascii_case(word));
        match (self.type_, word) {
            (Type::Boolean, Some(word)) => Node::Literal(Piece::of(word, piece.place)),
            (Type::Any, _) if literal(&piece.text) => Node::Literal(piece),
            _ => Node::Text(piece),
        }
    }
}

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    /// Which of them holds ids.
    pub(super) id: usize,
}

impl Header {
    /// Reads the first row. `used` says whether a column has a cell that is not empty. `None` where the rows
    /// cannot be told by it.
    pub(super) fn read(
        sheet: &Sheet<'_>,
        fields: &[Field],
        used: impl Fn(usize) -> bool,
    ) -> Option<Self> {
        let mut columns = Vec::new();
        let mut good = true;
        for (n, field) in fields.iter().enumerate() {
            let piece = field.piece(sheet.text);
            let name = piece.text.trim();
            let place = field.place.clone();
            let column = match column(name, place.clone(), sheet.config) {
                // A spreadsheet leaves empty columns at the end.
                Err(_) if name.is_empty() && !used(n) => Column::ignored(name, place),
                Ok(column) => column,
                Err(problem) => {
                    sheet.tell(*problem, widen(sheet.text, place.clone()), None);
                    good = false;
                    Column::ignored(name, place)
                }
            };
            columns.push(column);
        }
        while columns.last().is_some_and(|column: &Column| column.name.is_empty()) {
            columns.pop();
        }
        good &= !has_twice(sheet, &columns);
        let id = columns.iter().position(|column| column.name == "id");
        if id.is_none() {
            let problem = Diagnostic::error(codes::MISSING_KEY, "the table has no column `id`");
            let names = columns.iter().map(|column| column.name.as_str());
            let problem = match names.clone().find(|name| name.eq_ignore_ascii_case("id")) {
                Some(name) => problem.hint(format!("write `id`, not `{name}`")),
                None => problem.did_you_mean("id", names),
            };
            let place = columns.first().map_or(0..0, |column| column.place.clone());
            let end = columns.last().map_or(0, |column| column.place.end);
            let hint = "each row needs an id, which its page is known by";
            sheet.tell(problem, place.start..end, Some(hint));
        }
        id.filter(|_| good).map(|id| Self { columns, id })
    }
}

impl Column {
    /// A column whose cells say nothing.
    fn ignored(name: &str, place: Range<usize>) -> Self {
        let name = name.to_owned();
        let (path, lang, is_body, is_list) = (Vec::new(), None, false, false);
        Self { name, path, lang, is_body, place, is_list, type_: Type::Text }
    }
}

/// What a name of a column says.
fn column(name: &str, place: Range<usize>, config: &Config) -> Result<Column, Box<Diagnostic>> {
    let wrong = |message: String| Box::new(Diagnostic::error(codes::DATA_SYNTAX, message));
    if name.is_empty() {
        return Err(wrong("this column has no name".into()));
    }
    if name == "id" {
        return Ok(Column::ignored(name, place));
    }
    let (path, is_list) = match name.strip_suffix("[]") {
        Some(rest) => (rest.trim_end(), true),
        None => (name, false),
    };
    let mut path: Vec<String> = path.split('.').map(|part| part.trim().to_owned()).collect();
    let bad = |part: &String| part.is_empty() || part.len() > MAX_PART;
    if path.iter().any(bad) || path.len() > MAX_DEPTH {
        return Err(wrong(format!("«{name}» cannot be the name of a column")));
    }
    let lang = path.last().filter(|_| path.len() > 1).and_then(|tag| config.language_index(tag));
    if lang.is_some() {
        path.pop();
    }
    let key = path.first().map(String::as_str).unwrap_or_default();
    let is_text = TEXTS.contains(&key) || BOOLEANS.contains(&key) || matches!(key, "body" | "id");
    if let (true, [_, tag, ..]) = (is_text, &path[..]) {
        let message = format!("`{tag}` is not a language of this site");
        let problem = Diagnostic::error(codes::UNKNOWN_LANGUAGE, message);
        let tags = config.languages.iter().map(|language| language.lang.as_str());
        return Err(Box::new(problem.did_you_mean(tag, tags)));
    }
    if key == "id" {
        return Err(wrong("a page has one id, in all languages".into()));
    }
    let is_taxonomy = config.taxonomies.iter().any(|taxonomy| taxonomy.name == key);
    let type_ = match key {
        _ if TEXTS.contains(&key) || is_taxonomy => Type::Text,
        _ if BOOLEANS.contains(&key) => Type::Boolean,
        _ => Type::Any,
    };
    let is_body = key == "body";
    // The first language needs no name.
    let lang = lang.filter(|lang| *lang > 0);
    Ok(Column { name: name.to_owned(), path, lang, is_body, place, is_list, type_ })
}

/// Reports columns that would be one key, or a part of another's value.
fn has_twice(sheet: &Sheet<'_>, columns: &[Column]) -> bool {
    let mut seen: HashMap<(Option<usize>, &[String]), &Column> = HashMap::new();
    let mut found = false;
    let mut report = |column: &Column, other: &Column, message: String| {
        let problem = Diagnostic::error(codes::DATA_SYNTAX, message);
        sheet.tell_beside(problem, column.place.clone(), other.place.clone());
        found = true;
    };
    let mut id: Option<&Column> = None;
    for column in columns {
        let twice = if column.name == "id" {
            id.replace(column)
        } else if column.path.is_empty() {
            None
        } else {
            seen.insert((column.lang, &column.path), column)
        };
        if let Some(other) = twice {
            report(column, other, format!("the column `{}` is there twice", column.name));
        }
    }
    for column in columns {
        for end in 1..column.path.len() {
            let above = column.path.get(..end).unwrap_or_default();
            if let Some(other) = seen.get(&(column.lang, above)) {
                let message = format!("`{}` is a part of the column `{}`", column.name, other.name);
                report(column, other, message);
            }
        }
    }
    found
}
