//! Every look-up is on an index: each database is asked how it would run each statement.

use reset_password_core::Timestamp;
use reset_password_test_databases::{Backend, Database, Kind};

use super::{Statements, resets::DIGESTS, users::SignInStatements};
use crate::{
    DatabaseUrl, SqlStore,
    mysql::MysqlDriver,
    postgres::PostgresDriver,
    sql::{Connection, Dialect, Driver, Param, Statement},
    sqlite::SqliteDriver,
};

/// Rows of each table: enough that an index is worth it.
const ROWS: usize = 500;

const BYTES: &[u8] = &[7; 32];

/// A statement with values, and its name.
type Look<'a> = (&'static str, &'a Statement, Vec<Param<'static>>);

#[test]
fn every_look_up_is_on_an_index_on_sqlite() {
    check(Backend::SqliteFile);
}

#[test]
fn every_look_up_is_on_an_index_on_postgres() {
    check(Backend::Server(Kind::Postgres15));
}

#[test]
fn every_look_up_is_on_an_index_on_mariadb() {
    check(Backend::Server(Kind::MariaDb10_11));
}

fn check(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new(backend, folder.path());
    let (mut connection, dialect) = connect(database.url());
    fill(&database, &dialect);
    // MariaDB counts what was inserted in its own time, so that a plan before says nothing.
    if dialect != Dialect::Mysql {
        check_plans(&mut *connection, &dialect);
    }
    count(&database, &dialect);
    check_plans(&mut *connection, &dialect);
}

