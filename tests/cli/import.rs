//! `import`: what goes out comes back, nothing is overwritten, mistakes have their lines.

use std::fs;

use crate::common::{files, same, state, visible, write};
use crate::{init, on};

const BIB: &str = "@string{p = {The {P}aper}}\n@article{One,\n  title = {The agreement: G{\\\"o}del's \"road\"},\n  author = {van Berg, Jan and {Trade, Industry}},\n  journaltitle = p, entrysubtype = {newspaper},\n  date = {2026-01-05}, url = {https://example.org/a}, langid = {english},\n}\n@book{مصدر, title = {كتاب الطريق}, year = 1966, publisher = {دار}}\n";

#[test]
fn pages_are_made_and_the_site_builds() {
    let site = init();
    let root = site.path();
    write(&root.join("in.bib"), BIB);
    let file = root.join("in.bib");
    let run = on(root, &["import", file.to_str().unwrap(), "--section", "library"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("2 pages made"), "{run:?}");
    let one = fs::read_to_string(root.join("content/library/One.md")).unwrap();
    let wanted = "---\ntitle: \"The agreement: Gödel's \\\"road\\\"\"\nkind: source\ntype: \"news\"\nauthors: [\"van Berg, Jan\",\"{Trade, Industry}\"]\npublisher: \"The Paper\"\npublished: \"2026-01-05\"\nlanguage: \"en\"\nurl: \"https://example.org/a\"\n---\n";
    assert_eq!(one, wanted);
    assert!(root.join("content/library/مصدر.md").is_file());
    on(root, &["build", "--message-format", "json"]).clean();
    let out = visible(&root.join("public"));
    let exported = String::from_utf8(out["data/sources.bib"].clone()).unwrap();
    assert!(exported.contains("author = {van Berg, Jan and {Trade, Industry}},"), "{exported}");

    // What was exported, imported into a new site, is the same again, in both formats.
    for (name, of) in [("again.bib", "data/sources.bib"), ("again.json", "data/sources.csl.json")] {
        let other = init();
        write(&other.path().join(name), &out[of]);
        let file = other.path().join(name);
        let run = on(other.path(), &["import", file.to_str().unwrap(), "--section", "library"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let pages = |root: &std::path::Path| files(&root.join("content/library"));
        let mut again = pages(other.path());
        // The source of a new site went out with the others.
        assert!(again.remove("register.md").is_some(), "{name}");
        same(&again, &pages(root));
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let site = init();
    let root = site.path();
    let settings = fs::read_to_string(root.join("site.toml")).unwrap();
    if !settings.contains("[languages.en]") {
        write(&root.join("site.toml"), format!("{settings}\n[languages.en]\ntitle = \"Test\"\n"));
    }
    write(
        &root.join("content/sources/one.en.md"),
        "---\ntitle: Mine\nkind: source\ntype: web\n---\n",
    );
    write(&root.join("in.bib"), format!("{BIB}\n@misc{{ONE, title={{x}}}}\n"));
    let file = root.join("in.bib");
    let run = on(root, &["import", file.to_str().unwrap(), "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("sources/one.en.md is there already"), "{run:?}");
    assert!(run.stderr.contains("1 page made, 2 there already"), "{run:?}");
    let mine = fs::read_to_string(root.join("content/sources/one.en.md")).unwrap();
    assert!(mine.contains("Mine"));
    assert!(root.join("content/sources/مصدر.en.md").is_file());
    let before = state(&root.join("content"));
    let again = on(root, &["import", file.to_str().unwrap(), "--lang", "en"]);
    assert!(again.stderr.contains("0 pages made, 3 there already"), "{again:?}");
    same(&state(&root.join("content")), &before);
}

#[test]
fn keys_name_pages_as_they_are() {
    let site = init();
    let root = site.path();
    let keys = ["Jiang2026", "smith_20", "x.en", "a:b", "index", "_index", "JIANG2026"];
    let entry = |key: &&str| format!("@misc{{{key}, title={{{key}}}}}\n");
    write(&root.join("in.bib"), keys.iter().map(entry).collect::<String>());
    let file = root.join("in.bib");
    let sections = files(&root.join("content/sources"));
    let run = on(root, &["import", file.to_str().unwrap(), "--message-format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    for name in ["Jiang2026", "smith_20", "x-en", "a-b"] {
        assert!(root.join(format!("content/sources/{name}.md")).is_file(), "{name}: {run:?}");
    }
    assert_eq!(files(&root.join("content/sources")).len(), sections.len() + 4, "{run:?}");
    let problems = run.problems();
    let said: Vec<(&str, u64, &str)> = problems
        .iter()
        .map(|p| {
            let text = |key: &str| p[key].as_str().unwrap();
            (text("severity"), p["line"].as_u64().unwrap(), text("message"))
        })
        .collect();
    let other = |key: &str, name: &str| {
        format!("the key `{key}` cannot be the name of a page, which is `{name}`")
    };
    let (x, a) = (other("x.en", "x-en"), other("a:b", "a-b"));
    let none = |key: &str| format!("the key `{key}` cannot be the name of a page");
    let (index, section) = (none("index"), none("_index"));
    let twice = "another entry became content/sources/Jiang2026.md; this one was left out";
    let wanted = [
        ("warning", 3, &*x),
        ("warning", 4, &*a),
        ("error", 5, &*index),
        ("error", 6, &*section),
        ("warning", 7, twice),
    ];
    assert_eq!(said, wanted, "{run:?}");
    for id in ["../../x", "a//b", ".", "a/../b"] {
        let run = on(root, &["import", file.to_str().unwrap(), "--section", id]);
        assert!(run.code == Some(2) && run.stderr.contains("--section"), "{id}: {run:?}");
    }
}

#[test]
fn mistakes_have_their_lines() {
    let site = init();
    let root = site.path();
    write(
        &root.join("in.bib"),
        "@book{a,\n  title = {x},\n  year = {soon}\n}\n@book{b, year=1}\n@book{../c, title={y}}\n",
    );
    let file = root.join("in.bib");
    let run = on(root, &["import", file.to_str().unwrap(), "--message-format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let problems = run.problems();
    let lines: Vec<(&str, u64, u64)> = problems
        .iter()
        .map(|p| {
            let n = |key: &str| p[key].as_u64().unwrap();
            (p["severity"].as_str().unwrap(), n("line"), n("column"))
        })
        .collect();
    assert_eq!(lines, [("warning", 3, 10), ("error", 5, 7), ("warning", 6, 7)], "{run:?}");
    // A key is a name and no path.
    assert!(root.join("content/sources/c.md").is_file(), "{run:?}");
    assert!(root.join("content/sources/a.md").is_file());
    for (name, text) in [("x.txt", "x"), ("bad.bib", "\u{0}")] {
        write(&root.join(name), text);
    }
    let text = on(root, &["import", root.join("x.txt").to_str().unwrap()]);
    assert!(text.code == Some(2) && text.stderr.contains(".bib"), "{text:?}");
    let none = on(root, &["import", "nowhere.bib"]);
    assert!(none.code == Some(2) && none.stderr.contains("nowhere.bib"), "{none:?}");
    fs::write(root.join("latin.bib"), b"@book{a, title={G\xf6del}}").unwrap();
    let latin = on(root, &["import", root.join("latin.bib").to_str().unwrap()]);
    assert!(latin.code == Some(2) && latin.stderr.contains("UTF-8"), "{latin:?}");
    let empty = on(root, &["import", root.join("bad.bib").to_str().unwrap()]);
    assert!(empty.code == Some(0) && empty.stderr.contains("0 pages made"), "{empty:?}");
}
