//! Connections that break while a transaction is committed: what is told is what happened.

use reset_password::{Code, PasswordReset, blocking::UserManagement};
use reset_password_test_databases::{Proxy, When, through};

use crate::support::{
    Backend, Family, Fixture, Kind, NEW, OLD, cheap_with_key, long, text, user, user_with,
};

/// Before the server gets to know of the commit, while it commits, and after it has committed.
const MOMENTS: [When; 3] = [When::Before, When::Meanwhile, When::After];

#[test]
fn sec15_a_reset_whose_commit_is_not_answered_is_decided() {
    on_each_server(resets);
}

#[test]
fn sec15_a_user_whose_commit_is_not_answered_is_created_once() {
    on_each_server(users);
}

#[test]
fn sec15_while_the_outcome_cannot_be_read_nothing_is_claimed() {
    on_each_server(unreadable);
}

#[test]
fn sec15_a_reset_whose_connection_is_cut_at_any_message_is_done_once_on_postgres() {
    at_any_message(&Path::to(Kind::Postgres15));
}

#[test]
fn sec15_a_reset_whose_connection_is_cut_at_any_message_is_done_once_on_mariadb() {
    at_any_message(&Path::to(Kind::MariaDb10_11));
}

fn on_each_server(test: fn(&Path)) {
    for kind in [Kind::Postgres15, Kind::MariaDb10_11] {
        test(&Path::to(kind));
    }
}

/// Two ways to one database.
struct Path {
    fixture: Fixture,
    proxy: Proxy,
    /// Through the proxy.
    there: UserManagement,
    /// Directly.
    here: UserManagement,
}

impl Path {
    fn to(kind: Kind) -> Self {
        let fixture = Fixture::on(Backend::Server(kind));
        let proxy = Proxy::before(fixture.database.server().unwrap().address());
        let open = |url: &str| UserManagement::open(url, cheap_with_key()).unwrap();
        Self {
            there: open(&through(fixture.database.url(), proxy.address())),
            here: open(fixture.database.url()),
            proxy,
            fixture,
        }
    }

    /// Makes a reset, and with it the connections that the reset then finds: for reads and for transactions.
    fn reset_through_the_proxy(&self, email: &str) -> PasswordReset {
        let reset = self.there.create_password_reset(email).unwrap();
        self.there.get_password_reset(&reset.id).unwrap()
    }

    /// Cuts the connection at the next commit. The bytes are those of the command alone: a transaction's
    /// isolation has that word in it too.
    fn cut_at_commit(&self, moment: When) {
        let command: &[u8] = match self.fixture.database.server().unwrap().family() {
            Family::Postgres => b"COMMIT\0",
            Family::MariaDb => b"\x03COMMIT",
        };
        self.proxy.cut_after_client_sends(command, moment);
    }
}

/// How many events of a kind tell of this id.
fn told(users: &UserManagement, kind: &str, id: &str) -> usize {
    let (mut count, mut after) = (0, i64::MIN);
    loop {
        let records = users.audit(after, 1_000).unwrap();
        let Some(last) = records.last() else {
            return count;
        };
        after = last.sequence;
        let told = records
            .iter()
            .filter(|record| record.event == kind && record.data["id"] == id);
        count += told.count();
    }
}

fn resets(path: &Path) {
    let Path {
        proxy, there, here, ..
    } = path;
    for round in 0..if long() { 200 } else { 5 } {
        for (n, moment) in MOMENTS.into_iter().enumerate() {
            let email = format!("user{round}-{n}@example.com");
            here.create_user(user_with(&email, OLD)).unwrap();
            let reset = there.create_password_reset(&email).unwrap();
            let token = text(&reset.password_reset_token);
            let cuts = proxy.cuts();
            path.cut_at_commit(moment);
            let redeemed = there.reset_password(token, NEW);
            assert_eq!(proxy.cuts(), cuts + 1, "nothing was cut");
            let accepts = |password| here.authenticate_with_password(&email, password).is_ok();
            assert_eq!((accepts(NEW), accepts(OLD)), (true, false), "{moment:?}");
            assert_eq!(redeemed.unwrap().email, email, "{moment:?}: it is in force");
            let again = there.reset_password(token, "another password altogether");
            assert_eq!(again.unwrap_err().code(), Code::PasswordResetTokenNotFound);
            assert_eq!(told(here, "password_reset.succeeded", &reset.id), 1);
        }
    }
    assert!(here.verify_audit().unwrap().is_whole());
}

