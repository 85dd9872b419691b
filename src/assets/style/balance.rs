//! Whether the brackets of a style sheet are balanced and not nested too deep. A parser of CSS closes
//! silently what is open at the end of the file, and takes the rest of the sheet for what is inside.

use std::ops::Range;

/// How deep brackets may be nested.
const DEPTH: usize = 64;

/// What is wrong with brackets, comments and strings.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unbalanced {
    /// Where.
    pub(super) place: Range<usize>,
    /// What.
    pub(super) message: String,
    /// What to do.
    pub(super) hint: &'static str,
    /// Whether nothing after it can be made sense of.
    pub(super) fatal: bool,
}

/// Finds what is never closed, and nesting too deep.
pub(super) fn check(css: &str) -> Vec<Unbalanced> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, u8)> = Vec::new();
    let bytes = css.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                match css.get(at + 2..).and_then(|rest| rest.find("*/")) {
                    Some(end) => at += end + 3,
                    None => {
                        found.push(never_closed(at..at + 2, "the comment", "end it with */"));
                        return found;
                    }
                }
            }
            b'"' | b'\'' => at = string(bytes, at),
            b'{' | b'(' | b'[' => {
                open.push((at, *byte));
                if open.len() > DEPTH {
                    found.push(Unbalanced {
                        place: at..at + 1,
                        message: format!("brackets are nested deeper than {DEPTH} times"),
                        hint: "nest less",
                        fatal: true,
                    });
                    return found;
                }
                if *byte == b'(' && is_url(bytes, at) {
                    at = unquoted(bytes, at + 1);
                    continue;
                }
            }
            b'}' | b')' | b']' => close(*byte, at, &mut open, &mut found),
            _ => {}
        }
        at += 1;
    }
    // The outermost says where what is inside goes wrong.
    if let Some((at, bracket)) = open.first() {
        let what = format!("`{}`", char::from(*bracket));
        found.push(never_closed(*at..at + 1, &what, "close it where its block ends"));
    }
    found
}

fn never_closed(place: Range<usize>, what: &str, hint: &'static str) -> Unbalanced {
    Unbalanced { place, message: format!("{what} is never closed"), hint, fatal: false }
}

/// Closes a bracket. A curly one also ends round and square ones, as a parser's recovery does.
fn close(byte: u8, at: usize, open: &mut Vec<(usize, u8)>, found: &mut Vec<Unbalanced>) {
    let opening = match byte {
        b'}' => b'{',
        b')' => b'(',
        _ => b'[',
    };
    if open.last().is_some_and(|(_, last)| *last == opening) {
        open.pop();
        return;
    }
    if byte == b'}'
        && let Some(block) = open.iter().rposition(|(_, other)| *other == b'{')
    {
        if let Some((inner, bracket)) = open.get(block + 1) {
            let what = format!("`{}`", char::from(*bracket));
            found.push(never_closed(*inner..inner + 1, &what, "close it before the block ends"));
        }
        open.truncate(block);
        return;
    }
    found.push(Unbalanced {
        place: at..at + 1,
        message: format!("`{}` closes nothing", char::from(byte)),
        hint: "take it out, or open its block",
        fatal: false,
    });
}

/// The place of the quotation mark that ends a string, or of the end of its line.
fn string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes.get(start);
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if Some(byte) == quote => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether the round bracket is that of `url(` with a URL without quotation marks.
fn is_url(bytes: &[u8], at: usize) -> bool {
    let name = at.checked_sub(3).and_then(|start| bytes.get(start..at));
    let inside = bytes.get(at + 1..).unwrap_or_default();
    let first = inside.iter().find(|byte| !byte.is_ascii_whitespace());
    name.is_some_and(|name| name.eq_ignore_ascii_case(b"url"))
        && !matches!(first, Some(b'"' | b'\''))
}

/// The place of the bracket that ends a URL without quotation marks.
fn unquoted(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b')' => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(css: &str) -> Vec<(&str, String)> {
        let found = check(css).into_iter();
        found.map(|found| (&css[found.place], found.message)).collect()
    }

    #[test]
    fn balanced_sheets_are_left_alone() {
        let css = "a[b=\"}\"]{c:url(data:x,{/*);d:'(\\'';e:f(g[1])} /* { */ .h\\{{i:j}";
        assert_eq!(found(css), []);
    }

    #[test]
    fn what_is_never_closed_is_found() {
        let message = |what: &str| format!("{what} is never closed");
        assert_eq!(found("a{b:c} d{e:f"), [("{", message("`{`"))]);
        assert_eq!(found("a{b:f(c} d{e:f}"), [("(", message("`(`"))]);
        assert_eq!(found("a{b:c} /* d{}"), [("/*", message("the comment"))]);
        assert_eq!(found("a{b:url(c"), [("{", message("`{`"))]);
        assert_eq!(found("a{}}"), [("}", "`}` closes nothing".to_owned())]);
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = "(".repeat(100_000);
        assert!(check(&deep).iter().any(|found| found.fatal));
        for css in ["\\", "\"", "'\\", "/", "/*", "url(", "a{b:url(\\"] {
            check(css);
        }
    }
}
