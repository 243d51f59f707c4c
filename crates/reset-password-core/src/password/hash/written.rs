//! The forms in which a hash is written: our own, and those of frameworks whose login has to take it.
//!
//! Each is at the cost that its framework writes today or above; where the account's present hash is of the same kind and
//! dearer, at that hash's, so that neither makes the other's anew at each login.

use std::hint;

use base16ct::lower::encode_string;
use base64ct::{Base64, Encoding as _};
use secrecy::SecretString;

use super::{
    Arena, Argon2Params, HashError,
    argon2::compute,
    bcrypt,
    before::{Before, with_pepper},
    limits::{SALT_LENGTH, SMALL_KIB},
    pbkdf2::{self, Digest},
    scheme::Scheme,
    scrypt,
    stored::{PEPPERED, StoredHash},
};

/// How a hash is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashForm {
    /// Our own: a PHC string of Argon2id.
    #[default]
    Argon2id,
    /// ASP.NET Identity 3: PBKDF2 with HMAC-SHA-512.
    AspNet,
    /// bcrypt, as Ruby, PHP and Java write it: with `$2a$`, `$2b$` or `$2y$`. Of a password and the pepper, where there is
    /// one.
    Bcrypt(BcryptVersion),
    /// better-auth: scrypt.
    BetterAuth,
    /// Django's `argon2$`.
    DjangoArgon2,
    /// Django's `bcrypt_sha256$`.
    DjangoBcrypt,
    /// Django's `pbkdf2_sha256$`, which every Django takes.
    DjangoPbkdf2,
    /// Spring Security's `{argon2}`.
    SpringArgon2,
    /// Spring Security's `{bcrypt}`.
    SpringBcrypt,
}

/// What stands before a bcrypt hash; all mean the same today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BcryptVersion {
    /// `$2a$`
    A,
    /// `$2b$`
    B,
    /// `$2y$`
    Y,
}

/// The names of the forms.
const NAMES: [(&str, HashForm); 11] = [
    ("argon2id", HashForm::Argon2id),
    ("aspnet", HashForm::AspNet),
    ("bcrypt_2a", HashForm::Bcrypt(BcryptVersion::A)),
    ("bcrypt_2b", HashForm::Bcrypt(BcryptVersion::B)),
    ("bcrypt_2y", HashForm::Bcrypt(BcryptVersion::Y)),
    ("better_auth", HashForm::BetterAuth),
    ("django_argon2", HashForm::DjangoArgon2),
    ("django_bcrypt", HashForm::DjangoBcrypt),
    ("django_pbkdf2", HashForm::DjangoPbkdf2),
    ("spring_argon2", HashForm::SpringArgon2),
    ("spring_bcrypt", HashForm::SpringBcrypt),
];

/// Rails, Devise, Laravel 11 and Django write 12; Spring 10.
const BCRYPT_COST: u32 = 12;
/// Django 5.2; Django 6 writes 1,200,000, and makes a lesser hash anew at the next login.
const DJANGO_ITERATIONS: u32 = 1_000_000;
/// ASP.NET Core 7 and later.
const ASPNET_ITERATIONS: u32 = 100_000;
const ASPNET_TAG: usize = 32;

