//! Whether the files that this process has open are those that others find under their names.
//!
//! A file that was moved away or removed stays open, and what is written to it is lost: to whoever opens the database
//! later, in another process or after a restart. Nobody would say so. Where it is noticed, the process has no more to
//! do with the database: a connection to the file that came in its place would mix one database with another.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{file::with_suffix, sql::SqlError};

/// A file, by device and number.
pub(super) type Inode = (u64, u64);

/// Which file has the name now.
pub(super) fn inode(path: &Path) -> io::Result<Inode> {
    fs::metadata(path).map(|data| (data.dev(), data.ino()))
}

/// What is known of a database's files in all of a process's connections.
#[derive(Default)]
pub(super) struct Known {
    database: OnceLock<Inode>,
    /// Whether one of them was seen to be another's, or nobody's.
    is_lost: AtomicBool,
}

impl Known {
    /// Whether it can still be opened.
    pub(super) fn check(&self, path: &Path) -> Result<(), SqlError> {
        if self.is_lost.load(Ordering::Relaxed) {
            return Err(SqlError::Replaced(path.to_owned()));
        }
        Ok(())
    }

    fn lose(&self, path: &Path) -> SqlError {
        self.is_lost.store(true, Ordering::Relaxed);
        SqlError::Replaced(path.to_owned())
    }
}

/// The files of a connection.
pub(super) struct OpenFiles {
    known: Arc<Known>,
    files: Vec<(PathBuf, Inode)>,
}

impl OpenFiles {
    /// The files of a connection that was just made, by the name that it was asked for and the one that SQLite goes by.
    /// `has_log` says whether a write-ahead log and its shared memory belong to it.
    pub(super) fn new(
        known: &Arc<Known>,
        path: &Path,
        real: &Path,
        has_log: bool,
    ) -> Result<Self, SqlError> {
        let mut paths = vec![path.to_owned()];
        if has_log {
            paths.extend(["-wal", "-shm"].map(|suffix| with_suffix(real, suffix)));
        }
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let found = inode(&path).map_err(|_| known.lose(&path))?;
            files.push((path, found));
        }
        let known = Arc::clone(known);
        if let Some((path, found)) = files.first()
            && known.database.get_or_init(|| *found) != found
        {
            return Err(known.lose(path));
        }
        Ok(Self { known, files })
    }

    /// Whether all of them are still there.
    pub(super) fn check(&self) -> Result<(), SqlError> {
        for (path, opened) in &self.files {
            let is_there = match inode(path) {
                Ok(found) => found == *opened,
                // Whoever may not look does not know.
                Err(error) => error.kind() != io::ErrorKind::NotFound,
            };
            if !is_there {
                return Err(self.known.lose(path));
            }
        }
        // Another connection may have seen it.
        let database = self.files.first();
        database.map_or(Ok(()), |(path, _)| self.known.check(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sql::{Access, Connection, Driver, Statement},
        sqlite::{Location, SqliteDriver},
    };

    fn statement(text: &str) -> Statement {
        Statement::numbered(text.to_owned())
    }

    /// The ways in which a name stops to be the open file's.
    const LOSSES: [fn(&Path); 5] = [
        |path| fs::remove_file(path).unwrap(),
        |path| fs::rename(path, path.with_extension("old")).unwrap(),
        |path| {
            let copy = path.with_extension("copy");
            fs::copy(path, &copy).unwrap();
            fs::rename(copy, path).unwrap();
        },
        |path| fs::remove_file(with_suffix(path, "-wal")).unwrap(),
        |path| fs::remove_file(with_suffix(path, "-shm")).unwrap(),
    ];

    #[test]
    fn nothing_is_read_or_written_in_a_file_that_lost_its_name() {
        type Step = fn(&mut dyn Connection) -> Result<(), SqlError>;
        let steps: [Step; 3] = [
            |connection| connection.commit(),
            |connection| {
                connection.roll_back();
                connection
                    .execute(&statement("DELETE FROM x"), &[])
                    .map(drop)
            },
            |connection| {
                connection.roll_back();
                connection
                    .query(&statement("SELECT a FROM x"), &[])
                    .map(drop)
            },
        ];
        for (way, lose) in LOSSES.into_iter().enumerate() {
            for (number, step) in steps.into_iter().enumerate() {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("app.db");
                fs::write(&path, "").unwrap();
                let driver = SqliteDriver::new(Location::File(path.clone()));
                let mut other = driver.connect(driver.lane(Access::Read)).unwrap();
                let mut connection = driver.connect(driver.lane(Access::Write)).unwrap();
                connection
                    .execute(&statement("CREATE TABLE x (a)"), &[])
                    .unwrap();
                connection.begin().unwrap();
                connection
                    .execute(&statement("INSERT INTO x VALUES (1)"), &[])
                    .unwrap();
                lose(&path);
                let refused = step(&mut *connection).unwrap_err();
                assert!(
                    matches!(refused, SqlError::Replaced(_)),
                    "{way} {number}: {refused:?}"
                );
                assert!(!connection.is_usable());
                // Neither another connection nor a new one goes on with what came in its place.
                let refused = other.query(&statement("SELECT 1"), &[]).unwrap_err();
                assert!(
                    matches!(refused, SqlError::Replaced(_)),
                    "{way} {number}: {refused:?}"
                );
                let Err(refused) = driver.connect(0) else {
                    panic!("{way} {number}: it was opened again");
                };
                assert!(
                    matches!(refused, SqlError::Replaced(_)),
                    "{way} {number}: {refused:?}"
                );
            }
        }
    }

    /// All connections were closed meanwhile.
    #[test]
    fn another_file_of_the_name_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        fs::write(&path, "").unwrap();
        let driver = SqliteDriver::new(Location::File(path.clone()));
        drop(driver.connect(0).unwrap());
        drop(driver.connect(0).unwrap());
        let [old, new] = ["old", "new"].map(|extension| path.with_extension(extension));
        fs::copy(&path, &new).unwrap();
        fs::rename(&path, &old).unwrap();
        fs::rename(&new, &path).unwrap();
        assert!(matches!(
            driver.connect(0).map(drop),
            Err(SqlError::Replaced(_))
        ));
    }
}
