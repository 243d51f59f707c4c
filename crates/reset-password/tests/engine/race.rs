//! One token, many hands, in many processes.

use std::{
    cell::Cell,
    fs,
    num::NonZero,
    sync::{Arc, Barrier, OnceLock},
    thread,
};

use reset_password::{Code, Timestamp};

use crate::support::{
    Backend, Fixture, Kind, OLD, Role, TestClock, engine_on, long,
    observed::{Moment, Observed},
    said_by, store_with,
    table::Table,
    wait_for_all, worker_on, worker_role,
};

on_each_database!(sec14_consume_race);
on_each_database!(sec14_consume_race_of_django: sec14_consume_race);

/// Processes, and confirms of each: 201 in all.
const PROCESSES: usize = 3;
const CONFIRMS: usize = 67;

/// Passwords that each process hashes at once. Eight times as many wait for their turn.
const HASHES: usize = 8;

/// Of each process. All connections together are fewer than the pooler has; and that a busy machine lets them wait
/// is no part of the race.
const PARAMETERS: &str =
    "max_connections=6&connect_timeout=60&lock_timeout=60000&statement_timeout=120000";

const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

/// At the isolation that is the default: read committed.
fn sec14_consume_race(fixture: &Fixture) {
    race(fixture, "");
}

#[test]
fn sec14_consume_race_at_each_isolation_of_postgres() {
    at_each_isolation(Kind::Postgres15);
}

#[test]
fn sec14_consume_race_at_each_isolation_of_mariadb() {
    at_each_isolation(Kind::MariaDb10_11);
}

/// Every isolation level that SQLite offers is one.
fn at_each_isolation(kind: Kind) {
    for isolation in ["read-committed", "repeatable-read", "serializable"] {
        let fixture = Fixture::on(Backend::Server(kind));
        race(&fixture, &format!("&isolation={isolation}"));
    }
}

#[test]
fn sec14_consume_race_through_a_pooler() {
    race(&Fixture::on(Backend::PgBouncer), "");
}

/// Each process on another node: no node's locks hold the others back, and the cluster decides at the commit.
#[test]
fn sec14_consume_race_on_three_nodes() {
    race(&Fixture::on(Backend::Galera), "");
}

fn race(fixture: &Fixture, parameter: &str) {
    let urls = fixture.database.urls();
    let of_racers = |url: &String| match fixture.database.server() {
        None => url.clone(),
        Some(_) => format!("{url}?{PARAMETERS}{parameter}"),
    };
    let urls: Vec<_> = urls.iter().map(of_racers).collect();
    for round in 0..if long() { 100 } else { 1 } {
        let folder = tempfile::tempdir().unwrap();
        let email = format!("ada{round}@example.com");
        fixture.add(&email, OLD);
        fs::write(folder.path().join("token"), fixture.token(&email)).unwrap();
        fixture.database.settle();
        let racers: Vec<_> = (0..PROCESSES)
            .map(|n| {
                let url = &urls[n % urls.len()];
                worker_on(
                    "race::racer",
                    url,
                    folder.path(),
                    &fixture.table.worker(&n.to_string()),
                )
            })
            .collect();
        let said: Vec<_> = racers.into_iter().map(said_by).collect();
        fixture.database.settle();
        let winner = only_winner(&said);
        let login = |password: &str| fixture.engine.authenticate_with_password(&email, password);
        // Django has no column for that.
        let is_verified = login(&winner).unwrap().email_verified;
        assert_eq!(is_verified, fixture.table == Table::Own, "round {round}");
        assert_eq!(login(OLD).unwrap_err().code(), Code::InvalidCredentials);
        let succeeded = "SELECT count(*) FROM reset_password_events \
                         WHERE event = 'password_reset.succeeded'";
        assert_eq!(
            fixture.database.value(succeeded),
            (round + 1).to_string(),
            "one event for each token"
        );
    }
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
}

/// The password of the one that won, when every other has lost as it should: at the statement that decides.
fn only_winner(said: &[String]) -> String {
    let (mut winners, mut losers, mut deciders) = (Vec::new(), 0, 0);
    let lines = said.iter().flat_map(|said| said.lines());
    for line in lines.filter_map(|line| line.strip_prefix("racer: ")) {
        let (outcome, reached) = line.rsplit_once(' ').unwrap();
        deciders += usize::from(reached == "true");
        match outcome.split_once(' ') {
            Some(("won", password)) => winners.push(password.to_owned()),
            Some(("lost", "password_reset_token_not_found")) => losers += 1,
            _ => panic!("{line}"),
        }
    }
    let all = PROCESSES * CONFIRMS;
    assert_eq!((winners.len(), losers), (1, all - 1), "{winners:?}");
    assert_eq!(deciders, all, "these came to the statement that decides");
    winners.swap_remove(0)
}

