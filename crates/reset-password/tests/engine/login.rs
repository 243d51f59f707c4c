//! Logging in: one hash whoever asks, imported hashes, and their upgrade.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use crate::support::{
    Fixture, NEW, OLD, engine_on,
    observed::{Moment, Observed},
    store, user, user_with,
};
use reset_password::{Argon2Params, Code, UpdateUser};
use reset_password_core::{
    Engine,
    password::hash::{Arena, StoredHash, compute},
};
use reset_password_store::SqlStore;

on_each_database!(
    sec57_a_reset_beats_an_upgrade,
    sec57_a_reset_between_a_login_and_its_upgrade_stays,
    sec57_an_upgrade_between_a_reset_and_its_token_stops_nothing,
    sec57_a_login_and_its_upgrade_stop_no_reset,
    sec57_an_outdated_hash_of_our_own_is_upgraded_once,
    sec57_nothing_writes_a_foreign_hash,
    sec57_a_weak_hash_is_no_password,
    sec57_every_kind_logs_in,
    sec57_a_hash_with_a_pepper,
    sec60_dummy_verify,
    sec57_rehash,
    a_match_that_ignored_the_end_is_not_upgraded,
    sec59_hostile_phc,
    sec45_no_truncation,
    sec47_nfc,
);

/// The timed clause runs with the timing issue; the counter is the gate.
fn sec60_dummy_verify(fixture: &Fixture) {
    fixture.ada();
    fixture
        .engine
        .create_user(user("nopassword@example.com"))
        .unwrap();
    for email in [
        "ada@example.com",
        "eve@example.com",
        "nopassword@example.com",
        "no address",
        "",
    ] {
        let before = fixture.engine.hashes_started();
        let error = fixture
            .engine
            .authenticate_with_password(email, "wrong password")
            .unwrap_err();
        assert_eq!(error.code(), Code::InvalidCredentials);
        assert_eq!(fixture.engine.hashes_started() - before, 1, "{email}");
    }
    let before = fixture.engine.hashes_started();
    let huge = "x".repeat(1 << 20);
    assert!(!fixture.accepts("ada@example.com", &huge));
    assert_eq!(
        fixture.engine.hashes_started(),
        before,
        "too long to be anybody's"
    );
}

fn imported(password: &str) -> String {
    compute(
        Argon2Params::new(12_288, 3).unwrap(),
        &mut Arena::new(),
        password.as_bytes(),
        &[7; 16],
    )
    .unwrap()
}

/// How a hash of the engine's own begins.
const OURS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

fn stored(fixture: &Fixture) -> String {
    stored_of(fixture, "import@example.com")
}

fn stored_of(fixture: &Fixture, email: &str) -> String {
    fixture.database.value(&format!(
        "SELECT concat(coalesce(password_hash, ''), ' ', coalesce(password_form, '')) \
         FROM reset_password_users WHERE email = '{email}'",
    ))
}

fn sec57_rehash(fixture: &Fixture) {
    let mut import = user("import@example.com");
    import.password_hash = Some(imported(OLD).into());
    fixture.engine.create_user(import).unwrap();
    let before = stored(fixture);
    assert!(before.ends_with(" raw"));
    assert!(!fixture.accepts("import@example.com", NEW));
    assert_eq!(stored(fixture), before, "untouched after a wrong password");
    assert!(fixture.accepts("import@example.com", OLD));
    let upgraded = stored(fixture);
    assert!(upgraded.starts_with(OURS) && upgraded.ends_with(" nfc"));
    assert!(fixture.accepts("import@example.com", OLD));
    assert_eq!(stored(fixture), upgraded, "once");
}

