//! What the C library says of a wrong type. C itself has none within JSON, so this is its type error.

use serde_json::{Map, Value, json};

/// What an argument must be, by the end of the reason's code.
const REASONS: [(&str, &str); 5] = [
    ("boolean_required", "true or false"),
    ("integer_required", "a whole number"),
    ("list_required", "a list of strings"),
    ("object_required", "an object whose values are strings"),
    ("string_required", "a string"),
];
/// What is no JSON at all, such as a number that is none.
const NO_JSON: &str = "the arguments must be one JSON object";

/// The record of a type error, where that is what the library says; otherwise the record.
pub fn record(record: Map<String, Value>) -> Map<String, Value> {
    if !is_type_error(&record) {
        return record;
    }
    let error = json!({
        "code": "input_invalid", "message": "", "errors": [], "retryable": false, "retry_after": null,
        "class": "a wrong type",
    });
    error.as_object().cloned().unwrap_or_default()
}

fn is_type_error(record: &Map<String, Value>) -> bool {
    let text = |record: &Map<String, Value>, name: &str| {
        let text = record.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let message = text(record, "message");
    let errors = record.get("errors").and_then(Value::as_array);
    match text(record, "code").as_str() {
        "config_invalid" => {
            message == NO_JSON
                || REASONS.iter().any(|(_, kind)| {
                    let option = message.strip_suffix(&format!(" must be {kind}"));
                    option.is_some_and(|option| !option.contains(' '))
                })
        }
        "input_invalid" => {
            let Some([Value::Object(reason)]) = errors.map(Vec::as_slice) else {
                return false;
            };
            let (code, field) = (text(reason, "code"), text(reason, "field"));
            let of_kind = |(problem, kind): &(&str, &str)| {
                code == format!("{field}_{problem}") && message == format!("{field} must be {kind}")
            };
            let no_json = code == "arguments_object_required" && message == NO_JSON;
            text(reason, "message") == message && (no_json || REASONS.iter().any(of_kind))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_type_is_a_type_error() {
        let input = |code: &str, field: &str, message: &str| {
            json!({ "code": "input_invalid", "message": message,
                "errors": [{ "code": code, "field": field, "message": message }] })
        };
        let config = |message: &str| json!({ "code": "config_invalid", "message": message });
        for (error, is) in [
            (
                input("id_string_required", "id", "id must be a string"),
                true,
            ),
            (
                input("arguments_object_required", "arguments", NO_JSON),
                true,
            ),
            (
                input("id_string_required", "id", "id must be a whole number"),
                false,
            ),
            (input("id_invalid", "id", "id must be a string"), false),
            (config("key must be a string"), true),
            (config("key_file must be text in Unicode"), false),
            (config("the value of key must be a string"), false),
        ] {
            let error = error.as_object().unwrap();
            assert_eq!(record(error.clone()) != *error, is, "{error:?}");
        }
    }
}
