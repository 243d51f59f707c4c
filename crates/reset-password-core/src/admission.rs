//! How many passwords are hashed at once.
//!
//! Argon2 is dear on purpose, so what may run is bounded by memory and by cores, and what may wait by
//! number and time. The permit belongs to the hashing job, not to a caller that may hang up.

use std::{
    collections::VecDeque,
    num::NonZero,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{error::Error, password::hash::Arena};

/// Callers that may wait for each hash that may run.
const QUEUE_PER_SLOT: usize = 8;
/// How long a caller waits before it is told to come back.
const WAIT: Duration = Duration::from_secs(2);
/// How long working memory is kept when nothing is hashed.
const IDLE: Duration = Duration::from_secs(10);

/// The bounds of hashing in one process.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Memory that all hashes at work may take together, in KiB.
    pub budget_kib: u32,
    /// Memory of one hash at the engine's own parameters, in KiB.
    pub hash_kib: u32,
    /// Processor cores that may hash.
    pub cores: NonZero<usize>,
}

impl Capacity {
    /// Hashes that may run at once: at least one, whatever the budget.
    #[must_use]
    pub fn slots(&self) -> usize {
        let fitting = self.budget_kib / self.hash_kib.max(1);
        usize::try_from(fitting)
            .unwrap_or(1)
            .clamp(1, self.cores.get())
    }

    /// The budget, stretched to hold one hash.
    #[must_use]
    pub fn budget_kib(&self) -> u32 {
        self.budget_kib.max(self.hash_kib)
    }
}

/// Lets hashing jobs in.
pub struct Admission {
    queue: Mutex<Queue>,
    /// Something was given back, or somebody left the queue.
    moved: Condvar,
    most_waiting: usize,
    arenas: Arc<Arenas>,
    started: AtomicU64,
}

/// What is free, and who waits for it, in the order of arrival.
struct Queue {
    slots: usize,
    memory_kib: u32,
    waiting: VecDeque<u64>,
    next_ticket: u64,
}

impl Queue {
    /// Takes what a hash needs, if it is free.
    fn take(&mut self, memory_kib: u32) -> bool {
        if self.slots == 0 || self.memory_kib < memory_kib {
            return false;
        }
        self.slots -= 1;
        self.memory_kib -= memory_kib;
        true
    }
}

impl Admission {
    /// Nothing at work, no memory taken.
    #[must_use]
    pub fn new(capacity: Capacity) -> Self {
        let slots = capacity.slots();
        Self {
            queue: Mutex::new(Queue {
                slots,
                memory_kib: capacity.budget_kib(),
                waiting: VecDeque::new(),
                next_ticket: 0,
            }),
            moved: Condvar::new(),
            most_waiting: slots * QUEUE_PER_SLOT,
            arenas: Arc::new(Arenas {
                size_kib: capacity.hash_kib,
                idle: Mutex::default(),
            }),
            started: AtomicU64::new(0),
        }
    }

    /// Waits for a turn, in the order of arrival.
    ///
    /// # Errors
    ///
    /// `overloaded` when the queue is full or the turn does not come in time.
    pub fn admit(&self, memory_kib: u32) -> Result<Permit<'_>, Error> {
        let overloaded = || Error::overloaded(u32::try_from(WAIT.as_secs()).unwrap_or(1));
        let mut queue = self.queue();
        if queue.waiting.is_empty() && queue.take(memory_kib) {
            return Ok(self.permit(memory_kib));
        }
        if queue.waiting.len() >= self.most_waiting {
            return Err(overloaded());
        }
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        queue.waiting.push_back(ticket);
        let not_my_turn =
            |queue: &mut Queue| queue.waiting.front() != Some(&ticket) || !queue.take(memory_kib);
        let (mut queue, waited) = self
            .moved
            .wait_timeout_while(queue, WAIT, not_my_turn)
            .unwrap_or_else(PoisonError::into_inner);
        queue.waiting.retain(|waiting| *waiting != ticket);
        drop(queue);
        // Whoever stands behind may be first now, and what is free may be enough for it.
        self.moved.notify_all();
        if waited.timed_out() {
            return Err(overloaded());
        }
        Ok(self.permit(memory_kib))
    }

    /// Hashing jobs begun so far.
    #[must_use]
    pub fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    const fn permit(&self, memory_kib: u32) -> Permit<'_> {
        Permit {
            admission: self,
            memory_kib,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to hash once. It is given back when it is dropped.
pub struct Permit<'a> {
    admission: &'a Admission,
    memory_kib: u32,
}

