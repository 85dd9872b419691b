//! `dhikra init`

use std::fs;
use std::path::{Path, PathBuf};

use super::{Common, End, report};

/// Make a new site: small, in Arabic, on the embedded theme
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to make it in; it may be there if it is empty [default: that of --root]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// The files of a new site.
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("scaffold/site.toml")),
    (".gitignore", "/public\n/.dhikra\n"),
    ("content/_index.md", include_str!("scaffold/home.md")),
    ("content/about.md", include_str!("scaffold/about.md")),
    ("content/articles/_index.md", include_str!("scaffold/articles.md")),
    ("content/articles/first-article.md", include_str!("scaffold/first-article.md")),
    ("content/events/_index.md", include_str!("scaffold/events.md")),
    ("content/events/opening.md", include_str!("scaffold/opening.md")),
    ("content/sources/_index.md", include_str!("scaffold/sources.md")),
    ("content/sources/register.md", include_str!("scaffold/register.md")),
];

pub(super) fn run(common: &Common, args: &Args) -> End {
    let dir = args.dir.as_ref().unwrap_or(&common.root);
    match make(dir) {
        Ok(()) => {
            let folder = dir.display();
            report::say(&format!(
                "A new site is in {folder}. See it in a browser, and every change as you save it, with\n\n    dhikra serve --open --root {folder}\n"
            ));
            End::Done
        }
        Err(message) => {
            report::tell(&format!("error: {message}"));
            End::Usage
        }
    }
}

fn make(dir: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| {
        format!("{} cannot be written: {error}", path.display())
    };
    fs::create_dir_all(dir).map_err(|e| failed(dir, e))?;
    let visible = |entry: &fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.');
    let mut entries = fs::read_dir(dir).map_err(|e| failed(dir, e))?.filter_map(Result::ok);
    if let Some(entry) = entries.find(visible) {
        return Err(format!(
            "{} is not empty: it holds {}",
            dir.display(),
            entry.file_name().display()
        ));
    }
    for (name, text) in FILES {
        let path = dir.join(name);
        if path.exists() {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        fs::write(&path, text).map_err(|e| failed(&path, e))?;
    }
    Ok(())
}
