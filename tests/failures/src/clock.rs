//! The engine on a clock that a test moves.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use reset_password::{Argon2Params, Timestamp};
use reset_password_core::{
    Clock, Config, Engine, Key, Keyring, Policy, Random, RandomError, ResetUrl,
    address_rule::AddressRule, password::hash::HashForm,
};
use reset_password_store::{DatabaseUrl, SqlStore};
use reset_password_test_service::{Database, secret};
use tempfile::TempDir;

use crate::RESET_URL;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(buffer).map_err(|error| RandomError(error.to_string()))
    }
}

/// An engine on a clock of the test's own, and its file.
pub struct Timed {
    /// The engine.
    pub engine: Engine<SqlStore>,
    /// The clock.
    pub clock: TestClock,
    /// The database.
    pub database: Database,
    _folder: TempDir,
}

impl Default for Timed {
    fn default() -> Self {
        Self::new()
    }
}

impl Timed {
    /// An engine on a new file.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("app.db"));
        let clock = TestClock(Arc::new(AtomicI64::new(1_800_000_000_000)));
        Self {
            engine: engine(&database, &clock),
            clock,
            database,
            _folder: folder,
        }
    }

    /// Another engine on the same database, as another process would have it.
    #[must_use]
    pub fn another(&self) -> Engine<SqlStore> {
        engine(&self.database, &self.clock)
    }

    /// The token of a new reset.
    #[must_use]
    pub fn token(&self, email: &str) -> String {
        let reset = self.engine.create_password_reset(email).unwrap();
        secret(&reset.password_reset_token).to_owned()
    }
}

fn engine(database: &Database, clock: &TestClock) -> Engine<SqlStore> {
    let url = DatabaseUrl::parse(database.url()).unwrap();
    let store = SqlStore::open(url, None, true, clock.now()).unwrap();
    let mut key = [1; 32];
    key[31] = 0x54;
    let config = Config {
        clock: Arc::new(clock.clone()),
        random: Arc::new(OsRandom),
        keys: Keyring::new(Key::new(&key), Vec::new()).unwrap().into(),
        policy: Policy::new(15, Vec::new()).unwrap(),
        argon2: Argon2Params::new(19_456, 2).unwrap(),
        reset_url: ResetUrl::new(RESET_URL).unwrap(),
        token_lifetime: Duration::from_mins(30),
        first_password_lifetime: Duration::from_mins(30),
        pepper: None,
        hash_form: HashForm::default(),
        address_rule: AddressRule::default(),
        seal_tokens: true,
        messages: false,
        memory_budget_kib: 262_144,
        cores: NonZero::new(4).unwrap(),
        requests_per_minute: NonZero::new(6_000).unwrap(),
    };
    let engine = Engine::new(store, config).unwrap();
    engine.take_database().unwrap();
    engine
}
