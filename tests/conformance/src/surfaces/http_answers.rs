//! What the service answers, in canonical form. Its contract has names of its own for some errors; each
//! is held against the status, the body and the reasons that `docs/reference/http.md` gives it.

use reset_password::Code;
use serde_json::{Map, Value, json};

use super::{
    Answer,
    answers::{canonical, whole_error, without_object},
    service::Reply,
};
use crate::argument::{as_text, octets};

/// What was asked.
pub struct Asked<'a> {
    pub operation: &'a str,
    pub arguments: &'a Map<String, Value>,
    pub success: u16,
}

type Lookup<'a> = &'a dyn Fn(&str) -> Result<Value, String>;

/// Reads a reply.
pub fn answer(asked: &Asked<'_>, reply: &Reply, changed_at: Lookup<'_>) -> Result<Answer, String> {
    let text = || String::from_utf8_lossy(&reply.body).into_owned();
    let has_no_body = matches!(asked.operation, "delete_user" | "unlock_user");
    if reply.status == asked.success && has_no_body {
        return match reply.body.as_slice() {
            [] => Ok(Answer::Ok(Value::Null)),
            _ => Err(format!("{} answered {}", asked.operation, text())),
        };
    }
    let document: Value = serde_json::from_slice(&reply.body)
        .map_err(|error| format!("{} and no JSON ({error}): {}", reply.status, text()))?;
    if reply.status == asked.success {
        return success(asked, document, changed_at).map(Answer::Ok);
    }
    let Value::Object(body) = document else {
        return Err(format!("{} and no object: {}", reply.status, text()));
    };
    refusal(asked, reply, body).map_err(|why| format!("{why}: {} {}", reply.status, text()))
}

fn success(
    asked: &Asked<'_>,
    mut document: Value,
    changed_at: Lookup<'_>,
) -> Result<Value, String> {
    match asked.operation {
        "events" => {
            let cursors = document
                .get_mut("list_metadata")
                .and_then(Value::as_object_mut);
            // The feed is read forwards only.
            if cursors.and_then(|cursors| cursors.shift_remove("before")) != Some(Value::Null) {
                return Err(format!("before should be null: {document}"));
            }
            canonical(asked.operation, document)
        }
        "list_users" => {
            let mut list = canonical(asked.operation, document)?;
            if let Some(Value::Array(users)) = list.get_mut("data") {
                for user in users {
                    complete(user, changed_at)?;
                }
            }
            Ok(list)
        }
        "check_password_reset_token" | "create_password_reset" | "get_password_reset" => {
            canonical(asked.operation, document)
        }
        "request_password_reset" => {
            let mut fields = without_object(document, "password_reset_request")?;
            let reset = fields.get_mut("password_reset").map(Value::take);
            canonical(asked.operation, reset.ok_or("no password_reset")?)
        }
        "reset_password" => {
            let beside = document
                .as_object_mut()
                .and_then(|fields| fields.shift_remove("user"));
            if beside.as_ref() != Some(&document) {
                return Err(format!("the user should stand twice: {document}"));
            }
            user(document, changed_at)
        }
        _ => user(document, changed_at),
    }
}

fn user(document: Value, changed_at: Lookup<'_>) -> Result<Value, String> {
    let mut user = without_object(document, "user")?;
    complete(&mut user, changed_at)?;
    Ok(user)
}

/// Adds the field that is not told over HTTP, and must not be.
fn complete(user: &mut Value, changed_at: Lookup<'_>) -> Result<(), String> {
    let id = user
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let fields = user.as_object_mut().ok_or("no user")?;
    let told = fields.insert("credentials_changed_at".to_owned(), changed_at(&id)?);
    match told {
        None => Ok(()),
        Some(_) => Err("the service told credentials_changed_at".to_owned()),
    }
}

