//! What a reset does, and what ends a token.

use std::time::Duration;

use crate::support::{Captured, Fixture, NEW, OLD, text, user, user_with};
use reset_password::{Code, ListUsers, UpdateUser};

on_each_database!(
    without_sealing_no_link_is_kept,
    sec13_single_use,
    sec16_failure_keeps_token,
    sec18_tokens_die_on_events,
    sec18_tokens_survive_other_events,
    a_change_behind_the_engines_back_kills_the_link,
    an_upgrade_at_login_keeps_the_link,
    sec12_expiry_boundary,
    sec12_a_token_may_expire_while_its_password_is_hashed,
    sec23_uniform_invalid,
    a_dead_token_never_says_that_it_expired,
    sec21_no_user_parameter,
    a_check_says_what_a_confirm_would_and_changes_nothing,
    a_first_password_may_take_longer,
    a_link_can_be_read_again_while_it_lives,
    an_account_without_a_password_may_reset,
    dead_rows_go_after_a_day_and_events_after_ninety,
);

fn sec13_single_use(fixture: &Fixture) {
    let log = Captured::default();
    let _guard = log.listen(tracing::Level::INFO);
    fixture.ada();
    let token = fixture.token("ada@example.com");
    let user = fixture.engine.reset_password(&token, NEW).unwrap();
    assert!(user.email_verified);
    assert_eq!(user.credentials_changed_at, Some(user.updated_at));
    assert!(!fixture.accepts("ada@example.com", OLD));
    assert!(fixture.accepts("ada@example.com", NEW));
    let before = fixture.dump("reset_password_users");
    assert_eq!(log.count("token_reuse"), 0);
    for password in [NEW, "another password that is long"] {
        let error = fixture.engine.reset_password(&token, password).unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    }
    assert_eq!(log.count("token_reuse"), 2);
    assert_eq!(fixture.dump("reset_password_users"), before);
}

/// A refusal writes nothing, so there is no counter of refusals either.
fn sec16_failure_keeps_token(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    let before = fixture.dump("reset_password_resets");
    for weak in [
        "",
        "short",
        "passwordpassword",
        "ada@example.com",
        "adaadaadaadaada1",
    ] {
        for _ in 0..3 {
            let error = fixture.engine.reset_password(&token, weak).unwrap_err();
            assert_eq!(error.code(), Code::PasswordRejected, "{weak}");
            assert!(!error.errors().is_empty());
        }
    }
    assert_eq!(
        fixture.engine.hashes_started(),
        1,
        "only the account's creation hashed"
    );
    assert_eq!(fixture.dump("reset_password_resets"), before);
    fixture.engine.reset_password(&token, NEW).unwrap();
}

