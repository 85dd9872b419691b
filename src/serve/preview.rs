//! What requests and the updater share: the newest snapshot, and what was good before it.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::editor::Editor;
use super::snapshot::{Good, Rendered, Snapshot};
use crate::render::{Output, What};
use crate::source::watch::Nudge;

/// How long a request waits for an update that is under way, or for a file that has just changed to be read.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it waits for the links that lead to a page.
const LINKS: Duration = Duration::from_millis(150);
/// The same before every text was read once. On a large site that takes seconds; the page is brought up to date
/// then.
const FIRST_LINKS: Duration = Duration::from_millis(50);
/// How long a page may take.
const RENDER: Duration = Duration::from_secs(10);
/// How often a page is rendered again because its file changed meanwhile.
const TRIES: usize = 8;
/// How many snapshots back it is known which files changed.
const MOST_HISTORY: usize = 256;

/// Where the preview stands.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The newest snapshot; none until the site is read.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// Whether a newer one is being made.
    pub(super) busy: bool,
    /// The newest snapshot of which all problems are known.
    pub(super) settled: u64,
    /// Whether there will be no newer one, since the updater failed.
    failed: bool,
}

/// A preview, shared by the updater and every connection.
#[derive(Debug)]
pub(super) struct Preview {
    state: watch::Sender<State>,
    good: Arc<Good>,
    /// The published files that changed, by snapshot.
    history: Mutex<VecDeque<(u64, Vec<String>)>>,
    nudge: Nudge,
    /// What opens files where the site names nothing.
    pub(super) editor: Option<Editor>,
}

impl Preview {
    pub(super) fn new(editor: Option<Editor>, nudge: Nudge) -> Self {
        Self {
            state: watch::Sender::new(State { busy: true, ..State::default() }),
            good: Arc::default(),
            history: Mutex::default(),
            nudge,
            editor,
        }
    }

    /// Says that a newer snapshot is being made.
    pub(super) fn begin(&self) {
        self.state.send_modify(|state| state.busy = true);
    }

    /// Says that it came to nothing new.
    pub(super) fn idle(&self) {
        self.state.send_modify(|state| state.busy = false);
    }

    /// Says that there will be no newer snapshot.
    pub(super) fn fail(&self) {
        self.state.send_modify(|state| state.failed = true);
    }

    /// Waits until there will be no newer snapshot.
    pub(super) async fn failed(&self) {
        // The sender is this preview's own.
        let _ = self.state.subscribe().wait_for(|state| state.failed).await;
    }

    /// Puts a snapshot in the place of the one before, which is given back.
    pub(super) fn publish(&self, snapshot: Arc<Snapshot>) -> Option<Arc<Snapshot>> {
        let files = changed_files(&snapshot);
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        if history.len() >= MOST_HISTORY {
            history.pop_front();
        }
        history.push_back((snapshot.generation, files));
        drop(history);
        // Made here and not by the thread that serves all.
        snapshot.published();
        let mut before = None;
        self.state.send_modify(|state| {
            before = state.snapshot.replace(snapshot);
            state.busy = false;
        });
        if let Some(before) = &before {
            before.stop();
        }
        before
    }

    /// The number of the newest snapshot; 0 before the first.
    pub(super) fn newest(&self) -> u64 {
        self.state.borrow().snapshot.as_ref().map_or(0, |snapshot| snapshot.generation)
    }

    /// Says that all problems of a snapshot are known.
    pub(super) fn settle(&self, generation: u64) {
        self.state.send_modify(|state| state.settled = state.settled.max(generation));
    }

    /// Waits until all problems of a snapshot are known, or there is a newer one.
    pub(super) async fn settled(&self, generation: u64) {
        let known = |state: &State| {
            state.settled >= generation
                || state.snapshot.as_ref().is_some_and(|s| s.generation > generation)
        };
        // It only fails where the preview has ended.
        let _ = self.state.subscribe().wait_for(known).await;
    }

