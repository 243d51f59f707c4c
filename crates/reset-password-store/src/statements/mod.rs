//! Every statement, written once and rendered when a store is opened. Texts are made of constants alone;
//! values are always bound.

pub(crate) mod api_keys;
pub(crate) mod events;
pub(crate) mod failures;
pub(crate) mod messages;
pub(crate) mod redeem;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod resets;
pub(crate) mod settings;
pub(crate) mod users;
pub(crate) mod webhooks;

use self::{
    api_keys::ApiKeyStatements,
    events::EventStatements,
    failures::FailureStatements,
    messages::MessageStatements,
    reports::ReportStatements,
    requests::RequestStatements,
    resets::ResetStatements,
    settings::SettingStatements,
    users::{JoinedUsers, UserStatements},
    webhooks::WebhookStatements,
};
use crate::sql::Dialect;

/// The statements of each table.
pub(crate) struct Statements {
    pub(crate) users: UserStatements,
    pub(crate) resets: ResetStatements,
    pub(crate) requests: RequestStatements,
    pub(crate) failures: FailureStatements,
    pub(crate) messages: MessageStatements,
    pub(crate) reports: ReportStatements,
    pub(crate) events: EventStatements,
    pub(crate) api_keys: ApiKeyStatements,
    pub(crate) settings: SettingStatements,
    pub(crate) webhooks: WebhookStatements,
}

impl Statements {
    /// Those of the engine's own tables.
    pub(crate) fn own(dialect: &Dialect) -> Self {
        Self::new(
            UserStatements::own(dialect),
            JoinedUsers::own(dialect),
            dialect,
        )
    }

    pub(crate) fn new(users: UserStatements, joined: JoinedUsers, dialect: &Dialect) -> Self {
        Self {
            users,
            resets: ResetStatements::new(joined, dialect),
            requests: RequestStatements::new(dialect),
            failures: FailureStatements::new(dialect),
            messages: MessageStatements::new(dialect),
            reports: ReportStatements::new(dialect),
            events: EventStatements::new(dialect),
            api_keys: ApiKeyStatements::new(dialect),
            settings: SettingStatements::new(dialect),
            webhooks: WebhookStatements::new(dialect),
        }
    }
}

#[cfg(test)]
mod plan_tests;
