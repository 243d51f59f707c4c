//! The event feed.

use reset_password_core::{
    Event,
    event::EventKind,
    store::{EventPage, EventReads},
};

use crate::fixture::{Fixture, NOW, event, later, page_after, user};

on_every_database!(
    the_feed_is_in_the_order_of_commits,
    the_feed_can_be_of_some_kinds,
    what_the_feed_does_not_show_is_no_cursor,
    ids_are_equal_by_bytes,
    the_feed_goes_on_behind_an_event_that_is_gone,
    the_newest_event_is_known,
);

fn ids(fixture: &Fixture, page: EventPage<'_>) -> Option<Vec<String>> {
    let events = fixture.store.events(page).unwrap()?;
    Some(events.into_iter().map(|event| event.id).collect())
}

fn add(fixture: &Fixture, name: &str, kind: &str, seconds: u64) {
    let event = Event {
        event: kind.into(),
        created_at: later(seconds),
        ..event(name)
    };
    fixture.insert(&user(name), &event).unwrap();
}

fn the_feed_is_in_the_order_of_commits(fixture: &Fixture) {
    for name in ["c", "a", "b"] {
        fixture.add(name);
    }
    let page = |after, limit| ids(fixture, page_after(after, limit));
    let events = |names: &[&str]| Some(names.iter().map(|name| format!("event_{name}")).collect());
    assert_eq!(page(None, 10), events(&["c", "a", "b"]));
    assert_eq!(page(Some("event_c"), 1), events(&["a"]));
    assert_eq!(page(Some("event_b"), 1), events(&[]));
    assert_eq!(page(Some("event_x"), 1), None);
    let first = fixture
        .store
        .events(page_after(None, 1))
        .unwrap()
        .unwrap()
        .remove(0);
    assert_eq!(first, event("c"));
}

fn the_feed_can_be_of_some_kinds(fixture: &Fixture) {
    for (name, kind) in [
        ("a", "user.created"),
        ("b", "user.deleted"),
        ("c", "user.created"),
    ] {
        add(fixture, name, kind, 0);
    }
    let page = EventPage {
        kinds: &[EventKind::UserCreated, EventKind::PasswordResetCreated],
        ..page_after(None, 100)
    };
    assert_eq!(ids(fixture, page).unwrap(), ["event_a", "event_c"]);
    let page = EventPage {
        kinds: EventKind::ALL,
        ..page_after(Some("event_a"), 100)
    };
    assert_eq!(ids(fixture, page).unwrap(), ["event_b", "event_c"]);
}

fn what_the_feed_does_not_show_is_no_cursor(fixture: &Fixture) {
    add(fixture, "a", "password_reset.requested", 0);
    fixture.add("b");
    assert_eq!(fixture.feed(), ["event_b"]);
    assert_eq!(fixture.records(), ["event_a", "event_b"]);
    assert_eq!(ids(fixture, page_after(Some("event_a"), 1)), None);
}

/// Its id tells when it was, as those of the others do.
fn the_feed_goes_on_behind_an_event_that_is_gone(fixture: &Fixture) {
    for name in ["a", "c"] {
        fixture.add(name);
    }
    let after = |id| {
        let page = EventPage {
            or_near: Some(id),
            ..page_after(Some(id), 9)
        };
        ids(fixture, page).unwrap()
    };
    assert_eq!(after("event_"), ["event_a", "event_c"]);
    assert_eq!(after("event_a"), ["event_c"]);
    assert_eq!(after("event_b"), ["event_c"]);
    assert!(after("event_d").is_empty());
}

fn ids_are_equal_by_bytes(fixture: &Fixture) {
    fixture.add("a");
    for other in ["event_a ", "event_a\0", "EVENT_a", "event_ä", ""] {
        assert_eq!(ids(fixture, page_after(Some(other), 1)), None, "{other:?}");
    }
}

fn the_newest_event_is_known(fixture: &Fixture) {
    assert_eq!(fixture.store.newest_event_at().unwrap(), None);
    add(fixture, "a", "user.created", 9);
    assert_eq!(fixture.store.newest_event_at().unwrap(), Some(later(9)));
    add(fixture, "b", "user.created", 0);
    assert_eq!(
        fixture.store.newest_event_at().unwrap(),
        Some(NOW),
        "the last one"
    );
}
