//! Passwords made of what is known of the account and of the service.

use super::{
    account::{Account, MAX_BYTES},
    normal::{leet, skeleton},
    pattern::{Filler, MAX_FILLER},
};

/// The words of a service, and again those of an account, have no more letters than this together, so
/// that the work stays small whatever is put into a name. An ordinary account's have about a hundred.
const MAX_LETTERS: usize = 2_048;

/// So many names of an account are looked at.
const MAX_NAMES: usize = 8;

/// The words that a password must not be a version of, as skeletons of letters and digits.
#[derive(Clone, Default)]
pub(super) struct ContextWords {
    words: Vec<Vec<char>>,
    letters: usize,
}

impl ContextWords {
    /// Each name of the service, and the words in it.
    pub(super) fn of_service(names: Vec<String>) -> Self {
        let mut words = Self::default();
        for name in names {
            words.add_with_parts(&name);
        }
        words
    }

    /// The words of the service and those of the account.
    pub(super) fn with_account(&self, account: &Account<'_>) -> Self {
        let mut words = Self {
            words: self.words.clone(),
            letters: 0,
        };
        if let Some(email) = account.email {
            words.add_email(email);
        }
        let names = || account.names.iter().take(MAX_NAMES);
        for name in names() {
            words.add_with_parts(name);
        }
        // Names too short to count alone count together: Li and Wu, `liwu`.
        for (first, last) in names().flat_map(|first| names().map(move |last| (first, last))) {
            words.add_joined(first, last);
        }
        words
    }

    /// The address, the local part and its words, the domain with and without its ending.
    fn add_email(&mut self, email: &str) {
        let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
        let named = domain
            .rsplit_once('.')
            .map_or(domain, |(named, _ending)| named);
        self.add(email);
        self.add(domain);
        self.add_with_parts(local);
        self.add_with_parts(named);
    }

    /// A text as one word, each of its words, and each of those without its digits.
    fn add_with_parts(&mut self, text: &str) {
        // What is longer than any password is in none.
        if text.len() > MAX_BYTES {
            return;
        }
        self.add(text);
        for part in text.split(|c: char| !c.is_alphanumeric()) {
            self.add(part);
            for letters in part.split(|c: char| !c.is_alphabetic()) {
                self.add(letters);
            }
        }
    }

    fn add_joined(&mut self, first: &str, last: &str) {
        if first.len().max(last.len()) <= MAX_BYTES {
            self.add(&format!("{first}{last}"));
        }
    }

    fn add(&mut self, text: &str) {
        if text.len() > MAX_BYTES {
            return;
        }
        let word: Vec<char> = skeleton(text)
            .iter()
            .copied()
            .filter(|c| c.is_alphanumeric())
            .collect();
        let fits = self.letters + word.len() <= MAX_LETTERS;
        if fits && is_telling(&word) && !self.words.contains(&word) {
            self.letters += word.len();
            self.words.push(word);
        }
    }

    /// Whether the whole password is made of these words, in any order and number, each in plain or
    /// leet spelling, stretched or spaced out, with filler around them (ASVS 6.2.11).
    ///
    /// One pass over the password keeps, for each word, the least filler with which a version of its
    /// first letters ends here. NIST forbids refusing a password for a word that is merely in it, and
    /// any letter that is neither word nor filler ends all of these at once.
    pub(super) fn make_up(&self, password: &[char]) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let filler = Filler::of(password);
        let letters = password.iter().filter(|c| c.is_alphabetic()).count();
        let mut words: Vec<Version<'_>> = self
            .words
            .iter()
            .filter(|word| word.len() <= password.len())
            .map(|word| Version::none_of(word, letters))
            .collect();
        let mut before_any = 0;
        let mut after_some = IMPOSSIBLE;
        for (c, cost) in password.iter().zip(filler.costs()) {
            let start = before_any.min(after_some);
            before_any = before_any.saturating_add(cost);
            after_some = after_some.saturating_add(cost);
            for word in &mut words {
                after_some = after_some.min(word.read(*c, cost, start));
            }
        }
        after_some <= MAX_FILLER
    }
}

/// Short words are in too much to tell anything: at least three letters, two in a script that has
/// one for each syllable or word, or six characters with digits.
fn is_telling(word: &[char]) -> bool {
    let letters = || word.iter().filter(|c| c.is_alphabetic());
    word.len() >= 6 || letters().count() >= 3 || letters().map(|c| c.len_utf8()).sum::<usize>() >= 6
}

/// The cost of what cannot be.
const IMPOSSIBLE: u32 = u32::MAX;

/// How far the password, read so far, ends in a version of one word.
struct Version<'a> {
    word: &'a [char],
    /// Whether leet spelling counts: not in a short word, nor where most letters are not letters, for
    /// digits and symbols alone spell many words.
    leet: bool,
    /// The least filler for having read this many letters and one.
    costs: Vec<u32>,
}

impl<'a> Version<'a> {
    fn none_of(word: &'a [char], letters: usize) -> Self {
        Self {
            word,
            leet: word.len() >= 4 && letters * 2 >= word.len(),
            costs: vec![IMPOSSIBLE; word.len()],
        }
    }

