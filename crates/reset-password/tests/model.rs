//! Random operations, and after each of them the same answer from the engine and from a small model of it.
//!
//! A sequence that fails is made as short as can be and kept in `proptest-regressions`, where it is run first
//! from then on.

mod support;

use std::{collections::BTreeMap, time::Duration};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner},
};
use reset_password::{Code, Error, UpdateUser};
use reset_password_core::{Argon2Params, Engine, password::hash};
use reset_password_store::SqlStore;

use crate::support::{Backend, Fixture, Kind, text, user};

/// The accounts, and the addresses that they may have: two more, to move to.
const ACCOUNTS: usize = 3;
const ADDRESSES: usize = ACCOUNTS + 2;
const LIFETIME: Duration = Duration::from_mins(30);
/// After that a purge may have taken the reset.
const KEPT: Duration = Duration::from_hours(24);

/// Hashes that come from outside have numbers from here on.
const OUTSIDE: usize = 1_000_000;

/// What may happen.
#[derive(Clone, Debug)]
enum Operation {
    CreateUser(usize),
    CreateReset(usize),
    /// One of the tokens that there are, by its place counted from the newest, and one of a few passwords.
    Confirm(usize, usize),
    /// So often, one after the other.
    Login(usize, usize, u32),
    ChangeAddress(usize, usize),
    ChangeAddressOutside(usize, usize),
    ChangePasswordOutside(usize, usize),
    DeleteUser(usize),
    Revoke(usize),
    Wait(u64),
    Purge,
    Restart,
}

fn operation() -> impl Strategy<Value = Operation> {
    let (account, address, token, password) = (0..ACCOUNTS, 0..ADDRESSES, 0..4_usize, 0..3_usize);
    prop_oneof![
        2 => account.clone().prop_map(Operation::CreateUser),
        6 => account.clone().prop_map(Operation::CreateReset),
        6 => (token, password.clone()).prop_map(|(t, p)| Operation::Confirm(t, p)),
        2 => (account.clone(), password.clone()).prop_map(|(a, p)| Operation::Login(a, p, 1)),
        1 => (account.clone(), password.clone(), 5..9_u32).prop_map(|(a, p, n)| Operation::Login(a, p, n)),
        1 => (account.clone(), address.clone()).prop_map(|(a, e)| Operation::ChangeAddress(a, e)),
        1 => (account.clone(), address).prop_map(|(a, e)| Operation::ChangeAddressOutside(a, e)),
        1 => (account.clone(), password).prop_map(|(a, p)| Operation::ChangePasswordOutside(a, p)),
        1 => account.clone().prop_map(Operation::DeleteUser),
        1 => account.prop_map(Operation::Revoke),
        4 => prop_oneof![1..29_u64, 29..32_u64, Just(60 * 25)].prop_map(Operation::Wait),
        1 => Just(Operation::Purge),
        1 => Just(Operation::Restart),
    ]
}

fn address(number: usize) -> String {
    format!("person{number}@example.com")
}

fn password(number: usize) -> String {
    format!("a long walk by the sea, number {number}")
}

/// A user, as the model knows it.
#[derive(Clone)]
struct Account {
    id: String,
    address: usize,
    verified: bool,
    /// Which password, and which of the hashes that were ever made of one.
    password: Option<(usize, usize)>,
}

/// A reset, as the model knows it.
struct Token {
    id: String,
    text: String,
    account: String,
    /// The credential that it was made for.
    address: usize,
    hash: Option<usize>,
    made: Duration,
    live: bool,
}

/// What the engine should say.
#[derive(Default)]
struct Model {
    now: Duration,
    accounts: [Option<Account>; ACCOUNTS],
    tokens: Vec<Token>,
    hashes: usize,
    /// Failed logins in a row with each address: how many, when the last, against which hash.
    failed: BTreeMap<usize, (u32, Duration, Option<usize>)>,
}

impl Model {
    /// How many logins have failed against what the account has now, and whether it must wait after them.
    fn failed(&self, address: usize, hash: Option<usize>) -> (u32, bool) {
        let found = self.failed.get(&address);
        let Some((failed, at, _)) = found.filter(|(_, _, of)| *of == hash) else {
            return (0, false);
        };
        let delay = failed
            .checked_sub(6)
            .map_or(0, |doublings| 2_u64.saturating_pow(doublings).min(3_600));
        (
            *failed,
            *failed == 100 || self.now < *at + Duration::from_secs(delay),
        )
    }

