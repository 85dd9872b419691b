//! The thread that turns changes of files into snapshots.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Instant, SystemTime};

use super::looker::{self, Job};
use super::preview::Preview;
use super::snapshot::Snapshot;
use super::{Message, Options, Teller};
use crate::pipeline::{Loaded, Session, Update};
use crate::render::What;
use crate::source::watch::{Changes, Nudge, Step, Watch};

/// An updater that runs.
pub(super) struct Started {
    pub(super) preview: Arc<Preview>,
    pub(super) nudge: Nudge,
}

/// Starts to read and watch a site.
pub(super) fn start(options: &Options, teller: Teller) -> Started {
    let (watch, nudge) = Watch::new(&options.root);
    let preview = Arc::new(Preview::new(options.editor.clone(), nudge.clone()));
    let session = Session::new(&options.root, &options.overrides);
    let looker = looker::start(Arc::clone(&preview), teller.clone());
    let updater = Updater { preview: Arc::clone(&preview), session, teller, looker, generation: 0 };
    let (poll, started) = (options.poll, options.started);
    std::thread::spawn(move || updater.run(watch, poll, started));
    Started { preview, nudge }
}

struct Updater {
    preview: Arc<Preview>,
    session: Session,
    teller: Teller,
    looker: Sender<Job>,
    generation: u64,
}

impl Updater {
    fn run(mut self, mut watch: Watch, poll: bool, started: SystemTime) {
        let start = Instant::now();
        let loaded = self.session.load(true);
        self.publish(Update { loaded, changed: HashSet::new() }, start);
        let missed = watch.start(poll, started);
        self.session.remember();
        // As a rule nothing did, so that no page waits for it.
        self.update(&missed);
        loop {
            if let Some(tree) = self.session.tree() {
                watch.follow_links(tree.links());
            }
            match watch.wait() {
                Step::Changes(changes) => {
                    self.preview.begin();
                    self.update(&changes);
                }
                Step::Polling(why) => self.teller.tell(Message::Polling(why)),
                Step::Stopped => return,
            }
        }
    }

    /// Makes a snapshot of what changed, if anything did.
    fn update(&mut self, changes: &Changes) {
        let start = Instant::now();
        match self.session.update(changes) {
            Some(update) => self.publish(update, start),
            None => self.preview.idle(),
        }
    }

    /// Makes a snapshot of the site and tells of it.
    fn publish(&mut self, update: Update, start: Instant) {
        self.generation += 1;
        let (site, problems) = match update.loaded {
            Ok(mut loaded) => {
                let problems = std::mem::take(&mut loaded.problems);
                (Some(Arc::new(loaded)), problems)
            }
            // There was never a site.
            Err(problems) => (None, problems),
        };
        let is_file = |path: &&Arc<str>| {
            let file = site.as_ref().and_then(|site| site.tree.any_file(path));
            file.is_none_or(|file| file.table().is_none())
        };
        let changed = update.changed.iter().filter(is_file).count();
        let snapshot = Arc::new(Snapshot::new(self.generation, site, problems, update.changed));
        let before = self.preview.publish(Arc::clone(&snapshot));
        let took = start.elapsed();
        let generation = self.generation;
        if generation == 1 {
            let site = snapshot.site.as_deref();
            let pages = site.map_or(0, count_pages);
            let tree = site.map(|site| Arc::clone(&site.tree));
            self.teller.tell(Message::Ready { pages, took, tree });
        }
        // It ends only with the process.
        let _ = self.looker.send(Job { snapshot, changed, took });
        // To give a large site's memory back takes a while; nobody waits for this thread to do it.
        drop(before);
    }
}

fn count_pages(site: &Loaded) -> usize {
    site.outputs.iter().filter(|output| matches!(output.what, What::Page(..))).count()
}

impl Drop for Updater {
    /// However it ends, nobody waits for it any more; a preview that shows what is old is worse than none.
    fn drop(&mut self) {
        self.preview.idle();
        if std::thread::panicking() {
            self.preview.fail();
        }
    }
}
