//! The crate itself, called in this process.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reset_password::{EventList, blocking::UserManagement};
use serde_json::{Value, json};

use super::{
    Answer, Call, Surface,
    answers::{answer, refusal, reset_document},
    rust_arguments::{Arguments, Refusal},
    type_error,
};

/// Every operation that a scenario may call, with the names of its arguments in their canonical order.
pub const OPERATIONS: &[(&str, &[&str])] = &[
    ("authenticate_with_password", &["email", "password"]),
    ("check_password", &["password", "user_id"]),
    ("check_password_reset_token", &["token"]),
    ("close", &[]),
    ("create_password_reset", &["email"]),
    (
        "create_user",
        &[
            "email",
            "password",
            "password_hash",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
            "created_at",
        ],
    ),
    ("delete_user", &["id"]),
    ("events", &["after", "limit"]),
    ("get_password_reset", &["id"]),
    ("get_user", &["id"]),
    ("get_user_by_email", &["email"]),
    ("get_user_by_external_id", &["external_id"]),
    (
        "list_users",
        &["email", "limit", "before", "after", "order"],
    ),
    ("message_failed", &["id"]),
    ("message_sent", &["id"]),
    ("messages", &["limit"]),
    (
        "open",
        &[
            "database_url",
            "key",
            "key_file",
            "previous_keys",
            "reset_url",
            "token_lifetime",
            "first_password_lifetime",
            "seal_tokens",
            "password_min_length",
            "service_names",
            "pepper",
            "pepper_file",
            "argon2_memory_kib",
            "argon2_iterations",
            "argon2_portable",
            "memory_budget_kib",
            "requests_per_minute",
            "users",
            "messages",
            "migrate",
        ],
    ),
    ("purge", &["limit"]),
    ("report_change", &["token", "email"]),
    ("request_password_reset", &["email"]),
    ("reset_password", &["token", "new_password"]),
    ("revoke_password_resets", &["user_id"]),
    ("unlock_user", &["id"]),
    (
        "update_user",
        &[
            "id",
            "email",
            "password",
            "password_hash",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
        ],
    ),
];

/// Events on a page, messages that are taken, and rows that a purge removes, in the other languages. In Rust they are
/// always given.
const EVENTS: u32 = 10;
const MESSAGES: u32 = 10;
const PURGED: u32 = 1_000;

/// The crate.
#[derive(Default)]
pub struct Rust(Mutex<HashMap<String, UserManagement>>);

impl Rust {
    fn handles(&self) -> MutexGuard<'_, HashMap<String, UserManagement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, call: &Call) -> Result<Answer, Refusal> {
        let arguments = Arguments(&call.arguments);
        let (url, options) = (arguments.text("database_url")?, arguments.options()?);
        let handle = UserManagement::open(&url, options).map_err(Refusal::Engine)?;
        self.handles().insert(call.handle.clone(), handle);
        Ok(Answer::Ok(Value::Null))
    }

    fn perform(handle: &UserManagement, call: &Call) -> Result<Answer, Refusal> {
        let arguments = Arguments(&call.arguments);
        let operation = call.operation.as_str();
        let text = |name| arguments.text(name);
        Ok(match operation {
            "authenticate_with_password" => {
                let (email, password) = (text("email")?, arguments.password("password"));
                // A program that cannot read the password as text cannot log in with it.
                let Ok(password) = password else {
                    return match password {
                        Err(Refusal::Engine(_)) => {
                            Ok(refusal(&reset_password::Code::InvalidCredentials.into()))
                        }
                        _ => Err(Refusal::Type),
                    };
                };
                answer(
                    operation,
                    handle.authenticate_with_password(&email, &password),
                )
            }
            "check_password" => {
                let user_id = arguments.optional_text("user_id")?;
                match arguments.password("password") {
                    Ok(password) => answer(
                        operation,
                        handle.check_password(&password, user_id.as_deref()),
                    ),
                    Err(Refusal::Engine(error)) => {
                        let verdict = json!({ "acceptable": false, "errors": error.errors() });
                        answer(operation, Ok(verdict))
                    }
                    Err(Refusal::Type) => return Err(Refusal::Type),
                }
            }
            "check_password_reset_token" => answer(
                operation,
                handle.check_password_reset_token(&text("token")?),
            ),
            "close" => {
                handle.close();
                Answer::Ok(Value::Null)
            }
            "create_password_reset" => {
                let made = handle.create_password_reset(&text("email")?);
                answer(operation, made.map(|reset| reset_document(&reset)))
            }
            "create_user" => answer(operation, handle.create_user(arguments.create_user()?)),
            "delete_user" => answer(operation, handle.delete_user(&text("id")?)),
            "events" => {
                let after = arguments.optional_text("after")?;
                let limit = arguments.number("limit")?.unwrap_or(EVENTS);
                let page: Result<EventList, _> = handle.events(after.as_deref(), limit);
                answer(operation, page)
            }
            "get_password_reset" => {
                let read = handle.get_password_reset(&text("id")?);
                answer(operation, read.map(|reset| reset_document(&reset)))
            }
            "get_user" => answer(operation, handle.get_user(&text("id")?)),
            "get_user_by_email" => answer(operation, handle.get_user_by_email(&text("email")?)),
            "get_user_by_external_id" => answer(
                operation,
                handle.get_user_by_external_id(&text("external_id")?),
            ),
            "list_users" => answer(operation, handle.list_users(arguments.list_users()?)),
            "message_failed" => answer(operation, handle.message_failed(&text("id")?)),
            "message_sent" => answer(operation, handle.message_sent(&text("id")?)),
            "messages" => {
                let limit = arguments.number("limit")?.unwrap_or(MESSAGES);
                answer(operation, handle.messages(limit))
            }
            "purge" => {
                let limit = arguments.number("limit")?.unwrap_or(PURGED);
                answer(operation, handle.purge(limit))
            }
            "report_change" => {
                let (token, email) = (text("token")?, text("email")?);
                answer(operation, handle.report_change(&token, &email))
            }
            "request_password_reset" => {
                let made = handle.request_password_reset(&text("email")?);
                let document = made.map(|reset| reset.as_ref().map(reset_document));
                answer(operation, document)
            }
            "reset_password" => {
                let (token, password) = (text("token")?, arguments.password("new_password")?);
                answer(operation, handle.reset_password(&token, &password))
            }
            "revoke_password_resets" => {
                let user_id = arguments.optional_text("user_id")?;
                answer(operation, handle.revoke_password_resets(user_id.as_deref()))
            }
            "unlock_user" => answer(operation, handle.unlock_user(&text("id")?)),
            "update_user" => {
                let (id, change) = (text("id")?, arguments.update_user()?);
                answer(operation, handle.update_user(&id, change))
            }
            other => Answer::Broken(format!("there is no operation {other}")),
        })
    }
}

impl Surface for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn begin(&self, _folder: &Path) {}

    fn call(&self, call: &Call) -> Answer {
        let outcome = if call.operation == "open" {
            self.open(call)
        } else {
            let handle = self.handles().get(&call.handle).cloned();
            match handle {
                Some(handle) => Self::perform(&handle, call),
                None => return Answer::Broken(format!("no handle {}", call.handle)),
            }
        };
        match outcome {
            Ok(answer) => answer,
            Err(Refusal::Engine(error)) => refusal(&error),
            Err(Refusal::Type) => type_error("a compile error"),
        }
    }

    fn end(&self) {
        self.handles().clear();
    }
}
