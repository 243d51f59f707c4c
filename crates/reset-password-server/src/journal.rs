//! One line in the log for each request: what happened, who did it, and how it ended.
//!
//! No text that a client sent is in it: the route stands as its template, clients under a pseudonym, and
//! the rest comes from closed lists or is an id that we made.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, Response, StatusCode};
use tokio::time::Instant;
use tracing::Level;

use crate::{
    metrics::{EventLabels, Metrics, RequestLabels},
    problem::Problem,
};

/// What a call asks for, as far as the log tells it apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Action {
    ChangePassword,
    CreateReset,
    CreateUser,
    DeleteUser,
    #[default]
    Other,
    ReadReset,
    UpdateUser,
}

/// What is noted of a request while it is answered.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(crate) request_id: String,
    pub(crate) client: String,
    known: Mutex<Known>,
}

/// What turns out while it is answered.
#[derive(Debug, Default)]
struct Known {
    action: Action,
    actor: Option<String>,
    user_id: Option<String>,
}

impl Journal {
    pub(crate) fn new(request_id: String, client: String) -> Self {
        let known = Mutex::default();
        Self {
            request_id,
            client,
            known,
        }
    }

    /// Names the API key that called, and what for.
    pub(crate) fn begin(&self, api_key_id: &str, action: Action) {
        let mut known = self.known();
        known.actor = Some(api_key_id.to_owned());
        known.action = action;
    }

    /// Names the user that it was about.
    pub(crate) fn about(&self, user_id: &str) {
        self.known().user_id = Some(user_id.to_owned());
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose line is still to be written. It is written in any case: whoever hangs up may have
/// had something done.
pub(crate) struct Entry<'a> {
    journal: &'a Journal,
    metrics: &'a Metrics,
    method: &'a Method,
    route: Option<&'a str>,
    began: Instant,
    is_written: bool,
}

impl<'a> Entry<'a> {
    pub(crate) fn begin(
        journal: &'a Journal,
        metrics: &'a Metrics,
        method: &'a Method,
        route: Option<&'a str>,
    ) -> Self {
        Self {
            journal,
            metrics,
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
        let action = self.journal.known().action;
        self.write(&Line {
            event: event(action, problem.map_or(status, Problem::status), code),
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
        let known = self.journal.known();
        let took = self.began.elapsed();
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if let Some(status) = line.status {
            let answered = RequestLabels {
                method: shown(self.method).to_owned(),
                route: self.route.unwrap_or("none").to_owned(),
                status: status.as_u16(),
            };
            let outcome = EventLabels {
                event: line.event,
                outcome: line.outcome,
                reason: line.reason.unwrap_or_default().to_owned(),
            };
            self.metrics.answer(&answered, &outcome, took.as_secs_f64());
        }
        macro_rules! write_at {
            ($level:expr) => {
                tracing::event!(
                    target: "reset_password::requests",
                    $level,
                    event = line.event,
                    outcome = line.outcome,
                    reason = line.reason,
                    actor = known.actor,
                    user_id = known.user_id,
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
            let action = self.journal.known().action;
            self.write(&Line {
                event: event(action, StatusCode::OK, None),
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
fn event(action: Action, status: StatusCode, code: Option<&str>) -> &'static str {
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
    match action {
        // A page leads on to another one.
        Action::ChangePassword if !status.is_client_error() => "authn_password_change",
        Action::ChangePassword => "authn_password_change_fail",
        Action::CreateReset => "authn_token_created",
        Action::CreateUser => "user_created",
        Action::DeleteUser => "user_deleted",
        Action::Other => "request",
        Action::ReadReset => "authn_token_read",
        Action::UpdateUser => "user_updated",
    }
}
