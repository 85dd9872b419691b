//! What several tests need: a small site in a folder of its own, the program run on it, and the
//! state of a folder to compare.

// Each test uses its own part of this.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

/// The program, with an environment that says the same on every machine: no colour, 2026-01-10.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dhikra"));
    command
        .env_clear()
        .env("NO_COLOR", "1")
        .env("SOURCE_DATE_EPOCH", "1768003200")
        .stdin(Stdio::null());
    command
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error.
    pub(crate) stderr: String,
}

impl Run {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program starts");
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// The lines of `--message-format json`.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).expect("every line is JSON");
        self.stdout.lines().map(parse).collect()
    }

    /// The problems among the lines.
    pub(crate) fn problems(&self) -> Vec<Value> {
        let lines = self.lines().into_iter();
        lines.filter(|line| line.get("code").is_some()).collect()
    }

    /// The codes of the errors among the lines.
    pub(crate) fn errors(&self) -> Vec<String> {
        let problems = self.problems().into_iter();
        problems
            .filter(|problem| problem["severity"] == "error")
            .map(|problem| problem["code"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// How many files were written, unchanged and deleted. Fails where nothing was published.
    pub(crate) fn counts(&self) -> (u64, u64, u64) {
        let lines = self.lines();
        let summary = lines.last().map(|line| &line["summary"]);
        let summary = summary.unwrap_or_else(|| panic!("there is no summary: {self:?}"));
        assert_eq!(summary["published"], true, "{self:?}");
        let count = |key| summary[key].as_u64().unwrap_or_default();
        (count("written"), count("unchanged"), count("deleted"))
    }

    /// The run, which must have ended without a problem.
    #[track_caller]
    pub(crate) fn clean(self) -> Self {
        assert!(self.code == Some(0) && self.problems().is_empty(), "{self:?}");
        self
    }

    /// The run, which must have ended with an error of this code and published nothing.
    #[track_caller]
    pub(crate) fn refused(self, code: &str) -> Self {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(self.errors().iter().any(|c| c == code), "{self:?}");
        let lines = self.lines();
        let published = lines.last().map(|line| &line["summary"]["published"]);
        assert_ne!(published, Some(&Value::Bool(true)), "{self:?}");
        self
    }
}

/// A site in a folder of its own: a home page on a theme without links, nothing else.
pub(crate) struct Site {
    dir: TempDir,
}

impl Site {
    /// Makes the site.
    pub(crate) fn new() -> Self {
        let site = Self { dir: tempfile::tempdir().expect("a temporary folder") };
        let template = "<!doctype html><title>{{ page.title }}</title>\n{{ page.content }}\n";
        site.write(
            "site.toml",
            "base_url = \"https://example.org/\"\ntheme = \"bare\"\n[languages.ar]\ntitle = \"موقع\"\n",
        );
        site.write("themes/bare/theme.toml", "name = \"bare\"\n");
        for name in ["home", "section", "page"] {
            site.write(&format!("themes/bare/templates/{name}.html"), template);
        }
        site.page("_index", "الرئيسية");
        site
    }

    /// Gives it the default theme without fonts and cards: they take seconds to make, and other tests hold them.
    /// `settings` are its `site.toml` up to `[output]`, whose keys end it.
    pub(crate) fn in_the_default_theme(&self, settings: &str) {
        let more = "cards = false\n[settings.preload]\nar = []\nen = []\n";
        self.write("site.toml", format!("{settings}{more}"));
        self.write("assets/css/_fonts.css", "");
    }

    /// The folder of the site.
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("site")
    }

    /// The output folder, beside the site's.
    pub(crate) fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    /// A path beside the site and its output.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file of the site.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        write(&self.root().join(path), bytes);
    }

    /// Writes a page with a title and a body that names it.
    pub(crate) fn page(&self, id: &str, title: &str) {
        let text = format!("---\ntitle: \"{title}\"\n---\nنص {title}.\n");
        self.write(&format!("content/{id}.md"), text);
    }

    /// Deletes a file of the site.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("the file is there");
    }

    /// The command that builds the site into a folder.
    pub(crate) fn command(&self, out: &Path) -> Command {
        let mut command = program();
        command.args(["build", "--message-format", "json", "--root"]);
        command.arg(self.root()).arg("--out").arg(out);
        command
    }

    /// Builds the site into its output folder.
    pub(crate) fn build(&self) -> Run {
        Run::of(&mut self.command(&self.out()))
    }

    /// What a build into a new folder gives.
    pub(crate) fn clean_build(&self) -> BTreeMap<String, Vec<u8>> {
        let out = tempfile::tempdir().expect("a temporary folder");
        Run::of(&mut self.command(out.path())).clean();
        visible(out.path())
    }
}

/// Writes a file with the folders above it.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    let parent = path.parent().expect("a path below a folder");
    fs::create_dir_all(parent).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

/// The bytes of all files below a folder by their paths; symbolic links are files that hold where
/// they lead, empty folders end in `/`. None where the folder is not there.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    if !folder.exists() {
        return found;
    }
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.expect("the folder can be read");
        let name = entry.path().strip_prefix(folder).expect("it is below");
        let name = name.to_str().expect("names are Unicode").replace('\\', "/");
        if entry.file_type().is_dir() {
            if fs::read_dir(entry.path()).is_ok_and(|mut entries| entries.next().is_none()) {
                found.insert(name + "/", Vec::new());
            }
        } else if entry.path_is_symlink() {
            let target = fs::read_link(entry.path()).expect("the link can be read");
            found.insert(name, format!("→ {}", target.display()).into_bytes());
        } else {
            found.insert(name, fs::read(entry.path()).expect("the file can be read"));
        }
    }
    found
}

/// [`files`] but for the program's own.
pub(crate) fn visible(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = files(out);
    found.retain(|path, _| !path.starts_with(".dhikra"));
    found
}

/// Fails where two folders differ, with the paths that do.
#[track_caller]
pub(crate) fn same<T: PartialEq>(found: &BTreeMap<String, T>, expected: &BTreeMap<String, T>) {
    let paths = found.keys().chain(expected.keys());
    let differ: BTreeSet<_> =
        paths.filter(|path| found.get(*path) != expected.get(*path)).collect();
    assert!(differ.is_empty(), "these differ: {differ:#?}");
}

/// Names, bytes and times of all files of an output folder but its lock: what a build without
/// effect leaves as it was.
pub(crate) fn state(out: &Path) -> BTreeMap<String, (Vec<u8>, Option<SystemTime>)> {
    let time = |path: &str| {
        let meta = fs::symlink_metadata(out.join(path)).ok()?;
        meta.modified().ok()
    };
    files(out)
        .into_iter()
        .filter(|(path, _)| path != ".dhikra/lock")
        .map(|(path, bytes)| {
            let time = time(&path);
            (path, (bytes, time))
        })
        .collect()
}
