//! Public identifiers: a prefix, an underscore and a ULID.

use ulid::Ulid;

use crate::{
    clock::Timestamp,
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
