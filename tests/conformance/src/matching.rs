//! Holding answers against expectations: exact and complete, but for values that nobody can know.

use serde_json::{Map, Value};

use crate::{argument::single_dollar, clock};

/// What an expectation is held against besides the answer.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// When the scenario began, in milliseconds since 1970.
    pub began: u64,
    /// When the answer came.
    pub ended: u64,
}

/// Every difference, each with the place where it is.
pub fn differences(expected: &Value, actual: &Value, window: Window) -> Vec<String> {
    let mut found = Vec::new();
    compare(expected, actual, "$", window, None, &mut found);
    found
}

fn compare(
    expected: &Value,
    actual: &Value,
    place: &str,
    window: Window,
    beside: Option<&Map<String, Value>>,
    found: &mut Vec<String>,
) {
    if let Some((matcher, content)) = single_dollar(expected) {
        if let Err(why) = matches(matcher, content, actual, window, beside) {
            found.push(format!("{place}: {why}, and is {}", shown(actual)));
        }
        return;
    }
    match (expected, actual) {
        (Value::Object(expected), Value::Object(fields)) => {
            for (key, value) in expected {
                let place = format!("{place}.{key}");
                match fields.get(key) {
                    Some(actual) => compare(value, actual, &place, window, Some(fields), found),
                    None => found.push(format!("{place}: is missing")),
                }
            }
            for (key, value) in fields {
                if !expected.contains_key(key) {
                    found.push(format!(
                        "{place}.{key}: is not expected, and is {}",
                        shown(value)
                    ));
                }
            }
        }
        (Value::Array(expected), Value::Array(items)) => {
            if expected.len() != items.len() {
                let (most, have) = (expected.len(), items.len());
                found.push(format!("{place}: should have {most} items, and has {have}"));
            }
            for (at, (expected, actual)) in expected.iter().zip(items).enumerate() {
                compare(
                    expected,
                    actual,
                    &format!("{place}.{at}"),
                    window,
                    None,
                    found,
                );
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!(
            "{place}: should be {}, and is {}",
            shown(expected),
            shown(actual)
        )),
    }
}

/// Values that only their form or their neighbours are known of.
fn matches(
    matcher: &str,
    content: &Value,
    actual: &Value,
    window: Window,
    beside: Option<&Map<String, Value>>,
) -> Result<(), String> {
    let text = actual.as_str().unwrap_or_default();
    let neighbour = |name: &Value| {
        let name = name.as_str()?;
        beside?.get(name)?.as_str()
    };
    let holds = match (matcher, content) {
        ("$id", Value::String(kind)) => text
            .strip_prefix(kind.as_str())
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(is_ulid),
        ("$held_id", Value::String(kind)) => text
            .strip_prefix(kind.as_str())
            .and_then(|rest| rest.strip_prefix('_')?.split_once('.'))
            .is_some_and(|(ulid, lease)| is_ulid(ulid) && is_lease(lease)),
        ("$length", Value::Number(length)) => {
            length.as_u64()
                == actual
                    .as_array()
                    .and_then(|items| u64::try_from(items.len()).ok())
        }
        ("$link", Value::String(page)) => {
            let token =
                neighbour(&"password_reset_token".into()).ok_or("there is no token beside it")?;
            text.strip_prefix(page.as_str()) == Some(token)
        }
        ("$moment", Value::String(when)) if when == "now" => clock::parse(text)
            // The clocks of the engine and of this process are one, read to the millisecond.
            .is_some_and(|at| (window.began..=window.ended).contains(&at)),
        ("$moment", Value::Object(relation)) => {
            let after = relation
                .get("after")
                .and_then(neighbour)
                .and_then(clock::parse);
            let seconds = relation.get("seconds").and_then(Value::as_u64);
            let (Some(after), Some(seconds), 2) = (after, seconds, relation.len()) else {
                return Err(format!("$moment cannot be {content}"));
            };
            clock::parse(text) == Some(after + seconds * 1_000)
        }
        ("$not", other) => {
            actual != other && std::mem::discriminant(actual) == std::mem::discriminant(other)
        }
        ("$pattern", Value::String(pattern)) => {
            pattern.split_once('*').is_some_and(|(begin, end)| {
                let middle = text
                    .strip_prefix(begin)
                    .and_then(|rest| rest.strip_suffix(end));
                middle.is_some_and(|middle| !middle.is_empty() && middle.len() <= 20)
            })
        }
        ("$report_token", Value::Bool(true)) => text.len() > 100 && text.bytes().all(is_letter),
        ("$token", Value::Bool(true)) => is_token(text),
        _ => return Err(format!("there is no matcher {matcher} of {content}")),
    };
    if holds {
        return Ok(());
    }
    Err(format!("should be {matcher} {}", shown(content)))
}

/// 26 characters of Crockford's base 32, in 128 bits.
fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text
            .bytes()
            .all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte))
}

/// 16 bytes in hexadecimal.
fn is_lease(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// 32 bytes in base64url without padding.
fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(is_letter)
}

