//! A statement of a reset that the database refuses, or the commit: all that came before it is undone.

use reset_password::Code;
use reset_password_test_databases::Server;

use crate::support::{Backend, Family, Fixture, Kind, NEW, OLD};

on_each_database!(sec15_a_statement_that_fails_undoes_a_reset);

const ADA: &str = "ada@example.com";

/// What a reset does to its tables: sets the password, spends the token, tells of it.
const CHANGES: [(&str, &str); 3] = [
    ("reset_password_users", "UPDATE"),
    ("reset_password_resets", "UPDATE"),
    ("reset_password_events", "INSERT"),
];

/// A fault that is put into the database, and how to take it out again.
struct Fault {
    put: Vec<String>,
    take: Vec<String>,
}

impl Fault {
    fn run(fixture: &Fixture, statements: &[String]) {
        let mut session = fixture.database.session();
        for statement in statements {
            let done = session.run(statement);
            done.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }
}

/// A trigger that refuses, before and after each change.
fn faults(fixture: &Fixture) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, change) in CHANGES {
        for moment in ["BEFORE", "AFTER"] {
            let head = format!("CREATE TRIGGER fault {moment} {change} ON {table}");
            match fixture.database.server().map(Server::family) {
                // With the second the whole transaction is rolled back already.
                None => faults.extend(["ABORT", "ROLLBACK"].map(|how| Fault {
                    put: vec![format!("{head} BEGIN SELECT RAISE({how}, 'fault'); END")],
                    take: vec!["DROP TRIGGER fault".to_owned()],
                })),
                Some(Family::Postgres) => faults.push(Fault {
                    put: vec![
                        REFUSE.to_owned(),
                        format!("{head} FOR EACH ROW EXECUTE FUNCTION refuse()"),
                    ],
                    take: vec!["DROP FUNCTION refuse CASCADE".to_owned()],
                }),
                Some(Family::MariaDb) => faults.push(Fault {
                    put: vec![format!("{head} FOR EACH ROW SIGNAL SQLSTATE '45000'")],
                    take: vec!["DROP TRIGGER fault".to_owned()],
                }),
            }
        }
    }
    faults
}

const REFUSE: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql \
     AS 'BEGIN RAISE EXCEPTION ''fault''; END'";

/// Something that only the commit finds wrong.
fn late_fault(fixture: &Fixture) -> Fault {
    if fixture.database.server().is_none() {
        return Fault {
            put: vec![
                "CREATE TABLE parent (id INTEGER PRIMARY KEY)".to_owned(),
                "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
                    .to_owned(),
                "CREATE TRIGGER fault AFTER INSERT ON reset_password_events \
                 BEGIN INSERT INTO child VALUES (1); END"
                    .to_owned(),
            ],
            take: vec!["DROP TRIGGER fault".to_owned()],
        };
    }
    Fault {
        put: vec![
            REFUSE.to_owned(),
            "CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON reset_password_events \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
                .to_owned(),
        ],
        take: vec!["DROP FUNCTION refuse CASCADE".to_owned()],
    }
}

fn sec15_a_statement_that_fails_undoes_a_reset(fixture: &Fixture) {
    undone(fixture, faults(fixture));
}

/// MariaDB checks nothing so late.
#[test]
fn sec15_a_commit_that_is_refused_undoes_a_reset() {
    for backend in [Backend::SqliteFile, Backend::Server(Kind::Postgres15)] {
        let fixture = Fixture::on(backend);
        undone(&fixture, vec![late_fault(&fixture)]);
    }
}

fn undone(fixture: &Fixture, faults: Vec<Fault>) {
    fixture.ada();
    let token = fixture.token(ADA);
    for Fault { put, take } in faults {
        let before = fixture.state();
        Fault::run(fixture, &put);
        let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
        Fault::run(fixture, &take);
        assert_eq!(error.code(), Code::StorageUnavailable, "{put:?}: {error:?}");
        assert!(error.retryable());
        assert_eq!(fixture.state(), before, "{put:?}");
    }
    fixture.engine.reset_password(&token, NEW).unwrap();
    let accepts = |password| fixture.accepts(ADA, password);
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
    assert_eq!(fixture.told("password_reset.succeeded"), 1);
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
    assert_eq!(fixture.database.damage(), [""; 0]);
}
