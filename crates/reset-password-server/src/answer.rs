//! Answers: JSON, always.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use serde::Serialize;

use crate::problem::Problem;

/// What a call is answered.
pub(crate) type Answer = Result<Response<Body>, Problem>;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(body) {
        Ok(bytes) => with_type(status, Body::from(bytes)),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            let body = Body::from(r#"{"code":"internal","message":"Internal error"}"#);
            with_type(StatusCode::INTERNAL_SERVER_ERROR, body)
        }
    }
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn with_type(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
