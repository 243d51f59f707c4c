//! Public identifiers: a prefix, an underscore and a ULID.

use std::time::Duration;

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

/// Before all identifiers that were made at the moment of this one or up to `earlier` before it; `None` where the text is
/// none. What was made in one millisecond is in no order, and clocks differ.
pub(crate) fn before(prefix: &str, text: &str, earlier: Duration) -> Option<String> {
    let earlier = u64::try_from(earlier.as_millis()).unwrap_or(u64::MAX);
    let millis = read(prefix, text)?.timestamp_ms().saturating_sub(earlier);
    Some(format!("{prefix}_{}", Ulid::from_parts(millis, 0)))
}

/// Behind all identifiers that were made in the millisecond of this one; `None` where the text is none.
pub(crate) fn behind(prefix: &str, text: &str) -> Option<String> {
    let millis = read(prefix, text)?.timestamp_ms();
    Some(format!("{prefix}_{}", Ulid::from_parts(millis, u128::MAX)))
}

fn read(prefix: &str, text: &str) -> Option<Ulid> {
    let written = text.strip_prefix(prefix)?.strip_prefix('_')?;
    let ulid = written.parse::<Ulid>().ok()?;
    (ulid.to_string() == written).then_some(ulid)
}

/// An id that stands for an address without a user. It is longer than a user's id, so it is no user's.
pub(crate) fn nobody(address: &Digest) -> String {
    format!("nobody_{}", base16ct::lower::encode_string(address))
}
