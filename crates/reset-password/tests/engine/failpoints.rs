//! A fault at each point of a reset, one after the other: it is done once, or not at all and can be done again.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use reset_password::{Code, Error, User};
use reset_password_core::{Engine, Random, RandomError, store::StoreError};
use rustix::process::{Signal, getpid, kill_process};

use crate::support::{
    Fixture, NEW, OLD, OsRandom, TestClock, engine_on,
    observed::{Moment, Observed},
    said_by, store, text, user_with, worker_on, worker_role,
};

on_each_database!(
    sec15_an_error_at_any_point_of_a_reset_undoes_it,
    sec15_a_panic_at_any_point_of_a_reset_undoes_it,
    sec15_a_process_that_is_killed_at_any_point_of_a_reset_has_done_all_or_nothing,
    sec15_a_rival_with_the_same_token_at_any_point_of_a_reset_leaves_one_winner,
);

/// What a reset asks of the store, each with a point before it and one after it.
const STEPS: [&str; 5] = ["find_reset", "begin", "redeem", "append", "commit"];

const RIVAL: &str = "the password of somebody who was faster";
const AGAIN: &str = "one more password for the same token";

/// Where a reset asks for something: each is a look at the clock, so that what happens at a look happens there. Of
/// those in which the engine asks for something that may fail, one fails after it was told to.
#[derive(Clone)]
struct Points {
    clock: TestClock,
    fails: Arc<AtomicBool>,
    /// The steps of the store that were come to, in their order.
    passed: Arc<Mutex<Vec<(&'static str, Moment)>>>,
}

impl Points {
    fn new(clock: &TestClock) -> Self {
        Self {
            clock: clock.clone(),
            fails: Arc::default(),
            passed: Arc::default(),
        }
    }

    /// Something is asked for; whether it fails.
    fn fails(&self) -> bool {
        reset_password_core::Clock::now(&self.clock);
        self.fails.swap(false, Ordering::SeqCst)
    }

    /// An engine whose points these are.
    fn engine(&self, url: &str) -> Engine<Observed> {
        let points = self.clone();
        let observed = Observed::new(store(url, &self.clock), move |step, moment| {
            points.passed.lock().unwrap().push((step, moment));
            if points.fails() {
                Err(StoreError::Unavailable("a failpoint".into()))
            } else {
                Ok(())
            }
        });
        let random = Arc::new(self.clone());
        let engine = engine_on(observed, &self.clock, |config| config.random = random);
        self.begin();
        engine
    }

    /// Forgets what was come to.
    fn begin(&self) {
        self.passed.lock().unwrap().clear();
    }

    /// Whether the transaction was committed since then.
    fn has_committed(&self) -> bool {
        let passed = self.passed.lock().unwrap();
        passed.contains(&("commit", Moment::After))
    }

    /// A reset that nothing happened to came to every step, before it and after it.
    fn assert_all_passed(&self) {
        let passed = self.passed.lock().unwrap();
        for step in STEPS {
            for moment in [Moment::Before, Moment::After] {
                assert!(passed.contains(&(step, moment)), "{step} {moment:?}");
            }
        }
    }
}

impl Random for Points {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        if self.fails() {
            Err(RandomError("a failpoint".into()))
        } else {
            OsRandom.fill(buffer)
        }
    }
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

    /// Whether this password is in force: then the token is spent and told of once, and works no more. Else none of it
    /// is done. The trail and the database are sound either way.
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
        if applied {
            let again = self.fixture.engine.reset_password(&self.token, AGAIN);
            assert_eq!(again.unwrap_err().code(), Code::PasswordResetTokenNotFound);
        }
        assert!(self.fixture.engine.verify_audit().unwrap().is_whole());
        assert_eq!(self.fixture.database.damage(), [""; 0]);
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

    /// What was committed is done, and everything before that is undone.
    fn is_done_if(&self, was_committed: bool) {
        if was_committed {
            assert!(self.has_set(NEW));
        } else {
            self.is_undone();
        }
    }
}

