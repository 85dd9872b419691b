//! Where pages live: the paths of URLs, from ids, slugs and permalink patterns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Facts, Shape};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::Document;
use crate::document::front_matter::key_path;
use crate::text::{nfc, slug};

/// The slugs that authors chose, for each language by id.
pub(super) struct Slugs(Vec<HashMap<Arc<str>, String>>);

impl Slugs {
    /// Gathers and checks them.
    pub(super) fn new<'a>(
        config: &Config,
        documents: impl Iterator<Item = &'a Arc<Document>>,
        problems: &Problems,
    ) -> Self {
        let mut chosen = vec![HashMap::new(); config.languages.len()];
        for document in documents {
            let Some(wanted) = document.front.slug.as_deref() else { continue };
            match checked_slug(wanted) {
                Ok(slug) => {
                    let chosen = chosen.get_mut(document.lang);
                    chosen.map(|chosen| chosen.insert(Arc::clone(&document.id), slug));
                }
                Err(why) => problems.push(
                    Diagnostic::error(codes::BAD_PATH, format!("the slug «{wanted}» {why}"))
                        .at(document.value_span(&key_path("slug")))
                        .hint("a slug is one part of a URL: letters, digits and hyphens"),
                ),
            }
        }
        Self(chosen)
    }
}

/// Gives pages their URLs.
pub(super) struct Places<'a> {
    config: &'a Config,
    slugs: &'a Slugs,
    /// The URLs of folders already worked out, for each language by id.
    folders: Vec<HashMap<Box<str>, String>>,
    /// The folder of the last page, its language and URL: the next page is probably in it too.
    last: Option<(Box<str>, usize, String)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(config: &'a Config, slugs: &'a Slugs) -> Self {
        let folders = vec![HashMap::new(); config.languages.len()];
        Self { config, slugs, folders, last: None }
    }

    /// The home of a language: `/` or `/en/`.
    pub(super) fn root(config: &Config, lang: usize) -> String {
        match config.languages.get(lang) {
            Some(language) if lang > 0 => format!("/{}/", language.lang),
            _ => "/".to_owned(),
        }
    }

    /// The URL of a folder of content or of a page that no pattern moves.
    pub(super) fn folder(&mut self, id: &str, lang: usize) -> String {
        if id.is_empty() {
            return Self::root(self.config, lang);
        }
        if let Some(url) = self.folders.get(lang).and_then(|folders| folders.get(id)) {
            return url.clone();
        }
        let (parent, name) = id.rsplit_once('/').unwrap_or(("", id));
        let url = format!("{}{}/", self.folder(parent, lang), self.segment(id, name, lang));
        let folders = self.folders.get_mut(lang);
        folders.map(|folders| folders.insert(id.into(), url.clone()));
        url
    }

    fn segment<'b>(&'b self, id: &str, name: &'b str, lang: usize) -> Cow<'b, str> {
        let slugs = self.slugs.0.get(lang).filter(|slugs| !slugs.is_empty());
        match slugs.and_then(|slugs| slugs.get(id)) {
            Some(slug) => slug.into(),
            None => slug::of(name),
        }
    }

    /// The URL of a page in a language.
    pub(super) fn page(
        &mut self,
        id: &Arc<str>,
        shape: Shape,
        lang: usize,
        document: &Document,
        facts: &Facts,
        problems: &Problems,
    ) -> String {
        if shape == Shape::Page {
            if let Some(pattern) = self.pattern(id) {
                return self.permalink(&pattern, id, lang, document, facts, problems);
            }
            let (parent, name) = id.rsplit_once('/').unwrap_or(("", id));
            let is_last = |(id, l, _): &(Box<str>, usize, String)| **id == *parent && *l == lang;
            if !self.last.as_ref().is_some_and(is_last) {
                self.last = Some((parent.into(), lang, self.folder(parent, lang)));
            }
            let folder = self.last.as_ref().map_or("/", |(_, _, url)| url);
            let name = self.segment(id, name, lang);
            let mut url = String::with_capacity(folder.len() + name.len() + 1);
            url.extend([folder, &name, "/"]);
            return url;
        }
        self.folder(id, lang)
    }

    /// The pattern of the nearest section above an id that has one.
    fn pattern(&self, id: &str) -> Option<String> {
        let patterns = self.config.permalinks.iter();
        patterns
            .filter(|(section, _)| {
                section.is_empty()
                    || id.strip_prefix(section.as_str()).is_some_and(|r| r.starts_with('/'))
            })
            .max_by_key(|(section, _)| section.len())
            .map(|(_, pattern)| pattern.clone())
    }

    fn permalink(
        &mut self,
        pattern: &str,
        id: &Arc<str>,
        lang: usize,
        document: &Document,
        facts: &Facts,
        problems: &Problems,
    ) -> String {
        let root = Self::root(self.config, lang);
        let (parent, name) = id.rsplit_once('/').unwrap_or(("", id));
        let section = self.folder(parent, lang);
        let section = section.strip_prefix(&root).unwrap_or_default().trim_matches('/').to_owned();
        let mut url = pattern
            .replace("{section}", &section)
            .replace("{slug}", &self.segment(id, name, lang))
            .replace("{id}", id);
        if ["{year}", "{month}", "{day}"].iter().any(|token| url.contains(token)) {
            if let Some(date) = facts.front.date {
                let start = date.start();
                url = url
                    .replace("{year}", &format!("{:04}", start.year))
                    .replace("{month}", &format!("{:02}", start.month))
                    .replace("{day}", &format!("{:02}", start.day));
            } else {
                let message = format!("the permalink `{pattern}` needs a `date`");
                let problem = Diagnostic::error(codes::MISSING_KEY, message);
                problems.push(problem.at(crate::diagnostic::Span::file(&document.file.path)));
            }
        }
        match alias(&format!("{}/", url.trim_matches('/')), &root) {
            Ok(url) => url,
            Err(why) => {
                let message = format!("the permalink `{pattern}` {why}");
                let file = crate::source::SITE_FILE.into();
                let problem = Diagnostic::error(codes::BAD_PATH, message);
                problems.push(problem.at(crate::diagnostic::Span::file(&file)));
                format!("{root}{id}/")
            }
        }
    }
}

