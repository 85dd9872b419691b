//! Files that are written and read again, and files of others.

use super::*;

fn edtf(text: &str) -> Option<Edtf> {
    Edtf::parse(text).ok()
}

fn records() -> Vec<Record> {
    let text = |text: &str| Some(text.to_owned());
    let types = ["news", "statement", "web", "book", "law", "dataset"];
    let dates = [
        "2026-01-05",
        "2025~",
        "1951?",
        "2013/..",
        "../1951",
        "195X",
        "2025-08-30/2025-09-04",
        "1951-05%",
    ];
    let mut all = Vec::new();
    for (n, date) in dates.iter().enumerate() {
        all.push(Record {
            key: format!("key{n}"),
            type_: types[n % types.len()].to_owned(),
            title: format!("عنوان «{n}»: 50% & {{x}} _ # ~ \\ – '' \"q\""),
            authors: vec![
                "王毅".into(),
                "van der Berg, Jan and Co".into(),
                "{Ministry of Trade, Industry and Energy}".into(),
                "وزارة الخارجية".into(),
            ],
            publisher: text("Oxford & Sons {Ltd}"),
            published: edtf(date),
            accessed: edtf("2026-01-06"),
            language: text(["ar", "en", "zh", "ug", "zh-Hant"][n % 5]),
            url: text("https://example.org/a_b?c=%D8%A7&d=~e#f"),
            archived_url: text("https://archive.example.org/1"),
            pages: text("12–15"),
            note: text("ملاحظة $5"),
        });
    }
    all.push(Record {
        key: "bare".into(),
        type_: "web".into(),
        title: "t".into(),
        ..Record::default()
    });
    all
}

fn read_again(entries: Entries) -> Vec<Record> {
    assert_eq!(entries.mistakes, []);
    entries.records.into_iter().map(|(record, _)| record).collect()
}

#[test]
fn bibtex_comes_back_as_it_was() {
    assert_eq!(read_again(from_bibtex(&to_bibtex(&records()))), records());
}

#[test]
fn csl_comes_back_as_it_was() {
    assert_eq!(read_again(from_csl(&to_csl(&records()))), records());
}

