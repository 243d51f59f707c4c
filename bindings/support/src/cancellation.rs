//! The end of a host's patience.

use std::{
    future::poll_fn,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

/// Tells one call that nobody waits for it any more.
#[derive(Debug, Default)]
pub struct Cancellation(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Quiet,
    Awaited(Waker),
    Cancelled,
}

impl Cancellation {
    /// Ends the waiting, now or as soon as it begins.
    pub fn cancel(&self) {
        let before = mem::replace(&mut *self.state(), State::Cancelled);
        if let State::Awaited(waker) = before {
            waker.wake();
        }
    }

    pub(crate) async fn cancelled(&self) {
        poll_fn(|context| {
            let mut state = self.state();
            if matches!(*state, State::Cancelled) {
                return Poll::Ready(());
            }
            *state = State::Awaited(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Whether a call waits until it is cancelled.
    #[cfg(test)]
    pub(crate) fn is_awaited(&self) -> bool {
        matches!(*self.state(), State::Awaited(_))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
