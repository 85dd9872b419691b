//! What becomes of a link after each request. Nothing here waits or asks: it is decided from what
//! came, and so the same every time.

use std::time::Duration;

use url::Url;

use super::address::Redirect;
use super::client::{Answer, Trouble};
use super::{Verdict, archive, wait};

/// The most redirects that are followed from one link.
const MAX_REDIRECTS: usize = 10;

/// What holds for every link.
pub(super) struct Rules {
    /// How often a request is repeated.
    pub(super) retries: u32,
    /// The wait before the first repetition.
    pub(super) retry_wait: Duration,
    /// The archive that is asked for copies of dead pages.
    pub(super) archive: Option<Url>,
}

/// A link on its way.
#[derive(Debug)]
pub(super) struct Job {
    /// Its place in the list of links.
    link: usize,
    /// The page that it leads to.
    page: Url,
    /// What is asked next.
    pub(super) at: Url,
    /// Whether it is asked with GET, for HEAD was refused.
    pub(super) get: bool,
    /// How often this was asked in vain.
    tries: u32,
    /// The addresses that redirected, in order.
    passed: Vec<Url>,
    /// Whether all of them did so for good.
    permanent: bool,
    /// Whether one of them gave a cookie.
    cookie: bool,
    /// Where the page is dead and its archive is asked: why it is, and whether its host was not
    /// found.
    dead: Option<(String, bool)>,
}

/// A link of which all is known.
#[derive(Debug)]
pub(super) struct Found {
    /// Its place in the list of links.
    pub(super) link: usize,
    pub(super) verdict: Verdict,
    /// Whether it is dead because a host was not found.
    pub(super) no_host: bool,
}

/// What comes next for a link.
#[derive(Debug)]
pub(super) enum Next {
    /// Nothing.
    Done(Found),
    /// Another request, as soon as its host may be asked.
    Ask(Job),
    /// The same request after a wait, of the link alone.
    Repeat(Job, Duration),
    /// The same request after its whole host was left alone for at least this long.
    Rest(Job, Duration),
}

impl Job {
    /// A link that was not asked yet.
    pub(super) fn new(link: usize, page: Url) -> Self {
        let at = page.clone();
        Self {
            link,
            page,
            at,
            get: false,
            tries: 0,
            passed: Vec::new(),
            permanent: true,
            cookie: false,
            dead: None,
        }
    }

    /// Whether the body of the answer is of interest.
    pub(super) fn wants_body(&self) -> bool {
        self.dead.is_some()
    }

    /// The same address with GET.
    fn with_get(self) -> Next {
        Next::Ask(Self { get: true, tries: 0, ..self })
    }

    /// The page is there.
    fn alive(self, body: &[u8]) -> Next {
        if let Some((why, no_host)) = self.dead {
            let verdict = Verdict::Dead { why, archived: archive::copy(body) };
            return Next::Done(Found { link: self.link, verdict, no_host });
        }
        let verdict = if self.permanent && !self.passed.is_empty() {
            Verdict::Moved(self.at.into())
        } else {
            Verdict::Alive
        };
        Next::Done(Found { link: self.link, verdict, no_host: false })
    }

    /// The page is gone: its archive is asked.
    fn dead(mut self, why: &str, no_host: bool, rules: &Rules) -> Next {
        // Of an archive that is itself out of order nothing is said.
        if self.dead.is_some() {
            return self.alive(&[]);
        }
        self.dead = Some((self.reason(why), no_host));
        match &rules.archive {
            None => self.alive(&[]),
            Some(api) => {
                self.at = archive::question(api, &self.page);
                self.passed.clear();
                self.with_get()
            }
        }
    }

    /// Nothing can be said of the page.
    fn unsure(self, why: &str) -> Next {
        if self.dead.is_some() {
            return self.alive(&[]);
        }
        let verdict = Verdict::Unsure(self.reason(why));
        Next::Done(Found { link: self.link, verdict, no_host: false })
    }