/// Every kind of imported hash logs in and is upgraded, unless it has not read all of the password.
fn sec57_every_kind_logs_in(fixture: &Fixture) {
    let vectors: serde_json::Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/foreign_hashes.json"
    ))
    .unwrap();
    let vectors = vectors
        .as_array()
        .or_else(|| vectors["vectors"].as_array())
        .unwrap();
    assert!(vectors.len() > 10);
    let mut upgraded = 0;
    for (n, vector) in vectors.iter().enumerate() {
        let field = |name: &str| vector[name].as_str().unwrap().to_owned();
        let email = format!("import{n}@example.com");
        let mut import = user(&email);
        import.password_hash = Some(field("hash").into());
        fixture.engine.create_user(import).unwrap();
        assert!(
            !fixture.accepts(&email, "not this one at all"),
            "{}",
            field("scheme")
        );
        for time in 0..2 {
            assert!(
                fixture.accepts(&email, &field("password")),
                "{} {time}",
                field("scheme")
            );
        }
        let parsed = StoredHash::parse(&field("hash")).unwrap();
        let stays = !parsed.reads_all_of(field("password").as_bytes());
        let kept = stored_of(fixture, &email);
        if stays {
            assert!(kept.starts_with(&field("hash")), "{kept}");
        } else {
            assert!(
                kept.starts_with(OURS) && kept.ends_with(" nfc"),
                "{} {kept}",
                field("scheme")
            );
        }
        upgraded += usize::from(!stays);
    }
    assert!(upgraded > vectors.len() / 2, "{upgraded}");
}

/// A hash that Devise 4.8.1 made with this pepper, of `OLD`'s like.
const DEVISE: (&str, &str, &str) = (
    "correct horse battery staple",
    "short pepper",
    "peppered$$2a$10$TNnJq0DyP0VTXtO3Gdfjt.wDCKy0sjpmDDZTlvgyH.OpNoDhgC6eK",
);

/// It is refused where the pepper is not at hand, and replaced by one without any at the first login.
fn sec57_a_hash_with_a_pepper(fixture: &Fixture) {
    let (password, pepper, hash) = DEVISE;
    let mut import = user("import@example.com");
    import.password_hash = Some(hash.into());
    let refused = fixture.engine.create_user(import.clone()).unwrap_err();
    assert_eq!(refused.code(), Code::InvalidPasswordHash);
    assert!(refused.message().contains("pepper"), "{refused}");

    let engine = fixture.another(|config| config.pepper = Some(pepper.into()));
    engine.create_user(import).unwrap();
    let login = |engine: &Engine<SqlStore>, password: &str| {
        engine
            .authenticate_with_password("import@example.com", password)
            .map(drop)
    };
    let other = fixture.another(|config| config.pepper = Some("another".into()));
    for engine in [&fixture.engine, &other] {
        let error = login(engine, password).unwrap_err();
        assert_eq!(error.code(), Code::InvalidCredentials);
    }
    for wrong in [
        "correct horse battery stapl",
        pepper,
        &format!("{password}{pepper}"),
    ] {
        assert!(login(&engine, wrong).is_err(), "{wrong}");
    }
    assert!(stored(fixture).starts_with("peppered$"));
    fixture.clock.advance(Duration::from_mins(2));
    login(&engine, password).unwrap();
    assert!(stored(fixture).starts_with(OURS));
    login(&fixture.engine, password).unwrap();
}

/// What one round made is not kept: it is no password, and an update with one ends what the password before began.
fn sec57_a_weak_hash_is_no_password(fixture: &Fixture) {
    let engine = &fixture.engine;
    let digits = "5f4dcc3b5aa765d61d8327deb882cf99";
    let mut import = user("import@example.com");
    import.password_hash = Some(digits.into());
    let id = engine.create_user(import).unwrap().id;
    assert_eq!(stored(fixture), " ");
    for password in ["password", digits, ""] {
        assert!(!fixture.accepts("import@example.com", password));
    }
    let token = fixture.token("import@example.com");
    let user = engine.reset_password(&token, NEW).unwrap();
    assert!(fixture.accepts("import@example.com", NEW));

    fixture.clock.advance(Duration::from_mins(2));
    let token = fixture.token("import@example.com");
    let change = UpdateUser {
        password_hash: Some("{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=".into()),
        ..UpdateUser::default()
    };
    let changed = engine.update_user(&id, change).unwrap();
    assert!(changed.credentials_changed_at > user.credentials_changed_at);
    assert_eq!(stored(fixture), " ");
    assert!(!fixture.accepts("import@example.com", NEW));
    let error = engine.reset_password(&token, OLD).unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    let token = fixture.token("import@example.com");
    engine.reset_password(&token, OLD).unwrap();
    assert!(fixture.accepts("import@example.com", OLD));
}

