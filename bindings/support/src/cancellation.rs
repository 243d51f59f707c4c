//! The end of a host's patience.

use std::{
    fmt, mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Tells one call that nobody waits for it any more.
#[derive(Debug, Default)]
pub struct Cancellation(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Quiet,
    /// A call waits, and is woken by this.
    Awaited(Box<dyn FnOnce() + Send>),
    Cancelled,
}

impl Cancellation {
    /// Ends the waiting, now or as soon as it begins.
    pub fn cancel(&self) {
        let before = mem::replace(&mut *self.state(), State::Cancelled);
        if let State::Awaited(wake) = before {
            wake();
        }
    }

    /// Wakes a call when it is cancelled, at once if it is so already. Only the last call is woken.
    pub(crate) fn on_cancel(&self, wake: impl FnOnce() + Send + 'static) {
        let mut state = self.state();
        if matches!(*state, State::Cancelled) {
            drop(state);
            wake();
        } else {
            *state = State::Awaited(Box::new(wake));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quiet => "Quiet",
            Self::Awaited(_) => "Awaited",
            Self::Cancelled => "Cancelled",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_call_is_woken_before_and_after_it_waits() {
        let cancellation = Cancellation::default();
        let (woken, calls) = mpsc::channel();
        let wake = |call: u8| {
            let woken = woken.clone();
            move || woken.send(call).unwrap()
        };
        cancellation.on_cancel(wake(1));
        cancellation.on_cancel(wake(2));
        assert!(calls.try_recv().is_err());
        cancellation.cancel();
        cancellation.cancel();
        cancellation.on_cancel(wake(3));
        assert_eq!(calls.try_iter().collect::<Vec<_>>(), [2, 3]);
    }
}
