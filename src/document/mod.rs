//! One content file, parsed, knowing no other: front matter, headings, links, citations, summary.
//!
//! Parsing never fails: it gives a [`Document`] and the problems it met. The text is not kept; it
//! is read again to be rendered, so that a hundred thousand documents fit in memory.

pub mod front_matter;
pub mod markdown;
mod name;
mod parts;
mod walk;
mod yaml;

use std::ops::Range;
use std::sync::Arc;

use crate::config::Config;
use crate::config::reader::{Input, Locate, Step};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::source::{self, Digest, SourceFile};
use crate::text::truncate_words;

use self::markdown::Source;
use self::parts::yaml_problem;
use self::walk::Walk;

pub use self::markdown::{Heading, Outline};

pub use front_matter::{FrontMatter, LANGUAGE_KEYS, Sort};
pub use name::{Name, Role};
pub use parts::Parts;
pub use yaml::YamlPlaces;

/// The largest front matter, in bytes.
pub const MAX_FRONT_MATTER: usize = 64 * 1024;

/// The length of a summary made from the text, in characters.
const SUMMARY: usize = 200;

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
    /// Its headings.
    pub outline: Outline,
    /// Anchors beside those of headings: ids in raw HTML and on blocks.
    pub anchors: Vec<Box<str>>,
    /// Its links, images, wikilinks and citations.
    pub links: Vec<RawLink>,
    /// The beginning of its text, for where it has no description.
    pub summary: Box<str>,
    /// The number of its words.
    pub words: u32,
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
    /// Reads and parses a content file. `None` where the file is no document of this site; what is
    /// wrong is in `problems`.
    #[must_use]
    pub fn load(file: &SourceFile, config: &Config, problems: &Problems) -> Option<Self> {
        let name = Name::of(&file.path, config).map_err(|p| problems.push(p)).ok()?;
        let text = source::read_text(file).map_err(|p| problems.push(p)).ok()?;
        Some(Self::parse(file, name, &text, config, problems))
    }

    /// Parses the text of a content file.
    #[must_use]
    pub fn parse(
        file: &SourceFile,
        name: Name,
        text: &str,
        config: &Config,
        problems: &Problems,
    ) -> Self {
        let parts = Parts::split(text, &file.path, problems);
        let places = YamlPlaces { text: parts.yaml, base: parts.yaml_start };
        let input = Input { file: &file.path, places: &places, problems };
        // The title is not missing where it could not be read: one problem is enough.
        let unread =
            || FrontMatter { title: Some(name.id.clone().as_ref().into()), ..Default::default() };
        let front = match yaml::parse(parts.yaml) {
            Ok(_) if parts.broken => unread(),
            Ok(map) => {
                parts.warn_of_comments(&file.path, problems);
                FrontMatter::read(&map, config, input)
            }
            Err(error) => {
                problems.push(yaml_problem(error, &parts, &file.path));
                unread()
            }
        };
        let mut document = Self {
            file: file.clone(),
            id: name.id,
            lang: name.lang,
            role: name.role,
            digest: source::digest(text.as_bytes()),
            front: Arc::new(front),
            outline: Outline::new(),
            anchors: Vec::new(),
            links: Vec::new(),
            summary: "".into(),
            words: 0,
        };
        document.walk(parts.body, parts.body_start, config, problems);
        document
    }

    /// Gathers what the site needs to know of the body.
    fn walk(&mut self, body: &str, start: usize, config: &Config, problems: &Problems) {
        let source = Source::new(body).smart(config.typographer(self.lang));
        for (place, problem) in source.problems() {
            let (message, hint) = problem.explain();
            let span = Span::new(&self.file.path, shift(place, start));
            problems.push(Diagnostic::error(codes::BLOCK, message).at(span).hint(hint));
        }
        let mut walk = Walk::default();
        let mut anchors = markdown::Anchors::default();
        for (item, range) in source.items() {
            walk.push(&item, &shift(&range, start), &mut anchors);
        }
        for place in &walk.crossing {
            let message = "this block ends outside of the list or quotation that it begins in";
            let span = Span::new(&self.file.path, shift(place, start));
            let hint = "indent the closing `:::` like the opening one";
            problems.push(Diagnostic::error(codes::BLOCK, message).at(span).hint(hint));
        }
        for place in &walk.undefined {
            let name = source_text(body, start, place);
            let message = format!("there is no footnote «{}»", name.trim_start_matches('^'));
            let problem = Diagnostic::warning(codes::FOOTNOTE, message);
            let hint = format!("add its text on a line of its own: [{name}]: …");
            problems.push(problem.at(Span::new(&self.file.path, place.clone())).hint(hint));
        }
        self.outline = walk.outline;
        self.anchors = walk.anchors;
        self.links = walk.links;
        self.words = u32::try_from(walk.words).unwrap_or(u32::MAX);
        if self.front.description.is_none() {
            let summary = walk.summary.text.trim().to_owned();
            self.summary = truncate_words(&summary, SUMMARY).into();
        }
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

/// The text at a place of the file that is in the body, which starts at `start`.
fn source_text<'a>(body: &'a str, start: usize, place: &Range<usize>) -> &'a str {
    body.get(place.start.saturating_sub(start)..place.end.saturating_sub(start)).unwrap_or_default()
}

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

impl Document {
    /// A document for a page that no file describes, such as a term that is only used.
    #[must_use]
    pub fn synthetic(id: &Arc<str>, lang: usize, title: &str) -> Self {
        let path: Arc<str> = format!("content/{id}").into();
        Self {
            file: SourceFile::empty(&path),
            id: Arc::clone(id),
            lang,
            role: Role::Section,
            digest: Digest::default(),
            front: Arc::new(FrontMatter { title: Some(title.into()), ..FrontMatter::default() }),
            outline: Outline::new(),
            anchors: Vec::new(),
            links: Vec::new(),
            summary: "".into(),
            words: 0,
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
    yaml::parse_list(text)
}
