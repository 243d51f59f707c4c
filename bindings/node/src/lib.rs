//! The Node package's native module. `index.js` checks the types of what it passes, and makes objects
//! and errors of what is answered.
//!
//! Every operation takes an inbox's ticket, and returns at once. The work is done on the engine's own threads,
//! and its outcome goes to the inbox.

use napi::{
    Env, Status,
    bindgen_prelude::{Array, JavaScriptClassExt, JsValue, Result},
    sys,
};
use napi_derive::napi;
use reset_password_bindings::{Error, Operation, UserManagement, Value, api::OPEN, guard};

use crate::{
    answers::{failure, success},
    arguments::arguments,
    inbox::Inbox,
};

mod answers;
mod arguments;
mod inbox;

/// What a `UserManagement` of `index.js` holds.
#[napi]
pub struct Handle {
    users: UserManagement,
    inbox: Inbox,
}

/// The names of the operations. The place of each is its number.
#[napi]
pub fn operations() -> Vec<&'static str> {
    Operation::ALL.iter().map(Operation::name).collect()
}

/// Opens a database: its URL and the options, in the order of the description.
///
/// # Errors
///
/// When the arguments are not what `index.js` passes.
#[napi(catch_unwind)]
pub fn open(inbox: &Inbox, ticket: f64, given: Array) -> Result<()> {
    let given = arguments(OPEN.parameters, &given)?;
    let done = inbox.ticket(ticket);
    let (unstarted, inbox) = (done.clone(), inbox.clone());
    let opened = UserManagement::spawn_open(given, move |opened| {
        let handle = opened.map(|users| Handle { users, inbox });
        done.deliver(settle(handle, Handle::into_value));
    });
    if let Err(error) = opened {
        unstarted.deliver(settle(Err(error), success));
    }
    Ok(())
}

#[expect(
    clippy::missing_errors_doc,
    reason = "each fails only for what index.js never passes"
)]
#[napi]
impl Handle {
    /// Starts the operation of that number, with its arguments in the order of the description. Its outcome goes
    /// where the ticket says.
    #[napi(catch_unwind)]
    pub fn call(&self, ticket: f64, operation: u32, given: Array) -> Result<()> {
        let operation = Operation::ALL
            .get(operation as usize)
            .ok_or_else(|| napi::Error::new(Status::InvalidArg, "no such operation"))?;
        let given = arguments(operation.parameters(), &given)?;
        let done = self.inbox.ticket(ticket);
        let unstarted = done.clone();
        let started = self.users.spawn(operation, given, move |outcome| {
            done.deliver(settle(outcome, success));
        });
        if let Err(error) = started {
            unstarted.deliver(settle(Err(error), success));
        }
        Ok(())
    }

    /// Ends this process's connections.
    #[napi(catch_unwind)]
    pub fn close(&self, ticket: f64) -> Result<()> {
        let done = self.inbox.ticket(ticket);
        let unstarted = done.clone();
        let closed = self
            .users
            .spawn_close(move || done.deliver(settle(Ok(Value::Null), success)));
        if let Err(error) = closed {
            unstarted.deliver(settle(Err(error), success));
        }
        Ok(())
    }

    fn into_value(env: &Env, handle: Self) -> Result<sys::napi_value> {
        Ok(handle.into_instance(env)?.as_object(env).raw())
    }
}

/// What makes a promise's value of an outcome, on the JavaScript thread.
fn settle<T>(
    outcome: std::result::Result<T, Error>,
    success: impl FnOnce(&Env, T) -> Result<sys::napi_value>,
) -> impl FnOnce(Env) -> Result<sys::napi_value> {
    move |env| {
        let settled = guard(|| {
            Ok(match outcome {
                Ok(value) => success(&env, value),
                Err(error) => failure(&env, &error),
            })
        });
        settled.unwrap_or_else(|error| failure(&env, &error))
    }
}
