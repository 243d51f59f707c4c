//! Certificates for a server that encrypts.

use crate::guard::Guard;

/// Of the authority that signed the server's certificate.
pub const AUTHORITY: &str = "authority.pem";
/// Of another, which signed nothing.
pub const STRANGER: &str = "stranger.pem";
/// The server's own, for the name `localhost` alone, and its key.
pub const SERVER: &str = "server.pem";
pub const KEY: &str = "server.key";

/// Puts all of them into a server's folder.
pub fn make(guard: &Guard) {
    let folder = guard.folder().display();
    let name = "certificates";
    guard.write(
        name,
        &format!(
            "set -eu\n\
             cd '{folder}'\n\
             umask 077\n\
             key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n\
             for authority in authority stranger; do\n\
                 openssl req -x509 $key -days 2 -subj /CN=$authority -keyout $authority.key -out $authority.pem\n\
             done\n\
             openssl req $key -subj /CN=server -keyout {KEY} -out server.csr\n\
             echo subjectAltName=DNS:localhost >names\n\
             openssl x509 -req -days 2 -in server.csr -CA {AUTHORITY} -CAkey authority.key -CAcreateserial \
                 -extfile names -out {SERVER}\n"
        ),
    );
    guard.run(name).unwrap_or_else(|error| panic!("{error}"));
}
