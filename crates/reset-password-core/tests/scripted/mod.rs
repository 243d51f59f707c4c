//! A store that finds one user, does what a test tells it, and must not be asked anything else.

use std::{
    collections::{BTreeMap, VecDeque},
    num::NonZero,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reset_password_core::{
    ApiKey, Argon2Params, AuditWriter, Clock, Config, Engine, Event, Key, Keyring, Policy, Random,
    ResetUrl, Store, Timestamp, User,
    address_rule::AddressRule,
    api_key::ApiKeyRecord,
    audit::{AuditRow, Checkpoints, LastRecord},
    credential::{Credential, Recipient, StoredPassword, UserRecord},
    failed_logins::FailedLogins,
    key::Digest,
    message::{MessageRecord, WaitingMessages},
    password::hash::HashForm,
    report::ReportRecord,
    reset::ResetRecord,
    store::{
        ApiKeyReads, ApiKeySteps, Ended, EventPage, EventReads, EventSteps, FailureReads,
        FailureSteps, MessageReads, MessageSteps, Redeem, ReportSteps, RequestCounts, ResetReads,
        ResetSteps, SettingReads, SettingSteps, SignIn, StoreError, Transaction, UserKey, UserPage,
        UserReads, UserSteps, WebhookReads, WebhookSteps,
    },
    webhook::WebhookRecord,
};

/// The address of the one user.
pub const KNOWN: &str = "known@example.com";
pub const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

pub type Answer<T> = Result<T, StoreError>;

/// The store. It lets transactions begin, and counts them.
pub struct Scripted {
    begun: AtomicU32,
    /// What the next commits answer; none is expected beyond them.
    commits: Mutex<VecDeque<Answer<()>>>,
    /// What it answers when it is asked what became of a commit.
    outcomes: Mutex<VecDeque<Answer<bool>>>,
}

/// A transaction. It can count a request, and void resets and append events if it can be committed.
pub struct Begun<'a>(&'a Scripted);

impl Scripted {
    pub fn new(
        commits: impl IntoIterator<Item = Answer<()>>,
        outcomes: impl IntoIterator<Item = Answer<bool>>,
    ) -> Self {
        Self {
            begun: AtomicU32::new(0),
            commits: Mutex::new(commits.into_iter().collect()),
            outcomes: Mutex::new(outcomes.into_iter().collect()),
        }
    }

    /// How many transactions have begun.
    pub fn begun(&self) -> u32 {
        self.begun.load(Ordering::SeqCst)
    }

    /// How many answers nobody has asked for.
    pub fn left(&self) -> usize {
        self.commits.lock().unwrap().len() + self.outcomes.lock().unwrap().len()
    }
}

impl Store for Scripted {
    type Transaction<'a> = Begun<'a>;

    fn begin(&self, _: AuditWriter) -> Answer<Begun<'_>> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Ok(Begun(self))
    }

    fn has_committed(&self, event_id: &str) -> Answer<bool> {
        assert!(event_id.starts_with("event_"), "{event_id}");
        let next = self.outcomes.lock().unwrap().pop_front();
        next.unwrap_or_else(|| unreachable!("has_committed"))
    }
}

impl UserReads for Scripted {
    fn find_user(&self, key: UserKey<'_>) -> Answer<Option<UserRecord>> {
        match key {
            UserKey::EmailLookup(KNOWN) => Ok(Some(known())),
            _ => unreachable!("find_user"),
        }
    }

    fn find_any_user(&self) -> Answer<Option<UserRecord>> {
        unreachable!("find_any_user")
    }

    fn list_users(&self, _: UserPage<'_>) -> Answer<Option<Vec<User>>> {
        unreachable!("list_users")
    }

    fn note_sign_in(&self, _: &SignIn<'_>) -> Answer<bool> {
        unreachable!("note_sign_in")
    }
}

impl FailureReads for Scripted {
    fn find_failed_logins(&self, _: &Digest) -> Answer<Option<FailedLogins>> {
        unreachable!("find_failed_logins")
    }
}