    fn account(&self, id: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .flatten()
            .find(|account| account.id == id)
    }

    fn is_taken(&self, address: usize) -> bool {
        self.accounts
            .iter()
            .flatten()
            .any(|account| account.address == address)
    }

    fn new_hash(&mut self) -> usize {
        self.hashes += 1;
        self.hashes
    }

    fn void(&mut self, account: &str) -> u64 {
        let mut voided = 0;
        for token in self
            .tokens
            .iter_mut()
            .filter(|token| token.account == account)
        {
            voided += u64::from(token.live);
            token.live = false;
        }
        voided
    }

    /// Whether the token can be used; if not, with which codes it may be refused.
    fn verdict(&self, token: &Token) -> Result<(), &'static [Code]> {
        const DEAD: &[Code] = &[Code::PasswordResetTokenNotFound];
        const EXPIRED: &[Code] = &[Code::PasswordResetTokenExpired];
        const PURGED_OR_EXPIRED: &[Code] = &[
            Code::PasswordResetTokenNotFound,
            Code::PasswordResetTokenExpired,
        ];
        let account = self.account(&token.account).ok_or(DEAD)?;
        let hash = account.password.map(|(_, hash)| hash);
        if !token.live || account.address != token.address || hash != token.hash {
            return Err(DEAD);
        }
        let age = self.now.saturating_sub(token.made);
        match age {
            age if age < LIFETIME => Ok(()),
            age if age <= LIFETIME + KEPT => Err(EXPIRED),
            _ => Err(PURGED_OR_EXPIRED),
        }
    }
}

/// The engine, and the model beside it.
struct World {
    fixture: Fixture,
    restarted: Option<Engine<SqlStore>>,
    model: Model,
    outside: Vec<String>,
}

type Outcome = Result<(), TestCaseError>;

impl World {
    fn on(backend: Backend) -> Self {
        let params = Argon2Params::new(19_456, 2).unwrap();
        let hash = |number: usize| {
            let mut arena = hash::Arena::new();
            let salt = [u8::try_from(number).unwrap() + 1; 16];
            hash::compute(params, &mut arena, password(number).as_bytes(), &salt).unwrap()
        };
        Self {
            fixture: Fixture::on(backend),
            restarted: None,
            model: Model::default(),
            outside: (0..3).map(hash).collect(),
        }
    }

    fn engine(&self) -> &Engine<SqlStore> {
        self.restarted.as_ref().unwrap_or(&self.fixture.engine)
    }

