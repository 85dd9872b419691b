//! Code with the classes of its syntax, so that a theme colours it and a strict CSP holds.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// The grammars that come with syntect; unpacked when the first code needs them.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// The classes of every scope: `hl-keyword`, `hl-string`…
const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "hl-" };

/// Code longer than this is left plain, in bytes: a grammar's regular expressions can be slow.
const MAX_CODE: usize = 100_000;

/// Highlights code, each piece once: it is the dearest thing a page can hold, and depends on
/// nothing but itself.
#[derive(Debug, Default)]
pub(super) struct Highlighter {
    known: RwLock<HashMap<blake3::Hash, Option<Arc<str>>>>,
}

impl Highlighter {
    /// The code as HTML; `None` where the language is not known.
    #[must_use]
    pub(super) fn highlight(&self, language: &str, code: &str) -> Option<Arc<str>> {
        if code.len() > MAX_CODE {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(language.as_bytes())
            .update(b"\0")
            .update(code.as_bytes());
        let key = hasher.finalize();
        if let Some(html) = self
            .known
            .read()
            .ok()
            .and_then(|known| known.get(&key).cloned())
        {
            return html;
        }
        let html: Option<Arc<str>> = generate(language, code).map(Into::into);
        if let Ok(mut known) = self.known.write() {
            known.insert(key, html.clone());
        }
        html
    }
}

fn generate(language: &str, code: &str) -> Option<String> {
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, STYLE);
    for line in LinesWithEndings::from(code) {
        generator
            .parse_html_for_line_which_includes_newline(line)
            .ok()?;
    }
    Some(generator.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_gets_classes_and_is_escaped() {
        let html = Highlighter::default().highlight("rust", "let s = \"<b>\";\n");
        assert!(html.is_some_and(|h| h.contains("hl-storage") && h.contains("&lt;b&gt;")));
        assert!(
            Highlighter::default()
                .highlight("no-such-language", "x")
                .is_none()
        );
    }
}
