//! One deploy at a time: a lock in the folder on the server, which is a hard link to a file of its owner's.
//!
//! Its owner renews it by writing into that file: where somebody else took the lock meanwhile, another file has
//! its name, and nothing is written there.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::Ssh;
use super::script::{HELD, TAKEN, clock, quote};
use crate::deploy::command::Output;
use crate::deploy::{Failure, Guard, Means};

/// How long a lock holds that is not renewed, in seconds.
const HOLDS: u64 = 600;

/// How often it is renewed while something takes its time.
const RENEWED: Duration = Duration::from_secs(HOLDS / 5);

/// The place of a run as one word.
fn place(means: &Means<'_>) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !means.place.is_empty() && means.place.bytes().all(plain) {
        return means.place.to_owned();
    }
    blake3::hash(means.place.as_bytes()).to_hex().to_string()
}

/// Writes the claim: who, since when, until when, from where. It always has the same length and is written over
/// the old one, so that nobody reads the half of it.
fn claim(means: &Means<'_>, since: &str) -> String {
    format!(
        "printf '%s %s %s %s\\n' {id} \"{since}\" $((now + {HOLDS})) {place} 1<> .dhikra/claim.{id}; ",
        id = means.id,
        place = quote(&place(means)),
    )
}

/// Ends the script where the lock is somebody else's.
fn check(means: &Means<'_>) -> String {
    format!(
        "owner=; since=; read -r owner since rest 2>/dev/null < .dhikra/lock || :; \
         if [ \"$owner\" != {} ]; then exit {TAKEN}; fi; ",
        means.id
    )
}

/// What a script begins with that only the owner of the lock may run. The lock then holds on.
pub(super) fn owned(folder: &str, means: &Means<'_>) -> String {
    let clock = clock((means.now)());
    format!("cd {folder}; {}{clock}{}", check(means), claim(means, "$since"))
}

/// Makes `current` lead to a release, unless the lock is somebody else's. Whoever takes it removes the links that
/// others made, and then this one cannot become `current`, however late it is tried.
pub(super) fn lead(means: &Means<'_>, id: &str) -> String {
    let link = format!(".dhikra/next.{}", means.id);
    let check = check(means);
    format!(
        "rm -f {link}; ln -s releases/{id} {link}; {check}\
         mv -T {link} current 2>/dev/null || mv -fh {link} current 2>/dev/null || {{ {check}\
         echo 'the link `current` cannot be replaced' >&2; exit 1; }}"
    )
}

/// Does something, and meanwhile something else again and again.
fn beside<T>(every: Duration, again: impl Fn() + Send, act: impl FnOnce() -> T) -> T {
    let (end, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                again();
            }
        });
        let result = act();
        drop(end);
        result
    })
}

impl Ssh {
    /// Takes the lock, or says who holds it.
    pub(super) fn lock(&self, means: &Means<'_>, force: bool) -> Result<(), Failure> {
        // A hard link is made or not made, in one step. What was taken away must be what was read: somebody else
        // may have done the same.
        let body = format!(
            "mkdir -p {folder}/.dhikra/releases {folder}/releases; cd {folder}; {clock}{claim}\
             held() {{ rm -f .dhikra/claim.{id} .dhikra/stale.{id}; echo \"$since $until $now\"; exit {HELD}; }}; \
             number() {{ case \"$1\" in ''|*[!0-9]*) echo 0;; *) echo \"$1\";; esac; }}; \
             if ! ln .dhikra/claim.{id} .dhikra/lock 2>/dev/null; then \
               owner=; since=; until=; place=; \
               read -r owner since until place rest 2>/dev/null < .dhikra/lock || :; \
               since=$(number \"$since\"); until=$(number \"$until\"); \
               if [ \"$owner\" != {id} ]; then \
                 if [ \"$until\" -gt \"$now\" ] && [ \"$place\" != {place} ] && [ {force} = 0 ]; then held; fi; \
                 if mv .dhikra/lock .dhikra/stale.{id} 2>/dev/null; then \
                   taken=; read -r taken rest < .dhikra/stale.{id} || :; \
                   if [ \"$taken\" != \"$owner\" ]; then \
                     ln .dhikra/stale.{id} .dhikra/lock 2>/dev/null || :; since=$now; held; fi; \
                   rm -f .dhikra/stale.{id}; fi; \
                 ln .dhikra/claim.{id} .dhikra/lock 2>/dev/null || {{ since=$now; held; }}; \
               fi; fi; rm -f .dhikra/next.*",
            folder = self.folder(),
            clock = clock((means.now)()),
            claim = claim(means, "$now"),
            id = means.id,
            place = quote(&place(means)),
            force = u8::from(force),
        );
        let output = means.insist(|| self.run(&body, b""))?;
        if output.code == Some(HELD) { Err(held(&output.text())) } else { Ok(()) }
    }

