//! Several requests at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Failure, Means};

/// Runs a task for each item, several at once, and stops at the first failure.
pub(super) fn in_parallel<T: Sync>(
    means: &Means<'_>,
    items: &[T],
    task: impl Fn(&T) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let failed: Mutex<Option<Failure>> = Mutex::new(None);
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            if let Err(failure) = task(item) {
                stop.store(true, Ordering::Relaxed);
                lock(&failed).get_or_insert(failure);
            }
        }
    };
    let workers = means.workers.min(items.len());
    if workers < 2 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(work);
            }
        });
    }
    let failure = lock(&failed).take();
    failure.map_or(Ok(()), Err)
}

/// What a mutex holds; a thread that panicked left nothing half-done in ours.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
