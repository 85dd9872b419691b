//! What a server of one's own is configured by: parts of the configurations of nginx and Caddy.

use std::fmt::Write as _;

use super::headers::{Block, Headers, Rule};
use super::redirects::Redirects;

/// What both are written from.
pub(super) struct Server<'a> {
    pub(super) headers: &'a Headers,
    pub(super) redirects: &'a Redirects,
    /// The encoded path that the site lives under, without a slash at its end.
    pub(super) prefix: &'a str,
    /// The folders on the host, decoded, ending in `/`, that have a page for missing addresses of their own; the
    /// root's is the first.
    pub(super) missing: &'a [String],
}

/// A header's name, and what it is at which paths, in their order.
type Series<'a> = (&'a str, Vec<(&'a str, String)>);

/// Media types that a server may not know by the ends of names.
const TYPES: [(&str, &str); 5] = [
    ("image/avif", "avif"),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/manifest+json", "webmanifest"),
    ("text/javascript", "mjs"),
];

impl Server<'_> {
    /// Each header with its values, of the rules that a server can be told of; an empty one where it is taken back.
    fn series(&self, fits: fn(&Rule) -> bool) -> Vec<Series<'_>> {
        let mut all: Vec<Series<'_>> = Vec::new();
        for block in self.headers.plain() {
            for (name, value) in values(block, fits) {
                let at = all.iter().position(|(other, _)| other.eq_ignore_ascii_case(name));
                let at = at.unwrap_or(all.len());
                if at == all.len() {
                    all.push((name, Vec::new()));
                }
                if let Some((_, values)) = all.get_mut(at) {
                    values.push((&block.path, value));
                }
            }
        }
        all
    }

    /// A file to be included in a `server` of nginx.
    pub(super) fn nginx(&self, zipped: bool, brotli: bool) -> String {
        let mut out = String::from(NGINX);
        out.push_str("include mime.types;\ntypes {\n");
        for (kind, end) in TYPES {
            let _ = writeln!(out, "    {kind} {end};");
        }
        out.push_str("}\n");
        if zipped {
            out.push_str("gzip_static on;\ngzip_vary on;\n");
        }
        if brotli {
            out.push_str("# With the module ngx_brotli:\n# brotli_static on;\n");
        }
        for (name, values) in self.series(|rule| rule.unfit_for_nginx().is_none()) {
            let variable = format!("$dhikra_{}", name.to_ascii_lowercase().replace('-', "_"));
            let _ = writeln!(out, "\nset {variable} \"\";");
            for (path, value) in values {
                let _ = writeln!(
                    out,
                    "if ($uri ~ \"{}\") {{ set {variable} \"{}\"; }}",
                    pattern(path),
                    quoted(&value)
                );
            }
            // What is missing is not kept for ever.
            let always = if name.eq_ignore_ascii_case("cache-control") { "" } else { " always" };
            let _ = writeln!(out, "add_header {name} {variable}{always};");
        }
        out.push('\n');
        for (n, folder) in self.missing.iter().enumerate() {
            let page = super::headers::encode(folder);
            let _ = if n == 0 {
                writeln!(out, "error_page 404 {page}404.html;")
            } else {
                writeln!(
                    out,
                    "location \"{}\" {{ error_page 404 {page}404.html; }}",
                    quoted(folder)
                )
            };
        }
        for own in super::NOT_SERVED {
            let _ = writeln!(out, "location ^~ {}/{own} {{ return 404; }}", self.prefix);
        }
        for rule in &self.redirects.fixed {
            let to = rule.to.replace('$', "%24");
            let _ = writeln!(
                out,
                "location = \"{}\" {{ return {} \"{to}\"; }}",
                quoted(&rule.from),
                rule.status
            );
        }
        out
    }

    /// A file to be imported into a site of a Caddyfile.
    pub(super) fn caddy(&self, encodings: &[&str]) -> String {
        let mut out = String::from(CADDY);
        out.push_str("route {\n");
        for (n, (name, values)) in self.series(Rule::fits_caddy).into_iter().enumerate() {
            for (m, (path, value)) in values.into_iter().enumerate() {
                let matcher = format!("@dhikra_header_{n}_{m}");
                let _ = writeln!(out, "\t{matcher} path_regexp \"{}\"", pattern(path));
                let _ = match caddy_string(&value) {
                    Some(written) if !value.is_empty() => {
                        writeln!(out, "\theader {matcher} {name} {written}")
                    }
                    _ => writeln!(out, "\theader {matcher} -{name}"),
                };
            }
        }
        // Its `path` would take `/About/` and `/about/` for one, and lead from the one to itself.
        for (n, rule) in self.redirects.fixed.iter().enumerate() {
            let matcher = format!("@dhikra_redirect_{n}");
            let to = rule.to.replace(['{', '}'], "");
            let _ = writeln!(
                out,
                "\t{matcher} path_regexp \"^{}$\"\n\tredir {matcher} \"{to}\" {}",
                literal(&rule.from),
                rule.status
            );
        }
        let own = super::NOT_SERVED.map(|own| format!("{}/{own}*", self.prefix)).join(" ");
        let _ = writeln!(out, "\t@dhikra_own path {own}\n\terror @dhikra_own 404");
        if encodings.is_empty() {
            out.push_str("\tfile_server\n}\n");
        } else {
            let _ = writeln!(
                out,
                "\tfile_server {{\n\t\tprecompressed {}\n\t}}\n}}",
                encodings.join(" ")
            );
        }
        out.push_str("handle_errors {\n");
        for (n, folder) in
            self.missing.iter().enumerate().skip(1).chain(self.missing.iter().enumerate().take(1))
        {
            let matcher = format!("@dhikra_missing_{n}");
            let path = quoted(&braces(folder));
            let _ = writeln!(
                out,
                "\t{matcher} {{\n\t\tpath \"{path}*\"\n\t\texpression {{err.status_code}} == 404\n\t}}\n\
                 \thandle {matcher} {{\n\t\theader Cache-Control no-cache\n\t\trewrite * \"{path}404.html\"\n\t\t\
                 file_server\n\t}}"
            );
        }
        out.push_str("}\n");
        out
    }
}

