//! A server over SSH, by the user's own `ssh` and `rsync`.
//!
//! On the server, below the target's path: `releases/ID/` holds a release, whole; `current` is a symbolic link to
//! the one that is served, and replaced by a rename, in one step; `.dhikra/` holds what is written down. A new
//! release shares the files that did not change with the one before (hard links), so that it costs what changed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;

use super::command::{self, Output};
use super::manifest::{self, Held, Manifest, Release, State, is_id};
use super::plan::Plan;
use super::run::{Done, Source};
use super::{Entry, Failure, File, Guard, Means, Step};

/// How long a lock holds, in seconds: what is brought there is brought in one go.
const HOLDS: u64 = 7200;

/// What a script on the server ends with where another deploy holds the lock.
const HELD: i32 = 75;

/// A folder on a server.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// The host, as `ssh` knows it, with a user if need be.
    pub host: String,
    /// The folder.
    pub path: String,
    /// The port, where it is not what `ssh` takes by itself.
    pub port: Option<u16>,
    /// A configuration file for `ssh` other than the user's.
    pub config: Option<OsString>,
}

/// What scripts begin with: the folder, and the end at the first failure.
fn script(body: &str) -> String {
    format!("set -eu; {body}")
}

/// A text as one word of a shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl Ssh {
    /// The options of `ssh`. Nobody can be asked, and a host whose key is not known is not spoken to.
    fn options(&self) -> Vec<OsString> {
        let mut options: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            options.extend(["-F".into(), config.clone()]);
        }
        for option in ["BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=20"] {
            options.extend(["-o".into(), option.into()]);
        }
        if let Some(port) = self.port {
            options.extend(["-p".into(), port.to_string().into()]);
        }
        options
    }

    /// Runs a script in the target's folder; `None` where there is no such folder.
    fn run(&self, body: &str, input: &[u8]) -> Result<Output, Failure> {
        let mut arguments = self.options();
        arguments.extend(["--".into(), self.host.clone().into(), script(body).into()]);
        let output = command::run("ssh", &arguments, &[], input)?;
        match output.code {
            Some(0 | HELD) => Ok(output),
            Some(255) => Err(self.unreachable(&output.said)),
            code => {
                let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
                let what = format!("a command on {} ended with {code}: {}", self.host, output.said);
                Err(Failure::new(what))
            }
        }
    }

    fn unreachable(&self, said: &str) -> Failure {
        let what = format!("`ssh {}` does not get there: {said}", self.host);
        if said.contains("Host key verification failed")
            || said.contains("IDENTIFICATION HAS CHANGED")
        {
            return Failure::new(what).hint(format!(
                "connect once by `ssh {}`, compare the key with the server's, and accept it",
                self.host
            ));
        }
        if said.contains("Permission denied") || said.contains("Could not resolve hostname") {
            return Failure::new(what).hint("`ssh` alone has to get there without asking anything");
        }
        Failure::passing(what)
    }

    fn folder(&self) -> String {
        quote(&self.path)
    }

    /// Finds out what the server holds.
    pub(super) fn look(&self, means: Means<'_>) -> Result<Held, Failure> {
        let body = format!(
            "cd {} 2>/dev/null || exit 0; \
             if [ -e current ] && [ ! -L current ]; then echo 'foreign'; exit 0; fi; \
             printf 'current %s\\n' \"$(readlink current 2>/dev/null || true)\"; \
             for f in .dhikra/releases/*.json; do [ -f \"$f\" ] || continue; \
             printf '%s\\n' \"$(wc -c < \"$f\" | tr -d ' ')\"; cat \"$f\"; done",
            self.folder()
        );
        let output = means.insist(|| self.run(&body, b""))?;
        let bytes = output.stdout;
        let mut rest = bytes.as_slice();
        let Some(first) = line(&mut rest) else { return Ok(Held::default()) };
        let Some(current) = first.strip_prefix("current ") else {
            let what = format!("`current` in {} on {} is no symbolic link", self.path, self.host);
            return Err(Failure::new(what).hint("move it away: the program puts a link there"));
        };
        let link = current;
        let current = link.strip_prefix("releases/").unwrap_or_default();
        let mut states = Vec::new();
        while let Some(size) = line(&mut rest) {
            let size: usize = size.parse().unwrap_or(usize::MAX);
            let Some((text, after)) = rest.split_at_checked(size) else {
                return Err(Failure::passing(format!("the answer of {} was cut", self.host)));
            };
            states.push(manifest::read::<State>(text, ".dhikra/releases")?);
            rest = after;
        }
        let held = held(states, current);
        if held.state.is_none() && !link.is_empty() {
            let what = format!(
                "`current` in {} on {} leads to {link}, which is no release of ours",
                self.path, self.host
            );
            return Err(Failure::new(what).hint("choose another `path`, or move the link away"));
        }
        Ok(held)
    }

    /// Takes the lock, or says who holds it.
    fn lock(&self, means: &Means<'_>, force: bool) -> Result<(), Failure> {
        let now = (means.now)();
        let claim = format!("{} {now} {}", means.id, now + HOLDS);
        let force = if force { "1" } else { "0" };
        // A hard link is made or not made, in one step.
        let body = format!(
            "mkdir -p {folder}/.dhikra/releases {folder}/releases; cd {folder}; \
             printf '%s\\n' {claim} > .dhikra/claim.{id}; \
             if ! ln .dhikra/claim.{id} .dhikra/lock 2>/dev/null; then \
               read -r owner since until < .dhikra/lock || {{ owner=; since=0; until=0; }}; \
               if [ \"$owner\" != {id} ]; then \
                 if [ \"${{until:-0}}\" -gt {now} ] && [ {force} = 0 ]; then \
                   rm -f .dhikra/claim.{id}; echo \"$since $until\"; exit {HELD}; fi; \
                 mv .dhikra/lock .dhikra/stale.{id}; rm -f .dhikra/stale.{id}; \
                 ln .dhikra/claim.{id} .dhikra/lock || {{ rm -f .dhikra/claim.{id}; echo \"{now} {now}\"; exit {HELD}; }}; \
               fi; fi; rm -f .dhikra/claim.{id}",
            folder = self.folder(),
            claim = quote(&claim),
            id = means.id,
        );
        let output = means.insist(|| self.run(&body, b""))?;
        if output.code != Some(HELD) {
            return Ok(());
        }
        let text = output.text();
        let (since, until) = text.split_once(' ').unwrap_or_default();
        let number = |text: &str| text.trim().parse::<u64>().unwrap_or(now);
        let message = format!(
            "another deploy to this target began {} minutes ago and has not ended",
            now.saturating_sub(number(since)).div_ceil(60)
        );
        Err(Failure { guard: Some(Guard::Lock), ..Failure::new(message) }.hint(format!(
            "if it was killed, its lock ends by itself in {} minutes",
            number(until).saturating_sub(now).div_ceil(60)
        )))
    }

    /// What a script begins with that only the owner of the lock may run.
    fn owned(&self, means: &Means<'_>) -> String {
        format!(
            "cd {}; read -r owner rest < .dhikra/lock || owner=; \
             if [ \"$owner\" != {} ]; then echo 'the lock was taken' >&2; exit 1; fi",
            self.folder(),
            means.id
        )
    }

    /// Does what is planned.
    pub(super) fn deploy(
        &self,
        means: Means<'_>,
        (held, plan): (&Held, &Plan),
        next: &Manifest,
        source: Source<'_>,
        (keep, force): (usize, bool),
    ) -> Result<Done, Failure> {
        self.lock(&means, force)?;
        let result = self.switch_to(&means, (held, plan), next, source, keep);
        let unlock = format!("{}; rm -f .dhikra/lock", self.owned(&means));
        let unlocked = means.insist(|| self.run(&unlock, b""));
        let done = result?;
        unlocked?;
        Ok(done)
    }

    fn switch_to(
        &self,
        means: &Means<'_>,
        (held, plan): (&Held, &Plan),
        next: &Manifest,
        source: Source<'_>,
        keep: usize,
    ) -> Result<Done, Failure> {
        let again = self.look(*means)?;
        let id_of = |held: &Held| held.state.as_ref().map(|state| state.current.release.id.clone());
        if id_of(&again) != id_of(held) {
            let what = "somebody else deployed to this target since the plan was made";
            return Err(Failure::new(what).hint("deploy again, by a new plan"));
        }
        let old = id_of(held).unwrap_or_default();
        let id = &next.release.id;
        let folder = match source {
            Source::Build(build) => {
                let list: String =
                    next.files.keys().fold(String::new(), |list, path| list + path + "\0");
                let rsync = |dry: bool| self.rsync(&build.folder, &old, list.as_bytes(), dry);
                means.insist(|| rsync(false))?;
                (means.watch)(Step::Uploaded(plan.bytes()));
                self.complete(means, plan, next, &old)?;
                (means.watch)(Step::Verifying);
                let differ = means.insist(|| rsync(true))?;
                if let Some(first) = differ.lines().find(|line| line.starts_with('<')) {
                    let what =
                        format!("what is at {} is not what was brought there: {first}", self.host);
                    return Err(Failure::new(what).hint("nothing was switched; deploy again"));
                }
                "releases/.incoming"
            }
            Source::Kept => {
                self.share(means, plan, &old, id)?;
                ""
            }
        };
        self.switch(means, plan, next, folder)?;
        (means.watch)(Step::Deleting);
        self.tidy(means, held, id, keep)?;
        Ok(Done { uploaded: plan.uploads.len(), deleted: plan.deletions.len() })
    }

    /// Brings the files there; or, `dry`, says which of them are not there as they should be.
    fn rsync(
        &self,
        from: &std::path::Path,
        old: &str,
        list: &[u8],
        dry: bool,
    ) -> Result<String, Failure> {
        let mut shell = String::from("ssh");
        for option in self.options() {
            let _ = write!(shell, " {}", quote(&option.to_string_lossy()));
        }
        let mut arguments: Vec<OsString> = vec![
            // No times: a server makes its marks of them, and what changed has to have a new one.
            "-rp".into(),
            "--chmod=D755,F644".into(),
            "--checksum".into(),
            "--from0".into(),
            "--files-from=-".into(),
            "-e".into(),
            shell.into(),
        ];
        if dry {
            arguments.extend(["--dry-run".into(), "--itemize-changes".into()]);
        } else if is_id(old) {
            arguments.push(format!("--link-dest=../{old}").into());
        }
        let mut folder = from.as_os_str().to_owned();
        folder.push("/");
        let place = format!("{}:{}/releases/.incoming/", self.host, self.path);
        arguments.extend(["--".into(), folder, place.into()]);
        let output = command::run("rsync", &arguments, &[], list)?;
        match output.code {
            Some(0) => Ok(output.text()),
            Some(255) => Err(self.unreachable(&output.said)),
            // Broken connections, time-outs.
            Some(10 | 12 | 30 | 35) => {
                Err(Failure::passing(format!("`rsync` was cut: {}", output.said)))
            }
            _ => Err(Failure::new(format!("`rsync` failed: {}", output.said))),
        }
    }

    /// Takes what does not belong there out of the new release, and gives it the assets of older ones.
    fn complete(
        &self,
        means: &Means<'_>,
        plan: &Plan,
        next: &Manifest,
        old: &str,
    ) -> Result<(), Failure> {
        let wanted = next.files.keys().chain(plan.kept.keys());
        let mut wanted: Vec<&str> = wanted.map(String::as_str).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let list = wanted.iter().fold(String::new(), |list, path| list + "./" + path + "\n");
        let body = format!(
            "{}; cat > .dhikra/wanted; cd releases/.incoming; export LC_ALL=C; \
             find . ! -type d | sort > ../../.dhikra/there; \
             comm -13 ../../.dhikra/wanted ../../.dhikra/there | tr '\\n' '\\0' | xargs -0 rm -f --; \
             comm -23 ../../.dhikra/wanted ../../.dhikra/there | while IFS= read -r f; do \
               mkdir -p \"$(dirname \"$f\")\"; ln ../{old}/\"$f\" \"$f\"; done; \
             rm -f ../../.dhikra/wanted ../../.dhikra/there",
            self.owned(means),
            old = quote(old),
        );
        means.insist(|| self.run(&body, list.as_bytes())).map(|_| ())
    }

    /// Gives an older release the assets that pages of the one that is served now ask for.
    fn share(&self, means: &Means<'_>, plan: &Plan, old: &str, id: &str) -> Result<(), Failure> {
        let list = plan.kept.keys().fold(String::new(), |list, path| list + path + "\n");
        let body = format!(
            "{}; [ -d releases/{id} ]; cd releases/{id}; while IFS= read -r f; do \
             [ -e \"$f\" ] || {{ mkdir -p \"$(dirname \"$f\")\"; ln ../{old}/\"$f\" \"$f\"; }}; done",
            self.owned(means),
            id = quote(id),
            old = quote(old),
        );
        means.insist(|| self.run(&body, list.as_bytes())).map(|_| ())
    }

    /// Writes the release down and makes it what is served.
    fn switch(
        &self,
        means: &Means<'_>,
        plan: &Plan,
        next: &Manifest,
        incoming: &str,
    ) -> Result<(), Failure> {
        let id = &next.release.id;
        let state = State { current: next.clone(), kept: plan.kept.clone(), releases: Vec::new() };
        let text = manifest::write(&state)?;
        let moved = if incoming.is_empty() {
            String::new()
        } else {
            // An answer that was lost may have moved it already.
            format!(
                "if [ -d {incoming} ]; then rm -rf releases/{id}; mv {incoming} releases/{id}; fi; "
            )
        };
        let body = format!(
            "{}; cat > .dhikra/new.json; {moved}[ -d releases/{id} ]; \
             mv .dhikra/new.json .dhikra/releases/{id}.json; \
             rm -f .current.new; ln -s releases/{id} .current.new; \
             mv -T .current.new current 2>/dev/null || mv -fh .current.new current",
            self.owned(means)
        );
        means.insist(|| self.run(&body, &text)).map(|_| ())
    }

    /// Deletes releases that are too old.
    fn tidy(&self, means: &Means<'_>, held: &Held, id: &str, keep: usize) -> Result<(), Failure> {
        let Some(state) = &held.state else { return Ok(()) };
        let others: Vec<&str> =
            state.releases.iter().map(|it| it.id.as_str()).filter(|it| *it != id).collect();
        let old = others.get(..others.len().saturating_sub(keep)).unwrap_or_default();
        let mut body = self.owned(means);
        for id in old.iter().filter(|id| is_id(id)) {
            let _ = write!(body, "; rm -rf releases/{id}; rm -f .dhikra/releases/{id}.json");
        }
        if old.is_empty() {
            return Ok(());
        }
        means.insist(|| self.run(&body, b"")).map(|_| ())
    }
}

/// Takes a line from the beginning of bytes.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let at = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at_checked(at)?;
    *rest = after.get(1..).unwrap_or_default();
    std::str::from_utf8(line).ok()
}

/// What is known of a server from what is written down there.
fn held(mut states: Vec<State>, current: &str) -> Held {
    states.sort_by(|a, b| {
        let key = |state: &State| (state.current.release.time, state.current.release.id.clone());
        key(a).cmp(&key(b))
    });
    let releases: Vec<Release> = states.iter().map(|it| it.current.release.clone()).collect();
    let Some(at) = states.iter().position(|state| state.current.release.id == current) else {
        return Held::default();
    };
    let mut state = states.remove(at);
    state.releases = releases;
    let files: BTreeMap<&String, &File> = state.current.files.iter().chain(&state.kept).collect();
    // Nobody but us writes into a release.
    let entry =
        |file: &File| Entry { size: file.size, version: None, hash: Some(file.hash.clone()) };
    let listing = files.into_iter().map(|(path, file)| (path.clone(), entry(file))).collect();
    let others = states.into_iter().map(|state| state.current).collect();
    Held { state: Some(state), others, listing, ..Held::default() }
}
