//! Messages that wait for a mailer.

use std::{collections::BTreeSet, sync::Barrier, thread, time::Duration};

use reset_password_core::{
    Timestamp,
    message::{MessageKind, MessageRecord, WaitingMessages},
    store::{MessageReads, MessageSteps, Store, StoreError, Transaction},
};
use reset_password_store::{SqlStore, SqlTransaction};

use crate::fixture::{Fixture, NOW, commit, later, writer};

on_every_database!(
    a_message_is_kept_as_it_is,
    what_is_leased_is_given_to_nobody_else_until_the_lease_ends,
    those_that_have_been_due_for_longest_are_leased_first,
    many_that_lease_at_once_are_given_different_messages,
    nobody_waits_for_messages_that_another_is_leasing,
    a_lost_lease_neither_finishes_nor_postpones,
    what_was_postponed_is_due_again_and_held_by_nobody,
    a_transaction_that_is_undone_leaves_no_message,
    the_messages_of_a_user_go_held_or_not,
    purging_messages_is_bounded_and_takes_the_oldest,
);

const LEASE: &str = "00112233445566778899aabbccddeeff";
const ANOTHER: &str = "ffeeddccbbaa99887766554433221100";

/// A notice to Ada that was made so many seconds later.
fn notice(id: &str, seconds: u64) -> MessageRecord {
    MessageRecord {
        id: format!("message_{id}"),
        kind: MessageKind::PasswordChanged,
        user_id: "user_ada".into(),
        reset_id: None,
        email: Some("ADA@Example.org".into()),
        created_at: later(seconds),
        attempts: 0,
    }
}

fn link(id: &str) -> MessageRecord {
    MessageRecord {
        kind: MessageKind::PasswordReset,
        reset_id: Some("password_reset_1".into()),
        email: None,
        ..notice(id, 0)
    }
}

fn enqueue(fixture: &Fixture, message: &MessageRecord) {
    fixture
        .commit(|transaction| transaction.enqueue(message))
        .unwrap();
}

