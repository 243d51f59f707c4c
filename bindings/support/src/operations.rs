//! The operations: what each does with the arguments of a call.

use reset_password::{
    Code, CreateUser, Error, EventList, ListUsers, MessageList, PasswordCheck, UpdateUser, blocking,
};
use reset_password_api::{Answer, OPERATIONS, Parameter, operation_number};

use crate::{
    Arguments, Text, Value,
    argument::Given,
    checks::{field, hash, limit, metadata, name, order, password},
};

/// Rows of each kind that one purge removes, unless told.
const PURGED: u32 = 1_000;

/// Something that can be asked of an open database: its description, and what it does.
#[derive(Debug)]
pub struct Operation {
    description: &'static reset_password_api::Operation,
    work: Work,
}

type Work = fn(&blocking::UserManagement, Given) -> Result<Value, Error>;

impl Operation {
    /// Every operation, in the order of the description.
    pub const ALL: &'static [Self] = &[
        does("create_user", create_user),
        does("get_user", get_user),
        does("get_user_by_email", get_user_by_email),
        does("get_user_by_external_id", get_user_by_external_id),
        does("list_users", list_users),
        does("update_user", update_user),
        does("delete_user", delete_user),
        does("authenticate_with_password", authenticate_with_password),
        does("create_password_reset", create_password_reset),
        does("request_password_reset", request_password_reset),
        does("get_password_reset", get_password_reset),
        does("check_password_reset_token", check_password_reset_token),
        does("reset_password", reset_password),
        does("revoke_password_resets", revoke_password_resets),
        does("check_password", check_password),
        does("events", events),
        does("messages", messages),
        does("message_sent", message_sent),
        does("message_failed", message_failed),
        does("report_change", report_change),
        does("unlock_user", unlock_user),
        does("purge", purge),
    ];

    /// The operation of that name; `None` if there is none. Look it up once, not for each call.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|operation| operation.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.description.name
    }

    /// What it takes, in order.
    #[must_use]
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.description.parameters
    }

    /// What it answers.
    #[must_use]
    pub const fn answer(&self) -> Answer {
        self.description.answer
    }

    /// Does it.
    pub(crate) fn perform(
        &self,
        users: &blocking::UserManagement,
        arguments: Arguments,
    ) -> Result<Value, Error> {
        (self.work)(users, Given::new(self.parameters(), arguments)?)
    }
}

/// What does the operation of that name. One that is not described does not compile.
#[expect(
    clippy::indexing_slicing,
    reason = "a number that is there, or the compilation has ended"
)]
const fn does(name: &str, work: Work) -> Operation {
    Operation {
        description: &OPERATIONS[operation_number(name)],
        work,
    }
}

fn create_user(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let new = CreateUser {
        email: given.next::<Text>()?.as_field("email")?.to_owned(),
        password: password(given.next()?)?,
        password_hash: hash(given.next()?),
        email_verified: given.next::<Option<bool>>()?.unwrap_or(false),
        first_name: field(given.next()?, "first_name")?,
        last_name: field(given.next()?, "last_name")?,
        name: field(given.next()?, "name")?,
        external_id: field(given.next()?, "external_id")?,
        metadata: metadata(given.next()?)?.unwrap_or_default(),
        locale: field(given.next()?, "locale")?,
        created_at: field(given.next()?, "created_at")?,
    };
    users.create_user(new).map(Value::from)
}

fn get_user(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.get_user(id.as_name()).map(Value::from)
}

fn get_user_by_email(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let email: Text = given.next()?;
    users
        .get_user_by_email(email.as_field("email")?)
        .map(Value::from)
}

fn get_user_by_external_id(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let external_id: Text = given.next()?;
    users
        .get_user_by_external_id(external_id.as_name())
        .map(Value::from)
}

fn list_users(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let list = ListUsers {
        email: field(given.next()?, "email")?,
        limit: limit(given.next()?),
        before: name(given.next()?),
        after: name(given.next()?),
        order: order(given.next::<Option<Text>>()?.as_ref())?,
    };
    users.list_users(list).map(Value::from)
}

fn update_user(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    let change = UpdateUser {
        email: field(given.next()?, "email")?,
        password: password(given.next()?)?,
        password_hash: hash(given.next()?),
        email_verified: given.next()?,
        first_name: field(given.next()?, "first_name")?,
        last_name: field(given.next()?, "last_name")?,
        name: field(given.next()?, "name")?,
        external_id: field(given.next()?, "external_id")?,
        metadata: metadata(given.next()?)?,
        locale: field(given.next()?, "locale")?,
    };
    users.update_user(id.as_name(), change).map(Value::from)
}

fn delete_user(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.delete_user(id.as_name()).map(Value::from)
}

fn authenticate_with_password(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let (email, password): (Text, Text) = (given.next()?, given.next()?);
    let Some(password) = password.as_credential() else {
        return Err(Code::InvalidCredentials.into());
    };
    users
        .authenticate_with_password(email.as_name(), password)
        .map(Value::from)
}

