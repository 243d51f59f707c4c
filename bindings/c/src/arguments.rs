//! The arguments of a call: a JSON object, typed, never coerced, with nothing in it that was not asked for.

use std::{cell::Cell, fmt};

use reset_password_bindings::{Detail, Text};
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::json::{Pairs, Whole, Written};

/// What an argument may be. Null leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flag,
    Number,
    Pairs,
    Text,
    Texts,
}

/// An argument that an operation takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What was given for one parameter.
pub(crate) enum Given {
    Flag(bool),
    Number(i64),
    Pairs(Vec<(Text, Text)>),
    Text(Text),
    Texts(Vec<Text>),
}

/// A type that an operation takes an argument as.
pub(crate) trait Argument: Sized {
    const KIND: Kind;

    /// The argument, or nothing where one is missing that must not be.
    fn of(given: Option<Given>) -> Option<Self>;
}

/// The arguments that were given.
pub(crate) struct Arguments(Vec<(&'static str, Given)>);

impl Arguments {
    /// Reads an object.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in terms of its arguments.
    pub(crate) fn read(json: &[u8], parameters: &[Parameter]) -> Result<Self, Detail> {
        let refused = Cell::new(None);
        let reader = Reader {
            parameters,
            refused: &refused,
        };
        let mut document = serde_json::Deserializer::from_slice(json);
        let read = document.deserialize_map(reader);
        read.and_then(|arguments| document.end().map(|()| arguments))
            .map_err(|error| {
                // What is not JSON is so wherever it stands.
                let reason = refused.take().filter(|_| error.is_data());
                reason.unwrap_or_else(|| {
                    let message = "the arguments must be one JSON object";
                    Detail::field("arguments", "object_required", message)
                })
            })
    }

    /// Takes one of them out.
    ///
    /// # Errors
    ///
    /// It is missing and must not be.
    pub(crate) fn take<T: Argument>(&mut self, name: &'static str) -> Result<T, Detail> {
        let at = self.0.iter().position(|(given, _)| *given == name);
        let given = at.map(|at| self.0.swap_remove(at).1);
        let parameter = Parameter {
            name,
            kind: T::KIND,
        };
        T::of(given).ok_or_else(|| parameter.mistaken())
    }
}

impl Parameter {
    fn mistaken(&self) -> Detail {
        let (problem, must) = match self.kind {
            Kind::Flag => ("boolean_required", "true or false"),
            Kind::Number => ("integer_required", "a whole number"),
            Kind::Pairs => ("object_required", "an object whose values are strings"),
            Kind::Text => ("string_required", "a string"),
            Kind::Texts => ("list_required", "a list of strings"),
        };
        Detail::field(self.name, problem, format!("{} must be {must}", self.name))
    }
}

/// Reads the object, and keeps what it refuses it for.
struct Reader<'a> {
    parameters: &'a [Parameter],
    refused: &'a Cell<Option<Detail>>,
}

impl Reader<'_> {
    fn refuse<E: Error>(&self, reason: Detail) -> E {
        self.refused.set(Some(reason));
        E::custom("refused")
    }

    fn parameter<E: Error>(&self, name: &str) -> Result<Parameter, E> {
        let known = self.parameters.iter().find(|known| known.name == name);
        known.copied().ok_or_else(|| {
            let names: Vec<_> = self.parameters.iter().map(|known| known.name).collect();
            let message = match names.as_slice() {
                [] => "this takes no arguments".to_owned(),
                names => format!("the arguments of this are {}", names.join(", ")),
            };
            self.refuse(Detail::field("arguments", "unknown", message))
        })
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Arguments;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the arguments")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Arguments, A::Error> {
        let mut seen = Vec::new();
        let mut given = Vec::new();
        while let Some(name) = from.next_key::<String>()? {
            let parameter = self.parameter(&name)?;
            if seen.contains(&parameter.name) {
                let message = format!("{} is given twice", parameter.name);
                return Err(self.refuse(Detail::field(parameter.name, "ambiguous", message)));
            }
            seen.push(parameter.name);
            match value(parameter.kind, &mut from) {
                Ok(Some(value)) => given.push((parameter.name, value)),
                Ok(None) => {}
                Err(error) => {
                    self.refused.set(Some(parameter.mistaken()));
                    return Err(error);
                }
            }
        }
        Ok(Arguments(given))
    }
}

fn value<'de, A: MapAccess<'de>>(kind: Kind, from: &mut A) -> Result<Option<Given>, A::Error> {
    Ok(match kind {
        Kind::Flag => from.next_value::<Option<bool>>()?.map(Given::Flag),
        Kind::Number => from
            .next_value::<Option<Whole>>()?
            .map(|Whole(number)| Given::Number(number)),
        Kind::Pairs => from
            .next_value::<Option<Pairs>>()?
            .map(|Pairs(pairs)| Given::Pairs(pairs)),
        Kind::Text => from
            .next_value::<Option<Written>>()?
            .map(|Written(text)| Given::Text(text)),
        Kind::Texts => from
            .next_value::<Option<Vec<Written>>>()?
            .map(|texts| Given::Texts(texts.into_iter().map(|Written(text)| text).collect())),
    })
}

/// Makes a type an argument: required as it is, and one that may be left out as an option.
macro_rules! arguments {
    ($($kind:ident($type:ty)),*) => {$(
        impl Argument for Option<$type> {
            const KIND: Kind = Kind::$kind;

            fn of(given: Option<Given>) -> Option<Self> {
                match given {
                    None => Some(None),
                    Some(Given::$kind(value)) => Some(Some(value)),
                    Some(_) => None,
                }
            }
        }
    )*};
}

