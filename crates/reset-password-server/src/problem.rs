//! What a refused call is answered, in the two shapes of the two contracts.

use std::{borrow::Cow, error::Error as _};

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use reset_password::{Code, Detail, Error};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer;

/// A refusal. It travels in the response's extensions too, for the journal and for the second shape.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    errors: Vec<Detail>,
    entity_id: Option<Box<str>>,
    retry_after: Option<u32>,
    ends_connection: bool,
    cause: Option<Box<str>>,
}

/// Where one code of the engine is answered in different words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    ConfirmingReset,
    CreatingUser,
    Other,
}

/// The code of everything that is wrong with a request's own form.
const INVALID_PARAMETERS: &str = "invalid_request_parameters";

impl Problem {
    /// What the engine's error is answered as. An error that is not the caller's shows nothing of its
    /// cause.
    pub(crate) fn of(error: &Error, context: Context) -> Self {
        let code = error.code();
        let (status, wire) = match (code, context) {
            (Code::ConfigInvalid | Code::Internal, _) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Code::Internal.as_str())
            }
            (Code::EmailNotAvailable, Context::CreatingUser) => {
                (StatusCode::BAD_REQUEST, "user_creation_error")
            }
            (
                Code::EmailAlreadyVerified
                | Code::EmailNotAvailable
                | Code::ExternalIdAlreadyUsed
                | Code::InvalidCredentials
                | Code::InvalidPasswordHash
                | Code::PasswordAndPasswordHashProvided
                | Code::Unsupported,
                _,
            ) => (StatusCode::BAD_REQUEST, code.as_str()),
            (Code::Forbidden, _) => (StatusCode::FORBIDDEN, code.as_str()),
            (Code::HeadersTooLarge, _) => {
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, code.as_str())
            }
            (Code::InputInvalid, _) => (StatusCode::UNPROCESSABLE_ENTITY, INVALID_PARAMETERS),
            (Code::MethodNotAllowed, _) => (StatusCode::METHOD_NOT_ALLOWED, code.as_str()),
            (Code::NotFound | Code::PasswordResetTokenNotFound, _) => {
                (StatusCode::NOT_FOUND, code.as_str())
            }
            (Code::Overloaded | Code::StorageUnavailable, _) => {
                (StatusCode::SERVICE_UNAVAILABLE, code.as_str())
            }
            (Code::PasswordRejected, Context::ConfirmingReset)
            | (Code::PasswordResetTokenExpired, _) => {
                (StatusCode::BAD_REQUEST, "password_reset_error")
            }
            (Code::PasswordRejected, Context::CreatingUser | Context::Other) => {
                (StatusCode::BAD_REQUEST, "password_strength_error")
            }
            (Code::PasswordResetNotFound | Code::UserNotFound, _) => {
                (StatusCode::NOT_FOUND, "entity_not_found")
            }
            (Code::PayloadTooLarge, _) => (StatusCode::PAYLOAD_TOO_LARGE, code.as_str()),
            (Code::RateLimited, _) => (StatusCode::TOO_MANY_REQUESTS, code.as_str()),
            (Code::RequestTimeout, _) => (StatusCode::REQUEST_TIMEOUT, code.as_str()),
            (Code::Unauthorized, _) => (StatusCode::UNAUTHORIZED, code.as_str()),
            (Code::UserLocked, _) => (StatusCode::CONFLICT, code.as_str()),
            (Code::UnsupportedMediaType, _) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, code.as_str()),
        };
        let message = match code {
            Code::ConfigInvalid => Cow::Borrowed(Code::Internal.message()),
            Code::PasswordRejected => Cow::Owned(all_messages(error)),
            _ => Cow::Owned(error.message().to_owned()),
        };
        let mut errors = error.errors().to_vec();
        if errors.is_empty() && status == StatusCode::BAD_REQUEST {
            errors.push(Detail::new(code.as_str(), code.message()));
        }
        Self {
            status,
            code: wire,
            message,
            errors,
            entity_id: None,
            retry_after: error.retry_after(),
            ends_connection: false,
            cause: match code {
                Code::ConfigInvalid => Some(error.message().into()),
                _ => error.source().map(|source| source.to_string().into()),
            },
        }
    }

    /// 400: the request's form cannot be read at all.
    pub(crate) fn malformed(code: &'static str, message: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: INVALID_PARAMETERS,
            message: message.into(),
            errors: vec![Detail::new(code, message)],
            entity_id: None,
            retry_after: None,
            ends_connection: false,
            cause: None,
        }
    }

    /// 404: there is nothing of that id.
    pub(crate) fn not_found(message: &'static str, entity_id: &str) -> Self {
        let mut problem = Self::from(Code::NotFound).about(entity_id);
        problem.code = "entity_not_found";
        problem.message = message.into();
        problem
    }

    /// Names what was not found.
    pub(crate) fn about(mut self, entity_id: &str) -> Self {
        self.entity_id = Some(entity_id.into());
        self
    }

    /// The caller may try again after so many seconds.
    pub(crate) const fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What is left of the request cannot be told from the next one.
    pub(crate) const fn ending_connection(mut self) -> Self {
        self.ends_connection = true;
        self
    }

    /// The status, before the second contract gives it another.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The code, for the journal.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// The code of the first reason, for the journal.
    pub(crate) fn first_reason(&self) -> Option<&str> {
        self.errors.first().map(|detail| detail.code.as_ref())
    }

    /// The cause of an error that is not the caller's, for the log.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer in Maia's shape: the status in the body, 403 for an unknown caller, 404 for every
    /// dead token, 422 for a refused password.
    pub(crate) fn in_maias_shape(&self) -> Response<Body> {
        let expired = Code::PasswordResetTokenExpired.as_str();
        let status = match (self.status, self.code) {
            (StatusCode::UNAUTHORIZED, _) => StatusCode::FORBIDDEN,
            (_, "password_reset_error") if self.first_reason() == Some(expired) => {
                StatusCode::NOT_FOUND
            }
            (_, "password_reset_error") => StatusCode::UNPROCESSABLE_ENTITY,
            (status, _) => status,
        };
        let message = match status {
            StatusCode::FORBIDDEN => "Forbidden",
            // One answer for every dead token.
            StatusCode::NOT_FOUND if self.code == "password_reset_error" => {
                Code::PasswordResetTokenNotFound.message()
            }
            _ => &self.message,
        };
        let shown = matches!(
            status,
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
        );
        let body = MaiaAnswer {
            code: status.as_u16(),
            message: message.to_owned(),
            errors: self
                .errors
                .iter()
                .filter(|_| shown)
                .map(Reason::of)
                .collect(),
        };
        self.finish(answer::json(status, &body))
    }

    fn finish(&self, mut response: Response<Body>) -> Response<Body> {
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        if self.ends_connection {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::of(&error, Context::Other)
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Error::new(code).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let response = if self.status == StatusCode::UNAUTHORIZED {
            let message = "Unauthorized";
            answer::json(self.status, &Unauthorized { message })
        } else {
            let body = ErrorBody {
                code: self.code,
                message: self.message.clone(),
                errors: self.errors.iter().map(Reason::of).collect(),
                entity_id: self.entity_id.clone(),
            };
            answer::json(self.status, &body)
        };
        self.finish(response)
    }
}

