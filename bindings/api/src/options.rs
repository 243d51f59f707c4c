//! How an engine is opened.

use crate::{Answer, Kind, Operation, Parameter};

/// Opens a database. Its first parameter is the database's URL, and the others are the options; what is left out
/// has its default.
pub const OPEN: Operation = Operation {
    name: "open",
    about: "Opens a database.",
    details: "Without a `key` or a `key_file`, a database file keeps its key beside itself; a database on a server \
              needs one of them.",
    notes: &[],
    parameters: &[
        Parameter::required(
            "database_url",
            "A bare path, `sqlite:path` or `sqlite://path` (relative), `sqlite:///absolute/path`, \
             `sqlite::memory:` or `:memory:`; `postgres://…`; `mysql://…` or `mariadb://…`.",
        )
        .path()
        .secret(),
        Parameter::optional("key", Kind::Text, "The secret key: 64 hexadecimal characters.")
            .secret()
            .default("none")
            .bounds("64 hexadecimal characters, not all bytes equal; not with `key_file`"),
        Parameter::optional(
            "key_file",
            Kind::Text,
            "The file that the secret key is in; `<database>.key` by default.",
        )
        .path()
        .default("see below")
        .bounds("the same text and white space, at most 1,024 bytes"),
        Parameter::optional(
            "previous_keys",
            Kind::Texts,
            "Earlier keys, at most 3; links made with them go on working.",
        )
        .secret()
        .default("none")
        .bounds("at most 3, those of the file included"),
        Parameter::optional("reset_url", Kind::Text, "The page that links lead to.")
            .default("`http://127.0.0.1:8080/reset-password`")
            .bounds("see below"),
        Parameter::count(
            "token_lifetime",
            "seconds",
            "How long a token works, in seconds: 300 to 86,400, 1,800 by default.",
        )
        .default("1,800")
        .bounds("300 to 86,400"),
        Parameter::count(
            "first_password_lifetime",
            "seconds",
            "How long a token works that `create_password_reset` makes for a user without a password, in seconds: \
             300 to 604,800, `token_lifetime` by default.",
        )
        .default("`token_lifetime`")
        .bounds("300 to 604,800"),
        Parameter::optional(
            "seal_tokens",
            Kind::Flag,
            "Whether an encrypted copy of each token is kept while it lives. True by default.",
        )
        .default("true"),
        Parameter::count(
            "password_min_length",
            "code points",
            "Least length of a password in code points: 8 to 64, 15 by default.",
        )
        .default("15")
        .bounds("8 to 64"),
        Parameter::optional(
            "service_names",
            Kind::Texts,
            "Names of the service, which no password may be a version of.",
        )
        .default("none")
        .bounds("2,048 letters in all are looked at"),
        Parameter::optional(
            "pepper",
            Kind::Text,
            "What another system appended to passwords before it hashed them, for hashes imported as `peppered$…`.",
        )
        .secret()
        .default("none")
        .bounds("one line of 1 to 1,024 bytes; not with `pepper_file`"),
        Parameter::optional(
            "pepper_file",
            Kind::Text,
            "The file that the pepper is in.",
        )
        .path()
        .default("none")
        .bounds("the same line; closed to others, as a key file is"),
        Parameter::count(
            "argon2_memory_kib",
            "KiB",
            "Memory of one hash, in KiB; 65,536 by default.",
        )
        .default("65,536")
        .bounds("see below, to 1,048,576"),
        Parameter::count(
            "argon2_iterations",
            "passes",
            "Passes of one hash over its memory; 3 by default.",
        )
        .default("3")
        .bounds("1 to 16"),
        Parameter::optional(
            "argon2_portable",
            Kind::Flag,
            "Whether hashes are computed by the portable code alone, in about twice the time. False by default.",
        )
        .default("false"),
        Parameter::count(
            "memory_budget_kib",
            "KiB",
            "Memory of all hashes at work in this process, in KiB; 262,144 by default.",
        )
        .default("262,144")
        .bounds("stretched to hold one hash"),
        Parameter::count(
            "requests_per_minute",
            "requests",
            "Requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default.",
        )
        .default("6,000")
        .bounds("1 to 1,000,000"),
        Parameter::optional(
            "users",
            Kind::Text,
            "The users' table that is there already: a preset's name, such as `django`, a file of a mapping, or the mapping \
             in TOML.",
        )
        .path()
        .default("a table of the engine's own")
        .bounds("see below"),
        Parameter::optional(
            "messages",
            Kind::Flag,
            "Whether links that are asked for, and notices of changes, wait for a mailer, which takes them by `messages`. \
             False by default.",
        )
        .default("false")
        .bounds("needs `seal_tokens`"),
        Parameter::optional(
            "migrate",
            Kind::Flag,
            "Whether the tables are made or brought up to date. True by default.",
        )
        .default("true"),
    ],
    answer: Answer::Nothing,
    errors: &["config_invalid", "unsupported"],
};
