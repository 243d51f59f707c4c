//! What the runner does to a database behind the surfaces' back.

use std::time::Duration;

use reset_password_test_tools::Backdoor;

use crate::place::Place;

/// Makes a live reset older.
pub fn age_reset(place: &Place, id: &str, seconds: u64) -> Result<(), String> {
    let age = Duration::from_secs(seconds);
    reset_password_test_tools::age_reset(place.url(), place.key_file(), place.users(), id, age)
        .map_err(|error| error.to_string())
}

/// Executes a statement. An update must change something.
pub fn execute(place: &Place, statement: &str) -> Result<(), String> {
    let changed = open(place)?
        .execute(statement)
        .map_err(|error| error.to_string())?;
    if changed == 0 && statement.starts_with("UPDATE ") {
        return Err("the statement changed nothing".to_owned());
    }
    Ok(())
}

/// Keeps others from writing, until what is answered is dropped.
pub fn lock(place: &Place) -> Result<Backdoor, String> {
    let mut backdoor = open(place)?;
    backdoor.lock().map_err(|error| error.to_string())?;
    Ok(backdoor)
}

fn open(place: &Place) -> Result<Backdoor, String> {
    Backdoor::open(place.url()).map_err(|error| error.to_string())
}
