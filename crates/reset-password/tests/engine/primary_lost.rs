//! A primary that is lost, and the synchronous standby that takes its place: what was acknowledged is there,
//! and the same handle goes on.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use reset_password::{Code, blocking::UserManagement};
use reset_password_test_databases::{Proxy, Server, Standby, When, through};

use crate::support::{Kind, NEW, OLD, cheap_with_key, long, text, user_with};

const ACCOUNTS: usize = 4;

/// Resets of each account that are acknowledged before the primary is lost, and after it.
const BEFORE: usize = 3;
const AFTER: usize = 2;

/// When what is waited for is looked at again, and how often.
const SOON: Duration = Duration::from_millis(20);
const TRIES: usize = 3_000;

/// A primary and its standby, and a database that is on both.
struct Pair {
    primary: Server,
    standby: Standby,
    /// The database on the primary.
    url: String,
}

impl Pair {
    fn start() -> Self {
        let primary = Server::start(Kind::Postgres15);
        let standby = Standby::of(&primary);
        let url = primary.new_database();
        Self {
            primary,
            standby,
            url,
        }
    }

    /// A handle that knows both servers, the first of them by this URL.
    fn open(&self, first: &str) -> UserManagement {
        let (server, database) = first.rsplit_once('/').unwrap();
        let url = format!("{server},{}/{database}", self.standby.server.address());
        UserManagement::open(&url, cheap_with_key()).unwrap()
    }
}

/// A reset that was tried.
struct Try {
    token: String,
    id: String,
    password: String,
}

impl Try {
    fn make(users: &UserManagement, email: &str, password: &str) -> Option<Self> {
        match users.create_password_reset(email) {
            Ok(reset) => Some(Self {
                token: text(&reset.password_reset_token).to_owned(),
                id: reset.id,
                password: password.to_owned(),
            }),
            Err(error) => {
                assert_eq!(error.code(), Code::StorageUnavailable, "{error:?}");
                None
            }
        }
    }

    /// Whether it was acknowledged.
    fn redeem(&self, users: &UserManagement) -> bool {
        match users.reset_password(&self.token, &self.password) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code(), Code::StorageUnavailable, "{error:?}");
                false
            }
        }
    }

    fn is_in_force(&self, users: &UserManagement, email: &str) -> bool {
        let login = users.authenticate_with_password(email, &self.password);
        login.is_ok()
    }

    /// Whether its password is in force, where no later one can be: then its event is there once, and else
    /// not at all.
    fn is_applied(&self, users: &UserManagement, email: &str) -> bool {
        let applied = self.is_in_force(users, email);
        assert_eq!(told(users, &self.id), usize::from(applied));
        applied
    }
}

/// How many events tell of the success of this reset; of all if the id is empty.
fn told(users: &UserManagement, id: &str) -> usize {
    let records = users.audit(i64::MIN, 1_000).unwrap();
    let records = records.iter().filter(|record| {
        record.event == "password_reset.succeeded" && (id.is_empty() || record.data["id"] == id)
    });
    records.count()
}

#[test]
fn sec15_the_primary_is_lost_under_load_and_the_standby_promoted() {
    for _ in 0..if long() { 10 } else { 1 } {
        under_load();
    }
}

fn under_load() {
    let pair = Pair::start();
    let users = pair.open(&pair.url);
    for n in 0..ACCOUNTS {
        users.create_user(user_with(&email(n), OLD)).unwrap();
    }
    let (acknowledging, acknowledged) = mpsc::channel();
    let is_promoted = AtomicBool::new(false);
    let used: usize = thread::scope(|scope| {
        let (users, is_promoted) = (&users, &is_promoted);
        let clients: Vec<_> = (0..ACCOUNTS)
            .map(|n| {
                let acknowledging = acknowledging.clone();
                scope.spawn(move || {
                    let acknowledge = || acknowledging.send(n).unwrap();
                    client(users, &email(n), acknowledge, is_promoted)
                })
            })
            .collect();
        let mut counts = [0; ACCOUNTS];
        while counts.iter().any(|count| *count < BEFORE) {
            let n: usize = acknowledged.recv().unwrap();
            counts[n] += 1;
        }
        pair.primary.kill();
        pair.standby.promote();
        is_promoted.store(true, Ordering::SeqCst);
        let clients = clients.into_iter();
        clients.map(|client| client.join().unwrap()).sum()
    });
    assert_eq!(told(&users, ""), used);
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    let damage = pair.standby.server.damage(&pair.url);
    assert!(damage.is_empty(), "{damage:?}");
}

