//! The table of endpoints that events are sent to.

use reset_password_core::{
    Timestamp, WebhookEndpoint, WebhookStatus,
    event::EventKind,
    store::StoreError,
    webhook::{SealedSecrets, WebhookRecord},
};

use crate::sql::{Dialect, Param, Row, Statement};

/// The columns that [`values`] gives and [`read`] takes.
const COLUMNS: &str = r#""id", "url", "events", "status", "key_id", "secret", "previous_secret", "previous_ends_at", "passed", "attempts", "due_at", "lease", "failing_since", "last_failure", "created_at", "updated_at""#;

/// The statements on the table of endpoints.
pub(crate) struct WebhookStatements {
    /// Takes what [`values`] gives.
    pub(crate) insert: Statement,
    /// Takes what [`values`] gives.
    pub(crate) update: Statement,
    /// Takes the id.
    pub(crate) delete: Statement,
    /// Takes the id.
    pub(crate) by_id: Statement,
    /// Takes the id. Locks the row.
    pub(crate) lock: Statement,
    pub(crate) all: Statement,
    /// Locks the rows.
    pub(crate) lock_all: Statement,
}

impl WebhookStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let table = r#""reset_password_webhook_endpoints""#;
        let select = format!("SELECT {COLUMNS} FROM {table}");
        let (locking, oldest_first) = (dialect.locking(), r#" ORDER BY "id""#);
        let one = r#" WHERE "id" = ?1"#;
        let render = |text: String| dialect.render(&text);
        Self {
            insert: render(format!(
                "INSERT INTO {table} ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
            )),
            update: render(format!(
                r#"UPDATE {table} SET "url" = ?2, "events" = ?3, "status" = ?4, "key_id" = ?5, "secret" = ?6, "previous_secret" = ?7, "previous_ends_at" = ?8, "passed" = ?9, "attempts" = ?10, "due_at" = ?11, "lease" = ?12, "failing_since" = ?13, "last_failure" = ?14, "created_at" = ?15, "updated_at" = ?16{one}"#
            )),
            delete: render(format!("DELETE FROM {table}{one}")),
            by_id: render(format!("{select}{one}")),
            lock: render(format!("{select}{one}{locking}")),
            all: render(format!("{select}{oldest_first}")),
            lock_all: render(format!("{select}{oldest_first}{locking}")),
        }
    }
}

/// The names of some kinds of event, as they are stored.
pub(crate) fn kinds(record: &WebhookRecord) -> String {
    let kinds = record.endpoint.events.iter();
    let names: Vec<_> = kinds.map(|kind| kind.as_str()).collect();
    names.join(" ")
}

/// The values of the statements that write; `kinds` is what [`kinds`] says.
pub(crate) fn values<'a>(record: &'a WebhookRecord, kinds: &'a str) -> [Param<'a>; 16] {
    let WebhookRecord {
        endpoint, secrets, ..
    } = record;
    let millis = |moment: Option<Timestamp>| moment.map(Timestamp::unix_millis);
    [
        (&endpoint.id).into(),
        (&endpoint.endpoint_url).into(),
        kinds.into(),
        endpoint.status.as_str().into(),
        (&secrets.key_id).into(),
        secrets.current.as_slice().into(),
        secrets.previous.as_deref().into(),
        millis(endpoint.previous_secret_ends_at).into(),
        record.cursor.into(),
        record.attempts.into(),
        record.due_at.unix_millis().into(),
        record.lease.as_deref().into(),
        millis(endpoint.failing_since).into(),
        endpoint.last_failure.as_deref().into(),
        endpoint.created_at.unix_millis().into(),
        endpoint.updated_at.unix_millis().into(),
    ]
}

pub(crate) fn read(mut row: Row) -> Result<WebhookRecord, StoreError> {
    row.of("an endpoint of webhooks");
    let moment = |millis: Option<i64>| millis.map(Timestamp::from_unix_millis);
    let (id, endpoint_url) = (row.text()?, row.text()?);
    let kinds = row.text()?;
    let kinds = kinds.split_ascii_whitespace().map(EventKind::parse);
    let events = kinds.collect::<Option<Vec<_>>>();
    let events = events.ok_or_else(|| row.damaged())?;
    let status = WebhookStatus::parse(&row.text()?).ok_or_else(|| row.damaged())?;
    let secrets = SealedSecrets {
        key_id: row.text()?,
        current: row.bytes()?,
        previous: row.optional_bytes()?,
    };
    let previous_secret_ends_at = moment(row.optional_integer()?);
    let (cursor, attempts) = (row.integer()?, row.integer()?);
    let due_at = Timestamp::from_unix_millis(row.integer()?);
    let lease = row.optional_text()?;
    let failing_since = moment(row.optional_integer()?);
    let last_failure = row.optional_text()?;
    let created_at = Timestamp::from_unix_millis(row.integer()?);
    Ok(WebhookRecord {
        endpoint: WebhookEndpoint {
            id,
            endpoint_url,
            status,
            events,
            failing_since,
            last_failure,
            previous_secret_ends_at,
            created_at,
            updated_at: Timestamp::from_unix_millis(row.integer()?),
        },
        secrets,
        cursor,
        attempts,
        due_at,
        lease,
    })
}
