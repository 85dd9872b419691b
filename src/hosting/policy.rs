//! A content security policy (CSP Level 3) from what the pages hold: nothing is allowed that no page needs.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::text::html;

/// What an output needs of its host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// What a page needs beyond `STRICT`: sources by directive.
    sources: BTreeSet<(&'static str, String)>,
    /// How many bytes it has.
    pub(super) bytes: u64,
}

/// What is allowed where no page needs more. Searching fetches from the site itself and has a form.
const STRICT: [(&str, &str); 11] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'none'"),
    // In no policy as long as nothing is added to it: `default-src` forbids it as well.
    ("object-src", ""),
];

/// More different `style` attributes than these are allowed without their digests.
const MOST_STYLES: usize = 8;

/// The sources that the site's pages need, each with the first page that does.
#[derive(Debug, Default)]
pub(super) struct Policy(BTreeMap<(&'static str, String), String>);

impl Policy {
    /// Takes in what the page at a path needs. Pages come in their order.
    pub(super) fn add(&mut self, path: &str, needs: Needs) {
        for need in needs.sources {
            self.0.entry(need).or_insert_with(|| path.to_owned());
        }
    }

    /// The policy, with what the site's settings allow beside.
    pub(super) fn write(&self, allow: &[(&'static str, Vec<String>)]) -> String {
        let split = |sources: &str| sources.split_whitespace().map(str::to_owned).collect();
        let mut directives: Vec<(&str, Vec<String>)> =
            STRICT.iter().map(|(name, sources)| (*name, split(sources))).collect();
        let settings =
            allow.iter().flat_map(|(name, sources)| sources.iter().map(move |s| (*name, s)));
        for (name, source) in self.0.keys().map(|(name, source)| (*name, source)).chain(settings) {
            let at = directives.iter().position(|(other, _)| *other == name);
            let at = at.unwrap_or(directives.len());
            if at == directives.len() {
                directives.push((name, Vec::new()));
            }
            if let Some((_, sources)) = directives.get_mut(at)
                && !sources.contains(source)
            {
                sources.retain(|source| source != "'none'");
                sources.push(source.clone());
            }
        }
        for (name, sources) in &mut directives {
            loosen(name, sources);
        }
        directives.retain(|(_, sources)| !sources.is_empty());
        let written =
            directives.iter().map(|(name, sources)| format!("{name} {}", sources.join(" ")));
        written.collect::<Vec<_>>().join("; ")
    }

    /// How many digests there are, and a page that needs one.
    pub(super) fn digests(&self) -> (usize, Option<&str>) {
        let mut pages = self
            .0
            .iter()
            .filter(|((_, source), _)| source.starts_with("'sha"))
            .map(|(_, page)| &**page);
        let first = pages.next();
        (pages.count() + usize::from(first.is_some()), first)
    }
}

/// Digests of attributes count only with `'unsafe-hashes'`; of very many styles none is written.
fn loosen(name: &str, sources: &mut Vec<String>) {
    if !matches!(name, "style-src-attr" | "script-src-attr") || sources.is_empty() {
        return;
    }
    let digests = sources.iter().filter(|source| source.starts_with("'sha")).count();
    if name == "style-src-attr" && digests > MOST_STYLES {
        *sources = vec!["'unsafe-inline'".into()];
    } else if digests > 0 {
        sources.insert(0, "'unsafe-hashes'".into());
    }
}

impl Needs {
    /// Whether nothing is needed but room.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// What the HTML of a page of the site at an origin needs.
    #[must_use]
    pub fn of_html(text: &str, origin: &str) -> Self {
        let mut needs = Self::default();
        needs.html(text, origin, true);
        needs
    }

    /// What a style sheet needs.
    #[must_use]
    pub fn of_css(text: &str, origin: &str) -> Self {
        let mut needs = Self::default();
        needs.css(text, origin);
        needs
    }

    fn html(&mut self, text: &str, origin: &str, whole: bool) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut attributes: Vec<(&str, &str)> = Vec::new();
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
            let start = at + found;
            if bytes.get(start + 1) == Some(&b'/') {
                at = start + 2;
                continue;
            }
            attributes.clear();
            let Some(tag) = html::read(text, start, |name, value| attributes.push((name, value)))
            else {
                at = start + 1;
                continue;
            };
            at = tag.range.end;
            let name = tag.name.to_ascii_lowercase();
            if !attributes.is_empty() {
                self.element(&name, &attributes, origin, whole);
            }
            if matches!(&*name, "script" | "style" | "textarea" | "title" | "xmp" | "noembed")
                && !tag.is_whole
            {
                let end = html::raw_end(text, at, &name);
                let inside = text.get(at..end).unwrap_or_default();
                match &*name {
                    "style" => {
                        self.digest("style-src", inside);
                        self.css(inside, origin);
                    }
                    "script" if is_run(&attributes) => self.digest("script-src", inside),
                    _ => {}
                }
                at = end;
            }
        }
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], origin: &str, whole: bool) {
        let value = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| html::unescape(value))
        };
        for (attribute, written) in attributes {
            let attribute = attribute.to_ascii_lowercase();
            match (name, &*attribute) {
                (_, "style") => {
                    let style = html::unescape(written);
                    self.digest("style-src-attr", &style);
                    self.css(&style, origin);
                }
                (_, event) if event.starts_with("on") && event.len() > 2 => {
                    self.digest("script-src-attr", &html::unescape(written));
                }
                ("script", "src") => self.url("script-src", written, origin),
                // SVG has scripts and pictures with `href`.
                ("script", "href" | "xlink:href") => self.url("script-src", written, origin),
                ("img" | "input", "src")
                | ("video", "poster")
                | ("body" | "table" | "td", "background") => {
                    self.url("img-src", written, origin);
                }
                ("image" | "feimage", "href" | "xlink:href") => {
                    self.url("img-src", written, origin)
                }
                ("img" | "source", "srcset") | ("link", "imagesrcset") => {
                    for candidate in
                        written.split(',').filter_map(|part| part.split_whitespace().next())
                    {
                        self.url("img-src", candidate, origin);
                    }
                }
                ("audio" | "video" | "source" | "track", "src") => {
                    self.url("media-src", written, origin)
                }
                ("iframe" | "frame", "src") => self.url("frame-src", written, origin),
                // A page in an attribute is under the policy of the page that holds it.
                ("iframe", "srcdoc") if whole => self.html(&html::unescape(written), origin, false),
                ("object", "data") | ("embed", "src") => self.url("object-src", written, origin),
                ("form", "action") | (_, "formaction") => self.url("form-action", written, origin),
                ("base", "href") => self.url("base-uri", written, origin),
                ("a" | "area", "ping") => self.url("connect-src", written, origin),
                ("link", "href") => {
                    let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
                    let kind = value("as").unwrap_or_default().to_ascii_lowercase();
                    for directive in rel.split_whitespace().filter_map(|rel| link(rel, &kind)) {
                        self.url(directive, written, origin);
                    }
                }
                _ => {}
            }
        }
    }

    fn css(&mut self, text: &str, origin: &str) {
        let bytes = text.as_bytes();
        for at in memchr::memmem::find_iter(bytes, b"url(") {
            let rest = text.get(at + 4..).unwrap_or_default().trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let end = quote.unwrap_or(')');
            let rest = if quote.is_some() { rest.get(1..).unwrap_or_default() } else { rest };
            let url = rest.split(end).next().unwrap_or_default().trim();
            let before = text.get(..at).unwrap_or_default().trim_end();
            let directive = if before.ends_with("@import") {
                "style-src"
            } else if is_font(url) {
                "font-src"
            } else {
                "img-src"
            };
            if !url.starts_with('#') {
                self.url(directive, url, origin);
            }
        }
        for at in memchr::memmem::find_iter(bytes, b"@import") {
            let rest = text.get(at + 7..).unwrap_or_default().trim_start();
            if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                let url = rest.get(1..).unwrap_or_default().split(quote).next();
                self.url("style-src", url.unwrap_or_default(), origin);
            }
        }
    }

    /// Notes that what is at an address, as it is written, is needed.
    fn url(&mut self, directive: &'static str, written: &str, origin: &str) {
        let Some(source) = source(&html::unescape(written), origin) else { return };
        let strict = STRICT.iter().find(|(name, _)| *name == directive);
        if strict.is_none_or(|(_, sources)| !sources.split(' ').any(|other| other == source)) {
            self.sources.insert((directive, source));
        }
    }

    /// Notes that this very text is needed.
    fn digest(&mut self, directive: &'static str, text: &str) {
        // Browsers read line ends so before they look (HTML §13.2.3.5).
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if text.is_empty() {
            return;
        }
        self.sources
            .insert((directive, format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))));
    }
}

