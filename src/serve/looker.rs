//! The thread that finds everything that is wrong with the newest snapshot, after its pages can be asked for.
//! What it has begun with is left as soon as there is a newer one.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::preview::Preview;
use super::snapshot::Snapshot;
use super::{Message, Teller};

/// A snapshot to look at.
pub(super) struct Job {
    pub(super) snapshot: Arc<Snapshot>,
    /// How many files changed.
    pub(super) changed: usize,
    /// How long it took to make.
    pub(super) took: Duration,
}

/// Starts the thread. It ends with the sender.
pub(super) fn start(preview: Arc<Preview>, teller: Teller) -> Sender<Job> {
    let (sender, jobs) = channel();
    std::thread::spawn(move || run(&jobs, &preview, &teller));
    sender
}

fn run(jobs: &Receiver<Job>, preview: &Preview, teller: &Teller) {
    while let Ok(first) = jobs.recv() {
        let Job { snapshot, changed, took } = jobs.try_iter().last().unwrap_or(first);
        let generation = snapshot.generation;
        let is_newest = || preview.newest() == generation;
        let Some(problems) = snapshot.settle(&is_newest) else { continue };
        preview.settle(generation);
        let tree = snapshot.site.as_ref().map(|site| Arc::clone(&site.tree));
        let problems = problems.to_vec();
        teller.tell(Message::Looked { generation, changed, took, problems, tree });
    }
}
