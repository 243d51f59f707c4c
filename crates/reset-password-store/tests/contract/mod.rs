//! What every store must do: one body of tests, run unchanged on each database.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, LazyLock},
    time::Duration,
};

use reset_password_core::{
    ApiKey, Caller, Event, Key, Keyring, Order, Scope, Scribe, Timestamp, User,
    api_key::ApiKeyRecord,
    event::EventKind,
    key::Digest,
    reset::{ResetRecord, ResetState},
    store::{
        Amendment, Consumption, Credential, EventPage, PasswordForm, PurgeBefore, Replaced,
        Replacement, RequestLimit, Store, StoreError, StoredPassword, Upgrade, UserKey, UserPage,
        UserRecord,
    },
};

/// Runs every test, each on a store of its own.
pub async fn run<S: Store, F: Future<Output = S>>(make: impl Fn() -> F) {
    users_are_found_by_each_key(make().await).await;
    unique_columns_are_reported(make().await).await;
    equality_is_by_bytes(make().await).await;
    lists_are_in_the_order_of_creation(make().await).await;
    an_amendment_is_whole_or_nothing(make().await).await;
    a_new_reset_replaces_the_earlier_one(make().await).await;
    a_refused_binding_changes_nothing(make().await).await;
    requests_are_counted_in_windows(make().await).await;
    consuming_does_everything_at_once(make().await).await;
    a_token_is_consumed_once(make().await).await;
    sec15_all_or_nothing(make().await).await;
    two_racing_consumers_have_one_winner(Arc::new(make().await)).await;
    an_upgrade_keeps_the_live_reset(make().await).await;
    revoking_leaves_nothing_live(make().await).await;
    deleting_a_user_deletes_its_resets(make().await).await;
    the_feed_is_in_the_order_of_commits(make().await).await;
    purging_is_bounded(make().await).await;
    the_feed_can_be_of_some_kinds(make().await).await;
    api_keys_are_kept(make().await).await;
    sec86_records_are_chained(make().await).await;
    sec86_a_record_stands_or_falls_with_its_change(make().await).await;
    sec86_the_trail_is_shortened_from_its_beginning(make().await).await;
}

const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

fn page_after(after: Option<&str>, limit: u32) -> EventPage<'_> {
    let kinds = &[];
    EventPage {
        kinds,
        after,
        limit,
    }
}

fn later(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let mut secret = [7; Key::BYTES];
    secret[0] = 1;
    Keyring::new(Key::new(&secret), Vec::new()).unwrap()
});

fn scribe() -> Scribe<'static> {
    Scribe::new(&KEYS)
}

fn event(id: &str) -> Event {
    Event {
        id: format!("event_{id}"),
        event: "user.updated".into(),
        data: serde_json::json!({ "id": id }),
        created_at: NOW,
    }
}

fn user(name: &str) -> UserRecord {
    UserRecord {
        user: User {
            id: format!("user_{name}"),
            email: format!("{}@Example.org", name.to_uppercase()),
            email_verified: false,
            first_name: Some(format!("{name}\u{301} 🦀")),
            last_name: None,
            name: None,
            profile_picture_url: None,
            last_sign_in_at: None,
            external_id: Some(format!("ext-{name}")),
            metadata: BTreeMap::from([("k".to_owned(), "v \" ' \\ ü".to_owned())]),
            locale: Some("de".into()),
            credentials_changed_at: None,
            created_at: NOW,
            updated_at: NOW,
        },
        email_lookup: format!("{name}@example.org"),
        password: Some(password("old")),
    }
}

fn password(hash: &str) -> StoredPassword {
    StoredPassword {
        hash: format!("hash of {hash}"),
        form: PasswordForm::Nfc,
    }
}

fn reset(user: &str, digest: u8) -> ResetRecord {
    ResetRecord {
        id: format!("password_reset_{digest}"),
        user_id: format!("user_{user}"),
        version: ResetRecord::VERSION,
        digest: [digest; 32],
        key_id: "key".into(),
        fingerprint: [0; 32],
        sealed: Some(vec![digest; 72]),
        created_at: NOW,
        expires_at: later(1_800),
        state: ResetState::Live,
    }
}