    /// A reason, with where it was met if that is not the page itself.
    fn reason(&self, why: &str) -> String {
        match self.passed.first() {
            None => why.to_owned(),
            Some(_) => format!("redirects to {}, which {why}", self.at),
        }
    }

    /// The same request once more, if it was not repeated too often.
    fn again(mut self, answer: Option<&Answer>, why: &str, rules: &Rules) -> Next {
        let asked_for = answer.and_then(|answer| answer.retry_after);
        if self.tries >= rules.retries || asked_for.is_some_and(|it| it > wait::LONGEST) {
            return self.unsure(why);
        }
        let growing = wait::growing(rules.retry_wait, self.tries);
        self.tries += 1;
        // For how long a host asks to be left alone, the queue heeds for all its links.
        if asked_for.is_some() || answer.is_some_and(|answer| answer.status == 429) {
            Next::Rest(self, growing)
        } else {
            Next::Repeat(self, growing)
        }
    }

    /// Goes where a redirect leads.
    fn follow(mut self, answer: &Answer, rules: &Rules) -> Next {
        let Some(location) = &answer.location else {
            return self.unsure(&format!("answers {} without an address", answer.status));
        };
        let to = match Redirect::of(&self.at, location) {
            Redirect::To(to) => to,
            Redirect::Broken(why) => return self.dead(&why, false, rules),
            Redirect::Closed(why) => return self.unsure(&why),
        };
        self.permanent &= matches!(answer.status, 301 | 308);
        self.cookie |= answer.cookie;
        let same = |url: &Url| bare(url) == bare(&to);
        let why = if same(&self.at) || self.passed.iter().any(same) {
            "redirects in a circle"
        } else if self.passed.len() >= MAX_REDIRECTS {
            "redirects without end"
        } else {
            self.passed.push(std::mem::replace(&mut self.at, to));
            // An archive is asked for what it says, not whether it is there.
            (self.get, self.tries) = (self.wants_body(), 0);
            return Next::Ask(self);
        };
        // With the cookie that it gave, which is not sent back, it may end.
        if self.cookie { self.unsure(why) } else { self.dead(why, false, rules) }
    }
}

/// A URL without its fragment, which no server sees.
fn bare(url: &Url) -> &str {
    url.as_str().split('#').next().unwrap_or_default()
}

/// What comes next for a link after what came of its request.
pub(super) fn next(job: Job, result: Result<Answer, Trouble>, rules: &Rules) -> Next {
    match result {
        Ok(answer) => judge(job, &answer, rules),
        // Some servers choke on HEAD.
        Err(Trouble::Cut(_) | Trouble::Garbled(_)) if !job.get => job.with_get(),
        Err(Trouble::NoHost) => job.dead("has a host that was not found", true, rules),
        Err(Trouble::Slow) => job.again(None, "does not answer in time", rules),
        // Nothing tells a server that is gone from one that is restarted, or shut to this network.
        Err(Trouble::Refused) => job.again(None, "refuses the connection", rules),
        Err(Trouble::Cut(why)) => job.again(None, &format!("cannot be reached: {why}"), rules),
        Err(Trouble::Tls(why)) => job.unsure(&format!("has no trusted connection: {why}")),
        Err(Trouble::Garbled(why)) => job.unsure(&format!("answers what is not HTTP: {why}")),
        Err(Trouble::LeftAlone(why)) => job.unsure(&why),
    }
}

fn judge(job: Job, answer: &Answer, rules: &Rules) -> Next {
    let why = format!("answers {}{}", answer.status, name(answer.status));
    match answer.status {
        200..=299 => job.alive(&answer.body),
        301 | 302 | 303 | 307 | 308 => job.follow(answer, rules),
        429 => job.again(Some(answer), &why, rules),
        503 if answer.retry_after.is_some() => job.again(Some(answer), &why, rules),
        // What wants a name and password wants it of GET as well.
        401 | 407 => job.unsure(&why),
        400.. if !job.get => job.with_get(),
        404 | 410 => job.dead(&why, false, rules),
        500 | 502..=599 => job.again(Some(answer), &why, rules),
        _ => job.unsure(&why),
    }
}

