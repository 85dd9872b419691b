//! A branch that a host publishes (GitHub, GitLab, Codeberg Pages), by the user's own `git`.
//!
//! Nothing is checked out: the new tree is made in an index of its own, in a repository below the site's
//! `.dhikra/`, and pushed in one step, only if the branch is still what was looked at (`--force-with-lease`).
//! Which files of the branch are ours stands in the branch, in `.dhikra/files`; all others stay as they are.

mod history;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Mutex;

use super::build::Build;
use super::command::{self, Output};
use super::manifest::{File, Held, Manifest, Release, State};
use super::plan::Plan;
use super::run::{Done, Source};
use super::{Entry, Failure, Headers, Means, Step, is_inside};
use history::{BASE_URL, Commit, RELEASE, by_last_use, served};

/// The file that lists ours: a sign, a space, a path in each line. `=` is a file, `!` one whose name changes with
/// its bytes, `~` such a one of an older release.
const FILES: &str = ".dhikra/files";

/// Where what was fetched is kept.
const FETCHED: &str = "refs/dhikra/fetched";

/// A branch.
#[derive(Debug)]
pub struct Git {
    /// The repository, as `git` knows it.
    remote: String,
    branch: String,
    /// The host name that goes into `CNAME`.
    domain: Option<String>,
    /// Our own repository, which only holds objects.
    own: PathBuf,
    seen: Mutex<Seen>,
}

/// What was found out about the branch.
#[derive(Debug, Default)]
struct Seen {
    tip: Option<String>,
    /// The commits of releases, by their names.
    commits: BTreeMap<String, String>,
    /// The names that `git` has for the bytes of a build.
    names: BTreeMap<String, String>,
}

/// An entry of a tree.
struct Leaf {
    mode: String,
    name: String,
    size: u64,
}

impl Git {
    /// The branch of a repository; `own` is where our own repository is made.
    #[must_use]
    pub fn new(remote: String, branch: String, domain: Option<String>, own: PathBuf) -> Self {
        Self { remote, branch, domain, own, seen: Mutex::new(Seen::default()) }
    }

