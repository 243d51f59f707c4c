//! Where the description has what is called by a name, for tables that are looked up by number.

use crate::{OPERATIONS, RECORDS};

macro_rules! number_of {
    ($(#[$about:meta])* $number:ident in $all:ident) => {
        $(#[$about])*
        #[must_use]
        pub const fn $number(name: &str) -> usize {
            let mut at = 0;
            while !is_equal($all[at].name.as_bytes(), name.as_bytes()) {
                at += 1;
            }
            at
        }
    };
}

number_of! {
    /// The place of an operation among [`OPERATIONS`]. In a constant, a name that is not there does not compile.
    operation_number in OPERATIONS
}

number_of! {
    /// The place of a record among [`RECORDS`]. In a constant, a name that is not there does not compile.
    record_number in RECORDS
}

const fn is_equal(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, rest @ ..], [its_first, its_rest @ ..]) = (one, other) {
        if *first != *its_first {
            return false;
        }
        (one, other) = (rest, its_rest);
    }
    one.is_empty() && other.is_empty()
}