/// Checks that a slug is one part of a path, and normalises it.
fn checked_slug(wanted: &str) -> Result<String, &'static str> {
    if wanted.contains(['/', '\\']) || matches!(wanted.trim(), "." | "..") {
        return Err("leaves its place in the site");
    }
    let slug = slug::slugify(wanted);
    if slug.is_empty() {
        return Err("has no letter or digit");
    }
    if slug::is_reserved_on_windows(&slug) {
        return Err("is a name that Windows keeps for itself");
    }
    Ok(slug)
}

/// Checks an alias and gives the decoded path it stands for: ending in `/`, or a file.
///
/// # Errors
/// What is wrong, as a sentence without its subject.
pub(crate) fn alias(written: &str, root: &str) -> Result<String, &'static str> {
    if written.contains("://") || written.starts_with("//") {
        return Err("must be a path on this site");
    }
    let decoded = crate::text::percent::decode(written).ok_or("is not UTF-8")?;
    let decoded = nfc(&decoded);
    if decoded.contains(['\\', '?', '#', '*', ':', '"', '<', '>', '|'])
        || decoded.chars().any(|c| c.is_control() || crate::text::is_bidi_control(c))
    {
        return Err("holds a character that a path cannot have everywhere");
    }
    let absolute = match decoded.strip_prefix('/') {
        Some(rest) => format!("/{rest}"),
        None => format!("{root}{decoded}"),
    };
    let parts: Vec<_> = absolute.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(part.trim(), "." | "..")) {
        return Err("leaves the site");
    }
    if parts.first().is_some_and(|part| *part == ".dhikra") {
        return Err("is in the program's own folder");
    }
    let too_long = parts.iter().any(|part| part.len() > 200);
    if too_long {
        return Err("has a part of more than 200 bytes");
    }
    if parts.iter().any(|part| slug::is_reserved_on_windows(part) || part.ends_with(['.', ' '])) {
        return Err("holds a name that Windows cannot have");
    }
    let is_file =
        parts.last().is_some_and(|last| last.ends_with(".html") || last.ends_with(".htm"));
    Ok(match (parts.is_empty(), is_file) {
        (true, _) => "/".to_owned(),
        (_, true) => format!("/{}", parts.join("/")),
        _ => format!("/{}/", parts.join("/")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_stay_inside() {
        assert_eq!(alias("/old/path", "/").as_deref(), Ok("/old/path/"));
        assert_eq!(alias("old.html", "/en/").as_deref(), Ok("/en/old.html"));
        assert_eq!(alias("/%D9%82%D8%AF%D9%8A%D9%85", "/").as_deref(), Ok("/قديم/"));
        for bad in ["../x", "/a/../b", "/%2e%2e/x", "https://x/", "//x", "/a\\b", "/con/", "/a?b"] {
            assert!(alias(bad, "/").is_err(), "{bad}");
        }
    }
}
