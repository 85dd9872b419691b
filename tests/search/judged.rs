//! Queries with the pages that they should find.

use std::collections::BTreeSet;
use std::path::Path;

use dhikra::search::index::Collected;
use dhikra::search::{Field, Index, Shards, search};
use dhikra::text::Lang;
use dhikra::text::search::Rules;
use serde_json::Value;

/// What a set of judged queries came to.
#[derive(Debug, Default)]
struct Score {
    wanted: usize,
    found: usize,
    wrong: usize,
    empty: usize,
    /// A line for each query that did not find exactly what it should.
    lines: Vec<String>,
}

impl Score {
    fn recall(&self) -> f64 {
        self.found as f64 / self.wanted as f64
    }
}

/// Measures a file of pages and queries: `{pages: [{id, title, body}], queries: [{q, rel: [id]}]}`, with
/// `lang`, if that is not Arabic, and `same`, lists of words that mean the same, if it likes.
fn measure(text: &str) -> Score {
    let set: Value = serde_json::from_str(text).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    let pages = list(&set["pages"]);
    let mut collected = Collected::default();
    for page in &pages {
        let field = |name: &str| page[name].as_str().unwrap();
        collected.page([(Field::Title, field("title")), (Field::Text, field("body"))]);
    }
    let same: Vec<Vec<String>> = match set.get("same") {
        Some(groups) => {
            list(groups).iter().map(|group| list(group).iter().map(string).collect()).collect()
        }
        None => Vec::new(),
    };
    let lang = set.get("lang").map(|lang| Lang::parse(lang.as_str().unwrap()).unwrap());
    let rules = lang.as_ref().map_or_else(Rules::default, Rules::of);
    let index = Index::of(&collected, rules, &same);
    // Written in pieces and read again, it finds the same.
    let shards = Shards::of(&index, 5);
    let mut score = Score::default();
    for query in list(&set["queries"]) {
        let words = string(&query["q"]);
        let relevant: BTreeSet<String> = list(&query["rel"]).iter().map(string).collect();
        let found = search(&index, &words, rules);
        assert_eq!(search(&shards, &words, rules), found, "{words}");
        let hits: BTreeSet<String> =
            found.hits.iter().map(|hit| string(&pages[hit.page as usize]["id"])).collect();
        score.wanted += relevant.len();
        score.found += relevant.intersection(&hits).count();
        score.wrong += hits.difference(&relevant).count();
        score.empty += usize::from(hits.is_empty() && !relevant.is_empty());
        let missing: Vec<_> = relevant.difference(&hits).collect();
        let wrong: Vec<_> = hits.difference(&relevant).collect();
        if !missing.is_empty() || !wrong.is_empty() {
            score.lines.push(format!("{words}: missing {missing:?}, wrong {wrong:?}"));
        }
    }
    score
}

fn holds(score: &Score) {
    println!(
        "recall {:.3} ({} of {}), wrong pages {}, without an answer {}\n{}",
        score.recall(),
        score.found,
        score.wanted,
        score.wrong,
        score.empty,
        score.lines.join("\n")
    );
    assert!(score.recall() >= 0.90 && score.wrong <= 5 && score.empty == 0, "see above");
}

#[test]
fn judged_queries_find_their_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/judged");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        holds(&measure(&std::fs::read_to_string(path).unwrap()));
    }
}

#[test]
fn judged_queries_of_others_find_their_pages() {
    let Ok(path) = std::env::var("DHIKRA_JUDGED_QUERIES") else { return };
    holds(&measure(&std::fs::read_to_string(path).unwrap()));
}