/// Whether what a `script` holds is run: it is of no type, of JavaScript's, or says how others are found.
fn is_run(attributes: &[(&str, &str)]) -> bool {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    if value("src").is_some() {
        return false;
    }
    let Some(kind) = value("type") else { return true };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    matches!(essence, "" | "module" | "importmap" | "speculationrules")
        || essence.ends_with("javascript")
        || essence.ends_with("ecmascript")
        || essence.starts_with("text/javascript1.")
        || matches!(essence, "text/jscript" | "text/livescript")
}

/// What a link of the head fetches.
fn link(rel: &str, kind: &str) -> Option<&'static str> {
    Some(match (rel, kind) {
        ("stylesheet", _) | ("preload" | "prefetch", "style") => "style-src",
        ("icon" | "apple-touch-icon" | "mask-icon", _) | ("preload" | "prefetch", "image") => {
            "img-src"
        }
        ("manifest", _) => "manifest-src",
        ("modulepreload", _) | ("preload" | "prefetch", "script" | "worker") => "script-src",
        ("preload" | "prefetch", "font") => "font-src",
        ("preload" | "prefetch", "audio" | "video" | "track") => "media-src",
        ("preload" | "prefetch", "fetch") => "connect-src",
        _ => return None,
    })
}

fn is_font(url: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".woff2", ".woff", ".ttf", ".otf", ".eot"].iter().any(|end| url.ends_with(end))
        || ["data:font/", "data:application/font", "data:application/x-font"]
            .iter()
            .any(|start| url.starts_with(start))
}

