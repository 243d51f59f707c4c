//! The operations by name, with the arguments of each.

use reset_password_bindings::{
    Cancellation, Detail, Error, Operations, Text, UserManagement, Value,
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
};

use crate::arguments::{Argument, Arguments, Parameter};

/// Declares the operations: arguments by name and type, and after `;` those that make up one record.
macro_rules! operations {
    ($($operation:ident(
        $($argument:ident: $type:ty),*
        $(; $record:ident { $($field:ident: $part:ty),* $(,)? })?
    );)*) => {
        /// Every operation with the names and types of what it takes.
        #[cfg(test)]
        const OPERATIONS: &[(&str, &[(&str, &str)])] = &[$((
            stringify!($operation),
            &[
                $((stringify!($argument), stringify!($type)),)*
                $($((stringify!($field), stringify!($part)),)*)?
            ],
        )),*];

        /// Does the operation of that name. Nothing is answered once it is cancelled.
        ///
        /// # Errors
        ///
        /// `input_invalid` for a name or arguments that are none, and those of the operation.
        pub(crate) fn perform(
            user_management: &UserManagement,
            operation: &str,
            arguments: &[u8],
            cancellation: Option<&Cancellation>,
        ) -> Result<Option<Value>, Error> {
            match operation {
                $(stringify!($operation) => {
                    let refused = |reason| Error::input(vec![reason]);
                    let parameters = parameters!($($argument: $type,)* $($($field: $part,)*)?);
                    let mut given = Arguments::read(arguments, parameters).map_err(refused)?;
                    $(let $argument: $type = given.take(stringify!($argument)).map_err(refused)?;)*
                    $($(let $field: $part = given.take(stringify!($field)).map_err(refused)?;)*)?
                    let operation = move |operations: Operations<'_>| {
                        operations.$operation($($argument,)* $($record { $($field),* })?)
                    };
                    run(user_management, operation, cancellation)
                })*
                _ => Err(Error::field("operation", "unknown", "there is no operation of that name")),
            }
        }
    };
}

/// The parameters of one operation.
macro_rules! parameters {
    ($($name:ident: $type:ty,)*) => {
        const {
            &[$(Parameter { name: stringify!($name), kind: <$type as Argument>::KIND }),*] as &[Parameter]
        }
    };
}

