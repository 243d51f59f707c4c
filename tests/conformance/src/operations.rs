//! The operations, and their arguments in order.

/// Every operation that a scenario may call, with the names of its arguments in their canonical order.
pub const OPERATIONS: &[(&str, &[&str])] = &[
    ("authenticate_with_password", &["email", "password"]),
    ("check_password", &["password", "user_id"]),
    ("close", &[]),
    ("create_password_reset", &["email"]),
    (
        "create_user",
        &[
            "email",
            "password",
            "password_hash",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
        ],
    ),
    ("delete_user", &["id"]),
    ("events", &["after", "limit"]),
    ("get_password_reset", &["id"]),
    ("get_user", &["id"]),
    ("get_user_by_email", &["email"]),
    ("get_user_by_external_id", &["external_id"]),
    (
        "list_users",
        &["email", "limit", "before", "after", "order"],
    ),
    (
        "open",
        &[
            "database_url",
            "key",
            "key_file",
            "previous_keys",
            "reset_url",
            "token_lifetime",
            "seal_tokens",
            "password_min_length",
            "service_names",
            "argon2_memory_kib",
            "argon2_iterations",
            "memory_budget_kib",
            "migrate",
        ],
    ),
    ("purge", &["limit"]),
    ("request_password_reset", &["email"]),
    ("reset_password", &["token", "new_password"]),
    ("revoke_password_resets", &["user_id"]),
    (
        "update_user",
        &[
            "id",
            "email",
            "password",
            "password_hash",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
        ],
    ),
];

/// Whether there is such an operation with such arguments.
pub fn check<'a>(
    operation: &str,
    mut arguments: impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    let (_, known) = OPERATIONS
        .iter()
        .find(|(name, _)| *name == operation)
        .ok_or_else(|| format!("there is no operation {operation}"))?;
    match arguments.find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(format!("{operation} has no argument {unknown}")),
        None => Ok(()),
    }
}
