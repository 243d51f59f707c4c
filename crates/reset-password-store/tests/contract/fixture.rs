//! A store on a database of its own, and rows to put there.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use reset_password_core::{
    AuditWriter, Event, Key, Keyring, Store, Timestamp, User,
    audit::{Chain, Checkpoint},
    credential::{PasswordForm, StoredPassword, UserRecord},
    event::EventKind,
    reset::{Redemption, ResetRecord, ResetState},
    store::{
        EventPage, EventReads, EventSteps, Redeem, ResetReads, ResetSteps, SettingSteps, SignIn,
        StoreError, Transaction, UserKey, UserReads, UserSteps,
    },
};
use reset_password_store::{DatabaseUrl, SqlStore, SqlTransaction};
use reset_password_test_databases::Database;
pub use reset_password_test_databases::{Backend, Kind};
use tempfile::TempDir;

/// A test and its name.
pub type Test = (&'static str, fn(&Fixture));

/// Makes each test of the file for each database, and `ALL`, the list of them.
macro_rules! on_every_database {
    ($($name:ident),* $(,)?) => {
        pub const ALL: &[$crate::fixture::Test] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $name)),*];

        $(mod $name {
            use crate::fixture::{Backend, Fixture, Kind};

            #[test]
            fn sqlite_file() {
                super::$name(&Fixture::on(Backend::SqliteFile));
            }

            #[test]
            fn sqlite_memory() {
                super::$name(&Fixture::on(Backend::SqliteMemory));
            }

            #[test]
            fn postgres() {
                super::$name(&Fixture::on(Backend::Server(Kind::Postgres15)));
            }

            #[test]
            fn mariadb() {
                super::$name(&Fixture::on(Backend::Server(Kind::MariaDb10_11)));
            }
        })*
    };
}

pub const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

/// What a fingerprint is, in these tests.
pub const BOUND: [u8; 32] = [9; 32];

pub fn later(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let mut secret = [7; Key::BYTES];
    secret[0] = 1;
    Keyring::new(Key::new(&secret), Vec::new()).unwrap()
});

pub fn writer() -> AuditWriter {
    AuditWriter::new(&KEYS)
}

/// Records the first key of a database, as often as it takes; answers the one that is recorded.
pub fn record_first_key_id(store: &SqlStore, id: &str) -> String {
    loop {
        let record = |transaction: &mut SqlTransaction<'_>| {
            transaction.record_first_key_id(id)?;
            transaction.lock_key_id()
        };
        match commit(store, record) {
            Err(StoreError::Transient(_)) => {}
            recorded => return recorded.unwrap(),
        }
    }
}

/// A store on a database of its own.
pub struct Fixture {
    pub store: SqlStore,
    pub database: Database,
    _folder: TempDir,
}

impl Fixture {
    pub fn on(backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(backend, folder.path());
        Self::of(database, folder)
    }

    /// The same with a trail of one chain, whose records are counted, also on a server.
    pub fn with_one_chain(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(self.database.backend(), folder.path());
        if !self.is_in_memory() {
            drop(open(database.url()).unwrap());
            database.keep_one_chain();
        }
        Self::of(database, folder)
    }

    fn of(database: Database, folder: TempDir) -> Self {
        let fixture = Self {
            store: open(database.url()).unwrap(),
            database,
            _folder: folder,
        };
        fixture
            .commit(|transaction| transaction.begin_trail())
            .unwrap();
        fixture
    }

    /// A checkpoint of the first chain, as it is stored.
    pub fn checkpoint(&self, checkpoint: Checkpoint) -> String {
        let checkpoints = self.store.checkpoints().unwrap();
        let chain = Chain::all(checkpoints.count()).next().unwrap();
        checkpoints.get(chain, checkpoint).unwrap().to_owned()
    }

    /// Another store on the same database, as another process would have it; `None` where it is in memory.
    pub fn other(&self) -> Option<SqlStore> {
        (!self.is_in_memory()).then(|| open(self.database.url()).unwrap())
    }

    pub fn is_in_memory(&self) -> bool {
        self.database.backend() == Backend::SqliteMemory
    }

    /// Whether writers wait for each other row by row.
    pub fn locks_rows(&self) -> bool {
        self.database.server().is_some()
    }

