//! A look at the server: what keeps a commit that was answered, and what keeps transactions apart.
//!
//! Privileges are not looked at. `SHOW GRANTS` is text, roles stand in no table that both have, and an attempt
//! would have to write. The first statement that is refused says what to grant.

use std::collections::HashMap;

use reset_password_core::store::StoreError;

use super::{address::MysqlUrl, flavour::Server};
use crate::{
    health::Finding,
    sql::{Connection, Dialect, Param, SqlError},
};

/// `SHOW` leaves out what a server does not have, where a `SELECT` would fail.
const VARIABLES: &str = "SHOW VARIABLES WHERE Variable_name IN ('version', \
     'innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog', 'read_only', 'innodb_read_only', \
     'sql_mode', 'tx_isolation', 'transaction_isolation', 'innodb_rollback_on_timeout', 'wsrep_on')";

const STATUS: &str = "SHOW SESSION STATUS WHERE Variable_name IN \
     ('Ssl_cipher', 'Ssl_version', 'wsrep_cluster_status', 'wsrep_ready')";

/// The engine's tables, and the one that the users are in.
const TABLES: &str = r"SELECT TABLE_NAME, ENGINE, TABLE_COLLATION FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND (TABLE_NAME LIKE 'reset\_password\_%' OR TABLE_NAME = ?1)
     ORDER BY TABLE_NAME";

const OURS: &str = "reset_password_";
const COLLATION: &str = "utf8mb4_bin";

/// Looks at the server and its tables: three round trips. `users` is the table that the users are in, if it is
/// the host's.
///
/// # Errors
///
/// If the server does not answer. What it answers is in the findings.
pub(crate) fn check(
    connection: &mut dyn Connection,
    url: &MysqlUrl,
    users: Option<&str>,
) -> Result<Vec<Finding>, SqlError> {
    let variables = Named::read(connection, VARIABLES)?;
    let status = Named::read(connection, STATUS)?;
    let server = Server::parse(variables.get("version"));
    let mut findings = vec![
        version(server, variables.get("version")),
        writes(&variables),
        flush(&variables),
        binlog(&variables),
        sql_mode(&variables),
        isolation(server, url, &variables),
        lock_timeout(&variables),
        tls(url, &status),
    ];
    findings.extend(cluster(&variables, &status));
    findings.extend(tables(connection, users)?);
    Ok(findings)
}

/// Names and their values, as `SHOW` answers them.
struct Named(HashMap<String, String>);

impl Named {
    fn read(connection: &mut dyn Connection, text: &str) -> Result<Self, SqlError> {
        let rows = connection.query(&Dialect::Mysql.render(text), &[])?;
        let pairs = rows
            .into_iter()
            .map(|mut row| Ok((row.text()?.to_ascii_lowercase(), row.text()?)));
        Ok(Self(pairs.collect::<Result<_, _>>().map_err(unreadable)?))
    }

    /// The empty text, if the server does not have it.
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), "ON" | "1")
    }
}

fn unreadable(_: StoreError) -> SqlError {
    SqlError::Failed("what the server says of itself cannot be read".into())
}

fn version(server: Server, version: &str) -> Finding {
    let message = format!("{} {version}", server.name());
    if server.is_supported() {
        return Finding::ok("database", message);
    }
    Finding::error(
        "database",
        message,
        "use MySQL 8.0 or MariaDB 10.6, or a later one",
    )
}

fn writes(variables: &Named) -> Finding {
    // Off may also be a word that is longer, from MariaDB 12: what is not off is on.
    let is_off = |name| matches!(variables.get(name), "" | "OFF" | "0");
    if is_off("read_only") && is_off("innodb_read_only") {
        return Finding::ok("database", "the server writes");
    }
    Finding::error(
        "database",
        "the server does not write: read_only is on",
        "name the server that writes in the database URL, or turn read_only off",
    )
}

fn flush(variables: &Named) -> Finding {
    match variables.get("innodb_flush_log_at_trx_commit") {
        "1" => Finding::ok("durability", "innodb_flush_log_at_trx_commit is 1"),
        value => Finding::error(
            "durability",
            format!(
                "innodb_flush_log_at_trx_commit is {}: when the power fails the last commits may be lost, and a \
                 reset link that was used works again",
                or_unknown(value)
            ),
            "set innodb_flush_log_at_trx_commit = 1 on the server",
        ),
    }
}

