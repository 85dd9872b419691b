//! What things are called: IRIs that stay as they are when a page is translated, retitled or given another slug.

use crate::site::{Group, Page, Site};
use crate::text::percent;

/// The end of the IRI of what a page is about, which tells it from the page.
pub const THING: &str = "#it";

/// The IRI of what a group's pages are about: its id below the base, whatever the addresses of the pages are.
#[must_use]
pub fn thing(site: &Site, group: &Group) -> String {
    let mut iri = site.config.base.permalink(&path(group));
    iri.push_str(THING);
    iri
}

/// The decoded path of that IRI, where somebody who looks it up finds something.
#[must_use]
pub fn path(group: &Group) -> String {
    // Two ids that differ in their capitals alone cannot be one site's, and addresses have none.
    if group.id.is_empty() { "/".to_owned() } else { format!("/{}/", group.id.to_lowercase()) }
}

/// The IRI of the site, which is another thing than what its home may be about.
#[must_use]
pub fn website(site: &Site) -> String {
    site.config.base.permalink("/") + "#site"
}

/// The IRI of a fact of a page, by its name or number.
#[must_use]
pub fn fact(site: &Site, group: &Group, name: &str) -> String {
    let mut iri = site.config.base.permalink(&path(group));
    iri.push_str("#fact_");
    iri.push_str(&percent::encode_fragment(name));
    iri
}

/// The address of a page.
#[must_use]
pub fn page(site: &Site, page: &Page) -> String {
    site.config.base.permalink(&page.url)
}

/// The namespace of the site's own vocabulary.
#[must_use]
pub fn vocabulary(site: &Site) -> String {
    let mut iri =
        site.config.base.permalink(&format!("{}{}", super::FOLDER, super::vocabulary::FILE));
    iri.push('#');
    iri
}

/// The local name of a term of the own vocabulary: its parts, encoded, with points between them.
#[must_use]
pub fn local(parts: &[&str]) -> String {
    parts.iter().map(|part| percent::encode_strictly(part)).collect::<Vec<_>>().join(".")
}

/// An address as an author wrote it, as an IRI (RFC 3986): what is encoded stays so, what may not be there is
/// encoded; `None` where it is no address that could be written at all.
#[must_use]
pub fn written(address: &str) -> Option<String> {
    // What browsers take for an address; its host is in ASCII afterwards.
    let url = url::Url::parse(address).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    let (before, rest) = url.as_str().split_at_checked(url[..url::Position::BeforePath].len())?;
    let (rest, fragment) = match rest.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (rest, None),
    };
    let mut iri = format!("{before}{}", percent::encode_uri(rest));
    if let Some(fragment) = fragment {
        iri.push('#');
        iri.push_str(&percent::encode_uri(fragment).replace('#', "%23"));
    }
    Some(iri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_once() {
        for (address, iri) in [
            ("https://example.org/a?b=c&d#e", Some("https://example.org/a?b=c&d#e")),
            ("https://example.org", Some("https://example.org/")),
            (
                "https://مثال.إختبار/ميناء",
                Some("https://xn--mgbh0fb.xn--kgbechtv/%D9%85%D9%8A%D9%86%D8%A7%D8%A1"),
            ),
            ("https://x/%D9%85|%zz 1%", Some("https://x/%D9%85%7C%25zz%201%25")),
            ("https://x/[a]{b}^`\\#a#b", Some("https://x/%5Ba%5D%7Bb%7D%5E%60/#a%23b")),
            ("http://[::1]:8080/", Some("http://[::1]:8080/")),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("https://x:y/", None),
        ] {
            assert_eq!(written(address).as_deref(), iri, "{address}");
        }
    }

    #[test]
    fn local_names_are_apart() {
        assert_eq!(local(&["event", "place"]), "event.place");
        assert_eq!(local(&["a.b", "ج/"]), "a%2Eb.%D8%AC%2F");
    }
}
