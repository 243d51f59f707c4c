//! Whether a server keeps what it is told, and whether the user may do what the engine does.

use reset_password_core::store::StoreError;

use super::address::PostgresUrl;
use crate::{
    health::Finding,
    sql::{Connection, Row, SqlError, Statement},
};

/// The oldest version that is used, as `server_version_num` counts.
const OLDEST: i64 = 140_000;

/// All that is asked, in one round trip.
const QUESTION: &str = r"
SELECT current_setting('server_version_num')::int8,
    current_setting('server_version'),
    current_setting('server_encoding'),
    pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',
    current_setting('synchronous_commit'),
    current_setting('fsync'),
    current_setting('full_page_writes'),
    current_setting('default_transaction_isolation'),
    COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
    COALESCE(NOT (host(inet_client_addr())::inet <<= '127.0.0.0/8'
        OR host(inet_client_addr())::inet = '::1'
        OR inet_client_addr() = inet_server_addr()), false),
    current_user,
    (SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1),
    (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1),
    (SELECT string_agg(privilege || ' on ' || relname, ', ' ORDER BY relname, privilege)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        CROSS JOIN unnest(ARRAY['DELETE', 'INSERT', 'SELECT', 'UPDATE']) AS privilege
        WHERE nspname = $1 AND relkind IN ('r', 'p') AND relname LIKE 'reset\_password\_%'
        AND NOT (relname = 'reset_password_events' AND privilege IN ('DELETE', 'UPDATE'))
        AND NOT has_table_privilege(pg_class.oid, privilege)),
    (SELECT has_table_privilege(pg_class.oid, 'DELETE')
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = $1 AND relname = 'reset_password_events')";

/// What the server answers.
struct Answer {
    version_number: i64,
    version: String,
    encoding: String,
    is_read_only: bool,
    synchronous_commit: String,
    fsync: String,
    full_page_writes: String,
    isolation: String,
    is_encrypted: bool,
    is_remote: bool,
    user: String,
    /// `None` if there is no such schema.
    may_use: Option<bool>,
    may_create: Option<bool>,
    /// What it needs and has not. It needs not change the audit trail, and not shorten it.
    missing: Option<String>,
    /// `None` if there is no trail yet.
    may_shorten_trail: Option<bool>,
}

/// Looks at the server with one statement. `migrate` says that tables may have to be made.
///
/// Behind a pooler the finding on encryption is of the pooler's connection to the server, besides what the
/// URL says of the one to the pooler.
pub(crate) fn check(
    connection: &mut dyn Connection,
    url: &PostgresUrl,
    schema: &str,
    migrate: bool,
) -> Result<Vec<Finding>, SqlError> {
    let statement = Statement::numbered(QUESTION.to_owned());
    let mut rows = connection.query(&statement, &[schema.into()])?;
    let row = rows
        .first_mut()
        .ok_or_else(|| SqlError::Failed("PostgreSQL answered no row".into()))?;
    let answer =
        Answer::read(row).map_err(|error| SqlError::Failed(format!("{error:?}").into()))?;
    Ok(answer.findings(url, schema, migrate))
}

