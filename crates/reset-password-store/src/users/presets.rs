//! What frameworks call their users' tables and columns.

/// Each by its name. What is not essential in one is left out where the database has no such column or table: a
/// framework's modules are chosen one by one.
pub(crate) const PRESETS: [(&str, &str); 7] = [
    ("better-auth", include_str!("presets/better-auth.toml")),
    ("devise", include_str!("presets/devise.toml")),
    ("django", include_str!("presets/django.toml")),
    ("laravel", include_str!("presets/laravel.toml")),
    ("own", include_str!("presets/own.toml")),
    ("rails", include_str!("presets/rails.toml")),
    ("spring", include_str!("presets/spring.toml")),
];
