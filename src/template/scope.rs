//! The page being rendered, known to every function. Tera components see only their arguments, so
//! it cannot travel in the context; it is a value of the thread for the time of one render.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use tera::{Error, TeraResult, Value};

use super::sources::Entry;
use super::values::Summaries;
use crate::assets::Assets;
use crate::assets::pictures::Pictures;
use crate::card::Cards;
use crate::diagnostic::{Diagnostic, Problems};
use crate::site::{GroupIx, LanguageTools, Page, PageIx, Site};

/// What every render of one site shares.
#[derive(Debug)]
pub struct World {
    /// The site.
    pub site: Arc<Site>,
    /// Its assets.
    pub assets: Arc<Assets>,
    /// Its pictures.
    pub pictures: Arc<Pictures>,
    /// What its social cards are drawn with.
    pub cards: Arc<Cards>,
    /// The results of queries that do not depend on the page, by language and arguments.
    pub(super) queries: RwLock<HashMap<(usize, String), Value>>,
    /// Data files as template values.
    pub(super) data: Value,
    summaries: Summaries,
    /// Sources as lists of references have them, by language and page.
    pub(super) entries: RwLock<HashMap<(usize, PageIx), Entry>>,
    /// The pages that name each source.
    naming: OnceLock<HashMap<GroupIx, Vec<GroupIx>>>,
    /// Whether a render goes on without links that are not followed yet.
    hasty: bool,
    /// Whether one did.
    missed: AtomicBool,
}

impl World {
    /// A world of a site, its assets, its pictures and what its cards are drawn with.
    #[must_use]
    pub fn new(
        site: Arc<Site>,
        assets: Arc<Assets>,
        pictures: Arc<Pictures>,
        cards: Arc<Cards>,
    ) -> Self {
        let data = Value::from_serializable(&site.frame.data);
        let summaries = Summaries::new(&site);
        Self {
            site,
            assets,
            pictures,
            cards,
            queries: RwLock::default(),
            data,
            summaries,
            entries: RwLock::default(),
            naming: OnceLock::new(),
            hasty: false,
            missed: AtomicBool::new(false),
        }
    }

    /// The same world, in which a render does not wait for the links of the site to be followed:
    /// [`World::missed_links`] says whether it should have.
    #[must_use]
    pub fn hasty(self) -> Self {
        Self { hasty: true, ..self }
    }

    /// Whether a render went on without links that were not followed yet.
    #[must_use]
    pub fn missed_links(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }

    /// The pages whose text links to a page.
    pub(super) fn backlinks(&self, ix: PageIx) -> &[PageIx] {
        if self.hasty && !self.site.has_links() {
            self.missed.store(true, Ordering::Relaxed);
            return &[];
        }
        self.site.backlinks(ix)
    }

    /// The pages that cite a page.
    pub(super) fn citing(&self, ix: PageIx) -> &[PageIx] {
        if self.hasty && !self.site.has_links() {
            self.missed.store(true, Ordering::Relaxed);
            return &[];
        }
        self.site.citing(ix)
    }

    /// The pages that name a source in their front matter, by their ids.
    pub(super) fn naming(&self, source: GroupIx) -> &[GroupIx] {
        let site = &self.site;
        let found = self.naming.get_or_init(|| {
            let mut naming = HashMap::<GroupIx, Vec<GroupIx>>::new();
            for group in site.group_indices() {
                for source in super::related::sources(site, group) {
                    naming.entry(source).or_default().push(group);
                }
            }
            naming
        });
        found.get(&source).map_or(&[], Vec::as_slice)
    }

    /// The summary of a page.
    #[must_use]
    pub fn summary(&self, ix: PageIx) -> Value {
        self.summaries.get(&self.site, ix)
    }

    /// The summaries of several pages.
    #[must_use]
    pub fn summaries(&self, pages: &[PageIx]) -> Value {
        Value::from(pages.iter().map(|ix| self.summary(*ix)).collect::<Vec<_>>())
    }
}

/// A render under way.
pub struct Scope {
    /// The world.
    pub world: Arc<World>,
    /// The language that is being rendered.
    pub lang: usize,
    /// The page, unless it is a 404 page.
    pub page: Option<PageIx>,
    /// Problems that do not fail the render.
    pub problems: Problems,
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scope({:?}, {})", self.page, self.lang)
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Scope>>> = const { RefCell::new(None) };
}

impl Scope {
    /// Runs `render` with this scope as the current one; gives its result and the problems that
    /// functions reported.
    pub fn run<T>(self, render: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
        /// Puts the outer scope back, whatever happens.
        struct Restore(Option<Rc<Scope>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        let scope = Rc::new(self);
        let restore = Restore(CURRENT.replace(Some(Rc::clone(&scope))));
        let result = render();
        drop(restore);
        let problems = Rc::try_unwrap(scope).map(|scope| scope.problems.into_vec());
        (result, problems.unwrap_or_default())
    }

    /// The current scope.
    pub(super) fn current() -> TeraResult<Rc<Self>> {
        CURRENT
            .with_borrow(Option::clone)
            .ok_or_else(|| Error::message("called outside of a render"))
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.world.site
    }

    /// The page being rendered.
    pub(super) fn page(&self) -> Option<&Page> {
        self.page.map(|ix| self.site().page(ix))
    }

    /// The formatters of the language being rendered.
    pub(super) fn tools(&self) -> &LanguageTools {
        self.site().tools(self.lang)
    }
}
