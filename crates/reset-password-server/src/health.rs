//! `/healthz` and `/readyz`: whether the process lives, and whether it can work.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answer::{self, Answer},
    service::Service,
};

/// How the service is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`
    #[schema(example = "ok")]
    status: &'static str,
}

const OK: Health = Health { status: "ok" };

/// The process lives.
#[utoipa::path(
    get, path = "/healthz", tag = "health",
    responses((status = 200, description = "it lives", body = Health)), security()
)]
pub(crate) async fn healthz() -> Response<Body> {
    answer::json(StatusCode::OK, &OK)
}

/// The database answers.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((status = 200, description = "it can work", body = Health)), security()
)]
pub(crate) async fn readyz(State(service): State<Arc<Service>>) -> Answer {
    service.engine().run(|engine| engine.check_ready()).await?;
    Ok(answer::json(StatusCode::OK, &OK))
}