/// Asks for the plan of each statement.
fn check_plans(connection: &mut dyn Connection, dialect: &Dialect) {
    if let Dialect::Postgres { .. } = dialect {
        // What is read as a whole all the same has no index.
        let off = Statement::numbered("SET enable_seqscan = off".to_owned());
        connection.execute(&off, &[]).unwrap();
    }
    let statements = Statements::own(dialect);
    for (name, statement, params) in looks(&statements, dialect) {
        let plan = plan(connection, dialect, statement, &params);
        // In the order of its key and with a limit, a table is read from one end.
        let from_one_end = statement.text().contains(r#"ORDER BY "sequence""#);
        let is_whole = |step: &&String| {
            reads_a_whole_table(step, dialect)
                && !(from_one_end && *step == "SCAN reset_password_events")
        };
        assert_eq!(
            plan.iter().find(is_whole),
            None,
            "{name} reads a whole table: {plan:#?}"
        );
        if let Dialect::Postgres { .. } = dialect
            && !from_one_end
        {
            assert_eq!(
                whole_index(&plan),
                None,
                "{name} reads a whole index: {plan:#?}"
            );
        }
    }
    // It can be seen.
    let whole = Statement::numbered(match dialect {
        Dialect::Mysql => "SELECT locale FROM reset_password_users WHERE locale = 'de'".to_owned(),
        _ => r#"SELECT "locale" FROM "reset_password_users" WHERE "locale" = 'de'"#.to_owned(),
    });
    let plan = plan(connection, dialect, &whole, &[]);
    assert!(
        plan.iter().any(|step| reads_a_whole_table(step, dialect)),
        "{plan:#?}"
    );
}

fn connect(url: &str) -> (Box<dyn Connection>, Dialect) {
    let url = DatabaseUrl::parse(url).unwrap();
    SqlStore::open(url.clone(), None, true, Timestamp::from_unix_millis(0)).unwrap();
    let (driver, dialect): (Box<dyn Driver>, _) = match url {
        DatabaseUrl::Sqlite(location) => (Box::new(SqliteDriver::new(location)), Dialect::Sqlite),
        DatabaseUrl::Postgres(url) => {
            let schema = "public".to_owned();
            (
                Box::new(PostgresDriver::new(url).unwrap()),
                Dialect::Postgres { schema },
            )
        }
        DatabaseUrl::Mysql(url) => (Box::new(MysqlDriver::new(url)), Dialect::Mysql),
    };
    (driver.connect(0).unwrap(), dialect)
}

/// Puts rows in every table.
fn fill(database: &Database, dialect: &Dialect) {
    let bytes = |n: usize| match dialect {
        Dialect::Postgres { .. } => format!("'\\x{n:064x}'::bytea"),
        Dialect::Mysql | Dialect::Sqlite => format!("x'{n:064x}'"),
    };
    let insert = |table: &str, columns: &str, row: &dyn Fn(usize) -> String| {
        let rows: Vec<_> = (1..=ROWS).map(|n| format!("({})", row(n))).collect();
        database.rows(&format!(
            "INSERT INTO reset_password_{table} ({columns}) VALUES {}",
            rows.join(", ")
        ));
    };
    insert(
        "users",
        "id, email, email_lookup, email_verified, password_hash, password_form, external_id, \
         metadata, created_at, updated_at",
        &|n| {
            format!(
                "'user_{n}', 'u{n}@x.org', {}, 1, 'h{n}', 'nfc', 'e{n}', '{{}}', {n}, {n}",
                bytes(n)
            )
        },
    );
    insert(
        "resets",
        "id, user_id, version, digest, key_id, fingerprint, created_at, expires_at, used_at, live, wipe_at",
        // A few live, as ever.
        &|n| {
            let state = if n % 20 == 0 {
                format!("NULL, 1, {n}")
            } else {
                format!("{n}, NULL, NULL")
            };
            format!(
                "'reset_{n}', 'user_{n}', 2, {}, 'key', {}, {n}, {n}, {state}",
                bytes(n),
                bytes(0)
            )
        },
    );
    insert("requests", "address, number, requested_at", &|n| {
        format!("{}, {n}, {n}", bytes(n / 5))
    });
    insert(
        "failures",
        "address, failures, failed_at, retry_at, credential",
        &|n| format!("{}, {n}, {n}, {n}, {}", bytes(n), bytes(0)),
    );
    insert(
        "messages",
        "id, kind, user_id, email, created_at, attempts, due_at",
        &|n| format!("'message_{n}', 'password_changed', 'user_{n}', 'u{n}@x.org', {n}, 0, {n}"),
    );
    insert("reports", "message_id, user_id, locks, created_at", &|n| {
        format!("'message_{n}', 'user_{n}', {}, {n}", n % 2)
    });
    insert(
        "events",
        "sequence, id, event, data, created_at, listed",
        &|n| format!("{n}, 'event_{n}', 'user.created', '{{}}', {n}, 1"),
    );
    insert(
        "api_keys",
        "id, name, scopes, digest, created_at, expires_at",
        &|n| format!("'api_key_{n}', 'n', 'users:read', {}, {n}, {n}", bytes(n)),
    );
    insert(
        "webhook_endpoints",
        "id, url, events, status, key_id, secret, passed, attempts, due_at, created_at, updated_at",
        &|n| {
            format!(
                "'we_{n}', 'https://x.org', '', 'enabled', 'k', {}, {n}, 0, {n}, {n}, {n}",
                bytes(n)
            )
        },
    );
    insert("settings", "name, value", &|n| {
        format!("'setting_{n}', 'v'")
    });
}

/// Lets the database count the rows.
fn count(database: &Database, dialect: &Dialect) {
    for table in [
        "users",
        "resets",
        "requests",
        "failures",
        "messages",
        "reports",
        "webhook_endpoints",
        "events",
        "api_keys",
        "settings",
    ] {
        let analyze = match dialect {
            Dialect::Mysql => "ANALYZE TABLE",
            Dialect::Postgres { .. } | Dialect::Sqlite => "ANALYZE",
        };
        database.rows(&format!("{analyze} reset_password_{table}"));
    }
}

/// Every statement that looks for rows. What lists every API key or endpoint or counts all messages is not one.
#[expect(clippy::too_many_lines, reason = "a line for each statement")]
fn looks<'a>(statements: &'a Statements, dialect: &Dialect) -> Vec<Look<'a>> {
    let Statements {
        users,
        resets,
        requests,
        failures,
        messages,
        reports,
        events,
        api_keys,
        settings,
        webhooks,
    } = statements;
    let (text, number, bytes) = (
        Param::Text("user_7"),
        Param::Integer(7),
        Param::Bytes(BYTES),
    );
    let mut record = vec![text, text, bytes, Param::Integer(1)];
    record.extend([text; 6]);
    record.extend([number, text, text, text, number, number, number]);
    let own = users.own.as_ref().unwrap();
    let SignInStatements::One(note_sign_in) = &users.sign_in else {
        panic!("the engine's own table takes one statement");
    };
    let mut looks = vec![
        ("users.update", &own.update, record),
        ("users.delete", &own.delete, vec![text]),
        ("users.by_id", &users.by_id, vec![text]),
        ("users.lock", &users.lock, vec![text]),
        ("users.lock_recipient", &users.lock_recipient, vec![bytes]),
        ("users.by_email_lookup", &users.by_email_lookup, vec![bytes]),
        ("users.by_external_id", &own.by_external_id, vec![text]),
        ("users.sequence", &own.sequence, vec![text]),
        ("users.ascending_place", &own.ascending_place, vec![text]),
        ("users.descending_place", &own.descending_place, vec![text]),
        ("users.ascending", &own.ascending, vec![number, number]),
        ("users.descending", &own.descending, vec![number, number]),
        (
            "users.ascending_of_address",
            &own.ascending_of_address,
            vec![number, number, bytes],
        ),
        (
            "users.descending_of_address",
            &own.descending_of_address,
            vec![number, number, bytes],
        ),
        (
            "users.note_sign_in",
            note_sign_in,
            vec![text, text, number, bytes, bytes, number],
        ),
        (
            "users.replace_hash",
            &own.replace_hash,
            vec![text, text, text, text],
        ),
        ("resets.by_digest", &resets.by_digest, vec![bytes]),
        (
            "resets.by_digests",
            &resets.by_digests,
            vec![bytes; DIGESTS],
        ),
        ("resets.by_id", &resets.by_id, vec![text]),
        ("resets.lock_live", &resets.lock_live, vec![text]),
        (
            "resets.void_of_user",
            &resets.void_of_user,
            vec![text, number, bytes],
        ),
        ("resets.delete_of_user", &resets.delete_of_user, vec![text]),
        ("resets.rebind", &resets.rebind, vec![text, bytes]),
        ("resets.wipe", &resets.wipe, vec![number, number]),
        ("resets.purge", &resets.purge, vec![number, number]),
        ("resets.key_ids", &resets.key_ids, vec![number]),
        (
            "requests.count",
            &requests.count,
            vec![bytes, number, number, number, number],
        ),
        ("requests.purge", &requests.purge, vec![number, number]),
        ("failures.find", &failures.find, vec![bytes]),
        ("failures.lock", &failures.lock, vec![bytes]),
        (
            "failures.update",
            &failures.update,
            vec![bytes, number, number, number, bytes],
        ),
        ("failures.delete", &failures.delete, vec![bytes]),
        ("failures.purge", &failures.purge, vec![number, number]),
        ("messages.due", &messages.due, vec![number, number]),
        ("messages.lease", &messages.lease, vec![text, text, number]),
        ("messages.lock", &messages.lock, vec![text, text]),
        (
            "messages.postpone",
            &messages.postpone,
            vec![text, text, number],
        ),
        ("messages.finish", &messages.finish, vec![text, text]),
        (
            "messages.delete_of_user",
            &messages.delete_of_user,
            vec![text],
        ),
        ("messages.purge", &messages.purge, vec![number, number]),
        ("reports.find", &reports.find, vec![text]),
        ("reports.locking", &reports.locking, vec![text]),
        ("reports.unlock", &reports.unlock, vec![text]),
        (
            "reports.delete_of_user",
            &reports.delete_of_user,
            vec![text],
        ),
        ("reports.purge", &reports.purge, vec![number, number]),
        ("events.last", &events.last, vec![number, number]),
        ("events.trail", &events.trail, vec![number, number, number]),
        ("events.oldest", &events.oldest, vec![number, number]),
        ("events.remove", &events.remove, vec![number]),
        ("events.sequence", &events.sequence, vec![text]),
        ("events.place", &events.place, vec![text]),
        ("events.exists", &events.exists, vec![text]),
        ("events.newest", &events.newest, vec![]),
        ("api_keys.end", &api_keys.end, vec![text, number]),
        ("api_keys.by_id", &api_keys.by_id, vec![text]),
        ("api_keys.revoke", &api_keys.revoke, vec![text, number]),
        (
            "api_keys.note_use",
            &api_keys.note_use,
            vec![text, number, number],
        ),
        ("settings.find", &settings.find, vec![text]),
        ("settings.lock", &settings.lock, vec![text]),
        (
            "settings.lock_with_time",
            &settings.lock_with_time,
            vec![text],
        ),
        ("settings.range", &settings.range, vec![text, text]),
        (
            "settings.lock_range",
            &settings.lock_range,
            vec![text, text],
        ),
        ("settings.update", &settings.update, vec![text, text]),
        ("webhooks.by_id", &webhooks.by_id, vec![text]),
        ("webhooks.lock", &webhooks.lock, vec![text]),
        ("webhooks.delete", &webhooks.delete, vec![text]),
    ];
    let mut page = vec![number; 4];
    page.extend([text; reset_password_core::event::EventKind::ALL.len()]);
    looks.push(("events.page", &events.page, page));
    let redeem = [
        number, bytes, number, bytes, bytes, number, number, text, bytes, text, text, number, text,
        bytes, text, number,
    ];
    looks.extend(
        resets
            .redeem
            .0
            .iter()
            .map(|(one, _)| ("resets.redeem", one, redeem.to_vec())),
    );
    let record = [
        number, text, text, text, number, number, text, bytes, text, text,
    ];
    let moves_head = match dialect {
        // The first of two only inserts.
        Dialect::Mysql | Dialect::Sqlite => 1,
        Dialect::Postgres { .. } => 0,
    };
    looks.extend(
        events
            .append_and_sign
            .iter()
            .skip(moves_head)
            .map(|one| ("events.append_and_sign", one, record.to_vec())),
    );
    looks
}

