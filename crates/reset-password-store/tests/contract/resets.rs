//! Resets: made, read, ended, removed.

use reset_password_core::{
    reset::{Redemption, ResetRecord, ResetState},
    store::{ResetReads, ResetSteps, StoreError},
};

use crate::fixture::{BOUND, Fixture, NOW, later, password, redemption, reset};

on_every_database!(
    a_reset_is_found_by_digest_and_by_id,
    a_user_has_one_live_reset,
    a_replaced_reset_keeps_no_secret,
    a_reset_for_nobody_is_found_by_no_token,
    a_live_reset_can_be_bound_anew,
    voiding_leaves_nothing_live,
    secrets_are_wiped_when_their_time_has_come,
    purging_is_bounded,
    the_keys_of_live_links_are_known,
);

fn a_reset_is_found_by_digest_and_by_id(fixture: &Fixture) {
    let ada = fixture.add("ada");
    let made = reset("ada", 1);
    fixture.make_reset(&made);
    for digests in [
        &[[1; 32]][..],
        &[[7; 32], [1; 32]],
        &[[4; 32], [5; 32], [6; 32], [1; 32]],
    ] {
        let (found, user) = fixture.store.find_reset(digests).unwrap().unwrap();
        assert_eq!(found.id, made.id);
        assert_eq!(user.user, ada.user);
    }
    assert!(fixture.store.find_reset(&[]).unwrap().is_none());
    assert!(fixture.find(2).is_none());
    let (found, _) = fixture
        .store
        .find_reset_by_id("password_reset_1")
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            &found.user_id,
            found.version,
            found.digest,
            &found.key_id,
            found.fingerprint
        ),
        (
            &made.user_id,
            made.version,
            made.digest,
            &made.key_id,
            made.fingerprint
        )
    );
    assert_eq!(
        (
            found.sealed,
            found.created_at,
            found.expires_at,
            found.state
        ),
        (
            made.sealed,
            made.created_at,
            made.expires_at,
            ResetState::Live
        )
    );
    for other in [
        "password_reset_2",
        "password_reset_1 ",
        "password_reset_1\0",
        "PASSWORD_reset_1",
        "",
    ] {
        assert!(
            fixture.store.find_reset_by_id(other).unwrap().is_none(),
            "{other:?}"
        );
    }
}

fn a_user_has_one_live_reset(fixture: &Fixture) {
    fixture.add("ada");
    fixture.add("bob");
    fixture.make_reset(&reset("ada", 1));
    fixture.make_reset(&reset("bob", 2));
    let second = fixture.commit(|transaction| transaction.insert_reset(&reset("ada", 3)));
    assert!(
        matches!(second, Err(StoreError::Transient(_))),
        "{second:?}"
    );
    assert!(fixture.find(3).is_none());
    let locked = |id: &str| {
        let locked = fixture.commit(|transaction| transaction.lock_live_reset(id));
        locked.unwrap().map(|reset| reset.id)
    };
    assert_eq!(locked("user_ada").as_deref(), Some("password_reset_1"));
    assert_eq!(locked("user_eve"), None);
    fixture.make_reset(&reset("ada", 3));
    assert_eq!(locked("user_ada").as_deref(), Some("password_reset_3"));
    assert_eq!(locked("user_bob").as_deref(), Some("password_reset_2"));
}

fn a_replaced_reset_keeps_no_secret(fixture: &Fixture) {
    fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    fixture.make_reset(&reset("ada", 2));
    let (replaced, _) = fixture.find(1).unwrap();
    assert_eq!(replaced.state, ResetState::Voided);
    assert!(replaced.sealed.is_none(), "the sealed token must go");
    assert_eq!(replaced.fingerprint, [0; 32], "and the fingerprint with it");
    let (live, _) = fixture.find(2).unwrap();
    assert_eq!((live.state, live.fingerprint), (ResetState::Live, BOUND));
    assert_eq!(live.sealed, Some(vec![2; 72]));
}

/// The same rows are written as for somebody.
fn a_reset_for_nobody_is_found_by_no_token(fixture: &Fixture) {
    fixture.add("ada");
    let nobody = ResetRecord {
        user_id: "nobody_1".into(),
        ..reset("ada", 3)
    };
    fixture.make_reset(&nobody);
    assert!(fixture.find(3).is_none());
    assert!(
        fixture
            .store
            .find_reset_by_id(&nobody.id)
            .unwrap()
            .is_none()
    );
    assert_eq!(fixture.records().last().unwrap(), "event_password_reset_3");
}

fn a_live_reset_can_be_bound_anew(fixture: &Fixture) {
    fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    fixture.make_reset(&reset("ada", 2));
    for id in ["password_reset_1", "password_reset_2"] {
        fixture
            .commit(|transaction| transaction.rebind_reset(id, &[7; 32]))
            .unwrap();
    }
    assert_eq!(
        fixture.find(1).unwrap().0.fingerprint,
        [0; 32],
        "it has ended"
    );
    let (live, _) = fixture.find(2).unwrap();
    assert_eq!((live.state, live.fingerprint), (ResetState::Live, [7; 32]));
}

