//! The style sheet that is made of settings, so that a site changes the colours and fonts of its theme
//! without a line of CSS: custom properties on `:root`.

use std::fmt::Write as _;
use std::sync::Arc;

use lightningcss::printer::PrinterOptions;
use lightningcss::properties::font::FontFamily;
use lightningcss::traits::{Parse, ToCss};
use lightningcss::values::color::CssColor;
use serde_json::{Map, Value};

use super::Source;
use crate::config::reader::{Input, Step};
use crate::config::toml::TomlFile;
use crate::diagnostic::{Diagnostic, Problems, Quotes, Span, codes};
use crate::source::{SITE_FILE, SourceTree, read_text};

/// A table of settings: its name, what the names of its custom properties begin with, what makes CSS of
/// a value, and what a value must be.
struct Section {
    name: &'static str,
    prefix: &'static str,
    css: fn(&str) -> Option<String>,
    wanted: &'static str,
    hint: &'static str,
}

const COLOUR: Section = Section {
    name: "colours",
    prefix: "--",
    css: colour,
    wanted: "a colour",
    hint: "write it like \"#fbf9f3\", \"darkgreen\" or \"oklch(40% 0.1 170)\"",
};

const SECTIONS: [Section; 3] = [
    COLOUR,
    Section { name: "colours_dark", ..COLOUR },
    Section {
        name: "fonts",
        prefix: "--font-",
        css: families,
        wanted: "a list of font families",
        hint: "write it like \"Amiri, serif\"",
    },
];

/// Its text. A value that is not what it should be is left out and reported where it is set.
pub(super) fn sheet(tree: &SourceTree, sources: &[Source], problems: &Problems) -> String {
    let layers = layers(tree);
    let [colours, dark, fonts] = SECTIONS.map(|section| {
        let mut found: Vec<(String, String)> = Vec::new();
        for layer in &layers {
            layer.read(&section, sources, problems, &mut found);
        }
        found
    });
    let mut css = String::new();
    block(&mut css, &[colours, fonts].concat());
    if !dark.is_empty() {
        css.push_str("@media (prefers-color-scheme: dark){");
        block(&mut css, &dark);
        css.push('}');
    }
    css
}

fn block(css: &mut String, properties: &[(String, String)]) {
    if properties.is_empty() {
        return;
    }
    css.push_str(":root{");
    for (name, value) in properties {
        let _ = write!(css, "{name}:{value};");
    }
    css.push('}');
}

/// Settings with the file that they stand in.
struct Layer {
    settings: Map<String, Value>,
    file: Arc<str>,
    text: String,
}

/// The settings of the themes and of the site, the furthest first: a nearer one changes what it names.
fn layers(tree: &SourceTree) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for layer in tree.layers().iter().rev() {
        let file = layer.under("theme.toml").map(|(_, file)| file).next();
        let (Some(file), settings) = (file, layer.config.settings.clone()) else { continue };
        let text = read_text(file).unwrap_or_default();
        layers.push(Layer { settings, file: Arc::clone(&file.path), text });
    }
    let text = tree.text(SITE_FILE).unwrap_or_default();
    layers.push(Layer { settings: tree.config.settings.clone(), file: SITE_FILE.into(), text });
    layers
}

impl Layer {
    /// Reads a table into what farther layers set.
    fn read(
        &self,
        section: &Section,
        sources: &[Source],
        problems: &Problems,
        found: &mut Vec<(String, String)>,
    ) {
        let Some(value) = self.settings.get(section.name) else { return };
        let toml = TomlFile::parse(&self.text, &self.file, &Problems::new());
        let input = Input { file: &self.file, places: &toml, problems };
        let mut path = vec![Step::Key("settings".into()), Step::Key(section.name.into())];
        let Some(table) = value.as_object() else {
            return input.wrong_type(&path, "a mapping of names to values", value);
        };
        for (key, value) in table {
            path.push(Step::Key(key.clone()));
            if let Some(css) = section.value(key, value, input, &path) {
                let name = format!("{}{key}", section.prefix);
                warn_of_unused(&name, sources, input.key_span(&path), problems);
                match found.iter_mut().find(|(other, _)| *other == name) {
                    Some(farther) => farther.1 = css,
                    None => found.push((name, css)),
                }
            }
            path.pop();
        }
    }
}

