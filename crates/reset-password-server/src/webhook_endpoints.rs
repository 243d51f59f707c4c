//! `/webhook_endpoints`

use std::time::Duration;

use axum::http::StatusCode;
use reset_password::{
    Error, EventKind, Order, Scope, UpdateWebhookEndpoint, WebhookEndpoint, WebhookStatus,
    webhook::OVERLAP,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    answer::{self, Answer},
    call::{Call, Query},
    events::kind,
    fields::Fields,
    journal::Action,
    problem::Problem,
    wire::{Cursors, WebhookEndpointBody, WebhookEndpointListBody},
};

/// Endpoints on a page, unless another number is asked for, and at the most.
const DEFAULT_LIMIT: u32 = 10;
const MOST: u32 = 100;

/// A new endpoint.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct CreateWebhookEndpoint {
    /// An `https://` address on the Internet.
    #[schema(max_length = 2_048, example = "https://example.com/webhooks")]
    endpoint_url: String,
    /// The kinds of event to send it; every kind, where the list is empty or left out.
    #[schema(nullable, example = json!(["user.created", "password_reset.succeeded"]))]
    events: Option<Vec<String>>,
}

/// A change to an endpoint. What is left out, or null, stays as it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct WebhookEndpointChange {
    #[schema(nullable, max_length = 2_048)]
    endpoint_url: Option<String>,
    /// `enabled` has it sent everything since it was disabled, as far as that is kept.
    #[schema(nullable, pattern = "^(enabled|disabled)$")]
    status: Option<String>,
    /// Every kind, where the list is empty.
    #[schema(nullable)]
    events: Option<Vec<String>>,
}

/// How an endpoint's secret is replaced.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct SecretRotation {
    /// For how many seconds the secret before signs as well: 86400 unless given.
    #[schema(nullable, maximum = 604_800, example = 86_400)]
    keep_previous: Option<u32>,
}

/// Which endpoints to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the description of what `Query` reads")]
pub(crate) struct WebhookEndpointFilter {
    /// Endpoints on a page; 10 unless given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The page that ends before this endpoint.
    before: Option<String>,
    /// The page that begins after this endpoint.
    after: Option<String>,
    /// By creation: `asc`, `desc`, or `normal`, which is `desc`.
    #[param(pattern = "^(asc|desc|normal)$")]
    order: Option<String>,
}

/// Register an endpoint, which events are sent to from now on. The answer alone shows its secret.
#[utoipa::path(
    post, path = "/webhook_endpoints", tag = "webhooks", request_body = CreateWebhookEndpoint,
    responses((status = 201, description = "the endpoint and its secret", body = WebhookEndpointBody)),
    security(("api_key" = ["webhooks:write"]))
)]
pub(crate) async fn create_webhook_endpoint(call: Call) -> Answer {
    call.authorized(Scope::WebhooksWrite, Action::Other, |call| {
        let mut fields = call.json()?;
        let url = fields.required_text("endpoint_url");
        let kinds = fields.list("events").unwrap_or_default();
        fields.finish()?;
        let kinds = read_kinds(&kinds)?;
        let allow_private = call.service().config.webhooks.allow_private;
        let new = call
            .engine
            .create_webhook_endpoint(&url, &kinds, allow_private)?;
        Ok(answer::json(
            StatusCode::CREATED,
            &WebhookEndpointBody::from(new),
        ))
    })
    .await
}

/// List the endpoints, newest first.
#[utoipa::path(
    get, path = "/webhook_endpoints", tag = "webhooks", params(WebhookEndpointFilter),
    responses((status = 200, description = "a page of endpoints", body = WebhookEndpointListBody)),
    security(("api_key" = ["webhooks:read"]))
)]
pub(crate) async fn list_webhook_endpoints(call: Call) -> Answer {
    call.authorized(Scope::WebhooksRead, Action::Other, |call| {
        let query = call.query(&[])?;
        let mut endpoints = call.engine.list_webhook_endpoints()?;
        if matches!(query.order()?, Order::Desc) {
            endpoints.reverse();
        }
        Ok(answer::json(StatusCode::OK, &page(&query, endpoints)?))
    })
    .await
}

/// Read an endpoint.
#[utoipa::path(
    get, path = "/webhook_endpoints/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 200, description = "the endpoint", body = WebhookEndpointBody)),
    security(("api_key" = ["webhooks:read"]))
)]
pub(crate) async fn get_webhook_endpoint(call: Call) -> Answer {
    call.authorized(Scope::WebhooksRead, Action::Other, |call| {
        let id = call.parameter("id");
        let endpoint = call.engine.get_webhook_endpoint(id).map_err(named(id))?;
        Ok(answer::json(
            StatusCode::OK,
            &WebhookEndpointBody::from(endpoint),
        ))
    })
    .await
}

