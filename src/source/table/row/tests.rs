//! Texts go through a row as they are, and each place is that of the same text.

use proptest::prelude::*;

use super::*;

/// What YAML, Markdown and spreadsheets take for signs.
#[rustfmt::skip]
const SIGNS: &[&str] = &[
    "\"", "'", "\\", ": ", " #", "#", "- ", "---", "\n", "\r\n", "\t", " ", "|", ">", "{", "[", "]", "}",
    "&", "*", "!", "%", "@", "`", "~", "null", "true", "7", "007", "أ", "عنوان،", "«نص»", "\u{200F}",
    "\u{202E}", "\u{2066}", "\u{2028}", "\u{85}", "\u{FEFF}", "\u{FFFE}", "\u{0}", "😀", "中", ",", ";",
];

/// Texts of these.
fn text() -> impl Strategy<Value = String> {
    let sign = proptest::sample::select(SIGNS).prop_map(str::to_owned);
    let any = any::<char>().prop_map(String::from);
    proptest::collection::vec(prop_oneof![6 => sign, 1 => any], 0..12)
        .prop_map(|parts| parts.concat())
}

fn row(entries: &[(Piece<'_>, Node<'_>)], body: &Piece<'_>) -> Row {
    Row::write(&"content/_a.csv".into(), 0..1, 1, true, entries, Some(body))
}

proptest! {
    #[test]
    fn what_a_cell_says_is_what_its_file_says(
        title in text(), key in text(), items in proptest::collection::vec(text(), 1..3),
        body in text(),
    ) {
        let of = |text| Piece::exact(text, 10..99, 10);
        let texts = Node::List(items.iter().map(|item| Node::Text(Piece::of(item, 1..2))).collect());
        let nested = vec![(Piece::of(&*key, 3..4), texts.clone())];
        let entries = [
            (Piece::of("title", 0..5), Node::Text(of(&title))),
            (Piece::of("extra", 5..9), Node::Map(nested)),
            (Piece::of("list", 5..9), Node::List(vec![texts.clone(), texts])),
        ];
        let row = row(&entries, &of(&body));
        let (front, written) = row.text[4..].split_once("\n---\n").unwrap_or_default();
        prop_assert_eq!(written, &body);
        let list = serde_json::json!(items);
        let map = yaml::parse(front).map_err(|e| TestCaseError::fail(e.message))?;
        let wanted = serde_json::json!({
            "title": title, "extra": { key: list }, "list": [list, list]
        });
        prop_assert_eq!(serde_json::Value::Object(map), wanted);
    }

    #[test]
    fn each_place_is_that_of_the_same_text(title in text(), body in text()) {
        // The table is the two texts, one after the other.
        let table = format!("{title}{body}");
        let (first, second) = (0..title.len(), title.len()..table.len());
        let entries =
            [(Piece::of("title", 0..0), Node::Text(Piece::exact(&title, first, 0)))];
        let row = row(&entries, &Piece::exact(&body, second.clone(), second.start));
        let start = row.text.len() - body.len();
        for (at, c) in body.char_indices() {
            let here = start + at..start + at + c.len_utf8();
            let there = second.start + at..second.start + at + c.len_utf8();
            prop_assert_eq!(row.place(here), there);
        }
        // Wherever else one looks, it is between characters of the table.
        for (at, c) in row.text.char_indices() {
            let place = row.place(at..at + c.len_utf8());
            prop_assert!(place == row.id || table.get(place.clone()).is_some(), "{:?}", place);
            row.place(at..at);
            row.place(0..at);
            row.place(at..row.text.len() + 9);
        }
    }
}

#[test]
fn a_key_and_its_value_are_told_apart() {
    let entries = [
        (Piece::of("title", 2..7), Node::Text(Piece::exact("a \"b\"", 20..27, 21))),
        (Piece::of("weight", 8..14), Node::Literal(Piece::exact("3", 28..29, 28))),
    ];
    let row = row(&entries, &Piece::exact("x", 30..31, 30));
    assert_eq!(&*row.text, "---\ntitle: 'a \"b\"'\nweight: 3\n---\nx");
    let at = |text: &str| row.text.find(text).map(|at| at..at + text.len()).unwrap_or_default();
    assert_eq!(row.place(at("title")), 2..7);
    assert_eq!(row.place(at("b\"")), 24..26);
    assert_eq!(row.place(at("weight: 3")), 28..29);
    assert_eq!(row.place(at("x")), 30..31);
    assert_eq!((row.place(0..3), row.place(0..0)), (0..1, 0..1));
}