/// Does some work as one transaction, as often as it takes.
fn committed<T>(
    store: &SqlStore,
    work: impl Fn(&mut SqlTransaction<'_>) -> Result<T, StoreError>,
) -> T {
    loop {
        match commit(store, &work) {
            Err(StoreError::Transient(_)) => {}
            done => return done.unwrap(),
        }
    }
}

/// Leases what is due so many seconds later, for a minute.
fn lease_at(store: &SqlStore, lease: &str, seconds: u64, limit: u32) -> Vec<MessageRecord> {
    let (now, until) = (later(seconds), later(seconds + 60));
    committed(store, |transaction| {
        transaction.lease_messages(lease, now, until, limit)
    })
}

fn lease(fixture: &Fixture, lease: &str, seconds: u64, limit: u32) -> Vec<String> {
    let leased = lease_at(&fixture.store, lease, seconds, limit);
    leased.into_iter().map(|message| message.id).collect()
}

fn finish(fixture: &Fixture, id: &str, lease: &str) -> bool {
    fixture
        .commit(|transaction| transaction.finish_message(id, lease))
        .unwrap()
}

fn postpone(fixture: &Fixture, id: &str, lease: &str, due_at: Timestamp) -> bool {
    fixture
        .commit(|transaction| transaction.postpone_message(id, lease, due_at))
        .unwrap()
}

fn held(fixture: &Fixture, id: &str, lease: &str) -> Option<MessageRecord> {
    fixture
        .commit(|transaction| transaction.lock_message(id, lease))
        .unwrap()
}

fn waiting(fixture: &Fixture) -> WaitingMessages {
    fixture.store.waiting_messages().unwrap()
}

fn a_message_is_kept_as_it_is(fixture: &Fixture) {
    let nothing = WaitingMessages {
        count: 0,
        oldest_created_at: None,
    };
    assert_eq!(waiting(fixture), nothing);
    let moved = MessageRecord {
        kind: MessageKind::EmailChanged,
        email: Some("ädä's \"o\"@Exämple.org".into()),
        ..notice("2", 1)
    };
    let nobodys = MessageRecord {
        user_id: format!("nobody_{}", "ab".repeat(32)),
        ..link("1")
    };
    for message in [&moved, &nobodys] {
        enqueue(fixture, message);
    }
    let some = WaitingMessages {
        count: 2,
        oldest_created_at: Some(NOW),
    };
    assert_eq!(waiting(fixture), some);
    let attempted = [nobodys, moved].map(|message| MessageRecord {
        attempts: 1,
        ..message
    });
    assert_eq!(lease_at(&fixture.store, LEASE, 1, 10), attempted);
    let [nobodys, _] = &attempted;
    assert_eq!(held(fixture, "message_1", LEASE).as_ref(), Some(nobodys));
    assert_eq!(held(fixture, "message_1", ANOTHER), None);
    assert_eq!(waiting(fixture), some, "those that are held wait too");
    assert!(finish(fixture, "message_1", LEASE));
    assert!(!finish(fixture, "message_1", LEASE), "it is gone");
    assert_eq!(waiting(fixture).count, 1);
}

fn what_is_leased_is_given_to_nobody_else_until_the_lease_ends(fixture: &Fixture) {
    enqueue(fixture, &notice("1", 10));
    assert_eq!(lease(fixture, LEASE, 9, 10), [""; 0], "not due yet");
    assert_eq!(lease(fixture, LEASE, 10, 10), ["message_1"]);
    assert_eq!(lease(fixture, ANOTHER, 10, 10), [""; 0]);
    assert_eq!(lease(fixture, LEASE, 69, 10), [""; 0], "nor to its holder");
    let again = lease_at(&fixture.store, ANOTHER, 70, 10);
    let attempts: Vec<_> = again.iter().map(|message| message.attempts).collect();
    assert_eq!(attempts, [2]);
}

fn those_that_have_been_due_for_longest_are_leased_first(fixture: &Fixture) {
    for (id, seconds) in [("3", 3), ("1", 1), ("4", 4), ("2", 2)] {
        enqueue(fixture, &notice(id, seconds));
    }
    assert_eq!(lease(fixture, LEASE, 9, 1), ["message_1"]);
    assert_eq!(lease(fixture, LEASE, 9, 2), ["message_2", "message_3"]);
    assert_eq!(lease(fixture, LEASE, 9, 2), ["message_4"]);
}

fn many_that_lease_at_once_are_given_different_messages(fixture: &Fixture) {
    const MESSAGES: usize = 60;
    for n in 0..MESSAGES {
        enqueue(fixture, &notice(&n.to_string(), 0));
    }
    let other = fixture.other();
    let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
    let together = Barrier::new(4);
    let leased = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|n| {
                let (together, store) = (&together, stores[n % 2]);
                scope.spawn(move || {
                    together.wait();
                    let (lease, mut leased) = (format!("{n:032x}"), Vec::new());
                    loop {
                        let some = lease_at(store, &lease, 0, 7);
                        // What others are leasing at this moment is passed over, and may be given back.
                        if some.is_empty() && store.waiting_messages().unwrap().count == 0 {
                            return leased;
                        }
                        for message in some {
                            let is_mine = committed(store, |transaction| {
                                transaction.finish_message(&message.id, &lease)
                            });
                            assert!(is_mine, "{} was leased twice", message.id);
                            leased.push(message.id);
                        }
                    }
                })
            })
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap());
        ended.flatten().collect::<Vec<_>>()
    });
    assert_eq!(leased.len(), MESSAGES);
    let different: BTreeSet<_> = leased.iter().collect();
    assert_eq!(different.len(), MESSAGES);
}

