//! Arguments as the driver protocol writes them: JSON, and the values that JSON has no form for.

use serde_json::{Map, Value};

/// What stands in an object with a single key that begins with `$`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Special {
    /// A whole number of any size.
    Big(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A number with a fraction, or none at all.
    Float(String),
    /// A text repeated so often.
    Repeat(String),
    /// Something that no operation takes.
    Symbol(String),
    /// Nothing, in a language that has two kinds of it.
    Undefined,
    /// A text of these UTF-16 code units.
    Utf16(Vec<u16>),
}

/// Reads a value that JSON has no form for.
///
/// # Errors
///
/// When an object with a single `$` key is none of them.
pub fn special(value: &Value) -> Result<Option<Special>, String> {
    let Some((key, content)) = single_dollar(value) else {
        return Ok(None);
    };
    let wrong = || format!("{key} cannot hold {content}");
    let text = || content.as_str().map(str::to_owned).ok_or_else(wrong);
    let special = match key {
        "$big" => Special::Big(text()?),
        "$bytes" => Special::Bytes(hexadecimal(&text()?).ok_or_else(wrong)?),
        "$float" => Special::Float(text()?),
        "$repeat" => Special::Repeat(repeated(content).ok_or_else(wrong)?),
        "$symbol" => Special::Symbol(text()?),
        "$undefined" => Special::Undefined,
        "$utf16" => Special::Utf16(units(content).ok_or_else(wrong)?),
        _ => return Err(format!("{key} is no value that the drivers know")),
    };
    Ok(Some(special))
}

/// The only key and value of an object, where the key begins with `$`.
pub fn single_dollar(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (key, content) = object.iter().next()?;
    key.starts_with('$').then_some((key.as_str(), content))
}

/// The text, as bytes that may not be UTF-8, or nothing where it is no text.
pub fn octets(value: &Value) -> Option<Vec<u8>> {
    if let Value::String(text) = value {
        return Some(text.clone().into_bytes());
    }
    match special(value).ok()?? {
        Special::Bytes(bytes) => Some(bytes),
        Special::Repeat(text) => Some(text.into_bytes()),
        Special::Utf16(units) => Some(generalized_utf8(&units)),
        Special::Big(_) | Special::Float(_) | Special::Symbol(_) | Special::Undefined => None,
    }
}

/// A value where there is only text, such as in a URL: numbers and yes or no are written as they are.
pub fn as_text(value: &Value) -> Option<Vec<u8>> {
    octets(value).or_else(|| match (value, special(value).ok()?) {
        (_, Some(Special::Big(digits) | Special::Float(digits))) => Some(digits.into_bytes()),
        (Value::Bool(_) | Value::Number(_), _) => Some(value.to_string().into_bytes()),
        _ => None,
    })
}

/// Whether an argument is left out: absent, null, or undefined.
pub fn is_left_out(value: Option<&Value>) -> bool {
    value.is_none_or(|value| {
        value.is_null() || matches!(special(value), Ok(Some(Special::Undefined)))
    })
}

/// UTF-8, with a lone surrogate as the three bytes that it would have.
pub fn generalized_utf8(units: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Err(lone) => bytes.extend(surrogate(lone.unpaired_surrogate())),
        }
    }
    bytes
}

fn surrogate(unit: u16) -> [u8; 3] {
    let six = |shift: u16| u8::try_from((unit >> shift) & 0x3F).unwrap_or(0x3F) | 0x80;
    [0xED, six(6), six(0)]
}

/// The JSON text of an argument, with the values that JSON has no form for as a client would write them
/// that checks nothing: bytes as they are, lone surrogates escaped, `NaN` as such.
pub fn as_json(value: &Value, into: &mut Vec<u8>) -> Result<(), String> {
    match special(value)? {
        Some(Special::Big(digits) | Special::Float(digits)) => into.extend(digits.into_bytes()),
        Some(Special::Bytes(bytes)) => {
            into.push(b'"');
            into.extend(bytes);
            into.push(b'"');
        }
        Some(Special::Repeat(text)) => into.extend(Value::String(text).to_string().into_bytes()),
        Some(Special::Symbol(_)) => into.extend(b"{}"),
        Some(Special::Undefined) => into.extend(b"null"),
        Some(Special::Utf16(units)) => {
            into.push(b'"');
            for unit in units {
                into.extend(format!("\\u{unit:04x}").into_bytes());
            }
            into.push(b'"');
        }
        None => return plain_json(value, into),
    }
    Ok(())
}

fn plain_json(value: &Value, into: &mut Vec<u8>) -> Result<(), String> {
    match value {
        Value::Array(items) => {
            into.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    into.push(b',');
                }
                as_json(item, into)?;
            }
            into.push(b']');
        }
        Value::Object(entries) => object_json(entries, into)?,
        _ => into.extend(value.to_string().into_bytes()),
    }
    Ok(())
}

/// The same for a whole object.
pub fn object_json(entries: &Map<String, Value>, into: &mut Vec<u8>) -> Result<(), String> {
    into.push(b'{');
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            into.push(b',');
        }
        into.extend(Value::from(key.as_str()).to_string().into_bytes());
        into.push(b':');
        as_json(value, into)?;
    }
    into.push(b'}');
    Ok(())
}

fn repeated(content: &Value) -> Option<String> {
    match content.as_array()?.as_slice() {
        [Value::String(text), times] => {
            let times = usize::try_from(times.as_u64()?).ok()?;
            Some(text.repeat(times))
        }
        _ => None,
    }
}

fn units(content: &Value) -> Option<Vec<u16>> {
    let units = content.as_array()?.iter();
    units
        .map(|unit| unit.as_u64().and_then(|unit| u16::try_from(unit).ok()))
        .collect()
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_special_value_is_read() {
        let read = |value| special(&value).unwrap().unwrap();
        assert_eq!(
            read(json!({"$bytes": "ff61"})),
            Special::Bytes(vec![0xFF, 0x61])
        );
        assert_eq!(
            read(json!({"$repeat": ["ab", 3]})),
            Special::Repeat("ababab".into())
        );
        assert_eq!(
            read(json!({"$utf16": [55296, 97]})),
            Special::Utf16(vec![0xD800, 97])
        );
        assert_eq!(special(&json!({"a": 1})), Ok(None));
        for wrong in [
            json!({"$bytes": "f"}),
            json!({"$what": 1}),
            json!({"$utf16": [70000]}),
        ] {
            assert!(special(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_json_is_written_all_the_same() {
        let written = |value| {
            let mut text = Vec::new();
            as_json(&value, &mut text).unwrap();
            text
        };
        assert_eq!(
            written(json!({"a": [1, {"$float": "NaN"}]})),
            b"{\"a\":[1,NaN]}"
        );
        assert_eq!(
            written(json!({"$utf16": [55296, 97]})),
            b"\"\\ud800\\u0061\""
        );
        assert_eq!(written(json!({"$bytes": "ff"})), b"\"\xff\"");
        assert_eq!(
            octets(&json!({"$utf16": [55296]})),
            Some(vec![0xED, 0xA0, 0x80])
        );
        assert_eq!(
            octets(&json!({"$utf16": [0xD83D, 0xDEA2]})),
            Some("\u{1F6A2}".into())
        );
        assert_eq!(octets(&json!(5)), None);
    }
}
