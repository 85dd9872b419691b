//! A style sheet with those that it imports in it, minified.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use lightningcss::media_query::MediaList;
use lightningcss::rules::import::ImportRule;
use lightningcss::rules::layer::LayerBlockRule;
use lightningcss::rules::media::MediaRule;
use lightningcss::rules::supports::SupportsRule;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Features, Targets};
use lightningcss::values::string::CowArcStr;
use lightningcss::values::url::Url;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit, VisitTypes, Visitor};

use super::parse::Sheet;
use super::{Published, SETTINGS, target};
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::text::percent;

/// How many style sheets may be inlined in one, counted as often as they are imported.
const MOST: usize = 1000;

/// What a URL that leads to a file of the site begins with, until the sheet that it stands in is known:
/// the decoded path that the file is published at follows.
pub(super) const PUBLISHED: char = '\u{F8FE}';

/// Style sheets on their way into one.
pub(super) struct Bundle<'a, 'i> {
    sheets: &'a BTreeMap<String, Sheet<'i>>,
    problems: &'a Problems,
    /// The sheets that are being inlined, the outermost first.
    open: Vec<&'a str>,
    left: usize,
    /// Imports of what is not part of the site: they must stand first.
    foreign: Vec<CssRule<'i>>,
    comments: Vec<CowArcStr<'i>>,
}

impl<'a, 'i> Bundle<'a, 'i> {
    /// The text of the sheet at a path with what it imports; URLs of the site's files lead to them from
    /// where it is published.
    pub(super) fn of(
        sheets: &'a BTreeMap<String, Sheet<'i>>,
        path: &'a str,
        problems: &'a Problems,
    ) -> Option<Published> {
        let mut bundle = Self {
            sheets,
            problems,
            open: Vec::new(),
            left: MOST,
            foreign: Vec::new(),
            comments: Vec::new(),
        };
        let rules = bundle.inline(sheets.get(path)?);
        let mut all = std::mem::take(&mut bundle.foreign);
        all.extend(rules);
        let mut all = CssRuleList(all);
        let mut relative = Relative { from: path, refers_to: BTreeSet::new() };
        let Ok(()) = all.visit(&mut relative);
        let css = bundle.print(path, all)?;
        Some(Published { path: path.to_owned(), css, refers_to: relative.refers_to })
    }

    fn print(&self, path: &str, rules: CssRuleList<'i>) -> Option<String> {
        // Ranges in media queries are younger than the rest that we leave alone.
        let include = Features::MediaRangeSyntax | Features::MediaIntervalSyntax;
        let targets = Targets { include, ..Targets::default() };
        let files = self.sheets.values().map(|sheet| sheet.path.clone()).collect();
        let mut sheet = StyleSheet::new(files, rules, ParserOptions::default());
        sheet.license_comments.clone_from(&self.comments);
        let minify = MinifyOptions { targets, ..MinifyOptions::default() };
        let minified = sheet.minify(minify).map_err(|error| error.to_string());
        let options = PrinterOptions { minify: true, targets, ..PrinterOptions::default() };
        let printed = minified
            .and_then(|()| sheet.to_css(options).map_err(|error| error.to_string()))
            .map(|printed| printed.code);
        match printed {
            Ok(css) => Some(css),
            Err(why) => {
                let message = format!("the style sheet cannot be made: {why}");
                let problem = Diagnostic::error(codes::CSS_SYNTAX, message);
                let file = self.sheets.get(path).map(|sheet| sheet.span_of("", 0, 1));
                self.problems.push(Diagnostic { span: file, ..problem });
                None
            }
        }
    }

