//! The secret key and what is done with it: look-up digests, fingerprints, sealing, counters of requests and
//! failed logins, the audit trail's checkpoints, the secrets of webhooks.
//!
//! Each use has its own sub-key, derived by HKDF-SHA256 (RFC 5869), so that no output of one use can
//! stand in for another. Every stored artefact carries the id of its key; an id that is not in the
//! key ring fails closed.

use std::fmt;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    random::{self, Random, RandomError},
    token::Token,
};

/// HMAC-SHA256 output.
pub type Digest = [u8; 32];

const NONCE_BYTES: usize = 24;

/// A 32-byte secret key, as the sub-keys derived from it.
pub struct Key {
    id: String,
    digest: Hmac<Sha256>,
    fingerprint: Hmac<Sha256>,
    request: Hmac<Sha256>,
    address: Hmac<Sha256>,
    client: Hmac<Sha256>,
    credential: Hmac<Sha256>,
    mark: Hmac<Sha256>,
    retirement: Hmac<Sha256>,
    seal: XChaCha20Poly1305,
    cookie: XChaCha20Poly1305,
    challenge: Hmac<Sha256>,
    report: XChaCha20Poly1305,
    report_nonce: Hmac<Sha256>,
    webhook: XChaCha20Poly1305,
}

impl Key {
    /// Bytes in a key.
    pub const BYTES: usize = 32;

    /// Derives the sub-keys.
    #[must_use]
    pub fn new(secret: &[u8; Self::BYTES]) -> Self {
        let id: [u8; 8] = derive(secret, b"reset-password/v1/key-id");
        Self {
            id: base16ct::lower::encode_string(&id),
            digest: mac(secret, b"reset-password/v1/token-digest"),
            fingerprint: mac(secret, b"reset-password/v1/fingerprint"),
            request: mac(secret, b"reset-password/v1/request-identity"),
            address: mac(secret, b"reset-password/v1/request-address"),
            client: mac(secret, b"reset-password/v1/client-pseudonym"),
            credential: mac(secret, b"reset-password/v1/login-credential"),
            mark: mac(secret, b"reset-password/v1/audit-mark"),
            retirement: mac(secret, b"reset-password/v1/key-retirement"),
            seal: cipher(secret, b"reset-password/v1/seal"),
            cookie: cipher(secret, b"reset-password/v1/cookie"),
            challenge: mac(secret, b"reset-password/v1/page-challenge"),
            report: cipher(secret, b"reset-password/v1/report"),
            report_nonce: mac(secret, b"reset-password/v1/report-nonce"),
            webhook: cipher(secret, b"reset-password/v1/webhook-secret"),
        }
    }

    /// Reads a key written as 64 hexadecimal characters, white space around them ignored.
    ///
    /// # Errors
    ///
    /// `config_invalid` for any other form, and for a key of 32 equal bytes. The sentence names
    /// `source` (an option or a file), never the key.
    pub fn from_hex(text: &str, source: &str) -> Result<Self, Error> {
        let mut secret = Zeroizing::new([0; Self::BYTES]);
        let read = base16ct::mixed::decode(
            text.trim_start_matches('\u{feff}').trim(),
            secret.as_mut_slice(),
        );
        if read.map(<[u8]>::len) != Ok(Self::BYTES) {
            return Err(Error::config(format!(
                "the key in {source} must be 64 hexadecimal characters; make one with \
                 `openssl rand -hex 32`"
            )));
        }
        if secret.iter().all(|byte| Some(byte) == secret.first()) {
            return Err(Error::config(format!(
                "the key in {source} is not random; make one with `openssl rand -hex 32`"
            )));
        }
        Ok(Self::new(&secret))
    }

    /// A new key as 64 hexadecimal characters, for a key file.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the source of randomness fails.
    pub fn generate_hex(random: &dyn Random) -> Result<Zeroizing<String>, RandomError> {
        let secret: Zeroizing<[u8; Self::BYTES]> = random::bytes(random)?.into();
        Ok(Zeroizing::new(base16ct::lower::encode_string(
            secret.as_slice(),
        )))
    }

    /// The key's public name: 16 hexadecimal characters that say nothing of the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The digest that a token is found by. The purpose is part of it, so that a token made for
    /// something else is never found here.
    #[must_use]
    pub fn token_digest(&self, token: &Token) -> Digest {
        framed(&self.digest, &[crate::token::PURPOSE, token.as_bytes()])
    }

    /// The digest that requests for an address, and failed logins with it, are counted by.
    #[must_use]
    pub fn address_digest(&self, lookup: &str) -> Digest {
        framed(&self.address, &[lookup.as_bytes()])
    }

