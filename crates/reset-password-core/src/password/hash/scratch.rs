//! Working memory that leaves nothing behind.

use std::ops::{Deref, DerefMut};

use zeroize::Zeroize;

use super::HashError;

/// What working memory is made of.
pub(super) trait Cell: Clone + Default + Zeroize {
    #[cfg(test)]
    fn is_zero(&self) -> bool;
}

impl Cell for argon2::Block {
    #[cfg(test)]
    fn is_zero(&self) -> bool {
        self.as_ref().iter().all(|word| *word == 0)
    }
}

impl Cell for [u32; 16] {
    #[cfg(test)]
    fn is_zero(&self) -> bool {
        self.iter().all(|word| *word == 0)
    }
}

impl Cell for u8 {
    #[cfg(test)]
    fn is_zero(&self) -> bool {
        *self == 0
    }
}

/// Memory that is zero when made and wiped when dropped, while unwinding too.
///
/// Half-way contents are enough to test guesses at the password with one cheap hash (RFC 9106
/// section 3.2, scrypt's first block), so they must not reach the allocator.
pub(super) struct Scratch<C: Cell>(Box<[C]>);

impl<C: Cell> Scratch<C> {
    /// # Errors
    ///
    /// [`HashError::OutOfMemory`], where `vec!` would end the process.
    pub(super) fn zeroed(length: usize) -> Result<Self, HashError> {
        let mut cells = Vec::new();
        cells
            .try_reserve_exact(length)
            .map_err(|_| HashError::OutOfMemory)?;
        cells.resize(length, C::default());
        Ok(Self(cells.into_boxed_slice()))
    }
}

impl<C: Cell> Drop for Scratch<C> {
    fn drop(&mut self) {
        #[cfg(test)]
        let used = !self.0.iter().all(C::is_zero);
        self.0.zeroize();
        #[cfg(test)]
        audit::note(used, self.0.iter().all(C::is_zero));
    }
}

impl<C: Cell> Deref for Scratch<C> {
    type Target = [C];

    fn deref(&self) -> &[C] {
        &self.0
    }
}

impl<C: Cell> DerefMut for Scratch<C> {
    fn deref_mut(&mut self) -> &mut [C] {
        &mut self.0
    }
}

/// Counts, on the test's own thread, what was given back and in which state.
#[cfg(test)]
pub(super) mod audit {
    use std::cell::Cell;

    thread_local! {
        static USED: Cell<usize> = const { Cell::new(0) };
        static CLEAN: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn note(used: bool, clean: bool) {
        USED.set(USED.get() + usize::from(used));
        CLEAN.set(CLEAN.get() + usize::from(used && clean));
    }

    /// How many that had been written to were dropped since the last call, and how many of them went
    /// back as zeros.
    pub(crate) fn take() -> (usize, usize) {
        (USED.take(), CLEAN.take())
    }
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;

    #[test]
    fn sec105_scratch_is_wiped_on_drop_and_on_panic() {
        audit::take();
        let mut scratch = Scratch::<u8>::zeroed(100).unwrap();
        assert!(scratch.iter().all(|byte| *byte == 0));
        scratch.fill(7);
        drop(scratch);
        assert_eq!(audit::take(), (1, 1));

        let unwound = panic::catch_unwind(|| {
            let mut scratch = Scratch::<[u32; 16]>::zeroed(100).unwrap();
            scratch.fill([7; 16]);
            panic!("half-way");
        });
        assert!(unwound.is_err());
        assert_eq!(audit::take(), (1, 1));
    }

    #[test]
    fn no_memory_is_an_error() {
        assert_eq!(
            Scratch::<u8>::zeroed(usize::MAX).err(),
            Some(HashError::OutOfMemory)
        );
    }
}
