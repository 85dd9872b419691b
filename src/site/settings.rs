//! The settings of a theme with those of the site over them. A value has to be of the sort of the theme's own, so that a
//! mistake is told where it was made, and not by the template that stumbles over it.

use std::mem::discriminant;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::config::lay_over;
use crate::config::reader::{Input, Step};
use crate::config::toml::TomlFile;
use crate::diagnostic::{Diagnostic, Problems, Quotes as _, codes};
use crate::source::{SITE_FILE, SourceTree};

/// Tables that the style sheet made of settings checks itself.
const OF_STYLES: [&str; 3] = ["colours", "colours_dark", "fonts"];

/// The theme's settings with the site's over them. What is of another sort is reported, and left as the theme has it.
pub(super) fn load(tree: &SourceTree, problems: &Problems) -> Map<String, Value> {
    let mut settings = tree.theme().settings;
    let mut own = tree.config.settings.clone();
    if own.is_empty() {
        return settings;
    }
    let file: Arc<str> = SITE_FILE.into();
    let toml = TomlFile::parse(&tree.text(SITE_FILE).unwrap_or_default(), &file, &Problems::new());
    let input = Input { file: &file, places: &toml, problems };
    let languages: Vec<&str> = tree.config.languages.iter().map(|it| it.lang.as_str()).collect();
    let check = Check { input, languages };
    own.retain(|key, value| match settings.get(key) {
        Some(_) if OF_STYLES.contains(&key.as_str()) => true,
        Some(default) => check.value(&mut vec![step("settings"), step(key)], default, value),
        None => {
            let message = format!("the theme has no setting `{key}`");
            let problem = Diagnostic::error(codes::UNKNOWN_KEY, message)
                .did_you_mean(key, settings.keys().map(String::as_str));
            problems.push(problem.at(check.input.key_span(&[step("settings"), step(key)])));
            true
        }
    });
    lay_over(&mut settings, &own);
    settings
}

fn step(key: &str) -> Step {
    Step::Key(key.to_owned())
}

struct Check<'a> {
    input: Input<'a>,
    languages: Vec<&'a str>,
}

impl Check<'_> {
    /// Whether a value is of the sort of another; reports what is not.
    fn value(&self, path: &mut Vec<Step>, default: &Value, value: &Value) -> bool {
        match (default, value) {
            (Value::Object(defaults), Value::Object(values)) => {
                let mut good = true;
                for (key, value) in values {
                    if let Some(default) = defaults.get(key) {
                        path.push(step(key));
                        good &= self.value(path, default, value);
                        path.pop();
                    }
                }
                good
            }
            // What the items are is known where the theme has one.
            (Value::Array(defaults), Value::Array(values)) => {
                let mut good = true;
                for (n, value) in values.iter().enumerate().take_while(|_| !defaults.is_empty()) {
                    path.push(Step::Index(n));
                    good &=
                        defaults.first().is_some_and(|default| self.value(path, default, value));
                    path.pop();
                }
                good
            }
            // A text may differ by language.
            (Value::String(_), Value::Object(texts)) if self.by_language(texts) => true,
            _ if discriminant(default) == discriminant(value) => true,
            _ => {
                self.input.wrong_type(path, wanted(default), value);
                false
            }
        }
    }

    fn by_language(&self, texts: &Map<String, Value>) -> bool {
        texts.iter().all(|(key, text)| self.languages.contains(&key.as_str()) && text.is_string())
    }
}

/// What a value of the sort of another is, in words.
fn wanted(default: &Value) -> &'static str {
    match default {
        Value::String(_) => "text, or a text for each language",
        Value::Number(n) if n.is_f64() => "a number",
        Value::Number(_) => "a whole number",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping of keys to values",
        Value::Bool(_) | Value::Null => "true or false",
    }
}