/// Hashes that other systems wrote: of bcrypt, and of Argon2 at another cost.
fn foreign() -> [String; 2] {
    [
        "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i".to_owned(),
        imported(OLD),
    ]
}

/// Whatever was imported: what a reset, a change of password, a sign-up or a login writes is ours.
fn sec57_nothing_writes_a_foreign_hash(fixture: &Fixture) {
    let engine = &fixture.engine;
    let is_ours = |how: &str| {
        let kept = stored(fixture);
        assert!(
            kept.starts_with(OURS) && kept.ends_with(" nfc"),
            "{how}: {kept}"
        );
    };
    for hash in foreign() {
        let mut import = user("import@example.com");
        import.password_hash = Some(hash.clone().into());
        let id = engine.create_user(import).unwrap().id;
        assert_eq!(stored(fixture), format!("{hash} raw"));
        let token = fixture.token("import@example.com");
        engine.reset_password(&token, NEW).unwrap();
        is_ours("a reset");
        let again = |change: UpdateUser| engine.update_user(&id, change).unwrap();
        again(UpdateUser {
            password_hash: Some(hash.clone().into()),
            ..UpdateUser::default()
        });
        assert_eq!(stored(fixture), format!("{hash} raw"));
        again(UpdateUser {
            password: Some(NEW.into()),
            ..UpdateUser::default()
        });
        is_ours("a change of password");
        engine.delete_user(&id).unwrap();
    }
    let new = engine.create_user(user_with("import@example.com", OLD));
    is_ours("a sign-up");
    engine.delete_user(&new.unwrap().id).unwrap();
}

/// A hash that this engine wrote when it was configured to take less memory, or fewer passes: it logs in, is written
/// anew once, and stays as it was after a wrong password.
fn sec57_an_outdated_hash_of_our_own_is_upgraded_once(fixture: &Fixture) {
    let engine_at = |memory, iterations| {
        fixture.another(|config| {
            config.argon2 = Argon2Params::new(memory, iterations).unwrap();
        })
    };
    for (memory, iterations) in [(12_288, 3), (47_104, 1)] {
        let email = format!("{memory}@example.com");
        let before = engine_at(memory, iterations);
        before.create_user(user_with(&email, OLD)).unwrap();
        let stored = || stored_of(fixture, &email);
        let outdated = stored();
        assert!(
            outdated.contains(&format!("m={memory},t={iterations},")) && outdated.ends_with(" nfc")
        );
        assert!(before.authenticate_with_password(&email, OLD).is_ok());
        assert!(!fixture.accepts(&email, NEW));
        assert_eq!(stored(), outdated, "{memory}");
        let token = fixture.token(&email);
        assert!(fixture.accepts(&email, OLD));
        let upgraded = stored();
        assert!(
            upgraded.starts_with(OURS) && upgraded.ends_with(" nfc"),
            "{upgraded}"
        );
        assert!(fixture.accepts(&email, OLD));
        assert_eq!(stored(), upgraded, "{memory}: once");
        // The password is the same one, so the link goes on working.
        fixture.engine.reset_password(&token, NEW).unwrap();
    }
    // None is made cheaper.
    let dearer = engine_at(19_456, 3);
    dearer
        .create_user(user_with("dearer@example.com", OLD))
        .unwrap();
    let before = stored_of(fixture, "dearer@example.com");
    assert!(fixture.accepts("dearer@example.com", OLD));
    assert_eq!(stored_of(fixture, "dearer@example.com"), before);
}

