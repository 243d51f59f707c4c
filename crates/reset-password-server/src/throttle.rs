//! How often one client may be wrong.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    num::NonZero,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};
use tokio::time::Instant;

use crate::client::Client;

/// Clients that are counted apart. Where there are more, the others are counted as one.
const MOST_CLIENTS: usize = 65_536;
const OTHERS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// A number of events in a time for each client; those a client has not used come back evenly.
pub(crate) struct Throttle {
    limiter: RateLimiter<Client, DashMapStateStore<Client>, DefaultClock>,
    /// Who is over the limit, and until when.
    over: Mutex<HashMap<Client, Instant>>,
}

impl Throttle {
    /// At most so many a minute.
    pub(crate) fn per_minute(most: NonZero<u32>) -> Self {
        Self::new(Quota::per_minute(most))
    }

    /// At most so many an hour.
    pub(crate) fn per_hour(most: NonZero<u32>) -> Self {
        Self::new(Quota::per_hour(most))
    }

    fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::dashmap(quota),
            over: Mutex::default(),
        }
    }

    /// Counts an event.
    ///
    /// # Errors
    ///
    /// The seconds after which the next one is within the limit.
    pub(crate) fn count(&self, client: Client) -> Result<(), u32> {
        let is_full = self.limiter.len() >= MOST_CLIENTS;
        let counted = if is_full { Client::at(OTHERS) } else { client };
        self.limiter.check_key(&counted).map_err(|over| {
            let wait = over.wait_time_from(DefaultClock::default().now());
            let mut over = self.over();
            if over.len() < MOST_CLIENTS {
                over.insert(client, Instant::now() + wait);
            }
            seconds(wait)
        })
    }

    /// Whether the client is over the limit: the seconds that are left. Nothing is counted.
    pub(crate) fn is_over(&self, client: Client) -> Option<u32> {
        let until = *self.over().get(&client)?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then(|| seconds(left))
    }

    /// Forgets clients that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
        let now = Instant::now();
        let mut over = self.over();
        over.retain(|_, until| *until > now);
        over.shrink_to_fit();
    }

    fn over(&self) -> MutexGuard<'_, HashMap<Client, Instant>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1_000))
        .unwrap_or(3_600)
        .clamp(1, 3_600)
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
        assert_eq!(throttle.is_over(client(one)), None);
        let wait = throttle.count(client(one)).unwrap_err();
        assert!((1..=6).contains(&wait), "{wait}");
        assert_eq!(throttle.is_over(client(one)), Some(wait));
        assert_eq!(throttle.is_over(client(other)), None);
        assert_eq!(throttle.count(client(other)), Ok(()));
        throttle.forget_quiet();
        assert!(throttle.count(client(one)).is_err());
    }

    #[test]
    fn clients_beyond_number_are_counted_as_one() {
        let throttle = Throttle::per_minute(NonZero::new(10).unwrap());
        let client = |n: usize| {
            Client::at(IpAddr::V4(Ipv4Addr::from_bits(
                u32::try_from(n + 1).unwrap(),
            )))
        };
        for n in 0..MOST_CLIENTS {
            assert_eq!(throttle.count(client(n)), Ok(()));
        }
        let beyond = (0..100).filter(|n| throttle.count(client(MOST_CLIENTS + n)).is_ok());
        assert_eq!(beyond.count(), 10);
        assert!(throttle.limiter.len() <= MOST_CLIENTS + 1);
        assert!(throttle.over().len() <= MOST_CLIENTS);
    }
}
