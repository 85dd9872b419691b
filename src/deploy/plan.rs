//! What has to be done so that a target serves what it should, and why. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::OWN_PREFIX;
use super::build::packed_of;
use super::manifest::{File, Held, blob};
use crate::diagnostic::{Diagnostic, codes};

/// The most of a site's files that may go at once without being allowed to, in per cent.
const MANY: usize = 20;

/// What a target is to serve.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The files by their paths.
    pub files: &'a BTreeMap<String, File>,
    /// The base URL that they were made for.
    pub base_url: &'a str,
    /// How many older releases stay ready.
    pub keep: usize,
    /// Whether the target serves headers of ours.
    pub headers: bool,
    /// Whether a target that holds other files before the first deploy is more likely another one that was meant.
    pub alone: bool,
}

/// Why a file is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is not there.
    New,
    /// It has other bytes.
    Changed,
    /// It has the same bytes and is served with other headers.
    Headers,
    /// It is not as it was deployed: somebody else changed or deleted it, or a deploy was interrupted.
    Astray,
    /// A file that is not ours is there.
    Foreign,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Changed, Self::Headers, Self::Astray, Self::Foreign];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Headers => "headers changed",
            Self::Astray => "not as it was deployed",
            Self::Foreign => "in the place of a file that is not ours",
        }
    }
}

/// When a file is put; all of one turn are there before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// What has a name of its own for each content.
    Assets,
    /// Pictures, data: what pages need and show.
    Files,
    /// Pages that no page which is there can lead to.
    NewPages,
    /// Pages that may lead to new ones.
    Pages,
    /// What lists all others: homes, feeds, sitemaps, indexes of a search.
    Lists,
}

/// A file to be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its path.
    pub path: String,
    /// Its size.
    pub size: u64,
    /// Why.
    pub why: Why,
    /// Its place in the order: a turn, the deepest pages first, what is packed before what it holds.
    turn: (Turn, Reverse<usize>, bool),
}

impl Upload {
    /// Whether it may be put at the same time as another one.
    pub(super) fn beside(&self, other: &Self) -> bool {
        self.turn == other.turn
    }
}

/// What somebody has to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// Many files would be deleted.
    Deletions,
    /// There is no home page.
    Empty,
    /// The site was built for another address.
    BaseUrl,
    /// Files that are not ours would be replaced.
    Foreign,
    /// Another deploy seems to be under way.
    Lock,
}

impl Guard {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Deletions, Self::Empty, Self::BaseUrl, Self::Foreign, Self::Lock];

    /// The word that allows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deletions => "deletions",
            Self::Empty => "empty",
            Self::BaseUrl => "base-url",
            Self::Foreign => "foreign",
            Self::Lock => "lock",
        }
    }

    /// The problem of what it guards against.
    #[must_use]
    pub fn refuse(self, message: impl Into<String>) -> Diagnostic {
        let hint = format!("if it is meant, allow it with --allow {}", self.as_str());
        Diagnostic::error(codes::DEPLOY_REFUSED, message).hint(hint)
    }
}

/// What has to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Files to be put, in their order.
    pub uploads: Vec<Upload>,
    /// Paths to be deleted when all else is done.
    pub deletions: Vec<String>,
    /// Files of older releases that stay in their places.
    pub kept: BTreeMap<String, File>,
    /// Files that are there already.
    pub unchanged: usize,
    /// Files that are there and not ours, and stay.
    pub foreign: usize,
    /// Paths whose bytes are kept before anything else is done, with their hashes.
    pub(super) saved: Vec<(String, String)>,
    /// Paths whose bytes at the target are no longer those of the release that they belong to.
    pub lost: Vec<String>,
    /// Keys of ours that nothing needs any more.
    pub(super) obsolete: Vec<String>,
    /// What somebody has to allow, with the problem that it is otherwise.
    pub guards: Vec<(Guard, Diagnostic)>,
}

impl Plan {
    /// Whether all is as it should be.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.uploads.is_empty() && self.deletions.is_empty()
    }

    /// How many bytes are put.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.size).sum()
    }

    /// How many files are put for a reason.
    #[must_use]
    pub fn count(&self, why: Why) -> usize {
        self.uploads.iter().filter(|upload| upload.why == why).count()
    }
}

