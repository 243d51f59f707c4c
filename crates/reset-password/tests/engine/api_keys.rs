//! API keys: made, used, replaced, revoked, and never stored.

use std::time::Duration;

use crate::support::{Fixture, text};
use reset_password::{ApiKey, Code, NewApiKey, Scope};

on_each_database!(
    sec89_a_key_works_and_is_not_stored,
    sec89_wrong_unknown_revoked_and_expired_are_one,
    sec91_a_replaced_key_works_for_the_overlap,
    sec91_a_revoked_key_is_refused_at_once_by_another_process,
    the_last_use_is_noted_once_a_minute,
);

const DAY: Duration = Duration::from_hours(24);

fn key(fixture: &Fixture) -> NewApiKey {
    let scopes = [Scope::UsersRead, Scope::ResetsConfirm, Scope::UsersRead];
    fixture.engine.create_api_key("app", &scopes, 90).unwrap()
}

fn caller(fixture: &Fixture, key: &str) -> Result<ApiKey, Code> {
    fixture
        .engine
        .authenticate_api_key(key)
        .map_err(|error| error.code())
}

fn sec89_a_key_works_and_is_not_stored(fixture: &Fixture) {
    let key = key(fixture);
    let known = caller(fixture, text(&key.key)).unwrap();
    assert_eq!(known, key.api_key);
    assert_eq!(known.scopes, [Scope::ResetsConfirm, Scope::UsersRead]);
    assert!(known.allows(Scope::UsersRead) && !known.allows(Scope::UsersWrite));
    let secret = &text(&key.key)[31..];
    for table in ["api_keys", "events"] {
        let dump = fixture.dump(&format!("reset_password_{table}"));
        assert!(dump.contains(&key.api_key.id) && !dump.contains(secret));
    }
    for file in std::fs::read_dir(fixture.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|at| at == secret.as_bytes())
        );
    }
}

/// One answer for every key that does not work.
fn sec89_wrong_unknown_revoked_and_expired_are_one(fixture: &Fixture) {
    let (first, second) = (key(fixture), key(fixture));
    let (first_text, second_text) = (text(&first.key), text(&second.key));
    let crossed = format!("{}{}", &first_text[..30], &second_text[30..]);
    let unknown = format!("rpk_{}{}", "0".repeat(26), &first_text[30..]);
    for bad in ["", "rpk_", "sk_test_123", &crossed, &unknown] {
        assert_eq!(caller(fixture, bad), Err(Code::Unauthorized));
    }
    fixture.engine.revoke_api_key(&first.api_key.id).unwrap();
    assert_eq!(caller(fixture, first_text), Err(Code::Unauthorized));
    fixture
        .clock
        .advance(Duration::from_millis(90 * 86_400_000 - 1));
    assert!(caller(fixture, second_text).is_ok());
    fixture.clock.advance(Duration::from_millis(1));
    assert_eq!(caller(fixture, second_text), Err(Code::Unauthorized));
}

/// Reminders before the end are the service's.
fn sec91_a_replaced_key_works_for_the_overlap(fixture: &Fixture) {
    let old = key(fixture);
    fixture.clock.advance(80 * DAY);
    let too_long = fixture.engine.rotate_api_key(&old.api_key.id, 90, 8 * DAY);
    assert_eq!(too_long.unwrap_err().code(), Code::InputInvalid);
    let new = fixture
        .engine
        .rotate_api_key(&old.api_key.id, 90, DAY)
        .unwrap();
    assert_eq!(
        (&new.api_key.name, &new.api_key.scopes),
        (&old.api_key.name, &old.api_key.scopes)
    );
    assert!(caller(fixture, text(&old.key)).is_ok());
    assert!(caller(fixture, text(&new.key)).is_ok());
    fixture.clock.advance(DAY);
    assert_eq!(caller(fixture, text(&old.key)), Err(Code::Unauthorized));
    assert!(caller(fixture, text(&new.key)).is_ok());
    let dead = fixture.engine.rotate_api_key(&old.api_key.id, 90, DAY);
    assert_eq!(dead.unwrap_err().code(), Code::InputInvalid);
    fixture.clock.advance(89 * DAY);
    assert_eq!(caller(fixture, text(&new.key)), Err(Code::Unauthorized));
}

fn sec91_a_revoked_key_is_refused_at_once_by_another_process(fixture: &Fixture) {
    let key = key(fixture);
    let other = fixture.another(|_| {});
    assert!(other.authenticate_api_key(text(&key.key)).is_ok());
    let revoked = fixture.engine.revoke_api_key(&key.api_key.id).unwrap();
    assert!(revoked.revoked_at.is_some());
    fixture.clock.advance(DAY);
    let again = fixture.engine.revoke_api_key(&key.api_key.id).unwrap();
    assert_eq!(again.revoked_at, revoked.revoked_at);
    assert!(other.authenticate_api_key(text(&key.key)).is_err());
    let listed = other.list_api_keys().unwrap();
    assert_eq!(listed, [revoked]);
    let unknown = fixture.engine.revoke_api_key("api_key_x").unwrap_err();
    assert_eq!(unknown.code(), Code::InputInvalid);
}

fn the_last_use_is_noted_once_a_minute(fixture: &Fixture) {
    let key = key(fixture);
    let id = &key.api_key.id;
    assert!(fixture.engine.api_key_use_is_news(&key.api_key));
    fixture.engine.note_api_key_use(id).unwrap();
    let noted = caller(fixture, text(&key.key)).unwrap();
    assert!(noted.last_used_at.is_some() && !fixture.engine.api_key_use_is_news(&noted));
    fixture.clock.advance(Duration::from_millis(59_999));
    fixture.engine.note_api_key_use(id).unwrap();
    assert_eq!(caller(fixture, text(&key.key)).unwrap(), noted);
    fixture.clock.advance(Duration::from_millis(1));
    assert!(fixture.engine.api_key_use_is_news(&noted));
    fixture.engine.note_api_key_use(id).unwrap();
    assert_ne!(caller(fixture, text(&key.key)).unwrap(), noted);
}
