//! The two libraries that compute Argon2.
//!
//! Our own form runs on `argon2-rust`, over memory that is kept and wiped; every other variant on the
//! `argon2` crate. Neither starts a thread. The tests hold each against the other.

use argon2::Block;
use argon2_rust::params::{Memory, Params, TagLen};

use super::{Arena, HashError, recipe::Recipe, scratch::Scratch, self_test};

/// Fills `tag`, over the whole password.
pub(super) fn derive(
    recipe: &Recipe,
    arena: &mut Arena,
    password: &[u8],
    salt: &[u8],
    tag: &mut [u8],
) -> Result<(), HashError> {
    let compute = if recipe.is_ours() && self_test::passes(pooled) {
        pooled
    } else {
        portable
    };
    compute(recipe, arena, password, salt, tag)
}

/// `argon2-rust`, which knows our own form alone here.
pub(super) fn pooled(
    recipe: &Recipe,
    arena: &mut Arena,
    password: &[u8],
    salt: &[u8],
    tag: &mut [u8],
) -> Result<(), HashError> {
    let failure = |error| match error {
        argon2_rust::Error::MemoryAllocationError => HashError::OutOfMemory,
        _ => HashError::Failed,
    };
    let params = Params::builder()
        .memory(Memory::kib(u64::from(recipe.memory_kib)))
        .passes(recipe.iterations)
        .lanes(1)
        .tag_len(TagLen::bytes(tag.len() as u64))
        .build()
        .map_err(failure)?;
    arena
        .hasher(params)
        .hash_into(password, salt, tag)
        .map_err(failure)
}

/// The `argon2` crate: all variants, several lanes one after the other. The memory is given to it,
/// because it frees its own unwiped; the arena is emptied first, so that the two do not add up.
pub(super) fn portable(
    recipe: &Recipe,
    arena: &mut Arena,
    password: &[u8],
    salt: &[u8],
    tag: &mut [u8],
) -> Result<(), HashError> {
    arena.release();
    let Recipe {
        algorithm,
        version,
        memory_kib,
        iterations,
        lanes,
    } = *recipe;
    let params = argon2::Params::new(memory_kib, iterations, lanes, Some(tag.len()))
        .map_err(|_| HashError::Failed)?;
    let mut blocks = Scratch::<Block>::zeroed(params.block_count())?;
    argon2::Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, tag, &mut *blocks)
        .map_err(|_| HashError::Failed)
}

#[cfg(test)]
mod tests {
    use argon2::{Algorithm, Version};
    use argon2_rust::__internal::{self, audit};
    use proptest::{
        collection::vec,
        prelude::{ProptestConfig, any, prop_assert_eq, prop_oneof, proptest},
        strategy::{Just, Strategy as _},
    };

    use super::{super::scratch, *};
    use crate::password::hash::tests::cases;

    /// RFC 9106, sections 5.1 to 5.3; all three have a secret and associated data.
    const RFC_9106: [(Algorithm, &str); 3] = [
        (
            Algorithm::Argon2d,
            "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
        ),
        (
            Algorithm::Argon2i,
            "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8",
        ),
        (
            Algorithm::Argon2id,
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
        ),
    ];

    fn hex(bytes: &[u8]) -> String {
        bytes
            .iter()
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
    }

    fn in_argon2_rust(
        algorithm: Algorithm,
        version: Version,
        params: Params,
    ) -> argon2_rust::Argon2 {
        argon2_rust::Argon2::new(
            argon2_rust::Algorithm::from_u32(algorithm as u32).unwrap(),
            argon2_rust::Version::from_u32(u32::from(version)).unwrap(),
            params,
        )
    }

    #[test]
    fn sec56_both_libraries_answer_rfc_9106() {
        let (password, salt, secret, data) = ([1; 32], [2; 16], [3; 8], [4; 12]);
        for (algorithm, expected) in RFC_9106 {
            let mut params = argon2::ParamsBuilder::new();
            params
                .m_cost(32)
                .t_cost(3)
                .p_cost(4)
                .data(argon2::AssociatedData::new(&data).unwrap());
            let params = params.build().unwrap();
            let mut tag = [0; 32];
            argon2::Argon2::new_with_secret(&secret, algorithm, Version::V0x13, params)
                .unwrap()
                .hash_password_into(&password, &salt, &mut tag)
                .unwrap();
            assert_eq!(hex(&tag), expected);

            let params = Params::builder().memory(Memory::kib(32)).passes(3).lanes(4);
            in_argon2_rust(algorithm, Version::V0x13, params.build().unwrap())
                .hasher()
                .hash_into_with_ad(&password, &salt, &secret, &data, &mut tag)
                .unwrap();
            assert_eq!(hex(&tag), expected);
        }
    }

