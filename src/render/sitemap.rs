//! Sitemaps (sitemaps.org protocol 0.9) with `hreflang` alternates, and `robots.txt`.

use std::ops::Range;

use crate::site::{Page, PageIx, Shape, Site};
use crate::text::escape;

/// The protocol's limits of one file, the second with room to spare.
const MAX_URLS: usize = 50_000;
const MAX_BYTES: usize = 45_000_000;

/// The pages that search engines should know.
fn indexable(site: &Site) -> impl Iterator<Item = PageIx> + '_ {
    site.page_indices().filter(|ix| !is_copy(site, site.page(*ix)))
}

/// Whether a page shows another language's text, so that the original is the one to index.
fn is_copy(site: &Site, page: &Page) -> bool {
    page.is_untranslated() && site.group_of(page).shape == Shape::Page
}

/// The versions of a page for `hreflang`, as language tags and whole URLs; `x-default` last. Empty
/// where there is but one.
#[must_use]
pub(super) fn alternates(site: &Site, page: &Page) -> Vec<(String, String)> {
    let versions = site.versions(page.group).iter().copied().flatten();
    let own: Vec<&Page> = versions.map(|ix| site.page(ix)).filter(|p| !is_copy(site, p)).collect();
    if own.len() < 2 {
        return Vec::new();
    }
    let link = |page: &&Page| {
        let lang = site.language(page.lang).lang.to_string();
        (lang, site.config.base.permalink(&page.url))
    };
    let mut links: Vec<_> = own.iter().map(link).collect();
    if let Some((_, url)) = links.first().cloned() {
        links.push(("x-default".to_owned(), url));
    }
    links
}

/// How the indexable pages are split into files; always at least one.
pub(super) fn parts(site: &Site) -> Vec<Range<usize>> {
    let mut entry = String::new();
    let exact = |ix: PageIx| {
        entry.clear();
        write_entry(site, site.page(ix), &mut entry);
        entry.len()
    };
    // Writing every entry to see how long it is takes longer than all the rest of a plan, and the
    // number of pages is the limit that is reached first unless addresses are very long.
    let (parts, by_number) = split(indexable(site), |ix| at_most(site, ix));
    if by_number { parts } else { split(indexable(site), exact).0 }
}

/// Splits pages into files by their number and the lengths of their entries. Also says whether the
/// number alone decided.
fn split(
    pages: impl Iterator<Item = PageIx>,
    mut length: impl FnMut(PageIx) -> usize,
) -> (Vec<Range<usize>>, bool) {
    let (mut parts, mut by_number) = (Vec::new(), true);
    let (mut start, mut bytes, mut count) = (0, 0, 0);
    for ix in pages {
        let length = length(ix);
        if count - start >= MAX_URLS || bytes + length > MAX_BYTES {
            by_number &= count - start >= MAX_URLS;
            parts.push(start..count);
            (start, bytes) = (count, 0);
        }
        bytes += length;
        count += 1;
    }
    parts.push(start..count);
    (parts, by_number)
}

/// At least the length of a page's entry.
fn at_most(site: &Site, ix: PageIx) -> usize {
    /// The markup around a URL, the day and the tag of a language.
    const AROUND: usize = 160;
    let base = &site.config.base;
    // A letter of a path is encoded byte by byte, and a sign at most becomes a reference.
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' => 1,
        0x80.. => 3,
        _ => 6,
    };
    let bytes = |text: &str| text.bytes().map(byte).sum::<usize>();
    let around = AROUND + bytes(&base.origin) + bytes(&base.prefix);
    let page = site.page(ix);
    let own = around + bytes(&page.url);
    let versions = site.versions(page.group);
    if versions.iter().flatten().count() < 2 {
        return own;
    }
    let longest = versions.iter().flatten().map(|ix| bytes(&site.page(*ix).url)).max();
    own + (versions.len() + 1) * (around + longest.unwrap_or_default())
}

/// The path of the nth part, from 0.
pub(super) fn part_url(n: usize) -> String {
    format!("/sitemap-{}.xml", n + 1)
}

/// A sitemap of these of the indexable pages.
pub(super) fn sitemap(site: &Site, part: &Range<usize>) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for ix in indexable(site).skip(part.start).take(part.len()) {
        write_entry(site, site.page(ix), &mut xml);
    }
    xml.push_str("</urlset>\n");
    xml
}

fn write_entry(site: &Site, page: &Page, xml: &mut String) {
    xml.push_str("<url><loc>");
    escape::xml_into(xml, &site.config.base.permalink(&page.url));
    xml.push_str("</loc>");
    let updated = site.updated(page);
    if let Some(date) = updated.and_then(|date| date.machine()).filter(|date| date.len() == 10) {
        xml.extend(["<lastmod>", &date, "</lastmod>"]);
    }
    for (lang, url) in alternates(site, page) {
        xml.extend(["\n<xhtml:link rel=\"alternate\" hreflang=\"", &lang, "\" href=\""]);
        escape::xml_into(xml, &url);
        xml.push_str("\"/>");
    }
    xml.push_str("</url>\n");
}

/// The list of sitemaps.
pub(super) fn index(site: &Site, parts: usize) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for n in 0..parts {
        xml.push_str("<sitemap><loc>");
        escape::xml_into(&mut xml, &site.config.base.permalink(&part_url(n)));
        xml.push_str("</loc></sitemap>\n");
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// `robots.txt` (RFC 9309).
pub(super) fn robots(site: &Site) -> String {
    if !site.config.output.index {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if site.config.output.sitemap {
        text.extend(["\nSitemap: ", &site.config.base.permalink("/sitemap.xml"), "\n"]);
    }
    text
}
