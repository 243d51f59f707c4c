//! The engine's values as the types that hosts have.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

use reset_password_bindings::{ExposeSecret, Value};

/// What a value can be.
pub(crate) trait FromValue: Sized {
    /// The value; `None` where it is of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

/// The next field of a record, which has that name.
pub(crate) fn next<T: FromValue>(
    fields: &mut impl Iterator<Item = (&'static str, Value)>,
    name: &str,
) -> Option<T> {
    fields
        .next()
        .filter(|(found, _)| *found == name)
        .and_then(|(_, value)| T::from_value(value))
}

impl FromValue for () {
    fn from_value(value: Value) -> Option<Self> {
        matches!(value, Value::Null).then_some(())
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Boolean(yes) => Some(yes),
            _ => None,
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            Value::Secret(text) => Some(text.expose_secret().to_owned()),
            _ => None,
        }
    }
}

impl FromValue for SystemTime {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Moment(moment) => Some(at(moment.unix_millis())),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::List(values) => values.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for HashMap<String, T> {
    fn from_value(value: Value) -> Option<Self> {
        let Value::Map(pairs) = value else {
            return None;
        };
        let pairs = pairs.into_iter();
        pairs
            .map(|(key, value)| Some((key, T::from_value(value)?)))
            .collect()
    }
}

fn at(unix_millis: i64) -> SystemTime {
    let distance = Duration::from_millis(unix_millis.unsigned_abs());
    if unix_millis < 0 {
        SystemTime::UNIX_EPOCH - distance
    } else {
        SystemTime::UNIX_EPOCH + distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_before_and_after_1970() {
        assert_eq!(at(0), SystemTime::UNIX_EPOCH);
        assert_eq!(
            at(1_500),
            SystemTime::UNIX_EPOCH + Duration::from_millis(1_500)
        );
        assert_eq!(at(-1), SystemTime::UNIX_EPOCH - Duration::from_millis(1));
    }

    #[test]
    fn what_is_of_another_kind_is_nothing() {
        assert_eq!(Option::<i64>::from_value(Value::Null), Some(None));
        assert_eq!(i64::from_value(Value::Null), None);
        assert_eq!(bool::from_value(Value::Integer(1)), None);
        assert_eq!(String::from_value(Value::Boolean(true)), None);
        assert_eq!(
            Vec::<bool>::from_value(Value::List(vec![Value::Null])),
            None
        );
        let mut fields = [("one", Value::Integer(1))].into_iter();
        assert_eq!(next::<i64>(&mut fields, "other"), None);
    }
}
