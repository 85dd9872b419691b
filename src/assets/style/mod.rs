//! Style sheets: bundled, minified, with their references led to the fingerprinted names of files.

mod balance;
mod bundle;
mod parse;
mod place;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use lightningcss::rules::font_face::FontFaceRule;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::values::url::Url;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit, VisitTypes, Visitor};

use self::bundle::{Bundle, PUBLISHED};
use self::parse::Sheet;
use super::Asset;
use super::font::{self, Fonts};
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::source::SourceTree;
use crate::text::{join, percent};

/// The name of the style sheet that is made of settings.
const SETTINGS: &str = "_settings.css";

/// The text of a style sheet: its path below `assets/` and in the site.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) file: Arc<str>,
    pub(super) text: String,
}

/// Whether a path below `assets/` is a style sheet's.
pub(super) fn is_sheet(path: &str) -> bool {
    path.ends_with(".css")
}

/// Whether a style sheet is but a part of others: its name begins with `_`.
pub(super) fn is_partial(path: &str) -> bool {
    is_sheet(path) && path.rsplit('/').next().is_some_and(|name| name.starts_with('_'))
}

/// The files that style sheets may refer to.
pub(super) struct References<'a> {
    /// Files that are published as they are.
    pub(super) named: &'a BTreeMap<String, Arc<Asset>>,
    /// Fonts that are cut.
    pub(super) fonts: &'a Fonts<'a>,
}

/// A style sheet as it is published.
pub(super) struct Published {
    pub(super) path: String,
    pub(super) css: String,
    /// The paths that files are published at which it refers to.
    pub(super) refers_to: BTreeSet<String>,
}

/// The published style sheets, each with what it imports.
pub(super) fn sheets(
    tree: &SourceTree,
    mut sources: Vec<Source>,
    references: &References<'_>,
    problems: &Problems,
) -> Vec<Published> {
    let wants_settings = sources.iter().any(|source| source.text.contains(SETTINGS));
    if wants_settings && !sources.iter().any(|source| source.path == SETTINGS) {
        let text = settings::sheet(tree, &sources, problems);
        sources.push(Source { path: SETTINGS.to_owned(), file: SETTINGS.into(), text });
    }
    let mut sheets = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        let mut sheet = Sheet::parse(&source.path, &source.file, &source.text, index, problems);
        let mut rules = CssRuleList(std::mem::take(&mut sheet.rules));
        let mut follow = Follow { sheet: &sheet, references, problems };
        follow.faces(&mut rules);
        let Ok(()) = rules.visit(&mut follow);
        sheet.rules = rules.0;
        sheets.insert(source.path.clone(), sheet);
    }
    let published = sheets.keys().filter(|path| !is_partial(path));
    published.filter_map(|path| Bundle::of(&sheets, path, problems)).collect()
}

/// The path that a relative reference of the asset at `from` means; `None` for URLs, absolute paths
/// and what leaves `assets/`. What follows a `?` or `#` is given apart.
fn target<'a>(from: &str, reference: &'a str) -> Option<(String, &'a str)> {
    let end = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, tail) = reference.split_at_checked(end)?;
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some((join(folder, path)?, tail))
}

/// Leads the URLs of a sheet to the files that they mean.
struct Follow<'a, 'i> {
    sheet: &'a Sheet<'i>,
    references: &'a References<'a>,
    problems: &'a Problems,
}

impl<'i> Visitor<'i> for Follow<'_, 'i> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Infallible> {
        let Some((path, tail)) = target(&self.sheet.path, url.url.as_ref()) else { return Ok(()) };
        if url.url.starts_with(PUBLISHED) {
            return Ok(());
        }
        let named = self.references.named;
        let decoded = || percent::decode(&path).and_then(|path| named.get(&path));
        match named.get(&path).or_else(decoded) {
            Some(asset) => url.url = format!("{PUBLISHED}{}{tail}", asset.url).into(),
            None => self.missing(url, &path),
        }
        Ok(())
    }
}

impl<'i> Follow<'_, 'i> {
    /// Replaces `@font-face` rules that name fonts which are cut, also in `@media` and its like.
    fn faces(&self, rules: &mut CssRuleList<'i>) {
        for rule in std::mem::take(&mut rules.0) {
            let mut rule = rule;
            match &mut rule {
                CssRule::Media(inner) => self.faces(&mut inner.rules),
                CssRule::Supports(inner) => self.faces(&mut inner.rules),
                CssRule::LayerBlock(inner) => self.faces(&mut inner.rules),
                CssRule::Container(inner) => self.faces(&mut inner.rules),
                CssRule::FontFace(face) => {
                    let cut = self.face(face).into_iter();
                    rules.0.extend(cut.map(CssRule::FontFace));
                    continue;
                }
                _ => {}
            }
            rules.0.push(rule);
        }
    }

    fn face(&self, face: &FontFaceRule<'i>) -> Vec<FontFaceRule<'i>> {
        let fonts = self.references.fonts;
        let named = font::named(face, |source| {
            let (path, _) = target(&self.sheet.path, source.url.url.as_ref())?;
            let decoded = percent::decode(&path).filter(|path| fonts.files.contains_key(path));
            let path = if fonts.files.contains_key(&path) { path } else { decoded? };
            font::is_source(&path).then_some(path)
        });
        let span = self.sheet.span_of("", face.loc.line, face.loc.column);
        let named = match named.as_slice() {
            [] => return vec![face.clone()],
            [named] => named,
            _ => {
                let message = "a rule `@font-face` names more than one font that is to be cut";
                let problem = Diagnostic::error(codes::FONT, message).at(span);
                self.problems.push(problem.hint("write a rule for each, with its `unicode-range`"));
                return Vec::new();
            }
        };
        let publish = |url: &str| format!("{PUBLISHED}{url}");
        fonts.rules(face, named, span, publish, self.problems)
    }

    fn missing(&self, url: &Url<'_>, path: &str) {
        let reference = url.url.as_ref();
        // URLs count lines from 1, rules from 0.
        let span = self.sheet.span_of(reference, url.loc.line.saturating_sub(1), url.loc.column);
        let is_there = self.references.fonts.files.contains_key(path);
        let (code, message) = match font::is_source(path) && is_there {
            true => (codes::FONT, format!("the font «{reference}» is not published as it is")),
            false => (codes::BROKEN_LINK, format!("there is no asset «{reference}»")),
        };
        let problem = Diagnostic::error(code, message).at(span);
        self.problems.push(if code == codes::FONT {
            problem
                .hint("name it as the `src` of an `@font-face` rule, which makes web fonts of it")
        } else if is_sheet(path) {
            problem.hint("a style sheet is taken in by `@import`")
        } else {
            let names = self.references.fonts.files.keys().map(String::as_str);
            problem.did_you_mean(path, names)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths() {
        assert_eq!(target("css/a.css", "../f/x.woff2?v"), Some(("f/x.woff2".into(), "?v")));
        assert_eq!(target("a.css", "../x"), None);
        assert_eq!(target("a.css", "data:x"), None);
        assert_eq!(target("a.css", "/x.png"), None);
    }

    #[test]
    fn partials_begin_with_a_line() {
        assert!(is_partial("css/_a.css") && is_partial("_a.css"));
        assert!(!is_partial("_css/a.css") && !is_partial("_a.png"));
    }
}
