//! Diagnostics as annotations of GitHub Actions («workflow commands»).

use super::{Diagnostic, Quotes, Severity, position};

/// Renders a diagnostic as one workflow command without its line break. Columns count characters.
#[must_use]
pub fn github(diagnostic: &Diagnostic, quotes: &dyn Quotes) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = vec![format!("title={}", property(diagnostic.code))];
    if let Some(span) = &diagnostic.span {
        properties.push(format!("file={}", property(&span.file)));
        let text = if span.is_whole_file() { None } else { quotes.text(&span.file) };
        if let Some(text) = text {
            let (line, column) = position(&text, span.range.0);
            let (end_line, end_column) = position(&text, span.range.1);
            properties.push(format!("line={line},endLine={end_line}"));
            // GitHub takes columns only on one line.
            if line == end_line {
                properties.push(format!("col={column},endColumn={end_column}"));
            }
        }
    }
    let mut message = diagnostic.message.clone();
    for hint in &diagnostic.hints {
        message.extend(["\n", hint]);
    }
    format!("::{command} {}::{}", properties.join(","), data(&message))
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Span, codes};

    struct Text;
    impl Quotes for Text {
        fn text(&self, _: &str) -> Option<String> {
            Some("سطر\nرابط مكسور".into())
        }
    }

    #[test]
    fn commands_are_escaped() {
        let start = "سطر\n".len();
        let span = Span::new(&"content/أ,ب.md".into(), start..start + "رابط".len());
        let problem = Diagnostic::error(codes::BROKEN_LINK, "100%: «x»").at(span).hint("أصلحه");
        assert_eq!(
            github(&problem, &Text),
            "::error title=broken-link,file=content/أ%2Cب.md,line=2,endLine=2,col=1,endColumn=5::100%25: «x»%0Aأصلحه"
        );
    }
}
