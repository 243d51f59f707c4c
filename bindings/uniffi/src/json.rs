//! Values within the data of an event.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use reset_password_bindings::Value;

use crate::from_value::FromValue;

/// A value within the data of an event. Its text is JSON.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Display)]
pub enum JsonValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool {
        /// Which.
        value: bool,
    },
    /// A whole number.
    Integer {
        /// The number.
        value: i64,
    },
    /// A text. A number that is not whole is one too.
    Text {
        /// The text.
        value: String,
    },
    /// Several values.
    Array {
        /// The values.
        values: Vec<JsonValue>,
    },
    /// Values by key.
    Object {
        /// The values.
        values: HashMap<String, JsonValue>,
    },
}

impl FromValue for JsonValue {
    fn from_value(value: Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Bool { value },
            Value::Integer(value) => Self::Integer { value },
            Value::Text(value) => Self::Text { value },
            Value::List(values) => Self::Array {
                values: values.into_iter().filter_map(Self::from_value).collect(),
            },
            Value::Map(_) => Self::Object {
                values: HashMap::from_value(value)?,
            },
            Value::Secret(_) | Value::Moment(_) | Value::Record(_) => return None,
        })
    }
}

impl From<&JsonValue> for serde_json::Value {
    fn from(value: &JsonValue) -> Self {
        match value {
            JsonValue::Null => Self::Null,
            JsonValue::Bool { value } => Self::Bool(*value),
            JsonValue::Integer { value } => Self::from(*value),
            JsonValue::Text { value } => Self::from(value.as_str()),
            JsonValue::Array { values } => values.iter().map(Self::from).collect(),
            JsonValue::Object { values } => {
                let ordered: BTreeMap<&String, &JsonValue> = values.iter().collect();
                ordered
                    .into_iter()
                    .map(|(key, value)| (key.clone(), Self::from(value)))
                    .collect()
            }
        }
    }
}

impl fmt::Display for JsonValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&serde_json::Value::from(self), f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(json: serde_json::Value) -> JsonValue {
        JsonValue::from_value(Value::from(json)).unwrap()
    }

    #[test]
    fn json_is_kept_as_it_is() {
        let text = |value: &str| JsonValue::Text {
            value: value.to_owned(),
        };
        let values = vec![
            JsonValue::Null,
            JsonValue::Bool { value: true },
            JsonValue::Integer { value: -7 },
            text("1.5"),
            text("18446744073709551615"),
            text("é"),
        ];
        let list = JsonValue::Array { values };
        let json = json!({ "list": [null, true, -7, 1.5, u64::MAX, "é"] });
        let values = [("list".to_owned(), list)].into_iter().collect();
        assert_eq!(kept(json), JsonValue::Object { values });
    }

    #[test]
    fn the_text_of_json_is_json() {
        let json = json!({ "b": [null, true, -7, "é\n\"x\""], "a": {}, "": null });
        let shown = r#"{"":null,"a":{},"b":[null,true,-7,"é\n\"x\""]}"#;
        assert_eq!(kept(json).to_string(), shown);
        assert_eq!(JsonValue::Null.to_string(), "null");
    }
}
