//! The objects of the contract, as they stand in answers.

use std::collections::BTreeMap;

use reset_password::{
    Event, EventList, NewWebhookEndpoint, PasswordReset, TokenCheck, User, UserList,
    WebhookEndpoint,
};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

/// A user. Every key is always there.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody {
    /// Always `user`.
    #[schema(example = "user")]
    object: &'static str,
    #[schema(example = "user_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    id: String,
    #[schema(example = "ada@example.com")]
    email: String,
    email_verified: bool,
    #[schema(required)]
    first_name: Option<String>,
    #[schema(required)]
    last_name: Option<String>,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    profile_picture_url: Option<String>,
    /// RFC 3339, in UTC, with milliseconds.
    #[schema(required, format = DateTime)]
    last_sign_in_at: Option<String>,
    #[schema(required)]
    external_id: Option<String>,
    metadata: BTreeMap<String, String>,
    #[schema(required)]
    locale: Option<String>,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    updated_at: String,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            object: "user",
            id: user.id,
            email: user.email,
            email_verified: user.email_verified,
            first_name: user.first_name,
            last_name: user.last_name,
            name: user.name,
            profile_picture_url: user.profile_picture_url,
            last_sign_in_at: user.last_sign_in_at.map(|at| at.to_string()),
            external_id: user.external_id,
            metadata: user.metadata,
            locale: user.locale,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
        }
    }
}

/// The user whose password was set: under `user`, and its fields once more beside it, for clients that
/// look there.
#[derive(Serialize, ToSchema)]
#[schema(as = ConfirmedReset)]
pub(crate) struct ConfirmedBody {
    user: UserBody,
    #[serde(flatten)]
    fields: UserBody,
}

impl From<User> for ConfirmedBody {
    fn from(user: User) -> Self {
        Self {
            user: user.clone().into(),
            fields: user.into(),
        }
    }
}

/// A page of users.
#[derive(Serialize, ToSchema)]
#[schema(as = UserList)]
pub(crate) struct UserListBody {
    /// Always `list`.
    #[schema(example = "list")]
    object: &'static str,
    data: Vec<UserBody>,
    list_metadata: Cursors,
}

impl From<UserList> for UserListBody {
    fn from(list: UserList) -> Self {
        let metadata = list.list_metadata;
        Self {
            object: "list",
            data: list.data.into_iter().map(UserBody::from).collect(),
            list_metadata: Cursors {
                before: metadata.before,
                after: metadata.after,
            },
        }
    }
}

/// The ids to give as `before` and `after` for the neighbouring pages; null where there is none.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cursors {
    #[schema(required)]
    pub(crate) before: Option<String>,
    #[schema(required)]
    pub(crate) after: Option<String>,
}

