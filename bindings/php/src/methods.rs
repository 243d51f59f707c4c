//! The methods of the handle, as a table: what reflection shows of each, and what it does.

use ext_php_rs::{flags::DataType, types::Zval, zend::ExecuteData};
use reset_password_bindings::{
    Value,
    arguments::{CreateUser, ListUsers, UpdateUser},
};

use crate::{
    call::call,
    classes::{BOOL, Handler, LIST, Parameter, TEXT, Type, WHOLE, nullable, required},
    results::{response, to_zval},
};

/// A method: what reflection shows of it, and what it does.
pub struct Method {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    pub returns: Type,
    pub handler: Handler,
}

/// Declares a method. What it does gets the handle and the arguments.
macro_rules! method {
    ($name:literal, [$($parameter:expr),*], $returns:expr, $work:expr) => {
        method!($name, [$($parameter),*], $returns => to_zval, $work)
    };
    ($name:literal, [$($parameter:expr),*], $returns:expr => $make:expr, $work:expr) => {{
        const PARAMETERS: &[Parameter] = &[$($parameter),*];
        extern "C" fn handler(frame: &mut ExecuteData, answer: &mut Zval) {
            call(frame, answer, PARAMETERS, $work, $make);
        }
        Method { name: $name, parameters: PARAMETERS, returns: $returns, handler }
    }};
}

const fn text(name: &'static str) -> Parameter {
    Parameter::required(name)
}

const fn secret(name: &'static str) -> Parameter {
    Parameter::required(name).secret()
}

const fn optional(name: &'static str, data: DataType) -> Parameter {
    Parameter::optional(name, data)
}

const USER: Type = required(DataType::object("ResetPassword\\User"));
const USER_LIST: Type = required(DataType::object("ResetPassword\\UserList"));
const PASSWORD_RESET: DataType = DataType::object("ResetPassword\\PasswordReset");
const PASSWORD_CHECK: Type = required(DataType::object("ResetPassword\\PasswordCheck"));
const EVENT_LIST: Type = required(DataType::object("ResetPassword\\EventList"));
const PURGED: Type = required(DataType::object("ResetPassword\\Purged"));
const RESPONSE: Type = required(DataType::object("ResetPassword\\ResetPasswordResponse"));
const NOTHING: Type = required(DataType::Void);

/// What is done with users.
pub const USERS: &[Method] = &[
    method!(
        "createUser",
        [
            text("email").secret(),
            optional("password", TEXT).secret(),
            optional("passwordHash", TEXT).secret(),
            optional("emailVerified", BOOL),
            optional("firstName", TEXT),
            optional("lastName", TEXT),
            optional("name", TEXT),
            optional("externalId", TEXT),
            optional("metadata", LIST),
            optional("locale", TEXT)
        ],
        USER,
        |handle, given| {
            let new = CreateUser {
                email: given.text(0)?,
                password: given.text_or_none(1)?,
                password_hash: given.text_or_none(2)?,
                email_verified: given.boolean_or_none(3)?,
                first_name: given.text_or_none(4)?,
                last_name: given.text_or_none(5)?,
                name: given.text_or_none(6)?,
                external_id: given.text_or_none(7)?,
                metadata: given.pairs_or_none(8)?,
                locale: given.text_or_none(9)?,
            };
            Ok(handle.call(|operations| operations.create_user(new))?)
        }
    ),
    method!("getUser", [text("id")], USER, |handle, given| {
        let id = given.text(0)?;
        Ok(handle.call(|operations| operations.get_user(id))?)
    }),
    method!(
        "getUserByEmail",
        [text("email").secret()],
        USER,
        |handle, given| {
            let email = given.text(0)?;
            Ok(handle.call(|operations| operations.get_user_by_email(email))?)
        }
    ),
    method!(
        "getUserByExternalId",
        [text("externalId")],
        USER,
        |handle, given| {
            let id = given.text(0)?;
            Ok(handle.call(|operations| operations.get_user_by_external_id(id))?)
        }
    ),
    method!(
        "listUsers",
        [
            optional("email", TEXT).secret(),
            optional("limit", WHOLE),
            optional("before", TEXT),
            optional("after", TEXT),
            optional("order", TEXT)
        ],
        USER_LIST,
        |handle, given| {
            let list = ListUsers {
                email: given.text_or_none(0)?,
                limit: given.whole_number_or_none(1)?,
                before: given.text_or_none(2)?,
                after: given.text_or_none(3)?,
                order: given.text_or_none(4)?,
            };
            Ok(handle.call(|operations| operations.list_users(list))?)
        }
    ),
    method!(
        "updateUser",
        [
            text("id"),
            optional("email", TEXT).secret(),
            optional("password", TEXT).secret(),
            optional("passwordHash", TEXT).secret(),
            optional("emailVerified", BOOL),
            optional("firstName", TEXT),
            optional("lastName", TEXT),
            optional("name", TEXT),
            optional("externalId", TEXT),
            optional("metadata", LIST),
            optional("locale", TEXT)
        ],
        USER,
        |handle, given| {
            let id = given.text(0)?;
            let change = UpdateUser {
                email: given.text_or_none(1)?,
                password: given.text_or_none(2)?,
                password_hash: given.text_or_none(3)?,
                email_verified: given.boolean_or_none(4)?,
                first_name: given.text_or_none(5)?,
                last_name: given.text_or_none(6)?,
                name: given.text_or_none(7)?,
                external_id: given.text_or_none(8)?,
                metadata: given.pairs_or_none(9)?,
                locale: given.text_or_none(10)?,
            };
            Ok(handle.call(|operations| operations.update_user(id, change))?)
        }
    ),
    method!("deleteUser", [text("id")], NOTHING, |handle, given| {
        let id = given.text(0)?;
        Ok(handle.call(|operations| operations.delete_user(id))?)
    }),
];

