//! Names and passwords that nobody else has.

use std::fmt::Write;

/// So many random bytes, in lower-case hexadecimal digits.
pub fn hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    random.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A random number.
pub fn number() -> u32 {
    getrandom::u32().expect("the system gives random bytes")
}
