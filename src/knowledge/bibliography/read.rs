//! Records from BibTeX.

use std::ops::Range;

use super::entries::{RawEntry, parse};
use super::names::Name;
use super::{Entries, Mistake, Record, date, language, latex};
use crate::text::Edtf;

/// Reads a file. Entries that cannot be read are left out, with the reason among the mistakes.
#[must_use]
pub fn read(text: &str) -> Entries {
    let (raw, mistakes) = parse(text);
    let mut entries = Entries { records: Vec::new(), mistakes };
    for entry in raw {
        let place = entry.place.clone();
        let mut reading = Reading { entry: &entry, mistakes: &mut entries.mistakes };
        if let Some(record) = reading.record() {
            entries.records.push((record, place));
        }
    }
    entries
}

struct Reading<'a> {
    entry: &'a RawEntry,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reading<'_> {
    fn raw(&self, name: &str) -> Option<(&str, Range<usize>)> {
        let field = self.entry.fields.iter().find(|(known, ..)| known == name);
        field.map(|(_, value, place)| (value.as_str(), place.clone()))
    }

    /// The text of the first of some fields that is there.
    fn text(&mut self, names: &[&str]) -> Option<String> {
        let (value, place) = names.iter().find_map(|name| self.raw(name))?;
        let mut unknown = Vec::new();
        let text = latex::decode(value, &mut unknown);
        for name in unknown {
            let message = format!("the command `\\{name}` is not known and was left out");
            self.mistakes.push(Mistake::new(message, place.clone()).minor());
        }
        (!text.is_empty()).then_some(text)
    }

    fn record(&mut self) -> Option<Record> {
        let place = self.entry.place.clone();
        if self.entry.key.is_empty() {
            let place = place.start.saturating_sub(1)..place.start;
            self.mistakes.push(Mistake::new("the entry has no key", place));
            return None;
        }
        let Some(title) = self.text(&["title", "booktitle", "maintitle"]) else {
            let message = format!("the entry `{}` has no title", self.entry.key);
            self.mistakes.push(Mistake::new(message, place));
            return None;
        };
        let subtitle = self.text(&["subtitle"]);
        let title = subtitle.map_or(title.clone(), |subtitle| format!("{title}: {subtitle}"));
        Some(Record {
            key: self.entry.key.clone(),
            type_: self.kind().to_owned(),
            title,
            authors: self.authors(),
            publisher: self.text(&[
                "journaltitle",
                "journal",
                "publisher",
                "organization",
                "institution",
                "school",
                "howpublished",
            ]),
            published: self.published(),
            accessed: self.date("urldate"),
            language: self.language(),
            url: self.address(),
            archived_url: self.raw("archiveurl").map(|(url, _)| url.trim().to_owned()),
            pages: self.text(&["pages"]),
            note: self.text(&["note", "annotation", "annote"]),
        })
    }

    fn kind(&mut self) -> &'static str {
        let subtype = self.raw("entrysubtype").map(|(value, _)| value.to_lowercase());
        let paper = subtype.is_some_and(|s| matches!(s.as_str(), "newspaper" | "magazine"));
        let has_address = self.raw("url").is_some();
        match self.entry.kind.as_str() {
            "article" if paper => "news",
            "online" | "electronic" | "www" | "webpage" => "web",
            "misc" if has_address => "web",
            "report" | "techreport" => "statement",
            "legislation" | "jurisdiction" | "legal" | "legadminmaterial" => "law",
            "dataset" => "dataset",
            "book" | "booklet" | "inbook" | "incollection" | "collection" | "mvbook" | "manual"
            | "proceedings" | "inproceedings" | "conference" | "thesis" | "phdthesis"
            | "mastersthesis" | "article" | "periodical" | "unpublished" | "misc" => "book",
            other => {
                let message = format!("the type `{other}` is not known and becomes `web`");
                self.mistakes.push(Mistake::new(message, self.entry.place.clone()).minor());
                "web"
            }
        }
    }

    fn authors(&mut self) -> Vec<String> {
        let Some((value, place)) = ["author", "editor"].iter().find_map(|name| self.raw(name))
        else {
            return Vec::new();
        };
        let mut unknown = Vec::new();
        let names = split(value, "and");
        let others = names.contains(&"others");
        let names = names.into_iter().filter(|name| !name.is_empty() && *name != "others");
        let names = names.map(|one| name(one, &mut unknown).field()).collect();
        for command in unknown {
            let message = format!("the command `\\{command}` is not known and was left out");
            self.mistakes.push(Mistake::new(message, place.clone()).minor());
        }
        if others {
            let message = "«and others» names nobody, and was left out".to_owned();
            self.mistakes.push(Mistake::new(message, place).minor());
        }
        names
    }

    fn date(&mut self, name: &str) -> Option<Edtf> {
        let (value, place) = self.raw(name)?;
        let read = date(value);
        if read.is_none() && !value.trim().is_empty() {
            let message = format!("«{value}» is no date that can be read, and was left out");
            self.mistakes.push(Mistake::new(message, place).minor());
        }
        read
    }

    /// `date`, or `year` with `month` and `day`.
    fn published(&mut self) -> Option<Edtf> {
        if self.raw("date").is_some() {
            return self.date("date");
        }
        let (year, place) = self.raw("year")?;
        let year = latex::decode(year, &mut Vec::new());
        let month = self.raw("month").and_then(|(month, _)| month_number(month));
        let day = self.raw("day").and_then(|(day, _)| day.trim().parse::<u8>().ok());
        let text = match (month, day) {
            (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year}-{month:02}"),
            _ => year.clone(),
        };
        let read = date(&text).or_else(|| date(&year));
        if read.is_none() {
            let message = format!("«{text}» is no date that can be read, and was left out");
            self.mistakes.push(Mistake::new(message, place).minor());
        }
        read
    }

    fn language(&mut self) -> Option<String> {
        let (value, place) = ["langid", "language"].iter().find_map(|name| self.raw(name))?;
        let read = language(value);
        if read.is_none() {
            let message = format!("«{value}» is no language that is known, and was left out");
            self.mistakes.push(Mistake::new(message, place).minor());
        }
        read
    }

    fn address(&mut self) -> Option<String> {
        let (value, place) = match (self.raw("url"), self.raw("doi")) {
            (Some(url), _) => url,
            (None, Some((doi, place))) => {
                let doi = doi.trim();
                let url = doi.starts_with("http");
                let whole = if url { doi.to_owned() } else { format!("https://doi.org/{doi}") };
                return self.web(&whole, place);
            }
            (None, None) => return None,
        };
        // Some programs escape what needs no escape in an address.
        let url = value.trim().replace("\\_", "_").replace("\\%", "%").replace("\\&", "&");
        let url = url.replace("\\#", "#").replace("\\~{}", "~").replace("{\\textasciitilde}", "~");
        let url = url.strip_prefix("\\url{").and_then(|u| u.strip_suffix('}')).unwrap_or(&url);
        self.web(url, place)
    }

    fn web(&mut self, url: &str, place: Range<usize>) -> Option<String> {
        let web = url.starts_with("https://") || url.starts_with("http://");
        if web && !url.contains(char::is_whitespace) {
            return Some(url.to_owned());
        }
        let message = format!("«{url}» is no web address, and was left out");
        self.mistakes.push(Mistake::new(message, place).minor());
        None
    }
}

