//! Scripts: made smaller, bundled, and led to the fingerprinted names of what they import.

mod bundle;
mod minify;
mod publish;
mod tokens;

use std::ops::Range;

pub(super) use bundle::Bundles;
pub(super) use publish::{Others, Source, publish};

use bundle::wrapped;
use minify::minify;
use tokens::{Fault, Kind, Token, tokens};

/// A reference to another asset: the place of what is between the quotes, what it says, and whether it is a
/// module's name, which begins with a dot.
#[derive(Debug, PartialEq, Eq)]
struct Reference {
    range: Range<usize>,
    written: String,
    is_module: bool,
}

/// A script made smaller; as it is where it is none.
pub(crate) fn minified(js: &str) -> String {
    minify(js).unwrap_or_else(|_| js.to_owned())
}

/// Whether an asset is a script.
pub(super) fn is_script(path: &str) -> bool {
    path.ends_with(".js") || path.ends_with(".mjs")
}

/// The relative references of a script: `import "./a.js"`, `export … from "./a.js"`, `import("./a.js")` and
/// `new URL("./a.png", import.meta.url)`.
fn references(js: &str, tokens: &[Token]) -> Vec<Reference> {
    let text = |n: usize| tokens.get(n).map_or("", |token| token.text(js));
    let is =
        |n: usize, words: &[&str]| words.iter().enumerate().all(|(i, word)| text(n + i) == *word);
    let mut found = Vec::new();
    for (n, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::String) {
        let back = |k: usize| n.checked_sub(k).map_or("", text);
        // `a.from "x"` is no script; `a.import` can only be called.
        let is_module = matches!(back(1), "import" | "from") && back(2) != "."
            || back(1) == "(" && back(2) == "import" && back(3) != ".";
        let is_url = back(1) == "("
            && back(2) == "URL"
            && back(3) == "new"
            && is(n + 1, &[",", "import", ".", "meta", ".", "url"]);
        let range = token.range.start + 1..token.range.end - 1;
        let written = js.get(range.clone()).unwrap_or_default();
        let is_relative = written.starts_with("./") || written.starts_with("../");
        if (is_url || is_module && is_relative) && !written.contains('\\') {
            found.push(Reference { range, written: written.to_owned(), is_module });
        }
    }
    found
}

/// The first word by which a script is a module: it imports or exports by a statement.
fn module_word(js: &str, tokens: &[Token]) -> Option<Range<usize>> {
    let text = |n: usize| tokens.get(n).map_or("", |token| token.text(js));
    let found = tokens.iter().enumerate().find(|(n, token)| {
        let is_own = n.checked_sub(1).is_none_or(|before| !matches!(text(before), "." | "?."));
        let statement = match token.text(js) {
            "import" => !matches!(text(n + 1), "(" | "." | ":" | "," | "}" | "="),
            "export" => matches!(
                text(n + 1),
                "{" | "*" | "default" | "const" | "let" | "var" | "function" | "class" | "async"
            ),
            _ => false,
        };
        token.kind == Kind::Word && is_own && statement
    });
    found.map(|(_, token)| token.range.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(js: &str) -> Vec<(String, bool)> {
        let found = references(js, &tokens(js).expect("a script"));
        found.into_iter().map(|r| (r.written, r.is_module)).collect()
    }

    #[test]
    fn references_are_found_where_they_are_code() {
        let js = "import './a.js'; import b, { c } from \"../b.js\";\nexport * from './c.js'; import('./d.js').then(f);\n\
            new URL('e.png', import.meta.url); // import './no.js'\nx = `import './no.js'`; y.from('./no.js'); import 'bare'; import('/abs.js'); z.import('./no.js')";
        let expected = [
            ("./a.js", true),
            ("../b.js", true),
            ("./c.js", true),
            ("./d.js", true),
            ("e.png", false),
        ];
        assert_eq!(written(js), expected.map(|(text, module)| (text.to_owned(), module)));
    }

    #[test]
    fn modules_are_known_by_their_statements() {
        let word =
            |js: &str| module_word(js, &tokens(js).expect("a script")).map(|range| range.start);
        assert_eq!(word("a(); import 'x'"), Some(5));
        assert_eq!(word("export default 1"), Some(0));
        for js in [
            "import('./x.js')",
            "import.meta.url",
            "({ import: 1, export: 2 })",
            "a.export = b.import",
        ] {
            assert_eq!(word(js), None, "{js}");
        }
    }
}
