//! Reasons: the entries of an error's `errors`. `data/details.yaml` has their messages.

use std::{path::Path, sync::LazyLock};

use serde_json::{Map, Value};

use crate::yaml;

static KNOWN: LazyLock<Result<Map<String, Value>, String>> = LazyLock::new(|| {
    yaml::from_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/details.yaml"))
});

/// The reasons as they stand in an error: each by its code alone, or with fields that differ.
pub fn in_error(reasons: &Value) -> Result<Vec<Value>, String> {
    let reasons = reasons.as_array().ok_or("the reasons are a list")?;
    reasons.iter().map(detail).collect()
}

/// The reasons as they stand in a result: with all their fields.
pub fn whole(reasons: &Value) -> Result<Vec<Value>, String> {
    let mut reasons = in_error(reasons)?;
    for reason in reasons.iter_mut().filter_map(Value::as_object_mut) {
        for field in ["field", "minimum_length", "maximum_length"] {
            reason.entry(field).or_insert(Value::Null);
        }
    }
    Ok(reasons)
}

fn detail(reason: &Value) -> Result<Value, String> {
    let (code, changes) = match reason {
        Value::String(code) => (Some(code.as_str()), None),
        Value::Object(changes) => (changes.get("code").and_then(Value::as_str), Some(changes)),
        _ => (None, None),
    };
    let code = code.ok_or_else(|| format!("no code in {reason}"))?;
    let known = KNOWN.as_ref().map_err(Clone::clone)?;
    let mut detail = Map::new();
    detail.insert("code".to_owned(), code.into());
    match known.get(code) {
        Some(Value::Object(fields)) => detail.extend(fields.clone()),
        _ if changes.is_some_and(|changes| changes.contains_key("message")) => {}
        _ => return Err(format!("data/details.yaml has no {code}")),
    }
    detail.extend(changes.cloned().unwrap_or_default());
    Ok(Value::Object(detail))
}
