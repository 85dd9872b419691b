//! The site's own templates and its theme with the themes that it extends: each file comes from
//! the nearest layer that has it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::watch::Link;
use super::{Backing, SourceFile, embedded, read_text, walk};
use crate::config::ThemeConfig;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};

/// The name of the layer that is the site itself.
pub const SITE_LAYER: &str = "site";

/// What a layer may hold.
const PARTS: &[&str] = &["templates", "assets", "static", "messages", "kinds.toml", "theme.toml"];

/// What of these a site may hold beside its themes; its `static/` is found with its content.
const SITE_PARTS: &[&str] = &["templates", "assets", "messages", "kinds.toml"];

/// A theme, or the site's own files that stand above the themes'.
#[derive(Debug)]
pub struct Layer {
    /// The theme's name, or [`SITE_LAYER`].
    pub name: String,
    /// Its `theme.toml`.
    pub config: ThemeConfig,
    /// The path of the layer in the site, with `/` at its end; empty for the site itself.
    prefix: String,
    files: BTreeMap<Arc<str>, SourceFile>,
}

impl Layer {
    /// Its files below a folder such as `templates/`, with their paths below that folder.
    pub fn under<'a>(
        &'a self,
        folder: &str,
    ) -> impl Iterator<Item = (&'a str, &'a SourceFile)> + use<'a> {
        let start = format!("{}{folder}", self.prefix);
        self.files
            .iter()
            .filter_map(move |(path, file)| Some((path.strip_prefix(start.as_str())?, file)))
    }

    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// The paths of its files in the site.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.keys()
    }

    /// A file by its path in the site.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }
}

/// Finds the layers of a site, the nearest first.
/// `asked` is where the theme is asked for. Also gives whether all of them are there.
pub(super) fn find(
    root: &Path,
    theme: &str,
    mut asked: Span,
    links: &mut Vec<Link>,
    problems: &Problems,
) -> (Vec<Layer>, bool) {
    let mut site = Layer {
        name: SITE_LAYER.into(),
        config: ThemeConfig::default(),
        prefix: String::new(),
        files: BTreeMap::new(),
    };
    walk::walk(root, "", SITE_PARTS, &mut site.files, links, problems);
    let mut layers = vec![site];
    let mut next = Some(theme.to_owned());
    while let Some(name) = next {
        if layers.iter().any(|layer| layer.name == name) {
            let chain = layers.iter().skip(1).map(|l| l.name.as_str()).collect::<Vec<_>>();
            let chain = chain.join(" → ");
            let message = format!("the theme `{name}` extends itself ({chain} → {name})");
            let problem = Diagnostic::error(codes::THEME, message).at(asked);
            problems.push(problem.hint("take `extends` out of one of them"));
            return (layers, false);
        }
        let Some(layer) = theme_layer(root, &name, &asked, links, problems) else {
            return (layers, false);
        };
        asked = Span::file(&format!("{}theme.toml", layer.prefix).into());
        next = layer.config.extends.clone();
        layers.push(layer);
    }
    (layers, true)
}

fn theme_layer(
    root: &Path,
    name: &str,
    asked: &Span,
    links: &mut Vec<Link>,
    problems: &Problems,
) -> Option<Layer> {
    if name.is_empty()
        || name.starts_with('.')
        || name.contains(['/', '\\', ':'])
        || name == SITE_LAYER
    {
        let message = format!("«{name}» cannot be the name of a theme");
        let problem = Diagnostic::error(codes::THEME, message).at(asked.clone());
        problems.push(problem.hint("a theme is named by its folder in themes/"));
        return None;
    }
    let prefix = format!("themes/{name}/");
    let mut files = BTreeMap::new();
    let folder = root.join("themes").join(name);
    if folder.is_dir() {
        walk::walk(&folder, &prefix, PARTS, &mut files, links, problems);
    } else if name == embedded::NAME {
        for (path, bytes) in embedded::files() {
            let path: Arc<str> = format!("{prefix}{path}").into();
            let backing = Backing::Embedded(bytes);
            files.insert(Arc::clone(&path), SourceFile { path, backing });
        }
    } else {
        let message = format!("there is no theme `{name}` in themes/");
        let problem = Diagnostic::error(codes::THEME, message).hint(format!(
            "make the folder themes/{name}, or use the embedded theme `{}`",
            embedded::NAME
        ));
        let folders = std::fs::read_dir(root.join("themes")).into_iter().flatten();
        let mut names: Vec<String> = folders
            .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.to_owned()))
            .collect();
        names.push(embedded::NAME.to_owned());
        names.sort();
        problems
            .push(problem.at(asked.clone()).did_you_mean(name, names.iter().map(String::as_str)));
        return None;
    }
    let config = files.get(format!("{prefix}theme.toml").as_str()).map_or_else(
        ThemeConfig::default,
        |file| match read_text(file) {
            Ok(text) => ThemeConfig::parse(&text, &file.path, problems),
            Err(problem) => {
                problems.push(problem);
                ThemeConfig::default()
            }
        },
    );
    Some(Layer { name: name.to_owned(), config, prefix, files })
}
