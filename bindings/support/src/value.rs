//! Results, as trees that a host builds its own objects from.

use reset_password::{
    Detail, Event, EventList, Message, MessageList, PasswordCheck, PasswordReset, Purged,
    Timestamp, TokenCheck, User, UserList,
};
use reset_password_api::{RECORDS, record_number};
use secrecy::SecretString;

/// What an operation answers.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// A text that only whoever asked may see.
    Secret(SecretString),
    /// A moment.
    Moment(Timestamp),
    /// Several of one kind.
    List(Vec<Self>),
    /// Values by free keys.
    Map(Vec<(String, Self)>),
    /// One of the kinds that hosts have a type for.
    Record(Record),
}

/// The fields of one object, in the order in which its type declares them.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its type: its place among [`RECORDS`].
    pub number: usize,
    /// Names, as in the reference, and values.
    pub fields: Vec<(&'static str, Value)>,
}

impl Record {
    /// The name of its type.
    #[must_use]
    pub fn name(&self) -> &'static str {
        RECORDS
            .get(self.number)
            .map_or("", |described| described.name)
    }
}

/// Makes a record: the fields, in order, each converted. One that is not described does not compile.
macro_rules! record {
    ($type:ident { $($name:ident: $value:expr),* $(,)? }) => {
        Value::Record(Record {
            number: const { record_number(stringify!($type)) },
            fields: vec![$((stringify!($name), Value::from($value))),*],
        })
    };
}

impl From<User> for Value {
    fn from(user: User) -> Self {
        let metadata = user.metadata.into_iter();
        record!(User {
            id: user.id,
            email: user.email,
            email_verified: user.email_verified,
            first_name: user.first_name,
            last_name: user.last_name,
            name: user.name,
            profile_picture_url: user.profile_picture_url,
            last_sign_in_at: user.last_sign_in_at,
            external_id: user.external_id,
            metadata: Self::Map(metadata.map(|(key, value)| (key, value.into())).collect()),
            locale: user.locale,
            credentials_changed_at: user.credentials_changed_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        })
    }
}

impl From<PasswordReset> for Value {
    fn from(reset: PasswordReset) -> Self {
        record!(PasswordReset {
            id: reset.id,
            user_id: reset.user_id,
            email: reset.email,
            password_reset_token: Self::Secret(reset.password_reset_token),
            password_reset_url: Self::Secret(reset.password_reset_url),
            expires_at: reset.expires_at,
            created_at: reset.created_at,
        })
    }
}

impl From<TokenCheck> for Value {
    fn from(check: TokenCheck) -> Self {
        record!(TokenCheck {
            usable: check.usable,
            expires_at: check.expires_at,
            error_code: check.error_code.map(|code| code.as_str().to_owned()),
        })
    }
}

impl From<UserList> for Value {
    fn from(list: UserList) -> Self {
        let cursors = list.list_metadata;
        record!(UserList {
            data: list.data,
            list_metadata: record!(UserCursors {
                before: cursors.before,
                after: cursors.after
            }),
        })
    }
}

impl From<Event> for Value {
    fn from(event: Event) -> Self {
        record!(Event {
            id: event.id,
            event: event.event,
            data: event.data,
            created_at: event.created_at,
        })
    }
}

impl From<EventList> for Value {
    fn from(list: EventList) -> Self {
        record!(EventList {
            data: list.data,
            list_metadata: record!(EventCursor {
                after: list.list_metadata.after
            }),
        })
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        record!(Message {
            id: message.id,
            message_id: message.message_id,
            kind: message.kind.as_str().to_owned(),
            to: message.to,
            user_id: message.user_id,
            first_name: message.first_name,
            name: message.name,
            locale: message.locale,
            url: message.url.map(Self::Secret),
            expires_at: message.expires_at,
            report_token: message.report_token.map(Self::Secret),
            created_at: message.created_at,
            attempt: message.attempt,
        })
    }
}

impl From<MessageList> for Value {
    fn from(list: MessageList) -> Self {
        record!(MessageList { data: list.data })
    }
}

impl From<PasswordCheck> for Value {
    fn from(check: PasswordCheck) -> Self {
        record!(PasswordCheck {
            acceptable: check.acceptable,
            errors: check.errors
        })
    }
}

impl From<Detail> for Value {
    fn from(detail: Detail) -> Self {
        record!(Detail {
            code: detail.code.into_owned(),
            message: detail.message.into_owned(),
            field: detail.field.map(str::to_owned),
            minimum_length: detail.minimum_length,
            maximum_length: detail.maximum_length,
        })
    }
}

impl From<Purged> for Value {
    fn from(purged: Purged) -> Self {
        record!(Purged {
            password_resets: purged.password_resets,
            events: purged.events,
            requests: purged.requests,
        })
    }
}

/// The data of an event, as it is on the wire.
impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Boolean(yes),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Text(number.to_string()), Self::Integer),
            Json::String(text) => Self::Text(text),
            Json::Array(values) => values.into(),
            Json::Object(values) => Self::Map(
                values
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect(),
            ),
        }
    }
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::Null
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Boolean(yes)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use reset_password::{CreateUser, ListUsers, Options, blocking};
    use reset_password_api::{Content, Field};

    use super::*;

    /// Whether the value is what the description says of the field, all the way down.
    fn hold(value: &Value, field: &Field) {
        let is_of_it = match (value, field.content) {
            (Value::Null, _) => field.is_nullable,
            (Value::Record(record), Content::Record(of)) => record.name() == of,
            (Value::List(values), Content::Records(of)) => values
                .iter()
                .all(|each| matches!(each, Value::Record(record) if record.name() == of)),
            (Value::Map(_), Content::Anything | Content::Pairs)
            | (Value::Boolean(_), Content::Flag)
            | (Value::Moment(_), Content::Moment)
            | (Value::Integer(_), Content::Number)
            | (Value::Secret(_), Content::Secret)
            | (Value::Text(_), Content::Text) => true,
            _ => false,
        };
        assert!(is_of_it, "{}: {value:?}", field.name);
        match value {
            Value::List(values) => values.iter().for_each(hold_record),
            value => hold_record(value),
        }
    }

    fn hold_record(value: &Value) {
        let Value::Record(record) = value else {
            return;
        };
        let described = &RECORDS[record.number];
        assert_eq!(record.fields.len(), described.fields.len());
        for ((name, value), field) in record.fields.iter().zip(described.fields) {
            assert_eq!(*name, field.name, "{}", described.name);
            hold(value, field);
        }
    }

    #[test]
    fn what_is_answered_is_what_is_described() {
        let options = Options {
            messages: true,
            ..Options::default()
        };
        let users = blocking::UserManagement::open(":memory:", options).unwrap();
        let new = CreateUser {
            email: "ada@example.com".to_owned(),
            ..CreateUser::default()
        };
        let answers: [Value; 8] = [
            users.create_user(new).unwrap().into(),
            users
                .create_password_reset("ada@example.com")
                .unwrap()
                .into(),
            users.check_password_reset_token("none").unwrap().into(),
            users.list_users(ListUsers::default()).unwrap().into(),
            users.events(None, 10).unwrap().into(),
            users.check_password("short", None).unwrap().into(),
            users.purge(1).unwrap().into(),
            {
                users.send_password_reset("ada@example.com").unwrap();
                users.messages(10).unwrap().into()
            },
        ];
        for answer in &answers {
            assert!(matches!(answer, Value::Record(_)));
            hold_record(answer);
        }
    }
}
