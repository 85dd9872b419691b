//! Which characters a site uses, for its fonts to hold them.

use std::sync::Arc;

use crate::diagnostic::Quotes;
use crate::document::Document;
use crate::site::Newer;
use crate::source::{SITE_FILE, SourceFile, SourceTree, read_text};
use crate::text::charset::CharSet;
use crate::text::used::{Rare, base, with_cases};

/// The endings of files that hold words which come into pages.
const TEXTS: [&str; 12] =
    ["html", "xml", "txt", "yaml", "yml", "toml", "css", "js", "mjs", "svg", "json", "csv"];

/// The characters of a site, as they were found last.
#[derive(Debug, Default)]
pub(super) struct Characters {
    /// Those of its languages, and of its files other than documents.
    frame: CharSet,
    used: Arc<CharSet>,
    is_known: bool,
}

impl Characters {
    /// The characters that were found last.
    pub(super) fn used(&self) -> &Arc<CharSet> {
        &self.used
    }

    /// The characters that a site uses. They are gathered anew where files other than documents changed,
    /// or documents that use others than they did: `newer` are all that changed, if that is known.
    pub(super) fn renew(
        &mut self,
        tree: &SourceTree,
        others: bool,
        documents: &[Arc<Document>],
        newer: Option<&[Newer]>,
    ) -> Arc<CharSet> {
        if others || !self.is_known {
            self.frame = of_tree(tree);
        }
        let same = newer.is_some_and(|newer| newer.iter().all(|(old, new)| old.rare == new.rare));
        if others || !self.is_known || !same {
            let mut used = self.frame.clone();
            for document in documents.iter().filter(|document| !document.rare.is_empty()) {
                document.rare.add_to(&mut used);
            }
            let used = with_cases(used);
            if used != *self.used {
                self.used = Arc::new(used);
            }
            self.is_known = true;
        }
        Arc::clone(&self.used)
    }
}

/// Those of the languages of a site, and of its files other than documents.
fn of_tree(tree: &SourceTree) -> CharSet {
    let languages = &tree.config.languages;
    let mut set = base(languages.iter().map(|language| &language.lang));
    let mut add = |text: &str| Rare::of(text).add_to(&mut set);
    languages.iter().for_each(|language| add(&language.label));
    add(&tree.text(SITE_FILE).unwrap_or_default());
    let own = tree.under("data/");
    let themes = tree.layers().iter().flat_map(|layer| layer.files());
    for file in own.chain(themes).filter(|file| is_text(file, tree)) {
        if let Ok(text) = read_text(file) {
            add(&text);
            if file.path.ends_with(".css") {
                add(&escaped(&text));
            }
        }
    }
    set
}

/// Whether the words of a file come into pages: no word of a language that the site does not have does.
fn is_text(file: &SourceFile, tree: &SourceTree) -> bool {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_published = folder.split('/').any(|part| part == "static");
    let is_known = !(folder == "messages" || folder.ends_with("/messages"))
        || tree
            .config
            .languages
            .iter()
            .any(|l| l.lang.as_str() == stem || l.lang.primary() == stem);
    TEXTS.contains(&ending) && !is_published && is_known
}

/// The characters that a style sheet writes by their numbers: `\2192`.
fn escaped(css: &str) -> String {
    let numbers = css.match_indices('\\').filter_map(|(at, _)| {
        let rest = css.get(at + 1..)?;
        let end = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len()).min(6);
        u32::from_str_radix(rest.get(..end)?, 16).ok()
    });
    numbers.filter_map(char::from_u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_characters_are_read() {
        assert_eq!(escaped("a{content:\"\\2192\\FE0E x\\'\"} \\4e2D"), "→\u{FE0E}中");
        assert_eq!(escaped("\\"), "");
    }
}
