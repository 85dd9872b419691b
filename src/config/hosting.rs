//! Reading the `[hosting]` table of `site.toml`.

use serde_json::Value;

use super::reader::{Reader, Step};
use crate::diagnostic::Diagnostic;

/// What the site's host is to do.
#[derive(Clone, Debug)]
pub struct HostingOptions {
    /// The hosts that files are made for.
    pub hosts: Vec<Host>,
    /// How the copies are packed that lie beside files.
    pub precompress: Vec<Packing>,
    /// How many seconds browsers are to remember that the site is served over HTTPS; 0 to tell them nothing.
    pub hsts: usize,
    /// Whether a content security policy is made from what the pages hold.
    pub policy: bool,
    /// What scripts need beside: sources by directive.
    pub allow: Vec<(&'static str, Vec<String>)>,
    /// Further headers.
    pub headers: Vec<PathHeaders>,
}

/// Headers of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathHeaders {
    /// The decoded path in the site: whole, or ending in `*` for all that begins so.
    pub path: String,
    /// Names and values; an empty value for a header that is not to be sent.
    pub headers: Vec<(String, String)>,
}

impl Default for HostingOptions {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            precompress: Vec::new(),
            hsts: 0,
            policy: true,
            allow: Vec::new(),
            headers: Vec::new(),
        }
    }
}

/// Where a site can be served, as far as files for it are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// GitHub Pages.
    Github,
    /// GitLab Pages.
    Gitlab,
    /// Codeberg Pages.
    Codeberg,
    /// A server of one's own with nginx.
    Nginx,
    /// A server of one's own with Caddy.
    Caddy,
}

impl Host {
    /// The words a site may write.
    pub const NAMES: [&'static str; 7] =
        ["netlify", "cloudflare", "github", "gitlab", "codeberg", "nginx", "caddy"];

    /// The host of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "netlify" => Self::Netlify,
            "cloudflare" => Self::Cloudflare,
            "github" => Self::Github,
            "gitlab" => Self::Gitlab,
            "codeberg" => Self::Codeberg,
            "nginx" => Self::Nginx,
            "caddy" => Self::Caddy,
            _ => return None,
        })
    }
}

/// A way of packing files that browsers undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1952: every browser and server knows it.
    Gzip,
    /// RFC 7932: smaller.
    Brotli,
    /// RFC 8878: as small as gzip's best and better, and unpacked fastest.
    Zstd,
}

impl Packing {
    /// The words a site may write.
    pub const NAMES: [&'static str; 3] = ["gzip", "brotli", "zstd"];

    /// The packing of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "gzip" => Some(Self::Gzip),
            "brotli" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The end of a packed copy's name, after a dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
            Self::Zstd => "zst",
        }
    }
}

/// The directives of a policy (CSP Level 3) that sources may be added to.
pub const DIRECTIVES: [&str; 18] = [
    "default-src",
    "script-src",
    "script-src-attr",
    "style-src",
    "style-src-attr",
    "img-src",
    "font-src",
    "connect-src",
    "media-src",
    "frame-src",
    "object-src",
    "worker-src",
    "child-src",
    "manifest-src",
    "prefetch-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
];

/// Reads the table.
pub(super) fn read(table: Option<Reader<'_>>) -> HostingOptions {
    let mut options = HostingOptions::default();
    let Some(mut table) = table else { return options };
    options.hosts = words(&mut table, "hosts", &Host::NAMES, Host::from_name);
    options.precompress = words(&mut table, "precompress", &Packing::NAMES, Packing::from_name);
    options.hsts = table.count("hsts", 0).unwrap_or(0);
    options.policy = table.boolean("policy").unwrap_or(true);
    options.allow = allow(&mut table);
    options.headers = headers(&mut table);
    table.finish();
    options
}

/// A list of words, each once, in their order.
fn words<T: PartialEq>(
    table: &mut Reader<'_>,
    key: &'static str,
    names: &[&str],
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let (input, path) = (table.input, table.path(key));
    let mut found = Vec::new();
    for (i, name) in table.texts(key).unwrap_or_default().iter().enumerate() {
        match parse(name) {
            Some(word) if !found.contains(&word) => found.push(word),
            Some(_) => {}
            None => {
                let mut path = path.clone();
                path.push(Step::Index(i));
                let message = format!("`{key}` holds {}, not «{name}»", names.join(", "));
                let problem = input.bad_value(&path, message);
                input.problems.push(problem.did_you_mean(name, names.iter().copied()));
            }
        }
    }
    found
}

