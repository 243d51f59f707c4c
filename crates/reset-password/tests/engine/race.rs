//! One token, many hands, in many processes.

use std::{
    cell::Cell,
    fs,
    num::NonZero,
    sync::{Arc, Barrier, OnceLock},
    thread,
};

use reset_password::{Code, Timestamp};
use reset_password_core::Clock;

use crate::support::{
    Backend, Fixture, Kind, OLD, Role, TestClock, engine, long, said_by, user_with, wait_for_all,
    worker_on, worker_role,
};

on_each_database!(sec14_consume_race);

/// Processes, and confirms of each.
const PROCESSES: usize = 3;
const CONFIRMS: usize = 200;

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
        fixture.engine.create_user(user_with(&email, OLD)).unwrap();
        fs::write(folder.path().join("token"), fixture.token(&email)).unwrap();
        fixture.database.settle();
        let racers: Vec<_> = (0..PROCESSES)
            .map(|n| {
                let url = &urls[n % urls.len()];
                worker_on("race::racer", url, folder.path(), &n.to_string())
            })
            .collect();
        let said: Vec<_> = racers.into_iter().map(said_by).collect();
        fixture.database.settle();
        let winner = only_winner(&said);
        let login = |password: &str| fixture.engine.authenticate_with_password(&email, password);
        assert!(login(&winner).unwrap().email_verified, "round {round}");
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

/// The password of the one that won, when every other has lost as it should.
fn only_winner(said: &[String]) -> String {
    let (mut winners, mut losers, mut deciders) = (Vec::new(), 0, 0);
    let lines = said.iter().flat_map(|said| said.lines());
    for line in lines.filter_map(|line| line.strip_prefix("racer: ")) {
        let (outcome, looks) = line.rsplit_once(' ').unwrap();
        // The first is at the token that was read, the second inside the transaction that spends it.
        deciders += usize::from(looks.parse::<u32>().unwrap() >= 2);
        match outcome.split_once(' ') {
            Some(("won", password)) => winners.push(password.to_owned()),
            Some(("lost", "password_reset_token_not_found")) => losers += 1,
            _ => panic!("{line}"),
        }
    }
    assert_eq!(
        (winners.len(), losers),
        (1, PROCESSES * CONFIRMS - 1),
        "{winners:?}"
    );
    // Whoever hashes at once has not been told anything before it wants to spend the token.
    println!("{deciders} of {} wanted to spend the token", losers + 1);
    assert!(deciders >= PROCESSES * HASHES, "{deciders}");
    winners.swap_remove(0)
}

thread_local! {
    /// How often a racer has looked at the clock. Others are none.
    static LOOKS: Cell<Option<u32>> = const { Cell::new(None) };
}

/// A clock that tells nobody the time before every racer of every process has read the token as a live one; and
/// where nobody has a lock yet, none of those who want to spend it before one of every process wants to.
struct Gate {
    clock: TestClock,
    here: Barrier,
    decide: OnceLock<()>,
    role: Role,
}

impl Clock for Gate {
    fn now(&self) -> Timestamp {
        if let Some(looks) = LOOKS.get() {
            LOOKS.set(Some(looks + 1));
            match looks {
                0 => {
                    if self.here.wait().is_leader() {
                        wait_for_all(&self.role, "read", PROCESSES);
                    }
                    self.here.wait();
                }
                // A transaction of SQLite's begins with the lock.
                1 if self.role.database.contains("://") => {
                    self.decide
                        .get_or_init(|| wait_for_all(&self.role, "decide", PROCESSES));
                }
                _ => {}
            }
        }
        self.clock.now()
    }
}

/// The worker process of the race.
#[test]
fn racer() {
    let Some(role) = worker_role() else { return };
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    let (name, database) = (role.name.clone(), role.database.clone());
    let clock = TestClock::at(NOW);
    let gate = Arc::new(Gate {
        clock: clock.clone(),
        here: Barrier::new(CONFIRMS),
        decide: OnceLock::new(),
        role,
    });
    let engine = engine(&database, &clock, |config| {
        config.clock = Arc::clone(&gate) as Arc<dyn Clock>;
        config.cores = NonZero::new(HASHES).unwrap();
        config.memory_budget_kib = 19_456 * u32::try_from(HASHES).unwrap();
    });
    let confirm = |n: usize| {
        let password = format!("the new password of process {name} thread {n}");
        match engine.reset_password(&token, &password) {
            Ok(_) => format!("won {password}"),
            Err(error) => format!("lost {}", error.code()),
        }
    };
    let run = |n: usize| {
        LOOKS.set(Some(0));
        let outcome = confirm(n);
        let looks = LOOKS.get().unwrap_or_default();
        if looks == 0 {
            // It failed before; the others need not wait for it.
            gate.now();
        }
        (n, outcome, looks)
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let run = &run;
        let racers: Vec<_> = (0..CONFIRMS).map(|n| scope.spawn(move || run(n))).collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    for (n, mut outcome, looks) in outcomes {
        // Too many wanted to hash. By now those who did have decided.
        if outcome == "lost overloaded" {
            outcome = confirm(n);
        }
        println!("\nracer: {outcome} {looks}");
    }
}