arguments!(
    Flag(bool),
    Number(i64),
    Pairs(Vec<(Text, Text)>),
    Text(Text),
    Texts(Vec<Text>)
);

impl Argument for Text {
    const KIND: Kind = Kind::Text;

    fn of(given: Option<Given>) -> Option<Self> {
        Option::of(given).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &[Parameter] = &[
        Parameter {
            name: "flag",
            kind: Kind::Flag,
        },
        Parameter {
            name: "number",
            kind: Kind::Number,
        },
        Parameter {
            name: "pairs",
            kind: Kind::Pairs,
        },
        Parameter {
            name: "text",
            kind: Kind::Text,
        },
        Parameter {
            name: "texts",
            kind: Kind::Texts,
        },
    ];

    fn read(json: &[u8]) -> Result<Arguments, Detail> {
        Arguments::read(json, PARAMETERS)
    }

    fn refused(json: &[u8]) -> String {
        let reason = read(json).map(drop).unwrap_err();
        assert!(reason.field.is_some());
        reason.code.into_owned()
    }

    #[test]
    fn arguments_are_what_they_were_given_as() {
        let json = br#"{"text": "a\u0000\"b", "number": -7, "flag": false, "texts": ["x"], "pairs": {"k": "v"}}"#;
        let mut given = read(json).unwrap();
        assert!(given.take::<Text>("text").unwrap() == Text::from("a\0\"b"));
        assert_eq!(given.take::<Option<i64>>("number").unwrap(), Some(-7));
        assert_eq!(given.take::<Option<bool>>("flag").unwrap(), Some(false));
        let texts: Option<Vec<Text>> = given.take("texts").unwrap();
        assert!(texts.unwrap() == ["x".into()]);
        let pairs: Option<Vec<(Text, Text)>> = given.take("pairs").unwrap();
        assert!(pairs.unwrap() == [("k".into(), "v".into())]);
        assert!(given.take::<Text>("text").is_err(), "it was taken");
    }

    #[test]
    fn null_leaves_out() {
        for json in [
            &b"{}"[..],
            br#"{"text": null, "flag": null, "texts": null}"#,
        ] {
            let mut given = read(json).unwrap();
            assert!(given.take::<Option<Text>>("text").unwrap().is_none());
            assert!(given.take::<Option<bool>>("flag").unwrap().is_none());
            let missing = given.take::<Text>("text").unwrap_err();
            assert_eq!(missing.code, "text_string_required");
        }
    }

    #[test]
    fn nothing_is_coerced() {
        for (json, code) in [
            (r#"{"text": 5}"#, "text_string_required"),
            (r#"{"text": ["x"]}"#, "text_string_required"),
            (r#"{"text": {"x": 1}}"#, "text_string_required"),
            (r#"{"flag": "true"}"#, "flag_boolean_required"),
            (r#"{"flag": 1}"#, "flag_boolean_required"),
            (r#"{"number": "5"}"#, "number_integer_required"),
            (r#"{"number": 5.0}"#, "number_integer_required"),
            (r#"{"number": true}"#, "number_integer_required"),
            (r#"{"texts": "x"}"#, "texts_list_required"),
            (r#"{"texts": ["x", null]}"#, "texts_list_required"),
            (r#"{"pairs": ["x"]}"#, "pairs_object_required"),
            (r#"{"pairs": {"k": 1}}"#, "pairs_object_required"),
        ] {
            assert_eq!(refused(json.as_bytes()), code, "{json}");
        }
    }

    #[test]
    fn numbers_beyond_the_bounds_are_the_bounds() {
        for (json, number) in [
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", i64::MAX),
            ("123456789012345678901234567890", i64::MAX),
            ("-9223372036854775809", i64::MIN),
            ("-1e300", i64::MIN),
        ] {
            let mut given = read(format!(r#"{{"number": {json}}}"#).as_bytes()).unwrap();
            assert_eq!(given.take::<Option<i64>>("number").unwrap(), Some(number));
        }
    }

    #[test]
    fn what_is_no_object_of_these_arguments_is_refused() {
        for json in [
            &b""[..],
            b"null",
            b"[]",
            b"7",
            b"\"x\"",
            b"{",
            b"{}{}",
            b"{\"text\": 1e999}",
            b"{\"text\": x}",
            b"{\"number\": NaN}",
            b"{'text': 1}",
            b"\xef\xbb\xbf{}",
            b"{\"\xff\": 1}",
        ] {
            assert_eq!(refused(json), "arguments_object_required", "{json:?}");
        }
        assert_eq!(refused(br#"{"tekst": "x"}"#), "arguments_unknown");
        assert_eq!(
            refused(br#"{"text": "x", "t\u0065xt": null}"#),
            "text_ambiguous"
        );
        let deep = format!(
            r#"{{"text": {}1{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(refused(deep.as_bytes()), "text_string_required");
        let none = Arguments::read(br#"{"a": 1}"#, &[]).map(drop).unwrap_err();
        assert_eq!(none.message, "this takes no arguments");
    }

    #[test]
    fn sec48_text_that_is_not_unicode_is_kept_for_the_engine_to_refuse() {
        for json in [
            &b"{\"text\": \"a\xff\"}"[..],
            br#"{"text": "\ud800"}"#,
            br#"{"text": "\udc00\ud800"}"#,
        ] {
            let text: Text = read(json).unwrap().take("text").unwrap();
            assert!(text == Text::not_unicode(), "{json:?}");
        }
    }
}