/// What ends a user's tokens: each is done to Ada, by her id, who has made three resets, the newest with this token.
type Ending = (&'static str, fn(&Fixture, &str, &str));

/// Second factors and accounts that are disabled wait: there are none yet.
const ENDINGS: [Ending; 10] = [
    ("one is used", |fixture, _, newest| {
        fixture.engine.reset_password(newest, LATER).unwrap();
    }),
    ("another is made", |fixture, _, _| {
        fixture.token(ADA);
    }),
    ("the password is changed", |fixture, id, _| {
        update(fixture, id, |change| change.password = Some(LATER.into()));
    }),
    ("the password is set again", |fixture, id, _| {
        update(fixture, id, |change| change.password = Some(OLD.into()));
    }),
    ("a hash is imported", |fixture, id, _| {
        update(fixture, id, |change| {
            change.password_hash = Some(imported_hash().into());
        });
    }),
    ("the address is changed", |fixture, id, _| {
        update(fixture, id, |change| {
            change.email = Some("ada@example.net".into());
        });
    }),
    ("hers are revoked", |fixture, id, _| {
        assert_eq!(fixture.engine.revoke_password_resets(Some(id)).unwrap(), 1);
    }),
    ("everybody's are revoked", |fixture, _, _| {
        assert_eq!(fixture.engine.revoke_password_resets(None).unwrap(), 1);
    }),
    ("she is deleted", |fixture, id, _| {
        fixture.engine.delete_user(id).unwrap();
    }),
    ("she is deleted, and comes again", |fixture, id, _| {
        fixture.engine.delete_user(id).unwrap();
        fixture.ada();
    }),
];

const ADA: &str = "ada@example.com";
const LATER: &str = "another walk by the sea on a later day";

fn update(fixture: &Fixture, id: &str, fill: impl FnOnce(&mut UpdateUser)) {
    let mut change = UpdateUser::default();
    fill(&mut change);
    fixture.engine.update_user(id, change).unwrap();
}

/// How many tokens of that user the rows themselves say are live, whatever else guards them.
fn live(fixture: &Fixture, id: &str) -> String {
    fixture.database.value(&format!(
        "SELECT count(*) FROM reset_password_resets WHERE user_id = '{id}' \
         AND (live IS NOT NULL OR sealed IS NOT NULL)"
    ))
}

fn sec18_tokens_die_on_events(fixture: &Fixture) {
    for (event, happens) in ENDINGS {
        let id = fixture.ada();
        let resets: Vec<_> = (0..3)
            .map(|_| fixture.engine.create_password_reset(ADA).unwrap())
            .collect();
        let token = |n: usize| text(&resets[n].password_reset_token);
        assert_eq!(live(fixture, &id), "1", "before: {event}");
        happens(fixture, &id, token(2));
        let others = u8::from(event.starts_with("another is "));
        assert_eq!(live(fixture, &id), others.to_string(), "{event}");
        let users = fixture.dump("reset_password_users");
        for (n, reset) in resets.iter().enumerate() {
            let error = fixture.engine.reset_password(token(n), NEW).unwrap_err();
            assert_eq!(
                error.code(),
                Code::PasswordResetTokenNotFound,
                "{event}, {n}"
            );
            let error = fixture.engine.get_password_reset(&reset.id).unwrap_err();
            assert_eq!(error.code(), Code::PasswordResetNotFound, "{event}, {n}");
        }
        assert_eq!(fixture.dump("reset_password_users"), users, "{event}");
        for user in fixture
            .engine
            .list_users(ListUsers::default())
            .unwrap()
            .data
        {
            fixture.engine.delete_user(&user.id).unwrap();
        }
        // Requests for an address are counted.
        fixture.clock.advance(Duration::from_hours(24));
    }
}

/// What is no change of the credential leaves the link alone.
fn sec18_tokens_survive_other_events(fixture: &Fixture) {
    let id = fixture.ada();
    let token = fixture.token(ADA);
    update(fixture, &id, |change| change.name = Some("Ada".into()));
    // It is compared in its look-up form.
    update(fixture, &id, |change| {
        change.email = Some("Ada@Example.COM".into());
    });
    update(fixture, &id, |change| change.email_verified = Some(true));
    assert!(fixture.accepts(ADA, OLD) && !fixture.accepts(ADA, NEW));
    assert!(fixture.engine.reset_password(&token, "short").is_err());
    fixture
        .engine
        .create_user(user_with("bob@example.com", OLD))
        .unwrap();
    let of_bob = fixture.token("bob@example.com");
    fixture.engine.reset_password(&of_bob, NEW).unwrap();
    fixture.engine.purge(1_000).unwrap();
    assert_eq!(live(fixture, &id), "1");
    fixture.engine.reset_password(&token, NEW).unwrap();
}

fn a_change_behind_the_engines_back_kills_the_link(fixture: &Fixture) {
    fixture.ada();
    let lookup = fixture.bytes(b"eve@example.com");
    for column in [
        "password_hash = '$2b$12$changed'",
        "password_hash = NULL",
        "email = 'eve@example.com'",
        "email = 'ada@example.com'",
        &format!("email_lookup = {lookup}"),
    ] {
        let statement = format!("UPDATE reset_password_users SET {column}");
        let token = fixture.token("ada@example.com");
        fixture.alter(&statement);
        let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{statement}"
        );
    }
}

fn an_upgrade_at_login_keeps_the_link(fixture: &Fixture) {
    let mut ada = user("ada@example.com");
    ada.password_hash = Some(imported_hash().into());
    fixture.engine.create_user(ada).unwrap();
    let token = fixture.token("ada@example.com");
    assert!(fixture.accepts("ada@example.com", "correct horse battery staple"));
    let users = fixture.dump("reset_password_users");
    assert!(
        users.contains("$argon2id$") && users.contains("nfc"),
        "not upgraded"
    );
    fixture.engine.reset_password(&token, NEW).unwrap();
}