    /// The rules of a sheet, with those of the sheets that it imports where it imports them.
    fn inline(&mut self, sheet: &'a Sheet<'i>) -> Vec<CssRule<'i>> {
        let mut rules = Vec::with_capacity(sheet.rules.len());
        self.open.push(&sheet.path);
        self.comments.extend(sheet.comments.iter().cloned());
        for rule in &sheet.rules {
            match rule {
                CssRule::Import(import) => rules.extend(self.import(sheet, import)),
                CssRule::Namespace(namespace) if self.open.len() > 1 => {
                    let message = "a style sheet with `@namespace` cannot be imported by another";
                    let span = sheet.span_of("", namespace.loc.line, namespace.loc.column);
                    let problem = Diagnostic::error(codes::CSS_SYNTAX, message).at(span);
                    self.problems.push(problem.hint("write it in the sheet that is published"));
                }
                rule => rules.push(rule.clone()),
            }
        }
        self.open.pop();
        rules
    }

    /// What stands in the place of an import.
    fn import(&mut self, sheet: &'a Sheet<'i>, import: &ImportRule<'i>) -> Vec<CssRule<'i>> {
        let url = import.url.as_ref();
        let Some((path, _)) = target(&sheet.path, url) else {
            self.import_foreign(sheet, import);
            return Vec::new();
        };
        let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
        let virtual_one = || self.sheets.get(SETTINGS).filter(|_| name == SETTINGS);
        let found = self.sheets.get(&path).or_else(virtual_one);
        if let Some(found) = found
            && self.left > 0
            && !self.open.contains(&found.path.as_str())
        {
            self.left -= 1;
            return conditional(import, self.inline(found));
        }
        let span = sheet.span_of(url, import.loc.line, import.loc.column);
        let broken = |message| Diagnostic::error(codes::BROKEN_LINK, message).at(span);
        self.problems.push(match found {
            Some(_) if self.left == 0 => {
                broken(format!("more than {MOST} style sheets are imported"))
            }
            Some(_) => broken(format!("«{url}» leads back to this style sheet"))
                .hint("take one of the imports of the ring out"),
            None => {
                let names = self.sheets.keys().map(String::as_str);
                broken(format!("there is no style sheet «{url}» in assets/"))
                    .did_you_mean(&path, names.filter(|name| *name != sheet.path))
            }
        });
        Vec::new()
    }

    fn import_foreign(&mut self, sheet: &Sheet<'i>, import: &ImportRule<'i>) {
        if self.open.len() == 1 {
            self.foreign.push(CssRule::Import(import.clone()));
            return;
        }
        let url = import.url.as_ref();
        let message =
            format!("«{url}» is not part of the site, and this sheet is imported by others");
        let span = sheet.span_of(url, import.loc.line, import.loc.column);
        let problem = Diagnostic::error(codes::BROKEN_LINK, message).at(span);
        self.problems.push(problem.hint("import it in the sheet that is published"));
    }
}

/// Rules under the conditions and in the layer of an import.
fn conditional<'i>(import: &ImportRule<'i>, mut rules: Vec<CssRule<'i>>) -> Vec<CssRule<'i>> {
    let loc = import.loc;
    if let Some(name) = &import.layer {
        let layer = LayerBlockRule { name: name.clone(), rules: CssRuleList(rules), loc };
        rules = vec![CssRule::LayerBlock(layer)];
    }
    if let Some(condition) = &import.supports {
        let supports =
            SupportsRule { condition: condition.clone(), rules: CssRuleList(rules), loc };
        rules = vec![CssRule::Supports(supports)];
    }
    if import.media != MediaList::new() {
        let media = MediaRule { query: import.media.clone(), rules: CssRuleList(rules), loc };
        rules = vec![CssRule::Media(media)];
    }
    rules
}

/// Makes URLs of the site's files relative, so that a style sheet does not depend on the site's address.
struct Relative<'a> {
    from: &'a str,
    refers_to: BTreeSet<String>,
}

impl<'i> Visitor<'i> for Relative<'_> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Infallible> {
        if let Some(published) = url.url.strip_prefix(PUBLISHED) {
            let (path, tail) =
                published.split_at(published.find(['?', '#']).unwrap_or(published.len()));
            self.refers_to.insert(path.to_owned());
            let up = "../".repeat(self.from.matches('/').count());
            let path = path.strip_prefix("/assets/").unwrap_or(path);
            url.url = format!("{up}{}{tail}", percent::encode_path(path)).into();
        }
        Ok(())
    }
}
