//! The Node package's native module. `index.js` checks the types of what it passes, and makes objects
//! and errors of what is answered.
//!
//! Every operation takes an inbox's ticket, and returns at once. The work is done on the engine's own threads,
//! and its outcome goes to the inbox.

use napi::{
    Env,
    bindgen_prelude::{JavaScriptClassExt, JsValue, Object, Result},
    sys,
};
use napi_derive::napi;
use reset_password_bindings::{Error, Operations, UserManagement, Value, guard};

use crate::{
    answers::{failure, success},
    arguments::{Given, JsText, text},
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

/// Opens a database.
///
/// # Errors
///
/// When the arguments are not what `index.js` passes.
#[napi(catch_unwind)]
pub fn open(inbox: &Inbox, ticket: f64, database_url: JsText, options: Object) -> Result<()> {
    let (database_url, options) = (text(&database_url)?, Given(&options).options()?);
    let done = inbox.ticket(ticket);
    let (unstarted, inbox) = (done.clone(), inbox.clone());
    let opened = UserManagement::spawn_open(database_url, options, move |opened| {
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
    reason = "each is described in index.d.ts, and fails only for what index.js never passes"
)]
#[napi]
impl Handle {
    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn authenticate_with_password(
        &self,
        ticket: f64,
        email: JsText,
        password: JsText,
    ) -> Result<()> {
        let (email, password) = (text(&email)?, text(&password)?);
        self.start(ticket, move |operations| {
            operations.authenticate_with_password(email, password)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn check_password(
        &self,
        ticket: f64,
        password: JsText,
        user_id: Option<JsText>,
    ) -> Result<()> {
        let (password, user_id) = (text(&password)?, user_id.as_ref().map(text).transpose()?);
        self.start(ticket, move |operations| {
            operations.check_password(password, user_id)
        })
    }

    /// See `index.d.ts`.
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

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn create_password_reset(&self, ticket: f64, email: JsText) -> Result<()> {
        let email = text(&email)?;
        self.start(ticket, move |operations| {
            operations.create_password_reset(email)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn create_user(&self, ticket: f64, new: Object) -> Result<()> {
        let new = Given(&new).new_user()?;
        self.start(ticket, move |operations| operations.create_user(new))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn delete_user(&self, ticket: f64, id: JsText) -> Result<()> {
        let id = text(&id)?;
        self.start(ticket, move |operations| operations.delete_user(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn events(&self, ticket: f64, after: Option<JsText>, limit: Option<i64>) -> Result<()> {
        let after = after.as_ref().map(text).transpose()?;
        self.start(ticket, move |operations| operations.events(after, limit))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_password_reset(&self, ticket: f64, id: JsText) -> Result<()> {
        let id = text(&id)?;
        self.start(ticket, move |operations| operations.get_password_reset(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user(&self, ticket: f64, id: JsText) -> Result<()> {
        let id = text(&id)?;
        self.start(ticket, move |operations| operations.get_user(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user_by_email(&self, ticket: f64, email: JsText) -> Result<()> {
        let email = text(&email)?;
        self.start(ticket, move |operations| {
            operations.get_user_by_email(email)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user_by_external_id(&self, ticket: f64, external_id: JsText) -> Result<()> {
        let external_id = text(&external_id)?;
        self.start(ticket, move |operations| {
            operations.get_user_by_external_id(external_id)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn list_users(&self, ticket: f64, list: Object) -> Result<()> {
        let list = Given(&list).list_users()?;
        self.start(ticket, move |operations| operations.list_users(list))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn purge(&self, ticket: f64, limit: Option<i64>) -> Result<()> {
        self.start(ticket, move |operations| operations.purge(limit))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn request_password_reset(&self, ticket: f64, email: JsText) -> Result<()> {
        let email = text(&email)?;
        self.start(ticket, move |operations| {
            operations.request_password_reset(email)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn reset_password(&self, ticket: f64, token: JsText, new_password: JsText) -> Result<()> {
        let (token, new_password) = (text(&token)?, text(&new_password)?);
        self.start(ticket, move |operations| {
            operations.reset_password(token, new_password)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn revoke_password_resets(&self, ticket: f64, user_id: Option<JsText>) -> Result<()> {
        let user_id = user_id.as_ref().map(text).transpose()?;
        self.start(ticket, move |operations| {
            operations.revoke_password_resets(user_id)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn update_user(&self, ticket: f64, id: JsText, change: Object) -> Result<()> {
        let (id, change) = (text(&id)?, Given(&change).user_change()?);
        self.start(ticket, move |operations| operations.update_user(id, change))
    }

    /// Starts an operation, whose outcome goes where the ticket says.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "it is the last thing that each operation does"
    )]
    fn start<T: Into<Value>>(
        &self,
        ticket: f64,
        operation: impl FnOnce(Operations<'_>) -> std::result::Result<T, Error> + Send + 'static,
    ) -> Result<()> {
        let done = self.inbox.ticket(ticket);
        let unstarted = done.clone();
        let started = self.users.spawn(operation, move |outcome| {
            done.deliver(settle(outcome, success));
        });
        if let Err(error) = started {
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
