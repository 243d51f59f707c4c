//! Arguments as `index.js` passes them: of the right types, and without those that were left out.

use std::ptr;

use napi::{
    Error, JsString, Status,
    bindgen_prelude::{FromNapiValue, JsValue, Object, Result},
    sys,
};
use reset_password_bindings::{
    Text,
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
};
use zeroize::Zeroizing;

/// A string of JavaScript.
pub(crate) type JsText<'env> = JsString<'env>;

/// Most UTF-16 units of a string that are read: more than a `Text` looks at.
const MOST_UNITS: usize = 70_000;

/// A string of JavaScript as it is, lone surrogates and all. What it was read into is wiped.
#[expect(
    unsafe_code,
    reason = "napi's own types read a string into memory that is not wiped"
)]
pub(crate) fn text(string: &JsText) -> Result<Text> {
    let (env, value) = (string.value().env, string.raw());
    let mut length = 0;
    // SAFETY: the value is alive while its wrapper is; without a buffer only the length is written.
    let status = unsafe {
        sys::napi_get_value_string_utf16(env, value, ptr::null_mut(), 0, &raw mut length)
    };
    checked(status)?;
    // One more, because what is written ends with a zero.
    let mut units = Zeroizing::new(vec![0_u16; length.min(MOST_UNITS) + 1]);
    // SAFETY: as above; at most `units.len()` units are written.
    let status = unsafe {
        sys::napi_get_value_string_utf16(
            env,
            value,
            units.as_mut_ptr(),
            units.len(),
            &raw mut length,
        )
    };
    checked(status)?;
    Ok(Text::from_utf16(units.get(..length).unwrap_or_default()))
}

fn checked(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    Err(Error::new(Status::from(status), "a string was expected"))
}

/// An object of arguments by name.
pub(crate) struct Given<'a>(pub(crate) &'a Object<'a>);

impl Given<'_> {
    pub(crate) fn options(&self) -> Result<Options> {
        Ok(Options {
            key: self.text("key")?,
            key_file: self.text("keyFile")?,
            previous_keys: self.texts("previousKeys")?,
            reset_url: self.text("resetUrl")?,
            token_lifetime: self.plain("tokenLifetime")?,
            seal_tokens: self.plain("sealTokens")?,
            password_min_length: self.plain("passwordMinLength")?,
            service_names: self.texts("serviceNames")?,
            argon2_memory_kib: self.plain("argon2MemoryKib")?,
            argon2_iterations: self.plain("argon2Iterations")?,
            memory_budget_kib: self.plain("memoryBudgetKib")?,
            migrate: self.plain("migrate")?,
        })
    }

    pub(crate) fn new_user(&self) -> Result<CreateUser> {
        Ok(CreateUser {
            email: self.text("email")?.ok_or_else(missing)?,
            password: self.text("password")?,
            password_hash: self.text("passwordHash")?,
            email_verified: self.plain("emailVerified")?,
            first_name: self.text("firstName")?,
            last_name: self.text("lastName")?,
            name: self.text("name")?,
            external_id: self.text("externalId")?,
            metadata: self.pairs("metadata")?,
            locale: self.text("locale")?,
        })
    }

    pub(crate) fn user_change(&self) -> Result<UpdateUser> {
        Ok(UpdateUser {
            email: self.text("email")?,
            password: self.text("password")?,
            password_hash: self.text("passwordHash")?,
            email_verified: self.plain("emailVerified")?,
            first_name: self.text("firstName")?,
            last_name: self.text("lastName")?,
            name: self.text("name")?,
            external_id: self.text("externalId")?,
            metadata: self.pairs("metadata")?,
            locale: self.text("locale")?,
        })
    }

    pub(crate) fn list_users(&self) -> Result<ListUsers> {
        Ok(ListUsers {
            email: self.text("email")?,
            limit: self.plain("limit")?,
            before: self.text("before")?,
            after: self.text("after")?,
            order: self.text("order")?,
        })
    }

    fn plain<T: FromNapiValue>(&self, name: &str) -> Result<Option<T>> {
        self.0.get(name)
    }

    fn text(&self, name: &str) -> Result<Option<Text>> {
        self.plain::<JsText>(name)?.as_ref().map(text).transpose()
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<Text>>> {
        let strings = self.plain::<Vec<JsText>>(name)?;
        strings
            .map(|strings| strings.iter().map(text).collect())
            .transpose()
    }

    /// Keys and values, one after the other in one list.
    fn pairs(&self, name: &str) -> Result<Option<Vec<(Text, Text)>>> {
        let Some(texts) = self.texts(name)? else {
            return Ok(None);
        };
        let mut texts = texts.into_iter();
        let mut pairs = Vec::new();
        while let (Some(key), Some(value)) = (texts.next(), texts.next()) {
            pairs.push((key, value));
        }
        Ok(Some(pairs))
    }
}

fn missing() -> Error {
    Error::new(Status::InvalidArg, "an argument is missing")
}
