//! What tokens are made of: bytes of the source of randomness, and nothing else.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use reset_password::{Code, Error, Scope, UpdateUser};
use reset_password_core::{Argon2Params, Engine, Random, RandomError, password::hash};
use reset_password_store::SqlStore;
use secrecy::SecretString;

use super::messages::{mailing, new_password, one};
use crate::support::{Captured, Fixture, NEW, OLD, OsRandom, key, text, user, user_with};

on_each_database!(
    sec01_without_randomness_nothing_is_done,
    sec01_without_randomness_no_hash_is_upgraded,
    sec07_no_table_holds_a_token,
);

const ADA: &str = "ada@example.com";

/// A source that fails once, at one of the next times that it is asked.
#[derive(Default)]
struct Failing(AtomicU32);

impl Failing {
    /// It is to fail at that time from now on, counted from 1.
    fn fail_at(&self, time: u32) {
        self.0.store(time, Ordering::SeqCst);
    }

    /// Whether it has failed since then.
    fn has_failed(&self) -> bool {
        self.0.swap(0, Ordering::SeqCst) == 0
    }
}

impl Random for Failing {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        if left == 1 {
            return Err(RandomError("out of order".into()));
        }
        OsRandom.fill(buffer)
    }
}

/// A source that gives the same bytes in every run, and keeps what it gave.
struct Recorded(Mutex<(u64, Vec<Vec<u8>>)>);

impl Recorded {
    fn new() -> Self {
        Self(Mutex::new((0x2545_f491_4f6c_dd1d, Vec::new())))
    }

    /// The bytes of all that could be a token.
    fn given(&self) -> Vec<Vec<u8>> {
        let given = self.0.lock().unwrap().1.clone();
        given
            .into_iter()
            .filter(|bytes| bytes.len() == 32)
            .collect()
    }
}

impl Random for Recorded {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        let mut kept = self.0.lock().unwrap();
        for byte in &mut *buffer {
            // SplitMix64.
            kept.0 = kept.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (kept.0 ^ (kept.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)).to_be_bytes()[0];
        }
        kept.1.push(buffer.to_vec());
        Ok(())
    }
}

/// The token that is made of these bytes, written by the alphabet of RFC 4648, section 5, and by nothing of ours.
fn token_of(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let character = |bits: &[u8]| {
        let value = (0..6).fold(0, |value, n| value << 1 | bits.get(n).unwrap_or(&0));
        char::from(ALPHABET[usize::from(value)])
    };
    bits.chunks(6).map(character).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn tables(fixture: &Fixture) -> [String; 9] {
    [
        "users", "resets", "requests", "failures", "messages", "reports", "events", "settings",
        "api_keys",
    ]
    .map(|table| fixture.dump(&format!("reset_password_{table}")))
}

/// What the engine can be asked to do that needs randomness.
type Operation<'a> = (
    &'a str,
    Box<dyn Fn(&Engine<SqlStore>) -> Result<(), Error> + 'a>,
);

