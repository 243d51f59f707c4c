//! What a browser computes before it may ask for a link, so that asking for many costs something.
//!
//! A page brings a challenge: when it ends, and a signature over that and the visit. The browser looks for numbers whose
//! hashes, with the challenge and the address that was typed, are small. A proof is of use for one visit and one address,
//! until the challenge ends; for one address the engine makes few links anyway. So nobody has to remember which proofs were
//! used.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use reset_password::{Error, Timestamp, blocking::UserManagement};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{request::Form, visit::Visit};

/// Numbers in a proof. The more there are, the less the work differs from one time to the next.
const NUMBERS: u8 = 8;
/// Bytes of the moment at which a challenge ends.
const MOMENT: usize = 8;

/// How much is to be computed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProofOfWork {
    /// Hashes, on average.
    hashes: u32,
}

impl ProofOfWork {
    /// The work of so many hashes.
    pub(crate) fn new(hashes: u32) -> Result<Self, Error> {
        if !(1_000..=1_000_000).contains(&hashes) {
            return Err(Error::config(
                "pages_proof_of_work must be from 1,000 to 1,000,000 hashes",
            ));
        }
        Ok(Self { hashes })
    }

    /// What the first four bytes of a hash must be below.
    pub(crate) fn threshold(self) -> u32 {
        let threshold = (u64::from(NUMBERS) << 32) / u64::from(self.hashes);
        u32::try_from(threshold).unwrap_or(u32::MAX)
    }

    /// A challenge of this visit.
    pub(crate) fn challenge(engine: &UserManagement, visit: &Visit) -> String {
        let ends_at = engine.config().clock.now() + Visit::lasts(engine);
        let moment = ends_at.unix_millis().to_be_bytes();
        let signature = engine
            .keys()
            .current()
            .challenge_digest(&[&visit.name, &moment]);
        Base64UrlUnpadded::encode_string(&[&moment[..], &signature].concat())
    }

    /// Whether a form brings a challenge of this visit and the work for it. That takes a few microseconds, and
    /// reads no database.
    pub(crate) fn is_done(self, engine: &UserManagement, visit: &Visit, form: &Form) -> bool {
        let challenge = form.text("challenge");
        is_ours(engine, visit, challenge).unwrap_or(false)
            & self.is_proof(challenge, form.text("email"), form.text("proof"))
    }

    fn is_proof(self, challenge: &str, email: &str, proof: &str) -> bool {
        let seed = Sha256::digest(format!("{challenge}\n{email}"));
        let mut numbers = proof.split('.').map(str::parse::<u32>);
        let is_small = |place: u8| {
            let Some(Ok(number)) = numbers.next() else {
                return false;
            };
            let hash = Sha256::new()
                .chain_update(seed)
                .chain_update([place])
                .chain_update(number.to_be_bytes())
                .finalize();
            let first = hash.first_chunk().copied().unwrap_or([u8::MAX; 4]);
            u32::from_be_bytes(first) < self.threshold()
        };
        (0..NUMBERS).all(is_small) && numbers.next().is_none()
    }
}

/// Whether a challenge was made here for this visit and still lasts; `None` if it is none.
fn is_ours(engine: &UserManagement, visit: &Visit, challenge: &str) -> Option<bool> {
    let now = engine.config().clock.now();
    let challenge = Base64UrlUnpadded::decode_vec(challenge).ok()?;
    let (moment, signature) = challenge.split_first_chunk::<MOMENT>()?;
    let keys = engine.keys();
    let is_signed = keys.in_use(|| now).any(|key| {
        let expected = key.challenge_digest(&[&visit.name, moment]);
        expected.ct_eq(signature).into()
    });
    Some(is_signed && Timestamp::from_unix_millis(i64::from_be_bytes(*moment)) > now)
}
