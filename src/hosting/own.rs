//! A line of the site's own `static/_redirects`, and what each host takes of it.

use crate::config::Host;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::text::percent;

/// What a host takes of them.
pub(super) struct Limits {
    pub(super) host: Host,
    pub(super) statuses: &'static [u16],
    pub(super) fixed: usize,
    pub(super) dynamic: usize,
    /// The longest line, in bytes.
    pub(super) line: usize,
    /// Whether it knows `!`, and conditions.
    pub(super) conditions: bool,
}

/// What Netlify says of no limit is limited by what it still reads quickly.
pub(super) const LIMITS: [Limits; 3] = [
    Limits {
        host: Host::Netlify,
        statuses: &[200, 301, 302, 303, 404, 410, 451],
        fixed: 10_000,
        dynamic: 10_000,
        line: 8192,
        conditions: true,
    },
    Limits {
        host: Host::Cloudflare,
        statuses: &[200, 301, 302, 303, 307, 308],
        fixed: 2000,
        dynamic: 100,
        line: 1000,
        conditions: false,
    },
    Limits {
        host: Host::Gitlab,
        statuses: &[200, 301, 302],
        fixed: 1000,
        dynamic: 1000,
        line: 4096,
        conditions: false,
    },
];

/// Whether a host leads on by itself, and needs no page that does.
pub(super) fn leads(host: Host) -> bool {
    matches!(host, Host::Nginx | Host::Caddy) || reads_file(host)
}

/// Whether a host reads `_redirects`.
pub(super) fn reads_file(host: Host) -> bool {
    LIMITS.iter().any(|limits| limits.host == host)
}

/// Whether a host follows a rule even where the site has a file.
pub(super) fn follows_first(host: Host) -> bool {
    matches!(host, Host::Cloudflare | Host::Nginx | Host::Caddy)
}

/// Whether a host gives a file where the site has one, and follows no rule from there.
pub(super) fn gives_files_first(host: Host) -> bool {
    matches!(host, Host::Netlify | Host::Gitlab)
}

/// What people call a host.
pub(super) fn name(host: Host) -> &'static str {
    match host {
        Host::Netlify => "Netlify",
        Host::Cloudflare => "Cloudflare Pages",
        Host::Github => "GitHub Pages",
        Host::Gitlab => "GitLab Pages",
        Host::Codeberg => "Codeberg Pages",
        Host::Nginx => "nginx",
        Host::Caddy => "Caddy",
    }
}

/// A line of the site's own file, taken apart.
pub(super) struct Own<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) status: Option<u16>,
    pub(super) is_forced: bool,
    /// Parameters of the address, conditions on readers.
    pub(super) conditions: Vec<&'a str>,
}

impl<'a> Own<'a> {
    pub(super) fn parse(rule: &'a str) -> Result<Self, &'static str> {
        let rule = rule.split(" #").next().unwrap_or_default();
        let mut parts = rule.split_whitespace();
        let from = parts.next().unwrap_or_default();
        if !from.starts_with('/') && !from.starts_with("https://") && !from.starts_with("http://") {
            return Err("a redirect begins with a path of the site");
        }
        let is_address = |part: &str| part.starts_with('/') || part.contains("://");
        let mut own = Self { from, to: "", status: None, is_forced: false, conditions: Vec::new() };
        for part in parts {
            let number = part.strip_suffix('!').unwrap_or(part);
            if own.to.is_empty() && is_address(part) {
                own.to = part;
            } else if let (false, None, Ok(status)) =
                (own.to.is_empty(), own.status, number.parse())
            {
                (own.status, own.is_forced) = (Some(status), part.ends_with('!'));
            } else {
                own.conditions.push(part);
            }
        }
        if own.to.is_empty() { Err("a redirect has no address to lead to") } else { Ok(own) }
    }

    /// The path, decoded, that it leads on from whoever asks; none where it has conditions.
    pub(super) fn key(&self) -> Option<String> {
        self.conditions.is_empty().then(|| percent::decode(self.from)).flatten()
    }

    /// Whether Cloudflare Pages takes it for a ring: it leads from `index.html` to the folder by itself.
    fn is_index(&self) -> bool {
        let from = self.from.ends_with('/') || self.from.ends_with("/*");
        from && !self.to.contains("://")
            && (self.to.ends_with("/index.html") || self.to.ends_with("/index"))
    }

    /// Whether it is of one path, on no condition.
    pub(super) fn is_plain(&self) -> bool {
        let odd =
            |c: char| c.is_control() || matches!(c, '*' | ':' | '"' | '\\' | '$' | '{' | '}' | '`');
        let decoded = percent::decode(self.from);
        let is_path = decoded.is_some_and(|path| path.starts_with('/') && !path.contains(odd));
        let is_path = is_path && !self.from.contains(['?', '#']);
        is_path && !self.is_forced && self.conditions.is_empty() && !self.to.contains(":splat")
    }

    /// What a host that is asked for leaves out or understands otherwise.
    pub(super) fn check(&self, rule: &str, place: &Span, hosts: &[Host]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut wrong = |message: String, hint: &str| {
            let problem = Diagnostic::error(codes::HOSTING, message).at(place.clone());
            problems.push(problem.hint(hint));
        };
        for limits in LIMITS.iter().filter(|limits| hosts.contains(&limits.host)) {
            let name = name(limits.host);
            if rule.len() > limits.line {
                wrong(
                    format!("{name} reads no line of more than {} bytes", limits.line),
                    "shorten it",
                );
            }
            if !limits.conditions && (self.is_forced || !self.conditions.is_empty()) {
                wrong(
                    format!("{name} knows neither `!` nor conditions"),
                    "write a path, an address and a status",
                );
            }
            if !limits.conditions && !self.from.starts_with('/') {
                wrong(format!("{name} redirects from paths of the site alone"), "begin with /");
            }
            let known = self.status.is_none_or(|status| limits.statuses.contains(&status));
            if !known {
                let statuses: Vec<String> = limits.statuses.iter().map(u16::to_string).collect();
                wrong(
                    format!("{name} does not take this status"),
                    &format!("it takes {}", statuses.join(", ")),
                );
            }
        }
        if hosts.contains(&Host::Cloudflare) && self.is_index() {
            let message =
                "Cloudflare Pages takes this rule for one that leads to itself, and leaves it out";
            wrong(message.into(), "lead to the folder, without `index.html`");
        }
        let others = hosts.iter().any(|host| *host != Host::Cloudflare && reads_file(*host));
        if self.status.is_none() && hosts.contains(&Host::Cloudflare) && others {
            let message =
                "a redirect without a status is 302 on Cloudflare Pages and 301 elsewhere";
            wrong(message.into(), "write the status at the end");
        }
        if self.from.contains(['?', '#']) {
            let message = "this rule is never followed: no path holds a `?` or a `#`";
            let hint =
                "end the path before it; on Netlify, `/old/ id=:id /new/` asks for a parameter";
            problems
                .push(Diagnostic::warning(codes::HOSTING, message).at(place.clone()).hint(hint));
        }
        problems
    }
}