/// The parts of a text between a word, or between commas where that is a comma, outside of braces.
fn split<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let is_word = word != ",";
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let here = depth == 0 && text.get(at..).is_some_and(|rest| rest.starts_with(word));
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        let apart = |c: Option<char>| c.is_none_or(char::is_whitespace);
        if here && at >= start && (!is_word || apart(before) && apart(after)) {
            parts.push(text.get(start..at).unwrap_or_default().trim());
            start = at + word.len();
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts
}

/// A name: in braces, `von Family, Given`, `Family, Jr, Given` or `Given von Family`.
fn name(written: &str, unknown: &mut Vec<String>) -> Name {
    let mut text = |part: &str| latex::decode(part, unknown);
    let closes_at_end = || {
        let mut depth = 0_usize;
        for (at, c) in written.char_indices() {
            depth = if c == '{' { depth + 1 } else { depth.saturating_sub(usize::from(c == '}')) };
            if depth == 0 {
                return at + 1 == written.len();
            }
        }
        false
    };
    if written.starts_with('{') && closes_at_end() {
        return Name::Whole(text(written));
    }
    let parts = split(written, ",");
    let person = |family: String, given: String| match (family.is_empty(), given.is_empty()) {
        (false, false) => Name::Person(family, given),
        (_, true) => Name::Whole(family),
        (true, false) => Name::Whole(given),
    };
    if parts.iter().any(|part| part.contains('=')) {
        // biblatex: `family=Hasselhoff, given=David, prefix=von`
        let value = |key: &str| {
            let found = parts.iter().filter_map(|part| part.split_once('='));
            found.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim()).next()
        };
        let family = format!(
            "{} {}",
            value("prefix").unwrap_or_default(),
            value("family").unwrap_or_default()
        );
        return person(text(&family), text(value("given").unwrap_or_default()));
    }
    match parts.as_slice() {
        [family, given] => person(text(family), text(given)),
        [family, junior, given, ..] => person(text(&format!("{family} {junior}")), text(given)),
        _ => {
            let words = words(written);
            let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
            let last = words.len().saturating_sub(1);
            let begin = words.iter().take(last).position(|word| is_small(word)).unwrap_or(last);
            let join = |words: &[&str]| words.join(" ");
            let (given, family) = words.split_at_checked(begin).unwrap_or((&[], &words));
            person(text(&join(family)), text(&join(given)))
        }
    }
}

/// The words of a name; what is in braces is one.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && (c.is_whitespace() || c == '~') => {
                words.push(text.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    words.push(text.get(start..).unwrap_or_default());
    words.retain(|word| !word.is_empty());
    words
}

/// A month by its name or number; a day may follow it, as in `jan # "~5"`.
fn month_number(text: &str) -> Option<u8> {
    let text = text.trim().to_lowercase();
    let names =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let named = names.iter().zip(1..).find(|(name, _)| text.starts_with(*name));
    let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    named.map(|(_, n)| n).or_else(|| digits.parse().ok().filter(|n| (1..=12).contains(n)))
}
