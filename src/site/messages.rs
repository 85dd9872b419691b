//! The words of the interface, by language: `messages/LANG.yaml` of the theme and the site.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::Site;
use crate::config::Config;
use crate::config::reader::{Input, Locate, Step};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::{YamlPlaces, parse_yaml};
use crate::knowledge::Labels;
use crate::source::{SourceFile, SourceTree, read_text};
use crate::text::{Numbers, Quantity};

/// A message: one text, or one for each plural category.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Words {
    Text(String),
    Plural(HashMap<String, String>),
}

/// A message and the file that it is in.
#[derive(Clone, Debug)]
struct Message {
    words: Words,
    file: Arc<SourceFile>,
}

impl Message {
    /// The place of its key, for problems: found only when there is one.
    fn span(&self, key: &str) -> Span {
        let text = read_text(&self.file).unwrap_or_default();
        let places = YamlPlaces { text: &text, base: 0 };
        Span::new(&self.file.path, places.key(&[Step::Key(key.to_owned())]))
    }
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
        let pattern = match (&self.0.get(lang)?.get(key)?.words, n) {
            (Words::Text(text), _) => text,
            (Words::Plural(forms), n) => {
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

    /// For each language, the keys that it lacks and another language of the site has.
    #[must_use]
    pub fn gaps(&self) -> Vec<(usize, Vec<&str>)> {
        let all: BTreeSet<&str> = (0..self.0.len()).flat_map(|lang| self.keys(lang)).collect();
        let lacks = |lang: usize| {
            let own = self.0.get(lang);
            all.iter().copied().filter(move |key| own.is_none_or(|own| !own.contains_key(*key)))
        };
        let gaps = (0..self.0.len()).map(|lang| (lang, lacks(lang).collect::<Vec<_>>()));
        gaps.filter(|(_, missing)| !missing.is_empty()).collect()
    }

    /// Checks that every plural message has the forms that its language tells apart.
    pub fn check(&self, config: &Config, numbers: &[&Numbers], problems: &Problems) {
        for ((messages, language), numbers) in self.0.iter().zip(&config.languages).zip(numbers) {
            let mut keys: Vec<_> = messages.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            for (key, message) in keys {
                let Words::Plural(forms) = &message.words else {
                    continue;
                };
                let missing: Vec<_> =
                    numbers.categories().into_iter().filter(|c| !forms.contains_key(*c)).collect();
                if !missing.is_empty() && forms.len() > 1 {
                    let forms = missing.join(", ");
                    let text = format!(
                        "the message `{key}` lacks the plural form {forms} in {}",
                        language.lang
                    );
                    let problem = Diagnostic::warning(codes::MESSAGE, text);
                    problems.push(problem.at(message.span(key)));
                }
            }
        }
    }
}

impl Site {
    /// What readers of a language call something: by its label in the language, by a message, by its label
    /// for all languages.
    #[must_use]
    pub fn label(&self, labels: &Labels, message: &str, lang: usize) -> Option<String> {
        let tag = &self.language(lang).lang;
        let own = [tag.as_str(), tag.primary()].into_iter().find_map(|tag| labels.get(tag));
        let message =
            || self.frame.messages.get(lang, message, None, &self.tools(lang).numbers, &[]);
        own.cloned().or_else(message).or_else(|| labels.get("").cloned())
    }
}

fn read(
    text: &str,
    file: &SourceFile,
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
    let shared = Arc::new(file.clone());
    let places = YamlPlaces { text, base: 0 };
    let input = Input { file: &file.path, places: &places, problems };
    for (key, value) in &map {
        let path = [Step::Key(key.clone())];
        let message = match value {
            Value::String(text) => Some(Words::Text(text.clone())),
            Value::Object(forms) => forms
                .iter()
                .map(|(form, text)| Some((form.clone(), text.as_str()?.to_owned())))
                .collect::<Option<_>>()
                .map(Words::Plural),
            _ => None,
        };
        match message {
            Some(words) => {
                let message = Message { words, file: Arc::clone(&shared) };
                messages.insert(key.clone(), message);
            }
            None => input.wrong_type(&path, "text, or a mapping of plural forms to texts", value),
        }
    }
}
