//! How a users' table compares addresses.

use std::borrow::Cow;

use crate::email::Email;

/// The rule by which the system that a users' table belongs to finds an account by its address. A row that the database
/// finds is held against it once more, so that no collation makes one account of two (`anna@` and `Änna@`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressRule {
    /// By the engine's own look-up form, in a column of its own.
    #[default]
    Canonical,
    /// As the database compares them, which may take upper and lower case for one.
    Database,
    /// Byte for byte.
    Exact,
    /// Upper and lower case are one, and the system stores either.
    IgnoreCase,
    /// The system stores, and looks for, lower case.
    Lowercase,
    /// The system stores, and looks for, upper case, in a column of its own.
    Uppercase,
}

impl AddressRule {
    const NAMES: [(&str, Self); 5] = [
        ("database", Self::Database),
        ("exact", Self::Exact),
        ("ignore_case", Self::IgnoreCase),
        ("lowercase", Self::Lowercase),
        ("uppercase", Self::Uppercase),
    ];

    /// The rule of that name, for another system's table; `None` if there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, rule)| *rule)
    }

    /// What is looked for in the table.
    #[must_use]
    pub fn key(self, email: &Email) -> Cow<'_, str> {
        match self {
            Self::Canonical => email.lookup().into(),
            Self::Database | Self::Exact | Self::IgnoreCase => email.typed().into(),
            Self::Lowercase => email.typed().to_lowercase().into(),
            Self::Uppercase => email.typed().chars().map(upper).collect::<String>().into(),
        }
    }

    /// Whether a row with this address, which the database found, is what was looked for. Letters beyond ASCII are never
    /// taken for others (CVE-2019-19844).
    #[must_use]
    pub fn admits(self, stored: &str, key: &str) -> bool {
        match self {
            Self::Canonical | Self::Exact | Self::Uppercase => stored == key,
            Self::Database | Self::IgnoreCase | Self::Lowercase => stored.eq_ignore_ascii_case(key),
        }
    }
}

/// The capital letter, where there is one whose small letter this is: the `ı` without a dot has none.
fn upper(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) if capital.to_lowercase().eq([letter]) => capital,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec34_no_rule_takes_one_letter_for_another() {
        let email = Email::parse("Anna@Example.org").unwrap();
        for (name, rule) in AddressRule::NAMES {
            assert_eq!(AddressRule::named(name), Some(rule));
            let key = rule.key(&email);
            let stored = match rule {
                AddressRule::Uppercase => "ANNA@EXAMPLE.ORG",
                _ => "Anna@Example.org",
            };
            assert!(rule.admits(stored, &key), "{name}");
            let is_exact = matches!(rule, AddressRule::Exact | AddressRule::Uppercase);
            assert_eq!(rule.admits("anna@example.ORG", &key), !is_exact, "{name}");
            for other in [
                "\u{c4}nna@Example.org",
                "Anna@Example.org ",
                "Anna@Example.or\u{261}",
                "",
            ] {
                assert!(!rule.admits(other, &key), "{name} {other:?}");
            }
        }
        // The sign of the Kelvin is a small k where letters beyond ASCII are folded, as some collations do.
        let kay = Email::parse("kay@example.org").unwrap();
        for (name, rule) in AddressRule::NAMES {
            assert!(
                !rule.admits("\u{212a}ay@example.org", &rule.key(&kay)),
                "{name}"
            );
        }
        let key = AddressRule::Lowercase.key(&email).into_owned();
        assert_eq!(key, "anna@example.org");
        // Neither the dotless i nor the long s is a small letter of a capital one.
        for (typed, key) in [
            ("m\u{131}ke@example.org", "M\u{131}KE@EXAMPLE.ORG"),
            ("\u{17f}am@example.org", "\u{17f}AM@EXAMPLE.ORG"),
            ("gro\u{df}@example.org", "GRO\u{df}@EXAMPLE.ORG"),
            ("\u{e4}nna@example.org", "\u{c4}NNA@EXAMPLE.ORG"),
        ] {
            assert_eq!(
                AddressRule::Uppercase.key(&Email::parse(typed).unwrap()),
                key
            );
        }
        assert_eq!(AddressRule::named("Exact"), None);
        assert_eq!(AddressRule::default().key(&email), "anna@example.org");
    }
}
