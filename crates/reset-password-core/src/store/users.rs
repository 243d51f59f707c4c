//! What the engine needs of the users' table.

use super::StoreError;
use crate::{
    clock::Timestamp,
    credential::{Recipient, StoredPassword, UserRecord},
    key::Digest,
    user::{Order, User},
};

/// How a user is named.
#[derive(Clone, Copy)]
pub enum UserKey<'a> {
    /// By address, in its look-up form.
    EmailLookup(&'a str),
    /// By the other system's id.
    ExternalId(&'a str),
    /// By id.
    Id(&'a str),
}

/// A page of users to read.
pub struct UserPage<'a> {
    /// Only the user with this look-up address; `None` for all.
    pub email_lookup: Option<&'a str>,
    /// At most so many.
    pub limit: u32,
    /// Beyond this user, in the direction of `order`; `None` from the beginning.
    pub beyond: Option<&'a str>,
    /// Beyond which id instead, if that user is gone: it goes on where they stood.
    pub or_near: Option<&'a str>,
    /// The direction to read in.
    pub order: Order,
}

/// A login with a password that was right when it was verified. It becomes one only if nothing stands against it when
/// it is noted.
pub struct SignIn<'a> {
    /// The user.
    pub user_id: &'a str,
    /// The hash that the password was verified against, which must still be in force.
    pub verified_hash: &'a str,
    /// When.
    pub at: Timestamp,
    /// What failed logins with the address are counted by.
    pub address: &'a Digest,
    /// What they are counted against.
    pub credential: &'a Digest,
    /// Of which there must be fewer than so many.
    pub fewer_than: i64,
}

/// Reads of users.
pub trait UserReads {
    /// Finds a user; `None` when there is no such user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_user(&self, key: UserKey<'_>) -> Result<Option<UserRecord>, StoreError>;

    /// Finds some account; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_any_user(&self) -> Result<Option<UserRecord>, StoreError>;

    /// Reads users in the order of their creation; `None` when `beyond` names no user and there is
    /// nothing instead.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn list_users(&self, page: UserPage<'_>) -> Result<Option<Vec<User>>, StoreError>;

    /// Notes a good login; that alone, in one statement. See [`UserSteps::note_sign_in`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn note_sign_in(&self, sign_in: &SignIn<'_>) -> Result<bool, StoreError>;
}

/// Steps on users.
pub trait UserSteps {
    /// Reads a user and locks its row until the end of the transaction; `None` when there is no such user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_user(&mut self, id: &str) -> Result<Option<UserRecord>, StoreError>;

    /// Reads what a link is made of for whoever has this address, in the form that accounts are found by, and
    /// locks the row until the end of the transaction; `None` when nobody has it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_recipient(&mut self, email_lookup: &str) -> Result<Option<Recipient>, StoreError>;

    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::EmailTaken`] and [`StoreError::ExternalIdTaken`], by unique indexes.
    fn insert_user(&mut self, record: &UserRecord) -> Result<(), StoreError>;

    /// Writes every column of a user that is locked.
    ///
    /// # Errors
    ///
    /// Those of [`insert_user`](Self::insert_user).
    fn update_user(&mut self, record: &UserRecord) -> Result<(), StoreError>;

    /// Removes a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_user(&mut self, id: &str) -> Result<(), StoreError>;

    /// Notes a good login, if the hash that the password was verified against is still in force, and failed logins
    /// are not too many by now. False when it is not so. A login that is noted already and is later, by another
    /// machine's clock, stays the last one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn note_sign_in(&mut self, sign_in: &SignIn<'_>) -> Result<bool, StoreError>;

    /// Replaces a hash by a better one of the same password, if the old one is still in force. False when
    /// it is not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn replace_hash(
        &mut self,
        user_id: &str,
        old: &str,
        new: &StoredPassword,
    ) -> Result<bool, StoreError>;
}
