//! `/user_management/users`

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use reset_password::{Code, CreateUser, Error, ListUsers, Scope, UpdateUser, User};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    answer::{self, Answer},
    call::Call,
    fields::Fields,
    journal::Action,
    problem::{Context, Problem},
    wire::{UserBody, UserListBody},
};

/// A new user.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct NewUser {
    #[schema(max_length = 254, example = "ada@example.com")]
    email: String,
    /// Held to the policy. Not together with `password_hash`.
    #[schema(nullable, format = Password)]
    password: Option<String>,
    /// The hash of a password, as another system wrote it. Not together with `password`.
    #[schema(nullable)]
    password_hash: Option<String>,
    /// What the hash was made with.
    #[schema(nullable, example = "bcrypt")]
    password_hash_type: Option<String>,
    #[schema(nullable)]
    email_verified: Option<bool>,
    #[schema(nullable)]
    first_name: Option<String>,
    #[schema(nullable)]
    last_name: Option<String>,
    #[schema(nullable)]
    name: Option<String>,
    #[schema(nullable)]
    external_id: Option<String>,
    #[schema(nullable)]
    metadata: Option<BTreeMap<String, String>>,
    #[schema(nullable, example = "en")]
    locale: Option<String>,
    /// When the user came to be, where another system knows. Now by default.
    #[schema(nullable, format = DateTime, example = "2019-03-04T05:06:07Z")]
    created_at: Option<String>,
}

/// A change to a user. What is left out, or null, stays as it is; an empty string clears a name, the
/// locale or the external id, and `{}` clears the metadata.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the description of what `Fields` reads")]
pub(crate) struct UserChange {
    #[schema(nullable, max_length = 254)]
    email: Option<String>,
    /// Held to the policy. Not together with `password_hash`.
    #[schema(nullable, format = Password)]
    password: Option<String>,
    #[schema(nullable)]
    password_hash: Option<String>,
    #[schema(nullable)]
    password_hash_type: Option<String>,
    /// True marks the address verified; false is refused for a verified address that does not change.
    #[schema(nullable)]
    email_verified: Option<bool>,
    #[schema(nullable)]
    first_name: Option<String>,
    #[schema(nullable)]
    last_name: Option<String>,
    #[schema(nullable)]
    name: Option<String>,
    #[schema(nullable)]
    external_id: Option<String>,
    #[schema(nullable)]
    metadata: Option<BTreeMap<String, String>>,
    #[schema(nullable)]
    locale: Option<String>,
}

/// Which users to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the description of what `Query` reads")]
pub(crate) struct UserFilter {
    /// Only the user with this address.
    email: Option<String>,
    /// Users on a page; 10 unless given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The page that ends before this user.
    before: Option<String>,
    /// The page that begins after this user.
    after: Option<String>,
    /// By creation: `asc`, `desc`, or `normal`, which is `desc`.
    #[param(pattern = "^(asc|desc|normal)$")]
    order: Option<String>,
}

/// Create a user, with a password, the hash of one, or neither.
#[utoipa::path(
    post, path = "/user_management/users", tag = "users", request_body = NewUser,
    responses((status = 201, description = "the user", body = UserBody)),
    security(("api_key" = ["users:write"]))
)]
pub(crate) async fn create_user(call: Call) -> Answer {
    call.authorized(Scope::UsersWrite, Action::CreateUser, |call| {
        let mut fields = call.json()?;
        let email = fields.required_text("email");
        let credential = Credential::read(&mut fields);
        let new = CreateUser {
            email: (*email).clone(),
            password: credential.password,
            password_hash: credential.hash,
            email_verified: fields.flag("email_verified").unwrap_or_default(),
            first_name: fields.text("first_name"),
            last_name: fields.text("last_name"),
            name: fields.text("name"),
            external_id: fields.text("external_id"),
            metadata: fields.texts("metadata").unwrap_or_default(),
            locale: fields.text("locale"),
            created_at: fields.text("created_at"),
        };
        if new.password_hash.is_some() {
            fields.refuse_the_rest("is not understood where a hash is imported");
        }
        fields.finish()?;
        credential.verdict?;
        let user = call.engine.create_user(new);
        let user = user.map_err(|error| Problem::of(&error, Context::CreatingUser))?;
        Ok(show(call, StatusCode::CREATED, user))
    })
    .await
}

/// Read a user.
#[utoipa::path(
    get, path = "/user_management/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "the user", body = UserBody)),
    security(("api_key" = ["users:read"]))
)]
pub(crate) async fn get_user(call: Call) -> Answer {
    call.authorized(Scope::UsersRead, Action::Other, |call| {
        let id = call.parameter("id");
        let user = call.engine.get_user(id).map_err(named(id))?;
        Ok(show(call, StatusCode::OK, user))
    })
    .await
}

/// Read a user by the id that another system knows it by.
#[utoipa::path(
    get, path = "/user_management/users/external_id/{external_id}", tag = "users",
    params(("external_id" = String, Path, description = "The user's id in the other system")),
    responses((status = 200, description = "the user", body = UserBody)),
    security(("api_key" = ["users:read"]))
)]
pub(crate) async fn get_user_by_external_id(call: Call) -> Answer {
    call.authorized(Scope::UsersRead, Action::Other, |call| {
        let id = call.parameter("external_id");
        let user = call.engine.get_user_by_external_id(id).map_err(named(id))?;
        Ok(show(call, StatusCode::OK, user))
    })
    .await
}

