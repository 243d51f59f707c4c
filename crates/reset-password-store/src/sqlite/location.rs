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
            if rest.contains('?') {
                return Err(Error::config(
                    "database takes no options behind a question mark",
                ));
            }
            rest.strip_prefix("//").unwrap_or(rest)
        } else if lower.contains("://") {
            return Err(Error::config(
                "database must be a path, or begin with sqlite:, postgres:// or mysql:// (such as \
                 sqlite:///var/lib/app.db)",
            ));
        } else {
            url
        };
        match path {
            ":memory:" => Ok(Self::Memory),
            "" => Err(Error::config(
                "database must name a file, such as reset-password.db",
            )),
            path if path.contains('\0') => Err(Error::config("database must not hold a NUL")),
            path => Ok(Self::File(file::absolute(Path::new(path)))),
        }
    }
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
        ] {
            assert_eq!(
                Location::parse(url).unwrap_err().code(),
                Code::ConfigInvalid,
                "{url}"
            );
        }
    }
}