/// How far a racer has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Nowhere yet.
    Starts,
    /// It has read the token as a live one.
    HasRead,
    /// It has hashed its password.
    HasHashed,
    /// It has come to the statement that spends the token.
    Decides,
}

thread_local! {
    /// Those who are no racers have no stage.
    static STAGE: Cell<Option<Stage>> = const { Cell::new(None) };
}

/// What holds the racers back: nobody hashes before all of every process have read the token as a live one, and
/// nobody begins its transaction before all have hashed. Where a transaction begins without a lock, nobody spends
/// the token before one of every process is about to.
struct Gates {
    read: Barrier,
    hashed: Barrier,
    decide: OnceLock<()>,
    role: Role,
}

impl Gates {
    fn new(role: Role) -> Self {
        Self {
            read: Barrier::new(CONFIRMS),
            hashed: Barrier::new(CONFIRMS),
            decide: OnceLock::new(),
            role,
        }
    }

    fn at(&self, step: &str, moment: Moment) {
        match (step, moment) {
            ("find_reset", Moment::After) => self.come_to(Stage::HasRead),
            ("begin", Moment::Before) => self.come_to(Stage::HasHashed),
            ("redeem", Moment::Before) => self.come_to(Stage::Decides),
            _ => {}
        }
    }

    /// Once for each racer: one that has been told to come again has read already.
    fn come_to(&self, stage: Stage) {
        let Some(before) = STAGE.get().filter(|before| *before < stage) else {
            return;
        };
        STAGE.set(Some(stage));
        match stage {
            Stage::HasRead => self.all_come(&self.read, "read"),
            Stage::HasHashed => {
                assert!(before == Stage::HasRead);
                self.all_come(&self.hashed, "hashed");
            }
            // A transaction of SQLite's begins with the lock.
            Stage::Decides if self.role.database.contains("://") => {
                self.decide
                    .get_or_init(|| wait_for_all(&self.role, "decide", PROCESSES));
            }
            Stage::Starts | Stage::Decides => {}
        }
    }

    fn all_come(&self, barrier: &Barrier, stage: &str) {
        if barrier.wait().is_leader() {
            wait_for_all(&self.role, stage, PROCESSES);
        }
        barrier.wait();
    }
}

/// The worker process of the race.
#[test]
fn racer() {
    let Some(role) = worker_role() else { return };
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    let (table, name, database) = (role.table, role.name.clone(), role.database.clone());
    let clock = TestClock::at(NOW);
    let gates = Arc::new(Gates::new(role));
    let seen = Arc::clone(&gates);
    let store = Observed::new(store_with(table, &database, &clock), move |step, moment| {
        seen.at(step, moment);
        Ok(())
    });
    let engine = engine_on(store, &clock, |config| {
        table.configure(config);
        config.cores = NonZero::new(HASHES).unwrap();
        config.memory_budget_kib = 19_456 * u32::try_from(HASHES).unwrap();
    });
    let confirm = |n: usize| {
        let password = format!("the new password of process {name} thread {n}");
        loop {
            match engine.reset_password(&token, &password) {
                Ok(_) => return format!("won {password}"),
                // Too many wanted to hash. The token is a live one as long as this racer has not hashed.
                Err(error) if error.code() == Code::Overloaded => {}
                Err(error) => return format!("lost {}", error.code()),
            }
        }
    };
    let run = |n: usize| {
        STAGE.set(Some(Stage::Starts));
        let outcome = confirm(n);
        let reached = STAGE.get() == Some(Stage::Decides);
        // Whoever failed before keeps nobody waiting.
        gates.come_to(Stage::HasRead);
        gates.come_to(Stage::HasHashed);
        (outcome, reached)
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let run = &run;
        let racers: Vec<_> = (0..CONFIRMS).map(|n| scope.spawn(move || run(n))).collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    for (outcome, reached) in outcomes {
        println!("\nracer: {outcome} {reached}");
    }
}