async fn add(store: &impl Store, name: &str) -> UserRecord {
    let user = user(name);
    store
        .insert_user(&user, &event(name), &scribe())
        .await
        .unwrap();
    user
}

async fn make_reset(store: &impl Store, reset: &ResetRecord) {
    let made = store
        .replace_reset(Replacement {
            reset,
            bind: &|_| Some([9; 32]),
            limit: None,
            event: &event(&reset.id),
            scribe: &scribe(),
        })
        .await
        .unwrap();
    assert_eq!(made, Replaced::Made);
}

async fn consume(
    store: &impl Store,
    reset: &ResetRecord,
    new: &str,
    now: Timestamp,
) -> Option<User> {
    store
        .consume(Consumption {
            reset,
            now,
            password: &password(new),
            binds: &|row, _| row.fingerprint == [9; 32],
            request: None,
            event: &event(&format!("{}_{new}", reset.id)),
            scribe: &scribe(),
        })
        .await
        .unwrap()
}

async fn revoke(store: &impl Store, user_id: Option<&str>) -> u64 {
    let event = |revoked| Ok(event(&format!("revoked_{user_id:?}_{revoked}")));
    store
        .revoke_resets(user_id, NOW, &event, &scribe())
        .await
        .unwrap()
}

/// The ids of all records, in the order of the trail.
async fn records(store: &impl Store) -> Vec<String> {
    let rows = store.trail(i64::MIN, 1_000).await.unwrap();
    rows.into_iter()
        .map(|row| String::from_utf8(row.id).unwrap())
        .collect()
}

async fn find(store: &impl Store, digest: u8) -> Option<(ResetRecord, UserRecord)> {
    store.find_reset(&[[0; 32], [digest; 32]]).await.unwrap()
}

async fn users_are_found_by_each_key(store: impl Store) {
    let ada = add(&store, "ada").await;
    add(&store, "bob").await;
    for key in [
        UserKey::Id("user_ada"),
        UserKey::EmailLookup("ada@example.org"),
        UserKey::ExternalId("ext-ada"),
    ] {
        let found = store.find_user(key).await.unwrap().unwrap();
        assert_eq!(found.user, ada.user);
        assert_eq!(found.email_lookup, ada.email_lookup);
        assert!(found.password == ada.password);
    }
    assert!(
        store
            .find_user(UserKey::Id("user_eve"))
            .await
            .unwrap()
            .is_none()
    );
    store.record_sign_in("user_ada", later(5)).await.unwrap();
    let found = store
        .find_user(UserKey::Id("user_ada"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.user.last_sign_in_at, Some(later(5)));
}

async fn unique_columns_are_reported(store: impl Store) {
    add(&store, "ada").await;
    let mut same = user("ada");
    same.user.id = "user_2".into();
    same.user.external_id = None;
    let error = store
        .insert_user(&same, &event("2"), &scribe())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::EmailTaken), "{error:?}");
    same.email_lookup = "other@example.org".into();
    same.user.external_id = Some("ext-ada".into());
    let error = store
        .insert_user(&same, &event("2"), &scribe())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::ExternalIdTaken), "{error:?}");
    same.user.external_id = None;
    store
        .insert_user(&same, &event("2"), &scribe())
        .await
        .unwrap();
}

async fn equality_is_by_bytes(store: impl Store) {
    add(&store, "mike").await;
    for other in [
        "MIKE@example.org",
        "mike@example.org ",
        "mïke@example.org",
        "mike@example.org\0",
    ] {
        assert!(
            store
                .find_user(UserKey::EmailLookup(other))
                .await
                .unwrap()
                .is_none(),
            "{other}"
        );
    }
}

