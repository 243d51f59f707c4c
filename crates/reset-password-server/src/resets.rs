//! `/user_management/password_reset`

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use reset_password::{Code, Error, PasswordReset, RequestIdentity, Scope, User};
use utoipa::ToSchema;

use crate::{
    answer::{self, Answer},
    call::{Authorized, Call},
    journal::Action,
    problem::{Context, Problem},
    wire::{ConfirmedBody, PasswordResetBody, RequestBody, TokenCheckBody},
};

/// The user to make a reset for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct NewReset {
    #[schema(max_length = 254, example = "ada@example.com")]
    email: String,
}

/// What was typed into a public form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct Request {
    #[schema(max_length = 254, example = "ada@example.com")]
    email: String,
}

/// A token to look at.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct TokenToCheck {
    /// The `token` query parameter of the link.
    token: String,
}

/// A token and the password to set with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct Confirmation {
    /// The `token` query parameter of the link.
    token: String,
    /// The new password.
    #[schema(format = Password)]
    new_password: String,
}

/// Make a reset. An earlier one of the same user stops working.
#[utoipa::path(
    post, path = "/user_management/password_reset", tag = "password resets",
    request_body = NewReset,
    responses((status = 201, description = "the reset and its link", body = PasswordResetBody)),
    security(("api_key" = ["resets:create"]))
)]
pub(crate) async fn create_password_reset(call: Call) -> Answer {
    call.authorized(Scope::ResetsCreate, Action::CreateReset, |call| {
        let mut fields = call.json()?;
        let email = fields.required_text("email");
        fields.finish()?;
        let reset = call.engine.create_password_reset(&email);
        let reset = reset.map_err(|error| match error.code() {
            Code::UserNotFound => Problem::from(error).about(&email),
            _ => error.into(),
        })?;
        Ok(show(call, StatusCode::CREATED, reset))
    })
    .await
}

/// Whom to send a link, and where it leads.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct ResetToSend {
    #[schema(max_length = 254, example = "ada@example.com")]
    email: String,
    /// The page that the link leads to: no other than the service's own `reset_url`.
    #[schema(format = "uri", example = "https://example.com/account/reset")]
    password_reset_url: String,
}

/// Make a reset and have its link sent by mail. An earlier one of the same user stops working.
#[utoipa::path(
    post, path = "/user_management/password_reset/send", tag = "password resets",
    request_body = ResetToSend,
    responses((status = 201, description = "the mail is on its way; the body is empty")),
    security(("api_key" = ["resets:create"]))
)]
pub(crate) async fn send_password_reset(call: Call) -> Answer {
    call.authorized(Scope::ResetsCreate, Action::CreateReset, |call| {
        let mut fields = call.json()?;
        let email = fields.required_text("email");
        let url = fields.required_text("password_reset_url");
        fields.finish()?;
        // Nobody would send it.
        if !call.engine.config().messages {
            return Err(Code::NotFound.into());
        }
        // A link that leads where a request says is how a token ends up elsewhere (CWE-640).
        if !call.engine.config().reset_url.is(&url) {
            let message =
                "password_reset_url must be the reset_url that the service was started with";
            return Err(Error::field("password_reset_url", "invalid", message).into());
        }
        let reset = call.engine.send_password_reset(&email);
        let reset = reset.map_err(|error| match error.code() {
            Code::UserNotFound => Problem::from(error).about(&email),
            _ => error.into(),
        })?;
        call.journal().about(&reset.user_id);
        Ok(answer::empty(StatusCode::CREATED))
    })
    .await
}

/// For a public form: make a reset for whoever has an address, or find the one that works already. What comes
/// of it is for the mail alone; the form has one answer.
#[utoipa::path(
    post, path = "/user_management/password_reset/request", tag = "password resets",
    request_body = Request,
    responses((status = 200, description = "the reset and its link, or null", body = RequestBody)),
    security(("api_key" = ["resets:create"]))
)]
pub(crate) async fn request_password_reset(call: Call) -> Answer {
    call.authorized(Scope::ResetsCreate, Action::CreateReset, |call| {
        let mut fields = call.json()?;
        let email = fields.required_text("email");
        fields.finish()?;
        let reset = call.engine.request_password_reset(&email)?;
        if let Some(reset) = &reset {
            call.journal().about(&reset.user_id);
        }
        Ok(answer::json(StatusCode::OK, &RequestBody::from(reset)))
    })
    .await
}

