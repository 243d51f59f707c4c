//! The users' table of another system, which adds its users itself.

use std::sync::atomic::{AtomicU32, Ordering};

use reset_password_core::{
    Argon2Params,
    password::hash::{Arena, HashForm, Work},
};
use reset_password_test_databases::Database;
use reset_password_test_tools::Backdoor;
use serde_json::{Map, Value};

use crate::scenario::{Opens, Scenario, Step};

/// The table, as `open` takes it.
pub const USERS: &str = r#"
table = "members"
id = "member"
email = "mail"
password = "pw"
lookup = "ignore_case"
hash = "argon2id"
verified = { flag = "is_verified" }
first_name = "given"
last_name = "family"
name = "shown_as"
locale = "lang"
created_at = "made_at"
updated_at = "moved_at"
accounts = []
"#;

/// What of a user the other system keeps.
const FIELDS: [(&str, &str); 7] = [
    ("email", "mail"),
    ("email_verified", "is_verified"),
    ("first_name", "given"),
    ("last_name", "family"),
    ("locale", "lang"),
    ("name", "shown_as"),
    ("password", "pw"),
];

/// What it does itself, and answers `unsupported` here.
const ITS_OWN: [&str; 4] = [
    "delete_user",
    "get_user_by_external_id",
    "list_users",
    "update_user",
];

/// Scenarios of what differs by right: the feed tells of no user that was created, and no account is without a password.
const DIFFER: [&str; 6] = [
    "create_password_reset_first_password",
    "events_pages",
    "one_winner",
    "purge_old_events",
    "request_password_reset_again",
    "request_password_reset_cooldown",
];

/// Whether a scenario means the same on that table.
pub fn plays(scenario: &Scenario) -> bool {
    let opens = match &scenario.opens {
        Opens::No(_) => return false,
        Opens::With(options) => options,
    };
    let is_elsewhere = opens.contains_key("database_url") || opens.contains_key("users");
    !is_elsewhere
        && scenario.steps.iter().any(is_of_a_user)
        && scenario.steps.iter().all(means_the_same)
        && !DIFFER.contains(&scenario.id.as_str())
}

fn is_of_a_user(step: &Step) -> bool {
    step.call.as_deref() == Some("create_user")
}

fn means_the_same(step: &Step) -> bool {
    let is_its_own = |operation: &str| ITS_OWN.contains(&operation);
    let at_once = step.concurrently.iter();
    let mut at_once = at_once.map(|calls| calls.call.as_str());
    let is_ours = |statement: &String| statement.contains("reset_password_users");
    match &step.call {
        _ if at_once.any(|operation| is_its_own(operation) || operation == "create_user") => false,
        _ if step.sql.as_ref().is_some_and(is_ours) => false,
        Some(operation) if operation == "create_user" => {
            let mut fields = step.with.keys();
            step.error.is_none()
                && !step.type_error
                && step.expect_on.is_empty()
                && fields.all(|field| FIELDS.iter().any(|(known, _)| field == known))
        }
        Some(operation) => !is_its_own(operation),
        None => true,
    }
}

/// The table in one database.
pub struct Table {
    url: String,
    users: AtomicU32,
}

impl Table {
    /// Makes the table.
    pub fn new(database: &Database) -> Result<Self, String> {
        let url = database.url();
        let moment = if url.starts_with("mysql:") {
            "datetime(3)"
        } else {
            "timestamp(3)"
        };
        let table = Self {
            url: url.to_owned(),
            users: AtomicU32::new(0),
        };
        let statement = format!(
            "CREATE TABLE members (member varchar(64) NOT NULL PRIMARY KEY, mail varchar(320) NOT NULL, pw varchar(255), is_verified integer NOT NULL, given text, family text, shown_as text, lang text, made_at {moment} NOT NULL, moved_at {moment} NOT NULL)"
        );
        if database.server().is_some() {
            table.execute(&statement)?;
        } else {
            // The file is not there yet.
            database.rows(&statement);
        }
        Ok(table)
    }

    /// Adds a user with the arguments of `create_user`; answers the address.
    pub fn add(&self, arguments: &Map<String, Value>) -> Result<String, String> {
        let number = self.users.fetch_add(1, Ordering::Relaxed);
        let mut columns = vec!["member", "made_at", "moved_at"];
        let mut values = vec![
            format!("'user_01ARZ3NDEKTSV4RRFF{number:08}'"),
            "CURRENT_TIMESTAMP".to_owned(),
            "CURRENT_TIMESTAMP".to_owned(),
        ];
        for (field, column) in FIELDS {
            let value = match (field, arguments.get(field)) {
                // Nobody can log in, and a reset can be made.
                ("password", None | Some(Value::Null)) => literal(&hash("nobody knows this one")?),
                ("password", Some(password)) => {
                    literal(&hash(password.as_str().unwrap_or_default())?)
                }
                ("email_verified", verified) => {
                    u8::from(verified == Some(&Value::Bool(true))).to_string()
                }
                (_, Some(Value::String(text))) => literal(text),
                _ => continue,
            };
            columns.push(column);
            values.push(value);
        }
        let (columns, values) = (columns.join(", "), values.join(", "));
        self.execute(&format!(
            "INSERT INTO members ({columns}) VALUES ({values})"
        ))?;
        let email = arguments.get("email").and_then(Value::as_str);
        Ok(email.unwrap_or_default().to_owned())
    }

    fn execute(&self, statement: &str) -> Result<(), String> {
        let opened = Backdoor::open(&self.url);
        let done = opened.and_then(|mut database| database.execute(statement));
        done.map(drop)
            .map_err(|error| format!("{statement}: {error}"))
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// As the other system hashes a password.
fn hash(password: &str) -> Result<String, String> {
    let mut work = Work {
        params: Argon2Params::new(19_456, 2).map_err(|error| error.to_string())?,
        arena: &mut Arena::new(),
        salt: &[7; 16],
        pepper: None,
    };
    let hash = HashForm::Argon2id.write(&mut work, password.as_bytes(), None);
    hash.map_err(|error| error.to_string())
}
