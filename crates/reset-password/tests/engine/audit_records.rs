//! What the audit trail tells: every change once, with who did it, and no address of a stranger.

use std::time::Duration;

use reset_password::{Caller, EventKind, Scope, UpdateUser};
use reset_password_core::{AuditRecord, Engine};
use reset_password_store::SqlStore;

use crate::support::{Fixture, NEW, text, user};

on_each_database!(
    sec83_a_damaged_trail_stops_no_reset,
    sec83_each_change_of_a_user_or_a_password_is_recorded_once,
    sec83_each_change_of_an_api_key_is_recorded_once,
    sec84_an_unknown_address_is_recorded_as_a_pseudonym,
);

const DAY: Duration = Duration::from_hours(24);
const ACTOR: &str = "api_key_01";

/// Everything that is recorded, from the beginning.
fn records(engine: &Engine<SqlStore>) -> Vec<AuditRecord> {
    engine.audit(i64::MIN, 1_000).unwrap()
}

/// Does something on behalf of [`ACTOR`] and answers the data of the one record that it wrote.
fn told<T>(fixture: &Fixture, kind: &str, work: impl FnOnce() -> T) -> serde_json::Value {
    let new = told_of(fixture, work);
    let [record] = &new[..] else {
        panic!("{kind}: {new:?}")
    };
    assert_eq!(record.event, kind);
    assert_eq!(record.listed, EventKind::parse(kind).is_some());
    record.data.clone()
}

fn untold<T>(fixture: &Fixture, work: impl FnOnce() -> T) {
    assert_eq!(told_of(fixture, work), []);
}

fn told_of<T>(fixture: &Fixture, work: impl FnOnce() -> T) -> Vec<AuditRecord> {
    let caller = Caller {
        actor: ACTOR.into(),
        request_id: Some("req_1".into()),
        client: None,
    };
    let before = records(&fixture.engine).len();
    caller.scope(work);
    let new = records(&fixture.engine).split_off(before);
    for record in &new {
        let context = serde_json::json!({ "actor": ACTOR, "request_id": "req_1" });
        assert_eq!(record.context, context);
    }
    new
}

/// One operation, one record, with who did it; what changes nothing is not told.
fn sec83_each_change_of_a_user_or_a_password_is_recorded_once(fixture: &Fixture) {
    let engine = &fixture.engine;
    let email = "ada@example.com";
    let ada = told(fixture, "user.created", || engine.create_user(user(email)));
    let ada = ada["id"].as_str().unwrap();
    untold(fixture, || engine.create_user(user(email)));
    let change = UpdateUser {
        name: Some("Ada".into()),
        ..UpdateUser::default()
    };
    told(fixture, "user.updated", || engine.update_user(ada, change));

    let mut token = String::new();
    told(fixture, "password_reset.created", || {
        token = fixture.token(email);
    });
    untold(fixture, || engine.reset_password(&token, "short"));
    told(fixture, "password_reset.succeeded", || {
        engine.reset_password(&token, NEW)
    });
    told(fixture, "password_reset.token_reused", || {
        engine.reset_password(&token, NEW)
    });
    untold(fixture, || engine.authenticate_with_password(email, NEW));
    told(fixture, "authentication.failed", || {
        engine.authenticate_with_password(email, "short")
    });

    let request = || engine.request_password_reset(email);
    told(fixture, "password_reset.created", request);
    untold(fixture, request);
    let request = || engine.request_password_reset("eve@example.com");
    told(fixture, "password_reset.requested", request);
    let revoke = || engine.revoke_password_resets(Some(ada));
    let data = told(fixture, "password_reset.revoked", revoke);
    assert_eq!(data, serde_json::json!({ "user_id": ada, "revoked": 1 }));
    untold(fixture, || engine.revoke_password_resets(None));

    told(fixture, "user.deleted", || engine.delete_user(ada));
    untold(fixture, || engine.delete_user(ada));
    assert!(engine.verify_audit().unwrap().is_whole());
    let feed = engine.events(None, 100).unwrap();
    let feed = serde_json::to_string(&feed).unwrap();
    assert!(
        !feed.contains("req_1") && !feed.contains("requested"),
        "{feed}"
    );
    fixture.ada();
    let last = records(engine).pop().unwrap();
    assert_eq!(last.context, serde_json::json!({ "actor": "process" }));
}