/// What is done with passwords and resets, and the rest.
pub const RESETS: &[Method] = &[
    method!("close", [], NOTHING, |handle, _| {
        handle.close();
        Ok(Value::Null)
    }),
    method!(
        "authenticateWithPassword",
        [text("email").secret(), secret("password")],
        USER,
        |handle, given| {
            let (email, password) = (given.text(0)?, given.text(1)?);
            Ok(handle.call(|operations| operations.authenticate_with_password(email, password))?)
        }
    ),
    method!(
        "createPasswordReset",
        [text("email").secret()],
        required(PASSWORD_RESET),
        |handle, given| {
            let email = given.text(0)?;
            Ok(handle.call(|operations| operations.create_password_reset(email))?)
        }
    ),
    method!(
        "requestPasswordReset",
        [text("email").secret()],
        nullable(PASSWORD_RESET),
        |handle, given| {
            let email = given.text(0)?;
            Ok(handle.call(|operations| operations.request_password_reset(email))?)
        }
    ),
    method!(
        "getPasswordReset",
        [text("id")],
        required(PASSWORD_RESET),
        |handle, given| {
            let id = given.text(0)?;
            Ok(handle.call(|operations| operations.get_password_reset(id))?)
        }
    ),
    method!(
        "resetPassword",
        [secret("token"), secret("newPassword")],
        RESPONSE => response,
        |handle, given| {
            let (token, password) = (given.text(0)?, given.text(1)?);
            Ok(handle.call(|operations| operations.reset_password(token, password))?)
        }
    ),
    method!(
        "revokePasswordResets",
        [optional("userId", TEXT)],
        required(WHOLE),
        |handle, given| {
            let user_id = given.text_or_none(0)?;
            Ok(handle.call(|operations| operations.revoke_password_resets(user_id))?)
        }
    ),
    method!(
        "checkPassword",
        [secret("password"), optional("userId", TEXT)],
        PASSWORD_CHECK,
        |handle, given| {
            let (password, user_id) = (given.text(0)?, given.text_or_none(1)?);
            Ok(handle.call(|operations| operations.check_password(password, user_id))?)
        }
    ),
    method!(
        "events",
        [optional("after", TEXT), optional("limit", WHOLE)],
        EVENT_LIST,
        |handle, given| {
            let (after, limit) = (given.text_or_none(0)?, given.whole_number_or_none(1)?);
            Ok(handle.call(|operations| operations.events(after, limit))?)
        }
    ),
    method!(
        "purge",
        [optional("limit", WHOLE)],
        PURGED,
        |handle, given| {
            let limit = given.whole_number_or_none(0)?;
            Ok(handle.call(|operations| operations.purge(limit))?)
        }
    ),
];
