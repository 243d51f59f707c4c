//! A fault at each point of a reset, one after the other: it is done once, or not at all and can be done again.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use reset_password::{Code, Error, User};
use reset_password_core::{Clock, Engine, Random, RandomError};
use reset_password_store::SqlStore;
use rustix::process::{Signal, getpid, kill_process};

use crate::support::{
    Fixture, NEW, OLD, OsRandom, TestClock, engine, said_by, text, user_with, worker_on,
    worker_role,
};

on_each_database!(
    sec15_an_error_at_any_point_of_a_reset_undoes_it,
    sec15_a_panic_at_any_point_of_a_reset_undoes_it,
    sec15_a_process_that_is_killed_at_any_point_of_a_reset_has_done_nothing,
    sec15_a_rival_with_the_same_token_at_any_point_of_a_reset_leaves_one_winner,
);

/// At least so many points there are: the reset is judged, its password hashed, the transaction begun, the
/// token spent and the password set.
const POINTS: u32 = 4;

const RIVAL: &str = "the password of somebody who was faster";

/// Randomness of which every use counts as a look at the clock: what happens at a look can so happen wherever
/// the engine asks for something. It fails once after it was told to.
struct Points {
    clock: TestClock,
    fails: Arc<AtomicBool>,
}

impl Random for Points {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        self.clock.now();
        if self.fails.swap(false, Ordering::SeqCst) {
            return Err(RandomError("a failpoint".into()));
        }
        OsRandom.fill(buffer)
    }
}

/// An engine whose points are counted, and what makes its randomness fail.
fn counted(url: &str, clock: &TestClock) -> (Engine<SqlStore>, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(false));
    let random = Points {
        clock: clock.clone(),
        fails: Arc::clone(&fails),
    };
    let engine = engine(url, clock, |config| config.random = Arc::new(random));
    (engine, fails)
}

/// A reset of an account of its own.
struct Try<'a> {
    fixture: &'a Fixture,
    email: String,
    id: String,
    token: String,
}

impl<'a> Try<'a> {
    fn new(fixture: &'a Fixture, point: u32) -> Self {
        let email = format!("user{point}@example.com");
        fixture.engine.create_user(user_with(&email, OLD)).unwrap();
        let reset = fixture.engine.create_password_reset(&email).unwrap();
        Self {
            fixture,
            email,
            token: text(&reset.password_reset_token).to_owned(),
            id: reset.id,
        }
    }

    /// Whether this password is in force: then the token is spent and told of once. Else none of it is done.
    fn has_set(&self, password: &str) -> bool {
        let accepts = |password| self.fixture.accepts(&self.email, password);
        let applied = accepts(password);
        assert_ne!(accepts(OLD), applied, "one password is in force");
        let records = self.fixture.engine.audit(i64::MIN, 1_000).unwrap();
        let told = records.iter().filter(|record| {
            record.event == "password_reset.succeeded" && record.data["id"] == self.id.as_str()
        });
        assert_eq!(told.count(), usize::from(applied));
        let spent = format!(
            "SELECT count(*) FROM reset_password_resets WHERE id = '{}' AND used_at IS NOT NULL",
            self.id
        );
        let spent = self.fixture.database.value(&spent);
        assert_eq!(spent, u8::from(applied).to_string());
        applied
    }

    /// Nothing was done, and it can be.
    fn is_undone(&self) {
        assert!(!self.has_set(NEW));
        self.fixture
            .engine
            .reset_password(&self.token, NEW)
            .unwrap();
        assert!(self.has_set(NEW));
    }
}

