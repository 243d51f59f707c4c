//! `/auth/reset-password/{resetToken}`: the second contract.

use axum::http::StatusCode;
use reset_password::Scope;
use utoipa::ToSchema;

use crate::{
    answer::{self, Answer},
    call::Call,
    fields::Fields,
    journal::Action,
    problem::MaiaAnswer,
    resets::confirm,
};

/// The path, as its own contract writes it.
pub(crate) const ROUTE: &str = "/auth/reset-password/{resetToken}";

/// The password to set.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct MaiaPassword {
    /// The new password.
    #[schema(format = Password)]
    password: String,
    /// The same once more; it must match where it is given.
    #[schema(nullable, rename = "passwordConfirmation", format = Password)]
    password_confirmation: Option<String>,
    /// Another name of `password`; where both are given, they must match.
    #[schema(nullable, format = Password)]
    new_password: Option<String>,
}

/// Set a new password with the token in the path.
#[utoipa::path(
    post, path = "/auth/reset-password/{resetToken}", tag = "password resets",
    params(("resetToken" = String, Path, description = "Token for password reset")),
    request_body(content(
        (MaiaPassword = "application/json"),
        (MaiaPassword = "application/x-www-form-urlencoded"),
    )),
    responses((status = 200, description = "the password is set", body = MaiaAnswer)),
    security(("api_key" = ["resets:confirm"]))
)]
pub(crate) async fn reset_password(call: Call) -> Answer {
    call.authorized(Scope::ResetsConfirm, Action::ChangePassword, |call| {
        let mut fields = call.json_or_form()?;
        let password = password(&mut fields);
        fields.finish()?;
        // A token needs no percent-encoding, and has one form: what is encoded is none.
        confirm(call, call.last_segment(), &password)?;
        let body = MaiaAnswer {
            code: StatusCode::OK.as_u16(),
            message: "OK".to_owned(),
            errors: Vec::new(),
        };
        Ok(answer::json(StatusCode::OK, &body))
    })
    .await
}

/// The password under either of its names, repeated or not.
fn password(fields: &mut Fields) -> zeroize::Zeroizing<String> {
    let other = fields
        .wiped_text("new_password")
        .filter(|text| !text.is_empty());
    let confirmation = fields.wiped_text("passwordConfirmation");
    let password = match other {
        None => fields.required_text("password"),
        Some(other) => {
            let password = fields.wiped_text("password");
            if password.is_some_and(|password| password != other) {
                fields.refuse("new_password", "mismatch", "must be the same as password");
            }
            other
        }
    };
    if confirmation.is_some_and(|confirmation| confirmation != password) {
        fields.refuse(
            "passwordConfirmation",
            "mismatch",
            "must be the same as the password",
        );
    }
    password
}
