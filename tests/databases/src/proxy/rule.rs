//! What makes a proxy cut a connection.

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before the server gets what the client sent.
    Before,
    /// While the server is sent it: nobody waits for the answer.
    Meanwhile,
    /// After the server has answered, and before the client gets the answer.
    After,
    /// The same, but the client learns of it only when all connections are cut: until then it waits.
    Silently,
}

/// Something that a client sends, then a cut.
pub struct Rule {
    what: What,
    when: When,
}

/// What a rule waits for.
enum What {
    /// These bytes, which are at least one.
    Bytes(Vec<u8>),
    /// So many questions.
    Questions(usize),
}

impl Rule {
    /// A rule for some bytes, which must be at least one.
    pub fn new(pattern: &[u8], when: When) -> Self {
        assert!(!pattern.is_empty(), "a rule waits for at least one byte");
        let what = What::Bytes(pattern.to_owned());
        Self { what, when }
    }

    /// A rule for a question, counted from 1.
    pub fn at_question(number: usize, when: When) -> Self {
        assert!(number > 0, "questions are counted from 1");
        let what = What::Questions(number);
        Self { what, when }
    }

    /// When to cut, if what the rule waits for ends in what a client sends now: of bytes, the first may be in
    /// what it sent before. `begins` tells whether a question begins with it.
    pub fn applies_to(&mut self, before: &[u8], now: &[u8], begins: bool) -> Option<When> {
        let applies = match &mut self.what {
            What::Bytes(pattern) => {
                let may_be_before = pattern.len() - 1;
                let skipped = before.len().saturating_sub(may_be_before);
                let sent: Vec<u8> = before.iter().skip(skipped).chain(now).copied().collect();
                sent.windows(pattern.len()).any(|window| window == pattern)
            }
            What::Questions(left) => {
                *left -= usize::from(begins);
                *left == 0
            }
        };
        applies.then_some(self.when)
    }
}
