//! A text as a host has it.

use std::fmt;

use reset_password::{Error, password_not_unicode};
use zeroize::Zeroizing;

/// Most octets of a text that are looked at: what a caller sends takes bounded memory. Every bound of the engine
/// is far below.
const MOST_OCTETS: usize = 65_536;

/// Stands before and behind what is kept of a longer text. No white space is left at its ends to be dropped, so
/// that it stays too long for everything, whatever was cut off.
const MORE: char = '\u{FFFD}';

/// Stands for what is not Unicode where no such text can be right. It is never stored and never hashed.
const NOT_UNICODE: &str = "\u{FFFD}";

/// A text that a host gave. It may not be Unicode: many hosts let bytes and lone surrogates into their
/// strings. Nothing is replaced or dropped; what is not Unicode is refused by whoever reads it. Wiped
/// when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Option<Zeroizing<String>>);

impl Text {
    /// What a host has as bytes that should be UTF-8.
    #[must_use]
    pub fn from_utf8(bytes: &[u8]) -> Self {
        let Some(kept) = bytes
            .get(..MOST_OCTETS)
            .filter(|_| bytes.len() > MOST_OCTETS)
        else {
            let text = std::str::from_utf8(bytes).ok();
            return Self(text.map(|text| Zeroizing::new(text.to_owned())));
        };
        let text = match std::str::from_utf8(kept) {
            Ok(text) => Some(text),
            // The bound fell within a character.
            Err(error) if error.error_len().is_none() => kept
                .get(..error.valid_up_to())
                .and_then(|whole| std::str::from_utf8(whole).ok()),
            Err(_) => None,
        };
        Self(text.map(too_long))
    }

    /// What a host has as UTF-16.
    #[must_use]
    pub fn from_utf16(units: &[u16]) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(units.len().min(MOST_OCTETS) * 3));
        for character in char::decode_utf16(units.iter().copied()) {
            match character {
                Ok(_) if text.len() >= MOST_OCTETS => return Self(Some(too_long(&text))),
                Ok(character) => text.push(character),
                Err(_) => return Self(None),
            }
        }
        Self(Some(text))
    }

    /// A text that is not Unicode, where the host says so itself.
    #[must_use]
    pub const fn not_unicode() -> Self {
        Self(None)
    }

    /// The text where one that is not Unicode cannot be anything's name, such as a token or an id.
    pub(crate) fn as_name(&self) -> &str {
        forced_panic(self);
        self.0.as_ref().map_or(NOT_UNICODE, |text| text.as_str())
    }

    /// The text of an input field.
    ///
    /// # Errors
    ///
    /// `input_invalid` when it is not Unicode.
    pub(crate) fn as_field(&self, field: &'static str) -> Result<&str, Error> {
        forced_panic(self);
        self.0.as_ref().map(|text| text.as_str()).ok_or_else(|| {
            Error::field(field, "invalid", format!("{field} must be text in Unicode"))
        })
    }

    /// The value of an option.
    ///
    /// # Errors
    ///
    /// `config_invalid` when it is not Unicode.
    pub(crate) fn as_option(&self, option: &'static str) -> Result<&str, Error> {
        let not_text = || Error::config(format!("{option} must be text in Unicode"));
        self.0
            .as_ref()
            .map(|text| text.as_str())
            .ok_or_else(not_text)
    }

    /// A password.
    ///
    /// # Errors
    ///
    /// `password_rejected` with `password_invalid_characters` when it is not Unicode.
    pub(crate) fn as_password(&self) -> Result<&str, Error> {
        self.as_credential().ok_or_else(password_not_unicode)
    }

    /// A password of a login, which is wrong where it is not Unicode.
    pub(crate) fn as_credential(&self) -> Option<&str> {
        self.0.as_ref().map(|text| text.as_str())
    }
}

/// What is kept of a text of which there is more.
fn too_long(kept: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(kept.len() + 2 * MORE.len_utf8()));
    text.push(MORE);
    text.push_str(kept);
    text.push(MORE);
    text
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from_utf8(text.as_bytes())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// In a build with test hooks, the text `panic` where an id is wanted makes the call panic.
fn forced_panic(text: &Text) {
    #[cfg(feature = "test-hooks")]
    assert!(
        text.0.as_ref().is_none_or(|text| text.as_str() != "panic"),
        "a panic that a test asked for"
    );
    let _ = text;
}

#[cfg(test)]
mod tests {
    use reset_password::Code;

    use super::*;

    #[test]
    fn what_is_not_unicode_is_refused_by_whoever_reads_it() {
        for text in [
            Text::from_utf8(b"a\xFF"),
            Text::from_utf8(b"\xED\xA0\x80"),
            Text::from_utf8(b"\xC0\xAF"),
            Text::from_utf16(&[0x61, 0xD800]),
            Text::from_utf16(&[0xDC00, 0xD800]),
        ] {
            assert_eq!(text.as_name(), NOT_UNICODE);
            assert_eq!(
                text.as_field("email").unwrap_err().code(),
                Code::InputInvalid
            );
            assert_eq!(
                text.as_option("key_file").unwrap_err().code(),
                Code::ConfigInvalid
            );
            let refused = text.as_password().unwrap_err();
            assert_eq!(refused.errors()[0].code, "password_invalid_characters");
            assert!(text.as_credential().is_none());
        }
    }

    #[test]
    fn text_is_kept_as_it_is() {
        let typed = "a\0é\u{65}\u{301}\u{1F6A2}";
        let units: Vec<u16> = typed.encode_utf16().collect();
        for text in [Text::from(typed), Text::from_utf16(&units)] {
            assert_eq!(text.as_name(), typed);
            assert_eq!(text.as_password().unwrap(), typed);
        }
    }

    #[test]
    fn no_more_than_a_bound_is_kept_and_no_character_is_cut_in_two() {
        for (character, width) in [("a", 1), ("é", 2), ("€", 3), ("\u{1F6A2}", 4)] {
            for before in ["", "x", "xx", "xxx"] {
                let long = format!("{before}{}", character.repeat(70_000));
                let units: Vec<u16> = long.encode_utf16().collect();
                for text in [Text::from(long.as_str()), Text::from_utf16(&units)] {
                    let kept = text.as_field("email").unwrap().len() - 2 * MORE.len_utf8();
                    assert!(
                        (MOST_OCTETS - width..MOST_OCTETS + width).contains(&kept),
                        "{character} {before} {kept}"
                    );
                }
            }
        }
        let damaged = [vec![b'a'; MOST_OCTETS - 10], vec![0xFF; 20]].concat();
        assert!(Text::from_utf8(&damaged).as_field("email").is_err());
    }

    #[test]
    fn what_is_too_long_is_never_taken_for_its_beginning() {
        let blanks = " ".repeat(70_000);
        for long in [
            format!("victim@example.com{blanks},eve@example.com"),
            format!("{blanks}victim@example.com"),
            format!("victim@example.com{blanks}"),
        ] {
            let units: Vec<u16> = long.encode_utf16().collect();
            for text in [Text::from(long.as_str()), Text::from_utf16(&units)] {
                assert!(text.as_name().trim().len() > MOST_OCTETS);
            }
        }
        let longest = "a".repeat(MOST_OCTETS);
        assert_eq!(Text::from(longest.as_str()).as_name(), longest);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Text::from("secret")), "[redacted]");
    }
}
