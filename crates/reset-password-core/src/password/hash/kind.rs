//! What a text that is refused looks like, in words for whoever imports it.

/// How a text begins, and whose it is then. The first that fits counts.
const KINDS: [(&str, &str); 44] = [
    ("$2x$", "bcrypt by a faulty crypt_blowfish ($2x$)"),
    ("$2", "bcrypt"),
    ("$5$", "SHA-256 crypt ($5$)"),
    ("$6$", "SHA-512 crypt ($6$)"),
    ("$7$", "scrypt ($7$)"),
    ("$8$", "Cisco's PBKDF2 ($8$)"),
    ("$H$", "phpass ($H$)"),
    ("$P$", "phpass ($P$)"),
    ("$S$", "Drupal 7 ($S$)"),
    ("U$", "Drupal 7, over an older hash (U$)"),
    ("$argon2", "Argon2"),
    ("$bcrypt-sha256$", "passlib's bcrypt-sha256"),
    ("$firebase-scrypt$", "Firebase's scrypt"),
    ("$gy$", "gost-yescrypt ($gy$)"),
    ("$pbkdf2", "PBKDF2"),
    ("$scrypt$", "scrypt"),
    ("$scrypt-", "passlib's scrypt"),
    ("$sm3$", "SM3 crypt"),
    ("$symfony-", "Symfony's digest"),
    ("$wp$", "WordPress 6.8 ($wp$)"),
    ("$y$", "yescrypt ($y$)"),
    ("1|", "Nextcloud"),
    ("2|", "Nextcloud"),
    ("3|", "Nextcloud"),
    ("argon2$", "Django's Argon2"),
    ("bcrypt$", "Django's bcrypt"),
    ("bcrypt_sha256$", "Django's bcrypt"),
    ("peppered$", "a hash with a pepper"),
    ("pbkdf2:", "Werkzeug's PBKDF2"),
    ("pbkdf2_", "Django's PBKDF2"),
    ("scrypt$", "Django's scrypt"),
    ("scrypt:", "Werkzeug's scrypt"),
    ("{ARGON2", "an Argon2 hash in a directory's braces"),
    ("{BCRYPT}", "a bcrypt hash in a directory's braces"),
    ("{BLF-CRYPT}", "Dovecot's bcrypt"),
    ("{CLEARTEXT}", "a password in clear"),
    ("{CRYPT}", "a crypt(3) hash in a directory's braces"),
    ("{PBKDF2", "a PBKDF2 hash in a directory's braces"),
    ("{PLAIN}", "a password in clear"),
    ("{SCRAM-SHA-", "SCRAM"),
    ("SCRAM-SHA-", "SCRAM"),
    ("{noop}", "a password in clear (Spring Security's noop)"),
    ("AQAAAA", "ASP.NET Identity 3"),
    (
        "{",
        "a hash in braces, as Spring Security, directories and mail servers keep it",
    ),
];

/// What it looks like; `None` for what looks like nothing that is known.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    let known = KINDS.iter().find(|(begin, _)| text.starts_with(begin));
    known.map(|(_, kind)| *kind)
}