    /// What a client's address is called in the log and in the audit trail.
    #[must_use]
    pub fn client_digest(&self, address: &str) -> Digest {
        framed(&self.client, &[address.as_bytes()])
    }

    /// What failed logins are counted against: the stored hash, or that there is none.
    #[must_use]
    pub fn credential_digest(&self, password_hash: Option<&str>) -> Digest {
        let hash = password_hash.map(str::as_bytes);
        framed(&self.credential, hash.as_slice())
    }

    pub(crate) fn fingerprint(&self, fields: &[&[u8]]) -> Digest {
        framed(&self.fingerprint, fields)
    }

    /// What signs a checkpoint of the audit trail.
    pub(crate) fn checkpoint_digest(&self, fields: &[&[u8]]) -> Digest {
        framed(&self.mark, fields)
    }

    /// What signs that another key was replaced.
    pub(crate) fn retirement_digest(&self, fields: &[&[u8]]) -> Digest {
        framed(&self.retirement, fields)
    }

    /// What a repeated request is known by.
    pub(crate) fn request_digest(&self, fields: &[&[u8]]) -> Digest {
        framed(&self.request, fields)
    }

    /// Encrypts a token so that its link can be shown again while it lives.
    pub(crate) fn seal(
        &self,
        token: &Token,
        reset_id: &str,
        digest: &Digest,
        random: &dyn Random,
    ) -> Result<Vec<u8>, Error> {
        let data = self.associated_data(reset_id, digest);
        encrypt(&self.seal, token.as_bytes(), &data, random)
    }

    /// Reads a sealed token back; `None` if it was sealed for another row or has been altered.
    pub(crate) fn unseal(&self, sealed: &[u8], reset_id: &str, digest: &Digest) -> Option<Token> {
        let data = self.associated_data(reset_id, digest);
        let opened = decrypt(&self.seal, sealed, &data)?;
        let mut bytes = Zeroizing::new([0; Token::BYTES]);
        if opened.len() != Token::BYTES {
            return None;
        }
        bytes.copy_from_slice(&opened);
        Some(Token::from_bytes(bytes))
    }

    /// Encrypts what a page keeps in the browser, so that only this key reads it.
    ///
    /// # Errors
    ///
    /// `internal` when the source of randomness fails.
    pub fn seal_cookie(&self, content: &[u8], random: &dyn Random) -> Result<Vec<u8>, Error> {
        encrypt(&self.cookie, content, &[], random)
    }

    /// Reads what a page kept in the browser; `None` if it was kept under another key, or has been altered.
    #[must_use]
    pub fn unseal_cookie(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        decrypt(&self.cookie, sealed, &[])
    }

    /// What signs the challenge of a page's form.
    #[must_use]
    pub fn challenge_digest(&self, fields: &[&[u8]]) -> Digest {
        framed(&self.challenge, fields)
    }

    /// What a notice's link proves, for nobody but this service to read. The nonce is made of the content, which no two
    /// notices share: so a notice that is sent again brings the same link (RFC 5297, section 1.3.1, has the idea).
    ///
    /// # Errors
    ///
    /// `internal` for a content that is too long.
    pub(crate) fn seal_notice(&self, content: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = framed(&self.report_nonce, &[content]);
        let nonce = digest.first_chunk().unwrap_or(&[0; NONCE_BYTES]);
        encrypt_with(&self.report, content, &[], nonce)
    }

    /// Reads that; `None` if it was sealed under another key, or has been altered.
    pub(crate) fn unseal_notice(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        decrypt(&self.report, sealed, &[])
    }

    /// Encrypts the secret of an endpoint of webhooks.
    pub(crate) fn seal_webhook_secret(
        &self,
        secret: &SecretString,
        endpoint_id: &str,
        random: &dyn Random,
    ) -> Result<Vec<u8>, Error> {
        let data = joined(&[endpoint_id.as_bytes(), self.id.as_bytes()]);
        let secret = secret.expose_secret().as_bytes();
        encrypt(&self.webhook, secret, &data, random)
    }

    /// Reads the secret of an endpoint back; `None` if it was sealed for another endpoint or has been altered.
    pub(crate) fn unseal_webhook_secret(
        &self,
        sealed: &[u8],
        endpoint_id: &str,
    ) -> Option<SecretString> {
        let data = joined(&[endpoint_id.as_bytes(), self.id.as_bytes()]);
        let opened = decrypt(&self.webhook, sealed, &data)?;
        std::str::from_utf8(&opened).ok().map(SecretString::from)
    }

