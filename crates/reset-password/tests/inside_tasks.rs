//! Calls that wait, made inside async tasks: refused in a sentence where the thread must not wait.

#[macro_use]
#[path = "support/each_database.rs"]
mod each_database;
mod support;

use reset_password::{Code, Error, blocking::UserManagement};
use support::{Backend, Database, Fixture, NEW, cheap_with_key, text, user};
use tokio::runtime::{Builder, Runtime};

on_each_database!(
    a_call_inside_a_task_is_refused,
    blocking_work_of_a_runtime_may_call,
    a_handle_may_be_dropped_inside_a_task,
);

fn runtimes() -> [Runtime; 2] {
    let mut many = Builder::new_multi_thread();
    many.worker_threads(2);
    [many, Builder::new_current_thread()].map(|mut builder| builder.enable_all().build().unwrap())
}

fn open(fixture: &Fixture) -> UserManagement {
    UserManagement::open(fixture.database.url(), cheap_with_key()).unwrap()
}

fn assert_refused<T>(answer: Result<T, Error>) {
    let Err(error) = answer else {
        panic!("it waited inside a task")
    };
    assert_eq!(error.code(), Code::ConfigInvalid, "{error}");
    assert!(error.message().contains("spawn_blocking"), "{error}");
}

fn a_call_inside_a_task_is_refused(fixture: &Fixture) {
    let users = open(fixture);
    users.create_user(user("ada@example.com")).unwrap();
    let reset = users.create_password_reset("ada@example.com").unwrap();
    let call_all = |users: &UserManagement, url: &str| {
        assert_refused(UserManagement::open(url, cheap_with_key()));
        assert_refused(users.get_user_by_email("ada@example.com"));
        assert_refused(users.create_user(user("bob@example.com")));
        assert_refused(users.authenticate_with_password("ada@example.com", NEW));
        assert_refused(users.reset_password(text(&reset.password_reset_token), NEW));
        assert_refused(users.purge(1));
    };
    for runtime in runtimes() {
        runtime.block_on(async {
            call_all(&users, fixture.database.url());
            users.close();
        });
        let (users, url) = (users.clone(), fixture.database.url().to_owned());
        let in_a_task = runtime.spawn(async move {
            assert_refused(UserManagement::open(&url, cheap_with_key()));
            assert_refused(users.get_user_by_email("ada@example.com"));
        });
        runtime.block_on(in_a_task).unwrap();
    }
    // Nothing of it is left: outside the same handle works.
    assert!(users.get_user_by_email("bob@example.com").is_err());
    users
        .reset_password(text(&reset.password_reset_token), NEW)
        .unwrap();
}

fn blocking_work_of_a_runtime_may_call(fixture: &Fixture) {
    let users = open(fixture);
    for (n, runtime) in runtimes().into_iter().enumerate() {
        let (users, url) = (users.clone(), fixture.database.url().to_owned());
        let work = runtime.spawn_blocking(move || {
            let email = format!("user{n}@example.com");
            users.create_user(user(&email)).unwrap();
            let another = UserManagement::open(&url, cheap_with_key()).unwrap();
            let reset = another.create_password_reset(&email).unwrap();
            users
                .reset_password(text(&reset.password_reset_token), NEW)
                .unwrap();
            users.authenticate_with_password(&email, NEW).unwrap()
        });
        let user = runtime.block_on(work).unwrap();
        assert!(user.email_verified);
    }
}

fn a_handle_may_be_dropped_inside_a_task(fixture: &Fixture) {
    for runtime in runtimes() {
        let users = open(fixture);
        assert!(users.get_user("user_x").is_err(), "it has connections");
        runtime.block_on(async {
            drop(users);
        });
        let users = open(fixture);
        assert!(users.get_user("user_x").is_err());
        runtime.block_on(async { users.close() });
    }
}

/// The one connection to a database in memory.
#[test]
fn a_database_in_memory_is_as_others_are() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new(Backend::SqliteMemory, folder.path());
    let users = UserManagement::open(database.url(), support::cheap()).unwrap();
    for runtime in runtimes() {
        runtime.block_on(async {
            assert_refused(UserManagement::open(":memory:", support::cheap()));
            assert_refused(users.get_user("user_x"));
            users.close();
        });
    }
    let error = users.get_user("user_x").unwrap_err();
    assert_eq!(error.code(), Code::UserNotFound);
}
