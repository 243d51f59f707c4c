//! How often a call goes to a server and back. Each trip is time that somebody waits, and those while the end of
//! the audit trail is locked are time that everybody waits.

use std::{path::Path, time::Duration};

use reset_password_test_databases::{Backend, Database, Kind, Proxy, through};

use crate::support::{NEW, OLD, TestClock, engine_on, store_with, table::Table, text, user_with};

/// Trips of a call, counted at a proxy before the server.
struct Counted {
    proxy: Proxy,
}

impl Counted {
    fn trips<T>(&self, call: impl FnOnce() -> T) -> u64 {
        self.proxy.reset_count();
        call();
        self.proxy.count()
    }
}

fn count_on(kind: Kind, table: Table) {
    let database = Database::new(Backend::Server(kind), Path::new(""));
    let server = database.server().unwrap();
    table.make(&database);
    let proxy = Proxy::before(server.address());
    let url = through(database.url(), proxy.address());
    let clock = TestClock::at(reset_password::Timestamp::from_unix_millis(
        1_800_000_000_000,
    ));
    let store = store_with(table, &url, &clock);
    let engine = engine_on(store, &clock, |config| table.configure(config));
    let counted = Counted { proxy };
    let email = "ada@example.com";
    match table {
        Table::Own => drop(engine.create_user(user_with(email, OLD)).unwrap()),
        Table::Django => table.add(&database, email, OLD),
    }
    // The first of each makes connections and statements ready, and sweeps.
    let reset = engine.create_password_reset(email).unwrap();
    engine
        .reset_password(text(&reset.password_reset_token), OLD)
        .unwrap();
    engine.authenticate_with_password(email, OLD).unwrap();
    engine.request_password_reset("nobody@example.com").unwrap();
    for _ in 0..2 {
        let failure = engine.authenticate_with_password("somebody@example.com", OLD);
        failure.unwrap_err();
    }

    let unknown = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let refusal = counted.trips(|| engine.reset_password(unknown, NEW).unwrap_err());
    let mut reset = None;
    let create = counted.trips(|| reset = Some(engine.create_password_reset(email).unwrap()));
    let token = reset.unwrap().password_reset_token;
    let confirm = counted.trips(|| engine.reset_password(text(&token), NEW).unwrap());
    let login = counted.trips(|| engine.authenticate_with_password(email, NEW).unwrap());
    let request = |email| counted.trips(|| engine.request_password_reset(email).unwrap());
    let nobody = "no-one@example.com";
    let (known, unknown) = (request(email), request(nobody));
    clock.advance(Duration::from_mins(1));
    let (known_again, unknown_again) = (request(email), request(nobody));
    let (known_beyond, unknown_beyond) = (request(email), request(nobody));

    // With an outbox there is one more, whosever the address is, as long as there is a link.
    let store = store_with(table, &url, &clock);
    let mailing = engine_on(store, &clock, |config| {
        table.configure(config);
        config.messages = true;
    });
    mailing.request_password_reset("new@example.com").unwrap();
    let mail = |email| counted.trips(|| mailing.request_password_reset(email).unwrap());
    clock.advance(Duration::from_hours(25));
    let mailed = [email, nobody].map(mail);
    clock.advance(Duration::from_mins(1));
    let mailed_again = [email, nobody].map(mail);
    let mailed_beyond = [email, nobody].map(mail);
    assert_eq!(mailed, [known + 1; 2]);
    assert_eq!(mailed_again, [known_again + 1; 2]);
    assert_eq!(mailed_beyond, [known_beyond; 2]);

    let fail = |email| {
        let login = || engine.authenticate_with_password(email, OLD);
        counted.trips(|| login().unwrap_err())
    };
    let fail_both = || (fail(email), fail("no-one@example.com"));
    let mut failures: Vec<_> = (0..3).map(|_| fail_both()).collect();
    // One write in sixteen sweeps.
    for _ in 0..3 {
        fail("somebody@example.com");
    }
    failures.extend((0..3).map(|_| fail_both()));

    // On another system's table the row of what it has no column for is made and written, two tables are, and the user is
    // read again.
    let costs = match (table, kind) {
        (Table::Own, _) => (1, 6, 3),
        (Table::Django, Kind::MariaDb10_11) => (1, 10, 6),
        (Table::Django, _) => (1, 10, 7),
    };
    assert_eq!((refusal, confirm, login), costs);
    assert_eq!((create, known, known_again), (8, 11, 9));
    assert!(known_beyond <= 3, "begin, count, end");
    assert_eq!(
        [known, known_again, known_beyond],
        [unknown, unknown_again, unknown_beyond],
        "the number of trips tells who has an account"
    );
    for (known, nobody) in failures {
        assert_eq!(known, nobody, "a failure tells who has an account");
    }
}

#[test]
fn on_postgres() {
    count_on(Kind::Postgres15, Table::Own);
}

#[test]
fn on_mariadb() {
    count_on(Kind::MariaDb10_11, Table::Own);
}

#[test]
fn on_djangos_table_on_postgres() {
    count_on(Kind::Postgres15, Table::Django);
}

#[test]
fn on_djangos_table_on_mariadb() {
    count_on(Kind::MariaDb10_11, Table::Django);
}
