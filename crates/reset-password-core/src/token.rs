//! The token: 256 random bits, written as exactly 43 characters of base64url.

use base64ct::{Base64UrlUnpadded, Encoding};
use secrecy::{ExposeSecret, SecretString};
use serde::Serializer;
use zeroize::Zeroizing;

use crate::{
    invisible::is_default_ignorable,
    random::{Random, RandomError},
};

/// What these tokens are for; part of their digest and of their fingerprint.
pub(crate) const PURPOSE: &[u8] = b"password_reset";

/// Serialises a secret, for whoever asked for it.
pub(crate) fn expose<S: Serializer>(
    secret: &SecretString,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// The same where there may be none.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
pub(crate) fn expose_option<S: Serializer>(
    secret: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        None => serializer.serialize_none(),
        Some(secret) => expose(secret, serializer),
    }
}

/// The secret that a reset link carries. It says nothing of its account, its age or its purpose; the
/// row that its digest finds does.
pub struct Token(Zeroizing<[u8; Self::BYTES]>);

impl Token {
    /// Random bytes in a token. ASVS 11.5.1 asks for 16.
    pub const BYTES: usize = 32;
    /// Characters of its one textual form.
    pub const LENGTH: usize = 43;

    /// A new token.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the source of randomness fails.
    pub fn generate(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        random.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// Reads the one form that is accepted: 43 characters of the base64url alphabet, no padding, the
    /// two unused bits zero. Returns `None` for anything else, after bounded work.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != Self::LENGTH {
            return None;
        }
        let mut bytes = Zeroizing::new([0; Self::BYTES]);
        let decoded = Base64UrlUnpadded::decode(text, bytes.as_mut_slice()).ok()?;
        (decoded.len() == Self::BYTES).then_some(Self(bytes))
    }

    /// The same, as a person hands it on: white space around it is dropped, and what is invisible there, such as a
    /// mail program's.
    #[must_use]
    pub fn parse_pasted(text: &str) -> Option<Self> {
        Self::parse(text.trim_matches(|c: char| c.is_whitespace() || is_default_ignorable(c)))
    }

    /// The textual form, for the link.
    #[must_use]
    pub fn reveal(&self) -> SecretString {
        Base64UrlUnpadded::encode_string(self.as_bytes()).into()
    }

    pub(crate) fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; Self::BYTES]>) -> Self {
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::*;
    use crate::random::Os;
    use proptest::prelude::*;

    fn text(token: &Token) -> String {
        token.reveal().expose_secret().to_owned()
    }

    #[test]
    fn sec02_token_entropy() {
        const COUNT: usize = 100_000;
        let mut ones = [0_u32; 256];
        let mut seen = HashSet::with_capacity(COUNT);
        for _ in 0..COUNT {
            let text = text(&Token::generate(&Os).unwrap());
            let token = Token::parse(&text).unwrap();
            for (bit, ones) in ones.iter_mut().enumerate() {
                *ones += u32::from(token.as_bytes()[bit / 8] >> (bit % 8) & 1);
            }
            assert!(seen.insert(text), "a token came twice");
        }
        // ±5 standard deviations around half.
        for (bit, ones) in ones.into_iter().enumerate() {
            assert!(
                (49_200..=50_800).contains(&ones),
                "bit {bit} was set {ones} times"
            );
        }
    }

    /// No prefix, and nothing of the account or the time goes in: `generate` is given neither.
    #[test]
    fn sec03_token_is_opaque() {
        let tokens: HashSet<_> = (0..1_000)
            .map(|_| text(&Token::generate(&Os).unwrap()))
            .collect();
        assert_eq!(tokens.len(), 1_000);
        for token in &tokens {
            assert_eq!(token.len(), Token::LENGTH);
            assert!(
                token
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            );
        }
        let firsts: HashSet<_> = tokens.iter().map(|token| token[..2].to_owned()).collect();
        assert!(firsts.len() > 500, "the tokens share their beginnings");
    }

    #[test]
    fn sec04_parallel_unique() {
        let each = if std::env::var_os("RESET_PASSWORD_LONG").is_some() {
            20_000
        } else {
            2_000
        };
        let threads: Vec<_> = (0..64)
            .map(|_| {
                thread::spawn(move || {
                    (0..each)
                        .map(|_| text(&Token::generate(&Os).unwrap()))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut seen = HashSet::new();
        for token in threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
        {
            assert!(seen.insert(token), "a token came twice");
        }
        assert_eq!(seen.len(), 64 * each);
    }

    /// The clause on zero store queries is shown by the engine's tests.
    #[test]
    fn sec05_token_parser_strict() {
        let good = text(&Token::generate(&Os).unwrap());
        assert!(Token::parse(&good).is_some());
        let head = &good[..42];
        let mut accepted = 0;
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
            accepted += u32::from(Token::parse(&format!("{head}{last}")).is_some());
        }
        assert_eq!(
            accepted, 16,
            "only last characters with two zero bits are canonical"
        );
        for bad in [
            String::new(),
            head.to_owned(),
            format!("{good}="),
            format!("{good}A"),
            format!(" {head}"),
            format!("{head}\0"),
            format!("{head}\n"),
            format!("{head}+"),
            format!("{head}/"),
            format!("{head}="),
            format!("{}é", &good[..41]),
            format!("%41{}", &good[..40]),
            "A".repeat(1 << 20),
        ] {
            assert!(Token::parse(&bad).is_none(), "{} characters", bad.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(
            if std::env::var_os("RESET_PASSWORD_LONG").is_some() { 1_000_000 } else { 20_000 }
        ))]

        #[test]
        fn sec05_token_parser_never_panics(garbage in "\\PC{0,64}") {
            if let Some(token) = Token::parse(&garbage) {
                prop_assert_eq!(text(&token), garbage);
            }
        }

        #[test]
        fn sec05_token_has_one_form(garbage in "[A-Za-z0-9_-]{43}") {
            if let Some(token) = Token::parse(&garbage) {
                prop_assert_eq!(text(&token), garbage);
            }
        }
    }
}
