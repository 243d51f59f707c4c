//! How many passwords are hashed at once, and whose.
//!
//! Argon2 is dear on purpose, so what may run is bounded by memory and by cores, and what may wait by
//! number and time. The permit belongs to the hashing job, not to a caller that may hang up.

mod arenas;
mod capacity;
mod flows;
mod jobs;
mod turns;

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::{
    arenas::Arenas,
    jobs::Jobs,
    turns::{Outcome, Ticket, Turns},
};
pub use self::{
    capacity::Capacity,
    turns::{Class, Source},
};
use crate::{clock::Clock, error::Error, password::hash::Arena};

/// How long a caller waits before it is told to come back.
const WAIT: Duration = Duration::from_secs(2);

/// Lets hashing jobs in.
pub struct Admission {
    state: Mutex<State>,
    arenas: Arc<Arenas>,
    jobs: Jobs,
}

/// How many there are at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Those who may hash.
    pub at_work: usize,
    /// Those who wait for their turn.
    pub waiting: usize,
}

struct State {
    turns: Turns,
    /// Those who wait, or are about to look what came of their waiting.
    waiters: HashMap<Ticket, Waiter>,
}

#[derive(Default)]
struct Waiter {
    outcome: Option<Outcome>,
    decided: Arc<Condvar>,
}

impl State {
    /// Tells those for whom something was decided.
    fn tell(&mut self, decided: Vec<(Ticket, Outcome)>) {
        for (ticket, outcome) in decided {
            let waiter = self.waiters.entry(ticket).or_default();
            waiter.outcome = Some(outcome);
            waiter.decided.notify_one();
        }
    }

    fn is_undecided(&self, ticket: Ticket) -> bool {
        let waiter = self.waiters.get(&ticket);
        waiter.is_some_and(|waiter| waiter.outcome.is_none())
    }

    fn leave(&mut self, ticket: Ticket) {
        let decided = self.turns.leave(ticket);
        self.tell(decided);
    }
}

impl Admission {
    /// Nothing at work, no memory taken.
    #[must_use]
    pub fn new(capacity: Capacity) -> Self {
        Self {
            state: Mutex::new(State {
                turns: Turns::new(capacity),
                waiters: HashMap::new(),
            }),
            arenas: Arc::new(Arenas::new(capacity.hash_kib)),
            jobs: Jobs::default(),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    ///
    /// `overloaded` when the turn does not come in time, or the places to wait in are taken by callers whose
    /// sources have no more of them.
    pub fn admit(
        &self,
        class: Class,
        source: Source<'_>,
        memory_kib: u32,
    ) -> Result<Permit<'_>, Error> {
        let mut state = self.state();
        let (ticket, decided) = state.turns.arrive(class, source, memory_kib);
        let own = Arc::clone(&state.waiters.entry(ticket).or_default().decided);
        state.tell(decided);
        let has_waited = state.is_undecided(ticket);
        let (mut state, _) = own
            .wait_timeout_while(state, WAIT, |state| state.is_undecided(ticket))
            .unwrap_or_else(PoisonError::into_inner);
        let waiter = state.waiters.remove(&ticket);
        match waiter.and_then(|waiter| waiter.outcome) {
            Some(Outcome::Admitted) => Ok(Permit {
                admission: self,
                ticket,
                memory_kib,
                has_waited,
            }),
            Some(Outcome::Displaced) | None => {
                state.leave(ticket);
                Err(Error::overloaded(
                    u32::try_from(WAIT.as_secs()).unwrap_or(1),
                ))
            }
        }
    }

    /// How many hash and how many wait for their turn at this moment.
    #[must_use]
    pub fn load(&self) -> Load {
        let state = self.state();
        Load {
            at_work: state.turns.running(),
            waiting: state.turns.waiting(),
        }
    }

    /// Hashing jobs begun so far.
    #[must_use]
    pub fn started(&self) -> u64 {
        self.jobs.started()
    }

    /// How long all hashing jobs that have ended were at work.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.jobs.time()
    }

