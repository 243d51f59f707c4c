//! A confirm beside something else that changes the same account: whichever commits first, both are as if one had
//! followed the other.

use std::{sync::mpsc, thread, time::Duration};

use reset_password::{Code, Error, UpdateUser, User};
use reset_password_core::Engine;
use reset_password_store::SqlStore;

use crate::support::{Fixture, NEW, OLD, long, text};

on_each_database!(
    sec18_an_address_change_races_a_confirm,
    sec18_a_password_change_races_a_confirm,
    sec18_a_revocation_races_a_confirm,
    sec18_a_deletion_races_a_confirm,
    sec15_a_new_link_races_a_confirm,
    sec15_a_purge_races_a_confirm,
);

const ADA: &str = "ada@example.com";
const CHANGED: &str = "a password that was changed by hand";
const LATER: &str = "another walk by the sea on a later day";

const ROUNDS: u32 = 12;

/// Numbers of rounds, and whether the rival commits before the confirm's transaction begins; otherwise it may be
/// anywhere by the time that this one ends.
fn rounds() -> impl Iterator<Item = (u32, bool)> {
    let count = if long() { 200 } else { ROUNDS };
    (0..count).map(|round| (round, round % 3 == 0))
}

/// Confirms while a rival, on a handle of its own, does something to the same account. Answers what came of both.
fn race<T: Send + 'static>(
    fixture: &Fixture,
    token: &str,
    rival_is_first: bool,
    rival: impl FnOnce(Engine<SqlStore>) -> T + Send + 'static,
) -> (Result<User, Error>, T) {
    let handle = fixture.another(|_| {});
    let (telling, told) = mpsc::channel();
    // The clock is looked at once before the hash, and once in the transaction.
    if rival_is_first {
        fixture.clock.at_look(1, move || {
            telling
                .send(thread::spawn(|| rival(handle)).join())
                .unwrap();
        });
    } else {
        fixture.clock.at_look(2, move || {
            thread::spawn(move || telling.send(Ok(rival(handle))).unwrap());
        });
    }
    let confirmed = fixture.engine.reset_password(token, NEW);
    (confirmed, told.recv().unwrap().unwrap())
}

/// Whether it succeeded; there is one way only to lose.
fn has_won(confirmed: Result<User, Error>, rival_is_first: bool) -> bool {
    match confirmed {
        Ok(_) => {
            assert!(!rival_is_first, "the token outlived what ends it");
            true
        }
        Err(error) => {
            assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
            false
        }
    }
}

/// The old address's token never succeeds after the change.
fn sec18_an_address_change_races_a_confirm(fixture: &Fixture) {
    let id = fixture.ada();
    let address = |n: u32| match n {
        0 => ADA.to_owned(),
        n => format!("ada{n}@example.com"),
    };
    for (round, is_first) in rounds() {
        let token = fixture.token(&address(round));
        let change = UpdateUser {
            email: Some(address(round + 1)),
            ..UpdateUser::default()
        };
        let account = id.clone();
        let (confirmed, changed) = race(fixture, &token, is_first, move |rival| {
            rival.update_user(&account, change)
        });
        changed.unwrap();
        if let Ok(user) = &confirmed {
            assert_eq!(user.email, address(round));
        }
        has_won(confirmed, is_first);
        let user = fixture.engine.get_user(&id).unwrap();
        assert_eq!(user.email, address(round + 1));
    }
}

/// A token never succeeds after the change: so in the end it is the change's password, whoever won.
fn sec18_a_password_change_races_a_confirm(fixture: &Fixture) {
    let id = fixture.ada();
    for (_, is_first) in rounds() {
        let token = fixture.token(ADA);
        let change = UpdateUser {
            password: Some(CHANGED.into()),
            ..UpdateUser::default()
        };
        let account = id.clone();
        let (confirmed, changed) = race(fixture, &token, is_first, move |rival| {
            rival.update_user(&account, change)
        });
        changed.unwrap();
        has_won(confirmed, is_first);
        assert!(fixture.accepts(ADA, CHANGED));
        assert!(!fixture.accepts(ADA, NEW));
    }
}

/// No token outlives a revocation: whoever won before it, nobody wins after it.
fn sec18_a_revocation_races_a_confirm(fixture: &Fixture) {
    let id = fixture.ada();
    for (_, is_first) in rounds() {
        let token = fixture.token(ADA);
        let account = id.clone();
        let (confirmed, revoked) = race(fixture, &token, is_first, move |rival| {
            rival.revoke_password_resets(Some(&account))
        });
        let has_won = has_won(confirmed, is_first);
        assert_eq!(revoked.unwrap(), u64::from(!has_won));
        assert!(fixture.accepts(ADA, if has_won { NEW } else { OLD }));
        let again = fixture.engine.reset_password(&token, LATER).unwrap_err();
        assert_eq!(again.code(), Code::PasswordResetTokenNotFound);
        if has_won {
            let back = fixture.token(ADA);
            fixture.engine.reset_password(&back, OLD).unwrap();
        }
    }
}

/// Nothing of a user who is gone comes back.
fn sec18_a_deletion_races_a_confirm(fixture: &Fixture) {
    for (_, is_first) in rounds() {
        let id = fixture.ada();
        let token = fixture.token(ADA);
        let (confirmed, deleted) = race(fixture, &token, is_first, move |rival| {
            rival.delete_user(&id)
        });
        deleted.unwrap();
        has_won(confirmed, is_first);
        let again = fixture.engine.reset_password(&token, LATER).unwrap_err();
        assert_eq!(again.code(), Code::PasswordResetTokenNotFound);
        assert!(!fixture.accepts(ADA, NEW) && !fixture.accepts(ADA, OLD));
        assert_eq!(fixture.count("reset_password_users"), 0);
        assert_eq!(fixture.count("reset_password_resets"), 0);
    }
}

/// The newer link works, whether the older one was used before it was made or ended by it.
fn sec15_a_new_link_races_a_confirm(fixture: &Fixture) {
    fixture.ada();
    for (_, is_first) in rounds() {
        let token = fixture.token(ADA);
        let (confirmed, reset) = race(fixture, &token, is_first, |rival| {
            rival.create_password_reset(ADA)
        });
        let password = if has_won(confirmed, is_first) {
            NEW
        } else {
            OLD
        };
        assert!(fixture.accepts(ADA, password));
        let newer = reset.unwrap().password_reset_token;
        let again = fixture.engine.reset_password(&token, LATER).unwrap_err();
        assert_eq!(again.code(), Code::PasswordResetTokenNotFound);
        fixture.engine.reset_password(text(&newer), OLD).unwrap();
    }
}

/// What is purged is dead, so a confirm does not notice.
fn sec15_a_purge_races_a_confirm(fixture: &Fixture) {
    fixture.ada();
    for (_, is_first) in rounds() {
        // What the round before has left is to be purged.
        fixture.clock.advance(Duration::from_hours(3 * 24));
        let token = fixture.token(ADA);
        let (confirmed, purged) = race(fixture, &token, is_first, |rival| rival.purge(1_000));
        confirmed.unwrap();
        purged.unwrap();
        assert!(fixture.accepts(ADA, NEW));
        assert_eq!(fixture.count("reset_password_resets"), 1);
    }
}
