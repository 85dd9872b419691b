//! Whether the external links of a site are alive, asked of their servers.
//!
//! A link goes through three hands. A `client` sends one request and says what came of it;
//! `ask` decides from that what becomes of the link: a verdict, or another request; the `queue`
//! says when that may be sent, so that no host ever has two at once. What was found is remembered
//! in a `cache`, for the web is slow and its servers are others'.
//!
//! What cannot be told from here is never called dead: a server that refuses programs, wants a
//! password or is down today says nothing about the page.

mod address;
mod archive;
mod ask;
mod cache;
mod client;
mod queue;
mod wait;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use url::Url;

use self::address::Target;
use self::ask::{Found, Job, Rules};
use self::cache::Cache;
use self::client::{Answer, Client, Trouble};
use self::queue::Queue;

/// After how many results the cache is written, for a run that does not come to its end.
const SAVE_EVERY: usize = 16;

/// How links are checked.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file where what was found is remembered; its folder is made.
    pub cache: PathBuf,
    /// The time, in seconds since the Unix epoch: the clock is the caller's to read.
    pub now: u64,
    /// The address of an API like `https://archive.org/wayback/available`, asked for a copy of each
    /// dead page. None: none is looked for.
    pub archive: Option<String>,
    /// The most time that one request may take, from the look-up of its host on.
    pub timeout: Duration,
    /// How many hosts are asked at once.
    pub workers: usize,
    /// The rest that a host has after each request.
    pub per_host_delay: Duration,
    /// How often a request is repeated that failed in a way that may pass.
    pub retries: u32,
    /// The wait before the first repetition; it doubles with each.
    pub retry_wait: Duration,
}

/// What is known of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The page is there, or nothing says that it is not.
    Alive,
    /// The page is there, and its server says that it is now found at this URL for good. The URL is
    /// encoded, and ends in the fragment of the link.
    Moved(String),
    /// The page is gone.
    Dead {
        /// What shows it, as part of a sentence: `answers 404 (not found)`.
        why: String,
        /// The URL of an archived copy.
        archived: Option<String>,
    },
    /// It cannot be told from here; why, as part of a sentence.
    Unsure(String),
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// For each URL, in the order in which they were given.
    pub verdicts: Vec<Verdict>,
    /// Why what was found could not be remembered, if it could not: the next run asks it all again.
    pub unsaved: Option<String>,
}

/// Says of each URL whether it is alive. Returns when all is known, which may take minutes;
/// `progress` is called with the number of different addresses that are known and that there are.
/// Only the addresses of the web are asked; what else there is (`mailto:`, relative links) is
/// [`Verdict::Alive`].
///
/// A request goes through the proxy that the environment names in `ALL_PROXY`, `HTTPS_PROXY` or
/// `HTTP_PROXY`, but for `NO_PROXY` and for this machine itself.
#[must_use]
pub fn check(
    urls: &[String],
    options: &Options,
    progress: &mut dyn FnMut(usize, usize),
) -> Checked {
    let targets: Vec<Target> = urls.iter().map(|url| Target::of(url)).collect();
    let mut addresses: Vec<&Url> = Vec::new();
    let mut known: BTreeMap<&Url, Option<Verdict>> = BTreeMap::new();
    let mut cache = Cache::read(&options.cache, options.now);
    for target in &targets {
        let Target::Web { page, .. } = target else { continue };
        known.entry(page).or_insert_with(|| {
            let remembered = cache.get(page.as_str());
            if remembered.is_none() {
                addresses.push(page);
            }
            remembered
        });
    }
    let (all, mut done) = (known.len(), known.len() - addresses.len());
    progress(done, all);
    let mut unsaved = None;
    let mut reached = false;
    let mut without_host = Vec::new();
    ask_all(&addresses, options, |found, any| {
        let Some(&page) = addresses.get(found.link) else { return };
        reached |= any;
        if found.no_host {
            without_host.push(page);
        }
        cache.put(page.as_str(), &found.verdict);
        known.insert(page, Some(found.verdict));
        done += 1;
        progress(done, all);
        // Without a network every host is unknown; that is not worth remembering.
        if reached && (done % SAVE_EVERY == 0 || done == all) {
            let file = options.cache.display();
            unsaved = cache.write().err().map(|error| format!("{file} cannot be written: {error}"));
        }
    });
    if !reached {
        for page in without_host {
            let why = "has a host that was not found, but nor was any other: is there a network?";
            known.insert(page, Some(Verdict::Unsure(why.to_owned())));
        }
    }
    let verdicts = targets.iter().map(|target| target.verdict(&known)).collect();
    Checked { verdicts, unsaved }
}

/// Asks for every address. Each result is handed over as it comes, with whether any server has
/// answered so far.
fn ask_all(addresses: &[&Url], options: &Options, mut tell: impl FnMut(Found, bool)) {
    if addresses.is_empty() {
        return;
    }
    let rules = Rules {
        retries: options.retries,
        retry_wait: options.retry_wait,
        archive: options.archive.as_deref().and_then(|url| Url::parse(url).ok()),
    };
    let client = Client::new(options.timeout, options.now);
    let jobs = addresses.iter().enumerate().map(|(link, url)| Job::new(link, (*url).clone()));
    let queue = Queue::new(jobs, options.per_host_delay);
    let (results, inbox) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..options.workers.clamp(1, addresses.len()) {
            let (client, queue, rules, results) = (&client, &queue, &rules, results.clone());
            let work = move || {
                while let Some(mut task) = queue.take() {
                    let answer = task.shut.take().map_or_else(|| send(client, &task.job), Err);
                    let (host, sign) = (task.host, queue::Sign::of(&answer));
                    let next = ask::next(task.job, answer, rules);
                    if let Some(found) = queue.give_back(&host, &sign, next) {
                        _ = results.send((found, queue.reached()));
                    }
                }
            };
            // Where the system gives no more threads, those that there are do the work; where it
            // gives none, the links stay unknown.
            _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        drop(results);
        for (found, reached) in inbox {
            tell(found, reached);
        }
    });
}

/// Sends a request, and outlives what a stranger's bytes may do to the libraries that read them: a worker that
/// falls would leave the others waiting for its link for ever.
fn send(client: &Client, job: &Job) -> Result<Answer, Trouble> {
    catch_unwind(AssertUnwindSafe(|| client.ask(job)))
        .unwrap_or_else(|_| Err(Trouble::Garbled("it cannot be read".to_owned())))
}