/// Argon2id at less than the present cost, from another system.
fn imported_hash() -> String {
    use reset_password_core::password::hash::{Arena, compute};
    let params = reset_password::Argon2Params::new(12_288, 3).unwrap();
    compute(
        params,
        &mut Arena::new(),
        b"correct horse battery staple",
        &[7; 16],
    )
    .unwrap()
}

fn sec12_expiry_boundary(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    fixture.clock.advance(Duration::from_mins(30));
    let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenExpired,
        "at its expiry"
    );
    let token = fixture.token("ada@example.com");
    fixture.clock.advance(Duration::from_millis(1_799_999));
    fixture.engine.reset_password(&token, NEW).unwrap();

    let token = fixture.token("ada@example.com");
    let now = reset_password_core::Clock::now(&fixture.clock);
    fixture.clock.set(now.before(Duration::from_millis(60_001)));
    let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenNotFound,
        "dated in the future"
    );
}

/// The statement that spends the token compares the time once more.
fn sec12_a_token_may_expire_while_its_password_is_hashed(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    let before = fixture.dump("reset_password_users");
    let clock = fixture.clock.clone();
    // The clock is looked at once before the hash, and once in the transaction.
    fixture
        .clock
        .at_look(2, move || clock.advance(Duration::from_mins(30)));
    let hashes = fixture.engine.hashes_started();
    let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
    assert!(fixture.clock.was_looked_at(), "it did not expire meanwhile");
    assert_eq!(fixture.engine.hashes_started(), hashes + 1);
    assert_eq!(error.code(), Code::PasswordResetTokenExpired);
    assert_eq!(fixture.dump("reset_password_users"), before);
}

/// Held against what a confirm answers to each token, with nothing written by the check.
fn a_check_says_what_a_confirm_would_and_changes_nothing(fixture: &Fixture) {
    let engine = &fixture.engine;
    fixture.ada();
    for n in 0..4 {
        engine
            .create_user(user_with(&format!("u{n}@example.com"), OLD))
            .unwrap();
    }
    let used = fixture.token("u0@example.com");
    engine.reset_password(&used, NEW).unwrap();
    let replaced = fixture.token("u1@example.com");
    let changed = fixture.token("u2@example.com");
    fixture.alter(
        "UPDATE reset_password_users SET password_hash = NULL WHERE email = 'u2@example.com'",
    );
    let expired = fixture.token("u3@example.com");
    fixture.clock.advance(Duration::from_mins(30));
    let _newer = fixture.token("u1@example.com");
    let live = fixture.token("ada@example.com");
    let before = fixture.state();

    let expires_at = reset_password_core::Clock::now(&fixture.clock) + Duration::from_mins(30);
    for pasted in [live.clone(), format!(" {live}\n")] {
        let check = engine.check_password_reset_token(&pasted).unwrap();
        let told = (check.usable, check.expires_at, check.error_code);
        assert_eq!(told, (true, Some(expires_at), None));
    }
    let dead = [
        used,
        replaced,
        changed,
        expired,
        "A".repeat(43),
        "no token".to_owned(),
        String::new(),
    ];
    let checks = dead
        .each_ref()
        .map(|token| engine.check_password_reset_token(token).unwrap());
    assert_eq!(fixture.state(), before, "something was written");
    for (token, check) in dead.iter().zip(checks) {
        let refused = engine.reset_password(token, NEW).unwrap_err().code();
        let told = (check.usable, check.expires_at, check.error_code);
        assert_eq!(told, (false, None, Some(refused)));
    }
    engine.reset_password(&live, NEW).unwrap();
}

