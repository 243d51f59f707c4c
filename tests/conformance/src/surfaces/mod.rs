//! The surfaces: ways to call the engine, each behind one trait.

pub mod answers;
pub mod c_answers;
pub mod command;
pub mod command_line;
pub mod http;
pub mod http_answers;
pub mod language;
pub mod process;
pub mod rust;
pub mod rust_arguments;
pub mod service;

use std::{path::Path, sync::Arc};

use serde_json::{Map, Value};

use crate::clock;

/// One call of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// The handle that it is made on.
    pub handle: String,
    /// The operation's canonical name.
    pub operation: String,
    /// Canonical arguments; what is absent is left out.
    pub arguments: Map<String, Value>,
}

/// What a call was answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The result, in canonical form.
    Ok(Value),
    /// An error record.
    Error(Map<String, Value>),
    /// The surface did not answer as a surface does.
    Broken(String),
}

/// A way to call the engine.
pub trait Surface: Send + Sync {
    /// The name, as it stands in the matrix.
    fn name(&self) -> &str;

    /// Begins a scenario in a folder of its own.
    fn begin(&self, folder: &Path);

    /// Makes one call and waits for the answer.
    fn call(&self, call: &Call) -> Answer;

    /// Makes calls at once, at that moment of the clock if one is given.
    fn concurrently(&self, calls: &[Call], at: Option<u64>) -> Vec<Answer> {
        let moment = at.unwrap_or_else(|| clock::unix_millis() + 5);
        std::thread::scope(|scope| {
            let running: Vec<_> = calls
                .iter()
                .map(|call| {
                    scope.spawn(move || {
                        clock::wait_until(moment);
                        self.call(call)
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|_| Answer::Broken("the call panicked".to_owned()))
                })
                .collect()
        })
    }

    /// Forgets every handle.
    fn end(&self);

    /// Why the surface answers no more, if it does not.
    fn broken(&self) -> Option<String> {
        None
    }

    /// What a language's driver tells of its package: `signatures`, `codes`, `version`. `None` where
    /// the surface is no language.
    fn about(&self, _what: &str) -> Option<Answer> {
        None
    }
}

/// A surface that several threads may call.
pub type Shared = Arc<dyn Surface>;

/// A wrong type, which a language refuses by itself: the record that the drivers answer for it.
pub fn type_error(class: &str) -> Answer {
    let mut record = Map::new();
    record.insert("code".to_owned(), "input_invalid".into());
    record.insert("message".to_owned(), "".into());
    record.insert("errors".to_owned(), Value::Array(Vec::new()));
    record.insert("retryable".to_owned(), false.into());
    record.insert("retry_after".to_owned(), Value::Null);
    record.insert("class".to_owned(), class.into());
    Answer::Error(record)
}