    /// The most hashing jobs that were at work at one time so far.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.jobs.most()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to hash once. It is given back when it is dropped.
pub struct Permit<'a> {
    admission: &'a Admission,
    ticket: Ticket,
    memory_kib: u32,
    has_waited: bool,
}

impl Permit<'_> {
    /// Whether it was waited for: what was true before may not be true any more.
    #[must_use]
    pub const fn has_waited(&self) -> bool {
        self.has_waited
    }

    /// Runs the job on this thread, with working memory that is wiped after it. The clock says how long it took.
    pub fn run<T>(self, clock: &dyn Clock, job: impl FnOnce(&mut Arena) -> T) -> T {
        let Admission { jobs, arenas, .. } = self.admission;
        let _job = jobs.begin();
        let mut arena = arenas.take(self.memory_kib);
        let began_at = clock.now();
        let result = job(&mut arena);
        jobs.took(clock.now().since(began_at));
        arenas.give_back(arena, self.memory_kib);
        result
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.admission.state().leave(self.ticket);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        num::NonZero,
        panic,
        sync::{
            atomic::{AtomicI64, Ordering},
            mpsc,
        },
        thread,
    };

    use super::{Class::*, *};
    use crate::{Code, Timestamp};

    /// A clock by which three milliseconds pass between one look and the next.
    #[derive(Default)]
    struct Ticking(AtomicI64);

    impl Clock for Ticking {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_millis(self.0.fetch_add(3, Ordering::Relaxed))
        }
    }

    #[test]
    fn the_time_at_work_is_counted() {
        let admission = Admission::new(capacity(19_456, 1));
        assert_eq!(admission.time(), Duration::ZERO);
        let clock = Ticking::default();
        for jobs in 1..=3 {
            let permit = admit(&admission, Owner, "ada").unwrap();
            assert_eq!(permit.run(&clock, |_| jobs), jobs);
            assert_eq!(admission.time(), Duration::from_millis(3 * jobs));
        }
    }

    fn capacity(budget_kib: u32, cores: usize) -> Capacity {
        Capacity {
            budget_kib,
            hash_kib: 19_456,
            cores: NonZero::new(cores).unwrap(),
        }
    }

    fn admit<'a>(
        admission: &'a Admission,
        class: Class,
        account: &str,
    ) -> Result<Permit<'a>, Error> {
        let client = None;
        admission.admit(class, Source { account, client }, 19_456)
    }

    /// Waits until so many callers wait.
    fn until_waiting(admission: &Admission, callers: usize) {
        while admission.state().turns.waiting() != callers {
            thread::yield_now();
        }
    }

    fn is_idle(admission: &Admission) -> bool {
        let state = admission.state();
        state.turns.running() + state.turns.waiting() + state.waiters.len() == 0
    }

    #[test]
    fn sec99_argon2_admission() {
        let admission = Admission::new(capacity(262_144, 2));
        let accounts: Vec<String> = (0..100).map(|n| format!("{n}@example.com")).collect();
        let held = [0, 1].map(|n| admit(&admission, Stranger, &accounts[n]).unwrap());
        let most = 16;
        thread::scope(|scope| {
            let waiters: Vec<_> = accounts[2..2 + most]
                .iter()
                .map(|account| scope.spawn(|| admit(&admission, Stranger, account).map(drop)))
                .collect();
            until_waiting(&admission, most);
            let load = Load {
                at_work: 2,
                waiting: most,
            };
            assert_eq!(admission.load(), load);
            for account in &accounts[2 + most..] {
                let error = admit(&admission, Stranger, account).map(drop).unwrap_err();
                assert_eq!(error.code(), Code::Overloaded);
                assert_eq!(error.retry_after(), Some(2));
            }
            drop(held);
            for waiter in waiters {
                waiter.join().unwrap().unwrap();
            }
        });
        assert!(is_idle(&admission));
    }

    /// A permit is held by its job for as long as that works, so that no more work than may.
    #[test]
    fn sec99_a_permit_is_given_back_after_its_job() {
        let admission = Admission::new(capacity(2 * 19_456, 2));
        let accounts: Vec<String> = (0..16).map(|n| format!("{n}@example.com")).collect();
        let worked = thread::scope(|scope| {
            let jobs: Vec<_> = accounts
                .iter()
                .map(|account| {
                    let job = || {
                        let permit = admit(&admission, Owner, account).unwrap();
                        permit.run(&Ticking::default(), |_| {
                            thread::park_timeout(Duration::from_millis(10));
                            admission.state().turns.running()
                        })
                    };
                    scope.spawn(job)
                })
                .collect();
            let ends = jobs.into_iter().map(|job| job.join().unwrap());
            ends.collect::<Vec<_>>()
        });
        assert!(worked.iter().all(|running| [1, 2].contains(running)));
        assert_eq!((admission.started(), admission.most_at_once()), (16, 2));
        assert!(is_idle(&admission));
    }

    #[test]
    fn sec99_strangers_keep_no_owner_waiting() {
        let admission = Admission::new(capacity(262_144, 2));
        thread::scope(|scope| {
            let held = [0, 1].map(|_| admit(&admission, Stranger, "eve").unwrap());
            for _ in 0..100 {
                scope.spawn(|| admit(&admission, Stranger, "eve").map(drop));
            }
            until_waiting(&admission, 16);
            for _ in 0..100 {
                drop(admit(&admission, Owner, "ada").unwrap());
            }
            assert_eq!(admission.state().turns.waiting(), 16);
            drop(held);
        });
        assert!(is_idle(&admission));
    }

    #[test]
    fn sec99_turns_come_in_the_order_of_arrival() {
        let admission = Admission::new(capacity(19_456, 1));
        let held = admit(&admission, Owner, "ada").unwrap();
        let (turn, turns) = mpsc::channel();
        thread::scope(|scope| {
            for caller in 0..4 {
                let (admission, turn) = (&admission, turn.clone());
                scope.spawn(move || {
                    let _permit = admit(admission, Owner, "ada").unwrap();
                    turn.send(caller).unwrap();
                });
                until_waiting(admission, caller + 1);
            }
            drop(held);
        });
        assert_eq!(turns.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn whoever_is_displaced_is_told_at_once() {
        let admission = Admission::new(capacity(19_456, 1));
        let held = admit(&admission, Stranger, "eve").unwrap();
        thread::scope(|scope| {
            let of_eve: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| admit(&admission, Stranger, "eve").map(drop)))
                .collect();
            until_waiting(&admission, 8);
            let of_ada = scope.spawn(|| admit(&admission, Stranger, "ada").map(drop));
            while !of_eve.iter().any(thread::ScopedJoinHandle::is_finished) {
                thread::yield_now();
            }
            assert_eq!(admission.state().turns.waiting(), 8);
            drop(held);
            of_ada.join().unwrap().unwrap();
            let refused = of_eve
                .into_iter()
                .filter_map(|of_eve| of_eve.join().unwrap().err());
            let codes: Vec<_> = refused.map(|error| error.code()).collect();
            assert_eq!(codes, [Code::Overloaded]);
        });
        assert!(is_idle(&admission));
    }

    #[test]
    fn a_turn_that_does_not_come_is_refused_and_leaves_no_trace() {
        let admission = Admission::new(capacity(19_456, 1));
        let held = admit(&admission, Owner, "ada").unwrap();
        let error = admit(&admission, Owner, "ada").map(drop).unwrap_err();
        assert_eq!(error.code(), Code::Overloaded);
        drop(held);
        assert!(is_idle(&admission));
        assert!(admit(&admission, Owner, "ada").is_ok());
    }

    #[test]
    fn a_panic_in_a_job_frees_the_permit() {
        let admission = Admission::new(capacity(19_456, 1));
        let permit = admit(&admission, Owner, "ada").unwrap();
        let job = panic::AssertUnwindSafe(|| permit.run(&Ticking::default(), |_| panic!("forced")));
        assert!(panic::catch_unwind(job).is_err());
        assert!(admit(&admission, Owner, "ada").is_ok());
    }
}
