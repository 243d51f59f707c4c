//! Reading JSON strictly: bounded depth, no key twice, every string wiped.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use crate::problem::Problem;

/// How many objects and lists may stand within one another.
const MAX_DEPTH: u8 = 32;

/// A JSON value. Of a number it is known whether it is a small whole one: no call takes another.
pub(crate) enum Json {
    Flag(bool),
    List(Vec<Self>),
    Null,
    Number(Option<u32>),
    Object(Vec<(String, Self)>),
    Text(Zeroizing<String>),
}

/// Why a body could not be read.
pub(crate) enum Unreadable {
    /// It is not JSON, or nested too deeply.
    Malformed(Problem),
    /// A key stands in an object twice.
    Ambiguous,
}

/// Reads one JSON document.
pub(crate) fn read(bytes: &[u8]) -> Result<Json, Unreadable> {
    let seen = Seen::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Seed {
        depth: 0,
        seen: &seen,
    }
    .deserialize(&mut reader);
    let malformed = |code, message| Err(Unreadable::Malformed(Problem::malformed(code, message)));
    match value.and_then(|value| reader.end().map(|()| value)) {
        Err(_) if seen.too_deep.get() => {
            malformed("json_too_deep", "the body is nested too deeply")
        }
        Err(_) => malformed("json_invalid", "the body is not valid JSON in UTF-8"),
        Ok(_) if seen.twice.get() => Err(Unreadable::Ambiguous),
        Ok(value) => Ok(value),
    }
}

#[derive(Default)]
struct Seen {
    too_deep: Cell<bool>,
    twice: Cell<bool>,
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    depth: u8,
    seen: &'a Seen,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            self.seen.too_deep.set(true);
            return Err(E::custom("too deep"));
        }
        let depth = self.depth + 1;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.try_into().ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let within = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(within)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let within = self.deeper()?;
        let mut object: Vec<(String, Json)> = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(within)?;
            object.push((key, value));
        }
        object.sort_by(|(a, _), (b, _)| a.cmp(b));
        let twice = object
            .windows(2)
            .any(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
        if twice {
            self.seen.twice.set(true);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn sec98_depth_is_bounded() {
        assert!(read(nested(32).as_bytes()).is_ok());
        for depth in [33, 64, 10_000] {
            let Err(Unreadable::Malformed(problem)) = read(nested(depth).as_bytes()) else {
                panic!("{depth}");
            };
            assert_eq!(problem.first_reason(), Some("json_too_deep"));
        }
    }

    #[test]
    fn sec32_no_key_stands_twice_at_any_depth() {
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"\u0061":3}"#,
            r#"{"x":[{"y":{"a":null,"a":null}}]}"#,
        ] {
            assert!(
                matches!(read(twice.as_bytes()), Err(Unreadable::Ambiguous)),
                "{twice}"
            );
        }
        assert!(read(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let bad: [&[u8]; 9] = [
            b"",
            b"{",
            b"{}{}",
            b"{\"a\":1,}",
            b"{'a':1}",
            b"\"\\ud800\"",
            b"\"\xff\"",
            b"\xef\xbb\xbf{}",
            b"[1e999]",
        ];
        for bad in bad {
            assert!(
                matches!(read(bad), Err(Unreadable::Malformed(_))),
                "{bad:?}"
            );
        }
    }
}
