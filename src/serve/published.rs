//! What a site asks its host for in the files `_headers` and `_redirects`, as Netlify and Cloudflare Pages
//! read them: so the preview answers as the published site will.

use crate::text::percent;

/// The headers and redirects of a site.
#[derive(Debug, Default)]
pub(super) struct Published {
    headers: Vec<(Pattern, Vec<Rule>)>,
    redirects: Vec<Redirect>,
}

/// A line about a header.
#[derive(Debug)]
enum Rule {
    Set(String, String),
    Unset(String),
}

#[derive(Debug)]
struct Redirect {
    from: Pattern,
    to: String,
    status: u16,
    /// Whether it wins over a file that is there.
    forced: bool,
}

/// A path with `*` for any rest, and `:name` for any one part.
#[derive(Debug)]
struct Pattern(Vec<String>);

impl Pattern {
    fn new(path: &str) -> Self {
        Self(path.split('/').map(|part| percent::decode(part).unwrap_or_default()).collect())
    }

    /// What the parts in the pattern stand for in a decoded path; `None` where it does not match.
    fn captures(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        let mut rest = Some(path);
        for part in &self.0 {
            let left = rest?;
            if let Some(before) = part.strip_suffix('*') {
                let splat = left.strip_prefix(before)?;
                found.push(("splat".to_owned(), splat.to_owned()));
                return Some(found);
            }
            let (own, after) = match left.split_once('/') {
                Some((own, after)) => (own, Some(after)),
                None => (left, None),
            };
            match part.strip_prefix(':') {
                Some(name) if !own.is_empty() => found.push((name.to_owned(), own.to_owned())),
                _ if part == own => {}
                _ => return None,
            }
            rest = after;
        }
        // A slash at the end makes no other place.
        rest.is_none_or(str::is_empty).then_some(found)
    }
}

/// A text with `:name` replaced by what the name stands for, as `write` writes it.
fn fill(text: &str, captures: &[(String, String)], write: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        filled.push_str(before);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        match captures.iter().find(|(other, _)| other == name) {
            Some((_, value)) => filled.push_str(&write(value)),
            None => {
                filled.push(':');
                filled.push_str(name);
            }
        }
        rest = tail;
    }
    filled + rest
}

impl Published {
    pub(super) fn parse(headers: &str, redirects: &str) -> Self {
        Self {
            headers: parse_headers(headers),
            redirects: redirects.lines().filter_map(parse_redirect).collect(),
        }
    }

    /// The headers of a decoded path on the host, in their order; a name stands once.
    pub(super) fn headers(&self, path: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (pattern, rules) in &self.headers {
            let Some(captures) = pattern.captures(path) else { continue };
            for rule in rules {
                match rule {
                    Rule::Unset(name) => found.retain(|(other, _)| other != name),
                    Rule::Set(name, value) => {
                        let value = fill(value, &captures, str::to_owned);
                        match found.iter_mut().find(|(other, _)| other == name) {
                            Some((_, before)) => *before = format!("{before}, {value}"),
                            None => found.push((name.clone(), value)),
                        }
                    }
                }
            }
        }
        found
    }

    /// Where a decoded path on the host is redirected to, and with which status. `there` says that a file is
    /// at the path, over which only a forced redirect wins.
    pub(super) fn redirect(&self, path: &str, there: bool) -> Option<(u16, String)> {
        self.redirects.iter().filter(|redirect| redirect.forced || !there).find_map(|redirect| {
            let captures = redirect.from.captures(path)?;
            let to = fill(&redirect.to, &captures, percent::encode_path);
            // What begins with two slashes would lead to another host.
            let own = to.starts_with("//") && !redirect.to.starts_with("//");
            let to = if own { format!("/{}", to.trim_start_matches('/')) } else { to };
            Some((redirect.status, to))
        })
    }
}

fn parse_headers(text: &str) -> Vec<(Pattern, Vec<Rule>)> {
    let mut blocks: Vec<(Pattern, Vec<Rule>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let trimmed = line.trim();
        if trimmed.starts_with('/') {
            blocks.push((Pattern::new(trimmed), Vec::new()));
        } else if let Some((_, rules)) = blocks.last_mut() {
            if let Some(name) = trimmed.strip_prefix('!') {
                rules.push(Rule::Unset(name.trim().to_ascii_lowercase()));
            } else if let Some((name, value)) = trimmed.split_once(':') {
                rules.push(Rule::Set(name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }
    blocks
}

fn parse_redirect(line: &str) -> Option<Redirect> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.starts_with('#') {
        return None;
    }
    let mut parts = line.split_whitespace();
    let (from, to) = (parts.next()?, parts.next()?);
    let status = parts.next().unwrap_or("302");
    let (status, forced) = match status.strip_suffix('!') {
        Some(status) => (status, true),
        None => (status, false),
    };
    let status = status.parse().ok().filter(|s| matches!(s, 200 | 301..=303 | 307 | 308 | 404))?;
    from.starts_with('/').then(|| Redirect {
        from: Pattern::new(from),
        to: to.to_owned(),
        status,
        forced,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_as_on_the_host() {
        let text = "# old\n/old /new/ 301\n/blog/* /news/:splat\n/u/:id/x /p/:id 308\n/n https://x.example/ 302!\n/bad /x 410\n/قديم /%D8%AC 301";
        let published = Published::parse("", text);
        let to = |path| published.redirect(path, false);
        assert_eq!(to("/old"), Some((301, "/new/".into())));
        assert_eq!(to("/old/"), Some((301, "/new/".into())));
        assert_eq!(
            to("/blog/2026/ميناء/"),
            Some((302, "/news/2026/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/".into()))
        );
        let pair = Published::parse("", "/u/:id/:idx /x/:idx/:id\n/o/* /:splat");
        assert_eq!(pair.redirect("/u/1/2", false), Some((302, "/x/2/1".into())));
        assert_eq!(pair.redirect("/o//evil.example", false), Some((302, "/evil.example".into())));
        assert_eq!(to("/u/7/x"), Some((308, "/p/7".into())));
        assert_eq!(to("/قديم"), Some((301, "/%D8%AC".into())));
        assert_eq!(to("/bad"), None);
        assert_eq!(to("/older"), None);
        assert_eq!(published.redirect("/old", true), None);
        assert_eq!(published.redirect("/n", true), Some((302, "https://x.example/".into())));
    }

    #[test]
    fn headers_of_all_patterns_are_joined() {
        let text = "/*\n  X-Frame-Options: DENY\n  Link: </a>\n/assets/*\n  ! Link\n  Cache-Control: max-age=1\n# no\n/p/:id\n  X-Id: :id\n/p/*\n  Link: </b>\n";
        let published = Published::parse(text, "");
        let of = |path| -> Vec<String> {
            published.headers(path).into_iter().map(|(n, v)| format!("{n}={v}")).collect()
        };
        assert_eq!(of("/x/"), ["x-frame-options=DENY", "link=</a>"]);
        assert_eq!(of("/assets/a.css"), ["x-frame-options=DENY", "cache-control=max-age=1"]);
        assert_eq!(of("/p/7"), ["x-frame-options=DENY", "link=</a>, </b>", "x-id=7"]);
    }
}
