//! Users: found, listed, changed, deleted.

use reset_password_core::{
    Order,
    store::{ResetSteps, StoreError, UserKey, UserPage, UserReads, UserSteps},
};

use crate::fixture::{Fixture, event, later, password, reset, sign_in, user};

on_every_database!(
    users_are_found_by_each_key,
    unique_columns_are_reported,
    equality_is_by_bytes,
    lists_are_in_the_order_of_creation,
    a_list_goes_on_behind_a_user_who_is_gone,
    a_list_of_one_address_has_pages_too,
    a_change_is_written_whole,
    a_refused_change_changes_nothing,
    a_login_is_noted_while_its_hash_is_in_force,
    the_last_login_is_never_an_earlier_one,
    a_hash_is_replaced_while_it_is_in_force,
    a_deleted_user_is_gone_with_its_resets,
);

fn users_are_found_by_each_key(fixture: &Fixture) {
    let ada = fixture.add("ada");
    fixture.add("bob");
    for key in [
        UserKey::Id("user_ada"),
        UserKey::EmailLookup("ada@example.org"),
        UserKey::ExternalId("ext-ada"),
    ] {
        let found = fixture.store.find_user(key).unwrap().unwrap();
        assert_eq!(found.user, ada.user);
        assert_eq!(found.email_lookup, ada.email_lookup);
        assert!(found.password == ada.password);
    }
    assert!(fixture.user("eve").is_none());
}

fn unique_columns_are_reported(fixture: &Fixture) {
    fixture.add("ada");
    let mut same = user("ada");
    same.user.id = "user_2".into();
    same.user.external_id = None;
    let error = fixture.insert(&same, &event("2")).unwrap_err();
    assert!(matches!(error, StoreError::EmailTaken), "{error:?}");
    same.email_lookup = "other@example.org".into();
    same.user.external_id = Some("ext-ada".into());
    let error = fixture.insert(&same, &event("2")).unwrap_err();
    assert!(matches!(error, StoreError::ExternalIdTaken), "{error:?}");
    same.user.external_id = None;
    fixture.insert(&same, &event("2")).unwrap();
    same.user.external_id = Some("ext-ada".into());
    let error = fixture
        .commit(|transaction| transaction.update_user(&same))
        .unwrap_err();
    assert!(matches!(error, StoreError::ExternalIdTaken), "{error:?}");
}

/// Collations may ignore case, accents and spaces at the end; U+0000 may be refused, or end a text.
fn equality_is_by_bytes(fixture: &Fixture) {
    fixture.add("mike");
    for suffix in [" ", "  ", "\t", "\0", "\u{200b}"] {
        for key in [
            UserKey::EmailLookup(&format!("mike@example.org{suffix}")),
            UserKey::ExternalId(&format!("ext-mike{suffix}")),
            UserKey::Id(&format!("user_mike{suffix}")),
        ] {
            assert!(
                fixture.store.find_user(key).unwrap().is_none(),
                "{suffix:?}"
            );
        }
        let id = format!("user_mike{suffix}");
        let locked = fixture.commit(|transaction| transaction.lock_user(&id));
        assert!(locked.unwrap().is_none(), "{suffix:?}");
        let page = UserPage {
            email_lookup: None,
            limit: 10,
            beyond: Some(&id),
            or_near: None,
            order: Order::Asc,
        };
        assert!(
            fixture.store.list_users(page).unwrap().is_none(),
            "{suffix:?}"
        );
        let noted = fixture
            .store
            .note_sign_in(&sign_in(&id, &password("old").hash, later(1)));
        assert!(!noted.unwrap(), "{suffix:?}");
        let noted = fixture.store.note_sign_in(&sign_in(
            "user_mike",
            &format!("hash of old{suffix}"),
            later(1),
        ));
        assert!(!noted.unwrap(), "{suffix:?}");
    }
    for key in [
        UserKey::EmailLookup("MIKE@example.org"),
        UserKey::EmailLookup("mïke@example.org"),
        UserKey::EmailLookup(""),
        UserKey::ExternalId("EXT-mike"),
        UserKey::Id("USER_mike"),
        UserKey::Id("user_mïke"),
    ] {
        assert!(fixture.store.find_user(key).unwrap().is_none());
    }
    let mut spaced = user("spaced");
    spaced.user.id = "user_mike ".into();
    spaced.user.external_id = Some("ext-mike ".into());
    fixture.insert(&spaced, &event("spaced")).unwrap();
    assert_eq!(fixture.user("mike ").unwrap().user, spaced.user);
}

