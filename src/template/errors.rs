//! Tera's errors as diagnostics at their place in a template.

use std::ops::Range;
use std::sync::Arc;

use tera::{Error, ErrorKind, ReportError, Tera};

use crate::diagnostic::{Diagnostic, Problems, Quotes, Span, codes};
use crate::source::SourceTree;

/// The file of a template by Tera's name for it, `LAYER/path`.
fn file(tree: &SourceTree, name: &str) -> Option<Arc<str>> {
    let (layer, path) = name.split_once('/')?;
    let layer = tree.layers().iter().find(|l| l.name == layer)?;
    let (_, file) = layer.under("templates/").find(|(p, _)| *p == path)?;
    Some(Arc::clone(&file.path))
}

/// The byte range of a line and columns that Tera counts in characters, the line from 1.
fn range(text: &str, span: &tera::Span) -> Range<usize> {
    let offset = |line: usize, column: usize| {
        let start: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..).unwrap_or_default();
        start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    };
    let start = offset(span.start_line, span.start_col);
    start..offset(span.end_line, span.end_col).max(start)
}

fn place(tree: &SourceTree, report: &ReportError) -> Option<Span> {
    let file = file(tree, report.filename())?;
    let range = tree.text(&file).map_or(0..0, |text| range(&text, report.span()));
    Some(Span::new(&file, range))
}

/// The calls that led to the error, from the report, which alone has them: `file:line:column`.
fn calls(error: &Error) -> Vec<String> {
    let report = error.to_string();
    let calls = report.lines().filter_map(|line| line.strip_prefix("note: called from "));
    calls.map(str::to_owned).collect()
}

/// A failed render. `what` names the page.
pub(super) fn render_problem(tree: &SourceTree, error: &Error, what: &str) -> Diagnostic {
    let report = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report,
        _ => {
            let cause = std::error::Error::source(error).map(|s| format!(": {s}"));
            let (error, cause) = (error.to_string(), cause.unwrap_or_default());
            let message = format!("{}{cause}, in {what}", error.trim_end_matches('.'));
            return Diagnostic::error(codes::TEMPLATE_ERROR, message);
        }
    };
    let message = format!("{}, in {what}", report.message().trim_end_matches('.'));
    let mut problem = Diagnostic::error(codes::TEMPLATE_ERROR, message);
    if let Some(span) = place(tree, report) {
        problem = problem.at(span);
    }
    for call in calls(error) {
        let mut parts = call.rsplitn(3, ':');
        let column = parts.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
        let line = parts.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
        let name = parts.next().unwrap_or_default();
        let Some(file) = file(tree, name) else {
            continue;
        };
        let text = tree.text(&file).unwrap_or_default();
        let mut at = tera::Span::default();
        (at.start_line, at.end_line) = (line, line);
        (at.start_col, at.end_col) = (column.saturating_sub(1), column);
        problem = problem.related(Span::new(&file, range(&text, &at)), "called from here");
    }
    problem
}

/// Templates that do not load: each syntax error at its place; else what Tera says of them all.
pub(super) fn load_problems(
    tree: &SourceTree,
    templates: &[(String, String)],
    error: &Error,
    problems: &Problems,
) {
    let mut found = false;
    for (name, text) in templates {
        let mut alone = Tera::default();
        if let Err(error) = alone.add_raw_template(name, text)
            && let ErrorKind::SyntaxError(report) = error.kind()
        {
            found = true;
            let message = report.message().to_owned();
            let problem = Diagnostic::error(codes::TEMPLATE_SYNTAX, message);
            problems.push(match place(tree, report) {
                Some(span) => problem.at(span),
                None => problem,
            });
        }
    }
    if found {
        return;
    }
    // Unknown functions, filters, parents and the like come as one text for all templates.
    let text = error.to_string();
    for part in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
        problems.push(joined(tree, templates, part));
    }
}

/// One part of Tera's joined report: `error: …` and `--> name:line:column`.
fn joined(tree: &SourceTree, templates: &[(String, String)], part: &str) -> Diagnostic {
    let mut lines = part.lines();
    let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let place = part.lines().find_map(|line| line.trim().strip_prefix("--> "));
    let mut problem = Diagnostic::error(codes::TEMPLATE_SYNTAX, message);
    if part.contains("Circular extend") {
        problem = problem.hint(
            "to build on the template of the same name in the theme below, name the theme: {% extends \"dhikra/page.html\" %}",
        );
    }
    let located = place.and_then(|place| {
        let mut parts = place.rsplitn(3, ':');
        let column: usize = parts.next()?.parse().ok()?;
        let line: usize = parts.next()?.parse().ok()?;
        let name = parts.next()?;
        let text = &templates.iter().find(|(n, _)| n == name)?.1;
        let mut at = tera::Span::default();
        (at.start_line, at.end_line) = (line, line);
        (at.start_col, at.end_col) = (column.saturating_sub(1), column);
        Some(Span::new(&file(tree, name)?, range(text, &at)))
    });
    match located {
        Some(span) => problem.at(span),
        None => problem,
    }
}