impl WebhookReads for Scripted {
    fn find_webhook_endpoint(&self, _: &str) -> Answer<Option<WebhookRecord>> {
        unreachable!("find_webhook_endpoint")
    }

    fn list_webhook_endpoints(&self) -> Answer<Vec<WebhookRecord>> {
        unreachable!("list_webhook_endpoints")
    }
}

impl MessageReads for Scripted {
    fn waiting_messages(&self) -> Answer<WaitingMessages> {
        unreachable!("waiting_messages")
    }
}

impl ResetReads for Scripted {
    fn find_reset(&self, _: &[Digest]) -> Answer<Option<(ResetRecord, UserRecord)>> {
        unreachable!("find_reset")
    }

    fn find_reset_by_id(&self, _: &str) -> Answer<Option<(ResetRecord, UserRecord)>> {
        unreachable!("find_reset_by_id")
    }

    fn key_ids_in_use(&self, _: Timestamp) -> Answer<Vec<String>> {
        unreachable!("key_ids_in_use")
    }
}

impl EventReads for Scripted {
    fn chains(&self) -> u8 {
        1
    }

    fn events(&self, _: EventPage<'_>) -> Answer<Option<Vec<Event>>> {
        unreachable!("events")
    }

    fn checkpoints(&self) -> Answer<Checkpoints> {
        unreachable!("checkpoints")
    }

    fn trail(&self, _: i64, _: i64, _: u32) -> Answer<Vec<AuditRow>> {
        unreachable!("trail")
    }

    fn last_records(&self) -> Answer<Vec<LastRecord>> {
        unreachable!("last_records")
    }

    fn newest_event_at(&self) -> Answer<Option<Timestamp>> {
        unreachable!("newest_event_at")
    }
}

impl ApiKeyReads for Scripted {
    fn find_api_key(&self, _: &str) -> Answer<Option<ApiKeyRecord>> {
        unreachable!("find_api_key")
    }

    fn list_api_keys(&self) -> Answer<Vec<ApiKey>> {
        unreachable!("list_api_keys")
    }

    fn note_api_key_use(&self, _: &str, _: Timestamp, _: Timestamp) -> Answer<()> {
        unreachable!("note_api_key_use")
    }
}

impl SettingReads for Scripted {
    fn key_id(&self) -> Answer<Option<String>> {
        unreachable!("key_id")
    }

    fn retirements(&self) -> Answer<Vec<(String, String)>> {
        unreachable!("retirements")
    }
}

impl Transaction for Begun<'_> {
    fn commit(self) -> Answer<()> {
        let next = self.0.commits.lock().unwrap().pop_front();
        next.unwrap_or_else(|| unreachable!("commit"))
    }
}

impl UserSteps for Begun<'_> {
    fn lock_user(&mut self, _: &str) -> Answer<Option<UserRecord>> {
        unreachable!("lock_user")
    }

    fn lock_recipient(&mut self, email_lookup: &str) -> Answer<Option<Recipient>> {
        Ok((email_lookup == KNOWN).then(|| Recipient {
            user_id: "user_1".to_owned(),
            email: KNOWN.to_owned(),
            credential: Credential::new(KNOWN, KNOWN, None),
        }))
    }

    fn insert_user(&mut self, _: &UserRecord) -> Answer<()> {
        unreachable!("insert_user")
    }

    fn update_user(&mut self, _: &UserRecord) -> Answer<()> {
        unreachable!("update_user")
    }

    fn delete_user(&mut self, _: &str) -> Answer<()> {
        unreachable!("delete_user")
    }

    fn note_sign_in(&mut self, _: &SignIn<'_>) -> Answer<bool> {
        unreachable!("note_sign_in")
    }

    fn replace_hash(&mut self, _: &str, _: &str, _: &StoredPassword) -> Answer<bool> {
        unreachable!("replace_hash")
    }
}