async fn lists_are_in_the_order_of_creation(store: impl Store) {
    for name in ["c", "a", "b"] {
        add(&store, name).await;
    }
    let list = async |beyond: Option<&str>, order, limit, email_lookup: Option<&str>| {
        let page = UserPage {
            email_lookup,
            limit,
            beyond,
            order,
        };
        let users = store.list_users(page).await.unwrap()?;
        Some(users.into_iter().map(|user| user.id).collect::<Vec<_>>())
    };
    let ids = |names: &[&str]| Some(names.iter().map(|name| format!("user_{name}")).collect());
    assert_eq!(
        list(None, Order::Asc, 10, None).await,
        ids(&["c", "a", "b"])
    );
    assert_eq!(list(None, Order::Desc, 2, None).await, ids(&["b", "a"]));
    assert_eq!(
        list(Some("user_a"), Order::Desc, 9, None).await,
        ids(&["c"])
    );
    assert_eq!(list(Some("user_a"), Order::Asc, 9, None).await, ids(&["b"]));
    assert_eq!(
        list(None, Order::Asc, 9, Some("a@example.org")).await,
        ids(&["a"])
    );
    assert_eq!(list(Some("user_x"), Order::Asc, 9, None).await, None);
}

async fn an_amendment_is_whole_or_nothing(store: impl Store) {
    add(&store, "ada").await;
    add(&store, "bob").await;
    make_reset(&store, &reset("ada", 1)).await;
    let take_bobs = |mut record: UserRecord| {
        record.email_lookup = "bob@example.org".into();
        Ok(Amendment {
            record,
            void_resets: true,
            event: event("amended"),
        })
    };
    let error = store
        .update_user("user_ada", &take_bobs, &scribe())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::EmailTaken));
    let refuse = |_| {
        Err(reset_password_core::Error::new(
            reset_password_core::Code::EmailAlreadyVerified,
        ))
    };
    let error = store
        .update_user("user_ada", &refuse, &scribe())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)));
    let (row, ada) = find(&store, 1).await.unwrap();
    assert_eq!(row.state, ResetState::Live);
    assert_eq!(ada.email_lookup, "ada@example.org");
    let rename = |mut record: UserRecord| {
        record.user.name = Some("Ada".into());
        record.password = None;
        Ok(Amendment {
            record,
            void_resets: true,
            event: event("amended"),
        })
    };
    let renamed = store
        .update_user("user_ada", &rename, &scribe())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(renamed.name.as_deref(), Some("Ada"));
    let (row, ada) = find(&store, 1).await.unwrap();
    assert_eq!(row.state, ResetState::Voided);
    assert!(row.sealed.is_none() && ada.password.is_none());
    assert!(
        store
            .update_user("user_eve", &rename, &scribe())
            .await
            .unwrap()
            .is_none()
    );
    let feed = store.events(page_after(None, 100)).await.unwrap().unwrap();
    assert_eq!(
        feed.iter()
            .filter(|event| event.id == "event_amended")
            .count(),
        1
    );
}

async fn a_new_reset_replaces_the_earlier_one(store: impl Store) {
    add(&store, "ada").await;
    add(&store, "bob").await;
    make_reset(&store, &reset("ada", 1)).await;
    make_reset(&store, &reset("bob", 2)).await;
    make_reset(&store, &reset("ada", 3)).await;
    let state = async |digest| find(&store, digest).await.unwrap().0.state;
    assert_eq!(state(1).await, ResetState::Voided);
    assert_eq!(state(2).await, ResetState::Live);
    assert_eq!(state(3).await, ResetState::Live);
    let (replaced, _) = find(&store, 1).await.unwrap();
    assert!(replaced.sealed.is_none(), "the sealed token must go");
    assert_eq!(replaced.fingerprint, [0; 32], "and the fingerprint with it");
    let (by_id, _) = store
        .find_reset_by_id("password_reset_3")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_id.sealed, Some(vec![3; 72]));
    assert_eq!(by_id.fingerprint, [9; 32]);
    assert!(
        store
            .find_reset_by_id("password_reset_4")
            .await
            .unwrap()
            .is_none()
    );
}

