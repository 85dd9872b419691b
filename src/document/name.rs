//! What a content file's path says: id, language, role.

use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::text::{Lang, slug};

/// What a document is in the tree of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `gwadar-port.md`
    Page,
    /// `gwadar-port/index.md`: a page with files of its own.
    Bundle,
    /// `places/_index.md`: a section.
    Section,
}

/// What the path of a content file says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `places/gwadar-port`; empty for the home.
    pub id: Arc<str>,
    /// Its language, as an index into the site's.
    pub lang: usize,
    /// Its role.
    pub role: Role,
}

impl Name {
    /// Reads the path of a `.md` file below `content/`.
    ///
    /// # Errors
    /// Where the language is none of the site's, or a part of the path cannot be an id.
    pub fn of(path: &Arc<str>, config: &Config) -> Result<Self, Diagnostic> {
        let inner = path.strip_prefix("content/").unwrap_or(path);
        let stem = inner.strip_suffix(".md").unwrap_or(inner);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let (name, lang) = language(name, path, config)?;
        let (id, role) = match name {
            "_index" => (folder.to_owned(), Role::Section),
            "index" if folder.is_empty() => {
                let message = "this is not the home: the home is content/_index.md";
                let problem = Diagnostic::error(codes::BAD_ID, message).at(Span::file(path));
                return Err(problem.hint("rename the file to _index.md"));
            }
            "index" => (folder.to_owned(), Role::Bundle),
            name if folder.is_empty() => (name.to_owned(), Role::Page),
            name => (format!("{folder}/{name}"), Role::Page),
        };
        for part in id.split('/').filter(|_| !id.is_empty()) {
            check_part(part, path)?;
        }
        Ok(Self { id: id.into(), lang, role })
    }
}

/// Splits the language off a file name.
fn language<'a>(
    name: &'a str,
    path: &Arc<str>,
    config: &Config,
) -> Result<(&'a str, usize), Diagnostic> {
    let Some((base, suffix)) = name.rsplit_once('.').filter(|(base, _)| !base.is_empty()) else {
        return Ok((name, 0));
    };
    if let Some(index) = config.language_index(suffix) {
        return Ok((base, index));
    }
    let looks_like_one = suffix.split('-').next().is_some_and(|s| (2..=3).contains(&s.len()))
        && suffix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && suffix.starts_with(|c: char| c.is_ascii_alphabetic())
        && Lang::parse(suffix).is_some();
    if !looks_like_one {
        return Ok((name, 0));
    }
    let tags = config.languages.iter().map(|l| l.lang.as_str());
    let message = format!("`{suffix}` is not a language of this site");
    Err(Diagnostic::error(codes::UNKNOWN_LANGUAGE, message)
        .at(Span::file(path))
        .did_you_mean(suffix, tags)
        .hint(format!("add [languages.{suffix}] to site.toml, or rename the file")))
}

/// Checks that a part of an id can be a file name everywhere and a part of a URL.
fn check_part(part: &str, path: &Arc<str>) -> Result<(), Diagnostic> {
    let wrong = if part.chars().any(|c| c.is_control() || crate::text::is_bidi_control(c)) {
        "holds an invisible character"
    } else if part.contains(['<', '>', ':', '"', '|', '?', '*', '\\', '#', '%']) {
        "holds a character that files or URLs cannot have everywhere"
    } else if slug::of(part).is_empty() {
        "has no letter or digit"
    } else if slug::is_reserved_on_windows(part) {
        "is a name that Windows keeps for itself"
    } else {
        return Ok(());
    };
    let shown =
        part.replace(|c: char| c.is_control() || crate::text::is_bidi_control(c), "\u{FFFD}");
    Err(Diagnostic::error(codes::BAD_ID, format!("the name «{shown}» {wrong}"))
        .at(Span::file(path))
        .hint("rename the file or folder"))
}
