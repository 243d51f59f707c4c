//! Endpoints of webhooks: what each is told, in which order, who sends to it, and how it ends.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password::{
    Code, EventKind, NewWebhookEndpoint, UpdateWebhookEndpoint, WebhookEndpoint, WebhookStatus,
    webhook::{LEASE, MOST, OVERLAP, WebhookBatch, WebhookFailure},
};
use reset_password_core::{
    Clock as _, Engine, Event, Keyring, Store,
    store::{EventSteps, Transaction},
};
use reset_password_store::SqlStore;
use tracing::Level;

use crate::support::{
    Captured, Fixture, OLD, engine_on, key, observed::Moment, observed::Observed, store, text,
    user, user_with,
};

on_each_database!(
    a_new_endpoint_is_told_what_happens_from_then_on,
    an_endpoint_is_told_what_it_chose,
    events_are_given_out_in_the_order_of_the_feed,
    a_place_in_the_trail_that_is_committed_late_is_not_passed_over,
    many_records_that_are_not_for_it_are_passed_at_once,
    one_node_at_a_time_sends_to_an_endpoint,
    of_whom_nothing_is_heard_the_same_events_are_given_out_again,
    who_lost_an_endpoint_has_no_say_in_it,
    what_fails_rests_and_nothing_behind_it_is_sent,
    an_endpoint_that_fails_for_three_days_is_disabled_and_the_feed_tells_it,
    an_endpoint_that_is_gone_is_disabled_at_once,
    an_endpoint_that_is_enabled_goes_on_where_it_stopped,
    what_is_changed_meanwhile_is_read_again,
    whoever_was_quicker_has_sent_it,
    events_that_are_not_kept_any_more_are_not_sent,
    the_secret_before_signs_beside_the_new_one_until_it_ends,
    sec62_no_table_holds_a_secret,
    sec62_secrets_go_with_the_key_that_takes_the_place_of_another,
    sec62_a_secret_that_was_altered_signs_nothing,
    sec83_each_change_of_an_endpoint_is_recorded_once,
    endpoints_are_refused_as_they_are_told,
);

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const URL: &str = "https://example.com/a-secret-path";

type Users = Engine<SqlStore>;

fn endpoint(engine: &Users, events: &[EventKind]) -> NewWebhookEndpoint {
    engine.create_webhook_endpoint(URL, events, false).unwrap()
}

fn new(engine: &Users) -> String {
    endpoint(engine, &[]).endpoint.id
}

fn add(engine: &Users, names: &[&str]) {
    for name in names {
        engine
            .create_user(user(&format!("{name}@example.com")))
            .unwrap();
    }
}

/// What a batch tells, as kinds and the users' addresses.
fn told(batch: &WebhookBatch) -> Vec<String> {
    let events = batch.events.iter().map(|event| &event.event);
    let told = events.map(|event| {
        let about = event.data["email"].as_str().or(event.data["id"].as_str());
        format!("{} {}", event.event, about.unwrap_or_default())
    });
    told.collect()
}

fn ids(batch: &WebhookBatch) -> Vec<String> {
    let ids = batch.events.iter().map(|event| event.event.id.clone());
    ids.collect()
}

fn lease<S: Store>(engine: &Engine<S>, id: &str) -> Option<WebhookBatch> {
    engine.lease_webhook(id).unwrap()
}

/// Takes everything that is to be sent to an endpoint; answers what that was.
fn take<S: Store>(engine: &Engine<S>, id: &str) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(batch) = lease(engine, id) {
        all.extend(told(&batch));
        for place in 0..batch.events.len() {
            let goes_on = engine.webhook_taken(&batch, place).unwrap();
            assert_eq!(goes_on, place + 1 < batch.events.len());
        }
    }
    all
}

fn created(names: &[&str]) -> Vec<String> {
    let told = names
        .iter()
        .map(|name| format!("user.created {name}@example.com"));
    told.collect()
}

fn found(engine: &Users, id: &str) -> WebhookEndpoint {
    engine.get_webhook_endpoint(id).unwrap()
}

fn update(engine: &Users, id: &str, change: &UpdateWebhookEndpoint) -> WebhookEndpoint {
    engine.update_webhook_endpoint(id, change, false).unwrap()
}

fn set(status: WebhookStatus) -> UpdateWebhookEndpoint {
    UpdateWebhookEndpoint {
        status: Some(status),
        ..UpdateWebhookEndpoint::default()
    }
}

