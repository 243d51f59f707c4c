//! The kinds of servers.

use std::{fmt, str::FromStr};

/// A server that can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL 14, fetched.
    Postgres14,
    /// PostgreSQL 15 of Debian 12.
    Postgres15,
    /// PostgreSQL 18, fetched.
    Postgres18,
    /// MariaDB 10.11 of Debian 12.
    MariaDb10_11,
    /// MariaDB 11.4, fetched.
    MariaDb11_4,
}

/// What language a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    MariaDb,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Postgres14,
        Self::Postgres15,
        Self::Postgres18,
        Self::MariaDb10_11,
        Self::MariaDb11_4,
    ];

    /// The name, as the command takes it and as the folder of a fetched one is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres14 => "postgres14",
            Self::Postgres15 => "postgres15",
            Self::Postgres18 => "postgres18",
            Self::MariaDb10_11 => "mariadb10.11",
            Self::MariaDb11_4 => "mariadb11.4",
        }
    }

    /// What language it speaks.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Postgres14 | Self::Postgres15 | Self::Postgres18 => Family::Postgres,
            Self::MariaDb10_11 | Self::MariaDb11_4 => Family::MariaDb,
        }
    }

    /// Whether `tests/databases/fetch` brings it, and no package of Debian's.
    #[must_use]
    pub const fn is_fetched(self) -> bool {
        !matches!(self, Self::Postgres15 | Self::MariaDb10_11)
    }
}

impl Family {
    /// The environment variable with the URL of a server that all tests share.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "TEST_POSTGRES_URL",
            Self::MariaDb => "TEST_MYSQL_URL",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| format!("{name} is none of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