/// An invitation lives for days; a link that replaces a password, or that a public form asked for, does not.
fn a_first_password_may_take_longer(fixture: &Fixture) {
    const WEEK: Duration = Duration::from_hours(7 * 24);
    let engine = fixture.another(|config| config.first_password_lifetime = WEEK);
    fixture.ada();
    let lifetime = |reset: reset_password::PasswordReset| reset.expires_at.since(reset.created_at);
    let short = Duration::from_mins(30);
    assert_eq!(
        lifetime(engine.create_password_reset("ada@example.com").unwrap()),
        short
    );
    engine.create_user(user("bob@example.com")).unwrap();
    let asked = engine
        .request_password_reset("bob@example.com")
        .unwrap()
        .unwrap();
    assert_eq!(lifetime(asked), short);
    let invited = engine.create_password_reset("bob@example.com").unwrap();
    assert_eq!(lifetime(invited.clone()), WEEK);
    fixture
        .clock
        .advance(WEEK.checked_sub(Duration::from_millis(1)).unwrap());
    let token = text(&invited.password_reset_token);
    let before = fixture.state();
    engine.purge(1_000).unwrap();
    assert_eq!(fixture.count("reset_password_resets"), 1, "{before:?}");
    assert!(engine.check_password_reset_token(token).unwrap().usable);
    engine.reset_password(token, NEW).unwrap();
    assert_eq!(
        lifetime(engine.create_password_reset("bob@example.com").unwrap()),
        short
    );

    // Whoever writes to the database cannot make a link for an account with a password live as long.
    engine.create_user(user("eve@example.com")).unwrap();
    let invited = engine.create_password_reset("eve@example.com").unwrap();
    let store = engine.store();
    let (reset, user) =
        reset_password_core::store::ResetReads::find_reset_by_id(store, &invited.id)
            .unwrap()
            .unwrap();
    let keys = reset_password_core::Keyring::new(crate::support::key(1), Vec::new()).unwrap();
    let mut credential = user.credential();
    assert!(reset.binds(&keys, &credential));
    credential.password_hash = Some("$argon2id$".to_owned());
    let mut forged = reset_password_core::reset::ResetRecord {
        fingerprint: [0; 32],
        ..reset
    };
    forged.fingerprint = forged.fingerprint(keys.current(), &credential);
    assert!(!forged.binds(&keys, &credential));
    forged.expires_at = forged.created_at + Duration::from_hours(24);
    forged.fingerprint = forged.fingerprint(keys.current(), &credential);
    assert!(forged.binds(&keys, &credential));
}

#[test]
fn sec12_lifetimes_out_of_range_are_refused() {
    for (seconds, good) in [(299, false), (300, true), (86_400, true), (86_401, false)] {
        let options = reset_password::Options {
            token_lifetime: seconds,
            ..crate::support::cheap()
        };
        let opened = reset_password::blocking::UserManagement::open(":memory:", options);
        assert_eq!(opened.is_ok(), good, "{seconds}");
        if let Err(error) = opened {
            assert_eq!(error.code(), Code::ConfigInvalid);
            assert!(error.message().contains("token_lifetime"), "{error}");
        }
    }
    for (seconds, good) in [(299, false), (300, true), (604_800, true), (604_801, false)] {
        let options = reset_password::Options {
            first_password_lifetime: Some(seconds),
            ..crate::support::cheap()
        };
        let opened = reset_password::blocking::UserManagement::open(":memory:", options);
        assert_eq!(opened.is_ok(), good, "{seconds}");
        if let Err(error) = opened {
            assert_eq!(error.code(), Code::ConfigInvalid);
            assert!(
                error.message().contains("first_password_lifetime"),
                "{error}"
            );
        }
    }
}

