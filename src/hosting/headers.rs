//! Which headers the host is to send with which path: those that the program makes, those of `site.toml`, and
//! those of the site's own `static/_headers`, as one list that each host's file is written from.

use std::fmt::Write as _;
use std::sync::Arc;

use super::names::{Fault, fault, is_name};
use crate::config::{Config, Host};
use crate::diagnostic::{Diagnostic, Severity, Span, codes};
use crate::text::percent;

/// For ever, as far as caches know: the name changes with the bytes.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What nobody who reads a page is asked for.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// What to do with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: String,
    /// The value; none where the header is not to be sent.
    pub(super) value: Option<String>,
    /// Where the site's own file says so; none of what the program or the settings say.
    place: Option<Span>,
    /// Whether the file for Netlify lacks it.
    skips_netlify: bool,
}

impl Rule {
    fn made(name: &str, value: &str) -> Self {
        Self { name: name.into(), value: Some(value.into()), place: None, skips_netlify: false }
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The headers of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The decoded path on the host, whole or ending in `*`; where it has other parts that stand for any, as the
    /// site's own file has it.
    pub(super) path: String,
    /// Whether servers understand the path that read no `_headers`.
    pub(super) is_plain: bool,
    pub(super) rules: Vec<Rule>,
    /// Where the site's own file has it.
    place: Option<Span>,
}

impl Block {
    fn new(path: String, rules: Vec<Rule>) -> Self {
        Self { path, is_plain: true, rules, place: None }
    }

    /// Whether a path may be in both.
    fn meets(&self, other: &Self) -> bool {
        if !self.is_plain || !other.is_plain {
            return true;
        }
        let begins =
            |a: &str, b: &str| a.strip_suffix('*').is_some_and(|start| b.starts_with(start));
        self.path == other.path
            || begins(&self.path, &other.path)
            || begins(&other.path, &self.path)
    }
}

/// The headers of a site.
#[derive(Debug, Default)]
pub(super) struct Headers(pub(super) Vec<Block>);

impl Headers {
    /// Those of the program and the settings. `unhashed` are the files among the assets whose names do not change
    /// with their bytes, as decoded paths in the site.
    pub(super) fn made(config: &Config, policy: &str, unhashed: &[String]) -> Self {
        let options = &config.hosting;
        let mut all = vec![
            Rule::made("X-Content-Type-Options", "nosniff"),
            Rule::made("Referrer-Policy", "strict-origin-when-cross-origin"),
            Rule::made("Permissions-Policy", PERMISSIONS),
            Rule::made("Cross-Origin-Opener-Policy", "same-origin"),
        ];
        if !policy.is_empty() {
            all.push(Rule::made("Content-Security-Policy", policy));
        }
        if options.hsts > 0 {
            all.push(Rule::made("Strict-Transport-Security", &format!("max-age={}", options.hsts)));
        }
        // Netlify cannot take back what a wider path says, and asks anew by itself.
        all.push(Rule { skips_netlify: true, ..Rule::made("Cache-Control", "no-cache") });
        let prefix = &config.base.prefix;
        let cached = |path: &str, value: &str| {
            Block::new(format!("{prefix}{path}"), vec![Rule::made("Cache-Control", value)])
        };
        let mut headers = Self(vec![Block::new(format!("{prefix}/*"), all)]);
        headers.0.push(cached("/assets/*", FOR_EVER));
        headers.0.extend(unhashed.iter().map(|path| cached(path, "no-cache")));
        for own in &options.headers {
            let may = |name: &str| !matches!(fault(name, true, &[]), Some(Fault::LeftOut(_)));
            let rules =
                own.headers.iter().filter(|(name, _)| may(name)).map(|(name, value)| Rule {
                    value: Some(value.clone()).filter(|value| !value.is_empty()),
                    ..Rule::made(name, "")
                });
            headers.merge(Block::new(format!("{prefix}{}", own.path), rules.collect()));
        }
        headers
    }

    /// What is wrong with the names of headers in the settings.
    pub(super) fn check_settings(config: &Config) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for own in &config.hosting.headers {
            for (name, value) in &own.headers {
                let found = fault(name, !value.is_empty(), &config.hosting.hosts);
                let problem = match found {
                    Some(Fault::LeftOut(problem)) => {
                        Diagnostic { severity: Severity::Error, ..problem }
                    }
                    Some(Fault::Ignored(problem)) => problem,
                    None => continue,
                };
                let place = format!("it is under `hosting.headers.\"{}\"`", own.path);
                problems.push(problem.hint(place));
            }
        }
        problems
    }