fn create_password_reset(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let email: Text = given.next()?;
    users
        .create_password_reset(email.as_field("email")?)
        .map(Value::from)
}

fn request_password_reset(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let email: Text = given.next()?;
    users
        .request_password_reset(email.as_field("email")?)
        .map(Value::from)
}

fn get_password_reset(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.get_password_reset(id.as_name()).map(Value::from)
}

fn check_password_reset_token(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let token: Text = given.next()?;
    users
        .check_password_reset_token(token.as_name())
        .map(Value::from)
}

fn reset_password(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let (token, new_password): (Text, Text) = (given.next()?, given.next()?);
    let token = token.as_name();
    users
        .reset_password(token, new_password.as_password()?)
        .map(Value::from)
}

fn revoke_password_resets(
    users: &blocking::UserManagement,
    mut given: Given,
) -> Result<Value, Error> {
    let user_id: Option<Text> = given.next()?;
    users
        .revoke_password_resets(user_id.as_ref().map(Text::as_name))
        .map(Value::from)
}

fn check_password(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let (password, user_id): (Text, Option<Text>) = (given.next()?, given.next()?);
    let user_id = user_id.as_ref().map(Text::as_name);
    match password.as_password() {
        Ok(password) => users.check_password(password, user_id).map(Value::from),
        Err(refused) => Ok(Value::from(PasswordCheck {
            acceptable: false,
            errors: refused.errors().to_vec(),
        })),
    }
}

fn events(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let after: Option<Text> = given.next()?;
    let most = limit(given.next()?).unwrap_or(EventList::DEFAULT_LIMIT);
    users
        .events(after.as_ref().map(Text::as_name), most)
        .map(Value::from)
}

fn messages(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let most = limit(given.next()?).unwrap_or(MessageList::DEFAULT_LIMIT);
    users.messages(most).map(Value::from)
}

fn message_sent(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.message_sent(id.as_name()).map(Value::from)
}

fn message_failed(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.message_failed(id.as_name()).map(Value::from)
}

fn report_change(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let (token, email): (Text, Text) = (given.next()?, given.next()?);
    users
        .report_change(token.as_name(), email.as_field("email")?)
        .map(Value::from)
}

fn unlock_user(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let id: Text = given.next()?;
    users.unlock_user(id.as_name()).map(Value::from)
}

fn purge(users: &blocking::UserManagement, mut given: Given) -> Result<Value, Error> {
    let most = limit(given.next()?).unwrap_or(PURGED);
    users.purge(most).map(Value::from)
}

#[cfg(test)]
mod tests {
    use reset_password::Options;
    use reset_password_api::Kind;

    use super::*;
    use crate::Argument;

    fn some(parameter: &Parameter) -> Argument {
        match parameter.kind {
            Kind::Flag => Argument::Flag(true),
            Kind::Number => Argument::Number(1),
            Kind::Pairs => Argument::Pairs(Vec::new()),
            Kind::Text => Argument::Text("x".into()),
            Kind::Texts => Argument::Texts(Vec::new()),
        }
    }

    fn other(parameter: &Parameter) -> Argument {
        match parameter.kind {
            Kind::Flag => Argument::Number(1),
            _ => Argument::Flag(true),
        }
    }

    #[test]
    fn each_operation_is_described_once_and_takes_what_its_description_says() {
        let users = blocking::UserManagement::open(":memory:", Options::default()).unwrap();
        let names: Vec<_> = Operation::ALL.iter().map(Operation::name).collect();
        let described: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert_eq!(names, described);
        let code = |operation: &Operation, given| match operation.perform(&users, given) {
            Ok(_) => None,
            Err(error) => Some(error.code()),
        };
        for operation in Operation::ALL {
            let name = operation.name();
            let all = || -> Arguments {
                let given = operation.parameters().iter().map(some);
                given.map(Some).collect()
            };
            assert_ne!(code(operation, all()), Some(Code::Internal), "{name}");
            for (at, parameter) in operation.parameters().iter().enumerate() {
                let mut given = all();
                given[at] = Some(other(parameter));
                assert_eq!(code(operation, given), Some(Code::Internal), "{name}: {at}");
                let mut given = all();
                given[at] = None;
                let is_refused = code(operation, given) == Some(Code::Internal);
                assert_eq!(is_refused, parameter.is_required, "{name}: {at}");
            }
            let fewer = all().into_iter().skip(1).collect();
            let more = all().into_iter().chain([None]).collect();
            if !operation.parameters().is_empty() {
                assert_eq!(code(operation, fewer), Some(Code::Internal), "{name}");
            }
            assert_eq!(code(operation, more), Some(Code::Internal), "{name}");
        }
        assert!(Operation::named("open").is_none());
    }
}