/// Other tenants wait: there is one. Expired tokens say so, by contract decision 7.
fn sec23_uniform_invalid(fixture: &Fixture) {
    fixture.ada();
    fixture
        .engine
        .create_user(user_with("bob@example.com", OLD))
        .unwrap();
    let used = fixture.token("ada@example.com");
    fixture.engine.reset_password(&used, NEW).unwrap();
    let replaced = fixture.token("ada@example.com");
    let tampered = fixture.token("ada@example.com");
    let revoked = fixture.token("bob@example.com");
    fixture.engine.revoke_password_resets(None).unwrap();
    let mut answers = Vec::new();
    for token in [
        used,
        replaced,
        tampered,
        revoked,
        "A".repeat(43),
        "malformed".into(),
    ] {
        let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
        answers.push(serde_json::to_string(&error.info()).unwrap());
        assert!(
            !answers.last().unwrap().contains(&token),
            "the token is echoed"
        );
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// Dead beats expired: the age of a replaced or used token is nobody's business.
fn a_dead_token_never_says_that_it_expired(fixture: &Fixture) {
    fixture.ada();
    let replaced = fixture.token("ada@example.com");
    let used = fixture.token("ada@example.com");
    fixture.engine.reset_password(&used, NEW).unwrap();
    fixture.clock.advance(Duration::from_hours(1));
    for token in [replaced, used] {
        let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    }
}

/// The account comes from the token alone: the operation takes nothing else.
fn sec21_no_user_parameter(fixture: &Fixture) {
    fixture.ada();
    let bob = fixture
        .engine
        .create_user(user_with("bob@example.com", OLD))
        .unwrap();
    let token = fixture.token("ada@example.com");
    let user = fixture.engine.reset_password(&token, NEW).unwrap();
    assert_eq!(user.email, "ada@example.com");
    assert_eq!(fixture.engine.get_user(&bob.id).unwrap(), bob);
    assert!(fixture.accepts("bob@example.com", OLD));
}

fn a_link_can_be_read_again_while_it_lives(fixture: &Fixture) {
    fixture.ada();
    let reset = fixture
        .engine
        .create_password_reset("ada@example.com")
        .unwrap();
    let again = fixture.engine.get_password_reset(&reset.id).unwrap();
    assert_eq!(
        text(&again.password_reset_token),
        text(&reset.password_reset_token)
    );
    let token = text(&reset.password_reset_token);
    assert_eq!(
        text(&again.password_reset_url),
        format!("https://example.com/reset?token={token}")
    );
    let gone = |id: &str| {
        let error = fixture.engine.get_password_reset(id).unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetNotFound);
    };
    gone("password_reset_none");
    let newer = fixture
        .engine
        .create_password_reset("ada@example.com")
        .unwrap();
    gone(&reset.id);
    fixture.clock.advance(Duration::from_mins(30));
    gone(&newer.id);
    let used = fixture
        .engine
        .create_password_reset("ada@example.com")
        .unwrap();
    fixture
        .engine
        .reset_password(text(&used.password_reset_token), NEW)
        .unwrap();
    gone(&used.id);
}

fn without_sealing_no_link_is_kept(fixture: &Fixture) {
    let engine = fixture.another(|config| config.seal_tokens = false);
    fixture.ada();
    let reset = engine.create_password_reset("ada@example.com").unwrap();
    assert!(engine.get_password_reset(&reset.id).is_err());
    let sealed = "SELECT count(sealed) FROM reset_password_resets";
    assert_eq!(fixture.database.value(sealed), "0");
    engine
        .reset_password(text(&reset.password_reset_token), NEW)
        .unwrap();
}

fn an_account_without_a_password_may_reset(fixture: &Fixture) {
    fixture.engine.create_user(user("ada@example.com")).unwrap();
    assert!(!fixture.accepts("ada@example.com", ""));
    let token = fixture.token("ada@example.com");
    fixture.engine.reset_password(&token, NEW).unwrap();
    assert!(fixture.accepts("ada@example.com", NEW));
}

fn dead_rows_go_after_a_day_and_events_after_ninety(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    fixture.clock.advance(Duration::from_hours(24));
    assert_eq!(fixture.engine.purge(100).unwrap().password_resets, 0);
    fixture.clock.advance(Duration::from_secs(1_801));
    assert_eq!(fixture.engine.purge(100).unwrap().password_resets, 1);
    let error = fixture.engine.reset_password(&token, NEW).unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    assert_eq!(fixture.engine.events(None, 100).unwrap().data.len(), 2);
    fixture.clock.advance(Duration::from_hours(2160));
    assert_eq!(
        fixture.engine.purge(1).unwrap().events,
        1,
        "in bounded batches"
    );
    assert_eq!(fixture.engine.purge(100).unwrap().events, 1);
    for limit in [0, 10_001] {
        assert_eq!(
            fixture.engine.purge(limit).unwrap_err().code(),
            Code::InputInvalid
        );
    }
}
