//! The operations by name, with the arguments of each.

use reset_password_bindings::{
    Detail, Error, Text, UserManagement, Value,
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
};

use crate::arguments::{Argument, Arguments, Parameter};

/// Declares the operations: arguments by name and type, and after `with` those that make up one record.
macro_rules! operations {
    ($($operation:ident(
        $($argument:ident: $type:ty),*
        $(; $record:ident { $($field:ident: $part:ty),* $(,)? })?
    );)*) => {
        /// Every operation with what it takes.
        #[cfg(test)]
        pub(crate) const OPERATIONS: &[(&str, &[Parameter])] = &[$((
            stringify!($operation),
            parameters!($($argument: $type,)* $($($field: $part,)*)?),
        )),*];

        /// Does the operation of that name.
        ///
        /// # Errors
        ///
        /// `input_invalid` for a name or arguments that are none, and those of the operation.
        pub(crate) fn perform(
            user_management: &UserManagement,
            operation: &str,
            arguments: &[u8],
        ) -> Result<Value, Error> {
            match operation {
                $(stringify!($operation) => {
                    let refused = |reason| Error::input(vec![reason]);
                    let parameters = parameters!($($argument: $type,)* $($($field: $part,)*)?);
                    let mut given = Arguments::read(arguments, parameters).map_err(refused)?;
                    $(let $argument: $type = given.take(stringify!($argument)).map_err(refused)?;)*
                    $($(let $field: $part = given.take(stringify!($field)).map_err(refused)?;)*)?
                    user_management.wait(move |operations| {
                        operations.$operation($($argument,)* $($record { $($field),* })?)
                    })
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
        /// What `open` takes.
        pub(crate) const OPEN: &[Parameter] = parameters!(database_url: Text, $($option: $type,)*);

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
