//! The live preview: the site as it would be published now, over HTTP, and whatever the editor saves shown
//! at once in the pages that are open.
//!
//! ```text
//! files ─watch→ Changes ─Session::update→ Loaded ─publish→ Snapshot ←render on request─ HTTP
//! ```
//!
//! One thread, `updater`, turns changes into a new `snapshot::Snapshot` and puts it in the place of the old
//! one in one step. A request renders the page it asks for from the newest, by the function that a build
//! uses; `http` adds one script tag to it. That script is told of every new snapshot (`events`) and fetches
//! the page again where its bytes are others. Nothing is written to the disk, and no path of a request ever
//! becomes a path of a file: what is asked for is looked up among the site's outputs.

mod body;
mod client;
mod connections;
mod editor;
mod events;
mod file;
mod guard;
mod headers;
mod http;
mod looker;
mod own;
mod preview;
mod published;
mod respond;
mod snapshot;
mod state;
mod updater;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, SystemTime};

use crate::diagnostic::Diagnostic;
use crate::pipeline::Overrides;
use crate::source::SourceTree;

pub use editor::Editor;
pub use http::Listening;

/// How a site is previewed.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the site.
    pub root: PathBuf,
    /// What the command line changes.
    pub overrides: Overrides,
    /// The address to listen on: a name or an IP address.
    pub host: String,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// When the program began to read files.
    pub started: SystemTime,
    /// Whether files are looked at by the clock rather than by the system's events.
    pub poll: bool,
    /// What opens a file where the site names nothing.
    pub editor: Option<Editor>,
}

/// What a preview has to tell whoever started it.
#[derive(Debug)]
pub enum Message {
    /// The pages can be asked for.
    Ready {
        /// How many pages there are.
        pages: usize,
        /// How long it took.
        took: Duration,
        /// The files of the site; none where it cannot be loaded.
        tree: Option<Arc<SourceTree>>,
    },
    /// All of a snapshot was looked at.
    Looked {
        /// The number of the snapshot, from 1.
        generation: u64,
        /// How many files changed; none at the start.
        changed: usize,
        /// How long it took until the pages could be asked for.
        took: Duration,
        /// What is wrong, as far as it is known before pages are rendered.
        problems: Vec<Diagnostic>,
        /// The files to quote from; none where there is no site.
        tree: Option<Arc<SourceTree>>,
    },
    /// Files are looked at by the clock from now on, for this reason.
    Polling(String),
}

/// How many messages wait for somebody to take them.
const MESSAGES: usize = 64;

/// Whoever is told, by a thread that may take its time: a terminal that is held or a reader that went away holds up
/// no page. Where too many wait, the newest is lost.
#[derive(Clone, Debug)]
struct Teller(SyncSender<Message>);

impl Teller {
    fn new(tell: impl Fn(Message) + Send + 'static) -> Self {
        let (sender, messages) = sync_channel(MESSAGES);
        std::thread::spawn(move || messages.iter().for_each(tell));
        Self(sender)
    }

    fn tell(&self, message: Message) {
        let _ = self.0.try_send(message);
    }
}

/// Previews a site until the process is told to end (Ctrl-C, or SIGTERM where there is such a thing).
/// `listening` is told where, as soon as it is known.
///
/// # Errors
/// Where no port can be listened on, or the preview failed.
pub fn serve(
    options: Options,
    listening: impl FnOnce(&Listening),
    tell: impl Fn(Message) + Send + 'static,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(THREADS)
        .build()?;
    let (host, port) = (&options.host, options.port);
    let listeners = runtime.block_on(http::bind(host, port)).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {host}:{port}: {error}"))
    })?;
    listening(&listeners.at);
    let started = updater::start(&options, Teller::new(tell));
    let result = runtime.block_on(http::run(listeners, &started.preview, &options.host));
    started.nudge.stop();
    // A render that does not end holds up nobody.
    runtime.shutdown_background();
    result
}

/// How many threads read and render at the most. A snapshot renders a few pages at once; the others are for files, and
/// for renders of earlier snapshots that are on their way to end.
const THREADS: usize = 128;

/// Whether an address is this machine's own.
fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().is_loopback()
}
