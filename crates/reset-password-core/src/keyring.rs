//! The keys at hand: the one in force, and those that it replaced.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use arc_swap::ArcSwap;

use crate::{clock::Timestamp, error::Error, key::Key, retirement::Retirement};

/// The key in force, which everything new is written with, and those that it replaced, which are read with: what
/// they made before they were replaced.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: Arc<Key>,
    previous: Vec<Arc<Key>>,
    retired: Vec<Retirement>,
}

impl Keyring {
    /// Most keys that may be read with, besides the current one.
    pub const MAX_PREVIOUS: usize = 3;

    /// A ring of one current key and at most [`Self::MAX_PREVIOUS`] others.
    ///
    /// # Errors
    ///
    /// `config_invalid` when there are more.
    pub fn new(current: Key, previous: Vec<Key>) -> Result<Self, Error> {
        if previous.len() > Self::MAX_PREVIOUS {
            return Err(Error::config(format!(
                "previous_keys holds more than {} keys; drop the oldest, whose links have expired",
                Self::MAX_PREVIOUS
            )));
        }
        Ok(Self {
            current: Arc::new(current),
            previous: previous.into_iter().map(Arc::new).collect(),
            retired: Vec::new(),
        })
    }

    /// The key that everything new is written with.
    #[must_use]
    pub const fn current(&self) -> &Arc<Key> {
        &self.current
    }

    /// The key of that id, if the ring has it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Arc<Key>> {
        self.iter().find(|key| key.id() == id)
    }

    /// The key of that id, if it can have made a row with these times.
    #[must_use]
    pub fn maker(
        &self,
        id: &str,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Option<&Arc<Key>> {
        let key = self.find(id)?;
        let retired = self.retirement(id);
        let is_believed = id == self.current.id()
            || retired.is_some_and(|retired| retired.admits(created_at, expires_at));
        is_believed.then_some(key)
    }

    /// The keys that rows which still work can have been made with, the current one first. What time it is matters
    /// to the others alone.
    pub fn in_use(&self, now: impl Fn() -> Timestamp) -> impl Iterator<Item = &Arc<Key>> {
        let previous = self.previous.iter().filter(move |key| {
            let retirement = self.retirement(key.id());
            retirement.is_some_and(|retired| retired.is_of_use(now()))
        });
        std::iter::once(&self.current).chain(previous)
    }

    /// When the key of that id was replaced, as the current one says; `None` if it does not say so.
    #[must_use]
    pub fn retirement(&self, id: &str) -> Option<&Retirement> {
        self.retired.iter().find(|retired| retired.key_id == id)
    }

    /// The same ring, with what is recorded of keys that were replaced, by their ids. What the current key has
    /// not signed does not count.
    #[must_use]
    pub fn knowing(self, recorded: &[(String, String)]) -> Self {
        let read = |(id, text): &(String, String)| Retirement::read(id, text, &self.current);
        let retired = recorded.iter().filter_map(read).collect();
        Self { retired, ..self }
    }

    /// The ring with that key of it in force; `None` if it has no such key.
    #[must_use]
    pub fn led_by(&self, id: &str) -> Option<Self> {
        let mut keys: Vec<_> = self.iter().cloned().collect();
        let at = keys.iter().position(|key| key.id() == id)?;
        let current = keys.remove(at);
        Some(Self {
            current,
            previous: keys,
            retired: Vec::new(),
        })
    }

    /// Every key, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Key>> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

/// Reads the keys again, for a database that belongs to the one of that id by now.
pub type ReloadKeys = Box<dyn Fn(&str) -> Result<Keyring, Error> + Send + Sync>;

/// An engine's keys. Another process may replace the key in force; then this one goes on with the new key, where
/// it has it or can read it.
pub struct Keys {
    ring: ArcSwap<Keyring>,
    reload: Option<ReloadKeys>,
    /// When it was looked last whether the key was replaced, in milliseconds since 1970.
    looked_at: AtomicI64,
}

impl Keys {
    /// How seldom somebody who presents an unknown token has the database asked for its key, in milliseconds.
    const LOOK_EVERY: i64 = 10_000;

    /// A ring, and how it is read again.
    #[must_use]
    pub fn new(ring: Keyring, reload: Option<ReloadKeys>) -> Self {
        Self {
            ring: ArcSwap::from_pointee(ring),
            reload,
            looked_at: AtomicI64::new(i64::MIN),
        }
    }

    /// The keys as they are now.
    #[must_use]
    pub fn ring(&self) -> Arc<Keyring> {
        self.ring.load_full()
    }

    /// Goes on with another ring, of which the database said so just now.
    pub(crate) fn set(&self, ring: Keyring, now: Timestamp) {
        self.ring.store(Arc::new(ring));
        self.looked_at.store(now.unix_millis(), Ordering::Relaxed);
    }

    /// The ring with the key of that id in force, from what is at hand or read again.
    pub(crate) fn led_by(&self, id: &str) -> Result<Keyring, Error> {
        if let Some(ring) = self.ring().led_by(id) {
            return Ok(ring);
        }
        let read = self.reload.as_ref().map(|reload| reload(id)).transpose()?;
        let ring = read.and_then(|ring| ring.led_by(id));
        ring.ok_or_else(|| {
            Error::config(format!(
                "the database belongs to key {id} by now, which replaced the one that this process has; give \
                 it that key as well"
            ))
        })
    }

    /// Whether it is time to look whether the key was replaced.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        let now = now.unix_millis();
        let last = self.looked_at.load(Ordering::Relaxed);
        let is_due = last.saturating_add(Self::LOOK_EVERY) <= now || last > now;
        is_due && self.looked_at.swap(now, Ordering::Relaxed) == last
    }
}

impl From<Keyring> for Keys {
    /// Keys that are never read again.
    fn from(ring: Keyring) -> Self {
        Self::new(ring, None)
    }
}