/// A reset that runs beside an upgrade at login always wins.
fn sec57_a_reset_beats_an_upgrade(fixture: &Fixture) {
    for round in 0..if crate::support::long() { 200 } else { 10 } {
        let email = format!("racer{round}@example.com");
        let mut import = user(&email);
        import.password_hash = Some(imported(OLD).into());
        fixture.engine.create_user(import).unwrap();
        let token = fixture.token(&email);
        thread::scope(|scope| {
            let reset = scope.spawn(|| fixture.engine.reset_password(&token, NEW));
            let _ = fixture.engine.authenticate_with_password(&email, OLD);
            reset.join().unwrap().unwrap();
        });
        assert!(fixture.accepts(&email, NEW) && !fixture.accepts(&email, OLD));
    }
}

/// What is done while an engine is about to begin a transaction.
type Rival = Box<dyn FnOnce() + Send>;

/// An engine that does something, once, where it is about to begin a transaction: a login has verified by then, and a
/// reset has hashed.
fn once_before_begin(fixture: &Fixture, rival: impl FnOnce() + Send + 'static) -> Engine<Observed> {
    before_each_begin(fixture, vec![Box::new(rival)])
}

/// The same with something else before each of its first transactions.
fn before_each_begin(fixture: &Fixture, rivals: Vec<Rival>) -> Engine<Observed> {
    let due = Arc::new(Mutex::new(VecDeque::new()));
    let waiting = Arc::clone(&due);
    let store = store(fixture.database.url(), &fixture.clock);
    let observed = Observed::new(store, move |step, moment| {
        if (step, moment) == ("begin", Moment::Before) {
            let rival: Option<Rival> = waiting.lock().unwrap().pop_front();
            if let Some(rival) = rival {
                rival();
            }
        }
        Ok(())
    });
    let engine = engine_on(observed, &fixture.clock, |_| {});
    due.lock().unwrap().extend(rivals);
    engine
}

/// A user with a foreign hash of the old password, and a token.
fn imported_with_token(fixture: &Fixture) -> String {
    let mut import = user("import@example.com");
    import.password_hash = Some(imported(OLD).into());
    fixture.engine.create_user(import).unwrap();
    fixture.token("import@example.com")
}

/// The upgrade finds another hash than the one that was verified, and leaves it. The login came before the reset, so its
/// session is older.
fn sec57_a_reset_between_a_login_and_its_upgrade_stays(fixture: &Fixture) {
    let token = imported_with_token(fixture);
    let rival = fixture.another(|_| {});
    let engine = once_before_begin(fixture, move || {
        rival.reset_password(&token, NEW).unwrap();
    });
    let login = engine.authenticate_with_password("import@example.com", OLD);
    let began = login.unwrap().last_sign_in_at;
    let user = fixture
        .engine
        .get_user_by_email("import@example.com")
        .unwrap();
    assert!(began.is_some() && began < user.credentials_changed_at);
    let accepts = |password| fixture.accepts("import@example.com", password);
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
}

/// The password is the same one after an upgrade: the reset goes on, and wins.
fn sec57_an_upgrade_between_a_reset_and_its_token_stops_nothing(fixture: &Fixture) {
    let token = imported_with_token(fixture);
    let rival = fixture.another(|_| {});
    let engine = once_before_begin(fixture, move || {
        let login = rival.authenticate_with_password("import@example.com", OLD);
        login.unwrap();
    });
    engine.reset_password(&token, NEW).unwrap();
    let accepts = |password| fixture.accepts("import@example.com", password);
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
}

/// A login is two changes where its hash is outdated: its stamp, and then the hash. The reset goes on after each.
fn sec57_a_login_and_its_upgrade_stop_no_reset(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    let login = |engine: Engine<SqlStore>| -> Rival {
        Box::new(move || {
            engine
                .authenticate_with_password("ada@example.com", OLD)
                .unwrap();
        })
    };
    let stamps = login(fixture.another(|_| {}));
    let upgrades = login(fixture.another(|config| {
        config.argon2 = Argon2Params::new(19_456, 3).unwrap();
    }));
    let engine = before_each_begin(fixture, vec![stamps, upgrades]);
    engine.reset_password(&token, NEW).unwrap();
    let accepts = |password| fixture.accepts("ada@example.com", password);
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
}

