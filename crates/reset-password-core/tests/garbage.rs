//! Garbage is refused before the store is asked anything, and randomness that fails fails everything.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reset_password_core::{
    ApiKey, Argon2Params, Clock, Code, Config, CreateUser, Engine, Event, Key, Keyring, Policy,
    Random, RandomError, ResetUrl, Scribe, Store, Timestamp, User,
    api_key::ApiKeyRecord,
    audit::{AuditRow, TrailMarks},
    key::Digest,
    reset::ResetRecord,
    store::{
        Amend, Consumption, EventPage, PurgeBefore, Purged, Replaced, Replacement, StoreError,
        Upgrade, UserKey, UserPage, UserRecord,
    },
};

/// A store that must not be asked anything but to find one user.
struct Untouched;

type Answer<T> = Result<T, StoreError>;

impl Store for Untouched {
    async fn insert_user(&self, _: &UserRecord, _: &Event, _: &Scribe<'_>) -> Answer<()> {
        unreachable!("insert_user")
    }
    async fn find_user(&self, key: UserKey<'_>) -> Answer<Option<UserRecord>> {
        match key {
            UserKey::EmailLookup("known@example.com") => Ok(Some(known())),
            _ => unreachable!("find_user"),
        }
    }
    async fn list_users(&self, _: UserPage<'_>) -> Answer<Option<Vec<User>>> {
        unreachable!("list_users")
    }
    async fn update_user(&self, _: &str, _: Amend<'_>, _: &Scribe<'_>) -> Answer<Option<User>> {
        unreachable!("update_user")
    }
    async fn delete_user(
        &self,
        _: &str,
        _: &(dyn Fn(&User) -> Result<Event, reset_password_core::Error> + Send + Sync),
        _: &Scribe<'_>,
    ) -> Answer<bool> {
        unreachable!("delete_user")
    }
    async fn record_sign_in(&self, _: &str, _: Timestamp) -> Answer<()> {
        unreachable!("record_sign_in")
    }
    async fn upgrade_password(&self, _: Upgrade<'_>) -> Answer<bool> {
        unreachable!("upgrade_password")
    }
    async fn replace_reset(&self, _: Replacement<'_>) -> Answer<Replaced> {
        unreachable!("replace_reset")
    }
    async fn find_reset(&self, _: &[Digest]) -> Answer<Option<(ResetRecord, UserRecord)>> {
        unreachable!("find_reset")
    }
    async fn find_reset_by_id(&self, _: &str) -> Answer<Option<(ResetRecord, UserRecord)>> {
        unreachable!("find_reset_by_id")
    }
    async fn consume(&self, _: Consumption<'_>) -> Answer<Option<User>> {
        unreachable!("consume")
    }
    async fn revoke_resets(
        &self,
        _: Option<&str>,
        _: Timestamp,
        _: &(dyn Fn(u64) -> Result<Event, reset_password_core::Error> + Send + Sync),
        _: &Scribe<'_>,
    ) -> Answer<u64> {
        unreachable!("revoke_resets")
    }
    async fn events(&self, _: EventPage<'_>) -> Answer<Option<Vec<Event>>> {
        unreachable!("events")
    }
    async fn insert_api_key(
        &self,
        _: &ApiKeyRecord,
        _: Option<(&str, Timestamp)>,
        _: &Event,
        _: &Scribe<'_>,
    ) -> Answer<()> {
        unreachable!("insert_api_key")
    }
    async fn find_api_key(&self, _: &str) -> Answer<Option<ApiKeyRecord>> {
        unreachable!("find_api_key")
    }
    async fn list_api_keys(&self) -> Answer<Vec<ApiKey>> {
        unreachable!("list_api_keys")
    }
    async fn revoke_api_key(&self, _: &str, _: &Event, _: &Scribe<'_>) -> Answer<()> {
        unreachable!("revoke_api_key")
    }
    async fn note_api_key_use(&self, _: &str, _: Timestamp, _: Timestamp) -> Answer<()> {
        unreachable!("note_api_key_use")
    }
    async fn trail_marks(&self) -> Answer<TrailMarks> {
        unreachable!("trail_marks")
    }
    async fn trail(&self, _: i64, _: u32) -> Answer<Vec<AuditRow>> {
        unreachable!("trail")
    }
    async fn purge(&self, _: PurgeBefore, _: u32, _: &Scribe<'_>) -> Answer<Purged> {
        unreachable!("purge")
    }
}

fn known() -> UserRecord {
    UserRecord {
        user: User {
            id: "user_1".into(),
            email: "known@example.com".into(),
            email_verified: false,
            first_name: None,
            last_name: None,
            name: None,
            profile_picture_url: None,
            last_sign_in_at: None,
            external_id: None,
            metadata: std::collections::BTreeMap::new(),
            locale: None,
            credentials_changed_at: None,
            created_at: Standing.now(),
            updated_at: Standing.now(),
        },
        email_lookup: "known@example.com".into(),
        password: None,
    }
}

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(1_800_000_000_000)
    }
}

#[derive(Default)]
struct Failing(AtomicBool);

impl Random for Failing {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
        self.0.store(true, Ordering::SeqCst);
        Err(RandomError("out of order".into()))
    }
}

fn engine(random: Arc<Failing>) -> Engine<Untouched> {
    let config = Config {
        clock: Arc::new(Standing),
        random,
        keys: Keyring::new(Key::new(&[7; 32]), Vec::new()).unwrap(),
        policy: Policy::new(15, Vec::new()).unwrap(),
        argon2: Argon2Params::new(19_456, 2).unwrap(),
        reset_url: ResetUrl::new(ResetUrl::LOCAL).unwrap(),
        token_lifetime: Duration::from_mins(30),
        seal_tokens: true,
        memory_budget_kib: 65_536,
        cores: NonZero::<usize>::MIN,
    };
    Engine::new(Untouched, config).unwrap()
}

/// Percent-encoding and form decoding wait for HTTP.
#[tokio::test]
async fn sec05_garbage_never_reaches_the_store() {
    let engine = engine(Arc::default());
    let good = "A".repeat(43);
    for token in [
        String::new(),
        "A".repeat(42),
        "A".repeat(44),
        format!("{}B", &good[1..]),
        format!("{}=", &good[1..]),
        format!("{}+", &good[1..]),
        format!("{}/", &good[1..]),
        format!("{} ", &good[1..]),
        format!("{}\0", &good[1..]),
        format!("{}\n", &good[1..]),
        format!("{}\u{7f}", &good[1..]),
        format!("{}é", &good[2..]),
        format!("{good}{good}"),
        "%41".repeat(14) + "A",
        "A".repeat(1 << 20),
        "\0".repeat(43),
    ] {
        let error = engine
            .reset_password(&token, "a good new password")
            .await
            .unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{} octets",
            token.len()
        );
    }
    assert_eq!(engine.hashes_started(), 0);
}

/// Mail waits: no outbox yet. Nothing reaches the store, whose every write panics here.
#[tokio::test]
async fn sec01_rng_failure_is_fatal() {
    let random = Arc::new(Failing::default());
    let engine = engine(Arc::clone(&random));
    let error = engine
        .create_password_reset("known@example.com")
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    let error = engine
        .request_password_reset("known@example.com")
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    let create = CreateUser {
        email: "new@example.com".into(),
        ..CreateUser::default()
    };
    assert_eq!(
        engine.create_user(create).await.unwrap_err().code(),
        Code::Internal
    );
    assert!(random.0.load(Ordering::SeqCst));
}
