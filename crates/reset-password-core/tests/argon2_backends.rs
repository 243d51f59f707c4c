//! Every way in which `argon2-rust` computes on this processor, against the `argon2` crate.

use argon2_rust::{
    __internal::hash_with_backend,
    Algorithm, Backend, Version,
    params::{Memory, Params},
};

#[test]
fn sec56_every_backend_is_the_same() {
    let available: Vec<_> = Backend::ALL
        .iter()
        .filter(|backend| backend.is_available())
        .collect();
    assert!(available.contains(&&Backend::Scalar));
    for (round, (memory_kib, iterations)) in
        (0_u8..).zip([(8, 1), (32, 3), (256, 2), (1000, 1), (12_288, 3)])
    {
        let (password, salt) = (vec![round; 17 * usize::from(round)], [round; 16]);
        let mut expected = [0; 32];
        let params = argon2::Params::new(memory_kib, iterations, 1, Some(32)).unwrap();
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password_into(&password, &salt, &mut expected)
            .unwrap();
        let params = Params::builder()
            .memory(Memory::kib(u64::from(memory_kib)))
            .passes(iterations)
            .build()
            .unwrap();
        for backend in &available {
            let mut tag = [0; 32];
            #[expect(
                unsafe_code,
                reason = "the library lets nobody choose a backend otherwise"
            )]
            // SAFETY: `is_available` was asked above.
            unsafe {
                hash_with_backend(
                    **backend,
                    Algorithm::Argon2id,
                    Version::V0x13,
                    &params,
                    &password,
                    &salt,
                    &[],
                    &[],
                    &mut tag,
                )
            }
            .unwrap();
            assert_eq!(tag, expected, "{backend} {memory_kib} {iterations}");
        }
    }
}