impl Permit<'_> {
    /// Runs the job on this thread, with working memory that is wiped after it.
    pub fn run<T>(self, job: impl FnOnce(&mut Arena) -> T) -> T {
        self.admission.started.fetch_add(1, Ordering::Relaxed);
        let arenas = &self.admission.arenas;
        let mut arena = arenas.take(self.memory_kib);
        let result = job(&mut arena);
        arenas.give_back(arena, self.memory_kib);
        result
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut queue = self.admission.queue();
        queue.slots += 1;
        queue.memory_kib += self.memory_kib;
        drop(queue);
        self.admission.moved.notify_all();
    }
}

/// Working memory that waits for the next hash, wiped.
struct Arenas {
    size_kib: u32,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    arenas: Vec<(Arena, Instant)>,
    watched: bool,
}

impl Arenas {
    /// Memory for a job. A dearer job than the engine's own gets memory of its own, and what lies idle
    /// is freed first, so that the two together stay within the budget.
    fn take(&self, memory_kib: u32) -> Arena {
        let mut idle = self.idle();
        if memory_kib > self.size_kib {
            idle.arenas.clear();
        }
        idle.arenas
            .pop()
            .map_or_else(Arena::new, |(arena, _)| arena)
    }

    fn give_back(self: &Arc<Self>, arena: Arena, memory_kib: u32) {
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

#[cfg(test)]
mod tests {
    use std::{panic, sync::mpsc};

    use super::*;
    use crate::Code;

    fn capacity(budget_kib: u32, cores: usize) -> Capacity {
        Capacity {
            budget_kib,
            hash_kib: 19_456,
            cores: NonZero::new(cores).unwrap(),
        }
    }

    /// Waits until so many callers wait.
    fn until_waiting(admission: &Admission, callers: usize) {
        while admission.queue().waiting.len() != callers {
            thread::yield_now();
        }
    }

    #[test]
    fn slots_are_bounded_by_memory_and_cores() {
        assert_eq!(capacity(262_144, 2).slots(), 2);
        assert_eq!(capacity(262_144, 64).slots(), 13);
        assert_eq!(capacity(1, 64).slots(), 1);
        assert_eq!(capacity(1, 64).budget_kib(), 19_456);
    }

    #[test]
    fn sec99_argon2_admission() {
        let admission = Admission::new(capacity(262_144, 2));
        let held = [
            admission.admit(19_456).unwrap(),
            admission.admit(19_456).unwrap(),
        ];
        let most = 2 * QUEUE_PER_SLOT;
        thread::scope(|scope| {
            let waiters: Vec<_> = (0..most)
                .map(|_| scope.spawn(|| admission.admit(19_456).map(drop)))
                .collect();
            until_waiting(&admission, most);
            for _ in 0..100 {
                let error = admission.admit(19_456).map(drop).unwrap_err();
                assert_eq!(error.code(), Code::Overloaded);
                assert_eq!(error.retry_after(), Some(2));
            }
            drop(held);
            for waiter in waiters {
                waiter.join().unwrap().unwrap();
            }
        });
        assert!(admission.queue().waiting.is_empty());
        assert_eq!(admission.queue().slots, 2);
    }

    #[test]
    fn sec99_turns_come_in_the_order_of_arrival() {
        let admission = Admission::new(capacity(19_456, 1));
        let held = admission.admit(19_456).unwrap();
        let (turn, turns) = mpsc::channel();
        thread::scope(|scope| {
            for caller in 0..4 {
                let (admission, turn) = (&admission, turn.clone());
                scope.spawn(move || {
                    let _permit = admission.admit(19_456).unwrap();
                    turn.send(caller).unwrap();
                });
                until_waiting(admission, caller + 1);
            }
            drop(held);
        });
        assert_eq!(turns.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn a_turn_that_does_not_come_is_refused_and_leaves_no_trace() {
        let admission = Admission::new(capacity(19_456, 1));
        let held = admission.admit(19_456).unwrap();
        let error = admission.admit(19_456).map(drop).unwrap_err();
        assert_eq!(error.code(), Code::Overloaded);
        drop(held);
        assert!(admission.admit(19_456).is_ok());
    }

    #[test]
    fn a_panic_in_a_job_frees_the_permit() {
        let admission = Admission::new(capacity(19_456, 1));
        let permit = admission.admit(19_456).unwrap();
        let job = panic::AssertUnwindSafe(|| permit.run(|_| panic!("forced")));
        assert!(panic::catch_unwind(job).is_err());
        assert!(admission.admit(19_456).is_ok());
    }
}
