//! What the events of an endpoint are signed with.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    random::{self, Random},
};

/// How long a secret that was replaced still signs, unless another time is asked for.
pub const OVERLAP: Duration = Duration::from_hours(24);
/// The longest such time.
pub const LONGEST_OVERLAP: Duration = Duration::from_hours(7 * 24);

/// What a secret begins with, as the specification of Standard Webhooks has it.
pub const SECRET_PREFIX: &str = "whsec_";

const BYTES: usize = 32;

/// A new secret: `whsec_` and 32 random bytes in base64.
pub(crate) fn new_secret(random: &dyn Random) -> Result<SecretString, Error> {
    let bytes: Zeroizing<[u8; BYTES]> = random::bytes(random)?.into();
    let encoded = Zeroizing::new(Base64::encode_string(bytes.as_slice()));
    let text = Zeroizing::new(format!("{SECRET_PREFIX}{}", *encoded));
    Ok(text.as_str().into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::random::Os;

    #[test]
    fn a_secret_is_32_random_bytes_in_base64() {
        let [one, other] = [new_secret(&Os).unwrap(), new_secret(&Os).unwrap()];
        let [one, other] = [one.expose_secret(), other.expose_secret()];
        assert!(one.bytes().ne(other.bytes()));
        let encoded = one.strip_prefix("whsec_").unwrap();
        assert_eq!(Base64::decode_vec(encoded).unwrap().len(), 32);
    }
}
