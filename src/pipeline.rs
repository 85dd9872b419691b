//! The phases, one after the other: what every command that looks at the site begins with.

use std::path::Path;
use std::sync::Arc;

use crate::assets::Assets;
use crate::config::{BaseUrl, Config};
use crate::diagnostic::{Diagnostic, Problems, codes, has_errors};
use crate::render::{Output, Renderer, plan};
use crate::site::{self, Clock};
use crate::source::SourceTree;
use crate::template::World;

/// What the command line changes.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// The day, and whether drafts are shown.
    pub clock: Clock,
    /// Another base URL than the site's own.
    pub base_url: Option<String>,
}

/// A site ready to be rendered.
#[derive(Debug)]
pub struct Loaded {
    /// Its files.
    pub tree: Arc<SourceTree>,
    /// Makes its outputs.
    pub renderer: Renderer,
    /// What outputs it has.
    pub outputs: Vec<Output>,
    /// What is wrong so far.
    pub problems: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether an error is among the problems.
    #[must_use]
    pub fn failed(&self) -> bool {
        has_errors(&self.problems)
    }
}

/// Finds, parses, assembles and plans the site at `root`.
///
/// # Errors
/// Only where there is no site: everything else that is wrong is in the result's problems.
pub fn load(root: &Path, overrides: &Overrides) -> Result<Loaded, Vec<Diagnostic>> {
    let problems = Problems::new();
    let Some(mut tree) = SourceTree::open(root, &problems) else {
        return Err(problems.into_vec());
    };
    if let Some(url) = &overrides.base_url {
        match BaseUrl::parse(url) {
            Ok(base) => tree.set_config(Config { base, ..(*tree.config).clone() }),
            Err(why) => {
                problems.push(Diagnostic::error(codes::BAD_VALUE, format!("--base-url {why}")));
            }
        }
    }
    let tree = Arc::new(tree);
    let documents = site::parse(&tree, &problems);
    let site = Arc::new(site::assemble(&tree, documents, overrides.clock, &problems));
    let assets = Arc::new(Assets::load(&tree, &problems));
    let outputs = plan(&site, &assets, &tree, &problems);
    let world = Arc::new(World::new(site, assets));
    let renderer = Renderer::new(Arc::clone(&tree), world, &problems);
    Ok(Loaded { tree, renderer, outputs, problems: problems.into_vec() })
}
