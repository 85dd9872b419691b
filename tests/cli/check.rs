//! `check` and `translations`.

use std::fs;

use serde_json::Value;

use super::{init, on};

#[test]
fn a_new_site_may_be_published() {
    let site = init();
    let run = on(site.path(), &["check", "--strict"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("The site may be published"), "{run:?}");
    assert!(!site.path().join("public").exists());
}

#[test]
fn strictness_decides_on_warnings_and_fix_mends_them() {
    let site = init();
    let page = site.path().join("content/_index.md");
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, format!("{text}\nباكستان , والصين.\n")).unwrap();
    assert_eq!(on(site.path(), &["check"]).code, Some(0));
    assert_eq!(on(site.path(), &["check", "--strict"]).code, Some(1));

    let run = on(site.path(), &["check", "--message-format", "json"]);
    let found = run.lines();
    let comma = found.iter().find(|line| line["code"] == "latin-punctuation").expect("it is found");
    assert_eq!((&comma["quote"], &comma["column"]), (&Value::from(","), &Value::from(9)));
    assert_eq!(comma["fixable"], true);
    assert_eq!(found.last().map(|line| &line["summary"]["warnings"]), Some(&Value::from(2)));

    let run = on(site.path(), &["check", "--message-format", "github"]);
    let command = "::warning title=latin-punctuation,file=content/_index.md,line=";
    assert!(run.stdout.contains(command), "{run:?}");

    let run = on(site.path(), &["check", "--fix", "--strict"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(fs::read_to_string(&page).unwrap(), format!("{text}\nباكستان، والصين.\n"));
}

#[test]
fn an_error_keeps_a_site_from_being_published() {
    let site = init();
    fs::write(site.path().join("content/a.md"), "---\ntitle: \u{202E}أ\n---\n").unwrap();
    let run = on(site.path(), &["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("bidi-override"), "{run:?}");
}

#[test]
fn translations_live() {
    let site = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = site.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("site.toml", "[languages.ar]\ntitle = \"أ\"\n[languages.en]\ntitle = \"A\"\n");
    write("content/_index.md", "---\ntitle: أ\n---\n");
    let original = "---\ntitle: أ\ndate: 1951\n---\nسطر أول.\n\nسطر ثان.\n";
    write("content/a.md", original);
    write("content/a.en.md", "---\ntitle: A\n---\nFirst.\n");
    let status = || {
        let run = on(site.path(), &["translations", "--message-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let pages = report["pages"].as_array().unwrap().clone();
        pages.into_iter().find(|page| page["id"] == "a").unwrap_or_default()
    };
    assert_eq!(status()["status"], "unrecorded");
    let mark = || on(site.path(), &["translations", "mark", "content/a.en.md"]);
    assert_eq!(mark().code, Some(0));
    assert_eq!(status(), Value::Null, "what is up to date is not listed");
    // A fact makes nothing old, a word does.
    write("content/a.md", &original.replace("1951", "1952"));
    assert_eq!(status(), Value::Null);
    write("content/a.md", &original.replace("ثان", "ثانٍ"));
    let stale = status();
    assert_eq!(stale["status"], "stale");
    assert_eq!(stale["changed"], serde_json::json!([{ "line": 7, "text": "سطر ثانٍ." }]));
    assert_eq!(on(site.path(), &["check", "--strict"]).code, Some(1));
    assert_eq!(mark().code, Some(0));
    assert_eq!(status(), Value::Null);
    assert_eq!(on(site.path(), &["translations", "mark", "content/a.md"]).code, Some(1));
    assert_eq!(on(site.path(), &["translations", "mark", "nothing.md"]).code, Some(1));
    assert_eq!(on(site.path(), &["translations", "--lang", "xx"]).code, Some(2));
    let shown = on(site.path(), &["translations"]).stdout;
    assert!(shown.contains("1 page missing") && shown.contains("content/_index.md"), "{shown}");
}
