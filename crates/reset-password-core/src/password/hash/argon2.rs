//! Argon2 in the PHC string format, whoever wrote it.

use ::argon2::{Algorithm, Version};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    Arena, Argon2Params, HashError, engine,
    limits::{MAX_ITERATIONS, MAX_MEMORY_KIB, SALT_LENGTH, TAG_LENGTH},
    recipe::Recipe,
    text,
};

/// All lanes are computed on one thread, so this is a matter of time alone.
const MAX_LANES: u32 = 16;
/// Less is refused by every implementation.
const MIN_SALT: usize = 8;
/// RFC 9106 section 3.1.
const MIN_MEMORY_PER_LANE_KIB: u32 = 8;

/// A stored Argon2 hash.
pub(super) struct Stored {
    recipe: Recipe,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Stored {
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. Without `v`, it is version 16, as in the C library.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let (name, rest) = text
            .strip_prefix('$')
            .and_then(|rest| rest.split_once('$'))
            .ok_or(HashError::Malformed)?;
        let algorithm = match name {
            "argon2d" => Algorithm::Argon2d,
            "argon2i" => Algorithm::Argon2i,
            "argon2id" => Algorithm::Argon2id,
            _ => return Err(HashError::Unsupported),
        };
        let (version, rest) = match rest.strip_prefix("v=") {
            Some(rest) => rest.split_once('$').ok_or(HashError::Malformed)?,
            None => ("16", rest),
        };
        let version = match version {
            "16" => Version::V0x10,
            "19" => Version::V0x13,
            _ => return Err(HashError::Unsupported),
        };
        let [parameters, salt, tag] = text::fields(rest)?;
        let [Some(memory_kib), Some(iterations), Some(lanes)] =
            text::parameters(parameters, ["m", "t", "p"])?
        else {
            return Err(HashError::Malformed);
        };
        if memory_kib > MAX_MEMORY_KIB || iterations > MAX_ITERATIONS || lanes > MAX_LANES {
            return Err(HashError::TooCostly);
        }
        if iterations == 0 || lanes == 0 || memory_kib < lanes * MIN_MEMORY_PER_LANE_KIB {
            return Err(HashError::Malformed);
        }
        let salt = text::salt(text::phc_base64(salt)?)?;
        if salt.len() < MIN_SALT {
            return Err(HashError::Malformed);
        }
        let tag = text::tag(text::phc_base64(tag)?)?;
        let recipe = Recipe {
            algorithm,
            version,
            memory_kib,
            iterations,
            lanes,
        };
        Ok(Self { recipe, salt, tag })
    }

    pub(super) const fn name(&self) -> &'static str {
        self.recipe.algorithm.as_str()
    }

    pub(super) const fn memory_kib(&self) -> u32 {
        self.recipe.memory_kib
    }

    pub(super) fn verify(&self, arena: &mut Arena, password: &[u8]) -> Result<bool, HashError> {
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        engine::derive(&self.recipe, arena, password, &self.salt, &mut tag)?;
        Ok(tag.ct_eq(&self.tag).into())
    }

    pub(super) fn is_current(&self, params: Argon2Params) -> bool {
        self.recipe.is_ours()
            && self.recipe.memory_kib >= params.memory_kib()
            && self.recipe.iterations >= params.iterations()
            && self.salt.len() >= SALT_LENGTH
            && self.tag.len() >= TAG_LENGTH
    }
}

