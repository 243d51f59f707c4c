//! Logging in with a password, and the upgrade of outdated hashes that comes with it.

use secrecy::{ExposeSecret, SecretString};

use super::{Config, Engine, known_form, login_attempts::Attempt};
use crate::{
    admission::Class,
    credential::{Credential, PasswordForm, StoredPassword, UserRecord},
    email::Email,
    error::{Code, Error},
    password::{
        MAX_VERIFY_OCTETS,
        hash::{HashError, StoredHash},
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
    /// - `invalid_credentials`: there is no such user, it has no password, or the password is wrong; all three cost
    ///   one hash, and are counted and recorded alike. A password that was right when it was looked at, and is not
    ///   any more when the login is noted, is wrong.
    /// - `rate_limited`: too many logins with the address have failed in a row, and no password was looked at, not
    ///   even the right one. After five of them it may be tried again when `retry_after` is over: 1, 2, 4, … seconds,
    ///   an hour at the most. After a hundred it is not `retryable`: the password has to be reset, or changed in
    ///   another way (NIST SP 800-63B-4, section 3.2.2). A good login ends the row.
    /// - `overloaded`, `storage_unavailable`: also where a failed login cannot be counted.
    pub fn authenticate_with_password(&self, email: &str, password: &str) -> Result<User, Error> {
        if password.len() > MAX_VERIFY_OCTETS {
            return Err(Code::InvalidCredentials.into());
        }
        let known_form = known_form(email);
        // What is no address is counted as it was typed.
        let account = known_form.as_ref().map_or(email, Email::lookup);
        let mut found = match &known_form {
            None => None,
            Some(email) => {
                let key = self.config.address_rule.key(email);
                self.store.find_user(UserKey::EmailLookup(&key))?
            }
        };
        let password = SecretString::from(password);
        for _ in 0..TRIES {
            let attempt = self.begin_attempt(account, found.as_ref())?;
            let verified = self.verify(&attempt, account, found.as_ref(), &password);
            let verified = verified.inspect_err(|_| self.give_back(&attempt))?;
            let Some(mut record) = found.filter(|_| verified) else {
                return Err(self.fail(&attempt));
            };
            let hash = record.password_hash().unwrap_or_default();
            let now = record.sign_in_at(self.now());
            // The hash in force decides, at the moment in which the login becomes one.
            let noted = self.note_sign_in(&attempt, &record.user.id, hash, now);
            if noted.inspect_err(|_| self.give_back(&attempt))? {
                self.upgrade(&record, &password);
                record.user.last_sign_in_at = record.user.last_sign_in_at.max(Some(now));
                return Ok(record.user);
            }
            // Another login has upgraded it, the password was changed, or too many others have failed.
            found = self.store.find_user(UserKey::Id(&record.user.id))?;
        }
        Err(Code::InvalidCredentials.into())
    }

    /// One hash, whoever it is for (CWE-208).
    fn verify(
        &self,
        attempt: &Attempt,
        account: &str,
        user: Option<&UserRecord>,
        password: &SecretString,
    ) -> Result<bool, Error> {
        let stored = user.and_then(|user| self.verifiable(user));
        let Config {
            argon2: params,
            hash_form: form,
            ..
        } = self.config;
        let cost = stored
            .as_ref()
            .map_or(form.memory_kib(params), |(hash, _)| hash.memory_kib());
        let typed = password.expose_secret();
        self.admit(Class::Stranger, account, cost, |permit| {
            if permit.has_waited() {
                self.check_attempt(attempt)?;
            }
            let verified = permit.run(&*self.config.clock, |arena| match stored {
                None => form.dummy(params, arena, typed.as_bytes()).map(|()| false),
                Some((hash, PasswordForm::Raw)) => hash.verify(arena, typed.as_bytes()),
                Some((hash, PasswordForm::Nfc)) => {
                    hash.verify(arena, NormalizedPassword::of_any(typed).as_bytes())
                }
            });
            Ok(verified?)
        })?
    }

    /// The user's hash, unless it is damaged or dearer than the memory budget: stored hashes are
    /// untrusted input (CWE-789).
    fn verifiable(&self, user: &UserRecord) -> Option<(StoredHash, PasswordForm)> {
        let password = user.password.as_ref()?;
        let budget = self
            .config
            .memory_budget_kib
            .max(self.config.argon2.memory_kib());
        let pepper = self.config.pepper.as_ref();
        match self.config.hash_form.read(&password.hash, pepper) {
            Ok(hash) if hash.memory_kib() <= budget => Some((hash, password.form)),
            Ok(_) => {
                let user_id = &user.user.id;
                tracing::warn!(
                    user_id,
                    "a stored hash needs more memory than memory_budget_kib"
                );
                None
            }
            Err(HashError::NoPepper) => {
                let user_id = &user.user.id;
                tracing::warn!(
                    user_id,
                    "a stored hash was made with a pepper: give `pepper`"
                );
                None
            }
            Err(_) => {
                tracing::warn!(user_id = user.user.id, "a stored hash cannot be read");
                None
            }
        }
    }

    /// Replaces an outdated hash after a good login, which it has no part in: if it fails, the next one tries again.
    fn upgrade(&self, user: &UserRecord, password: &SecretString) {
        let Some(old) = &user.password else { return };
        if self.is_outdated(old, password.expose_secret())
            && let Err(error) = self.replace_hash(&user.user.id, &old.hash, password)
        {
            let (user_id, code) = (&user.user.id, error.code());
            tracing::warn!(user_id, %code, "a hash was not upgraded");
        }
    }

    /// Does nothing if the old hash is not in force any more.
    fn replace_hash(&self, user_id: &str, old: &str, password: &SecretString) -> Result<(), Error> {
        let password = NormalizedPassword::of_any(password.expose_secret());
        let new = self.hash(Class::Owner, user_id, &password, None)?;
        let keys = &*self.keys();
        self.transact(|transaction| {
            let Some(record) = transaction.lock_user(user_id)? else {
                return Ok(());
            };
            if !transaction.replace_hash(user_id, old, &new)? {
                return Ok(());
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
            Ok(())
        })
    }

    /// Whether a better hash should take the place of this one. A hash that ignored the end of the
    /// password (bcrypt) says nothing of that end, so it stays.
    fn is_outdated(&self, password: &StoredPassword, typed: &str) -> bool {
        // Another system makes its own hashes anew.
        self.has_own_table()
            && StoredHash::parse(&password.hash).is_ok_and(|hash| {
                hash.reads_all_of(typed.as_bytes())
                    && (password.form == PasswordForm::Raw || !hash.is_current(self.config.argon2))
            })
    }
}
