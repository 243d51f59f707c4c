//! How often one client may be wrong.

use std::num::NonZero;

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};

use crate::client::Client;

/// A number of events a minute for each client; those a client has not used come back evenly.
pub(crate) struct Throttle(RateLimiter<Client, DashMapStateStore<Client>, DefaultClock>);

impl Throttle {
    /// At most so many a minute.
    pub(crate) fn per_minute(most: NonZero<u32>) -> Self {
        Self(RateLimiter::dashmap(Quota::per_minute(most)))
    }

    /// Counts an event.
    ///
    /// # Errors
    ///
    /// The seconds after which the next one is within the limit.
    pub(crate) fn count(&self, client: Client) -> Result<(), u32> {
        self.0.check_key(&client).map_err(|over| {
            let wait = over.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_millis().div_ceil(1_000))
                .unwrap_or(60)
                .clamp(1, 60)
        })
    }

    /// Forgets clients that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec22_the_eleventh_waits_and_others_do_not() {
        let throttle = Throttle::per_minute(NonZero::new(10).unwrap());
        let (one, other) = ("192.0.2.1", "192.0.2.2");
        let client = |text: &str| Client::at(text.parse().unwrap());
        for _ in 0..10 {
            assert_eq!(throttle.count(client(one)), Ok(()));
        }
        let wait = throttle.count(client(one)).unwrap_err();
        assert!((1..=6).contains(&wait), "{wait}");
        assert_eq!(throttle.count(client(other)), Ok(()));
        throttle.forget_quiet();
        assert!(throttle.count(client(one)).is_err());
    }
}
