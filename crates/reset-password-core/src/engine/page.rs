//! The bounds of a page.

use crate::error::Error;

/// Refuses a limit that is not from 1 to `most`.
pub(super) fn check_limit(limit: u32, most: u32) -> Result<(), Error> {
    if (1..=most).contains(&limit) {
        return Ok(());
    }
    Err(Error::field(
        "limit",
        "invalid",
        format!("limit must be from 1 to {most}"),
    ))
}

/// Cuts a page to its limit; says whether there was more.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}