    fn reference(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Runs `git` on our own repository.
    fn git(
        &self,
        arguments: &[&str],
        input: &[u8],
        index: Option<&str>,
    ) -> Result<Output, Failure> {
        let mut variables: Vec<(&str, OsString)> =
            vec![("GIT_DIR", self.own.clone().into()), ("GIT_TERMINAL_PROMPT", "0".into())];
        if let Some(index) = index {
            variables.push(("GIT_INDEX_FILE", self.own.join(index).into()));
        }
        let arguments: Vec<OsString> = arguments.iter().map(Into::into).collect();
        command::run("git", &arguments, &variables, input)
    }

    /// The same, where it has to succeed.
    fn must(
        &self,
        arguments: &[&str],
        input: &[u8],
        index: Option<&str>,
    ) -> Result<Output, Failure> {
        let output = self.git(arguments, input, index)?;
        if output.code == Some(0) {
            return Ok(output);
        }
        let doing = arguments.first().copied().unwrap_or_default();
        Err(self.failed(doing, &output.said))
    }

    fn failed(&self, doing: &str, said: &str) -> Failure {
        let what = format!("`git {doing}` failed: {said}");
        let denied = [
            "Permission denied",
            "could not read Username",
            "Authentication failed",
            "not found",
            "does not appear to be a git repository",
            "Host key verification failed",
            "403",
        ];
        if denied.iter().any(|word| said.contains(word)) {
            return Failure::new(what).hint(format!(
                "`git ls-remote` of the repository in site.toml has to work without asking anything, and to push to \
                 `{}` has to be allowed",
                self.branch
            ));
        }
        Failure { passing: matches!(doing, "fetch" | "ls-remote" | "push"), ..Failure::new(what) }
    }

    /// The commit that the branch is at; none where there is no such branch.
    fn tip(&self, means: &Means<'_>) -> Result<Option<String>, Failure> {
        let ask = || self.must(&["ls-remote", "--", &self.remote, &self.reference()], b"", None);
        let text = means.insist(ask)?.text();
        let mut lines = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(lines.find(|(_, name)| *name == self.reference()).map(|(hash, _)| hash.to_owned()))
    }

    /// Finds out what the branch holds. With a build, what is there is compared with it.
    pub(super) fn look(
        &self,
        means: Means<'_>,
        keep: usize,
        build: Option<&Build>,
    ) -> Result<Held, Failure> {
        self.must(&["init", "--quiet", "--bare"], b"", None)?;
        let names = match build {
            Some(build) => self.store(build)?,
            None => BTreeMap::new(),
        };
        let mut seen = Seen { tip: self.tip(&means)?, names, ..Seen::default() };
        let held = match seen.tip.clone() {
            Some(tip) => self.look_at(&means, &tip, keep, build, &mut seen)?,
            None => Held::default(),
        };
        *self.seen() = seen;
        Ok(held)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts the bytes of a build into our own repository; gives the names of each path's.
    fn store(&self, build: &Build) -> Result<BTreeMap<String, String>, Failure> {
        let mut list = String::new();
        for path in build.files.keys() {
            list.push_str(&build.folder.join(path).to_string_lossy());
            list.push('\n');
        }
        // As they are: no line ends are changed, no filter of the user's is run.
        let arguments = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
        let text = self.must(&arguments, list.as_bytes(), None)?.text();
        let names: BTreeMap<String, String> =
            build.files.keys().cloned().zip(text.lines().map(str::to_owned)).collect();
        if names.len() == build.files.len() {
            return Ok(names);
        }
        Err(Failure::new("`git hash-object` did not take every file").hint("deploy again"))
    }

    fn look_at(
        &self,
        means: &Means<'_>,
        tip: &str,
        keep: usize,
        build: Option<&Build>,
        seen: &mut Seen,
    ) -> Result<Held, Failure> {
        // Going back adds commits too.
        let depth = format!("--depth={}", keep * 4 + 4);
        let from = format!("+{}:{FETCHED}", self.reference());
        let fetch = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--update-shallow",
            &depth,
            "--",
            &self.remote,
            &from,
        ];
        means.insist(|| self.must(&fetch, b"", None))?;
        let tree = self.tree(tip)?;
        let mut hashes = BTreeMap::new();
        for (path, name) in &seen.names {
            if let Some(file) = build.and_then(|build| build.files.get(path)) {
                hashes.insert(name.clone(), file.hash.clone());
            }
        }
        let hash = |name: &str| hashes.get(name).cloned().unwrap_or_else(|| format!("git:{name}"));
        let entry = |leaf: &Leaf| Entry {
            size: leaf.size,
            version: Some(leaf.name.clone()),
            hash: Some(hash(&leaf.name)),
        };
        let mut held = Held::default();
        for (path, leaf) in &tree {
            let wanted = build.is_some_and(|build| build.files.contains_key(path));
            if path != FILES && (wanted || !HOUSEKEEPING.contains(&&**path)) {
                held.listing.insert(path.clone(), entry(leaf));
            }
        }
        let own = build.is_some_and(|build| build.files.contains_key("CNAME"));
        held.unsettled = !own && self.is_unsettled(&tree)?;
        let mut commits = self.commits()?;
        // Others commit too, and then ours may lie deeper than was fetched.
        if commits.is_empty() && tree.contains_key(FILES) {
            let deepen =
                ["fetch", "--quiet", "--no-tags", "--unshallow", "--", &self.remote, &from];
            means.insist(|| self.must(&deepen, b"", None))?;
            commits = self.commits()?;
        }
        let Some(first) = commits.first() else { return Ok(held) };
        let current = served(first).to_owned();
        let mut states: Vec<State> = Vec::new();
        for (commit, last) in by_last_use(&commits) {
            if states.len() > keep {
                break;
            }
            let Some(mut state) = self.state(commit, &hash)? else { continue };
            let release = &mut state.current.release;
            release.served = last;
            let at = commits.iter().position(|other| other.hash == commit.hash);
            let before = at.and_then(|at| commits.get(at + 1));
            release.before = before.map_or_else(String::new, |before| short(served(before)));
            seen.commits.insert(release.id.clone(), commit.hash.clone());
            states.push(state);
        }
        let releases: Vec<Release> =
            states.iter().rev().map(|state| state.current.release.clone()).collect();
        // What is served is what the branch holds now, be it an older release with newer assets beside it.
        let Some(mut state) = self.state(first, &hash)? else { return Ok(held) };
        let id = short(&current);
        match releases.iter().find(|release| release.id == id) {
            Some(release) => state.current.release = release.clone(),
            None => state.current.release.id = id,
        }
        state.releases = releases;
        let id = state.current.release.id.clone();
        held.others =
            states.into_iter().map(|s| s.current).filter(|m| m.release.id != id).collect();
        held.state = Some(state);
        Ok(held)
    }

    /// Whether the branch has another host name than the site.
    fn is_unsettled(&self, tree: &BTreeMap<String, Leaf>) -> Result<bool, Failure> {
        let Some(domain) = &self.domain else { return Ok(false) };
        let Some(leaf) = tree.get("CNAME") else { return Ok(true) };
        let there = self.must(&["cat-file", "blob", &leaf.name], b"", None)?.text();
        Ok(there.trim() != domain)
    }

    /// The files of a commit.
    fn tree(&self, commit: &str) -> Result<BTreeMap<String, Leaf>, Failure> {
        let output = self.must(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit], b"", None)?;
        let text = String::from_utf8(output.stdout)
            .map_err(|_| Failure::new("a path in the branch is not UTF-8"))?;
        let leaf = |line: &str| {
            let (head, path) = line.split_once('\t')?;
            let mut parts = head.split_ascii_whitespace();
            let (mode, _, name) = (parts.next()?, parts.next()?, parts.next()?);
            let size = parts.next()?.parse().unwrap_or(0);
            let leaf = Leaf { mode: mode.to_owned(), name: name.to_owned(), size };
            Some((path.to_owned(), leaf))
        };
        Ok(text.split('\0').filter_map(leaf).collect())
    }

