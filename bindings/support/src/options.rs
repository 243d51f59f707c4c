//! What a database is opened with.

use std::path::PathBuf;

use reset_password::{Error, Options, blocking};
use reset_password_api::OPEN;
use secrecy::SecretString;

use crate::{Arguments, Text, argument::Given};

/// Opens a database. What is left out has its default.
pub(crate) fn open(arguments: Arguments) -> Result<blocking::UserManagement, Error> {
    let mut given = Given::new(OPEN.parameters, arguments)?;
    let database_url: Text = given.next()?;
    let database_url = database_url.as_option("database_url")?;
    let standard = Options::default();
    let options = Options {
        key: secret(given.next()?, "key")?,
        key_file: option(given.next()?, "key_file")?.map(PathBuf::from),
        previous_keys: all(given.next()?, "previous_keys")?
            .map_or(standard.previous_keys, |keys| {
                keys.into_iter().map(Into::into).collect()
            }),
        reset_url: option(given.next()?, "reset_url")?,
        token_lifetime: number(given.next()?, "token_lifetime")?
            .map_or(standard.token_lifetime, u64::from),
        first_password_lifetime: number(given.next()?, "first_password_lifetime")?.map(u64::from),
        seal_tokens: given
            .next::<Option<bool>>()?
            .unwrap_or(standard.seal_tokens),
        password_min_length: number(given.next()?, "password_min_length")?
            .unwrap_or(standard.password_min_length),
        service_names: all(given.next()?, "service_names")?.unwrap_or(standard.service_names),
        pepper: secret(given.next()?, "pepper")?,
        pepper_file: option(given.next()?, "pepper_file")?.map(PathBuf::from),
        argon2_memory_kib: number(given.next()?, "argon2_memory_kib")?
            .unwrap_or(standard.argon2_memory_kib),
        argon2_iterations: number(given.next()?, "argon2_iterations")?
            .unwrap_or(standard.argon2_iterations),
        argon2_portable: given
            .next::<Option<bool>>()?
            .unwrap_or(standard.argon2_portable),
        memory_budget_kib: number(given.next()?, "memory_budget_kib")?
            .unwrap_or(standard.memory_budget_kib),
        requests_per_minute: number(given.next()?, "requests_per_minute")?
            .unwrap_or(standard.requests_per_minute),
        users: option(given.next()?, "users")?,
        messages: given.next::<Option<bool>>()?.unwrap_or(standard.messages),
        migrate: given.next::<Option<bool>>()?.unwrap_or(standard.migrate),
    };
    blocking::UserManagement::open(database_url, options)
}

fn option(text: Option<Text>, name: &'static str) -> Result<Option<String>, Error> {
    text.map(|text| text.as_option(name).map(str::to_owned))
        .transpose()
}

fn secret(text: Option<Text>, name: &'static str) -> Result<Option<SecretString>, Error> {
    text.map(|text| text.as_option(name).map(Into::into))
        .transpose()
}

fn all(texts: Option<Vec<Text>>, name: &'static str) -> Result<Option<Vec<String>>, Error> {
    let owned = |text: &Text| text.as_option(name).map(str::to_owned);
    texts
        .map(|texts| texts.iter().map(owned).collect())
        .transpose()
}

fn number(number: Option<i64>, name: &'static str) -> Result<Option<u32>, Error> {
    let out_of_range = |_| {
        Error::config(format!(
            "{name} must be a whole number from 0 to {}",
            u32::MAX
        ))
    };
    number
        .map(|number| u32::try_from(number).map_err(out_of_range))
        .transpose()
}

#[cfg(test)]
mod tests {
    use reset_password_api::Kind;

    use super::*;

    #[test]
    fn what_is_told_of_defaults_is_so() {
        let standard = Options::default();
        let engine = [
            ("token_lifetime", standard.token_lifetime.to_string()),
            ("first_password_lifetime", "`token_lifetime`".to_owned()),
            ("seal_tokens", standard.seal_tokens.to_string()),
            (
                "password_min_length",
                standard.password_min_length.to_string(),
            ),
            ("argon2_memory_kib", standard.argon2_memory_kib.to_string()),
            ("argon2_iterations", standard.argon2_iterations.to_string()),
            ("argon2_portable", standard.argon2_portable.to_string()),
            ("memory_budget_kib", standard.memory_budget_kib.to_string()),
            (
                "requests_per_minute",
                standard.requests_per_minute.to_string(),
            ),
            ("messages", standard.messages.to_string()),
            ("migrate", standard.migrate.to_string()),
        ];
        let has_one = |kind| matches!(kind, Kind::Flag | Kind::Number);
        let described = OPEN.parameters.iter().filter(|each| has_one(each.kind));
        let described: Vec<_> = described
            .map(|each| (each.name, each.default.replace(',', "")))
            .collect();
        assert_eq!(described, engine);
    }
}
