//! A statement, rendered for its database.

/// A statement's text, and which parameter each of its places takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    text: String,
    /// The parameter of each place, counted from 0, where places are not numbered.
    places: Vec<usize>,
}

impl Statement {
    /// A statement whose places have numbers, or that has none.
    pub(crate) const fn numbered(text: String) -> Self {
        Self {
            text,
            places: Vec::new(),
        }
    }

    /// A statement whose places take these parameters, one after the other.
    pub(crate) const fn positional(text: String, places: Vec<usize>) -> Self {
        Self { text, places }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The parameter that each place takes, for a database that does not number its places.
    pub(crate) fn places(&self) -> &[usize] {
        &self.places
    }
}
