//! One line in the log for each request: what happened, who did it, and how it ended.
//!
//! No text that a client sent is in it: the route stands as its template, clients under a pseudonym, and
//! the rest comes from closed lists or is an id that we made.

use std::sync::{Mutex, PoisonError};

use axum::http::{Method, Response, StatusCode};
use tokio::time::Instant;
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

    fn named(&self) -> std::sync::MutexGuard<'_, Named> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose line is still to be written. It is written in any case: whoever hangs up may have
/// had something done.
pub(crate) struct Entry<'a> {
    journal: &'a Journal,
    method: &'a Method,
    route: Option<&'a str>,
    began: Instant,
    is_written: bool,
}

impl<'a> Entry<'a> {
    pub(crate) fn begin(journal: &'a Journal, method: &'a Method, route: Option<&'a str>) -> Self {
        Self {
            journal,
            method,
            route,
            began: Instant::now(),
            is_written: false,
        }
    }

    /// Writes the line of a request that is answered.
    pub(crate) fn end<B>(mut self, response: &Response<B>) {
        let status = response.status();
        let problem = response.extensions().get::<Problem>();
        let code = problem.map(Problem::code);
        let told = problem.map_or(status, Problem::status);
        self.write(&Line {
            event: event(self.method, self.route, told, code),
            outcome: if problem.is_none() {
                "success"
            } else {
                "failure"
            },
            reason: problem.and_then(|problem| problem.first_reason().or(code)),
            status: Some(status),
            cause: problem.and_then(Problem::cause),
        });
    }

    fn write(&mut self, line: &Line<'_>) {
        self.is_written = true;
        let named = self.journal.named();
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        macro_rules! write_at {
            ($level:expr) => {
                tracing::event!(
                    target: "reset_password::requests",
                    $level,
                    event = line.event,
                    outcome = line.outcome,
                    reason = line.reason,
                    actor = named.actor,
                    user_id = named.user_id,
                    client = self.journal.client,
                    request_id = self.journal.request_id,
                    method = shown(self.method),
                    route = self.route.unwrap_or("none"),
                    status = line.status.map(|status| status.as_u16()),
                    milliseconds,
                    cause = line.cause,
                    "{}", if line.status.is_some() { "answered" } else { "abandoned" }
                )
            };
        }
        if line.status.is_some_and(|status| status.is_server_error()) {
            write_at!(Level::ERROR);
        } else {
            write_at!(Level::INFO);
        }
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if !self.is_written {
            self.write(&Line {
                event: event(self.method, self.route, StatusCode::OK, None),
                outcome: "unknown",
                reason: Some("client_gone"),
                status: None,
                cause: None,
            });
        }
    }
}

struct Line<'a> {
    event: &'static str,
    outcome: &'static str,
    reason: Option<&'a str>,
    status: Option<StatusCode>,
    cause: Option<&'a str>,
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
