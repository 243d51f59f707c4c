//! The chains that the trail is made of, and the place of each record.
//!
//! Whoever appends to a chain holds its end until the commit. A database in one process loses nothing by
//! that and has one chain. On a server that many machines write to, one would make all of them take turns,
//! so there the trail has several, each with checkpoints of its own, and an event's id says to which of them
//! it belongs.
//!
//! A record's place is one number: the places of `count` chains are dealt out in turn, so that the number
//! names the chain. One chain counts its records. Of several, each takes the server's time as the lowest
//! place of its next record: the records of all of them are then in the order in which they were made, as
//! with a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014).

/// One of the trail's chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    index: u8,
    count: u8,
}

impl Chain {
    /// What a server's clock counts: tenths of a millisecond.
    pub const TICKS_PER_SECOND: i64 = 10_000;

    /// All chains of a trail of so many, in the order in which their ends are locked.
    pub fn all(count: u8) -> impl Iterator<Item = Self> {
        (0..count).map(move |index| Self { index, count })
    }

    /// The chain that the event with this id is recorded in.
    #[must_use]
    pub fn of_event(id: &str, count: u8) -> Self {
        let mixed = id.bytes().fold(0_u32, |mixed, byte| {
            mixed.wrapping_mul(31).wrapping_add(byte.into())
        });
        Self::of_record(i64::from(mixed), count)
    }

    /// The chain of the record at this place.
    pub(crate) fn of_record(sequence: i64, count: u8) -> Self {
        let index = (sequence.wrapping_sub(1)).rem_euclid(i64::from(count.max(1)));
        Self {
            index: u8::try_from(index).unwrap_or(0),
            count,
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u8 {
        self.count
    }

    /// Its number among the others, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.index.into()
    }

    /// The remainder that the places of its records leave, divided by the number of chains.
    #[must_use]
    pub fn remainder(self) -> [i64; 2] {
        [
            self.count.into(),
            (self.first()).rem_euclid(self.count.max(1).into()),
        ]
    }

    /// Whether its records are counted, so that none can be gone without a gap.
    pub(crate) const fn is_counted(self) -> bool {
        self.count == 1
    }

    /// The place before its first record.
    pub(crate) fn beginning(self) -> i64 {
        self.first() - i64::from(self.count)
    }

    /// The place of the record that follows another one of the chain, at this time of the server's clock.
    pub(crate) fn next(self, after: i64, ticks: i64) -> i64 {
        let next = after.saturating_add(self.count.into());
        if self.is_counted() {
            return next;
        }
        let now = ticks.saturating_mul(self.count.into());
        next.max(now.saturating_add(self.first()))
    }

    /// Its last place that is not beyond another one.
    pub(crate) fn last_through(self, place: i64) -> i64 {
        let beyond = place.wrapping_sub(self.first());
        place.saturating_sub(beyond.rem_euclid(self.count.max(1).into()))
    }

    fn first(self) -> i64 {
        i64::from(self.index) + 1
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn one_chain_counts() {
        let chain = Chain::of_event("event_x", 1);
        assert_eq!((chain.beginning(), chain.next(0, 99)), (0, 1));
        assert_eq!((chain.next(7, 0), chain.last_through(7)), (8, 7));
    }

    #[test]
    fn a_place_names_its_chain() {
        for count in [2, 7, 16, 255] {
            for chain in Chain::all(count) {
                for after in [chain.beginning(), chain.next(chain.beginning(), 0)] {
                    for ticks in [0, 1, 17_600_000_000_000] {
                        let next = chain.next(after, ticks);
                        assert_eq!(Chain::of_record(next, count), chain);
                        assert!(next > after && next > ticks * i64::from(count));
                        assert_eq!(chain.last_through(next), next);
                    }
                }
                let level = chain.last_through(1_000);
                assert_eq!(Chain::of_record(level, count), chain);
                assert!(level <= 1_000 && chain.next(level, 0) > 1_000);
            }
        }
    }

    #[test]
    fn events_are_spread_over_all_chains() {
        let mut records = [0; 16];
        for n in 0..1_600_u128 {
            let id = format!(
                "event_{}",
                Ulid::from_parts(1_800_000_000_000, u128::MAX / (3 * n + 1))
            );
            records[Chain::of_event(&id, 16).index()] += 1;
        }
        assert!(
            records.iter().all(|count| (50..200).contains(count)),
            "{records:?}"
        );
    }
}
