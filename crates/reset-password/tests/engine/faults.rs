//! Faults that are put into a database.

use reset_password_test_databases::Server;

use crate::support::{Family, Fixture};

/// A fault, and how to take it out again.
pub struct Fault {
    pub put: Vec<String>,
    pub take: Vec<String>,
}

/// Makes PostgreSQL's triggers refuse.
pub const REFUSE: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql \
     AS 'BEGIN RAISE EXCEPTION ''fault''; END'";

impl Fault {
    /// Triggers that refuse a change before or after it is made: on SQLite there are two ways to refuse.
    pub fn triggers(fixture: &Fixture, table: &str, change: &str, moment: &str) -> Vec<Self> {
        let head = format!("CREATE TRIGGER fault {moment} {change} ON {table}");
        match fixture.database.server().map(Server::family) {
            // With the second the whole transaction is rolled back already.
            None => ["ABORT", "ROLLBACK"]
                .map(|how| Self {
                    put: vec![format!("{head} BEGIN SELECT RAISE({how}, 'fault'); END")],
                    take: vec!["DROP TRIGGER fault".to_owned()],
                })
                .into(),
            Some(Family::Postgres) => vec![Self {
                put: vec![
                    REFUSE.to_owned(),
                    format!("{head} FOR EACH ROW EXECUTE FUNCTION refuse()"),
                ],
                take: vec!["DROP FUNCTION refuse CASCADE".to_owned()],
            }],
            Some(Family::MariaDb) => vec![Self {
                put: vec![format!("{head} FOR EACH ROW SIGNAL SQLSTATE '45000'")],
                take: vec!["DROP TRIGGER fault".to_owned()],
            }],
        }
    }

    pub fn put(&self, fixture: &Fixture) {
        run(fixture, &self.put);
    }

    pub fn take(&self, fixture: &Fixture) {
        run(fixture, &self.take);
    }

    /// Does something while the fault is there.
    pub fn during<T>(&self, fixture: &Fixture, work: impl FnOnce() -> T) -> T {
        self.put(fixture);
        let done = work();
        self.take(fixture);
        done
    }
}

fn run(fixture: &Fixture, statements: &[String]) {
    let mut session = fixture.database.session();
    for statement in statements {
        let done = session.run(statement);
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}
