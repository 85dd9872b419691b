//! Where the host leads addresses that have moved: the aliases of pages, and the rules of the site's own
//! `static/_redirects`.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::headers::encode;
use super::own::{LIMITS, Own, name};
use crate::config::Host;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::text::percent;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    /// The decoded path on the host, or pattern of paths.
    pub(super) from: String,
    /// The encoded path or URL.
    pub(super) to: String,
    pub(super) status: u16,
    /// The line of the site's own file, which stays as it is.
    line: Option<String>,
    /// Where that line is.
    pub(super) place: Option<Span>,
    /// Whether it is followed even where the site has a file.
    pub(super) is_forced: bool,
    /// Whether it asks more than that the path is the one.
    pub(super) is_conditional: bool,
    /// Whether a rule for the same path, on a condition, stands before it, and is to stay there.
    follows: bool,
}

/// The rules of a site.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    /// Those of one path each.
    pub(super) fixed: Vec<Redirect>,
    /// Those of the site's own with a part that stands for any, or a condition. They come last: a host counts all
    /// that follows the first of them among these, of which it takes few.
    pub(super) dynamic: Vec<Redirect>,
    /// How many of the fixed are the site's own.
    own: usize,
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
                    redirects.fixed.push(Redirect::of_alias(from, to));
                }
            }
        }
        (redirects, problems)
    }

    /// How many rules the strictest host that reads the file takes, where these are more.
    pub(super) fn surplus(&self, hosts: &[Host]) -> Option<(usize, &'static str)> {
        let limits = LIMITS.iter().filter(|limits| hosts.contains(&limits.host));
        let strictest = limits.min_by_key(|limits| limits.fixed)?;
        (self.fixed.len() > strictest.fixed).then_some((strictest.fixed, name(strictest.host)))
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
                    name(limits.host),
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
                    rule.from,
                    limits.line,
                    name(limits.host)
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
        let (late, first): (Vec<&Redirect>, Vec<&Redirect>) =
            self.fixed.iter().take(most).partition(|rule| rule.follows);
        let mut last: Vec<&Redirect> = self.dynamic.iter().chain(late).collect();
        last.sort_by(|a, b| a.place.cmp(&b.place));
        for rule in first.into_iter().chain(last) {
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
        let mut before = Before::default();
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
                    match before.same(&own, &place) {
                        Some(problem) => problems.push(problem),
                        None => self.add(&own, rule, place, &before),
                    }
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

    fn add(&mut self, own: &Own<'_>, rule: &str, place: Span, before: &Before) {
        let is_fixed = own.is_plain() && matches!(own.status, Some(301..=303 | 307 | 308));
        let from = percent::decode(own.from).unwrap_or_else(|| own.from.to_owned());
        let redirect = Redirect {
            follows: is_fixed && before.conditional.contains(&from),
            from,
            to: percent::encode_uri(own.to),
            status: own.status.unwrap_or(301),
            line: Some(rule.to_owned()),
            place: Some(place),
            is_forced: own.is_forced,
            is_conditional: !own.conditions.is_empty(),
        };
        if is_fixed { self.fixed.push(redirect) } else { self.dynamic.push(redirect) }
    }
}

impl Redirect {
    fn of_alias(from: &str, to: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            status: 301,
            line: None,
            place: None,
            is_forced: false,
            is_conditional: false,
            follows: false,
        }
    }
}

/// The rules that stand before another in the site's own file.
#[derive(Default)]
struct Before {
    /// Those without conditions, by what they lead on from: where, and whether they are forced.
    first: HashMap<String, (Span, bool)>,
    /// What rules with conditions lead on from.
    conditional: HashSet<String>,
}

impl Before {
    /// Takes in a rule. Gives the problem of one whose path another led on from: the first of them is the one
    /// that hosts follow, and nginx does not start with both.
    fn same(&mut self, own: &Own<'_>, place: &Span) -> Option<Diagnostic> {
        let Some(key) = own.key() else {
            self.conditional.extend(percent::decode(own.from));
            return None;
        };
        match self.first.get(&key) {
            Some((first, is_forced)) if *is_forced || !own.is_forced => {
                let message = format!(
                    "a rule before it leads on from {key}, and is the one that is followed"
                );
                let problem = Diagnostic::warning(codes::HOSTING, message).at(place.clone());
                let problem = problem.related(first.clone(), "this one is followed");
                Some(problem.hint("delete one of the two; this one is left out"))
            }
            _ => {
                self.first.insert(key, (place.clone(), own.is_forced));
                None
            }
        }
    }
}

fn line(rule: &Redirect) -> String {
    let made = || format!("{} {} {}", encode(&rule.from), rule.to, rule.status);
    rule.line.clone().unwrap_or_else(made)
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
    fn the_first_of_two_rules_for_a_path_is_the_one() {
        let own = "/dup /x 301\n/dup /y 301\n/ق/ /x 301\n/%D9%82/ /y 302\n/r /x 200\n/r /y 301\n/b/* /x 301\n/b/* /y 301\n";
        let (redirects, problems) = new(&[], own, &[Host::Nginx]);
        let lines: Vec<String> = redirects.write(&[]).lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines, ["/dup /x 301", "/ق/ /x 301", "/r /x 200", "/b/* /x 301"]);
        assert_eq!(problems.len(), 4, "{problems:?}");
        for problem in problems {
            assert!(own[problem.span.unwrap().range.0..].contains("/y"), "{}", problem.message);
            assert_eq!(problem.related.len(), 1);
        }
        // A forced rule is followed where the one before it is not.
        assert_eq!(new(&[], "/a /b 301\n/a /c 301!\n", &[Host::Netlify]).1, []);
    }

    #[test]
    fn what_is_on_a_condition_stays_before_what_is_on_none() {
        let own = "/a /en/ 302 Language=en\n/z/* /y/ 301\n/a /ar/ 302\n/b /c 301\n";
        let (redirects, problems) = new(&[("/old/", "/new/")], own, &[Host::Netlify]);
        assert_eq!(problems, []);
        let text = redirects.write(&[Host::Netlify]);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines[..3], ["/b /c 301", "/old/ /new/ 301", "/old /new/ 301"]);
        assert_eq!(lines[3..], ["/a /en/ 302 Language=en", "/z/* /y/ 301", "/a /ar/ 302"]);
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