fn a_new_endpoint_is_told_what_happens_from_then_on(fixture: &Fixture) {
    let engine = &fixture.engine;
    add(engine, &["before"]);
    let id = new(engine);
    assert!(id.starts_with("we_"));
    assert_eq!(engine.due_webhooks().unwrap(), [""; 0]);
    assert!(lease(engine, &id).is_none());
    add(engine, &["ada", "bob"]);
    assert_eq!(engine.due_webhooks().unwrap(), [id.as_str()]);
    let batch = lease(engine, &id).unwrap();
    assert_eq!(batch.endpoint_url, URL);
    assert_eq!(told(&batch), created(&["ada", "bob"]));
    engine.webhook_given_back(&batch).unwrap();
    assert_eq!(take(engine, &id), created(&["ada", "bob"]));
    assert_eq!(engine.due_webhooks().unwrap(), [""; 0]);
    let later = new(engine);
    add(engine, &["eve"]);
    assert_eq!(take(engine, &later), created(&["eve"]));
    assert_eq!(take(engine, &id), created(&["eve"]));
}

/// What the trail alone tells is told to nobody.
fn an_endpoint_is_told_what_it_chose(fixture: &Fixture) {
    let engine = &fixture.engine;
    let kinds = [
        EventKind::UserDeleted,
        EventKind::UserCreated,
        EventKind::UserDeleted,
    ];
    let some = endpoint(engine, &kinds).endpoint;
    assert_eq!(
        some.events,
        [EventKind::UserCreated, EventKind::UserDeleted]
    );
    let all = new(engine);
    let ada = fixture.ada();
    engine.create_password_reset("ada@example.com").unwrap();
    engine
        .authenticate_with_password("ada@example.com", "wrong")
        .unwrap_err();
    engine.delete_user(&ada).unwrap();
    let kinds = |told: Vec<String>| -> Vec<_> {
        let kinds = told
            .iter()
            .map(|one| one.split(' ').next().unwrap().to_owned());
        kinds.collect()
    };
    assert_eq!(
        kinds(take(engine, &some.id)),
        ["user.created", "user.deleted"]
    );
    let feed = ["user.created", "password_reset.created", "user.deleted"];
    assert_eq!(kinds(take(engine, &all)), feed);
}

/// Of several hundred, whatever chain of the trail they are in.
fn events_are_given_out_in_the_order_of_the_feed(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    let names: Vec<_> = (0..230).map(|n| format!("user{n}")).collect();
    add(
        engine,
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let mut after = None;
    let mut feed = Vec::new();
    loop {
        let page = engine.events(after.as_deref(), 100).unwrap();
        feed.extend(page.data.into_iter().map(|event| event.id));
        after = page.list_metadata.after;
        if after.is_none() {
            break;
        }
    }
    let mut given = Vec::new();
    while let Some(batch) = lease(engine, &id) {
        given.extend(ids(&batch));
        for place in 0..batch.events.len() {
            engine.webhook_taken(&batch, place).unwrap();
        }
    }
    assert_eq!(given.len(), 230);
    assert_eq!(given, feed);
}

/// A transaction that has its place already and has not been committed is waited for: the cursor does not move beyond it.
fn a_place_in_the_trail_that_is_committed_late_is_not_passed_over(fixture: &Fixture) {
    let engine = &fixture.engine;
    if fixture.database.server().is_none() {
        return;
    }
    let id = new(engine);
    // Whatever chain the others are in: each of those below is in another one.
    let late = store(fixture.database.url(), &fixture.clock);
    let writer = reset_password_core::AuditWriter::new(&engine.keys());
    let mut slow = late.begin(writer).unwrap();
    let event = Event {
        id: "event_late".into(),
        event: "user.updated".into(),
        data: serde_json::json!({ "email": "late@example.com" }),
        created_at: fixture.clock.now(),
    };
    slow.append(&event).unwrap();
    let names = ["a", "b", "c", "d", "e", "f"];
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let adding: Vec<_> = names
            .iter()
            .map(|name| scope.spawn(|| add(&fixture.another(|_| {}), &[*name])))
            .collect();
        let (engine, id, is_over) = (&engine, &id, &is_over);
        let taking = scope.spawn(move || {
            let mut all = Vec::new();
            while !is_over.load(Ordering::SeqCst) {
                all.extend(take(*engine, id));
            }
            all.extend(take(*engine, id));
            all
        });
        // Those in other chains are committed, and may be looked at, while this one is not.
        thread::park_timeout(Duration::from_millis(700));
        slow.commit().unwrap();
        for one in adding {
            one.join().unwrap();
        }
        is_over.store(true, Ordering::SeqCst);
        let all = taking.join().unwrap();
        assert_eq!(all.len(), names.len() + 1, "{all:?}");
        let late = all.iter().filter(|one| one.ends_with("late@example.com"));
        assert_eq!(late.count(), 1, "{all:?}");
    });
}