/// Every operation, in an order in which each has what it needs.
#[expect(clippy::too_many_lines, reason = "a few lines for each operation")]
fn operations<'a>(
    id: &'a str,
    token: &'a str,
    api_key: &'a str,
    notices: &'a [SecretString; 2],
) -> Vec<Operation<'a>> {
    let change = |change: fn(&mut UpdateUser)| {
        move |engine: &Engine<SqlStore>| {
            let mut update = UpdateUser::default();
            change(&mut update);
            engine.update_user(id, update).map(drop)
        }
    };
    vec![
        (
            "create_user",
            Box::new(|engine| engine.create_user(user("eve@example.com")).map(drop)),
        ),
        (
            "create_user with a password",
            Box::new(|engine| {
                engine
                    .create_user(user_with("kim@example.com", OLD))
                    .map(drop)
            }),
        ),
        (
            "reset_password",
            Box::new(|engine| engine.reset_password(token, NEW).map(drop)),
        ),
        (
            "create_password_reset",
            Box::new(|engine| engine.create_password_reset(ADA).map(drop)),
        ),
        (
            "request_password_reset",
            Box::new(|engine| engine.request_password_reset(ADA).map(drop)),
        ),
        (
            "request_password_reset of nobody",
            Box::new(|engine| {
                engine
                    .request_password_reset("nobody@example.com")
                    .map(drop)
            }),
        ),
        ("messages", Box::new(|engine| engine.messages(10).map(drop))),
        (
            "send_password_reset",
            Box::new(|engine| engine.send_password_reset(ADA).map(drop)),
        ),
        (
            "revoke_password_resets",
            Box::new(|engine| engine.revoke_password_resets(None).map(drop)),
        ),
        (
            "update_user",
            Box::new(change(|update| update.name = Some("Ada".into()))),
        ),
        (
            "update_user with a password",
            Box::new(change(|update| update.password = Some(OLD.into()))),
        ),
        (
            "create_api_key",
            Box::new(|engine| {
                engine
                    .create_api_key("app", &[Scope::UsersRead], 90)
                    .map(drop)
            }),
        ),
        (
            "rotate_api_key",
            Box::new(|engine| {
                engine
                    .rotate_api_key(api_key, 90, std::time::Duration::ZERO)
                    .map(drop)
            }),
        ),
        (
            "revoke_api_key",
            Box::new(|engine| {
                let keys = engine.list_api_keys()?;
                let live = keys.iter().find(|key| key.revoked_at.is_none());
                engine.revoke_api_key(&live.unwrap().id).map(drop)
            }),
        ),
        (
            "report_change",
            Box::new(|engine| engine.report_change(text(&notices[0]), ADA).map(drop)),
        ),
        (
            "update_user with an address",
            Box::new(change(|update| {
                update.email = Some("new@example.com".into());
            })),
        ),
        (
            "report_change from the address before",
            Box::new(|engine| engine.report_change(text(&notices[1]), ADA).map(drop)),
        ),
        ("unlock_user", Box::new(|engine| engine.unlock_user(id))),
        ("delete_user", Box::new(|engine| engine.delete_user(id))),
        (
            "replace_key",
            Box::new(|engine| engine.replace_key(&Arc::new(key(2)), &Arc::new(key(1)))),
        ),
    ]
}

/// The source fails at the first time that an operation asks for randomness, then at the second, until the operation
/// is through: each failure is one error in the log, and not a row of any table.
fn sec01_without_randomness_nothing_is_done(fixture: &Fixture) {
    let log = Captured::default();
    let _guard = log.listen(tracing::Level::INFO);
    let id = fixture.ada();
    let api_key = fixture
        .engine
        .create_api_key("app", &[Scope::UsersRead], 90)
        .unwrap();
    let notices = [NEW, OLD].map(|password| {
        let mailing = mailing(fixture);
        mailing.update_user(&id, new_password(password)).unwrap();
        let notice = one(&mailing);
        mailing.message_sent(&notice.id).unwrap();
        notice.report_token.unwrap()
    });
    let token = fixture.token(ADA);
    let random = Arc::new(Failing::default());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| {
        config.random = given;
        config.messages = true;
    });
    let mut failures = 0;
    for (name, operation) in operations(&id, &token, &api_key.api_key.id, &notices) {
        for time in 1.. {
            let before = tables(fixture);
            random.fail_at(time);
            let done = operation(&engine);
            if !random.has_failed() {
                assert!(time > 1, "{name} asks for no randomness");
                done.unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert!(tables(fixture) != before, "{name} does nothing");
                break;
            }
            let error = done.unwrap_err();
            assert_eq!(error.code(), Code::Internal, "{name} {time}: {error:?}");
            assert!(tables(fixture) == before, "{name} {time}");
            failures += 1;
            assert_eq!(log.count("no randomness"), failures, "{name} {time}");
        }
    }
    println!("{failures} failures");
}