/// The first message of a reset is cut, then the second, until one is through before anything is cut.
fn at_any_message(path: &Path) {
    let Path {
        proxy, there, here, ..
    } = path;
    for (n, moment) in MOMENTS.into_iter().enumerate() {
        for message in 1.. {
            let email = format!("user{n}-{message}@example.com");
            here.create_user(user_with(&email, OLD)).unwrap();
            let reset = path.reset_through_the_proxy(&email);
            let token = text(&reset.password_reset_token);
            let cuts = proxy.cuts();
            proxy.cut_at_question(message, moment);
            let redeemed = there.reset_password(token, NEW);
            let was_cut = proxy.cuts() > cuts;
            assert_eq!(redeemed.unwrap().email, email, "{moment:?} {message}");
            let accepts = |password| here.authenticate_with_password(&email, password).is_ok();
            assert_eq!(
                (accepts(NEW), accepts(OLD)),
                (true, false),
                "{moment:?} {message}"
            );
            assert_eq!(told(here, "password_reset.succeeded", &reset.id), 1);
            if !was_cut {
                assert!(message > 5, "{moment:?}: a reset has {message} messages");
                proxy.cut_nothing();
                break;
            }
        }
    }
    assert!(here.verify_audit().unwrap().is_whole());
}

fn users(path: &Path) {
    let Path {
        proxy, there, here, ..
    } = path;
    for round in 0..if long() { 200 } else { 5 } {
        for (n, moment) in MOMENTS.into_iter().enumerate() {
            let email = format!("user{round}-{n}@example.com");
            path.cut_at_commit(moment);
            let created = there.create_user(user(&email)).unwrap();
            assert_eq!(
                here.get_user_by_email(&email).unwrap(),
                created,
                "{moment:?}"
            );
            assert_eq!(told(here, "user.created", &created.id), 1);
        }
    }
    assert_eq!(proxy.cuts(), if long() { 600 } else { 15 });
}

/// The commit is lost, and then nobody can be asked: the answer is that it is not known.
fn unreadable(path: &Path) {
    let Path {
        proxy, there, here, ..
    } = path;
    for (n, moment) in [When::Before, When::After].into_iter().enumerate() {
        let email = format!("user{n}@example.com");
        here.create_user(user_with(&email, OLD)).unwrap();
        let reset = path.reset_through_the_proxy(&email);
        let token = text(&reset.password_reset_token);
        // What is open goes on, and is cut by the rule; nothing new is let in.
        proxy.refuse();
        path.cut_at_commit(moment);
        let redeemed = there.reset_password(token, NEW);
        proxy.accept();
        assert_eq!(
            redeemed.unwrap_err().code(),
            Code::StorageUnavailable,
            "{moment:?}"
        );
        // It is one or the other, and whoever tries again is told which.
        let accepts = |password| here.authenticate_with_password(&email, password).is_ok();
        let is_set = moment == When::After;
        assert_eq!(
            (accepts(NEW), accepts(OLD)),
            (is_set, !is_set),
            "{moment:?}"
        );
        assert_eq!(
            told(here, "password_reset.succeeded", &reset.id),
            usize::from(is_set)
        );
        let again = there.reset_password(token, "another password altogether");
        assert_eq!(again.is_ok(), !is_set);
    }
}
