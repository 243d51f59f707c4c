//! What tokens are made of: bytes of the source of randomness, and nothing else.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use reset_password::{Code, Scope, UpdateUser};
use reset_password_core::{Random, RandomError, Token};

use crate::support::{Captured, Fixture, NEW, OLD, OsRandom, text, user, user_with};

on_each_database!(
    sec01_without_randomness_nothing_is_done,
    sec07_no_table_holds_a_token,
);

const ADA: &str = "ada@example.com";

/// A source that may fail.
#[derive(Default)]
struct Failing(AtomicBool);

impl Random for Failing {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        if self.0.load(Ordering::SeqCst) {
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

/// A source that gives these bytes.
struct Given<'a>(&'a [u8]);

impl Random for Given<'_> {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        buffer.copy_from_slice(self.0);
        Ok(())
    }
}

/// The token that is made of these bytes.
fn token_of(bytes: &[u8]) -> String {
    text(&Token::generate(&Given(bytes)).unwrap().reveal()).to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn tables(fixture: &Fixture) -> [String; 7] {
    [
        "users", "resets", "requests", "failures", "events", "settings", "api_keys",
    ]
    .map(|table| fixture.dump(&format!("reset_password_{table}")))
}

/// One error in the log for each, not a row of any table, and the token goes on working.
fn sec01_without_randomness_nothing_is_done(fixture: &Fixture) {
    let log = Captured::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let id = fixture.ada();
    let token = fixture.token(ADA);
    let random = Arc::new(Failing::default());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| config.random = given);
    let password = UpdateUser {
        password: Some(NEW.into()),
        ..UpdateUser::default()
    };
    let before = tables(fixture);
    random.0.store(true, Ordering::SeqCst);
    let refused = [
        engine.create_user(user("eve@example.com")).map(drop),
        engine
            .create_user(user_with("eve@example.com", OLD))
            .map(drop),
        engine.create_password_reset(ADA).map(drop),
        engine.request_password_reset(ADA).map(drop),
        engine.reset_password(&token, NEW).map(drop),
        engine.update_user(&id, password).map(drop),
        engine.authenticate_with_password(ADA, NEW).map(drop),
        engine
            .create_api_key("app", &[Scope::UsersRead], 90)
            .map(drop),
    ];
    for (n, refused) in refused.iter().enumerate() {
        let error = refused.as_ref().unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{n}: {error:?}");
    }
    assert_eq!(log.count("no randomness"), refused.len());
    assert_eq!(tables(fixture), before);
    random.0.store(false, Ordering::SeqCst);
    engine.reset_password(&token, NEW).unwrap();
}

/// Of one user at one moment. The bytes are the same in every run, so nothing here is so by chance.
#[test]
fn sec03_token_is_opaque() {
    let fixture = Fixture::new();
    let random = Arc::new(Recorded::new());
    let given = Arc::clone(&random);
    let engine = fixture.another(move |config| config.random = given);
    let ada = engine.create_user(user(ADA)).unwrap();
    let tokens: HashSet<String> = (0..1_000)
        .map(|_| engine.create_password_reset(ADA).unwrap())
        .map(|reset| text(&reset.password_reset_token).to_owned())
        .collect();
    assert_eq!(tokens.len(), 1_000);
    // Each is 32 bytes of the source, and so none is made of anything else.
    let given = random.given();
    let made: Vec<_> = given.iter().map(|bytes| (token_of(bytes), bytes)).collect();
    let made: Vec<_> = made
        .iter()
        .filter(|(token, _)| tokens.contains(token))
        .collect();
    assert_eq!(made.len(), 1_000, "a token is not what the source gave");
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
    let engine = fixture.another(move |config| config.random = given);
    for n in 0..8 {
        let email = format!("user{n}@example.com");
        engine.create_user(user(&email)).unwrap();
        let reset = engine.create_password_reset(&email).unwrap();
        if n % 2 == 0 {
            engine
                .reset_password(text(&reset.password_reset_token), NEW)
                .unwrap();
        }
    }
    let kept = "SELECT count(sealed) FROM reset_password_resets";
    assert_eq!(fixture.database.value(kept), "4");
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
