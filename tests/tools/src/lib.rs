//! What tests do to a database that no surface may do.

#![forbid(unsafe_code)]

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use reset_password_core::{
    Key, Keyring, Timestamp,
    credential::UserRecord,
    reset::{ResetRecord, ResetState},
    store::ResetReads,
};
use reset_password_store::{DatabaseUrl, SqlStore, UserMapping};
use zeroize::Zeroizing;

mod backdoor;

pub use crate::backdoor::Backdoor;

/// Whether it was done, or why not.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Makes a live reset older by so much, as if that time had passed: nothing that serves it has a clock
/// that a test could set. The key is in `key_file`, or else beside the
/// database's file; the users are in the tables that `users` tells, or else in the engine's own.
///
/// # Errors
///
/// When there is no such live reset, or it is not bound to its user with that key.
pub fn age_reset(
    database_url: &str,
    key_file: Option<&Path>,
    users: Option<&str>,
    id: &str,
    age: Duration,
) -> Outcome<()> {
    let url = DatabaseUrl::parse(database_url)?;
    if let Some(file) = url.file()
        && !file.is_file()
    {
        return Err(format!("no database is at {}", file.display()).into());
    }
    let beside = || url.file().map(|file| with_suffix(file, ".key"));
    let key_file = key_file.map(Path::to_path_buf).or_else(beside);
    let keys = read_keys(&key_file.ok_or("name the file of the secret key")?)?;

    let (before, user) = find(url, users, id)?;
    if before.state != ResetState::Live {
        return Err("the reset has been used or voided; only a live one can be made older".into());
    }
    let credential = user.credential();
    if !before.binds(&keys, &credential) {
        return Err("the reset is not bound to its user with this key".into());
    }
    let key = keys
        .find(&before.key_id)
        .ok_or("the reset's key is missing")?;

    let mut after = before.clone();
    after.created_at = before.created_at.before(age);
    after.expires_at = before.expires_at.before(age);
    after.fingerprint = after.fingerprint(key, &credential);
    write(database_url, &before, &after)
}

fn find(url: DatabaseUrl, users: Option<&str>, id: &str) -> Outcome<(ResetRecord, UserRecord)> {
    let users = users.map(|users| UserMapping::parse(users)?.resolve());
    let users = users.transpose()?;
    // Opening wipes the sealed tokens that have expired by then; in 1970 none had.
    let store = SqlStore::open(url, users.as_ref(), false, Timestamp::from_unix_millis(0))?;
    let found = store.find_reset_by_id(id);
    store.close();
    found?.ok_or_else(|| "the database has no reset of that id".into())
}

/// Writes the row unless it was changed since it was read.
fn write(database_url: &str, before: &ResetRecord, after: &ResetRecord) -> Outcome<()> {
    let mut backdoor = Backdoor::open(database_url)?;
    let (new, old) = (
        backdoor.literal(&after.fingerprint),
        backdoor.literal(&before.fingerprint),
    );
    let changed = backdoor.execute(&format!(
        "UPDATE reset_password_resets SET created_at = {}, expires_at = {}, fingerprint = {new} \
         WHERE id = '{}' AND live = 1 AND fingerprint = {old}",
        after.created_at.unix_millis(),
        after.expires_at.unix_millis(),
        after.id,
    ))?;
    match changed {
        1 => Ok(()),
        _ => Err("the reset was changed in the meantime".into()),
    }
}

/// The key in force, and those that it replaced.
fn read_keys(path: &Path) -> Outcome<Keyring> {
    let current = Key::from_hex(&read_text(path)?, &format!("the file {}", path.display()))?;
    let earlier = with_suffix(path, ".previous");
    let mut previous = Vec::new();
    if earlier.exists() {
        for line in read_text(&earlier)?.lines() {
            previous.push(Key::from_hex(
                line,
                &format!("the file {}", earlier.display()),
            )?);
        }
    }
    Ok(Keyring::new(current, previous)?)
}

fn read_text(path: &Path) -> Outcome<Zeroizing<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => Err(format!("cannot read {}: {error}", path.display()).into()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
