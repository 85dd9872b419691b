//! Two deploys to one target at once would undo each other. A lock keeps them apart; it is a file at the
//! target that says until when it holds, so that one whose owner died is no lock for ever.

use serde::{Deserialize, Serialize};

use std::time::Duration;

use super::{Condition, Failure, Guard, Headers, Means, OWN_PREFIX, Put, Store};

/// How long a lock holds that is not renewed, in seconds.
const HOLDS: u64 = 600;

/// How often its owner looks whether it still has it, in seconds, and how long whoever takes it from somebody
/// waits for that one to find out.
const LOOKS: u64 = 15;
const GRACE: Duration = Duration::from_secs(3 * LOOKS);

#[derive(Debug, Serialize, Deserialize)]
struct Claim {
    id: String,
    #[serde(default)]
    place: String,
    since: u64,
    until: u64,
}

/// A lock that is held.
pub(super) struct Lock<'a> {
    store: &'a dyn Store,
    means: Means<'a>,
    since: u64,
    renewed: u64,
}

/// Where the lock is.
pub(super) fn key() -> String {
    format!("{OWN_PREFIX}lock")
}

/// The claim that is there, with its version; none where there is none or nobody could read it.
fn there(store: &dyn Store, means: &Means<'_>) -> Result<Option<(Claim, Option<String>)>, Failure> {
    let read = means.insist(|| store.get(&key()))?;
    let Some((bytes, version)) = read else { return Ok(None) };
    let broken = Claim { id: String::new(), place: String::new(), since: 0, until: 0 };
    Ok(Some((serde_json::from_slice(&bytes).unwrap_or(broken), version)))
}

impl<'a> Lock<'a> {
    /// Takes the lock. `force` takes it from somebody who still holds it.
    pub(super) fn take(
        store: &'a dyn Store,
        means: Means<'a>,
        force: bool,
    ) -> Result<Self, Failure> {
        let now = (means.now)();
        let found = there(store, &means)?;
        let is_ours = |claim: &Claim| claim.id == means.id || claim.place == means.place;
        let theirs = found.as_ref().filter(|(claim, _)| claim.until > now && !is_ours(claim));
        if let Some((claim, _)) = theirs.filter(|_| !force) {
            return Err(held(claim, now));
        }
        let stolen = theirs.is_some();
        let condition = match &found {
            None => Condition::Absent,
            Some((_, Some(version))) => Condition::Version(version),
            Some((_, None)) => Condition::Always,
        };
        let lock = Self { store, means, since: now, renewed: now };
        let put = means.insist(|| lock.put(now, condition))?;
        // Whether it was put, and whether the target knows conditions at all, is seen by reading.
        let after = there(store, &means)?;
        match after {
            Some((claim, _)) if claim.id == means.id => {
                if stolen {
                    (means.wait)(GRACE);
                }
                Ok(lock)
            }
            Some((claim, _)) => Err(held(&claim, now)),
            None if put != Put::Refused => {
                Err(Failure::new("the target does not give back what is put there"))
            }
            None => Err(Failure::passing("the lock at the target cannot be taken")),
        }
    }

    fn put(&self, now: u64, condition: Condition<'_>) -> Result<Put, Failure> {
        let (id, place) = (self.means.id.into(), self.means.place.into());
        let claim = Claim { id, place, since: self.since, until: now + HOLDS };
        let bytes = serde_json::to_vec(&claim).map_err(|error| Failure::new(error.to_string()))?;
        self.store.put(&key(), &bytes, &Headers::own(), "", condition)
    }

    /// Makes sure that the lock is still held, and holds on.
    pub(super) fn hold(&mut self) -> Result<(), Failure> {
        let now = (self.means.now)();
        let lost = || {
            let what =
                "another deploy took the lock at the target, and goes on in the place of this one";
            Err(Failure::new(what).hint("deploy again when it has ended"))
        };
        let version = match there(self.store, &self.means)? {
            Some((claim, version)) if claim.id == self.means.id => version,
            _ => return lost(),
        };
        let condition = version.as_deref().map_or(Condition::Always, Condition::Version);
        if self.means.insist(|| self.put(now, condition))? == Put::Refused
            // An answer that was lost may have told of a success.
            && !matches!(there(self.store, &self.means)?, Some((claim, _)) if claim.id == self.means.id)
        {
            return lost();
        }
        self.renewed = now;
        Ok(())
    }

    /// The same, if some time has passed since.
    pub(super) fn hold_if_due(&mut self) -> Result<(), Failure> {
        if (self.means.now)().saturating_sub(self.renewed) >= LOOKS { self.hold() } else { Ok(()) }
    }

    /// Gives the lock up, if it is still held.
    pub(super) fn give_up(self) -> Result<(), Failure> {
        match there(self.store, &self.means)? {
            Some((claim, _)) if claim.id == self.means.id => {
                self.means.insist(|| self.store.delete(&key()))
            }
            _ => Ok(()),
        }
    }
}

fn held(claim: &Claim, now: u64) -> Failure {
    let minutes = |seconds: u64| seconds.div_ceil(60);
    let message = format!(
        "another deploy to this target began {} minutes ago and has not ended",
        minutes(now.saturating_sub(claim.since))
    );
    let rest = minutes(claim.until.saturating_sub(now));
    Failure { guard: Some(Guard::Lock), ..Failure::new(message) }.hint(format!(
        "if it was killed, its lock ends by itself in {rest} minutes, and the next deploy goes on from there; from \
         the folder that it ran in, at once"
    ))
}
