//! The connections that are open: so many and no more. When all places are taken, the one that has been silent
//! the longest makes room, so that neither slow clients nor forgotten ones hold up anybody.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::task::AbortHandle;

/// The most connections at once.
const MOST: usize = 256;

/// The open connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    by_number: BTreeMap<u64, (Instant, Option<AbortHandle>)>,
}

/// A place for one connection; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    number: u64,
}

impl Connections {
    fn with<T>(&self, act: impl FnOnce(&mut Open) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a place, where need be that of the connection that has been silent the longest.
    pub(super) fn take(&self) -> Place {
        let now = Instant::now();
        let number = self.with(|open| {
            if open.by_number.len() >= MOST {
                let oldest =
                    open.by_number.iter().min_by_key(|(number, (last, _))| (*last, **number));
                if let Some(number) = oldest.map(|(number, _)| *number)
                    && let Some((_, Some(task))) = open.by_number.remove(&number)
                {
                    task.abort();
                }
            }
            open.next += 1;
            open.by_number.insert(open.next, (now, None));
            open.next
        });
        Place { connections: self.clone(), number }
    }

    /// Ends all of them.
    pub(super) fn close(&self) {
        for (_, (_, task)) in self.with(|open| std::mem::take(&mut open.by_number)) {
            if let Some(task) = task {
                task.abort();
            }
        }
    }
}

impl Place {
    /// Says which task to end when room is needed.
    pub(super) fn held_by(&self, task: AbortHandle) {
        self.connections.with(|open| {
            // Room may have been made already.
            match open.by_number.get_mut(&self.number) {
                Some(slot) => slot.1 = Some(task),
                None => task.abort(),
            }
        });
    }

    /// Notes that something came or went over the connection.
    pub(super) fn alive(&self) {
        let now = Instant::now();
        self.connections.with(|open| {
            if let Some(slot) = open.by_number.get_mut(&self.number) {
                slot.0 = now;
            }
        });
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.with(|open| open.by_number.remove(&self.number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_silent_make_room() {
        let connections = Connections::default();
        let mut places: Vec<Place> = (0..MOST).map(|_| connections.take()).collect();
        places[0].alive();
        let new = connections.take();
        let there =
            |place: &Place| connections.with(|open| open.by_number.contains_key(&place.number));
        assert!(there(&places[0]) && there(&new) && !there(&places[1]));
        drop(places.split_off(2));
        assert_eq!(connections.with(|open| open.by_number.len()), 2);
    }
}
