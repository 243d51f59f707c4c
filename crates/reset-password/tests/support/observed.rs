//! A store that tells of each step before it is taken and after it was, and fails there if it is told to.

use std::sync::Arc;

use reset_password_core::{
    ApiKey, Event, Store, Timestamp, User,
    api_key::ApiKeyRecord,
    audit::{AuditRow, AuditWriter, Checkpoints, LastRecord},
    credential::{Recipient, StoredPassword, UserRecord},
    failed_logins::FailedLogins,
    key::Digest,
    message::{MessageRecord, WaitingMessages},
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
use reset_password_store::{SqlStore, SqlTransaction};

type Result<T> = std::result::Result<T, StoreError>;

/// Whether a step is to be taken, or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Before,
    After,
}

/// What is told of a step, by the name of its method, and decides whether it fails.
pub type Observer = Arc<dyn Fn(&'static str, Moment) -> Result<()> + Send + Sync>;

/// A store and who is told.
pub struct Observed {
    store: SqlStore,
    observer: Observer,
}

/// A transaction of it.
pub struct ObservedTransaction<'a> {
    store: SqlTransaction<'a>,
    observer: Observer,
}

impl Observed {
    pub fn new(
        store: SqlStore,
        observer: impl Fn(&'static str, Moment) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let observer = Arc::new(observer);
        Self { store, observer }
    }
}

/// Methods that are observed.
macro_rules! observed {
    ($(fn $name:ident(&$($mut:ident)? $(, $argument:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(fn $name(&$($mut)? self $(, $argument: $type)*) -> Result<$answer> {
            (self.observer)(stringify!($name), Moment::Before)?;
            let answer = self.store.$name($($argument),*)?;
            (self.observer)(stringify!($name), Moment::After)?;
            Ok(answer)
        })*
    };
}

impl Store for Observed {
    type Transaction<'a> = ObservedTransaction<'a>;

    fn begin(&self, audit: AuditWriter) -> Result<ObservedTransaction<'_>> {
        (self.observer)("begin", Moment::Before)?;
        let store = self.store.begin(audit)?;
        (self.observer)("begin", Moment::After)?;
        let observer = Arc::clone(&self.observer);
        Ok(ObservedTransaction { store, observer })
    }

    observed! {
        fn has_committed(&, event_id: &str) -> bool;
    }
}

impl Transaction for ObservedTransaction<'_> {
    fn commit(self) -> Result<()> {
        (self.observer)("commit", Moment::Before)?;
        self.store.commit()?;
        (self.observer)("commit", Moment::After)
    }
}

impl UserReads for Observed {
    observed! {
        fn find_user(&, key: UserKey<'_>) -> Option<UserRecord>;
        fn find_any_user(&) -> Option<UserRecord>;
        fn list_users(&, page: UserPage<'_>) -> Option<Vec<User>>;
        fn note_sign_in(&, sign_in: &SignIn<'_>) -> bool;
    }
}

impl ResetReads for Observed {
    observed! {
        fn find_reset(&, digests: &[Digest]) -> Option<(ResetRecord, UserRecord)>;
        fn find_reset_by_id(&, id: &str) -> Option<(ResetRecord, UserRecord)>;
        fn key_ids_in_use(&, now: Timestamp) -> Vec<String>;
    }
}

impl EventReads for Observed {
    fn chains(&self) -> u8 {
        self.store.chains()
    }

    observed! {
        fn events(&, page: EventPage<'_>) -> Option<Vec<Event>>;
        fn checkpoints(&) -> Checkpoints;
        fn trail(&, after: i64, through: i64, limit: u32) -> Vec<AuditRow>;
        fn last_records(&) -> Vec<LastRecord>;
        fn newest_event_at(&) -> Option<Timestamp>;
    }
}

impl ApiKeyReads for Observed {
    observed! {
        fn find_api_key(&, id: &str) -> Option<ApiKeyRecord>;
        fn list_api_keys(&) -> Vec<ApiKey>;
        fn note_api_key_use(&, id: &str, now: Timestamp, before: Timestamp) -> ();
    }
}

impl SettingReads for Observed {
    observed! {
        fn key_id(&) -> Option<String>;
        fn retirements(&) -> Vec<(String, String)>;
    }
}

impl WebhookReads for Observed {
    observed! {
        fn find_webhook_endpoint(&, id: &str) -> Option<WebhookRecord>;
        fn list_webhook_endpoints(&) -> Vec<WebhookRecord>;
    }
}

impl UserSteps for ObservedTransaction<'_> {
    observed! {
        fn lock_user(&mut, id: &str) -> Option<UserRecord>;
        fn lock_recipient(&mut, email_lookup: &str) -> Option<Recipient>;
        fn note_sign_in(&mut, sign_in: &SignIn<'_>) -> bool;
        fn insert_user(&mut, record: &UserRecord) -> ();
        fn update_user(&mut, record: &UserRecord) -> ();
        fn delete_user(&mut, id: &str) -> ();
        fn replace_hash(&mut, user_id: &str, old: &str, new: &StoredPassword) -> bool;
    }
}

impl FailureReads for Observed {
    observed! {
        fn find_failed_logins(&, address: &Digest) -> Option<FailedLogins>;
    }
}

impl FailureSteps for ObservedTransaction<'_> {
    observed! {
        fn lock_failed_logins(&mut, address: &Digest) -> Option<FailedLogins>;
        fn insert_failed_logins(&mut, address: &Digest, failed: &FailedLogins) -> ();
        fn update_failed_logins(&mut, address: &Digest, failed: &FailedLogins) -> ();
        fn delete_failed_logins(&mut, address: &Digest) -> ();
        fn purge_failed_logins(&mut, before: Timestamp, limit: u32) -> u64;
    }
}

impl MessageReads for Observed {
    observed! {
        fn waiting_messages(&) -> WaitingMessages;
    }
}

impl MessageSteps for ObservedTransaction<'_> {
    observed! {
        fn enqueue(&mut, message: &MessageRecord) -> ();
        fn lease_messages(
            &mut,
            lease: &str,
            now: Timestamp,
            until: Timestamp,
            limit: u32
        ) -> Vec<MessageRecord>;
        fn lock_message(&mut, id: &str, lease: &str) -> Option<MessageRecord>;
        fn postpone_message(&mut, id: &str, lease: &str, due_at: Timestamp) -> bool;
        fn finish_message(&mut, id: &str, lease: &str) -> bool;
        fn delete_messages(&mut, user_id: &str) -> ();
        fn purge_messages(&mut, before: Timestamp, limit: u32) -> u64;
    }
}

impl ReportSteps for ObservedTransaction<'_> {
    observed! {
        fn is_reported(&mut, message_id: &str) -> bool;
        fn insert_report(&mut, report: &ReportRecord) -> ();
        fn is_locked(&mut, user_id: &str) -> bool;
        fn unlock(&mut, user_id: &str) -> bool;
        fn delete_reports(&mut, user_id: &str) -> ();
        fn purge_reports(&mut, before: Timestamp, limit: u32) -> u64;
    }
}

impl ResetSteps for ObservedTransaction<'_> {
    observed! {
        fn lock_live_reset(&mut, user_id: &str) -> Option<ResetRecord>;
        fn insert_reset(&mut, reset: &ResetRecord) -> ();
        fn redeem(&mut, redeem: &Redeem<'_>) -> Option<Ended>;
        fn rebind_reset(&mut, id: &str, fingerprint: &Digest) -> ();
        fn void_resets(&mut, user_id: Option<&str>, now: Timestamp) -> u64;
        fn delete_resets(&mut, user_id: &str) -> ();
        fn count_requests(&mut, address: &Digest, since: [Timestamp; 3], until: Timestamp) -> RequestCounts;
        fn insert_request(
            &mut,
            address: &Digest,
            number: i64,
            now: Timestamp,
            link_expires_at: Timestamp
        ) -> ();
        fn wipe_secrets(&mut, before: Timestamp, limit: u32) -> ();
        fn purge_resets(&mut, before: Timestamp, limit: u32) -> u64;
        fn purge_requests(&mut, before: Timestamp, limit: u32) -> u64;
    }
}

impl EventSteps for ObservedTransaction<'_> {
    observed! {
        fn append(&mut, event: &Event) -> ();
        fn begin_trail(&mut) -> ();
        fn renew_checkpoints(&mut) -> ();
        fn level_chains(&mut) -> i64;
        fn shorten_trail(&mut, before: Timestamp, limit: u32) -> u64;
    }
}

impl ApiKeySteps for ObservedTransaction<'_> {
    observed! {
        fn insert_api_key(&mut, record: &ApiKeyRecord) -> ();
        fn end_api_key(&mut, id: &str, at: Timestamp) -> ();
        fn revoke_api_key(&mut, id: &str, now: Timestamp) -> bool;
    }
}

impl SettingSteps for ObservedTransaction<'_> {
    observed! {
        fn lock_key_id(&mut) -> String;
        fn set_key_id(&mut, id: &str) -> ();
        fn lock_retirements(&mut) -> Vec<(String, String)>;
        fn set_retirement(&mut, key_id: &str, text: &str) -> ();
        fn record_first_key_id(&mut, id: &str) -> bool;
    }
}

impl WebhookSteps for ObservedTransaction<'_> {
    observed! {
        fn insert_webhook_endpoint(&mut, record: &WebhookRecord) -> ();
        fn lock_webhook_endpoint(&mut, id: &str) -> Option<WebhookRecord>;
        fn lock_webhook_endpoints(&mut) -> Vec<WebhookRecord>;
        fn update_webhook_endpoint(&mut, record: &WebhookRecord) -> ();
        fn delete_webhook_endpoint(&mut, id: &str) -> ();
    }
}