    /// Is told of every snapshot.
    pub(super) fn subscribe(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// The newest snapshot, once any that is being made is ready.
    pub(super) async fn current(&self) -> Option<Arc<Snapshot>> {
        self.newer_than(0).await
    }

    /// The newest snapshot, once there is one after `generation`; after a while, what there is.
    async fn newer_than(&self, generation: u64) -> Option<Arc<Snapshot>> {
        let mut states = self.state.subscribe();
        let ready = |state: &State| {
            !state.busy && state.snapshot.as_ref().is_some_and(|s| s.generation > generation)
        };
        if let Ok(newest) = timeout(PATIENCE, states.wait_for(ready)).await {
            return newest.ok().and_then(|state| state.snapshot.clone());
        }
        // A large site takes its time to be read at first.
        let any = states.wait_for(|state| state.snapshot.is_some()).await;
        any.ok().and_then(|state| state.snapshot.clone())
    }

    /// Renders an output of the newest snapshot. Where its file is another by now, that is read first.
    /// `find` finds it; `None` where it finds nothing.
    pub(super) async fn render<F>(&self, find: F) -> Option<(Arc<Snapshot>, Arc<Rendered>)>
    where
        F: Fn(&Snapshot) -> Option<Output> + Clone + Send + 'static,
    {
        let mut after = 0;
        for _ in 0..TRIES {
            let snapshot = self.newer_than(after).await?;
            let mut rendered = self.render_of(&snapshot, find.clone()).await?;
            let patience = if self.state.borrow().settled > 0 { LINKS } else { FIRST_LINKS };
            if rendered.early && timeout(patience, self.settled(snapshot.generation)).await.is_ok()
            {
                rendered = self.render_of(&snapshot, find.clone()).await?;
            }
            if rendered.stopped {
                after = snapshot.generation;
                continue;
            }
            // Where nothing newer came of it, the file is shown as it can be.
            let newest = snapshot.generation > after;
            let Some(stale) = rendered.stale.clone().filter(|_| newest) else {
                return Some((snapshot, rendered));
            };
            self.nudge.look(PathBuf::from(&*stale));
            after = snapshot.generation;
        }
        let snapshot = self.current().await?;
        let rendered = self.render_of(&snapshot, find).await?;
        Some((snapshot, rendered))
    }

    /// Renders an output of a snapshot, off the thread that serves connections.
    pub(super) async fn render_of<F>(
        &self,
        snapshot: &Arc<Snapshot>,
        find: F,
    ) -> Option<Arc<Rendered>>
    where
        F: FnOnce(&Snapshot) -> Option<Output> + Send + 'static,
    {
        let (of, good) = (Arc::clone(snapshot), Arc::clone(&self.good));
        let output = find(&of)?;
        // A page that does not end holds up the others of its snapshot, not those of the next.
        let Ok(Some(turn)) = timeout(RENDER, snapshot.turn(&output)).await else {
            return Some(snapshot.late(&output, &self.good));
        };
        let wanted = output.clone();
        let render = tokio::task::spawn_blocking(move || {
            let rendered = of.render(&wanted, &good);
            drop(turn);
            rendered
        });
        Some(match timeout(RENDER, render).await {
            Ok(Ok(rendered)) => rendered,
            Ok(Err(_)) => snapshot.failed(&output, &self.good),
            Err(_) => snapshot.late(&output, &self.good),
        })
    }

    /// The encoded URLs of published files that changed after a snapshot.
    pub(super) fn files_since(&self, generation: u64) -> Vec<String> {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let later = history.iter().filter(|(number, _)| *number > generation);
        let mut files: Vec<String> = later.flat_map(|(_, files)| files.iter().cloned()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// The encoded URLs of a snapshot's published files that changed.
fn changed_files(snapshot: &Snapshot) -> Vec<String> {
    let Some(site) = &snapshot.site else { return Vec::new() };
    if snapshot.changed.iter().all(|path| path.ends_with(".md")) {
        return Vec::new();
    }
    let files = site.outputs.iter().filter(|output| match &output.what {
        What::File(file) | What::Picture(file) => snapshot.changed.contains(&file.path),
        _ => false,
    });
    files.map(|output| site.tree.config.base.path(&format!("/{}", output.path))).collect()
}
