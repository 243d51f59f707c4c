//! The canonical form of answers, from the documents that the engine's own types make.

use reset_password::{Error, PasswordReset};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Answer;

/// What an operation answers, as the document of the reference: `object` keys are held and taken away,
/// what has no value is null.
pub fn canonical(operation: &str, document: Value) -> Result<Value, String> {
    match operation {
        "authenticate_with_password"
        | "create_user"
        | "get_user"
        | "get_user_by_email"
        | "get_user_by_external_id"
        | "report_change"
        | "reset_password"
        | "update_user" => without_object(document, "user"),
        "create_password_reset" | "get_password_reset" | "request_password_reset" => match document
        {
            Value::Null if operation == "request_password_reset" => Ok(Value::Null),
            document => without_object(document, "password_reset"),
        },
        "check_password_reset_token" => without_object(document, "token_check"),
        "events" => list(document, "event"),
        "list_users" => list(document, "user"),
        "messages" => list(document, "message"),
        "check_password" => with_whole_details(document),
        _ => Ok(document),
    }
}

/// The value without its `object`, which must be that.
pub fn without_object(document: Value, object: &str) -> Result<Value, String> {
    let Value::Object(mut fields) = document else {
        return Err(format!("{object} is no object: {document}"));
    };
    match fields.shift_remove("object") {
        Some(Value::String(found)) if found == object => Ok(Value::Object(fields)),
        other => Err(format!("object should be {object} and is {other:?}")),
    }
}

fn list(document: Value, item: &str) -> Result<Value, String> {
    let mut list = without_object(document, "list")?;
    let Some(Value::Array(data)) = list.get_mut("data") else {
        return Err(format!("no data in {list}"));
    };
    for entry in data {
        *entry = without_object(entry.take(), item)?;
    }
    Ok(list)
}

/// A result's reasons have all their fields; an error's have those that say something.
fn with_whole_details(mut check: Value) -> Result<Value, String> {
    let Some(Value::Array(details)) = check.get_mut("errors") else {
        return Err(format!("no errors in {check}"));
    };
    for detail in details {
        let Value::Object(detail) = detail else {
            return Err(format!("no detail: {detail}"));
        };
        for field in ["field", "minimum_length", "maximum_length"] {
            detail.entry(field).or_insert(Value::Null);
        }
    }
    Ok(check)
}

/// An error's record with all of its fields: documents leave out what has no value.
pub fn whole_error(mut record: Map<String, Value>) -> Answer {
    record
        .entry("errors")
        .or_insert_with(|| Value::Array(Vec::new()));
    record.entry("retry_after").or_insert(Value::Null);
    Answer::Error(record)
}

/// The answer of an operation of the crate.
pub fn answer<T: Serialize>(operation: &str, outcome: Result<T, Error>) -> Answer {
    match outcome {
        Ok(value) => serde_json::to_value(value)
            .map_err(|error| error.to_string())
            .and_then(|document| canonical(operation, document))
            .map_or_else(Answer::Broken, Answer::Ok),
        Err(error) => refusal(&error),
    }
}

/// The record of an error of the crate.
pub fn refusal(error: &Error) -> Answer {
    match serde_json::to_value(error.info()) {
        Ok(Value::Object(record)) => whole_error(record),
        other => Answer::Broken(format!("an error without a record: {other:?}")),
    }
}

/// A reset as a document, its secrets shown.
pub fn reset_document(reset: &PasswordReset) -> Value {
    serde_json::json!({
        "object": "password_reset",
        "id": reset.id,
        "user_id": reset.user_id,
        "email": reset.email,
        "password_reset_token": reset.password_reset_token.expose_secret(),
        "password_reset_url": reset.password_reset_url.expose_secret(),
        "expires_at": reset.expires_at,
        "created_at": reset.created_at,
    })
}
