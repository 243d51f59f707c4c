//! The native object, with the operations as methods of positional arguments.

use magnus::{Error, Module, Object, RModule, Ruby, Value, function, method};
use reset_password_bindings::{
    Operations, UserManagement,
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
};

use crate::{
    arguments::{all, boolean, integer, optional, pairs, path, text, texts},
    errors::raised,
    gvl::without_gvl,
    results::ruby_value,
};

/// An open database.
#[magnus::wrap(class = "ResetPassword::Native", free_immediately)]
struct Native(UserManagement);

/// Defines the class.
pub fn define(ruby: &Ruby, module: RModule) -> Result<(), Error> {
    let class = module.define_class("Native", ruby.class_object())?;
    class.define_singleton_method("open", function!(Native::open, -1))?;
    class.define_method("close", method!(Native::close, 0))?;
    class.define_method("create_user", method!(Native::create_user, -1))?;
    class.define_method("get_user", method!(Native::get_user, 1))?;
    class.define_method("get_user_by_email", method!(Native::get_user_by_email, 1))?;
    class.define_method(
        "get_user_by_external_id",
        method!(Native::get_user_by_external_id, 1),
    )?;
    class.define_method("list_users", method!(Native::list_users, -1))?;
    class.define_method("update_user", method!(Native::update_user, -1))?;
    class.define_method("delete_user", method!(Native::delete_user, 1))?;
    class.define_method(
        "authenticate_with_password",
        method!(Native::authenticate_with_password, 2),
    )?;
    class.define_method(
        "create_password_reset",
        method!(Native::create_password_reset, 1),
    )?;
    class.define_method(
        "request_password_reset",
        method!(Native::request_password_reset, 1),
    )?;
    class.define_method("get_password_reset", method!(Native::get_password_reset, 1))?;
    class.define_method("reset_password", method!(Native::reset_password, 2))?;
    class.define_method(
        "revoke_password_resets",
        method!(Native::revoke_password_resets, 1),
    )?;
    class.define_method("check_password", method!(Native::check_password, 2))?;
    class.define_method("events", method!(Native::events, 2))?;
    class.define_method("purge", method!(Native::purge, 1))?;
    Ok(())
}

impl Native {
    fn open(ruby: &Ruby, values: &[Value]) -> Result<Self, Error> {
        let [
            database_url,
            key,
            key_file,
            previous_keys,
            reset_url,
            token_lifetime,
            seal_tokens,
            password_min_length,
            service_names,
            argon2_memory_kib,
            argon2_iterations,
            memory_budget_kib,
            migrate,
        ] = all(ruby, values)?;
        let database_url = path(database_url)?;
        let options = Options {
            key: optional(key, text)?,
            key_file: optional(key_file, path)?,
            previous_keys: optional(previous_keys, texts)?,
            reset_url: optional(reset_url, text)?,
            token_lifetime: optional(token_lifetime, integer)?,
            seal_tokens: optional(seal_tokens, boolean)?,
            password_min_length: optional(password_min_length, integer)?,
            service_names: optional(service_names, texts)?,
            argon2_memory_kib: optional(argon2_memory_kib, integer)?,
            argon2_iterations: optional(argon2_iterations, integer)?,
            memory_budget_kib: optional(memory_budget_kib, integer)?,
            migrate: optional(migrate, boolean)?,
        };
        let opened = without_gvl(ruby, || UserManagement::open(&database_url, options))?;
        opened.map(Self).map_err(|error| raised(ruby, &error))
    }

    fn close(ruby: &Ruby, this: &Self) -> Result<(), Error> {
        without_gvl(ruby, || this.0.close())
    }

    fn create_user(ruby: &Ruby, this: &Self, values: &[Value]) -> Result<Value, Error> {
        let [
            email,
            password,
            password_hash,
            email_verified,
            first_name,
            last_name,
            name,
            external_id,
            metadata,
            locale,
        ] = all(ruby, values)?;
        let new = CreateUser {
            email: text(email)?,
            password: optional(password, text)?,
            password_hash: optional(password_hash, text)?,
            email_verified: optional(email_verified, boolean)?,
            first_name: optional(first_name, text)?,
            last_name: optional(last_name, text)?,
            name: optional(name, text)?,
            external_id: optional(external_id, text)?,
            metadata: optional(metadata, pairs)?,
            locale: optional(locale, text)?,
        };
        this.call(ruby, |operations| operations.create_user(new))
    }

    fn get_user(ruby: &Ruby, this: &Self, id: Value) -> Result<Value, Error> {
        let id = text(id)?;
        this.call(ruby, |operations| operations.get_user(id))
    }

