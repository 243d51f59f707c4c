//! Values on their way to a database and back.

use std::mem;

use reset_password_core::store::StoreError;

/// A value to bind. A truth value is bound as 0 or 1.
#[derive(Clone, Copy)]
pub(crate) enum Param<'a> {
    /// No value, where others are of this kind.
    Null(Kind),
    Integer(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// What a value is bound as.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Integer,
    Text,
    Bytes,
}

/// A type whose values are of one kind, also where there is none: so a statement is the same to a server
/// whatever it is given.
pub(crate) trait OfKind {
    const KIND: Kind;
}

macro_rules! of_kind {
    ($($type:ty => $kind:ident),*) => {
        $(impl OfKind for $type {
            const KIND: Kind = Kind::$kind;
        })*
    };
}

of_kind!(i64 => Integer, bool => Integer, &str => Text, &String => Text, &[u8] => Bytes, &[u8; 32] => Bytes);

impl From<i64> for Param<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<bool> for Param<'_> {
    fn from(truth: bool) -> Self {
        Self::Integer(i64::from(truth))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a [u8; 32]> for Param<'a> {
    fn from(bytes: &'a [u8; 32]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, T: OfKind + Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null(T::KIND), Into::into)
    }
}

/// A value as a database gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row of a result. Its values are taken in the order of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    values: Vec<Value>,
    next: usize,
    /// What the row is of, for the error of one that cannot be read.
    what: &'static str,
}

type Result<T> = std::result::Result<T, StoreError>;

impl Row {
    pub(crate) const fn new(values: Vec<Value>) -> Self {
        Self {
            values,
            next: 0,
            what: "a row",
        }
    }

    /// Says what the values that are taken from now on are of.
    pub(crate) const fn of(&mut self, what: &'static str) {
        self.what = what;
    }

    /// An error that says that what is read is damaged.
    pub(crate) const fn damaged(&self) -> StoreError {
        StoreError::Damaged(self.what)
    }

    pub(crate) fn integer(&mut self) -> Result<i64> {
        self.optional_integer()?.ok_or_else(|| self.damaged())
    }

    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>> {
        match self.take()? {
            Value::Null => Ok(None),
            Value::Integer(integer) => Ok(Some(integer)),
            Value::Text(_) | Value::Bytes(_) => Err(self.damaged()),
        }
    }

    /// 0 or 1.
    pub(crate) fn truth(&mut self) -> Result<bool> {
        match self.integer()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.damaged()),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String> {
        self.optional_text()?.ok_or_else(|| self.damaged())
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>> {
        self.optional_bytes()?
            .map(|bytes| String::from_utf8(bytes).map_err(|_| self.damaged()))
            .transpose()
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>> {
        self.optional_bytes()?.ok_or_else(|| self.damaged())
    }

    /// Text counts as its bytes.
    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        match self.take()? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.into_bytes())),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Integer(_) => Err(self.damaged()),
        }
    }

    fn take(&mut self) -> Result<Value> {
        let value = self.values.get_mut(self.next);
        let value = value.map(|value| mem::replace(value, Value::Null));
        self.next += 1;
        value.ok_or_else(|| self.damaged())
    }
}