    /// What a commit of ours holds; none where it does not say which files are ours.
    fn state(
        &self,
        commit: &Commit,
        hash: &dyn Fn(&str) -> String,
    ) -> Result<Option<State>, Failure> {
        let list =
            self.git(&["cat-file", "blob", &format!("{}:{FILES}", commit.hash)], b"", None)?;
        if list.code != Some(0) {
            return Ok(None);
        }
        let tree = self.tree(&commit.hash)?;
        let (mut files, mut kept) = (BTreeMap::new(), BTreeMap::new());
        for line in list.text().lines() {
            let Some((sign, path)) = line.split_once(' ') else { continue };
            let Some(leaf) = tree.get(path).filter(|_| is_inside(path)) else { continue };
            let file = File {
                hash: hash(&leaf.name),
                size: leaf.size,
                headers: Headers::of(path, sign != "="),
                version: Some(leaf.name.clone()),
            };
            let place = if sign == "~" { &mut kept } else { &mut files };
            place.insert(path.to_owned(), file);
        }
        let mut current = Manifest::new(files, &commit.base_url, commit.time);
        current.release.id = short(&commit.hash);
        Ok(Some(State { current, kept, releases: Vec::new() }))
    }

    /// Does what is planned, by one commit and one push.
    pub(super) fn deploy(
        &self,
        means: Means<'_>,
        plan: &Plan,
        next: &Manifest,
        source: Source<'_>,
    ) -> Result<Done, Failure> {
        let seen = self.seen();
        let tip = seen.tip.clone();
        let mut tree = match &tip {
            Some(tip) => self.tree(tip)?,
            None => BTreeMap::new(),
        };
        for path in &plan.deletions {
            tree.remove(path);
        }
        let again = match source {
            Source::Build(_) => None,
            Source::Kept => Some(seen.commits.get(&next.release.id).ok_or_else(|| {
                Failure::new(format!("the commit {} is not there any more", next.release.id))
            })?),
        };
        let older = again.map_or_else(|| Ok(BTreeMap::new()), |commit| self.tree(commit))?;
        for path in next.files.keys() {
            let name = seen.names.get(path).or_else(|| older.get(path).map(|leaf| &leaf.name));
            let Some(name) = name else {
                return Err(Failure::new(format!("the bytes of `{path}` are not there")));
            };
            tree.insert(path.clone(), blob(name));
        }
        self.housekeeping(plan, next, &mut tree)?;
        let commit = self.commit(&tree, tip.as_deref(), next, again)?;
        self.push(&means, &commit, tip.as_deref())?;
        (means.watch)(Step::Uploaded(plan.bytes()));
        (means.watch)(Step::Verifying);
        if self.tip(&means)?.as_deref() != Some(&*commit) {
            let what = format!("`{}` is not at what was pushed to it", self.branch);
            return Err(Failure::new(what).hint("somebody else pushes there; deploy again"));
        }
        let (uploaded, deleted) = (plan.uploads.len(), plan.deletions.len());
        Ok(Done { uploaded, deleted, left: false })
    }

