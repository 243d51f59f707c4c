//! What the tests share: cheap options, an engine on a clock of the test's own, and raw SQL.

#![expect(dead_code, reason = "each test uses a part of it")]

use std::{
    io::{self, Read, Write},
    num::NonZero,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use reset_password::{Argon2Params, CreateUser, Options, Timestamp};
use reset_password_core::{
    Clock, Config, Engine, Key, Keyring, Policy, Random, RandomError, ResetUrl,
};
use reset_password_store::{Location, SqliteStore};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tracing_subscriber::fmt::MakeWriter;

pub const OLD: &str = "the old password of this account";
pub const NEW: &str = "a long walk by the sea at night";

/// Options that hash at the floor, to be quick.
pub fn cheap() -> Options {
    Options {
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    }
}

pub fn user(email: &str) -> CreateUser {
    CreateUser {
        email: email.into(),
        ..CreateUser::default()
    }
}

pub fn user_with(email: &str, password: &str) -> CreateUser {
    CreateUser {
        password: Some(password.into()),
        ..user(email)
    }
}

pub fn text(secret: &SecretString) -> &str {
    secret.expose_secret()
}

/// Whether the long loops run in full.
pub fn long() -> bool {
    std::env::var_os("RESET_PASSWORD_LONG").is_some()
}

pub fn url(folder: &Path) -> String {
    folder.join("app.db").to_str().unwrap().to_owned()
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(moment.unix_millis())))
    }

    pub fn advance(&self, by: Duration) {
        self.0
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub fn set(&self, to: Timestamp) {
        self.0.store(to.unix_millis(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A log, kept to be looked at.
#[derive(Clone, Default)]
pub struct Captured(pub Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub fn count(&self, words: &str) -> usize {
        let log = self.0.lock().unwrap();
        String::from_utf8_lossy(&log).matches(words).count()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(buffer).map_err(|error| RandomError(error.to_string()))
    }
}

/// An engine on a database file and a clock of the test's own.
pub struct Bench {
    pub engine: Engine<SqliteStore>,
    pub clock: TestClock,
    pub folder: TempDir,
}

pub fn key(byte: u8) -> Key {
    let mut secret = [byte; 32];
    secret[31] ^= 0x55;
    Key::new(&secret)
}

pub async fn bench() -> Bench {
    bench_with(|_| {}).await
}

pub async fn bench_with(change: impl FnOnce(&mut Config)) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at(Timestamp::from_unix_millis(1_800_000_000_000));
    let engine = engine(folder.path(), &clock, change).await;
    Bench {
        engine,
        clock,
        folder,
    }
}

pub async fn engine(
    folder: &Path,
    clock: &TestClock,
    change: impl FnOnce(&mut Config),
) -> Engine<SqliteStore> {
    let location = Location::File(folder.join("app.db"));
    let store = SqliteStore::open(location, true, clock.now())
        .await
        .unwrap();
    let mut config = Config {
        clock: Arc::new(clock.clone()),
        random: Arc::new(OsRandom),
        keys: Keyring::new(key(1), Vec::new()).unwrap(),
        policy: Policy::new(15, vec!["Acme Portal".into()]).unwrap(),
        argon2: Argon2Params::new(19_456, 2).unwrap(),
        reset_url: ResetUrl::new("https://example.com/reset").unwrap(),
        token_lifetime: Duration::from_mins(30),
        seal_tokens: true,
        memory_budget_kib: 262_144,
        cores: NonZero::new(4).unwrap(),
    };
    change(&mut config);
    Engine::new(store, config).unwrap()
}

impl Bench {
    /// A user with [`OLD`] as password; answers the id.
    pub async fn ada(&self) -> String {
        self.engine
            .create_user(user_with("ada@example.com", OLD))
            .await
            .unwrap()
            .id
    }

    pub async fn token(&self, email: &str) -> String {
        let reset = self.engine.create_password_reset(email).await.unwrap();
        text(&reset.password_reset_token).to_owned()
    }

    pub async fn accepts(&self, email: &str, password: &str) -> bool {
        self.engine
            .authenticate_with_password(email, password)
            .await
            .is_ok()
    }

    pub async fn sql(&self, statement: &'static str) -> u64 {
        sql(&self.folder.path().join("app.db"), statement).await
    }

    /// Every row of the tables that must not change, as one text.
    pub async fn dump(&self, table: &str) -> String {
        dump(&self.folder.path().join("app.db"), table).await
    }
}

async fn connection(database: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", database.display()))
        .await
        .unwrap()
}

pub async fn sql(database: &Path, statement: &'static str) -> u64 {
    let mut connection = connection(database).await;
    let done = sqlx::raw_sql(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    done.rows_affected()
}

pub async fn sql_with(database: &Path, statement: &'static str, value: &str) {
    let mut connection = connection(database).await;
    sqlx::query(statement)
        .bind(value)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// One value, as text.
pub async fn value(database: &Path, query: &str) -> String {
    let mut connection = connection(database).await;
    let query = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(query.to_owned()));
    let value = query.fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    value
}

pub async fn dump(database: &Path, table: &str) -> String {
    let columns = value(
        database,
        &format!("SELECT group_concat('quote(\"' || name || '\")', '||''|''||') FROM pragma_table_info('{table}')"),
    )
    .await;
    let query = format!("SELECT coalesce(group_concat({columns}, char(10)), '') FROM {table}");
    value(database, &query).await
}

/// This test program once more, to run one `#[test]` of its own as a worker process.
pub fn worker(test: &str, folder: &Path, role: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("RESET_PASSWORD_TEST_FOLDER", folder)
        .env("RESET_PASSWORD_TEST_ROLE", role)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs one worker process to its end and answers what it said; it must end well and say `done`.
pub fn run_worker(test: &str, role: &str, done: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut child = worker(test, folder.path(), role);
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(said.contains(done), "{said}");
    said
}

/// The folder and role of a worker process; `None` in the test program that a person runs.
pub fn worker_role() -> Option<(PathBuf, String)> {
    let folder = std::env::var_os("RESET_PASSWORD_TEST_FOLDER")?;
    Some((
        folder.into(),
        std::env::var("RESET_PASSWORD_TEST_ROLE").unwrap(),
    ))
}
