//! Where the rules of the site's own `static/_redirects` lead together: in rings, over pages that the site has, or
//! nowhere because another rule stands before.

use std::collections::HashMap;

use super::own::{follows_first, gives_files_first, name};
use super::published::Published;
use super::redirects::{Redirect, Redirects};
use crate::config::Host;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::percent;

/// How often browsers let themselves be led on.
const MOST_STEPS: usize = 20;

/// Stands for whatever a `*` does.
const SAMPLE: &str = "dhikra-any";

/// The rules, and what they are judged by.
pub(super) struct Ways<'a> {
    redirects: &'a Redirects,
    hosts: &'a [Host],
    published: Published<'a>,
    /// Scheme and host of the site.
    origin: &'a str,
    fixed: HashMap<&'a str, &'a Redirect>,
}

impl<'a> Ways<'a> {
    pub(super) fn new(
        redirects: &'a Redirects,
        hosts: &'a [Host],
        published: Published<'a>,
        origin: &'a str,
    ) -> Self {
        let fixed = redirects.fixed.iter().map(|rule| (&*rule.from, rule)).collect();
        Self { redirects, hosts, published, origin, fixed }
    }

    /// All problems of the site's own rules.
    pub(super) fn check(&self) -> Vec<Diagnostic> {
        let rules = self.redirects.fixed.iter().chain(&self.redirects.dynamic);
        let mut own: Vec<&Redirect> = rules.filter(|rule| rule.place.is_some()).collect();
        own.sort_by(|a, b| a.place.cmp(&b.place));
        let mut problems = Vec::new();
        let mut before = HashMap::new();
        for rule in own {
            let found = self.ring(rule).or_else(|| self.slash(rule, &mut before));
            problems.extend(found.or_else(|| self.over(rule)));
        }
        problems.extend(self.covered());
        problems
    }

    /// The problem of a rule that leads back to itself, at the first of those in the ring.
    fn ring(&self, rule: &'a Redirect) -> Option<Diagnostic> {
        let ring = self.walk(rule)?;
        let first = ring.iter().copied().filter(|r| r.place.is_some()).min_by_key(|r| &r.place)?;
        if !std::ptr::eq(first, rule) {
            return None;
        }
        let others: Vec<&Redirect> =
            ring.into_iter().filter(|other| !std::ptr::eq(*other, rule)).collect();
        let message = if others.is_empty() {
            "this rule leads to itself, so that browsers give up".to_owned()
        } else {
            let over: Vec<&str> = others.iter().map(|other| &*other.from).collect();
            format!(
                "this rule leads back to itself over {}, so that browsers give up",
                over.join(", ")
            )
        };
        let problem = at(rule, Diagnostic::error(codes::HOSTING, message))
            .hint("lead to an address that no rule leads on from");
        let others = others.iter().filter_map(|other| other.place.clone());
        Some(others.fold(problem, |problem, place| problem.related(place, "this one leads back")))
    }

    /// The rules that are followed again and again once a rule is; none where they end somewhere.
    fn walk(&self, start: &'a Redirect) -> Option<Vec<&'a Redirect>> {
        let mut steps: Vec<(String, &Redirect)> = Vec::new();
        let mut path = match start.from.strip_suffix('*') {
            Some(prefix) => format!("{prefix}{SAMPLE}"),
            None => start.from.clone(),
        };
        if start.is_conditional || !redirects(start) {
            return None;
        }
        loop {
            let rule = if steps.is_empty() { start } else { self.next(&path)? };
            let again = steps.iter().position(|(before, _)| *before == path);
            let ring = match again {
                Some(at) => steps.get(at..),
                None if steps.len() > MOST_STEPS => steps.get(MOST_STEPS / 2..),
                None => None,
            };
            if let Some(ring) = ring {
                let mut rules: Vec<&Redirect> = Vec::new();
                for (_, rule) in ring {
                    if !rules.iter().any(|other| std::ptr::eq(*other, *rule)) {
                        rules.push(rule);
                    }
                }
                return Some(rules);
            }
            let to = self.target(rule, &path)?;
            steps.push((std::mem::replace(&mut path, to), rule));
        }
    }

    /// The rule that leads on from a path.
    fn next(&self, path: &str) -> Option<&'a Redirect> {
        let there = self.published.page(path).is_some();
        let serves = |first: &dyn Fn(Host) -> bool| self.hosts.iter().any(|host| first(*host));
        if let Some(rule) = self.fixed.get(path)
            && (!there || serves(&follows_first))
        {
            return Some(rule);
        }
        let rule = self.redirects.dynamic.iter().find(|rule| {
            !rule.is_conditional
                && match rule.from.strip_suffix('*') {
                    Some(prefix) => path.starts_with(prefix),
                    None => rule.from == path,
                }
        })?;
        let is_followed =
            !there || rule.is_forced || serves(&|host| matches!(host, Host::Cloudflare));
        (is_followed && redirects(rule)).then_some(rule)
    }