/// A bcrypt hash ignores what comes after 72 bytes, so it says nothing of the rest and stays.
fn a_match_that_ignored_the_end_is_not_upgraded(fixture: &Fixture) {
    // Of 72 times "x", at cost 4.
    let hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    let mut import = user("import@example.com");
    import.password_hash = Some(hash.into());
    fixture.engine.create_user(import).unwrap();
    assert!(fixture.accepts("import@example.com", &"x".repeat(80)));
    assert!(
        stored(fixture).starts_with("$2b$"),
        "the last 8 characters were never checked"
    );
    assert!(fixture.accepts("import@example.com", &"x".repeat(72)));
    assert!(stored(fixture).starts_with("$argon2id$"));
}

/// Hostile hashes in the database do not verify and break nothing.
fn sec59_hostile_phc(fixture: &Fixture) {
    let id = fixture.ada();
    for hash in [
        "",
        "plain",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=4294967295,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=3,p=0$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=3,p=1$",
        "$2b$31$abcdefghijklmnopqrstuuGZZCUvlPDHnrRCBJ0LVZpU3DqCDLKTe",
        "{noop}secret",
    ] {
        let import = reset_password::UpdateUser {
            password_hash: Some(hash.into()),
            ..reset_password::UpdateUser::default()
        };
        let error = fixture.engine.update_user(&id, import).unwrap_err();
        assert_eq!(error.code(), Code::InvalidPasswordHash, "{hash}");
        fixture.alter(&format!(
            "UPDATE reset_password_users SET password_hash = '{hash}'"
        ));
        assert!(!fixture.accepts("ada@example.com", OLD), "{hash}");
    }
}

/// bcrypt, PBKDF2 and others are never written; ours keeps every byte.
fn sec45_no_truncation(fixture: &Fixture) {
    fixture.engine.create_user(user("ada@example.com")).unwrap();
    let body = "sea walk night ".repeat(16);
    for (set, other) in [
        (format!("{}A", &body[..72]), format!("{}B", &body[..72])),
        (format!("{}A", &body[..239]), format!("{}B", &body[..239])),
        (format!("{}\0A", &body[..40]), format!("{}\0B", &body[..40])),
        (format!(" {}", &body[..40]), body[..40].to_owned()),
        (format!("{} ", &body[..39]), body[..39].to_owned()),
        (body[..40].to_uppercase(), body[..40].to_owned()),
    ] {
        let token = fixture.token("ada@example.com");
        fixture.engine.reset_password(&token, &set).unwrap();
        assert!(fixture.accepts("ada@example.com", &set));
        assert!(
            !fixture.accepts("ada@example.com", &other),
            "{} bytes",
            set.len()
        );
    }
}

fn sec47_nfc(fixture: &Fixture) {
    fixture.engine.create_user(user("ada@example.com")).unwrap();
    let token = fixture.token("ada@example.com");
    fixture
        .engine
        .reset_password(&token, "caf\u{e9} au lait am Meer")
        .unwrap();
    assert!(fixture.accepts("ada@example.com", "cafe\u{301} au lait am Meer"));
    assert!(!fixture.accepts("ada@example.com", "cafe au lait am Meer"));
    // An imported hash is of the bytes as they were typed.
    let mut import = user("import@example.com");
    import.password_hash = Some(imported("cafe\u{301} au lait").into());
    fixture.engine.create_user(import).unwrap();
    assert!(!fixture.accepts("import@example.com", "caf\u{e9} au lait"));
    assert!(fixture.accepts("import@example.com", "cafe\u{301} au lait"));
    assert!(
        fixture.accepts("import@example.com", "caf\u{e9} au lait"),
        "ours by now"
    );
}
