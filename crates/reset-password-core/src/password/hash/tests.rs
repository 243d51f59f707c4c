//! What holds for every kind of hash.

use std::env;

use proptest::{
    collection::vec,
    prelude::{ProptestConfig, any, prop_assert, proptest},
    sample::{Index, select},
};
use serde::Deserialize;

use secrecy::SecretString;

use super::{limits::MAX_MEMORY_KIB, *};
use crate::error::{Code, Error};

/// The cheapest that may be configured, so that the tests are quick.
fn cheap() -> Argon2Params {
    Argon2Params::new(12_288, 3).unwrap()
}

/// The number of cases of a property: a slice by default, all of them in the long run.
pub(super) fn cases(default: u32, long: u32) -> u32 {
    if env::var_os("RESET_PASSWORD_LONG").is_some_and(|value| value == "1") {
        long
    } else {
        default
    }
}

/// A hash by another system; see `make_foreign_hashes.py` beside the file.
#[derive(Deserialize)]
struct Foreign {
    maker: String,
    scheme: String,
    password: String,
    hash: String,
}

fn foreign_hashes() -> Vec<Foreign> {
    let text = include_str!("../../../../../tests/vectors/foreign_hashes.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn sec55_params() {
    let (mut arena, salt) = (Arena::new(), *b"0123456789abcdef");
    let text = compute(Argon2Params::DEFAULT, &mut arena, b"password", &salt).unwrap();
    let [empty, scheme, version, costs, salt, tag] = text::fields(&text).unwrap();
    assert_eq!((empty, scheme, version), ("", "argon2id", "v=19"));
    assert_eq!(costs, "m=65536,t=3,p=1");
    assert_eq!(salt, "MDEyMzQ1Njc4OWFiY2RlZg");
    assert_eq!(
        text::base64::<base64ct::Base64Unpadded>(tag).unwrap().len(),
        32
    );

    let stored = StoredHash::parse(&text).unwrap();
    assert_eq!((stored.scheme(), stored.memory_kib()), ("argon2id", 65_536));
    assert!(stored.is_current(Argon2Params::DEFAULT) && stored.is_current(cheap()));
    assert!(!stored.is_current(Argon2Params::new(65_537, 3).unwrap()));
    assert!(stored.verify(&mut arena, b"password").unwrap());
    assert!(!stored.verify(&mut arena, b"Password").unwrap());
}

#[test]
fn sec45_no_truncation() {
    let long = |last: &str, length: usize| "a".repeat(length) + last;
    let pairs = [
        (long("x", 72), long("y", 72)),
        (long("x", 255), long("y", 255)),
        (long("", 72), long("a", 72)),
        ("é".repeat(255) + "x", "é".repeat(255) + "y"),
        ("before\0after".into(), "before\0other".into()),
        ("before\0after".into(), "before".into()),
        ("before\0".into(), "before".into()),
        (" password".into(), "password".into()),
        ("password ".into(), "password".into()),
        ("Password".into(), "password".into()),
    ];
    let (mut arena, salt) = (Arena::new(), [7; 16]);
    for (left, right) in pairs {
        let mut verifies = |hashed: &str, given: &str| {
            let text = compute(cheap(), &mut arena, hashed.as_bytes(), &salt).unwrap();
            let stored = StoredHash::parse(&text).unwrap();
            assert!(stored.reads_all_of(given.as_bytes()));
            stored.verify(&mut arena, given.as_bytes()).unwrap()
        };
        assert!(verifies(&left, &left));
        assert!(!verifies(&left, &right), "{left:?} {right:?}");
        assert!(!verifies(&right, &left), "{left:?} {right:?}");
    }
}

#[test]
fn sec57_every_foreign_hash_verifies() {
    let (mut arena, foreign_hashes) = (Arena::new(), foreign_hashes());
    assert!(foreign_hashes.len() > 150);
    for Foreign {
        maker,
        scheme,
        password,
        hash,
    } in foreign_hashes
    {
        let context = format!("{maker} {scheme} {hash}");
        let stored = StoredHash::parse(&hash).expect(&context);
        assert!(
            stored.verify(&mut arena, password.as_bytes()).unwrap(),
            "{context}"
        );
    }
}

/// Made by Devise 4.8.1 with `Devise::Encryptor`; bcrypt stops within the first pepper.
#[test]
fn sec57_a_pepper_stands_behind_the_password() {
    let long = "1f6c2a9b0d4e8f7351ac0b9e6d2f4a8817c3e5b09d6f2a4c8e1b7d3f5a9c0e2b6d8f4a1c3e5b7d9f0a2c4e6b8d1f3a5c7e9b0d2f4a6c8e1b3d5f7a9c0e2b4d6f";
    let password = b"correct horse battery staple";
    let mut arena = Arena::new();
    for (pepper, hash) in [
        (
            long,
            "$2a$10$m7OwVKZb3sRdD8HPJU1BQeYBCQ18xCTDaeYKFgtEihMLfkmJsONLe",
        ),
        (
            "short pepper",
            "$2a$10$TNnJq0DyP0VTXtO3Gdfjt.wDCKy0sjpmDDZTlvgyH.OpNoDhgC6eK",
        ),
    ] {
        let parse = || StoredHash::parse(&format!("peppered${hash}")).unwrap();
        let mut verifies = |pepper: Option<&str>, password: &[u8]| {
            let pepper = pepper.map(SecretString::from);
            parse().with(pepper.as_ref())?.verify(&mut arena, password)
        };
        assert_eq!(verifies(Some(pepper), password), Ok(true));
        assert_eq!(
            verifies(Some(pepper), b"correct horse battery stapl"),
            Ok(false)
        );
        assert_eq!(verifies(Some("other"), password), Ok(false));
        assert_eq!(verifies(None, password), Err(HashError::NoPepper));
        assert_eq!(
            parse().verify(&mut arena, password),
            Err(HashError::NoPepper)
        );
        // Without its word, it is one without a pepper, whatever the system that imports it has.
        let plain = StoredHash::parse(hash)
            .unwrap()
            .with(Some(&pepper.into()))
            .unwrap();
        assert_eq!(plain.verify(&mut arena, password), Ok(false));
        let whole = [password, pepper.as_bytes()].concat();
        assert_eq!(plain.verify(&mut arena, &whole), Ok(true));
        assert!(parse().reads_all_of(password) && !parse().is_current(cheap()));
        assert!(!parse().reads_all_of(&[b'x'; 73]));
    }
    for damaged in ["peppered$", "peppered$peppered$$2a$10$x", "peppered$x"] {
        assert!(StoredHash::parse(damaged).is_err(), "{damaged}");
    }
}

#[test]
fn sec57_no_foreign_hash_takes_another_password() {
    let mut arena = Arena::new();
    for Foreign { password, hash, .. } in foreign_hashes() {
        let stored = StoredHash::parse(&hash).unwrap();
        let mut wrong = vec![format!("x{password}")];
        if stored.memory_kib() < 4096 && !hash.contains("000000$") {
            wrong.push("wrong".into());
            // White space around a password is none to WordPress.
            if !hash.starts_with("$wp$") {
                wrong.push(format!(" {password}"));
            }
            let longer = password + "x";
            if stored.reads_all_of(longer.as_bytes()) {
                wrong.push(longer);
            }
        }
        for wrong in wrong {
            assert!(
                !stored.verify(&mut arena, wrong.as_bytes()).unwrap(),
                "{wrong:?} {hash}"
            );
        }
    }
}

#[test]
fn sec57_foreign_hashes_are_not_current() {
    for Foreign { hash, .. } in foreign_hashes() {
        let stored = StoredHash::parse(&hash).unwrap();
        let ours = hash.starts_with("$argon2id$v=19$m=65536,t=4,p=1$");
        assert_eq!(stored.is_current(Argon2Params::DEFAULT), ours, "{hash}");
    }
    // The same hash, but not in our form.
    let text = compute(cheap(), &mut Arena::new(), b"password", &[7; 16]).unwrap();
    for (wrapper, current) in [("", true), ("argon2", false), ("{argon2}", false)] {
        let stored = StoredHash::parse(&format!("{wrapper}{text}")).unwrap();
        assert!(stored.verify(&mut Arena::new(), b"password").unwrap());
        assert_eq!(stored.is_current(cheap()), current, "{wrapper}");
    }
}

#[test]
fn sec59_hostile_phc() {
    let tail = "$AAECAwQFBgcICQoLDA0ODw$ktxdZwGWI4aL3geSdeUi9LfoIT00FO2Fy8KsikERcog";
    let costly = [
        format!("$argon2id$v=19$m=4294967295,t=3,p=1{tail}"),
        format!("$argon2id$v=19$m=65536,t=4294967295,p=1{tail}"),
        format!("{{argon2}}$argon2id$v=19$m=4294967295,t=3,p=1{tail}"),
        format!("argon2$argon2id$v=19$m=4294967295,t=3,p=1{tail}"),
        "$2b$31$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG".into(),
        "bcrypt$$2b$18$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG".into(),
        format!("$scrypt$ln=63,r=8,p=1{tail}"),
        format!("$scrypt$ln=14,r=1073741824,p=1{tail}"),
        format!("$pbkdf2-sha256$i=4294967296{tail}"),
        "pbkdf2_sha256$4294967295$salt$0vs/G6q0DkMK5wm5WmhbqCmIi1rK1mfuvf1Et4U2WGQ=".into(),
        format!("scrypt$2147483648$salt$8$5${}==", "A".repeat(86)),
    ];
    for text in costly {
        assert_eq!(
            StoredHash::parse(&text).err(),
            Some(HashError::TooCostly),
            "{text}"
        );
    }
    let unsupported = [
        String::new(),
        "plain".into(),
        "5f4dcc3b5aa765d61d8327deb882cf99".into(),
        "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8".into(),
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99".into(),
        "sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8".into(),
        "unsalted_md5$$5f4dcc3b5aa765d61d8327deb882cf99".into(),
        "{noop}password".into(),
        "{MD5}5f4dcc3b5aa765d61d8327deb882cf99".into(),
        "{SHA-1}5baa61e4".into(),
        "{SHA-256}5e884898".into(),
        "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=".into(),
        "{sha256}5e884898".into(),
        "{ldap}x".into(),
        "{}x".into(),
        "$1$salt$hash".into(),
        "$y$j9T$salt$hash".into(),
        "$ssha$salt=x$hash".into(),
        "$".into(),
        "$$".into(),
        "$2x$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG".into(),
        format!("$argon2id$v=17$m=65536,t=3,p=1{tail}"),
        format!("$argon2x$v=19$m=65536,t=3,p=1{tail}"),
    ];
    for text in unsupported {
        assert_eq!(
            StoredHash::parse(&text).err(),
            Some(HashError::Unsupported),
            "{text}"
        );
    }
    let malformed = [
        format!("$argon2id$v=19$m=65536,t=3,p=0{tail}"),
        format!("$argon2id$v=19$m=65536,t=3,p=1{tail} "),
        format!(" $argon2id$v=19$m=65536,t=3,p=1{tail}"),
        format!("$argon2id$v=19$m=65536,t=3,p=1{tail}\n"),
        format!("$argon2id$v=19$m=65536,t=3,p=1{tail}\0"),
        format!(
            "$argon2id$v=19$m=65536,t=3,p=1${}${}",
            "A".repeat(500),
            "A".repeat(500)
        ),
        "{bcrypt".into(),
        "$2b$é".into(),
        "$".repeat(1 << 20),
        "A".repeat(1 << 20),
        format!(
            "$argon2id$v=19$m=65536,t=3,p=1{tail}{}",
            "A".repeat(1 << 20)
        ),
    ];
    for text in malformed {
        assert_eq!(
            StoredHash::parse(&text).err(),
            Some(HashError::Malformed),
            "{text:.80}"
        );
    }
}

/// A column that was too narrow must not make a password easier to match. A PHC string does not say
/// how long its tag is; there, a cut one is a shorter tag, of Argon2 another one altogether.
#[test]
fn sec59_a_hash_that_was_cut_is_refused() {
    let mut arena = Arena::new();
    for Foreign { password, hash, .. } in foreign_hashes() {
        let argon2 = hash.contains("argon2");
        let open_ended = argon2
            || hash.starts_with("$scrypt$ln")
            || hash.starts_with("{scrypt")
            || hash.contains("$i=1000");
        for cut in (0..hash.len()).map(|length| &hash[..length]) {
            let Ok(stored) = StoredHash::parse(cut) else {
                continue;
            };
            assert!(open_ended, "{cut}");
            if argon2 && stored.memory_kib() < 100 {
                assert!(
                    !stored.verify(&mut arena, password.as_bytes()).unwrap(),
                    "{cut}"
                );
            }
        }
    }
}

#[test]
fn sec60_a_dummy_is_one_hash_at_the_same_cost() {
    let mut arena = Arena::new();
    let form = HashForm::default();
    form.dummy(cheap(), &mut arena, b"password").unwrap();
    assert_eq!(arena.reserved_kib(), 12_288);
}

#[test]
fn debug_shows_the_scheme_alone() {
    let stored = StoredHash::parse("$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG");
    assert_eq!(
        format!("{:?}", stored.unwrap()),
        "StoredHash { scheme: \"bcrypt\", .. }"
    );
}

#[test]
fn errors_have_the_right_codes() {
    for (error, code) in [
        (HashError::Failed, Code::Internal),
        (HashError::Malformed, Code::InvalidPasswordHash),
        (HashError::OutOfMemory, Code::Overloaded),
        (HashError::TooCostly, Code::InvalidPasswordHash),
        (HashError::Unsupported, Code::InvalidPasswordHash),
    ] {
        assert_eq!(Error::from(error).code(), code);
    }
}

/// Whatever is accepted stays within the ceilings.
fn parse_bounded(text: &str) -> bool {
    StoredHash::parse(text).is_ok_and(|stored| stored.memory_kib() > MAX_MEMORY_KIB)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(10_000, 1_000_000)))]

    #[test]
    fn sec59_parse_never_panics_on_anything(text in any::<String>()) {
        prop_assert!(!parse_bounded(&text));
    }

    #[test]
    fn sec59_parse_never_panics_on_near_misses(
        text in r"(\$|argon2\$|\{argon2\}|\{scrypt\}|scrypt\$|bcrypt\$|pbkdf2_sha256\$)(argon2id|argon2i|2[abxy]|scrypt|7|pbkdf2-sha256|pbkdf2|[0-9]{1,11})?(\$(v=[0-9]{1,3}|m=[0-9]{1,11},t=[0-9]{1,11},p=[0-9]{1,11}|ln=[0-9]{1,3},r=[0-9]{1,11},p=[0-9]{1,11}|i=[0-9]{1,11}|[0-9]{1,11}|[./A-Za-z0-9=+]{0,90})){0,6}"
    ) {
        prop_assert!(!parse_bounded(&text));
    }

    #[test]
    fn sec59_parse_never_panics_on_damaged_hashes(
        hash in select(foreign_hashes().into_iter().map(|f| f.hash).collect::<Vec<_>>()),
        changes in vec((any::<Index>(), 0_u8..128), 1..5),
        cut in proptest::option::of(any::<Index>()),
    ) {
        let mut bytes = hash.into_bytes();
        for (place, with) in changes {
            *place.get_mut(&mut bytes) = with;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assert!(!parse_bounded(&String::from_utf8(bytes).unwrap()));
    }
}
