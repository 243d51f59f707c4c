//! Logging in with a password, and the upgrade of outdated hashes that comes with it.

use secrecy::{ExposeSecret, SecretString};

use super::{Engine, known_form};
use crate::{
    error::{Code, Error},
    password::{
        MAX_VERIFY_OCTETS,
        hash::{self, StoredHash},
        normal::NormalizedPassword,
    },
    store::{PasswordForm, Store, StoredPassword, Upgrade, UserKey, UserRecord},
    user::User,
};

impl<S: Store> Engine<S> {
    /// Checks an address and a password and answers the user. A hash of another kind or of lesser cost
    /// is replaced by one at current parameters; a live reset of the user goes on working.
    ///
    /// # Errors
    ///
    /// `invalid_credentials`: there is no such user, it has no password, or the password is wrong; all
    /// three cost one hash. `overloaded`, `storage_unavailable`.
    pub async fn authenticate_with_password(
        &self,
        email: &str,
        password: &str,
    ) -> Result<User, Error> {
        if password.len() > MAX_VERIFY_OCTETS {
            return Err(Code::InvalidCredentials.into());
        }
        let user = match known_form(email) {
            Some(email) => {
                self.store
                    .find_user(UserKey::EmailLookup(email.lookup()))
                    .await?
            }
            None => None,
        };
        let password = SecretString::from(password);
        let verified = self.verify(user.as_ref(), &password).await?;
        let Some(mut record) = user.filter(|_| verified) else {
            return Err(Code::InvalidCredentials.into());
        };
        if let Err(error) = self.upgrade(&record, password).await {
            // The login is good all the same; the next one tries again.
            tracing::warn!(user_id = record.user.id, code = %error.code(), "a hash was not upgraded");
        }
        let now = self.now();
        self.store.record_sign_in(&record.user.id, now).await?;
        record.user.last_sign_in_at = Some(now);
        Ok(record.user)
    }

    /// One hash, whoever it is for (CWE-208).
    async fn verify(
        &self,
        user: Option<&UserRecord>,
        password: &SecretString,
    ) -> Result<bool, Error> {
        let stored = user.and_then(|user| self.verifiable(user));
        let params = self.config.argon2;
        let cost = stored
            .as_ref()
            .map_or(params.memory_kib(), |(hash, _)| hash.memory_kib());
        let permit = self.admit(cost).await?;
        let password = password.clone();
        let verified = permit
            .run(move |arena| {
                let typed = password.expose_secret();
                match stored {
                    None => hash::dummy(params, arena, typed.as_bytes()).map(|()| false),
                    Some((hash, PasswordForm::Raw)) => hash.verify(arena, typed.as_bytes()),
                    Some((hash, PasswordForm::Nfc)) => {
                        hash.verify(arena, NormalizedPassword::of_any(typed).as_bytes())
                    }
                }
            })
            .await?;
        Ok(verified?)
    }

    /// The user's hash, unless it is damaged or dearer than the memory budget: stored hashes are
    /// untrusted input (CWE-789).
    fn verifiable(&self, user: &UserRecord) -> Option<(StoredHash, PasswordForm)> {
        let password = user.password.as_ref()?;
        let budget = self
            .config
            .memory_budget_kib
            .max(self.config.argon2.memory_kib());
        match StoredHash::parse(&password.hash) {
            Ok(hash) if hash.memory_kib() <= budget => Some((hash, password.form)),
            Ok(_) => {
                let user_id = &user.user.id;
                tracing::warn!(
                    user_id,
                    "a stored hash needs more memory than memory_budget_kib"
                );
                None
            }
            Err(_) => {
                tracing::warn!(user_id = user.user.id, "a stored hash cannot be read");
                None
            }
        }
    }

    async fn upgrade(&self, user: &UserRecord, password: SecretString) -> Result<(), Error> {
        let outdated = |old: &&StoredPassword| self.is_outdated(old, password.expose_secret());
        let Some(old) = user.password.as_ref().filter(outdated) else {
            return Ok(());
        };
        let permit = self.admit(self.config.argon2.memory_kib()).await?;
        let password = NormalizedPassword::of_any(password.expose_secret());
        let new = self.hash(permit, password).await?;
        let keys = &self.config.keys;
        self.store
            .upgrade_password(Upgrade {
                user_id: &user.user.id,
                old: &old.hash,
                new: &new,
                rebind: &|reset, before, after| {
                    let key = keys.find(&reset.key_id)?;
                    reset
                        .binds(keys, before)
                        .then(|| reset.fingerprint(key, after))
                },
            })
            .await?;
        Ok(())
    }

    /// Whether a better hash should take the place of this one. A hash that ignored the end of the
    /// password (bcrypt) says nothing of that end, so it stays.
    fn is_outdated(&self, password: &StoredPassword, typed: &str) -> bool {
        StoredHash::parse(&password.hash).is_ok_and(|hash| {
            hash.reads_all_of(typed.as_bytes())
                && (password.form == PasswordForm::Raw || !hash.is_current(self.config.argon2))
        })
    }
}
