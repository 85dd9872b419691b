//! What the site needs to know of a document's text, which is parsed apart from its front matter.

use std::ops::Range;
use std::sync::Arc;

use super::citations::Gather;
use super::markdown::{self, Outline, Source};
use super::prose::Prose;
use super::walk::Walk;
use super::{Citations, Document, RawLink, shift};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::source;
use crate::text::truncate_words;

use super::Parts;

/// The length of a summary made from the text, in characters.
const SUMMARY: usize = 200;

/// What a document's text says of itself.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Its headings.
    pub outline: Outline,
    /// Anchors beside those of headings: ids in raw HTML and on blocks.
    pub anchors: Vec<Box<str>>,
    /// Its links, images, wikilinks and citations.
    pub links: Vec<RawLink>,
    /// What cites in it; none where nothing does.
    pub citations: Option<Box<Citations>>,
    /// The beginning of its text, for where it has no description.
    pub summary: Box<str>,
    /// The number of its words.
    pub words: u32,
    /// What is wrong with it. Whoever asks for every body reports it.
    pub problems: Vec<Diagnostic>,
}

impl Body {
    /// Reads the file of a document again, and parses the text below its front matter. Empty where
    /// the file can no longer be read, or is not what it was.
    pub(super) fn load(document: &Document, config: &Config) -> Self {
        // What no file describes has no text.
        if document.is_synthetic() {
            return Self::default();
        }
        let file = &document.file;
        let only = |problem| Self { problems: vec![problem], ..Self::default() };
        let text = match source::read_text(file) {
            Ok(text) => text,
            Err(problem) => return only(problem),
        };
        if source::digest(text.as_bytes()) != document.digest {
            return only(Self::changed(&file.path));
        }
        // Problems of the front matter were reported when it was parsed.
        let parts = Parts::split(&text, &file.path, &crate::diagnostic::Problems::new());
        Self::parse(document, &parts, config, None)
    }

    /// The problem of a file that is not what it was when it was first read.
    #[must_use]
    pub fn changed(file: &Arc<str>) -> Diagnostic {
        let message = "the file changed while the site was being built";
        Diagnostic::error(codes::CHANGED, message).at(Span::file(file)).hint("build again")
    }

    /// Gathers what the site needs to know of a text, and its blocks into `prose` if that is wanted.
    pub(super) fn parse(
        document: &Document,
        parts: &Parts<'_>,
        config: &Config,
        mut prose: Option<&mut Prose>,
    ) -> Self {
        let (text, start, file) = (parts.body, parts.body_start, &document.file.path);
        let mut problems = Vec::new();
        let source = Source::new(text).smart(config.typographer(document.lang));
        for (place, problem) in source.problems() {
            let (message, hint) = problem.explain();
            let span = Span::new(file, shift(place, start));
            problems.push(Diagnostic::error(codes::BLOCK, message).at(span).hint(hint));
        }
        let mut walk = Walk::new(text);
        let mut anchors = markdown::Anchors::default();
        for (item, range) in source.items() {
            walk.push(&item, &shift(&range, start), &mut anchors);
            if let Some(prose) = &mut prose {
                prose.push(&item);
            }
        }
        for place in &walk.crossing {
            let message = "this block ends outside of the list or quotation that it begins in";
            let span = Span::new(file, shift(place, start));
            let hint = "indent the closing `:::` like the opening one";
            problems.push(Diagnostic::error(codes::BLOCK, message).at(span).hint(hint));
        }
        for place in &walk.undefined {
            let name = source_text(text, start, place);
            let message = format!("there is no footnote «{}»", name.trim_start_matches('^'));
            let problem = Diagnostic::warning(codes::FOOTNOTE, message);
            let hint = format!("add its text on a line of its own: [{name}]: …");
            problems.push(problem.at(Span::new(file, place.clone())).hint(hint));
        }
        for place in &walk.unread {
            let span = Span::new(file, place.start.saturating_sub(1)..place.end);
            let problem = Diagnostic::warning(codes::BAD_CITATION, "this citation cannot be read");
            let hint = "each source begins with @, as in [@seed, ¶2 \"its words\"; @other]; brackets \
                        stand in its words alone, and there are at most 999 characters";
            problems.push(problem.at(span).hint(hint));
        }
        // A hundred thousand bodies are kept: without the room that they grew in.
        walk.outline.shrink_to_fit();
        walk.anchors.shrink_to_fit();
        walk.links.shrink_to_fit();
        let summary = match document.front.description {
            None => truncate_words(walk.summary.text.trim(), SUMMARY).into(),
            Some(_) => Box::default(),
        };
        Self {
            outline: walk.outline,
            anchors: walk.anchors,
            links: walk.links,
            citations: walk.citations.and_then(Gather::finish),
            summary,
            words: u32::try_from(walk.words).unwrap_or(u32::MAX),
            problems,
        }
    }
}

/// The text at a place of the file that is in the body, which starts at `start`.
fn source_text<'a>(body: &'a str, start: usize, place: &Range<usize>) -> &'a str {
    body.get(place.start.saturating_sub(start)..place.end.saturating_sub(start)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Problems;
    use crate::document::Name;
    use crate::source::SourceFile;

    fn front(text: &str, config: &Config) -> Document {
        let file = SourceFile::empty(&"content/a.md".into());
        let Ok(name) = Name::of(&file.path, config) else { unreachable!() };
        Document::parse_front(&file, name, text, config, &Problems::new())
    }

    #[test]
    fn a_body_of_another_file_than_the_front_matter_is_none() {
        let problems = Problems::new();
        let settings = "base_url = \"https://example.org/\"\n[languages.ar]\ntitle = \"أ\"\n";
        let config = Config::parse(settings, &"site.toml".into(), &problems);
        // The file is empty when it is read again.
        let same = front("", &config);
        assert!(same.body(&config).problems.is_empty());
        let other = front("---\ntitle: أ\n---\n# ب\n", &config);
        let body = other.body(&config);
        assert!(body.outline.is_empty() && body.words == 0);
        assert_eq!(body.problems, [Body::changed(&other.file.path)]);
    }
}
