//! What all pages of a site share, and no document says: kinds, messages, data, settings, formatters.

use serde_json::{Map, Value};

use super::{LanguageTools, Messages, data, settings};
use crate::diagnostic::Problems;
use crate::knowledge::Kinds;
use crate::source::SourceTree;
use crate::text::date::Dates;
use crate::text::{Collation, Lists, Numbers};

/// What all pages of a site share.
#[derive(Debug)]
pub struct Frame {
    /// The theme's settings with the site's over them.
    pub settings: Map<String, Value>,
    /// The kinds.
    pub kinds: Kinds,
    /// Messages by language.
    pub messages: Messages,
    /// Data files by their path in `data/` without extension.
    pub data: Map<String, Value>,
    /// Formatters by language.
    pub tools: Vec<LanguageTools>,
}

impl Frame {
    /// Reads it from the files of a site and its themes. Always gives one; what is wrong is in
    /// `problems`.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let kinds = Kinds::load(tree, problems);
        let messages = Messages::load(tree, problems);
        let languages = &tree.config.languages;
        let tools: Vec<LanguageTools> = languages
            .iter()
            .map(|language| LanguageTools {
                dates: Dates::new(&language.locale, language.numbering),
                numbers: Numbers::new(&language.locale, language.numbering),
                collation: Collation::new(&language.lang),
                lists: Lists::new(&language.locale),
            })
            .collect();
        let numbers: Vec<&Numbers> = tools.iter().map(|tools| &tools.numbers).collect();
        messages.check(&tree.config, &numbers, problems);
        let settings = settings::load(tree, problems);
        Self { settings, kinds, messages, data: data::load(tree, problems), tools }
    }
}
