//! What the commands that speak to a target share: finding it, its means, and what they may do.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, End, clock, report};
use crate::config::{Config, Destination, Target};
use crate::deploy::{
    Azure, Bucket, Container, Credentials, Directory, Done, Failure, Git, Guard, Local, Means,
    Remote, S3, Ssh, Step, Store,
};
use crate::diagnostic::{Diagnostic, Problems, codes, has_errors};
use crate::publish::OWN_FOLDER;
use crate::source::{Folder, SITE_FILE};

/// How many requests to a target are under way at once.
const WORKERS: usize = 8;
const RETRIES: u32 = 5;

/// What looks like a mistake and is done all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Allow {
    /// Delete more than a fifth of what is there
    Deletions,
    /// Deploy a site without a home page
    Empty,
    /// Deploy a site that was built for another address
    BaseUrl,
    /// Replace files that no deploy put there
    Foreign,
    /// Take the lock from a deploy that has not ended
    Lock,
}

impl Allow {
    fn guard(self) -> Guard {
        match self {
            Self::Deletions => Guard::Deletions,
            Self::Empty => Guard::Empty,
            Self::BaseUrl => Guard::BaseUrl,
            Self::Foreign => Guard::Foreign,
            Self::Lock => Guard::Lock,
        }
    }
}

/// Why a command did not do what it was asked.
pub(super) struct Trouble(pub(super) Vec<Diagnostic>);

impl From<Vec<Diagnostic>> for Trouble {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self(problems)
    }
}

impl From<Diagnostic> for Trouble {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self(vec![failure.problem()])
    }
}

/// How a command ends, and what was in its way.
pub(super) fn end(common: &Common, result: Result<End, Trouble>) -> End {
    result.unwrap_or_else(|Trouble(problems)| {
        report::problems(common, &Folder(&common.root), problems);
        End::Problems
    })
}

/// Whether something is allowed.
pub(super) fn allows(allowed: &[Allow], guard: Guard) -> bool {
    allowed.iter().any(|allow| allow.guard() == guard)
}

/// Reads the site's settings without its pages.
pub(super) fn config(common: &Common) -> Result<Config, Vec<Diagnostic>> {
    use crate::diagnostic::Quotes;
    let Some(text) = Folder(&common.root).text(SITE_FILE) else {
        let message = format!("there is no {SITE_FILE} in {}", common.root.display());
        let problem = Diagnostic::error(codes::UNREADABLE, message);
        return Err(vec![problem.hint("go to the site's folder, or name it with --root")]);
    };
    let problems = Problems::new();
    let config = Config::parse(&text, &SITE_FILE.into(), &problems);
    let problems = problems.into_vec();
    if has_errors(&problems) { Err(problems) } else { Ok(config) }
}

/// The target of a name, or the only one.
pub(super) fn find<'a>(config: &'a Config, name: Option<&str>) -> Result<&'a Target, Diagnostic> {
    let names = || config.targets.iter().map(|target| target.name.as_str());
    let problem = |message: String| Diagnostic::error(codes::DEPLOY, message);
    let list = || names().collect::<Vec<_>>().join(", ");
    match (name, config.targets.as_slice()) {
        (_, []) => Err(problem("the site has no target to deploy to".into()).hint(
            "describe one in site.toml, such as [targets.web] with kind = \"directory\" and path = \"…\"",
        )),
        (None, [only]) => Ok(only),
        (None, _) => Err(problem("the site has several targets".into())
            .hint(format!("name one of {}", list()))),
        (Some(name), targets) => {
            targets.iter().find(|target| target.name == name).ok_or_else(|| {
                let problem = problem(format!("the site has no target «{name}»"));
                let near = problem.did_you_mean(name, names());
                if near.hints.is_empty() { near.hint(format!("its targets: {}", list())) } else { near }
            })
        }
    }
}

/// Takes hold of the work on a target from this folder.
pub(super) fn hold(common: &Common, target: &Target) -> Result<Local, Failure> {
    let own = common.root.join(OWN_FOLDER).join("deploy");
    Local::take(&own.join(format!("{}.lock", target.name)), &clock::unique())
}

