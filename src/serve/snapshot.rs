//! The site at one moment: what is asked for is rendered from it, and kept until the next one comes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hyper::body::Bytes;
use tokio::sync::Semaphore;

use super::published::Published;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::pipeline::Loaded;
use crate::render::{Output, What};
use crate::site::{Page, PageIx};
use crate::source::digest;

/// The site at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// Its number, from 1.
    pub(super) generation: u64,
    /// The site; none where it could never be loaded.
    pub(super) site: Option<Arc<Loaded>>,
    /// The files that changed since the one before.
    pub(super) changed: HashSet<Arc<str>>,
    /// What is wrong with it, as far as it was known when it was made.
    early: Vec<Diagnostic>,
    /// What is wrong with it, as far as it is known without rendering; once every text was read.
    settled: OnceLock<Vec<Diagnostic>>,
    /// Who may render: so many at once, and each page once.
    turns: Arc<Semaphore>,
    turns_of_pages: Mutex<HashMap<Box<str>, Arc<Semaphore>>>,
    pages: Mutex<HashMap<Box<str>, Arc<Rendered>>>,
    published: OnceLock<Published>,
}

/// A page of a snapshot.
#[derive(Debug)]
pub(super) struct Rendered {
    /// The bytes that would be published; none where they cannot be made.
    pub(super) bytes: Option<Bytes>,
    /// Their digest, in hexadecimal.
    pub(super) digest: String,
    /// What is wrong with the page beside what is known of the site.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether these are the last good bytes, since the newest are not.
    pub(super) kept: bool,
    /// The file that is another by now than the snapshot knows.
    pub(super) stale: Option<Arc<str>>,
    /// Whether links that lead to it may be missing, since not every text was read yet.
    pub(super) early: bool,
    /// Whether its making was ended, since there is a newer snapshot.
    pub(super) stopped: bool,
}

/// What a path of the site leads to.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Output(&'a Output),
    /// A folder with a page, to be asked for with a slash at its end.
    Folder,
    Nothing,
}

/// How many pages of a snapshot are rendered at once.
const TURNS: usize = 4;
/// The most pages that are kept rendered.
const MOST_PAGES: usize = 1_000;

impl Snapshot {
    pub(super) fn new(
        generation: u64,
        site: Option<Arc<Loaded>>,
        early: Vec<Diagnostic>,
        changed: HashSet<Arc<str>>,
    ) -> Self {
        Self {
            generation,
            site,
            changed,
            early,
            settled: OnceLock::new(),
            turns: Arc::new(Semaphore::new(TURNS)),
            turns_of_pages: Mutex::default(),
            pages: Mutex::default(),
            published: OnceLock::new(),
        }
    }

    /// Reads every text and follows every link, and gives all that is wrong; `None` as soon as `go_on` says
    /// that nobody wants to know any more.
    pub(super) fn settle(&self, go_on: &dyn Fn() -> bool) -> Option<&[Diagnostic]> {
        let mut problems = self.early.clone();
        if let Some(site) = &self.site {
            problems.extend(site.settle_while(go_on)?);
        }
        Some(self.settled.get_or_init(|| problems))
    }

    /// What is wrong with it, where all of it is known.
    pub(super) fn problems(&self) -> Option<&[Diagnostic]> {
        self.settled.get().map(Vec::as_slice)
    }