/// The steps that the database would take.
fn plan(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statement: &Statement,
    params: &[Param<'_>],
) -> Vec<String> {
    let text = statement.text();
    let explain = match dialect {
        Dialect::Sqlite => Statement::numbered(format!("EXPLAIN QUERY PLAN {text}")),
        Dialect::Postgres { .. } => Statement::numbered(format!("EXPLAIN {text}")),
        Dialect::Mysql => {
            Statement::positional(format!("EXPLAIN {text}"), statement.places().to_vec())
        }
    };
    let rows = connection
        .query(&explain, params)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let step = |mut row: crate::sql::Row| match dialect {
        Dialect::Sqlite => {
            for _ in 0..3 {
                row.integer().unwrap();
            }
            row.text().unwrap()
        }
        Dialect::Postgres { .. } => row.text().unwrap(),
        Dialect::Mysql => {
            row.optional_integer().unwrap();
            // The kind of select, the table, the kind of access, the indexes that there are, the one that is used.
            let words: Vec<_> = (0..5)
                .map(|_| row.optional_text().unwrap().unwrap_or_default())
                .collect();
            words.join(" | ")
        }
    };
    rows.into_iter().map(step).collect()
}

/// A step of PostgreSQL that reads an index without looking for anything in it.
fn whole_index(plan: &[String]) -> Option<&String> {
    let looks = |after: Option<&String>| after.is_some_and(|step| step.contains("Index Cond"));
    (0..plan.len()).find_map(|number| {
        let step = plan.get(number)?;
        (step.contains("Index ") && step.contains("Scan") && !looks(plan.get(number + 1)))
            .then_some(step)
    })
}

fn reads_a_whole_table(step: &str, dialect: &Dialect) -> bool {
    match dialect {
        Dialect::Sqlite => {
            step.starts_with("SCAN") && !step.contains("USING") && step != "SCAN CONSTANT ROW"
        }
        Dialect::Postgres { .. } => step.contains("Seq Scan"),
        // What another part of the plan made is none.
        Dialect::Mysql => step.contains(" | ALL | ") && !step.contains(" | <derived"),
    }
}
