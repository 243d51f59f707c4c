//! Common passwords: real ones from public lists, and what people make of them to reach a length.
//!
//! The lists are compact sets read straight from the program's own bytes; `data/README.md` says where
//! they come from and how they are made.

use fst::{
    Set,
    raw::{CompiledAddr, Fst},
};

use super::{
    normal::leet,
    pattern::{Filler, MAX_FILLER},
};
use crate::error::Error;

/// Whole passwords of eight characters and more, as comparison keys.
static PASSWORDS: &[u8] = include_bytes!("../../data/common-passwords.fst");

/// Passwords of four to seven letters: too short to stand alone, but not to be doubled or padded.
static WORDS: &[u8] = include_bytes!("../../data/common-words.fst");

/// So many letters of an entry, and half of all, must stand there as letters. Padding an entry with
/// fewer would refuse almost any string of digits, and digits and symbols alone spell many words.
const MIN_LETTERS: usize = 4;

/// The embedded lists.
#[derive(Clone)]
pub(super) struct CommonPasswords {
    passwords: Set<&'static [u8]>,
    words: Set<&'static [u8]>,
}

impl CommonPasswords {
    /// Opens the lists in place; it costs nothing.
    pub(super) fn embedded() -> Result<Self, Error> {
        Ok(Self {
            passwords: Set::new(PASSWORDS).map_err(Error::internal)?,
            words: Set::new(WORDS).map_err(Error::internal)?,
        })
    }

    /// Whether the whole password is an entry (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2.4).
    pub(super) fn is_entry(&self, key: &[char]) -> bool {
        let mut address = self.passwords.as_fst().root().addr();
        for c in key {
            let Some(next) = follow(self.passwords.as_fst(), address, *c) else {
                return false;
            };
            address = next;
        }
        self.passwords.as_fst().node(address).is_final()
    }

    /// Whether the password is one entry, in plain or leet spelling, repeated or padded:
    /// `passwordpassword`, `letmein letmein 1`, `!!!!!P@ssword2026`.
    pub(super) fn is_made_of_one_entry(&self, key: &[char], filler: &Filler) -> bool {
        // Only filler may come before the entry.
        let starts = 0..=filler.leading();
        starts.into_iter().any(|start| {
            [&self.passwords, &self.words].into_iter().any(|set| {
                let fst = set.as_fst();
                Search {
                    fst,
                    key,
                    filler,
                    start,
                }
                .explains(fst.root().addr(), start)
            })
        })
    }

    /// The number of whole passwords.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.passwords.len()
    }

    /// Every whole password, in byte order.
    #[cfg(test)]
    pub(super) fn entries(&self) -> Vec<String> {
        self.passwords.stream().into_strs().unwrap()
    }

    /// Every short word, in byte order.
    #[cfg(test)]
    pub(super) fn words(&self) -> Vec<String> {
        self.words.stream().into_strs().unwrap()
    }
}

/// The node that a character leads to.
fn follow(fst: &Fst<&'static [u8]>, mut address: CompiledAddr, c: char) -> Option<CompiledAddr> {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let node = fst.node(address);
        address = node.transition_addr(node.find_input(byte)?);
    }
    Some(address)
}

/// A walk through a list along the password, from one start, in plain and leet spelling at once.
///
/// It is as deep as the longest entry and as broad as the list allows, which is hardly at all.
struct Search<'a> {
    fst: &'a Fst<&'static [u8]>,
    key: &'a [char],
    filler: &'a Filler,
    start: usize,
}

impl Search<'_> {
    /// Whether an entry that goes on from this node explains the password from `at` to its end.
    fn explains(&self, address: CompiledAddr, at: usize) -> bool {
        if self.fst.node(address).is_final() && self.ends(at) {
            return true;
        }
        let Some(&c) = self.key.get(at) else {
            return false;
        };
        leet(c).iter().chain([&c]).any(|&spelled| {
            follow(self.fst, address, spelled).is_some_and(|next| self.explains(next, at + 1))
        })
    }

    /// Whether only filler and the same entry again follow the entry that stops at `end`.
    fn ends(&self, end: usize) -> bool {
        let Some(entry) = self.key.get(self.start..end) else {
            return false;
        };
        let letters = entry.iter().filter(|c| c.is_alphabetic()).count();
        if letters < MIN_LETTERS || letters * 2 < entry.len() {
            return false;
        }
        let mut cost = self.filler.cost(0..self.start);
        let mut at = end;
        while let Some(rest) = self.key.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.len() >= entry.len() && rest.iter().zip(entry).all(|(a, b)| alike(*a, *b)) {
                at += entry.len();
            } else {
                cost = cost.saturating_add(self.filler.cost(at..at + 1));
                at += 1;
            }
        }
        cost <= MAX_FILLER
    }
}