fn sec83_each_change_of_an_api_key_is_recorded_once(fixture: &Fixture) {
    let engine = &fixture.engine;
    let mut secret = String::new();
    let create = || {
        let key = engine
            .create_api_key("app", &[Scope::UsersRead], 90)
            .unwrap();
        text(&key.key)[31..].clone_into(&mut secret);
    };
    let data = told(fixture, "api_key.created", create);
    assert!(!data.to_string().contains(&secret));
    let old = data["id"].as_str().unwrap();
    untold(fixture, || engine.create_api_key("", &[], 90));
    let rotate = || engine.rotate_api_key(old, 90, DAY);
    let data = told(fixture, "api_key.rotated", rotate);
    assert_eq!(data["replaced"], old);
    let new = data["by"]["id"].as_str().unwrap();
    assert_ne!(new, old);
    untold(fixture, || engine.note_api_key_use(new));
    let data = told(fixture, "api_key.revoked", || engine.revoke_api_key(new));
    assert_eq!(data["id"], new);
    untold(fixture, || engine.revoke_api_key(new));
    untold(fixture, || engine.revoke_api_key("api_key_x"));
    assert!(engine.verify_audit().unwrap().is_whole());
}

/// A request leaves as much behind for an unknown address as for a known one, and does not tell which
/// address it was.
fn sec84_an_unknown_address_is_recorded_as_a_pseudonym(fixture: &Fixture) {
    fixture.ada();
    let rows = || {
        let tables = ["events", "requests", "resets", "users", "settings"];
        tables.map(|table| fixture.count(&format!("reset_password_{table}")))
    };
    let mut changes = Vec::new();
    for email in ["ada@example.com", "eve@example.com", "Eve@Example.com"] {
        let before = rows();
        fixture.clock.advance(DAY / 24);
        fixture.engine.request_password_reset(email).unwrap();
        let after = rows();
        changes.push(
            after
                .iter()
                .zip(before)
                .map(|(after, before)| after - before)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(changes[0], [1, 1, 1, 0, 0]);
    assert!(
        changes.iter().all(|change| *change == changes[0]),
        "{changes:?}"
    );
    let records = records(&fixture.engine);
    let [.., first, second] = &records[..] else {
        panic!()
    };
    assert_eq!(first.event, "password_reset.requested");
    assert_eq!(
        first.data["user_id"], second.data["user_id"],
        "it can be told apart"
    );
    let fields = |record: &AuditRecord| {
        record
            .data
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(fields(first), fields(&records[1]));
    let dump = fixture.dump("reset_password_events").to_lowercase();
    assert!(
        dump.contains("ada@example.com") && !dump.contains("eve@"),
        "{dump}"
    );
    assert!(
        !serde_json::to_string(&fixture.engine.events(None, 100).unwrap())
            .unwrap()
            .contains("nobody_")
    );
}

/// What matters more than the trail goes on, and says each time that the trail is damaged.
fn sec83_a_damaged_trail_stops_no_reset(fixture: &Fixture) {
    let log = crate::support::Captured::default();
    let _guard = log.listen(tracing::Level::INFO);
    fixture.ada();
    assert_eq!(log.count("integrity_failure"), 0);
    fixture.alter("UPDATE reset_password_settings SET value = 'x' WHERE name LIKE 'audit_head%'");
    let token = fixture.token("ada@example.com");
    assert_eq!(log.count("integrity_failure"), 1);
    fixture.engine.reset_password(&token, NEW).unwrap();
    assert_eq!(log.count("integrity_failure"), 2);
    assert_eq!(records(&fixture.engine).len(), 3);
    assert_eq!(log.count("@example.com"), 0);
}
