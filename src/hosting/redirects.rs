//! Where the host leads addresses that have moved: the aliases of pages, and the rules of the site's own
//! `static/_redirects`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::headers::encode;
use crate::config::Host;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::text::percent;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    /// The decoded path on the host, or the pattern as the site's own file has it.
    pub(super) from: String,
    /// The encoded path or URL.
    pub(super) to: String,
    pub(super) status: u16,
    /// The line of the site's own file, which stays as it is.
    line: Option<String>,
    /// Where that line is.
    place: Option<Span>,
}

/// The rules of a site.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    /// Those of one path each.
    pub(super) fixed: Vec<Redirect>,
    /// Those of the site's own with a part that stands for any, or a condition. They come last: a host counts all
    /// that follows the first of them among these, of which it takes few.
    dynamic: Vec<Redirect>,
    /// How many of the fixed are the site's own.
    own: usize,
}

/// What a host takes of them.
struct Limits {
    host: Host,
    name: &'static str,
    statuses: &'static [u16],
    fixed: usize,
    dynamic: usize,
    /// The longest line, in bytes.
    line: usize,
    /// Whether it knows `!`, and conditions.
    conditions: bool,
}

/// What Netlify says of no limit is limited by what it still reads quickly.
const LIMITS: [Limits; 3] = [
    Limits {
        host: Host::Netlify,
        name: "Netlify",
        statuses: &[200, 301, 302, 303, 404, 410, 451],
        fixed: 10_000,
        dynamic: 10_000,
        line: 8192,
        conditions: true,
    },
    Limits {
        host: Host::Cloudflare,
        name: "Cloudflare Pages",
        statuses: &[200, 301, 302, 303, 307, 308],
        fixed: 2000,
        dynamic: 100,
        line: 1000,
        conditions: false,
    },
    Limits {
        host: Host::Gitlab,
        name: "GitLab Pages",
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

impl Redirects {
    /// The rules of aliases, each a decoded path on the host and an encoded one, after those of the site's own
    /// file. `there` says whether the site has a file at a path on the host.
    pub(super) fn new(
        aliases: &[(String, String)],
        own: Option<(&Arc<str>, &str)>,
        hosts: &[Host],
        there: impl Fn(&str) -> bool,
    ) -> (Self, Vec<Diagnostic>) {
        let mut redirects = Self::default();
        let mut problems = Vec::new();
        if let Some((file, text)) = own {
            redirects.parse(file, text, hosts, &mut problems);
        }
        let mut taken: HashSet<String> =
            redirects.fixed.iter().map(|redirect| redirect.from.clone()).collect();
        for (from, to) in aliases {
            let bare = from.strip_suffix('/').filter(|bare| !bare.is_empty() && !there(bare));
            for from in [Some(from.as_str()), bare].into_iter().flatten() {
                if encode(from) != *to && taken.insert(from.to_owned()) {
                    let (from, to) = (from.to_owned(), to.clone());
                    redirects.fixed.push(Redirect {
                        from,
                        to,
                        status: 301,
                        line: None,
                        place: None,
                    });
                }
            }
        }
        (redirects, problems)
    }

    /// How many rules the strictest host that reads the file takes, where these are more.
    pub(super) fn surplus(&self, hosts: &[Host]) -> Option<(usize, &'static str)> {
        let limits = LIMITS.iter().filter(|limits| hosts.contains(&limits.host));
        let strictest = limits.min_by_key(|limits| limits.fixed)?;
        (self.fixed.len() > strictest.fixed).then_some((strictest.fixed, strictest.name))
    }

    /// The problems of more rules than a host takes.
    pub(super) fn check(&self, hosts: &[Host]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if let Some((most, name)) = self.surplus(hosts) {
            let message = format!(
                "{name} takes {most} redirects of one path each and the site has {}",
                self.fixed.len()
            );
            let problem = if self.own > most {
                Diagnostic::error(codes::HOSTING, message).hint("shorten static/_redirects")
            } else {
                Diagnostic::warning(codes::HOSTING, message)
                    .hint("the first are in _redirects; from the other addresses, pages lead on")
            };
            problems.push(problem);
        }
        for limits in LIMITS.iter().filter(|limits| hosts.contains(&limits.host)) {
            if self.dynamic.len() > limits.dynamic {
                let message = format!(
                    "{} takes {} redirects with `*` or `:` and static/_redirects has {}",
                    limits.name,
                    limits.dynamic,
                    self.dynamic.len()
                );
                problems
                    .push(Diagnostic::error(codes::HOSTING, message).hint("put several into one"));
            }
            let long = self.fixed.iter().filter(|rule| rule.line.is_none());
            for rule in long.filter(|rule| line(rule).len() > limits.line) {
                let message = format!(
                    "the redirect from {} is a line of more than the {} bytes that {} reads",
                    rule.from, limits.line, limits.name
                );
                problems.push(Diagnostic::error(codes::HOSTING, message).hint("shorten the alias"));
            }
        }
        problems
    }

    /// The file: at most so many fixed rules as every host takes, then the others.
    pub(super) fn write(&self, hosts: &[Host]) -> String {
        let most = self.surplus(hosts).map_or(self.fixed.len(), |(most, _)| most);
        let mut out = String::from("# Made by dhikra from aliases and static/_redirects.\n");
        for rule in self.fixed.iter().take(most).chain(&self.dynamic) {
            let _ = writeln!(out, "{}", line(rule));
        }
        out
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.dynamic.is_empty()
    }

    /// Those of the site's own file that a server's configuration is not made from.
    pub(super) fn check_servers(&self) -> Vec<Diagnostic> {
        let problem = |rule: &Redirect| {
            let message = "this rule is not in the files for nginx and Caddy";
            let problem = Diagnostic::warning(codes::HOSTING, message).hint(
                "these hold rules of one path each; write it into the server's configuration",
            );
            rule.place.clone().into_iter().fold(problem, Diagnostic::at)
        };
        self.dynamic.iter().map(problem).collect()
    }

    fn parse(
        &mut self,
        file: &Arc<str>,
        text: &str,
        hosts: &[Host],
        problems: &mut Vec<Diagnostic>,
    ) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let rule = line.trim();
            if rule.is_empty() || rule.starts_with('#') {
                continue;
            }
            let place = Span::new(file, start..start + rule.len());
            match Own::parse(rule) {
                Ok(own) => {
                    problems.extend(own.check(rule, &place, hosts));
                    self.add(own, rule, place);
                }
                Err(why) => {
                    let problem = Diagnostic::warning(codes::HOSTING, why).at(place);
                    problems.push(
                        problem.hint("write a path, an address and a status: /old/ /new/ 301"),
                    );
                }
            }
        }
        self.own = self.fixed.len();
    }

    fn add(&mut self, own: Own<'_>, rule: &str, place: Span) {
        let is_fixed = own.is_plain() && matches!(own.status, Some(301..=308));
        let from = if is_fixed { percent::decode(own.from) } else { None };
        let redirect = Redirect {
            from: from.unwrap_or_else(|| own.from.to_owned()),
            to: percent::encode_uri(own.to),
            status: own.status.unwrap_or(301),
            line: Some(rule.to_owned()),
            place: Some(place),
        };
        if is_fixed { self.fixed.push(redirect) } else { self.dynamic.push(redirect) }
    }
}

