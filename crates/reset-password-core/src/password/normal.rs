//! The forms a password takes: the one that is hashed, and those in which it is compared.
//!
//! What is hashed is NFC and nothing more (NIST SP 800-63B-4 §3.1.1.2, RFC 8265): no trimming, no
//! case folding, no compatibility mapping. What is compared with lists and names is folded as far as
//! an attacker's rules fold it, and never hashed.

use std::fmt;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

/// A password in the form that is hashed, wiped from memory on drop: NFC, otherwise as typed.
///
/// There is no `Display`, `Clone` or `Serialize`, and `Debug` shows nothing of it.
pub struct NormalizedPassword(Zeroizing<String>);

impl NormalizedPassword {
    /// The NFC form of any text, judged by no policy: for verifying a password that was once set.
    ///
    /// The work grows with the text, so callers that take it from outside bound its length first.
    #[must_use]
    pub fn of_any(password: &str) -> Self {
        if is_nfc(password) {
            return Self(Zeroizing::new(password.to_owned()));
        }
        // NFC makes UTF-8 at most three times as long (UAX #15), so the buffer never moves and leaves
        // no copy behind that would not be wiped.
        let mut form = Zeroizing::new(String::with_capacity(password.len().saturating_mul(3)));
        form.extend(password.nfc());
        Self(form)
    }

    /// A password as it was typed, where another system's login hashes it so.
    #[must_use]
    pub fn as_typed(password: &str) -> Self {
        Self(Zeroizing::new(password.to_owned()))
    }

    /// The bytes to hash, all of them: a NUL in the middle is a character like any other.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The same as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NormalizedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The characters by which a password is looked up in lists: NFKC, without case.
///
/// Case goes by way of upper case and back, character by character. That is Unicode's full case
/// folding (`ß` and `ẞ` are `ss`, `ſ` is `s`, both small sigmas are one) without another crate, except
/// for a few letters that it merges further, such as dotless `ı` with `i`. A block list may err so.
pub(super) fn comparison_key(text: &str) -> Zeroizing<Vec<char>> {
    // NFKC makes at most 18 characters of three bytes (U+FDFA), so the buffer never moves.
    let mut key = Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(6)));
    let lower = text.nfkc().flat_map(char::to_lowercase);
    key.extend(
        lower
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .nfkc(),
    );
    key
}

/// The comparison key without accents: how names, addresses and passwords made of them are compared.
pub(super) fn skeleton(text: &str) -> Zeroizing<Vec<char>> {
    let key = comparison_key(text);
    let mut skeleton = Zeroizing::new(Vec::with_capacity(key.len().saturating_mul(4)));
    skeleton.extend(key.iter().copied().nfd().filter(|c| !is_accent(*c)));
    skeleton
}

/// Only the accents of Latin, Greek and Cyrillic: in other scripts a mark is a vowel.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The letters that a digit or symbol stands for in "leet" spelling.
pub(super) const fn leet(c: char) -> &'static [char] {
    match c {
        '!' | '1' | '|' => &['i', 'l'],
        '$' | '5' => &['s'],
        '(' | '<' => &['c'],
        '+' | '7' => &['t'],
        '0' => &['o'],
        '2' => &['z'],
        '3' | '€' => &['e'],
        '4' | '@' => &['a'],
        '6' => &['b', 'g'],
        '8' => &['b'],
        '9' => &['g'],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashed(password: &str) -> Vec<u8> {
        NormalizedPassword::of_any(password).as_bytes().to_vec()
    }

    fn text(chars: &[char]) -> String {
        chars.iter().collect()
    }

    // The hashing, the record of the form (`nfc`, `raw`) and the hint on the page are tested where they live.
    #[test]
    fn sec47_nfc_makes_canonical_equals_one() {
        assert_eq!(hashed("\u{E9}"), hashed("e\u{301}"));
        assert_eq!(hashed("\u{212B}"), hashed("\u{C5}"));
        assert_eq!(hashed("\u{1112}\u{1161}\u{11AB}"), hashed("한"));
    }

    #[test]
    fn sec47_nfc_keeps_compatibility_equals_apart() {
        for (typed, lookalike) in [
            ("ﬁ", "fi"),
            ("ａ", "a"),
            ("ſ", "s"),
            ("A", "a"),
            (" a", "a"),
        ] {
            assert_ne!(hashed(typed), hashed(lookalike), "{typed}");
            assert_eq!(hashed(typed), typed.as_bytes(), "{typed}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", NormalizedPassword::of_any("secret")),
            "[redacted]"
        );
    }

    #[test]
    fn keys_forget_case_and_width() {
        for (typed, key) in [
            ("PassWord", "password"),
            ("ｐａｓｓｗｏｒｄ", "password"),
            ("STRASSE straße STRAẞE", "strasse strasse strasse"),
            ("Όδυσσεύς ὈΔΥΣΣΕΎΣ", "όδυσσεύσ ὀδυσσεύσ"),
            ("ſecret", "secret"),
            ("Cafe\u{301}", "caf\u{E9}"),
        ] {
            assert_eq!(text(&comparison_key(typed)), key);
        }
        assert_eq!(text(&skeleton("Zoë Ångström")), "zoe angstrom");
        assert_eq!(text(&skeleton("ヴ")), "ウ\u{3099}");
    }

    proptest! {
        #[test]
        fn forms_are_stable(password in any::<String>()) {
            let once = NormalizedPassword::of_any(&password);
            prop_assert!(once.as_bytes().len() <= 3 * password.len());
            prop_assert_eq!(hashed(once.as_str()), once.as_bytes());
            prop_assert_eq!(comparison_key(once.as_str()), comparison_key(&password));
        }
    }
}