    fn get_user_by_email(ruby: &Ruby, this: &Self, email: Value) -> Result<Value, Error> {
        let email = text(email)?;
        this.call(ruby, |operations| operations.get_user_by_email(email))
    }

    fn get_user_by_external_id(ruby: &Ruby, this: &Self, id: Value) -> Result<Value, Error> {
        let id = text(id)?;
        this.call(ruby, |operations| operations.get_user_by_external_id(id))
    }

    fn list_users(ruby: &Ruby, this: &Self, values: &[Value]) -> Result<Value, Error> {
        let [email, limit, before, after, order] = all(ruby, values)?;
        let list = ListUsers {
            email: optional(email, text)?,
            limit: optional(limit, integer)?,
            before: optional(before, text)?,
            after: optional(after, text)?,
            order: optional(order, text)?,
        };
        this.call(ruby, |operations| operations.list_users(list))
    }

    fn update_user(ruby: &Ruby, this: &Self, values: &[Value]) -> Result<Value, Error> {
        let [
            id,
            email,
            password,
            password_hash,
            email_verified,
            first_name,
            last_name,
            name,
            external_id,
            metadata,
            locale,
        ] = all(ruby, values)?;
        let id = text(id)?;
        let change = UpdateUser {
            email: optional(email, text)?,
            password: optional(password, text)?,
            password_hash: optional(password_hash, text)?,
            email_verified: optional(email_verified, boolean)?,
            first_name: optional(first_name, text)?,
            last_name: optional(last_name, text)?,
            name: optional(name, text)?,
            external_id: optional(external_id, text)?,
            metadata: optional(metadata, pairs)?,
            locale: optional(locale, text)?,
        };
        this.call(ruby, |operations| operations.update_user(id, change))
    }

    fn delete_user(ruby: &Ruby, this: &Self, id: Value) -> Result<Value, Error> {
        let id = text(id)?;
        this.call(ruby, |operations| operations.delete_user(id))
    }

    fn authenticate_with_password(
        ruby: &Ruby,
        this: &Self,
        email: Value,
        password: Value,
    ) -> Result<Value, Error> {
        let (email, password) = (text(email)?, text(password)?);
        this.call(ruby, |operations| {
            operations.authenticate_with_password(email, password)
        })
    }

    fn create_password_reset(ruby: &Ruby, this: &Self, email: Value) -> Result<Value, Error> {
        let email = text(email)?;
        this.call(ruby, |operations| operations.create_password_reset(email))
    }

    fn request_password_reset(ruby: &Ruby, this: &Self, email: Value) -> Result<Value, Error> {
        let email = text(email)?;
        this.call(ruby, |operations| operations.request_password_reset(email))
    }

    fn get_password_reset(ruby: &Ruby, this: &Self, id: Value) -> Result<Value, Error> {
        let id = text(id)?;
        this.call(ruby, |operations| operations.get_password_reset(id))
    }

    fn reset_password(
        ruby: &Ruby,
        this: &Self,
        token: Value,
        new_password: Value,
    ) -> Result<Value, Error> {
        let (token, new_password) = (text(token)?, text(new_password)?);
        this.call(ruby, |operations| {
            operations.reset_password(token, new_password)
        })
    }

    fn revoke_password_resets(ruby: &Ruby, this: &Self, user_id: Value) -> Result<Value, Error> {
        let user_id = optional(user_id, text)?;
        this.call(ruby, |operations| {
            operations.revoke_password_resets(user_id)
        })
    }

    fn check_password(
        ruby: &Ruby,
        this: &Self,
        password: Value,
        user_id: Value,
    ) -> Result<Value, Error> {
        let (password, user_id) = (text(password)?, optional(user_id, text)?);
        this.call(ruby, |operations| {
            operations.check_password(password, user_id)
        })
    }

    fn events(ruby: &Ruby, this: &Self, after: Value, limit: Value) -> Result<Value, Error> {
        let (after, limit) = (optional(after, text)?, optional(limit, integer)?);
        this.call(ruby, |operations| operations.events(after, limit))
    }

    fn purge(ruby: &Ruby, this: &Self, limit: Value) -> Result<Value, Error> {
        let limit = optional(limit, integer)?;
        this.call(ruby, |operations| operations.purge(limit))
    }

    fn call<T: Into<reset_password_bindings::Value>>(
        &self,
        ruby: &Ruby,
        operation: impl FnOnce(Operations<'_>) -> Result<T, reset_password_bindings::Error> + Send,
    ) -> Result<Value, Error> {
        match without_gvl(ruby, || self.0.call(operation))? {
            Ok(value) => ruby_value(ruby, value),
            Err(error) => Err(raised(ruby, &error)),
        }
    }
}