/// Resets the password of one account until that fails, or has survived the change of the primary, and goes
/// on when it can. Answers how many of its tokens were used.
fn client(
    users: &UserManagement,
    email: &str,
    acknowledge: impl Fn(),
    is_promoted: &AtomicBool,
) -> usize {
    let mut done: Vec<Try> = Vec::new();
    let mut open = None;
    while !is_promoted.load(Ordering::SeqCst) {
        let password = format!("password {} of the old primary", done.len());
        let Some(reset) = Try::make(users, email, &password) else {
            break;
        };
        if !reset.redeem(users) {
            open = Some(reset);
            break;
        }
        done.push(reset);
        acknowledge();
    }
    let mut tries = 0;
    while users.check_ready().is_err() {
        tries += 1;
        assert!(tries < TRIES, "the handle does not find the new primary");
        thread::park_timeout(SOON);
    }
    for acknowledged in &done {
        assert_eq!(
            told(users, &acknowledged.id),
            1,
            "an acknowledged reset is lost"
        );
    }
    let last = done.last().unwrap();
    let applied = open
        .as_ref()
        .is_some_and(|open| open.is_applied(users, email));
    assert_ne!(
        last.is_in_force(users, email),
        applied,
        "one password is in force"
    );
    if let Some(open) = &open {
        let again = users.reset_password(&open.token, &open.password);
        assert_eq!(
            again.is_err(),
            applied,
            "a token is used when its password is in force"
        );
        assert!(open.is_applied(users, email));
    }
    for attempt in 0..AFTER {
        let password = format!("password {attempt} of the new primary");
        let reset = Try::make(users, email, &password).unwrap();
        assert!(reset.redeem(users));
        assert!(reset.is_applied(users, email));
    }
    done.len() + usize::from(open.is_some()) + AFTER
}

fn email(n: usize) -> String {
    format!("user{n}@example.com")
}

/// The primary waits for the standby, which is away, and is lost while it waits.
#[test]
fn sec15_a_commit_that_the_standby_never_got_is_not_acknowledged() {
    let pair = Pair::start();
    let users = pair.open(&pair.url);
    let email = email(0);
    users.create_user(user_with(&email, OLD)).unwrap();
    let reset = Try::make(&users, &email, NEW).unwrap();
    pair.standby.server.kill();
    thread::scope(|scope| {
        let redeemed = scope.spawn(|| reset.redeem(&users));
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        while pair.primary.ask(waiting) == "0" {
            assert!(!redeemed.is_finished(), "it did not wait for the standby");
            thread::park_timeout(SOON);
        }
        pair.primary.kill();
        assert!(!redeemed.join().unwrap(), "it is on no server");
    });
    pair.standby.server.restart();
    pair.standby.promote();
    assert!(!reset.is_applied(&users, &email));
    assert!(reset.redeem(&users));
    assert!(reset.is_applied(&users, &email));
    assert!(users.verify_audit().unwrap().is_whole());
}

/// The standby has it, and only the answer is lost with the primary.
#[test]
fn sec15_a_commit_whose_answer_is_lost_with_the_primary_is_done_once() {
    let pair = Pair::start();
    let proxy = Proxy::before(pair.primary.address());
    let users = pair.open(&through(&pair.url, proxy.address()));
    let email = email(0);
    users.create_user(user_with(&email, OLD)).unwrap();
    let reset = Try::make(&users, &email, NEW).unwrap();
    proxy.refuse();
    proxy.cut_after_client_sends(b"COMMIT\0", When::Silently);
    thread::scope(|scope| {
        let redeemed = scope.spawn(|| reset.redeem(&users));
        while proxy.cuts() == 0 {
            assert!(!redeemed.is_finished(), "nothing was cut");
            thread::park_timeout(SOON);
        }
        pair.primary.kill();
        pair.standby.promote();
        proxy.cut_all();
        assert!(redeemed.join().unwrap(), "the new primary has it");
    });
    assert!(reset.is_applied(&users, &email));
    let again = users.reset_password(&reset.token, "another password altogether");
    assert_eq!(again.unwrap_err().code(), Code::PasswordResetTokenNotFound);
    assert!(reset.is_applied(&users, &email));
    assert!(users.verify_audit().unwrap().is_whole());
}