impl FailureSteps for Begun<'_> {
    fn lock_failed_logins(&mut self, _: &Digest) -> Answer<Option<FailedLogins>> {
        unreachable!("lock_failed_logins")
    }

    fn insert_failed_logins(&mut self, _: &Digest, _: &FailedLogins) -> Answer<()> {
        unreachable!("insert_failed_logins")
    }

    fn update_failed_logins(&mut self, _: &Digest, _: &FailedLogins) -> Answer<()> {
        unreachable!("update_failed_logins")
    }

    fn delete_failed_logins(&mut self, _: &Digest) -> Answer<()> {
        unreachable!("delete_failed_logins")
    }

    fn purge_failed_logins(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("purge_failed_logins")
    }
}

impl ReportSteps for Begun<'_> {
    fn is_reported(&mut self, _: &str) -> Answer<bool> {
        unreachable!("is_reported")
    }

    fn insert_report(&mut self, _: &ReportRecord) -> Answer<()> {
        unreachable!("insert_report")
    }

    fn is_locked(&mut self, _: &str) -> Answer<bool> {
        Ok(false)
    }

    fn unlock(&mut self, _: &str) -> Answer<bool> {
        unreachable!("unlock")
    }

    fn delete_reports(&mut self, _: &str) -> Answer<()> {
        unreachable!("delete_reports")
    }

    fn purge_reports(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("purge_reports")
    }
}

impl WebhookSteps for Begun<'_> {
    fn insert_webhook_endpoint(&mut self, _: &WebhookRecord) -> Answer<()> {
        unreachable!("insert_webhook_endpoint")
    }

    fn lock_webhook_endpoint(&mut self, _: &str) -> Answer<Option<WebhookRecord>> {
        unreachable!("lock_webhook_endpoint")
    }

    fn lock_webhook_endpoints(&mut self) -> Answer<Vec<WebhookRecord>> {
        unreachable!("lock_webhook_endpoints")
    }

    fn update_webhook_endpoint(&mut self, _: &WebhookRecord) -> Answer<()> {
        unreachable!("update_webhook_endpoint")
    }

    fn delete_webhook_endpoint(&mut self, _: &str) -> Answer<()> {
        unreachable!("delete_webhook_endpoint")
    }
}

impl MessageSteps for Begun<'_> {
    fn enqueue(&mut self, _: &MessageRecord) -> Answer<()> {
        unreachable!("enqueue")
    }

    fn lease_messages(
        &mut self,
        _: &str,
        _: Timestamp,
        _: Timestamp,
        _: u32,
    ) -> Answer<Vec<MessageRecord>> {
        unreachable!("lease_messages")
    }

    fn lock_message(&mut self, _: &str, _: &str) -> Answer<Option<MessageRecord>> {
        unreachable!("lock_message")
    }

    fn postpone_message(&mut self, _: &str, _: &str, _: Timestamp) -> Answer<bool> {
        unreachable!("postpone_message")
    }

    fn finish_message(&mut self, _: &str, _: &str) -> Answer<bool> {
        unreachable!("finish_message")
    }

    fn delete_messages(&mut self, _: &str) -> Answer<()> {
        unreachable!("delete_messages")
    }

    fn purge_messages(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("purge_messages")
    }
}

impl ResetSteps for Begun<'_> {
    fn lock_live_reset(&mut self, _: &str) -> Answer<Option<ResetRecord>> {
        Ok(None)
    }

    fn insert_reset(&mut self, _: &ResetRecord) -> Answer<()> {
        unreachable!("insert_reset")
    }

    fn redeem(&mut self, _: &Redeem<'_>) -> Answer<Option<Ended>> {
        unreachable!("redeem")
    }

    fn rebind_reset(&mut self, _: &str, _: &Digest) -> Answer<()> {
        unreachable!("rebind_reset")
    }

    fn void_resets(&mut self, _: Option<&str>, _: Timestamp) -> Answer<u64> {
        assert!(self.0.left() > 0, "void_resets");
        Ok(1)
    }

    fn delete_resets(&mut self, _: &str) -> Answer<()> {
        unreachable!("delete_resets")
    }

    fn count_requests(
        &mut self,
        _: &Digest,
        _: [Timestamp; 3],
        _: Timestamp,
    ) -> Answer<RequestCounts> {
        Ok(RequestCounts {
            last: 0,
            since: [0; 3],
            link_expires_at: Timestamp::from_unix_millis(0),
        })
    }

    fn insert_request(&mut self, _: &Digest, _: i64, _: Timestamp, _: Timestamp) -> Answer<()> {
        Ok(())
    }

    fn wipe_secrets(&mut self, _: Timestamp, _: u32) -> Answer<()> {
        unreachable!("wipe_secrets")
    }

    fn purge_resets(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("purge_resets")
    }

    fn purge_requests(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("purge_requests")
    }
}

