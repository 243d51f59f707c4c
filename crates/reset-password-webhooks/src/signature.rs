//! What shows a receiver that an event comes from here, and when it was sent.

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reset_password::{
    Timestamp,
    webhook::{SECRET_PREFIX, WebhookSecrets},
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Fewer octets of a secret sign nothing (the specification of Standard Webhooks has 24 to 64).
const LEAST_KEY: usize = 24;

/// The headers that an event is sent with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// `webhook-timestamp`: when it is sent, in seconds since 1970.
    pub(crate) timestamp: String,
    /// `webhook-signature`: of Standard Webhooks, one of each secret that signs.
    pub(crate) standard: String,
    /// `WorkOS-Signature`: the vendor's, of the oldest secret that signs, for it can name but one.
    pub(crate) vendor: String,
}

/// Signs a body that is sent now under that id; `None` if a secret has not the form of one.
pub(crate) fn sign(
    secrets: &WebhookSecrets,
    id: &str,
    body: &[u8],
    now: Timestamp,
) -> Option<Signed> {
    let millis = now.unix_millis().max(0);
    let timestamp = (millis / 1_000).to_string();
    let all = std::iter::once(&secrets.current).chain(&secrets.previous);
    let standard = all
        .map(|secret| {
            let key = key(secret)?;
            let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
            let signature = Base64::encode_string(&authenticate(&key, &parts)?);
            Some(format!("v1,{signature}"))
        })
        .collect::<Option<Vec<_>>>()?;
    // Who has not taken the new secret yet could not read one of it.
    let oldest = secrets.previous.as_ref().unwrap_or(&secrets.current);
    let oldest = oldest.expose_secret().as_bytes();
    let millis = millis.to_string();
    let vendor = authenticate(oldest, &[millis.as_bytes(), b".", body])?;
    let vendor = base16ct::lower::encode_string(&vendor);
    Some(Signed {
        standard: standard.join(" "),
        vendor: format!("t={millis}, v1={vendor}"),
        timestamp,
    })
}

/// The bytes that a secret stands for.
fn key(secret: &SecretString) -> Option<Zeroizing<Vec<u8>>> {
    let encoded = secret.expose_secret().strip_prefix(SECRET_PREFIX)?;
    let key = Zeroizing::new(Base64::decode_vec(encoded).ok()?);
    (key.len() >= LEAST_KEY).then_some(key)
}

fn authenticate(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_123);

    fn secret(byte: u8) -> SecretString {
        let encoded = Base64::encode_string(&[byte; 32]);
        format!("{SECRET_PREFIX}{encoded}").into()
    }

    fn of(current: u8, previous: Option<u8>) -> WebhookSecrets {
        WebhookSecrets {
            current: secret(current),
            previous: previous.map(secret),
        }
    }

    fn signed(secrets: &WebhookSecrets) -> Signed {
        sign(secrets, "event_1", b"{}", NOW).unwrap()
    }

    /// The example of the specification's own tests.
    #[test]
    fn sec62_the_specification_s_example_is_signed_as_there() {
        let secrets = WebhookSecrets {
            current: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
            previous: None,
        };
        let body = br#"{"test": 2432232314}"#;
        let now = Timestamp::from_unix_millis(1_614_265_330_000);
        let signed = sign(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", body, now).unwrap();
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed.standard, expected);
        assert_eq!(signed.timestamp, "1614265330");
    }

    #[test]
    fn sec62_body_time_and_id_are_signed() {
        let secrets = of(1, None);
        let first = signed(&secrets);
        assert!(first.vendor.starts_with("t=1800000000123, v1="));
        let other_body = sign(&secrets, "event_1", b"{ }", NOW).unwrap();
        assert!(other_body.standard.ne(&first.standard) && other_body.vendor.ne(&first.vendor));
        let later = Timestamp::from_unix_millis(NOW.unix_millis() + 1_000);
        let later = sign(&secrets, "event_1", b"{}", later).unwrap();
        assert!(later.standard.ne(&first.standard) && later.vendor.ne(&first.vendor));
        let other_id = sign(&secrets, "event_2", b"{}", NOW).unwrap();
        assert!(other_id.standard.ne(&first.standard));
    }

    #[test]
    fn sec62_both_secrets_sign_while_one_takes_the_place_of_the_other() {
        let (old, new) = (signed(&of(1, None)), signed(&of(2, None)));
        let both = signed(&of(2, Some(1)));
        assert_eq!(both.standard, format!("{} {}", new.standard, old.standard));
        assert_eq!(both.vendor, old.vendor);
    }

    #[test]
    fn what_is_no_secret_signs_nothing() {
        for text in ["", "whsec_", "secret", "whsec_!", "whsec_AAAA"] {
            let secrets = WebhookSecrets {
                current: text.into(),
                previous: None,
            };
            let signed = sign(&secrets, "event_1", b"{}", NOW);
            assert!(signed.is_none(), "{text}");
        }
    }
}
