//! What Argon2 is told.

use std::fmt::Write as _;

use argon2::{Algorithm, Version};
use base64ct::{Base64Unpadded, Encoding as _};

use super::{Arena, Argon2Params, HashError};

/// A way to compute our own form.
pub(super) type Compute = fn(&Recipe, &mut Arena, &[u8], &[u8], &mut [u8]) -> Result<(), HashError>;

/// Everything that Argon2 is told besides password and salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) algorithm: Algorithm,
    pub(super) version: Version,
    pub(super) memory_kib: u32,
    pub(super) iterations: u32,
    pub(super) lanes: u32,
}

impl Recipe {
    pub(super) const fn ours(params: Argon2Params) -> Self {
        Self::of_cost(params.memory_kib(), params.iterations())
    }

    /// Our own form at any cost.
    pub(super) const fn of_cost(memory_kib: u32, iterations: u32) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            memory_kib,
            iterations,
            lanes: 1,
        }
    }

    /// Whether it differs from what we write by its cost at most.
    pub(super) fn is_ours(&self) -> bool {
        self.algorithm == Algorithm::Argon2id && self.version == Version::V0x13 && self.lanes == 1
    }

    /// The PHC string of a hash by this recipe.
    pub(super) fn to_phc(self, salt: &[u8], tag: &[u8]) -> String {
        let Self {
            algorithm,
            version,
            memory_kib,
            iterations,
            lanes,
        } = self;
        let (name, version) = (algorithm.as_str(), u32::from(version));
        let mut text = String::with_capacity(128);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "${name}$v={version}$m={memory_kib},t={iterations},p={lanes}"
        );
        for part in [salt, tag] {
            text.push('$');
            text.push_str(&Base64Unpadded::encode_string(part));
        }
        text
    }
}
