//! `key`: the secret key.

use clap::Subcommand;
use serde::Serialize;

use crate::{arguments::Global, exit::Exit, failure::Failure};

/// Shown by `key --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password key rotate
";

/// The secret key.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Put a new key in the key file; links that are out go on working
    #[command(after_help = "\
The old key is kept beside the new one, under the same name with .previous, for as long as a link \
needs it, and signs nothing any more. Processes that have the database open go on with the new key \
if they can read the file; give it to those on other machines first.

Example:
  reset-password key rotate
")]
    Rotate,
}

/// A key, by its id.
#[derive(Serialize)]
struct KeyId {
    object: &'static str,
    id: String,
}

impl Key {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let Self::Rotate = self;
        let handle = global.open()?;
        let id = handle.rotate_key()?;
        handle.close();
        global.output().show(
            &KeyId {
                object: "key",
                id: id.clone(),
            },
            |text| {
                text.line(format!(
                    "the key is now {id}; processes that cannot read it from this file must \
                     be given it"
                ));
            },
        )?;
        Ok(Exit::Done)
    }
}