fn refusal(
    asked: &Asked<'_>,
    reply: &Reply,
    mut body: Map<String, Value>,
) -> Result<Answer, String> {
    let Some(Value::String(wire)) = body.shift_remove("code") else {
        return Err("no code".to_owned());
    };
    let reasons = match body.shift_remove("errors") {
        None => Vec::new(),
        Some(Value::Array(reasons)) if !reasons.is_empty() => reasons,
        Some(_) => return Err("errors is no list, or empty".to_owned()),
    };
    if let Some(entity) = body.shift_remove("entity_id") {
        let names = ["id", "external_id", "email"];
        let asked_for = names.iter().find_map(|name| asked.arguments.get(*name));
        let same = asked_for.and_then(as_text) == octets(&entity);
        if wire != "entity_not_found" || !same {
            return Err("entity_id is not what was asked for".to_owned());
        }
    }
    let (code, status) = known(&wire, asked.operation, &reasons)?;
    if reply.status != status && !(code == "input_invalid" && reply.status == 400) {
        return Err(format!("the status should be {status}"));
    }
    body.insert("code".to_owned(), code.into());
    let fixed = message(code);
    let only = json!([{ "code": code, "message": fixed }]);
    let reasons = match code {
        "password_rejected" => {
            let all: Vec<&str> = reasons
                .iter()
                .filter_map(|reason| reason.get("message")?.as_str())
                .collect();
            let expected = format!("{fixed}: {}", all.join("; "));
            if body.insert("message".to_owned(), fixed.into()) != Some(expected.into()) {
                return Err("the message should hold every reason".to_owned());
            }
            reasons
        }
        "input_invalid" => reasons,
        // Every 400 has a reason; here it repeats the code.
        _ if status == 400 && Value::Array(reasons.clone()) == only => Vec::new(),
        _ if status != 400 && reasons.is_empty() => reasons,
        _ => return Err("the reasons should repeat the code".to_owned()),
    };
    body.insert("errors".to_owned(), Value::Array(reasons));
    let retryable = matches!(reply.status, 408 | 429 | 503);
    body.insert("retryable".to_owned(), retryable.into());
    body.insert("retry_after".to_owned(), json!(reply.retry_after));
    Ok(whole_error(body))
}

/// The engine's code for one of the contract, and the status that it comes with.
fn known<'a>(wire: &'a str, operation: &str, reasons: &[Value]) -> Result<(&'a str, u16), String> {
    const EXPIRED: &str = "password_reset_token_expired";
    let first = reasons.first().and_then(|reason| reason.get("code"));
    Ok(match wire {
        "entity_not_found" if operation == "get_password_reset" => {
            ("password_reset_not_found", 404)
        }
        "entity_not_found" => ("user_not_found", 404),
        "internal" => (wire, 500),
        "invalid_request_parameters" => ("input_invalid", 422),
        "method_not_allowed" => (wire, 405),
        "not_found" | "password_reset_token_not_found" => (wire, 404),
        "overloaded" | "storage_unavailable" => (wire, 503),
        "password_reset_error" if first == Some(&EXPIRED.into()) => (EXPIRED, 400),
        "password_reset_error" if operation == "reset_password" => ("password_rejected", 400),
        "password_strength_error" if operation != "reset_password" => ("password_rejected", 400),
        "payload_too_large" => (wire, 413),
        "headers_too_large" => (wire, 431),
        "user_locked" => (wire, 409),
        "user_creation_error" if operation == "create_user" => ("email_not_available", 400),
        "email_already_verified"
        | "external_id_already_used"
        | "invalid_password_hash"
        | "password_and_password_hash_provided"
        | "unsupported" => (wire, 400),
        "email_not_available" if operation == "update_user" => (wire, 400),
        _ => return Err("the contract has no such code here".to_owned()),
    })
}

fn message(code: &str) -> &'static str {
    let known = Code::ALL.iter().find(|known| known.as_str() == code);
    known.map_or("", |known| known.message())
}
