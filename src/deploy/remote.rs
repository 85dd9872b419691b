//! A target, whatever sort of host it is.

use super::build::Build;
use super::look::look;
use super::manifest::{File, Held, Manifest};
use super::plan::Plan;
use super::run::{self, Done, Source};
use super::{Failure, Git, Means, Ssh, Store};

/// A target.
pub enum Remote {
    /// A host where each file is put by itself.
    Store(Box<dyn Store>),
    /// A server over SSH.
    Ssh(Ssh),
    /// A branch of git.
    Git(Git),
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Store(_) => "Store",
            Self::Ssh(_) => "Ssh",
            Self::Git(_) => "Git",
        })
    }
}

/// What a target is looked at for.
#[derive(Clone, Copy, Debug)]
pub enum For<'a> {
    /// To see what is there.
    Itself,
    /// To deploy a build.
    Build(&'a Build),
    /// To serve an older release again.
    Release(&'a Manifest),
}

impl For<'_> {
    fn files(&self) -> Option<&std::collections::BTreeMap<String, File>> {
        match self {
            Self::Itself => None,
            Self::Build(build) => Some(&build.files),
            Self::Release(release) => Some(&release.files),
        }
    }
}

impl Remote {
    /// Finds out what the target holds.
    ///
    /// # Errors
    /// Where it cannot be found out.
    pub fn look(&self, means: Means<'_>, keep: usize, what: For<'_>) -> Result<Held, Failure> {
        match self {
            Self::Store(store) => look(&**store, means, what.files()),
            Self::Ssh(ssh) => ssh.look(means),
            Self::Git(git) => {
                let build = if let For::Build(build) = what { Some(build) } else { None };
                git.look(means, keep, build)
            }
        }
    }

    /// Does what is planned; `next` is what is served afterwards. `force` takes the lock from somebody else.
    ///
    /// # Errors
    /// Whatever was asked and not done.
    pub fn deploy(
        &self,
        means: Means<'_>,
        (held, plan): (&Held, &Plan),
        next: Manifest,
        source: Source<'_>,
        (keep, force): (usize, bool),
    ) -> Result<Done, Failure> {
        if run::is_done(held, plan, &next) {
            return Ok(Done::default());
        }
        match self {
            Self::Store(store) => {
                run::deploy(&**store, means, (held, plan), next, source, (keep, force))
            }
            Self::Ssh(ssh) => ssh.deploy(means, (held, plan), &next, source, (keep, force)),
            Self::Git(git) => git.deploy(means, plan, &next, source),
        }
    }

    /// Whether a target that holds other files before the first deploy is more likely another one that was meant: a
    /// branch with sources.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        matches!(self, Self::Git(_))
    }

    /// Whether files are served with the headers that they were put with.
    #[must_use]
    pub fn keeps_headers(&self) -> bool {
        matches!(self, Self::Store(store) if store.keeps_headers())
    }

    /// Whether it is a server of one's own, which reads its configuration from what is deployed.
    #[must_use]
    pub fn is_server(&self) -> bool {
        matches!(self, Self::Ssh(_))
    }

    /// Whether it serves `page.html.gz` to whoever asks for `page.html` and understands it.
    #[must_use]
    pub fn serves_packed(&self) -> bool {
        match self {
            Self::Store(store) => store.serves_packed(),
            Self::Ssh(_) | Self::Git(_) => true,
        }
    }
}
