//! Logging in with a password, and the upgrade of outdated hashes that comes with it.

use secrecy::{ExposeSecret, SecretString};

use super::{Engine, known_form};
use crate::{
    admission::Class,
    credential::{Credential, PasswordForm, StoredPassword, UserRecord},
    error::{Code, Error},
    password::{
        MAX_VERIFY_OCTETS,
        hash::{self, StoredHash},
        normal::NormalizedPassword,
    },
    store::{ResetSteps, Store, UserKey, UserSteps},
    user::User,
};

/// How often a password is verified against a hash that has just been replaced.
const TRIES: usize = 3;

impl<S: Store> Engine<S> {
    /// Checks an address and a password and answers the user. A hash of another kind or of lesser cost
    /// is replaced by one at current parameters; a live reset of the user goes on working.
    ///
    /// # Errors
    ///
    /// `invalid_credentials`: there is no such user, it has no password, or the password is wrong; all
    /// three cost one hash. A password that was right when it was looked at, and is not any more when the
    /// login is noted, is wrong. `overloaded`, `storage_unavailable`.
    pub fn authenticate_with_password(&self, email: &str, password: &str) -> Result<User, Error> {
        if password.len() > MAX_VERIFY_OCTETS {
            return Err(Code::InvalidCredentials.into());
        }
        let email = known_form(email);
        let account = email.as_ref().map_or("", |email| email.lookup());
        let mut found = match account {
            "" => None,
            lookup => self.store.find_user(UserKey::EmailLookup(lookup))?,
        };
        let password = SecretString::from(password);
        for _ in 0..TRIES {
            let verified = self.verify(account, found.as_ref(), &password)?;
            let Some(mut record) = found.filter(|_| verified) else {
                break;
            };
            let hash = self.upgrade(&record, &password);
            let now = record.sign_in_at(self.now());
            // The hash in force decides, at the moment in which the login becomes one.
            if self.store.note_sign_in(&record.user.id, &hash, now)? {
                record.user.last_sign_in_at = record.user.last_sign_in_at.max(Some(now));
                return Ok(record.user);
            }
            // Another login has upgraded it, or the password was changed.
            found = self.store.find_user(UserKey::Id(&record.user.id))?;
        }
        Err(Code::InvalidCredentials.into())
    }

    /// One hash, whoever it is for (CWE-208).
    fn verify(
        &self,
        account: &str,
        user: Option<&UserRecord>,
        password: &SecretString,
    ) -> Result<bool, Error> {
        let stored = user.and_then(|user| self.verifiable(user));
        let params = self.config.argon2;
        let cost = stored
            .as_ref()
            .map_or(params.memory_kib(), |(hash, _)| hash.memory_kib());
        let typed = password.expose_secret();
        let verified = self.admit(Class::Stranger, account, cost, |arena| match stored {
            None => hash::dummy(params, arena, typed.as_bytes()).map(|()| false),
            Some((hash, PasswordForm::Raw)) => hash.verify(arena, typed.as_bytes()),
            Some((hash, PasswordForm::Nfc)) => {
                hash.verify(arena, NormalizedPassword::of_any(typed).as_bytes())
            }
        })?;
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

    /// Replaces an outdated hash, and answers the one that is in force as far as is known.
    fn upgrade(&self, user: &UserRecord, password: &SecretString) -> String {
        let Some(old) = &user.password else {
            return String::new();
        };
        if !self.is_outdated(old, password.expose_secret()) {
            return old.hash.clone();
        }
        match self.replace_hash(&user.user.id, &old.hash, password) {
            Ok(Some(new)) => new.hash,
            Ok(None) => old.hash.clone(),
            Err(error) => {
                // The login is good all the same; the next one tries again.
                let (user_id, code) = (&user.user.id, error.code());
                tracing::warn!(user_id, %code, "a hash was not upgraded");
                old.hash.clone()
            }
        }
    }

    /// `None` when the old hash is not in force any more.
    fn replace_hash(
        &self,
        user_id: &str,
        old: &str,
        password: &SecretString,
    ) -> Result<Option<StoredPassword>, Error> {
        let password = NormalizedPassword::of_any(password.expose_secret());
        let new = self.hash(Class::Owner, user_id, &password)?;
        let keys = &*self.keys();
        let replaced = self.transact(|transaction| {
            let Some(record) = transaction.lock_user(user_id)? else {
                return Ok(false);
            };
            if !transaction.replace_hash(user_id, old, &new)? {
                return Ok(false);
            }
            // The password is the same one, so the link that was sent before goes on working.
            if let Some(reset) = transaction.lock_live_reset(user_id)? {
                let before = record.credential();
                let after = Credential {
                    password_hash: Some(new.hash.clone()),
                    ..before.clone()
                };
                if let Some(key) = reset.maker(keys)
                    && reset.binds(keys, &before)
                {
                    transaction.rebind_reset(&reset.id, &reset.fingerprint(key, &after))?;
                }
            }
            Ok(true)
        })?;
        Ok(replaced.then_some(new))
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
