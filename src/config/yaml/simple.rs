//! The front matter that nearly every page has, lines of `key: text` and `key: [text, text]`, read
//! without a YAML parser, which takes longer than all that is done with the page's front matter
//! besides.
//!
//! It reads only what cannot mean anything else in YAML 1.2, and leaves all other to the parser.

use serde_json::{Map, Value};

/// Words that are no text in some version of YAML.
const WORDS: [&str; 11] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"];

/// The longest key. YAML's own limit is 1024.
const MAX_KEY: usize = 64;

/// Reads a mapping; `None` where it is not as simple as that.
pub(super) fn parse(text: &str) -> Option<Map<String, Value>> {
    let mut map = Map::new();
    for line in text.split_terminator('\n') {
        let (key, value) = line.split_once(": ")?;
        if !is_key(key) {
            return None;
        }
        if map.insert(key.to_owned(), self::value(value)?).is_some() {
            return None;
        }
    }
    Some(map)
}

/// Whether a text can stand before a colon as it is, and is nothing but the key of that name.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
    starts && text.len() <= MAX_KEY && text.bytes().all(rest) && !is_word(text)
}

/// Whether a text can stand after a colon or a dash as it is, and is nothing but that text.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    scalar(text, true).is_some()
}

fn value(text: &str) -> Option<Value> {
    let Some(list) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return scalar(text, true).map(Value::from);
    };
    if list.is_empty() {
        return Some(Value::Array(Vec::new()));
    }
    let item = |item: &str| scalar(item.trim_matches(' '), false).map(Value::from);
    list.split(',').map(item).collect::<Option<Vec<Value>>>().map(Value::Array)
}

/// A text that is nothing but text, or a day.
fn scalar(text: &str, commas: bool) -> Option<&str> {
    if is_day(text) {
        return Some(text);
    }
    let plain = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '-' | '_' | '.' | '/' | '(' | ')' | ';' => true,
        ',' => commas,
        // Beyond are the line breaks of Unicode, private use and what YAML holds unprintable.
        '\u{2028}' | '\u{2029}' => false,
        '\u{A0}'..='\u{D7FF}' => true,
        _ => false,
    };
    let simple = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(plain)
        && !is_word(text);
    simple.then_some(text)
}

/// `1951-05-21`, which is neither a number nor anything else of YAML 1.2.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn is_word(text: &str) -> bool {
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_simple_is_read_as_yaml_reads_it() {
        let values = [
            "اتفاق، 2026",
            "a b",
            "a  b",
            "1951-05-21",
            "1951-05",
            "1951",
            "null",
            "Yes",
            "n",
            "inf",
            "[]",
            "[a, b]",
            "[ a,b ]",
            "[a, 1]",
            "[a, null]",
            "[1951-05-21, ب]",
            "[a,]",
            "[a, ,b]",
            "[[a]]",
            "a, b",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "a ",
            " a",
            "- a",
            "-",
            "a - b",
            "'a'",
            "a\"b",
            "a\u{2028}b",
            "a\u{85}b",
            "a\u{A0}b",
            "\u{A0}a",
            "a\tb",
            "a\r",
            "{a: b}",
            "!a",
            "*a",
            "&a",
            "a&b",
            "",
            "~",
            "e5",
            "0x1f",
            "中巴",
            "«أ»",
            "أ «ب» (ج)",
            "é",
            "٢٠٢٦",
            ".inf",
        ];
        let mut simple = 0;
        for value in values {
            for text in [
                format!("key: {value}\n"),
                format!("key: {value}"),
                format!("key: {value}\nb: c\n"),
                format!("key: a\nkey: {value}\n"),
                format!("{value}: a\n"),
                format!("key: [{value}, b]\n"),
                format!("key: a\n\nb: {value}\n"),
            ] {
                if let Some(map) = parse(&text) {
                    simple += 1;
                    let Ok(other) = super::super::parse_any(&text) else {
                        unreachable!("{text:?}")
                    };
                    assert_eq!(map, other, "{text:?}");
                }
            }
        }
        assert!(simple > 40, "{simple}");
    }

    proptest::proptest! {
        /// Whatever is read here is what the parser reads.
        #[test]
        fn nothing_is_read_otherwise_than_by_the_parser(
            text in "([a-z_]{1,3}: (\\[[a-z0-9, '\"#:م-ي-]{0,8}\\]|[a-zA-Z0-9 ~.,;:#'\"&*!|>%@`{}\\[\\]()/م-ي\u{a0}\u{2028}\t-]{0,10})\n?){0,4}"
        ) {
            if let Some(map) = parse(&text) {
                let other = super::super::parse_any(&text).ok();
                proptest::prop_assert_eq!(Some(map), other, "{:?}", text);
            }
        }
    }
}
