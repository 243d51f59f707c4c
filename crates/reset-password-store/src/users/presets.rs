//! What frameworks call their users' tables and columns.

/// A framework's tables.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    /// The mapping, in TOML. What is not essential in it is left out where the database has no such column or table: a
    /// framework's modules are chosen one by one.
    pub(crate) mapping: &'static str,
    /// Columns that its users' table has and others rarely do, by which it is known.
    pub(crate) marks: &'static [&'static str],
}

/// By name.
pub(crate) const PRESETS: [Preset; 9] = [
    Preset {
        name: "aspnet",
        mapping: include_str!("presets/aspnet.toml"),
        marks: &["NormalizedEmail", "SecurityStamp"],
    },
    Preset {
        name: "better-auth",
        mapping: include_str!("presets/better-auth.toml"),
        marks: &["emailVerified", "createdAt"],
    },
    Preset {
        name: "devise",
        mapping: include_str!("presets/devise.toml"),
        marks: &["encrypted_password"],
    },
    Preset {
        name: "django",
        mapping: include_str!("presets/django.toml"),
        marks: &["last_login", "is_active"],
    },
    Preset {
        name: "laravel",
        mapping: include_str!("presets/laravel.toml"),
        marks: &["remember_token", "email_verified_at"],
    },
    Preset {
        name: OWN,
        mapping: include_str!("presets/own.toml"),
        marks: &[],
    },
    Preset {
        name: "phoenix",
        mapping: include_str!("presets/phoenix.toml"),
        marks: &["hashed_password", "inserted_at"],
    },
    Preset {
        name: "rails",
        mapping: include_str!("presets/rails.toml"),
        marks: &["password_digest", "email_address"],
    },
    Preset {
        name: "spring",
        mapping: include_str!("presets/spring.toml"),
        marks: &["enabled", "username"],
    },
];

/// The preset of an application's own table, which nothing is known by.
pub(crate) const OWN: &str = "own";
