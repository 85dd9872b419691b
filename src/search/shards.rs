//! An index in pieces, as text that a script reads fast and a server packs well.
//!
//! A piece has a line for each family, in the order of their keys. A line is made of fields with spaces between
//! them: the key, without what it begins with as the one before does, whose number of characters comes first
//! (in base 36, 35 at the most); and then, each known by its first character,
//!
//! | field | what it says |
//! | --- | --- |
//! | `~n` | what is known of the family ([`Nature::bits`]), where it is not what is known of most |
//! | `>key` | the family that is meant instead |
//! | `@afnkey` | whoever asks for the form `a` asks for the form `f` of this family; `n` is `+` where it is near |
//! | `n…` | the pages of form `n` |
//!
//! Pages are numbers: six times the distance from the one before, and the rank, in digits of five bits, the
//! last of them without the sixth bit set, each written as the character 48 places after it.

use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::text::search::{Form, Nature, Nearness};

use super::index::{Index, Postings, RANKS};
use super::query::{Dictionary, Entry, Linked};

/// The first of the characters that digits are written as.
const ZERO: u8 = b'0';
/// How many characters of a key may be those of the one before.
const SHARED: usize = 35;

/// An index, cut into pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shards {
    /// For each piece, what its first key begins with and no key before it does; empty for the first.
    pub starts: Vec<String>,
    /// The pieces.
    pub pieces: Vec<String>,
    /// What is known of most families.
    pub nature: Nature,
    /// How many pages there are.
    pub pages: usize,
    /// The pieces as they were read, once they are asked.
    read: Vec<OnceLock<Vec<Entry>>>,
}

impl Shards {
    /// Cuts an index into so many pieces of about the same size.
    #[must_use]
    pub fn of(index: &Index, count: usize) -> Self {
        let uniform = index.families.iter().filter(|family| family.nature.uniform).count();
        let most = Nature { uniform: uniform * 2 > index.families.len(), ..Nature::default() };
        let lines: Vec<(String, String)> = (0..index.families.len())
            .filter_map(|number| index.entry(number))
            .map(|entry| (fields(&entry, most), entry.key))
            .map(|(fields, key)| (key, fields))
            .collect();
        let all: usize = lines.iter().map(|(key, fields)| key.len() / 2 + fields.len()).sum();
        let size = all.div_ceil(count.max(1)).max(1);
        let mut shards = Self { nature: most, pages: index.pages, ..Self::default() };
        let (mut before, mut filled) = (String::new(), 0);
        for (key, fields) in lines {
            // Each piece ends where its share of the whole does, so that there are never more of them.
            if shards.pieces.is_empty() || filled / size >= shards.pieces.len() {
                shards.starts.push(distinct(&before, &key));
                shards.pieces.push(String::new());
                before.clear();
            }
            filled += key.len() / 2 + fields.len();
            let shared = key.chars().zip(before.chars()).take_while(|(a, b)| a == b).count();
            let shared = shared.min(SHARED);
            if let Some(piece) = shards.pieces.last_mut() {
                piece.extend(std::char::from_digit(u32::try_from(shared).unwrap_or(0), 36));
                piece.extend(key.chars().skip(shared));
                piece.push_str(&fields);
                piece.push('\n');
            }
            before = key;
        }
        shards.pieces.resize(count.max(1), String::new());
        shards.read.resize(shards.pieces.len(), OnceLock::new());
        shards
    }

    /// The number of the piece that a key is in, if it is in any.
    #[must_use]
    pub fn piece_of(&self, key: &str) -> usize {
        self.starts.partition_point(|start| **start <= *key).saturating_sub(1)
    }

    fn entries(&self, piece: usize) -> &[Entry] {
        let text = || self.pieces.get(piece).map_or("", String::as_str);
        self.read
            .get(piece)
            .map_or(&[], |read_once| read_once.get_or_init(|| read(text(), self.nature)).as_slice())
    }
}

/// What a key begins with that the one before it does not: enough to tell them apart.
fn distinct(before: &str, key: &str) -> String {
    if before.is_empty() {
        return String::new();
    }
    let shared = key.chars().zip(before.chars()).take_while(|(a, b)| a == b).count();
    key.chars().take(shared + 1).collect()
}