/// Does an operation here, or elsewhere where it may be cancelled.
fn run<T: Into<Value>>(
    user_management: &UserManagement,
    operation: impl FnOnce(Operations<'_>) -> Result<T, Error> + Send + 'static,
    cancellation: Option<&Cancellation>,
) -> Result<Option<Value>, Error> {
    match cancellation {
        Some(cancellation) => user_management.call_until(operation, cancellation),
        None => user_management.call(operation).map(Some),
    }
}

type Flag = Option<bool>;
type Number = Option<i64>;
type OptionalText = Option<Text>;
type OptionalTexts = Option<Vec<Text>>;
type Pairs = Option<Vec<(Text, Text)>>;

operations! {
    authenticate_with_password(email: Text, password: Text);
    check_password(password: Text, user_id: OptionalText);
    create_password_reset(email: Text);
    create_user(; CreateUser {
        email: Text,
        password: OptionalText,
        password_hash: OptionalText,
        email_verified: Flag,
        first_name: OptionalText,
        last_name: OptionalText,
        name: OptionalText,
        external_id: OptionalText,
        metadata: Pairs,
        locale: OptionalText,
    });
    delete_user(id: Text);
    events(after: OptionalText, limit: Number);
    get_password_reset(id: Text);
    get_user(id: Text);
    get_user_by_email(email: Text);
    get_user_by_external_id(external_id: Text);
    list_users(; ListUsers {
        email: OptionalText,
        limit: Number,
        before: OptionalText,
        after: OptionalText,
        order: OptionalText,
    });
    purge(limit: Number);
    request_password_reset(email: Text);
    reset_password(token: Text, new_password: Text);
    revoke_password_resets(user_id: OptionalText);
    update_user(id: Text; UpdateUser {
        email: OptionalText,
        password: OptionalText,
        password_hash: OptionalText,
        email_verified: Flag,
        first_name: OptionalText,
        last_name: OptionalText,
        name: OptionalText,
        external_id: OptionalText,
        metadata: Pairs,
        locale: OptionalText,
    });
}

/// Opens a database.
///
/// # Errors
///
/// `config_invalid` for arguments that are none, and those of opening.
pub(crate) fn open(arguments: &[u8]) -> Result<UserManagement, Error> {
    let refused = |reason: Detail| Error::config(reason.message);
    let mut given = Arguments::read(arguments, OPEN).map_err(refused)?;
    let database_url: Text = given.take("database_url").map_err(refused)?;
    let options = options(&mut given).map_err(refused)?;
    UserManagement::open(&database_url, options)
}

macro_rules! options {
    ($($option:ident: $type:ty,)*) => {
        const OPEN: &[Parameter] = parameters!(database_url: Text, $($option: $type,)*);

        #[cfg(test)]
        const OPTIONS: &[(&str, &str)] = &[$((stringify!($option), stringify!($type))),*];

        fn options(given: &mut Arguments) -> Result<Options, Detail> {
            Ok(Options { $($option: given.take(stringify!($option))?,)* })
        }
    };
}

options! {
    key: OptionalText,
    key_file: OptionalText,
    previous_keys: OptionalTexts,
    reset_url: OptionalText,
    token_lifetime: Number,
    seal_tokens: Flag,
    password_min_length: Number,
    service_names: OptionalTexts,
    argon2_memory_kib: Number,
    argon2_iterations: Number,
    memory_budget_kib: Number,
    migrate: Flag,
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::{Value, json};

    use super::*;

    /// The front matter of the reference, which tells of C's operations too.
    fn reference() -> Value {
        let page =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/reset-password.md");
        let text = fs::read_to_string(page).unwrap();
        let matter = text
            .strip_prefix("---\n")
            .unwrap()
            .split_once("\n---\n")
            .unwrap()
            .0;
        serde_saphyr::from_str(matter).unwrap()
    }

    fn written(parameters: &[(&str, &str)]) -> Value {
        let one = |(name, kind): &(&str, &str)| {
            let kind = match *kind {
                "Flag" => "boolean",
                "Number" => "integer",
                "OptionalText" | "Text" => "string",
                "OptionalTexts" => "string[]",
                "Pairs" => "object",
                other => panic!("{other}"),
            };
            json!({ "key": name, "type": kind })
        };
        parameters.iter().map(one).collect()
    }

    fn required(parameters: &[(&str, &str)]) -> Vec<String> {
        let needed = parameters.iter().filter(|(_, kind)| *kind == "Text");
        needed.map(|(name, _)| (*name).to_owned()).collect()
    }

    #[test]
    fn the_operations_are_those_of_the_reference() {
        let reference = reference();
        let entries = reference["reference"]["c"].as_array().unwrap();
        let entry = |id: &str| entries.iter().find(|entry| entry["id"] == id).unwrap();
        let open: Vec<_> = [("database_url", "Text")]
            .into_iter()
            .chain(OPTIONS.iter().copied())
            .collect();
        let all = OPERATIONS
            .iter()
            .copied()
            .chain([("open", open.as_slice())]);
        let mut held = 0;
        for (operation, parameters) in all {
            let properties = entry(operation)["parameters"][0]["properties"]
                .as_array()
                .unwrap();
            let plain: Value = properties
                .iter()
                .map(|property| json!({ "key": property["key"], "type": property["type"] }))
                .collect();
            assert_eq!(plain, written(parameters), "{operation}");
            let needed = properties
                .iter()
                .filter(|property| property["optional"] != true);
            let needed: Vec<_> = needed
                .map(|property| property["key"].as_str().unwrap())
                .collect();
            assert_eq!(needed, required(parameters), "{operation}");
            held += 1;
        }
        assert!(entry("close")["parameters"].is_null());
        assert_eq!(entries.len(), held + 1, "the reference has others");
    }

    #[test]
    fn every_operation_is_done_by_its_name() {
        let handle = open(br#"{"database_url": ":memory:"}"#).unwrap();
        for (operation, parameters) in OPERATIONS {
            let error = perform(&handle, operation, br#"{"nothing": 1}"#, None).unwrap_err();
            assert_eq!(error.errors()[0].code, "arguments_unknown", "{operation}");
            let missing = perform(&handle, operation, b"{}", None);
            match required(parameters).first() {
                None => assert!(missing.is_ok(), "{operation}: {missing:?}"),
                Some(name) => {
                    let code = format!("{name}_string_required");
                    assert_eq!(missing.unwrap_err().errors()[0].code, code, "{operation}");
                }
            }
        }
        let unknown = perform(&handle, "open", b"{}", None).unwrap_err();
        assert_eq!(unknown.errors()[0].code, "operation_unknown");
        let refused = open(br#"{"database_url": ":memory:", "migrate": "yes"}"#)
            .map(drop)
            .unwrap_err();
        assert_eq!(refused.message(), "migrate must be true or false");
    }
}
