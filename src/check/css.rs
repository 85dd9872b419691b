//! Styles that say left and right where they mean the beginning and end of a line.

use std::sync::Arc;

use super::{Context, Found};
use crate::diagnostic::{Span, rules};
use crate::source::read_text;

/// Properties that name a side, and the logical ones that take their place (CSS Logical Properties).
const PROPERTIES: [(&str, &str); 22] = [
    ("margin-left", "margin-inline-start"),
    ("margin-right", "margin-inline-end"),
    ("padding-left", "padding-inline-start"),
    ("padding-right", "padding-inline-end"),
    ("left", "inset-inline-start"),
    ("right", "inset-inline-end"),
    ("border-left", "border-inline-start"),
    ("border-right", "border-inline-end"),
    ("border-left-width", "border-inline-start-width"),
    ("border-right-width", "border-inline-end-width"),
    ("border-left-color", "border-inline-start-color"),
    ("border-right-color", "border-inline-end-color"),
    ("border-left-style", "border-inline-start-style"),
    ("border-right-style", "border-inline-end-style"),
    ("border-top-left-radius", "border-start-start-radius"),
    ("border-top-right-radius", "border-start-end-radius"),
    ("border-bottom-left-radius", "border-end-start-radius"),
    ("border-bottom-right-radius", "border-end-end-radius"),
    ("scroll-margin-left", "scroll-margin-inline-start"),
    ("scroll-margin-right", "scroll-margin-inline-end"),
    ("scroll-padding-left", "scroll-padding-inline-start"),
    ("scroll-padding-right", "scroll-padding-inline-end"),
];

/// Properties whose value may name a side.
const VALUES: [&str; 4] = ["text-align", "float", "clear", "caption-side"];

/// Looks at every style sheet of the site and its themes.
pub(super) fn check(context: &Context<'_>) -> Found {
    let mut found = Vec::new();
    for layer in context.tree.layers() {
        for (path, file) in layer.under("assets/").chain(layer.under("static/")) {
            if path.ends_with(".css")
                && let Ok(text) = read_text(file)
            {
                sheet(context, &file.path, &text, &mut found);
            }
        }
    }
    found
}

/// A declaration in a style sheet that names a side.
struct Physical {
    start: usize,
    end: usize,
    message: String,
    hint: String,
}

fn sheet(context: &Context<'_>, file: &Arc<str>, text: &str, found: &mut Found) {
    for physical in physical(text) {
        let problem = context.rule(rules::PHYSICAL_CSS, physical.message);
        let span = Span::new(file, physical.start..physical.end);
        found.extend(problem.map(|problem| problem.at(span).hint(physical.hint)));
    }
}

/// The declarations that name a side, but for those under a selector with a direction.
fn physical(text: &str) -> Vec<Physical> {
    let mut found = Vec::new();
    // For each open block, whether its selector says which direction it is for.
    let mut blocks: Vec<bool> = Vec::new();
    let (mut start, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = text.get(at + 2..).and_then(|rest| rest.find("*/"));
                let end = end.map_or(bytes.len(), |end| at + 4 + end);
                // A comment before a declaration does not belong to it.
                if text.get(start..at).is_some_and(|before| before.trim().is_empty()) {
                    start = end;
                }
                at = end;
                continue;
            }
            b'"' | b'\'' => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                at += memchr::memchr(*byte, rest).map_or(rest.len(), |end| end + 1);
            }
            b'{' => {
                let selector = text.get(start..at).unwrap_or_default();
                let directed = selector.contains("[dir") || selector.contains(":dir(");
                blocks.push(directed || blocks.last() == Some(&true));
                start = at + 1;
            }
            b';' | b'}' => {
                let directed = blocks.last() == Some(&true);
                if !blocks.is_empty() && !directed {
                    found.extend(declaration(text, start, at));
                }
                if *byte == b'}' {
                    blocks.pop();
                }
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn declaration(text: &str, start: usize, end: usize) -> Option<Physical> {
    let written = text.get(start..end)?;
    let (property, value) = written.split_once(':')?;
    let skipped = property.len() - property.trim_start().len();
    let name = property.trim().to_ascii_lowercase();
    let value = value.trim();
    let side = ["left", "right"].into_iter().find(|side| value.eq_ignore_ascii_case(side));
    let (message, hint) = if let Some((_, logical)) = PROPERTIES.iter().find(|(p, _)| *p == name) {
        (format!("`{name}` is wrong in one of the directions"), format!("write `{logical}`"))
    } else if name == "direction" {
        let message = "the direction belongs to the document and not to its style".to_owned();
        (message, "write `dir` on the element".to_owned())
    } else if let (true, Some(side)) = (VALUES.contains(&&*name), side) {
        let logical = match (&*name, side) {
            ("text-align", "left") => "start",
            ("text-align", _) => "end",
            (_, "left") => "inline-start",
            _ => "inline-end",
        };
        let message = format!("`{name}: {side}` is wrong in one of the directions");
        (message, format!("write `{name}: {logical}`"))
    } else {
        return None;
    };
    Some(Physical { start: start + skipped, end: start + written.trim_end().len(), message, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_found_and_directions_left_alone() {
        let css = "/* left: 0; */ a { margin-left: 1em; color: red }\n\
            @media print { b { text-align: RIGHT; float: inline-start } }\n\
            [dir=rtl] .x { left: 0 } .y::before { content: \"left: 0;\" }\n\
            .left { padding-inline: 1px; direction: rtl; }";
        let found: Vec<_> = physical(css).iter().map(|p| &css[p.start..p.end]).collect();
        assert_eq!(found, ["margin-left: 1em", "text-align: RIGHT", "direction: rtl"]);
    }
}