/// The paths that may already be as they should though nothing written down says so: whoever plans asks the
/// target for their marks first.
pub(super) fn doubtful<'a>(wanted: &'a BTreeMap<String, File>, held: &Held) -> Vec<&'a str> {
    let doubtful = |(path, file): &(&String, &File)| {
        let there = held.listing.get(*path).is_some_and(|entry| entry.size == file.size);
        there && !held.is_as_recorded(path)
    };
    wanted.iter().filter(doubtful).map(|(path, _)| path.as_str()).collect()
}

/// Says what has to be done.
#[must_use]
pub fn plan(wish: Wish<'_>, held: &Held) -> Plan {
    let mut plan = Plan::default();
    let owned = held.owned();
    for (path, file) in wish.files {
        match reason(path, file, wish.headers, held, &owned) {
            None => plan.unchanged += 1,
            Some(why) => plan.uploads.push(Upload {
                path: path.clone(),
                size: file.size,
                why,
                turn: turn(path, file, why, held),
            }),
        }
    }
    plan.uploads.sort_by(|a, b| a.turn.cmp(&b.turn).then_with(|| a.path.cmp(&b.path)));
    keep_assets(&mut plan, wish, held);
    for path in &owned {
        let stays = wish.files.contains_key(*path) || plan.kept.contains_key(*path);
        if !stays && held.listing.contains_key(*path) {
            plan.deletions.push((*path).to_owned());
        }
    }
    let ours = |key: &str| key.starts_with(OWN_PREFIX) || owned.contains(key);
    let foreign = held.listing.keys().filter(|key| !ours(key));
    plan.foreign = foreign.filter(|key| !wish.files.contains_key(*key)).count();
    save(&mut plan, wish, held);
    guard(&mut plan, wish, held);
    plan
}

/// Why a file has to be put; none where it is there.
fn reason(
    path: &str,
    file: &File,
    headers: bool,
    held: &Held,
    owned: &BTreeSet<&str>,
) -> Option<Why> {
    let Some(entry) = held.listing.get(path) else {
        return Some(if held.recorded(path).is_some() { Why::Astray } else { Why::New });
    };
    if let Some(recorded) = held.recorded(path).filter(|_| held.is_as_recorded(path)) {
        return if recorded.hash != file.hash {
            Some(Why::Changed)
        } else if headers && recorded.headers != file.headers {
            Some(Why::Headers)
        } else {
            None
        };
    }
    let by_hash = !headers && entry.hash.as_ref() == Some(&file.hash);
    if by_hash || held.stamps.get(path) == Some(&file.stamp()) {
        return None;
    }
    Some(if owned.contains(path) { Why::Astray } else { Why::Foreign })
}

/// The beginnings of names of files that list others, or say what becomes of them.
const LISTS: [&str; 7] = ["feed", "sitemap", "atom", "rss", "robots", "_headers", "_redirects"];

/// The place of a file in the order.
fn turn(path: &str, file: &File, why: Why, held: &Held) -> (Turn, Reverse<usize>, bool) {
    let base = packed_of(path).unwrap_or(path);
    let depth = base.matches('/').count();
    let name = base.rsplit('/').next().unwrap_or_default();
    let is_page = name.ends_with(".html");
    let is_new = why == Why::New && !held.listing.contains_key(base);
    let is_list = base.starts_with("search/")
        || base.contains("/search/")
        || LISTS.iter().any(|word| name.starts_with(word));
    let turn = if file.headers.immutable() {
        Turn::Assets
    } else if base == "index.html" || (is_list && !is_page) {
        Turn::Lists
    } else if !is_page {
        Turn::Files
    } else if is_new {
        Turn::NewPages
    } else if is_home(base) {
        Turn::Lists
    } else {
        Turn::Pages
    };
    let pages = matches!(turn, Turn::NewPages | Turn::Pages | Turn::Lists);
    (turn, Reverse(if pages { depth } else { 0 }), base == path)
}

/// Whether a page is the home of a language, such as `en/index.html`.
fn is_home(path: &str) -> bool {
    let language = path.strip_suffix("/index.html").unwrap_or_default();
    let main = language.split('-').next().unwrap_or_default();
    main.len() == 2 && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The releases that stay ready beside the one that is to be served: the youngest ones.
fn ready<'a>(wish: Wish<'_>, held: &'a Held) -> Vec<&'a BTreeMap<String, File>> {
    let Some(state) = &held.state else { return Vec::new() };
    let files = |id: &str| {
        let mut whole = std::iter::once(&state.current).chain(&held.others);
        whole.find(|manifest| manifest.release.id == id).map(|manifest| &manifest.files)
    };
    let youngest = state.releases.iter().rev().filter_map(|release| files(&release.id));
    youngest.filter(|files| !same_files(files, wish.files)).take(wish.keep).collect()
}

/// Whether two releases serve the same.
pub(super) fn same_files(a: &BTreeMap<String, File>, b: &BTreeMap<String, File>) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|((p, f), (q, g))| p == q && f.hash == g.hash && f.headers == g.headers)
}

