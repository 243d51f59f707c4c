//! The cost of our own hashes.

use super::limits::{MAX_ITERATIONS, MAX_MEMORY_KIB};
use crate::error::Error;

/// Memory and passes of our own Argon2id (version 19, one lane).
///
/// One lane, because more would start threads, and a forked PHP, Ruby or Python worker has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Params {
    memory_kib: u32,
    iterations: u32,
}

impl Argon2Params {
    /// 64 MiB and three passes: the second choice of RFC 9106 section 4, on one lane.
    pub const DEFAULT: Self = Self {
        memory_kib: 65_536,
        iterations: 3,
    };

    /// Parameters that OWASP approves for one lane (ASVS 5.0 appendix C, Password Storage Cheat
    /// Sheet): 1 pass over 46 MiB, 2 over 19 MiB, or 3 and more over 12 MiB, or anything above. More
    /// than three passes do not buy less memory here.
    ///
    /// # Errors
    ///
    /// `config_invalid` below those, or over 1 GiB or 16 passes; it says what to set.
    pub fn new(memory_kib: u32, iterations: u32) -> Result<Self, Error> {
        let least = match iterations {
            0 => return Err(Error::config("argon2_iterations must be at least 1")),
            1 => 47_104,
            2 => 19_456,
            _ => 12_288,
        };
        if iterations > MAX_ITERATIONS {
            return Err(Error::config(format!(
                "argon2_iterations must be at most {MAX_ITERATIONS}; raise argon2_memory_kib instead"
            )));
        }
        if memory_kib < least {
            return Err(Error::config(format!(
                "argon2_memory_kib must be at least {least} when argon2_iterations is {iterations}"
            )));
        }
        if memory_kib > MAX_MEMORY_KIB {
            return Err(Error::config(format!(
                "argon2_memory_kib must be at most {MAX_MEMORY_KIB}"
            )));
        }
        Ok(Self {
            memory_kib,
            iterations,
        })
    }

    /// Working memory of one hash, in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over that memory.
    #[must_use]
    pub const fn iterations(self) -> u32 {
        self.iterations
    }
}

impl Default for Argon2Params {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn sec55_every_floor_is_accepted() {
        for (memory_kib, iterations) in [
            (47_104, 1),
            (19_456, 2),
            (12_288, 3),
            (12_288, 4),
            (12_288, 16),
            (1 << 20, 16),
        ] {
            let params = Argon2Params::new(memory_kib, iterations).unwrap();
            assert_eq!(
                (params.memory_kib(), params.iterations()),
                (memory_kib, iterations)
            );
        }
        let default = Argon2Params::DEFAULT;
        assert_eq!(Argon2Params::new(65_536, 3).unwrap(), default);
        assert_eq!(Argon2Params::default(), default);
    }

    #[test]
    fn sec55_nothing_outside_is_accepted() {
        for (memory_kib, iterations) in [
            (65_536, 0),
            (47_103, 1),
            (19_455, 2),
            (12_287, 3),
            (9_216, 4),
            (7_168, 5),
            (65_536, 17),
            (65_536, u32::MAX),
            ((1 << 20) + 1, 1),
            (u32::MAX, 3),
            (0, 3),
        ] {
            let error = Argon2Params::new(memory_kib, iterations).unwrap_err();
            assert_eq!(error.code(), Code::ConfigInvalid);
            assert!(error.message().contains("must be at "), "{error}");
        }
    }
}
