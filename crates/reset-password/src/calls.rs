//! The calls that are under way, for whoever wants to close after them.

use std::{
    convert::Infallible,
    mem,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
};

/// Every call holds a sender for as long as it lasts. Whoever waits for the calls before it starts a new
/// generation, and waits until nobody holds one of the old.
pub(crate) struct Calls(Mutex<Generation>);

/// A call that is under way, until it is dropped.
pub(crate) type Call = Sender<Infallible>;

/// Nothing is ever sent: the channel ends when the last sender is dropped.
struct Generation {
    number: u64,
    call: Call,
    over: Receiver<Infallible>,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Generation::new(0)))
    }

    pub(crate) fn begin(&self) -> Call {
        self.with(|current| current.call.clone())
    }

    /// Waits until every call that has begun is over; those that begin meanwhile are not waited for.
    pub(crate) fn wait_for_those_before(&self) {
        let (before, _waiting) = self.with(|current| {
            let next = Generation::new(current.number + 1);
            let before = mem::replace(current, next);
            // Whoever waits next waits for this one too, and so for the calls before it.
            (before, current.call.clone())
        });
        let Generation { call, over, .. } = before;
        drop(call);
        // It fails when nobody can send any more, and that is what is waited for.
        let _ = over.recv();
    }

    fn with<T>(&self, look: impl FnOnce(&mut Generation) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generation {
    fn new(number: u64) -> Self {
        let (call, over) = mpsc::channel();
        Self { number, call, over }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_began_before_is_waited_for_and_nothing_else() {
        let calls = Calls::new();
        calls.wait_for_those_before();

        let first = calls.begin();
        let (over, is_over) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                calls.wait_for_those_before();
                over.send(()).unwrap();
            });
            // The first wait of all began the generation 1.
            while calls.with(|current| current.number) == 1 {
                thread::yield_now();
            }
            assert!(is_over.try_recv().is_err(), "the first is under way");
            let later = calls.begin();
            drop(first);
            is_over.recv().unwrap();
            drop(later);
        });
    }

    #[test]
    fn whoever_waits_second_waits_for_as_much() {
        let calls = Calls::new();
        let call = calls.begin();
        let (over, is_over) = mpsc::channel();
        thread::scope(|scope| {
            for expected in [1, 2] {
                let (calls, over) = (&calls, over.clone());
                scope.spawn(move || {
                    calls.wait_for_those_before();
                    over.send(()).unwrap();
                });
                while calls.with(|current| current.number) < expected {
                    thread::yield_now();
                }
            }
            assert!(is_over.try_recv().is_err(), "the call is under way");
            drop(call);
            is_over.recv().unwrap();
            is_over.recv().unwrap();
        });
    }
}
