//! One content file, parsed, knowing no other: front matter, headings, links, citations, summary.
//!
//! Parsing never fails: it gives a [`Document`] and the problems it met. The text is not kept; it
//! is read again to be rendered, so that a hundred thousand documents fit in memory.

pub mod front_matter;
pub mod markdown;
mod name;
mod yaml;

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::config::Config;
use crate::config::reader::{Input, Locate, Step};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::source::{self, Digest, SourceFile};
use crate::text::truncate_words;

use self::markdown::{Item, PlainText, Source};

pub use self::markdown::{Heading, Outline};

pub use front_matter::{FrontMatter, LANGUAGE_KEYS, Sort};
pub use name::{Name, Role};
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
        let front = match yaml::parse(parts.yaml) {
            Ok(map) => FrontMatter::read(&map, config, input),
            Err(error) => {
                problems.push(yaml_problem(error, &parts, &file.path));
                // The title is not missing, it could not be read: one problem is enough.
                FrontMatter { title: Some(name.id.clone().as_ref().into()), ..Default::default() }
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
        document.walk(parts.body, parts.body_start, problems);
        document
    }

    /// Gathers what the site needs to know of the body.
    fn walk(&mut self, body: &str, start: usize, problems: &Problems) {
        let source = Source::new(body);
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

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// What one walk over a body gathers.
#[derive(Default)]
struct Walk {
    outline: Outline,
    anchors: Vec<Box<str>>,
    links: Vec<RawLink>,
    words: usize,
    summary: PlainText,
    in_summary: bool,
    summarised: bool,
    heading: Option<(u8, Option<String>, PlainText)>,
    /// How many elements are open, and at which depth each open block began.
    depth: usize,
    open_blocks: Vec<(usize, Range<usize>)>,
    /// Blocks that end in another element than they began in.
    crossing: Vec<Range<usize>>,
}

impl Walk {
    fn push(&mut self, item: &Item<'_>, place: &Range<usize>, anchors: &mut markdown::Anchors) {
        match item {
            Item::Open(block) => {
                self.anchors.extend(block.attribute("id").map(Into::into));
                self.open_blocks.push((self.depth, block.place.clone()));
            }
            Item::Close => {
                if let Some((depth, place)) = self.open_blocks.pop()
                    && depth != self.depth
                {
                    self.crossing.push(place);
                }
            }
            Item::Event(Event::Start(tag)) => {
                self.depth += 1;
                self.start(tag, place);
            }
            Item::Event(Event::End(tag)) => self.end(*tag, anchors),
            Item::Event(Event::Text(text) | Event::Code(text)) => {
                self.words += count_words(text);
            }
            Item::Event(Event::Html(html) | Event::InlineHtml(html)) => {
                self.anchors.extend(html_ids(html).map(Into::into));
            }
            _ => {}
        }
        if let Some((_, _, text)) = &mut self.heading {
            text.push(item);
        }
        if self.in_summary {
            self.summary.push(item);
        }
    }

    fn end(&mut self, tag: TagEnd, anchors: &mut markdown::Anchors) {
        self.depth -= 1;
        match tag {
            TagEnd::Heading(_) => {
                if let Some((level, own, mut text)) = self.heading.take() {
                    let text = text.take();
                    let id = anchors.next(own.as_deref(), &text);
                    self.outline.push(Heading { level, id, text: text.trim().into() });
                }
            }
            TagEnd::Paragraph if self.in_summary => {
                self.in_summary = false;
                self.summarised = !self.summary.text.trim().is_empty();
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, place: &Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let own = id.as_ref().map(ToString::to_string);
                self.heading = Some((*level as u8, own, PlainText::default()));
            }
            Tag::Paragraph if !self.summarised => self.in_summary = true,
            Tag::Link { link_type, dest_url, .. } => {
                if let Some(citations) = markdown::citations(*link_type, dest_url) {
                    for citation in citations {
                        self.link(LinkKind::Citation, &citation.id, place);
                    }
                    return;
                }
                let kind = match link_type {
                    LinkType::WikiLink { .. } => LinkKind::Wiki,
                    LinkType::Email => return,
                    _ => LinkKind::Link,
                };
                self.link(kind, dest_url, place);
            }
            Tag::Image { dest_url, .. } => self.link(LinkKind::Image, dest_url, place),
            _ => {}
        }
    }

    fn link(&mut self, kind: LinkKind, destination: &str, place: &Range<usize>) {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let place = (offset(place.start), offset(place.end));
        self.links.push(RawLink { kind, destination: destination.into(), place });
    }
}

/// Counts words by the ASCII spaces between them: a count for readers, made for every text.
fn count_words(text: &str) -> usize {
    let mut words = 0;
    let mut between = true;
    for byte in text.bytes() {
        let space = byte <= b' ';
        words += usize::from(between && !space);
        between = space;
    }
    words
}

/// The values of `id` attributes in a piece of raw HTML.
fn html_ids(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices("id=").filter_map(|(at, _)| {
        let before = html.get(..at)?.chars().next_back()?;
        let rest = html.get(at + 3..)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        before.is_whitespace().then(|| rest.get(1..)?.split(quote).next()).flatten()
    })
}

fn yaml_problem(error: yaml::YamlError, parts: &Parts<'_>, file: &Arc<str>) -> Diagnostic {
    let problem = Diagnostic::error(codes::YAML_SYNTAX, format!("front matter: {}", error.message));
    let problem = match error.offset {
        Some(at) => {
            let at = at.min(parts.yaml.len());
            let line_start = parts.yaml.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
            let line = parts.yaml.get(line_start..).and_then(|t| t.lines().next()).unwrap_or("");
            let from = at.max(line_start);
            let to = (line_start + line.len()).max(from);
            problem.at(Span::new(file, shift(&(from..to), parts.yaml_start)))
        }
        None => problem.at(Span::new(file, 0..3)),
    };
    match error.hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// A content file's text, split into its front matter and its body.
#[derive(Debug)]
pub struct Parts<'a> {
    yaml: &'a str,
    yaml_start: usize,
    /// The Markdown.
    pub body: &'a str,
    /// Where it starts in the file.
    pub body_start: usize,
}

impl<'a> Parts<'a> {
    /// Splits at the `---` lines.
    #[must_use]
    pub fn split(text: &'a str, file: &Arc<str>, problems: &Problems) -> Self {
        let whole = Self { yaml: "", yaml_start: 0, body: text, body_start: 0 };
        let fence = |line: &str| line.trim_end() == "---";
        let mut lines = text.split_inclusive('\n');
        let Some(first) = lines.next().filter(|line| fence(line)) else {
            return whole;
        };
        let yaml_start = first.len();
        let mut at = yaml_start;
        for line in lines {
            if at - yaml_start > MAX_FRONT_MATTER {
                let message = format!("front matter is larger than {MAX_FRONT_MATTER} bytes");
                let problem = Diagnostic::error(codes::FRONT_MATTER, message);
                problems.push(
                    problem.at(Span::new(file, 0..3)).hint("move long text into the page's body"),
                );
                return Self { body: "", body_start: text.len(), ..whole };
            }
            if fence(line) {
                let body_start = at + line.len();
                return Self {
                    yaml: text.get(yaml_start..at).unwrap_or_default(),
                    yaml_start,
                    body: text.get(body_start..).unwrap_or_default(),
                    body_start,
                };
            }
            at += line.len();
        }
        let problem = Diagnostic::error(codes::FRONT_MATTER, "front matter is not closed");
        problems.push(problem.at(Span::new(file, 0..3)).hint("end it with a line `---`"));
        Self { body: "", body_start: text.len(), ..whole }
    }
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

/// Parses a YAML file that holds a mapping.
///
/// # Errors
/// What is wrong, and the byte offset where.
pub fn parse_yaml(
    text: &str,
) -> Result<serde_json::Map<String, serde_json::Value>, (String, usize)> {
    yaml::parse(text).map_err(|error| (error.message, error.offset.unwrap_or(0)))
}

/// Parses a YAML file that holds a list; `None` where it does not.
#[must_use]
pub fn parse_yaml_list(text: &str) -> Option<serde_json::Value> {
    yaml::parse_list(text)
}
