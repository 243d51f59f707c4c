//! What there is of the locks on a system that does not have them: nothing.

/// What a fork holds, where there is nothing to hold.
pub(crate) struct Held;

impl Held {
    /// Does nothing.
    pub(crate) fn end_in_child(self) {
        let Self = self;
    }
}

/// Does nothing.
pub(crate) fn before_fork() -> Held {
    Held
}

/// Does nothing: the linked SQLite keeps its POSIX locks.
pub(crate) fn install() {}
