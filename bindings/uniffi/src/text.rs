//! Texts on their way in.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use zeroize::Zeroizing;

/// A text as a host has it: UTF-16 code units, the low octet first. It may not be Unicode, and nothing is
/// replaced: whoever reads it refuses it. Wiped when dropped; the buffer in which uniffi brought it is not.
#[derive(Clone, PartialEq, Eq)]
pub struct InputText(Zeroizing<Vec<u8>>);

uniffi::custom_type!(InputText, Vec<u8>, {
    try_lift: |octets| {
        let text = InputText(Zeroizing::new(octets));
        if text.0.len().is_multiple_of(2) {
            Ok(text)
        } else {
            Err(uniffi::deps::anyhow::Error::msg("half a code unit"))
        }
    },
    lower: |text| text.0.to_vec(),
});

impl From<InputText> for reset_password_bindings::Text {
    fn from(text: InputText) -> Self {
        let (units, _) = text.0.as_chunks::<2>();
        let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        Self::from_utf16(&Zeroizing::new(units))
    }
}

impl Hash for InputText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_slice().hash(state);
    }
}

impl fmt::Debug for InputText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
