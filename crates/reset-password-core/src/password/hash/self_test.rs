//! Whether `argon2-rust` computes what it should on this machine.
//!
//! It chooses its way by the processor, so that tests elsewhere do not show what it does here. Before its first
//! hash in a process it answers for itself: with known answers, which the `argon2` crate made.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{
    Arena,
    recipe::{Compute, Recipe},
};

/// A hash at a low cost, and what must come out.
struct Known {
    memory_kib: u32,
    iterations: u32,
    password: &'static [u8],
    salt: &'static [u8; 16],
    /// In hexadecimal.
    tag: &'static str,
}

/// The passwords are of no length, of one block of the inner hash, and of more than that; the memory is the
/// least, and is not a power of two.
const KNOWN: [Known; 4] = [
    Known {
        memory_kib: 8,
        iterations: 1,
        password: b"",
        salt: b"0123456789abcdef",
        tag: "d440eba67886df93d643dcb8a69b02af68c16d284cd6f68659553e245bf9efc0",
    },
    Known {
        memory_kib: 37,
        iterations: 2,
        password: b"a long walk by the sea",
        salt: b"fedcba9876543210",
        tag: "b8c771b4ef81b5d85272bc355d5758fc3c42c0d0134ff042a819fb878ea05a38",
    },
    Known {
        memory_kib: 64,
        iterations: 3,
        password: &[0xff; 128],
        salt: b"0000000000000000",
        tag: "3239d07b4e33b9d8aa9ae306214f5c23a7bf8d67f10658386c8ab6cbba3a191c",
    },
    Known {
        memory_kib: 131,
        iterations: 1,
        password: &[b'x'; 257],
        salt: b"ffffffffffffffff",
        tag: "73b389517415f2ef15c7ef74725c1528887866a31208e7db176ac84753983f2c",
    },
];

/// What came of it. Nobody waits for anybody: a fork may leave no one to wait for.
static STATE: AtomicU8 = AtomicU8::new(UNTESTED);
const UNTESTED: u8 = 0;
const RIGHT: u8 = 1;
const UNUSED: u8 = 2;

/// Has this process hash with the `argon2` crate alone from now on, which takes about twice the time.
pub fn hash_portably() {
    STATE.store(UNUSED, Ordering::Relaxed);
}

/// Whether `argon2-rust` may hash here: it was not ruled out, and `compute`, which is its way to hash, is right.
pub(super) fn passes(compute: Compute) -> bool {
    match STATE.load(Ordering::Relaxed) {
        UNTESTED => {}
        state => return state == RIGHT,
    }
    let is_right = answers_all(compute);
    if !is_right {
        tracing::error!(
            "argon2-rust gives wrong answers on this processor: hashes are computed by the argon2 crate, in \
             about twice the time; please report it"
        );
    }
    let state = if is_right { RIGHT } else { UNUSED };
    // Another thread may have ruled it out meanwhile.
    let stored = STATE.compare_exchange(UNTESTED, state, Ordering::Relaxed, Ordering::Relaxed);
    stored.map_or_else(|present| present == RIGHT, |_| is_right)
}

fn answers_all(compute: Compute) -> bool {
    let mut arena = Arena::new();
    let right = KNOWN.iter().all(|known| {
        let mut tag = [0; 32];
        let recipe = Recipe::of_cost(known.memory_kib, known.iterations);
        let done = compute(&recipe, &mut arena, known.password, known.salt, &mut tag);
        done.is_ok() && base16ct::lower::encode_string(&tag) == known.tag
    });
    arena.release();
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::hash::{HashError, engine};

    /// Right but for one bit of one answer.
    fn wrong<const CASE: usize>(
        recipe: &Recipe,
        arena: &mut Arena,
        password: &[u8],
        salt: &[u8],
        tag: &mut [u8],
    ) -> Result<(), HashError> {
        engine::portable(recipe, arena, password, salt, tag)?;
        if KNOWN[CASE].salt == salt {
            tag[31] ^= 1;
        }
        Ok(())
    }

    #[test]
    fn sec56_known_answers_are_given_by_both() {
        assert!(answers_all(engine::portable));
        assert!(answers_all(engine::pooled));
        assert!(passes(engine::pooled));
    }

    #[test]
    fn sec56_any_wrong_answer_is_seen() {
        for compute in [wrong::<0> as Compute, wrong::<1>, wrong::<2>, wrong::<3>] {
            assert!(!answers_all(compute));
        }
        assert!(!answers_all(|_, _, _, _, _| Err(HashError::Failed)));
    }
}
