//! The templates of a site, and rendering them.

use std::io::Write;

use tera::{Context, Tera};

use super::{errors, functions};
use crate::diagnostic::{Diagnostic, Problems, Span};
use crate::source::{SourceTree, read_text};

/// All templates and components of a site, ready to render. Shared by every thread.
pub struct TemplateSet {
    tera: Tera,
    broken: bool,
}

impl std::fmt::Debug for TemplateSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TemplateSet")
    }
}

impl TemplateSet {
    /// Reads the templates of every layer. Every one that does not parse is reported; the set then
    /// holds none.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let mut templates = Vec::new();
        for layer in tree.layers() {
            for (path, file) in layer.under("templates/") {
                if ![".html", ".xml", ".svg"].iter().any(|end| path.ends_with(end)) {
                    continue;
                }
                match read_text(file) {
                    Ok(text) => templates.push((format!("{}/{path}", layer.name), text)),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        let mut tera = Self::empty(tree);
        let loaded = tera.add_raw_templates(templates.iter().map(|(n, t)| (n, t)));
        if let Err(error) = &loaded {
            errors::load_problems(tree, &templates, error, problems);
            tera = Self::empty(tree);
        }
        Self { tera, broken: loaded.is_err() || !tree.has_themes() }
    }

    /// Whether the templates did not load, which was reported: there is nothing to render with, and
    /// what is missing for that reason is not worth a word.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    fn empty(tree: &SourceTree) -> Tera {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html", ".xml", ".svg"]);
        functions::register(&mut tera);
        let prefixes = tree.layers().iter().map(|layer| format!("{}/", layer.name));
        // It only fails after templates were added.
        let _ = tera.set_fallback_prefixes(prefixes);
        tera
    }

    /// Whether there is a template of that name, in any layer.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Whether there is a component of that name.
    #[must_use]
    pub fn has_component(&self, name: &str) -> bool {
        self.tera.contains_component(name)
    }

    /// The names of templates without their layer, for suggestions.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let strip = |name: &'_ str| name.split_once('/').map_or(0, |(layer, _)| layer.len() + 1);
        let mut names: Vec<&str> =
            self.tera.get_template_names().filter_map(|n| n.get(strip(n)..)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names of components that start with a prefix, for suggestions.
    #[must_use]
    pub fn components(&self, prefix: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.tera.get_component_names().filter_map(|n| n.strip_prefix(prefix)).collect();
        names.sort_unstable();
        names
    }

    /// What a component takes.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<tera::ComponentInfo> {
        self.tera.get_component_definition(name)
    }

    /// Renders a template. Call it inside a [`super::Scope`].
    ///
    /// # Errors
    /// What failed, with its place in the template; `what` names the page for the message.
    pub fn render(
        &self,
        tree: &SourceTree,
        name: &str,
        context: &Context,
        what: &str,
        out: impl Write,
    ) -> Result<(), Diagnostic> {
        self.tera.render_to(name, context, out).map_err(|error| {
            let mut problem = errors::render_problem(tree, &error, what);
            // Tera does not say where everything goes wrong; that it does in this template is something.
            let file = || Some(Span::file(&tree.layered("templates/").get(name)?.path));
            problem.span = problem.span.or_else(file);
            problem
        })
    }

    /// Renders a component with a body that is already HTML.
    ///
    /// # Errors
    /// What failed, with its place in the template.
    pub fn render_component(
        &self,
        tree: &SourceTree,
        name: &str,
        arguments: &Context,
        body: &str,
        what: &str,
    ) -> Result<String, Diagnostic> {
        self.tera
            .render_component_with_implicits(name, arguments, &Context::new(), Some(body), true)
            .map_err(|error| errors::render_problem(tree, &error, what))
    }
}

/// The first place in the templates that asks for a message by its key.
#[must_use]
pub fn asking(tree: &SourceTree, key: &str) -> Option<Span> {
    let written = format!("key=\"{key}\"");
    let templates = tree.layers().iter().flat_map(|layer| layer.under("templates/"));
    templates.into_iter().find_map(|(_, file)| {
        let text = read_text(file).ok()?;
        let at = text.find(&written)?;
        Some(Span::new(&file.path, at..at + written.len()))
    })
}
