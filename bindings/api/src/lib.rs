//! The API of every language, described once: operations with their arguments and answers, records, options.
//!
//! The façade does calls by it, and each binding reads its host's arguments by it. What a name looks like in a
//! language, and how a value crosses, is the binding's own.

#![forbid(unsafe_code)]

pub mod names;

mod numbers;
mod operations;
mod options;
mod records;

pub use crate::{
    numbers::{operation_number, record_number},
    operations::OPERATIONS,
    options::OPEN,
    records::RECORDS,
};

/// Something that can be asked of an open database.
#[derive(Debug)]
pub struct Operation {
    /// Its name: words with `_` between them.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What else whoever calls it should know, in sentences; may be empty.
    pub details: &'static str,
    /// What whoever calls it in one language should know: the language, and sentences.
    pub notes: &'static [(&'static str, &'static str)],
    /// What it takes, in the order that every language has.
    pub parameters: &'static [Parameter],
    /// What it answers.
    pub answer: Answer,
    /// The codes of the errors that are its own. Any call may fail with `storage_unavailable` and `internal` too.
    pub errors: &'static [&'static str],
}

/// What an operation takes.
#[derive(Debug)]
pub struct Parameter {
    /// Its name: words with `_` between them.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Whether a call without it is none. Those that are required come first.
    pub is_required: bool,
    /// Whether it names a file, or may: where a language has a type for that, it is taken too.
    pub is_path: bool,
    /// Who may see what is given.
    pub privacy: Privacy,
    /// The only texts that it takes; empty where there are others.
    pub choices: &'static [&'static str],
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What a number counts; empty where nothing is counted.
    pub unit: &'static str,
    /// What an option is when it is left out, as a table of options has it.
    pub default: &'static str,
    /// What values an option may have, as a table of options has it; empty where all of its kind will do.
    pub bounds: &'static str,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// Texts by texts, each key once.
    Pairs,
    /// A text.
    Text,
    /// Several texts, in order.
    Texts,
}

/// Who may see a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Whoever sees the call.
    Public,
    /// It tells of a person, and belongs into no trace.
    Personal,
    /// It opens something: nobody.
    Secret,
}

/// What an operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// A count.
    Number,
    /// One of [`RECORDS`], by name.
    Record(&'static str),
    /// The same, or nothing.
    RecordOrNothing(&'static str),
}

/// An object that is answered.
#[derive(Debug)]
pub struct Record {
    /// Its name, as types are called in most languages.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What is in it, in order.
    pub fields: &'static [Field],
}

/// What is in a record.
#[derive(Debug)]
pub struct Field {
    /// Its name: words with `_` between them.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
    /// Whether it may hold nothing.
    pub is_nullable: bool,
    /// What it is, in a sentence.
    pub about: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Values by free keys, of any content.
    Anything,
    /// Yes or no.
    Flag,
    /// A moment.
    Moment,
    /// A whole number.
    Number,
    /// Texts by free keys.
    Pairs,
    /// Another record.
    Record(&'static str),
    /// Other records, in order.
    Records(&'static str),
    /// A text that only whoever asked may see.
    Secret,
    /// A text.
    Text,
}

impl Operation {
    /// The operation of that name; `None` if there is none. Look it up once, not for each call.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

impl Parameter {
    /// A text that must be given.
    #[must_use]
    pub const fn required(name: &'static str, about: &'static str) -> Self {
        Self {
            is_required: true,
            ..Self::optional(name, Kind::Text, about)
        }
    }

    /// One that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            is_required: false,
            is_path: false,
            privacy: Privacy::Public,
            choices: &[],
            about,
            unit: "",
            default: "",
            bounds: "",
        }
    }

    /// How many of something an option is.
    const fn count(name: &'static str, unit: &'static str, about: &'static str) -> Self {
        Self {
            unit,
            ..Self::optional(name, Kind::Number, about)
        }
    }

    const fn bounds(self, bounds: &'static str) -> Self {
        Self { bounds, ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    const fn one_of(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }

    const fn path(self) -> Self {
        Self {
            is_path: true,
            ..self
        }
    }

    const fn personal(self) -> Self {
        Self {
            privacy: Privacy::Personal,
            ..self
        }
    }

    const fn secret(self) -> Self {
        Self {
            privacy: Privacy::Secret,
            ..self
        }
    }
}

impl Field {
    const fn always(name: &'static str, content: Content, about: &'static str) -> Self {
        Self {
            name,
            content,
            is_nullable: false,
            about,
        }
    }

    const fn nullable(name: &'static str, content: Content, about: &'static str) -> Self {
        Self {
            is_nullable: true,
            ..Self::always(name, content, about)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn is_a_name(name: &str) -> bool {
        let is_a_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .chars()
                    .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit())
        };
        name.split('_').all(is_a_word)
    }

    fn is_a_sentence(text: &str) -> bool {
        text.starts_with(|first: char| first.is_uppercase() || first == '`') && text.ends_with('.')
    }

    #[test]
    fn names_are_words_and_what_is_said_of_them_are_sentences() {
        let parameters = OPERATIONS
            .iter()
            .flat_map(|operation| operation.parameters)
            .chain(OPEN.parameters)
            .map(|parameter| (parameter.name, parameter.about));
        let operations = OPERATIONS.iter().chain([&OPEN]);
        let fields = RECORDS.iter().flat_map(|record| record.fields);
        let all = operations
            .map(|operation| (operation.name, operation.about))
            .chain(parameters)
            .chain(fields.map(|field| (field.name, field.about)));
        for (name, about) in all {
            assert!(is_a_name(name), "{name}");
            assert!(is_a_sentence(about), "{name}: {about}");
        }
    }

    #[test]
    fn each_name_stands_for_one_thing_and_what_is_required_comes_first() {
        for operation in OPERATIONS.iter().chain([&OPEN]) {
            let names: BTreeSet<_> = operation.parameters.iter().map(|each| each.name).collect();
            assert_eq!(
                names.len(),
                operation.parameters.len(),
                "{}",
                operation.name
            );
            let required = operation.parameters.iter().map(|each| each.is_required);
            assert!(
                required.is_sorted_by(|first, second| first >= second),
                "{}",
                operation.name
            );
        }
        let operations: BTreeSet<_> = OPERATIONS.iter().map(|each| each.name).collect();
        assert_eq!(operations.len(), OPERATIONS.len());
    }

    #[test]
    fn every_record_that_is_spoken_of_is_one() {
        let is_one = |name: &str| RECORDS.iter().any(|record| record.name == name);
        for operation in OPERATIONS {
            if let Answer::Record(name) | Answer::RecordOrNothing(name) = operation.answer {
                assert!(is_one(name), "{}: {name}", operation.name);
            }
        }
        for field in RECORDS.iter().flat_map(|record| record.fields) {
            if let Content::Record(name) | Content::Records(name) = field.content {
                assert!(is_one(name), "{}: {name}", field.name);
            }
        }
    }
}
