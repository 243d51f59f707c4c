//! Generated users and resets, so many as no test could make by the engine.

use reset_password::Timestamp;
use reset_password_test_databases::Server;

use crate::support::{Database, Family};

/// Rows of one statement.
const AT_ONCE: i64 = 500_000;

/// What a database is filled with: users numbered from 1, each with one reset, most of them used.
///
/// It grows by powers of ten, and at any size its rows are spread evenly over the keys that they have at its
/// largest, so that what is looked up is nowhere near the last that was written.
pub struct Filling<'a> {
    database: &'a Database,
    most: i64,
}

impl<'a> Filling<'a> {
    /// When it all was, or is to be.
    pub const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

    /// Nothing yet, and at most so many of each.
    pub const fn of(database: &'a Database, most: i64) -> Self {
        Self { database, most }
    }

    /// The address of a user.
    pub fn email(user: i64) -> String {
        format!("user{user:026}@example.com")
    }

    /// The number of one of so many users that are as far from each other as can be, when there are `rows`.
    pub const fn nth(&self, rows: i64, nth: i64, of: i64) -> i64 {
        (self.most / rows) * (1 + nth * (rows / of))
    }

    /// Fills to so many users and resets: a tenth of them are there, or none is.
    pub fn grow_to(&self, rows: i64) {
        let count = "SELECT count(*) FROM reset_password_users";
        let there: i64 = self.database.value(count).parse().unwrap();
        let stride = self.most / rows;
        for from in (1..=rows).step_by(usize::try_from(AT_ONCE).unwrap()) {
            let numbers = self.numbers(from, rows.min(from + AT_ONCE - 1), stride, there == 0);
            self.database.rows(&format!("{}{numbers}", self.users()));
            self.database.rows(&format!("{}{numbers}", self.resets()));
        }
        let count: i64 = self.database.value(count).parse().unwrap();
        assert_eq!(count, rows);
        self.rest();
    }

    /// Lets the database count its rows and write what it has put off, as it does by itself in time.
    fn rest(&self) {
        let tables = ["reset_password_users", "reset_password_resets"];
        match self.family() {
            None => {
                self.database.rows("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            Some(Family::Postgres) => {
                for table in tables {
                    self.database.rows(&format!("VACUUM ANALYZE {table}"));
                }
                self.database.rows("CHECKPOINT");
            }
            Some(Family::MariaDb) => {
                for table in tables {
                    self.database.rows(&format!("ANALYZE TABLE {table}"));
                }
            }
        }
    }

    fn family(&self) -> Option<Family> {
        self.database.server().map(Server::family)
    }

    /// Every number `n` of this part of the size that is not there from the size before.
    fn numbers(&self, from: i64, to: i64, stride: i64, is_first: bool) -> String {
        let new = if is_first { "1 = 1" } else { "i % 10 <> 0" };
        let count = match self.family() {
            None => format!(
                "(WITH RECURSIVE count (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM count WHERE i < {to}) \
                 SELECT i FROM count)"
            ),
            Some(Family::Postgres) => {
                format!("(SELECT generate_series({from}::bigint, {to}) AS i)")
            }
            Some(Family::MariaDb) => format!("(SELECT seq AS i FROM seq_{from}_to_{to})"),
        };
        format!(" FROM (SELECT i * {stride} AS n FROM {count} AS counted WHERE {new}) AS numbers")
    }

    fn users(&self) -> String {
        let now = Self::NOW.unix_millis();
        let name = self.padded("n");
        let email = self.joined(&["'user'", &name, "'@example.com'"]);
        let lookup = match self.family() {
            None => format!("CAST({email} AS BLOB)"),
            Some(Family::Postgres) => format!("convert_to({email}, 'UTF8')"),
            Some(Family::MariaDb) => email.clone(),
        };
        format!(
            "INSERT INTO reset_password_users \
             (id, email, email_lookup, email_verified, metadata, created_at, updated_at) \
             SELECT {id}, {email}, {lookup}, 1, '{{}}', {now}, {now}",
            id = self.joined(&["'user_'", &name]),
        )
    }

    /// One in a thousand is live. None is so old that it would be purged.
    fn resets(&self) -> String {
        let now = Self::NOW.unix_millis();
        let name = self.padded("n");
        // As evenly among each other as real ones are.
        let digest = self.bytes(&format!("n * {}", i64::MAX / (self.most + 1)), 32);
        let live = |yes: &str, no: &str| format!("CASE WHEN n % 999 = 0 THEN {yes} ELSE {no} END");
        let expires = live(
            &(now + 1_500_000).to_string(),
            &format!("{now} - n % 80000000"),
        );
        format!(
            "INSERT INTO reset_password_resets (id, user_id, version, digest, key_id, fingerprint, sealed, \
             created_at, expires_at, used_at, live, wipe_at) \
             SELECT {id}, {user}, 1, {digest}, 'key', {digest}, {sealed}, {now} - n % 80000000 - 1800000, \
             {expires}, {used}, {is_live}, {wipe}",
            id = self.joined(&["'password_reset_'", &name]),
            user = self.joined(&["'user_'", &name]),
            sealed = live(&self.bytes("n", 72), "NULL"),
            used = live("NULL", &format!("{now} - n % 80000000 - 900000")),
            is_live = live("1", "NULL"),
            wipe = live(&(now + 1_500_000).to_string(), "NULL"),
        )
    }

    fn padded(&self, number: &str) -> String {
        match self.family() {
            None => format!("printf('%026d', {number})"),
            Some(Family::Postgres) => format!("lpad(({number})::text, 26, '0')"),
            Some(Family::MariaDb) => format!("LPAD({number}, 26, '0')"),
        }
    }

    fn joined(&self, texts: &[&str]) -> String {
        if self.family() == Some(Family::MariaDb) {
            format!("CONCAT({})", texts.join(", "))
        } else {
            format!("({})", texts.join(" || "))
        }
    }

    /// So many bytes, the first eight of them the number.
    fn bytes(&self, number: &str, count: usize) -> String {
        let rest = "00".repeat(count - 8);
        match self.family() {
            None => format!("unhex(printf('%016x', {number}) || '{rest}')"),
            Some(Family::Postgres) => {
                format!("decode(lpad(to_hex({number}), 16, '0') || '{rest}', 'hex')")
            }
            Some(Family::MariaDb) => {
                format!("UNHEX(CONCAT(LPAD(HEX({number}), 16, '0'), '{rest}'))")
            }
        }
    }
}