fn nobody_waits_for_messages_that_another_is_leasing(fixture: &Fixture) {
    if !fixture.locks_rows() {
        return;
    }
    for (id, seconds) in [("1", 1), ("2", 2)] {
        enqueue(fixture, &notice(id, seconds));
    }
    let mut leasing = fixture.store.begin(writer()).unwrap();
    let first = leasing.lease_messages(LEASE, later(9), later(69), 1);
    assert_eq!(first.unwrap().len(), 1);
    let other = fixture.other().unwrap();
    let second = lease_at(&other, ANOTHER, 9, 10);
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].id, "message_2");
    leasing.commit().unwrap();
    assert!(held(fixture, "message_1", LEASE).is_some());
}

fn a_lost_lease_neither_finishes_nor_postpones(fixture: &Fixture) {
    enqueue(fixture, &link("1"));
    assert_eq!(lease(fixture, LEASE, 0, 10), ["message_1"]);
    assert_eq!(lease(fixture, ANOTHER, 60, 10), ["message_1"]);
    assert_eq!(held(fixture, "message_1", LEASE), None);
    assert!(!finish(fixture, "message_1", LEASE));
    assert!(!postpone(fixture, "message_1", LEASE, NOW));
    assert_eq!(lease(fixture, LEASE, 119, 10), [""; 0], "it is still held");
    assert!(finish(fixture, "message_1", ANOTHER));
}

fn what_was_postponed_is_due_again_and_held_by_nobody(fixture: &Fixture) {
    enqueue(fixture, &link("1"));
    assert_eq!(lease(fixture, LEASE, 0, 10), ["message_1"]);
    assert!(postpone(fixture, "message_1", LEASE, later(300)));
    assert!(!finish(fixture, "message_1", LEASE));
    assert!(!postpone(fixture, "message_1", LEASE, NOW));
    assert_eq!(lease(fixture, ANOTHER, 299, 10), [""; 0]);
    assert_eq!(lease(fixture, ANOTHER, 300, 10), ["message_1"]);
}

fn a_transaction_that_is_undone_leaves_no_message(fixture: &Fixture) {
    let undone = fixture.commit(|transaction| {
        transaction.enqueue(&link("1"))?;
        Err::<(), _>(StoreError::Damaged("on purpose"))
    });
    assert!(undone.is_err());
    assert_eq!(waiting(fixture).count, 0);
    enqueue(fixture, &link("1"));
    let undone = fixture.commit(|transaction| {
        let leased = transaction.lease_messages(LEASE, NOW, later(60), 10)?;
        assert_eq!(leased.len(), 1);
        Err::<(), _>(StoreError::Damaged("on purpose"))
    });
    assert!(undone.is_err());
    let leased = lease_at(&fixture.store, ANOTHER, 0, 10);
    assert_eq!(leased[0].attempts, 1, "nothing was leased");
}

fn the_messages_of_a_user_go_held_or_not(fixture: &Fixture) {
    let eves = MessageRecord {
        user_id: "user_eve".into(),
        ..notice("eve", 0)
    };
    for message in [&link("1"), &notice("2", 9), &eves] {
        enqueue(fixture, message);
    }
    assert_eq!(lease(fixture, LEASE, 0, 10).len(), 2);
    fixture
        .commit(|transaction| transaction.delete_messages("user_ada"))
        .unwrap();
    assert_eq!(waiting(fixture).count, 1);
    assert!(finish(fixture, "message_eve", LEASE));
}

fn purging_messages_is_bounded_and_takes_the_oldest(fixture: &Fixture) {
    for n in 1..=5 {
        enqueue(fixture, &notice(&n.to_string(), n));
    }
    assert_eq!(lease(fixture, LEASE, 1, 10), ["message_1"]);
    let purge = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.purge_messages(later(seconds), limit))
            .unwrap()
    };
    assert_eq!(purge(1, 10), 0, "a moment itself is not before it");
    assert_eq!(purge(9, 2), 2, "held or not");
    assert_eq!(
        waiting(fixture).oldest_created_at,
        Some(NOW + Duration::from_secs(3))
    );
    assert_eq!(purge(9, 10), 3);
    assert_eq!(waiting(fixture).count, 0);
}
