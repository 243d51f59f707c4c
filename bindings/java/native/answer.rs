//! What goes back to Java: one tag and what belongs to it for each value, numbers with the highest octet
//! first. `Answer.java` is the other half.

use reset_password_bindings::{Error, ExposeSecret, Value};
use zeroize::Zeroizing;

/// Room for the largest answer that holds a secret, so that none is left behind where an answer grew from.
const ROOM: usize = 4_096;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const TEXT: u8 = 4;
const MOMENT: u8 = 5;
const LIST: u8 = 6;
const MAP: u8 = 7;
const RECORD: u8 = 8;
const FAILURE: u8 = 9;

/// An answer that is being written. Wiped when dropped.
type Answer = Zeroizing<Vec<u8>>;

/// What an operation answers.
pub(crate) fn success(value: &Value) -> Answer {
    let mut answer = Zeroizing::new(Vec::with_capacity(ROOM));
    put(&mut answer, value);
    answer
}

/// An error: code, message, whether and when the call may be tried again, reasons.
pub(crate) fn failure(error: &Error) -> Answer {
    let reasons = error.errors().to_vec();
    let mut answer = Zeroizing::new(vec![FAILURE]);
    put_text(&mut answer, error.code().as_str());
    put_text(&mut answer, error.message());
    put(&mut answer, &error.retryable().into());
    put(&mut answer, &error.retry_after().into());
    put(&mut answer, &reasons.into());
    answer
}

fn put(answer: &mut Answer, value: &Value) {
    match value {
        Value::Null => answer.push(NULL),
        Value::Boolean(false) => answer.push(FALSE),
        Value::Boolean(true) => answer.push(TRUE),
        Value::Integer(number) => put_number(answer, INTEGER, *number),
        Value::Text(text) => put_text(answer, text),
        Value::Secret(text) => put_text(answer, text.expose_secret()),
        Value::Moment(moment) => put_number(answer, MOMENT, moment.unix_millis()),
        Value::List(values) => {
            put_length(answer, LIST, values.len());
            for value in values {
                put(answer, value);
            }
        }
        Value::Map(pairs) => {
            put_length(answer, MAP, pairs.len());
            for (key, value) in pairs {
                put_text(answer, key);
                put(answer, value);
            }
        }
        // Java declares the same fields in the same order.
        Value::Record(record) => {
            answer.push(RECORD);
            put_text(answer, record.name());
            for (_, value) in &record.fields {
                put(answer, value);
            }
        }
    }
}

fn put_text(answer: &mut Answer, text: &str) {
    put_length(answer, TEXT, text.len());
    answer.extend_from_slice(text.as_bytes());
}

fn put_number(answer: &mut Answer, tag: u8, number: i64) {
    answer.push(tag);
    answer.extend_from_slice(&number.to_be_bytes());
}

/// No answer comes near the bound: a page holds at most 100 users or events.
fn put_length(answer: &mut Answer, tag: u8, length: usize) {
    answer.push(tag);
    answer.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}
