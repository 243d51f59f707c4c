//! A role of the database that may add to the trail, and neither change what is recorded nor remove it: the engine works
//! with it, but for making the trail shorter.

use std::time::Duration;

use reset_password::{Scope, UpdateUser};
use reset_password_core::{Clock, Engine};
use reset_password_store::{DatabaseUrl, SqlStore};
use reset_password_test_databases::{Server, Session};

use crate::support::{Backend, Family, Fixture, Kind, NEW, OLD, engine_on, text, user_with};

const ADA: &str = "ada@example.com";

#[test]
fn sec86_a_role_that_may_only_add_to_the_trail_serves_on_postgres() {
    serves(Kind::Postgres15);
}

#[test]
fn sec86_a_role_that_may_only_add_to_the_trail_serves_on_mariadb() {
    serves(Kind::MariaDb10_11);
}

/// Makes such a role in a database whose tables are there, and answers its URL of it.
fn new_role(fixture: &Fixture) -> String {
    let url = fixture.database.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (login, place) = rest.rsplit_once('@').unwrap();
    let owner = login.split(':').next().unwrap();
    let role = format!("{owner}_r");
    let family = fixture.database.server().unwrap().family();
    let (tables, make) = match family {
        Family::Postgres => (
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'reset_password_%'",
            format!("CREATE ROLE {role} LOGIN PASSWORD 'p'"),
        ),
        Family::MariaDb => (
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
            format!("CREATE USER {role} IDENTIFIED BY 'p'"),
        ),
    };
    let mut session = fixture.database.session();
    let tables: Vec<_> = session
        .run(tables)
        .unwrap()
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    assert!(tables.len() > 5, "{tables:?}");
    session.run(&make).unwrap();
    if family == Family::Postgres {
        let query = "SELECT schemaname FROM pg_tables WHERE tablename = 'reset_password_events'";
        let namespace = fixture.database.value(query);
        let name = place.rsplit('/').next().unwrap();
        for right in [
            format!("CONNECT ON DATABASE {name}"),
            format!("USAGE ON SCHEMA {namespace}"),
        ] {
            session.run(&format!("GRANT {right} TO {role}")).unwrap();
        }
    }
    for table in tables {
        let rights = if table == "reset_password_events" {
            "SELECT, INSERT"
        } else {
            "SELECT, INSERT, UPDATE, DELETE"
        };
        session
            .run(&format!("GRANT {rights} ON {table} TO {role}"))
            .unwrap();
    }
    format!("{scheme}://{role}:p@{place}")
}

fn serves(kind: Kind) {
    let fixture = &Fixture::on(Backend::Server(kind));
    let url = new_role(fixture);
    let parsed = DatabaseUrl::parse(&url).unwrap();
    let store = SqlStore::open(parsed, None, false, fixture.clock.now()).unwrap();
    let engine = engine_on(store, &fixture.clock, |_| {});
    everything(&engine);
    assert!(engine.verify_audit().unwrap().is_whole());

    let mut session: Session = Server::running(&url).session(&url);
    for statement in [
        "UPDATE reset_password_events SET data = '{}'",
        "UPDATE reset_password_events SET sequence = sequence + 1",
        "DELETE FROM reset_password_events",
        "TRUNCATE TABLE reset_password_events",
        "DROP TABLE reset_password_events",
    ] {
        let refused = session.run(statement).unwrap_err();
        let is_denied = ["denied", "must be owner"]
            .iter()
            .any(|word| refused.contains(word));
        assert!(is_denied, "{statement}: {refused}");
    }
    let counted = session
        .run("SELECT count(*) FROM reset_password_events")
        .unwrap();
    assert!(counted[0][0].as_deref().unwrap().parse::<u32>().unwrap() > 10);
    assert!(engine.verify_audit().unwrap().is_whole());

    // What else is dead goes; the trail stays, and whoever owns the tables makes it shorter.
    fixture.clock.advance(Duration::from_hours(91 * 24));
    let purged = engine.purge(1_000).unwrap();
    assert_eq!(purged.events, 0);
    assert_eq!(fixture.count("reset_password_resets"), 0);
    assert_eq!(fixture.count("reset_password_requests"), 0);
    assert!(engine.verify_audit().unwrap().is_whole());
    assert!(fixture.engine.purge(1_000).unwrap().events > 10);
    assert!(engine.verify_audit().unwrap().is_whole());
}

/// One of each thing that is recorded, and a login.
fn everything(engine: &Engine<SqlStore>) {
    let id = engine.create_user(user_with(ADA, OLD)).unwrap().id;
    let reset = engine.create_password_reset(ADA).unwrap();
    engine.get_password_reset(&reset.id).unwrap();
    engine
        .reset_password(text(&reset.password_reset_token), NEW)
        .unwrap();
    engine.authenticate_with_password(ADA, NEW).unwrap();
    engine.request_password_reset(ADA).unwrap().unwrap();
    engine.request_password_reset("nobody@example.com").unwrap();
    engine.revoke_password_resets(Some(&id)).unwrap();
    let name = UpdateUser {
        name: Some("Ada".into()),
        ..UpdateUser::default()
    };
    engine.update_user(&id, name).unwrap();
    let key = engine
        .create_api_key("app", &[Scope::UsersRead], 90)
        .unwrap();
    engine.authenticate_api_key(text(&key.key)).unwrap();
    let key = engine
        .rotate_api_key(&key.api_key.id, 90, Duration::ZERO)
        .unwrap();
    engine.revoke_api_key(&key.api_key.id).unwrap();
    engine.delete_user(&id).unwrap();
    engine.events(None, 100).unwrap();
    engine.purge(1_000).unwrap();
}
