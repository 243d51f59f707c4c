//! The working memory of hashes, kept for the next one, wiped.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use crate::password::hash::Arena;

/// How long working memory is kept when nothing is hashed.
const IDLE: Duration = Duration::from_secs(10);

/// Working memory that waits for the next hash, wiped.
pub(super) struct Arenas {
    size_kib: u32,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    arenas: Vec<(Arena, Instant)>,
    watched: bool,
}

impl Arenas {
    /// None yet, for hashes of this size.
    pub(super) fn new(size_kib: u32) -> Self {
        Self {
            size_kib,
            idle: Mutex::default(),
        }
    }

    /// Memory for a job. A dearer job than the engine's own gets memory of its own, and what lies idle
    /// is freed first, so that the two together stay within the budget.
    pub(super) fn take(&self, memory_kib: u32) -> Arena {
        let mut idle = self.idle();
        if memory_kib > self.size_kib {
            idle.arenas.clear();
        }
        idle.arenas
            .pop()
            .map_or_else(Arena::new, |(arena, _)| arena)
    }

    pub(super) fn give_back(self: &Arc<Self>, arena: Arena, memory_kib: u32) {
        if memory_kib > self.size_kib {
            return;
        }
        let mut idle = self.idle();
        idle.arenas.push((arena, now()));
        if idle.watched {
            return;
        }
        let arenas = Arc::downgrade(self);
        // Without a thread to watch it the memory is kept for the next hash; nothing else is lost.
        idle.watched = thread::Builder::new()
            .name("reset-password-memory".to_owned())
            .stack_size(64 * 1_024)
            .spawn(move || Self::free_when_idle(&arenas))
            .is_ok();
    }

    /// Frees what has lain idle, looking now and then, until nothing lies idle.
    fn free_when_idle(arenas: &Weak<Self>) {
        loop {
            thread::park_timeout(IDLE);
            let Some(arenas) = arenas.upgrade() else {
                return;
            };
            let mut idle = arenas.idle();
            idle.arenas.retain(|(_, since)| since.elapsed() < IDLE);
            if idle.arenas.is_empty() {
                idle.watched = false;
                return;
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long memory has lain idle is nothing that a test's clock decides"
)]
fn now() -> Instant {
    Instant::now()
}
