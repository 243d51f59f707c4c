//! A change that was not the owner's: the password ends that was set, and whatever came with it.

use secrecy::ExposeSecret;

use super::{
    Engine,
    resets::{Draft, Making},
};
use crate::{
    admission::Class,
    email::Email,
    error::{Code, Error},
    event::Event,
    password::normal::NormalizedPassword,
    report::{Notice, ReportRecord},
    reset::Redemption,
    store::{EventSteps, Redeem, ReportSteps, ResetSteps, Store, UserKey, UserSteps},
    token::Token,
    user::User,
};

impl<S: Store> Engine<S> {
    /// Says that a change was not the owner's of which a notice told, by the notice's `report_token` and the address
    /// that it was sent to. The password in force is replaced by one that nobody knows, and links and sessions end with
    /// it. Works once for each notice, for 7 days.
    ///
    /// Where the address is still the account's, a new link waits for a mailer. Where it is not, whoever changed it
    /// would get that link: so the account is locked, and no link is made for it until
    /// [`unlock_user`](Self::unlock_user) or an address that is set.
    ///
    /// # Errors
    ///
    /// - `input_invalid`: `token_unknown`, no notice brought it, or it was used or is too old; `email_invalid`, no
    ///   address; `email_mismatch`, not the address that the notice was sent to. The token stays usable.
    /// - `overloaded`, `storage_unavailable`: try again; the token stays usable.
    pub fn report_change(&self, token: &str, email: &str) -> Result<User, Error> {
        let email = Email::parse(email)?;
        let (keys, now) = (self.keys(), self.now());
        let notice = Notice::read(token, keys.in_use(|| now), now).ok_or_else(unknown)?;
        if !notice.was_sent_to(&email) {
            let message = "email must be the address that the notice was sent to";
            return Err(Error::field("email", "mismatch", message));
        }
        let id = UserKey::Id(&notice.user_id);
        let user = self.store.find_user(id)?.ok_or_else(unknown)?;
        // Nobody is ever told it.
        let nobodys = Token::generate(self.random())?.reveal();
        let nobodys = NormalizedPassword::as_typed(nobodys.expose_secret());
        let present = user.password_hash();
        let password = self.hash(Class::Owner, &notice.user_id, &nobodys, present)?;
        self.transact(|transaction| {
            let user = transaction.lock_user(&notice.user_id)?;
            let user = user.ok_or_else(unknown)?;
            if transaction.is_reported(&notice.message_id)? {
                return Err(unknown().into());
            }
            let now = self.now();
            // Spent as soon as it is there: the one way in which any users' table is given a password.
            let Draft { reset, .. } =
                self.draft(&user.recipient(), self.config.token_lifetime, now)?;
            transaction.void_resets(Some(&notice.user_id), now)?;
            transaction.insert_reset(&reset)?;
            let redemption = Redemption {
                at: now,
                request: None,
            };
            let redeem = Redeem::new(&reset, &user, &password, redemption);
            let ended = transaction.redeem(&redeem)?.ok_or_else(unknown)?;
            let changed = transaction.lock_user(&notice.user_id)?;
            let mut changed = changed.ok_or_else(unknown)?;
            let is_here =
                Email::parse(&user.user.email).is_ok_and(|email| notice.was_sent_to(&email));
            if !is_here && self.has_own_table() {
                // It is not this address whose mail was read.
                changed.user.email_verified = user.user.email_verified;
                transaction.update_user(&changed)?;
            }
            if is_here && self.config.messages {
                let making = Making {
                    is_user: true,
                    is_sent: true,
                    lifetime: self.config.token_lifetime,
                };
                self.make_reset(transaction, &changed.recipient(), &making, now)?;
            }
            transaction.insert_report(&ReportRecord {
                message_id: notice.message_id.clone(),
                user_id: notice.user_id.clone(),
                locks: !is_here,
                created_at: notice.created_at,
            })?;
            let event = Event::of_report(&changed.user, !is_here, &ended, now, self.random())?;
            transaction.append(&event)?;
            Ok(changed.user)
        })
    }

    /// Has links made again for a user whose account was locked by [`report_change`](Self::report_change). Whoever calls
    /// has made sure that the account's address is its owner's.
    ///
    /// # Errors
    ///
    /// `user_not_found`, `storage_unavailable`.
    pub fn unlock_user(&self, id: &str) -> Result<(), Error> {
        self.transact(|transaction| {
            let user = transaction.lock_user(id)?.ok_or(Code::UserNotFound)?;
            if transaction.unlock(id)? {
                let event = Event::of_unlocking(&user.user.id, self.now(), self.random())?;
                transaction.append(&event)?;
            }
            Ok(())
        })
    }
}

/// What is said of a token that reports nothing.
fn unknown() -> Error {
    let message =
        "token must be that of a notice of the last 7 days, which has not been reported yet";
    Error::field("token", "unknown", message)
}
