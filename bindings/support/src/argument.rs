//! What a host gives for a parameter, and what the engine takes it as.

use std::vec;

use reset_password::Error;
use reset_password_api::Parameter;

use crate::Text;

/// A value that a host gave. Numbers may be any whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Texts by texts, as often as they were given.
    Pairs(Vec<(Text, Text)>),
    /// A text.
    Text(Text),
    /// Several texts.
    Texts(Vec<Text>),
}

impl Argument {
    /// Texts by texts, where a host has keys and values in turn.
    #[must_use]
    pub fn pairs_in_turn(texts: Vec<Text>) -> Self {
        let mut texts = texts.into_iter();
        let mut pairs = Vec::with_capacity(texts.len() / 2);
        while let (Some(key), Some(value)) = (texts.next(), texts.next()) {
            pairs.push((key, value));
        }
        Self::Pairs(pairs)
    }
}

/// What was given for each parameter of an operation, in order; `None` for what was left out.
pub type Arguments = Vec<Option<Argument>>;

/// The arguments of one call, each taken once and in order.
pub(crate) struct Given(vec::IntoIter<Option<Argument>>);

impl Given {
    /// Takes what was given for these parameters.
    ///
    /// # Errors
    ///
    /// `internal` when there are more or fewer.
    pub(crate) fn new(parameters: &[Parameter], given: Arguments) -> Result<Self, Error> {
        if given.len() == parameters.len() {
            Ok(Self(given.into_iter()))
        } else {
            Err(mistaken())
        }
    }

    /// The next one, as the engine takes it.
    ///
    /// # Errors
    ///
    /// `internal` when it is of another kind, or missing and must not be: a binding reads its host's arguments by
    /// the description, and refuses those itself.
    pub(crate) fn next<T: Accepted>(&mut self) -> Result<T, Error> {
        T::accept(self.0.next().flatten()).ok_or_else(mistaken)
    }
}

/// What the engine takes an argument as.
pub(crate) trait Accepted: Sized {
    /// The value; `None` when this is not what was given.
    fn accept(given: Option<Argument>) -> Option<Self>;
}

impl Accepted for Text {
    fn accept(given: Option<Argument>) -> Option<Self> {
        Option::<Self>::accept(given).flatten()
    }
}

/// Makes a type one kind of argument: what may be left out is an option of it.
macro_rules! kind {
    ($kind:ident($type:ty)) => {
        impl Accepted for Option<$type> {
            fn accept(given: Option<Argument>) -> Option<Self> {
                match given {
                    None => Some(None),
                    Some(Argument::$kind(value)) => Some(Some(value)),
                    Some(_) => None,
                }
            }
        }

        impl From<$type> for Argument {
            fn from(value: $type) -> Self {
                Self::$kind(value)
            }
        }
    };
}

kind!(Flag(bool));
kind!(Number(i64));
kind!(Pairs(Vec<(Text, Text)>));
kind!(Text(Text));
kind!(Texts(Vec<Text>));

fn mistaken() -> Error {
    Error::internal("the arguments are not those of the operation")
}
