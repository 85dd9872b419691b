//! What the preview sends to browsers beside the site: its script, and the page that shows two languages.

/// The path that everything of the preview's own is below. It is at the root of the host, wherever the site
/// lives on it.
pub(super) const OWN: &str = "/_dhikra/";

/// The tag that is added to a page: its script, which is told what it was added to.
pub(super) fn tag(generation: u64, digest: &str) -> String {
    format!(
        "<script src=\"{OWN}preview.js\" defer data-generation=\"{generation}\" data-digest=\"{digest}\"></script>"
    )
}

/// A page with the tag, before the end of its head; at its end where it has none.
pub(super) fn with_tag(html: &[u8], tag: &str) -> Vec<u8> {
    // One in a comment comes before the true one, one in the text after the body begins.
    let body = memchr::memmem::find(html, b"<body").unwrap_or(html.len());
    let head = html.get(..body).and_then(|head| memchr::memmem::rfind(head, b"</head>"));
    let end = head.unwrap_or(html.len());
    let (before, after) = html.split_at(end);
    [before, tag.as_bytes(), after].concat()
}

/// A file of the preview's own by its name, with its media type.
pub(super) fn file(name: &str) -> Option<(&'static str, String)> {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    Some(match name {
        "preview.js" => (SCRIPT, SCRIPTS.concat()),
        "side-by-side" => {
            ("text/html; charset=utf-8", include_str!("client/side-by-side.html").into())
        }
        "side-by-side.js" => (SCRIPT, include_str!("client/side-by-side.js").into()),
        "side-by-side.css" => {
            ("text/css; charset=utf-8", include_str!("client/side-by-side.css").into())
        }
        _ => return None,
    })
}

/// The parts of the script, in their order; `client/head.js` says what each is.
const SCRIPTS: &[&str] = &[
    include_str!("client/head.js"),
    include_str!("client/idiomorph.js"),
    include_str!("client/words.js"),
    include_str!("client/twins.js"),
    include_str!("client/resources.js"),
    include_str!("client/update.js"),
    include_str!("client/styles.js"),
    include_str!("client/view.js"),
    include_str!("client/overlay.js"),
    include_str!("client/panel.js"),
    include_str!("client/lines.js"),
    include_str!("client/follow.js"),
    include_str!("client/connection.js"),
    include_str!("client/tail.js"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_last_of_the_head() {
        let page = with_tag(b"<head><title>x</title></head><body></body>", "<script>");
        assert_eq!(page, b"<head><title>x</title><script></head><body></body>");
        let page = with_tag(b"<!-- </head> --><head></head><body></head>", "<s>");
        assert_eq!(page, b"<!-- </head> --><head><s></head><body></head>");
        assert_eq!(with_tag(b"<p>x", "<script>"), b"<p>x<script>");
    }
}
