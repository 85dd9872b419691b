//! The grammar of BibTeX files: entries, strings, comments, values put together with `#`.

use std::collections::HashMap;
use std::ops::Range;

use super::Mistake;

/// An entry as it is written.
#[derive(Debug, Default)]
pub(super) struct RawEntry {
    /// Its type, in small letters.
    pub(super) kind: String,
    pub(super) key: String,
    /// The place of its key.
    pub(super) place: Range<usize>,
    /// Names in small letters, values without their outer marks, places of the values.
    pub(super) fields: Vec<(String, String, Range<usize>)>,
}

/// The largest value, in bytes.
const MAX_VALUE: usize = 64 * 1024;

/// Months, which every style defines.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads the entries of a file. After a mistake it goes on at the next `@` that begins a line.
pub(super) fn parse(text: &str) -> (Vec<RawEntry>, Vec<Mistake>) {
    let months = MONTHS.iter().zip(1..).map(|(name, n)| ((*name).to_owned(), n.to_string()));
    let mut parser = Parser { text, at: 0, strings: months.collect(), mistakes: Vec::new() };
    let mut entries = Vec::new();
    while let Some(found) = parser.rest().find('@') {
        parser.at += found + 1;
        let start = parser.at;
        match parser.item() {
            Ok(entry) => entries.extend(entry),
            Err(mistake) => {
                parser.mistakes.push(mistake);
                parser.at = start;
                let next = parser.rest().find("\n@").map(|at| at + 1);
                parser.at = next.map_or(text.len(), |at| parser.at + at);
            }
        }
    }
    (entries, parser.mistakes)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The values of macros, by their names in small letters.
    strings: HashMap<String, String>,
    mistakes: Vec<Mistake>,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Takes a sign if it is next, after spaces.
    fn take(&mut self, sign: char) -> bool {
        self.space();
        let is_next = self.peek() == Some(sign);
        self.at += if is_next { sign.len_utf8() } else { 0 };
        is_next
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, Mistake> {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        Err(Mistake::new(message, self.at.min(self.text.len())..end))
    }

    /// A name of a type, field or macro.
    fn name(&mut self) -> &'a str {
        self.space();
        let rest = self.rest();
        let ends = |c: char| {
            c.is_whitespace()
                || matches!(c, '{' | '}' | '(' | ')' | ',' | '=' | '#' | '"' | '%' | '\'')
        };
        let name = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        self.at += name.len();
        name
    }

    /// What follows an `@`: an entry, or what is none.
    fn item(&mut self) -> Result<Option<RawEntry>, Mistake> {
        let kind = self.name().to_lowercase();
        self.space();
        if kind == "comment" {
            // Its braces may hold anything; without braces it is the line.
            if self.peek() == Some('{') {
                let _ = self.braced();
            }
            return Ok(None);
        }
        let open = self.peek();
        let close = match open {
            Some('{') => '}',
            Some('(') => ')',
            // An `@` in text between entries, which is a comment.
            _ => return Ok(None),
        };
        self.at += 1;
        match kind.as_str() {
            "preamble" => {
                self.value()?;
                self.end(close)?;
                Ok(None)
            }
            "string" => {
                let name = self.name().to_lowercase();
                if !self.take('=') {
                    return self.wrong("an `=` is missing after the name of the string");
                }
                let (value, _) = self.value()?;
                self.strings.insert(name, value);
                self.end(close)?;
                Ok(None)
            }
            _ => self.entry(kind, close).map(Some),
        }
    }

    fn end(&mut self, close: char) -> Result<(), Mistake> {
        self.take(',');
        if self.take(close) { Ok(()) } else { self.wrong(format!("a `{close}` is missing here")) }
    }

    fn entry(&mut self, kind: String, close: char) -> Result<RawEntry, Mistake> {
        self.space();
        let start = self.at;
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '=' | '"');
        let key = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        self.at += key.len();
        let mut entry =
            RawEntry { kind, key: key.to_owned(), place: start..self.at, fields: Vec::new() };
        if !self.take(',') && self.peek() != Some(close) {
            return self.wrong(format!("a comma is missing after the key `{key}`"));
        }
        loop {
            if self.take(close) {
                return Ok(entry);
            }
            let name = self.name().to_lowercase();
            if name.is_empty() {
                return self.wrong(format!("the entry `{key}` does not end"));
            }
            if !self.take('=') {
                return self.wrong(format!("an `=` is missing after `{name}`"));
            }
            let (value, place) = self.value()?;
            if entry.fields.iter().any(|(known, ..)| *known == name) {
                let message = format!("`{name}` is there twice; the first counts");
                self.mistakes.push(Mistake::new(message, place).minor());
            } else {
                entry.fields.push((name, value, place));
            }
            if !self.take(',') && self.peek() != Some(close) {
                return self.wrong("a comma is missing before this");
            }
        }
    }

    /// A value: texts, numbers and macros, put together with `#`.
    fn value(&mut self) -> Result<(String, Range<usize>), Mistake> {
        self.space();
        let start = self.at;
        let mut value = String::new();
        loop {
            self.space();
            match self.peek() {
                Some('{') => value.push_str(self.braced()?),
                Some('"') => value.push_str(self.quoted()?),
                _ => {
                    let place = self.at;
                    let name = self.name();
                    if name.is_empty() {
                        return self.wrong("a value is missing here");
                    }
                    if name.chars().all(char::is_numeric) {
                        value.push_str(name);
                    } else if let Some(text) = self.strings.get(&name.to_lowercase()) {
                        value.push_str(text);
                    } else {
                        let message = format!("there is no string `{name}`");
                        let hint = format!("put it in braces: {{{name}}}");
                        let mistake = Mistake::new(message, place..self.at).minor().hint(hint);
                        self.mistakes.push(mistake);
                        value.push_str(name);
                    }
                }
            }
            if value.len() > MAX_VALUE {
                let message = format!("a value has more than {MAX_VALUE} bytes");
                return Err(Mistake::new(message, start..self.at));
            }
            let end = self.at;
            if !self.take('#') {
                self.at = end;
                return Ok((value, start..end));
            }
        }
    }

    /// What is between a brace and the one that closes it.
    fn braced(&mut self) -> Result<&'a str, Mistake> {
        let start = self.at;
        let mut depth = 0_usize;
        for (at, byte) in self.rest().bytes().enumerate().take(MAX_VALUE) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                self.at = start + at + 1;
                return Ok(self.text.get(start + 1..start + at).unwrap_or_default());
            }
        }
        Err(Mistake::new("this brace is not closed", start..start + 1))
    }

    /// What is between quotation marks; those in braces end nothing.
    fn quoted(&mut self) -> Result<&'a str, Mistake> {
        let start = self.at;
        let mut depth = 0_usize;
        for (at, byte) in self.rest().bytes().enumerate().take(MAX_VALUE).skip(1) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => {
                    self.at = start + at + 1;
                    return Ok(self.text.get(start + 1..start + at).unwrap_or_default());
                }
                _ => {}
            }
        }
        Err(Mistake::new("this quotation mark is not closed", start..start + 1))
    }
}
