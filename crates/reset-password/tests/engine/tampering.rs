//! Rows of resets that somebody changed who may write to the database.

use std::{collections::BTreeSet, time::Duration};

use reset_password::Code;
use reset_password_test_databases::Server;

use crate::support::{Captured, Family, Fixture, NEW, OLD, text, user_with};

on_each_database!(
    sec09_row_tamper_detected,
    sec09_a_column_of_authority_is_covered,
);

const ADA: &str = "ada@example.com";
const MALLORY: &str = "mallory@example.com";

/// What stands in a row beside that which gives it authority: its name, the copy that is shown again, what
/// knows a repeated request, and its end.
const OTHERS: [&str; 7] = [
    "id",
    "sealed",
    "used_at",
    "voided_at",
    "live",
    "request",
    "wipe_at",
];
/// What gives it authority, and what it is changed to. There is one tenant and one purpose, so no column
/// tells them; one that comes has to be in either list.
const AUTHORITY: [(&str, &str); 7] = [
    (
        "user_id",
        "(SELECT id FROM reset_password_users WHERE email LIKE 'ada%')",
    ),
    ("version", "2"),
    ("digest", "NOTHING"),
    ("key_id", "'another'"),
    ("fingerprint", "NOTHING"),
    ("created_at", "created_at - 1"),
    ("expires_at", "expires_at + 1"),
];

/// A fixture with two users, and the log of what the engine finds.
fn watched(fixture: &Fixture) -> (Captured, tracing::subscriber::DefaultGuard) {
    let log = Captured::default();
    let guard = log.listen(tracing::Level::INFO);
    fixture.ada();
    fixture.engine.create_user(user_with(MALLORY, OLD)).unwrap();
    (log, guard)
}

/// The token is as an unknown one; the log tells of it once, unless no row has its digest.
fn dies(fixture: &Fixture, log: &Captured, token: &str, what: &str) {
    let before = log.count("integrity_failure");
    let error = fixture.engine.reset_password(token, NEW).unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenNotFound, "{what}");
    let told = usize::from(!what.contains("digest"));
    assert_eq!(log.count("integrity_failure"), before + told, "{what}");
}

fn end_all(fixture: &Fixture) {
    fixture.alter(
        "UPDATE reset_password_resets SET live = NULL, voided_at = 1, sealed = NULL WHERE live = 1",
    );
}

fn sec09_a_column_of_authority_is_covered(fixture: &Fixture) {
    let (log, _guard) = watched(fixture);
    let columns = match fixture.database.server().map(Server::family) {
        None => "SELECT name FROM pragma_table_info('reset_password_resets')",
        Some(Family::Postgres) => {
            "SELECT column_name FROM information_schema.columns \
             WHERE table_name = 'reset_password_resets'"
        }
        Some(Family::MariaDb) => {
            "SELECT column_name FROM information_schema.columns \
             WHERE table_name = 'reset_password_resets' AND table_schema = database()"
        }
    };
    let columns = fixture
        .database
        .rows(columns)
        .into_iter()
        .flatten()
        .flatten();
    let columns: BTreeSet<String> = columns.collect();
    let known = AUTHORITY.iter().map(|(column, _)| *column).chain(OTHERS);
    assert_eq!(columns, known.map(str::to_owned).collect());

    let before = fixture.dump("reset_password_users");
    let nothing = fixture.bytes(&[0; 32]);
    for (column, value) in AUTHORITY {
        let token = fixture.token(MALLORY);
        let value = value.replace("NOTHING", &nothing);
        let change = format!("UPDATE reset_password_resets SET {column} = {value} WHERE live = 1");
        fixture.alter(&change);
        dies(fixture, &log, &token, &change);
        end_all(fixture);
    }
    assert_eq!(fixture.dump("reset_password_users"), before);
}

/// A row that is prolonged beyond its end, one that is brought back to life, and one that is made of two.
fn sec09_row_tamper_detected(fixture: &Fixture) {
    let (log, _guard) = watched(fixture);
    let before = fixture.dump("reset_password_users");
    let token = fixture.token(MALLORY);
    fixture.alter("UPDATE reset_password_resets SET expires_at = expires_at + 86400000");
    fixture.clock.advance(Duration::from_secs(2_000));
    dies(fixture, &log, &token, "prolonged");
    end_all(fixture);
    for end in ["replaced", "revoked"] {
        let reset = fixture.engine.create_password_reset(MALLORY).unwrap();
        if end == "replaced" {
            fixture.token(MALLORY);
        }
        fixture.engine.revoke_password_resets(None).unwrap();
        fixture.alter(&format!(
            "UPDATE reset_password_resets SET live = 1, voided_at = NULL WHERE id = '{}'",
            reset.id
        ));
        let token = text(&reset.password_reset_token);
        dies(fixture, &log, token, &format!("{end} and revived"));
        end_all(fixture);
    }
    let _victims = fixture.token(ADA);
    let token = fixture.token(MALLORY);
    fixture.alter(
        "UPDATE reset_password_resets SET fingerprint = (SELECT fingerprint FROM \
         reset_password_resets r JOIN reset_password_users u ON u.id = r.user_id \
         WHERE r.live = 1 AND u.email LIKE 'ada%') \
         WHERE live = 1 AND user_id = (SELECT id FROM reset_password_users WHERE email LIKE 'mall%')",
    );
    dies(fixture, &log, &token, "a copied fingerprint");
    assert_eq!(fixture.dump("reset_password_users"), before);
}