/// Tries a reset with something that happens at its first point, then at its second, until it is through
/// before anything happens. `outcome` looks at what became of it, when something has happened.
fn at_each_point<T>(
    fixture: &Fixture,
    mut attempt: impl FnMut(&Try<'_>, u32) -> T,
    outcome: impl Fn(&Try<'_>, T),
) {
    for point in 1.. {
        let reset = Try::new(fixture, point);
        let done = attempt(&reset, point);
        if !fixture.clock.was_looked_at() {
            fixture.clock.at_look(u32::MAX, || {});
            assert!(reset.has_set(NEW));
            assert!(point > POINTS, "there are {point} points");
            break;
        }
        outcome(&reset, done);
    }
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
    assert_eq!(fixture.database.damage(), [""; 0]);
}

/// At a look at the clock the next use of randomness fails; the last look of all is at its use.
fn sec15_an_error_at_any_point_of_a_reset_undoes_it(fixture: &Fixture) {
    let (engine, fails) = counted(fixture.database.url(), &fixture.clock);
    let attempt = |reset: &Try<'_>, point| {
        let fails = Arc::clone(&fails);
        fixture
            .clock
            .at_look(point, move || fails.store(true, Ordering::SeqCst));
        engine.reset_password(&reset.token, NEW)
    };
    at_each_point(fixture, attempt, |reset, done: Result<User, Error>| {
        assert_eq!(done.unwrap_err().code(), Code::Internal);
        reset.is_undone();
    });
}

fn sec15_a_panic_at_any_point_of_a_reset_undoes_it(fixture: &Fixture) {
    let (engine, _) = counted(fixture.database.url(), &fixture.clock);
    let attempt = |reset: &Try<'_>, point| {
        fixture.clock.at_look(point, || panic!("a failpoint"));
        let call = AssertUnwindSafe(|| engine.reset_password(&reset.token, NEW));
        panic::catch_unwind(call)
    };
    at_each_point(fixture, attempt, |reset, done| {
        assert!(!matches!(done, Ok(Ok(_))), "it went on");
        reset.is_undone();
        // The engine in which it happened goes on.
        let again = engine.reset_password(&reset.token, NEW);
        assert_eq!(again.unwrap_err().code(), Code::PasswordResetTokenNotFound);
    });
}

fn sec15_a_process_that_is_killed_at_any_point_of_a_reset_has_done_nothing(fixture: &Fixture) {
    let (url, folder) = (fixture.database.url(), fixture.folder.path());
    let attempt = |reset: &Try<'_>, point: u32| {
        fs::write(folder.join("token"), &reset.token).unwrap();
        let mut worker = worker_on("failpoints::killed", url, folder, &point.to_string());
        let ended = worker.wait().unwrap();
        if ended.success() {
            assert!(said_by(worker).contains("survived"));
            // As if nobody had looked, for the worker has a clock of its own.
            fixture.clock.at_look(u32::MAX, || {});
        }
    };
    at_each_point(fixture, attempt, |reset, ()| reset.is_undone());
}

/// The worker process of the test above.
#[test]
fn killed() {
    let Some(role) = worker_role() else { return };
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    let clock = TestClock::at(reset_password::Timestamp::from_unix_millis(
        1_800_000_000_000,
    ));
    let (engine, _) = counted(&role.database, &clock);
    let point = role.name.parse().unwrap();
    clock.at_look(point, || kill_process(getpid(), Signal::KILL).unwrap());
    engine.reset_password(&token, NEW).unwrap();
    println!("\nsurvived");
}

/// The rival has until it is through, or waits for what the first holds.
fn sec15_a_rival_with_the_same_token_at_any_point_of_a_reset_leaves_one_winner(fixture: &Fixture) {
    let (engine, _) = counted(fixture.database.url(), &fixture.clock);
    let rival = Arc::new(fixture.another(|_| {}));
    let attempt = |reset: &Try<'_>, point| {
        let (rival, token) = (Arc::clone(&rival), reset.token.clone());
        let (handing_over, handed_over) = mpsc::channel();
        fixture.clock.at_look(point, move || {
            let (ending, ended) = mpsc::channel();
            let running = thread::spawn(move || {
                let done = rival.reset_password(&token, RIVAL);
                let _ = ending.send(());
                done
            });
            let _ = ended.recv_timeout(Duration::from_millis(300));
            handing_over.send(running).unwrap();
        });
        let first = engine.reset_password(&reset.token, NEW);
        let rival = handed_over.try_recv().ok();
        (first, rival.map(|running| running.join().unwrap()))
    };
    at_each_point(fixture, attempt, |reset, (first, rival)| {
        let (winner, loser) = match (first, rival.unwrap()) {
            (Ok(_), Err(loser)) => (NEW, loser),
            (Err(loser), Ok(_)) => (RIVAL, loser),
            neither => panic!("{neither:?}"),
        };
        assert_eq!(loser.code(), Code::PasswordResetTokenNotFound);
        assert!(reset.has_set(winner));
    });
}
