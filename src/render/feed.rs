//! Feeds: Atom (RFC 4287) and RSS 2.0, each entry with its language and direction.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::isolate;
use super::plan::FeedFormat;
use crate::document::Sort;
use crate::site::{Page, PageIx, Shape, Site};
use crate::text::Edtf;
use crate::text::bidi::Policy;
use crate::text::date::DateStyle;
use crate::text::escape;

/// An entry of a feed.
pub(super) struct Entry {
    pub(super) page: PageIx,
    /// The body, as HTML.
    pub(super) content: String,
}

/// The pages that a feed shows: of a home, all of its language; of a section, also those of the
/// sections below it.
pub(super) fn pages(site: &Site, owner: PageIx) -> Vec<PageIx> {
    let page = site.page(owner);
    let mut pages: Vec<PageIx> = match site.group_of(page).shape {
        Shape::Term(_) => page.listing().to_vec(),
        _ => site
            .page_indices()
            .filter(|ix| {
                let other = site.page(*ix);
                other.lang == page.lang
                    && site.group_of(other).shape == Shape::Page
                    && (page.section.is_none() || site.ancestors(other).contains(&owner))
            })
            .collect(),
    };
    pages.retain(|ix| feed_date(site, *ix).is_some());
    site.sort(&mut pages, Sort::Newest, page.lang);
    pages.truncate(site.config.output.feed_limit);
    pages
}

/// When a page was last changed, as far as it says.
fn feed_date(site: &Site, ix: PageIx) -> Option<Edtf> {
    let page = site.page(ix);
    site.updated(page).or_else(|| site.date(page))
}

pub(super) fn write(site: &Site, owner: PageIx, format: FeedFormat, entries: &[Entry]) -> String {
    match format {
        FeedFormat::Atom => atom(site, owner, entries),
        FeedFormat::Rss => rss(site, owner, entries),
    }
}

/// The feed's name: the site's, and the section's or term's before it.
pub(super) fn title(site: &Site, owner: PageIx) -> String {
    let page = site.page(owner);
    let site_title = &site.language(page.lang).title;
    if page.section.is_none() {
        site_title.clone()
    } else {
        format!("{} — {site_title}", page.title)
    }
}

/// A text of a language in a feed, which takes no markup there: with invisible isolates where the site
/// wants them.
fn plain<'a>(site: &Site, lang: usize, text: &'a str) -> Cow<'a, str> {
    if !site.config.output.title_isolates {
        return Cow::Borrowed(text);
    }
    let language = site.language(lang);
    let policy = Policy { base: language.direction, ranges: language.ranges };
    Cow::Owned(isolate::marked(text, policy))
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.extend(["<", name, ">"]);
    escape::xml_into(xml, text);
    // The name ends where its attributes begin.
    let name = name.split(' ').next().unwrap_or(name);
    xml.extend(["</", name, ">\n"]);
}

/// A body for readers that show it outside of any page: in an element of its language.
fn body(site: &Site, entry: &Entry) -> String {
    let language = site.language(site.page(entry.page).document.lang);
    let (lang, dir) = (&language.lang, language.direction.as_str());
    // Readers show the body away from the site, where its paths would lead elsewhere.
    let (base, own) = (&site.config.base, site.config.base.permalink(&site.page(entry.page).url));
    let mut content = entry.content.clone();
    for attribute in [" href", " src"] {
        content = content
            .replace(&format!("{attribute}=\"/"), &format!("{attribute}=\"{}/", base.origin))
            .replace(&format!("{attribute}=\"{}//", base.origin), &format!("{attribute}=\"//"))
            .replace(&format!("{attribute}=\"#"), &format!("{attribute}=\"{own}#"));
    }
    content = pictures(content, &base.origin);
    format!("<div lang=\"{lang}\" dir=\"{dir}\">\n{content}</div>")
}

/// The URLs of pictures in several sizes made whole, and without what keeps a picture's place until it comes,
/// which a reader without the site's styles would show beside it.
fn pictures(content: String, origin: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content.as_str();
    while let Some((before, after)) = rest.split_once(" srcset=\"") {
        let (list, after) = after.split_once('"').unwrap_or((after, ""));
        let whole = |url: &str| match url.starts_with('/') && !url.starts_with("//") {
            true => format!("{origin}{url}"),
            false => url.to_owned(),
        };
        let list = list.split(", ").map(whole).collect::<Vec<_>>().join(", ");
        out.extend([before, " srcset=\"", &list, "\""]);
        rest = after;
    }
    out.push_str(rest);
    while let Some(start) = out.find("<svg class=\"placeholder\"") {
        let Some(end) = out.get(start..).and_then(|svg| svg.find("</svg>")) else { break };
        out.replace_range(start..start + end + "</svg>".len(), "");
    }
    out
}

