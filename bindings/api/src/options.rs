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
        Parameter::optional(
            "key",
            Kind::Text,
            "The secret key: 64 hexadecimal characters.",
        )
        .secret(),
        Parameter::optional(
            "key_file",
            Kind::Text,
            "The file that the secret key is in; `<database>.key` by default.",
        )
        .path(),
        Parameter::optional(
            "previous_keys",
            Kind::Texts,
            "Earlier keys, at most 3; links made with them go on working.",
        )
        .secret(),
        Parameter::optional("reset_url", Kind::Text, "The page that links lead to."),
        Parameter::optional(
            "token_lifetime",
            Kind::Number,
            "How long a token works, in seconds: 300 to 86,400, 1,800 by default.",
        ),
        Parameter::optional(
            "seal_tokens",
            Kind::Flag,
            "Whether an encrypted copy of each token is kept while it lives. True by default.",
        ),
        Parameter::optional(
            "password_min_length",
            Kind::Number,
            "Least length of a password in code points: 8 to 64, 15 by default.",
        ),
        Parameter::optional(
            "service_names",
            Kind::Texts,
            "Names of the service, which no password may be a version of.",
        ),
        Parameter::optional(
            "argon2_memory_kib",
            Kind::Number,
            "Memory of one hash, in KiB; 65,536 by default.",
        ),
        Parameter::optional(
            "argon2_iterations",
            Kind::Number,
            "Passes of one hash over its memory; 3 by default.",
        ),
        Parameter::optional(
            "memory_budget_kib",
            Kind::Number,
            "Memory of all hashes at work in this process, in KiB; 262,144 by default.",
        ),
        Parameter::optional(
            "migrate",
            Kind::Flag,
            "Whether the tables are made or brought up to date. True by default.",
        ),
    ],
    answer: Answer::Nothing,
    errors: &["config_invalid", "unsupported"],
};
