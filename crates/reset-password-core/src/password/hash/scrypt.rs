//! scrypt, in the ways that it is written.

use base16ct::lower::encode_string;
use base64ct::{Base64, Base64ShaCrypt};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    Arena, HashError,
    limits::MAX_MEMORY_KIB,
    romix::{self, Costs},
    text,
};

/// `N·r·p` of the dearest hash that is accepted. It takes about as long as the dearest Argon2; what
/// OWASP recommends (N=2¹⁷, r=8, p=1) is a sixteenth of it.
const MAX_WORK: u64 = 1 << 24;

/// Bytes of the tag that crypt(3) keeps, and those that Django, Werkzeug and better-auth keep.
const CRYPT_TAG: usize = 32;
const TEXT_TAG: usize = 64;
/// Bytes that the digits of better-auth's salt write.
const BETTER_AUTH_SALT: usize = 16;

/// A stored scrypt hash.
pub(super) struct Stored {
    costs: Costs,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Stored {
    /// `$scrypt$ln=17,r=8,p=1$salt$tag`, or with N itself and the length of the tag, as WorkOS documents it:
    /// `$scrypt$v=1$n=16384,r=8,p=1,kl=64$salt$tag`.
    pub(super) fn parse_phc(text: &str) -> Result<Self, HashError> {
        let rest = text.strip_prefix("$scrypt$").ok_or(HashError::Malformed)?;
        let [parameters, salt, tag] = text::fields(rest.strip_prefix("v=1$").unwrap_or(rest))?;
        let [log_n, n, Some(r), Some(p), length] =
            text::parameters(parameters, ["ln", "n", "r", "p", "kl"])?
        else {
            return Err(HashError::Malformed);
        };
        let log_n = match (log_n, n) {
            (Some(log_n), None) => log_n,
            (None, Some(n)) => log2(n)?,
            _ => return Err(HashError::Malformed),
        };
        let tag = text::of_length(length, text::phc_base64(tag)?)?;
        Self::new(log_n, r, p, text::phc_base64(salt)?, tag)
    }

    /// `$7$`, one character for log₂N, five each for r and p, the salt as it is, `$`, the tag.
    pub(super) fn parse_crypt(text: &str) -> Result<Self, HashError> {
        let ["", "7", settings, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let (log_n, rest) = settings.split_at_checked(1).ok_or(HashError::Malformed)?;
        let (r, rest) = rest.split_at_checked(5).ok_or(HashError::Malformed)?;
        let (p, salt) = rest.split_at_checked(5).ok_or(HashError::Malformed)?;
        let tag = text::exactly(CRYPT_TAG, text::base64::<Base64ShaCrypt>(tag)?)?;
        let salt = salt.as_bytes().to_vec();
        Self::new(
            crypt_number(log_n)?,
            crypt_number(r)?,
            crypt_number(p)?,
            salt,
            tag,
        )
    }

    /// Django's `N$salt$r$p$tag`, the salt as it is.
    pub(super) fn parse_django(rest: &str) -> Result<Self, HashError> {
        let [n, salt, r, p, tag] = text::fields(rest)?;
        let (n, r, p) = (text::decimal(n)?, text::decimal(r)?, text::decimal(p)?);
        let tag = text::exactly(TEXT_TAG, text::base64::<Base64>(tag)?)?;
        Self::new(log2(n)?, r, p, salt.as_bytes().to_vec(), tag)
    }

    /// Werkzeug's `N:r:p$salt$digits`, the salt as it is.
    pub(super) fn parse_werkzeug(rest: &str) -> Result<Self, HashError> {
        let [costs, salt, digits] = text::fields(rest)?;
        let [n, r, p] = text::parts(costs, ':')?;
        let (n, r, p) = (text::decimal(n)?, text::decimal(r)?, text::decimal(p)?);
        let tag = text::exactly(TEXT_TAG, text::hex(digits)?)?;
        Self::new(log2(n)?, r, p, salt.as_bytes().to_vec(), tag)
    }

    /// better-auth's `salt:tag` in hexadecimal digits, of which those of the salt are the salt. The costs stand in its
    /// code.
    pub(super) fn parse_better_auth(text: &str) -> Result<Self, HashError> {
        let [salt, digits] = text::parts(text, ':')?;
        text::exactly(BETTER_AUTH_SALT, text::hex(salt)?)?;
        let tag = text::exactly(TEXT_TAG, text::hex(digits)?)?;
        Self::of_better_auth(salt, tag)
    }

    /// The same of a password, with a new salt.
    pub(super) fn write_better_auth(
        arena: &mut Arena,
        password: &[u8],
        salt: &[u8; BETTER_AUTH_SALT],
    ) -> Result<String, HashError> {
        let salt = encode_string(salt);
        let tag = Self::of_better_auth(&salt, vec![0; TEXT_TAG])?.derive(arena, password)?;
        Ok(format!("{salt}:{}", encode_string(&tag)))
    }

    /// What better-auth's hashes take of working memory.
    pub(super) fn better_auth_memory_kib() -> Result<u32, HashError> {
        Self::of_better_auth("", vec![0; TEXT_TAG]).map(|stored| stored.memory_kib())
    }

    fn of_better_auth(salt: &str, tag: Vec<u8>) -> Result<Self, HashError> {
        Self::new(14, 16, 1, salt.as_bytes().to_vec(), tag)
    }

    /// Spring's `$parameters$salt$tag`, the parameters one hexadecimal number: log₂N in the bits over
    /// sixteen, r and p in a byte each.
    pub(super) fn parse_spring(rest: &str) -> Result<Self, HashError> {
        let ["", parameters, salt, tag] = text::fields(rest)? else {
            return Err(HashError::Malformed);
        };
        let digits = parameters.bytes().all(|byte| byte.is_ascii_hexdigit());
        let parameters = u32::from_str_radix(parameters, 16)
            .ok()
            .filter(|_| digits)
            .ok_or(HashError::Malformed)?;
        let (log_n, r, p) = (parameters >> 16, parameters >> 8 & 0xff, parameters & 0xff);
        Self::new(
            log_n,
            r,
            p,
            text::base64::<Base64>(salt)?,
            text::base64::<Base64>(tag)?,
        )
    }

    fn new(log_n: u32, r: u32, p: u32, salt: Vec<u8>, tag: Vec<u8>) -> Result<Self, HashError> {
        Ok(Self {
            costs: costs(log_n, r, p)?,
            salt: text::salt(salt)?,
            tag: text::tag(tag)?,
        })
    }

    pub(super) fn memory_kib(&self) -> u32 {
        memory_kib(self.costs)
    }

    /// The arena is emptied first, so that its memory and this do not add up.
    pub(super) fn verify(&self, arena: &mut Arena, password: &[u8]) -> Result<bool, HashError> {
        Ok(self.derive(arena, password)?.ct_eq(&self.tag).into())
    }

    /// The tag of this password.
    fn derive(&self, arena: &mut Arena, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, HashError> {
        arena.release();
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        romix::derive(self.costs, password, &self.salt, &mut tag)?;
        Ok(tag)
    }
}

/// Costs within the ceilings.
pub(super) fn costs(log_n: u32, r: u32, p: u32) -> Result<Costs, HashError> {
    if log_n == 0 || r == 0 || p == 0 {
        return Err(HashError::Malformed);
    }
    let n = 1_u32.checked_shl(log_n).ok_or(HashError::TooCostly)?;
    let costs = Costs { n, r, p };
    let work = u64::from(n)
        .saturating_mul(u64::from(r))
        .saturating_mul(u64::from(p));
    if work > MAX_WORK || costs.memory() > u64::from(MAX_MEMORY_KIB) * 1024 {
        return Err(HashError::TooCostly);
    }
    Ok(costs)
}

pub(super) fn memory_kib(costs: Costs) -> u32 {
    u32::try_from(costs.memory().div_ceil(1024)).unwrap_or(MAX_MEMORY_KIB)
}

/// The exponent of a power of two.
fn log2(n: u32) -> Result<u32, HashError> {
    if n.is_power_of_two() {
        Ok(n.ilog2())
    } else {
        Err(HashError::Malformed)
    }
}

/// A number of the `$7$` form: six bits a character, the lowest first.
fn crypt_number(text: &str) -> Result<u32, HashError> {
    text.bytes().rev().try_fold(0_u32, |number, byte| {
        let digit = match byte {
            b'.' | b'/' => byte - b'.',
            b'0'..=b'9' => byte - b'0' + 2,
            b'A'..=b'Z' => byte - b'A' + 12,
            b'a'..=b'z' => byte - b'a' + 38,
            _ => return Err(HashError::Malformed),
        };
        let shifted = number.checked_mul(64).ok_or(HashError::TooCostly)?;
        Ok(shifted | u32::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn sec59_the_ceilings_hold() {
        for (parameters, error) in [
            ("ln=17,r=8,p=1", None),
            ("ln=22,r=1,p=4", None),
            ("ln=20,r=7,p=2", None),
            ("p=1,r=8,ln=14", None),
            ("ln=1,r=1,p=1", None),
            ("ln=20,r=8,p=1", Some(HashError::TooCostly)),
            ("ln=17,r=8,p=17", Some(HashError::TooCostly)),
            ("ln=63,r=8,p=1", Some(HashError::TooCostly)),
            (
                "ln=31,r=4294967295,p=4294967295",
                Some(HashError::TooCostly),
            ),
            ("ln=4294967295,r=1,p=1", Some(HashError::TooCostly)),
            ("ln=14,r=1073741824,p=1", Some(HashError::TooCostly)),
            ("ln=1,r=1,p=8388609", Some(HashError::TooCostly)),
            ("ln=0,r=8,p=1", Some(HashError::Malformed)),
            ("ln=14,r=0,p=1", Some(HashError::Malformed)),
            ("ln=14,r=8,p=0", Some(HashError::Malformed)),
            ("ln=14,r=8", Some(HashError::Malformed)),
        ] {
            let text = format!("$scrypt${parameters}$AAECAw${TAG}");
            assert_eq!(Stored::parse_phc(&text).err(), error, "{parameters}");
        }
    }

    #[test]
    fn memory_is_told_to_the_last_row() {
        let memory = |parameters: &str| {
            let text = format!("$scrypt${parameters}$AAECAw${TAG}");
            Stored::parse_phc(&text).unwrap().memory_kib()
        };
        assert_eq!(memory("ln=14,r=8,p=5"), 16 * 1024 + 7);
        assert_eq!(memory("ln=1,r=1,p=1"), 1);
    }

    #[test]
    fn sec59_every_writing_is_checked() {
        let tag = "JyHIxez0DOwm0r6.kAIohc8UFBOLU4xX8a1wGBpLrw7";
        assert!(Stored::parse_crypt(&format!("$7$C6..../....salt${tag}")).is_ok());
        for text in [
            "$7$",
            "$7$C",
            "$7$C6..../....$",
            &format!("$7$C6..../....${tag}"),
            &format!("$7$C6....!....salt${tag}"),
            &format!("$7$.6..../....salt${tag}"),
            &format!("$7$z6..../....salt${tag}"),
            &format!("$7$CzzzzzzzzzzSalt${tag}"),
            &format!("$7$C6..../....salt${tag}$"),
            &format!("$7$C6..../....salt${}", &tag[..42]),
        ] {
            assert!(Stored::parse_crypt(text).is_err(), "{text}");
        }
        for text in [
            "",
            "$",
            "$e0801$AAAA",
            "$+e0801$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
            "$$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
            "$ffffffff$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
            "$100000000$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
            "$e0800$AAAA$AAAAAAAAAAAAAAAAAAAAAA==",
            "$e0801$AAAA$AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(Stored::parse_spring(text).is_err(), "{text}");
        }
        let tag = "A".repeat(86) + "==";
        assert!(Stored::parse_django(&format!("16384$salt$8$5${tag}")).is_ok());
        for text in [
            "16384$salt$8$5",
            "16384$salt$8$5$AAAAAAAAAAAAAAAAAAAAAA==",
            &format!("16384$$8$5${tag}"),
            &format!("16383$salt$8$5${tag}"),
            &format!("0$salt$8$5${tag}"),
            &format!("1$salt$8$5${tag}"),
            &format!("2147483648$salt$8$5${tag}"),
        ] {
            assert!(Stored::parse_django(text).is_err(), "{text}");
        }
    }
}
