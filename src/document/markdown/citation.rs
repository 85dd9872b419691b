//! The grammar of citations: `[@id, ¶2 "words of the source"; @other]`.

/// One source of a citation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citation {
    /// The source's id, as written.
    pub id: String,
    /// The place in the source, such as `¶2`; empty where none is given.
    pub locator: String,
    /// The words of the source that bear it out; empty where none are given.
    pub quote: String,
}

/// Reads what stands between the brackets; `None` where it is no citation.
pub(super) fn read(text: &str) -> Option<Vec<Citation>> {
    let parts = split(text);
    let cites = |part: &&str| part.trim().strip_prefix('@').is_some_and(|id| !id.is_empty());
    parts.iter().all(cites).then(|| parts.into_iter().map(one).collect())
}

/// Reads one source as front matter has it, `id, ¶2 "words"`, with or without `@`.
#[must_use]
pub fn cited_text(text: &str) -> Option<Citation> {
    let mut list = read(&format!("@{}", text.trim().trim_start_matches('@')))?;
    list.pop().filter(|one| list.is_empty() && !one.id.is_empty())
}

/// The sources of a citation: what a semicolon parts that stands in no quotation. An Arabic one does
/// where another source follows it.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let after = at + c.len_utf8();
        match c {
            '\\' => at = after + next_len(text, after),
            _ if closing(c).is_some() => at = end_of_quote(text, at).unwrap_or(after),
            ';' | '؛' => {
                let rest = text.get(after..).unwrap_or_default();
                if c == ';' || rest.trim_start().starts_with('@') {
                    parts.push(text.get(start..at).unwrap_or_default());
                    start = after;
                }
                at = after;
            }
            _ => at = after,
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn next_len(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

/// Reads `@id, locator "quotation"`; the locator may also follow the quotation.
fn one(part: &str) -> Citation {
    let part = part.trim().trim_start_matches('@');
    let begins = part.char_indices().find(|(_, c)| closing(*c).is_some());
    let quoted = begins.and_then(|(at, mark)| {
        let end = end_of_quote(part, at)?;
        let inside = part.get(at + mark.len_utf8()..end)?;
        let inside = inside.get(..inside.char_indices().next_back()?.0)?;
        Some((part.get(..at)?, inside, part.get(end..)?))
    });
    let (head, quote, tail) = quoted.unwrap_or((part, "", ""));
    // A quotation that does not end begins a locator, where `check` finds it.
    let open = begins.filter(|_| quoted.is_none()).map(|(at, _)| at);
    let open = open.filter(|at| !head.get(..*at).is_some_and(|id| id.contains([',', '،'])));
    let (id, locator) = match open {
        Some(at) => head.split_at_checked(at).unwrap_or((head, "")),
        None => head.split_once([',', '،']).unwrap_or((head, "")),
    };
    let is_comma = |c: char| c.is_whitespace() || matches!(c, ',' | '،');
    let places = [locator.trim_matches(is_comma), tail.trim_matches(is_comma)];
    let places: Vec<&str> = places.into_iter().filter(|place| !place.is_empty()).collect();
    Citation { id: id.trim().to_owned(), locator: folded(&places.join(", ")), quote: folded(quote) }
}

/// A text on one line, without the backslashes before its signs.
fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {}
            _ => plain.push(c),
        }
        if c == '\\' && chars.peek() == Some(&'\\') {
            plain.extend(chars.next());
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The mark that ends a quotation which a character begins.
#[must_use]
pub fn closing(c: char) -> Option<char> {
    Some(match c {
        '"' => '"',
        '«' => '»',
        '“' | '„' => '”',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

/// Where the quotation ends that begins at a place, after its last mark. Quotations in it by the same
/// marks belong to it.
fn end_of_quote(text: &str, start: usize) -> Option<usize> {
    let open = text.get(start..)?.chars().next()?;
    let close = closing(open)?;
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.get(start..)?.char_indices() {
        let end = start + at + c.len_utf8();
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' => escaped = true,
            // „German“
            '“' if open == '„' => return Some(end),
            _ if c == close && at > 0 && depth == 1 => return Some(end),
            _ if c == close && at > 0 => depth -= 1,
            _ if c == open => depth += 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, String, String)> {
        let list = read(text).unwrap_or_default();
        list.into_iter().map(|c| (c.id, c.locator, c.quote)).collect()
    }

    fn cited(id: &str, locator: &str, quote: &str) -> (String, String, String) {
        (id.into(), locator.into(), quote.into())
    }

    #[test]
    fn ids_locators_and_quotations() {
        for (text, wanted) in [
            ("@seed", cited("seed", "", "")),
            ("@seed, ¶2", cited("seed", "¶2", "")),
            ("@seed، ص 4", cited("seed", "ص 4", "")),
            ("@seed \"words; here\"", cited("seed", "", "words; here")),
            ("@seed «قال: «نعم» ثم ذهب»", cited("seed", "", "قال: «نعم» ثم ذهب")),
            ("@seed، ¶2 “a, b”", cited("seed", "¶2", "a, b")),
            ("@seed, ¶2, 「第二；段」", cited("seed", "¶2", "第二；段")),
            ("@seed \"words\", p. 4", cited("seed", "p. 4", "words")),
            ("@seed \"a \\\"b\\\" \\[…\\] c\"", cited("seed", "", "a \"b\" […] c")),
            ("@seed „so“", cited("seed", "", "so")),
            ("@seed \"two\n  lines\"", cited("seed", "", "two lines")),
            ("@seed \"\"", cited("seed", "", "")),
            ("@seed, \"open", cited("seed", "\"open", "")),
            ("@seed \"open", cited("seed", "\"open", "")),
            ("@seed «open, here", cited("seed", "«open, here", "")),
            ("@seed, ¶2 \"open", cited("seed", "¶2 \"open", "")),
        ] {
            assert_eq!(all(text), [wanted], "{text}");
        }
    }

    #[test]
    fn several_sources() {
        let wanted = [cited("a", "¶2", "x; @y"), cited("b", "", ""), cited("c", "ص 3", "")];
        assert_eq!(all("@a, ¶2 \"x; @y\"; @b؛ @c، ص 3"), wanted);
        // An Arabic semicolon in a locator parts nothing.
        assert_eq!(all("@a, ¶2؛ 3"), [cited("a", "¶2؛ 3", "")]);
    }

    #[test]
    fn what_is_no_citation() {
        for text in ["@", "seed", "@a; b", "@a;", "", "\"@a\"", "@a; \"b\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
