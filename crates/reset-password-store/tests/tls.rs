//! Encrypted connections to servers: what is verified, and what is refused.

use reset_password_core::{
    Error, Timestamp,
    store::{UserKey, UserReads},
};
use reset_password_store::{DatabaseUrl, SqlStore};
use reset_password_test_databases::{AUTHORITY, Family, Kind, STRANGER, Server};

/// Opens a database of the server by this name of its machine, trusting the authority of that file.
fn open(server: &Server, host: &str, authority: &str) -> Result<SqlStore, Error> {
    let parameter = match server.family() {
        Family::Postgres => "sslrootcert",
        Family::MariaDb => "ssl-ca",
    };
    let url = server
        .new_database()
        .replace("@127.0.0.1:", &format!("@{host}:"));
    let url = format!("{url}?{parameter}={}", server.path(authority));
    let now = Timestamp::from_unix_millis(0);
    Ok(SqlStore::open(DatabaseUrl::parse(&url)?, None, true, now)?)
}

fn check(kind: Kind, encrypted_sessions: &str) {
    let server = Server::start_encrypted(kind);
    let store = open(&server, "localhost", AUTHORITY).unwrap();
    // Its connection stays with the store.
    assert!(store.find_user(UserKey::Id("nobody")).unwrap().is_none());
    let encrypted = server.ask(encrypted_sessions);
    assert_ne!(encrypted, "0", "nothing was encrypted");
    drop(store);
    // A certificate that nobody who is trusted has signed, and one for another name.
    for (host, authority) in [("localhost", STRANGER), ("127.0.0.1", AUTHORITY)] {
        let refused = open(&server, host, authority).err().unwrap();
        assert_eq!(refused.code().as_str(), "config_invalid", "{refused}");
        assert!(refused.message().contains("certificate"), "{refused}");
    }
}

#[test]
fn postgres_is_verified() {
    check(
        Kind::Postgres15,
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE ssl AND application_name = 'reset-password'",
    );
}

#[test]
fn mariadb_is_verified() {
    check(
        Kind::MariaDb10_11,
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'SSL_FINISHED_ACCEPTS'",
    );
}
