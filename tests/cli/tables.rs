//! Commands on pages that are rows of a table: none writes to one, and each says where the row is.

use std::fs;

use crate::common::{Run, Site, state};
use crate::on;

const TABLE: &str = "content/events/_events.csv";

fn site() -> Site {
    let site = Site::new();
    site.write(
        "site.toml",
        "base_url = \"https://example.org/\"\n[languages.ar]\ntitle = \"أ\"\n[languages.en]\ntitle = \"A\"\n",
    );
    site.write(
        TABLE,
        "id,title,kind,date,body,title.en,body.en,translated_from.en\n\
         a,الأول,event,1951,سطر أول.,First,First line.,\n\
         b,الثاني,event,1952,نص.,,,\n",
    );
    site
}

/// The translation of a row as `translations` lists it.
fn listed(site: &Site) -> serde_json::Value {
    let run = on(&site.root(), &["translations", "--message-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let pages = report["pages"].as_array().unwrap().clone();
    pages.into_iter().find(|page| page["id"] == "events/a").unwrap_or_default()
}

#[test]
fn a_row_is_marked_by_hand_as_it_is_said() {
    let site = site();
    let before = state(&site.root());
    assert_eq!(listed(&site)["status"], "unrecorded");
    assert_eq!(listed(&site)["file"], TABLE);
    let mark = |file: &str| on(&site.root(), &["translations", "mark", file]);
    let run = mark("content/events/a.en.md");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stderr.contains("_events.csv:2:1") && run.stderr.contains("`translated_from.en`"),
        "{run:?}"
    );
    let asked = run.stderr.split("write ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(mark(TABLE).stderr.contains("its folder, its id"));
    let all = on(&site.root(), &["translations", "mark", "--all"]);
    assert_eq!(all.code, Some(0), "{all:?}");
    assert_eq!(state(&site.root()), before);
    // It is up to date then, and old when the row's words change.
    let table = fs::read_to_string(site.root().join(TABLE)).unwrap();
    let marked = table.replace("First line.,", &format!("First line.,{asked}"));
    site.write(TABLE, &marked);
    assert_eq!(listed(&site), serde_json::Value::Null);
    site.write(TABLE, marked.replace("1951", "1953"));
    assert_eq!(listed(&site), serde_json::Value::Null);
    site.write(TABLE, marked.replace("سطر أول.", "سطر آخر."));
    let stale = listed(&site);
    assert_eq!((&stale["status"], &stale["original"]), (&"stale".into(), &TABLE.into()));
    assert_eq!(stale["changed"][0]["line"], 2);
}

#[test]
fn new_makes_no_page_that_is_a_row() {
    let site = site();
    let run = on(&site.root(), &["new", "event", "events/a"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("a row of content/events/_events.csv"), "{run:?}");
    let run = on(&site.root(), &["new", "event", "b", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = fs::read_to_string(site.root().join("content/events/b.en.md")).unwrap();
    assert_eq!(text, "---\ntitle: \"\"\ndescription: \"\"\n---\n");
}

#[test]
fn problems_in_a_row_are_told_in_every_form() {
    let site = site();
    let table = fs::read_to_string(site.root().join(TABLE)).unwrap();
    site.write(TABLE, table.replace("نص.", "\"نص \"\"عن\"\" [[محيط]].\""));
    let run: Run = on(&site.root(), &["build", "--message-format", "json"]).refused("broken-link");
    let problem = &run.problems()[0];
    assert_eq!((&problem["file"], &problem["line"]), (&TABLE.into(), &3.into()), "{run:?}");
    assert_eq!(
        (&problem["column"], &problem["quote"]),
        (&32.into(), &"[[محيط]]".into()),
        "{run:?}"
    );
    let run = on(&site.root(), &["build", "--message-format", "github"]);
    assert!(
        run.stdout.contains("file=content/events/_events.csv,line=3,endLine=3,col=32"),
        "{run:?}"
    );
}