fn all_messages(error: &Error) -> String {
    let reasons: Vec<_> = error
        .errors()
        .iter()
        .map(|detail| &*detail.message)
        .collect();
    if reasons.is_empty() {
        return error.message().to_owned();
    }
    format!("{}: {}", error.message(), reasons.join("; "))
}

/// A refusal.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// What went wrong, from a closed list.
    #[schema(example = "password_reset_error")]
    code: &'static str,
    /// The same in English.
    message: Cow<'static, str>,
    /// Every reason; never empty with 400 and 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Reason>,
    /// What was not found.
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_id: Option<Box<str>>,
}

/// One reason.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reason {
    /// Such as `password_too_short` or `email_string_required`.
    #[schema(example = "password_too_short")]
    code: String,
    /// The same in English, fit to show to the person who typed.
    message: String,
    /// The field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// The least number of characters, with `password_too_short`.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_length: Option<u32>,
    /// The greatest number of characters, with `password_too_long`.
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_length: Option<u32>,
}

impl Reason {
    fn of(detail: &Detail) -> Self {
        Self {
            code: detail.code.to_string(),
            message: detail.message.to_string(),
            field: detail.field,
            minimum_length: detail.minimum_length,
            maximum_length: detail.maximum_length,
        }
    }
}

/// The key is missing or wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unauthorized {
    /// Always `Unauthorized`.
    message: &'static str,
}

/// The answer of the second contract, good and bad.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaiaAnswer {
    /// The HTTP status.
    #[schema(example = 200)]
    pub(crate) code: u16,
    /// `OK`, or what went wrong.
    #[schema(example = "OK")]
    pub(crate) message: String,
    /// Every reason, with 400 and 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<Reason>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_database_is_not_tried_again() {
        let answer = |error: Error| {
            let response = Problem::from(error).into_response();
            (
                response.status().as_u16(),
                response.headers().contains_key(header::RETRY_AFTER),
            )
        };
        assert_eq!(answer(Error::storage("busy")), (503, true));
        assert_eq!(answer(Error::damaged("malformed")), (503, false));
    }

    #[test]
    fn a_configuration_is_told_to_the_log_alone() {
        let problem = Problem::from(Error::config("the tables are missing"));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(problem.message, Code::Internal.message());
        assert_eq!(problem.cause(), Some("the tables are missing"));
    }
}
