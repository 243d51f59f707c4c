//! Endpoints that events are sent to.

use std::{sync::mpsc, thread, time::Duration};

use reset_password_core::{
    Timestamp, WebhookEndpoint, WebhookStatus,
    event::EventKind,
    store::{Store, StoreError, Transaction, WebhookReads, WebhookSteps},
    webhook::{SealedSecrets, WebhookRecord},
};

use crate::fixture::{Fixture, NOW, commit, later, writer};

on_every_database!(
    an_endpoint_is_kept_as_it_is,
    everything_of_an_endpoint_that_changes_is_written,
    endpoints_are_read_in_the_order_of_their_creation,
    a_transaction_that_is_undone_changes_no_endpoint,
    one_transaction_at_a_time_has_an_endpoint,
    an_endpoint_goes_alone,
);

fn endpoint(id: &str) -> WebhookRecord {
    WebhookRecord {
        endpoint: WebhookEndpoint {
            id: format!("we_{id}"),
            endpoint_url: "https://Example.com:8443/Hooks?key=%20&x=1".into(),
            status: WebhookStatus::Enabled,
            events: Vec::new(),
            failing_since: None,
            last_failure: None,
            previous_secret_ends_at: None,
            created_at: NOW,
            updated_at: NOW,
        },
        secrets: SealedSecrets {
            key_id: "0011223344556677".into(),
            current: (0..=99).collect(),
            previous: None,
        },
        cursor: i64::MIN,
        attempts: 0,
        due_at: NOW,
        lease: None,
    }
}

/// The same, where every part is another one.
fn changed(record: &WebhookRecord) -> WebhookRecord {
    WebhookRecord {
        endpoint: WebhookEndpoint {
            id: record.endpoint.id.clone(),
            endpoint_url: format!("https://example.org/{}", "x".repeat(2_000)),
            status: WebhookStatus::Disabled,
            events: EventKind::ALL.to_vec(),
            failing_since: Some(later(1)),
            last_failure: Some("it answered 500".into()),
            previous_secret_ends_at: Some(later(2)),
            created_at: NOW,
            updated_at: later(3),
        },
        secrets: SealedSecrets {
            key_id: "8899aabbccddeeff".into(),
            current: vec![255; 120],
            previous: Some(vec![0, 1, 128]),
        },
        cursor: i64::MAX,
        attempts: 7,
        due_at: later(4),
        lease: Some("00112233445566778899aabbccddeeff".into()),
    }
}

fn insert(fixture: &Fixture, record: &WebhookRecord) {
    fixture
        .commit(|transaction| transaction.insert_webhook_endpoint(record))
        .unwrap();
}

fn find(fixture: &Fixture, id: &str) -> Option<WebhookRecord> {
    fixture.store.find_webhook_endpoint(id).unwrap()
}

fn locked(fixture: &Fixture, id: &str) -> Option<WebhookRecord> {
    fixture
        .commit(|transaction| transaction.lock_webhook_endpoint(id))
        .unwrap()
}

fn an_endpoint_is_kept_as_it_is(fixture: &Fixture) {
    assert_eq!(find(fixture, "we_1"), None);
    assert_eq!(locked(fixture, "we_1"), None);
    let (plain, full) = (endpoint("1"), changed(&endpoint("2")));
    insert(fixture, &plain);
    insert(fixture, &full);
    for record in [plain, full] {
        let id = record.endpoint.id.clone();
        assert_eq!(find(fixture, &id).as_ref(), Some(&record));
        assert_eq!(locked(fixture, &id), Some(record));
    }
    assert_eq!(find(fixture, "WE_1"), None);
    assert_eq!(find(fixture, "we_1 "), None);
}

fn everything_of_an_endpoint_that_changes_is_written(fixture: &Fixture) {
    let (mut record, other) = (endpoint("1"), endpoint("2"));
    insert(fixture, &record);
    insert(fixture, &other);
    for next in [changed(&record), endpoint("1")] {
        record = next;
        let written = fixture.commit(|transaction| transaction.update_webhook_endpoint(&record));
        written.unwrap();
        assert_eq!(find(fixture, "we_1").as_ref(), Some(&record));
        assert_eq!(find(fixture, "we_2").as_ref(), Some(&other));
    }
}

fn endpoints_are_read_in_the_order_of_their_creation(fixture: &Fixture) {
    assert_eq!(fixture.store.list_webhook_endpoints().unwrap(), []);
    for id in ["01B", "01C", "01A"] {
        insert(fixture, &endpoint(id));
    }
    let ids = |records: Vec<WebhookRecord>| -> Vec<_> {
        let ids = records.into_iter().map(|record| record.endpoint.id);
        ids.collect()
    };
    let expected = ["we_01A", "we_01B", "we_01C"];
    assert_eq!(
        ids(fixture.store.list_webhook_endpoints().unwrap()),
        expected
    );
    let locked = fixture.commit(|transaction| transaction.lock_webhook_endpoints());
    assert_eq!(ids(locked.unwrap()), expected);
}

fn a_transaction_that_is_undone_changes_no_endpoint(fixture: &Fixture) {
    let record = endpoint("1");
    insert(fixture, &record);
    let mut transaction = fixture.store.begin(writer()).unwrap();
    transaction
        .update_webhook_endpoint(&changed(&record))
        .unwrap();
    transaction.insert_webhook_endpoint(&endpoint("2")).unwrap();
    drop(transaction);
    assert_eq!(fixture.store.list_webhook_endpoints().unwrap(), [record]);
}

/// Whoever comes second reads what the first has written.
fn one_transaction_at_a_time_has_an_endpoint(fixture: &Fixture) {
    let Some(other) = fixture.other() else {
        return;
    };
    let record = endpoint("1");
    insert(fixture, &record);
    let mut first = fixture.store.begin(writer()).unwrap();
    let mut held = first.lock_webhook_endpoint("we_1").unwrap().unwrap();
    let (began, has_begun) = mpsc::channel();
    thread::scope(|scope| {
        let second = scope.spawn(move || {
            began.send(()).unwrap();
            loop {
                match commit(&other, |transaction| {
                    transaction.lock_webhook_endpoint("we_1")
                }) {
                    Err(StoreError::Transient(_) | StoreError::LockTimeout(_)) => {}
                    found => return found.unwrap().unwrap(),
                }
            }
        });
        has_begun.recv().unwrap();
        thread::park_timeout(Duration::from_millis(100));
        held.due_at = Timestamp::from_unix_millis(7);
        first.update_webhook_endpoint(&held).unwrap();
        first.commit().unwrap();
        assert_eq!(second.join().unwrap(), held);
    });
}

fn an_endpoint_goes_alone(fixture: &Fixture) {
    let other = endpoint("2");
    insert(fixture, &endpoint("1"));
    insert(fixture, &other);
    for _ in 0..2 {
        let gone = fixture.commit(|transaction| transaction.delete_webhook_endpoint("we_1"));
        gone.unwrap();
        assert_eq!(
            fixture.store.list_webhook_endpoints().unwrap(),
            std::slice::from_ref(&other)
        );
    }
}