fn ids(fixture: &Fixture, page: UserPage<'_>) -> Option<Vec<String>> {
    let users = fixture.store.list_users(page).unwrap()?;
    Some(users.into_iter().map(|user| user.id).collect())
}

fn lists_are_in_the_order_of_creation(fixture: &Fixture) {
    for name in ["c", "a", "b"] {
        fixture.add(name);
    }
    let list = |beyond, order, limit| {
        let page = UserPage {
            email_lookup: None,
            limit,
            beyond,
            or_near: None,
            order,
        };
        ids(fixture, page)
    };
    let users = |names: &[&str]| Some(names.iter().map(|name| format!("user_{name}")).collect());
    assert_eq!(list(None, Order::Asc, 10), users(&["c", "a", "b"]));
    assert_eq!(list(None, Order::Desc, 2), users(&["b", "a"]));
    assert_eq!(list(Some("user_a"), Order::Desc, 9), users(&["c"]));
    assert_eq!(list(Some("user_a"), Order::Asc, 9), users(&["b"]));
    assert_eq!(list(Some("user_b"), Order::Asc, 9), users(&[]));
    assert_eq!(list(Some("user_x"), Order::Asc, 9), None);
}

/// Their id tells when they were created, as those of the others do.
fn a_list_goes_on_behind_a_user_who_is_gone(fixture: &Fixture) {
    for name in ["a", "b", "c", "d"] {
        fixture.add(name);
    }
    let list = |beyond, order| {
        let page = UserPage {
            email_lookup: None,
            limit: 9,
            beyond: Some(beyond),
            or_near: Some(beyond),
            order,
        };
        ids(fixture, page)
    };
    let users = |names: &[&str]| Some(names.iter().map(|name| format!("user_{name}")).collect());
    for (gone, later, earlier) in [
        ("user_bb", &["c", "d"][..], &["b", "a"][..]),
        ("user_b", &["c", "d"], &["a"]),
        ("user_", &["a", "b", "c", "d"], &[]),
        ("user_x", &[], &["d", "c", "b", "a"]),
    ] {
        assert_eq!(list(gone, Order::Asc), users(later), "{gone}");
        assert_eq!(list(gone, Order::Desc), users(earlier), "{gone}");
    }
}

fn a_list_of_one_address_has_pages_too(fixture: &Fixture) {
    for name in ["c", "a", "b"] {
        fixture.add(name);
    }
    let list = |beyond, order| {
        let page = UserPage {
            email_lookup: Some("a@example.org"),
            limit: 9,
            beyond,
            or_near: None,
            order,
        };
        ids(fixture, page).map(|ids| ids == ["user_a"])
    };
    let (found, none) = (Some(true), Some(false));
    assert_eq!(list(None, Order::Asc), found);
    assert_eq!(list(None, Order::Desc), found);
    assert_eq!(list(Some("user_c"), Order::Asc), found);
    assert_eq!(list(Some("user_b"), Order::Desc), found);
    assert_eq!(list(Some("user_a"), Order::Asc), none);
    assert_eq!(list(Some("user_b"), Order::Asc), none);
    assert_eq!(list(Some("user_c"), Order::Desc), none);
    assert_eq!(list(Some("user_x"), Order::Asc), None);
}

fn a_change_is_written_whole(fixture: &Fixture) {
    let mut ada = fixture.add("ada");
    let bob = fixture.add("bob");
    ada.email_lookup = "lovelace@example.org".into();
    ada.password = None;
    let user = &mut ada.user;
    user.email = "Lovelace@Example.org".into();
    user.email_verified = true;
    user.first_name = None;
    user.last_name = Some("Lovelace".into());
    user.name = Some("Ada L".into());
    user.profile_picture_url = Some("https://example.org/ada".into());
    user.last_sign_in_at = Some(later(1));
    user.external_id = None;
    user.metadata.clear();
    user.locale = None;
    user.credentials_changed_at = Some(later(2));
    user.updated_at = later(3);
    fixture
        .commit(|transaction| transaction.update_user(&ada))
        .unwrap();
    let found = fixture.user("ada").unwrap();
    assert_eq!(found.user, ada.user);
    assert!(found.password.is_none() && found.email_lookup == ada.email_lookup);
    assert_eq!(fixture.user("bob").unwrap().user, bob.user);
}

