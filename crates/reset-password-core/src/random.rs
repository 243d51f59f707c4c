//! Randomness: every secret comes from one source, and its failure ends the operation.

use thiserror::Error;

use crate::error::Error;

/// Where the engine takes secret bytes from: the operating system, in every build but tests.
pub trait Random: Send + Sync {
    /// Fills the buffer with bytes that nobody can guess.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the source fails; nothing else is ever used in its place.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError>;
}

/// The source of randomness failed.
#[derive(Debug, Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct RandomError(pub String);

impl From<RandomError> for Error {
    fn from(error: RandomError) -> Self {
        tracing::error!(%error, "no randomness; the operation was abandoned");
        Self::internal(error)
    }
}

/// So many random bytes.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// The operating system's randomness, for tests.
#[cfg(test)]
pub(crate) struct Os;

#[cfg(test)]
impl Random for Os {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(buffer).map_err(|error| RandomError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every hash draws its salt by this function.
    #[test]
    fn sec55_salts_are_unique() {
        let salts: HashSet<[u8; 16]> = (0..10_000).map(|_| bytes(&Os).unwrap()).collect();
        assert_eq!(salts.len(), 10_000);
    }
}
