//! The memory in which our own hashes are computed.

use argon2_rust::{Algorithm, Argon2, Hasher, Params, Version};

/// Working memory for one hash at a time: made on first use, kept, and wiped after each hash.
///
/// Whoever hashes owns one. It grows to the largest hash that it has served.
#[derive(Debug)]
pub struct Arena {
    hasher: Hasher,
}

impl Arena {
    /// An arena that holds no memory yet.
    #[must_use]
    pub fn new() -> Self {
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT).hasher();
        Self { hasher }
    }

    /// The memory that is kept for the next hash, in KiB.
    #[must_use]
    pub fn reserved_kib(&self) -> usize {
        self.hasher.reserved_blocks()
    }

    /// Gives the memory back to the operating system. The next hash takes it anew.
    pub fn release(&mut self) {
        self.hasher.clear();
    }

    /// Argon2id, version 19, one lane, over this memory.
    pub(super) fn hasher(&mut self, params: Params) -> &mut Hasher {
        self.hasher
            .set_argon2(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
        &mut self.hasher
    }
}

impl Default for Arena {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_on_first_use_and_kept() {
        let mut arena = Arena::new();
        assert_eq!(arena.reserved_kib(), 0);
        let params = argon2_rust::params::ParamsBuilder::DEFAULT
            .memory(argon2_rust::params::Memory::kib(64))
            .build()
            .unwrap();
        arena
            .hasher(params)
            .hash_into(b"password", b"saltsalt", &mut [0; 32])
            .unwrap();
        assert_eq!(arena.reserved_kib(), 64);
        arena.release();
        assert_eq!(arena.reserved_kib(), 0);
    }

    #[test]
    fn moves_between_threads() {
        fn send<T: Send>(_: T) {}
        send(Arena::new());
    }
}
