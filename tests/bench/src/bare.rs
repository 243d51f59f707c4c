//! Bare Argon2id, ours and `RustCrypto`'s, each with memory that it keeps between hashes.

use argon2::{Algorithm, Block, Version};
use base64ct::{Base64Unpadded, Encoding};
use reset_password::Argon2Params;
use reset_password_core::password::hash::{self, Arena};
use serde_json::{Map, Value, json};

use crate::{
    Cost,
    protocol::{self, Contender, Outcome, Request, ns, timed},
};

const TAG_LENGTH: usize = 32;

/// What the engine itself calls.
pub struct Ours {
    params: Argon2Params,
    arena: Arena,
}

impl Ours {
    pub fn new(cost: Cost) -> Outcome<Self> {
        let params = Argon2Params::new(cost.memory_kib, cost.iterations)?;
        Ok(Self {
            params,
            arena: Arena::new(),
        })
    }
}

impl Contender for Ours {
    fn versions(&self) -> Map<String, Value> {
        Map::from_iter([(
            "reset-password".to_owned(),
            env!("CARGO_PKG_VERSION").into(),
        )])
    }

    fn run(&mut self, request: Request) -> Outcome<Value> {
        let Request::Hash { password, salt } = request else {
            return protocol::unknown();
        };
        let salt = salt.as_bytes().try_into()?;
        let (duration, phc) =
            timed(|| hash::compute(self.params, &mut self.arena, password.as_bytes(), salt));
        let phc = phc?;
        let (_, tag) = phc.rsplit_once('$').ok_or("a hash that is no PHC string")?;
        Ok(json!({ "ns": ns(duration), "tag": tag }))
    }
}

/// The `argon2` crate, which the engine uses for what other systems wrote.
pub struct RustCrypto {
    argon2: argon2::Argon2<'static>,
    memory: Vec<Block>,
}

impl RustCrypto {
    pub fn new(cost: Cost) -> Outcome<Self> {
        let params = argon2::Params::new(cost.memory_kib, cost.iterations, 1, Some(TAG_LENGTH))?;
        let memory = vec![Block::default(); params.block_count()];
        Ok(Self {
            argon2: argon2::Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            memory,
        })
    }
}

impl Contender for RustCrypto {
    fn versions(&self) -> Map<String, Value> {
        // A crate cannot name the version of another; the orchestrator reads the lock file.
        Map::new()
    }

    fn run(&mut self, request: Request) -> Outcome<Value> {
        let Request::Hash { password, salt } = request else {
            return protocol::unknown();
        };
        let mut tag = [0; TAG_LENGTH];
        let (duration, result) = timed(|| {
            self.argon2.hash_password_into_with_memory(
                password.as_bytes(),
                salt.as_bytes(),
                &mut tag,
                &mut self.memory,
            )
        });
        result?;
        Ok(json!({ "ns": ns(duration), "tag": Base64Unpadded::encode_string(&tag) }))
    }
}
