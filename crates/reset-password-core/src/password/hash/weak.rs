//! Hashes that a password is found from in no time: one round, of MD5, SHA-1 or SHA-2, salted or not, and the like; and
//! what stands for no password at all.

/// Schemes of `$scheme$…`.
const MODULAR: [&str; 5] = ["1", "3", "apr1", "sha1", "ssha"];
/// Ids of `{id}…`, in upper case.
const BRACES: [&str; 15] = [
    "DIGEST-MD5",
    "LANMAN",
    "LDAP-MD5",
    "MD4",
    "MD5",
    "MD5-CRYPT",
    "NTLM",
    "PLAIN-MD5",
    "SHA",
    "SHA-1",
    "SHA-256",
    "SHA256",
    "SHA512",
    "SMD5",
    "SSHA",
];
/// Algorithms of Django's `algorithm$…`.
const DJANGO: [&str; 6] = [
    "crypt",
    "md5",
    "sha1",
    "unsalted_md5",
    "unsalted_sha1",
    "sha256",
];
/// Hexadecimal digits of MD5, SHA-1, SHA-256 and SHA-512.
const DIGITS: [usize; 4] = [32, 40, 64, 128];

/// Whether the text is one of these.
pub(super) fn is_weak(text: &str) -> bool {
    // Django's, and what the systems of passwords keep for whoever has none.
    if text.starts_with('!') || text == "*" {
        return true;
    }
    if let Some(rest) = text.strip_prefix('{') {
        let Some((id, rest)) = rest.split_once('}') else {
            return false;
        };
        let id = id.to_ascii_uppercase();
        if id == "CRYPT" {
            // DES, in 13 characters without a `$`.
            return is_weak(rest) || (rest.len() == 13 && !rest.contains('$'));
        }
        // A suffix says how it is written: {SSHA.HEX}, {SHA512.b64}; a prefix that there is a salt.
        let id = id.split('.').next().unwrap_or_default();
        return BRACES.contains(&id) || id.strip_prefix('S').is_some_and(|id| BRACES.contains(&id));
    }
    if let Some(rest) = text.strip_prefix('$') {
        let scheme = rest.split(['$', ',']).next().unwrap_or_default();
        return MODULAR.contains(&scheme) || scheme == "md5";
    }
    // MySQL's own accounts: `*` and the digits of a SHA-1.
    let digits = text.strip_prefix('*').unwrap_or(text);
    if DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return true;
    }
    text.split_once('$')
        .is_some_and(|(algorithm, _)| DJANGO.contains(&algorithm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec57_what_one_round_made_is_weak() {
        let sha256 = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
        for text in [
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8",
            "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19",
            sha256,
            "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
            "sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
            "unsalted_md5$$5f4dcc3b5aa765d61d8327deb882cf99",
            "{MD5}X03MO1qnZdYdgyfeuILPmQ==",
            "{SMD5}x",
            "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
            "{ssha}x",
            "{SSHA256}x",
            "{SSHA512.HEX}x",
            "{CRYPT}rl.3StKT.4T8M",
            "{CRYPT}$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "{SHA-256}x",
            "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "$apr1$salt$xxMLbQLjmyLn3WdXWNBTH.",
            "$md5,rounds=904$x$$x",
            "$ssha$salt=x$hash",
            "!",
            "!upfVmNrqHpr0Fi6i9tXNckJgJyQjSFTMBq1wMPu4",
            "*",
        ] {
            assert!(is_weak(text), "{text}");
        }
        for text in [
            "",
            "password",
            "x",
            "{noop}password",
            "{PLAIN}password",
            "{bcrypt}x",
            "{CRYPT}$2b$12$damaged",
            "{CRYPT}$6$salt$damaged",
            "{SHA256-CRYPT}x",
            "{",
            "$2b$04$x",
            "$y$j9T$salt$hash",
            "pbkdf2_sha256$1$salt$tag",
            &sha256[1..],
            "5f4dcc3b5aa765d61d8327deb882cf9g",
        ] {
            assert!(!is_weak(text), "{text}");
        }
    }
}
