//! Firebase's scrypt: the project's signer key, encrypted under what scrypt makes of the password.

use aes::{
    Aes256,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    Arena, HashError,
    romix::{self, Costs},
    scrypt, text,
};

/// Bytes of what scrypt makes that are the key.
const KEY: usize = 32;
const SIGNER_KEY: usize = 64;

/// A stored hash of Firebase's.
pub(super) struct Stored {
    costs: Costs,
    salt: Vec<u8>,
    signer_key: Zeroizing<Vec<u8>>,
    tag: Vec<u8>,
}

impl Stored {
    /// `$firebase-scrypt$sk=…,ss=…,r=8,m=14$salt$hash`, in any order, as WorkOS documents it: the signer key and the
    /// separator of salts in base64, rounds, and log₂ of the memory.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let ["", "firebase-scrypt", parameters, salt, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let [Some(signer_key), Some(separator), Some(r), Some(log_n)] =
            text::named(parameters, ["sk", "ss", "r", "m"])?
        else {
            return Err(HashError::Malformed);
        };
        let mut salt = text::salt(text::phc_base64(salt)?)?;
        salt.extend(text::phc_base64(separator)?);
        let costs = scrypt::costs(text::decimal(log_n)?, text::decimal(r)?, 1)?;
        let signer_key = text::exactly(SIGNER_KEY, text::phc_base64(signer_key)?)?;
        Ok(Self {
            costs,
            salt,
            signer_key: Zeroizing::new(signer_key),
            tag: text::exactly(SIGNER_KEY, text::phc_base64(tag)?)?,
        })
    }

    pub(super) fn memory_kib(&self) -> u32 {
        scrypt::memory_kib(self.costs)
    }

    /// The arena is emptied first, so that its memory and this do not add up.
    pub(super) fn verify(&self, arena: &mut Arena, password: &[u8]) -> Result<bool, HashError> {
        arena.release();
        let mut key = Zeroizing::new(vec![0; 2 * KEY]);
        romix::derive(self.costs, password, &self.salt, &mut key)?;
        let key = key.get(..KEY).ok_or(HashError::Failed)?;
        let cipher = Aes256::new_from_slice(key).map_err(|_| HashError::Failed)?;
        let mut tag = self.signer_key.clone();
        // Counter mode, from zero on: the key is used for these four blocks alone.
        for (counter, block) in (0_u128..).zip(tag.chunks_mut(16)) {
            let mut stream = Zeroizing::new(counter.to_be_bytes());
            cipher.encrypt_block((&mut *stream).into());
            for (byte, with) in block.iter_mut().zip(*stream) {
                *byte ^= with;
            }
        }
        Ok(tag.ct_eq(&self.tag).into())
    }
}
