//! Canonical arguments as a Rust program gives them. What no program could be compiled with is refused
//! as a type.

use std::collections::BTreeMap;

use reset_password::{
    CreateUser, Error, ListUsers, Options, Order, UpdateUser, password_from_utf8,
};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::argument::{Special, is_left_out, octets, special};

/// Why a call cannot be made.
pub enum Refusal {
    /// It would not compile.
    Type,
    /// The crate's own reading of a password from bytes refuses it.
    Engine(Error),
}

type Read<T> = Result<T, Refusal>;

/// The arguments of one call.
pub struct Arguments<'a>(pub &'a Map<String, Value>);

impl Arguments<'_> {
    pub fn text(&self, name: &str) -> Read<String> {
        self.optional_text(name)?.ok_or(Refusal::Type)
    }

    pub fn optional_text(&self, name: &str) -> Read<Option<String>> {
        self.given(name).map(text).transpose()
    }

    /// A password. A program that has bytes reads them with the crate's `password_from_utf8`.
    pub fn password(&self, name: &str) -> Read<String> {
        self.optional_password(name)?.ok_or(Refusal::Type)
    }

    fn optional_password(&self, name: &str) -> Read<Option<String>> {
        let Some(value) = self.given(name) else {
            return Ok(None);
        };
        let bytes = octets(value).ok_or(Refusal::Type)?;
        password_from_utf8(&bytes)
            .map(|text| Some(text.as_str().to_owned()))
            .map_err(Refusal::Engine)
    }

    fn secret(&self, name: &str) -> Read<Option<SecretString>> {
        Ok(self.optional_text(name)?.map(Into::into))
    }

    pub fn number(&self, name: &str) -> Read<Option<u32>> {
        self.given(name)
            .map(|value| {
                value
                    .as_u64()
                    .and_then(|number| u32::try_from(number).ok())
                    .ok_or(Refusal::Type)
            })
            .transpose()
    }

    fn flag(&self, name: &str) -> Read<Option<bool>> {
        self.given(name)
            .map(|value| value.as_bool().ok_or(Refusal::Type))
            .transpose()
    }

    fn metadata(&self) -> Read<Option<BTreeMap<String, String>>> {
        self.given("metadata")
            .map(|value| {
                if !matches!(special(value), Ok(None)) {
                    return Err(Refusal::Type);
                }
                let pairs = value.as_object().ok_or(Refusal::Type)?;
                pairs
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), text(value)?)))
                    .collect()
            })
            .transpose()
    }

    pub fn create_user(&self) -> Read<CreateUser> {
        Ok(CreateUser {
            email: self.text("email")?,
            password: self.optional_password("password")?.map(Into::into),
            password_hash: self.secret("password_hash")?,
            email_verified: self.flag("email_verified")?.unwrap_or_default(),
            first_name: self.optional_text("first_name")?,
            last_name: self.optional_text("last_name")?,
            name: self.optional_text("name")?,
            external_id: self.optional_text("external_id")?,
            metadata: self.metadata()?.unwrap_or_default(),
            locale: self.optional_text("locale")?,
            created_at: self.optional_text("created_at")?,
        })
    }

    pub fn update_user(&self) -> Read<UpdateUser> {
        Ok(UpdateUser {
            email: self.optional_text("email")?,
            password: self.optional_password("password")?.map(Into::into),
            password_hash: self.secret("password_hash")?,
            email_verified: self.flag("email_verified")?,
            first_name: self.optional_text("first_name")?,
            last_name: self.optional_text("last_name")?,
            name: self.optional_text("name")?,
            external_id: self.optional_text("external_id")?,
            metadata: self.metadata()?,
            locale: self.optional_text("locale")?,
        })
    }

    pub fn list_users(&self) -> Read<ListUsers> {
        let order = match self.optional_text("order")?.as_deref() {
            None | Some("desc") => Order::Desc,
            Some("asc") => Order::Asc,
            Some(_) => return Err(Refusal::Type),
        };
        Ok(ListUsers {
            email: self.optional_text("email")?,
            limit: self.number("limit")?,
            before: self.optional_text("before")?,
            after: self.optional_text("after")?,
            order,
        })
    }

    /// As a configuration has them: by their names, each of its own type.
    pub fn options(&self) -> Read<Options> {
        let is_option = |(name, value): &(&String, &Value)| {
            *name != "database_url" && !is_left_out(Some(value))
        };
        let given = self.0.iter().filter(is_option);
        let given = given.map(|(name, value)| (name.clone(), value.clone()));
        serde_json::from_value(given.collect()).map_err(|_| Refusal::Type)
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !is_left_out(Some(*value)))
    }
}

fn text(value: &Value) -> Read<String> {
    match special(value) {
        Ok(None) => value.as_str().map(str::to_owned),
        Ok(Some(Special::Repeat(text))) => Some(text),
        Ok(Some(Special::Utf16(units))) => String::from_utf16(&units).ok(),
        Ok(Some(_)) | Err(_) => None,
    }
    .ok_or(Refusal::Type)
}
