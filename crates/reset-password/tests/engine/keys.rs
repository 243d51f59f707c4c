//! Keys that were replaced: what they made goes on working, and they make nothing new.

use std::{sync::Arc, time::Duration};

use reset_password::{Code, Error};
use reset_password_core::{
    Engine, Keyring, Keys, Timestamp, reset::ResetRecord, retirement::Retirement, store::ResetReads,
};
use reset_password_store::SqlStore;

use crate::support::{Fixture, NEW, OLD, key, text, try_engine, user, user_with};

on_each_database!(
    sec11_crypto_agility,
    sec11_a_replaced_key_makes_nothing_new,
    sec11_whoever_has_the_new_key_goes_on,
    sec11_whoever_can_read_the_new_key_goes_on,
    sec11_rows_of_a_replaced_key_are_believed_as_far_as_it_can_have_made_them,
    sec11_a_replaced_key_ends_with_the_longest_lifetime,
    sec11_the_end_of_a_key_is_signed_by_the_one_in_force,
    sec11_a_replaced_key_does_not_come_back,
    sec86_a_replaced_key_signs_no_trail,
);

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

fn ring(current: u8, others: &[u8]) -> Keyring {
    Keyring::new(key(current), others.iter().copied().map(key).collect()).unwrap()
}

fn try_open(fixture: &Fixture, keys: impl Into<Keys>) -> Result<Engine<SqlStore>, Error> {
    try_engine(fixture.database.url(), &fixture.clock, |config| {
        config.keys = keys.into();
    })
}

fn open(fixture: &Fixture, current: u8, others: &[u8]) -> Engine<SqlStore> {
    try_open(fixture, ring(current, others)).unwrap()
}

fn link(engine: &Engine<SqlStore>, email: &str) -> String {
    let reset = engine.create_password_reset(email).unwrap();
    text(&reset.password_reset_token).to_owned()
}

fn refused(engine: &Engine<SqlStore>, token: &str) -> Code {
    engine.reset_password(token, NEW).unwrap_err().code()
}

/// Two users, as the fixture's engine makes them under key 1.
fn two_users(fixture: &Fixture) {
    for email in [ADA, BOB] {
        fixture.engine.create_user(user_with(email, OLD)).unwrap();
    }
}

/// Old and new tokens work after a rotation; without the old key the old ones do not. Another algorithm in a row
/// fails closed.
fn sec11_crypto_agility(fixture: &Fixture) {
    two_users(fixture);
    let old = link(&fixture.engine, ADA);
    let rotated = open(fixture, 2, &[1]);
    let reset = rotated.create_password_reset(BOB).unwrap();
    let read = rotated.get_password_reset(&reset.id).unwrap();
    let new = text(&reset.password_reset_token);
    assert_eq!(text(&read.password_reset_token), new);
    let forgetful = open(fixture, 2, &[]);
    assert_eq!(
        refused(&forgetful, &old),
        Code::PasswordResetTokenNotFound,
        "the old key is gone"
    );
    rotated.reset_password(&old, NEW).unwrap();
    rotated.reset_password(new, NEW).unwrap();

    let token = link(&rotated, ADA);
    fixture.alter("UPDATE reset_password_resets SET version = 99");
    assert_eq!(
        refused(&rotated, &token),
        Code::PasswordResetTokenNotFound,
        "unknown version"
    );
}

/// A process that has but the old key says so, and loses nothing.
fn sec11_a_replaced_key_makes_nothing_new(fixture: &Fixture) {
    two_users(fixture);
    let old = &fixture.engine;
    let token = link(old, ADA);
    let new = open(fixture, 2, &[1]);
    let before = fixture.state();
    let said = [
        old.create_password_reset(BOB).map(drop),
        old.request_password_reset(BOB).map(drop),
        old.reset_password(&token, NEW).map(drop),
        old.create_user(user_with("eve@example.com", OLD)).map(drop),
        old.verify_audit().map(drop),
    ];
    for (n, said) in said.into_iter().enumerate() {
        let error = said.unwrap_err();
        assert_eq!(error.code(), Code::ConfigInvalid, "{n}: {error}");
        assert!(error.message().contains(key(2).id()), "{n}: {error}");
    }
    assert_eq!(fixture.state(), before);
    new.reset_password(&token, NEW).unwrap();
    assert!(new.verify_audit().unwrap().is_whole());
    // What signs nothing goes on.
    old.authenticate_with_password(ADA, NEW).unwrap();
}

