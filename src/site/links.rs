//! Where links lead: every form that an author may write, resolved in the reader's language.

use std::borrow::Cow;
use std::sync::Arc;

use super::{GroupIx, Page, PageIx, Site, last_part};
use crate::diagnostic::{Diagnostic, Names, codes, nearest};
use crate::document::{LinkKind, RawLink};
use crate::text::{join, nfc, percent};

/// The kind of the pages that citations lead to.
pub(super) const SOURCE: &str = "source";

/// How many of the pages that an ambiguous name could mean are named.
const MAX_NAMED: usize = 3;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of this site.
    Page(PageIx),
    /// A file of this site, by its decoded path.
    File(Arc<str>),
    /// A place outside the site, as it was written.
    External,
}

/// A link's target and the part of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The target.
    pub target: Target,
    /// The decoded anchor, without `#`.
    pub anchor: Option<String>,
    /// The query, with `?`, as it was written.
    pub query: String,
}

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// There is no such page or file; perhaps this one was meant.
    NotFound(Option<String>),
    /// The page of this id is not shown: it is a draft, of the future or expired.
    NotShown(String),
    /// Several pages have that name.
    Ambiguous(Vec<String>),
    /// The page has no such anchor; perhaps this one was meant.
    NoAnchor(String, Option<String>),
    /// The path cannot be a path.
    Malformed,
    /// A URL that runs code.
    Unsafe,
    /// A citation of a page that is no source, but of this kind.
    NoSource(String),
}

impl LinkProblem {
    /// A message about what was written, and a hint.
    #[must_use]
    pub fn explain(&self, written: &str) -> (String, Option<String>) {
        let did_you_mean =
            |name: &Option<String>| name.as_ref().map(|n| format!("did you mean `{n}`?"));
        match self {
            Self::NotFound(near) => {
                (format!("«{written}» leads to no page or file of this site"), did_you_mean(near))
            }
            Self::NotShown(id) => (
                format!("«{written}» leads to `{id}`, which is a draft, of the future or expired"),
                Some("`dhikra build --drafts` shows it".to_owned()),
            ),
            Self::Ambiguous(ids) => (
                format!("«{written}» could be `{}`", ids.join("` or `")),
                Some(format!(
                    "write more of the path, such as `{}`",
                    ids.first().map_or("", |i| i)
                )),
            ),
            Self::NoAnchor(anchor, near) => (
                format!("the page that «{written}» leads to has no anchor `{anchor}`"),
                did_you_mean(near),
            ),
            Self::Malformed => (format!("«{written}» is not a path"), None),
            Self::Unsafe => (format!("«{written}» would run code"), None),
            Self::NoSource(kind) => (
                match kind.as_str() {
                    "" => format!("«{written}» is a page and not a source"),
                    kind => format!("«{written}» is a page of kind `{kind}`, not a source"),
                },
                Some(format!("to link to the page, write `[[{written}]]`")),
            ),
        }
    }

