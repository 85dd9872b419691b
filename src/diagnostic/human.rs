//! Diagnostics for a terminal.

use annotate_snippets::renderer::{DEFAULT_TERM_WIDTH, DecorStyle};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Excerpt, Quotes, Severity, Span};

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
        group = quote(group, span, (None, diagnostic.masked), quotes);
    }
    for (span, what) in &diagnostic.related {
        group = quote(group, span, (Some(what), false), quotes);
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
    (label, masked): (Option<&'a String>, bool),
    quotes: &dyn Quotes,
) -> Group<'a> {
    let text = if span.is_whole_file() { None } else { quotes.text(&span.file) };
    let Some(excerpt) = text.as_deref().and_then(|text| Excerpt::cut(text, span)) else {
        return group.element(Origin::path(&*span.file));
    };
    let excerpt = if masked { excerpt.masked() } else { excerpt };
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