    /// Gives the lock up, if it is still held.
    pub(super) fn unlock(&self, means: &Means<'_>) -> Result<(), Failure> {
        let body = format!(
            "cd {folder}; owner=; read -r owner rest 2>/dev/null < .dhikra/lock || :; \
             if [ \"$owner\" = {id} ] && mv .dhikra/lock .dhikra/stale.{id}; then \
               read -r owner rest < .dhikra/stale.{id} || :; \
               [ \"$owner\" = {id} ] || ln .dhikra/stale.{id} .dhikra/lock 2>/dev/null || :; fi; \
             rm -f .dhikra/claim.{id} .dhikra/stale.{id}",
            folder = self.folder(),
            id = means.id,
        );
        means.insist(|| self.run(&body, b"")).map(|_| ())
    }

    /// Runs a script that only the owner of the lock may run.
    pub(super) fn run_owned(
        &self,
        means: &Means<'_>,
        body: &str,
        input: &[u8],
    ) -> Result<Output, Failure> {
        let run = || self.run(&format!("{}{body}", owned(&self.folder(), means)), input);
        self.renewing(means, || means.insist(run))
    }

    /// Does something that takes its time, and holds on to the lock meanwhile.
    pub(super) fn renewing<T>(&self, means: &Means<'_>, act: impl FnOnce() -> T) -> T {
        // Whether it was lost is seen by the next script.
        let renew = || _ = self.run(&owned(&self.folder(), means), b"");
        beside(RENEWED, renew, act)
    }
}

/// What is said of a lock that somebody else holds: since when, until when, and what time it is there.
fn held(text: &str) -> Failure {
    let mut numbers = text.split(' ').map(|text| text.trim().parse::<u64>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    let (since, until, now) = (next(), next(), next());
    let message = format!(
        "another deploy to this target began {} minutes ago and has not ended",
        now.saturating_sub(since).div_ceil(60)
    );
    Failure { guard: Some(Guard::Lock), ..Failure::new(message) }.hint(format!(
        "if it was killed, its lock ends by itself in {} minutes, and for a deploy from the folder that it ran in, at \
         once",
        until.saturating_sub(now).div_ceil(60)
    ))
}

/// What is said where somebody else took the lock.
pub(super) fn taken() -> Failure {
    let what = "another deploy took the lock at the target, and goes on in the place of this one";
    Failure::new(what).hint("deploy again when it has ended")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_lock_is_renewed_while_something_takes_its_time_and_no_longer() {
        let count = AtomicUsize::new(0);
        let again = || _ = count.fetch_add(1, Ordering::SeqCst);
        let wait = || {
            while count.load(Ordering::SeqCst) < 3 {
                std::thread::yield_now();
            }
        };
        beside(Duration::from_millis(1), again, wait);
        let after = count.load(Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(count.load(Ordering::SeqCst), after);
        beside(Duration::from_secs(600), || count.store(0, Ordering::SeqCst), || ());
        assert_eq!(count.load(Ordering::SeqCst), after, "what is done at once needs none");
    }

    #[test]
    fn whoever_finds_a_lock_is_told_since_when_and_until_when() {
        let failure = held("1000 1600 1090\n");
        assert!(failure.what.contains("2 minutes ago") && failure.guard == Some(Guard::Lock));
        assert!(failure.hints[0].contains("in 9 minutes"));
    }
}
