//! What the runner does to a database behind the surfaces' back.

use std::{path::Path, time::Duration};

use reset_password_test_tools::Backdoor;

/// Makes a live reset older.
pub fn age_reset(database: &Path, id: &str, seconds: u64) -> Result<(), String> {
    reset_password_test_tools::age_reset(database, None, id, Duration::from_secs(seconds))
        .map_err(|error| error.to_string())
}

/// Executes a statement. An update must change something.
pub fn execute(database: &Path, statement: &str) -> Result<(), String> {
    let changed = open(database)?
        .execute(statement, ())
        .map_err(|error| error.to_string())?;
    if changed == 0 && statement.starts_with("UPDATE ") {
        return Err("the statement changed nothing".to_owned());
    }
    Ok(())
}

/// Takes the write lock, until what is answered is dropped.
pub fn lock(database: &Path) -> Result<Backdoor, String> {
    let backdoor = open(database)?;
    backdoor.lock().map_err(|error| error.to_string())?;
    Ok(backdoor)
}

fn open(database: &Path) -> Result<Backdoor, String> {
    Backdoor::open(database).map_err(|error| error.to_string())
}
