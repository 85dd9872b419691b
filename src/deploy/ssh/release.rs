//! Bringing a release to a server, or an older one back, and making it what is served.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

use super::script::{self, Told, quote};
use super::sums::{self, Found, Sums};
use super::{Ssh, lock};
use crate::deploy::build::Build;
use crate::deploy::command;
use crate::deploy::manifest::{self, File, Held, Manifest, State, is_id};
use crate::deploy::{Failure, Means, Step};

/// Names of folders of releases, as far as patterns of a shell can tell.
const RELEASES: &str = "releases/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-\
                        [0-9][0-9][0-9][0-9][0-9][0-9]-[0-9a-f]*";

/// What a deploy that holds the lock is about.
pub(super) struct Switch<'a> {
    pub(super) ssh: &'a Ssh,
    pub(super) means: &'a Means<'a>,
    /// The release that is served; empty where there is none.
    pub(super) old: &'a str,
    /// The release that is to be served.
    pub(super) next: &'a Manifest,
    /// The files of older releases that stay in their places.
    pub(super) kept: &'a BTreeMap<String, File>,
    /// What the server holds.
    pub(super) held: &'a Held,
}

impl Switch<'_> {
    fn id(&self) -> &str {
        &self.next.release.id
    }

    /// The folder that files are brought into; no other run has it.
    fn incoming(&self) -> String {
        format!("releases/.incoming-{}", self.means.id)
    }

    fn run(&self, body: &str, input: &[u8]) -> Result<command::Output, Failure> {
        self.ssh.run_owned(self.means, body, input)
    }

    /// Removes what runs left that died: while this one holds the lock, no other goes on. Makes a folder for a
    /// `new` release.
    pub(super) fn prepare(&self, new: bool) -> Result<(), Failure> {
        let make = if new { "mkdir -p $new; chmod 755 $new; " } else { "" };
        // A program that goes on writing there, or rights that are not there, keep nobody from deploying.
        let body = format!(
            "new={incoming}; {make}\
             for f in releases/.incoming*; do if [ -d \"$f\" ] && [ \"$f\" != $new ]; then \
               chmod -R u+rwX \"$f\" 2>/dev/null || :; rm -rf \"$f\" 2>/dev/null || :; fi; done; \
             current=$(readlink current 2>/dev/null) || current=; \
             for f in {RELEASES}; do if [ -d \"$f\" ] && [ \"$f\" != \"$current\" ] \
               && [ ! -f .dhikra/releases/\"${{f#releases/}}\".json ]; then rm -rf \"$f\" 2>/dev/null || :; fi; done; \
             rm -f .dhikra/wanted* .dhikra/there* .dhikra/new.*; \
             find .dhikra -type f \\( -name 'claim.*' -o -name 'stale.*' \\) -mtime +0 -exec rm -f {{}} + || :",
            incoming = self.incoming(),
        );
        self.run(&body, b"").map(|_| ())
    }

    /// Brings a build there, and makes sure that what came there is what was to be brought. Gives the hashes of the
    /// release.
    pub(super) fn bring(&self, build: &Build, bytes: u64) -> Result<Sums, Failure> {
        self.rsync(&build.folder, false)?;
        (self.means.watch)(Step::Uploaded(bytes));
        (self.means.watch)(Step::Verifying);
        let mut sums = sums::of_build(build, &self.next.files)?;
        let told = self.complete()?;
        self.add_kept(&mut sums, &told);
        let all = self.next.files.iter().chain(self.kept);
        for (path, file) in all {
            if !told.found.is_right(path, file, &sums) {
                return Err(self.differs(path));
            }
        }
        if !matches!(told.found, Found::Sums(_)) {
            let differ = self.rsync(&build.folder, true)?;
            if let Some(first) = differ.lines().find(|line| line.starts_with('<')) {
                return Err(self.differs(first.split_once(' ').map_or(first, |(_, path)| path)));
            }
        }
        Ok(sums)
    }

    fn differs(&self, path: &str) -> Failure {
        let what = format!("what is at {} is not what was brought there: `{path}`", self.ssh.host);
        Failure::new(what).hint("nothing was switched; deploy again")
    }

    /// Brings an older release back, if it is still what it was. Gives its hashes.
    pub(super) fn bring_back(&self) -> Result<Sums, Failure> {
        let id = self.id();
        let folder = format!("releases/{id}");
        (self.means.watch)(Step::Verifying);
        let ask = Self::contents(&[id, self.old], &folder, Some(&sums::file(id)));
        let told = self.ssh.told(&self.run(&ask, b"")?)?;
        if told.found == Found::Gone {
            let what = format!("the release {id} is no longer on the server");
            return Err(Failure::new(what).hint("`dhikra releases` lists others"));
        }
        let mut sums = told.sums(id);
        for (path, file) in &self.next.files {
            if !told.found.is_right(path, file, &sums) {
                let how = if told.found.has(path) { "is not as it was" } else { "is gone" };
                let what = format!("{id} cannot be served again: `{path}` {how} on the server");
                return Err(Failure::new(what)
                    .hint("nothing was changed; deploy that state of the site from its source"));
            }
        }
        if self.old != id {
            self.share()?;
        }
        self.add_kept(&mut sums, &told);
        Ok(sums)
    }

    /// Writes the hashes that are written down of releases, and what is in a folder.
    fn contents(releases: &[&str], folder: &str, with: Option<&str>) -> String {
        let ids = releases.iter().filter(|id| is_id(id));
        let sums = ids.fold(String::new(), |sums, id| sums + &script::show(&sums::file(id)));
        sums + &script::contents(folder, with) + &script::end()
    }

    /// Adds the hashes of what is kept of older releases: those that are written down, or else those that it has.
    fn add_kept(&self, sums: &mut Sums, told: &Told) {
        let old = told.sums(self.old);
        for path in self.kept.keys() {
            let found = if let Found::Sums(found) = &told.found { found.get(path) } else { None };
            if let Some(sum) = old.get(path).or(found) {
                sums.insert(path.clone(), sum.clone());
            }
        }
    }

    /// Brings the files there; or, `dry`, says which of them are not there as they should be.
    fn rsync(&self, from: &Path, dry: bool) -> Result<String, Failure> {
        let arguments = self.arguments(from, dry);
        // A line that begins with `#` or `;` would be no path.
        let paths = self.next.files.keys();
        let list: String = paths.fold(String::new(), |list, path| list + "./" + path + "\0");
        let ssh = self.ssh;
        let once = || {
            let output = command::run("rsync", &arguments, &[], list.as_bytes())?;
            match output.code {
                Some(0) => Ok(output.text()),
                Some(255) => Err(ssh.unreachable(&output.said)),
                Some(2) if output.said.contains("is your shell clean") => {
                    let what = format!("the login shell on {} writes something", ssh.host);
                    Err(Failure::new(what).hint(
                        "rsync needs one that writes nothing where nobody is at a terminal: see its start-up files, \
                         such as .bashrc",
                    ))
                }
                // Broken connections, time-outs.
                Some(10 | 12 | 30 | 35) => {
                    Err(Failure::passing(format!("`rsync` was cut: {}", output.said)))
                }
                _ => Err(Failure::new(format!("`rsync` failed: {}", output.said))),
            }
        };
        let result = ssh.renewing(self.means, || self.means.insist(once));
        if result.is_err() {
            // Whoever took the lock removed the folder, which says it better.
            self.still_owned()?;
        }
        result
    }

    /// Fails where somebody else took the lock; that it cannot be found out says nothing.
    fn still_owned(&self) -> Result<(), Failure> {
        match self.ssh.run(&lock::owned(&self.ssh.folder(), self.means), b"") {
            Err(failure) if failure == lock::taken() => Err(failure),
            _ => Ok(()),
        }
    }

    fn arguments(&self, from: &Path, dry: bool) -> Vec<OsString> {
        let ssh = self.ssh;
        let mut shell = String::from("ssh");
        for option in ssh.options() {
            // Quotes of rsync's own: two of them are one.
            let _ = write!(shell, " '{}'", option.to_string_lossy().replace('\'', "''"));
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
        } else if is_id(self.old) {
            arguments.push(format!("--link-dest=../{}", self.old).into());
        }
        let mut folder = from.as_os_str().to_owned();
        folder.push("/");
        let place = format!("{}:{}/{}/", ssh.host, ssh.path, self.incoming());
        arguments.extend(["--".into(), folder, place.into()]);
        arguments
    }

    /// Takes what does not belong there out of the new release, and gives it the assets of older ones. Tells what is
    /// in it then.
    fn complete(&self) -> Result<Told, Failure> {
        let incoming = self.incoming();
        let wanted = self.next.files.keys().chain(self.kept.keys());
        let mut wanted: Vec<&str> = wanted.map(String::as_str).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let list = wanted.iter().fold(String::new(), |list, path| list + "./" + path + "\n");
        let body = format!(
            "back=$(pwd); w=../../.dhikra/wanted.{id}; t=../../.dhikra/there.{id}; cd {incoming}; cat > $w; \
             find . ! -type d | sort > $t; \
             comm -13 $w $t | tr '\\n' '\\0' | xargs -0 rm -f --; \
             comm -23 $w $t | while IFS= read -r f; do \
               mkdir -p \"$(dirname \"$f\")\"; ln ../{old}/\"$f\" \"$f\"; done; \
             rm -f $w $t; chmod 755 .; cd \"$back\"; {contents}",
            id = self.means.id,
            old = quote(self.old),
            contents = Self::contents(&[self.old], &incoming, None),
        );
        self.ssh.told(&self.run(&body, list.as_bytes())?)
    }

    /// Gives an older release the assets that pages of the one that is served now ask for.
    fn share(&self) -> Result<(), Failure> {
        let list = self.kept.keys().fold(String::new(), |list, path| list + "./" + path + "\n");
        let body = format!(
            "cd releases/{id}; while IFS= read -r f; do \
             mkdir -p \"$(dirname \"$f\")\"; rm -f \"$f\"; ln ../{old}/\"$f\" \"$f\"; done",
            id = quote(self.id()),
            old = quote(self.old),
        );
        self.run(&body, list.as_bytes()).map(|_| ())
    }

    /// Writes the release down, with its hashes if they are those of all its files, and makes it what is served.
    pub(super) fn make_current(&self, sums: &Sums) -> Result<(), Failure> {
        let id = self.id();
        let state =
            State { current: self.next.clone(), kept: self.kept.clone(), releases: Vec::new() };
        // One line; the hashes are in those after it.
        let mut text = manifest::write(&state)?;
        text.push(b'\n');
        let mut paths = self.next.files.keys().chain(self.kept.keys());
        if paths.all(|path| sums.contains_key(path)) {
            text.extend(sums::write(sums).bytes());
        }
        // An answer that was lost may have moved it already: it is done when it is written down.
        let body = format!(
            "new=.dhikra/new.{run}; cat > $new; head -n 1 $new > $new.json; tail -n +2 $new > $new.sums; rm -f $new; \
             if [ -d {incoming} ] && [ ! -f .dhikra/releases/{id}.json ]; then \
               rm -rf releases/{id}; mv {incoming} releases/{id}; fi; \
             [ -d releases/{id} ]; \
             if [ -s $new.sums ]; then mv -f $new.sums {sums}; else rm -f $new.sums {sums}; fi; \
             mv -f $new.json .dhikra/releases/{id}.json; {lead}",
            sums = sums::file(id),
            run = self.means.id,
            incoming = self.incoming(),
            lead = lock::lead(self.means, id),
        );
        self.run(&body, &text).map(|_| ())
    }

    /// Deletes the releases that were not served for the longest time, and the one that was served where it is
    /// `useless`.
    pub(super) fn tidy(&self, keep: usize, useless: bool) -> Result<(), Failure> {
        (self.means.watch)(Step::Deleting);
        let Some(state) = &self.held.state else { return Ok(()) };
        let ids = state.releases.iter().map(|release| release.id.as_str());
        let others: Vec<&str> =
            ids.filter(|it| *it != self.id() && !(useless && *it == self.old)).collect();
        let old = others.get(..others.len().saturating_sub(keep)).unwrap_or_default();
        let old: Vec<&str> =
            old.iter().copied().chain(useless.then_some(self.old)).filter(|id| is_id(id)).collect();
        if old.is_empty() {
            return Ok(());
        }
        let mut body = String::from(":");
        for id in old {
            // What is no longer written down is removed by the next deploy, if it is not by this one.
            let written = format!(".dhikra/releases/{id}");
            let _ = write!(
                body,
                "; rm -f {written}.json {written}.sha256; rm -rf releases/{id} 2>/dev/null || :"
            );
        }
        self.run(&body, b"").map(|_| ())
    }
}
