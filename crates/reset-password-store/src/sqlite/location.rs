//! Where a SQLite database is: a file or memory.

use std::path::{Path, PathBuf};

use reset_password_core::Error;

use crate::file;

/// A file, or memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The file, by its absolute path.
    File(PathBuf),
    /// Nowhere: gone with the handle.
    Memory,
}

impl Location {
    /// Reads a database URL: a bare path, `sqlite:path` or `sqlite://path` (relative),
    /// `sqlite:///absolute/path`, `sqlite::memory:` or `:memory:`.
    ///
    /// # Errors
    ///
    /// `config_invalid` for anything else. The URL is never repeated: it may hold credentials.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let lower = url.to_ascii_lowercase();
        let path = if lower.starts_with("sqlite:") {
            let rest = url.get("sqlite:".len()..).unwrap_or_default();
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if let Some(problem) = misread(path) {
                return Err(Error::config(problem));
            }
            path
        } else if let Some(problem) = foreign(&lower) {
            return Err(Error::config(problem));
        } else {
            url
        };
        match path {
            ":memory:" => Ok(Self::Memory),
            "" => Err(Error::config(
                "database must name a file, such as reset-password.db",
            )),
            path if path.contains('\0') => Err(Error::config("database must not hold a NUL")),
            path if path.contains(char::is_control) => Err(Error::config(
                "database must hold no line end and no other control character",
            )),
            path => Ok(Self::File(file::absolute(Path::new(path)))),
        }
    }
}

/// What a path behind `sqlite:` would mean elsewhere, and does not here. It would be a new file of that name.
fn misread(path: &str) -> Option<&'static str> {
    let escapes = |rest: &str| {
        let digits = rest.get(..2).unwrap_or_default();
        digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    if path.contains('?') {
        Some("database takes no options behind a question mark")
    } else if path.starts_with("file:") {
        Some("database must be a path behind sqlite:, without file:")
    } else if path.split('%').skip(1).any(escapes) {
        Some(
            "database is a path as it is, not percent-encoded: write the characters themselves, or leave sqlite: out",
        )
    } else {
        None
    }
}

/// What an address in another system's writing is refused with. It would be a new file of that name, with a password in
/// it perhaps.
fn foreign(lower: &str) -> Option<&'static str> {
    const KNOWN: &str = "database must be a path, or begin with sqlite:, postgres:// or mysql:// (such as \
                         sqlite:///var/lib/app.db)";
    const KEYS: [&str; 12] = [
        "data source",
        "database",
        "dbname",
        "host",
        "hostaddr",
        "password",
        "port",
        "pwd",
        "server",
        "service",
        "uid",
        "user",
    ];
    let first = lower.split('/').next().unwrap_or_default();
    if lower == ":memory:" {
        return None;
    }
    if let Some((key, _)) = lower.split_once('=')
        && KEYS.contains(&key.trim())
    {
        return Some(
            "database must be a URL, such as postgres://user@host/name, not a list of keys and values",
        );
    }
    if lower.starts_with("file:") {
        return Some("database must be a path, or begin with sqlite:, without file:");
    }
    if lower.starts_with("jdbc:") {
        return Some("database must be a URL without jdbc: before it");
    }
    // A name with a colon in it is a file's behind `./`.
    first.contains(':').then_some(KNOWN)
}

#[cfg(test)]
mod tests {
    use reset_password_core::Code;

    use super::*;

    #[test]
    fn every_form_of_a_url() {
        let here = std::env::current_dir().unwrap();
        for (url, path) in [
            ("app.db", here.join("app.db")),
            ("data/app.db", here.join("data/app.db")),
            ("/var/app.db", "/var/app.db".into()),
            ("sqlite:app.db", here.join("app.db")),
            ("sqlite://app.db", here.join("app.db")),
            ("sqlite:/var/app.db", "/var/app.db".into()),
            ("sqlite:///var/app.db", "/var/app.db".into()),
            ("SQLite:app.db", here.join("app.db")),
            ("./app:1.db", here.join("./app:1.db")),
            ("100%.db", here.join("100%.db")),
            ("my%20app.db", here.join("my%20app.db")),
            ("sqlite:100%.db", here.join("100%.db")),
            ("a=b.db", here.join("a=b.db")),
        ] {
            assert_eq!(Location::parse(url).unwrap(), Location::File(path), "{url}");
        }
        for url in [":memory:", "sqlite::memory:", "sqlite://:memory:"] {
            assert_eq!(Location::parse(url).unwrap(), Location::Memory, "{url}");
        }
        for url in [
            "",
            "sqlite:",
            "sqlite://",
            "http://x/y",
            "a\0b",
            "sqlite:x?mode=ro",
            "sqlite:file:x",
            "sqlite:///var/my%20app.db",
            "file:x",
            "file:///x",
            "file::memory:?cache=shared",
            ":memory",
            ":memory:x",
            "jdbc:sqlite:x",
            "jdbc:postgresql://host/name",
            "postgresql+psycopg://host/name",
            "sqlite3:x",
            "mongodb://host/name",
            "mssql:host",
            "C:\\app.db",
            "host=db dbname=app user=app password=secret",
            "HOST = db dbname=app",
            "Server=db;Database=app;Uid=app;Pwd=secret",
            "Data Source=app.db",
            "app.db\n",
        ] {
            assert_eq!(
                Location::parse(url).unwrap_err().code(),
                Code::ConfigInvalid,
                "{url}"
            );
        }
    }
}