    /// The problem as a diagnostic of a link.
    #[must_use]
    pub fn diagnostic(&self, link: &RawLink, file: &Arc<str>) -> Diagnostic {
        let code = match (self, link.kind) {
            (Self::Ambiguous(_), _) => codes::AMBIGUOUS_LINK,
            (_, LinkKind::Citation) => codes::UNKNOWN_SOURCE,
            _ => codes::BROKEN_LINK,
        };
        let (message, hint) = match (self, link.kind) {
            (Self::NotFound(_), LinkKind::Citation) => {
                let (_, hint) = self.explain(&link.destination);
                (format!("there is no source «{}»", link.destination), hint)
            }
            _ => self.explain(&link.destination),
        };
        let problem = Diagnostic::error(code, message).at(link.span(file));
        match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// Whether a destination is a URL with a scheme or a host, so no path of this site.
#[must_use]
pub fn is_external(destination: &str) -> bool {
    destination.starts_with("//") || scheme(destination).is_some()
}

/// The scheme of a URL (RFC 3986 §3.1).
fn scheme(destination: &str) -> Option<&str> {
    let (scheme, _) = destination.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    valid.then_some(scheme)
}

/// Whether a URL runs code when it is followed.
#[must_use]
pub fn is_unsafe(destination: &str) -> bool {
    // Browsers drop control characters and spaces before and inside the scheme.
    let bare: String =
        destination.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take(16).collect();
    let bare = bare.to_ascii_lowercase();
    bare.starts_with("javascript:")
        || bare.starts_with("vbscript:")
        || (bare.starts_with("data:") && !bare.starts_with("data:image/"))
}

impl Site {
    /// Finds a page by its id or by the end of it where that is unique.
    ///
    /// # Errors
    /// Where there is none, or more than one.
    pub fn find(&self, reference: &str) -> Result<GroupIx, LinkProblem> {
        self.find_of::<&str>(reference, &[])
    }

    /// Finds a page by its id or by the end of it where that is unique, if need be among those of
    /// some kinds. The page need not be of one of them.
    ///
    /// # Errors
    /// Where there is none, or more than one.
    pub fn find_of<K: AsRef<str>>(
        &self,
        reference: &str,
        kinds: &[K],
    ) -> Result<GroupIx, LinkProblem> {
        let reference = nfc(reference.trim().trim_matches('/'));
        if let Some(group) = self.by_id(&reference) {
            return Ok(group);
        }
        let id = |g: GroupIx| &*self.group(g).id;
        let is_tail = |id: &str| {
            let rest = id.strip_suffix(&*reference);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut matches = self.by_name(last_part(&reference));
        matches.retain(|g| is_tail(id(*g)));
        if matches.len() > 1 {
            let of_kind = |g: &GroupIx| {
                let kind = self.group(*g).facts.kind.as_ref();
                kind.is_some_and(|kind| kinds.iter().any(|wanted| wanted.as_ref() == kind.name))
            };
            if let [one] = *matches.iter().copied().filter(of_kind).collect::<Vec<_>>() {
                return Ok(one);
            }
        }
        match matches.as_slice() {
            [one] => Ok(*one),
            [] => Err(LinkProblem::NotFound(None)),
            several => {
                let some = several.iter().take(MAX_NAMED);
                let mut ids: Vec<String> = some.map(|g| id(*g).to_owned()).collect();
                if let Some(more) = several.len().checked_sub(MAX_NAMED).filter(|n| *n > 0) {
                    ids.push(format!("… ({more} more)"));
                }
                Err(LinkProblem::Ambiguous(ids))
            }
        }
    }

    fn nearest_name(&self, reference: &str) -> Option<String> {
        let names = self.names.get_or_init(|| {
            let ids = self.groups.iter().map(|group| &*group.id);
            Names::new(ids.flat_map(|id| [id, id.rsplit('/').next().unwrap_or(id)]))
        });
        names.nearest(reference).map(str::to_owned)
    }

    /// Resolves a link of a page's text, as its reader would follow it.
    ///
    /// # Errors
    /// Where it leads nowhere.
    pub fn resolve(
        &self,
        page: &Page,
        kind: LinkKind,
        written: &str,
    ) -> Result<Resolved, LinkProblem> {
        if kind == LinkKind::Citation {
            let group = self.find_of(written, &[SOURCE])?;
            let kind = self.group(group).facts.kind.as_ref().map_or("", |kind| kind.name.as_str());
            if kind != SOURCE {
                return Err(LinkProblem::NoSource(kind.to_owned()));
            }
            return self.lead(page, group, None);
        }
        if kind == LinkKind::Wiki {
            let (reference, anchor) = match written.split_once('#') {
                Some((reference, anchor)) => (reference, Some(anchor)),
                None => (written, None),
            };
            if reference.trim().is_empty() {
                return self.here(page, anchor.unwrap_or_default());
            }
            return self.reference(page, reference, anchor);
        }
        if written.starts_with("https://") || written.starts_with("http://") {
            return Ok(Resolved { target: Target::External, anchor: None, query: String::new() });
        }
        let is_data = scheme(written).is_some_and(|s| s.eq_ignore_ascii_case("data"));
        if is_unsafe(written) || (is_data && kind != LinkKind::Image) {
            return Err(LinkProblem::Unsafe);
        }
        if is_external(written) {
            return Ok(Resolved { target: Target::External, anchor: None, query: String::new() });
        }
        let (rest, anchor) = match written.split_once('#') {
            Some((rest, anchor)) => (rest, Some(anchor)),
            None => (written, None),
        };
        let (path, query) = match rest.find('?') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if path.is_empty() {
            return self.here(page, anchor.unwrap_or_default());
        }
        let decoded = percent::decode(path).ok_or(LinkProblem::Malformed)?;
        let decoded = nfc(&decoded);
        let target = self.path_target(page, &decoded).ok_or(LinkProblem::NotFound(None))?;
        let anchor = self.checked_anchor(&target, anchor)?;
        Ok(Resolved { target, anchor, query: query.to_owned() })
    }

    /// The encoded URL of a resolved link that stays in the site.
    #[must_use]
    pub fn href(&self, resolved: &Resolved) -> String {
        let mut href = match &resolved.target {
            Target::Page(ix) => self.config.base.path(&self.page(*ix).url),
            Target::File(url) => self.config.base.path(url),
            Target::External => String::new(),
        };
        href.push_str(&percent::encode_written(&resolved.query));
        if let Some(anchor) = &resolved.anchor {
            href.push('#');
            href.push_str(&percent::encode_fragment(anchor));
        }
        href
    }

    fn here(&self, page: &Page, anchor: &str) -> Result<Resolved, LinkProblem> {
        let target = self.version(page.group, page.lang).map_or(Target::External, Target::Page);
        let anchor = self.checked_anchor(&target, Some(anchor).filter(|a| !a.is_empty()))?;
        Ok(Resolved { target, anchor, query: String::new() })
    }

    fn reference(
        &self,
        page: &Page,
        reference: &str,
        anchor: Option<&str>,
    ) -> Result<Resolved, LinkProblem> {
        self.lead(page, self.find(reference)?, anchor)
    }

    /// Where a link to a page leads a reader of another.
    fn lead(
        &self,
        page: &Page,
        group: GroupIx,
        anchor: Option<&str>,
    ) -> Result<Resolved, LinkProblem> {
        let ix = self.best_version(group, page.lang).ok_or(LinkProblem::NotFound(None))?;
        let target = Target::Page(ix);
        let anchor = self.checked_anchor(&target, anchor)?;
        Ok(Resolved { target, anchor, query: String::new() })
    }

    fn checked_anchor(
        &self,
        target: &Target,
        anchor: Option<&str>,
    ) -> Result<Option<String>, LinkProblem> {
        let Some(anchor) = anchor.filter(|a| !a.is_empty()) else {
            return Ok(None);
        };
        let anchor = percent::decode(anchor).ok_or(LinkProblem::Malformed)?;
        let anchor = nfc(&anchor).into_owned();
        let Target::Page(ix) = target else {
            return Ok(Some(anchor));
        };
        let target = self.page(*ix);
        let ids = || {
            let headings = self.headings(target).map(|(id, _)| id);
            headings.chain(target.document.body(&self.config).anchors.iter().map(|id| &**id))
        };
        if anchor == "top" || ids().any(|id| id == anchor) {
            return Ok(Some(anchor));
        }
        // A translator may name a heading by its own words all the same.
        let translated = self.headings(target).find(|(_, heading)| *heading.id == *anchor);
        if let Some((id, _)) = translated {
            return Ok(Some(id.to_owned()));
        }
        let near = nearest(&anchor, ids()).map(str::to_owned);
        Err(LinkProblem::NoAnchor(anchor, near))
    }

    /// What a decoded path leads to: from the root of the site, of `content/`, or from the file.
    fn path_target(&self, page: &Page, path: &str) -> Option<Target> {
        let source = page.document.file.path.strip_prefix("content/").unwrap_or_default();
        let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (from_source, from_url) = match path.strip_prefix('/') {
            Some(absolute) => (join("", absolute), join("", absolute)),
            None => (join(folder, path), join(page.url.trim_matches('/'), path)),
        };
        let is_url = path.starts_with('/');
        from_source
            .and_then(|path| {
                self.source_target(page, &path).or_else(|| self.url_target(page, &path, is_url))
            })
            .or_else(|| self.url_target(page, &from_url?, true))
    }

    /// A file of `content/` by its path there: a document, or a file beside one.
    fn source_target(&self, page: &Page, path: &str) -> Option<Target> {
        let file: Cow<'_, str> = format!("content/{path}").into();
        if path.ends_with(".md") {
            let name = crate::document::Name::of(&Arc::from(&*file), &self.config).ok()?;
            let group = self.by_id(&name.id)?;
            let named =
                path.trim_end_matches(".md").rsplit('/').next().is_some_and(|n| n.contains('.'));
            // `x.en.md` asks for a language, `x.md` for the reader's.
            let lang = if named { name.lang } else { page.lang };
            return self.best_version(group, lang).map(Target::Page);
        }
        let index = self.files_by_path.get(&*file)?;
        Some(Target::File(Arc::clone(&self.files.get(*index)?.url)))
    }

    /// A page or file by the path of its URL; `bare` also takes an id for a page.
    fn url_target(&self, page: &Page, path: &str, is_url: bool) -> Option<Target> {
        let url = format!("/{path}");
        let as_folder = if path.is_empty() { "/".to_owned() } else { format!("{url}/") };
        let index = url.strip_suffix("index.html").map(str::to_owned);
        if is_url {
            let found = self.by_url(&as_folder).or_else(|| self.by_url(&index?));
            if let Some(ix) = found {
                return Some(Target::Page(ix));
            }
            if let Some(file) = self.published.get(url.as_str()) {
                return Some(Target::File(Arc::clone(file)));
            }
        }
        let group = self.by_id(path)?;
        self.best_version(group, page.lang).map(Target::Page)
    }

    /// The problem with the nearest right name, which takes too long to find for every link of a
    /// section that was renamed.
    #[must_use]
    pub fn with_suggestion(
        &self,
        problem: LinkProblem,
        kind: LinkKind,
        written: &str,
    ) -> LinkProblem {
        match (problem, kind) {
            (LinkProblem::NotFound(None), LinkKind::Link | LinkKind::Image) => {
                let path = written.split(['#', '?']).next().unwrap_or_default();
                self.nearest_path(&percent::decode(path).unwrap_or_default())
            }
            (LinkProblem::NotFound(None), _) => {
                let reference = written.split('#').next().unwrap_or_default();
                match self.not_shown(reference.trim()) {
                    Some(id) => LinkProblem::NotShown(id.to_owned()),
                    None => LinkProblem::NotFound(self.nearest_name(reference.trim())),
                }
            }
            (problem, _) => problem,
        }
    }

    /// The id of a page that is not shown, by it or the end of it.
    fn not_shown(&self, reference: &str) -> Option<&str> {
        let reference = nfc(reference.trim_matches('/'));
        let is_meant = |id: &&Arc<str>| {
            let rest = id.strip_suffix(&*reference).filter(|_| !reference.is_empty());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        self.not_shown.iter().find(is_meant).map(|id| &**id)
    }

    fn nearest_path(&self, path: &str) -> LinkProblem {
        let wanted = path.trim_end_matches(".md").trim_matches('/');
        if let Some(id) = self.not_shown(wanted) {
            return LinkProblem::NotShown(id.to_owned());
        }
        let last = wanted.rsplit('/').next().unwrap_or(wanted);
        let files = self.files.iter().filter_map(|f| f.url.rsplit('/').next());
        let near = self
            .by_name(last)
            .first()
            .map(|group| format!("/{}/", self.group(*group).id))
            .or_else(|| self.nearest_name(wanted))
            .or_else(|| self.nearest_name(last))
            .or_else(|| nearest(last, files).map(str::to_owned));
        LinkProblem::NotFound(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_never_a_link() {
        for url in
            ["javascript:x", " JaVaScRiPt:x", "java\tscript:x", "vbscript:x", "data:text/html,x"]
        {
            assert!(is_unsafe(url), "{url}");
        }
        assert!(!is_unsafe("https://example.org/javascript:"));
    }
}
