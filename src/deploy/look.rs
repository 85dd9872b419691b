//! Finding out what a target holds, and which of its releases is meant.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::manifest::{self, File, Held, Manifest, Pending, State};
use super::parallel::{in_parallel, lock};
use super::plan::doubtful;
use super::{Failure, Means, Store};
use crate::diagnostic::nearest;

/// Finds out what a target holds; `wanted` are the files that it is to serve, if that is known.
///
/// # Errors
/// Where it cannot be found out, or what is written down there is damaged.
pub(super) fn look(
    store: &dyn Store,
    means: Means<'_>,
    wanted: Option<&BTreeMap<String, File>>,
) -> Result<Held, Failure> {
    let read = |key: &str| means.insist(|| store.get(key));
    let mut held = Held { listing: means.insist(|| store.list())?, ..Held::default() };
    let key = manifest::current_key();
    if let Some((bytes, _)) = read(&key)? {
        held.state = Some(manifest::read::<State>(&bytes, &key)?);
        held.written = Some(bytes);
    }
    let key = manifest::pending_key();
    if let Some((bytes, _)) = read(&key)? {
        held.pending = Some(manifest::read::<Pending>(&bytes, &key)?);
    }
    if let Some(state) = &held.state {
        let others = state.releases.iter().filter(|it| it.id != state.current.release.id);
        for release in others {
            let key = manifest::release_key(&release.id);
            // One that is damaged cannot be served again, and is in the way of nothing else.
            let found = read(&key)?.and_then(|(bytes, _)| manifest::read(&bytes, &key).ok());
            held.others.extend(found);
        }
    }
    if let Some(wanted) = wanted {
        let paths = doubtful(wanted, &held);
        let stamps = Mutex::new(BTreeMap::new());
        in_parallel(&means, &paths, |path| {
            if let Some(stamp) = means.insist(|| store.stamp(path))? {
                lock(&stamps).insert((*path).to_owned(), stamp);
            }
            Ok(())
        })?;
        held.stamps = stamps.into_inner().unwrap_or_default();
    }
    Ok(held)
}

/// The release of a name; or the one that was served before what is served now, or before what a deploy began and
/// did not end. What was begun to be gone back to is gone on with.
///
/// # Errors
/// Where there is none.
pub fn release(held: &Held, id: Option<&str>) -> Result<Manifest, Failure> {
    let none = |what: &str| {
        Failure::new(what).hint("`dhikra releases` lists those that can be served again")
    };
    let state =
        held.state.as_ref().ok_or_else(|| none("nothing was ever deployed to this target"))?;
    let current = &state.current.release.id;
    let at = match id {
        Some(id) => state.releases.iter().position(|release| release.id == id),
        None => before(held, state),
    };
    let Some(release) = at.and_then(|at| state.releases.get(at)) else {
        return Err(match id {
            Some(id) => {
                let failure = none(&format!("there is no release «{id}» at the target"));
                let ids = state.releases.iter().map(|release| release.id.as_str());
                match nearest(id, ids) {
                    Some(near) => failure.hint(format!("did you mean `{near}`?")),
                    None => failure,
                }
            }
            None => none("no release that was served before this one is kept at the target"),
        });
    };
    if release.id == *current {
        return Ok(state.current.clone());
    }
    let found = held.others.iter().find(|other| other.release.id == release.id);
    found.cloned().ok_or_else(|| none(&format!("the list of files of {} is not there", release.id)))
}

/// The place of the release that is gone back to without being named.
fn before(held: &Held, state: &State) -> Option<usize> {
    let place = |id: &str| state.releases.iter().position(|release| release.id == id);
    let current = &state.current.release.id;
    match &held.pending {
        Some(begun) if begun.again && place(&begun.release).is_some() => place(&begun.release),
        Some(begun) if !begun.again && begun.release != *current => place(current),
        _ => place(&state.current.release.before),
    }
}