impl HashForm {
    /// The form of that name; `None` if there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, form)| *form)
    }

    /// Every name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The working memory that writing takes, for admission.
    #[must_use]
    pub fn memory_kib(self, params: Argon2Params) -> u32 {
        match self {
            Self::Argon2id | Self::DjangoArgon2 | Self::SpringArgon2 => params.memory_kib(),
            Self::BetterAuth => scrypt::Stored::better_auth_memory_kib().unwrap_or(SMALL_KIB),
            Self::AspNet
            | Self::Bcrypt(_)
            | Self::DjangoBcrypt
            | Self::DjangoPbkdf2
            | Self::SpringBcrypt => SMALL_KIB,
        }
    }

    /// Whether every byte of a password would count.
    #[must_use]
    pub fn holds(self, password: &[u8]) -> bool {
        match self {
            Self::Bcrypt(_) | Self::SpringBcrypt => bcrypt::Stored::reads_all_of(password),
            _ => true,
        }
    }

    /// A stored hash, read as this form's system would: with a pepper, every bcrypt hash was made with it.
    ///
    /// # Errors
    ///
    /// Those of [`StoredHash::parse`].
    pub fn read(self, text: &str, pepper: Option<&SecretString>) -> Result<StoredHash, HashError> {
        let stored = match (self, pepper) {
            (Self::Bcrypt(_), Some(_)) if text.starts_with("$2") => {
                StoredHash::parse(&format!("{PEPPERED}{text}"))
            }
            _ => StoredHash::parse(text),
        };
        stored.and_then(|stored| stored.with(pepper))
    }

    /// Works as long as a verification of a hash in this form, for an account that is not there.
    ///
    /// # Errors
    ///
    /// Those of [`Self::write`], so that the two cannot be told apart by their failures either.
    pub fn dummy(
        self,
        params: Argon2Params,
        arena: &mut Arena,
        password: &[u8],
    ) -> Result<(), HashError> {
        let mut work = Work {
            params,
            arena,
            salt: &[0; SALT_LENGTH],
            pepper: None,
        };
        hint::black_box(self.write(&mut work, password, None)?);
        Ok(())
    }

    /// Hashes a password. The salt must be new and random for every call; `present` is the account's present hash.
    ///
    /// # Errors
    ///
    /// [`HashError::OutOfMemory`] when the working memory cannot be had.
    pub fn write(
        self,
        work: &mut Work<'_>,
        password: &[u8],
        present: Option<&str>,
    ) -> Result<String, HashError> {
        let Work {
            params,
            arena,
            salt,
            pepper,
        } = work;
        let present = present.and_then(|text| StoredHash::parse(text).ok());
        let present = present.as_ref().map(|stored| &stored.scheme);
        let bcrypt = |version: &str, password: &[u8]| {
            let cost = match present {
                Some(Scheme::Bcrypt(present)) => present.cost().max(BCRYPT_COST),
                _ => BCRYPT_COST,
            };
            bcrypt::Stored::new(cost, **salt).write(version, password)
        };
        let iterations = |least: u32| match present {
            Some(Scheme::Pbkdf2(present)) => present.iterations().max(least),
            _ => least,
        };
        Ok(match self {
            Self::Argon2id => compute(*params, arena, password, salt)?,
            Self::DjangoArgon2 => format!("argon2{}", compute(*params, arena, password, salt)?),
            Self::SpringArgon2 => format!("{{argon2}}{}", compute(*params, arena, password, salt)?),
            Self::AspNet => {
                let iterations = iterations(ASPNET_ITERATIONS);
                let stored =
                    pbkdf2::Stored::blank(Digest::Sha512, iterations, salt.to_vec(), ASPNET_TAG)?;
                let mut octets = vec![1];
                // HMAC-SHA-512, the iterations, the length of the salt.
                for number in [2, iterations, 16] {
                    octets.extend(u32::to_be_bytes(number));
                }
                octets.extend_from_slice(&**salt);
                octets.extend_from_slice(&stored.derive(password)?);
                Base64::encode_string(&octets)
            }
            Self::Bcrypt(version) => {
                let peppered = pepper.map(|pepper| with_pepper(password, pepper));
                let password = peppered.as_deref().map_or(password, Vec::as_slice);
                bcrypt(version.text(), password)
            }
            Self::SpringBcrypt => {
                format!("{{bcrypt}}{}", bcrypt(BcryptVersion::A.text(), password))
            }
            Self::DjangoBcrypt => {
                let digits = Before::Sha256Digits.apply(password).unwrap_or_default();
                format!("bcrypt_sha256${}", bcrypt(BcryptVersion::B.text(), &digits))
            }
            Self::DjangoPbkdf2 => {
                let (iterations, salt) = (iterations(DJANGO_ITERATIONS), encode_string(&**salt));
                let stored = pbkdf2::Stored::blank(
                    Digest::Sha256,
                    iterations,
                    salt.clone().into_bytes(),
                    32,
                )?;
                let tag = Base64::encode_string(&stored.derive(password)?);
                format!("pbkdf2_sha256${iterations}${salt}${tag}")
            }
            Self::BetterAuth => {
                let normal = Before::Nfkc.apply(password);
                let password = normal.as_deref().map_or(password, Vec::as_slice);
                scrypt::Stored::write_better_auth(arena, password, salt)?
            }
        })
    }
}

/// What writing a hash takes besides the password.
pub struct Work<'a> {
    /// The cost of Argon2.
    pub params: Argon2Params,
    /// Where it works.
    pub arena: &'a mut Arena,
    /// New and random.
    pub salt: &'a [u8; SALT_LENGTH],
    /// What stands behind the password.
    pub pepper: Option<&'a SecretString>,
}

