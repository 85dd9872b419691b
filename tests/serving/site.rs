//! The site that is previewed: a copy of `site/` in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::{self, Run};
use crate::server::Server;

/// A site on the default theme, in two languages, with everything that a page can depend on.
pub(crate) struct Site(TempDir);

impl Site {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serving/site");
        for (path, bytes) in common::files(&from) {
            common::write(&folder.path().join("site").join(path), bytes);
        }
        Self(folder)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.0.path().join("site")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        common::write(&self.path(path), text);
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file")
    }

    /// Replaces a text in a file, in which it stands.
    pub(crate) fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} holds {old}");
        self.write(path, &text.replace(old, new));
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("the file is there");
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("the folder");
        fs::rename(self.path(from), to).expect("the file is there");
    }

    /// What a clean build makes of the files as they are.
    pub(crate) fn build(&self, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let out = tempfile::tempdir().expect("a temporary folder");
        let mut command = common::program();
        command.args(["build", "--message-format", "json", "--root"]).arg(self.root());
        command.arg("--out").arg(out.path()).args(arguments);
        let run = Run::of(&mut command);
        assert_eq!(run.code, Some(0), "{run:?}");
        common::visible(out.path())
    }

    /// Holds that a server answers every path of a clean build with its bytes.
    #[track_caller]
    pub(crate) fn is_what(&self, server: &Server, arguments: &[&str]) {
        let built = self.build(arguments);
        let asked = |path: &String| {
            let answer = server.get(&format!("/{}", path.trim_end_matches("index.html")));
            (path.clone(), answer.published())
        };
        let served: BTreeMap<String, Vec<u8>> = built.keys().map(asked).collect();
        common::same(&served, &built);
    }
}