async fn a_refused_binding_changes_nothing(store: impl Store) {
    add(&store, "ada").await;
    make_reset(&store, &reset("ada", 1)).await;
    let seen = std::sync::Mutex::new(None::<Credential>);
    let made = store
        .replace_reset(Replacement {
            reset: &reset("ada", 2),
            bind: &|credential| {
                *seen.lock().unwrap() = credential.cloned();
                None
            },
            limit: None,
            event: &event("refused"),
            scribe: &scribe(),
        })
        .await
        .unwrap();
    assert_eq!(made, Replaced::Refused);
    assert!(*seen.lock().unwrap() == Some(user("ada").credential()));
    assert_eq!(find(&store, 1).await.unwrap().0.state, ResetState::Live);
    assert!(find(&store, 2).await.is_none());
    // For nobody: rows are written, and no token finds them.
    let nobody = ResetRecord {
        user_id: "nobody_1".into(),
        ..reset("ada", 3)
    };
    let made = store
        .replace_reset(Replacement {
            reset: &nobody,
            bind: &|credential| credential.is_none().then_some([0; 32]),
            limit: None,
            event: &Event {
                event: "password_reset.requested".into(),
                ..event("nobody")
            },
            scribe: &scribe(),
        })
        .await;
    assert_eq!(made.unwrap(), Replaced::Made);
    assert!(find(&store, 3).await.is_none());
    let feed = store.events(page_after(None, 100)).await.unwrap().unwrap();
    assert!(
        feed.iter()
            .all(|event| event.id != "event_nobody" && event.id != "event_refused")
    );
    assert!(
        store
            .events(page_after(Some("event_nobody"), 1))
            .await
            .unwrap()
            .is_none()
    );
}

async fn requests_are_counted_in_windows(store: impl Store) {
    add(&store, "ada").await;
    let mut digest = 0;
    let mut ask = async |at: Timestamp, address: Digest| {
        digest += 1;
        let reset = ResetRecord {
            created_at: at,
            ..reset("ada", digest)
        };
        let windows = [
            (at.before(Duration::from_mins(1)), 1),
            (at.before(Duration::from_hours(1)), 3),
        ];
        let limit = Some(RequestLimit {
            address: &address,
            windows: &windows,
        });
        let event = &event(&format!("ask_{digest}"));
        let bind = &|_: Option<&Credential>| Some([9; 32]);
        store
            .replace_reset(Replacement {
                reset: &reset,
                bind,
                limit,
                event,
                scribe: &scribe(),
            })
            .await
            .unwrap()
    };
    assert_eq!(ask(NOW, [1; 32]).await, Replaced::Made);
    assert_eq!(ask(later(59), [1; 32]).await, Replaced::Limited);
    assert_eq!(ask(later(59), [2; 32]).await, Replaced::Made);
    assert_eq!(ask(later(60), [1; 32]).await, Replaced::Made);
    assert_eq!(ask(later(120), [1; 32]).await, Replaced::Made);
    assert_eq!(ask(later(180), [1; 32]).await, Replaced::Limited);
    assert_eq!(ask(later(3_600), [1; 32]).await, Replaced::Made);
    assert_eq!(ask(later(3_660), [1; 32]).await, Replaced::Made);
    assert_eq!(ask(later(3_719), [1; 32]).await, Replaced::Limited);
}

async fn consuming_does_everything_at_once(store: impl Store) {
    add(&store, "ada").await;
    let reset = reset("ada", 1);
    make_reset(&store, &reset).await;
    let at = later(60);
    let returned = consume(&store, &reset, "new", at).await.unwrap();
    let (row, ada) = find(&store, 1).await.unwrap();
    assert!(matches!(row.state, ResetState::Used(_)));
    assert!(row.sealed.is_none());
    assert!(ada.password == Some(password("new")));
    assert!(ada.user.email_verified);
    assert_eq!(ada.user.credentials_changed_at, Some(at));
    assert_eq!(returned, ada.user, "what is answered is what is stored");
    let feed = store.events(page_after(None, 100)).await.unwrap().unwrap();
    assert_eq!(feed.last().unwrap().id, "event_password_reset_1_new");
}