/// What was corrected on a page, for the beginning of its entry: who has read it before should see that
/// first. Each is in the language that it is written in.
pub(super) fn corrections(site: &Site, page: &Page) -> String {
    let corrections = site.corrections(page);
    if corrections.is_empty() {
        return String::new();
    }
    let own = page.document.lang;
    let message = |key: &str| {
        let text = site.frame.messages.get(own, key, None, &site.tools(own).numbers, &[]);
        escape::html(&text.unwrap_or_else(|| key.to_owned()))
    };
    let mut html = format!("<p><strong>{}</strong></p>\n<ul>\n", message("corrections"));
    for (lang, correction) in corrections {
        let Some((lang, text)) = correction.text.get(own, lang) else { continue };
        let language = site.language(own);
        let dates = &site.tools(own).dates;
        let date = dates.format(&correction.date, DateStyle::default(), language.calendar);
        let _ = write!(html, "<li>{}: ", escape::html(&date));
        if lang == own {
            escape::html_into(&mut html, text);
        } else {
            let language = site.language(lang);
            let (lang, dir) = (&language.lang, language.direction.as_str());
            let _ =
                write!(html, "<span lang=\"{lang}\" dir=\"{dir}\">{}</span>", escape::html(text));
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ul>\n");
    html
}

fn atom(site: &Site, owner: PageIx, entries: &[Entry]) -> String {
    let base = &site.config.base;
    let page = site.page(owner);
    let lang = &site.language(page.lang).lang;
    let home = base.permalink(&page.url);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(xml, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">");
    element(&mut xml, "title", &plain(site, page.lang, &title(site, owner)));
    element(&mut xml, "id", &home);
    let own = base.permalink(&format!("{}{}", page.url, FeedFormat::Atom.file_name()));
    for (rel, kind, href) in
        [("self", "application/atom+xml", &own), ("alternate", "text/html", &home)]
    {
        let _ = write!(xml, "<link rel=\"{rel}\" type=\"{kind}\" href=\"");
        escape::xml_into(&mut xml, href);
        xml.push_str("\"/>\n");
    }
    let newest = entries.iter().filter_map(|e| feed_date(site, e.page)).max_by_key(Edtf::sort_key);
    element(&mut xml, "updated", &newest.map_or_else(|| "1970-01-01T00:00:00Z".into(), rfc3339));
    xml.push_str("<author>");
    element(&mut xml, "name", &site.language(page.lang).title);
    xml.push_str("</author>\n");
    for entry in entries {
        let page = site.page(entry.page);
        let url = base.permalink(&page.url);
        let language = site.language(page.document.lang);
        let _ = write!(xml, "<entry xml:lang=\"{}\" xml:base=\"", language.lang);
        escape::xml_into(&mut xml, &url);
        xml.push_str("\">\n");
        element(&mut xml, "title", &plain(site, page.document.lang, &page.title));
        element(&mut xml, "id", &url);
        xml.push_str("<link rel=\"alternate\" type=\"text/html\" href=\"");
        escape::xml_into(&mut xml, &url);
        xml.push_str("\"/>\n");
        let date = feed_date(site, entry.page);
        element(&mut xml, "updated", &date.map(rfc3339).unwrap_or_default());
        if let Some(date) = site.date(page) {
            element(&mut xml, "published", &rfc3339(date));
        }
        let summary = site.description(page);
        element(&mut xml, "summary", &plain(site, page.document.lang, &summary));
        element(&mut xml, "content type=\"html\"", &body(site, entry));
        xml.push_str("</entry>\n");
    }
    xml.push_str("</feed>\n");
    xml
}

fn rss(site: &Site, owner: PageIx, entries: &[Entry]) -> String {
    let base = &site.config.base;
    let page = site.page(owner);
    let language = site.language(page.lang);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n",
    );
    element(&mut xml, "title", &plain(site, page.lang, &title(site, owner)));
    element(&mut xml, "link", &base.permalink(&page.url));
    let about = site.description(page);
    // RSS wants a description, whether there is one or not.
    let texts = [&*about, &language.description, &title(site, owner)];
    let about = texts.into_iter().find(|text| !text.is_empty());
    element(&mut xml, "description", about.unwrap_or_default());
    element(&mut xml, "language", language.lang.as_str());
    xml.push_str("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"");
    escape::xml_into(
        &mut xml,
        &base.permalink(&format!("{}{}", page.url, FeedFormat::Rss.file_name())),
    );
    xml.push_str("\"/>\n");
    for entry in entries {
        let page = site.page(entry.page);
        let url = base.permalink(&page.url);
        xml.push_str("<item>\n");
        element(&mut xml, "title", &plain(site, page.document.lang, &page.title));
        element(&mut xml, "link", &url);
        element(&mut xml, "guid isPermaLink=\"true\"", &url);
        if let Some(date) = feed_date(site, entry.page) {
            element(&mut xml, "pubDate", &rfc822(date));
        }
        element(&mut xml, "description", &body(site, entry));
        xml.push_str("</item>\n");
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

/// The first moment that a date can mean (RFC 3339).
fn rfc3339(date: Edtf) -> String {
    let (year, month, day) = date.start().first_day();
    format!("{year:04}-{month:02}-{day:02}T00:00:00Z")
}

/// The same as RSS wants it (RFC 822 with four digits for the year).
fn rfc822(date: Edtf) -> String {
    const DAYS: [&str; 7] = ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = date.start().first_day();
    // Zeller's congruence, which counts January and February to the year before.
    let (y, m) =
        if month < 3 { (year - 1, i32::from(month) + 12) } else { (year, i32::from(month)) };
    let weekday = (i32::from(day) + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400).rem_euclid(7);
    let name = |names: &[&'static str], n: i32| {
        usize::try_from(n).ok().and_then(|n| names.get(n)).copied().unwrap_or_default()
    };
    let (weekday, month) = (name(&DAYS, weekday), name(&MONTHS, i32::from(month) - 1));
    format!("{weekday}, {day:02} {month} {year:04} 00:00:00 GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feed_dates() {
        let show = |text| Edtf::parse(text).map(|d| (rfc3339(d), rfc822(d)));
        assert_eq!(
            show("2026-01-04"),
            Ok(("2026-01-04T00:00:00Z".into(), "Sun, 04 Jan 2026 00:00:00 GMT".into()))
        );
        assert_eq!(show("1951-05-21").map(|d| d.1).as_deref(), Ok("Mon, 21 May 1951 00:00:00 GMT"));
    }
}