/// What a target is reached by.
pub(super) fn remote(common: &Common, target: &Target) -> Result<Remote, Failure> {
    let store = |store: Box<dyn Store>| Ok(Remote::Store(store));
    match target.host.clone() {
        Destination::Directory { path } => {
            store(Box::new(Directory::of(&common.root, &path, super::build::PUBLIC)?))
        }
        Destination::S3 { endpoint, bucket, prefix, region, credentials } => {
            let bucket = Bucket { endpoint, name: bucket, prefix, region };
            let credentials = Credentials {
                id: secret(&format!("{credentials}_ACCESS_KEY_ID"), target)?,
                secret: secret(&format!("{credentials}_SECRET_ACCESS_KEY"), target)?,
                token: environment(&format!("{credentials}_SESSION_TOKEN")),
            };
            store(Box::new(S3::new(bucket, credentials, clock::seconds)?))
        }
        Destination::Azure { endpoint, container, prefix, credentials } => {
            let container = Container { endpoint, name: container, prefix };
            let sas = secret(&format!("{credentials}_SAS_TOKEN"), target)?;
            store(Box::new(Azure::new(container, &sas)?))
        }
        Destination::Ssh { host, path, port } => {
            let config = std::env::var_os("DHIKRA_SSH_CONFIG").filter(|path| !path.is_empty());
            Ok(Remote::Ssh(Ssh { host, path, port, config }))
        }
        Destination::Git { remote, branch, domain } => {
            let remote = beside(&common.root, remote);
            let own = common.root.join(OWN_FOLDER).join("deploy");
            let own = own.join(format!("{}.git", target.name));
            let own = std::path::absolute(&own).unwrap_or(own);
            Ok(Remote::Git(Git::new(remote, branch, domain, own)))
        }
    }
}

/// A repository that is named by a path, which is as seen from the site; as it is where it is an address.
fn beside(root: &std::path::Path, remote: String) -> String {
    let host = remote.find(':').unwrap_or(remote.len());
    if host < remote.find('/').unwrap_or(remote.len()) {
        return remote;
    }
    let path = root.join(&remote);
    std::path::absolute(&path).unwrap_or(path).to_string_lossy().into_owned()
}

/// A variable of the environment; none where it is empty.
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A credential from the environment.
fn secret(name: &str, target: &Target) -> Result<String, Failure> {
    environment(name).ok_or_else(|| {
        Failure::new(format!("the target `{}` needs {name} in the environment", target.name))
            .hint("credentials are never read from files of the site")
    })
}

/// Calls with the means of this run from a place (see [`Local`]), and with a bar that shows how far `bytes` are.
pub(super) fn with_means<T>(place: &str, bytes: u64, act: impl FnOnce(Means<'_>) -> T) -> T {
    let id = clock::unique();
    let bar = bar(bytes);
    let tried = AtomicU64::new(0);
    let watch = |step: Step| match step {
        Step::Uploaded(bytes) => bar.inc(bytes),
        Step::Again => {
            bar.set_message(format!("tried again {}×", tried.fetch_add(1, Ordering::Relaxed) + 1));
        }
        Step::Verifying => bar.set_message("comparing"),
        Step::Deleting => bar.set_message("tidying up"),
    };
    let wait = |time: Duration| std::thread::sleep(time);
    let means = Means {
        now: &clock::seconds,
        wait: &wait,
        watch: &watch,
        id: &id,
        place: if place.is_empty() { &id } else { place },
        workers: WORKERS,
        retries: RETRIES,
    };
    let result = act(means);
    bar.finish_and_clear();
    result
}

/// A bar that is drawn where somebody watches and there is something to see.
fn bar(bytes: u64) -> ProgressBar {
    if bytes == 0 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(bytes);
    let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Asks whether to go on; `None` where nobody can be asked.
pub(super) fn confirm(question: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let _ = write!(std::io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "نعم"))
}

/// Tells of what a run could not take away again, though all that was asked is done.
pub(super) fn tell_of_rest(done: Done) {
    if done.left {
        report::tell(
            "A file of this program's own could not be taken away at the target; the next run does it",
        );
    }
}

/// What is refused, without what is allowed.
pub(super) fn refused(guards: &[(Guard, Diagnostic)], allowed: &[Allow]) -> Vec<Diagnostic> {
    let refused = guards.iter().filter(|(guard, _)| !allows(allowed, *guard));
    refused.map(|(_, problem)| problem.clone()).collect()
}

/// A size as people write it.
pub(super) fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}
