//! Server-sent events (the HTML standard, §9.2): a page that is open is told of every snapshot.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::mpsc::{Sender, channel};
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use super::body::Body;
use super::connections::Place;
use super::preview::{Preview, State};
use super::state;

/// How often a line is sent though nothing happened, so that a client which is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What an open page says of itself.
#[derive(Debug)]
pub(super) struct Open {
    /// Its decoded path on the host.
    pub(super) path: String,
    /// The number of the snapshot that it knows.
    pub(super) generation: u64,
    /// The file and the language tag of the page that it last was, if it was connected before.
    pub(super) source: Option<(String, String)>,
}

/// The events for an open page.
pub(super) fn stream(preview: &Arc<Preview>, open: Open, place: Arc<Place>) -> Body {
    let (sender, receiver) = channel(2);
    tokio::spawn(send(Arc::clone(preview), open, place, sender));
    Body::Stream(receiver)
}

async fn send(preview: Arc<Preview>, open: Open, place: Arc<Place>, sender: Sender<Bytes>) {
    let Open { path, generation: mut known, source: last } = open;
    let mut states = preview.subscribe();
    let mut source = None;
    let mut last = last;
    loop {
        states.borrow_and_update();
        let Some((snapshot, mut event)) = state::of_newest(&preview, &path, known).await else {
            return;
        };
        known = snapshot.generation;
        if let Some((file, lang)) = last.take() {
            source = state::source(&snapshot, file, &lang);
        }
        state::follow(&snapshot, &path, &mut source, &mut event);
        let text = format!("event: state\nid: {known}\ndata: {event}\n\n");
        if sender.send(text.into()).await.is_err() {
            return;
        }
        place.alive();
        loop {
            match timeout(HEARTBEAT, newer(&mut states, known)).await {
                Ok(true) => break,
                Ok(false) => return,
                Err(_) if sender.send(Bytes::from_static(b":\n\n")).await.is_err() => return,
                Err(_) => {}
            }
        }
    }
}

/// Waits for a snapshot after `known`; `false` where none will come.
async fn newer(states: &mut Receiver<State>, known: u64) -> bool {
    let is_newer =
        |state: &State| state.snapshot.as_ref().is_some_and(|snapshot| snapshot.generation > known);
    states.wait_for(is_newer).await.is_ok()
}