    /// Reads one more character of the password, and gives the cost of the word ending with it.
    fn read(&mut self, c: char, filler: u32, start: u32) -> u32 {
        let separates = !c.is_alphanumeric();
        let mut earlier = start;
        for (letter, cost) in self.word.iter().zip(&mut self.costs) {
            let so_far = *cost;
            let spells = *letter == c || (self.leet && leet(c).contains(letter));
            let advanced = if spells { earlier } else { IMPOSSIBLE };
            let stretched = if *letter == c { so_far } else { IMPOSSIBLE };
            let spaced = if separates {
                so_far.saturating_add(filler)
            } else {
                IMPOSSIBLE
            };
            *cost = advanced.min(stretched).min(spaced);
            earlier = so_far;
        }
        self.costs.last().copied().unwrap_or(IMPOSSIBLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(password: &str, email: Option<&str>, names: &[&str], services: &[&str]) -> bool {
        ContextWords::of_service(services.iter().map(ToString::to_string).collect())
            .with_account(&Account {
                email,
                names: names.to_vec(),
            })
            .make_up(&skeleton(password))
    }

    // Words of tenants wait for tenants.
    #[test]
    fn sec51_context_words() {
        let similar =
            |password| similar(password, Some("jdoe@mail.example"), &[], &["Acme Portal"]);
        for password in [
            "acmeportal2026!!",
            "@cmep0rtal12345",
            "JDOEjdoeJDOEjdoe",
            "acme-portal-2026",
            "AcmePortal AcmePortal",
            "portalacme2026!",
            "j.d.o.e.j.d.o.e.",
            "jdoeeeeeeeeeeee",
            "jdoe@mail.example",
            "jdoe@acmeportal",
            "mailexample12345",
            "ＪＤＯＥ１２３４５６７８９０１",
            "jdoe!@#$%^&*()2026",
            "acmeportalqwerty",
        ] {
            assert!(similar(password), "{password}");
        }
        for password in [
            "",
            "my acme portal is purple",
            "acme makes good anvils",
            "jdoes of this world",
            "928461057382915",
            "correct horse battery staple",
        ] {
            assert!(!similar(password), "{password}");
        }
    }

    #[test]
    fn sec51_names_in_any_order() {
        let names = ["Zoë", "van der Berg", "Zoë van der Berg"];
        let similar = |password| similar(password, None, &names, &[]);
        for password in [
            "zoevanderberg12",
            "BergZoe20260101",
            "Zoë van der Berg",
            "vanderbergzoe!!",
            "z03 v4n d3r b3rg",
        ] {
            assert!(similar(password), "{password}");
        }
        for password in [
            "zoe climbs the berg",
            "bergamot and zoetrope",
            "zo3v4nd3rwaals99",
        ] {
            assert!(!similar(password), "{password}");
        }
    }

    #[test]
    fn sec51_words_of_the_address() {
        let email = Some("mary.lou-smith1985@shop.example.co.uk");
        let similar = |password| similar(password, email, &[], &[]);
        for password in [
            "marylousmith1985",
            "smith.mary.1985",
            "loulouloulou!!!",
            "shop.example.co.uk",
            "example12345678",
            "mary@shop123456",
            "smith1985smith1985",
        ] {
            assert!(similar(password), "{password}");
        }
        assert!(!similar("louis xiv of france"));
        assert!(!similar("uk 19 85 12 40 77"), "an ending is no word");
    }

    #[test]
    fn sec51_short_words_tell_nothing_alone() {
        assert!(!similar("li 4821-9937-105", None, &["Li", "Wu"], &[]));
        assert!(similar("li wu 4821 1234", None, &["Li", "Wu"], &[]));
        assert!(similar("王伟王伟2026123", None, &["王伟"], &[]));
        assert!(!similar("421042104210421", None, &["42", "10"], &[]));
        assert!(similar("104857610485761", None, &["1048576"], &[]));
    }

    #[test]
    fn sec51_digits_spell_no_name() {
        assert!(!similar("115411541154937", None, &["Lisa"], &[]));
        assert!(similar("L1sa 1154115493", None, &["Lisa"], &[]));
    }

    #[test]
    fn much_unpredictable_filler_makes_up_for_the_word() {
        assert!(similar("jdoe 95-82-47", Some("jdoe@a.example"), &[], &[]));
        assert!(!similar(
            "jdoe 95-82-47-16-38-29",
            Some("jdoe@a.example"),
            &[],
            &[]
        ));
    }

    #[test]
    fn huge_names_cost_little() {
        let huge = "ab ".repeat(1 << 20);
        let many: Vec<String> = (0..2_000).map(|n| format!("name{n}")).collect();
        let names: Vec<&str> = many
            .iter()
            .map(String::as_str)
            .chain([huge.as_str()])
            .collect();
        let words = ContextWords::default().with_account(&Account {
            email: Some(&huge),
            names,
        });
        assert!(words.letters <= MAX_LETTERS);
    }
}