    /// What a decoded path of the site (`/en/`) leads to.
    pub(super) fn find(&self, path: &str) -> Found<'_> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let is_folder = path.is_empty() || path.ends_with('/');
        let file = if is_folder { format!("{path}index.html") } else { path.to_owned() };
        match self.output(&file) {
            Some(output) => Found::Output(output),
            None if !is_folder && self.output(&format!("{path}/index.html")).is_some() => {
                Found::Folder
            }
            None => Found::Nothing,
        }
    }

    /// The page for a path where nothing is: that of the nearest folder that has one.
    pub(super) fn lost(&self, path: &str) -> Option<&Output> {
        let mut folder = path.trim_start_matches('/');
        loop {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let slash = if folder.is_empty() { "" } else { "/" };
            match self.output(&format!("{folder}{slash}404.html")) {
                None if !folder.is_empty() => {}
                found => return found,
            }
        }
    }

    /// An output by its path in the output folder.
    pub(super) fn output(&self, path: &str) -> Option<&Output> {
        let outputs = &self.site.as_ref()?.outputs;
        let at = outputs.binary_search_by(|output| (*output.path).cmp(path)).ok()?;
        outputs.get(at)
    }

    /// The page that an output shows.
    pub(super) fn page(&self, output: &Output) -> Option<(PageIx, &Page)> {
        match output.what {
            What::Page(ix, _) => Some((ix, self.site.as_ref()?.renderer.world().site.page(ix))),
            _ => None,
        }
    }

    /// The headers and redirects that the site asks its host for.
    pub(super) fn published(&self) -> &Published {
        self.published.get_or_init(|| {
            let text = |name: &str| {
                let bytes = self.site.as_ref()?.renderer.render(self.output(name)?).0?;
                String::from_utf8(bytes).ok()
            };
            Published::parse(
                &text("_headers").unwrap_or_default(),
                &text("_redirects").unwrap_or_default(),
            )
        })
    }

    /// Renders a page, once. `good` remembers the last good bytes of pages.
    pub(super) fn render(&self, output: &Output, good: &Good) -> Arc<Rendered> {
        let pages = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = pages().get(&output.path) {
            return Arc::clone(page);
        }
        let rendered = Arc::new(self.render_anew(output, good));
        if rendered.stale.is_none() && !rendered.early && !rendered.stopped {
            let mut pages = pages();
            if pages.len() >= MOST_PAGES {
                pages.clear();
            }
            pages.insert(output.path.clone(), Arc::clone(&rendered));
        }
        rendered
    }

    fn render_anew(&self, output: &Output, good: &Good) -> Rendered {
        let Some(site) = &self.site else { return Rendered::of(None, Vec::new(), false) };
        let world = site.renderer.world();
        let had_links = world.site.has_links();
        let (bytes, problems) = site.renderer.render(output);
        let bytes = bytes.map(Bytes::from);
        let changed = problems.iter().find(|problem| problem.code == codes::CHANGED);
        if let Some(problem) = changed {
            let stale = problem.span.as_ref().map(|span| Arc::clone(&span.file));
            let mut rendered = Rendered::of(bytes, problems, false);
            rendered.stale = stale;
            return rendered;
        }
        if bytes.is_none() && site.renderer.is_stopped() {
            return Rendered { stopped: true, ..Rendered::of(None, problems, false) };
        }
        if bytes.is_none() || self.is_kept(output) {
            return match good.get(&output.path) {
                Some(bytes) => Rendered::of(Some(bytes), problems, true),
                None => Rendered::of(bytes, problems, false),
            };
        }
        let early = !had_links && world.missed_links();
        if let Some(bytes) = bytes.as_ref().filter(|_| !early) {
            good.keep(&output.path, bytes.clone());
        }
        Rendered { early, ..Rendered::of(bytes, problems, false) }
    }

    /// Waits for the turn to render a page, which is held for as long as what is given. Whoever asks for a page that
    /// does not end waits for that page, and not in the way of others.
    pub(super) async fn turn(&self, output: &Output) -> Option<impl Send + use<>> {
        let own = {
            let mut turns = self.turns_of_pages.lock().unwrap_or_else(PoisonError::into_inner);
            let own = turns.entry(output.path.clone());
            Arc::clone(own.or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        let own = own.acquire_owned().await.ok()?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        Some((own, turn))
    }

    /// A page that takes too long: the last good one.
    pub(super) fn late(&self, output: &Output, good: &Good) -> Arc<Rendered> {
        let message = format!("the page /{} takes too long to render", output.path);
        let problem = Diagnostic::error(codes::TEMPLATE_ERROR, message);
        self.without(
            output,
            good,
            problem.hint("look for a loop in its template that does not end"),
        )
    }

    /// A page that the program failed on: the last good one.
    pub(super) fn failed(&self, output: &Output, good: &Good) -> Arc<Rendered> {
        let message = format!("the program failed on the page /{}", output.path);
        let problem = Diagnostic::error(codes::TEMPLATE_ERROR, message);
        self.without(output, good, problem.hint("this is a fault of dhikra: please report it"))
    }

    fn without(&self, output: &Output, good: &Good, problem: Diagnostic) -> Arc<Rendered> {
        let problem = match self.page(output) {
            Some((_, page)) => problem.at(Span::file(&page.document.file.path)),
            None => problem,
        };
        let bytes = good.get(&output.path);
        let kept = bytes.is_some();
        Arc::new(Rendered::of(bytes, vec![problem], kept))
    }

    /// Ends the renders of a snapshot that nobody asks any more.
    pub(super) fn stop(&self) {
        if let Some(site) = &self.site {
            site.renderer.stop();
        }
    }

    /// Whether what a page shows cannot be read as it is now.
    fn is_kept(&self, output: &Output) -> bool {
        let (Some(site), Some((_, page))) = (&self.site, self.page(output)) else { return false };
        let original = &site.renderer.world().site.group_of(page).original;
        !site.kept.is_empty()
            && [&page.document.file.path, &original.file.path]
                .into_iter()
                .any(|path| site.kept.contains(path))
    }
}

impl Rendered {
    fn of(bytes: Option<Bytes>, problems: Vec<Diagnostic>, kept: bool) -> Self {
        let digest = bytes.as_ref().map(|bytes| hex(&digest(bytes))).unwrap_or_default();
        Self { bytes, digest, problems, kept, stale: None, early: false, stopped: false }
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The last good bytes of the pages that were looked at.
#[derive(Debug, Default)]
pub(super) struct Good(Mutex<(usize, HashMap<Box<str>, Bytes>)>);

/// The most bytes that are remembered.
const MOST_BYTES: usize = 64 * 1024 * 1024;

impl Good {
    fn get(&self, path: &str) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.get(path).cloned()
    }

    fn keep(&self, path: &str, bytes: Bytes) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (size, pages) = &mut *pages;
        if *size + bytes.len() > MOST_BYTES {
            *size = 0;
            pages.clear();
        }
        *size += bytes.len();
        if let Some(before) = pages.insert(path.into(), bytes) {
            *size -= before.len();
        }
    }
}