    fn perform(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::CreateUser(at) => self.create_user(at),
            Operation::CreateReset(at) => self.create_reset(at),
            Operation::Confirm(back, password) => self.confirm(back, password),
            Operation::Login(at, number, times) => {
                (0..times).try_for_each(|_| self.login(at, number))
            }
            Operation::ChangeAddress(at, to) => self.change_address(at, to),
            Operation::ChangeAddressOutside(at, to) => {
                self.change_address_outside(at, to);
                Ok(())
            }
            Operation::ChangePasswordOutside(at, number) => {
                self.change_outside(at, number);
                Ok(())
            }
            Operation::DeleteUser(at) => self.delete_user(at),
            Operation::Revoke(at) => self.revoke(at),
            Operation::Wait(minutes) => {
                let waited = Duration::from_mins(minutes);
                self.fixture.clock.advance(waited);
                self.model.now += waited;
                Ok(())
            }
            Operation::Purge => self
                .engine()
                .purge(10_000)
                .map(drop)
                .map_err(|error| unexpected(&error)),
            Operation::Restart => {
                self.restarted = Some(self.fixture.another(|_| {}));
                Ok(())
            }
        }
    }

    fn create_user(&mut self, at: usize) -> Outcome {
        if self.model.accounts[at].is_some() {
            return Ok(());
        }
        let made = self.engine().create_user(user(&address(at)));
        if self.model.is_taken(at) {
            return refused(made, &[Code::EmailNotAvailable]);
        }
        self.model.accounts[at] = Some(Account {
            id: made.map_err(|error| unexpected(&error))?.id,
            address: at,
            verified: false,
            password: None,
        });
        Ok(())
    }

    fn create_reset(&mut self, at: usize) -> Outcome {
        let Some(account) = self.model.accounts[at].clone() else {
            return Ok(());
        };
        let reset = self
            .engine()
            .create_password_reset(&address(account.address));
        let reset = reset.map_err(|error| unexpected(&error))?;
        self.model.void(&account.id);
        let made = self.model.now;
        self.model.tokens.push(Token {
            text: text(&reset.password_reset_token).to_owned(),
            id: reset.id,
            account: account.id,
            address: account.address,
            hash: account.password.map(|(_, hash)| hash),
            made,
            live: true,
        });
        Ok(())
    }

    fn confirm(&mut self, back: usize, number: usize) -> Outcome {
        let Some(at) = self.model.tokens.len().checked_sub(back + 1) else {
            return Ok(());
        };
        let token = &self.model.tokens[at];
        let set = self.engine().reset_password(&token.text, &password(number));
        if let Err(codes) = self.model.verdict(token) {
            return refused(set, codes);
        }
        let id = set.map_err(|error| unexpected(&error))?.id;
        let hash = self.model.new_hash();
        self.model.void(&id);
        let mut accounts = self.model.accounts.iter_mut().flatten();
        let account = accounts.find(|account| account.id == id).unwrap();
        account.password = Some((number, hash));
        account.verified = true;
        Ok(())
    }

    fn login(&mut self, at: usize, number: usize) -> Outcome {
        let Some(account) = self.model.accounts[at].clone() else {
            return Ok(());
        };
        let hash = account.password.map(|(_, hash)| hash);
        let user = self
            .engine()
            .authenticate_with_password(&address(account.address), &password(number));
        let (failed, waits) = self.model.failed(account.address, hash);
        if waits {
            return refused(user, &[Code::RateLimited]);
        }
        match account.password {
            Some((right, _)) if right == number => {
                prop_assert_eq!(user.map_err(|error| unexpected(&error))?.id, account.id);
                self.model.failed.remove(&account.address);
                self.upgrade(at);
                Ok(())
            }
            _ => {
                let counted = (failed + 1, self.model.now, hash);
                self.model.failed.insert(account.address, counted);
                refused(user, &[Code::InvalidCredentials])
            }
        }
    }

    /// A hash that came from outside is replaced at a login, and the link that was bound to it goes on
    /// working.
    fn upgrade(&mut self, at: usize) {
        let new = self.model.new_hash();
        let Some(account) = &mut self.model.accounts[at] else {
            return;
        };
        let Some((_, hash)) = &mut account.password else {
            return;
        };
        if *hash < OUTSIDE {
            return;
        }
        let bound = self.model.tokens.iter_mut().filter(|token| {
            token.live
                && token.account == account.id
                && token.address == account.address
                && token.hash == Some(*hash)
        });
        bound.for_each(|token| token.hash = Some(new));
        *hash = new;
    }

    fn change_address(&mut self, at: usize, to: usize) -> Outcome {
        let Some(account) = self.model.accounts[at].clone() else {
            return Ok(());
        };
        let change = UpdateUser {
            email: Some(address(to)),
            ..UpdateUser::default()
        };
        let changed = self.engine().update_user(&account.id, change);
        if account.address == to {
            return changed.map(drop).map_err(|error| unexpected(&error));
        }
        if self.model.is_taken(to) {
            return refused(changed, &[Code::EmailNotAvailable]);
        }
        changed.map_err(|error| unexpected(&error))?;
        self.model.void(&account.id);
        self.model.accounts[at] = Some(Account {
            address: to,
            verified: false,
            ..account
        });
        Ok(())
    }

    /// The application changes its own table.
    fn change_address_outside(&mut self, at: usize, to: usize) {
        let Some(account) = self.model.accounts[at].clone() else {
            return;
        };
        if self.model.is_taken(to) {
            return;
        }
        let (new, id) = (address(to), &account.id);
        let lookup = self.bytes(&new);
        self.fixture.database.rows(&format!(
            "UPDATE reset_password_users SET email = '{new}', email_lookup = {lookup} WHERE id = '{id}'"
        ));
        self.model.accounts[at] = Some(Account {
            address: to,
            ..account
        });
    }

    fn change_outside(&mut self, at: usize, number: usize) {
        let Some(account) = self.model.accounts[at].clone() else {
            return;
        };
        let (hash, id) = (&self.outside[number], &account.id);
        let same = format!(
            "SELECT count(*) FROM reset_password_users WHERE id = '{id}' AND password_hash = '{hash}'"
        );
        // The very hash that is there already is no change.
        if self.fixture.database.value(&same) == "1" {
            return;
        }
        self.fixture.database.rows(&format!(
            "UPDATE reset_password_users SET password_hash = '{hash}', password_form = 'raw' \
             WHERE id = '{id}'"
        ));
        // An outside hash is always the same one, so a token that was made for it lives again with it.
        let known = OUTSIDE + number;
        self.model.accounts[at] = Some(Account {
            password: Some((number, known)),
            ..account
        });
    }

    fn delete_user(&mut self, at: usize) -> Outcome {
        let Some(account) = self.model.accounts[at].take() else {
            return Ok(());
        };
        self.engine()
            .delete_user(&account.id)
            .map_err(|error| unexpected(&error))?;
        self.model.void(&account.id);
        Ok(())
    }

    fn revoke(&mut self, at: usize) -> Outcome {
        let Some(account) = self.model.accounts[at].clone() else {
            return Ok(());
        };
        // A live row that a purge took is not counted any more.
        self.engine()
            .purge(10_000)
            .map_err(|error| unexpected(&error))?;
        let old = LIFETIME + KEPT;
        let now = self.model.now;
        for token in &mut self.model.tokens {
            token.live &= now.saturating_sub(token.made) <= old;
        }
        let revoked = self.engine().revoke_password_resets(Some(&account.id));
        prop_assert_eq!(
            revoked.map_err(|error| unexpected(&error))?,
            self.model.void(&account.id)
        );
        Ok(())
    }

    /// Whether the engine shows what the model says.
    fn compare(&self) -> Outcome {
        for account in self.model.accounts.iter().flatten() {
            let shown = self
                .engine()
                .get_user(&account.id)
                .map_err(|error| unexpected(&error))?;
            prop_assert_eq!(shown.email, address(account.address));
            prop_assert_eq!(shown.email_verified, account.verified);
        }
        for token in self.model.tokens.iter().rev().take(6) {
            let shown = self.engine().get_password_reset(&token.id);
            match self.model.verdict(token) {
                Ok(()) => {
                    let reset = shown.map_err(|error| unexpected(&error))?;
                    prop_assert_eq!(text(&reset.password_reset_token), &token.text);
                }
                Err(_) => refused(shown, &[Code::PasswordResetNotFound])?,
            }
        }
        Ok(())
    }

    fn bytes(&self, text: &str) -> String {
        let hex = text
            .bytes()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        match self.fixture.database.backend() {
            Backend::Server(Kind::Postgres14 | Kind::Postgres15 | Kind::Postgres18)
            | Backend::PgBouncer => format!("decode('{hex}', 'hex')"),
            _ => format!("x'{hex}'"),
        }
    }
}

