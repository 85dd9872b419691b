//! Square brackets in the quotations of citations, as in `[@seed "the [...] road"]`, and exclamation
//! marks before citations, as in `yes![@seed]`.
//!
//! CommonMark takes no brackets in the label of a link, and `![` for the beginning of an image. Characters
//! that occur nowhere in the text stand in for the brackets, and between the mark and the citation, while
//! pulldown-cmark reads it; they are taken out of every event again.

use std::borrow::Cow;

use super::Edit;
use super::citation::closing;

/// What stands for `[` and for `]`.
pub(super) const STANDINS: [char; 2] = ['\u{F5D05}', '\u{F5D06}'];

/// What stands between `!` and a citation.
pub(super) const GAP: char = '\u{F5D07}';

/// The most characters of a citation: pulldown-cmark takes no longer labels.
const MOST: usize = 999;

/// The brackets to replace, and the gaps to make.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(found) =
        text.as_bytes().get(from..).and_then(|rest| memchr::memmem::find(rest, b"[@"))
    {
        let start = from + found;
        from = start + 2;
        let Some((end, inside)) = quoted(text, from) else { continue };
        from = end;
        let exclaims = is_exclaimed(text, start, end);
        if inside.is_empty() && !exclaims {
            continue;
        }
        if edits.is_empty() && (text.contains(STANDINS) || text.contains(GAP)) {
            return edits;
        }
        if exclaims {
            edits.push(Edit { old: start..start, new: Cow::Owned(GAP.to_string()) });
        }
        edits.extend(inside.into_iter().map(|at| {
            let [open, close] = STANDINS;
            let standin = if text.as_bytes().get(at) == Some(&b'[') { open } else { close };
            Edit { old: at..at + 1, new: Cow::Owned(standin.to_string()) }
        }));
    }
    edits
}

/// Whether an exclamation mark stands before a citation; with an address or the name of one behind it,
/// it is an image, whose description only looks like a citation.
fn is_exclaimed(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let is_image = after.starts_with('(') || after.starts_with('[') && !after.starts_with("[@");
    before.ends_with('!') && !is_image
}

/// Where the citation ends whose id begins at a place, and the brackets in its quotations. `None` where
/// it has no end in its paragraph.
fn quoted(text: &str, start: usize) -> Option<(usize, Vec<usize>)> {
    let mut inside = Vec::new();
    // The marks of the quotation that is open, and how often its first is.
    let mut open: Option<(char, char, usize)> = None;
    let mut chars = text.get(start..)?.char_indices().peekable();
    let mut count = 0;
    while let Some((at, c)) = chars.next().filter(|_| count <= MOST) {
        count += 1;
        match (c, &mut open) {
            ('\\', _) => _ = chars.next(),
            ('\n', _) if chars.peek().is_none_or(|(_, next)| matches!(next, '\n' | '\r')) => {
                return None;
            }
            ('[' | ']', Some(_)) => inside.push(start + at),
            (']', None) => return Some((start + at + 1, inside)),
            ('[', None) => return None,
            (c, Some((_, last, depth))) if c == *last => {
                *depth -= 1;
                if *depth == 0 {
                    open = None;
                }
            }
            // „German“
            ('“', Some(('„', ..))) => open = None,
            (c, Some((first, _, depth))) if c == *first => *depth += 1,
            (c, None) => open = closing(c).map(|last| (c, last, 1)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Item, Source, citations};
    use pulldown_cmark::{Event, Tag};

    /// The quotations of a text, and its own words.
    fn read(text: &str) -> (Vec<String>, String) {
        let source = Source::new(text);
        let (mut quotes, mut words) = (Vec::new(), String::new());
        for (item, _) in source.items() {
            match item {
                Item::Event(Event::Start(Tag::Link { link_type, dest_url, .. })) => {
                    let found = citations(link_type, &dest_url).unwrap_or_default();
                    quotes.extend(found.into_iter().map(|citation| citation.quote));
                }
                Item::Event(Event::Text(text) | Event::Code(text)) => words.push_str(&text),
                _ => {}
            }
        }
        (quotes, words)
    }

    #[test]
    fn brackets_stand_in_quotations() {
        let (quotes, _) = read("قول [@a, ¶2 \"أ [...] ب\"; @b «[ج] د»] و[@c \"بلا\"].");
        assert_eq!(quotes, ["أ [...] ب", "[ج] د", "بلا"]);
        assert_eq!(read("[@a \"أ \\[…\\] ب\"]").0, ["أ […] ب"]);
        assert_eq!(read("**[@a \"x [y] z\"]**التي").0, ["x [y] z"]);
    }

    #[test]
    fn an_exclamation_mark_begins_no_image() {
        let (quotes, words) = read("نعم![@a] Wow![@b \"five\"] ![@c \"x [y]\"; @d]");
        assert_eq!(quotes, ["", "five", "x [y]", ""]);
        assert!(words.starts_with("نعم!") && !words.contains('\u{F5D07}'), "{words}");
        assert_eq!(read("[نص ![@a \"q\"]](x)").0, ["q"]);
        assert_eq!(read("\\![@a \"q\"] **!**[@b]").0, ["q", ""]);
        for text in ["![@a](x.png)", "![@a][b]\n\n[b]: x.png", "![@a\n\n]"] {
            assert!(read(text).0.is_empty(), "{text}");
        }
        assert_eq!(read("`![@a]`").1, "![@a]");
    }

    #[test]
    fn nothing_else_changes() {
        for text in ["`[@a \"x [y] z\"]`", "```\n[@a \"x [y] z\"]\n```"] {
            assert_eq!(read(text).1.trim(), "[@a \"x [y] z\"]");
        }
        for text in ["[@a [b]]", "[@a \"x [y]\n\nz\"]", "[@a \"x [y]", "[@a \"\u{F5D05} [y]\"]"] {
            assert!(read(text).0.is_empty(), "{text}");
        }
    }
}