/// Given to every process beforehand, a new key costs nobody anything.
fn sec11_whoever_has_the_new_key_goes_on(fixture: &Fixture) {
    two_users(fixture);
    let node = open(fixture, 1, &[2]);
    let other = open(fixture, 1, &[2]);
    let before = link(&node, ADA);
    let new = open(fixture, 2, &[1]);
    // It learns by what it writes, and by what it does not find.
    let made = link(&node, BOB);
    assert_eq!(node.keys().current().id(), key(2).id());
    new.reset_password(&made, NEW).unwrap();
    new.reset_password(&before, NEW).unwrap();
    let made = link(&new, BOB);
    assert_eq!(refused(&other, &made), Code::PasswordResetTokenNotFound);
    fixture.clock.advance(Duration::from_secs(10));
    other.reset_password(&made, OLD).unwrap();
    assert_eq!(other.keys().current().id(), key(2).id());
    for engine in [&node, &other, &new] {
        assert!(engine.verify_audit().unwrap().is_whole());
    }
}

/// A key file is read again, once.
fn sec11_whoever_can_read_the_new_key_goes_on(fixture: &Fixture) {
    two_users(fixture);
    let keys = Keys::new(
        ring(1, &[]),
        Some(Box::new(|id| {
            assert_eq!(id, key(2).id());
            Ok(ring(2, &[1]))
        })),
    );
    let node = try_open(fixture, keys).unwrap();
    let before = link(&node, ADA);
    let new = open(fixture, 2, &[1]);
    let made = new.create_password_reset(BOB).unwrap();
    let read = node.get_password_reset(&made.id).unwrap();
    assert_eq!(
        text(&read.password_reset_token),
        text(&made.password_reset_token)
    );
    node.reset_password(text(&made.password_reset_token), NEW)
        .unwrap();
    node.reset_password(&before, NEW).unwrap();
    assert!(node.verify_audit().unwrap().is_whole());
}

/// Somebody has an old key, and writes to the database: a row of these times, with the right fingerprint.
fn forge(fixture: &Fixture, token_of: &str, created_at: Timestamp, expires_at: Timestamp) {
    let store = fixture.engine.store();
    let (reset, user) = store.find_reset_by_id(token_of).unwrap().unwrap();
    let forged = ResetRecord {
        created_at,
        expires_at,
        ..reset
    };
    let fingerprint = forged.fingerprint(&key(1), &user.credential());
    fixture.database.rows(&format!(
        "UPDATE reset_password_resets SET created_at = {}, expires_at = {}, fingerprint = {} WHERE id = '{token_of}'",
        created_at.unix_millis(),
        expires_at.unix_millis(),
        fixture.bytes(&fingerprint),
    ));
}

fn sec11_rows_of_a_replaced_key_are_believed_as_far_as_it_can_have_made_them(fixture: &Fixture) {
    two_users(fixture);
    let reset = fixture.engine.create_password_reset(ADA).unwrap();
    let token = text(&reset.password_reset_token);
    fixture.clock.advance(MINUTE * 10);
    let retired = fixture.engine.config().clock.now();
    let new = open(fixture, 2, &[1]);
    fixture.clock.advance(MINUTE * 10);
    let now = fixture.engine.config().clock.now();
    for (created_at, expires_at) in [
        (now, now + MINUTE * 30),
        (retired + MINUTE * 2, now + MINUTE * 30),
        (retired.before(MINUTE), retired + DAY),
        (retired, retired + DAY * 1_000),
        // Beyond what a moment can be.
        (
            Timestamp::from_unix_millis(i64::MIN),
            Timestamp::from_unix_millis(i64::MAX),
        ),
    ] {
        forge(fixture, &reset.id, created_at, expires_at);
        for engine in [&new, &open(fixture, 2, &[1])] {
            assert_eq!(
                refused(engine, token),
                Code::PasswordResetTokenNotFound,
                "{created_at} to {expires_at}"
            );
            assert!(engine.get_password_reset(&reset.id).is_err());
        }
    }
    forge(
        fixture,
        &reset.id,
        retired.before(MINUTE),
        retired + MINUTE * 40,
    );
    new.reset_password(token, NEW).unwrap();
}

/// Three keys after one another; the first is of use until its last link must have ended.
fn sec11_a_replaced_key_ends_with_the_longest_lifetime(fixture: &Fixture) {
    let week = try_engine(fixture.database.url(), &fixture.clock, |config| {
        config.first_password_lifetime = DAY * 7;
    });
    let week = week.unwrap();
    for email in [ADA, BOB] {
        week.create_user(user(email)).unwrap();
    }
    let (ada, bob) = (link(&week, ADA), link(&week, BOB));
    drop(open(fixture, 2, &[1]));
    fixture.clock.advance(DAY);
    let third = open(fixture, 3, &[2, 1]);
    fixture.clock.advance(DAY * 5 + MINUTE * (24 * 60 - 1));
    third.reset_password(&ada, NEW).unwrap();
    fixture.clock.advance(MINUTE);
    assert_eq!(refused(&third, &bob), Code::PasswordResetTokenExpired);
    fixture.clock.advance(MINUTE + Timestamp::RESOLUTION);
    assert_eq!(refused(&third, &bob), Code::PasswordResetTokenNotFound);
    let none = fixture
        .database
        .value("SELECT count(*) FROM reset_password_settings WHERE name LIKE 'retired_key_%'");
    assert_eq!(none, "2");
}

