//! The calls that are under way, for whoever wants to close after them.

use std::{
    convert::Infallible,
    mem,
    sync::{Mutex, PoisonError},
};

use tokio::sync::mpsc::{self, Receiver, Sender};

/// Every call holds a sender for as long as it lasts. Whoever waits for the calls before it starts a new
/// generation, and waits until nobody holds one of the old.
pub(crate) struct Calls(Mutex<Generation>);

/// Nothing is ever sent: the channel ends when the last sender is dropped.
struct Generation {
    call: Sender<Infallible>,
    over: Receiver<Infallible>,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Generation::new()))
    }

    pub(crate) fn begin(&self) -> Sender<Infallible> {
        self.with(|current| current.call.clone())
    }

    /// Waits until every call that has begun is over; those that begin meanwhile are not waited for.
    pub(crate) async fn ended(&self) {
        let (before, _waiting) = self.with(|current| {
            let before = mem::replace(current, Generation::new());
            // Whoever waits next waits for this one too, and so for the calls before it.
            (before, current.call.clone())
        });
        let Generation { call, mut over } = before;
        drop(call);
        over.recv().await;
    }

    fn with<T>(&self, look: impl FnOnce(&mut Generation) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generation {
    fn new() -> Self {
        let (call, over) = mpsc::channel(1);
        Self { call, over }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::{Pin, pin},
        task::{Context, Waker},
    };

    use super::*;

    /// Whether it is over when it is looked at once.
    fn is_over(waiting: Pin<&mut impl Future<Output = ()>>) -> bool {
        waiting
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[test]
    fn what_began_before_is_waited_for_and_nothing_else() {
        let calls = Calls::new();
        assert!(is_over(pin!(calls.ended())), "there is none");

        let first = calls.begin();
        let mut waiting = pin!(calls.ended());
        assert!(!is_over(waiting.as_mut()));
        let later = calls.begin();
        drop(first);
        assert!(is_over(waiting), "a later call is not waited for");
        drop(later);
    }

    #[test]
    fn whoever_waits_second_waits_for_as_much() {
        let calls = Calls::new();
        let call = calls.begin();
        let mut first = Box::pin(calls.ended());
        let mut second = pin!(calls.ended());
        assert!(!is_over(first.as_mut()) && !is_over(second.as_mut()));
        drop(call);
        assert!(!is_over(second.as_mut()), "the first still waits");
        assert!(is_over(first.as_mut()));
        drop(first);
        assert!(is_over(second));
    }
}
