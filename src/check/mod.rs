//! Whether a site may be published: everything that a build says, and what it does not look at. The
//! rules are in [`crate::diagnostic::rules`], documented in `docs/check.md`.

mod archive;
mod css;
pub mod external;
mod fix;
mod html;
mod lint;
mod outputs;
mod pages;
mod paragraphs;
mod passages;
mod quotations;
mod record;
mod silence;
mod sources;
mod translations;

pub use fix::{Mended, mend};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, rules};
use crate::document::Document;
use crate::pipeline::Loaded;
use crate::site::Site;
use crate::source::SourceTree;

/// Problems, in no order yet.
type Found = Vec<Diagnostic>;

/// What every check looks at.
struct Context<'a> {
    tree: &'a SourceTree,
    site: &'a Site,
}

impl Context<'_> {
    /// A problem that a rule found; `None` where the site switched the rule off.
    fn rule(&self, code: &'static str, message: impl Into<String>) -> Option<Diagnostic> {
        let rule = rules::find(code)?;
        let severity = self.site.config.check.severity(&rule)?;
        Some(Diagnostic { severity, ..Diagnostic::warning(rule.code, message) })
    }

    /// Every document that is shown, in the order of their files.
    fn documents(&self) -> Vec<Arc<Document>> {
        let mut documents = BTreeMap::new();
        for page in self.site.pages.iter().filter(|page| !page.document.is_synthetic()) {
            documents.entry(&page.document.file.path).or_insert_with(|| Arc::clone(&page.document));
        }
        documents.into_values().collect()
    }
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// All that is wrong.
    pub problems: Vec<Diagnostic>,
    /// How many external links were asked for; none where they were not to be.
    pub external: Option<usize>,
}

/// How external links are asked for, and who is told how far that is.
pub struct External<'a> {
    /// How.
    pub options: &'a external::Options,
    /// Told how many links are known, and how many there are.
    pub progress: &'a mut dyn FnMut(usize, usize),
}

impl std::fmt::Debug for External<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.options.fmt(f)
    }
}

/// Checks a site; its external links where it is said how.
#[must_use]
pub fn check(loaded: &Loaded, external: Option<External<'_>>) -> Checked {
    let site = &loaded.renderer.world().site;
    let context = Context { tree: &loaded.tree, site };
    let mut found = loaded.problems.clone();
    found.extend(lint::check(&context));
    found.extend(css::check(&context));
    found.extend(pages::check(&context));
    found.extend(record::check(&context));
    found.extend(translations::check(&context));
    found.extend(sources::check(&context));
    found.extend(paragraphs::check(&context));
    found.extend(quotations::check(&context));
    let pages = outputs::read(loaded);
    found.extend(pages.check(&context, loaded));
    let mut asked = None;
    if let Some(external) = external {
        let (problems, count) = pages.check_external(&context, loaded, external);
        found.extend(problems);
        asked = Some(count);
    }
    Checked { problems: silence::apply(&context, found), external: asked }
}
