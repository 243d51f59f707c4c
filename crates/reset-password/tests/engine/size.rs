//! A database with as many users and resets as any has: a reset costs there what it costs where there are few.
//!
//! In the long run alone. `RESET_PASSWORD_ROWS` says how many, a power of ten: 100,000 unless told, and 10,000,000
//! for the figure of docs/guides/databases.md, which `tests/bench/size.py` draws of what is printed here.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reset_password::Timestamp;
use reset_password_core::{Clock, Engine, Random, RandomError};
use reset_password_store::SqlStore;
use reset_password_test_databases::Server;
use serde_json::json;

use crate::{
    filling::Filling,
    support::{Database, Fixture, OsRandom, TestClock, engine, long, text},
};

on_each_database!(a_large_database_makes_no_reset_dearer);

/// Rows of the first measure; each one after it has ten times as many.
const LEAST: i64 = 100_000;

/// Rounds that count, and those before them. Each is another user's.
const ROUNDS: i64 = 60;
const WARM_UP: i64 = 5;
const USERS: i64 = ROUNDS + WARM_UP;

/// What a reset may cost there, as a share of what it costs where there are few.
const TARGET: f64 = 1.20;

fn a_large_database_makes_no_reset_dearer(large: &Fixture) {
    if !long() {
        return;
    }
    let most = std::env::var("RESET_PASSWORD_ROWS").map_or(LEAST, |rows| rows.parse().unwrap());
    let small = Fixture::on(large.database.backend());
    Filling::of(&small.database, USERS).grow_to(USERS);
    let measured_small = Measured::new(&small.database);
    let measured_large = Measured::new(&large.database);
    let filling = Filling::of(&large.database, most);
    let mut rows = LEAST;
    while rows <= most {
        filling.grow_to(rows);
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for round in 0..USERS {
            let mut small = || few.push(measured_small.reset(round + 1));
            let mut large = || many.push(measured_large.reset(filling.nth(rows, round, USERS)));
            // In turn, so that the drift of a busy machine meets both alike.
            if round % 2 == 0 {
                small();
                large();
            } else {
                large();
                small();
            }
        }
        let warm = usize::try_from(WARM_UP).unwrap();
        judge(&large.database, rows, &few[warm..], &many[warm..]);
        rows *= 10;
    }
}

/// Prints what was measured, and compares the medians.
fn judge(database: &Database, rows: i64, few: &[Cost], many: &[Cost]) {
    let name = match database.server().map(Server::family) {
        None => "SQLite".to_owned(),
        Some(family) => format!("{family:?}"),
    };
    let ratio = |part: fn(&Cost) -> Duration| {
        let median = |costs: &[Cost]| {
            let mut durations: Vec<_> = costs.iter().map(part).collect();
            durations.sort_unstable();
            durations[durations.len() / 2].as_secs_f64()
        };
        median(many) / median(few)
    };
    let (whole, database) = (ratio(|cost| cost.whole), ratio(|cost| cost.without_hash));
    let samples = |costs: &[Cost]| {
        let pair = |cost: &Cost| json!([cost.whole.as_secs_f64(), cost.without_hash.as_secs_f64()]);
        costs.iter().map(pair).collect::<Vec<_>>()
    };
    println!(
        "\nsize: {}",
        json!({
            "database": name, "rows": rows, "whole": whole, "without_hash": database,
            "seconds_few": samples(few), "seconds_many": samples(many),
        })
    );
    assert!(
        whole < TARGET,
        "{name}: a reset among {rows} costs {whole:.2} of one among few"
    );
}

/// What one reset took.
struct Cost {
    /// Created and redeemed.
    whole: Duration,
    /// The same without the hash, which no row has a part in.
    without_hash: Duration,
}

/// An engine on a database, and when it hashed.
struct Measured {
    engine: Engine<SqlStore>,
    hash: Arc<Hash>,
}

impl Measured {
    fn new(database: &Database) -> Self {
        let clock = TestClock::at(Filling::NOW);
        let hash = Arc::new(Hash {
            clock: clock.clone(),
            span: Mutex::default(),
        });
        let engine = engine(database.url(), &clock, |config| {
            config.clock = Arc::clone(&hash) as Arc<dyn Clock>;
            config.random = Arc::clone(&hash) as Arc<dyn Random>;
        });
        Self { engine, hash }
    }

    /// Resets the password of a user of the filling.
    fn reset(&self, user: i64) -> Cost {
        let began = now();
        let reset = self
            .engine
            .create_password_reset(&Filling::email(user))
            .unwrap();
        *self.hash.span.lock().unwrap() = Span::Awaited;
        let password = format!("tangerine lighthouse {user} bicycle");
        self.engine
            .reset_password(text(&reset.password_reset_token), &password)
            .unwrap();
        let whole = began.elapsed();
        let Span::Ended(hash) = *self.hash.span.lock().unwrap() else {
            panic!("it was not seen to hash");
        };
        Cost {
            whole,
            without_hash: whole.checked_sub(hash).unwrap(),
        }
    }
}

/// A clock and a source of random bytes that see when a password is hashed: the salt is drawn just before, and
/// the time is looked at just after, when the transaction has begun.
struct Hash {
    clock: TestClock,
    span: Mutex<Span>,
}

#[derive(Clone, Copy, Default)]
enum Span {
    #[default]
    Unwatched,
    Awaited,
    Begun(Instant),
    Ended(Duration),
}

impl Clock for Hash {
    fn now(&self) -> Timestamp {
        let mut span = self.span.lock().unwrap();
        if let Span::Begun(began) = *span {
            *span = Span::Ended(began.elapsed());
        }
        self.clock.now()
    }
}

impl Random for Hash {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        let filled = OsRandom.fill(buffer);
        let mut span = self.span.lock().unwrap();
        if let Span::Awaited = *span {
            *span = Span::Begun(now());
        }
        filled
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
fn now() -> Instant {
    Instant::now()
}
