//! Citations, quotations, and the files that sources are kept in.

use dhikra::knowledge::bibliography::{Record, from_bibtex, from_csl, to_bibtex, to_csl};
use dhikra::text::quotation::{Found, Text};
use dhikra::text::{nfc, sentences};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::inputs::{markup, prose};

/// Pieces of BibTeX and CSL-JSON.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "@", "@book", "@article{", "@string{", "@string(", "@comment{", "@preamble{", "{", "}", "(",
    ")", "\"", ",", "=", "#", "key", "title", "author", "year", "date", "url", " and ", "others",
    "\\", "\\'", "\\\"{", "{\\", "\\foo", "\\i", "$", "%", "\n", "\n@", " ", "~", "--", "''", "jan",
    "2026", "2026-01-05", "../1951", "ö", "عنوان", "巴", "\u{200F}", "\u{0}", "[", "]", "[{", "}]",
    "\"id\":", "\"type\":", "\"title\":", "\"author\":[", "\"issued\":{\"date-parts\":[[", "null", ":",
];

fn file() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// A text as a field of front matter may hold it: on one line, without control characters.
fn field() -> impl Strategy<Value = String> {
    let any = prop_oneof![prose(), markup(), file()];
    any.prop_map(|text| {
        let visible: String =
            text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = nfc(&line).into_owned();
        if line.is_empty() { "x".to_owned() } else { line }
    })
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn files_of_others_are_read_or_refused(text in file()) {
        for entries in [from_bibtex(&text), from_csl(&text)] {
            for mistake in &entries.mistakes {
                prop_assert!(mistake.place.start <= text.len(), "{mistake:?}");
                prop_assert!(text.is_char_boundary(mistake.place.start), "{mistake:?}");
            }
            for (record, place) in &entries.records {
                prop_assert!(text.get(place.clone()).is_some());
                prop_assert!(!record.key.is_empty() && !record.title.is_empty());
            }
        }
    }

    #[test]
    fn what_is_exported_is_imported_as_it_was(title in field(), publisher in field(), note in field()) {
        let record = Record {
            key: "key".to_owned(),
            type_: "book".to_owned(),
            title,
            publisher: Some(publisher),
            note: Some(note),
            ..Record::default()
        };
        let records = [record];
        for entries in [from_bibtex(&to_bibtex(&records)), from_csl(&to_csl(&records))] {
            prop_assert_eq!(&entries.mistakes, &[]);
            let read: Vec<_> = entries.records.into_iter().map(|(record, _)| record).collect();
            prop_assert_eq!(&read, &records);
        }
    }

    #[test]
    fn sentences_are_parts_of_their_text(text in prop_oneof![prose(), markup()]) {
        let mut end = 0;
        for place in sentences::sentences(&text) {
            prop_assert!(place.start >= end && place.start < place.end);
            let sentence = text.get(place.clone()).unwrap_or_default();
            prop_assert!(!sentence.trim().is_empty());
            prop_assert!(text[end..place.start].trim().is_empty(), "{text:?}");
            end = place.end;
        }
        prop_assert!(text[end..].trim().is_empty());
    }

    #[test]
    fn what_a_text_has_is_found_in_it(words in vec("[ا-يa-z،.«»\"–]{1,8}", 1..20), at in 0_usize..20, n in 1_usize..10) {
        let text = words.join(" ");
        let part: Vec<&str> = words.iter().skip(at % words.len()).take(n).map(String::as_str).collect();
        let source = Text::new([(Some(1), text.as_str())]);
        let quote = part.join("\n");
        if dhikra::text::quotation::has_words(&quote) {
            prop_assert_eq!(source.find(&quote, None), Found::In(Some(1)), "{} in {}", quote, text);
        }
    }

    #[test]
    fn any_quotation_is_looked_for(text in markup(), quote in markup()) {
        let source = Text::new(text.lines().map(|line| (Some(1), line)));
        let _ = source.find(&quote, Some(&(0..2)));
    }
}