#[test]
fn dates_of_csl_are_in_parts() {
    let of = |date: &str| {
        let record = Record { published: edtf(date), ..Record::default() };
        let items: serde_json::Value = serde_json::from_str(&to_csl(&[record])).unwrap_or_default();
        items[0]["issued"].to_string()
    };
    assert_eq!(of("2026-01-05"), r#"{"date-parts":[[2026,1,5]]}"#);
    assert_eq!(of("2025~"), r#"{"date-parts":[[2025]],"circa":true}"#);
    assert_eq!(of("2025?"), r#"{"date-parts":[[2025]],"circa":true,"raw":"2025?"}"#);
    assert_eq!(of("2025/2029"), r#"{"date-parts":[[2025],[2029]]}"#);
    assert_eq!(of("2013/.."), r#"{"raw":"2013/.."}"#);
}

#[test]
fn bibtex_of_others() {
    let text = r#"
Free text, a@b.org too.
@comment{ @book{no, title={x}} }
@preamble{"\newcommand{\x}{y}"}
@string{ oup = "Oxford University" # { Press} }
@STRING(acm = {ACM})
@Book{knuth:84,
  author = "Donald E. Knuth and Leslie {Lamport} and others",
  title = {The {\TeX}book: {G}\"{o}del \& Erd{\H{o}}s},
  publisher = oup,
  year = 1984, month = jan # "~5",
  pages = "1--10"
}
@article(smith, title="A {"}quoted{"} title", author={von Neumann, John and {WHO, Geneva} and Ludwig van Beethoven},
  journal = acm, date = {2020-05-01T10:00}, entrysubtype={magazine}, doi={10.1000/1}, language = {english})
"#;
    let entries = from_bibtex(text);
    let mistakes: Vec<_> = entries.mistakes.iter().map(|m| (&*m.message, m.minor)).collect();
    assert_eq!(mistakes, [("«and others» names nobody, and was left out", true)]);
    assert_eq!(entries.records.len(), 2);
    let ((knuth, place), (smith, _)) = (&entries.records[0], &entries.records[1]);
    assert_eq!(&text[place.clone()], "knuth:84");
    assert_eq!(knuth.type_, "book");
    assert_eq!(knuth.title, "The TeXbook: Gödel & Erdős");
    assert_eq!(knuth.authors, ["Knuth, Donald E.", "Lamport, Leslie"]);
    assert_eq!(knuth.publisher.as_deref(), Some("Oxford University Press"));
    assert_eq!(knuth.published, edtf("1984-01"));
    assert_eq!(knuth.pages.as_deref(), Some("1–10"));
    assert_eq!(smith.type_, "news");
    assert_eq!(smith.title, "A \"quoted\" title");
    assert_eq!(smith.authors, ["von Neumann, John", "{WHO, Geneva}", "van Beethoven, Ludwig"]);
    assert_eq!(smith.published, edtf("2020-05-01"));
    assert_eq!(smith.url.as_deref(), Some("https://doi.org/10.1000/1"));
    assert_eq!(smith.language.as_deref(), Some("en"));
}

#[test]
fn mistakes_of_bibtex_have_their_places() {
    let text = "@book{a, title={x}, year={soon}, title={y}}\n@book{b, author={x}}\n@book{c title={x}}\n\
                @book{d, title={x\n@misc{e, title={z}, url={nowhere}, publisher=nosuch, note={\\foo}}\n@book{, title={x}}";
    let entries = from_bibtex(text);
    let keys: Vec<&str> = entries.records.iter().map(|(record, _)| record.key.as_str()).collect();
    assert_eq!(keys, ["a", "e"]);
    let mistakes: Vec<(&str, &str, bool)> = entries
        .mistakes
        .iter()
        .map(|m| (m.message.as_str(), text.get(m.place.clone()).unwrap_or("?"), m.minor))
        .collect();
    assert_eq!(
        mistakes,
        [
            ("`title` is there twice; the first counts", "{y}", true),
            ("a comma is missing after the key `c`", "t", false),
            ("this brace is not closed", "{", false),
            ("there is no string `nosuch`", "nosuch", true),
            ("«soon» is no date that can be read, and was left out", "{soon}", true),
            ("the entry `b` has no title", "b", false),
            ("«nowhere» is no web address, and was left out", "{nowhere}", true),
            ("the command `\\foo` is not known and was left out", "{\\foo}", true),
            ("the entry has no key", "{", false),
        ]
    );
}

#[test]
fn mistakes_of_csl_have_their_places() {
    let text = r#"[{"id":"a","type":"webpage","title":"x","issued":{"literal":"soon"},"URL":"nowhere"},
 {"type":"book"}, 7, {"id":"b","type":"song","title":["x"]}]"#;
    let entries = from_csl(text);
    assert_eq!(entries.records.len(), 1);
    let mistakes: Vec<(&str, &str)> = entries
        .mistakes
        .iter()
        .map(|m| (m.message.as_str(), text.get(m.place.clone()).unwrap_or("?")))
        .collect();
    assert_eq!(
        mistakes,
        [
            ("`issued` is no date that can be read, and was left out", "\"issued\""),
            ("«nowhere» is no web address, and was left out", "\"URL\""),
            ("the item has no `id`", "{"),
            ("an item of the list is no object `{…}`", "7"),
            ("`title` is no text, and was left out", "\"title\""),
            ("the item `b` has no title", "\"title\""),
        ]
    );
    let broken = from_csl("[{\"id\": }]");
    assert_eq!(broken.mistakes.len(), 1);
    assert_eq!(broken.mistakes[0].place, 8..9);
    assert_eq!(from_csl("{}").mistakes.len(), 1);
}

#[test]
fn hostile_files_end() {
    let bomb = "@string{a={xxxxxxxxxx}}".to_owned()
        + &(0..40).map(|_| "@string{a = a # a}").collect::<String>();
    let found = from_bibtex(&bomb);
    assert!(!found.mistakes.is_empty());
    for text in [
        "@",
        "@book",
        "@book{",
        "@book{a,",
        "@book{a,b",
        "@book{a,b=",
        "@string{",
        "}{",
        "@a{b,c=\"{",
    ] {
        let _ = from_bibtex(text);
        let _ = from_csl(text);
    }
    let accents = format!("@book{{a, title={{x{}}}}}", "\\'{".repeat(9000) + &"}".repeat(9000));
    assert_eq!(from_bibtex(&accents).records.len(), 1);
    let deep = format!("@book{{a, title={}x{}}}", "{".repeat(10_000), "}".repeat(10_000));
    assert_eq!(from_bibtex(&deep).records.len(), 1);
}
