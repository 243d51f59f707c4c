//! How many passwords are hashed at once.
//!
//! Argon2 is dear on purpose, so what may run is bounded by memory and by cores, and what may wait by
//! number and time. The permit belongs to the hashing job, not to a caller that may hang up.

use std::{
    num::NonZero,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task, time,
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
    slots: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    arenas: Arc<Arenas>,
    started: Arc<AtomicU64>,
}

impl Admission {
    /// Nothing at work, no memory taken.
    #[must_use]
    pub fn new(capacity: Capacity) -> Self {
        let slots = capacity.slots();
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            memory: Arc::new(Semaphore::new(capacity.budget_kib() as usize)),
            waiting: AtomicUsize::new(0),
            most_waiting: slots * QUEUE_PER_SLOT,
            arenas: Arc::new(Arenas {
                size_kib: capacity.hash_kib,
                idle: Mutex::default(),
            }),
            started: Arc::default(),
        }
    }

    /// Waits for a turn, in the order of arrival.
    ///
    /// # Errors
    ///
    /// `overloaded` when the queue is full or the turn does not come in time.
    pub async fn admit(&self, memory_kib: u32) -> Result<Permit, Error> {
        if let Some(permit) = self.without_waiting(memory_kib) {
            return Ok(permit);
        }
        let overloaded = || Error::overloaded(u32::try_from(WAIT.as_secs()).unwrap_or(1));
        let _place = Place::take(&self.waiting, self.most_waiting).ok_or_else(overloaded)?;
        time::timeout(WAIT, self.turn(memory_kib))
            .await
            .ok()
            .flatten()
            .ok_or_else(overloaded)
    }

    /// Hashing jobs begun so far.
    #[must_use]
    pub fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    async fn turn(&self, memory_kib: u32) -> Option<Permit> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok()?;
        let memory = Arc::clone(&self.memory)
            .acquire_many_owned(memory_kib)
            .await
            .ok()?;
        Some(self.permit(slot, memory, memory_kib))
    }

    fn without_waiting(&self, memory_kib: u32) -> Option<Permit> {
        let slot = Arc::clone(&self.slots).try_acquire_owned().ok()?;
        let memory = Arc::clone(&self.memory)
            .try_acquire_many_owned(memory_kib)
            .ok()?;
        Some(self.permit(slot, memory, memory_kib))
    }

    fn permit(
        &self,
        slot: OwnedSemaphorePermit,
        memory: OwnedSemaphorePermit,
        memory_kib: u32,
    ) -> Permit {
        let (arenas, started) = (Arc::clone(&self.arenas), Arc::clone(&self.started));
        Permit {
            memory_kib,
            arenas,
            started,
            _slot: slot,
            _memory: memory,
        }
    }
}

/// A caller's place in the queue.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |now| {
                (now < most).then(|| now + 1)
            })
            .is_ok()
            .then(|| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The right to hash once.
pub struct Permit {
    memory_kib: u32,
    arenas: Arc<Arenas>,
    started: Arc<AtomicU64>,
    _slot: OwnedSemaphorePermit,
    _memory: OwnedSemaphorePermit,
}

impl Permit {
    /// Runs the job on a thread that may block. The permit is given back when the job ends, even if
    /// the caller has stopped waiting for it.
    ///
    /// # Errors
    ///
    /// `internal` when the job panics or the runtime is shutting down.
    pub async fn run<T: Send + 'static>(
        self,
        job: impl FnOnce(&mut Arena) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.started.fetch_add(1, Ordering::Relaxed);
        task::spawn_blocking(move || {
            // The whole permit moves in here; a closure that named its parts would leave the rest behind.
            let permit = self;
            let mut arena = permit.arenas.take(permit.memory_kib);
            let result = job(&mut arena);
            permit.arenas.give_back(arena, permit.memory_kib);
            result
        })
        .await
        .map_err(|error| {
            tracing::error!(%error, "a hashing job ended early");
            Error::internal("a hashing job ended early")
        })
    }
}

/// Working memory that waits for the next hash, wiped.
struct Arenas {
    size_kib: u32,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    arenas: Vec<(Arena, time::Instant)>,
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
        idle.arenas.push((arena, time::Instant::now()));
        if !idle.watched {
            idle.watched = true;
            task::spawn(Self::free_when_idle(Arc::downgrade(self)));
        }
    }

    async fn free_when_idle(arenas: Weak<Self>) {
        loop {
            time::sleep(IDLE).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn capacity(budget_kib: u32, cores: usize) -> Capacity {
        Capacity {
            budget_kib,
            hash_kib: 19_456,
            cores: NonZero::new(cores).unwrap(),
        }
    }

    #[test]
    fn slots_are_bounded_by_memory_and_cores() {
        assert_eq!(capacity(262_144, 2).slots(), 2);
        assert_eq!(capacity(262_144, 64).slots(), 13);
        assert_eq!(capacity(1, 64).slots(), 1);
        assert_eq!(capacity(1, 64).budget_kib(), 19_456);
    }

    #[tokio::test(start_paused = true)]
    async fn sec99_argon2_admission() {
        let admission = Arc::new(Admission::new(capacity(262_144, 2)));
        let held = [
            admission.admit(19_456).await.unwrap(),
            admission.admit(19_456).await.unwrap(),
        ];
        let waiters: Vec<_> = (0..100)
            .map(|_| {
                let admission = Arc::clone(&admission);
                tokio::spawn(async move { admission.admit(19_456).await.map(drop) })
            })
            .collect();
        task::yield_now().await;
        assert_eq!(
            admission.waiting.load(Ordering::Acquire),
            2 * QUEUE_PER_SLOT
        );
        drop(held);
        let mut admitted = 0;
        for waiter in waiters {
            match waiter.await.unwrap() {
                Ok(()) => admitted += 1,
                Err(error) => {
                    assert_eq!(error.code(), crate::Code::Overloaded);
                    assert_eq!(error.retry_after(), Some(2));
                }
            }
        }
        assert_eq!(admitted, 2 * QUEUE_PER_SLOT);
        assert_eq!(admission.waiting.load(Ordering::Acquire), 0);
    }

    /// The permit stays with the job when the caller goes away.
    #[tokio::test]
    async fn sec99_a_job_keeps_its_permit() {
        let admission = Admission::new(capacity(19_456, 1));
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let (ended, end) = tokio::sync::oneshot::channel();
        let permit = admission.admit(19_456).await.unwrap();
        let job = permit.run(move |_| {
            let _ = wait.recv();
            let _ = ended.send(());
        });
        let waited = tokio::time::timeout(Duration::from_millis(20), job).await;
        assert!(waited.is_err(), "the job is still at work");
        assert!(
            admission.without_waiting(19_456).is_none(),
            "the job is still at work"
        );
        release.send(()).unwrap();
        end.await.unwrap();
        assert!(admission.admit(19_456).await.is_ok());
    }

    #[tokio::test]
    async fn a_panic_in_a_job_is_an_error_and_frees_the_permit() {
        let admission = Admission::new(capacity(19_456, 1));
        let permit = admission.admit(19_456).await.unwrap();
        let error = permit
            .run(|_| -> () { panic!("forced") })
            .await
            .unwrap_err();
        assert_eq!(error.code(), crate::Code::Internal);
        assert!(admission.admit(19_456).await.is_ok());
    }
}
