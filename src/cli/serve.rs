//! `dhikra serve`

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::json;

use super::report::{self, counted};
use super::{Common, End, SiteOptions};
use crate::diagnostic::{self, Diagnostic, Quotes, Severity};
use crate::pipeline;
use crate::serve::{self, Editor, Listening, Message, Options};
use crate::source::{Folder, SourceTree, settings_digest};

/// Show the site in a browser, and every change of it as soon as it is saved
///
/// Nothing is written to the disk. Pages are as they would be published, with one script added that
/// brings changes in and shows what is wrong. Press Ctrl-C to end.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Open the site in a browser
    #[arg(long)]
    open: bool,
    /// The port; where it is taken, the next one that is free
    #[arg(long, default_value_t = 1951, value_name = "PORT")]
    port: u16,
    /// The name or address to listen on; others can read the site if it is not this machine's own
    #[arg(long, default_value = "127.0.0.1", value_name = "HOST")]
    host: String,
    /// Look at the files by the clock, where the file system does not tell of changes
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    site: SiteOptions,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let overrides = args.site.overrides();
    if settings_digest(&common.root).is_none()
        && let Err(problems) = pipeline::load(&common.root, &overrides)
    {
        report::problems(common, &Folder(&common.root), problems);
        return End::Problems;
    }
    let options = Options {
        root: common.root.clone(),
        overrides,
        host: args.host.clone(),
        port: args.port,
        started: SystemTime::now(),
        poll: args.poll,
        editor: editor(),
    };
    let teller = Arc::new(Teller::new(common, args.open));
    let (listening, told) = (Arc::clone(&teller), Arc::clone(&teller));
    let result = serve::serve(
        options,
        move |at| listening.listening(at),
        move |message| told.tell(&message),
    );
    match result {
        Ok(()) => {
            report::tell("Ended");
            End::Done
        }
        Err(error) => {
            report::tell(&format!("error: {error}"));
            if error.kind() == std::io::ErrorKind::Other {
                return End::Problems;
            }
            report::tell("help: choose another address with --host or another port with --port");
            End::Usage
        }
    }
}

/// The program that opens files, as other programs find it.
fn editor() -> Option<Editor> {
    ["VISUAL", "EDITOR"].iter().find_map(|name| Editor::parse(&std::env::var(name).ok()?))
}

/// Tells of what happens, on the terminal or for programs.
struct Teller {
    common: Common,
    open: bool,
    listening: Mutex<Option<Listening>>,
    /// The problems that were last told.
    told: Mutex<Vec<Diagnostic>>,
}

impl Teller {
    fn new(common: &Common, open: bool) -> Self {
        Self { common: common.clone(), open, listening: Mutex::default(), told: Mutex::default() }
    }

    fn listening(&self, at: &Listening) {
        *self.listening.lock().unwrap_or_else(PoisonError::into_inner) = Some(at.clone());
    }

    fn tell(&self, message: &Message) {
        match message {
            Message::Polling(why) => {
                let text = format!("Looking at the files by the clock: {why}");
                report::summary_of(&self.common, &text, "polling", json!({ "why": why }));
            }
            Message::Ready { pages, took, tree } => {
                self.ready(tree.as_deref(), *pages, took.as_secs_f64())
            }
            Message::Looked { generation, changed, took, problems, tree } => {
                let (errors, warnings) = self.problems(problems, tree.as_deref());
                let seconds = took.as_secs_f64();
                let text = format!(
                    "Updated in {:.0} ms: {}{}",
                    seconds * 1000.0,
                    counted(*changed, "file", "files"),
                    report::troubles(errors, warnings)
                );
                let object = json!({
                    "generation": generation, "files": changed, "seconds": seconds,
                    "errors": errors, "warnings": warnings,
                });
                if *generation > 1 {
                    report::summary_of(&self.common, &text, "updated", object);
                }
            }
        }
    }

    /// Tells of problems, unless it last told of the same; gives how many errors and warnings there are.
    fn problems(&self, problems: &[Diagnostic], tree: Option<&SourceTree>) -> (usize, usize) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = problems.to_vec();
        let folder = Folder(&self.common.root);
        let quotes: &dyn Quotes = tree.map_or(&folder, |tree| tree);
        diagnostic::sort(&mut found, quotes);
        let of = |severity| found.iter().filter(|problem| problem.severity == severity).count();
        let counts = (of(Severity::Error), of(Severity::Warning));
        if *told != found {
            told.clone_from(&found);
            report::problems(&self.common, quotes, found);
        }
        counts
    }

    /// Says where the site is, once it is there.
    fn ready(&self, tree: Option<&SourceTree>, pages: usize, seconds: f64) {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Listening { address, taken }) = listening else { return };
        let path = tree.map_or_else(|| "/".to_owned(), |tree| tree.config.base.path("/"));
        // Every address is none that a browser can go to.
        let host = match address.ip() {
            ip if ip.is_unspecified() && ip.is_ipv6() => "[::1]".to_owned(),
            ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        let url = format!("http://{host}:{}{path}", address.port());
        let port = taken.map(|port| format!(" (port {port} is taken)")).unwrap_or_default();
        let text = format!(
            "Serving {} at {url}{port}, ready in {seconds:.2} s; press Ctrl-C to end",
            counted(pages, "page", "pages")
        );
        if !address.ip().is_loopback() {
            report::tell("warning: others on the network can read this site, drafts and all");
        }
        let object = json!({
            "url": url, "port": address.port(), "taken": taken, "pages": pages,
            "seconds": seconds,
        });
        report::summary_of(&self.common, &text, "serving", object);
        if self.open {
            browse(&url);
        }
    }
}

/// Opens a URL in the browser. Whoever has none can read the line that says where the site is.
fn browse(url: &str) {
    if let Err(error) = open::that_detached(url) {
        report::tell(&format!("The browser does not open: {error}"));
    }
}
