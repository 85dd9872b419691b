//! Opening a file of the site where the author writes: by a program (`$EDITOR`), or by a URL that the editor
//! has registered with the system (`vscode://…`).

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program that opens files, with arguments of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

/// How a program is told the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `+9 file`, as vi, Emacs, nano and most others.
    Plus,
    /// `file:9:2`
    Colons,
    /// `--goto file:9:2`
    Goto,
    /// `--line 9 file`
    Line,
}

/// Programs that are told otherwise than by `+9`.
const STYLES: &[(&str, Style)] = &[
    ("code", Style::Goto),
    ("code-insiders", Style::Goto),
    ("codium", Style::Goto),
    ("vscodium", Style::Goto),
    ("cursor", Style::Goto),
    ("windsurf", Style::Goto),
    ("subl", Style::Colons),
    ("sublime_text", Style::Colons),
    ("zed", Style::Colons),
    ("zeditor", Style::Colons),
    ("hx", Style::Colons),
    ("helix", Style::Colons),
    ("idea", Style::Line),
    ("webstorm", Style::Line),
    ("phpstorm", Style::Line),
    ("rustrover", Style::Line),
    ("pycharm", Style::Line),
    ("kate", Style::Line),
];

/// Programs that run in a terminal.
const TERMINAL: &[&str] = &[
    "vi", "vim", "nvim", "nano", "pico", "emacs", "hx", "helix", "kak", "micro", "joe", "mg", "ne",
    "ed",
];

impl Editor {
    /// What an environment variable names: a program, with its arguments after it; parts with spaces stand
    /// between quotation marks. `None` where it names nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text).into_iter();
        Some(Self { program: parts.next()?, arguments: parts.collect() })
    }

    fn style(&self) -> Style {
        let name = self.name();
        let known = STYLES.iter().find(|(program, _)| name.eq_ignore_ascii_case(program));
        known.map_or(Style::Plus, |(_, style)| *style)
    }

    /// The arguments that open a place; lines and columns count from 1.
    fn place(&self, file: &Path, line: usize, column: usize) -> Vec<String> {
        let file = file.display();
        match self.style() {
            Style::Plus => vec![format!("+{line}"), file.to_string()],
            Style::Colons => vec![format!("{file}:{line}:{column}")],
            Style::Goto => vec!["--goto".into(), format!("{file}:{line}:{column}")],
            Style::Line => vec!["--line".into(), line.to_string(), file.to_string()],
        }
    }

    /// Whether it runs in the terminal that it is started from.
    fn is_of_terminal(&self) -> bool {
        TERMINAL.iter().any(|name| self.name().eq_ignore_ascii_case(name))
    }

    fn name(&self) -> String {
        Path::new(&self.program).file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Opens a place without waiting for the program to end. One that runs in a terminal has this one's; another
    /// goes on when the preview ends.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub(super) fn open(&self, file: &Path, line: usize, column: usize) -> io::Result<()> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(self.place(file, line, column));
        if !self.is_of_terminal() {
            command.stdin(Stdio::null());
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        let mut child = command.spawn()?;
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

/// The parts of a command line.
fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut quote) = (None::<String>, None::<char>);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                part.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => parts.extend(part.take()),
            (_, c) => part.get_or_insert_default().push(c),
        }
    }
    parts.extend(part);
    parts
}

/// A URL that opens a place: a pattern such as `vscode://file/{file}:{line}:{column}` filled in.
#[must_use]
pub(super) fn url(pattern: &str, file: &Path, line: usize, column: usize) -> String {
    let path = file.display().to_string().replace('\\', "/");
    let encoded = crate::text::percent::encode_path(path.trim_start_matches('/'));
    // `vscode://file/{file}` has the first slash itself, `file://{file}` needs the path's.
    let before = pattern.split("{file}").next().unwrap_or_default();
    let has_slash = before.ends_with('/') && !before.ends_with("//");
    let slash = if path.starts_with('/') && !has_slash { "/" } else { "" };
    pattern
        .replace("{file}", &format!("{slash}{encoded}"))
        .replace("{line}", &line.to_string())
        .replace("{column}", &column.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_told_in_its_way() {
        let place = |text: &str| {
            let editor = Editor::parse(text).expect("a program");
            editor.place(Path::new("/s/a b.md"), 9, 2).join(" ")
        };
        assert_eq!(place("vim"), "+9 /s/a b.md");
        assert_eq!(place("/usr/bin/code --wait"), "--goto /s/a b.md:9:2");
        assert_eq!(place("subl"), "/s/a b.md:9:2");
        assert_eq!(place("idea.sh"), "--line 9 /s/a b.md");
    }

    #[test]
    fn command_lines_are_split() {
        assert_eq!(split("code --wait"), ["code", "--wait"]);
        assert_eq!(split("\"C:\\Program Files\\x.exe\" -n"), ["C:\\Program Files\\x.exe", "-n"]);
        assert_eq!(split("  "), Vec::<String>::new());
        assert_eq!(Editor::parse(""), None);
    }

    #[test]
    fn urls_are_filled_in() {
        let fill = |pattern| url(pattern, Path::new("/s/قصة.md"), 9, 2);
        let path = "s/%D9%82%D8%B5%D8%A9.md";
        assert_eq!(
            fill("vscode://file/{file}:{line}:{column}"),
            format!("vscode://file/{path}:9:2")
        );
        assert_eq!(
            fill("txmt://open?url=file://{file}&line={line}"),
            format!("txmt://open?url=file:///{path}&line=9")
        );
    }
}