    #[test]
    fn sec56_our_form_is_the_c_librarys() {
        for compute in [pooled, portable] {
            let mut tag = [0; 32];
            compute(
                &Recipe::of_cost(256, 2),
                &mut Arena::new(),
                b"password",
                b"somesalt",
                &mut tag,
            )
            .unwrap();
            // From test.c of the reference implementation.
            let expected = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe";
            assert_eq!(hex(&tag), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(48, 1000)))]

        #[test]
        fn sec56_our_form_is_the_same_in_both(
            memory_kib in 8_u32..2048,
            iterations in 1_u32..5,
            password in vec(any::<u8>(), 0..300),
            salt in vec(any::<u8>(), 8..64),
            length in 16_usize..129,
        ) {
            let recipe = Recipe::of_cost(memory_kib, iterations);
            let (mut arena, mut left, mut right) = (Arena::new(), vec![0; length], vec![0; length]);
            pooled(&recipe, &mut arena, &password, &salt, &mut left).unwrap();
            portable(&recipe, &mut arena, &password, &salt, &mut right).unwrap();
            prop_assert_eq!(left, right);
        }

        #[test]
        fn sec56_every_variant_is_the_same_in_both(
            algorithm in prop_oneof![
                Just(Algorithm::Argon2d), Just(Algorithm::Argon2i), Just(Algorithm::Argon2id)
            ],
            version in prop_oneof![Just(Version::V0x10), Just(Version::V0x13)],
            (lanes, memory_kib) in (1_u32..17).prop_flat_map(|p| (Just(p), 8 * p..8 * p + 600)),
            iterations in 1_u32..4,
            password in vec(any::<u8>(), 0..100),
        ) {
            let recipe = Recipe { algorithm, version, memory_kib, iterations, lanes };
            let (mut left, mut right) = ([0; 32], [0; 32]);
            portable(&recipe, &mut Arena::new(), &password, b"somesalt", &mut left).unwrap();
            let params = Params::builder()
                .memory(Memory::kib(u64::from(memory_kib)))
                .passes(iterations)
                .lanes(lanes)
                .build()
                .unwrap();
            in_argon2_rust(algorithm, version, params)
                .hash_into(&password, b"somesalt", &mut right)
                .unwrap();
            prop_assert_eq!(left, right);
        }
    }

    #[test]
    fn sec105_argon2_arena_wiped() {
        let (mut arena, recipe, mut tag) = (Arena::new(), Recipe::of_cost(332, 1), [0; 32]);
        audit::watch(332);
        pooled(&recipe, &mut arena, b"password", b"somesalt", &mut tag).unwrap();
        assert_eq!(arena.reserved_kib(), 332);
        assert_eq!(
            pooled(&recipe, &mut arena, b"x", b"short", &mut tag),
            Err(HashError::Failed)
        );
        arena.release();
        assert_eq!((audit::released(), audit::released_dirty()), (1, 0));

        // The audit would have seen it.
        let mut dirty = __internal::Arena::new(332).unwrap();
        assert!(!audit::is_dirty(&dirty));
        dirty.as_mut_slice()[100].0[100] = 1;
        assert!(audit::is_dirty(&dirty));
    }

    #[test]
    fn sec105_foreign_argon2_memory_wiped() {
        let (mut arena, recipe, mut tag) = (Arena::new(), Recipe::of_cost(332, 1), [0; 32]);
        scratch::audit::take();
        portable(&recipe, &mut arena, b"password", b"somesalt", &mut tag).unwrap();
        assert_eq!(scratch::audit::take(), (1, 1));
        assert_eq!(
            portable(&recipe, &mut arena, b"x", b"short", &mut tag),
            Err(HashError::Failed)
        );
    }

    #[test]
    fn the_other_librarys_memory_does_not_add_up() {
        let (mut arena, recipe, mut tag) = (Arena::new(), Recipe::of_cost(64, 1), [0; 32]);
        pooled(&recipe, &mut arena, b"password", b"somesalt", &mut tag).unwrap();
        portable(&recipe, &mut arena, b"password", b"somesalt", &mut tag).unwrap();
        assert_eq!(arena.reserved_kib(), 0);
    }
}