fn line(rule: &Redirect) -> String {
    let made = || format!("{} {} {}", encode(&rule.from), rule.to, rule.status);
    rule.line.clone().unwrap_or_else(made)
}

/// A line of the site's own file, taken apart.
struct Own<'a> {
    from: &'a str,
    to: &'a str,
    status: Option<u16>,
    is_forced: bool,
    /// Parameters of the address, conditions on readers.
    conditions: Vec<&'a str>,
}

impl<'a> Own<'a> {
    fn parse(rule: &'a str) -> Result<Self, &'static str> {
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

    /// Whether it is of one path, on no condition.
    fn is_plain(&self) -> bool {
        let odd =
            |c: char| c.is_control() || matches!(c, '*' | ':' | '"' | '\\' | '$' | '{' | '}' | '`');
        let decoded = percent::decode(self.from);
        let is_path = decoded.is_some_and(|path| path.starts_with('/') && !path.contains(odd));
        is_path && !self.is_forced && self.conditions.is_empty() && !self.to.contains(":splat")
    }

    /// What a host that is asked for leaves out or understands otherwise.
    fn check(&self, rule: &str, place: &Span, hosts: &[Host]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut wrong = |message: String, hint: &str| {
            let problem = Diagnostic::error(codes::HOSTING, message).at(place.clone());
            problems.push(problem.hint(hint));
        };
        for limits in LIMITS.iter().filter(|limits| hosts.contains(&limits.host)) {
            let name = limits.name;
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
        let others = hosts.iter().any(|host| *host != Host::Cloudflare && reads_file(*host));
        if self.status.is_none() && hosts.contains(&Host::Cloudflare) && others {
            let message =
                "a redirect without a status is 302 on Cloudflare Pages and 301 elsewhere";
            wrong(message.into(), "write the status at the end");
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(aliases: &[(&str, &str)], own: &str, hosts: &[Host]) -> (Redirects, Vec<Diagnostic>) {
        let aliases: Vec<_> =
            aliases.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Redirects::new(&aliases, Some((&"f".into(), own)), hosts, |path| path == "/there")
    }

    #[test]
    fn both_forms_of_an_alias_lead_on_before_what_is_dynamic() {
        let own = "/blog/* /news/:splat 302\n/%D9%82/ /mine/ 301\n";
        let aliases =
            [("/قديم/", "/new/"), ("/a.html", "/b/"), ("/there/", "/c/"), ("/ق/", "/other/")];
        let (redirects, problems) = new(&aliases, own, &[Host::Cloudflare, Host::Netlify]);
        assert_eq!(problems, []);
        assert_eq!(
            redirects.write(&[Host::Cloudflare]).lines().skip(1).collect::<Vec<_>>(),
            [
                "/%D9%82/ /mine/ 301",
                "/%D9%82%D8%AF%D9%8A%D9%85/ /new/ 301",
                "/%D9%82%D8%AF%D9%8A%D9%85 /new/ 301",
                "/a.html /b/ 301",
                "/there/ /c/ 301",
                "/%D9%82 /other/ 301",
                "/blog/* /news/:splat 302",
            ]
        );
    }

    #[test]
    fn what_a_host_does_not_take_is_said_at_its_place() {
        for (own, hosts, wrong) in [
            ("/a /b 301!\n", vec![Host::Cloudflare], 1),
            ("/a /b 301!\n", vec![Host::Netlify], 0),
            ("/a q=:q /b 301 Country=pk\n", vec![Host::Cloudflare, Host::Gitlab], 2),
            ("/a /b 307\n", vec![Host::Netlify, Host::Gitlab], 2),
            ("/a /b\n", vec![Host::Netlify, Host::Cloudflare], 1),
            ("/a /b\n", vec![Host::Netlify], 0),
            ("/a\n", vec![Host::Nginx], 1),
            ("a /b 301\n", vec![Host::Nginx], 1),
            ("https://x/a /b 301\n", vec![Host::Cloudflare], 1),
            (
                "# nothing\n\n/a /b 301 # why\n",
                vec![Host::Cloudflare, Host::Netlify, Host::Gitlab],
                0,
            ),
        ] {
            let (_, problems) = new(&[], own, &hosts);
            assert_eq!(problems.len(), wrong, "{own}: {problems:?}");
            assert!(problems.iter().all(|problem| problem.span.is_some()));
        }
    }

    #[test]
    fn nothing_is_lost_in_silence() {
        let aliases: Vec<(String, String)> =
            (0..1500).map(|n| (format!("/{n}/"), "/x/".into())).collect();
        let (redirects, _) = Redirects::new(&aliases, None, &[], |_| false);
        assert_eq!(redirects.check(&[Host::Netlify]), []);
        assert_eq!(redirects.check(&[Host::Cloudflare]).len(), 1);
        assert_eq!(redirects.write(&[Host::Cloudflare]).lines().count(), 2001);
        let many = (0..101).map(|n| format!("/{n}/* /x 301\n")).collect::<String>();
        let (redirects, _) = new(&[(&format!("/{}/", "ب".repeat(200)), "/x/")], &many, &[]);
        assert_eq!(redirects.check(&[Host::Cloudflare]).len(), 3);
    }
}
