//! Results as JSON.

use reset_password_bindings::{ExposeSecret, Record, Value};
use serde::{Serialize, Serializer};

/// A result. Its fields stand in the order in which its type declares them.
pub(crate) struct Answer<'a>(pub(crate) &'a Value);

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Boolean(yes) => to.serialize_bool(*yes),
            Value::Integer(number) => to.serialize_i64(*number),
            Value::Text(text) => to.serialize_str(text),
            Value::Secret(text) => to.serialize_str(text.expose_secret()),
            Value::Moment(moment) => to.collect_str(moment),
            Value::List(values) => to.collect_seq(values.iter().map(Answer)),
            Value::Map(pairs) => {
                to.collect_map(pairs.iter().map(|(key, value)| (key, Answer(value))))
            }
            Value::Record(Record { fields, .. }) => {
                to.collect_map(fields.iter().map(|(name, value)| (name, Answer(value))))
            }
        }
    }
}
