//! The policy's verdict on a password, for a form's live feedback.

use super::Engine;
use crate::{
    error::Error,
    password::{PasswordCheck, account::Account},
    store::{Store, UserKey},
};

impl<S: Store> Engine<S> {
    /// The policy's verdict on a password, with every rule that it breaks; nothing is set. With a user
    /// the password is also held against that user's address and names.
    ///
    /// # Errors
    ///
    /// `user_not_found`, `storage_unavailable`.
    pub fn check_password(
        &self,
        password: &str,
        user_id: Option<&str>,
    ) -> Result<PasswordCheck, Error> {
        let verdict = match user_id {
            Some(id) => {
                let user = self.user(UserKey::Id(id))?.user;
                self.judge(password, &user)
                    .map(drop)
                    .map_err(|error| error.errors().to_vec())
            }
            None => self.judge_for(password, &Account::default()).map(drop),
        };
        Ok(PasswordCheck::of(verdict))
    }
}
