//! What the tests share: cheap options, an engine on a clock of the test's own, and raw SQL.

#![expect(dead_code, reason = "each test program uses a part of it")]

pub mod namespace;
pub mod observed;
pub mod schemas;
pub mod table;

use std::{
    fs,
    io::{self, Read, Write},
    num::NonZero,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use self::table::Table;
use reset_password::{Argon2Params, CreateUser, Error, Options, Timestamp};
use reset_password_core::{
    Clock, Config, Engine, Key, Keyring, Policy, Random, RandomError, ResetUrl, Store,
    address_rule::AddressRule, password::hash::HashForm,
};
use reset_password_store::{DatabaseUrl, SqlStore};
pub use reset_password_test_databases::{Backend, Database, Family, Kind};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tracing::{Dispatch, Level, subscriber::DefaultGuard};
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

/// The same with a key, which a database on a server needs.
pub fn cheap_with_key() -> Options {
    Options {
        key: Some(Into::into("01".repeat(31) + "54")),
        ..cheap()
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

/// Writes a file that only its owner can use, as a file of keys must be.
pub fn write_private(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
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
pub struct TestClock(Arc<Hands>);

struct Hands {
    millis: AtomicI64,
    hook: Mutex<Option<Hook>>,
}

/// What happens when somebody looks at the clock, and at the how-manyeth look.
type Hook = (u32, Box<dyn FnOnce() + Send>);

impl TestClock {
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(Hands {
            millis: AtomicI64::new(moment.unix_millis()),
            hook: Mutex::default(),
        }))
    }

    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        self.0.millis.fetch_add(by, Ordering::SeqCst);
    }

    pub fn set(&self, to: Timestamp) {
        self.0.millis.store(to.unix_millis(), Ordering::SeqCst);
    }

    /// Does something when somebody looks at the clock for that time from now on, counted from 1, before it
    /// tells the time.
    pub fn at_look(&self, look: u32, hook: impl FnOnce() + Send + 'static) {
        *self.0.hook.lock().unwrap() = Some((look, Box::new(hook)));
    }

    /// Whether what was to happen has happened.
    pub fn was_looked_at(&self) -> bool {
        self.0.hook.lock().unwrap().is_none()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let due = {
            let mut hook = self.0.hook.lock().unwrap();
            if let Some((looks, _)) = hook.as_mut() {
                *looks -= 1;
            }
            hook.take_if(|(looks, _)| *looks == 0)
        };
        if let Some((_, hook)) = due {
            hook();
        }
        Timestamp::from_unix_millis(self.0.millis.load(Ordering::SeqCst))
    }
}

/// A log, kept to be looked at.
#[derive(Clone, Default)]
pub struct Captured(pub Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Keeps what this thread logs, until the guard is dropped.
    ///
    /// A second dispatcher lives as long as the process: with one alone, `tracing` asks for an event's first use in
    /// the thread of that use, so that a thread that nobody listens to turns the event off for all of them.
    pub fn listen(&self, level: Level) -> DefaultGuard {
        static SECOND: LazyLock<Dispatch> =
            LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));
        LazyLock::force(&SECOND);
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

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

/// An engine on a database and a clock of the test's own.
pub struct Fixture {
    pub engine: Engine<SqlStore>,
    pub clock: TestClock,
    pub database: Database,
    pub table: Table,
    pub folder: TempDir,
}

pub fn key(byte: u8) -> Key {
    let mut secret = [byte; 32];
    secret[31] ^= 0x55;
    Key::new(&secret)
}

/// An engine on a database that may be in use already.
pub fn engine(url: &str, clock: &TestClock, change: impl FnOnce(&mut Config)) -> Engine<SqlStore> {
    try_engine(url, clock, change).unwrap()
}

/// The same, which the engine may refuse.
pub fn try_engine(
    url: &str,
    clock: &TestClock,
    change: impl FnOnce(&mut Config),
) -> Result<Engine<SqlStore>, Error> {
    try_engine_on(store(url, clock), clock, change)
}

/// A database of its own. An engine is open before this program itself opens a file of SQLite's: the linked SQLite gets its
/// locks with the first engine, and a statement of another test that is under way at that moment fails.
pub fn new_database(backend: Backend, folder: &Path) -> Database {
    let memory = DatabaseUrl::parse(":memory:").unwrap();
    drop(SqlStore::open(memory, None, true, Timestamp::from_unix_millis(0)).unwrap());
    Database::new(backend, folder)
}

/// The store of a database that may be in use already.
pub fn store(url: &str, clock: &TestClock) -> SqlStore {
    store_with(Table::Own, url, clock)
}

/// The same with that users' table.
pub fn store_with(table: Table, url: &str, clock: &TestClock) -> SqlStore {
    let url = DatabaseUrl::parse(url).unwrap();
    SqlStore::open(url, table.tables().as_ref(), true, clock.now()).unwrap()
}

/// An engine on a store, which a test may watch.
pub fn engine_on<S: Store>(
    store: S,
    clock: &TestClock,
    change: impl FnOnce(&mut Config),
) -> Engine<S> {
    try_engine_on(store, clock, change).unwrap()
}

fn try_engine_on<S: Store>(
    store: S,
    clock: &TestClock,
    change: impl FnOnce(&mut Config),
) -> Result<Engine<S>, Error> {
    let mut config = Config {
        clock: Arc::new(clock.clone()),
        random: Arc::new(OsRandom),
        keys: Keyring::new(key(1), Vec::new()).unwrap().into(),
        policy: Policy::new(15, vec!["Acme Portal".into()]).unwrap(),
        argon2: Argon2Params::new(19_456, 2).unwrap(),
        reset_url: ResetUrl::new("https://example.com/reset").unwrap(),
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
    change(&mut config);
    let engine = Engine::new(store, config).unwrap();
    engine.take_database()?;
    Ok(engine)
}

impl Fixture {
    /// The databases that every test about a database runs on.
    pub const BACKENDS: [Backend; 3] = [
        Backend::SqliteFile,
        Backend::Server(Kind::Postgres15),
        Backend::Server(Kind::MariaDb10_11),
    ];

    pub fn on(backend: Backend) -> Self {
        Self::with(Table::Own, backend)
    }

    /// The same on that users' table.
    pub fn with(table: Table, backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = new_database(backend, folder.path());
        table.make(&database);
        Self::of(table, database, folder)
    }

    /// The same with an audit trail of one chain, whose records are counted, also on a server.
    pub fn with_one_chain(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(self.database.backend(), folder.path());
        let url = DatabaseUrl::parse(database.url()).unwrap();
        drop(SqlStore::open(url, None, true, self.clock.now()).unwrap());
        database.keep_one_chain();
        Self::of(Table::Own, database, folder)
    }

    fn of(table: Table, database: Database, folder: TempDir) -> Self {
        let clock = TestClock::at(Timestamp::from_unix_millis(1_800_000_000_000));
        let store = store_with(table, database.url(), &clock);
        Self {
            engine: engine_on(store, &clock, |config| table.configure(config)),
            clock,
            database,
            table,
            folder,
        }
    }

    /// Adds a user, as the users' table has them added.
    pub fn add(&self, email: &str, password: &str) {
        match self.table {
            Table::Own => drop(self.engine.create_user(user_with(email, password)).unwrap()),
            Table::Django => self.table.add(&self.database, email, password),
        }
    }

    /// A fixture where the database does not matter.
    pub fn new() -> Self {
        Self::on(Backend::SqliteFile)
    }

    /// Another engine on the same database, as another process would have it.
    pub fn another(&self, change: impl FnOnce(&mut Config)) -> Engine<SqlStore> {
        engine(self.database.url(), &self.clock, change)
    }

    /// A user with [`OLD`] as password; answers the id.
    pub fn ada(&self) -> String {
        self.engine
            .create_user(user_with("ada@example.com", OLD))
            .unwrap()
            .id
    }

    pub fn token(&self, email: &str) -> String {
        let reset = self.engine.create_password_reset(email).unwrap();
        text(&reset.password_reset_token).to_owned()
    }

    pub fn accepts(&self, email: &str, password: &str) -> bool {
        self.engine
            .authenticate_with_password(email, password)
            .is_ok()
    }

    /// Changes something behind the engine's back; it must change something.
    pub fn alter(&self, statements: &str) {
        let before = self.state();
        self.database.rows(statements);
        assert!(self.state() != before, "{statements} changes nothing");
    }

    /// Every row of the tables that a reset changes.
    pub fn state(&self) -> [String; 4] {
        let tables = ["users", "resets", "events", "settings"];
        tables.map(|table| self.dump(&format!("reset_password_{table}")))
    }

    /// Waits until somebody waits for a lock in this database, unless it turns out that nobody will. SQLite
    /// cannot say it: there it is a second, a fifth of what its writers wait.
    pub fn until_somebody_waits(&self, nobody_will: impl Fn() -> bool) {
        if self.database.server().is_none() {
            std::thread::park_timeout(Duration::from_secs(1));
            assert!(!nobody_will(), "it did not wait for the lock");
            return;
        }
        while !self.database.somebody_waits().unwrap() {
            assert!(!nobody_will(), "it did not wait for the lock");
        }
    }

    /// Every row of a table, as one text.
    pub fn dump(&self, table: &str) -> String {
        self.database.dump(table)
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        let count = self
            .database
            .value(&format!("SELECT count(*) FROM {table}"));
        count.parse().unwrap()
    }

    /// Bytes as the database writes them.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        let hex = bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let is_postgres =
            matches!(self.database.server(), Some(server) if server.family() == Family::Postgres);
        if is_postgres {
            format!("'\\x{hex}'::bytea")
        } else {
            format!("x'{hex}'")
        }
    }

    /// How many events of a kind the feed has.
    pub fn told(&self, kind: &str) -> usize {
        let events = self.engine.events(None, 100).unwrap();
        events
            .data
            .iter()
            .filter(|event| event.event == kind)
            .count()
    }
}

/// This test program once more, to run one `#[test]` of its own as a worker process on a database.
pub fn worker_on(test: &str, database: &str, folder: &Path, role: &str) -> Child {
    let mut worker = Command::new(std::env::current_exe().unwrap());
    start_worker(&mut worker, test, database, folder, role)
}

/// The same, for which a file that may not grow is an error and no signal, as a full disk is.
pub fn worker_that_may_fill_the_disk(test: &str, database: &str, folder: &Path) -> Child {
    let mut worker = Command::new("sh");
    // What is ignored is handed down.
    worker.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]);
    worker.arg(std::env::current_exe().unwrap());
    start_worker(&mut worker, test, database, folder, "")
}

