//! The arguments of a call as a JSON object: typed, never coerced, with nothing in it that was not asked for.

use std::{cell::Cell, fmt};

use reset_password::Detail;
use reset_password_api::{Kind, Parameter};
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::{
    Argument, Arguments, Text,
    json_values::{Pairs, Whole},
};

/// Reads an object as the arguments for these parameters. Null leaves one out.
///
/// # Errors
///
/// What is wrong with it, in terms of its arguments.
pub fn arguments_from_json(json: &[u8], parameters: &[Parameter]) -> Result<Arguments, Detail> {
    let refused = Cell::new(None);
    let reader = Reader {
        parameters,
        refused: &refused,
    };
    let mut document = serde_json::Deserializer::from_slice(json);
    let read = document.deserialize_map(reader);
    let given = read
        .and_then(|arguments| document.end().map(|()| arguments))
        .map_err(|error| {
            // What is not JSON is so wherever it stands.
            let reason = refused.take().filter(|_| error.is_data());
            reason.unwrap_or_else(|| {
                let message = "the arguments must be one JSON object";
                Detail::field("arguments", "object_required", message)
            })
        })?;
    for (parameter, given) in parameters.iter().zip(&given) {
        if parameter.is_required && given.is_none() {
            return Err(mistaken(parameter));
        }
    }
    Ok(given)
}

fn mistaken(parameter: &Parameter) -> Detail {
    let (problem, must) = match parameter.kind {
        Kind::Flag => ("boolean_required", "true or false"),
        Kind::Number => ("integer_required", "a whole number"),
        Kind::Pairs => ("object_required", "an object whose values are strings"),
        Kind::Text => ("string_required", "a string"),
        Kind::Texts => ("list_required", "a list of strings"),
    };
    let message = format!("{} must be {must}", parameter.name);
    Detail::field(parameter.name, problem, message)
}

/// Reads the object, and keeps what it refuses it for.
struct Reader<'a> {
    parameters: &'a [Parameter],
    refused: &'a Cell<Option<Detail>>,
}

/// What was given for one parameter. Null is given, and is nothing.
struct Place<'a> {
    parameter: &'a Parameter,
    is_taken: bool,
    given: Option<Argument>,
}

impl Reader<'_> {
    fn refuse<E: Error>(&self, reason: Detail) -> E {
        self.refused.set(Some(reason));
        E::custom("refused")
    }

    fn unknown<E: Error>(&self) -> E {
        let names: Vec<_> = self.parameters.iter().map(|known| known.name).collect();
        let message = match names.as_slice() {
            [] => "this takes no arguments".to_owned(),
            names => format!("the arguments of this are {}", names.join(", ")),
        };
        self.refuse(Detail::field("arguments", "unknown", message))
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Arguments;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the arguments")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Arguments, A::Error> {
        let empty = |parameter| Place {
            parameter,
            is_taken: false,
            given: None,
        };
        let mut places: Vec<_> = self.parameters.iter().map(empty).collect();
        while let Some(name) = from.next_key::<String>()? {
            let known = places.iter_mut().find(|place| place.parameter.name == name);
            let place = known.ok_or_else(|| self.unknown())?;
            let parameter = place.parameter;
            if place.is_taken {
                let message = format!("{} is given twice", parameter.name);
                return Err(self.refuse(Detail::field(parameter.name, "ambiguous", message)));
            }
            place.is_taken = true;
            place.given = value(parameter.kind, &mut from).inspect_err(|_| {
                self.refused.set(Some(mistaken(parameter)));
            })?;
        }
        Ok(places.into_iter().map(|place| place.given).collect())
    }
}

fn value<'de, A: MapAccess<'de>>(kind: Kind, from: &mut A) -> Result<Option<Argument>, A::Error> {
    Ok(match kind {
        Kind::Flag => from.next_value::<Option<bool>>()?.map(Argument::Flag),
        Kind::Number => from
            .next_value::<Option<Whole>>()?
            .map(|Whole(number)| Argument::Number(number)),
        Kind::Pairs => from
            .next_value::<Option<Pairs>>()?
            .map(|Pairs(pairs)| Argument::Pairs(pairs)),
        Kind::Text => from.next_value::<Option<Text>>()?.map(Argument::Text),
        Kind::Texts => from.next_value::<Option<_>>()?.map(Argument::Texts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &[Parameter] = &[
        Parameter::optional("flag", Kind::Flag, ""),
        Parameter::optional("number", Kind::Number, ""),
        Parameter::optional("pairs", Kind::Pairs, ""),
        Parameter::optional("text", Kind::Text, ""),
        Parameter::optional("texts", Kind::Texts, ""),
    ];

    fn read(json: &[u8]) -> Result<Arguments, Detail> {
        arguments_from_json(json, PARAMETERS)
    }

    fn refused(json: &[u8]) -> String {
        let reason = read(json).map(drop).unwrap_err();
        assert!(reason.field.is_some());
        reason.code.into_owned()
    }

    #[test]
    fn arguments_are_what_they_were_given_as() {
        let json = br#"{"text": "a\u0000\"b", "number": -7, "flag": false, "texts": ["x"], "pairs": {"k": "v"}}"#;
        let given = [
            Argument::Flag(false),
            Argument::Number(-7),
            Argument::Pairs(vec![("k".into(), "v".into())]),
            Argument::Text("a\0\"b".into()),
            Argument::Texts(vec!["x".into()]),
        ];
        assert!(read(json).unwrap() == given.map(Some));
    }

    #[test]
    fn null_leaves_out() {
        let required = [Parameter::required("text", "")];
        for json in [&b"{}"[..], br#"{"text": null}"#] {
            assert!(read(json).unwrap().iter().all(Option::is_none));
            let missing = arguments_from_json(json, &required).unwrap_err();
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
            let given = read(format!(r#"{{"number": {json}}}"#).as_bytes()).unwrap();
            assert!(given.contains(&Some(Argument::Number(number))), "{json}");
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
        let none = arguments_from_json(br#"{"a": 1}"#, &[])
            .map(drop)
            .unwrap_err();
        assert_eq!(none.message, "this takes no arguments");
    }

    #[test]
    fn sec48_text_that_is_not_unicode_is_kept_for_the_engine_to_refuse() {
        for json in [
            &b"{\"text\": \"a\xff\"}"[..],
            br#"{"text": "\ud800"}"#,
            br#"{"text": "\udc00\ud800"}"#,
        ] {
            let text = Argument::Text(Text::not_unicode());
            assert!(read(json).unwrap().contains(&Some(text)), "{json:?}");
        }
    }
}
