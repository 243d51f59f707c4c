//! No connection crosses a fork.
//!
//! SQLite keeps its file locks in the memory of a process, and the system gives a child none of its
//! parent's. A child whose parent had a connection open would believe that it holds locks which it does
//! not, and the parent's last close would take the write-ahead log away from under it: commits that the
//! child acknowledged would be lost. So every connection is closed before a fork and made again after
//! it, in parent and child, when it is next needed.

use std::{
    cell::RefCell,
    mem,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak},
    thread,
    time::Duration,
};

use futures_executor::block_on;
use sqlx::Connection;
use tokio::sync::OwnedMutexGuard;

use super::connections::{Connected, Slot};

/// How often a fork looks whether a call that is under way has ended, and how often at the most: such
/// calls last milliseconds, and a fork must not wait for ever for one that its own thread is to finish.
const LOOK: Duration = Duration::from_millis(1);
const LOOKS: u32 = 5_000;

/// Every slot of this process that may hold a connection.
static SLOTS: Mutex<Vec<Weak<Slot>>> = Mutex::new(Vec::new());

thread_local! {
    /// What the forking thread holds from before the fork until after it.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

struct Held {
    slots: Vec<OwnedMutexGuard<Connected>>,
    registry: MutexGuard<'static, Vec<Weak<Slot>>>,
}

/// Sees to it that the slot is empty whenever the process forks.
pub(super) fn watch(slot: &Arc<Slot>) {
    static HANDLERS: Once = Once::new();
    HANDLERS.call_once(register);
    let mut registry = registry();
    registry.retain(|slot| slot.strong_count() > 0);
    registry.push(Arc::downgrade(slot));
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

fn registry() -> MutexGuard<'static, Vec<Weak<Slot>>> {
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

extern "C" fn before() {
    let registry = registry();
    let slots = registry
        .iter()
        .filter_map(Weak::upgrade)
        .filter_map(|slot| empty(&slot))
        .collect();
    HELD.set(Some(Held { slots, registry }));
}

/// The slot, locked and without a connection.
fn empty(slot: &Arc<Slot>) -> Option<OwnedMutexGuard<Connected>> {
    for _ in 0..LOOKS {
        if let Ok(mut guard) = Arc::clone(slot).try_lock_owned() {
            if let Some(connection) = guard.take() {
                // An executor that this thread is in already would make it panic, and C knows no panic.
                let closing = AssertUnwindSafe(|| block_on(connection.close()));
                drop(panic::catch_unwind(closing));
            }
            return Some(guard);
        }
        thread::park_timeout(LOOK);
    }
    None
}

extern "C" fn in_parent() {
    drop(HELD.take());
}

/// The child makes slots of its own; whoever waited for its parent's is not here.
extern "C" fn in_child() {
    if let Some(mut held) = HELD.take() {
        mem::forget(mem::take(&mut *held.registry));
        mem::forget(held.slots);
    }
}
