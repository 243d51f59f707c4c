//! What another system appended to passwords: given as it is, or in a file.

use reset_password_core::Error;
use secrecy::{ExposeSecret, SecretString};

use crate::{Options, secret_file};

/// Longest pepper in bytes.
const LONGEST: usize = 1_024;

/// The pepper, if there is one.
pub(crate) fn read(options: &Options) -> Result<Option<SecretString>, Error> {
    let pepper = match (&options.pepper, &options.pepper_file) {
        (Some(_), Some(_)) => return Err(Error::config("give pepper or pepper_file, not both")),
        (None, None) => return Ok(None),
        (Some(pepper), None) => pepper.clone(),
        (None, Some(path)) => {
            let line = secret_file::read_line("read pepper file", path, "pepper_file", LONGEST)?;
            line.as_str().into()
        }
    };
    let text = pepper.expose_secret();
    if text.is_empty() || text.len() > LONGEST || text.contains(['\n', '\r']) {
        return Err(Error::config(
            "the pepper must be one line of 1 to 1,024 bytes",
        ));
    }
    Ok(Some(pepper))
}
