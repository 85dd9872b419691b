//! Reading the `[preview]` table of `site.toml`.

use super::reader::{Reader, Step};

/// What `dhikra serve` is set to.
#[derive(Clone, Debug, Default)]
pub struct PreviewOptions {
    /// The URL that opens a place of a file in the author's editor, with `{file}`, `{line}` and `{column}`
    /// in it; without one, a program of the environment does.
    pub editor: Option<String>,
}

/// Reads the table.
pub(super) fn read(table: Option<Reader<'_>>) -> PreviewOptions {
    let mut options = PreviewOptions::default();
    let Some(mut table) = table else { return options };
    if let Some(pattern) = table.text("editor") {
        match check(&pattern) {
            Ok(()) => options.editor = Some(pattern),
            Err(why) => {
                let path = [Step::Key("preview".into()), Step::Key("editor".into())];
                let problem = table.input.bad_value(&path, format!("`editor` {why}"));
                let hint = "such as \"vscode://file/{file}:{line}:{column}\"";
                table.input.problems.push(problem.hint(hint));
            }
        }
    }
    table.finish();
    options
}

/// Whether a URL leads to an editor, and not to code that a browser would run.
fn check(pattern: &str) -> Result<(), &'static str> {
    let scheme = pattern.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let runs = ["javascript", "data", "vbscript", "blob", "file", "http", "https"];
    if !is_scheme || runs.iter().any(|other| scheme.eq_ignore_ascii_case(other)) {
        return Err("must be a URL that an editor has registered");
    }
    if !pattern.contains("{file}") {
        return Err("must say where the file goes");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn editors_are_opened_and_nothing_else() {
        assert!(check("vscode://file/{file}:{line}").is_ok());
        assert!(check("x-editor:{file}").is_ok());
        for bad in [
            "{file}",
            "javascript:alert('{file}')",
            "vscode://file/",
            "data:,{file}",
            "https://x/{file}",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
