//! One line in the log for each request: what happened, who did it, and how it ended.
//!
//! No text that a client sent is in it: the route stands as its template, clients under a pseudonym, and
//! the rest comes from closed lists or is an id that we made.

use std::sync::{Mutex, PoisonError};

use axum::http::{Method, Response, StatusCode};
use tracing::Level;

use crate::problem::Problem;

/// What is noted of a request while it is answered.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(crate) request_id: String,
    pub(crate) client: String,
    named: Mutex<Named>,
}

#[derive(Debug, Default)]
struct Named {
    actor: Option<String>,
    user_id: Option<String>,
}

impl Journal {
    pub(crate) fn new(request_id: String, client: String) -> Self {
        let named = Mutex::default();
        Self {
            request_id,
            client,
            named,
        }
    }

    /// Names the API key that called.
    pub(crate) fn acted(&self, api_key_id: &str) {
        self.named().actor = Some(api_key_id.to_owned());
    }

    /// Names the user that it was about.
    pub(crate) fn about(&self, user_id: &str) {
        self.named().user_id = Some(user_id.to_owned());
    }

    /// Writes the line.
    pub(crate) fn write<B>(
        &self,
        method: &Method,
        route: Option<&str>,
        response: &Response<B>,
        milliseconds: u64,
    ) {
        let status = response.status();
        let problem = response.extensions().get::<Problem>();
        let code = problem.map(Problem::code);
        let told = problem.map_or(status, Problem::status);
        let event = event(method, route, told, code);
        let outcome = if problem.is_none() {
            "success"
        } else {
            "failure"
        };
        let named = self.named();
        let line = Line {
            event,
            outcome,
            reason: problem.and_then(|problem| problem.first_reason().or(code)),
            actor: named.actor.as_deref(),
            user_id: named.user_id.as_deref(),
        };
        macro_rules! write_at {
            ($level:expr) => {
                tracing::event!(
                    target: "reset_password::requests",
                    $level,
                    event = line.event,
                    outcome = line.outcome,
                    reason = line.reason,
                    actor = line.actor,
                    user_id = line.user_id,
                    client = self.client,
                    request_id = self.request_id,
                    method = shown(method),
                    route = route.unwrap_or("none"),
                    status = status.as_u16(),
                    milliseconds,
                    cause = problem.and_then(Problem::cause),
                    "answered"
                )
            };
        }
        if status.is_server_error() {
            write_at!(Level::ERROR);
        } else {
            write_at!(Level::INFO);
        }
    }

    fn named(&self) -> std::sync::MutexGuard<'_, Named> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Line<'a> {
    event: &'static str,
    outcome: &'static str,
    reason: Option<&'a str>,
    actor: Option<&'a str>,
    user_id: Option<&'a str>,
}

/// A method is the client's own text, unless it is a known one.
fn shown(method: &Method) -> &str {
    let known = [
        Method::CONNECT,
        Method::DELETE,
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::PATCH,
        Method::POST,
        Method::PUT,
        Method::TRACE,
    ];
    if known.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// What happened, after the names of the OWASP Logging Vocabulary where it has one.
fn event(
    method: &Method,
    route: Option<&str>,
    status: StatusCode,
    code: Option<&str>,
) -> &'static str {
    match (status, code) {
        (StatusCode::UNAUTHORIZED, _) => return "authn_api_key_fail",
        (StatusCode::FORBIDDEN, _) => return "authz_fail",
        (StatusCode::TOO_MANY_REQUESTS, _) => return "excess_rate_limit_exceeded",
        (status, _) if status.is_server_error() => return "sys_request_fail",
        (_, Some("invalid_request_parameters" | "unsupported_media_type")) => {
            return "input_validation_fail";
        }
        _ => {}
    }
    let is_good = status.is_success();
    match (method.as_str(), route) {
        ("POST", Some("/user_management/users")) => "user_created",
        ("PUT", Some("/user_management/users/{id}")) => "user_updated",
        ("DELETE", Some("/user_management/users/{id}")) => "user_deleted",
        ("POST", Some("/user_management/password_reset")) => "authn_token_created",
        ("GET", Some("/user_management/password_reset/{id}")) => "authn_token_read",
        (
            "POST",
            Some("/user_management/password_reset/confirm" | "/auth/reset-password/{resetToken}"),
        ) if is_good => "authn_password_change",
        (
            "POST",
            Some("/user_management/password_reset/confirm" | "/auth/reset-password/{resetToken}"),
        ) => "authn_password_change_fail",
        _ => "request",
    }
}
