//! Diagnostics for a terminal.

use annotate_snippets::renderer::{DEFAULT_TERM_WIDTH, DecorStyle};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Quotes, Severity, Span};

/// Lines longer than this are quoted in part, in characters.
const MAX_QUOTED_LINE: usize = 160;

/// Renders a diagnostic for people, with its place quoted; in colour where `color`.
#[must_use]
pub fn human(diagnostic: &Diagnostic, quotes: &dyn Quotes, color: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level
        .primary_title(&*diagnostic.message)
        .id(diagnostic.code)
        .elements(std::iter::empty::<Origin<'_>>());
    if let Some(span) = &diagnostic.span {
        group = quote(group, span, None, quotes);
    }
    for (span, what) in &diagnostic.related {
        group = quote(group, span, Some(what), quotes);
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(&**hint));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Unicode).term_width(DEFAULT_TERM_WIDTH).render(&[group])
}

fn quote<'a>(
    group: Group<'a>,
    span: &'a Span,
    label: Option<&'a String>,
    quotes: &dyn Quotes,
) -> Group<'a> {
    let text = if span.is_whole_file() { None } else { quotes.text(&span.file) };
    let Some(excerpt) = text.as_deref().and_then(|text| Excerpt::cut(text, span)) else {
        return group.element(Origin::path(&*span.file));
    };
    let kind = if label.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
    let mut annotation = kind.span(excerpt.start..excerpt.end);
    if let Some(label) = label {
        annotation = annotation.label(&**label);
    }
    group.element(
        Snippet::source(excerpt.text)
            .path(&*span.file)
            .line_start(excerpt.line)
            .annotation(annotation),
    )
}

/// The lines of a place, with the place's offsets in them.
struct Excerpt {
    text: String,
    line: usize,
    start: usize,
    end: usize,
}

impl Excerpt {
    fn cut(text: &str, span: &Span) -> Option<Self> {
        let start = floor(text, span.range.0);
        let first = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text.get(start..)?.find('\n').map_or(text.len(), |at| start + at);
        // A place of several lines is shown by its first.
        let end = floor(text, span.range.1).clamp(start, line_end);
        let line = text.get(..first)?.bytes().filter(|b| *b == b'\n').count() + 1;
        let mut quoted = text.get(first..line_end)?.trim_end_matches('\r');
        if quoted.chars().count() > MAX_QUOTED_LINE {
            let cut = quoted.char_indices().nth(MAX_QUOTED_LINE).map_or(quoted.len(), |(at, _)| at);
            quoted = quoted.get(..cut.max(floor(text, end) - first))?;
        }
        let text = quoted.replace(crate::text::is_bidi_control, "\u{FFFD}");
        let (start, end) = if text.len() == quoted.len() {
            (start - first, end - first)
        } else {
            (start.min(first) - first, text.len())
        };
        Some(Self { start: start.min(text.len()), end: end.min(text.len()), text, line })
    }
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