    /// The decoded path of the site that a rule leads to from one.
    fn target(&self, rule: &Redirect, path: &str) -> Option<String> {
        let to = rule.to.strip_prefix(self.origin).unwrap_or(&rule.to);
        if !to.starts_with('/') || to.starts_with("//") {
            return None;
        }
        let to = percent::decode(to.split(['?', '#']).next()?)?;
        let splat = rule.from.strip_suffix('*').and_then(|prefix| path.strip_prefix(prefix));
        Some(to.replace(":splat", splat.unwrap_or_default()))
    }

    /// The problem of a rule that Netlify takes for another, because it takes no notice of a slash at the end. `before`
    /// has the first rule for each path without the slash.
    fn slash(
        &self,
        rule: &'a Redirect,
        before: &mut HashMap<&'a str, &'a Redirect>,
    ) -> Option<Diagnostic> {
        if !self.hosts.contains(&Host::Netlify) || rule.is_conditional || rule.from.contains('*') {
            return None;
        }
        let from = rule.from.trim_end_matches('/');
        let problem = |message: &str| at(rule, Diagnostic::warning(codes::HOSTING, message));
        let to = self.target(rule, &rule.from).filter(|_| redirects(rule));
        if to.is_some_and(|to| to.trim_end_matches('/') == from) {
            let message =
                "Netlify takes no notice of a slash at the end, and does not follow this rule";
            return Some(
                problem(message).hint("delete it: a page is found with and without the slash"),
            );
        }
        let other = *before.entry(from).or_insert(rule);
        if other.to == rule.to || other.from == rule.from {
            return None;
        }
        let message =
            "Netlify takes no notice of a slash at the end, and follows a rule before this one";
        let problem = problem(message).hint("lead to the same address from both");
        let place = other.place.iter().cloned();
        Some(place.fold(problem, |problem, place| problem.related(place, "this one is followed")))
    }

    /// The problem of a rule for a path at which the site has something.
    fn over(&self, rule: &Redirect) -> Option<Diagnostic> {
        if rule.is_forced || rule.is_conditional {
            return None;
        }
        let (page, hosts): (_, Vec<Host>) = match rule.from.strip_suffix('*') {
            // Hosts that give files first have these rules for what is missing.
            Some(start) => (self.published.first(start)?, vec![Host::Cloudflare]),
            None => (self.published.page(&rule.from)?, self.hosts.to_vec()),
        };
        // Every host and server adds the slash itself.
        if percent::decode(&rule.to).is_some_and(|to| to == format!("{}/", rule.from)) {
            return None;
        }
        let named = |wanted: fn(Host) -> bool| {
            let hosts = hosts.iter().filter(|host| self.hosts.contains(host) && wanted(**host));
            hosts.map(|host| name(*host)).collect::<Vec<_>>().join(" and ")
        };
        let message = match (named(gives_files_first), named(follows_first)) {
            (first, second) if first.is_empty() && second.is_empty() => return None,
            (files, rules) if rules.is_empty() => {
                format!("the site has {page}: on {files} this rule is never followed")
            }
            (files, rules) if files.is_empty() => {
                format!(
                    "the site has {page}: on {rules} nobody sees it, for this rule leads on from it"
                )
            }
            (files, rules) => format!(
                "the site has {page}: on {files} this rule is never followed, and on {rules} nobody sees the page"
            ),
        };
        let problem = at(rule, Diagnostic::warning(codes::HOSTING, message));
        Some(
            problem.hint("delete the rule, or lead on from an address that the site does not have"),
        )
    }

    /// The problems of rules that stand after one for all that begins as they do.
    fn covered(&self) -> Vec<Diagnostic> {
        let dynamic = &self.redirects.dynamic;
        let find = |(n, rule): (usize, &Redirect)| {
            let before = dynamic.get(..n)?.iter().find(|before| {
                let start = before.from.strip_suffix('*').filter(|start| !start.contains(':'));
                !before.is_conditional
                    && (before.is_forced || !rule.is_forced)
                    && start.is_some_and(|start| rule.from.starts_with(start))
            })?;
            let message = format!("this rule is never followed: {} stands before it", before.from);
            let problem = at(rule, Diagnostic::warning(codes::HOSTING, message));
            let problem = problem.hint("put the narrower rule before the wider one");
            let place = before.place.iter().cloned();
            Some(place.fold(problem, |problem, place| problem.related(place, "the wider one")))
        };
        dynamic.iter().enumerate().filter_map(find).collect()
    }
}

/// Whether a rule leads browsers on, and does not show one page at the address of another.
fn redirects(rule: &Redirect) -> bool {
    matches!(rule.status, 301..=303 | 307 | 308)
}

