//! Whole results, written short: each template names what differs from a plain one, and stands for
//! every field.

use serde_json::{Map, Value, json};

use crate::details;

/// Writes an expectation out. What it refers to is filled in already.
pub fn expand(value: &Value) -> Result<Value, String> {
    let value = match value {
        Value::Array(items) => items.iter().map(expand).collect::<Result<Value, _>>()?,
        Value::Object(entries) => {
            let each = entries.iter();
            Value::Object(
                each.map(|(key, value)| Ok((key.clone(), expand(value)?)))
                    .collect::<Result<Map<_, _>, String>>()?,
            )
        }
        other => other.clone(),
    };
    let Some((name, content)) = crate::argument::single_dollar(&value) else {
        return Ok(value);
    };
    match name {
        "$user" => overlaid(user(), content, &["email"]),
        "$message" => overlaid(message(), content, &["kind", "to", "user_id"]),
        "$reset" => reset(content),
        "$event" => {
            let plain = json!({
                "id": { "$id": "event" }, "event": null, "data": null, "created_at": now(),
            });
            overlaid(plain, content, &["event", "data"])
        }
        "$user_data" => tagged("user", content),
        "$report_data" => {
            let of = |name| {
                content
                    .get(name)
                    .ok_or("$report_data takes a user and locked")
            };
            let mut data = tagged("user", of("user")?)?;
            if let Value::Object(data) = &mut data {
                data.insert("locked".to_owned(), of("locked")?.clone());
            }
            Ok(data)
        }
        "$reset_data" => {
            let mut data = tagged("password_reset", content)?;
            if let Value::Object(data) = &mut data {
                data.shift_remove("password_reset_token");
                data.shift_remove("password_reset_url");
            }
            Ok(data)
        }
        "$but" => match content.as_array().map(Vec::as_slice) {
            Some([base, changes]) => overlaid(base.clone(), changes, &[]),
            _ => Err("$but takes a value and its changes".to_owned()),
        },
        "$page" => page(content, json!({ "before": null, "after": null })),
        "$feed" => page(content, json!({ "after": null })),
        "$accepted" => Ok(json!({ "acceptable": true, "errors": [] })),
        "$refused" => Ok(json!({ "acceptable": false, "errors": details::whole(content)? })),
        "$purged" => {
            let plain = json!({ "password_resets": 0, "events": 0, "requests": 0 });
            overlaid(plain, content, &[])
        }
        _ => Ok(value),
    }
}

fn message() -> Value {
    json!({
        "id": { "$held_id": "message" },
        "message_id": { "$id": "message" },
        "kind": null,
        "to": null,
        "user_id": null,
        "first_name": null,
        "name": null,
        "locale": null,
        "url": null,
        "expires_at": null,
        "report_token": { "$report_token": true },
        "created_at": now(),
        "attempt": 1,
    })
}

fn now() -> Value {
    json!({ "$moment": "now" })
}

fn user() -> Value {
    json!({
        "id": { "$id": "user" },
        "email": null,
        "email_verified": false,
        "first_name": null,
        "last_name": null,
        "name": null,
        "profile_picture_url": null,
        "last_sign_in_at": null,
        "external_id": null,
        "metadata": {},
        "locale": null,
        "credentials_changed_at": null,
        "created_at": now(),
        "updated_at": now(),
    })
}

/// A reset of `user`; `seconds` is its lifetime and `url` the page that it leads to.
fn reset(content: &Value) -> Result<Value, String> {
    let known = ["user", "seconds", "link"];
    let fields = content.as_object().ok_or("$reset takes an object")?;
    if let Some(unknown) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("$reset has no {unknown}"));
    }
    let user = |name: &str| content.get("user").and_then(|user| user.get(name));
    let link = content
        .get("link")
        .cloned()
        .unwrap_or_else(|| "http://127.0.0.1:8080/reset-password?token=".into());
    let seconds = content
        .get("seconds")
        .cloned()
        .unwrap_or_else(|| 1_800.into());
    Ok(json!({
        "id": { "$id": "password_reset" },
        "user_id": user("id").ok_or("$reset needs a user")?,
        "email": user("email").ok_or("$reset needs a user")?,
        "password_reset_token": { "$token": true },
        "password_reset_url": { "$link": link },
        "expires_at": { "$moment": { "after": "created_at", "seconds": seconds } },
        "created_at": now(),
    }))
}

/// The plain value with changes. There must be a field for each, and some must be given.
fn overlaid(plain: Value, changes: &Value, required: &[&str]) -> Result<Value, String> {
    let (Value::Object(mut fields), Value::Object(changes)) = (plain, changes) else {
        return Err(format!("{changes} changes nothing"));
    };
    if let Some(missing) = required.iter().find(|name| !changes.contains_key(**name)) {
        return Err(format!("{missing} must be given"));
    }
    for (name, value) in changes {
        let field = fields
            .get_mut(name)
            .ok_or_else(|| format!("there is no field {name}"))?;
        *field = value.clone();
    }
    Ok(Value::Object(fields))
}

/// A record as it stands in an event.
fn tagged(object: &str, record: &Value) -> Result<Value, String> {
    let fields = record
        .as_object()
        .ok_or_else(|| format!("{record} is no {object}"))?;
    let mut data = Map::new();
    data.insert("object".to_owned(), object.into());
    data.extend(fields.clone());
    Ok(Value::Object(data))
}

/// A list: its data alone, or with cursors beside them.
fn page(content: &Value, cursors: Value) -> Result<Value, String> {
    let Value::Object(mut given) = content.clone() else {
        return Ok(json!({ "data": content, "list_metadata": cursors }));
    };
    let data = given.shift_remove("data").unwrap_or_default();
    let cursors = overlaid(cursors, &Value::Object(given), &[])?;
    Ok(json!({ "data": data, "list_metadata": cursors }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_stands_for_every_field() {
        let user = expand(&json!({ "$user": { "email": "a@b.example", "locale": "de" } })).unwrap();
        assert_eq!(user.as_object().unwrap().len(), 14);
        assert_eq!(user["locale"], "de");
        assert_eq!(user["name"], Value::Null);
        let data = expand(&json!({ "$user_data": user })).unwrap();
        assert_eq!(data["object"], "user");
        let reset = expand(&json!({ "$reset": { "user": { "id": "u", "email": "e" } } })).unwrap();
        assert_eq!(reset.as_object().unwrap().len(), 7);
        let but = expand(&json!({ "$but": [{ "a": 1, "b": 2 }, { "b": 3 }] })).unwrap();
        assert_eq!(but, json!({ "a": 1, "b": 3 }));
    }

    #[test]
    fn what_does_not_fit_a_template_is_refused() {
        for wrong in [
            json!({ "$user": { "email": "a", "e_mail": "b" } }),
            json!({ "$user": {} }),
            json!({ "$reset": {} }),
            json!({ "$reset": { "user": { "id": "u", "email": "e" }, "token": 1 } }),
            json!({ "$event": { "event": "user.created" } }),
            json!({ "$but": [{ "a": 1 }, { "b": 3 }] }),
            json!({ "$purged": { "users": 1 } }),
            json!({ "$feed": { "data": [], "before": null } }),
            json!({ "$refused": ["password_too_odd"] }),
        ] {
            assert!(expand(&wrong).is_err(), "{wrong}");
        }
    }
}