impl Answer {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        row.of("PostgreSQL's settings");
        let truth = |value: Option<i64>| value.map(|value| value != 0);
        Ok(Self {
            version_number: row.integer()?,
            version: row.text()?,
            encoding: row.text()?,
            is_read_only: row.truth()?,
            synchronous_commit: row.text()?,
            fsync: row.text()?,
            full_page_writes: row.text()?,
            isolation: row.text()?,
            is_encrypted: row.truth()?,
            is_remote: row.truth()?,
            user: row.text()?,
            may_use: truth(row.optional_integer()?),
            may_create: truth(row.optional_integer()?),
            missing: row.optional_text()?,
            may_shorten_trail: truth(row.optional_integer()?),
        })
    }

    fn findings(&self, url: &PostgresUrl, schema: &str, migrate: bool) -> Vec<Finding> {
        let mut findings = self.database();
        findings.extend(self.durability());
        findings.push(Finding::ok(
            "isolation",
            format!(
                "transactions run {}; the server's default is {}",
                url.isolation_name(),
                self.isolation
            ),
        ));
        findings.push(self.privileges(schema, migrate));
        findings.push(self.tls(url));
        findings
    }

    /// The version, the encoding, and whether it writes.
    fn database(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.version_number < OLDEST {
            findings.push(Finding::error(
                "database",
                format!("PostgreSQL {} is too old", self.version),
                "upgrade it to version 14 or newer",
            ));
        }
        if self.encoding != "UTF8" {
            findings.push(Finding::error(
                "database",
                format!(
                    "its encoding is {}, which does not hold every name",
                    self.encoding
                ),
                "create the database with ENCODING 'UTF8'",
            ));
        }
        if self.is_read_only {
            findings.push(Finding::error(
                "database",
                "it does not write: it is a standby or set to read-only",
                "name the primary in the URL, or set default_transaction_read_only to off",
            ));
        }
        if findings.is_empty() {
            let message = format!("PostgreSQL {}, {}", self.version, self.encoding);
            findings.push(Finding::ok("database", message));
        }
        findings
    }

    /// Whether a commit that was answered survives a crash.
    fn durability(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if matches!(self.synchronous_commit.as_str(), "off" | "local") {
            findings.push(Finding::error(
                "durability",
                format!(
                    "synchronous_commit is {}: a crash may bring a used token back to life",
                    self.synchronous_commit
                ),
                format!(
                    "ALTER ROLE \"{}\" SET synchronous_commit = on, or ALTER SYSTEM SET \
                     synchronous_commit = on and reload",
                    self.user.replace('"', "\"\"")
                ),
            ));
        }
        for (name, value) in [
            ("fsync", &self.fsync),
            ("full_page_writes", &self.full_page_writes),
        ] {
            if value != "on" {
                findings.push(Finding::error(
                    "durability",
                    format!("{name} is {value}: a crash may damage the database"),
                    format!("ALTER SYSTEM SET {name} = on and reload"),
                ));
            }
        }
        if findings.is_empty() {
            let message = format!(
                "synchronous_commit is {}, fsync and full_page_writes are on",
                self.synchronous_commit
            );
            findings.push(Finding::ok("durability", message));
        }
        findings
    }

    fn privileges(&self, schema: &str, migrate: bool) -> Finding {
        let user = self.user.replace('"', "\"\"");
        let error = |message: String, remedy: String| Finding::error("privileges", message, remedy);
        if self.may_use.is_none() {
            return error(
                format!("the schema {schema} does not exist"),
                "run `reset-password migrate`, or leave migrate on".to_owned(),
            );
        }
        if self.may_use == Some(false) {
            return error(
                format!("the user {} may not use the schema {schema}", self.user),
                format!("GRANT USAGE ON SCHEMA \"{schema}\" TO \"{user}\""),
            );
        }
        if let Some(missing) = &self.missing {
            return error(
                format!("the user {} lacks {missing}", self.user),
                format!(
                    "GRANT SELECT, INSERT, UPDATE, DELETE on these tables of the schema {schema} TO \
                     \"{user}\""
                ),
            );
        }
        if migrate && self.may_create == Some(false) {
            // Only a warning: there may be nothing to migrate.
            return Finding::warning(
                "privileges",
                format!(
                    "the user {} may not create tables in the schema {schema}",
                    self.user
                ),
                format!(
                    "GRANT CREATE ON SCHEMA \"{schema}\" TO \"{user}\", or turn migrate off and run \
                     `reset-password migrate` as the tables' owner"
                ),
            );
        }
        let trail = match self.may_shorten_trail {
            Some(false) => "; it may add to the audit trail, which another user's `purge` shortens",
            Some(true) | None => "",
        };
        Finding::ok(
            "privileges",
            format!(
                "the user {} may read and write in the schema {schema}{trail}",
                self.user
            ),
        )
    }

    fn tls(&self, url: &PostgresUrl) -> Finding {
        if url.is_plain_beyond_loopback() {
            return Finding::warning(
                "tls",
                "sslmode=disable: passwords' hashes travel through the network unencrypted",
                "leave sslmode out of the URL, and turn TLS on in the server or the pooler",
            );
        }
        if self.is_remote && !self.is_encrypted {
            return Finding::warning(
                "tls",
                "the server's end of the connection is not encrypted",
                "turn TLS on between the pooler and the server (server_tls_sslmode = verify-full)",
            );
        }
        let message = if self.is_encrypted {
            "the connection is encrypted"
        } else {
            "the connection does not leave the machine"
        };
        Finding::ok("tls", message)
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