/// Hashes a password: `$argon2id$v=19$m=…,t=…,p=1$salt$tag`.
///
/// The salt must be new and random for every call.
///
/// # Errors
///
/// [`HashError::OutOfMemory`] when the working memory cannot be had.
pub fn compute(
    params: Argon2Params,
    arena: &mut Arena,
    password: &[u8],
    salt: &[u8; SALT_LENGTH],
) -> Result<String, HashError> {
    let mut tag = [0; TAG_LENGTH];
    let recipe = Recipe::ours(params);
    engine::derive(&recipe, arena, password, salt, &mut tag)?;
    Ok(recipe.to_phc(salt, &tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "AAECAwQFBgcICQoLDA0ODw";
    const TAG: &str = "ktxdZwGWI4aL3geSdeUi9LfoIT00FO2Fy8KsikERcog";

    fn parse(head: &str) -> Result<Stored, HashError> {
        Stored::parse(&format!("{head}${SALT}${TAG}"))
    }

    #[test]
    fn sec59_the_ceilings_and_the_floors_hold() {
        for head in [
            "$argon2id$v=19$m=1048576,t=16,p=16",
            "$argon2id$v=19$m=8,t=1,p=1",
            "$argon2id$v=19$p=16,t=1,m=128",
            "$argon2d$v=16$m=64,t=1,p=1",
            "$argon2i$m=64,t=1,p=1",
        ] {
            assert!(parse(head).is_ok(), "{head}");
        }
        for (head, error) in [
            ("$argon2id$v=19$m=1048577,t=1,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=4294967295,t=1,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=4294967296,t=1,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=64,t=17,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=64,t=4294967295,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=1024,t=1,p=17", HashError::TooCostly),
            ("$argon2id$v=19$m=64,t=1,p=4294967295", HashError::TooCostly),
            ("$argon2id$v=19$m=7,t=1,p=1", HashError::Malformed),
            ("$argon2id$v=19$m=127,t=1,p=16", HashError::Malformed),
            ("$argon2id$v=19$m=64,t=0,p=1", HashError::Malformed),
            ("$argon2id$v=19$m=64,t=1,p=0", HashError::Malformed),
            ("$argon2id$v=19$m=64,t=1", HashError::Malformed),
            ("$argon2id$v=19$m=64,t=1,p=1,m=64", HashError::Malformed),
            (
                "$argon2id$v=19$m=64,t=1,p=1,keyid=AAAA",
                HashError::Unsupported,
            ),
            (
                "$argon2id$v=19$m=64,t=1,p=1,data=AAAA",
                HashError::Unsupported,
            ),
            ("$argon2id$v=17$m=64,t=1,p=1", HashError::Unsupported),
            ("$argon2id$v=$m=64,t=1,p=1", HashError::Unsupported),
            ("$argon2x$v=19$m=64,t=1,p=1", HashError::Unsupported),
            ("$argon2$v=19$m=64,t=1,p=1", HashError::Unsupported),
        ] {
            assert_eq!(parse(head).err(), Some(error), "{head}");
        }
    }

    #[test]
    fn sec59_salts_and_tags_have_a_length() {
        let parse = |salt: &str, tag: &str| {
            Stored::parse(&format!("$argon2id$v=19$m=64,t=1,p=1${salt}${tag}")).is_ok()
        };
        let zeros = |bytes: usize| "A".repeat((bytes * 4).div_ceil(3));
        assert!(parse(&zeros(8), &zeros(16)));
        assert!(parse(&zeros(256), &zeros(512)));
        assert!(!parse(&zeros(7), &zeros(16)));
        assert!(!parse(&zeros(257), &zeros(16)));
        assert!(!parse(&zeros(8), &zeros(15)));
        assert!(!parse(&zeros(8), &zeros(513)));
        assert!(parse(&format!("{SALT}=="), &format!("{TAG}=")));
        assert!(!parse(&format!("{SALT}="), TAG));
        assert!(!parse(&format!("{SALT}==="), TAG));
        assert!(!parse(SALT, &format!("{TAG}$")));
        assert!(!parse(SALT, "ktxdZwGWI4aL3geSdeUi9LfoIT00FO2Fy8KsikERcoh"));
    }

    #[test]
    fn a_dearer_hash_is_current_and_a_cheaper_or_foreign_one_is_not() {
        let params = Argon2Params::new(19_456, 2).unwrap();
        for (head, current) in [
            ("$argon2id$v=19$m=19456,t=2,p=1", true),
            ("$argon2id$v=19$m=65536,t=2,p=1", true),
            ("$argon2id$v=19$m=19456,t=3,p=1", true),
            ("$argon2id$v=19$m=19455,t=2,p=1", false),
            ("$argon2id$v=19$m=65536,t=1,p=1", false),
            ("$argon2id$v=19$m=65536,t=3,p=2", false),
            ("$argon2id$v=16$m=65536,t=3,p=1", false),
            ("$argon2i$v=19$m=65536,t=3,p=1", false),
        ] {
            assert_eq!(parse(head).unwrap().is_current(params), current, "{head}");
        }
        let short = format!("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgc${TAG}");
        assert!(!Stored::parse(&short).unwrap().is_current(params));
    }
}