fn unexpected(error: &Error) -> TestCaseError {
    TestCaseError::fail(format!("refused with {error}"))
}

fn refused<T>(answer: Result<T, Error>, codes: &[Code]) -> Outcome {
    let code = answer.map(drop).map_err(|error| error.code());
    prop_assert!(
        code.is_err_and(|code| codes.contains(&code)),
        "{:?} instead of {:?}",
        code,
        codes
    );
    Ok(())
}

fn hold_against_the_model(backend: Backend) {
    /// Operations in a sequence.
    const LENGTH: usize = 50;
    let sequences = if support::long() { 200 } else { 6 };
    let mut runner = TestRunner::new(Config {
        cases: sequences,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "proptest-regressions",
        ))),
        source_file: Some(file!()),
        ..Config::default()
    });
    let verdict = runner.run(&vec(operation(), LENGTH), |operations| {
        let mut world = World::on(backend);
        for operation in &operations {
            world.perform(operation)?;
            world.compare()?;
        }
        Ok(())
    });
    verdict.unwrap();
}

#[test]
fn the_engine_is_as_its_model_on_sqlite() {
    hold_against_the_model(Backend::SqliteFile);
}

#[test]
fn the_engine_is_as_its_model_on_postgres() {
    hold_against_the_model(Backend::Server(Kind::Postgres15));
}

#[test]
fn the_engine_is_as_its_model_on_mariadb() {
    hold_against_the_model(Backend::Server(Kind::MariaDb10_11));
}
