//! What belongs to one process and must not outlive a fork.

use std::{mem, process, sync::Arc};

use arc_swap::ArcSwapOption;

/// A value made on first use in each process.
///
/// A child that finds its parent's value forgets it, never drops it: closing a database or a runtime
/// whose threads stayed behind would hang or harm the parent. No lock is taken, because a lock that
/// some other thread held at the moment of the fork would stay locked in the child for ever.
pub struct PerProcess<T> {
    slot: ArcSwapOption<Entry<T>>,
}

struct Entry<T> {
    process: u32,
    value: Arc<T>,
}

impl<T> PerProcess<T> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            slot: ArcSwapOption::const_empty(),
        }
    }

    /// This process's value, made now if it has none.
    ///
    /// # Errors
    ///
    /// Whatever `make` returns; the next call tries again.
    pub fn get_or_make<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let process = process::id();
        let present = self.slot.load();
        if let Some(entry) = present.as_ref()
            && entry.process == process
        {
            return Ok(Arc::clone(&entry.value));
        }
        let value = Arc::new(make()?);
        let entry = Arc::new(Entry {
            process,
            value: Arc::clone(&value),
        });
        let before = self.slot.compare_and_swap(&*present, Some(entry));
        if let Some(winner) = before.as_ref()
            && winner.process == process
        {
            return Ok(Arc::clone(&winner.value));
        }
        if let Some(parents) = before.as_ref() {
            mem::forget(Arc::clone(parents));
        }
        Ok(value)
    }

    /// This process's value, if it has been made.
    #[must_use]
    pub fn get(&self) -> Option<Arc<T>> {
        let present = self.slot.load();
        let entry = present.as_ref()?;
        (entry.process == process::id()).then(|| Arc::clone(&entry.value))
    }

    /// Takes this process's value out; a parent's stays forgotten.
    pub fn take(&self) -> Option<Arc<T>> {
        let entry = self.slot.swap(None)?;
        if entry.process == process::id() {
            Some(Arc::clone(&entry.value))
        } else {
            mem::forget(entry);
            None
        }
    }
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn is_made_once() {
        let slot = PerProcess::new();
        let first = slot.get_or_make(|| Ok::<_, Infallible>(1)).unwrap();
        let second = slot.get_or_make(|| Ok::<_, Infallible>(2)).unwrap();
        assert_eq!((*first, *second), (1, 1));
        assert_eq!(slot.take().as_deref(), Some(&1));
        assert!(slot.get().is_none());
    }

    #[test]
    fn a_failure_is_tried_again() {
        let slot = PerProcess::new();
        assert_eq!(slot.get_or_make(|| Err::<u8, _>("no")).unwrap_err(), "no");
        assert_eq!(*slot.get_or_make(|| Ok::<_, Infallible>(3)).unwrap(), 3);
    }
}