/// With a binary log the server decides by it, after a crash, which transactions happened: one that the log does
/// not hold is rolled back, although `InnoDB` had it on the disk. Without the log the variable means nothing.
fn binlog(variables: &Named) -> Finding {
    if !variables.is_on("log_bin") {
        return Finding::ok("durability", "there is no binary log");
    }
    match variables.get("sync_binlog") {
        "1" => Finding::ok("durability", "sync_binlog is 1"),
        value => Finding::error(
            "durability",
            format!(
                "there is a binary log and sync_binlog is {}: when the power fails the last commits may be \
                 lost, and a reset link that was used works again",
                or_unknown(value)
            ),
            "set sync_binlog = 1 on the server",
        ),
    }
}

const fn or_unknown(value: &str) -> &str {
    if value.is_empty() { "not known" } else { value }
}

fn sql_mode(variables: &Named) -> Finding {
    let mode = variables.get("sql_mode");
    if mode.split(',').any(|part| part == "STRICT_ALL_TABLES") {
        return Finding::ok("database", "the session's sql_mode is strict");
    }
    Finding::error(
        "database",
        "the session's sql_mode is not strict: values that are too long would be cut",
        "let the server, or the proxy before it, take the sql_mode that the engine sets",
    )
}

fn isolation(server: Server, url: &MysqlUrl, variables: &Named) -> Finding {
    let level = variables.get(server.isolation_variable());
    if level == url.isolation.name() {
        return Finding::ok("isolation", format!("transactions are {level}"));
    }
    Finding::error(
        "isolation",
        format!(
            "transactions are {}, not {}",
            or_unknown(level),
            url.isolation.name()
        ),
        "let the server, or the proxy before it, take the isolation that the engine sets",
    )
}

/// Either is right: after a wait that was too long the engine rolls back itself.
fn lock_timeout(variables: &Named) -> Finding {
    let undone = if variables.is_on("innodb_rollback_on_timeout") {
        "transaction"
    } else {
        "statement"
    };
    Finding::ok(
        "isolation",
        format!("a wait for a lock that is too long undoes the {undone}; the engine rolls back"),
    )
}

fn tls(url: &MysqlUrl, status: &Named) -> Finding {
    match status.get("ssl_cipher") {
        "" if url.is_local() => Finding::ok("tls", "no TLS; the server is on this machine"),
        "" => Finding::warning(
            "tls",
            "the connection is not encrypted: who can read the network reads the tokens' digests, the password \
             hashes and the e-mail addresses",
            "take ssl-mode=disabled out of the database URL; for a CA of your own give ssl-ca=PATH",
        ),
        cipher => Finding::ok(
            "tls",
            format!("{} with {cipher}", status.get("ssl_version")),
        ),
    }
}

/// Nothing, if there is no Galera cluster.
fn cluster(variables: &Named, status: &Named) -> Option<Finding> {
    if !variables.is_on("wsrep_on") {
        return None;
    }
    let state = status.get("wsrep_cluster_status");
    if state == "Primary" && status.is_on("wsrep_ready") {
        return Some(Finding::ok("database", "the node is part of its cluster"));
    }
    Some(Finding::error(
        "database",
        format!(
            "the node does not take part in its cluster (wsrep_cluster_status is {})",
            or_unknown(state)
        ),
        "bring the node back into the cluster, or name another one in the database URL",
    ))
}

fn tables(connection: &mut dyn Connection, users: Option<&str>) -> Result<Vec<Finding>, SqlError> {
    let statement = Dialect::Mysql.render(TABLES);
    let rows = connection.query(&statement, &[Param::from(users)])?;
    let mut findings = Vec::new();
    let count = rows.len();
    for mut row in rows {
        let name = row.text().map_err(unreadable)?;
        let engine = row.optional_text().map_err(unreadable)?.unwrap_or_default();
        let collation = row.optional_text().map_err(unreadable)?.unwrap_or_default();
        // A view has no engine; the table behind it is the host's own affair.
        if !engine.is_empty() && engine != "InnoDB" {
            findings.push(Finding::error(
                "database",
                format!("the table {name} is of the engine {engine}, which knows no transactions"),
                format!("run: ALTER TABLE `{name}` ENGINE = InnoDB"),
            ));
        }
        if name.starts_with(OURS) && collation != COLLATION {
            findings.push(Finding::error(
                "database",
                format!(
                    "the table {name} compares text by {}",
                    or_unknown(&collation)
                ),
                format!(
                    "run: ALTER TABLE `{name}` CONVERT TO CHARACTER SET utf8mb4 COLLATE {COLLATION}"
                ),
            ));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            "database",
            format!("all {count} tables are InnoDB and {COLLATION}"),
        ));
    }
    Ok(findings)
}
