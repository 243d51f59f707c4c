//! What another system appended to passwords: given as it is, or in a file.

use std::io::Read as _;

use reset_password_core::Error;
use reset_password_store::file;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{Options, secret_file};

/// Longest pepper in bytes, and the end of its line.
const LONGEST: usize = 1_024;
const LINE: u64 = LONGEST as u64 + 3;

/// The pepper, if there is one.
pub(crate) fn read(options: &Options) -> Result<Option<SecretString>, Error> {
    let pepper = match (&options.pepper, &options.pepper_file) {
        (Some(_), Some(_)) => return Err(Error::config("give pepper or pepper_file, not both")),
        (None, None) => return Ok(None),
        (Some(pepper), None) => pepper.clone(),
        (None, Some(path)) => {
            let doing = "read pepper file";
            let opened = secret_file::open(doing, path, "pepper_file")?;
            let mut text = Zeroizing::new(String::with_capacity(2 * LONGEST));
            opened
                .take(LINE)
                .read_to_string(&mut text)
                .map_err(|error| {
                    Error::config(file::explain(doing, path, "pepper_file", &error))
                })?;
            let line = text.strip_suffix('\n').unwrap_or(&text);
            line.strip_suffix('\r').unwrap_or(line).into()
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