/// Tries a reset with something that happens at its first point, then at its second, until it is through
/// before anything happens. `outcome` looks at what became of it, when something has happened.
fn at_each_point<T>(
    fixture: &Fixture,
    points: &Points,
    mut attempt: impl FnMut(&Try<'_>, u32) -> T,
    outcome: impl Fn(&Try<'_>, T),
) {
    for point in 1.. {
        let reset = Try::new(fixture, point);
        points.begin();
        let done = attempt(&reset, point);
        if !fixture.clock.was_looked_at() {
            fixture.clock.at_look(u32::MAX, || {});
            points.assert_all_passed();
            assert!(reset.has_set(NEW));
            println!("there are {} points", point - 1);
            break;
        }
        outcome(&reset, done);
    }
}

/// At a look at the clock the next thing that the engine asks for fails; that is the same, where it asks for one.
fn sec15_an_error_at_any_point_of_a_reset_undoes_it(fixture: &Fixture) {
    let points = Points::new(&fixture.clock);
    let engine = points.engine(fixture.database.url());
    let attempt = |reset: &Try<'_>, point| {
        let fails = Arc::clone(&points.fails);
        fixture
            .clock
            .at_look(point, move || fails.store(true, Ordering::SeqCst));
        engine.reset_password(&reset.token, NEW)
    };
    at_each_point(
        fixture,
        &points,
        attempt,
        |reset, done: Result<User, Error>| {
            let code = done.unwrap_err().code();
            assert!(
                [Code::Internal, Code::StorageUnavailable].contains(&code),
                "{code}"
            );
            reset.is_done_if(points.has_committed());
        },
    );
}

fn sec15_a_panic_at_any_point_of_a_reset_undoes_it(fixture: &Fixture) {
    let points = Points::new(&fixture.clock);
    let engine = points.engine(fixture.database.url());
    let attempt = |reset: &Try<'_>, point| {
        fixture.clock.at_look(point, || panic!("a failpoint"));
        let call = AssertUnwindSafe(|| engine.reset_password(&reset.token, NEW));
        panic::catch_unwind(call)
    };
    at_each_point(fixture, &points, attempt, |reset, done| {
        assert!(!matches!(done, Ok(Ok(_))), "it went on");
        reset.is_done_if(points.has_committed());
        // The engine in which it happened goes on.
        let again = engine.reset_password(&reset.token, NEW);
        assert_eq!(again.unwrap_err().code(), Code::PasswordResetTokenNotFound);
    });
}

/// The worker leaves a file when the commit was answered.
const COMMITTED: &str = "committed";

fn sec15_a_process_that_is_killed_at_any_point_of_a_reset_has_done_all_or_nothing(
    fixture: &Fixture,
) {
    let (url, folder) = (fixture.database.url(), fixture.folder.path());
    let mut kills = 0;
    for point in 1.. {
        let reset = Try::new(fixture, point);
        fs::write(folder.join("token"), &reset.token).unwrap();
        let mut worker = worker_on("failpoints::killed", url, folder, &point.to_string());
        let ended = worker.wait().unwrap();
        let was_committed = fs::remove_file(folder.join(COMMITTED)).is_ok();
        if ended.success() {
            assert!(said_by(worker).contains("survived"));
            assert!(reset.has_set(NEW));
            break;
        }
        reset.is_done_if(was_committed);
        kills += 1;
    }
    // Before and after each step, and where it asks for the time or for randomness.
    assert!(kills > 2 * STEPS.len(), "{kills}");
}

/// The worker process of the test above.
#[test]
fn killed() {
    let Some(role) = worker_role() else { return };
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    let clock = TestClock::at(reset_password::Timestamp::from_unix_millis(
        1_800_000_000_000,
    ));
    let points = Points::new(&clock);
    let engine = points.engine(&role.database);
    let point = role.name.parse().unwrap();
    clock.at_look(point, move || {
        if points.has_committed() {
            fs::write(role.folder.join(COMMITTED), "").unwrap();
        }
        kill_process(getpid(), Signal::KILL).unwrap();
    });
    engine.reset_password(&token, NEW).unwrap();
    println!("\nsurvived");
}

/// The rival has until it is through, or waits for what the first holds.
fn sec15_a_rival_with_the_same_token_at_any_point_of_a_reset_leaves_one_winner(fixture: &Fixture) {
    let points = Points::new(&fixture.clock);
    let engine = points.engine(fixture.database.url());
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
    at_each_point(fixture, &points, attempt, |reset, (first, rival)| {
        let (winner, loser) = match (first, rival.unwrap()) {
            (Ok(_), Err(loser)) => (NEW, loser),
            (Err(loser), Ok(_)) => (RIVAL, loser),
            neither => panic!("{neither:?}"),
        };
        assert_eq!(loser.code(), Code::PasswordResetTokenNotFound);
        assert!(reset.has_set(winner));
    });
}
