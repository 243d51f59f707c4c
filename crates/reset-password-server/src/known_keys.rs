//! Which API keys there are, so that others can be refused unread.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError, RwLock},
    time::Duration,
};

use reset_password::{ApiKey, Error};
use tokio::time::Instant;

/// More are not known: what is refused unread is what may be right, then.
const MOST: usize = 4_096;
/// How often it is looked for new ones, however many unknown keys come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The ids of the keys that work. Whether a key is right is for the database to say.
#[derive(Default)]
pub(crate) struct KnownKeys {
    ids: RwLock<HashSet<String>>,
    looked: Mutex<Option<Instant>>,
}

impl KnownKeys {
    /// Whether there is a key with the id that this text names. Now and then, if it is not known, `list` says
    /// which there are.
    pub(crate) fn has_id_of(
        &self,
        text: &str,
        list: impl FnOnce() -> Result<Vec<ApiKey>, Error>,
    ) -> Result<bool, Error> {
        let Some(id) = ApiKey::id_of(text) else {
            return Ok(false);
        };
        if self.contains(&id) {
            return Ok(true);
        }
        if self.is_time_to_look() {
            self.replace(&list()?);
        }
        Ok(self.contains(&id))
    }

    fn contains(&self, id: &str) -> bool {
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        ids.contains(id)
    }

    fn is_time_to_look(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY);
        if is_time {
            *looked = Some(Instant::now());
        }
        is_time
    }

    /// These are the keys that there are.
    fn replace(&self, keys: &[ApiKey]) {
        let ids = keys.iter().filter(|key| key.revoked_at.is_none());
        let ids = ids.map(|key| key.id.clone()).take(MOST).collect();
        *self.ids.write().unwrap_or_else(PoisonError::into_inner) = ids;
    }
}

#[cfg(test)]
mod tests {
    use reset_password::Code;

    use super::*;

    #[test]
    fn unknown_keys_are_looked_for_once_a_second() {
        let known = KnownKeys::default();
        let text = format!("rpk_{}_{}", "0".repeat(26), "A".repeat(43));
        assert!(!known.has_id_of(&text, || Ok(Vec::new())).unwrap());
        let unread = || -> Result<Vec<ApiKey>, Error> { Err(Code::Internal.into()) };
        assert!(!known.has_id_of(&text, unread).unwrap());
        assert!(!known.has_id_of("no key", unread).unwrap());
    }
}
