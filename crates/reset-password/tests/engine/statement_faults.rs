//! A statement of a reset that the database refuses, or the commit: all that came before it is undone.

use reset_password::Code;

use crate::{
    faults::{Fault, REFUSE},
    support::{Backend, Fixture, Kind, NEW, OLD},
};

on_each_database!(sec15_a_statement_that_fails_undoes_a_reset);

const ADA: &str = "ada@example.com";

/// What a reset does to its tables: sets the password, spends the token, tells of it.
const CHANGES: [(&str, &str); 3] = [
    ("reset_password_users", "UPDATE"),
    ("reset_password_resets", "UPDATE"),
    ("reset_password_events", "INSERT"),
];

/// A trigger that refuses, before and after each change.
fn faults(fixture: &Fixture) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, change) in CHANGES {
        for moment in ["BEFORE", "AFTER"] {
            faults.extend(Fault::triggers(fixture, table, change, moment));
        }
    }
    faults
}

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
    for fault in faults {
        let (put, before) = (&fault.put, fixture.state());
        let reset = fault.during(fixture, || fixture.engine.reset_password(&token, NEW));
        let error = reset.unwrap_err();
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
