//! Showing problems and results.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Common, MessageFormat};
use crate::diagnostic::{self, Diagnostic, Quotes, Severity, Span, codes};

/// The most problems that are shown to people; all of them go to JSON.
const MAX_SHOWN: usize = 60;

/// Shows problems and counts them: errors, warnings.
pub(super) fn problems(
    common: &Common,
    quotes: &dyn Quotes,
    mut found: Vec<Diagnostic>,
) -> (usize, usize) {
    diagnostic::sort(&mut found, quotes);
    let count = |severity| found.iter().filter(|d| d.severity == severity).count();
    let counts = (count(Severity::Error), count(Severity::Warning));
    match common.message_format {
        MessageFormat::Json => {
            let mut out = std::io::stdout().lock();
            for problem in &found {
                // A reader that went away wants no more.
                if writeln!(out, "{}", diagnostic::json(problem, quotes)).is_err() {
                    break;
                }
            }
        }
        MessageFormat::Github => {
            for problem in &found {
                say(&format!("{}\n", diagnostic::github(problem, quotes)));
            }
        }
        MessageFormat::Human => people(quotes, found),
    }
    counts
}

fn people(quotes: &dyn Quotes, found: Vec<Diagnostic>) {
    let color = color(&std::io::stderr());
    let folded = fold(found);
    let rest = folded.len().saturating_sub(MAX_SHOWN);
    for problem in folded.into_iter().take(MAX_SHOWN) {
        tell(&format!("{}\n", diagnostic::human(&problem, quotes, color)));
    }
    if rest > 0 {
        tell(&format!("… and {rest} more; --message-format json shows all of them\n"));
    }
}

/// Whether a stream takes colour: a terminal, unless `NO_COLOR` (no-color.org) is set.
fn color(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Makes one problem of a template's failure on many pages.
fn fold(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, usize)> = Vec::new();
    let mut places: HashMap<(Option<Span>, String), usize> = HashMap::new();
    for problem in found {
        if problem.code != codes::TEMPLATE_ERROR {
            folded.push((problem, 0));
            continue;
        }
        let cause = problem.message.rsplit_once(", in ").map_or(&*problem.message, |(c, _)| c);
        let key = (problem.span.clone(), cause.to_owned());
        let slot = *places.entry(key).or_insert(folded.len());
        match folded.get_mut(slot) {
            Some((_, others)) => *others += 1,
            None => folded.push((problem, 0)),
        }
    }
    let say = |(problem, others): (Diagnostic, usize)| match others {
        0 => problem,
        n => problem.hint(format!("the same happens in {n} other outputs")),
    };
    folded.into_iter().map(say).collect()
}

/// Prints a line on standard error. Where that is closed or full, nobody can be told.
pub(super) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints the result of a command. A reader that went away wants no more, which is no failure.
pub(super) fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Shows what was done: `text` for people, `object` for programs.
pub(super) fn summary(common: &Common, text: &str, object: serde_json::Value) {
    summary_of(common, text, "summary", object);
}

/// Shows what happened: `text` for people, `object` under the name of `what` for programs.
pub(super) fn summary_of(common: &Common, text: &str, what: &str, object: serde_json::Value) {
    match common.message_format {
        MessageFormat::Human | MessageFormat::Github => tell(text),
        MessageFormat::Json => {
            let mut line = json!({ what: object }).to_string();
            line.push('\n');
            say(&line);
        }
    }
}

/// A bar that is drawn where somebody watches.
pub(super) fn bar() -> ProgressBar {
    let bar =
        if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// `1 page`, `2 pages`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How many errors and warnings there are, for the end of a sentence; nothing where there are none.
pub(super) fn troubles(errors: usize, warnings: usize) -> String {
    let errors_text = counted(errors, "error", "errors");
    let warnings_text = counted(warnings, "warning", "warnings");
    match (errors, warnings) {
        (0, 0) => String::new(),
        (0, _) => format!("; {warnings_text}"),
        (_, 0) => format!("; {errors_text}"),
        _ => format!("; {errors_text}, {warnings_text}"),
    }
}