impl EventSteps for Begun<'_> {
    fn level_chains(&mut self) -> Answer<i64> {
        unreachable!("level_chains")
    }

    fn append(&mut self, _: &Event) -> Answer<()> {
        assert!(self.0.left() > 0, "append");
        Ok(())
    }

    fn begin_trail(&mut self) -> Answer<()> {
        unreachable!("begin_trail")
    }

    fn renew_checkpoints(&mut self) -> Answer<()> {
        unreachable!("renew_checkpoints")
    }

    fn shorten_trail(&mut self, _: Timestamp, _: u32) -> Answer<u64> {
        unreachable!("shorten_trail")
    }
}

impl ApiKeySteps for Begun<'_> {
    fn insert_api_key(&mut self, _: &ApiKeyRecord) -> Answer<()> {
        unreachable!("insert_api_key")
    }

    fn end_api_key(&mut self, _: &str, _: Timestamp) -> Answer<()> {
        unreachable!("end_api_key")
    }

    fn revoke_api_key(&mut self, _: &str, _: Timestamp) -> Answer<bool> {
        unreachable!("revoke_api_key")
    }
}

impl SettingSteps for Begun<'_> {
    fn lock_key_id(&mut self) -> Answer<String> {
        unreachable!("lock_key_id")
    }

    fn lock_retirements(&mut self) -> Answer<Vec<(String, String)>> {
        unreachable!("lock_retirements")
    }

    fn set_retirement(&mut self, _: &str, _: &str) -> Answer<()> {
        unreachable!("set_retirement")
    }

    fn record_first_key_id(&mut self, _: &str) -> Answer<bool> {
        unreachable!("record_first_key_id")
    }

    fn set_key_id(&mut self, _: &str) -> Answer<()> {
        unreachable!("set_key_id")
    }
}

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// An engine on the store. Its clock stands still.
pub fn engine(store: Scripted, random: Arc<impl Random + 'static>) -> Engine<Scripted> {
    let config = Config {
        clock: Arc::new(Standing),
        random,
        keys: Keyring::new(Key::new(&[7; 32]), Vec::new()).unwrap().into(),
        policy: Policy::new(15, Vec::new()).unwrap(),
        argon2: Argon2Params::new(19_456, 2).unwrap(),
        reset_url: ResetUrl::new(ResetUrl::LOCAL).unwrap(),
        token_lifetime: Duration::from_mins(30),
        first_password_lifetime: Duration::from_mins(30),
        pepper: None,
        hash_form: HashForm::default(),
        address_rule: AddressRule::default(),
        seal_tokens: true,
        messages: false,
        memory_budget_kib: 65_536,
        cores: NonZero::<usize>::MIN,
        requests_per_minute: NonZero::new(6_000).unwrap(),
    };
    Engine::new(store, config).unwrap()
}

fn known() -> UserRecord {
    UserRecord {
        user: User {
            id: "user_1".into(),
            email: KNOWN.into(),
            email_verified: false,
            first_name: None,
            last_name: None,
            name: None,
            profile_picture_url: None,
            last_sign_in_at: None,
            external_id: None,
            metadata: BTreeMap::new(),
            locale: None,
            credentials_changed_at: None,
            created_at: NOW,
            updated_at: NOW,
        },
        email_lookup: KNOWN.into(),
        password: None,
    }
}