/// What a policy calls the place of an address; `None` for what is no place.
fn source(url: &str, origin: &str) -> Option<String> {
    let url: String = url.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let whole = if url.starts_with("//") { format!("https:{url}") } else { url };
    let scheme = whole.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        let mut letters = scheme.bytes();
        letters.next().is_some_and(|b| b.is_ascii_alphabetic())
            && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    let Some(scheme) = scheme else { return Some("'self'".into()) };
    match &*scheme.to_ascii_lowercase() {
        "http" | "https" => {
            let found = url::Url::parse(&whole).ok()?.origin();
            let own = url::Url::parse(origin).is_ok_and(|own| own.origin() == found);
            Some(if own { "'self'".into() } else { found.ascii_serialization() })
        }
        known @ ("data" | "blob") => Some(format!("{known}:")),
        _ => None,
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let byte = |n: usize| part.get(n).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * n) & 63) as usize).copied();
            out.push(if n <= part.len() { digit.map_or('=', char::from) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(html: &str) -> String {
        let mut policy = Policy::default();
        policy.add("a.html", Needs::of_html(html, "https://example.org"));
        policy.write(&[])
    }

    fn added(html: &str) -> String {
        let (strict, policy) = (policy(""), policy(html));
        let strict: Vec<&str> = strict.split("; ").collect();
        let new = policy.split("; ").filter(|directive| !strict.contains(directive));
        new.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_page_with_nothing_unusual_is_under_the_strict_policy() {
        assert_eq!(
            policy(
                "<link rel=stylesheet href=/a.css><script src=/a.js defer></script><img src=b.png>\
                 <script type=\"application/ld+json\">{}</script><form action=/search/></form>\
                 <a href=https://other.example onx>x</a><!-- <script>x</script> -->\
                 <img src=\"https://example.org/c.png\"><textarea><script>x</script></textarea>"
            ),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
    }

    #[test]
    fn what_a_page_needs_is_added() {
        for (html, wanted) in [
            ("<img src='//pics.example/a.png'>", "img-src 'self' data: https://pics.example"),
            (
                "<img srcset='a.png 1x, http://b.example:81/b.png 2x'>",
                "img-src 'self' data: http://b.example:81",
            ),
            (
                "<iframe src='https://WWW.Video.example/x?a=b'>",
                "frame-src https://www.video.example",
            ),
            ("<iframe src=/map/>", "frame-src 'self'"),
            ("<video src=a.mp4 poster=b.png>", "media-src 'self'"),
            ("<object data=a.pdf>", "object-src 'self'"),
            ("<form action='https://pay.example/go'>", "form-action 'self' https://pay.example"),
            ("<base href=/>", "base-uri 'self'"),
            ("<SCRIPT SRC=https://a.example/x.js></SCRIPT>", "script-src 'self' https://a.example"),
            (
                "<img src=https://مثال.example/a.png>",
                "img-src 'self' data: https://xn--mgbh0fb.example",
            ),
            (
                "<iframe srcdoc=\"&lt;img src=https://in.example/x&gt;\">",
                "img-src 'self' data: https://in.example",
            ),
            (
                "<style>@import 'https://s.example/a.css'; @font-face { src: url(https://f.example/a.woff2) }</style>",
                "style-src 'self' 'sha256-",
            ),
            (
                "<link rel='preload' as=font href=https://f.example/a.woff2>",
                "font-src 'self' https://f.example",
            ),
            ("<a href='javascript:x()'>", ""),
            ("<img src='mailto:x'>", ""),
        ] {
            let added = added(html);
            assert!(
                if wanted.is_empty() { added.is_empty() } else { added.starts_with(wanted) },
                "{html}: {added}"
            );
        }
    }

    #[test]
    fn inline_code_is_named_by_its_digest() {
        // The digest is that of the specification's example, `alert('Hello, world.');`.
        let digest = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(
            added("<script>alert('Hello, world.');</script>"),
            format!("script-src 'self' {digest}")
        );
        assert_eq!(
            added("<p onclick=\"alert(&#39;Hello, world.&#39;);\">"),
            format!("script-src-attr 'unsafe-hashes' {digest}")
        );
        assert_eq!(added("<style>a\r\nb</style>"), added("<style>a\nb</style>"));
        let styles =
            |n: usize| (0..n).map(|n| format!("<p style='top:{n}px'>")).collect::<String>();
        assert!(added(&styles(2)).starts_with("style-src-attr 'unsafe-hashes' 'sha256-"));
        assert_eq!(added(&styles(50)), "style-src-attr 'unsafe-inline'");
    }

    #[test]
    fn settings_add_what_scripts_need() {
        let allow = [
            ("connect-src", vec!["https://api.example".to_owned()]),
            ("worker-src", vec!["blob:".into()]),
        ];
        let policy = Policy::default().write(&allow);
        assert!(policy.contains("connect-src 'self' https://api.example; "), "{policy}");
        assert!(policy.ends_with("; worker-src blob:"), "{policy}");
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, wanted) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(text.as_bytes()), wanted);
        }
    }
}
