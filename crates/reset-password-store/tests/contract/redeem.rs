//! Spending a token: everything at once, once, and only for what was read.

use std::{sync::Barrier, thread};

use reset_password_core::{
    Timestamp, User,
    credential::UserRecord,
    reset::{ResetRecord, ResetState},
    store::{EventSteps, ResetSteps, Store, UserReads, UserSteps},
};

use crate::fixture::{Fixture, event, later, password, redeem, redemption, reset, sign_in, writer};

on_every_database!(
    redeeming_does_everything_at_once,
    a_token_is_redeemed_once,
    what_changed_since_it_was_read_is_not_redeemed,
    nothing_else_is_changed,
    sec15_all_or_nothing,
    two_racing_redeemers_have_one_winner,
    a_login_and_a_reset_at_once_are_in_order,
);

fn redeeming_does_everything_at_once(fixture: &Fixture) {
    let ada = fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    let at = later(60);
    assert!(fixture.redeem(1, "new", at));
    let (row, changed) = fixture.find(1).unwrap();
    assert!(matches!(row.state, ResetState::Used(spent) if spent.at == at));
    assert!(row.sealed.is_none() && row.fingerprint == [0; 32]);
    assert!(changed.password == Some(password("new")));
    let expected = User {
        email_verified: true,
        credentials_changed_at: Some(at),
        updated_at: at,
        ..ada.user
    };
    assert_eq!(changed.user, expected);
    assert_eq!(fixture.feed().last().unwrap(), "event_password_reset_1_new");
}

fn a_token_is_redeemed_once(fixture: &Fixture) {
    fixture.add("ada");
    let first = reset("ada", 1);
    fixture.make_reset(&first);
    assert!(
        !fixture.redeem(1, "late", first.expires_at),
        "at its expiry"
    );
    let (_, user) = fixture.find(1).unwrap();
    let redeem =
        |reset, new, seconds| redeem(&fixture.store, reset, &user, new, later(seconds)).unwrap();
    assert!(redeem(&first, "first", 1_799));
    assert!(!redeem(&first, "second", 1_799), "used");
    let (_, user) = fixture.find(1).unwrap();
    let second = reset("ada", 2);
    fixture.make_reset(&second);
    fixture.make_reset(&reset("ada", 3));
    let replaced = crate::fixture::redeem(&fixture.store, &second, &user, "replaced", later(1));
    assert!(!replaced.unwrap());
    assert!(fixture.user("ada").unwrap().password == Some(password("first")));
    let feed = fixture.feed();
    let told = feed
        .iter()
        .filter(|id| id.starts_with("event_password_reset_1_"));
    assert_eq!(told.count(), 1);
}

