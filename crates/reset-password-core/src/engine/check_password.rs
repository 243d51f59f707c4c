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

    /// The same for whoever holds a token: the password is held against its user. Nothing is set, spent or told of
    /// the user but the verdict.
    ///
    /// # Errors
    ///
    /// `password_reset_token_not_found` and `password_reset_token_expired` as for [`Engine::reset_password`],
    /// `storage_unavailable`.
    pub fn check_password_of_reset(
        &self,
        token: &str,
        password: &str,
    ) -> Result<PasswordCheck, Error> {
        let user = self.user_of_token(token)?;
        let verdict = self.judge(password, &user);
        Ok(PasswordCheck::of(
            verdict.map(drop).map_err(|error| error.errors().to_vec()),
        ))
    }
}
