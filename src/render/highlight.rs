//! Code with the classes of its syntax, so that a theme colours it and a strict CSP holds.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};
use syntect::util::LinesWithEndings;

use crate::text::escape;

/// The grammars that come with syntect; unpacked when the first code needs them.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// What is told apart: a scope (Sublime Text's scope naming) and its class, the narrower first.
/// A span for every scope that grammars know would make a page several times its size.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("string", "hl-string"),
    ("constant.numeric", "hl-number"),
    ("constant.character.escape", "hl-escape"),
    ("constant", "hl-constant"),
    ("entity.name.function", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.name", "hl-entity"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("storage", "hl-storage"),
    ("support.function", "hl-function"),
    ("support", "hl-support"),
    ("variable.parameter", "hl-parameter"),
    ("variable", "hl-variable"),
    ("markup.heading", "hl-heading"),
    ("markup.inserted", "hl-inserted"),
    ("markup.deleted", "hl-deleted"),
    ("invalid", "hl-invalid"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect()
});

/// Code longer than this is left plain, in bytes: a grammar's regular expressions can be slow.
const MAX_CODE: usize = 100_000;

/// Highlights code, each piece once: it is the dearest thing a page can hold, and depends on
/// nothing but itself.
#[derive(Debug, Default)]
pub struct Highlighter {
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
        hasher.update(language.as_bytes()).update(b"\0").update(code.as_bytes());
        let key = hasher.finalize();
        if let Some(html) = self.known.read().ok().and_then(|known| known.get(&key).cloned()) {
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
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut html = Html { out: String::with_capacity(code.len() * 2), open: None };
    for line in LinesWithEndings::from(code) {
        let mut from = 0;
        for (at, change) in state.parse_line(line, &SYNTAXES).ok()? {
            html.text(line.get(from..at)?, class(&stack));
            stack.apply(&change).ok()?;
            from = at;
        }
        html.text(line.get(from..)?, class(&stack));
    }
    html.close();
    Some(html.out)
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let of = |scope: &Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
    stack.as_slice().iter().rev().find_map(of).map(|(_, class)| *class)
}

/// Spans, one for each run of a class.
struct Html {
    out: String,
    open: Option<&'static str>,
}

impl Html {
    fn text(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() {
            return;
        }
        // White space alone needs no change of colour.
        if class != self.open && !text.trim().is_empty() {
            self.close();
            if let Some(class) = class {
                self.out.extend(["<span class=\"", class, "\">"]);
            }
            self.open = class;
        }
        escape::html_into(&mut self.out, text);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_gets_classes_and_is_escaped() {
        let html = Highlighter::default().highlight("rust", "let s = \"<b>\"; // نص\n");
        assert_eq!(
            html.as_deref(),
            Some(
                "<span class=\"hl-storage\">let</span> s <span class=\"hl-operator\">= </span><span class=\"hl-string\">&quot;&lt;b&gt;&quot;</span>; <span class=\"hl-comment\">// نص\n</span>"
            )
        );
        assert!(Highlighter::default().highlight("no-such-language", "x").is_none());
    }
}
