//! Threads for callers that must not wait themselves.

use std::{
    collections::VecDeque,
    io,
    num::NonZero,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Most threads of one handle: as many calls may wait for a turn to hash or for a connection. Each core may have
/// nine hashes, one at work and eight in line; the others are for everything else.
const MOST: usize = 64;
const MOST_PER_CORE: usize = 16;
/// How long a thread is kept without work.
const IDLE: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce() + Send>;

/// Threads that may wait, made when they are needed and ended when they have had nothing to do for a while.
pub(crate) struct Threads(Arc<Shared>);

struct Shared {
    most: usize,
    idle_for: Duration,
    state: Mutex<State>,
    /// There is a job, or there will be none any more.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Of the threads, those that wait for a job.
    idle: usize,
    /// A thread has been woken or made, and has not looked for a job yet. It calls the next one.
    is_coming: bool,
    /// Nobody hands in jobs any more.
    closed: bool,
}

impl Threads {
    /// None yet.
    pub(crate) fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self::with(MOST.max(cores * MOST_PER_CORE), IDLE)
    }

    fn with(most: usize, idle_for: Duration) -> Self {
        Self(Arc::new(Shared {
            most,
            idle_for,
            state: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// Does the work on one of them, and waits for nothing. A panic of the work ends nothing but the work.
    ///
    /// # Errors
    ///
    /// When there is no thread and none can be made; the work is not done then.
    pub(crate) fn spawn(&self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let mut state = self.0.state();
        state.jobs.push_back(Box::new(work));
        self.0.call_one(state)
    }
}

impl Drop for Threads {
    /// Waits for nothing: whoever drops a handle may be a thread that must not wait. What was handed in is
    /// done.
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    /// Sees to it that a thread comes for the jobs that are waiting. One at a time: on a busy processor the first
    /// does many jobs before a second would have had its turn.
    fn call_one(self: &Arc<Self>, mut state: MutexGuard<'_, State>) -> io::Result<()> {
        if state.is_coming || state.jobs.is_empty() {
            return Ok(());
        }
        if state.idle > 0 {
            state.is_coming = true;
            // Unlocked first: whoever is woken would only wait for the lock.
            drop(state);
            self.changed.notify_one();
            return Ok(());
        }
        if state.threads == self.most {
            return Ok(());
        }
        let shared = Arc::clone(self);
        let made = thread::Builder::new()
            .name("reset-password".to_owned())
            .spawn(move || shared.work());
        match made {
            Ok(_) => {
                state.threads += 1;
                state.is_coming = true;
            }
            // Those that there are do it later.
            Err(_) if state.threads > 0 => {}
            Err(error) => {
                let unstarted = state.jobs.pop_back();
                drop((state, unstarted));
                return Err(error);
            }
        }
        Ok(())
    }

    /// What a thread does until it ends.
    fn work(self: &Arc<Self>) {
        let mut state = self.state();
        state.is_coming = false;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                // It fails only where there are threads for what is left.
                let _ = self.call_one(state);
                let _ = panic::catch_unwind(AssertUnwindSafe(job));
                state = self.state();
                continue;
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let waited = self.changed.wait_timeout(state, self.idle_for);
            let (waited, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = waited;
            state.idle -= 1;
            state.is_coming = false;
            if timeout.timed_out() && state.jobs.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }

    /// No code of a caller runs under the lock, so a panic leaves it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn count(shared: &Shared) -> usize {
        shared.state().threads
    }

    #[test]
    fn a_panic_ends_nothing_but_its_job() {
        let threads = Threads::with(1, IDLE);
        let (sender, done) = mpsc::channel();
        for number in 0..3 {
            let sender = sender.clone();
            let job = move || {
                assert_ne!(number, 1, "forced");
                sender.send(number).unwrap();
            };
            threads.spawn(job).unwrap();
        }
        drop(sender);
        assert_eq!(done.iter().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(count(&threads.0), 1);
    }

    #[test]
    fn jobs_beyond_the_threads_wait_for_their_turn() {
        const MOST: usize = 3;
        let threads = Threads::with(MOST, IDLE);
        let (sender, begun) = mpsc::channel();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for number in 0..10 {
            let (sender, gate) = (sender.clone(), Arc::clone(&gate));
            let job = move || {
                sender.send(number).unwrap();
                let _ = gate.lock().unwrap().recv();
            };
            threads.spawn(job).unwrap();
        }
        let mut first: Vec<_> = begun.iter().take(MOST).collect();
        first.sort_unstable();
        assert_eq!(first, [0, 1, 2], "at once, and in their order");
        assert_eq!(count(&threads.0), MOST);
        assert!(begun.try_recv().is_err());
        drop((open, sender));
        assert_eq!(begun.iter().count(), 7);
    }

    #[test]
    fn a_thread_without_work_ends_and_another_is_made() {
        let threads = Threads::with(2, SOON);
        for _ in 0..2 {
            let (sender, done) = mpsc::channel();
            threads.spawn(move || sender.send(()).unwrap()).unwrap();
            done.recv().unwrap();
            while count(&threads.0) > 0 {
                thread::yield_now();
            }
        }
    }

    #[test]
    fn what_was_handed_in_is_done_after_the_drop_and_then_the_threads_end() {
        let threads = Threads::with(1, IDLE);
        let (open, gate) = mpsc::channel::<()>();
        let (sender, done) = mpsc::channel();
        threads
            .spawn(move || {
                let _ = gate.recv();
            })
            .unwrap();
        for number in 0..3 {
            let sender = sender.clone();
            threads.spawn(move || sender.send(number).unwrap()).unwrap();
        }
        let shared = Arc::clone(&threads.0);
        drop((threads, sender));
        assert!(done.try_recv().is_err(), "the drop waited");
        drop(open);
        assert_eq!(done.iter().collect::<Vec<_>>(), [0, 1, 2]);
        while count(&shared) > 0 {
            thread::yield_now();
        }
    }

    /// Many that hand in, many that do: no job is forgotten.
    #[test]
    fn every_job_is_done() {
        const EACH: usize = 2_000;
        let threads = Threads::with(4, Duration::from_millis(1));
        let (sender, done) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for number in 0..EACH {
                        let sender = sender.clone();
                        threads.spawn(move || sender.send(()).unwrap()).unwrap();
                        if number % 100 == 0 {
                            thread::park_timeout(Duration::from_millis(2));
                        }
                    }
                });
            }
        });
        drop(sender);
        assert_eq!(done.iter().count(), 4 * EACH);
    }
}