fn voiding_leaves_nothing_live(fixture: &Fixture) {
    for (name, digest) in [("ada", 1), ("bob", 2), ("eve", 3)] {
        fixture.add(name);
        fixture.make_reset(&reset(name, digest));
    }
    let nobody = ResetRecord {
        user_id: "nobody_1".into(),
        ..reset("ada", 4)
    };
    fixture.make_reset(&nobody);
    assert!(fixture.redeem(3, "new", later(1)));
    let void = |user: Option<&str>| {
        fixture
            .commit(|transaction| transaction.void_resets(user, later(2)))
            .unwrap()
    };
    assert_eq!(void(Some("user_ada")), 1);
    assert_eq!(void(Some("user_ada")), 0);
    assert_eq!(void(Some("user_ada ")), 0);
    assert_eq!(fixture.state(2), ResetState::Live);
    assert_eq!(void(None), 1, "what is nobody's is not counted");
    assert_eq!(void(None), 0);
    for digest in [1, 2] {
        assert_eq!(fixture.state(digest), ResetState::Voided);
    }
    assert!(
        matches!(fixture.state(3), ResetState::Used(_)),
        "a used one stays so"
    );
}

fn secrets_are_wiped_when_their_time_has_come(fixture: &Fixture) {
    for (name, digest) in [("ada", 1), ("bob", 2), ("eve", 3)] {
        fixture.add(name);
        let reset = ResetRecord {
            expires_at: later(100 * u64::from(digest)),
            ..reset(name, digest)
        };
        fixture.make_reset(&reset);
    }
    // A request that used one is known for a minute.
    let (read, user) = fixture.find(3).unwrap();
    let redemption_with_request = Redemption {
        at: later(100),
        request: Some([5; 32]),
    };
    let new = password("new");
    let redeemed = fixture.commit(|transaction| {
        let mut redeem = redemption(&read, &user, &new, later(100));
        redeem.redemption = redemption_with_request;
        transaction.redeem(&redeem)
    });
    assert!(redeemed.unwrap().is_some());
    let secrets = || {
        let known =
            matches!(fixture.state(3), ResetState::Used(spent) if spent.request == Some([5; 32]));
        let sealed = [1, 2].map(|digest| fixture.find(digest).unwrap().0.sealed.is_some());
        (sealed, known)
    };
    let wipe = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.wipe_secrets(later(seconds), limit))
            .unwrap();
    };
    wipe(99, 10);
    assert_eq!(secrets(), ([true, true], true));
    wipe(100, 10);
    assert_eq!(secrets(), ([false, true], true));
    wipe(159, 10);
    assert_eq!(secrets(), ([false, true], true));
    wipe(200, 1);
    assert_eq!(
        secrets(),
        ([false, true], false),
        "one row, the one whose time came first"
    );
    wipe(200, 1);
    assert_eq!(secrets(), ([false, false], false));
    assert_eq!(
        fixture.state(1),
        ResetState::Live,
        "nothing else is changed"
    );
}

fn purging_is_bounded(fixture: &Fixture) {
    for digest in 1..=5 {
        let name = format!("u{digest}");
        fixture.add(&name);
        let reset = ResetRecord {
            expires_at: later(u64::from(digest)),
            ..reset(&name, digest)
        };
        fixture.make_reset(&reset);
    }
    let purge = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.purge_resets(later(seconds), limit))
            .unwrap()
    };
    assert_eq!(purge(1, 100), 0, "nothing is old enough");
    assert_eq!(purge(6, 3), 3);
    let left: Vec<_> = (1..=5)
        .filter(|digest| fixture.find(*digest).is_some())
        .collect();
    assert_eq!(left, [4, 5], "the oldest go first");
    assert_eq!(purge(5, 100), 1);
    assert_eq!(purge(6, 100), 1);
    assert_eq!(purge(6, 100), 0);
}

fn the_keys_of_live_links_are_known(fixture: &Fixture) {
    for (name, digest, key) in [("a", 1, "first"), ("b", 2, "second"), ("c", 3, "second")] {
        fixture.add(name);
        let reset = ResetRecord {
            key_id: key.into(),
            expires_at: later(u64::from(digest)),
            ..reset(name, digest)
        };
        fixture.make_reset(&reset);
    }
    let in_use = |seconds| {
        let mut keys = fixture.store.key_ids_in_use(later(seconds)).unwrap();
        keys.sort();
        keys
    };
    assert_eq!(in_use(0), ["first", "second"]);
    assert_eq!(in_use(1), ["second"], "the first's link has expired");
    assert_eq!(in_use(3), [""; 0]);
    fixture
        .commit(|transaction| transaction.void_resets(None, NOW))
        .unwrap();
    assert_eq!(in_use(0), [""; 0]);
}