    /// Adds the blocks of the site's own file. A header that a block sets takes the place of the program's.
    pub(super) fn add_own(
        &mut self,
        file: &Arc<str>,
        text: &str,
        hosts: &[Host],
    ) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut own = Self::default();
        for block in parse(file, text, hosts, &mut problems) {
            match own.0.iter_mut().find(|other| other.path == block.path) {
                // Netlify would keep both, Cloudflare the last alone.
                Some(other) => other.rules.extend(block.rules),
                None => own.0.push(block),
            }
        }
        own.0.into_iter().for_each(|block| self.merge(block));
        problems
    }

    fn merge(&mut self, block: Block) {
        let Some(there) = self.0.iter_mut().find(|other| other.path == block.path) else {
            return self.0.push(block);
        };
        there.rules.retain(|rule| !block.rules.iter().any(|new| new.is(&rule.name)));
        there.rules.extend(block.rules);
        there.place = there.place.take().or(block.place);
    }

    /// Whether a header that is set in a block was set by the program for some of its paths before. It is taken
    /// back then, or a host would send both.
    fn is_set_before(&self, at: usize, name: &str, for_netlify: bool) -> bool {
        let Some(block) = self.0.get(at) else { return false };
        self.0.iter().take(at).any(|before| {
            let sets = |rule: &Rule| {
                let is_written = !(for_netlify && rule.skips_netlify);
                is_written && rule.place.is_none() && rule.value.is_some() && rule.is(name)
            };
            before.meets(block) && before.rules.iter().any(sets)
        })
    }

    /// The file `_headers` of Netlify and Cloudflare Pages: what is wider comes first, and a block takes back what
    /// it says otherwise.
    pub(super) fn write(&self, hosts: &[Host]) -> String {
        let for_netlify = hosts.contains(&Host::Netlify);
        let mut out = String::from("# Made by dhikra: see [hosting] in site.toml.\n");
        for (n, block) in self.0.iter().enumerate() {
            let _ = writeln!(out, "\n{}", written(block));
            let mut taken: Vec<&str> = Vec::new();
            for rule in block.rules.iter().filter(|rule| !(for_netlify && rule.skips_netlify)) {
                let name = rule.name.as_str();
                let is_taken = taken.iter().any(|other| other.eq_ignore_ascii_case(name));
                if rule.value.is_none() || (!is_taken && self.is_set_before(n, name, for_netlify)) {
                    if !is_taken {
                        let _ = writeln!(out, "  ! {name}");
                    }
                    taken.push(name);
                }
                if let Some(value) = &rule.value {
                    let _ = writeln!(out, "  {name}: {value}");
                }
            }
        }
        out
    }

    /// What Cloudflare would leave out of the file, in silence.
    pub(super) fn check_cloudflare(&self, digests: (usize, Option<&str>)) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if self.0.len() > CLOUDFLARE_BLOCKS {
            let message = format!(
                "Cloudflare Pages reads the headers of {CLOUDFLARE_BLOCKS} paths and the site has {}",
                self.0.len()
            );
            let problem = Diagnostic::error(codes::HOSTING, message)
                .hint("write one path with `*` for several in `headers` and static/_headers");
            let place = self.0.get(CLOUDFLARE_BLOCKS).and_then(|block| block.place.clone());
            problems.push(place.into_iter().fold(problem, Diagnostic::at));
        }
        for block in &self.0 {
            let lines = block.rules.iter().filter_map(|rule| {
                let value = rule.value.as_deref()?;
                Some((rule, rule.name.chars().count() + value.chars().count() + 4))
            });
            for (rule, length) in lines.filter(|(_, length)| *length > CLOUDFLARE_LINE) {
                let message = format!(
                    "the header `{}` of {} is {length} characters long; Cloudflare Pages reads no line \
                     of more than {CLOUDFLARE_LINE}",
                    rule.name, block.path
                );
                let mut problem = Diagnostic::error(codes::HOSTING, message);
                if let (true, (count, Some(page))) = (rule.is("Content-Security-Policy"), digests) {
                    problem = problem.hint(format!(
                        "{count} scripts and styles stand in pages, such as in {page}: put them into files \
                         of assets/"
                    ));
                } else {
                    problem = problem.hint("make it shorter");
                }
                problems.push(block.place.clone().into_iter().fold(problem, Diagnostic::at));
            }
        }
        problems
    }

    /// What a server's configuration cannot be made from.
    pub(super) fn check_servers(&self, hosts: &[Host]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for block in &self.0 {
            let mut left_out = |place: &Option<Span>, message: String, hint: &str| {
                let problem = Diagnostic::warning(codes::HOSTING, message).hint(hint);
                problems.push(place.iter().cloned().fold(problem, Diagnostic::at));
            };
            if !block.is_plain {
                let message = format!(
                    "the headers of {} are not in the files for nginx and Caddy",
                    block.path
                );
                let hint = "they take a path as it is or with one `*` at its end";
                left_out(&block.place, message, hint);
                continue;
            }
            for rule in &block.rules {
                let place = if rule.place.is_some() { &rule.place } else { &block.place };
                let named = format!("the header `{}` of {}", rule.name, block.path);
                let fault = rule.unfit_for_nginx().filter(|_| hosts.contains(&Host::Nginx));
                if let Some(hint) = fault {
                    left_out(place, format!("{named} is not in the file for nginx"), hint);
                }
                if !rule.fits_caddy() && hosts.contains(&Host::Caddy) {
                    let hint = "leave out its backticks, or its backslashes";
                    left_out(place, format!("{named} is not in the file for Caddy"), hint);
                }
            }
        }
        problems
    }

    /// The blocks that servers understand.
    pub(super) fn plain(&self) -> impl Iterator<Item = &Block> {
        self.0.iter().filter(|block| block.is_plain)
    }
}

