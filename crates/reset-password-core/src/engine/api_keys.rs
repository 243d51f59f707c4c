//! Making, listing, replacing and revoking API keys, and knowing who calls.

use std::time::Duration;

use super::Engine;
use crate::{
    api_key::{self, ApiKey, NewApiKey, ParsedApiKey, Scope},
    error::{Code, Error},
    event::Event,
    store::{ApiKeySteps, EventSteps, Store},
};

/// How exactly the last use of a key is recorded.
const USE_NOTED_EVERY: Duration = Duration::from_mins(1);

impl<S: Store> Engine<S> {
    /// Makes an API key that works for so many days (1 to 365). Its text is answered here and never
    /// again.
    ///
    /// # Errors
    ///
    /// `input_invalid` for an empty name, no scope, or a number of days out of range.
    pub fn create_api_key(
        &self,
        name: &str,
        scopes: &[Scope],
        days: u32,
    ) -> Result<NewApiKey, Error> {
        let lifetime = api_key::check(name, scopes, days)?;
        let now = self.now();
        let (record, key) = api_key::draft(name, scopes, lifetime, now, self.random())?;
        let event = Event::of_api_key(&record.api_key, now, self.random())?;
        self.transact(|transaction| {
            transaction.insert_api_key(&record)?;
            transaction.append(&event)
        })?;
        let api_key = record.api_key;
        Ok(NewApiKey { api_key, key })
    }

    /// Makes a key with the name and the scopes of another, which works for so many days (1 to 365); the
    /// other stops working after the overlap, which is at most seven days.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a key that is not there or no longer works, a number of days or an overlap out
    /// of range.
    pub fn rotate_api_key(
        &self,
        id: &str,
        days: u32,
        overlap: Duration,
    ) -> Result<NewApiKey, Error> {
        if overlap > ApiKey::MAX_OVERLAP {
            let message = "overlap must be at most 168 hours (7 days)";
            return Err(Error::field("overlap", "invalid", message));
        }
        let now = self.now();
        let old = self.store.find_api_key(id)?.map(|old| old.api_key);
        let old = old.filter(|old| old.works_at(now)).ok_or_else(no_key)?;
        let lifetime = api_key::check(&old.name, &old.scopes, days)?;
        let (record, key) = api_key::draft(&old.name, &old.scopes, lifetime, now, self.random())?;
        let event = Event::of_api_key_rotation(&record.api_key, id, now, self.random())?;
        self.transact(|transaction| {
            transaction.insert_api_key(&record)?;
            transaction.end_api_key(id, now + overlap)?;
            transaction.append(&event)
        })?;
        let api_key = record.api_key;
        Ok(NewApiKey { api_key, key })
    }

    /// Every key, oldest first, those that no longer work too.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn list_api_keys(&self) -> Result<Vec<ApiKey>, Error> {
        Ok(self.store.list_api_keys()?)
    }

    /// Ends a key at once, in every process. Answers the key.
    ///
    /// # Errors
    ///
    /// `input_invalid` when there is no such key.
    pub fn revoke_api_key(&self, id: &str) -> Result<ApiKey, Error> {
        self.transact(|transaction| {
            let now = self.now();
            if transaction.revoke_api_key(id, now)? {
                transaction.append(&Event::of_api_key_end(id, now, self.random())?)?;
            }
            Ok(())
        })?;
        let record = self.store.find_api_key(id)?.ok_or_else(no_key)?;
        Ok(record.api_key)
    }

    /// The key that a caller presents, if it works. A text that is no key, an unknown one, a wrong
    /// secret, a revoked and an expired key all get the one answer.
    ///
    /// # Errors
    ///
    /// `unauthorized`, `storage_unavailable`.
    pub fn authenticate_api_key(&self, text: &str) -> Result<ApiKey, Error> {
        let presented = ParsedApiKey::parse(text).ok_or(Code::Unauthorized)?;
        let record = self.store.find_api_key(&presented.id)?;
        let is_right = presented.matches(record.as_ref());
        record
            .filter(|record| is_right && record.api_key.works_at(self.now()))
            .map(|record| record.api_key)
            .ok_or_else(|| Code::Unauthorized.into())
    }

    /// Whether the key's last use should be noted again: at most once a minute.
    #[must_use]
    pub fn api_key_use_is_news(&self, api_key: &ApiKey) -> bool {
        api_key
            .last_used_at
            .is_none_or(|used| used + USE_NOTED_EVERY <= self.now())
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn note_api_key_use(&self, id: &str) -> Result<(), Error> {
        let now = self.now();
        let before = now.before(USE_NOTED_EVERY);
        Ok(self.store.note_api_key_use(id, now, before)?)
    }
}

fn no_key() -> Error {
    Error::field("api_key", "unknown", "there is no such API key that works")
}
