//! Every route, and their description.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Response, StatusCode},
    middleware,
    response::IntoResponse,
    routing::{any, get},
};
use reset_password::Code;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answer, events, health, layers, maia,
    openapi::{self, Document},
    problem::Problem,
    resets,
    service::Service,
    users,
};

/// A call of the vendor's that comes with mail.
const NOT_YET: &str = "/user_management/password_reset/send";

/// The routes, without what serves them.
fn described() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(resets::create_password_reset))
        .routes(routes!(resets::get_password_reset))
        .routes(routes!(resets::confirm_password_reset))
        .routes(routes!(maia::reset_password))
        .routes(routes!(users::create_user))
        .routes(routes!(users::list_users))
        .routes(routes!(users::get_user))
        .routes(routes!(users::update_user))
        .routes(routes!(users::delete_user))
        .routes(routes!(users::get_user_by_external_id))
        .routes(routes!(events::list_events))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}

/// The description of the service: an OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::complete(described().into_openapi())
}

/// The routes, ready to serve.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let (router, document) = described().split_for_parts();
    let document = Arc::new(openapi::complete(document));
    router
        .route(
            "/openapi.json",
            get(move || async move { answer::json(StatusCode::OK, &*document) }),
        )
        // It would else be the path of a reset, and answered 405.
        .route(NOT_YET, any(async || refuse(Code::NotFound)))
        .fallback(async || refuse(Code::NotFound))
        .method_not_allowed_fallback(async || refuse(Code::MethodNotAllowed))
        .layer(CatchPanicLayer::custom(layers::after_panic))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&service),
            layers::pass,
        ))
        .with_state(service)
}

fn refuse(code: Code) -> Response<Body> {
    Problem::from(code).into_response()
}