/// A password reset and its link.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordReset)]
pub(crate) struct PasswordResetBody {
    /// Always `password_reset`.
    #[schema(example = "password_reset")]
    object: &'static str,
    #[schema(example = "password_reset_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    id: String,
    user_id: String,
    /// The user's address, as stored: the only recipient.
    email: String,
    /// The token: 43 characters.
    password_reset_token: String,
    /// The link: the configured page and the token.
    password_reset_url: String,
    #[schema(format = DateTime)]
    expires_at: String,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<PasswordReset> for PasswordResetBody {
    fn from(reset: PasswordReset) -> Self {
        Self {
            object: "password_reset",
            id: reset.id,
            user_id: reset.user_id,
            email: reset.email,
            password_reset_token: reset.password_reset_token.expose_secret().to_owned(),
            password_reset_url: reset.password_reset_url.expose_secret().to_owned(),
            expires_at: reset.expires_at.to_string(),
            created_at: reset.created_at.to_string(),
        }
    }
}

/// What came of a public form.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordResetRequest)]
pub(crate) struct RequestBody {
    /// Always `password_reset_request`.
    #[schema(example = "password_reset_request")]
    object: &'static str,
    /// What to send to its `email`, or null where nobody has the address or too many were asked for.
    #[schema(required)]
    password_reset: Option<PasswordResetBody>,
}

impl From<Option<PasswordReset>> for RequestBody {
    fn from(reset: Option<PasswordReset>) -> Self {
        Self {
            object: "password_reset_request",
            password_reset: reset.map(PasswordResetBody::from),
        }
    }
}

/// Whether a token can be used, and until when.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenCheck)]
pub(crate) struct TokenCheckBody {
    /// Always `token_check`.
    #[schema(example = "token_check")]
    object: &'static str,
    /// Whether a confirm would take it now.
    usable: bool,
    /// When it stops working, where it is usable.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// The code that a confirm would answer, where it is not.
    #[schema(required, example = "password_reset_token_expired")]
    error_code: Option<&'static str>,
}

impl From<TokenCheck> for TokenCheckBody {
    fn from(check: TokenCheck) -> Self {
        Self {
            object: "token_check",
            usable: check.usable,
            expires_at: check.expires_at.map(|at| at.to_string()),
            error_code: check.error_code.map(reset_password::Code::as_str),
        }
    }
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventBody {
    /// Always `event`.
    #[schema(example = "event")]
    object: &'static str,
    id: String,
    #[schema(example = "password_reset.succeeded")]
    event: String,
    /// The user, or the reset without token and url.
    #[schema(value_type = Object)]
    data: serde_json::Value,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Event> for EventBody {
    fn from(event: Event) -> Self {
        Self {
            object: "event",
            id: event.id,
            event: event.event,
            data: event.data,
            created_at: event.created_at.to_string(),
        }
    }
}

/// A page of the event feed, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = EventList)]
pub(crate) struct EventListBody {
    /// Always `list`.
    #[schema(example = "list")]
    object: &'static str,
    data: Vec<EventBody>,
    list_metadata: Cursors,
}

impl From<EventList> for EventListBody {
    fn from(list: EventList) -> Self {
        Self {
            object: "list",
            data: list.data.into_iter().map(EventBody::from).collect(),
            list_metadata: Cursors {
                before: None,
                after: list.list_metadata.after,
            },
        }
    }
}

/// An endpoint that events are sent to. Every key is always there.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
pub(crate) struct WebhookEndpointBody {
    /// Always `webhook_endpoint`.
    #[schema(example = "webhook_endpoint")]
    object: &'static str,
    #[schema(example = "we_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    id: String,
    #[schema(example = "https://example.com/webhooks")]
    endpoint_url: String,
    /// What events are signed with: where the endpoint is made or has a new secret. Empty elsewhere.
    #[schema(example = "whsec_…")]
    secret: String,
    #[schema(example = "enabled", pattern = "^(enabled|disabled)$")]
    status: &'static str,
    /// The kinds of event that it is sent; every kind, where the list is empty.
    #[schema(example = json!(["user.created", "password_reset.succeeded"]))]
    events: Vec<&'static str>,
    /// Since when it has taken nothing of what was sent; null where it took the last.
    #[schema(required, format = DateTime)]
    failing_since: Option<String>,
    /// What became of the last that it did not take.
    #[schema(required, example = "it answered 500")]
    last_failure: Option<String>,
    /// Until when the secret before the present one signs as well.
    #[schema(required, format = DateTime)]
    previous_secret_ends_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<WebhookEndpoint> for WebhookEndpointBody {
    fn from(endpoint: WebhookEndpoint) -> Self {
        Self {
            object: "webhook_endpoint",
            id: endpoint.id,
            endpoint_url: endpoint.endpoint_url,
            secret: String::new(),
            status: endpoint.status.as_str(),
            events: endpoint.events.iter().map(|kind| kind.as_str()).collect(),
            failing_since: endpoint.failing_since.map(|at| at.to_string()),
            last_failure: endpoint.last_failure,
            previous_secret_ends_at: endpoint.previous_secret_ends_at.map(|at| at.to_string()),
            created_at: endpoint.created_at.to_string(),
            updated_at: endpoint.updated_at.to_string(),
        }
    }
}

impl From<NewWebhookEndpoint> for WebhookEndpointBody {
    fn from(new: NewWebhookEndpoint) -> Self {
        Self {
            secret: new.secret.expose_secret().to_owned(),
            ..Self::from(new.endpoint)
        }
    }
}

/// A page of endpoints.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpointList)]
pub(crate) struct WebhookEndpointListBody {
    /// Always `list`.
    #[schema(example = "list")]
    pub(crate) object: &'static str,
    pub(crate) data: Vec<WebhookEndpointBody>,
    pub(crate) list_metadata: Cursors,
}