impl BcryptVersion {
    const fn text(self) -> &'static str {
        match self {
            Self::A => "2a",
            Self::B => "2b",
            Self::Y => "2y",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(
        form: HashForm,
        password: &[u8],
        pepper: Option<&SecretString>,
        present: Option<&str>,
    ) -> String {
        let mut work = Work {
            params: Argon2Params::new(12_288, 3).unwrap(),
            arena: &mut Arena::new(),
            salt: &[7; SALT_LENGTH],
            pepper,
        };
        form.write(&mut work, password, present).unwrap()
    }

    #[test]
    fn what_is_written_is_understood_in_its_form() {
        for (name, form) in NAMES {
            let text = write(form, "pa\u{df}wort \u{fb01} 12".as_bytes(), None, None);
            let begins = match form {
                HashForm::Argon2id => "$argon2id$v=19$m=12288,t=3,p=1$",
                HashForm::AspNet => "AQAAAAIAAYagAAAAE",
                HashForm::Bcrypt(BcryptVersion::A) => "$2a$12$",
                HashForm::Bcrypt(BcryptVersion::B) => "$2b$12$",
                HashForm::Bcrypt(BcryptVersion::Y) => "$2y$12$",
                HashForm::BetterAuth => "07070707070707070707070707070707:",
                HashForm::DjangoArgon2 => "argon2$argon2id$v=19$",
                HashForm::DjangoBcrypt => "bcrypt_sha256$$2b$12$",
                HashForm::DjangoPbkdf2 => "pbkdf2_sha256$1000000$0707",
                HashForm::SpringArgon2 => "{argon2}$argon2id$v=19$",
                HashForm::SpringBcrypt => "{bcrypt}$2a$12$",
            };
            assert!(text.starts_with(begins), "{name}: {text}");
            let read = form.read(&text, None).unwrap();
            let mut arena = Arena::new();
            assert!(
                read.verify(&mut arena, "pa\u{df}wort \u{fb01} 12".as_bytes())
                    .unwrap(),
                "{name}"
            );
            assert!(
                !read
                    .verify(&mut arena, "pa\u{df}wort \u{fb01} 13".as_bytes())
                    .unwrap(),
                "{name}"
            );
            assert_eq!(HashForm::named(name), Some(form));
        }
        assert_eq!(HashForm::named("md5"), None);
    }

    #[test]
    fn the_cost_of_a_dearer_present_hash_is_kept() {
        let dear = "$2b$13$8DRDrOUxevpCb5W2blrzJeJZxDOIe00uNWt/.1yylbJDAmkiwwbAi";
        let cheap = "$2b$10$8DRDrOUxevpCb5W2blrzJeJZxDOIe00uNWt/.1yylbJDAmkiwwbAi";
        let form = HashForm::Bcrypt(BcryptVersion::Y);
        assert!(write(form, b"x", None, Some(dear)).starts_with("$2y$13$"));
        assert!(write(form, b"x", None, Some(cheap)).starts_with("$2y$12$"));
        let django = "pbkdf2_sha256$1200000$6rQBOhEcgbZCKwIpvmoPVi$uD867TkzIZo8WW3IofnyzXGUGZefba6QMiMPzQ/f1ZE=";
        let written = write(HashForm::DjangoPbkdf2, b"x", None, Some(django));
        assert!(written.starts_with("pbkdf2_sha256$1200000$"), "{written}");
        let written = write(HashForm::DjangoPbkdf2, b"x", None, Some("!unusable"));
        assert!(written.starts_with("pbkdf2_sha256$1000000$"), "{written}");
    }

    #[test]
    fn a_pepper_belongs_to_every_bcrypt_hash_of_a_system_that_has_one() {
        let form = HashForm::Bcrypt(BcryptVersion::A);
        let (pepper, other) = (SecretString::from("pepper"), SecretString::from("other"));
        let text = write(form, b"password", Some(&pepper), None);
        let verifies = |pepper| {
            let read = form.read(&text, pepper).unwrap();
            read.verify(&mut Arena::new(), b"password").unwrap()
        };
        assert!(verifies(Some(&pepper)) && !verifies(Some(&other)) && !verifies(None));
    }

    #[test]
    fn bcrypt_holds_no_more_than_it_reads() {
        for (_, form) in NAMES {
            let is_plain = matches!(form, HashForm::Bcrypt(_) | HashForm::SpringBcrypt);
            assert!(form.holds(&[b'x'; 72]));
            assert_eq!(form.holds(&[b'x'; 73]), !is_plain);
            assert_eq!(form.holds(b"x\0y"), !is_plain);
        }
    }
}