impl Section {
    /// The CSS of a value.
    fn value(&self, key: &str, value: &Value, input: Input<'_>, path: &[Step]) -> Option<String> {
        if !is_name(key) {
            let message = format!("«{key}» cannot be part of a name in CSS");
            let problem = Diagnostic::error(codes::BAD_VALUE, message).at(input.key_span(path));
            input.problems.push(problem.hint("use letters, digits and `-`"));
            return None;
        }
        let Some(text) = value.as_str() else {
            input.wrong_type(path, "text", value);
            return None;
        };
        let css = (self.css)(text);
        if css.is_none() {
            let problem = input.bad_value(path, format!("«{text}» is not {}", self.wanted));
            input.problems.push(problem.hint(self.hint));
        }
        css
    }
}

fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// A colour as CSS, written anew from what was understood of it, so that nothing else gets through.
fn colour(text: &str) -> Option<String> {
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    CssColor::parse_string(text).ok()?.to_css_string(options).ok()
}

/// A list of font families as CSS, written anew.
fn families(text: &str) -> Option<String> {
    let options = || PrinterOptions { minify: true, ..PrinterOptions::default() };
    let families = Vec::<FontFamily>::parse_string(text).ok()?;
    let written = families.iter().map(|family| family.to_css_string(options()).ok());
    Some(written.collect::<Option<Vec<_>>>()?.join(","))
}

/// Says where a setting changes nothing, since no style sheet asks for its property.
fn warn_of_unused(name: &str, sources: &[Source], span: Span, problems: &Problems) {
    let names = || sources.iter().flat_map(|source| properties(&source.text));
    if names().any(|other| other == name) {
        return;
    }
    let message = format!("no style sheet uses the custom property `{name}`");
    let problem = Diagnostic::warning(codes::UNKNOWN_KEY, message).at(span);
    problems.push(problem.did_you_mean(name, names()));
}

/// The custom properties that a style sheet names, also those in comments.
fn properties(css: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'));
    css.match_indices("var(").filter_map(move |(at, _)| {
        let rest = css.get(at + 4..)?.trim_start();
        rest.starts_with("--").then(|| rest.split(is_end).next())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_colours_and_nothing_more() {
        for (text, css) in [
            ("#fbf9f3", "#fbf9f3"),
            (" darkgreen ", "#006400"),
            ("oklch(40% 0.1 170)", "oklch(40% .1 170)"),
            ("rgb(0 0 0 / 50%)", "#00000080"),
        ] {
            assert_eq!(colour(text).as_deref(), Some(css), "{text}");
        }
        for text in ["", "greenish", "red;}body{display:none", "red}", "var(--x)", "url(x)"] {
            assert_eq!(colour(text), None, "{text}");
        }
    }

    #[test]
    fn families_are_families_and_nothing_more() {
        assert_eq!(families("Amiri, serif").as_deref(), Some("Amiri,serif"));
        assert_eq!(families("\"Noto; Naskh}\", x").as_deref(), Some("\"Noto; Naskh}\",x"));
        for text in ["", "Amiri;color:red", "a{b", "url(x)", "Amiri,", "3"] {
            assert_eq!(families(text), None, "{text}");
        }
    }

    #[test]
    fn names_that_are_asked_for() {
        let css = "a{b:var(--paper);c:var( --font-text-ar , serif)}";
        assert_eq!(properties(css).collect::<Vec<_>>(), ["--paper", "--font-text-ar"]);
    }
}