const NGINX: &str = "\
# Made by dhikra: see [hosting] in site.toml. Include it in the `server` whose `root` is the output folder.
index index.html;
charset utf-8;
charset_types text/html text/plain text/css text/csv text/javascript text/turtle text/xml image/svg+xml
    application/javascript application/json application/ld+json application/xml application/atom+xml
    application/rss+xml application/manifest+json;
absolute_redirect off;
";

const CADDY: &str = "\
# Made by dhikra: see [hosting] in site.toml. Import it into the site whose `root` is the output folder.
";

/// The values of a block's headers by name; those of one name as one, empty where it is taken back.
fn values(block: &Block, fits: fn(&Rule) -> bool) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for rule in block.rules.iter().filter(|rule| fits(rule)) {
        let value = rule.value.as_deref().unwrap_or_default();
        match found.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(&rule.name)) {
            Some((_, before)) if before.is_empty() => value.clone_into(before),
            Some((_, before)) => {
                before.push_str(", ");
                before.push_str(value);
            }
            None => found.push((&rule.name, value.to_owned())),
        }
    }
    found
}

/// A path as a regular expression of both.
fn pattern(path: &str) -> String {
    let (start, end) = path.strip_suffix('*').map_or((path, "$"), |start| (start, ""));
    format!("^{}{end}", literal(start))
}

/// Text as a regular expression that nothing but it matches. What means something in a configuration is written as
/// its number.
fn literal(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '{' | '}' | '"' | '\\' | '`' => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            '/' | '-' | '_' | '%' | '&' | '~' | '=' | ',' | '!' | '@' => out.push(c),
            _ => {
                if c.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// What stands in quotation marks of nginx, and of Caddy where there is no backslash in it.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Text as a string that Caddy sends as it is; none where it has no way to write it. A backslash in its quotation marks
/// is one, but before a quotation mark; between backticks all is what it is.
pub(super) fn caddy_string(text: &str) -> Option<String> {
    let text = braces(text);
    if !text.contains("\\\"") && !text.ends_with('\\') {
        return Some(format!("\"{}\"", text.replace('"', "\\\"")));
    }
    if text.contains('`') { None } else { Some(format!("`{text}`")) }
}

/// Takes from braces what they mean to Caddy. It reads them as placeholders twice: when it imports a file, and when it
/// answers; each time it takes one backslash away. `{$` would be a variable of the environment, which is put in before
/// anything else: what comes between is nothing when it answers.
fn braces(text: &str) -> String {
    if !text.contains('{') && !text.contains("\\}") {
        return text.to_owned();
    }
    let text = text.replace('}', "\\\\}").replace("{$", "{\u{1}$").replace('{', "\\\\{");
    text.replace('\u{1}', "{http.vars.dhikra_nothing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_regular_expressions() {
        assert_eq!(pattern("/a.b+c/*"), "^/a\\.b\\+c/");
        assert_eq!(pattern("/ميناء/"), "^/ميناء/$");
        assert_eq!(pattern("/(x)[1]"), "^/\\(x\\)\\[1\\]$");
        assert_eq!(literal("/{a}\"\\"), "/\\x7Ba\\x7D\\x22\\x5C");
    }

    #[test]
    fn caddy_is_sent_what_is_written() {
        for (text, written) in [
            ("a \"b\"", "\"a \\\"b\\\"\""),
            ("a\\b", "\"a\\b\""),
            ("a\\", "`a\\`"),
            ("a\\\"b", "`a\\\"b`"),
            ("\\}", "\"\\\\\\}\""),
            ("} `", "\"} `\""),
            ("{env.A}", "\"\\\\{env.A\\\\}\""),
            ("{$A}", "\"\\\\{{http.vars.dhikra_nothing}$A\\\\}\""),
        ] {
            assert_eq!(caddy_string(text).as_deref(), Some(written));
        }
        assert_eq!(caddy_string("`\\"), None);
    }
}
