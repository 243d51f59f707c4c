//! Why a hash is not made, understood or checked.

use super::kind::kind;
use crate::error::{Code, Error};

/// Why a password hash cannot be made, understood or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The hashing library refused an input that had been checked: a bug.
    #[error("the hashing library refused its input")]
    Failed,
    /// Cut short, misspelt, or with costs that contradict each other.
    #[error("the password hash is damaged")]
    Malformed,
    /// Made with a pepper, which was not given.
    #[error("the password hash was made with a pepper")]
    NoPepper,
    /// The operating system gave no working memory.
    #[error("there is no memory for a password hash")]
    OutOfMemory,
    /// Over one of the ceilings.
    #[error("the password hash is too costly")]
    TooCostly,
    /// An unknown or refused scheme, variant or version.
    #[error("the password hash is of a kind that is not supported")]
    Unsupported,
}

impl HashError {
    /// The error for whoever gave this text: it names what the text looks like, and shows nothing of it.
    pub(super) fn of(self, text: &str) -> Error {
        let is = match self {
            Self::Malformed => "is damaged",
            Self::TooCostly => "is too costly",
            Self::Unsupported => "is not supported",
            Self::NoPepper => {
                return Error::password_hash(
                    "the password hash says that a pepper belongs to it; open the database with that pepper"
                        .to_owned(),
                );
            }
            Self::Failed | Self::OutOfMemory => return self.into(),
        };
        match kind(text) {
            Some(kind) => {
                Error::password_hash(format!("the password hash looks like {kind}, and {is}"))
            }
            None => self.into(),
        }
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Failed => Self::internal(error),
            HashError::Malformed
            | HashError::NoPepper
            | HashError::TooCostly
            | HashError::Unsupported => Self::new(Code::InvalidPasswordHash),
            HashError::OutOfMemory => Self::out_of_memory(),
        }
    }
}