    /// What hosts want beside the site, and what we want to find again.
    fn housekeeping(
        &self,
        plan: &Plan,
        next: &Manifest,
        tree: &mut BTreeMap<String, Leaf>,
    ) -> Result<(), Failure> {
        let put = |bytes: &str| {
            let arguments = ["hash-object", "-w", "--no-filters", "--stdin"];
            Ok::<_, Failure>(blob(&self.must(&arguments, bytes.as_bytes(), None)?.text()))
        };
        let mut list = String::new();
        for (path, file) in &next.files {
            let sign = if file.headers.immutable() { "!" } else { "=" };
            list.extend([sign, " ", path, "\n"]);
        }
        for path in plan.kept.keys() {
            list.extend(["~ ", path, "\n"]);
        }
        tree.insert(FILES.into(), put(&list)?);
        if !next.files.contains_key(".nojekyll") {
            // Without it, GitHub leaves out what begins with `_`.
            tree.insert(".nojekyll".into(), put("")?);
        }
        if let Some(domain) = self.domain.as_ref().filter(|_| !next.files.contains_key("CNAME")) {
            tree.insert("CNAME".into(), put(&format!("{domain}\n"))?);
        }
        Ok(())
    }

    fn commit(
        &self,
        tree: &BTreeMap<String, Leaf>,
        parent: Option<&str>,
        next: &Manifest,
        again: Option<&String>,
    ) -> Result<String, Failure> {
        let index = "deploy.index";
        let mut list = Vec::new();
        for (path, leaf) in tree {
            list.extend_from_slice(format!("{} {}\t{path}\0", leaf.mode, leaf.name).as_bytes());
        }
        self.must(&["read-tree", "--empty"], b"", Some(index))?;
        self.must(&["update-index", "-z", "--index-info"], &list, Some(index))?;
        let tree = self.must(&["write-tree"], b"", Some(index))?.text();
        let base_url = &next.release.base_url;
        let mut message = match again {
            None => format!("Deploy {} files\n\n{BASE_URL}{base_url}\n", next.files.len()),
            Some(_) => format!("Serve {} again\n\n{BASE_URL}{base_url}\n", next.release.id),
        };
        if let Some(commit) = again {
            message.extend([RELEASE, commit, "\n"]);
        }
        // Who has told git no name deploys all the same.
        let named = self.git(&["config", "user.email"], b"", None)?.code == Some(0);
        let mut arguments: Vec<&str> = Vec::new();
        if !named {
            arguments.extend(["-c", "user.name=dhikra", "-c", "user.email=dhikra@localhost"]);
        }
        arguments.extend(["commit-tree", "--no-gpg-sign", &tree, "-F", "-"]);
        if let Some(parent) = parent {
            arguments.extend(["-p", parent]);
        }
        Ok(self.must(&arguments, message.as_bytes(), None)?.text())
    }

    fn push(&self, means: &Means<'_>, commit: &str, tip: Option<&str>) -> Result<(), Failure> {
        let reference = self.reference();
        // Of the branch as it was looked at; an empty one: that there is none.
        let lease = format!("--force-with-lease={reference}:{}", tip.unwrap_or_default());
        let what = format!("{commit}:{reference}");
        means.insist(|| {
            let push =
                self.git(&["push", "--quiet", &lease, "--", &self.remote, &what], b"", None)?;
            if push.code == Some(0) {
                return Ok(());
            }
            // An answer that was lost may have told of a success.
            if self.tip(means).ok().flatten().as_deref() == Some(commit) {
                return Ok(());
            }
            if push.said.contains("stale info") || push.said.contains("fetch first") {
                let what =
                    format!("somebody else pushed to `{}` since the plan was made", self.branch);
                return Err(Failure::new(what).hint("deploy again, by a new plan"));
            }
            Err(self.failed("push", &push.said))
        })
    }
}

/// Files that hosts want and that are no part of the site.
const HOUSEKEEPING: [&str; 2] = [".nojekyll", "CNAME"];

/// A file of a tree.
fn blob(name: &str) -> Leaf {
    Leaf { mode: "100644".into(), name: name.to_owned(), size: 0 }
}

/// The name of a release: the beginning of its commit's.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
