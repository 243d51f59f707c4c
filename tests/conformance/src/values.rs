//! Values between steps: a token that one step made and a later one uses.

use std::{fs, path::Path};

use serde_json::{Map, Value};

use crate::argument::{Special, single_dollar, special};

/// What earlier steps kept.
#[derive(Clone, Debug, Default)]
pub struct Values(Map<String, Value>);

impl Values {
    pub fn keep(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// An argument with what it refers to filled in; special values stay for the driver.
    pub fn argument(&self, value: &Value) -> Result<Value, String> {
        self.fill(value, &|_| None)
    }

    /// An expectation with what it refers to filled in; repeated texts are written out.
    pub fn expectation(&self, value: &Value) -> Result<Value, String> {
        self.fill(value, &|value| match special(value) {
            Ok(Some(Special::Repeat(text))) => Some(Value::String(text)),
            Ok(Some(Special::Utf16(units))) => String::from_utf16(&units).ok().map(Value::String),
            _ => None,
        })
    }

    fn fill(
        &self,
        value: &Value,
        expand: &dyn Fn(&Value) -> Option<Value>,
    ) -> Result<Value, String> {
        match single_dollar(value) {
            Some(("$vector", which)) => return vector(which),
            Some(("$joined", parts)) => return self.joined(parts),
            _ => {}
        }
        match value {
            Value::Array(items) => items.iter().map(|item| self.fill(item, expand)).collect(),
            Value::Object(entries) => {
                let filled = entries
                    .iter()
                    .map(|(key, value)| Ok((self.key(key)?, self.fill(value, expand)?)))
                    .collect::<Result<Map<_, _>, String>>()?;
                let filled = Value::Object(filled);
                Ok(expand(&filled).unwrap_or(filled))
            }
            Value::String(text) => self.text(text),
            other => Ok(other.clone()),
        }
    }

    /// Texts one behind the other, written out: no driver has to know them.
    fn joined(&self, parts: &Value) -> Result<Value, String> {
        let text = |part| match self.expectation(part)? {
            Value::String(text) => Ok(text),
            other => Err(format!("$joined joins texts, not {other}")),
        };
        let parts = parts.as_array().ok_or("$joined takes a list")?;
        let texts = parts.iter().map(text).collect::<Result<String, _>>()?;
        Ok(Value::String(texts))
    }

    fn key(&self, key: &str) -> Result<String, String> {
        match self.text(key)? {
            Value::String(key) => Ok(key),
            other => Err(format!("a key cannot be {other}")),
        }
    }

    /// `${name.field.0}` alone is the value itself; within a longer text it is the text of it.
    pub fn text(&self, text: &str) -> Result<Value, String> {
        let mut rest = text;
        let mut filled = String::new();
        while let Some((before, behind)) = rest.split_once("${") {
            let (path, after) = behind
                .split_once('}')
                .ok_or_else(|| format!("${{ without }} in {text}"))?;
            let value = self.find(path)?;
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return Ok(value.clone());
            }
            filled.push_str(before);
            match value {
                Value::String(value) => filled.push_str(value),
                other => filled.push_str(&other.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::String(filled))
    }

    fn find(&self, path: &str) -> Result<&Value, String> {
        let missing = || format!("nothing is kept as {path}");
        let mut parts = path.split('.');
        let first = self
            .0
            .get(parts.next().unwrap_or_default())
            .ok_or_else(missing)?;
        parts.try_fold(first, |value, part| {
            match part.parse::<usize>() {
                Ok(at) => value.get(at),
                Err(_) => value.get(part),
            }
            .ok_or_else(missing)
        })
    }
}

/// The hash or the password of an entry in `tests/vectors/foreign_hashes.json`: the first of its maker
/// and scheme.
fn vector(which: &Value) -> Result<Value, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/foreign_hashes.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let vectors: Vec<Value> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let is_it = |entry: &&Value| {
        ["maker", "scheme"]
            .iter()
            .all(|name| which.get(name).is_some() && entry.get(name) == which.get(name))
    };
    let field = which.get("field").and_then(Value::as_str).unwrap_or("hash");
    vectors
        .iter()
        .find(is_it)
        .and_then(|entry| entry.get(field).cloned())
        .ok_or_else(|| format!("there is no vector {which}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_filled_in() {
        let mut values = Values::default();
        values.keep(
            "user",
            json!({ "id": "user_1", "metadata": {}, "n": [1, 2] }),
        );
        let filled = values
            .argument(
                &json!({ "a": "${user.id}", "b": "x-${user.id}-${user.n.1}", "c": "${user.n}" }),
            )
            .unwrap();
        assert_eq!(
            filled,
            json!({ "a": "user_1", "b": "x-user_1-2", "c": [1, 2] })
        );
        for wrong in ["${nobody}", "${user.name}", "${user.n.2}", "${user"] {
            assert!(values.argument(&json!(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_expectations_are_written_out() {
        let values = Values::default();
        let repeated = json!({ "$repeat": ["ab", 2] });
        assert_eq!(values.argument(&repeated), Ok(repeated.clone()));
        assert_eq!(values.expectation(&repeated), Ok(json!("abab")));
    }

    #[test]
    fn joined_texts_are_written_out() {
        let values = Values::default();
        let joined = json!({ "$joined": ["a", { "$repeat": ["b", 3] }, "c"] });
        assert_eq!(values.argument(&joined), Ok(json!("abbbc")));
        for wrong in [json!("a"), json!([1]), json!([{ "$utf16": [0xD800] }])] {
            let wrong = json!({ "$joined": wrong });
            assert!(values.argument(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hashes_come_from_the_vectors() {
        let hash = vector(&json!({ "maker": "django", "scheme": "scrypt" })).unwrap();
        assert!(hash.as_str().unwrap().starts_with("scrypt$"), "{hash}");
        assert!(vector(&json!({ "maker": "nobody", "scheme": "scrypt" })).is_err());
        assert!(vector(&json!({ "maker": "django" })).is_err());
    }
}
