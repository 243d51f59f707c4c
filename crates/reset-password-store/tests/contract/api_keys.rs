//! API keys.

use reset_password_core::{
    ApiKey, Scope,
    api_key::ApiKeyRecord,
    store::{ApiKeyReads, ApiKeySteps},
};

use crate::fixture::{Fixture, NOW, later};

on_every_database!(
    api_keys_are_found_and_listed,
    an_api_key_ends_once_and_never_later,
    the_last_use_is_noted_once_in_a_while,
    ids_are_equal_by_bytes,
);

fn record(id: &str, seconds: u64) -> ApiKeyRecord {
    ApiKeyRecord {
        api_key: ApiKey {
            id: format!("api_key_{id}"),
            name: "the 🦀 app".into(),
            scopes: vec![Scope::EventsRead, Scope::UsersWrite],
            created_at: NOW,
            expires_at: later(seconds),
            last_used_at: None,
            revoked_at: None,
        },
        digest: [7; 32],
    }
}

fn add(fixture: &Fixture, record: &ApiKeyRecord) {
    fixture
        .commit(|transaction| transaction.insert_api_key(record))
        .unwrap();
}

fn find(fixture: &Fixture, id: &str) -> Option<ApiKeyRecord> {
    fixture
        .store
        .find_api_key(&format!("api_key_{id}"))
        .unwrap()
}

fn api_keys_are_found_and_listed(fixture: &Fixture) {
    let (first, second) = (record("1", 100), record("2", 50));
    add(fixture, &second);
    add(fixture, &first);
    assert!(find(fixture, "1").unwrap() == first);
    assert!(find(fixture, "3").is_none());
    let again = fixture.commit(|transaction| {
        transaction.end_api_key("api_key_1", later(1))?;
        transaction.insert_api_key(&second)
    });
    assert!(again.is_err());
    let all = fixture.store.list_api_keys().unwrap();
    assert_eq!(
        all,
        [first.api_key, second.api_key],
        "as they were, in the order of their ids"
    );
}

fn an_api_key_ends_once_and_never_later(fixture: &Fixture) {
    add(fixture, &record("1", 100));
    add(fixture, &record("2", 100));
    let mut first = record("1", 100);
    for (seconds, ends) in [(200, 100), (20, 20), (30, 20)] {
        let ended =
            fixture.commit(|transaction| transaction.end_api_key("api_key_1", later(seconds)));
        ended.unwrap();
        first.api_key.expires_at = later(ends);
        assert!(find(fixture, "1").unwrap() == first);
    }
    let revoke = |id: &str, seconds| {
        fixture
            .commit(|transaction| transaction.revoke_api_key(id, later(seconds)))
            .unwrap()
    };
    assert!(revoke("api_key_1", 2));
    assert!(!revoke("api_key_1", 3));
    assert!(!revoke("api_key_3", 3));
    first.api_key.revoked_at = Some(later(2));
    assert!(find(fixture, "1").unwrap() == first);
    assert!(find(fixture, "2").unwrap() == record("2", 100));
}

fn the_last_use_is_noted_once_in_a_while(fixture: &Fixture) {
    add(fixture, &record("1", 100));
    for (now, before, noted) in [(5, 0, 5), (6, 4, 5), (65, 5, 65), (60, 0, 65)] {
        let note = fixture
            .store
            .note_api_key_use("api_key_1", later(now), later(before));
        note.unwrap();
        let key = find(fixture, "1").unwrap().api_key;
        assert_eq!(key.last_used_at, Some(later(noted)), "at {now}");
    }
}

/// Collations may ignore spaces at the end.
fn ids_are_equal_by_bytes(fixture: &Fixture) {
    let key = record("1", 100);
    add(fixture, &key);
    for other in ["api_key_1 ", "api_key_1\0", "API_key_1"] {
        assert!(fixture.store.find_api_key(other).unwrap().is_none());
        let revoked = fixture.commit(|transaction| {
            transaction.end_api_key(other, later(1))?;
            transaction.revoke_api_key(other, later(1))
        });
        assert!(!revoked.unwrap(), "{other:?}");
        fixture
            .store
            .note_api_key_use(other, later(1), NOW)
            .unwrap();
        assert!(find(fixture, "1").unwrap() == key, "{other:?}");
    }
}