async fn a_token_is_consumed_once(store: impl Store) {
    add(&store, "ada").await;
    let first = reset("ada", 1);
    make_reset(&store, &first).await;
    assert!(
        consume(&store, &first, "late", first.expires_at)
            .await
            .is_none(),
        "at expiry"
    );
    assert!(
        consume(&store, &first, "first", later(1_799))
            .await
            .is_some()
    );
    assert!(
        consume(&store, &first, "second", later(1_799))
            .await
            .is_none(),
        "used"
    );
    let second = reset("ada", 2);
    make_reset(&store, &second).await;
    let unbound = store
        .consume(Consumption {
            reset: &second,
            now: later(1),
            password: &password("unbound"),
            binds: &|_, _| false,
            request: None,
            event: &event("unbound"),
            scribe: &scribe(),
        })
        .await;
    assert!(unbound.unwrap().is_none(), "not bound");
    make_reset(&store, &reset("ada", 3)).await;
    assert!(
        consume(&store, &second, "replaced", later(1))
            .await
            .is_none(),
        "replaced"
    );
    let (_, ada) = find(&store, 3).await.unwrap();
    assert!(ada.password == Some(password("first")));
    let feed = store.events(page_after(None, 100)).await.unwrap().unwrap();
    assert_eq!(
        feed.iter()
            .filter(|event| event.id.starts_with("event_password_reset_1_"))
            .count(),
        1
    );
}

/// An error after the token is spent and the password set undoes both. Mail waits.
async fn sec15_all_or_nothing(store: impl Store) {
    let before = add(&store, "ada").await;
    let reset = reset("ada", 1);
    make_reset(&store, &reset).await;
    let broken = store
        .consume(Consumption {
            reset: &reset,
            now: later(1),
            password: &password("new"),
            binds: &|_, _| true,
            request: None,
            // An event of this id is there already.
            event: &event("ada"),
            scribe: &scribe(),
        })
        .await;
    assert!(matches!(broken.unwrap_err(), StoreError::Unavailable(_)));
    let (row, ada) = find(&store, 1).await.unwrap();
    assert_eq!(row.state, ResetState::Live);
    assert!(row.sealed == reset.sealed && ada.password == before.password);
    assert_eq!(ada.user, before.user);
    assert!(consume(&store, &reset, "again", later(2)).await.is_some());
}

/// Also SEC-14, for one process; whole races are run through the crate.
async fn two_racing_consumers_have_one_winner<S: Store>(store: Arc<S>) {
    for round in 1..=20 {
        let name = format!("ada{round}");
        add(&*store, &name).await;
        let reset = reset(&name, round);
        make_reset(&*store, &reset).await;
        let racers: Vec<_> = ["left", "right"]
            .into_iter()
            .map(|side| {
                let (store, reset) = (Arc::clone(&store), reset.clone());
                tokio::spawn(
                    async move { consume(&*store, &reset, side, later(1)).await.map(|_| side) },
                )
            })
            .collect();
        let mut winners = Vec::new();
        for racer in racers {
            winners.extend(racer.await.unwrap());
        }
        let [winner] = winners[..] else {
            panic!("round {round}: {winners:?}")
        };
        let (_, ada) = find(&*store, round).await.unwrap();
        assert!(ada.password == Some(password(winner)));
    }
}

async fn an_upgrade_keeps_the_live_reset(store: impl Store) {
    add(&store, "ada").await;
    make_reset(&store, &reset("ada", 1)).await;
    let upgrade = async |old: &str, new: &str, rebind: Option<Digest>| {
        let rebind = move |_: &ResetRecord, before: &Credential, after: &Credential| {
            assert!(before.password_hash != after.password_hash);
            rebind
        };
        let (old, new) = (password(old).hash, password(new));
        let upgrade = Upgrade {
            user_id: "user_ada",
            old: &old,
            new: &new,
            rebind: &rebind,
        };
        store.upgrade_password(upgrade).await.unwrap()
    };
    assert!(
        !upgrade("other", "new", Some([7; 32])).await,
        "another hash is in force"
    );
    assert_eq!(find(&store, 1).await.unwrap().0.fingerprint, [9; 32]);
    assert!(upgrade("old", "new", Some([7; 32])).await);
    let (row, ada) = find(&store, 1).await.unwrap();
    assert_eq!((row.state, row.fingerprint), (ResetState::Live, [7; 32]));
    assert!(ada.password == Some(password("new")));
    assert_eq!(
        ada.user.credentials_changed_at, None,
        "the password is the same"
    );
    assert!(upgrade("new", "newer", None).await);
    assert_eq!(
        find(&store, 1).await.unwrap().0.fingerprint,
        [7; 32],
        "an alien row is left alone"
    );
}