impl Rule {
    /// What to do where nginx cannot be told of it.
    pub(super) fn unfit_for_nginx(&self) -> Option<&'static str> {
        let value = self.value.as_deref()?;
        if self.is("Content-Type") {
            return Some(
                "nginx knows types by the ends of names: add one to `types` in its configuration",
            );
        }
        if value.contains(char::is_control) {
            return Some("leave out the control characters");
        }
        value.contains('$').then_some("nginx has no way to write a `$`: leave it out")
    }

    /// Whether Caddy can be told of it.
    pub(super) fn fits_caddy(&self) -> bool {
        self.value.as_deref().is_none_or(|value| {
            !value.contains(char::is_control) && super::servers::caddy_string(value).is_some()
        })
    }
}

/// How many blocks Cloudflare Pages reads.
const CLOUDFLARE_BLOCKS: usize = 100;

/// The longest line that Cloudflare Pages reads, in characters.
const CLOUDFLARE_LINE: usize = 2000;

/// A block's path as the file has it, percent-encoded once.
fn written(block: &Block) -> String {
    if !block.is_plain {
        return block.path.clone();
    }
    match block.path.strip_suffix('*') {
        Some(start) => format!("{}*", encode(start)),
        None => encode(&block.path),
    }
}

/// Encodes a path of which no part stands for any other.
pub(super) fn encode(path: &str) -> String {
    percent::encode_path(path).replace(':', "%3A").replace('*', "%2A")
}

/// Reads a `_headers` file as the two hosts do.
fn parse(
    file: &Arc<str>,
    text: &str,
    hosts: &[Host],
    problems: &mut Vec<Diagnostic>,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let trimmed = line.trim();
        at += line.len();
        let place = Span::new(file, start..start + trimmed.len());
        let mut wrong = |message: &str, hint: &str| {
            let problem = Diagnostic::warning(codes::HOSTING, message).at(place.clone());
            problems.push(problem.hint(hint));
        };
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if trimmed.starts_with('/') || trimmed.starts_with("https://") {
            blocks.push(block(trimmed, place));
            continue;
        }
        let Some(block) = blocks.last_mut() else {
            wrong("a header stands before any path", "write a path such as /* above it");
            continue;
        };
        let (name, value) = match trimmed.strip_prefix('!') {
            Some(name) => (name.trim(), None),
            None => match trimmed.split_once(':') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => {
                    wrong("this is neither a path nor a header", "write `Name: value`");
                    continue;
                }
            },
        };
        if !is_name(name) || value == Some("") {
            wrong("no host takes this header", "write `Name: value`");
            continue;
        }
        match fault(name, value.is_some(), hosts) {
            Some(Fault::LeftOut(problem)) => {
                problems.push(problem.at(place));
                continue;
            }
            Some(Fault::Ignored(problem)) => problems.push(problem.at(place.clone())),
            None => {}
        }
        block.rules.push(Rule {
            value: value.map(str::to_owned),
            place: Some(place),
            ..Rule::made(name, "")
        });
    }
    blocks
}

