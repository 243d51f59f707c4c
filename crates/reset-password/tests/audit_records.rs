//! What the audit trail tells: every change once, with who did it, and no address of a stranger.

mod support;

use std::time::Duration;

use reset_password::{Caller, EventKind, Scope, UpdateUser};
use reset_password_core::{AuditRecord, Engine};
use reset_password_store::SqliteStore;
use support::{Bench, NEW, bench, text, user, user_with, value};

const DAY: Duration = Duration::from_hours(24);
const ACTOR: &str = "api_key_01";

/// Everything that is recorded, from the beginning.
async fn records(engine: &Engine<SqliteStore>) -> Vec<AuditRecord> {
    engine.audit(i64::MIN, 1_000).await.unwrap()
}

/// Does something on behalf of [`ACTOR`] and answers the data of the one record that it wrote.
async fn told<T>(bench: &Bench, kind: &str, work: impl Future<Output = T>) -> serde_json::Value {
    let new = told_of(bench, work).await;
    let [record] = &new[..] else {
        panic!("{kind}: {new:?}")
    };
    assert_eq!(record.event, kind);
    assert_eq!(record.listed, EventKind::parse(kind).is_some());
    record.data.clone()
}

async fn untold<T>(bench: &Bench, work: impl Future<Output = T>) {
    assert_eq!(told_of(bench, work).await, []);
}

async fn told_of<T>(bench: &Bench, work: impl Future<Output = T>) -> Vec<AuditRecord> {
    let caller = Caller {
        actor: ACTOR.into(),
        request_id: Some("req_1".into()),
        client: None,
    };
    let before = records(&bench.engine).await.len();
    caller.scope(work).await;
    let new = records(&bench.engine).await.split_off(before);
    for record in &new {
        let context = serde_json::json!({ "actor": ACTOR, "request_id": "req_1" });
        assert_eq!(record.context, context);
    }
    new
}

/// One operation, one record, with who did it; what changes nothing is not told.
#[tokio::test]
async fn sec83_each_change_of_a_user_or_a_password_is_recorded_once() {
    let bench = bench().await;
    let engine = &bench.engine;
    let email = "ada@example.com";
    let ada = told(&bench, "user.created", engine.create_user(user(email))).await;
    let ada = ada["id"].as_str().unwrap();
    untold(&bench, engine.create_user(user(email))).await;
    let change = UpdateUser {
        name: Some("Ada".into()),
        ..UpdateUser::default()
    };
    told(&bench, "user.updated", engine.update_user(ada, change)).await;

    let mut token = String::new();
    let create = async { token = bench.token(email).await };
    told(&bench, "password_reset.created", create).await;
    untold(&bench, engine.reset_password(&token, "short")).await;
    let reset = engine.reset_password(&token, NEW);
    told(&bench, "password_reset.succeeded", reset).await;
    untold(&bench, engine.reset_password(&token, NEW)).await;
    untold(&bench, engine.authenticate_with_password(email, NEW)).await;

    let request = || engine.request_password_reset(email);
    told(&bench, "password_reset.created", request()).await;
    untold(&bench, request()).await;
    let request = engine.request_password_reset("eve@example.com");
    told(&bench, "password_reset.requested", request).await;
    let revoke = engine.revoke_password_resets(Some(ada));
    let data = told(&bench, "password_reset.revoked", revoke).await;
    assert_eq!(data, serde_json::json!({ "user_id": ada, "revoked": 1 }));
    untold(&bench, engine.revoke_password_resets(None)).await;

    told(&bench, "user.deleted", engine.delete_user(ada)).await;
    untold(&bench, engine.delete_user(ada)).await;
    assert!(engine.verify_audit().await.unwrap().is_whole());
    let feed = engine.events(None, 100).await.unwrap();
    let feed = serde_json::to_string(&feed).unwrap();
    assert!(
        !feed.contains("req_1") && !feed.contains("requested"),
        "{feed}"
    );
    bench.ada().await;
    let last = records(engine).await.pop().unwrap();
    assert_eq!(last.context, serde_json::json!({ "actor": "process" }));
}

#[tokio::test]
async fn sec83_each_change_of_an_api_key_is_recorded_once() {
    let bench = bench().await;
    let engine = &bench.engine;
    let mut secret = String::new();
    let create = async {
        let key = engine
            .create_api_key("app", &[Scope::UsersRead], 90)
            .await
            .unwrap();
        secret = text(&key.key)[31..].to_owned();
    };
    let data = told(&bench, "api_key.created", create).await;
    assert!(!data.to_string().contains(&secret));
    let old = data["id"].as_str().unwrap();
    untold(&bench, engine.create_api_key("", &[], 90)).await;
    let data = told(
        &bench,
        "api_key.rotated",
        engine.rotate_api_key(old, 90, DAY),
    )
    .await;
    assert_eq!(data["replaced"], old);
    let new = data["by"]["id"].as_str().unwrap();
    assert_ne!(new, old);
    untold(&bench, engine.note_api_key_use(new)).await;
    let data = told(&bench, "api_key.revoked", engine.revoke_api_key(new)).await;
    assert_eq!(data["id"], new);
    untold(&bench, engine.revoke_api_key(new)).await;
    untold(&bench, engine.revoke_api_key("api_key_x")).await;
    assert!(engine.verify_audit().await.unwrap().is_whole());
}

/// A request leaves as much behind for an unknown address as for a known one, and does not tell which
/// address it was.
#[tokio::test]
async fn sec84_an_unknown_address_is_recorded_as_a_pseudonym() {
    let bench = bench().await;
    bench.ada().await;
    let database = bench.folder.path().join("app.db");
    let rows = async || {
        let mut counts = Vec::new();
        for table in ["events", "requests", "resets", "users", "settings"] {
            let query = format!("SELECT CAST(count(*) AS TEXT) FROM reset_password_{table}");
            counts.push(value(&database, &query).await.parse::<i32>().unwrap());
        }
        counts
    };
    let mut changes = Vec::new();
    for email in ["ada@example.com", "eve@example.com", "Eve@Example.com"] {
        let before = rows().await;
        bench.clock.advance(DAY / 24);
        bench.engine.request_password_reset(email).await.unwrap();
        let after = rows().await;
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
    let records = records(&bench.engine).await;
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
    let dump = bench.dump("reset_password_events").await.to_lowercase();
    assert!(
        dump.contains("ada@example.com") && !dump.contains("eve@"),
        "{dump}"
    );
    assert!(
        !serde_json::to_string(&bench.engine.events(None, 100).await.unwrap())
            .unwrap()
            .contains("nobody_")
    );
}

/// What matters more than the trail goes on, and says each time that the trail is damaged.
#[tokio::test]
async fn sec83_a_damaged_trail_stops_no_reset() {
    let log = support::Captured::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let bench = bench().await;
    bench
        .engine
        .create_user(user_with("ada@example.com", support::OLD))
        .await
        .unwrap();
    assert_eq!(log.count("integrity_failure"), 0);
    bench
        .sql("UPDATE reset_password_settings SET value = 'x' WHERE name = 'audit_head'")
        .await;
    let token = bench.token("ada@example.com").await;
    assert_eq!(log.count("integrity_failure"), 1);
    bench.engine.reset_password(&token, NEW).await.unwrap();
    assert_eq!(log.count("integrity_failure"), 2);
    assert_eq!(records(&bench.engine).await.len(), 3);
    assert_eq!(log.count("@example.com"), 0);
}
