//! How far the trail had come once, to be kept where whoever writes to the database cannot write.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::LastRecord;
use crate::key::Digest;

/// The last record of each chain at some moment. A trail that does not have them any more was put back to an
/// earlier state, or begun anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditMark(Vec<Option<Place>>);

/// A record of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) sequence: i64,
    pub(crate) chain: Digest,
}

impl AuditMark {
    /// The mark of these last records, one of each chain.
    pub(crate) fn of(records: &[LastRecord]) -> Self {
        let place = |record: &LastRecord| {
            let chain = record.chain.as_deref()?.try_into().ok()?;
            let sequence = record.sequence?;
            Some(Place { sequence, chain })
        };
        Self(records.iter().map(place).collect())
    }

    /// Reads a mark as it is shown; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let place = |line: &str| {
            if line == "-" {
                return Some(None);
            }
            let (sequence, hex) = line.split_once(' ')?;
            let mut chain = [0; 32];
            let read = base16ct::lower::decode(hex, &mut chain).ok()?.len();
            let sequence = sequence.parse().ok()?;
            (read == chain.len()).then_some(Some(Place { sequence, chain }))
        };
        text.lines().map(place).collect::<Option<_>>().map(Self)
    }

    /// What the mark of the database at this place is called, so that several can be kept beside one key.
    #[must_use]
    pub fn name_for(place: &str) -> String {
        let digest = Sha256::digest(place);
        let (name, _) = digest.split_at(8);
        format!("trail-{}", base16ct::lower::encode_string(name))
    }

    /// The records that must be there.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.0.iter().flatten().copied()
    }

    /// Whether it goes further than another one on some chain.
    #[must_use]
    pub fn is_beyond(&self, other: &Self) -> bool {
        let reach = |place: &Option<Place>| place.map(|place| place.sequence);
        let pairs = self.0.iter().zip(&other.0);
        pairs.into_iter().any(|(one, two)| reach(one) > reach(two)) || self.0.len() > other.0.len()
    }
}

/// One line for each chain: the record's place and what chains it, or a hyphen.
impl fmt::Display for AuditMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.0 {
            match place {
                Some(Place { sequence, chain }) => {
                    writeln!(f, "{sequence} {}", base16ct::lower::encode_string(chain))?;
                }
                None => writeln!(f, "-")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(sequences: &[Option<i64>]) -> AuditMark {
        let record = |sequence: &Option<i64>| LastRecord {
            sequence: *sequence,
            chain: sequence.map(|sequence| vec![u8::try_from(sequence).unwrap(); 32]),
        };
        AuditMark::of(&sequences.iter().map(record).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_shown_is_read() {
        let shown = mark(&[Some(7), None, Some(3)]).to_string();
        assert_eq!(shown.lines().count(), 3);
        assert_eq!(
            AuditMark::parse(&shown),
            Some(mark(&[Some(7), None, Some(3)]))
        );
        for wrong in ["7", "7 ab", "x 00", "7  00", "--"] {
            assert_eq!(AuditMark::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_goes_further_than_another() {
        let short = mark(&[Some(1), None]);
        assert!(mark(&[Some(2), None]).is_beyond(&short));
        assert!(mark(&[Some(1), Some(1)]).is_beyond(&short));
        assert!(!short.is_beyond(&short));
        assert!(!mark(&[None, None]).is_beyond(&short));
    }
}
