//! Tables that are made by many at once.

use std::{sync::Barrier, thread};

use reset_password_core::store::{EventReads, StoreError, UserReads};
use reset_password_store::{DatabaseUrl, SqlStore};
use reset_password_test_databases::Database;

use crate::fixture::{Fixture, NOW, open, record_first_key_id};

on_every_database!(
    six_threads_at_once_make_one_set_of_tables,
    tables_of_another_version_are_refused,
    opening_again_changes_nothing,
);

const MANY: usize = 6;

fn six_threads_at_once_make_one_set_of_tables(fixture: &Fixture) {
    if fixture.is_in_memory() {
        return;
    }
    let rounds = if std::env::var_os("RESET_PASSWORD_LONG").is_some() {
        50
    } else {
        2
    };
    for _ in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(fixture.database.backend(), folder.path());
        let together = Barrier::new(MANY);
        let stores: Vec<_> = thread::scope(|scope| {
            let openers: Vec<_> = (0..MANY)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        open(database.url()).unwrap()
                    })
                })
                .collect();
            openers
                .into_iter()
                .map(|opener| opener.join().unwrap())
                .collect()
        });
        for (n, store) in stores.iter().enumerate() {
            assert_eq!(record_first_key_id(store, &format!("key {n}")), "key 0");
        }
        let settings = "SELECT count(*) FROM reset_password_settings";
        let expected = 2 + 2 * usize::from(stores[0].chains());
        assert_eq!(
            database.value(settings),
            expected.to_string(),
            "a version, a key, two checkpoints of each chain"
        );
    }
}

fn tables_of_another_version_are_refused(fixture: &Fixture) {
    if fixture.is_in_memory() {
        return;
    }
    let version = "SELECT value FROM reset_password_settings WHERE name = 'schema_version'";
    let newest: i64 = fixture.database.value(version).parse().unwrap();
    let set = |version: i64| {
        fixture.database.rows(&format!(
            "UPDATE reset_password_settings SET value = '{version}' WHERE name = 'schema_version'"
        ));
    };
    let sentence = |migrate| {
        let url = DatabaseUrl::parse(fixture.database.url()).unwrap();
        match SqlStore::open(url, None, migrate, NOW) {
            Err(StoreError::Config(sentence)) => sentence,
            Err(error) => panic!("{error:?}"),
            Ok(_) => "it opened".to_owned(),
        }
    };
    set(newest + 1);
    for migrate in [true, false] {
        assert!(
            sentence(migrate).contains("upgrade this one"),
            "{}",
            sentence(migrate)
        );
    }
    set(newest - 1);
    assert!(
        sentence(false).contains("reset-password migrate"),
        "{}",
        sentence(false)
    );
    set(newest);
    assert_eq!(sentence(false), "it opened");
}

fn opening_again_changes_nothing(fixture: &Fixture) {
    let ada = fixture.add("ada");
    let Some(again) = fixture.other() else { return };
    let key = reset_password_core::store::UserKey::Id("user_ada");
    assert_eq!(again.find_user(key).unwrap().unwrap().user, ada.user);
    assert_eq!(fixture.records(), ["event_ada"]);
}