async fn revoking_leaves_nothing_live(store: impl Store) {
    for (name, digest) in [("ada", 1), ("bob", 2), ("eve", 3)] {
        add(&store, name).await;
        make_reset(&store, &reset(name, digest)).await;
    }
    assert_eq!(revoke(&store, Some("user_ada")).await, 1);
    assert_eq!(revoke(&store, Some("user_ada")).await, 0);
    assert_eq!(find(&store, 2).await.unwrap().0.state, ResetState::Live);
    assert_eq!(revoke(&store, None).await, 2);
    for digest in [1, 2, 3] {
        assert_eq!(
            find(&store, digest).await.unwrap().0.state,
            ResetState::Voided
        );
    }
    assert_eq!(revoke(&store, None).await, 0);
    let records = records(&store).await;
    let told: Vec<_> = records.iter().filter(|id| id.contains("revoked")).collect();
    let changes = ["event_revoked_Some(\"user_ada\")_1", "event_revoked_None_2"];
    assert_eq!(told, changes, "what changes nothing is not told");
}

async fn deleting_a_user_deletes_its_resets(store: impl Store) {
    add(&store, "ada").await;
    make_reset(&store, &reset("ada", 1)).await;
    let gone = |user: &User| Ok(event(&format!("gone_{}", user.id)));
    assert!(
        store
            .delete_user("user_ada", &gone, &scribe())
            .await
            .unwrap()
    );
    assert!(
        !store
            .delete_user("user_ada", &gone, &scribe())
            .await
            .unwrap()
    );
    assert!(find(&store, 1).await.is_none());
    assert!(
        store
            .find_user(UserKey::Id("user_ada"))
            .await
            .unwrap()
            .is_none()
    );
    add(&store, "ada2").await;
}

async fn the_feed_is_in_the_order_of_commits(store: impl Store) {
    for name in ["c", "a", "b"] {
        add(&store, name).await;
    }
    let ids = async |after: Option<&str>, limit| {
        let events = store.events(page_after(after, limit)).await.unwrap()?;
        Some(events.into_iter().map(|event| event.id).collect::<Vec<_>>())
    };
    let all = Some(vec![
        "event_c".to_owned(),
        "event_a".into(),
        "event_b".into(),
    ]);
    assert_eq!(ids(None, 10).await, all);
    assert_eq!(
        ids(Some("event_c"), 1).await,
        Some(vec!["event_a".to_owned()])
    );
    assert_eq!(ids(Some("event_b"), 1).await, Some(vec![]));
    assert_eq!(ids(Some("event_x"), 1).await, None);
    let first = store
        .events(page_after(None, 1))
        .await
        .unwrap()
        .unwrap()
        .remove(0);
    assert_eq!(first.data, serde_json::json!({ "id": "c" }));
    assert_eq!(first.created_at, NOW);
}

async fn purging_is_bounded(store: impl Store) {
    for digest in 1..=5 {
        let name = format!("u{digest}");
        add(&store, &name).await;
        make_reset(&store, &reset(&name, digest)).await;
    }
    let purge = async |moment: Timestamp, limit| {
        let before = PurgeBefore {
            sealed_tokens: NOW,
            known_requests: NOW,
            password_resets: moment,
            events: moment,
            requests: moment,
        };
        store.purge(before, limit, &scribe()).await.unwrap()
    };
    assert_eq!(
        purge(NOW, 100).await.password_resets,
        0,
        "nothing is old enough"
    );
    let purged = purge(later(1_801), 3).await;
    assert_eq!((purged.password_resets, purged.events), (3, 3));
    let purged = purge(later(1_801), 100).await;
    assert_eq!((purged.password_resets, purged.events), (2, 7));
    assert!(find(&store, 5).await.is_none());
}

