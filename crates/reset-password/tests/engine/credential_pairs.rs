//! Every pair of decisions about one credential: one has verified what it rests on and has not written yet, and the
//! other begins and ends meanwhile, on another machine whose clock is right, ahead or behind.

use std::{
    mem,
    sync::{Arc, Mutex},
    time::Duration,
};

use reset_password::{Argon2Params, Code, Timestamp, UpdateUser, User};
use reset_password_core::{Clock, Engine, Random, RandomError};
use reset_password_store::SqlStore;

use crate::support::{Fixture, NEW, OLD, OsRandom, TestClock, engine, long, text, user_with};

on_each_database!(sec18_every_pair_of_decisions_has_one_outcome);

const ADA: &str = "ada@example.com";
const OTHER: &str = "seven green boats sail at dusk";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Login,
    /// A login whose hash is outdated, and is replaced after it.
    Upgrade,
    /// A change of password by the application.
    Change,
    Reset,
    Delete,
}

use Operation::{Change, Delete, Login, Reset, Upgrade};

/// Those that verify first and write later, so that something can come between.
const SLOW: [Operation; 4] = [Login, Upgrade, Change, Reset];
const ALL: [Operation; 5] = [Login, Upgrade, Change, Reset, Delete];

/// What comes of the first when the second has come between, or in an upgrade between the login and the new hash.
fn outcome(slow: Operation, between: Operation, is_late: bool) -> Result<(), Code> {
    match (slow, between) {
        (Upgrade, _) if is_late => Ok(()),
        (_, Login | Upgrade) | (Change, Change | Reset) => Ok(()),
        (Login | Upgrade, Change | Reset | Delete) => Err(Code::InvalidCredentials),
        (Change, Delete) => Err(Code::UserNotFound),
        (Reset, Change | Reset | Delete) => Err(Code::PasswordResetTokenNotFound),
        (Delete, _) => unreachable!("it verifies nothing"),
    }
}

/// Randomness that lets something come between when a salt is drawn: the password that was shown, if any, has been
/// verified by then, and nothing is locked.
#[derive(Default)]
struct Interrupted(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Random for Interrupted {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        if buffer.len() == 16 {
            let between = self.0.lock().unwrap().take();
            if let Some(between) = between {
                between();
            }
        }
        OsRandom.fill(buffer)
    }
}

/// What one operation needs.
struct Task {
    operation: Operation,
    engine: Engine<SqlStore>,
    id: String,
    token: String,
    password: &'static str,
}

impl Task {
    fn run(&self) -> Result<Option<User>, Code> {
        let engine = &self.engine;
        let done = match self.operation {
            Login | Upgrade => engine.authenticate_with_password(ADA, OLD).map(Some),
            Reset => engine.reset_password(&self.token, self.password).map(Some),
            Delete => engine.delete_user(&self.id).map(|()| None),
            Change => {
                let change = UpdateUser {
                    password: Some(self.password.into()),
                    ..UpdateUser::default()
                };
                engine.update_user(&self.id, change).map(Some)
            }
        };
        done.map_err(|error| error.code())
    }
}

fn sec18_every_pair_of_decisions_has_one_outcome(fixture: &Fixture) {
    // Which clock is right is nothing that a database decides.
    let clocks: &[i64] = if long() || fixture.database.server().is_none() {
        &[0, 30_000, -30_000]
    } else {
        &[0]
    };
    for slow in SLOW {
        for between in ALL {
            for &ahead in clocks {
                decide(fixture, (slow, false), between, ahead);
                if slow == Upgrade {
                    decide(fixture, (slow, true), between, ahead);
                }
            }
        }
    }
}

fn decide(fixture: &Fixture, (slow, is_late): (Operation, bool), between: Operation, ahead: i64) {
    let pair = format!("{slow:?} (late: {is_late}) and {between:?} by a clock {ahead} ms ahead");
    fixture.clock.advance(Duration::from_mins(10));
    let id = fixture.engine.create_user(user_with(ADA, OLD)).unwrap().id;
    let reset = fixture.engine.create_password_reset(ADA).unwrap();
    let random = Arc::new(Interrupted::default());
    let other_clock = TestClock::at(Timestamp::from_unix_millis(
        fixture.clock.now().unix_millis() + ahead,
    ));
    let task = |operation, clock: &TestClock, random: Arc<dyn Random>, password| Task {
        operation,
        engine: engine(fixture.database.url(), clock, |config| {
            config.random = random;
            if operation == Upgrade {
                config.argon2 = Argon2Params::new(19_456, 3).unwrap();
            }
        }),
        id: id.clone(),
        token: text(&reset.password_reset_token).to_owned(),
        password,
    };
    let first = task(slow, &fixture.clock, random.clone(), NEW);
    let second = task(between, &other_clock, Arc::new(OsRandom), OTHER);
    let said = Arc::new(Mutex::new(None));
    let run = {
        let said = Arc::clone(&said);
        move || *said.lock().unwrap() = Some(second.run())
    };
    if matches!(slow, Login | Upgrade) && !is_late {
        fixture.clock.at_look(1, run);
    } else {
        *random.0.lock().unwrap() = Some(Box::new(run));
    }
    let first_said = first.run();
    let second_said = mem::take(&mut *said.lock().unwrap()).unwrap_or_else(|| panic!("{pair}"));

    let second_user = second_said.unwrap_or_else(|code| panic!("{pair}: {code}"));
    assert_eq!(
        first_said.as_ref().err(),
        outcome(slow, between, is_late).as_ref().err(),
        "{pair}"
    );
    if between == Delete {
        assert!(fixture.engine.get_user(&id).is_err(), "{pair}");
        return;
    }
    // One password is in force: that of the last which set one.
    let first_user = first_said.ok().flatten();
    let set = [(slow, &first_user, NEW), (between, &second_user, OTHER)];
    let last = set
        .iter()
        .find(|(operation, user, _)| matches!(operation, Change | Reset) && user.is_some());
    let in_force = last.map_or(OLD, |(_, _, password)| password);
    let stored = fixture.engine.get_user(&id).unwrap();
    let changed = stored.credentials_changed_at.unwrap();
    // Every session of a password that is not in force is older than the change.
    for (operation, user, _) in &set {
        let login = user.as_ref().and_then(|user| user.last_sign_in_at);
        if matches!(operation, Login | Upgrade)
            && let Some(began) = login
        {
            assert_eq!(
                began < changed,
                in_force != OLD,
                "{pair}: {began} and {changed}"
            );
        }
    }
    for password in [OLD, NEW, OTHER] {
        let login = fixture.engine.authenticate_with_password(ADA, password);
        assert_eq!(login.is_ok(), password == in_force, "{pair}: {password}");
        // Its own sessions are not.
        if let Ok(user) = login {
            assert!(user.last_sign_in_at.unwrap() >= changed, "{pair}");
        }
    }
    fixture.engine.delete_user(&id).unwrap();
}
