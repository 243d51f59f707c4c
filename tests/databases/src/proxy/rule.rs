//! What makes a proxy cut a connection.

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before the server gets what the client sent.
    Before,
    /// After the server has answered, and before the client gets the answer.
    After,
}

/// These bytes, then a cut.
pub struct Rule {
    pattern: Vec<u8>,
    when: When,
}

impl Rule {
    /// A rule for some bytes, which must be at least one.
    pub fn new(pattern: &[u8], when: When) -> Self {
        assert!(!pattern.is_empty(), "a rule waits for at least one byte");
        Self {
            pattern: pattern.to_owned(),
            when,
        }
    }

    /// When to cut, if the last of these bytes are in what a client sends now, the first of them perhaps in
    /// what it sent before.
    pub fn applies_to(&self, before: &[u8], now: &[u8]) -> Option<When> {
        let may_be_before = self.pattern.len() - 1;
        let skipped = before.len().saturating_sub(may_be_before);
        let sent: Vec<u8> = before.iter().skip(skipped).chain(now).copied().collect();
        let found = sent
            .windows(self.pattern.len())
            .any(|window| window == self.pattern);
        found.then_some(self.when)
    }
}
