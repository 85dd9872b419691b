//! Reading `theme.toml`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::images::{self, ImageOptions};
use super::reader::{Input, Reader, Step};
use super::toml::TomlFile;
use crate::diagnostic::{Problems, Span};

/// What a theme says of itself.
#[derive(Clone, Debug, Default)]
pub struct ThemeConfig {
    /// The theme whose files are used where this one has none.
    pub extends: Option<String>,
    /// Its settings and their defaults; a site overrides them under `[settings]`.
    pub settings: Map<String, Value>,
    /// What it says of pictures.
    pub images: ImageOptions,
    /// The scripts that it makes of several.
    pub bundles: Vec<Bundle>,
}

/// A script that is made of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its path below `assets/`.
    pub name: String,
    /// The paths of its parts, with the places where they are written.
    pub parts: Vec<(String, Span)>,
    /// The place of its name.
    pub place: Span,
}

/// Reads `[bundles]`, of a theme or a site.
pub(super) fn bundles(reader: &mut Reader<'_>) -> Vec<Bundle> {
    let input = reader.input;
    let Some(map) = reader.map("bundles") else { return Vec::new() };
    let mut bundles = Vec::new();
    for (name, parts) in map {
        let mut path = vec![Step::Key("bundles".into()), Step::Key(name.clone())];
        let place = input.key_span(&path);
        let wanted = "a list of scripts such as [\"menu.js\", \"search.js\"]";
        let Some(list) = parts.as_array() else {
            input.wrong_type(&path, wanted, parts);
            continue;
        };
        if !name.ends_with(".js") {
            let problem = input.bad_value(&path, format!("the bundle «{name}» is no script"));
            input.problems.push(problem.hint("give it a name that ends in .js"));
            continue;
        }
        let mut bundle = Bundle { name: name.clone(), parts: Vec::new(), place };
        for (n, part) in list.iter().enumerate() {
            path.push(Step::Index(n));
            match part.as_str() {
                Some(part) => bundle.parts.push((part.to_owned(), input.value_span(&path))),
                None => input.wrong_type(&path, "the path of a script", part),
            }
            path.pop();
        }
        bundles.push(bundle);
    }
    bundles
}

impl ThemeConfig {
    /// Reads a `theme.toml`; what is wrong is in `problems`.
    #[must_use]
    pub fn parse(text: &str, file: &Arc<str>, problems: &Problems) -> Self {
        let toml = TomlFile::parse(text, file, problems);
        let input = Input { file, places: &toml, problems };
        let mut reader = Reader::new(input, &toml.values, Vec::new());
        reader.text("name");
        reader.text("description");
        reader.text("license");
        let config = Self {
            extends: reader.text("extends"),
            settings: reader.map("settings").cloned().unwrap_or_default(),
            images: images::read(reader.table("images")),
            bundles: bundles(&mut reader),
        };
        reader.finish();
        config
    }
}

/// Lays settings over others: a value takes the place of the one of its name, a table changes what it names
/// of the table.
pub fn lay_over(settings: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        match (settings.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(table)) => lay_over(below, table),
            _ => {
                settings.insert(key.clone(), value.clone());
            }
        }
    }
}
