//! The whole reset, through the crate as an application would call it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Barrier, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password::{Code, CreateUser, Options, blocking::UserManagement};
use reset_password_core::{
    credential::UserRecord,
    store::{UserKey, UserReads},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::{
    Cost,
    protocol::{self, Contender, Outcome, Request, ns, timed},
};

/// How long a caller waits that was told `overloaded`: so long that the trying again is not itself
/// the load. Django's callers wait as long.
const PAUSE: Duration = Duration::from_millis(50);

/// How many threads make what is measured ready.
const MAKERS: usize = 8;

/// Of an engine whose database has no file to keep it beside.
const KEY: &str = "6f6e6c7920666f722074686973206d6561737572656d656e7420616e64206e6f";

/// An engine on a database of its own.
pub struct Engine {
    users: UserManagement,
    /// `None` where a server has it.
    file: Option<PathBuf>,
    created: u32,
    account: String,
}

impl Engine {
    pub fn on_file(cost: Cost, folder: &Path) -> Outcome<Self> {
        let file = folder.join("reset-password.db");
        let path = file.to_str().ok_or("the folder's name must be UTF-8")?;
        let users = UserManagement::open(path, options(cost))?;
        Self::new(users, Some(file))
    }

    pub fn on_server(cost: Cost, url: &str) -> Outcome<Self> {
        let options = Options {
            key: Some(KEY.into()),
            ..options(cost)
        };
        Self::new(UserManagement::open(url, options)?, None)
    }

    fn new(users: UserManagement, file: Option<PathBuf>) -> Outcome<Self> {
        let mut engine = Self {
            users,
            file,
            created: 0,
            account: String::new(),
        };
        engine.account = engine.create_user()?;
        Ok(engine)
    }

    /// A new user without a password, so that making one costs no hash.
    fn create_user(&mut self) -> Outcome<String> {
        let email = self.next_email();
        self.users.create_user(without_password(&email))?;
        Ok(email)
    }

    fn next_email(&mut self) -> String {
        self.created += 1;
        format!("bench-{}@example.com", self.created)
    }

    fn create_reset(&self, email: &str) -> Outcome<SecretString> {
        Ok(self
            .users
            .create_password_reset(email)?
            .password_reset_token)
    }

    fn reset(&self, password: &str) -> Outcome<Value> {
        let (created, token) = timed(|| self.create_reset(&self.account));
        let token = token?;
        let (duration, result) =
            timed(|| self.users.reset_password(token.expose_secret(), password));
        result?;
        Ok(json!({ "ns": ns(duration), "create_ns": ns(created) }))
    }

    /// Well-formed tokens that nobody was given.
    fn refuse(&self, count: u32) -> Outcome<Value> {
        let tokens: Vec<String> = (0..count).map(|n| format!("{n:042}A")).collect();
        let (duration, refused) = timed(|| {
            tokens
                .iter()
                .filter(|token| self.refuses(token, "never looked at, not one bit"))
                .count()
        });
        if refused != tokens.len() {
            return Err("a token that nobody was given was not answered with not found".into());
        }
        Ok(json!({ "ns": ns(duration) }))
    }

    fn refuses(&self, token: &str, password: &str) -> bool {
        self.users
            .reset_password(token, password)
            .is_err_and(|error| error.code() == Code::PasswordResetTokenNotFound)
    }

    /// `callers` threads redeem `resets` links, one user each.
    fn throughput(&mut self, callers: usize, resets: u32, password: &str) -> Outcome<Value> {
        let mut tokens = Vec::new();
        for _ in 0..resets {
            let email = self.create_user()?;
            tokens.push(self.create_reset(&email)?);
        }
        let overloaded = AtomicU64::new(0);
        let duration = at_once(callers, tokens, |token| {
            self.redeem(&token, password, &overloaded)
        })?;
        Ok(json!({ "ns": ns(duration), "overloaded": overloaded.into_inner() }))
    }

    /// `callers` threads end `count` links, one user each: as many round trips as a reset, and a transaction
    /// with its event as a reset has, without a hash.
    fn revoke(&mut self, callers: usize, count: u32) -> Outcome<Value> {
        let emails: Vec<_> = (0..count).map(|_| self.next_email()).collect();
        let ids = Mutex::new(Vec::new());
        at_once(MAKERS, emails, |email| {
            let id = self.users.create_user(without_password(&email))?.id;
            self.users.create_password_reset(&email)?;
            if let Ok(mut ids) = ids.lock() {
                ids.push(id);
            }
            Ok(())
        })?;
        let duration = at_once(callers, ids.into_inner().unwrap_or_default(), |id| {
            self.users.revoke_password_resets(Some(&id)).map(drop)
        })?;
        Ok(json!({ "ns": ns(duration) }))
    }

    /// Resets, and tries again as often as the engine answers `overloaded`.
    fn redeem(
        &self,
        token: &SecretString,
        password: &str,
        overloaded: &AtomicU64,
    ) -> Result<(), reset_password::Error> {
        loop {
            match self.users.reset_password(token.expose_secret(), password) {
                Err(error) if error.code() == Code::Overloaded => {
                    overloaded.fetch_add(1, Ordering::Relaxed);
                    pause();
                }
                result => return result.map(drop),
            }
        }
    }

    /// The measured call does what it is measured for: new password in, link dead.
    fn check(&self, password: &str) -> Outcome<Value> {
        let token = self.create_reset(&self.account)?;
        self.users.reset_password(token.expose_secret(), password)?;
        self.users
            .authenticate_with_password(&self.account, password)?;
        if !self.refuses(token.expose_secret(), password) {
            return Err("the token was accepted twice".into());
        }
        let lookup = UserKey::EmailLookup(&self.account);
        let user = self.users.store().find_user(lookup)?;
        let stored = user.as_ref().and_then(UserRecord::password_hash);
        Ok(json!({ "database": self.file, "stored": stored }))
    }
}

fn without_password(email: &str) -> CreateUser {
    CreateUser {
        email: email.to_owned(),
        ..CreateUser::default()
    }
}

fn options(cost: Cost) -> Options {
    Options {
        argon2_memory_kib: cost.memory_kib,
        argon2_iterations: cost.iterations,
        ..Options::default()
    }
}

/// How long it takes that many threads to do all of the work, each the next piece when it is ready.
fn at_once<T: Send>(
    callers: usize,
    pieces: Vec<T>,
    work: impl Fn(T) -> Result<(), reset_password::Error> + Sync,
) -> Outcome<Duration> {
    let pieces = Mutex::new(pieces);
    let next = || pieces.lock().ok().and_then(|mut pieces| pieces.pop());
    let ready = Barrier::new(callers + 1);
    let caller = || {
        ready.wait();
        while let Some(piece) = next() {
            work(piece)?;
        }
        Ok::<_, reset_password::Error>(())
    };
    let (duration, results) = thread::scope(|scope| {
        let threads: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
        ready.wait();
        timed(|| {
            threads
                .into_iter()
                .map(thread::ScopedJoinHandle::join)
                .collect::<Vec<_>>()
        })
    });
    for result in results {
        result.map_err(|_| "a caller panicked")??;
    }
    Ok(duration)
}

#[expect(
    clippy::disallowed_methods,
    reason = "these callers do wait by sleeping"
)]
fn pause() {
    thread::sleep(PAUSE);
}

impl Contender for Engine {
    fn versions(&self) -> Map<String, Value> {
        Map::from_iter([
            (
                "reset-password".to_owned(),
                env!("CARGO_PKG_VERSION").into(),
            ),
            (
                "database".to_owned(),
                match self.file {
                    Some(_) => "a file with WAL and synchronous=FULL".into(),
                    None => "its own drivers".into(),
                },
            ),
            ("callers".to_owned(), "threads of one process".into()),
        ])
    }

    fn run(&mut self, request: Request) -> Outcome<Value> {
        match request {
            Request::Check { password } => self.check(&password),
            Request::Refuse { count } => self.refuse(count),
            Request::Reset { password } => self.reset(&password),
            Request::Revoke { callers, count } => self.revoke(callers, count),
            Request::Throughput {
                callers,
                resets,
                password,
            } => self.throughput(callers, resets, &password),
            Request::Crowd { .. }
            | Request::Flood { .. }
            | Request::Hash { .. }
            | Request::Memory
            | Request::Restart => protocol::unknown(),
        }
    }
}
