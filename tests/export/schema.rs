//! JSON Schema of front matter: a validator that is not ours takes what a build takes, and refuses what it
//! refuses, as far as a schema can know.

use boon::{Compiler, SchemaIndex, Schemas};
use dhikra::export::schema::{self, Subject};
use dhikra::site::Site;
use dhikra::text::Edtf;
use serde_json::{Value, json};

use super::common::{Run, program};
use super::{load, repository};

/// A schema with its validator.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new(schema: Value) -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.add_resource("site.json", schema).expect("it is JSON");
        // The compiler checks it against the meta-schema of draft 7.
        let index = compiler.compile("site.json", &mut schemas).expect("it is a schema");
        Self { schemas, index }
    }

    fn problem(&self, value: &Value) -> Option<String> {
        self.schemas.validate(value, self.index).err().map(|error| error.to_string())
    }

    #[track_caller]
    fn takes(&self, value: Value) {
        if let Some(problem) = self.problem(&value) {
            panic!("{value} is refused: {problem}");
        }
    }

    #[track_caller]
    fn refuses(&self, value: Value) {
        assert!(self.problem(&value).is_some(), "{value} is taken");
    }
}

fn validator(site: &Site, kind: Option<&str>, translation: bool, table: bool) -> Validator {
    let kind = kind.map(|name| site.frame.kinds.get(name).expect("there is such a kind"));
    let subject = Subject { kind: kind.map(|kind| &**kind), translation, table };
    Validator::new(schema::write(site, subject))
}

#[test]
fn what_a_build_takes_is_valid_and_what_it_refuses_is_not() {
    let loaded = load("tests/sites/linked-data/site");
    let any = validator(&loaded.renderer.world().site, None, false, false);
    any.takes(json!({ "title": "ا" }));
    any.takes(
        json!({ "title": 1951, "date": 1951, "draft": null, "tags": "بحر", "sources": "كتاب" }),
    );
    any.takes(json!({
        "title": "ا", "kind": "event", "date": "2026-01-04", "place": ["بكين", "places/x"],
        "ordinal": 7, "held": true, "motto": { "ar": "ا" }, "code": "x",
        "participants": ["زيد", { "who": "عمر", "role": { "ar": "رئيس" }, "notes": "ا" }],
        "extra": { "a": [1] }, "cascade": { "kind": "place", "sort": "title" },
        "facts": [{ "text": { "ar": "ا" }, "sources": ["كتاب, ¶2", { "source": "x" }], "as_of": 2026 }],
        "corrections": [{ "date": 2026, "text": "ا", "kind": "update" }],
    }));
    // A page whose section hands its kind down says its fields alone.
    any.takes(json!({ "title": "ا", "coordinates": [25.11, 62.32], "office": "وزير" }));
    for wrong in [
        json!({}),
        json!({ "title": "ا", "titel": "ا" }),
        json!({ "title": "ا", "kind": "evnt" }),
        json!({ "title": "ا", "date": "4 يناير" }),
        json!({ "title": "ا", "kind": "event", "office": "وزير" }),
        json!({ "title": "ا", "kind": "event", "place": 5 }),
        json!({ "title": "ا", "kind": "event", "participants": [{ "role": "رئيس" }] }),
        json!({ "title": "ا", "kind": "event", "participants": [{ "who": "عمر", "rol": "ر" }] }),
        json!({ "title": "ا", "kind": "event", "same": "javascript:x" }),
        json!({ "title": "ا", "kind": "event", "motto": { "fr": "x" } }),
        json!({ "title": "ا", "kind": "place", "type": "harbour" }),
        json!({ "title": "ا", "kind": "place", "coordinates": [200, 0] }),
        json!({ "title": "ا", "sort": "random" }),
        json!({ "title": "ا", "cascade": { "slug": "x" } }),
        json!({ "title": "ا", "facts": [{ "text": "ا" }] }),
        json!({ "title": "ا", "facts": [{ "text": "ا", "sources": "x", "value": 1 }] }),
        json!({ "title": "ا", "media": [{ "file": "a.png" }] }),
    ] {
        any.refuses(wrong);
    }
}