/// The fields of a family's line after its key.
fn fields(entry: &Entry, most: Nature) -> String {
    let mut out = String::new();
    if entry.nature != most {
        let _ = write!(out, " ~{}", entry.nature.bits());
    }
    if let Some(key) = &entry.instead {
        let _ = write!(out, " >{key}");
    }
    for link in &entry.links {
        let near = if link.nearness >= Nearness::Near { '+' } else { '-' };
        let _ = write!(out, " @{}{}{near}{}", link.asked.number(), link.form.number(), link.key);
    }
    for (form, postings) in &entry.forms {
        let _ = write!(out, " {}", form.number());
        write_postings(postings, &mut out);
    }
    out
}

fn write_postings(postings: &Postings, out: &mut String) {
    let mut before = 0;
    for (page, rank) in postings {
        digits((page - before) as usize * RANKS + usize::from(*rank), out);
        before = *page;
    }
}

/// Writes a number in digits of five bits.
#[allow(clippy::cast_possible_truncation, reason = "below 32")]
pub(super) fn digits(mut value: usize, out: &mut String) {
    while value >= 32 {
        out.push(char::from(ZERO + 32 + (value % 32) as u8));
        value /= 32;
    }
    out.push(char::from(ZERO + value as u8));
}

/// Reads a piece.
fn read(piece: &str, most: Nature) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut before = String::new();
    for line in piece.lines() {
        let mut fields = line.split(' ');
        let head = fields.next().unwrap_or_default();
        let shared = head.chars().next().and_then(|c| c.to_digit(36)).unwrap_or(0) as usize;
        let key: String = before.chars().take(shared).chain(head.chars().skip(1)).collect();
        let mut entry = Entry { key: key.clone(), nature: most, ..Entry::default() };
        for field in fields {
            read_field(field, &mut entry);
        }
        entries.push(entry);
        before = key;
    }
    entries
}

fn read_field(field: &str, entry: &mut Entry) {
    let Some((kind, rest)) = field.split_at_checked(1) else { return };
    let form = |text: &str| text.parse().ok().and_then(Form::of);
    match kind {
        "~" => entry.nature = Nature::of_bits(rest.parse().unwrap_or_default()),
        ">" => entry.instead = Some(rest.to_owned()),
        "@" => {
            let (Some((asked, rest)), Some(key)) = (rest.split_at_checked(1), rest.get(3..)) else {
                return;
            };
            let parts = (form(asked), rest.get(..1).and_then(form), rest.get(1..2));
            if let (Some(asked), Some(form), Some(near)) = parts {
                let nearness = if near == "+" { Nearness::Near } else { Nearness::Far };
                entry.links.push(Linked { asked, key: key.to_owned(), form, nearness });
            }
        }
        number => entry.forms.extend(form(number).map(|form| (form, read_postings(rest)))),
    }
}

fn read_postings(text: &str) -> Postings {
    let mut postings = Vec::new();
    let (mut page, mut value, mut shift) = (0, 0, 0);
    for byte in text.bytes() {
        let digit = usize::from(byte.saturating_sub(ZERO));
        value += (digit % 32) << shift;
        if digit >= 32 {
            shift += 5;
            continue;
        }
        page += u32::try_from(value / RANKS).unwrap_or(u32::MAX);
        postings.push((page, (value % RANKS) as u8));
        (value, shift) = (0, 0);
    }
    postings
}

impl Dictionary for Shards {
    fn pages(&self) -> usize {
        self.pages
    }

    fn get(&self, key: &str) -> Option<Entry> {
        let entries = self.entries(self.piece_of(key));
        let found = entries.binary_search_by(|entry| (*entry.key).cmp(key)).ok()?;
        entries.get(found).cloned()
    }

    fn beginning_with(&self, start: &str, most: usize) -> Vec<Entry> {
        let first = self.piece_of(start);
        let entries = (first..self.starts.len()).take(super::query::PIECES);
        let entries = entries.flat_map(|piece| self.entries(piece));
        entries
            .skip_while(|entry| *entry.key < *start)
            .take_while(|entry| entry.key.starts_with(start))
            .take(most)
            .cloned()
            .collect()
    }
}
