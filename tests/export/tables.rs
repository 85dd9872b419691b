//! CSV says what JSON says, whichever way a cell has to be written.

use serde_json::Value;

use super::{load, output};

const LANGUAGES: [&str; 2] = ["ar", "en"];

/// A text as a cell holds it: with an apostrophe where it could be taken for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// The items of a cell that holds a list.
fn split(cell: &str) -> Vec<String> {
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let (mut items, mut item, mut chars) = (Vec::new(), String::new(), cell.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\\' => item.extend(chars.next()),
            '|' => {
                items.push(item.trim_end().to_owned());
                item.clear();
                chars.next_if_eq(&' ');
            }
            c => item.push(c),
        }
    }
    items.push(item);
    items
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn tables_are_equal_in_both_formats() {
    let loaded = load("tests/sites/linked-data/site");
    for kind in ["event", "place", "person", "source", "note", "شيء-آخر"] {
        let bytes = output(&loaded, &format!("data/{kind}.csv"));
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).expect("a byte order mark");
        let records = bytes.split(|b| *b == b'\n').count() - 1;
        assert!(records > 0 && bytes.ends_with(b"\r\n"), "lines end as RFC 4180 has it");
        let mut reader = csv::Reader::from_reader(bytes);
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let json: Vec<Value> =
            serde_json::from_slice(&output(&loaded, &format!("data/{kind}.json"))).unwrap();
        assert_eq!(rows.len(), json.len(), "{kind}");
        for (row, object) in rows.iter().zip(&json) {
            let mut looked_at = 0;
            let mut at = |name: &str| {
                looked_at += 1;
                let n = names.iter().position(|other| other == name);
                row[n.unwrap_or_else(|| panic!("{kind} has no column {name}"))].to_owned()
            };
            for key in ["id", "iri", "date", "updated"] {
                let expected = object[key].as_str().map(cell).unwrap_or_default();
                assert_eq!(at(key), expected, "{kind}: {key}");
            }
            for key in ["title", "description", "url"] {
                for lang in LANGUAGES {
                    let expected = object[key][lang].as_str().map(cell).unwrap_or_default();
                    assert_eq!(at(&format!("{key}_{lang}")), expected, "{kind}: {key} {lang}");
                }
            }
            for (field, value) in object["fields"].as_object().unwrap() {
                match value {
                    _ if field == "coordinates" => {
                        assert_eq!(at("coordinates_latitude"), value[0].to_string());
                        assert_eq!(at("coordinates_longitude"), value[1].to_string());
                    }
                    Value::Array(items) if names.contains(field) => {
                        let expected: Vec<String> = items.iter().map(text).collect();
                        assert_eq!(split(&at(field)), expected, "{kind}: {field}");
                    }
                    Value::Array(items) => {
                        for lang in LANGUAGES {
                            let own = items.iter().filter_map(|item| item[lang].as_str());
                            let own: Vec<&str> = own.collect();
                            let found = at(&format!("{field}_{lang}"));
                            assert_eq!(split(&found).join("/"), own.join("/"), "{kind}: {field}");
                        }
                    }
                    Value::Object(texts) => {
                        for lang in LANGUAGES {
                            let found = at(&format!("{field}_{lang}"));
                            match texts.get(lang) {
                                Some(Value::Array(items)) => {
                                    let items: Vec<String> = items.iter().map(text).collect();
                                    assert_eq!(split(&found), items, "{kind}: {field}");
                                }
                                one => assert_eq!(
                                    found,
                                    one.and_then(Value::as_str).map(cell).unwrap_or_default(),
                                    "{kind}: {field}"
                                ),
                            }
                        }
                    }
                    Value::String(text) => assert_eq!(at(field), cell(text), "{kind}: {field}"),
                    other => assert_eq!(at(field), other.to_string(), "{kind}: {field}"),
                }
            }
            assert!(looked_at >= 10, "{kind}");
        }
    }
}

#[test]
fn no_cell_is_run_by_a_spreadsheet() {
    let loaded = load("tests/sites/linked-data/site");
    let mut formulas = 0;
    for kind in ["event", "place", "person", "source", "note"] {
        let bytes = output(&loaded, &format!("data/{kind}.csv"));
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap();
        for row in csv::Reader::from_reader(bytes).records().map(Result::unwrap) {
            for cell in row.iter() {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
                formulas += usize::from(cell.starts_with('\''));
            }
        }
    }
    assert!(formulas >= 4, "the site has texts that look like formulas");
}
