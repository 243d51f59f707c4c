//! Another library written in Rust, for a program that has both.

/// 1 after a panic that was caught, otherwise 0.
#[unsafe(no_mangle)]
pub extern "C" fn other_library_panics(really: bool) -> i32 {
    std::panic::catch_unwind(|| assert!(!really, "a panic that a test asked for"))
        .is_err()
        .into()
}
