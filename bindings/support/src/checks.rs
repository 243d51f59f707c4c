//! What every operation holds its host's arguments to before the engine sees them.

use std::collections::BTreeMap;

use reset_password::{Error, Order};
use secrecy::SecretString;

use crate::Text;

/// A limit. One that the engine's type cannot hold becomes one that the engine refuses.
pub(crate) fn limit(limit: Option<i64>) -> Option<u32> {
    limit.map(|limit| u32::try_from(limit).unwrap_or(if limit < 0 { 0 } else { u32::MAX }))
}

/// The text of an input field.
pub(crate) fn field(text: Option<Text>, name: &'static str) -> Result<Option<String>, Error> {
    text.map(|text| text.as_field(name).map(str::to_owned))
        .transpose()
}

/// A text that nothing is called by if it is not Unicode.
pub(crate) fn name(text: Option<Text>) -> Option<String> {
    text.map(|text| text.as_name().to_owned())
}

/// A new password.
pub(crate) fn password(text: Option<Text>) -> Result<Option<SecretString>, Error> {
    text.map(|text| text.as_password().map(Into::into))
        .transpose()
}

/// No hash is of anything but ASCII, so one that is not Unicode is refused as a hash.
pub(crate) fn hash(text: Option<Text>) -> Option<SecretString> {
    text.map(|text| text.as_name().into())
}

/// Which users come first.
pub(crate) fn order(text: Option<&Text>) -> Result<Order, Error> {
    match text.map(Text::as_name) {
        None | Some("desc") => Ok(Order::Desc),
        Some("asc") => Ok(Order::Asc),
        Some(_) => Err(Error::field(
            "order",
            "invalid",
            "order must be asc or desc",
        )),
    }
}

/// Free text by key.
pub(crate) fn metadata(
    pairs: Option<Vec<(Text, Text)>>,
) -> Result<Option<BTreeMap<String, String>>, Error> {
    let owned = |text: &Text| text.as_field("metadata").map(str::to_owned);
    let Some(pairs) = pairs else {
        return Ok(None);
    };
    let metadata = pairs
        .iter()
        .map(|(key, value)| Ok((owned(key)?, owned(value)?)))
        .collect::<Result<BTreeMap<_, _>, Error>>()?;
    if metadata.len() < pairs.len() {
        let message = "metadata must hold each key once";
        return Err(Error::field("metadata", "ambiguous", message));
    }
    Ok(Some(metadata))
}