    fn associated_data(&self, reset_id: &str, digest: &Digest) -> Vec<u8> {
        joined(&[reset_id.as_bytes(), digest, self.id.as_bytes()])
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Whether two digests are equal, in a time that does not depend on where they differ: each pair of bytes is looked at,
/// whatever came of those before it.
#[must_use]
pub fn equal<T: ConstantTimeEq>(a: &[T; 32], b: &[T; 32]) -> bool {
    a[..].ct_eq(&b[..]).into()
}

/// The nonce, and behind it what only this key and this associated data open.
fn encrypt(
    cipher: &XChaCha20Poly1305,
    content: &[u8],
    data: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Error> {
    encrypt_with(cipher, content, data, &random::bytes(random)?)
}

fn encrypt_with(
    cipher: &XChaCha20Poly1305,
    content: &[u8],
    data: &[u8],
    nonce: &[u8; NONCE_BYTES],
) -> Result<Vec<u8>, Error> {
    let payload = Payload {
        msg: content,
        aad: data,
    };
    let sealed = cipher
        .encrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| Error::internal("nothing could be sealed"))?;
    Ok([&nonce[..], &sealed].concat())
}

fn decrypt(cipher: &XChaCha20Poly1305, sealed: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: sealed,
        aad: data,
    };
    let opened = cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
    Some(Zeroizing::new(opened))
}

fn cipher(secret: &[u8], label: &[u8]) -> XChaCha20Poly1305 {
    let key: Zeroizing<[u8; 32]> = derive(secret, label).into();
    XChaCha20Poly1305::new(key.as_slice().try_into().unwrap_or(&[0; 32].into()))
}

fn derive<const N: usize>(secret: &[u8], label: &[u8]) -> [u8; N] {
    let mut key = [0; N];
    // HKDF fails only for more than 8,160 bytes of output; this asks for 64 at the most.
    let _ = Hkdf::<Sha256>::new(None, secret).expand(label, &mut key);
    key
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn mac(secret: &[u8], label: &[u8]) -> Hmac<Sha256> {
    let key = Zeroizing::new(derive::<32>(secret, label));
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("any length will do")
}

/// Fields, each behind its length, so that no two lists of fields collide.
fn joined(fields: &[&[u8]]) -> Vec<u8> {
    let mut data = Vec::new();
    for field in fields {
        data.extend_from_slice(&length(field));
        data.extend_from_slice(field);
    }
    data
}

/// HMAC over fields, each behind its length, so that no two lists of fields collide.
fn framed(mac: &Hmac<Sha256>, fields: &[&[u8]]) -> Digest {
    let mut mac = mac.clone();
    for field in fields {
        mac.update(&length(field));
        mac.update(field);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn length(field: &[u8]) -> [u8; 8] {
    (field.len() as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use sha2::Digest as _;
    use subtle::Choice;

    use super::*;

    struct Counting;

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
            buffer.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
            Ok(())
        }
    }

    fn key(byte: u8) -> Key {
        let mut secret = [byte; 32];
        secret[0] ^= 1;
        Key::new(&secret)
    }

    #[test]
    fn a_sealed_token_opens_only_in_its_row() {
        let (key, token) = (key(7), Token::generate(&Counting).unwrap());
        let digest = key.token_digest(&token);
        let sealed = key
            .seal(&token, "password_reset_1", &digest, &Counting)
            .unwrap();
        let opened = key.unseal(&sealed, "password_reset_1", &digest).unwrap();
        assert_eq!(opened.as_bytes(), token.as_bytes());
        assert!(key.unseal(&sealed, "password_reset_2", &digest).is_none());
        assert!(key.unseal(&sealed, "password_reset_1", &[0; 32]).is_none());
        assert!(
            super::tests::key(8)
                .unseal(&sealed, "password_reset_1", &digest)
                .is_none()
        );
        for cut in 0..sealed.len() {
            assert!(
                key.unseal(&sealed[..cut], "password_reset_1", &digest)
                    .is_none()
            );
        }
    }

    #[test]
    fn sec62_a_webhook_secret_opens_for_its_endpoint_alone() {
        let (ours, others) = (key(7), key(8));
        let secret = SecretString::from("whsec_x");
        let sealed = ours
            .seal_webhook_secret(&secret, "we_1", &Counting)
            .unwrap();
        let opened = ours.unseal_webhook_secret(&sealed, "we_1").unwrap();
        assert_eq!(opened.expose_secret(), "whsec_x");
        assert!(ours.unseal_webhook_secret(&sealed, "we_2").is_none());
        assert!(others.unseal_webhook_secret(&sealed, "we_1").is_none());
        for cut in 0..sealed.len() {
            assert!(ours.unseal_webhook_secret(&sealed[..cut], "we_1").is_none());
        }
        assert!(!sealed.windows(7).any(|part| part == b"whsec_x"));
    }

    #[test]
    fn fields_do_not_run_together() {
        let key = key(7);
        assert_ne!(
            key.fingerprint(&[b"ab", b"c"]),
            key.fingerprint(&[b"a", b"bc"])
        );
        assert_ne!(key.fingerprint(&[b"ab"]), key.fingerprint(&[b"ab", b""]));
    }

    /// A byte that counts how often it is compared.
    struct Counted<'a>(u8, &'a Cell<u32>);

    impl ConstantTimeEq for Counted<'_> {
        fn ct_eq(&self, other: &Self) -> Choice {
            self.1.set(self.1.get() + 1);
            self.0.ct_eq(&other.0)
        }
    }

    /// Wherever two digests differ, all of their bytes are compared. With `RESET_PASSWORD_LONG` the time is
    /// measured too, beside a comparison that stops early, and reported.
    #[test]
    fn sec10_compare_constant_time() {
        let digest = key(7).address_digest("x");
        assert!(equal(&digest, &digest.clone()));
        let compared = Cell::new(0);
        for bit in 0..256 {
            let mut other = digest;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!equal(&digest, &other), "bit {bit} does not count");
            let [left, right] =
                [digest, other].map(|bytes| bytes.map(|byte| Counted(byte, &compared)));
            compared.set(0);
            assert!(!equal(&left, &right));
            assert_eq!(compared.get(), 32, "it stops at bit {bit}");
        }
        if std::env::var_os("RESET_PASSWORD_LONG").is_some() {
            let early = |a: &Digest, b: &Digest| a.iter().zip(b).all(|(a, b)| a == b);
            let (ours, control) = (welch_t(&digest, equal), welch_t(&digest, early));
            println!("largest |t|: ours {ours:.1}, a comparison that stops early {control:.1}");
            assert!(
                control > 4.5,
                "this would not have found the one that stops early"
            );
        }
    }