/// List users in the order of their creation.
#[utoipa::path(
    get, path = "/user_management/users", tag = "users", params(UserFilter),
    responses((status = 200, description = "a page of users", body = UserListBody)),
    security(("api_key" = ["users:read"]))
)]
pub(crate) async fn list_users(call: Call) -> Answer {
    call.authorized(Scope::UsersRead, Action::Other, |call| {
        let query = call.query(&[])?;
        query.refuse(&["organization", "organization_id"])?;
        let order = query.order()?;
        let list = ListUsers {
            email: query.text("email"),
            limit: query.number("limit")?,
            before: query.text("before"),
            after: query.text("after"),
            order,
        };
        let users = call.engine.list_users(list)?;
        Ok(answer::json(StatusCode::OK, &UserListBody::from(users)))
    })
    .await
}

/// Change a user. A new address or password ends the user's live reset.
#[utoipa::path(
    put, path = "/user_management/users/{id}", tag = "users", request_body = UserChange,
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "the user", body = UserBody)),
    security(("api_key" = ["users:write"]))
)]
pub(crate) async fn update_user(call: Call) -> Answer {
    call.authorized(Scope::UsersWrite, Action::UpdateUser, |call| {
        let id = call.parameter("id");
        let mut fields = call.json()?;
        let credential = Credential::read(&mut fields);
        let change = UpdateUser {
            email: fields.text("email"),
            password: credential.password,
            password_hash: credential.hash,
            email_verified: fields.flag("email_verified"),
            first_name: fields.text("first_name"),
            last_name: fields.text("last_name"),
            name: fields.text("name"),
            external_id: fields.text("external_id"),
            metadata: fields.texts("metadata"),
            locale: fields.text("locale"),
        };
        fields.finish()?;
        credential.verdict?;
        let user = call.engine.update_user(id, change).map_err(named(id))?;
        Ok(show(call, StatusCode::OK, user))
    })
    .await
}

/// Delete a user and its resets.
#[utoipa::path(
    delete, path = "/user_management/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 202, description = "the user is gone")),
    security(("api_key" = ["users:write"]))
)]
pub(crate) async fn delete_user(call: Call) -> Answer {
    call.authorized(Scope::UsersWrite, Action::DeleteUser, |call| {
        let id = call.parameter("id");
        call.engine.delete_user(id).map_err(named(id))?;
        call.journal().about(id);
        Ok(answer::empty(StatusCode::ACCEPTED))
    })
    .await
}

/// Have links made again for a user whose account was locked by a report of a change.
#[utoipa::path(
    post, path = "/user_management/users/{id}/unlock", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "links are made again")),
    security(("api_key" = ["users:write"]))
)]
pub(crate) async fn unlock_user(call: Call) -> Answer {
    call.authorized(Scope::UsersWrite, Action::UpdateUser, |call| {
        let id = call.parameter("id");
        call.engine.unlock_user(id).map_err(named(id))?;
        call.journal().about(id);
        Ok(answer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// A password or the hash of one, as a body gives them.
struct Credential {
    password: Option<SecretString>,
    hash: Option<SecretString>,
    verdict: Result<(), Problem>,
}

impl Credential {
    /// What the contract lets hashes be made with.
    const KINDS: [&str; 7] = [
        "argon2",
        "bcrypt",
        "firebase-scrypt",
        "pbkdf2",
        "scrypt",
        "ssha",
        "ssha256",
    ];

    fn read(fields: &mut Fields) -> Self {
        let password = fields.secret("password");
        let hash = fields.secret("password_hash");
        let kind = fields.text("password_hash_type");
        let salt = fields.text("password_salt_position");
        if kind
            .as_deref()
            .is_some_and(|kind| !Self::KINDS.contains(&kind))
        {
            let kinds = format!("must be one of {}", Self::KINDS.join(", "));
            fields.refuse("password_hash_type", "invalid", &kinds);
        }
        if kind.is_some() && password.is_none() && hash.is_none() {
            fields.refuse(
                "password_hash",
                "string_required",
                "must be given with its type",
            );
        }
        // These are one round of SHA: taken in any writing, and kept by none.
        let is_weak = matches!(kind.as_deref(), Some("ssha" | "ssha256"));
        let hash = match hash {
            Some(hash) if is_weak => Some(format!("{{SSHA}}{}", hash.expose_secret()).into()),
            hash => hash,
        };
        let fits = |hash: &SecretString| match &kind {
            _ if is_weak => true,
            // Only those have a salt that stands somewhere.
            _ if salt.is_some() => false,
            Some(kind) => is_of_kind(hash.expose_secret(), kind),
            None => true,
        };
        let verdict = match (&password, &hash) {
            (Some(_), _) if hash.is_some() || kind.is_some() => {
                Err(Code::PasswordAndPasswordHashProvided.into())
            }
            (_, Some(hash)) if !fits(hash) => Err(Code::InvalidPasswordHash.into()),
            _ => Ok(()),
        };
        Self {
            password,
            hash,
            verdict,
        }
    }
}

/// Whether a hash says that it is of that kind.
fn is_of_kind(hash: &str, kind: &str) -> bool {
    let name = hash
        .trim_start_matches('$')
        .split('$')
        .next()
        .unwrap_or_default();
    match kind {
        "argon2" => hash.contains("argon2"),
        "bcrypt" => {
            hash.contains("bcrypt") || matches!(name, "2" | "2a" | "2b" | "2x" | "2y" | "wp")
        }
        "firebase-scrypt" => name == kind,
        "pbkdf2" => hash.contains("pbkdf2"),
        "scrypt" => hash.contains("scrypt"),
        _ => false,
    }
}

fn show(call: &Call, status: StatusCode, user: User) -> Response<Body> {
    call.journal().about(&user.id);
    answer::json(status, &UserBody::from(user))
}

/// The error of a call about an entity, which names it where it is not found.
fn named(id: &str) -> impl Fn(Error) -> Problem {
    move |error| match error.code() {
        Code::UserNotFound => Problem::from(error).about(id),
        _ => error.into(),
    }
}