#[test]
fn pages_of_one_kind_need_not_name_it() {
    let loaded = load(".");
    let site = &loaded.renderer.world().site;
    let event = validator(site, Some("event"), false, false);
    event.takes(json!({ "title": "ا", "date": "1951-05-21", "place": "beijing" }));
    event.takes(json!({ "title": "ا", "date": "1951~", "kind": "event" }));
    event.refuses(json!({ "title": "ا" }));
    event.refuses(json!({ "title": "ا", "date": "1951", "kind": "place" }));
    event.refuses(json!({ "title": "ا", "date": "1951", "office": "وزير" }));

    let translation = validator(site, Some("person"), true, false);
    translation.takes(json!({ "title": "Omar", "office": "Minister" }));
    translation.refuses(json!({ "title": "Omar", "country": "china" }));
    translation.refuses(json!({ "title": "Omar", "date": 1951 }));

    let table = validator(site, Some("place"), false, true);
    table.takes(json!([{
        "id": "x", "title": "ا", "type": "city", "body": "نص",
        "translations": { "en": { "title": "X", "body": "Text" } },
    }]));
    table.refuses(json!({ "id": "x", "title": "ا", "type": "city" }));
    table.refuses(json!([{ "title": "ا", "type": "city" }]));
    table.refuses(
        json!([{ "id": "x", "title": "ا", "type": "city", "translations": { "fr": {} } }]),
    );
}

#[test]
fn dates_are_those_that_the_program_reads() {
    let loaded = load("tests/sites/linked-data/site");
    let any = validator(&loaded.renderer.world().site, None, false, false);
    for date in [
        "1951-05-21",
        "1951-05",
        "1951",
        "1951~",
        "1951?",
        "1951%",
        "195X",
        "19XX?",
        "2025/2029",
        "2013/..",
        "../1951",
        "/1951",
        "1951/",
        "2025-08-30/2025-09~",
        "0001",
    ] {
        assert!(Edtf::parse(date).is_ok(), "{date}");
        any.takes(json!({ "title": "ا", "date": date }));
    }
    for date in [
        "51",
        "1951-13",
        "1951-5",
        "1951-05-32",
        "../..",
        "/",
        "٢٠٢٦",
        "1951~?",
        "195X-01",
        "1951 ",
    ] {
        assert!(Edtf::parse(date).is_err(), "{date}");
        any.refuses(json!({ "title": "ا", "date": date }));
    }
}

/// The front matter of every original of the repository's own site is valid.
#[test]
fn the_repository_s_own_pages_are_valid() {
    let loaded = load(".");
    let site = &loaded.renderer.world().site;
    let (any, translation) =
        (validator(site, None, false, false), validator(site, None, true, false));
    let mut count = 0;
    for page in &site.pages {
        let document = &page.document;
        if document.is_synthetic() || page.is_untranslated() {
            continue;
        }
        let text = std::fs::read_to_string(repository(&document.file.path)).unwrap();
        let yaml = text.split("---\n").nth(1).unwrap();
        let front = Value::Object(dhikra::document::parse_yaml(yaml).expect("it is YAML"));
        let is_original = document.lang == site.group_of(page).original.lang;
        let problem = if is_original { any.problem(&front) } else { translation.problem(&front) };
        assert_eq!(problem, None, "{}", document.file.path);
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn editors_are_given_the_pages_that_there_are() {
    let run = |arguments: &[&str]| {
        Run::of(program().args(["schema", "--root"]).arg(repository(".")).args(arguments))
    };
    let found = run(&["event"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    let schema: Value = serde_json::from_str(&found.stdout).expect("it is JSON");
    let place = schema["properties"]["place"].to_string();
    assert!(place.contains("#/definitions/id-of-place") && place.contains("المكان"), "{place}");
    let ids = schema["definitions"]["id-of-place"]["anyOf"][0]["enum"].as_array();
    assert!(ids.is_some_and(|ids| ids.contains(&json!("gwadar-port"))), "{ids:?}");
    let unknown = run(&["evnt"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.stderr.contains("did you mean `event`?"), "{unknown:?}");
}