/// A cursor does not stay before hundreds of records that are for nobody.
fn many_records_that_are_not_for_it_are_passed_at_once(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = endpoint(engine, &[EventKind::UserDeleted]).endpoint.id;
    let ada = fixture.ada();
    for _ in 0..250 {
        engine
            .update_user(&ada, reset_password::UpdateUser::default())
            .unwrap();
        let name = reset_password::UpdateUser {
            name: Some("Ada".into()),
            ..reset_password::UpdateUser::default()
        };
        engine.update_user(&ada, name).unwrap();
    }
    let cursor = || {
        let all = "SELECT passed FROM reset_password_webhook_endpoints";
        fixture.database.value(all).parse::<i64>().unwrap()
    };
    let before = cursor();
    assert!(lease(engine, &id).is_none());
    let after = cursor();
    assert!(after > before);
    let left = "SELECT count(*) FROM reset_password_events WHERE sequence > ";
    let left: i64 = fixture
        .database
        .value(&format!("{left}{after}"))
        .parse()
        .unwrap();
    assert!(left < 100, "{left}");
    engine.delete_user(&ada).unwrap();
    assert_eq!(take(engine, &id).len(), 1);
}

fn one_node_at_a_time_sends_to_an_endpoint(fixture: &Fixture) {
    let engines = [fixture.another(|_| {}), fixture.another(|_| {})];
    let id = new(&engines[0]);
    let names: Vec<_> = (0..60).map(|n| format!("user{n}")).collect();
    add(
        &engines[0],
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let sent = Mutex::new(Vec::new());
    let together = Barrier::new(4);
    thread::scope(|scope| {
        for n in 0..4 {
            let (together, sent, id, engine) = (&together, &sent, &id, &engines[n % 2]);
            scope.spawn(move || {
                together.wait();
                while sent.lock().unwrap().len() < 60 {
                    let Some(batch) = lease(engine, id) else {
                        continue;
                    };
                    for place in 0..batch.events.len().min(7) {
                        sent.lock().unwrap().push(ids(&batch)[place].clone());
                        engine.webhook_taken(&batch, place).unwrap();
                    }
                    engine.webhook_given_back(&batch).unwrap();
                }
            });
        }
    });
    let sent = sent.into_inner().unwrap();
    let different: BTreeSet<_> = sent.iter().collect();
    assert_eq!(
        (sent.len(), different.len()),
        (60, 60),
        "one was sent twice"
    );
    let feed = engines[0].events(None, 100).unwrap();
    let feed: Vec<_> = feed.data.into_iter().map(|event| event.id).collect();
    assert_eq!(sent, feed, "they were sent in another order");
}

fn of_whom_nothing_is_heard_the_same_events_are_given_out_again(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    add(engine, &["ada", "bob"]);
    let first = lease(engine, &id).unwrap();
    assert!(engine.webhook_taken(&first, 0).unwrap());
    assert!(lease(engine, &id).is_none(), "it is held");
    assert_eq!(engine.due_webhooks().unwrap(), [""; 0]);
    let moment = Duration::from_millis(1);
    fixture.clock.advance(LEASE.saturating_sub(moment));
    assert!(lease(engine, &id).is_none(), "it is held still");
    fixture.clock.advance(moment);
    let second = lease(engine, &id).unwrap();
    assert_eq!(ids(&second), ids(&first)[1..], "under the same id");
}

fn who_lost_an_endpoint_has_no_say_in_it(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    add(engine, &["ada", "bob"]);
    let lost = lease(engine, &id).unwrap();
    fixture.clock.advance(LEASE);
    let held = lease(engine, &id).unwrap();
    assert!(!engine.webhook_taken(&lost, 1).unwrap());
    engine
        .webhook_failed(&lost, WebhookFailure::Answered(410))
        .unwrap();
    engine.webhook_given_back(&lost).unwrap();
    assert_eq!(found(engine, &id).status, WebhookStatus::Enabled);
    assert!(lease(engine, &id).is_none(), "it is held by the other");
    assert!(engine.webhook_taken(&held, 0).unwrap());
    engine.webhook_given_back(&held).unwrap();
    assert_eq!(take(engine, &id), created(&["bob"]));
    let batch = lease(engine, &id);
    assert!(batch.is_none());
}

fn what_fails_rests_and_nothing_behind_it_is_sent(fixture: &Fixture) {
    let engine = &fixture.engine;
    let (id, other) = (new(engine), new(engine));
    add(engine, &["ada", "bob"]);
    let mut rested = Vec::new();
    for _ in 0..6 {
        let batch = lease(engine, &id).unwrap();
        assert_eq!(told(&batch), created(&["ada", "bob"]));
        engine
            .webhook_failed(&batch, WebhookFailure::Timeout)
            .unwrap();
        let mut rest = Duration::ZERO;
        while engine.due_webhooks().unwrap().iter().all(|due| *due != id) {
            fixture.clock.advance(Duration::from_secs(5));
            rest += Duration::from_secs(5);
        }
        rested.push(rest);
    }
    let expected = [10, 60, 300, 900, 3_600, 14_400].map(Duration::from_secs);
    for (rested, expected) in rested.iter().zip(expected) {
        let most = expected * 5 / 4 + Duration::from_secs(5);
        assert!((expected..=most).contains(rested), "{rested:?}");
    }
    let state = found(engine, &id);
    assert_eq!(
        state.last_failure.as_deref(),
        Some("it did not answer in time")
    );
    assert!(state.failing_since.is_some());
    assert_eq!(
        take(engine, &other),
        created(&["ada", "bob"]),
        "the other goes on"
    );
    assert_eq!(take(engine, &id), created(&["ada", "bob"]));
    assert!(found(engine, &id).failing_since.is_none());
}

fn an_endpoint_that_fails_for_three_days_is_disabled_and_the_feed_tells_it(fixture: &Fixture) {
    let engine = &fixture.engine;
    let log = Captured::default();
    let _listening = log.listen(Level::WARN);
    let id = new(engine);
    let other = endpoint(engine, &[EventKind::WebhookEndpointDisabled])
        .endpoint
        .id;
    add(engine, &["ada"]);
    let first = fixture.clock.now();
    while found(engine, &id).status == WebhookStatus::Enabled {
        if let Some(batch) = lease(engine, &id) {
            engine
                .webhook_failed(&batch, WebhookFailure::Answered(500))
                .unwrap();
        }
        fixture.clock.advance(HOUR / 2);
    }
    let days = fixture.clock.now().since(first).as_secs_f64() / DAY.as_secs_f64();
    assert!((3.0..3.3).contains(&days), "{days}");
    assert_eq!(log.count("webhook_endpoint_disabled"), 1);
    assert_eq!(log.count("example.com"), 0);
    assert!(lease(engine, &id).is_none());
    assert_eq!(engine.due_webhooks().unwrap(), [other.as_str()]);
    let batch = lease(engine, &other).unwrap();
    let [event] = &batch.events[..] else {
        panic!("{batch:?}")
    };
    let expected = serde_json::json!({
        "object": "webhook_endpoint",
        "id": id,
        "endpoint_origin": "https://example.com",
        "reason": "it answered 500",
    });
    assert_eq!(event.event.event, "webhook_endpoint.disabled");
    assert_eq!(event.event.data, expected);
}

fn an_endpoint_that_is_gone_is_disabled_at_once(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    add(engine, &["ada"]);
    let batch = lease(engine, &id).unwrap();
    engine
        .webhook_failed(&batch, WebhookFailure::Answered(410))
        .unwrap();
    assert_eq!(found(engine, &id).status, WebhookStatus::Disabled);
    assert_eq!(fixture.told("webhook_endpoint.disabled"), 1);
}

fn an_endpoint_that_is_enabled_goes_on_where_it_stopped(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    add(engine, &["ada"]);
    assert_eq!(take(engine, &id), created(&["ada"]));
    let disabled = update(engine, &id, &set(WebhookStatus::Disabled));
    assert_eq!(disabled.status, WebhookStatus::Disabled);
    add(engine, &["bob", "eve"]);
    assert_eq!(take(engine, &id), [""; 0]);
    fixture.clock.advance(10 * DAY);
    update(engine, &id, &set(WebhookStatus::Enabled));
    assert_eq!(take(engine, &id), created(&["bob", "eve"]));
    // One that rests is tried at once.
    add(engine, &["joe"]);
    let batch = lease(engine, &id).unwrap();
    engine.webhook_failed(&batch, WebhookFailure::Tls).unwrap();
    assert!(lease(engine, &id).is_none());
    let enabled = update(engine, &id, &set(WebhookStatus::Enabled));
    assert!(enabled.failing_since.is_none() && enabled.last_failure.is_none());
    assert_eq!(take(engine, &id), created(&["joe"]));
}

/// Whoever sends stops after the present event.
fn what_is_changed_meanwhile_is_read_again(fixture: &Fixture) {
    let engine = &fixture.engine;
    let changes = [
        set(WebhookStatus::Disabled),
        UpdateWebhookEndpoint {
            endpoint_url: Some("https://example.org/other".into()),
            ..UpdateWebhookEndpoint::default()
        },
        UpdateWebhookEndpoint {
            events: Some(vec![EventKind::UserDeleted]),
            ..UpdateWebhookEndpoint::default()
        },
    ];
    for (n, change) in changes.iter().enumerate() {
        let id = new(engine);
        add(engine, &[&format!("ada{n}"), &format!("bob{n}")]);
        let batch = lease(engine, &id).unwrap();
        fixture.clock.advance(Duration::from_secs(1));
        update(engine, &id, change);
        assert!(lease(engine, &id).is_none(), "another sends to it");
        assert!(!engine.webhook_taken(&batch, 0).unwrap());
        let rest = lease(engine, &id);
        match n {
            1 => {
                let rest = rest.unwrap();
                assert_eq!(rest.endpoint_url, "https://example.org/other");
                assert_eq!(ids(&rest), ids(&batch)[1..]);
            }
            _ => assert!(rest.is_none()),
        }
    }
    let id = new(engine);
    add(engine, &["joe"]);
    let batch = lease(engine, &id).unwrap();
    engine.delete_webhook_endpoint(&id).unwrap();
    assert!(!engine.webhook_taken(&batch, 0).unwrap());
    engine.webhook_failed(&batch, WebhookFailure::Tls).unwrap();
    engine.webhook_given_back(&batch).unwrap();
    assert!(lease(engine, &id).is_none());
}

/// What was read before the lease counts only if nobody was quicker.
fn whoever_was_quicker_has_sent_it(fixture: &Fixture) {
    let id = new(&fixture.engine);
    add(&fixture.engine, &["ada"]);
    let other = Arc::new(fixture.another(|_| {}));
    let (quicker, endpoint_id) = (Arc::clone(&other), id.clone());
    let store = store(fixture.database.url(), &fixture.clock);
    let has_run = Mutex::new(false);
    let engine = engine_on(
        Observed::new(store, move |step, moment| {
            let mut has_run = has_run.lock().unwrap();
            if step == "begin" && moment == Moment::Before && !*has_run {
                *has_run = true;
                take(&*quicker, &endpoint_id);
            }
            Ok(())
        }),
        &fixture.clock,
        |_| {},
    );
    assert!(lease(&engine, &id).is_none(), "the other has sent it");
    assert_eq!(take(&*other, &id), [""; 0]);
}

fn events_that_are_not_kept_any_more_are_not_sent(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = new(engine);
    add(engine, &["ada"]);
    update(engine, &id, &set(WebhookStatus::Disabled));
    fixture.clock.advance(91 * DAY);
    add(engine, &["bob"]);
    engine.purge(1_000).unwrap();
    update(engine, &id, &set(WebhookStatus::Enabled));
    assert_eq!(take(engine, &id), created(&["bob"]));
}

fn the_secret_before_signs_beside_the_new_one_until_it_ends(fixture: &Fixture) {
    let engine = &fixture.engine;
    let first = endpoint(engine, &[]);
    let id = &first.endpoint.id;
    add(engine, &["ada"]);
    let secrets = || {
        let batch = lease(engine, id).unwrap();
        engine.webhook_given_back(&batch).unwrap();
        let texts = [Some(batch.secrets.current), batch.secrets.previous];
        texts.map(|secret| secret.map(|secret| text(&secret).to_owned()))
    };
    let of = |new: &NewWebhookEndpoint| Some(text(&new.secret).to_owned());
    assert_eq!(secrets(), [of(&first), None]);
    let second = engine.rotate_webhook_secret(id, OVERLAP).unwrap();
    let ends_at = fixture.clock.now() + OVERLAP;
    assert_eq!(second.endpoint.previous_secret_ends_at, Some(ends_at));
    assert_eq!(secrets(), [of(&second), of(&first)]);
    // Of three, the newest two.
    let third = engine.rotate_webhook_secret(id, OVERLAP).unwrap();
    assert_eq!(secrets(), [of(&third), of(&second)]);
    fixture.clock.advance(OVERLAP);
    assert_eq!(secrets(), [of(&third), None]);
    assert_eq!(take(engine, id).len(), 1);
    let kept = "SELECT count(previous_secret) FROM reset_password_webhook_endpoints";
    assert_eq!(fixture.database.value(kept), "0");
    let fourth = engine.rotate_webhook_secret(id, Duration::ZERO).unwrap();
    assert_eq!(fourth.endpoint.previous_secret_ends_at, None);
    add(engine, &["bob"]);
    assert_eq!(secrets(), [of(&fourth), None]);
}

fn sec62_no_table_holds_a_secret(fixture: &Fixture) {
    let engine = &fixture.engine;
    let first = endpoint(engine, &[]);
    let second = engine
        .rotate_webhook_secret(&first.endpoint.id, OVERLAP)
        .unwrap();
    let mut tables = fixture.state().join("\n");
    tables.push_str(&fixture.dump("reset_password_webhook_endpoints"));
    assert!(tables.contains(&first.endpoint.id));
    for secret in [text(&first.secret), text(&second.secret)] {
        let hex: Vec<_> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        let bare = secret.strip_prefix("whsec_").unwrap();
        for form in [secret, bare, &hex, &hex.to_uppercase()] {
            assert!(!tables.contains(form), "a secret is in a table");
        }
    }
    let listed = engine.list_webhook_endpoints().unwrap();
    let shown = serde_json::to_string(&listed).unwrap();
    assert!(!shown.contains("whsec_"), "{shown}");
}

fn sec62_secrets_go_with_the_key_that_takes_the_place_of_another(fixture: &Fixture) {
    let first = endpoint(&fixture.engine, &[]);
    let id = &first.endpoint.id;
    let second = fixture.engine.rotate_webhook_secret(id, OVERLAP).unwrap();
    // A secret before that was altered is left behind, and holds up no key.
    let altered = endpoint(&fixture.engine, &[]).endpoint.id;
    let third = fixture
        .engine
        .rotate_webhook_secret(&altered, OVERLAP)
        .unwrap();
    fixture.database.rows(&format!(
        "UPDATE reset_password_webhook_endpoints SET previous_secret = {} WHERE id = '{altered}'",
        fixture.bytes(&[7; 60])
    ));
    let follows = fixture.another(|config| {
        config.keys = Keyring::new(key(1), vec![key(2)]).unwrap().into();
    });
    let rotated = fixture.another(|config| {
        config.keys = Keyring::new(key(2), vec![key(1)]).unwrap().into();
    });
    // The key before is not needed for them any more.
    let alone = fixture.another(|config| {
        config.keys = Keyring::new(key(2), Vec::new()).unwrap().into();
    });
    add(&rotated, &["ada"]);
    for engine in [&rotated, &alone, &follows] {
        let batch = lease(engine, id).unwrap();
        assert_eq!(text(&batch.secrets.current), text(&second.secret));
        let previous = batch.secrets.previous.as_ref().unwrap();
        assert_eq!(text(previous), text(&first.secret));
        engine.webhook_given_back(&batch).unwrap();
    }
    let batch = lease(&alone, &altered).unwrap();
    assert_eq!(text(&batch.secrets.current), text(&third.secret));
    assert!(batch.secrets.previous.is_none());
    // Whoever has but the key before takes nothing from the others.
    alone.webhook_given_back(&batch).unwrap();
    let stale = fixture.engine.lease_webhook(&altered);
    assert_eq!(stale.unwrap_err().code(), Code::ConfigInvalid);
    assert!(lease(&alone, &altered).is_some());
}

/// Nothing is sent that nobody could verify; a new secret mends it.
fn sec62_a_secret_that_was_altered_signs_nothing(fixture: &Fixture) {
    let engine = &fixture.engine;
    let (id, other) = (new(engine), new(engine));
    add(engine, &["ada"]);
    let table = "reset_password_webhook_endpoints";
    // One endpoint's secret in the place of the other's.
    let theirs = match fixture.database.server() {
        Some(server) if server.family() == reset_password_test_databases::Family::MariaDb => {
            format!("(SELECT secret FROM (SELECT * FROM {table}) AS t WHERE id = '{other}')")
        }
        _ => format!("(SELECT secret FROM {table} WHERE id = '{other}')"),
    };
    let swap = format!("UPDATE {table} SET secret = {theirs} WHERE id = '{id}'");
    fixture.database.rows(&swap);
    let log = Captured::default();
    let listening = log.listen(Level::ERROR);
    assert!(lease(engine, &id).is_none());
    drop(listening);
    assert_eq!(log.count("integrity_failure"), 1);
    let state = found(engine, &id);
    assert_eq!(
        state.last_failure.as_deref(),
        Some("its secret cannot be read")
    );
    assert!(engine.webhook_test(&id).is_err());
    let rotated = engine.rotate_webhook_secret(&id, OVERLAP).unwrap();
    assert_eq!(rotated.endpoint.previous_secret_ends_at, None);
    update(engine, &id, &set(WebhookStatus::Enabled));
    assert_eq!(take(engine, &id), created(&["ada"]));
    assert_eq!(take(engine, &other), created(&["ada"]));
}

/// With the origin of its address, and neither the rest of it nor a secret.
fn sec83_each_change_of_an_endpoint_is_recorded_once(fixture: &Fixture) {
    let engine = &fixture.engine;
    let records = || engine.audit(i64::MIN, 100).unwrap();
    let before = records().len();
    let id = new(engine);
    update(engine, &id, &set(WebhookStatus::Disabled));
    engine.rotate_webhook_secret(&id, OVERLAP).unwrap();
    engine.delete_webhook_endpoint(&id).unwrap();
    let new = records().split_off(before);
    let kinds: Vec<_> = new.iter().map(|record| record.event.as_str()).collect();
    let expected = [
        "webhook_endpoint.created",
        "webhook_endpoint.updated",
        "webhook_endpoint.secret_rotated",
        "webhook_endpoint.deleted",
    ];
    assert_eq!(kinds, expected);
    for record in &new {
        assert!(!record.listed);
        assert_eq!(record.data["id"], id.as_str());
        assert_eq!(record.data["endpoint_origin"], "https://example.com");
        let text = record.data.to_string();
        assert!(
            !text.contains("secret-path") && !text.contains("whsec_"),
            "{text}"
        );
    }
    assert!(engine.verify_audit().unwrap().is_whole());
}

fn endpoints_are_refused_as_they_are_told(fixture: &Fixture) {
    let engine = &fixture.engine;
    let code = |error: reset_password::Error| {
        assert_eq!(error.code(), Code::InputInvalid);
        error.errors()[0].code.to_string()
    };
    let create = |url: &str| engine.create_webhook_endpoint(url, &[], false);
    assert_eq!(
        code(create("http://example.com/").unwrap_err()),
        "endpoint_url_invalid"
    );
    let id = new(engine);
    let private = UpdateWebhookEndpoint {
        endpoint_url: Some("https://127.0.0.1/".into()),
        ..UpdateWebhookEndpoint::default()
    };
    let refused = engine.update_webhook_endpoint(&id, &private, false);
    assert_eq!(code(refused.unwrap_err()), "endpoint_url_invalid");
    engine.update_webhook_endpoint(&id, &private, true).unwrap();
    let long = engine.rotate_webhook_secret(&id, 8 * DAY);
    assert_eq!(code(long.unwrap_err()), "keep_previous_invalid");
    let unknown = [
        engine.get_webhook_endpoint("we_1").map(drop),
        engine
            .update_webhook_endpoint("we_1", &private, true)
            .map(drop),
        engine.rotate_webhook_secret("we_1", OVERLAP).map(drop),
        engine.delete_webhook_endpoint("we_1").map(drop),
        engine.webhook_test("we_1").map(drop),
    ];
    for unknown in unknown {
        assert_eq!(code(unknown.unwrap_err()), "webhook_endpoint_unknown");
    }
    assert!(lease(engine, "we_1").is_none());
    for _ in 1..MOST {
        new(engine);
    }
    assert_eq!(code(create(URL).unwrap_err()), "webhook_endpoint_too_many");
    engine
        .create_user(user_with("zoe@example.com", OLD))
        .unwrap();
}
