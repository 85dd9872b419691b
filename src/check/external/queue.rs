//! When each request may be sent: one at a time per host, with a rest after it, many hosts at once.
//!
//! A link waits at the host that it asks next, also after a redirect to another, so that the rule
//! holds however links lead. No worker waits for one host while another could be asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::address;
use super::ask::{Found, Job, Next};
use super::client::{Answer, Trouble};
use super::wait;

/// How often in a row a host may ask for fewer requests before it is left alone.
const REFUSALS: u32 = 3;

/// How often in a row a host may say nothing at all before it is left alone: the fiftieth link to
/// a server that is down need not time out.
const SILENCES: u32 = 5;

/// What a request says of its host.
#[derive(Debug)]
pub(super) enum Sign {
    /// It answers, with this status, and wants to be left alone for this long.
    Answered(u16, Duration),
    /// Something comes, but from whom cannot be told: a captive portal speaks so as well.
    Unclear,
    /// It does not.
    Silent,
    /// There is none.
    NoHost,
    /// It was not asked.
    None,
}

impl Sign {
    /// What came of a request, as to its host.
    pub(super) fn of(result: &Result<Answer, Trouble>) -> Self {
        match result {
            Ok(answer) => {
                // With a redirect it says something else (RFC 9110 §10.2.3).
                let wants = answer.retry_after.filter(|_| matches!(answer.status, 429 | 500..));
                Self::Answered(answer.status, wants.unwrap_or_default())
            }
            Err(Trouble::Slow | Trouble::Refused | Trouble::Cut(_)) => Self::Silent,
            Err(Trouble::NoHost) => Self::NoHost,
            Err(Trouble::LeftAlone(_)) => Self::None,
            Err(Trouble::Tls(_) | Trouble::Garbled(_)) => Self::Unclear,
        }
    }
}

/// A request to be sent now.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) host: String,
    pub(super) job: Job,
    /// Why it need not be sent.
    pub(super) shut: Option<Trouble>,
}

/// A host with the links that wait for it.
#[derive(Default)]
struct Host {
    ready: VecDeque<Job>,
    /// Links that wait for themselves.
    later: Vec<(Instant, Job)>,
    /// Whether it is being asked.
    busy: bool,
    /// Until when it rests.
    rests: Option<Instant>,
    /// How often in a row it answered 429.
    refusals: u32,
    /// How often in a row it did not answer.
    silences: u32,
    /// Whether it knows no HEAD.
    no_head: bool,
    /// Why it is asked no more.
    shut: Option<Trouble>,
}

impl Host {
    /// When a link of it may be asked; none where none waits or it is being asked.
    fn next(&self, now: Instant) -> Option<Instant> {
        if self.busy {
            return None;
        }
        let soonest = match self.ready.is_empty() {
            false => now,
            true => self.later.iter().map(|(at, _)| *at).min()?,
        };
        // Who is not asked needs no rest.
        if self.shut.is_some() {
            return Some(now);
        }
        Some(self.rests.map_or(soonest, |rests| rests.max(soonest)))
    }

    /// The link whose turn it is.
    fn take(&mut self) -> Option<Job> {
        let soonest = self.later.iter().enumerate().min_by_key(|(_, (at, _))| *at);
        match soonest.map(|(index, (at, _))| (index, *at)) {
            Some((index, at)) if self.ready.is_empty() || at <= Instant::now() => {
                Some(self.later.remove(index).1)
            }
            _ => self.ready.pop_front(),
        }
    }

    /// Takes note of what came of a request. Nothing more is asked for `rest`.
    fn note(&mut self, sign: &Sign, rest: Duration) {
        self.busy = false;
        self.rests = Instant::now().checked_add(rest);
        match sign {
            Sign::None => return,
            Sign::NoHost => self.shut = Some(Trouble::NoHost),
            Sign::Silent => self.silences += 1,
            Sign::Unclear => self.silences = 0,
            Sign::Answered(status, wants) => {
                self.silences = 0;
                self.refusals = if *status == 429 { self.refusals + 1 } else { 0 };
                self.no_head |= matches!(status, 405 | 501);
                if self.refusals >= REFUSALS || *wants > wait::LONGEST {
                    let why = format!("is on a host that asks to be left alone ({status})");
                    self.shut = Some(Trouble::LeftAlone(why));
                }
            }
        }
        if self.silences >= SILENCES {
            let why = "is on a host that does not answer";
            self.shut = Some(Trouble::LeftAlone(why.to_owned()));
        }
    }
}

struct State {
    hosts: BTreeMap<String, Host>,
    /// Links of which not all is known.
    open: usize,
    /// Whether any server has answered.
    reached: bool,
}

/// All links on their way, shared by the workers.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    delay: Duration,
}

impl Queue {
    /// A queue of links; each host rests for `delay` after each request.
    pub(super) fn new(jobs: impl Iterator<Item = Job>, delay: Duration) -> Self {
        let mut state = State { hosts: BTreeMap::new(), open: 0, reached: false };
        for job in jobs {
            state.open += 1;
            state.host_of(&job).ready.push_back(job);
        }
        Self { state: Mutex::new(state), changed: Condvar::new(), delay }
    }

    /// The next request, as soon as there is one that may be sent; none when all is known.
    pub(super) fn take(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.open == 0 {
                return None;
            }
            let now = Instant::now();
            let waiting =
                state.hosts.iter_mut().filter_map(|(name, h)| Some((h.next(now)?, name, h)));
            let next = waiting.min_by_key(|(at, ..)| *at);
            let wait = match next {
                Some((at, name, host)) if at <= now => {
                    let Some(mut job) = host.take() else { continue };
                    host.busy = true;
                    job.get |= host.no_head;
                    return Some(Task { host: name.clone(), job, shut: host.shut.clone() });
                }
                Some((at, ..)) => at - now,
                None => Duration::MAX,
            };
            state = match wait {
                // Some systems cannot wait for ever with a limit.
                Duration::MAX => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                _ => {
                    self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Takes note of what came of a request to a host, and puts the link where it waits next. Gives
    /// it back when all is known of it.
    pub(super) fn give_back(&self, host: &str, sign: &Sign, next: Next) -> Option<Found> {
        let mut state = self.lock();
        let now = Instant::now();
        state.reached |= matches!(sign, Sign::Answered(..));
        if let Some(host) = state.hosts.get_mut(host) {
            let wanted = if let Sign::Answered(_, wants) = sign { *wants } else { Duration::ZERO };
            let growing = if let Next::Rest(_, rest) = &next { *rest } else { Duration::ZERO };
            host.note(sign, self.delay.max(wanted).max(growing));
        }
        let mut found = None;
        match next {
            Next::Done(it) => {
                state.open -= 1;
                found = Some(it);
            }
            // One link is brought to its end before the next is begun.
            Next::Ask(job) => state.host_of(&job).ready.push_front(job),
            Next::Repeat(job, wait) => state.host_of(&job).later.push((now + wait, job)),
            Next::Rest(job, _) => state.host_of(&job).ready.push_back(job),
        }
        drop(state);
        self.changed.notify_all();
        found
    }

    /// Whether any server has answered so far.
    pub(super) fn reached(&self) -> bool {
        self.lock().reached
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The host that a link asks next.
    fn host_of(&mut self, job: &Job) -> &mut Host {
        self.hosts.entry(address::host(&job.at).to_owned()).or_default()
    }
}