/// Leaves the assets of older releases where they are: a page in somebody's cache asks for them.
fn keep_assets(plan: &mut Plan, wish: Wish<'_>, held: &Held) {
    for files in ready(wish, held) {
        for (path, file) in files.iter().filter(|(_, file)| file.headers.immutable()) {
            let there = held.recorded(path).filter(|there| there.hash == file.hash);
            if let Some(there) = there.filter(|_| !wish.files.contains_key(path)) {
                plan.kept.entry(path.clone()).or_insert_with(|| there.clone());
            }
        }
    }
}

/// Finds the bytes that have to be kept so that older releases can be served again, and those that need not
/// any more.
fn save(plan: &mut Plan, wish: Wish<'_>, held: &Held) {
    let stays = |path: &str, hash: &str| {
        let there = wish.files.get(path).or_else(|| plan.kept.get(path));
        there.is_some_and(|file| file.hash == hash)
    };
    let mut needed = BTreeSet::new();
    let mut saved = BTreeMap::new();
    let mut lost = Vec::new();
    for files in ready(wish, held) {
        for (path, file) in files.iter().filter(|(path, file)| !stays(path, &file.hash)) {
            needed.insert(blob(&file.hash));
            if held.has_blob(&file.hash) || saved.contains_key(&file.hash) {
                continue;
            }
            let is_there = held.recorded(path).is_some_and(|there| there.hash == file.hash);
            if is_there && held.is_as_recorded(path) {
                saved.insert(file.hash.clone(), path.clone());
            } else {
                lost.push(path.clone());
            }
        }
    }
    lost.sort();
    lost.dedup();
    plan.saved = saved.into_iter().map(|(hash, path)| (path, hash)).collect();
    plan.lost = lost;
    let blobs = blob("");
    let is_obsolete = |key: &&String| key.starts_with(&blobs) && !needed.contains(*key);
    plan.obsolete = held.listing.keys().filter(is_obsolete).cloned().collect();
}

/// Finds what looks like a mistake.
fn guard(plan: &mut Plan, wish: Wish<'_>, held: &Held) {
    if !wish.files.contains_key("index.html") {
        let message = "the site has no home page, so that nothing would be at its address";
        plan.guards.push((Guard::Empty, Guard::Empty.refuse(message)));
    }
    let foreign: Vec<&Upload> = plan.uploads.iter().filter(|u| u.why == Why::Foreign).collect();
    if let Some(first) = foreign.first() {
        let message = format!(
            "{} at the target that no deploy of ours put there would be replaced: `{}`{}",
            files(foreign.len()),
            first.path,
            if foreign.len() > 1 { " and others" } else { "" }
        );
        plan.guards.push((Guard::Foreign, Guard::Foreign.refuse(message)));
    }
    if wish.alone && held.state.is_none() && plan.foreign > 0 && foreign.is_empty() {
        let message =
            format!("the target holds {} that no deploy of ours put there", files(plan.foreign));
        let refused = Guard::Foreign
            .refuse(message)
            .hint("they would stay beside the site; is this the branch that is meant?");
        plan.guards.push((Guard::Foreign, refused));
    }
    // Assets come and go with every change of the theme.
    let lasting = |path: &str| held.recorded(path).is_none_or(|f| !f.headers.immutable());
    let owned = held.owned();
    let there =
        owned.iter().filter(|path| held.listing.contains_key(**path) && lasting(path)).count();
    let gone = plan.deletions.iter().filter(|path| lasting(path)).count();
    if gone * 100 > there * MANY {
        let message = format!("{} of {there} at the target would be deleted", files(gone));
        plan.guards.push((Guard::Deletions, Guard::Deletions.refuse(message)));
    }
    let Some(state) = &held.state else { return };
    let before = &state.current.release.base_url;
    if before != wish.base_url {
        let message = format!(
            "the site was built for {}, and what is at the target for {before}",
            wish.base_url
        );
        plan.guards.push((Guard::BaseUrl, Guard::BaseUrl.refuse(message)));
    }
}

fn files(n: usize) -> String {
    format!("{n} {}", if n == 1 { "file" } else { "files" })
}
