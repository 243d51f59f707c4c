//! Where outcomes wait for the JavaScript thread. One for all calls: to make and end something for each costs
//! more than the call. `index.js` knows the promises, each by its ticket.

#![expect(
    clippy::needless_pass_by_value,
    reason = "what JavaScript gives comes by value"
)]

use std::sync::Arc;

use napi::{
    Env, Status,
    bindgen_prelude::{FnArgs, Function, Result},
    check_status, sys,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use napi_derive::napi;

/// What makes a promise's value of an outcome, on the JavaScript thread.
type Answer = Box<dyn FnOnce(Env) -> Result<sys::napi_value> + Send>;

/// Calls the function of JavaScript. By itself it does not keep the event loop alive.
type Deliver =
    ThreadsafeFunction<(f64, Answer), (), FnArgs<(f64, sys::napi_value)>, Status, false, true>;

/// Where outcomes wait. It calls a function with each ticket and its promise's value.
#[napi]
#[derive(Clone)]
pub struct Inbox(Arc<Deliver>);

#[napi]
impl Inbox {
    /// # Errors
    ///
    /// When the environment is ending.
    #[napi(constructor)]
    pub fn new(settle: Function<FnArgs<(f64, sys::napi_value)>, ()>) -> Result<Self> {
        let deliver = settle
            .build_threadsafe_function::<(f64, Answer)>()
            .weak::<true>()
            .build_callback(|context| {
                let (ticket, answer) = context.value;
                Ok((ticket, answer(context.env)?).into())
            })?;
        Ok(Self(Arc::new(deliver)))
    }

    /// From now on the event loop stays alive, or does not for this.
    ///
    /// # Errors
    ///
    /// When the environment is ending.
    #[napi]
    pub fn keep_alive(&self, env: Env, yes: bool) -> Result<()> {
        keep_alive(env, &self.0, yes)
    }

    /// Where the outcome of one call is to go.
    pub(crate) fn ticket(&self, number: f64) -> Ticket {
        Ticket(Arc::clone(&self.0), number)
    }
}

#[expect(
    unsafe_code,
    reason = "napi's own methods for it want to be the only ones that have the function"
)]
fn keep_alive(env: Env, deliver: &Deliver, yes: bool) -> Result<()> {
    let (env, deliver) = (env.raw(), deliver.raw());
    // SAFETY: this is the thread of the environment that the function was made in, and the function is there
    // while somebody has it.
    let status = unsafe {
        if yes {
            sys::napi_ref_threadsafe_function(env, deliver)
        } else {
            sys::napi_unref_threadsafe_function(env, deliver)
        }
    };
    check_status!(status)
}

/// Where one outcome is to go.
#[derive(Clone)]
pub(crate) struct Ticket(Arc<Deliver>, f64);

impl Ticket {
    /// Hands over what makes the promise's value. Where the environment has ended there is no promise any more.
    pub(crate) fn deliver(
        self,
        answer: impl FnOnce(Env) -> Result<sys::napi_value> + Send + 'static,
    ) {
        let value = (self.1, Box::new(answer) as Answer);
        self.0.call(value, ThreadsafeFunctionCallMode::NonBlocking);
    }
}
