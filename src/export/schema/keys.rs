//! The keys that every page may have.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::list_of;
use crate::config::Untranslated;
use crate::document::{Certainty, CorrectionKind, Sort};

/// An address.
pub(super) const URL: &str = r"^https?://[^\s/?#@]+([/?#]\S*)?$";
/// The tag of a language (BCP 47), as far as a pattern can say.
pub(super) const LANGUAGE: &str = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$";

/// The text of a row of a table.
pub(super) static BODY: LazyLock<Value> =
    LazyLock::new(|| json!({ "description": "The text, in Markdown", "type": ["string", "null"] }));

/// The id of a row of a table.
pub(super) static ID: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "description": "The page's id below the section: the last part of its address",
        "type": ["string", "integer"],
    })
});

/// The forms of a date (EDTF) as a pattern.
fn edtf() -> String {
    let day = r"(0[1-9]|[12][0-9]|3[01])";
    let moment =
        format!(r"([0-9]{{4}}(-(0[1-9]|1[0-2])(-{day})?)?|[0-9]{{3}}X|[0-9]{{2}}XX)[~?%]?");
    format!(r"^({moment}|{moment}/({moment}|\.\.)?|(\.\.)?/{moment})$")
}

/// A date; a year may be a number. It may be empty where it is still to be filled in.
pub(super) fn date(may_be_empty: bool) -> Value {
    let mut any = vec![
        json!({
            "type": "string",
            "pattern": edtf(),
            // Editors show it in place of the pattern.
            "patternErrorMessage": "A date is written as 1951-05-21, 1951-05, 1951, 1951~ or 2025/2029",
        }),
        json!({ "type": "integer", "minimum": 1000, "maximum": 9999 }),
    ];
    if may_be_empty {
        any.push(json!({ "type": "string", "pattern": r"^\s*$" }));
    }
    json!({ "anyOf": any })
}

/// A text, or one for each of several languages.
pub(super) fn localized(tags: &[&str]) -> Value {
    let texts: serde_json::Map<String, Value> =
        tags.iter().map(|tag| ((*tag).to_owned(), json!({ "type": "string" }))).collect();
    json!({
        "anyOf": [
            { "type": "string" },
            {
                "type": "object",
                "properties": texts,
                "additionalProperties": false,
                "minProperties": 1,
            },
        ],
    })
}

/// The schema of a key; of one that is not described here, anything.
pub(super) fn schema(key: &str, tags: &[String], kinds: &[&str], sources: &Value) -> Value {
    let text = || json!({ "type": ["string", "integer"] });
    let tags: Vec<&str> = tags.iter().map(|tag| &**tag).collect();
    match key {
        "title" => json!({ "type": ["string", "integer"], "minLength": 1 }),
        "description" | "slug" | "template" | "translated_from" => text(),
        "kind" => json!({ "enum": kinds }),
        "date" | "updated" | "publish" | "expires" | "as_of" => date(true),
        "aliases" => list_of(&json!({ "type": "string" })),
        "weight" => json!({ "type": "integer" }),
        "draft" | "feed" | "cite_paragraphs" => json!({ "type": "boolean" }),
        "sort" => json!({ "enum": Sort::NAMES }),
        "paginate" => json!({ "type": "integer", "minimum": 0 }),
        "untranslated" => json!({ "enum": Untranslated::NAMES }),
        "languages" => list_of(&json!({ "enum": tags })),
        "sources" => list_of(sources),
        "extra" => json!({ "type": "object" }),
        "corrections" => corrections(&tags),
        "media" => media(&tags),
        "facts" => facts(&tags, sources),
        _ => json!({}),
    }
}

fn corrections(tags: &[&str]) -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "date": date(false),
                "text": localized(tags),
                "kind": { "enum": CorrectionKind::NAMES },
            },
            "required": ["date", "text"],
            "additionalProperties": false,
        },
    })
}

fn facts(tags: &[&str], sources: &Value) -> Value {
    let cited = json!({
        "type": "object",
        "properties": {
            "source": sources,
            "at": { "type": ["string", "integer"] },
            "quote": { "type": "string" },
        },
        "required": ["source"],
        "additionalProperties": false,
    });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": { "type": ["string", "integer"], "minLength": 1 },
                "text": localized(tags),
                "sources": list_of(&json!({ "anyOf": [sources, cited] })),
                "certainty": { "enum": Certainty::NAMES },
                "as_of": date(true),
                "asserted_by": { "type": "string", "minLength": 1 },
                "property": { "type": "string" },
                "value": { "type": ["string", "number", "boolean"] },
            },
            "required": ["text", "sources"],
            "additionalProperties": false,
            "dependencies": { "value": ["property"] },
        },
    })
}

fn media(tags: &[&str]) -> Value {
    let text = || json!({ "type": ["string", "integer"], "minLength": 1 });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "file": text(),
                "alt": localized(tags),
                "caption": localized(tags),
                "creator": text(),
                "licence": text(),
                "source": text(),
                "date": date(true),
                "focus": {
                    "type": "array",
                    "items": { "type": "number", "minimum": 0, "maximum": 1 },
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
            "required": ["file", "alt", "creator", "licence", "source"],
            "additionalProperties": false,
        },
    })
}

/// What a key means; editors show it.
pub(super) fn description(key: &str) -> Option<&'static str> {
    Some(match key {
        "title" => "The title",
        "description" => "The page in a sentence: for lists, search engines and feeds",
        "kind" => "What the page is about; it says which fields there are",
        "date" => "The subject's date: of the event, of the document, of the article's publication",
        "updated" => "When the page was last changed",
        "publish" => "The first day on which it is shown",
        "expires" => "The first day on which it is no longer shown",
        "slug" => "The last part of its address",
        "aliases" => "Its former addresses, which lead to it",
        "weight" => "Its place among its siblings, the lightest first",
        "draft" => "Unfinished, and not shown",
        "template" => "The template that renders it",
        "sort" => "Of a section: the order of its pages",
        "paginate" => "Of a section: how many pages it lists on one page; 0 for all",
        "feed" => "Of a section: whether it has feeds",
        "untranslated" => "What languages show that the page is not translated into",
        "languages" => "The languages that the page is meant for",
        "translated_from" => "Of a translation: the state of the original, written by the program",
        "sources" => "The pages of kind `source` that the page rests on",
        "cascade" => "Of a section: what it hands down to its pages",
        "extra" => "Values of your own, for templates",
        "as_of" => "The day up to which the page is true",
        "corrections" => "What was corrected",
        "facts" => "Single statements with their sources, once for all languages",
        "cite_paragraphs" => "Whether `dhikra check` asks each paragraph for a source",
        "media" => "The page's pictures and recordings, and whose they are",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FRONT_MATTER_KEYS;

    #[test]
    fn every_key_is_described() {
        for key in FRONT_MATTER_KEYS {
            assert!(description(key).is_some(), "{key} needs a description and a schema");
        }
    }
}
