//! scrypt (RFC 7914), over memory that is wiped.
//!
//! The `scrypt` crate allocates its memory itself, ends the process when there is none, and frees it as
//! it is. Salsa20/8 and PBKDF2 come from their crates; only the mixing is here, and the tests hold it
//! against that crate.

use std::mem;

use hmac::Hmac;
use salsa20::{
    SalsaCore,
    cipher::{StreamCipherCore as _, typenum::U4},
};
use sha2::Sha256;

use super::{HashError, scratch::Scratch};

/// What Salsa20 works on: 64 bytes as little-endian words.
type Block = [u32; 16];

/// The costs, checked by the caller: `n` a power of two over 1, `r` and `p` over 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Costs {
    pub(super) n: u32,
    pub(super) r: u32,
    pub(super) p: u32,
}

impl Costs {
    /// All the memory that [`derive`] takes, in bytes: the table, the lanes and two rows.
    pub(super) const fn memory(self) -> u64 {
        let (n, r, p) = (self.n as u64, self.r as u64, self.p as u64);
        (n + p + 2).saturating_mul(128 * r)
    }
}

/// Fills `tag`.
pub(super) fn derive(
    costs: Costs,
    password: &[u8],
    salt: &[u8],
    tag: &mut [u8],
) -> Result<(), HashError> {
    let size = |value: u32| usize::try_from(value).map_err(|_| HashError::Failed);
    let (n, r, p) = (size(costs.n)?, size(costs.r)?, size(costs.p)?);
    let mut lanes = Scratch::<u8>::zeroed(128 * r * p)?;
    let mut table = Scratch::<Block>::zeroed(2 * r * n)?;
    let mut row = Scratch::<Block>::zeroed(2 * r)?;
    let mut spare = Scratch::<Block>::zeroed(2 * r)?;

    ::pbkdf2::pbkdf2::<Hmac<Sha256>>(password, salt, 1, &mut lanes)
        .map_err(|_| HashError::Failed)?;
    for lane in lanes.chunks_exact_mut(128 * r) {
        for (word, bytes) in row.as_flattened_mut().iter_mut().zip(lane.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        mix(&mut table, &mut row, &mut spare);
        for (word, bytes) in row.as_flattened().iter().zip(lane.as_chunks_mut().0) {
            *bytes = word.to_le_bytes();
        }
    }
    ::pbkdf2::pbkdf2::<Hmac<Sha256>>(password, &lanes, 1, tag).map_err(|_| HashError::Failed)
}

/// `scryptROMix`, section 5. `table` has room for a power of two of rows.
fn mix(table: &mut [Block], row: &mut [Block], spare: &mut [Block]) {
    let width = row.len();
    let rows = table.len() / width;
    let (mut row, mut spare) = (row, spare);
    for entry in table.chunks_exact_mut(width) {
        entry.copy_from_slice(row);
        mix_blocks(row, spare);
        mem::swap(&mut row, &mut spare);
    }
    for _ in 0..rows {
        let choice = row
            .last()
            .and_then(|last| last.first())
            .copied()
            .unwrap_or_default();
        let chosen = choice as usize & (rows - 1);
        let entry = table
            .get(chosen * width..(chosen + 1) * width)
            .unwrap_or_default();
        for (word, other) in row.as_flattened_mut().iter_mut().zip(entry.as_flattened()) {
            *word ^= other;
        }
        mix_blocks(row, spare);
        mem::swap(&mut row, &mut spare);
    }
    // `rows` swaps twice is an even number, so the result is in the caller's `row`.
}

/// `scryptBlockMix`, section 4: the blocks at even places go to the first half, the others to the
/// second.
fn mix_blocks(from: &[Block], to: &mut [Block]) {
    let (evens, odds) = to.split_at_mut(from.len() / 2);
    let mut carry = from.last().copied().unwrap_or_default();
    for (([even, odd], to_even), to_odd) in from.as_chunks().0.iter().zip(evens).zip(odds) {
        for (block, to) in [(even, to_even), (odd, to_odd)] {
            for (word, other) in carry.iter_mut().zip(block) {
                *word ^= other;
            }
            carry = salsa20_8(carry);
            *to = carry;
        }
    }
}

fn salsa20_8(input: Block) -> Block {
    let mut bytes = [0; 64];
    SalsaCore::<U4>::from_raw_state(input).write_keystream_block((&mut bytes).into());
    let mut output = Block::default();
    for (word, bytes) in output.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    output
}

#[cfg(test)]
mod tests {
    use proptest::{
        collection::vec,
        prelude::{ProptestConfig, any, prop_assert_eq, proptest},
    };

    use super::{super::scratch::audit, *};
    use crate::password::hash::{tests::cases, text};

    #[test]
    fn sec57_scrypt_answers_rfc_7914() {
        // Section 12, without the vector that takes 1 GiB.
        for (password, salt, (n, r, p), expected) in [
            (
                "",
                "",
                (16, 1, 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
                 fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
            ),
            (
                "password",
                "NaCl",
                (1024, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                 2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                (16384, 8, 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                 d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ] {
            let mut tag = [0; 64];
            derive(
                Costs { n, r, p },
                password.as_bytes(),
                salt.as_bytes(),
                &mut tag,
            )
            .unwrap();
            assert_eq!(tag.to_vec(), text::hex(expected).unwrap());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(48, 1000)))]

        #[test]
        fn sec57_scrypt_is_the_same_in_rustcrypto(
            log_n in 1_u8..9,
            r in 1_u32..9,
            p in 1_u32..5,
            password in vec(any::<u8>(), 0..100),
            salt in vec(any::<u8>(), 0..40),
            length in 16_usize..100,
        ) {
            let (mut left, mut right) = (vec![0; length], vec![0; length]);
            derive(Costs { n: 1 << log_n, r, p }, &password, &salt, &mut left).unwrap();
            let params = ::scrypt::Params::new(log_n, r, p).unwrap();
            ::scrypt::scrypt(&password, &salt, &params, &mut right).unwrap();
            prop_assert_eq!(left, right);
        }
    }

    #[test]
    fn sec105_scrypt_memory_wiped() {
        audit::take();
        derive(
            Costs { n: 16, r: 2, p: 2 },
            b"password",
            b"salt",
            &mut [0; 32],
        )
        .unwrap();
        assert_eq!(audit::take(), (4, 4));
    }
}