/// The login needs none, and is good all the same.
fn sec01_without_randomness_no_hash_is_upgraded(fixture: &Fixture) {
    let params = Argon2Params::new(12_288, 3).unwrap();
    let old = hash::compute(params, &mut hash::Arena::new(), OLD.as_bytes(), &[7; 16]).unwrap();
    let mut import = user(ADA);
    import.password_hash = Some(old.clone().into());
    fixture.engine.create_user(import).unwrap();
    let random = Arc::new(Failing::default());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| config.random = given);
    let stored = || {
        let stored = "SELECT password_hash FROM reset_password_users";
        fixture.database.value(stored)
    };
    random.fail_at(1);
    engine.authenticate_with_password(ADA, OLD).unwrap();
    assert!(random.has_failed());
    assert_eq!(stored(), old);
    engine.authenticate_with_password(ADA, OLD).unwrap();
    assert_ne!(stored(), old);
}

/// Of one user at one moment. The bytes are the same in every run, so nothing here is so by chance.
#[test]
fn sec03_token_is_opaque() {
    let fixture = Fixture::new();
    let random = Arc::new(Recorded::new());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| config.random = given);
    let ada = engine.create_user(user(ADA)).unwrap();
    let mut tokens: HashSet<String> = (0..1_000)
        .map(|_| engine.create_password_reset(ADA).unwrap())
        .map(|reset| text(&reset.password_reset_token).to_owned())
        .collect();
    // While the last one works it would be sent again.
    engine.revoke_password_resets(None).unwrap();
    let requested = engine.request_password_reset(ADA).unwrap().unwrap();
    tokens.insert(text(&requested.password_reset_token).to_owned());
    assert_eq!(tokens.len(), 1_001);
    // Each is 32 bytes of the source, and so none is made of anything else.
    let given = random.given();
    let made: Vec<_> = given.iter().map(|bytes| (token_of(bytes), bytes)).collect();
    let made: Vec<_> = made
        .iter()
        .filter(|(token, _)| tokens.contains(token))
        .collect();
    assert_eq!(made.len(), 1_001, "a token is not what the source gave");
    let now = reset_password_core::Clock::now(&fixture.clock).unix_millis();
    let mut known = vec![
        ada.id.clone().into_bytes(),
        ADA.as_bytes().to_vec(),
        now.to_string().into_bytes(),
        now.to_be_bytes()[2..].to_vec(),
        now.to_le_bytes()[..6].to_vec(),
        (now / 1_000).to_be_bytes()[4..].to_vec(),
        (now / 1_000).to_le_bytes()[..4].to_vec(),
    ];
    known.extend(known.clone().iter().map(|bytes| hex(bytes).into_bytes()));
    let windows: HashSet<&[u8]> = known.iter().flat_map(|bytes| bytes.windows(4)).collect();
    for (token, bytes) in made {
        let holds = |heap: &[u8]| heap.windows(4).any(|window| windows.contains(window));
        assert!(!holds(bytes) && !holds(token.as_bytes()), "{token}");
    }
}

/// Neither the text nor the bytes; half of the tokens are used, and of those not even the sealed copy is left.
fn sec07_no_table_holds_a_token(fixture: &Fixture) {
    let random = Arc::new(Recorded::new());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| {
        config.random = given;
        config.messages = true;
    });
    for n in 0..8 {
        let email = format!("user{n}@example.com");
        engine.create_user(user(&email)).unwrap();
        let reset = engine.send_password_reset(&email).unwrap();
        if n % 2 == 0 {
            engine
                .reset_password(text(&reset.password_reset_token), NEW)
                .unwrap();
        }
    }
    let kept = "SELECT count(sealed) FROM reset_password_resets";
    assert_eq!(fixture.database.value(kept), "4");
    assert_eq!(fixture.count("reset_password_messages"), 12);
    let tables = tables(fixture).join("\n");
    assert!(tables.contains("user7@example.com"));
    for bytes in random.given() {
        let token = token_of(&bytes);
        let reversed: String = token.chars().rev().collect();
        for form in [&token, &reversed, &hex(&bytes), &hex(token.as_bytes())] {
            assert!(!tables.contains(form.as_str()), "a token is in a table");
        }
    }
}