    /// What rows are looked up by is known to nobody without the key.
    #[test]
    fn sec10_look_ups_are_by_keyed_digests() {
        let token = Token::generate(&Counting).unwrap();
        let (ours, others) = (key(7).token_digest(&token), key(8).token_digest(&token));
        assert_ne!(ours, others);
        let plain: Digest = Sha256::digest(token.as_bytes()).into();
        let of_text: Digest = Sha256::digest(token.reveal().expose_secret().as_bytes()).into();
        assert!(ours != plain && ours != of_text);
        assert_ne!(key(7).address_digest("x"), key(8).address_digest("x"));
    }

    /// Welch's t between the times of "first byte wrong" and "last byte wrong", interleaved, the slowest
    /// tenth cropped.
    fn welch_t(digest: &Digest, compare: impl Fn(&Digest, &Digest) -> bool) -> f64 {
        let mut classes = [*digest, *digest];
        classes[0][0] ^= 1;
        classes[1][31] ^= 1;
        let mut times = [Vec::new(), Vec::new()];
        for n in 0..1_000_000_u32 {
            let class = ((n.wrapping_mul(0x9e37_79b9) >> 16) & 1) as usize;
            #[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
            let began = std::time::Instant::now();
            for _ in 0..16 {
                std::hint::black_box(compare(std::hint::black_box(digest), &classes[class]));
            }
            times[class].push(began.elapsed().as_secs_f64());
        }
        let moments = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times.truncate(times.len() * 9 / 10);
            let n = times.iter().map(|_| 1.0).sum::<f64>();
            let mean = times.iter().sum::<f64>() / n;
            (
                mean,
                times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0) / n,
            )
        });
        (moments[0].0 - moments[1].0).abs() / (moments[0].1 + moments[1].1).sqrt()
    }

    #[test]
    fn sub_keys_differ() {
        let key = key(7);
        let address = key.address_digest("x");
        assert_ne!(address, key.fingerprint(&[b"x"]));
        assert_ne!(address, key.client_digest("x"));
    }

    #[test]
    fn a_key_is_64_hexadecimal_characters() {
        let text = Key::generate_hex(&Counting).unwrap();
        assert_eq!(text.len(), 64);
        let key = Key::from_hex(&format!("  {}\n", *text), "key_file").unwrap();
        assert_eq!(key.id().len(), 16);
        assert!(!text.contains(key.id()));
        for bad in [
            "",
            "00",
            &"0".repeat(64),
            &"g1".repeat(32),
            &"é".repeat(32),
            &"+1".repeat(32),
        ] {
            let error = Key::from_hex(bad, "key_file").unwrap_err();
            assert!(error.message().contains("key_file"), "{error}");
        }
    }

    #[test]
    fn debug_shows_the_id_alone() {
        let text = format!("{:?}", key(0x5a));
        assert!(
            text.starts_with("Key { id: \"") && text.len() < 40,
            "{text}"
        );
    }
}
