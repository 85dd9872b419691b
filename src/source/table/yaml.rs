//! Tables in YAML: a list of mappings, each a page's front matter with its `id`, its `body` and its
//! `translations`.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::row::{Node, Piece, Run};
use super::{Id, Sheet};
use crate::config::reader::type_name;
use crate::config::yaml::{self, Entry, Outline};
use crate::diagnostic::{Diagnostic, codes};

/// The keys that make a page in a language, beside its title.
const WORDS: [&str; 4] = ["title", "description", "slug", "body"];

/// A mapping with the places of its keys.
struct Mapping<'a> {
    map: &'a Map<String, Value>,
    keys: HashMap<&'a str, Entry<'a>>,
    /// The place of the whole.
    place: Range<usize>,
}

/// What a page in a language is made of.
type Page<'a> = (Vec<(Piece<'a>, Node<'a>)>, Option<Piece<'a>>);

/// Adds the pages of a table. Gives whether it can be read at all.
pub(super) fn read(sheet: &mut Sheet<'_>) -> bool {
    let text = sheet.text;
    let rows = match yaml::parse_list(text) {
        Ok(rows) => rows,
        Err(error) => {
            let place = error.offset.map_or(0..0, |at| line_from(text, at));
            let problem = Diagnostic::error(codes::YAML_SYNTAX, error.message);
            sheet.tell(problem, place, error.hint.as_deref());
            return false;
        }
    };
    let outline = Outline::new(text);
    let mut entries = outline.entries(outline.top());
    // Where the list is not written a line an entry, its parts are placed nowhere in particular.
    if entries.len() != rows.len() || entries.iter().any(|entry| entry.key.is_some()) {
        entries.clear();
    }
    let reader = Reader { text, outline: &outline };
    let mut entries = entries.into_iter();
    for row in &rows {
        reader.row(sheet, row, entries.next());
    }
    true
}

/// The place from an offset to the end of its line.
fn line_from(text: &str, at: usize) -> Range<usize> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // At the end of a line it is the line that is meant.
    let rest = text.get(at..).unwrap_or_default();
    let end = at + rest.find('\n').unwrap_or(rest.len());
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1);
    if at < end { at..end } else { start..end }
}

struct Reader<'a> {
    text: &'a str,
    outline: &'a Outline<'a>,
}

