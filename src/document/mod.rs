//! One content file, parsed, knowing no other: front matter, headings, links, citations, summary.
//!
//! Parsing never fails: it gives a [`Document`] and the problems it met. The text is not kept; it
//! is read again to be rendered, so that a hundred thousand documents fit in memory.

mod body;
mod citations;
mod claims;
pub mod front_matter;
mod gist;
pub mod markdown;
mod name;
mod parts;
mod prose;
mod record;
mod walk;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::config::reader::{Input, Locate, Step};
use crate::config::{Config, yaml};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::source::{self, Digest, SourceFile};
use crate::text::used::Rare;

use self::parts::yaml_problem;
use self::prose::Prose;

pub use self::markdown::{Heading, Outline};

pub use body::Body;
pub use citations::{Citations, Cited};
pub use claims::{Certainty, Claim};
pub use front_matter::{FrontMatter, LANGUAGE_KEYS, Sort};
pub use gist::Gist;
pub use name::{Name, Role};
pub use parts::Parts;
pub use prose::Block;
pub use record::{Correction, CorrectionKind, Focus, Localized, Media, Record, is_raster};
pub use yaml::YamlPlaces;

/// The largest front matter, in bytes.
pub const MAX_FRONT_MATTER: usize = 64 * 1024;

/// A parsed content file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub file: SourceFile,
    /// Its path in `content/` without language and extension; the folder, for an index file.
    pub id: Arc<str>,
    /// Its language, as an index into the site's.
    pub lang: usize,
    /// Whether it is a page, a page with files of its own, or a section.
    pub role: Role,
    /// The digest of the file's bytes.
    pub digest: Digest,
    /// What it says of itself.
    pub front: Arc<FrontMatter>,
    /// The little of its front matter that a page is placed by.
    pub gist: Gist,
    /// The digest of the text of its front matter.
    pub front_digest: Digest,
    /// The less usual characters of the whole file.
    pub rare: Rare,
    /// What its text says, parsed when it is first asked for.
    body: OnceLock<Box<Body>>,
    /// Its text without markup, where it was read to be kept.
    prose: Option<Box<[Block]>>,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)` and its like.
    Link,
    /// `![alt](destination)`
    Image,
    /// `[[destination]]`
    Wiki,
    /// `[@source]`
    Citation,
}

/// A link as the author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawLink {
    /// How.
    pub kind: LinkKind,
    /// Where to: a URL, a path, a reference.
    pub destination: Box<str>,
    /// Its place in the file.
    pub place: (u32, u32),
}

impl RawLink {
    /// Its place in a file.
    #[must_use]
    pub fn span(&self, file: &Arc<str>) -> Span {
        Span::new(file, self.place.0 as usize..self.place.1 as usize)
    }
}

impl Document {
    /// Reads and parses a content file, its front matter and its body. `None` where the file is no
    /// document of this site; what is wrong with the front matter is in `problems`, with the body in
    /// [`Body::problems`].
    #[must_use]
    pub fn load(file: &SourceFile, config: &Config, problems: &Problems) -> Option<Self> {
        let name = name_of(file, config, problems)?;
        let text = source::read_text(file).map_err(|p| problems.push(p)).ok()?;
        Some(Self::parse(file, name, &text, config, problems))
    }

    /// The same, with the text kept without its markup, for a site that is small and searched.
    #[must_use]
    pub fn load_with_prose(
        file: &SourceFile,
        config: &Config,
        problems: &Problems,
    ) -> Option<Self> {
        let name = name_of(file, config, problems)?;
        let text = source::read_text(file).map_err(|p| problems.push(p)).ok()?;
        let parts = Parts::split(&text, &file.path, problems);
        let mut document = Self::with_front(file, name, &text, &parts, config, problems);
        let mut prose = Prose::default();
        let body = Body::parse(&document, &parts, config, Some(&mut prose));
        document.body = OnceLock::from(Box::new(body));
        document.prose = Some(prose.finish().into());
        Some(document)
    }

    /// Reads a content file and parses its front matter alone. Its body is read when it is first
    /// asked for.
    #[must_use]
    pub fn load_front(file: &SourceFile, config: &Config, problems: &Problems) -> Option<Self> {
        let name = name_of(file, config, problems)?;
        let text = source::read_text(file).map_err(|p| problems.push(p)).ok()?;
        Some(Self::parse_front(file, name, &text, config, problems))
    }

    /// Parses the text of a content file, its front matter and its body.
    #[must_use]
    pub fn parse(
        file: &SourceFile,
        name: Name,
        text: &str,
        config: &Config,
        problems: &Problems,
    ) -> Self {
        let parts = Parts::split(text, &file.path, problems);
        let mut document = Self::with_front(file, name, text, &parts, config, problems);
        document.body = OnceLock::from(Box::new(Body::parse(&document, &parts, config, None)));
        document
    }

    /// Parses the front matter alone of the text of a content file.
    #[must_use]
    pub fn parse_front(
        file: &SourceFile,
        name: Name,
        text: &str,
        config: &Config,
        problems: &Problems,
    ) -> Self {
        let parts = Parts::split(text, &file.path, problems);
        Self::with_front(file, name, text, &parts, config, problems)
    }

    fn with_front(
        file: &SourceFile,
        name: Name,
        text: &str,
        parts: &Parts<'_>,
        config: &Config,
        problems: &Problems,
    ) -> Self {
        let places = YamlPlaces { text: parts.yaml, base: parts.yaml_start };
        let input = Input { file: &file.path, places: &places, problems };
        // The title is not missing where it could not be read: one problem is enough.
        let unread = || FrontMatter { title: Some(Arc::clone(&name.id)), ..Default::default() };
        let front = match yaml::parse(parts.yaml) {
            Ok(_) if parts.broken => unread(),
            Ok(map) => {
                parts.warn_of_comments(&file.path, problems);
                FrontMatter::read(&map, config, input)
            }
            Err(error) => {
                problems.push(yaml_problem(error, parts, &file.path));
                unread()
            }
        };
        Self {
            file: file.clone(),
            id: name.id,
            lang: name.lang,
            role: name.role,
            digest: source::digest(text.as_bytes()),
            gist: Gist::of(&front),
            front: Arc::new(front),
            front_digest: source::digest(parts.yaml.as_bytes()),
            rare: Rare::of(text),
            body: OnceLock::new(),
            prose: None,
        }
    }

    /// The document with what another version of it says of itself.
    #[must_use]
    pub fn with_front_of(self, other: &Self) -> Self {
        let (gist, front_digest) = (other.gist, other.front_digest);
        Self { front: Arc::clone(&other.front), gist, front_digest, ..self }
    }

    /// The document with other values of the fields of its kind.
    #[must_use]
    pub fn with_fields(self, fields: serde_json::Map<String, serde_json::Value>) -> Self {
        let front = Arc::new(FrontMatter { fields, ..(*self.front).clone() });
        Self { front, ..self }
    }

    /// Whether another version of it says the same of itself.
    #[must_use]
    pub fn has_front_of(&self, other: &Self) -> bool {
        (self.front_digest, &self.id, self.lang) == (other.front_digest, &other.id, other.lang)
    }

    /// Whether another version of it is in the same place of a site: it says the same of itself, but for
    /// its title and description.
    #[must_use]
    pub fn has_place_of(&self, other: &Self) -> bool {
        let same = (&self.id, self.lang, self.gist) == (&other.id, other.lang, other.gist);
        same && self.front.differs_in_words(&other.front)
    }

    /// What its text says. Parses it where that was not done, from the file, which is read again.
    #[must_use]
    pub fn body(&self, config: &Config) -> &Body {
        self.body.get_or_init(|| Box::new(Body::load(self, config)))
    }

    /// Whether its text was asked for.
    #[must_use]
    pub fn has_body(&self) -> bool {
        self.body.get().is_some()
    }

    /// Whether its text could be read when it was asked for, if it was.
    #[must_use]
    pub fn is_read(&self) -> bool {
        let failed = |problem: &Diagnostic| {
            matches!(problem.code, codes::CHANGED | codes::UNREADABLE | codes::NOT_UTF8)
        };
        !self.body.get().is_some_and(|body| body.problems.iter().any(failed))
    }

    /// The place of a key of its front matter, for problems found later.
    #[must_use]
    pub fn key_span(&self, path: &[Step]) -> Span {
        self.front_span(|places| places.key(path))
    }

    /// The place of a value of its front matter.
    #[must_use]
    pub fn value_span(&self, path: &[Step]) -> Span {
        self.front_span(|places| places.value(path))
    }

    fn front_span(&self, find: impl Fn(&YamlPlaces<'_>) -> Range<usize>) -> Span {
        let Ok(text) = source::read_text(&self.file) else {
            return Span::file(&self.file.path);
        };
        let parts = Parts::split(&text, &self.file.path, &Problems::new());
        let places = YamlPlaces { text: parts.yaml, base: parts.yaml_start };
        Span::new(&self.file.path, find(&places))
    }
}

/// What the path of a file says of it; none where it cannot be a document's.
fn name_of(file: &SourceFile, config: &Config, problems: &Problems) -> Option<Name> {
    let mut problem = match Name::of(&file.path, config) {
        Ok(name) => return Some(name),
        Err(problem) => problem,
    };
    if file.table().is_some() {
        problem.hints = vec!["give the row another id".into()];
    }
    problems.push(problem);
    None
}

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

impl Document {
    /// A document for a page that no file describes, such as a term that is only used.
    #[must_use]
    pub fn synthetic(id: &Arc<str>, lang: usize, title: &str) -> Self {
        let path: Arc<str> = format!("content/{id}").into();
        let front = FrontMatter { title: Some(title.into()), ..FrontMatter::default() };
        Self {
            file: SourceFile::empty(&path),
            id: Arc::clone(id),
            lang,
            role: Role::Section,
            digest: Digest::default(),
            gist: Gist::of(&front),
            front: Arc::new(front),
            front_digest: Digest::default(),
            rare: Rare::default(),
            body: OnceLock::new(),
            prose: None,
        }
    }
}

impl Document {
    /// Whether no file describes the page.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        !self.file.path.ends_with(".md")
    }
}

/// What is wrong with a YAML text.
#[derive(Clone, Debug)]
pub struct YamlProblem {
    /// What.
    pub message: String,
    /// Where, to the end of the line.
    pub place: Range<usize>,
    /// What to do.
    pub hint: Option<String>,
}

impl YamlProblem {
    /// The problem as a diagnostic.
    #[must_use]
    pub fn diagnostic(self, code: &'static str, file: &Arc<str>) -> Diagnostic {
        let mut problem = Diagnostic::error(code, self.message).at(Span::new(file, self.place));
        problem.hints.extend(self.hint);
        problem
    }
}

/// Parses a YAML file that holds a mapping.
///
/// # Errors
/// What is wrong.
pub fn parse_yaml(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, YamlProblem> {
    yaml::parse(text).map_err(|error| YamlProblem {
        place: error.offset.map_or(0..0, |at| parts::rest_of_line(text, at)),
        message: error.message,
        hint: error.hint,
    })
}

/// Parses a YAML file that holds a list; `None` where it does not.
#[must_use]
pub fn parse_yaml_list(text: &str) -> Option<serde_json::Value> {
    yaml::parse_list(text).ok().map(serde_json::Value::Array)
}
