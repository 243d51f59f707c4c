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
    /// Reads an object. No octets at all are an empty one.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in terms of its arguments.
    pub(crate) fn read(json: &[u8], parameters: &[Parameter]) -> Result<Self, Detail> {
        if json.is_empty() {
            return Ok(Self(Vec::new()));
        }
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
