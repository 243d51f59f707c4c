//! The Node package's native module. `index.js` checks the types of what it passes, and makes objects
//! and errors of what is answered.
//!
//! Every operation answers a promise at once. The work is done on the engine's own threads; each call
//! under way keeps the event loop alive until its promise is settled.

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
};

mod answers;
mod arguments;

/// What a `UserManagement` of `index.js` holds.
#[napi]
pub struct Handle(UserManagement);

/// Opens a database.
///
/// # Errors
///
/// When the arguments are not what `index.js` passes.
#[napi(catch_unwind)]
pub fn open<'env>(env: &'env Env, database_url: JsText, options: Object) -> Result<Object<'env>> {
    let (database_url, options) = (text(&database_url)?, Given(&options).options()?);
    let (deferred, promise) = env.create_deferred()?;
    let unstarted = deferred.clone();
    let opened = UserManagement::spawn_open(database_url, options, move |opened| {
        deferred.resolve(settle(opened, handle));
    });
    if let Err(error) = opened {
        unstarted.resolve(settle(Err(error), handle));
    }
    Ok(promise)
}

#[expect(
    clippy::missing_errors_doc,
    reason = "each is described in index.d.ts, and fails only for what index.js never passes"
)]
#[napi]
impl Handle {
    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn authenticate_with_password<'env>(
        &self,
        env: &'env Env,
        email: JsText,
        password: JsText,
    ) -> Result<Object<'env>> {
        let (email, password) = (text(&email)?, text(&password)?);
        self.start(env, move |operations| {
            operations.authenticate_with_password(email, password)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn check_password<'env>(
        &self,
        env: &'env Env,
        password: JsText,
        user_id: Option<JsText>,
    ) -> Result<Object<'env>> {
        let (password, user_id) = (text(&password)?, user_id.as_ref().map(text).transpose()?);
        self.start(env, move |operations| {
            operations.check_password(password, user_id)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let unstarted = deferred.clone();
        let closed = self.0.spawn_close(move || {
            deferred.resolve(settle(Ok(Value::Null), success));
        });
        if let Err(error) = closed {
            unstarted.resolve(settle(Err(error), success));
        }
        Ok(promise)
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn create_password_reset<'env>(
        &self,
        env: &'env Env,
        email: JsText,
    ) -> Result<Object<'env>> {
        let email = text(&email)?;
        self.start(env, move |operations| {
            operations.create_password_reset(email)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn create_user<'env>(&self, env: &'env Env, new: Object) -> Result<Object<'env>> {
        let new = Given(&new).new_user()?;
        self.start(env, move |operations| operations.create_user(new))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn delete_user<'env>(&self, env: &'env Env, id: JsText) -> Result<Object<'env>> {
        let id = text(&id)?;
        self.start(env, move |operations| operations.delete_user(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn events<'env>(
        &self,
        env: &'env Env,
        after: Option<JsText>,
        limit: Option<i64>,
    ) -> Result<Object<'env>> {
        let after = after.as_ref().map(text).transpose()?;
        self.start(env, move |operations| operations.events(after, limit))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_password_reset<'env>(&self, env: &'env Env, id: JsText) -> Result<Object<'env>> {
        let id = text(&id)?;
        self.start(env, move |operations| operations.get_password_reset(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user<'env>(&self, env: &'env Env, id: JsText) -> Result<Object<'env>> {
        let id = text(&id)?;
        self.start(env, move |operations| operations.get_user(id))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user_by_email<'env>(&self, env: &'env Env, email: JsText) -> Result<Object<'env>> {
        let email = text(&email)?;
        self.start(env, move |operations| operations.get_user_by_email(email))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn get_user_by_external_id<'env>(
        &self,
        env: &'env Env,
        external_id: JsText,
    ) -> Result<Object<'env>> {
        let external_id = text(&external_id)?;
        self.start(env, move |operations| {
            operations.get_user_by_external_id(external_id)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn list_users<'env>(&self, env: &'env Env, list: Object) -> Result<Object<'env>> {
        let list = Given(&list).list_users()?;
        self.start(env, move |operations| operations.list_users(list))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn purge<'env>(&self, env: &'env Env, limit: Option<i64>) -> Result<Object<'env>> {
        self.start(env, move |operations| operations.purge(limit))
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn request_password_reset<'env>(
        &self,
        env: &'env Env,
        email: JsText,
    ) -> Result<Object<'env>> {
        let email = text(&email)?;
        self.start(env, move |operations| {
            operations.request_password_reset(email)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn reset_password<'env>(
        &self,
        env: &'env Env,
        token: JsText,
        new_password: JsText,
    ) -> Result<Object<'env>> {
        let (token, new_password) = (text(&token)?, text(&new_password)?);
        self.start(env, move |operations| {
            operations.reset_password(token, new_password)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn revoke_password_resets<'env>(
        &self,
        env: &'env Env,
        user_id: Option<JsText>,
    ) -> Result<Object<'env>> {
        let user_id = user_id.as_ref().map(text).transpose()?;
        self.start(env, move |operations| {
            operations.revoke_password_resets(user_id)
        })
    }

    /// See `index.d.ts`.
    #[napi(catch_unwind)]
    pub fn update_user<'env>(
        &self,
        env: &'env Env,
        id: JsText,
        change: Object,
    ) -> Result<Object<'env>> {
        let (id, change) = (text(&id)?, Given(&change).user_change()?);
        self.start(env, move |operations| operations.update_user(id, change))
    }

    /// Starts an operation, and answers the promise of its outcome.
    fn start<'env, T: Into<Value>>(
        &self,
        env: &'env Env,
        operation: impl FnOnce(Operations<'_>) -> std::result::Result<T, Error> + Send + 'static,
    ) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let unstarted = deferred.clone();
        let started = self.0.spawn(operation, move |outcome| {
            deferred.resolve(settle(outcome, success));
        });
        if let Err(error) = started {
            unstarted.resolve(settle(Err(error), success));
        }
        Ok(promise)
    }
}

fn handle(env: &Env, opened: UserManagement) -> Result<sys::napi_value> {
    Ok(Handle(opened).into_instance(env)?.as_object(env).raw())
}

/// What makes a promise's value of an outcome, on the JavaScript thread.
fn settle<T>(
    outcome: std::result::Result<T, Error>,
    success: fn(&Env, T) -> Result<sys::napi_value>,
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