fn a_refused_change_changes_nothing(fixture: &Fixture) {
    let ada = fixture.add("ada");
    fixture.add("bob");
    fixture.make_reset(&reset("ada", 1));
    let mut taken = ada.clone();
    taken.email_lookup = "bob@example.org".into();
    let refused = fixture.commit(|transaction| {
        let locked = transaction.lock_user("user_ada")?.unwrap();
        assert_eq!(locked.user, ada.user);
        transaction.void_resets(Some("user_ada"), later(1))?;
        transaction.update_user(&taken)
    });
    assert!(matches!(refused, Err(StoreError::EmailTaken)));
    assert_eq!(fixture.user("ada").unwrap().user, ada.user);
    assert!(
        fixture.find(1).unwrap().0.sealed.is_some(),
        "the reset lives on"
    );
    let noone = fixture.commit(|transaction| transaction.lock_user("user_eve"));
    assert!(noone.unwrap().is_none());
}

fn a_login_is_noted_while_its_hash_is_in_force(fixture: &Fixture) {
    fixture.add("ada");
    fixture.add("bob");
    let note = |id: &str, hash: &str| {
        let hash = password(hash).hash;
        fixture
            .store
            .note_sign_in(&sign_in(id, &hash, later(5)))
            .unwrap()
    };
    assert!(!note("user_ada", "another"));
    assert!(!note("user_eve", "old"));
    assert_eq!(fixture.user("ada").unwrap().user.last_sign_in_at, None);
    assert!(note("user_ada", "old"));
    // It finds the row again, though nothing changes.
    assert!(note("user_ada", "old"));
    assert_eq!(
        fixture.user("ada").unwrap().user.last_sign_in_at,
        Some(later(5))
    );
    assert_eq!(fixture.user("bob").unwrap().user.last_sign_in_at, None);
}

/// Else a change of the password could be dated before a session that it must end.
fn the_last_login_is_never_an_earlier_one(fixture: &Fixture) {
    fixture.add("ada");
    for (seconds, last) in [(60, 60), (5, 60), (61, 61)] {
        let hash = password("old").hash;
        assert!(
            fixture
                .store
                .note_sign_in(&sign_in("user_ada", &hash, later(seconds)))
                .unwrap()
        );
        let ada = fixture.user("ada").unwrap();
        assert_eq!(ada.user.last_sign_in_at, Some(later(last)));
    }
}

fn a_hash_is_replaced_while_it_is_in_force(fixture: &Fixture) {
    fixture.add("ada");
    fixture.add("bob");
    let replace = |old: &str, new: &str| {
        let replaced = fixture.commit(|transaction| {
            transaction.replace_hash("user_ada", &password(old).hash, &password(new))
        });
        replaced.unwrap()
    };
    assert!(!replace("another", "new"), "another hash is in force");
    assert!(replace("old", "new"));
    assert!(!replace("old", "newer"));
    let ada = fixture.user("ada").unwrap();
    assert!(ada.password == Some(password("new")));
    assert_eq!(
        ada.user.credentials_changed_at, None,
        "the password is the same"
    );
    assert!(fixture.user("bob").unwrap().password == Some(password("old")));
}

fn a_deleted_user_is_gone_with_its_resets(fixture: &Fixture) {
    fixture.add("ada");
    fixture.add("bob");
    fixture.make_reset(&reset("ada", 1));
    fixture.make_reset(&reset("ada", 2));
    fixture.make_reset(&reset("bob", 3));
    let delete = || {
        fixture.commit(|transaction| {
            transaction.delete_resets("user_ada")?;
            transaction.delete_user("user_ada")
        })
    };
    delete().unwrap();
    delete().unwrap();
    assert!(fixture.user("ada").is_none());
    for (digest, found) in [(1, false), (2, false), (3, true)] {
        assert_eq!(fixture.find(digest).is_some(), found);
    }
    fixture.insert(&user("ada"), &event("again")).unwrap();
    assert!(
        fixture.find(1).is_none(),
        "its resets do not come back with it"
    );
}