/// Say whether a token can be used, and until when. Nothing is changed, and no more is told than a confirm would.
#[utoipa::path(
    post, path = "/user_management/password_reset/check", tag = "password resets",
    request_body = TokenToCheck,
    responses((status = 200, description = "the verdict", body = TokenCheckBody)),
    security(("api_key" = ["resets:confirm"]))
)]
pub(crate) async fn check_password_reset_token(call: Call) -> Answer {
    call.authorized(Scope::ResetsConfirm, Action::Other, |call| {
        let mut fields = call.json()?;
        let token = fields.required_text("token");
        fields.finish()?;
        count_for_client(call)?;
        let check = call.engine.check_password_reset_token(&token)?;
        Ok(answer::json(StatusCode::OK, &TokenCheckBody::from(check)))
    })
    .await
}

/// Read a reset and its link, while the token can be used.
#[utoipa::path(
    get, path = "/user_management/password_reset/{id}", tag = "password resets",
    params(("id" = String, Path, description = "The reset's id")),
    responses((status = 200, description = "the reset and its link", body = PasswordResetBody)),
    security(("api_key" = ["resets:read"]))
)]
pub(crate) async fn get_password_reset(call: Call) -> Answer {
    call.authorized(Scope::ResetsRead, Action::ReadReset, |call| {
        let id = call.parameter("id");
        let reset = call
            .engine
            .get_password_reset(id)
            .map_err(|error| match error.code() {
                // What is no id at all may be a token, and is not repeated.
                Code::PasswordResetNotFound if id.starts_with("password_reset_") => {
                    Problem::from(error).about(id)
                }
                _ => error.into(),
            })?;
        Ok(show(call, StatusCode::OK, reset))
    })
    .await
}

/// Set a new password with the token of a link, and verify the user's address.
#[utoipa::path(
    post, path = "/user_management/password_reset/confirm", tag = "password resets",
    request_body = Confirmation,
    params(("idempotency-key" = Option<String>, Header, max_length = 255, description = "Sent again \
        with the same body within 60 seconds, it gets the same success")),
    responses((status = 200, description = "the user", body = ConfirmedBody)),
    security(("api_key" = ["resets:confirm"]))
)]
pub(crate) async fn confirm_password_reset(call: Call) -> Answer {
    call.authorized(Scope::ResetsConfirm, Action::ChangePassword, |call| {
        let mut fields = call.json()?;
        let token = fields.required_text("token");
        let new_password = fields.required_text("new_password");
        fields.finish()?;
        let user = confirm(call, &token, &new_password)?;
        Ok(answer::json(StatusCode::OK, &ConfirmedBody::from(user)))
    })
    .await
}

/// Sets the password: the same for both contracts.
pub(crate) fn confirm(
    call: &Authorized<'_>,
    token: &str,
    new_password: &str,
) -> Result<User, Problem> {
    count_for_client(call)?;
    let user = match call.idempotency_key()? {
        None => call.engine.reset_password(token, new_password),
        Some(idempotency_key) => {
            let request = RequestIdentity {
                idempotency_key,
                api_key_id: &call.api_key.id,
                path: call.path(),
                body: call.body(),
            };
            call.engine
                .reset_password_idempotently(token, new_password, &request)
        }
    };
    let user = user.map_err(|error| Problem::of(&error, Context::ConfirmingReset))?;
    call.journal().about(&user.id);
    Ok(user)
}

/// Refuses a client that has shown as many tokens as it may in a minute.
fn count_for_client(call: &Authorized<'_>) -> Result<(), Problem> {
    match &call.service().confirms {
        None => Ok(()),
        Some(confirms) => confirms
            .count(call.client())
            .map_err(|seconds| Problem::from(Code::RateLimited).after(seconds)),
    }
}

fn show(call: &Call, status: StatusCode, reset: PasswordReset) -> Response<Body> {
    call.journal().about(&reset.user_id);
    answer::json(status, &PasswordResetBody::from(reset))
}