    /// Does some work as one transaction.
    pub fn commit<T>(
        &self,
        work: impl FnOnce(&mut SqlTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        commit(&self.store, work)
    }

    pub fn add(&self, name: &str) -> UserRecord {
        let user = user(name);
        self.insert(&user, &event(name)).unwrap();
        user
    }

    pub fn insert(&self, user: &UserRecord, event: &Event) -> Result<(), StoreError> {
        self.commit(|transaction| {
            transaction.insert_user(user)?;
            transaction.append(event)
        })
    }

    pub fn make_reset(&self, reset: &ResetRecord) {
        let made = self.commit(|transaction| {
            transaction.void_resets(Some(&reset.user_id), NOW)?;
            transaction.insert_reset(reset)?;
            transaction.append(&event(&reset.id))
        });
        made.unwrap();
    }

    pub fn find(&self, digest: u8) -> Option<(ResetRecord, UserRecord)> {
        self.store.find_reset(&[[0; 32], [digest; 32]]).unwrap()
    }

    pub fn state(&self, digest: u8) -> ResetState {
        self.find(digest).unwrap().0.state
    }

    pub fn user(&self, name: &str) -> Option<UserRecord> {
        self.store
            .find_user(UserKey::Id(&format!("user_{name}")))
            .unwrap()
    }

    /// Redeems a reset as it is now, by an event of its own. Rolls back where it lost.
    pub fn redeem(&self, digest: u8, new: &str, now: Timestamp) -> bool {
        let (reset, user) = self.find(digest).unwrap();
        redeem(&self.store, &reset, &user, new, now).unwrap()
    }

    /// The ids of the feed's events.
    pub fn feed(&self) -> Vec<String> {
        let page = page_after(None, 1_000);
        let events = self.store.events(page).unwrap().unwrap();
        events.into_iter().map(|event| event.id).collect()
    }

    /// The ids of all records, in the order of the trail.
    pub fn records(&self) -> Vec<String> {
        let rows = self.store.trail(i64::MIN, i64::MAX, 1_000).unwrap();
        rows.into_iter()
            .map(|row| String::from_utf8(row.id).unwrap())
            .collect()
    }
}

pub fn open(url: &str) -> Result<SqlStore, StoreError> {
    SqlStore::open(DatabaseUrl::parse(url).unwrap(), None, true, NOW)
}

/// Does some work as one transaction of a store.
pub fn commit<T>(
    store: &SqlStore,
    work: impl FnOnce(&mut SqlTransaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut transaction = store.begin(writer())?;
    let done = work(&mut transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// Appends an event, again and again while the database calls its failure transient.
pub fn append(store: &SqlStore, event: &Event) {
    loop {
        match commit(store, |transaction| transaction.append(event)) {
            Ok(()) => return,
            Err(StoreError::Transient(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Redeems a reset as it was read. Rolls back where it lost.
pub fn redeem(
    store: &SqlStore,
    reset: &ResetRecord,
    user: &UserRecord,
    new: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let password = password(new);
    let mut transaction = store.begin(writer())?;
    let redeem = redemption(reset, user, &password, now);
    if transaction.redeem(&redeem)?.is_none() {
        return Ok(false);
    }
    transaction.append(&event(&format!("{}_{new}", reset.id)))?;
    transaction.commit()?;
    Ok(true)
}

pub fn redemption<'a>(
    reset: &'a ResetRecord,
    user: &'a UserRecord,
    password: &'a StoredPassword,
    now: Timestamp,
) -> Redeem<'a> {
    Redeem {
        reset,
        user,
        redemption: Redemption {
            at: now,
            request: None,
        },
        password,
        credentials_changed_at: now,
    }
}

pub fn page_after(after: Option<&str>, limit: u32) -> EventPage<'_> {
    const EVERY: &[EventKind] = &[];
    EventPage {
        kinds: EVERY,
        after,
        or_near: None,
        through: i64::MAX,
        limit,
    }
}

pub fn event(id: &str) -> Event {
    Event {
        id: format!("event_{id}"),
        event: "user.updated".into(),
        data: serde_json::json!({ "id": id }),
        created_at: NOW,
    }
}

pub fn user(name: &str) -> UserRecord {
    UserRecord {
        user: User {
            id: format!("user_{name}"),
            email: format!("{}@Example.org", name.to_uppercase()),
            email_verified: false,
            first_name: Some(format!("{name}\u{301} 🦀")),
            last_name: None,
            name: None,
            profile_picture_url: None,
            last_sign_in_at: None,
            external_id: Some(format!("ext-{name}")),
            metadata: BTreeMap::from([("k".to_owned(), "v \" ' \\ ü".to_owned())]),
            locale: Some("de".into()),
            credentials_changed_at: None,
            created_at: NOW,
            updated_at: NOW,
        },
        email_lookup: format!("{name}@example.org"),
        password: Some(password("old")),
    }
}

pub fn password(hash: &str) -> StoredPassword {
    StoredPassword {
        hash: format!("hash of {hash}"),
        form: PasswordForm::Nfc,
    }
}

/// A login of somebody for whom no failed one is counted.
pub fn sign_in<'a>(user_id: &'a str, verified_hash: &'a str, at: Timestamp) -> SignIn<'a> {
    SignIn {
        user_id,
        verified_hash,
        at,
        address: &[0; 32],
        credential: &[0; 32],
        fewer_than: 1,
    }
}

pub fn reset(user: &str, digest: u8) -> ResetRecord {
    ResetRecord {
        id: format!("password_reset_{digest}"),
        user_id: format!("user_{user}"),
        version: ResetRecord::VERSION,
        digest: [digest; 32],
        key_id: "key".into(),
        fingerprint: BOUND,
        sealed: Some(vec![digest; 72]),
        created_at: NOW,
        expires_at: later(1_800),
        state: ResetState::Live,
    }
}