/// Whether two characters are the same or one stands for the other in leet spelling.
fn alike(a: char, b: char) -> bool {
    a == b || leet(a).contains(&b) || leet(b).contains(&a)
}

#[cfg(test)]
mod tests {
    use super::{super::normal::comparison_key, *};

    fn lists() -> CommonPasswords {
        CommonPasswords::embedded().unwrap()
    }

    fn made_of_one_entry(password: &str) -> bool {
        let key = comparison_key(password);
        lists().is_made_of_one_entry(&key, &Filler::of(&key))
    }

    #[test]
    fn sec49_list_is_large_enough() {
        let entries = lists().entries();
        let long = |least: usize| {
            entries
                .iter()
                .filter(|e| e.chars().count() >= least)
                .count()
        };
        println!(
            "{} entries, {} of 8, {} of 15 and more",
            lists().len(),
            long(8),
            long(15)
        );
        assert_eq!(entries.len(), lists().len());
        assert_eq!(
            long(8),
            lists().len(),
            "shorter entries can never pass the length rule"
        );
        assert!(long(8) >= 20_000);
        assert!(long(15) >= 50);
    }

    #[test]
    fn entries_are_comparison_keys() {
        for entry in lists().entries().iter().chain(&lists().words()) {
            let key: String = comparison_key(entry).iter().collect();
            assert_eq!(&key, entry);
        }
        for word in lists().words() {
            assert!(word.chars().all(char::is_alphabetic), "{word}");
            assert!((MIN_LETTERS..8).contains(&word.chars().count()), "{word}");
        }
    }

    #[test]
    fn sec49_entry_is_found_whole_only() {
        let is_entry = |password: &str| lists().is_entry(&comparison_key(password));
        for entry in [
            "password",
            "PassWord",
            "ｐａｓｓｗｏｒｄ",
            "1qaz2wsx3edc4rfv",
            "manchesterunited",
        ] {
            assert!(is_entry(entry), "{entry}");
        }
        for other in ["", "passwor", "passwords of my youth", "my password"] {
            assert!(!is_entry(other), "{other}");
        }
    }

    #[test]
    fn sec49_doubled_entries_are_found() {
        for password in [
            "passwordpassword",
            "PasswordPassword",
            "p@sswordpa$$word",
            "letmeinletmeinletmein",
            "letmein letmein letmein",
            "dragon-dragon-dragon!",
            "iloveyou iloveyou 2",
            "adminadmin12345",
        ] {
            assert!(made_of_one_entry(password), "{password}");
        }
    }

    #[test]
    fn sec49_padded_entries_are_found() {
        for password in [
            "password1234567!",
            "!!!!!Password2026",
            "P4ssw0rd!!!!!!!!",
            "2026-summer-2026",
            "monkey123456789",
            "qwertyuiopPassword",
            "Passwordabcdefgh",
            "welcome!@#$%^&*()",
            "trustno1trustno1",
            "пароль2026202620",
        ] {
            assert!(made_of_one_entry(password), "{password}");
        }
    }

    #[test]
    fn sec49_entries_in_phrases_are_not_found() {
        for password in [
            "",
            "correct horse battery staple",
            "my password is a poem",
            "password of the sea",
            "dragon monkey shadow",
            "summer of 1969, by the lake",
            "horse 8*7=56, 9*4=36 and so",
            "928461057382915",
            "7h3-f0x-0v3r-7h3-d06",
            "71584163081283ef",
            "*<]3:\"9~:%#fL0W",
            "deadbeef00112233445566778899aabbccddeeff0123456789abcdef01234567",
        ] {
            assert!(!made_of_one_entry(password), "{password}");
        }
    }

    #[test]
    fn much_unpredictable_filler_makes_up_for_the_word() {
        assert!(made_of_one_entry("dragon 95-82-47"));
        assert!(!made_of_one_entry("dragon 95-82-47-16-38-29"));
    }
}
