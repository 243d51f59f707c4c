//! Closing and dropping a handle: after what is under way, wherever it happens.

mod support;

use std::{cell::OnceCell, sync::mpsc, thread};

use reset_password::{Code, blocking::UserManagement};
use support::{NEW, cheap, text, url, user};

fn in_memory() -> UserManagement {
    UserManagement::open(":memory:", cheap()).unwrap()
}

#[test]
fn nothing_panics_within_a_runtime() {
    let users = in_memory();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        assert!(users.get_user("user_x").is_err());
        users
            .spawn(|users| users.get_user("user_x").is_err(), drop)
            .unwrap();
        users.close();
        drop(users);
    });
}

#[test]
fn nothing_panics_at_the_end_of_a_thread() {
    /// Uses the handle when the thread's own variables end, after those of a runtime.
    struct Last(UserManagement, mpsc::Sender<bool>);

    impl Drop for Last {
        fn drop(&mut self) {
            let Self(users, seen) = self;
            let found = users.get_user_by_email("ada@example.com").is_ok();
            users.close();
            seen.send(found).unwrap();
        }
    }

    thread_local! {
        static LAST: OnceCell<Last> = const { OnceCell::new() };
    }

    let users = in_memory();
    users.create_user(user("ada@example.com")).unwrap();
    let (seen, at_the_end) = mpsc::channel();
    let ended = thread::spawn(move || {
        // What is made first ends last.
        LAST.with(|last| last.set(Last(users.clone(), seen)).ok());
        assert!(users.get_user("user_x").is_err());
    });
    ended.join().unwrap();
    assert_eq!(at_the_end.recv(), Ok(true));
}

#[test]
fn close_waits_for_what_nobody_waits_for() {
    let users = in_memory();
    let (go_on, waiting) = mpsc::channel();
    let (ended, end) = mpsc::channel();
    let work = move |users: &UserManagement| {
        waiting.recv().unwrap();
        // It is still open for whoever began before.
        let found = users.get_user("user_x").unwrap_err().code() == Code::UserNotFound;
        ended.send(found).unwrap();
    };
    users.spawn(work, drop).unwrap();
    let closing = users.clone();
    let closed = thread::spawn(move || {
        closing.close();
        end.try_recv()
    });
    assert!(users.get_user("user_x").is_err(), "others go on");
    go_on.send(()).unwrap();
    assert_eq!(closed.join().unwrap(), Ok(true));
}

/// It ends when the last of the calls that were under way has ended, and leaves no connection.
#[test]
fn close_waits_for_calls_under_way() {
    const CALLS: usize = 4;
    let folder = tempfile::tempdir().unwrap();
    let users = UserManagement::open(&url(folder.path()), cheap()).unwrap();
    users.create_user(user("ada@example.com")).unwrap();
    let reset = users.create_password_reset("ada@example.com").unwrap();
    let (ended, ends) = mpsc::channel();
    for _ in 0..CALLS {
        let (ended, token) = (ended.clone(), text(&reset.password_reset_token).to_owned());
        let work = move |users: &UserManagement| {
            // Its end is told before the call counts as ended.
            let done = users.reset_password(&token, NEW).is_ok();
            ended.send(done).unwrap();
        };
        users.spawn(work, drop).unwrap();
    }
    users.close();
    let ends: Vec<_> = ends.try_iter().collect();
    assert_eq!(ends.len(), CALLS, "it did not wait");
    assert_eq!(ends.iter().filter(|done| **done).count(), 1);
    assert!(
        !folder.path().join("app.db-wal").exists(),
        "a connection is still open"
    );
    assert!(
        users
            .authenticate_with_password("ada@example.com", NEW)
            .is_ok(),
        "it opens again"
    );
}

#[test]
fn work_that_panics_is_over() {
    let users = in_memory();
    users.spawn(|_| panic!("forced"), drop).unwrap();
    users.close();
    let (answering, answers) = mpsc::channel();
    let code = |users: &UserManagement| users.get_user("user_x").unwrap_err().code();
    users
        .spawn(code, move |code| answering.send(code).unwrap())
        .unwrap();
    assert_eq!(answers.recv(), Ok(Code::UserNotFound));
}

#[tokio::test]
async fn work_of_an_async_handle_may_close_and_its_panic_is_an_error() {
    let users = reset_password::UserManagement::open(":memory:", cheap())
        .await
        .unwrap();
    users
        .run(|users| {
            users.close();
            Ok(())
        })
        .await
        .unwrap();
    let panicked = users.run(|_| -> Result<(), _> { panic!("forced") }).await;
    assert_eq!(panicked.unwrap_err().code(), Code::Internal);
    users.close().await;
    let gone = users.get_user("user_x").await;
    assert_eq!(gone.unwrap_err().code(), Code::UserNotFound);
}

/// Whoever stops waiting, as a request's time-out does, stops nothing: what was hashed is stored.
#[test]
fn a_reset_that_nobody_waits_for_is_done() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let users = reset_password::UserManagement::open(":memory:", cheap()).await.unwrap();
        users.create_user(user("ada@example.com")).await.unwrap();
        let reset = users.create_password_reset("ada@example.com").await.unwrap();
        let hashes = users.blocking().hashes_started();
        let hashing = async {
            while users.blocking().hashes_started() == hashes {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            done = users.reset_password(text(&reset.password_reset_token), NEW) => panic!("{done:?}"),
            () = hashing => {}
        }
        users.close().await;
        assert!(users.authenticate_with_password("ada@example.com", NEW).await.is_ok());
    });
}