fn at(rule: &Redirect, problem: Diagnostic) -> Diagnostic {
    rule.place.iter().cloned().fold(problem, Diagnostic::at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Output, What};

    /// What is said of rules, on a site with two pages and a picture.
    fn said(own: &str, hosts: &[Host]) -> Vec<(String, String)> {
        let paths = ["blog/new/index.html", "page/index.html", "picture.svg"];
        let outputs: Vec<Output> =
            paths.iter().map(|path| Output { path: (*path).into(), what: What::Robots }).collect();
        let published = Published { outputs: &outputs, prefix: "" };
        let aliases = [("/alias/".to_owned(), "/page/".to_owned())];
        let file = "f".into();
        let (redirects, _) =
            Redirects::new(&aliases, Some((&file, own)), hosts, |path| published.has(path));
        let ways = Ways::new(&redirects, hosts, published, "https://example.org");
        let quoted = |problem: Diagnostic| {
            let range = problem.span.unwrap().range;
            (
                own[range.0..range.1].to_owned(),
                format!("{}: {}", problem.severity.as_str(), problem.message),
            )
        };
        ways.check().into_iter().map(quoted).collect()
    }

    fn holds(own: &str, hosts: &[Host], wanted: &[(&str, &str)]) {
        let found = said(own, hosts);
        assert_eq!(found.len(), wanted.len(), "{own}: {found:?}");
        for ((line, message), (wanted_line, part)) in found.iter().zip(wanted) {
            assert_eq!(line, wanted_line, "{own}");
            assert!(message.contains(part), "{own}: {message}");
        }
    }

    #[test]
    fn rings_are_errors_at_their_first_rule() {
        let all = [Host::Netlify, Host::Cloudflare, Host::Gitlab, Host::Nginx, Host::Caddy];
        for host in all {
            for (own, line) in [
                ("/a /a 301\n", "/a /a 301"),
                ("/ق /%D9%82?x#y 301\n", "/ق /%D9%82?x#y 301"),
                ("/a https://example.org/a 302\n", "/a https://example.org/a 302"),
                ("/c /a 301\n/a /b 301\n/b /a 301\n", "/a /b 301"),
            ] {
                holds(own, &[host], &[(line, "error: this rule leads")]);
            }
        }
        for own in
            ["/a/* /a/:splat 301", "/a/* /a/b 302", "/a/* /a/b/:splat 301", "/a/:x /a/:x 301"]
        {
            holds(own, &[Host::Netlify], &[(own, "error: this rule leads to itself")]);
        }
        holds("/page/ /alias/ 301\n", &[Host::Caddy], &[("/page/ /alias/ 301", "over /alias/")]);
        holds("/a/* /b 301\n/b /a/c 301\n", &[Host::Netlify], &[("/a/* /b 301", "over /b")]);
        for own in [
            "/a /b 301\n/b https://else.example/a 301\n",
            "/a/* /b/:splat 301\n",
            "/* /page/ 200\n",
        ] {
            holds(own, &[Host::Netlify], &[]);
        }
        // There is a page, which Netlify gives, and Cloudflare does not.
        holds("/blog/* /blog/new/ 301\n", &[Host::Netlify], &[]);
        let ring = ("/blog/* /blog/new/ 301", "error: this rule leads to itself");
        holds("/blog/* /blog/new/ 301\n", &[Host::Cloudflare], &[ring]);
    }

    #[test]
    fn rules_over_what_the_site_has_are_told_of() {
        let rule = "/page/ /b 301";
        for (hosts, part) in [
            (
                vec![Host::Netlify, Host::Gitlab],
                "on Netlify and GitLab Pages this rule is never followed",
            ),
            (vec![Host::Cloudflare, Host::Nginx], "on Cloudflare Pages and nginx nobody sees it"),
            (
                vec![Host::Netlify, Host::Caddy],
                "on Netlify this rule is never followed, and on Caddy nobody",
            ),
        ] {
            holds(rule, &hosts, &[(rule, part)]);
            holds(
                "/picture.svg /b 301",
                &hosts,
                &[("/picture.svg /b 301", "the site has picture.svg")],
            );
            holds("/other/ /b 301\n/page /page/ 301\n", &[Host::Caddy], &[]);
        }
        holds("/page/ /b 301!\n", &[Host::Netlify], &[]);
        holds("/blog/* /b 301\n", &[Host::Netlify], &[]);
        let part = "the site has blog/new/index.html: on Cloudflare Pages nobody sees it";
        holds("/blog/* /b 301\n", &[Host::Cloudflare], &[("/blog/* /b 301", part)]);
    }

    #[test]
    fn rules_that_are_never_reached_are_told_of() {
        let part = "never followed: /a/* stands before it";
        holds(
            "/a/* /b 301\n/a/c/* /d 301\n/a/e /f 301\n",
            &[Host::Netlify],
            &[("/a/c/* /d 301", part)],
        );
        let part = "Netlify takes no notice of a slash";
        holds("/a /b 301\n/a/ /c 301\n", &[Host::Netlify], &[("/a/ /c 301", part)]);
        holds("/a /a/ 301\n", &[Host::Netlify], &[("/a /a/ 301", part)]);
        holds("/a /b 301\n/a/ /b 301\n", &[Host::Netlify], &[]);
        holds("/a /b 301\n/a/ /c 301\n", &[Host::Nginx, Host::Cloudflare], &[]);
    }
}
