//! The description of the service, beyond what stands beside each route.

use std::sync::Arc;

use axum::http::StatusCode;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components, Content, Ref, RefOr, Response, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    answer::{self, Answer},
    call::Call,
    journal::Action,
    maia,
    problem::{ErrorBody, MaiaAnswer, Reason, Unauthorized},
};

/// Shows the description, if everybody may see it or the call has an API key.
pub(crate) async fn show(call: Call, document: Arc<utoipa::openapi::OpenApi>) -> Answer {
    if call.service().config.public_openapi {
        return Ok(answer::json(StatusCode::OK, &*document));
    }
    call.authorized(None, Action::Other, move |_| {
        Ok(answer::json(StatusCode::OK, &*document))
    })
    .await
}

/// What all routes share.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "reset-password",
        description = "Password resets over HTTP. Times are RFC 3339 in UTC with milliseconds. Fields \
            that are not described are ignored; a null means that a field is not given.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(ErrorBody, MaiaAnswer, Reason, Unauthorized)),
    modifiers(&Keys),
    tags(
        (name = "password resets", description = "Links that set a new password"),
        (name = "users", description = "The accounts"),
        (name = "events", description = "What happened"),
        (name = "webhooks", description = "Endpoints that events are sent to"),
        (name = "health", description = "How the service is"),
    )
)]
pub(crate) struct Document;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key, made by `reset-password api-key create`"))
            .build();
        document
            .components
            .get_or_insert_with(Components::new)
            .add_security_scheme("api_key", SecurityScheme::Http(scheme));
    }
}

/// What any call of a kind may be refused with.
const REFUSALS: [(&str, &str, Needs); 12] = [
    (
        "400",
        "the request cannot be read, or is refused",
        Needs::Nothing,
    ),
    ("401", "the API key is missing or wrong", Needs::Key),
    ("403", "the API key does not have the scope", Needs::Key),
    ("404", "there is no such thing", Needs::Nothing),
    ("405", "the route does not take this method", Needs::Nothing),
    ("408", "the request took too long to arrive", Needs::Nothing),
    ("413", "the body is too large", Needs::Nothing),
    ("415", "the body's type is not supported", Needs::Body),
    ("422", "a field is missing or cannot be used", Needs::Key),
    ("429", "too many requests; see Retry-After", Needs::Key),
    ("431", "the headers are too large", Needs::Nothing),
    ("503", "not now; see Retry-After", Needs::Nothing),
];

/// What a call must have to be refused so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Body,
    Key,
    Nothing,
}

/// Adds the refusals, which every route shares.
pub(crate) fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            &mut item.delete,
            &mut item.get,
            &mut item.patch,
            &mut item.post,
            &mut item.put,
        ];
        for operation in operations.into_iter().flatten() {
            add_refusals(operation, path == maia::ROUTE);
        }
    }
    document
}

fn add_refusals(operation: &mut Operation, is_maias: bool) {
    let has_key = operation
        .security
        .as_ref()
        .is_some_and(|keys| !keys.is_empty());
    let has_body = operation.request_body.is_some();
    for (status, description, needs) in REFUSALS {
        let fits = match needs {
            Needs::Body => has_body,
            Needs::Key => has_key,
            Needs::Nothing => true,
        };
        // There, nobody is unknown: 403 stands for both.
        if !fits || (is_maias && status == "401") {
            continue;
        }
        let schema = match status {
            _ if is_maias => "MaiaAnswer",
            "401" => "Unauthorized",
            _ => "ErrorBody",
        };
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(description, schema)));
    }
}

fn refusal(description: &str, schema: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name(schema)));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content)
        .build()
}