/// Without a record of its end that the present key has signed, an old key has made nothing.
fn sec11_the_end_of_a_key_is_signed_by_the_one_in_force(fixture: &Fixture) {
    two_users(fixture);
    let token = link(&fixture.engine, ADA);
    let new = open(fixture, 2, &[1]);
    let setting = format!("retired_key_{}", key(1).id());
    let value = |name: &str| {
        fixture.database.value(&format!(
            "SELECT value FROM reset_password_settings WHERE name = '{name}'"
        ))
    };
    let right = value(&setting);
    let set = |value: &str| {
        fixture.database.rows(&format!(
            "UPDATE reset_password_settings SET value = '{value}' WHERE name = '{setting}'"
        ));
    };
    let (at, signature) = right.split_once(' ').unwrap();
    let later: i64 = at.parse::<i64>().unwrap() + 1;
    for forged in [
        format!("{later} {signature}"),
        right.replace(key(2).id(), key(1).id()),
        format!("{at} {}:{}", key(2).id(), "00".repeat(32)),
        String::new(),
    ] {
        set(&forged);
        let reopened = open(fixture, 2, &[1]);
        assert_eq!(
            refused(&reopened, &token),
            Code::PasswordResetTokenNotFound,
            "{forged}"
        );
    }
    fixture.alter(&format!(
        "DELETE FROM reset_password_settings WHERE name = '{setting}'"
    ));
    let reopened = open(fixture, 2, &[1]);
    assert_eq!(refused(&reopened, &token), Code::PasswordResetTokenNotFound);
    // The one that was open knows.
    new.reset_password(&token, NEW).unwrap();
}

fn sec11_a_replaced_key_does_not_come_back(fixture: &Fixture) {
    two_users(fixture);
    let new = open(fixture, 2, &[1]);
    let error = try_open(fixture, ring(1, &[2])).err().unwrap();
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert!(error.message().contains("was replaced by"), "{error}");
    // Nor by hand: whoever has it, and writes to the database, is not followed.
    fixture.alter(&format!(
        "UPDATE reset_password_settings SET value = '{}' WHERE name = 'key_id'",
        key(1).id()
    ));
    let users = fixture.dump("reset_password_users");
    let error = new.verify_audit().unwrap_err();
    assert!(error.message().contains("has replaced"), "{error}");
    assert_eq!(new.keys().current().id(), key(2).id());
    assert_eq!(fixture.dump("reset_password_users"), users);
    // Nor where the record of its end is gone, and it says itself that it has replaced the new one.
    let forged = Retirement {
        key_id: key(2).id().to_owned(),
        at: fixture.engine.config().clock.now(),
    };
    fixture.alter(&format!(
        "UPDATE reset_password_settings SET name = 'retired_key_{}', value = '{}' WHERE name LIKE 'retired_key_%'",
        forged.key_id,
        forged.sign(&key(1))
    ));
    new.verify_audit().unwrap_err();
    let error = try_open(fixture, ring(2, &[1])).err().unwrap();
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert_eq!(new.keys().current().id(), key(2).id());
}

/// The end of the trail, put back to where it was signed with the old key.
fn sec86_a_replaced_key_signs_no_trail(fixture: &Fixture) {
    two_users(fixture);
    let heads = "SELECT name, value FROM reset_password_settings WHERE name LIKE 'audit_head%'";
    let saved = fixture.database.rows(heads);
    let new = Arc::new(open(fixture, 2, &[1]));
    new.create_password_reset(ADA).unwrap();
    assert!(new.verify_audit().unwrap().is_whole());
    for row in &saved {
        let [Some(name), Some(value)] = &row[..] else {
            panic!("{row:?}")
        };
        fixture.database.rows(&format!(
            "UPDATE reset_password_settings SET value = '{value}' WHERE name = '{name}'"
        ));
    }
    for engine in [&*new, &open(fixture, 2, &[1])] {
        assert!(!engine.verify_audit().unwrap().is_whole());
        engine.create_password_reset(ADA).unwrap();
        assert!(!engine.verify_audit().unwrap().is_whole());
    }
}