/// A block of the site's own file, still without headers.
fn block(written: &str, place: Span) -> Block {
    let decoded = percent::decode(written).unwrap_or_else(|| written.to_owned());
    let rest = decoded.strip_suffix('*').unwrap_or(&decoded);
    let odd = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '*' | ':' | '"' | '\'' | '`' | '\\' | '$' | '{' | '}' | ';')
    };
    let is_plain = written.starts_with('/') && !rest.contains(odd);
    let path = if is_plain { crate::text::nfc(&decoded).into_owned() } else { written.to_owned() };
    Block { path, is_plain, rules: Vec::new(), place: Some(place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(settings: &str, own: &str) -> Headers {
        let text = format!(
            "base_url = \"https://example.org/\"\n[languages.ar]\ntitle = \"ا\"\n{settings}"
        );
        let problems = crate::diagnostic::Problems::new();
        let config = Config::parse(&text, &"site.toml".into(), &problems);
        assert!(problems.is_empty(), "{:?}", problems.into_vec());
        let mut headers = Headers::made(&config, "default-src 'none'", &[]);
        assert_eq!(headers.add_own(&"static/_headers".into(), own, &[]), []);
        headers
    }

    #[test]
    fn a_narrower_path_takes_back_what_it_says_otherwise() {
        let text = headers("[hosting]\nhosts = [\"cloudflare\"]", "").write(&[Host::Cloudflare]);
        assert!(text.contains("\n/*\n") && text.contains("  Cache-Control: no-cache\n"), "{text}");
        assert!(
            text.ends_with("/assets/*\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n"),
            "{text}"
        );
        let text = headers("", "").write(&[Host::Netlify, Host::Nginx]);
        assert!(!text.contains("no-cache") && !text.contains('!'), "{text}");
        let own = headers("", "/*\n  Cache-Control: no-cache\n");
        assert!(own.write(&[Host::Netlify]).contains("no-cache"), "the site's own word stays");
    }

    #[test]
    fn the_sites_own_file_says_more_than_the_program() {
        let own = "# mine\n/*\n  referrer-policy: no-referrer\n  Link: <a>\n/*\n  Link: <b>\n/%D9%85/:x/*\n  \
                   Content-Security-Policy: default-src *\n/b\n  ! Permissions-Policy\n";
        let text = headers("[hosting]\nhosts = [\"cloudflare\"]", own).write(&[Host::Cloudflare]);
        assert_eq!(text.matches("eferrer-").count(), 1, "{text}");
        assert_eq!(text.matches("\n/*\n").count(), 1, "{text}");
        assert!(text.contains("  Link: <a>\n  Link: <b>\n"), "{text}");
        assert!(
            text.ends_with(
                "\n/%D9%85/:x/*\n  ! Content-Security-Policy\n  Content-Security-Policy: default-src *\n\n/b\n  \
                 ! Permissions-Policy\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn settings_add_and_take_away() {
        let settings = "[hosting.headers.\"/*\"]\nPermissions-Policy = \"\"\nX-A = \"1\"\n[hosting.headers.\"/ميناء/*\"]\nX-A = \"2\"\n";
        let text = headers(settings, "").write(&[]);
        assert!(text.contains("  ! Permissions-Policy\n  X-A: 1\n"), "{text}");
        assert!(
            text.ends_with("\n/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/*\n  ! X-A\n  X-A: 2\n"),
            "{text}"
        );
    }

    #[test]
    fn what_no_host_takes_is_said() {
        let mut headers = Headers::default();
        let own = "X: 1\n/a\nnonsense\nA B: c\nEmpty:\nA;b: c\n";
        assert_eq!(headers.add_own(&"f".into(), own, &[]).len(), 5);
        let many = (0..101).map(|n| format!("/{n}\nX: 1\n")).collect::<String>();
        headers.add_own(&"f".into(), &many, &[]);
        headers.add_own(&"f".into(), &format!("/long\nX: {}\n", "a".repeat(2000)), &[]);
        assert_eq!(headers.check_cloudflare((0, None)).len(), 2);
    }

    #[test]
    fn what_is_the_hosts_own_is_left_out_and_said() {
        let mut headers = Headers::default();
        let own = "/a\n  Content-Length: 5\n  Server: x\n  ! Server\n  Set-Cookie: a=b\n";
        let problems = headers.add_own(&"f".into(), own, &[Host::Netlify]);
        let lines: Vec<&str> = problems
            .iter()
            .map(|problem| problem.span.as_ref().unwrap().range)
            .map(|(start, end)| &own[start..end])
            .collect();
        assert_eq!(lines, ["Content-Length: 5", "Server: x", "Set-Cookie: a=b"]);
        assert!(headers.write(&[]).ends_with("/a\n  ! Server\n  Set-Cookie: a=b\n"));
    }

    #[test]
    fn what_a_server_cannot_be_told_is_said_of_that_server() {
        let own = "/a\n  X-A: $host\n  Content-Type: a/b\n  X-B: {env.HOME} \\ \"\n  X-C: `\\\"\n";
        let headers = headers("", own);
        for (hosts, names) in [
            (vec![Host::Nginx], vec!["X-A", "Content-Type"]),
            (vec![Host::Caddy], vec!["X-C"]),
            (vec![Host::Netlify], vec![]),
        ] {
            let problems = headers.check_servers(&hosts);
            let said: Vec<&str> =
                problems.iter().filter_map(|problem| problem.message.split('`').nth(1)).collect();
            assert_eq!(said, names);
            assert!(problems.iter().all(|problem| problem.span.is_some()));
        }
    }
}
