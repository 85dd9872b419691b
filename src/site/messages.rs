//! The words of the interface, by language: `messages/LANG.yaml` of the theme and the site.

use std::collections::HashMap;

use serde_json::Value;

use crate::config::Config;
use crate::config::reader::{Input, Step};
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::{YamlPlaces, parse_yaml};
use crate::source::{SourceTree, read_text};
use crate::text::{Numbers, Quantity};

/// A message: one text, or one for each plural category.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Message {
    Text(String),
    Plural(HashMap<String, String>),
}

/// The messages of every language of the site.
#[derive(Debug, Default)]
pub struct Messages(Vec<HashMap<String, Message>>);

impl Messages {
    /// Reads the messages of every layer, the nearest over the others.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let config = &tree.config;
        let mut languages = vec![HashMap::new(); config.languages.len()];
        for (language, messages) in config.languages.iter().zip(&mut languages) {
            // A region (ar-EG) speaks as its language does, but for what it says otherwise.
            let (primary, whole) = (language.lang.primary(), language.lang.as_str());
            let tags = if primary == whole { vec![whole] } else { vec![primary, whole] };
            for (tag, layer) in tags
                .iter()
                .flat_map(|tag| tree.layers().iter().rev().map(move |layer| (tag, layer)))
            {
                for (name, file) in layer.under("messages/") {
                    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
                    if stem.is_none_or(|stem| !stem.eq_ignore_ascii_case(tag)) {
                        continue;
                    }
                    match read_text(file) {
                        Ok(text) => read(&text, file, messages, problems),
                        Err(problem) => problems.push(problem),
                    }
                }
            }
        }
        Self(languages)
    }

    /// The text of a key in a language, of the plural form of `n` where one is given, with `{n}`
    /// and `{name}` filled in. `None` where there is no such message.
    #[must_use]
    pub fn get(
        &self,
        lang: usize,
        key: &str,
        n: Option<&Quantity>,
        numbers: &Numbers,
        values: &[(&str, &str)],
    ) -> Option<String> {
        let pattern = match (self.0.get(lang)?.get(key)?, n) {
            (Message::Text(text), _) => text,
            (Message::Plural(forms), n) => {
                let form = n.map_or("other", |n| numbers.plural(n));
                forms.get(form).or_else(|| forms.get("other"))?
            }
        };
        if !pattern.contains('{') {
            return Some(pattern.clone());
        }
        let mut text = pattern.clone();
        if let Some(n) = n {
            text = text.replace("{n}", &numbers.quantity(n, true));
        }
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Some(text)
    }

    /// The keys of a language, for suggestions.
    pub fn keys(&self, lang: usize) -> impl Iterator<Item = &str> {
        let mut keys: Vec<_> =
            self.0.get(lang).into_iter().flat_map(|m| m.keys().map(String::as_str)).collect();
        keys.sort_unstable();
        keys.into_iter()
    }

    /// Checks that every plural message has the forms that its language tells apart.
    pub fn check(&self, config: &Config, numbers: &[&Numbers], problems: &Problems) {
        for ((messages, language), numbers) in self.0.iter().zip(&config.languages).zip(numbers) {
            let mut keys: Vec<_> = messages.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            for (key, message) in keys {
                let Message::Plural(forms) = message else {
                    continue;
                };
                let missing: Vec<_> =
                    numbers.categories().into_iter().filter(|c| !forms.contains_key(*c)).collect();
                if !missing.is_empty() && forms.len() > 1 {
                    let forms = missing.join(", ");
                    let message = format!(
                        "the message `{key}` lacks the plural form {forms} in {}",
                        language.lang
                    );
                    problems.push(Diagnostic::warning(codes::MESSAGE, message));
                }
            }
        }
    }
}

fn read(
    text: &str,
    file: &crate::source::SourceFile,
    messages: &mut HashMap<String, Message>,
    problems: &Problems,
) {
    let map = match parse_yaml(text) {
        Ok(map) => map,
        Err(problem) => {
            problems.push(problem.diagnostic(codes::YAML_SYNTAX, &file.path));
            return;
        }
    };
    let places = YamlPlaces { text, base: 0 };
    let input = Input { file: &file.path, places: &places, problems };
    for (key, value) in &map {
        let path = [Step::Key(key.clone())];
        let message = match value {
            Value::String(text) => Some(Message::Text(text.clone())),
            Value::Object(forms) => forms
                .iter()
                .map(|(form, text)| Some((form.clone(), text.as_str()?.to_owned())))
                .collect::<Option<_>>()
                .map(Message::Plural),
            _ => None,
        };
        match message {
            Some(message) => {
                messages.insert(key.clone(), message);
            }
            None => input.wrong_type(&path, "text, or a mapping of plural forms to texts", value),
        }
    }
}
