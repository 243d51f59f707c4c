//! The pieces that hash strings are made of.

use base64ct::{Base64Unpadded, Encoding};

use super::HashError;

/// No real scheme stores a shorter tag; a very short one would match many passwords.
const MIN_TAG: usize = 16;
const MAX_TAG: usize = 512;
const MAX_SALT: usize = 256;

/// Splits at `$` into exactly so many fields.
pub(super) fn fields<const N: usize>(text: &str) -> Result<[&str; N], HashError> {
    parts(text, '$')
}

/// Splits into exactly so many parts.
pub(super) fn parts<const N: usize>(text: &str, at: char) -> Result<[&str; N], HashError> {
    let mut parts = text.split(at);
    let mut fields = [""; N];
    for field in &mut fields {
        *field = parts.next().ok_or(HashError::Malformed)?;
    }
    if parts.next().is_some() {
        Err(HashError::Malformed)
    } else {
        Ok(fields)
    }
}

/// The numbers of a `name=number,…` list, in the order of `names` and not of the list. A name may be
/// missing; one that is not expected (Argon2's `keyid` and `data`) or comes twice is refused.
pub(super) fn parameters<const N: usize>(
    list: &str,
    names: [&str; N],
) -> Result<[Option<u32>; N], HashError> {
    let mut numbers = [None; N];
    for (number, text) in numbers.iter_mut().zip(named(list, names)?) {
        *number = text.map(decimal).transpose()?;
    }
    Ok(numbers)
}

/// The same, of texts.
pub(super) fn named<'a, const N: usize>(
    list: &'a str,
    names: [&str; N],
) -> Result<[Option<&'a str>; N], HashError> {
    let mut texts = [None; N];
    for pair in list.split(',') {
        let (name, text) = pair.split_once('=').ok_or(HashError::Malformed)?;
        let (_, slot) = names
            .iter()
            .zip(&mut texts)
            .find(|(known, _)| **known == name)
            .ok_or(HashError::Unsupported)?;
        if slot.replace(text).is_some() {
            return Err(HashError::Malformed);
        }
    }
    Ok(texts)
}

/// A decimal number without sign or leading zeros, as the PHC format wants it.
pub(super) fn decimal(text: &str) -> Result<u32, HashError> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.is_empty()
        && (text == "0" || !text.starts_with('0'));
    if !canonical {
        return Err(HashError::Malformed);
    }
    // What is left to go wrong is a number that is too large.
    text.parse().map_err(|_| HashError::TooCostly)
}

/// Bytes written as hexadecimal digits.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, HashError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut digits = text
        .chars()
        .map(|digit| digit.to_digit(16).ok_or(HashError::Malformed));
    while let Some(high) = digits.next() {
        let low = digits.next().ok_or(HashError::Malformed)??;
        bytes.push(u8::try_from(high? << 4 | low).map_err(|_| HashError::Malformed)?);
    }
    Ok(bytes)
}

/// Bytes in one of the many alphabets of base64.
pub(super) fn base64<E: Encoding>(text: &str) -> Result<Vec<u8>, HashError> {
    E::decode_vec(text).map_err(|_| HashError::Malformed)
}

/// Bytes in the base64 of a PHC string. It has no padding; writers that leave theirs on mean the same.
pub(super) fn phc_base64(text: &str) -> Result<Vec<u8>, HashError> {
    let bare = text.trim_end_matches('=');
    let is_padded =
        text.len() > bare.len() && text.len() - bare.len() <= 2 && text.len().is_multiple_of(4);
    if is_padded || bare == text {
        base64::<Base64Unpadded>(bare)
    } else {
        Err(HashError::Malformed)
    }
}

/// A salt of sensible length.
pub(super) fn salt(bytes: Vec<u8>) -> Result<Vec<u8>, HashError> {
    if (1..=MAX_SALT).contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err(HashError::Malformed)
    }
}

/// A tag of sensible length.
pub(super) fn tag(bytes: Vec<u8>) -> Result<Vec<u8>, HashError> {
    if (MIN_TAG..=MAX_TAG).contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err(HashError::Malformed)
    }
}

/// A tag in a form that always has the same length, so that one cut short is noticed.
pub(super) fn exactly(length: usize, tag: Vec<u8>) -> Result<Vec<u8>, HashError> {
    if tag.len() == length {
        Ok(tag)
    } else {
        Err(HashError::Malformed)
    }
}

/// A tag of the length that the text tells of it, if it does.
pub(super) fn of_length(told: Option<u32>, tag: Vec<u8>) -> Result<Vec<u8>, HashError> {
    match told {
        Some(length) => exactly(usize::try_from(length).unwrap_or(usize::MAX), tag),
        None => Ok(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted() {
        assert_eq!(fields("a$b$"), Ok(["a", "b", ""]));
        assert_eq!(fields::<2>("a"), Err(HashError::Malformed));
        assert_eq!(fields::<2>("a$b$c"), Err(HashError::Malformed));
    }

    #[test]
    fn parameters_come_in_any_order_and_once() {
        assert_eq!(
            parameters("b=2,a=1", ["a", "b", "c"]),
            Ok([Some(1), Some(2), None])
        );
        assert_eq!(parameters("a=1,a=1", ["a"]), Err(HashError::Malformed));
        assert_eq!(parameters("a=1,", ["a"]), Err(HashError::Malformed));
        assert_eq!(parameters("a", ["a"]), Err(HashError::Malformed));
        assert_eq!(
            parameters("a=1,data=AA", ["a"]),
            Err(HashError::Unsupported)
        );
    }

    #[test]
    fn decimals_are_canonical() {
        assert_eq!((decimal("0"), decimal("4294967295")), (Ok(0), Ok(u32::MAX)));
        assert_eq!(decimal("4294967296"), Err(HashError::TooCostly));
        assert_eq!(decimal(&"9".repeat(500)), Err(HashError::TooCostly));
        for text in ["", "+1", "-1", "01", "00", "1 ", "1_0", "0x1", "١"] {
            assert_eq!(decimal(text), Err(HashError::Malformed), "{text}");
        }
    }

    #[test]
    fn hexadecimal_comes_in_pairs() {
        assert_eq!(hex("00fFa5"), Ok(vec![0, 255, 165]));
        for text in ["0", "0g", "+f", "zz", "é0"] {
            assert_eq!(hex(text), Err(HashError::Malformed), "{text}");
        }
    }
}