/// Change an endpoint: where it is, what it is sent, and whether.
#[utoipa::path(
    patch, path = "/webhook_endpoints/{id}", tag = "webhooks", request_body = WebhookEndpointChange,
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 200, description = "the endpoint", body = WebhookEndpointBody)),
    security(("api_key" = ["webhooks:write"]))
)]
pub(crate) async fn update_webhook_endpoint(call: Call) -> Answer {
    call.authorized(Scope::WebhooksWrite, Action::Other, |call| {
        let id = call.parameter("id");
        let mut fields = call.json()?;
        let endpoint_url = fields.text("endpoint_url");
        let status = read_status(&mut fields);
        let kinds = fields.list("events");
        fields.finish()?;
        let change = UpdateWebhookEndpoint {
            endpoint_url,
            events: kinds.as_deref().map(read_kinds).transpose()?,
            status,
        };
        let allow_private = call.service().config.webhooks.allow_private;
        let changed = call
            .engine
            .update_webhook_endpoint(id, &change, allow_private);
        let changed = WebhookEndpointBody::from(changed.map_err(named(id))?);
        Ok(answer::json(StatusCode::OK, &changed))
    })
    .await
}

/// Remove an endpoint. Nothing more is sent to it.
#[utoipa::path(
    delete, path = "/webhook_endpoints/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 204, description = "the endpoint is gone")),
    security(("api_key" = ["webhooks:write"]))
)]
pub(crate) async fn delete_webhook_endpoint(call: Call) -> Answer {
    call.authorized(Scope::WebhooksWrite, Action::Other, |call| {
        let id = call.parameter("id");
        call.engine.delete_webhook_endpoint(id).map_err(named(id))?;
        Ok(answer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// Give an endpoint a new secret. The answer alone shows it; the one before signs beside it for a while.
#[utoipa::path(
    post, path = "/webhook_endpoints/{id}/rotate_secret", tag = "webhooks", request_body = SecretRotation,
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 200, description = "the endpoint and its secret", body = WebhookEndpointBody)),
    security(("api_key" = ["webhooks:write"]))
)]
pub(crate) async fn rotate_webhook_secret(call: Call) -> Answer {
    call.authorized(Scope::WebhooksWrite, Action::Other, |call| {
        let id = call.parameter("id");
        let mut fields = call.json_or_form()?;
        let keep_previous = fields.number("keep_previous");
        fields.finish()?;
        let keep_previous =
            keep_previous.map_or(OVERLAP, |seconds| Duration::from_secs(seconds.into()));
        let rotated = call.engine.rotate_webhook_secret(id, keep_previous);
        let rotated = WebhookEndpointBody::from(rotated.map_err(named(id))?);
        Ok(answer::json(StatusCode::OK, &rotated))
    })
    .await
}

fn read_kinds(names: &[String]) -> Result<Vec<EventKind>, Error> {
    names.iter().map(|name| kind(name)).collect()
}

fn read_status(fields: &mut Fields) -> Option<WebhookStatus> {
    let name = fields.text("status")?;
    let status = WebhookStatus::parse(&name);
    if status.is_none() {
        fields.refuse("status", "invalid", "must be enabled or disabled");
    }
    status
}

/// A page of the endpoints, which are few.
fn page(
    query: &Query,
    mut endpoints: Vec<WebhookEndpoint>,
) -> Result<WebhookEndpointListBody, Error> {
    let limit = query.number("limit")?.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MOST).contains(&limit) {
        let message = format!("limit must be from 1 to {MOST}");
        return Err(Error::field("limit", "invalid", message));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let place = |name: &'static str| {
        let Some(id) = query.text(name) else {
            return Ok(None);
        };
        let place = endpoints.iter().position(|endpoint| endpoint.id == id);
        let message = format!("{name} must be the id of an endpoint");
        place
            .map(Some)
            .ok_or_else(|| Error::field(name, "unknown", message))
    };
    let (after, before) = (place("after")?, place("before")?);
    let first = after.map_or(0, |place| place + 1);
    let end = before.unwrap_or(endpoints.len()).max(first);
    // Before another endpoint stand those next to it.
    let (first, end) = match before {
        Some(_) => (first.max(end.saturating_sub(limit)), end),
        None => (first, end.min(first.saturating_add(limit))),
    };
    let (is_first, is_last) = (first == 0, end >= endpoints.len());
    let data: Vec<_> = endpoints.drain(first..end).collect();
    let id = |endpoint: Option<&WebhookEndpoint>| endpoint.map(|endpoint| endpoint.id.clone());
    let list_metadata = Cursors {
        before: id(data.first()).filter(|_| !is_first),
        after: id(data.last()).filter(|_| !is_last),
    };
    Ok(WebhookEndpointListBody {
        object: "list",
        data: data.into_iter().map(WebhookEndpointBody::from).collect(),
        list_metadata,
    })
}

/// The error of a call about an endpoint, which names it where it is not found.
fn named(id: &str) -> impl Fn(Error) -> Problem {
    move |error| {
        let reason = error.errors().first().map(|reason| reason.code.as_ref());
        match reason {
            Some("webhook_endpoint_unknown") => Problem::not_found("there is no such endpoint", id),
            _ => error.into(),
        }
    }
}