/// A column, and how it is changed.
type Change<T> = (&'static str, fn(&mut T));

/// What is given is what was read, but for one column: as if that column had been changed since.
fn what_changed_since_it_was_read_is_not_redeemed(fixture: &Fixture) {
    fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    let (reset, user) = fixture.find(1).unwrap();
    let resets: [Change<ResetRecord>; 5] = [
        ("digest", |reset| reset.digest[31] ^= 1),
        ("expires_at", |reset| reset.expires_at = later(1_801)),
        ("created_at", |reset| reset.created_at = later(1)),
        ("user_id", |reset| reset.user_id.push(' ')),
        ("fingerprint", |reset| reset.fingerprint[0] ^= 1),
    ];
    for (column, change) in resets {
        let mut other = reset.clone();
        change(&mut other);
        let redeemed = redeem(&fixture.store, &other, &user, "new", later(2)).unwrap();
        assert!(!redeemed, "{column}");
    }
    let users: [Change<UserRecord>; 8] = [
        ("email", |record| {
            record.user.email = "ada@Example.org".into();
        }),
        ("email, by a space", |record| record.user.email.push(' ')),
        ("email_lookup", |record| record.email_lookup.push('x')),
        ("password_hash", |record| {
            record.password = Some(password("another"));
        }),
        ("password_hash, by a space", |record| {
            record.password.as_mut().unwrap().hash.push(' ');
        }),
        ("password_hash, by case", |record| {
            let password = record.password.as_mut().unwrap();
            password.hash = password.hash.to_uppercase();
        }),
        ("password_hash, none", |record| record.password = None),
        ("last_sign_in_at", |record| {
            record.user.last_sign_in_at = Some(later(1));
        }),
    ];
    for (column, change) in users {
        let mut other = user.clone();
        change(&mut other);
        let redeemed = redeem(&fixture.store, &reset, &other, "new", later(2)).unwrap();
        assert!(!redeemed, "{column}");
    }
    assert_eq!(fixture.state(1), ResetState::Live);
    assert_eq!(fixture.user("ada").unwrap().user, user.user);
    assert!(redeem(&fixture.store, &reset, &user, "new", later(2)).unwrap());

    // The other way about: what was read had no value, and has one now.
    let mut none = crate::fixture::user("bob");
    none.password = None;
    fixture.insert(&none, &event("bob")).unwrap();
    fixture.make_reset(&crate::fixture::reset("bob", 2));
    let (reset, read) = fixture.find(2).unwrap();
    let mut with = read.clone();
    with.password = Some(password("imported"));
    fixture
        .commit(|transaction| transaction.update_user(&with))
        .unwrap();
    assert!(!redeem(&fixture.store, &reset, &read, "new", later(2)).unwrap());
    fixture
        .commit(|transaction| transaction.update_user(&read))
        .unwrap();
    assert!(redeem(&fixture.store, &reset, &read, "new", later(2)).unwrap());
}

fn nothing_else_is_changed(fixture: &Fixture) {
    for (name, digest) in [("ada", 1), ("bob", 2)] {
        fixture.add(name);
        fixture.make_reset(&reset(name, digest));
    }
    let bob = fixture.user("bob").unwrap();
    let (of_ada, ada) = fixture.find(1).unwrap();
    // A reset and a user that do not belong together.
    assert!(!redeem(&fixture.store, &of_ada, &bob, "new", later(1)).unwrap());
    assert!(redeem(&fixture.store, &of_ada, &ada, "new", later(1)).unwrap());
    let after = fixture.user("bob").unwrap();
    assert!(after.user == bob.user && after.password == bob.password);
    assert_eq!(fixture.state(2), ResetState::Live);
}

/// What fails after the token is spent and the password set undoes both. Mail waits.
fn sec15_all_or_nothing(fixture: &Fixture) {
    fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    let (reset, before) = fixture.find(1).unwrap();
    let new = password("new");
    for fails in [true, false] {
        let mut transaction = fixture.store.begin(writer()).unwrap();
        assert!(
            transaction
                .redeem(&redemption(&reset, &before, &new, later(1)))
                .unwrap()
                .is_some()
        );
        if fails {
            // An event of this id is there already.
            assert!(transaction.append(&event("ada")).is_err());
        } else {
            transaction.append(&event("dropped")).unwrap();
        }
        drop(transaction);
        let (row, ada) = fixture.find(1).unwrap();
        assert_eq!(row.state, ResetState::Live);
        assert!(row.sealed == reset.sealed && ada.password == before.password);
        assert_eq!(ada.user, before.user);
    }
    assert!(fixture.redeem(1, "again", later(2)));
}

/// Also SEC-14, for one process; whole races are run through the crate.
fn two_racing_redeemers_have_one_winner(fixture: &Fixture) {
    let other = fixture.other();
    for round in 1..=20 {
        let name = format!("ada{round}");
        fixture.add(&name);
        fixture.make_reset(&reset(&name, round));
        let (reset, user) = fixture.find(round).unwrap();
        let together = Barrier::new(2);
        let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
        let winners: Vec<_> = thread::scope(|scope| {
            let racers = ["left", "right"]
                .into_iter()
                .zip(stores)
                .map(|(side, store)| {
                    let (reset, user, together) = (&reset, &user, &together);
                    scope.spawn(move || {
                        together.wait();
                        redeem(store, reset, user, side, later(1))
                            .unwrap()
                            .then_some(side)
                    })
                });
            let racers: Vec<_> = racers.collect();
            racers
                .into_iter()
                .filter_map(|racer| racer.join().unwrap())
                .collect()
        });
        let [winner] = winners[..] else {
            panic!("round {round}: {winners:?}")
        };
        assert!(fixture.user(&name).unwrap().password == Some(password(winner)));
    }
}

/// Whichever comes first: a login that was noted is before the change, or was refused.
fn a_login_and_a_reset_at_once_are_in_order(fixture: &Fixture) {
    let other = fixture.other();
    let login_store = other.as_ref().unwrap_or(&fixture.store);
    for round in 1..=20 {
        let name = format!("ada{round}");
        let id = format!("user_{name}");
        fixture.add(&name);
        fixture.make_reset(&reset(&name, round));
        let (reset, user) = fixture.find(round).unwrap();
        let together = Barrier::new(2);
        let (noted, redeemed) = thread::scope(|scope| {
            let login = scope.spawn(|| {
                together.wait();
                login_store
                    .note_sign_in(&sign_in(&id, &password("old").hash, later(1)))
                    .unwrap()
            });
            together.wait();
            let redeemed = redeem(&fixture.store, &reset, &user, "new", later(1)).unwrap();
            (login.join().unwrap(), redeemed)
        });
        assert!(
            noted || redeemed,
            "round {round}: each lost against the other"
        );
        let ada = fixture.user(&name).unwrap();
        let last: Option<Timestamp> = ada.user.last_sign_in_at;
        assert_eq!(last.is_some(), noted, "round {round}");
        assert_eq!(
            ada.password == Some(password("new")),
            redeemed,
            "round {round}"
        );
        assert!(
            !(noted && redeemed),
            "round {round}: the reset did not see the login"
        );
    }
}
