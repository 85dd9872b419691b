//! The theme's script searches as the program does. It is asked in Node.js; where that is missing, it is not asked,
//! unless `DHIKRA_NEEDS_NODE` is set.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dhikra::search::excerpt::marks;
use dhikra::search::index::Collected;
use dhikra::search::{Field, Index, Shards, search};
use dhikra::text::Lang;
use dhikra::text::search::{Rules, Script, analyse, joined, tables, tokens};
use serde_json::{Value, json};

const ENGINE: &str = "themes/dhikra/assets/search/engine.js";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the script says to some questions; none without Node.js.
fn ask(questions: &Value) -> Option<Value> {
    let node = Command::new("node")
        .arg(root().join("tests/search/ask.mjs"))
        .arg(root().join(ENGINE))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    if node.is_err() {
        assert!(std::env::var_os("DHIKRA_NEEDS_NODE").is_none(), "Node.js is needed");
        println!("SKIPPED: the script is asked in Node.js, which is not there");
    }
    let mut node = node.ok()?;
    node.stdin.take().unwrap().write_all(questions.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The files of this repository's site in a language, without the punctuation of their front matter.
fn site(lang: &str) -> Vec<String> {
    let of =
        |name: &str| ["en", "ur", "zh"].into_iter().find(|l| name.ends_with(&format!(".{l}.md")));
    let mut texts: Vec<(String, String)> = walkdir::WalkDir::new(root().join("content"))
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "md"))
        .map(|entry| {
            (entry.path().display().to_string(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .filter(|(name, _)| of(name).unwrap_or("ar") == lang)
        .collect();
    texts.sort();
    texts.into_iter().map(|(_, text)| text).collect()
}

fn rules(lang: &str) -> Rules {
    Rules::of(&Lang::parse(lang).unwrap())
}

/// As scripts number them.
fn number(script: Script) -> u8 {
    match script {
        Script::Letters => 2,
        Script::Number => 3,
        Script::Arabic => 4,
        Script::Run => 5,
    }
}

#[test]
fn it_analyses_every_word_of_the_site_alike() {
    for lang in ["ar", "en", "ur", "zh"] {
        let rules = rules(lang);
        let mut words = BTreeSet::new();
        let mut texts = site(lang);
        texts.push(include_str!("judged/news.json").to_owned());
        texts.push(HARD.to_owned());
        for text in &texts {
            for token in tokens(text) {
                words.insert((text[token.place].to_owned(), number(token.script)));
            }
        }
        let expected: Vec<Value> = words
            .iter()
            .map(|(word, _)| {
                let script = tokens(word).next().unwrap().script;
                let a = analyse(word, script, rules);
                let joined: Vec<Value> = joined(&a, rules)
                    .iter()
                    .map(|(key, form)| json!([key, form.number()]))
                    .collect();
                json!([a.folded, a.key, a.form.number(), a.function, joined])
            })
            .collect();
        let places: Vec<Vec<Value>> = texts
            .iter()
            .map(|text| {
                let (mut bytes, mut units) = (0, 0);
                let mut unit = |at: usize| {
                    units += text[bytes..at].encode_utf16().count();
                    bytes = at;
                    units
                };
                let token = |t: dhikra::text::search::Token| {
                    json!([unit(t.place.start), unit(t.place.end), number(t.script)])
                };
                tokens(text).map(token).collect()
            })
            .collect();
        let index = json!({"lists": tables(rules)});
        let questions =
            json!({"rules": rules.code(), "index": index, "words": words, "texts": texts});
        let Some(answers) = ask(&questions) else { return };
        for ((word, expected), answer) in
            words.iter().zip(&expected).zip(answers["words"].as_array().unwrap())
        {
            assert_eq!(answer, expected, "{word:?} in {lang}");
        }
        assert_eq!(answers["texts"], json!(places), "{lang}");
    }
}

#[test]
fn it_finds_the_same_pages() {
    for lang in ["ar", "en", "ur", "zh"] {
        let rules = rules(lang);
        let texts = site(lang);
        let mut collected = Collected::default();
        for text in &texts {
            let (title, body) =
                text.split_at(text.find("\ndate").or(text.find("\n---")).unwrap_or(0));
            collected.page([(Field::Title, title), (Field::Text, body)]);
        }
        let same = [vec!["ممر".to_owned(), "CPEC".to_owned()]];
        let shards = Shards::of(&Index::of(&collected, rules, &same), 7);
        let mut queries = BTreeSet::new();
        for text in &texts {
            let words: Vec<&str> = tokens(text).map(|token| &text[token.place]).collect();
            for pair in words.windows(2).step_by(3) {
                queries.extend([
                    pair[0].to_owned(),
                    format!("و{}", pair[0]),
                    format!("{} ", pair[1]),
                    pair.join(" "),
                ]);
                queries.extend([3, 4, 6].map(|n| pair[1].chars().take(n).collect()));
            }
        }
        let mut queries: Vec<String> = queries.into_iter().step_by(24).collect();
        queries.extend(HARD.split_whitespace().map(str::to_owned));
        queries.extend(["يات", "ال", "وال", "ing", "国"].map(|letters| letters.repeat(200)));
        let marked: Vec<_> = texts.iter().cycle().take(queries.len()).collect();
        let expected: Vec<Value> = queries
            .iter()
            .zip(&marked)
            .map(|(query, text)| {
                let found = search(&shards, query, rules);
                let hits: Vec<_> =
                    found.hits.iter().map(|hit| json!([hit.page, hit.score])).collect();
                let places = |text: &str| -> Vec<_> {
                    let units = |at: usize| text[..at].encode_utf16().count();
                    let places = marks(text, &found.words, rules).into_iter();
                    places.map(|place| [units(place.start), units(place.end)]).collect()
                };
                json!([hits, found.all, places(query), places(text)])
            })
            .collect();
        let questions = json!({
            "rules": rules.code(),
            "index": {"starts": shards.starts, "nature": shards.nature.bits(), "pages": shards.pages, "rules": rules.code(), "lists": tables(rules)},
            "pieces": shards.pieces,
            "queries": queries,
            "marked": marked,
        });
        let Some(answers) = ask(&questions) else { return };
        for ((query, expected), answer) in
            queries.iter().zip(&expected).zip(answers["queries"].as_array().unwrap())
        {
            assert_eq!(answer, expected, "«{query}» in {lang}");
        }
    }
}

/// Words that are hard to take apart.
const HARD: &str = "مُبَادَرَة مبـــادرة ﻣﺒﺎﺩﺭﺓ وبمبادراتهم للجنة لللجنة واللغات مسئول مسءول شؤون وزرائه وزراؤها \
    الكهربائية تفاهم والتزامهما الله لله بالله ٧٥ ۷۵ 1,234.5 ١٬٢٣٤ 4.1.2026 CPEC الـCPEC و75 ML-1 JF17 \
    Café STRASSE Straße æon ﬁve Ⅷ ½ 中巴经济走廊 路 ひらがなカタカナ ภาษาไทย अर्थव्यवस्था معاہدوں معاہدے کتابیں \
    گوادر جوادر غوادر يؤكدون سيؤكد تؤكد ستشهد وفد بحر فيضان كبير لغة سوري سورية سوريا ﷺ ﷲ \u{1E921}\u{1E943} 한국어 \
    وسافر سافر بمشاركة تنفيذ لتعزيز ويزورها تراثنا سهلين البلدين للبنانيين مسؤولو حرفيو كتابه قضاة ينابيع يلغي يدعو زار تحرير \
    إمام أمام امام علي على إلي كأس بكر فني كمين ولي وعلى بهذا طالبان العليا گوادر أميركي أوربا لآلئ کتاب\u{200C}ها تبدیلیاں لڑکیوں \
    governm organiz politi economi centre centres theatre labour neighbouring organised modernisation women oases defence COVID-19 \
    والب بالص ب\u{640} connections relational traditional organisation running hoped hoping flies dying news yes y Yorkshire موانيء موانىء شيء بطيء";