/// What a status means, in parentheses.
fn name(status: u16) -> &'static str {
    match status {
        401 | 407 => " (wants a password)",
        402 => " (wants money)",
        403 => " (forbidden)",
        404 => " (not found)",
        410 => " (gone)",
        429 => " (too many requests)",
        451 => " (withheld for legal reasons)",
        500..=599 => " (trouble at the server)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn rules(archive: bool) -> Rules {
        let archive = archive.then(|| url("https://archive.example/available"));
        Rules { retries: 2, retry_wait: Duration::from_secs(1), archive }
    }

    fn job() -> Job {
        Job::new(7, url("https://example.org/a"))
    }

    fn redirect(to: &str, cookie: bool) -> Result<Answer, Trouble> {
        Ok(Answer { status: 301, location: Some(to.to_owned()), cookie, ..Answer::default() })
    }

    fn verdict(next: Next) -> Verdict {
        match next {
            Next::Done(found) => found.verdict,
            other => panic!("not done: {other:?}"),
        }
    }

    #[test]
    fn an_unknown_host_is_dead_with_its_copy() {
        let Next::Ask(job) = next(job(), Err(Trouble::NoHost), &rules(true)) else {
            panic!("the archive is asked");
        };
        assert_eq!(
            job.at.as_str(),
            "https://archive.example/available?url=https%3A%2F%2Fexample.org%2Fa"
        );
        assert!(job.get && job.wants_body());
        // The archive's own troubles do not make the page more alive.
        for trouble in [Trouble::NoHost, Trouble::LeftAlone(String::new())] {
            let job = Job { at: job.at.clone(), dead: job.dead.clone(), get: true, ..self::job() };
            let Next::Done(found) = next(job, Err(trouble), &rules(true)) else { panic!("done") };
            assert!(found.no_host && found.link == 7);
            assert!(matches!(found.verdict, Verdict::Dead { archived: None, .. }));
        }
    }

    #[test]
    fn a_circle_that_gives_cookies_may_end_for_others() {
        for (cookie, dead) in [(false, true), (true, false)] {
            let result = verdict(next(job(), redirect("/a#x", cookie), &rules(false)));
            assert_eq!(matches!(result, Verdict::Dead { .. }), dead, "{result:?}");
            assert_eq!(matches!(result, Verdict::Unsure(_)), !dead, "{result:?}");
        }
    }

    #[test]
    fn redirects_are_counted() {
        let mut job = job();
        for n in 0..MAX_REDIRECTS {
            let Next::Ask(next) = next(job, redirect(&format!("/{n}"), false), &rules(false))
            else {
                panic!("{n} are too few");
            };
            job = next;
        }
        let result = verdict(next(job, redirect("/z", false), &rules(false)));
        assert!(matches!(result, Verdict::Dead { why, .. } if why.contains("without end")));
    }

    #[test]
    fn a_server_that_wants_hours_is_not_waited_for() {
        let asks = |seconds| {
            let retry_after = Some(Duration::from_secs(seconds));
            next(job(), Ok(Answer { status: 429, retry_after, ..Answer::default() }), &rules(false))
        };
        assert!(matches!(asks(60), Next::Rest(_, wait) if wait.as_secs() == 1));
        assert!(matches!(verdict(asks(3600)), Verdict::Unsure(_)));
    }

    #[test]
    fn distrust_is_not_death() {
        let result = next(job(), Err(Trouble::Tls("expired".to_owned())), &rules(true));
        assert!(matches!(verdict(result), Verdict::Unsure(why) if why.contains("expired")));
    }
}