/// A letter of base64url.
const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// A value, cut where it is long.
pub fn shown(value: &Value) -> String {
    const MOST: usize = 300;
    let text = value.to_string();
    if text.len() <= MOST {
        return text;
    }
    let kept: String = text.chars().take(MOST).collect();
    format!("{kept}… ({} bytes)", text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WINDOW: Window = Window {
        began: 1_716_487_731_000,
        ended: 1_716_487_732_000,
    };

    fn fits(expected: &Value, actual: &Value) -> bool {
        differences(expected, actual, WINDOW).is_empty()
    }

    #[test]
    fn equal_is_equal_and_nothing_else_is() {
        let value = json!({ "a": [1, "x", null, { "b": true }], "c": {} });
        assert!(fits(&value, &value));
        for other in [
            json!({ "a": [1, "x", null, { "b": true }], "c": {}, "d": null }),
            json!({ "a": [1, "x", null, { "b": true }] }),
            json!({ "a": [1, "x", null, { "b": false }], "c": {} }),
            json!({ "a": [1, "x", null], "c": {} }),
            json!({ "a": [1, "x", null, { "b": true }, 2], "c": {} }),
            json!({ "a": ["x", 1, null, { "b": true }], "c": {} }),
            json!({ "a": [1, "x", null, { "b": "true" }], "c": {} }),
            json!({ "a": [1.5, "x", null, { "b": true }], "c": {} }),
            json!({ "a": [1, "x", null, { "b": true }], "c": null }),
            json!(null),
        ] {
            assert!(!fits(&value, &other), "{other}");
        }
    }

    #[test]
    fn every_matcher_can_fail() {
        let held = json!({ "$held_id": "message" });
        let lease = "00112233445566778899aabbccddeeff";
        let ulid = "message_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert!(fits(&held, &json!(format!("{ulid}.{lease}"))));
        for wrong in [
            json!(ulid),
            json!(format!("{ulid}.")),
            json!(format!("{ulid}.{}", &lease[1..])),
            json!(format!("{ulid}.{}G", &lease[1..])),
            json!(format!("user{}.{lease}", &ulid[7..])),
            json!(null),
        ] {
            assert!(!fits(&held, &wrong), "{wrong}");
        }
        let report = json!({ "$report_token": true });
        assert!(fits(&report, &json!("aB-_".repeat(30))));
        for wrong in [json!("aB-_"), json!("aB+/".repeat(30)), json!(null)] {
            assert!(!fits(&report, &wrong), "{wrong}");
        }
        let id = json!({ "$id": "user" });
        assert!(fits(&id, &json!("user_01ARZ3NDEKTSV4RRFFQ69G5FAV")));
        for wrong in [
            json!("event_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            json!("user_01ARZ3NDEKTSV4RRFFQ69G5FA"),
            json!("user_01ARZ3NDEKTSV4RRFFQ69G5FAU"),
            json!("user_81ARZ3NDEKTSV4RRFFQ69G5FAV"),
            json!("user01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            json!(7),
        ] {
            assert!(!fits(&id, &wrong), "{wrong}");
        }

        let now = json!({ "$moment": "now" });
        assert!(fits(&now, &json!("2024-05-23T18:08:51.024Z")));
        for wrong in [
            "2024-05-23T18:08:50.999Z",
            "2024-05-23T18:08:52.001Z",
            "2024-05-23T18:08:51Z",
        ] {
            assert!(!fits(&now, &json!(wrong)), "{wrong}");
        }

        let token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_";
        assert!(fits(&json!({ "$token": true }), &json!(token)));
        for wrong in [
            "",
            "abc",
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-=",
            "[redacted]",
        ] {
            assert!(!fits(&json!({ "$token": true }), &json!(wrong)), "{wrong}");
        }

        let reset = json!({
            "password_reset_token": token,
            "password_reset_url": { "$link": "http://x/?token=" },
            "created_at": { "$moment": "now" },
            "expires_at": { "$moment": { "after": "created_at", "seconds": 1_800 } },
        });
        let good = json!({
            "password_reset_token": token,
            "password_reset_url": format!("http://x/?token={token}"),
            "created_at": "2024-05-23T18:08:51.024Z",
            "expires_at": "2024-05-23T18:38:51.024Z",
        });
        assert!(fits(&reset, &good));
        for (field, wrong) in [
            ("password_reset_url", "http://x/?token=abc"),
            ("password_reset_url", "[redacted]"),
            ("expires_at", "2024-05-23T18:38:51.025Z"),
        ] {
            let mut bad = good.clone();
            bad[field] = json!(wrong);
            assert!(!fits(&reset, &bad), "{field} {wrong}");
        }

        let pattern = json!({ "$pattern": "user*@x" });
        assert!(fits(&pattern, &json!("user12@x")));
        for wrong in [
            json!("user@x"),
            json!("user12@y"),
            json!("a user12@x"),
            json!(12),
        ] {
            assert!(!fits(&pattern, &wrong), "{wrong}");
        }
        assert!(fits(&json!({ "$length": 2 }), &json!([1, 2])));
        assert!(!fits(&json!({ "$length": 2 }), &json!([1])));
        assert!(!fits(&json!({ "$length": 0 }), &json!("")));

        assert!(fits(&json!({ "$not": "a" }), &json!("b")));
        assert!(!fits(&json!({ "$not": "a" }), &json!("a")));
        assert!(!fits(&json!({ "$not": "a" }), &json!(null)));
    }

    #[test]
    fn an_unknown_matcher_fits_nothing() {
        for unknown in [
            json!({ "$any": true }),
            json!({ "$id": 1 }),
            json!({ "$token": false }),
            json!({ "$moment": "later" }),
        ] {
            assert!(!fits(&unknown, &json!("a")), "{unknown}");
        }
    }
}
