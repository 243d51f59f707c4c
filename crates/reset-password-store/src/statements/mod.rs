//! Every statement, written once and rendered when a store is opened. Texts are made of constants alone;
//! values are always bound.

pub(crate) mod api_keys;
pub(crate) mod events;
pub(crate) mod failures;
pub(crate) mod requests;
pub(crate) mod resets;
pub(crate) mod settings;
pub(crate) mod users;

use self::{
    api_keys::ApiKeyStatements, events::EventStatements, failures::FailureStatements,
    requests::RequestStatements, resets::ResetStatements, settings::SettingStatements,
    users::UserStatements,
};
use crate::sql::Dialect;

/// The statements of each table.
pub(crate) struct Statements {
    pub(crate) users: UserStatements,
    pub(crate) resets: ResetStatements,
    pub(crate) requests: RequestStatements,
    pub(crate) failures: FailureStatements,
    pub(crate) events: EventStatements,
    pub(crate) api_keys: ApiKeyStatements,
    pub(crate) settings: SettingStatements,
}

impl Statements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        Self {
            users: UserStatements::new(&users::OWN, dialect),
            resets: ResetStatements::new(&users::OWN, dialect),
            requests: RequestStatements::new(dialect),
            failures: FailureStatements::new(dialect),
            events: EventStatements::new(dialect),
            api_keys: ApiKeyStatements::new(dialect),
            settings: SettingStatements::new(dialect),
        }
    }
}

#[cfg(test)]
mod plan_tests;
