//! What the engine needs of the tables of resets and of counted requests.

use std::collections::BTreeMap;

use super::StoreError;
use crate::{
    clock::Timestamp,
    credential::{StoredPassword, UserRecord},
    key::Digest,
    reset::{Redemption, ResetRecord},
};

/// A token that is spent, and the password that it sets. It succeeds only if reset and user are still as
/// they were read: the statement compares every column that the token's authority rests on.
pub struct Redeem<'a> {
    /// The reset, as it was read.
    pub reset: &'a ResetRecord,
    /// Its user, as it was read.
    pub user: &'a UserRecord,
    /// When, which must be before the reset expires, and by which request.
    pub redemption: Redemption,
    /// The new password.
    pub password: &'a StoredPassword,
    /// The moment before which the user's sessions began that must end.
    pub credentials_changed_at: Timestamp,
}

impl<'a> Redeem<'a> {
    /// Sessions end that began before that moment, or before the last login, where clocks differ.
    #[must_use]
    pub fn new(
        reset: &'a ResetRecord,
        user: &'a UserRecord,
        password: &'a StoredPassword,
        redemption: Redemption,
    ) -> Self {
        Self {
            reset,
            user,
            credentials_changed_at: user.change_at(redemption.at),
            redemption,
            password,
        }
    }
}

/// How many rows went with an old password, by the table that they were in: another system's sessions and links.
pub type Ended = BTreeMap<String, u64>;

/// What was asked for with one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestCounts {
    /// The number of the last request; 0 if there is none.
    pub last: i64,
    /// How many since each moment that was asked for.
    pub since: [i64; 3],
    /// When the last link has ended that was made for one of them.
    pub link_expires_at: Timestamp,
}

/// Reads of resets.
pub trait ResetReads {
    /// Finds a reset and its user by any of the digests; `None` when there is no such reset.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_reset(
        &self,
        digests: &[Digest],
    ) -> Result<Option<(ResetRecord, UserRecord)>, StoreError>;

    /// Finds a reset and its user by its id; `None` when there is no such reset.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_reset_by_id(&self, id: &str) -> Result<Option<(ResetRecord, UserRecord)>, StoreError>;

    /// The ids of the keys that resets which still work were made with.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn key_ids_in_use(&self, now: Timestamp) -> Result<Vec<String>, StoreError>;
}

/// Steps on resets.
pub trait ResetSteps {
    /// The user's live reset, locked; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_live_reset(&mut self, user_id: &str) -> Result<Option<ResetRecord>, StoreError>;

    /// Adds a reset, which lives.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`] when the user has a live reset already, [`StoreError::Unavailable`].
    fn insert_reset(&mut self, reset: &ResetRecord) -> Result<(), StoreError>;

    /// Spends the token, sets the password, marks the address verified. `None` when it lost: reset or user
    /// are not as they were read, and the transaction must not be committed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn redeem(&mut self, redeem: &Redeem<'_>) -> Result<Option<Ended>, StoreError>;

    /// Gives a live reset another fingerprint.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn rebind_reset(&mut self, id: &str, fingerprint: &Digest) -> Result<(), StoreError>;

    /// Voids the live reset of a user, or those of all users; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn void_resets(&mut self, user_id: Option<&str>, now: Timestamp) -> Result<u64, StoreError>;

    /// Removes every reset of a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_resets(&mut self, user_id: &str) -> Result<(), StoreError>;

    /// Counts the requests for an address since three moments and until another; that alone says nothing of whose address
    /// it is. A clock that was ahead may have left later ones.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn count_requests(
        &mut self,
        address: &Digest,
        since: [Timestamp; 3],
        until: Timestamp,
    ) -> Result<RequestCounts, StoreError>;

    /// Notes a request under the next number, and when its link will have ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`] when another transaction took that number, [`StoreError::Unavailable`].
    fn insert_request(
        &mut self,
        address: &Digest,
        number: i64,
        now: Timestamp,
        link_expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Wipes what is secret in rows in which it should have been wiped by that moment, in at most `limit`
    /// rows.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn wipe_secrets(&mut self, before: Timestamp, limit: u32) -> Result<(), StoreError>;

    /// Removes resets that expired before that moment, at most `limit`; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn purge_resets(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Removes requests counted before that moment, at most `limit`; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn purge_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
