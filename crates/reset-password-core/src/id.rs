//! Public identifiers: a prefix, an underscore and a ULID.

use ulid::Ulid;

use crate::{
    clock::Timestamp,
    key::Digest,
    random::{self, Random, RandomError},
};

/// A new identifier such as `user_01ARZ3NDEKTSV4RRFFQ69G5FAV`.
pub(crate) fn new(
    prefix: &str,
    now: Timestamp,
    random: &dyn Random,
) -> Result<String, RandomError> {
    let millis = u64::try_from(now.unix_millis()).unwrap_or(0);
    let ulid = Ulid::from_parts(millis, u128::from_le_bytes(random::bytes(random)?));
    Ok(format!("{prefix}_{ulid}"))
}

/// Whether the text is such an identifier, whatever it is of.
pub(crate) fn is_one(prefix: &str, text: &str) -> bool {
    let ulid = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'));
    ulid.is_some_and(|ulid| {
        ulid.parse::<Ulid>()
            .is_ok_and(|parsed| parsed.to_string() == ulid)
    })
}

/// An id that stands for an address without a user. It is longer than a user's id, so it is no user's.
pub(crate) fn nobody(address: &Digest) -> String {
    format!("nobody_{}", base16ct::lower::encode_string(address))
}
