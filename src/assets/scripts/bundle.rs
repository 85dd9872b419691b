//! Scripts of several files.

use std::collections::BTreeMap;

use crate::config::Bundle;
use crate::source::SourceTree;

/// The bundles of a site by their names: the parts of the theme that is farthest first, then what those nearer add.
#[derive(Debug, Default)]
pub(in crate::assets) struct Bundles(pub(in crate::assets) BTreeMap<String, Bundle>);

impl Bundles {
    pub(in crate::assets) fn of(tree: &SourceTree) -> Self {
        let mut all: BTreeMap<String, Bundle> = BTreeMap::new();
        let themes = tree.layers().iter().rev().map(|layer| &layer.config.bundles);
        for bundle in themes.chain([&tree.config.bundles]).flatten() {
            let known = all
                .entry(bundle.name.clone())
                .or_insert_with(|| Bundle { parts: Vec::new(), ..bundle.clone() });
            for part in &bundle.parts {
                if !known.parts.iter().any(|(name, _)| *name == part.0) {
                    known.parts.push(part.clone());
                }
            }
        }
        Self(all)
    }
}

/// A script with a scope of its own, so that its names do not meet those of others.
pub(in crate::assets) fn wrapped(js: &str) -> String {
    let js = js.strip_prefix('\u{FEFF}').unwrap_or(js).trim_end();
    format!("(()=>{{\n{js}\n}})();\n")
}
