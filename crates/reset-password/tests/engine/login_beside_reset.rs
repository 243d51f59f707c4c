//! A login while the password is being reset: it comes before, and its session ends, or it is refused.

use std::time::Duration;

use reset_password::{Code, Timestamp};
use reset_password_core::Clock;

use crate::support::{Fixture, NEW, OLD};

on_each_database!(
    sec18_a_login_with_the_old_password_that_ends_after_a_reset_is_refused,
    sec18_a_reset_that_ends_after_a_login_is_dated_after_it,
    sec18_a_reset_is_dated_after_the_newest_login_of_all,
    sec18_a_change_of_password_is_dated_after_the_newest_login_too,
);

const ADA: &str = "ada@example.com";

/// The reset runs when the login has verified the password, and before it is noted.
fn sec18_a_login_with_the_old_password_that_ends_after_a_reset_is_refused(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token(ADA);
    let other = fixture.another(|_| {});
    fixture
        .clock
        .at_look(1, move || drop(other.reset_password(&token, NEW).unwrap()));
    let login = fixture.engine.authenticate_with_password(ADA, OLD);
    assert!(fixture.clock.was_looked_at(), "nothing was reset meanwhile");
    assert_eq!(login.unwrap_err().code(), Code::InvalidCredentials);
    let user = fixture.engine.get_user_by_email(ADA).unwrap();
    assert_eq!(user.last_sign_in_at, None, "it was noted all the same");
    assert!(user.credentials_changed_at.is_some());
    assert!(fixture.accepts(ADA, NEW));
}

/// The login is noted when the reset has read the user, and by a clock that is ahead.
fn sec18_a_reset_that_ends_after_a_login_is_dated_after_it(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token(ADA);
    let other = fixture.another(|_| {});
    let clock = fixture.clock.clone();
    let signed_in = clock.now();
    fixture.clock.at_look(1, move || {
        other.authenticate_with_password(ADA, OLD).unwrap();
        clock.set(signed_in.before(Duration::from_secs(30)));
    });
    let reset = fixture.engine.reset_password(&token, NEW).unwrap();
    assert!(fixture.clock.was_looked_at(), "nobody logged in meanwhile");
    assert_eq!(reset.last_sign_in_at, Some(signed_in));
    assert_eq!(
        reset.credentials_changed_at,
        Some(signed_in + Timestamp::RESOLUTION),
        "after the login"
    );
    assert_eq!(fixture.engine.get_user_by_email(ADA).unwrap(), reset);
}

/// The last of two logins came from a machine whose clock is behind.
fn sec18_a_reset_is_dated_after_the_newest_login_of_all(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token(ADA);
    let newest = fixture.clock.now();
    assert!(fixture.accepts(ADA, OLD));
    fixture.clock.set(newest.before(Duration::from_secs(30)));
    let login = fixture.engine.authenticate_with_password(ADA, OLD).unwrap();
    assert_eq!(fixture.engine.get_user_by_email(ADA).unwrap(), login);
    let reset = fixture.engine.reset_password(&token, NEW).unwrap();
    assert_eq!(
        reset.credentials_changed_at,
        Some(newest + Timestamp::RESOLUTION)
    );
    // A login with the new password, from a clock that is behind, is not older than it.
    let login = fixture.engine.authenticate_with_password(ADA, NEW).unwrap();
    assert_eq!(login.last_sign_in_at, reset.credentials_changed_at);
}

fn sec18_a_change_of_password_is_dated_after_the_newest_login_too(fixture: &Fixture) {
    let id = fixture.ada();
    let newest = fixture.clock.now();
    assert!(fixture.accepts(ADA, OLD));
    fixture.clock.set(newest.before(Duration::from_secs(30)));
    let change = reset_password::UpdateUser {
        password: Some(NEW.into()),
        ..Default::default()
    };
    let changed = fixture.engine.update_user(&id, change).unwrap();
    assert_eq!(
        changed.credentials_changed_at,
        Some(newest + Timestamp::RESOLUTION)
    );
}