/// The same by another program, which is given the path of this one and its arguments.
pub fn start_worker(
    worker: &mut Command,
    test: &str,
    database: &str,
    folder: &Path,
    role: &str,
) -> Child {
    worker
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("RESET_PASSWORD_TEST_FOLDER", folder)
        .env("RESET_PASSWORD_TEST_DATABASE", database)
        .env("RESET_PASSWORD_TEST_ROLE", role)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The same on the folder's own file.
pub fn worker(test: &str, folder: &Path, role: &str) -> Child {
    worker_on(test, &url(folder), folder, role)
}

/// Runs one worker process to its end and answers what it said; it must end well and say `done`.
pub fn run_worker(test: &str, role: &str, done: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let said = said_by(worker(test, folder.path(), role));
    assert!(said.contains(done), "{said}");
    said
}

/// What a worker process says until its end, which must be a good one.
pub fn said_by(mut child: Child) -> String {
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    said
}

/// What a worker process is told.
pub struct Role {
    pub folder: PathBuf,
    pub database: String,
    pub table: Table,
    pub name: String,
}

/// What this worker process was told; `None` in the test program that a person runs.
pub fn worker_role() -> Option<Role> {
    let folder = std::env::var_os("RESET_PASSWORD_TEST_FOLDER")?;
    let role = std::env::var("RESET_PASSWORD_TEST_ROLE").unwrap();
    let (table, name) = Table::of_worker(&role);
    Some(Role {
        folder: folder.into(),
        database: std::env::var("RESET_PASSWORD_TEST_DATABASE").unwrap(),
        table,
        name: name.to_owned(),
    })
}

/// A barrier between processes: each leaves a file and waits for the others'.
pub fn wait_for_all(role: &Role, stage: &str, processes: usize) {
    let file = |name: &str| role.folder.join(format!("{stage}-{name}"));
    std::fs::write(file(&role.name), "").unwrap();
    let mut looks = 0;
    while (0..processes).any(|n| !file(&n.to_string()).exists()) {
        looks += 1;
        assert!(looks < 60_000, "the others did not come to {stage}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