async fn the_feed_can_be_of_some_kinds(store: impl Store) {
    for (name, kind) in [
        ("a", "user.created"),
        ("b", "user.deleted"),
        ("c", "user.created"),
    ] {
        let mut created = event(name);
        created.event = kind.into();
        store
            .insert_user(&user(name), &created, &scribe())
            .await
            .unwrap();
    }
    let page = EventPage {
        kinds: &[EventKind::UserCreated, EventKind::PasswordResetCreated],
        ..page_after(None, 100)
    };
    let found = store.events(page).await.unwrap().unwrap();
    let ids: Vec<_> = found.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["event_a", "event_c"]);
}

async fn api_keys_are_kept(store: impl Store) {
    let record = |id: &str, seconds| ApiKeyRecord {
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
    };
    let add = async |record: &ApiKeyRecord, replaced: Option<(&str, Timestamp)>, id: &str| {
        let event = &event(id);
        store
            .insert_api_key(record, replaced, event, &scribe())
            .await
    };
    let (mut first, second) = (record("1", 100), record("2", 50));
    add(&first, None, "1").await.unwrap();
    assert!(store.find_api_key("api_key_1").await.unwrap().unwrap() == first);
    assert!(store.find_api_key("api_key_2").await.unwrap().is_none());
    let replaced = Some(("api_key_1", later(200)));
    add(&second, replaced, "2").await.unwrap();
    assert!(store.find_api_key("api_key_1").await.unwrap().unwrap() == first);
    let taken = add(&second, Some(("api_key_1", later(1))), "taken");
    assert!(taken.await.is_err());
    let kept = store.find_api_key("api_key_1").await.unwrap().unwrap();
    assert!(kept == first, "not rolled back");
    let third = record("3", 1);
    let replaced = Some(("api_key_1", later(20)));
    add(&third, replaced, "3").await.unwrap();
    first.api_key.expires_at = later(20);
    for (id, seconds) in [("end", 2), ("again", 3)] {
        let event = Event {
            created_at: later(seconds),
            ..event(id)
        };
        store
            .revoke_api_key("api_key_1", &event, &scribe())
            .await
            .unwrap();
    }
    first.api_key.revoked_at = Some(later(2));
    for seconds in [5, 6] {
        let noted = store.note_api_key_use("api_key_1", later(seconds), later(4));
        noted.await.unwrap();
    }
    first.api_key.last_used_at = Some(later(5));
    let all = store.list_api_keys().await.unwrap();
    assert_eq!(all, [first.api_key, second.api_key, third.api_key]);
    let told = ["event_1", "event_2", "event_3", "event_end"];
    assert_eq!(records(&store).await, told, "each change is told once");
}

/// Feed and trail are one: what the feed does not show is chained too.
async fn sec86_records_are_chained(store: impl Store) {
    let caller = Caller {
        actor: "api_key_1".into(),
        request_id: Some("req_1".into()),
        client: None,
    };
    let marks = store.trail_marks().await.unwrap();
    assert_eq!(
        (marks.end.head.as_deref(), marks.end.sequence),
        (Some(""), None)
    );
    caller.scope(add(&store, "ada")).await;
    make_reset(&store, &reset("ada", 1)).await;
    let nobody = ResetRecord {
        user_id: "nobody_1".into(),
        ..reset("ada", 2)
    };
    let requested = Event {
        event: "password_reset.requested".into(),
        ..event("nobody")
    };
    let made = store
        .replace_reset(Replacement {
            reset: &nobody,
            bind: &|_| Some([0; 32]),
            limit: None,
            event: &requested,
            scribe: &scribe(),
        })
        .await;
    assert_eq!(made.unwrap(), Replaced::Made);
    consume(&store, &reset("ada", 1), "new", later(1))
        .await
        .unwrap();
    let rows = store.trail(0, 1_000).await.unwrap();
    assert_eq!(rows.len(), 4);
    let mut before = [0; 32];
    for (row, sequence) in rows.iter().zip(1..) {
        assert_eq!(row.sequence, sequence);
        assert_eq!(row.listed, row.id != b"event_nobody");
        before = row.chain_after(&before);
        assert_eq!(row.chain.as_deref(), Some(&before[..]));
        let actor: &[u8] = match sequence {
            1 => br#"{"actor":"api_key_1","request_id":"req_1"}"#,
            _ => br#"{"actor":"process"}"#,
        };
        assert_eq!(row.context.as_deref(), Some(actor));
    }
    assert_eq!(store.trail(1, 2).await.unwrap(), rows[1..3]);
    let marks = store.trail_marks().await.unwrap();
    assert!(marks.end.head.unwrap().starts_with("4 "));
    assert!(marks.anchor.unwrap().starts_with("0 "));
    assert_eq!(
        (marks.end.sequence, marks.end.chain),
        (Some(4), Some(before.to_vec()))
    );
}

