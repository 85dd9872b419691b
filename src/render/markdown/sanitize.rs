//! Raw HTML made harmless, without touching what the writer wrote around it.
//!
//! The HTML of one container is a sequence of the author's raw pieces and our own. Our pieces are
//! replaced by marks, the rest goes through ammonia, and the pieces come back in place of their
//! marks: an author's tag can neither be closed by ours nor close one of ours.

use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;

use crate::site::is_unsafe;

/// Marks are private-use characters, which are taken out of raw pieces first.
const OPEN: char = '\u{F5D01}';
const CLOSE: char = '\u{F5D02}';

/// Elements that writing needs and ammonia does not allow by itself.
const MORE_TAGS: &[&str] = &[
    "section",
    "figure",
    "figcaption",
    "details",
    "summary",
    "mark",
    "time",
    "bdi",
    "bdo",
    "ruby",
    "rt",
    "rp",
    "picture",
    "source",
    "audio",
    "video",
    "track",
];

/// Attributes that any element may have: without `dir` and `lang`, Arabic cannot be written.
const GENERIC: &[&str] = &["dir", "lang", "id", "class", "title", "translate"];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.add_tags(MORE_TAGS).add_generic_attributes(GENERIC);
    builder.add_tag_attributes("details", &["open"]);
    builder.add_tag_attributes("time", &["datetime"]);
    builder.add_tag_attributes("a", &["target"]);
    builder.add_tag_attributes("img", &["loading", "srcset", "sizes"]);
    builder.add_tag_attributes("source", &["src", "srcset", "type", "media", "sizes"]);
    builder.add_tag_attributes("audio", &["src", "controls", "preload"]);
    builder
        .add_tag_attributes("video", &["src", "controls", "preload", "poster", "width", "height"]);
    builder.add_tag_attributes("track", &["src", "kind", "srclang", "label", "default"]);
    builder.add_tag_attributes("ol", &["type", "reversed"]);
    builder.link_rel(Some("noopener"));
    // The sanitiser looks at single URLs; a `srcset` is a list of them.
    builder.attribute_filter(|_, name, value| {
        let list = name == "srcset";
        let code = |url: &str| !url.is_empty() && is_unsafe(url);
        if list && value.split(',').any(code) { None } else { Some(value.into()) }
    });
    builder
});

/// Sanitises the raw ranges of a container's HTML.
pub(super) fn sanitize(html: &str, raw: &[Range<usize>]) -> String {
    // A mark holds the digest of everything, itself excepted, so that no author can write one, not
    // even as a character reference, which the sanitiser decodes.
    let digest = blake3::hash(html.as_bytes()).to_hex();
    let nonce = digest.get(..16).unwrap_or_default();
    let mut marked = String::with_capacity(html.len());
    let mut ours = Vec::new();
    let mut from = 0;
    let mut keep = |marked: &mut String, range: Range<usize>| {
        if let Some(piece) = html.get(range).filter(|piece| !piece.is_empty()) {
            marked.push_str(&format!("{OPEN}{nonce}{}{CLOSE}", ours.len()));
            ours.push(piece);
        }
    };
    for range in raw {
        keep(&mut marked, from..range.start);
        let piece = html.get(range.clone()).unwrap_or_default();
        marked.extend(piece.chars().filter(|c| !matches!(*c, OPEN | CLOSE)));
        from = range.end;
    }
    keep(&mut marked, from..html.len());
    restore(&SANITIZER.clean(&marked).to_string(), nonce, &ours)
}

/// Puts our pieces back, each once and only between tags: in an attribute a piece would end the
/// value it is in. A piece whose mark has no place comes at the end: nothing that was written is
/// lost.
fn restore(clean: &str, nonce: &str, ours: &[&str]) -> String {
    let mut out = String::with_capacity(clean.len() * 2);
    let mut waiting: Vec<Option<&str>> = ours.iter().copied().map(Some).collect();
    let (mut in_tag, mut quoted) = (false, false);
    let mut rest = clean;
    while let Some(c) = rest.chars().next() {
        if c == OPEN {
            let (mark, after) = rest.split_once(CLOSE).unwrap_or((rest, ""));
            let number = mark.strip_prefix(OPEN).and_then(|mark| mark.strip_prefix(nonce));
            let piece = number.and_then(|n| waiting.get_mut(n.parse::<usize>().ok()?));
            if !in_tag && let Some(piece) = piece.and_then(Option::take) {
                out.push_str(piece);
            }
            rest = after;
            continue;
        }
        // The sanitiser writes values in double quotes and escapes `<` in text.
        match c {
            '<' if !in_tag => in_tag = true,
            '"' if in_tag => quoted = !quoted,
            '>' if in_tag && !quoted => in_tag = false,
            _ => {}
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out.extend(waiting.into_iter().flatten());
    out
}

/// The names of elements in a raw piece that sanitising removes.
pub(super) fn removed(raw: &str) -> Vec<String> {
    let allowed = SANITIZER.clone_tags();
    let mut names = Vec::new();
    for (at, _) in raw.match_indices('<') {
        let rest = raw.get(at + 1..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_tag && !allowed.contains(name.as_str()) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[(&str, bool)]) -> String {
        let mut html = String::new();
        let mut raw = Vec::new();
        for (piece, is_raw) in pieces {
            let start = html.len();
            html.push_str(piece);
            if *is_raw {
                raw.push(start..html.len());
            }
        }
        sanitize(&html, &raw)
    }

    #[test]
    fn direction_and_language_are_kept() {
        let html = check(&[
            ("نص ", false),
            ("<bdi dir=\"ltr\" lang=en class=x id=y>", true),
            ("CPEC", false),
            ("</bdi>", true),
        ]);
        for part in ["<bdi", "dir=\"ltr\"", "lang=\"en\"", "class=\"x\"", "id=\"y\"", ">CPEC</bdi>"]
        {
            assert!(html.contains(part), "{html}");
        }
    }

    #[test]
    fn our_markup_is_out_of_reach() {
        let html = check(&[
            ("<em>a", false),
            ("</em></p><script>", true),
            ("x</em>", false),
            ("</script>", true),
        ]);
        assert!(!html.contains("script"), "{html}");
        assert!(html.contains("<em>a") && html.contains("x</em>"), "{html}");
    }

    #[test]
    fn what_runs_is_removed() {
        for raw in [
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:x\">",
            "<iframe src=x>",
            "<svg onload=x>",
            "<style>*{}</style>",
            "<img srcset=\"a.png 1x, javascript:x 2x\">",
        ] {
            let html = check(&[(raw, true)]);
            for bad in ["onerror", "javascript", "iframe", "svg", "style"] {
                assert!(!html.contains(bad), "{html}");
            }
        }
        assert_eq!(removed("<script>a</script><b><iframe>"), ["script", "iframe"]);
    }

    #[test]
    fn marks_cannot_be_forged() {
        let forged = format!("{OPEN}0{CLOSE}");
        assert_eq!(check(&[("<p>", false), (&forged, true)]), "<p>0");
        let html = check(&[
            ("<i>a</i>", false),
            ("<b title=\"&#xF5D01;0&#xF5D02;\">", true),
            ("b", false),
        ]);
        assert_eq!(html.matches("<i>").count(), 1, "{html}");
    }

    #[test]
    fn our_markup_never_lands_in_an_attribute() {
        let link = "<a href=\"https://e.org/onclick=alert(1)//\">a</a>";
        let html = check(&[("<div title=\"\n", true), (link, false), ("<b c=\"\">x", true)]);
        assert!(html.ends_with(link), "{html}");
    }
}