fn allow(table: &mut Reader<'_>) -> Vec<(&'static str, Vec<String>)> {
    let Some(mut table) = table.table("allow") else { return Vec::new() };
    let mut allowed = Vec::new();
    for directive in DIRECTIVES {
        let (input, path) = (table.input, table.path(directive));
        let Some(sources) = table.texts(directive) else { continue };
        for source in &sources {
            let fits = |b: u8| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'"' | b'\\');
            if source.is_empty() || !source.bytes().all(fits) {
                let message = format!("«{source}» is no source of a content security policy");
                let problem = input.bad_value(&path, message);
                input.problems.push(
                    problem.hint("a source is such as \"https://api.example.org\", in ASCII"),
                );
            }
        }
        allowed.push((directive, sources));
    }
    table.finish();
    allowed
}

/// Headers whose values the host alone knows.
const RESERVED: [&str; 17] = [
    "accept-ranges",
    "age",
    "allow",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "date",
    "keep-alive",
    "location",
    "proxy-connection",
    "server",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn headers(table: &mut Reader<'_>) -> Vec<PathHeaders> {
    let (input, whole) = (table.input, table.path("headers"));
    let Some(map) = table.map("headers") else { return Vec::new() };
    let mut found = Vec::new();
    for (written, named) in map {
        let mut place = whole.clone();
        place.push(Step::Key(written.clone()));
        let key = |problem: Diagnostic| input.problems.push(problem.at(input.key_span(&place)));
        let path = match header_path(written) {
            Ok(path) => path,
            Err(why) => {
                let message = format!("the path «{written}» {why}");
                let problem = input.bad_value(&place, message);
                key(problem.hint("write a path of the site such as \"/data/*\""));
                continue;
            }
        };
        let Some(named) = named.as_object() else {
            input.wrong_type(&place, "a mapping of headers to values", named);
            continue;
        };
        let mut headers = Vec::new();
        for (name, value) in named {
            let mut place = place.clone();
            place.push(Step::Key(name.clone()));
            match header(name, value) {
                Ok(value) => headers.push((name.clone(), value)),
                Err(why) => {
                    let problem = input.bad_value(&place, format!("the header «{name}» {why}"));
                    input.problems.push(problem);
                }
            }
        }
        found.push(PathHeaders { path, headers });
    }
    found
}

/// A path that every host and server understands the same.
fn header_path(written: &str) -> Result<String, &'static str> {
    let path = crate::text::percent::decode(written).ok_or("is not UTF-8")?;
    if !path.starts_with('/') {
        return Err("does not begin with `/`");
    }
    if path.strip_suffix('*').unwrap_or(&path).contains(['*', ':']) {
        return Err("may hold one `*`, at its end, and no `:`");
    }
    let odd = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '`' | '\\' | '$' | '{' | '}' | ';' | '?' | '#')
    };
    if path.contains(odd) {
        return Err("holds a character that not every host takes");
    }
    Ok(crate::text::nfc(&path).into_owned())
}

/// The value of a header that may be set (RFC 9110 §5.5).
fn header(name: &str, value: &Value) -> Result<String, &'static str> {
    let token = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(token) {
        return Err("has a name that no header can have");
    }
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err("is the host's own");
    }
    let value = value.as_str().ok_or("needs a value that is text")?.trim();
    if !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        return Err("has a value with other than visible ASCII characters");
    }
    if value.contains('$') || value.contains(['{', '}', '`']) {
        return Err(
            "has a value with a `$`, a brace or a backtick, which servers read as their own",
        );
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_the_same_everywhere() {
        assert_eq!(header_path("/data/*").as_deref(), Ok("/data/*"));
        assert_eq!(header_path("/%D9%85/").as_deref(), Ok("/م/"));
        for bad in ["", "x", "https://x/", "/*/a", "/:a", "/a b", "/a\"", "/a$b", "/%FF"] {
            assert!(header_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_that_may_be_set() {
        assert_eq!(header("X-A", &" b c ".into()).as_deref(), Ok("b c"));
        assert_eq!(header("X-A", &"".into()).as_deref(), Ok(""));
        for (name, value) in [
            ("", "a"),
            ("a b", "a"),
            ("X", "a\nb: c"),
            ("X", "م"),
            ("Content-Length", "1"),
            ("X", "$a"),
        ] {
            assert!(header(name, &value.into()).is_err(), "{name}: {value}");
        }
        assert!(header("X", &1.into()).is_err());
    }
}
