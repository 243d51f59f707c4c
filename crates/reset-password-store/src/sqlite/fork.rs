//! No connection crosses a fork.
//!
//! SQLite keeps its file locks in the memory of a process, and what a child inherits of its parent's
//! descriptors it shares with it, locks and all. A child whose parent had a connection open would believe
//! that it holds locks which it does not, and the parent's last close would take the write-ahead log away
//! from under it: commits that the child acknowledged would be lost. So every connection is closed before a
//! fork and made again after it, in parent and child, when it is next needed.

use std::{
    cell::RefCell,
    mem,
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak},
};

use super::locks;
use crate::pool::Lanes;

/// Every pool of this process that may hold a connection.
static POOLS: Mutex<Vec<Weak<Lanes>>> = Mutex::new(Vec::new());

thread_local! {
    /// What the forking thread holds from before the fork until after it.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

struct Held {
    lanes: Vec<Arc<Lanes>>,
    registry: MutexGuard<'static, Vec<Weak<Lanes>>>,
    descriptors: locks::Held,
}

/// Sees to it that the pool is empty whenever the process forks.
pub(crate) fn watch(lanes: &Arc<Lanes>) {
    static HANDLERS: Once = Once::new();
    HANDLERS.call_once(register);
    let mut registry = registry();
    registry.retain(|lanes| lanes.strong_count() > 0);
    registry.push(Arc::downgrade(lanes));
}

#[expect(
    unsafe_code,
    reason = "the standard library has no way to act before a fork"
)]
fn register() {
    // SAFETY: the three handlers are functions that live as long as the program, take nothing, and do
    // not unwind.
    let status = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    if status != 0 {
        tracing::error!(
            status,
            "forks cannot be watched: do not use a handle across one"
        );
    }
}

fn registry() -> MutexGuard<'static, Vec<Weak<Lanes>>> {
    POOLS.lock().unwrap_or_else(PoisonError::into_inner)
}

extern "C" fn before() {
    let registry = registry();
    let lanes: Vec<_> = registry.iter().filter_map(Weak::upgrade).collect();
    for lanes in &lanes {
        lanes.hold();
    }
    // A thread at its end has no variables any more; then the fork goes unwatched.
    let _ = HELD.try_with(|held| {
        held.replace(Some(Held {
            lanes,
            registry,
            descriptors: locks::before_fork(),
        }))
    });
}

extern "C" fn in_parent() {
    if let Some(held) = HELD.try_with(RefCell::take).ok().flatten() {
        held.lanes.iter().for_each(|lanes| lanes.resume());
    }
}

/// The child makes pools of its own; whoever waited for its parent's is not here.
extern "C" fn in_child() {
    if let Some(mut held) = HELD.try_with(RefCell::take).ok().flatten() {
        mem::forget(mem::take(&mut *held.registry));
        mem::forget(held.lanes);
        held.descriptors.end_in_child();
    }
}
