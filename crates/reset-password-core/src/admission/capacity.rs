//! How much hashing a process may do at once.

use std::num::NonZero;

/// The bounds of hashing in one process.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Memory that all hashes at work may take together, in KiB.
    pub budget_kib: u32,
    /// Memory of one hash at the engine's own parameters, in KiB.
    pub hash_kib: u32,
    /// Processor cores that may hash.
    pub cores: NonZero<usize>,
}

impl Capacity {
    /// Hashes of one class that may run at once: at least one, whatever the budget.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.fitting().min(self.cores.get())
    }

    /// Hashes that may run at once: one more than one class may have, if there is memory for it.
    pub(super) fn slots_of_all(&self) -> usize {
        self.fitting().min(self.cores.get().saturating_add(1))
    }

    /// Hashes at work beside which strangers may begin one: they leave one to the owners, where there are two.
    pub(super) fn slots_for_strangers(&self) -> usize {
        self.slots().min(self.slots_of_all() - 1).max(1)
    }

    fn fitting(&self) -> usize {
        let fitting = self.budget_kib / self.hash_kib.max(1);
        usize::try_from(fitting).unwrap_or(1).max(1)
    }

    /// The budget, stretched to hold one hash.
    #[must_use]
    pub fn budget_kib(&self) -> u32 {
        self.budget_kib.max(self.hash_kib)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_bounded_by_memory_and_cores() {
        let capacity = |budget_kib, cores| Capacity {
            budget_kib,
            hash_kib: 19_456,
            cores: NonZero::new(cores).unwrap(),
        };
        let slots = |budget_kib, cores| {
            let capacity = capacity(budget_kib, cores);
            let all = capacity.slots_of_all();
            (capacity.slots(), capacity.slots_for_strangers(), all)
        };
        assert_eq!(slots(262_144, 2), (2, 2, 3));
        assert_eq!(slots(262_144, 64), (13, 12, 13));
        assert_eq!(slots(2 * 19_456, 2), (2, 1, 2));
        assert_eq!(slots(262_144, 1), (1, 1, 2));
        assert_eq!(slots(1, 64), (1, 1, 1));
        assert_eq!(capacity(1, 64).budget_kib(), 19_456);
    }
}
