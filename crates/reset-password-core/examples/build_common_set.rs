//! Builds the embedded lists of common passwords: `build_common_set DATA_FOLDER LIST…`.
//!
//! A list has one password a line. The same lists give the same bytes. `scripts/update-common-passwords`
//! fetches the lists and runs this.

use std::{collections::BTreeSet, env, error::Error, fs, path::PathBuf};

use fst::Set;

// The same file as in the library, so that entries are folded exactly as passwords will be.
#[path = "../src/password/normal.rs"]
#[expect(dead_code, reason = "only the comparison key is needed here")]
mod normal;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let folder = PathBuf::from(
        arguments
            .next()
            .ok_or("name the data folder, then the lists")?,
    );
    let mut passwords = BTreeSet::new();
    let mut words = BTreeSet::new();
    for list in arguments {
        for line in fs::read_to_string(list)?.lines() {
            let key = normal::comparison_key(line);
            let entry: String = key.iter().collect();
            if key.len() >= 8 {
                passwords.insert(entry);
            } else if key.len() >= 4 && key.iter().all(|c| c.is_alphabetic()) {
                words.insert(entry);
            }
        }
    }
    fs::write(
        folder.join("common-passwords.fst"),
        Set::from_iter(&passwords)?.as_fst().as_bytes(),
    )?;
    fs::write(
        folder.join("common-words.fst"),
        Set::from_iter(&words)?.as_fst().as_bytes(),
    )?;
    let long = passwords
        .iter()
        .filter(|entry| entry.chars().count() >= 15)
        .count();
    eprintln!(
        "{} passwords, {long} of them of 15 and more characters",
        passwords.len()
    );
    eprintln!("{} words", words.len());
    Ok(())
}