impl<'a> Reader<'a> {
    fn mapping(
        &self,
        map: &'a Map<String, Value>,
        place: Range<usize>,
        below: Range<usize>,
    ) -> Mapping<'a> {
        let entries = self.outline.entries(below);
        let keys = entries.into_iter().filter_map(|entry| Some((entry.key?, entry))).collect();
        Mapping { map, keys, place }
    }

    /// Adds the pages of a row: one in each language that it has words of.
    fn row(&self, sheet: &mut Sheet<'_>, row: &'a Value, entry: Option<Entry<'a>>) {
        let (place, below) = entry.map_or((0..0, 0..0), |entry| (entry.value_place, entry.below));
        let Value::Object(map) = row else {
            let message = format!("a row must be a mapping with an `id`, not {}", type_name(row));
            sheet.tell(Diagnostic::error(codes::WRONG_TYPE, message), place, None);
            return;
        };
        let row = self.mapping(map, place, below);
        let start = row.place.start;
        let Some(id) = self.id(sheet, &row) else { return };
        let mut translations = self.translations(sheet, &row);
        let own = WORDS.iter().any(|key| map.get(*key).is_some_and(|value| !value.is_null()));
        let (mut entries, body) = self.page(sheet, &row, &["id", "translations"]);
        // Facts are the original's, which is in the first language that has a page.
        match translations.first_mut().filter(|_| !own) {
            Some((_, (original, _))) => {
                entries.append(original);
                *original = entries;
            }
            None => sheet.add(&id, 0, start, &entries, body.as_ref()),
        }
        for (lang, (entries, body)) in &translations {
            sheet.add(&id, *lang, start, entries, body.as_ref());
        }
    }

    fn id(&self, sheet: &mut Sheet<'_>, row: &Mapping<'a>) -> Option<Id> {
        let piece = match row.map.get("id") {
            Some(Value::String(text)) => self.piece(text, row.value_place("id")),
            Some(Value::Number(n)) if n.is_i64() || n.is_u64() => {
                Piece::of(n.to_string(), row.value_place("id"))
            }
            None | Some(Value::Null) => Piece::of("", row.place.clone()),
            Some(other) => {
                let message = format!("`id` must be text, not {}", type_name(other));
                let problem = Diagnostic::error(codes::WRONG_TYPE, message);
                sheet.tell(problem, row.value_place("id"), None);
                return None;
            }
        };
        sheet.id(&piece, row.place.start)
    }

    /// What a row says in other languages, in the order of these.
    fn translations(&self, sheet: &Sheet<'_>, row: &Mapping<'a>) -> Vec<(usize, Page<'a>)> {
        let (key, place) = ("translations", row.value_place("translations"));
        let map = match row.map.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Object(map)) => map,
            Some(other) => {
                let message =
                    format!("`{key}` must be a mapping by language, not {}", type_name(other));
                sheet.tell(Diagnostic::error(codes::WRONG_TYPE, message), place, None);
                return Vec::new();
            }
        };
        let all = self.mapping(map, place, row.below(key));
        let mut found = Vec::new();
        for (tag, value) in map {
            let key_place = all.key_place(tag);
            let lang = sheet.config.language_index(tag);
            let problem = match (lang, value) {
                (_, Value::Null) => continue,
                (Some(lang), Value::Object(map)) if lang > 0 => {
                    let page = self.mapping(map, all.value_place(tag), all.below(tag));
                    found.push((lang, self.page(sheet, &page, &[])));
                    continue;
                }
                (None, _) => {
                    let message = format!("`{tag}` is not a language of this site");
                    let tags = sheet.config.languages.iter().map(|l| l.lang.as_str());
                    Diagnostic::error(codes::UNKNOWN_LANGUAGE, message).did_you_mean(tag, tags)
                }
                (Some(0), _) => {
                    let message = format!("`{tag}` is the first language of the site");
                    Diagnostic::error(codes::BAD_VALUE, message)
                        .hint("what is said in it stands beside the `id`")
                }
                (_, other) => {
                    let message = format!("`{tag}` must be a mapping, not {}", type_name(other));
                    Diagnostic::error(codes::WRONG_TYPE, message)
                }
            };
            sheet.tell(problem, key_place, None);
        }
        found.sort_by_key(|(lang, _)| *lang);
        found
    }

    /// The front matter and the body of a page.
    fn page(&self, sheet: &Sheet<'_>, page: &Mapping<'a>, without: &[&str]) -> Page<'a> {
        let mut entries = Vec::new();
        let mut body = None;
        for (key, value) in page.map.iter().filter(|(key, _)| !without.contains(&key.as_str())) {
            if key != "body" {
                entries.push((
                    page.key(key),
                    self.node(value, page.value_place(key), page.below(key)),
                ));
                continue;
            }
            match value {
                Value::Null => {}
                Value::String(text) => body = Some(self.piece(text, page.value_place(key))),
                other => {
                    let message = format!("`body` must be text, not {}", type_name(other));
                    let problem = Diagnostic::error(codes::WRONG_TYPE, message);
                    sheet.tell(problem, page.value_place(key), None);
                }
            }
        }
        (entries, body)
    }

    fn node(&self, value: &'a Value, place: Range<usize>, below: Range<usize>) -> Node<'a> {
        match value {
            Value::String(text) => Node::Text(self.piece(text, place)),
            Value::Array(items) => {
                let mut entries = self.outline.entries(below);
                if entries.len() != items.len() || entries.iter().any(|entry| entry.key.is_some()) {
                    entries.clear();
                }
                let mut entries = entries.into_iter();
                let item = |item| match entries.next() {
                    Some(entry) => self.node(item, entry.value_place, entry.below),
                    None => self.node(item, place.clone(), 0..0),
                };
                Node::List(items.iter().map(item).collect())
            }
            Value::Object(map) => {
                let inner = self.mapping(map, place, below);
                let entry = |(key, value): (&'a String, &'a Value)| {
                    (inner.key(key), self.node(value, inner.value_place(key), inner.below(key)))
                };
                Node::Map(map.iter().map(entry).collect())
            }
            single => Node::Literal(Piece::of(single.to_string(), place)),
        }
    }

    /// A text whose first line is at a place. Where it is written there as it is, each part is known.
    fn piece(&self, value: &'a str, place: Range<usize>) -> Piece<'a> {
        let written = self.text.get(place.clone()).unwrap_or_default();
        let inner = written.strip_prefix(['"', '\'']);
        if !value.is_empty() && inner.unwrap_or(written).starts_with(value) {
            let from = place.start + usize::from(inner.is_some());
            return Piece::exact(value, place, from);
        }
        match self.block(value, &place).filter(|_| written.starts_with(['|', '>'])) {
            Some((runs, end)) => {
                Piece { text: value.into(), place: place.start..end.max(place.end), runs }
            }
            None => Piece::of(value, place),
        }
    }

    /// The lines of a text that is written line by line below its key, and where they end.
    fn block(&self, value: &str, place: &Range<usize>) -> Option<(Vec<Run>, usize)> {
        let after = self.text.get(place.end..)?;
        let mut from = place.end + after.find('\n')? + 1;
        let (mut runs, mut at) = (Vec::new(), 0);
        for line in value.split_inclusive('\n') {
            let raw = self.text.get(from..)?.split('\n').next()?;
            let written = raw.trim_end_matches('\r');
            let content = line.trim_end_matches('\n');
            let indent = written.strip_suffix(content)?;
            if !indent.trim().is_empty() {
                return None;
            }
            // The end of the line is the same where it is no carriage return.
            let len = if written.len() == raw.len() { line.len() } else { content.len() };
            let len = len.min(self.text.len() - from - indent.len());
            runs.push(Run { at, len, from: from + indent.len() });
            at += line.len();
            from += raw.len() + 1;
        }
        Some((runs, from.min(self.text.len())))
    }
}

impl<'a> Mapping<'a> {
    fn key(&self, key: &'a str) -> Piece<'a> {
        Piece::of(key, self.key_place(key))
    }

    fn key_place(&self, key: &str) -> Range<usize> {
        self.keys.get(key).map_or_else(|| self.place.clone(), |entry| entry.key_place.clone())
    }

    fn value_place(&self, key: &str) -> Range<usize> {
        self.keys.get(key).map_or_else(|| self.place.clone(), |entry| entry.value_place.clone())
    }

    fn below(&self, key: &str) -> Range<usize> {
        self.keys.get(key).map_or(0..0, |entry| entry.below.clone())
    }
}