async fn sec86_a_record_stands_or_falls_with_its_change(store: impl Store) {
    add(&store, "ada").await;
    make_reset(&store, &reset("ada", 1)).await;
    let before = store.trail_marks().await.unwrap();
    // The address is taken; the token has lost; the credential is another; a record of this id is there.
    let same = UserRecord {
        user: User {
            id: "user_2".into(),
            ..user("ada").user
        },
        ..user("ada")
    };
    let taken = store.insert_user(&same, &event("taken"), &scribe()).await;
    assert!(taken.is_err());
    assert!(
        consume(&store, &reset("ada", 1), "late", later(1_800))
            .await
            .is_none()
    );
    let refused = store
        .replace_reset(Replacement {
            reset: &reset("ada", 2),
            bind: &|_| None,
            limit: None,
            event: &event("refused"),
            scribe: &scribe(),
        })
        .await;
    assert_eq!(refused.unwrap(), Replaced::Refused);
    let twice = store
        .insert_user(&user("bob"), &event("ada"), &scribe())
        .await;
    assert!(twice.is_err());
    assert!(find_bob(&store).await.is_none(), "not rolled back");
    let after = store.trail_marks().await.unwrap();
    assert_eq!(
        (before.end.head, before.end.sequence),
        (after.end.head, after.end.sequence)
    );
    assert_eq!(records(&store).await.len(), 2);
    add(&store, "bob").await;
    assert_eq!(store.trail_marks().await.unwrap().end.sequence, Some(3));
}

async fn find_bob(store: &impl Store) -> Option<UserRecord> {
    store.find_user(UserKey::Id("user_bob")).await.unwrap()
}

/// A record that is old stays as long as one before it does.
async fn sec86_the_trail_is_shortened_from_its_beginning(store: impl Store) {
    for (name, seconds) in [("a", 1), ("b", 9), ("c", 1), ("d", 1)] {
        let created = Event {
            created_at: later(seconds),
            ..event(name)
        };
        store
            .insert_user(&user(name), &created, &scribe())
            .await
            .unwrap();
    }
    let purge = async |seconds, limit| {
        let moment = later(seconds);
        let before = PurgeBefore {
            sealed_tokens: NOW,
            known_requests: NOW,
            password_resets: moment,
            events: moment,
            requests: moment,
        };
        store.purge(before, limit, &scribe()).await.unwrap().events
    };
    assert_eq!(purge(1, 10).await, 0);
    assert_eq!(purge(5, 10).await, 1);
    assert_eq!(records(&store).await, ["event_b", "event_c", "event_d"]);
    let anchor = store.trail_marks().await.unwrap().anchor.unwrap();
    assert!(anchor.starts_with("1 "), "{anchor}");
    assert_eq!(purge(10, 2).await, 2);
    assert_eq!(purge(10, 10).await, 1);
    // Nothing is left, and the numbers go on.
    let marks = store.trail_marks().await.unwrap();
    let (head, anchor) = (marks.end.head.unwrap(), marks.anchor.unwrap());
    assert_eq!(head[..66], anchor[..66], "number and chain");
    add(&store, "e").await;
    assert_eq!(store.trail(0, 10).await.unwrap()[0].sequence, 5);
}
