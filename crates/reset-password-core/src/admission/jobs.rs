//! Hashing jobs, counted where they run.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

/// How many there were, are, and were at the most.
#[derive(Default)]
pub(super) struct Jobs {
    started: AtomicU64,
    running: AtomicUsize,
    most: AtomicUsize,
    millis: AtomicU64,
}

/// A job at work, until it is dropped.
pub(super) struct Job<'a>(&'a Jobs);

impl Jobs {
    pub(super) fn begin(&self) -> Job<'_> {
        self.started.fetch_add(1, Ordering::Relaxed);
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        Job(self)
    }

    /// Counts how long a job was at work.
    pub(super) fn took(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// How long all that have ended were at work.
    pub(super) fn time(&self) -> Duration {
        Duration::from_millis(self.millis.load(Ordering::Relaxed))
    }

    /// Begun so far.
    pub(super) fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    /// The most that were at work at one time so far.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Job<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
