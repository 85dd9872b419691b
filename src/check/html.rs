//! What a finished page links to, shows and can be linked at.

use std::collections::HashSet;

use crate::text::html;

/// The facts of a page's HTML that checks need.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Its anchors, each once.
    pub(super) ids: HashSet<Box<str>>,
    /// Anchors that it has more than once.
    pub(super) twice: Vec<Box<str>>,
    /// What it links to or shows, as it is written but for character references.
    pub(super) links: Vec<Box<str>>,
    /// Images without a description, by their address.
    pub(super) bare_images: Vec<Box<str>>,
}

/// Reads the HTML of a page.
pub(super) fn read(text: &str) -> Facts {
    let mut facts = Facts::default();
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let mut attributes: Vec<(&str, &str)> = Vec::new();
        let start = at + found;
        let Some(tag) = html::read(text, start, |name, value| attributes.push((name, value)))
        else {
            at = start + 1;
            continue;
        };
        at = tag.range.end;
        if tag.closes || tag.name.is_empty() {
            continue;
        }
        element(tag.name, &attributes, &mut facts);
        if matches!(tag.name, "script" | "style" | "textarea" | "title") && !tag.is_whole {
            at = html::raw_end(text, at, tag.name);
        }
    }
    facts
}

fn element(name: &str, attributes: &[(&str, &str)], facts: &mut Facts) {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| html::unescape(value))
    };
    for (attribute, written) in attributes {
        match attribute.to_ascii_lowercase().as_str() {
            "id" => {
                let id: Box<str> = html::unescape(written).into();
                if !facts.ids.insert(id.clone()) {
                    facts.twice.push(id);
                }
            }
            "href" | "src" | "poster" | "data" if !(name == "link" && is_hint(&value("rel"))) => {
                facts.links.push(html::unescape(written).into());
            }
            "srcset" => {
                let urls = written.split(',').filter_map(|part| part.split_whitespace().next());
                facts.links.extend(urls.map(|url| Box::from(&*html::unescape(url))));
            }
            // A picture for those who share the page.
            "content" if value("property").is_some_and(|p| p == "og:image") => {
                facts.links.push(html::unescape(written).into());
            }
            _ => {}
        }
    }
    if name == "a"
        && let Some(anchor) = value("name").filter(|anchor| !anchor.is_empty())
    {
        facts.ids.insert(anchor.into());
    }
    if name == "img" && value("alt").is_none() {
        facts.bare_images.push(value("src").unwrap_or_default().into());
    }
}

/// Whether a link of the head is a hint to the browser, such as a host to connect to.
fn is_hint(rel: &Option<std::borrow::Cow<'_, str>>) -> bool {
    rel.as_deref().is_some_and(|rel| matches!(rel, "preconnect" | "dns-prefetch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read() {
        let facts = read(
            "<head><link rel=preconnect href=\"https://x\"><title><a href=no></title></head>\
             <body id=top><a href=\"/a/?b=1&amp;c\" id=x>y</a><img src=p.png><img alt='' src=q.png srcset=\"r.png 1x, s.png 2x\">\
             <script>\"<a href=no>\"</script><!-- <a href=no> --><h2 id=x></h2></body>",
        );
        let links: Vec<&str> = facts.links.iter().map(|link| &**link).collect();
        assert_eq!(links, ["/a/?b=1&c", "p.png", "q.png", "r.png", "s.png"]);
        assert_eq!(facts.twice, ["x".into()]);
        assert_eq!(facts.bare_images, ["p.png".into()]);
        assert!(facts.ids.contains("top"));
    }
}
