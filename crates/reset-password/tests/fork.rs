//! Opened before a fork, used in parent and child.

mod support;

use std::process;

use fork::{Fork, fork, waitpid};
use reset_password::{Code, blocking::UserManagement};
use support::{NEW, OLD, Role, cheap, run_worker, text, url, user_with, worker_role};

/// Forking is done in worker processes of one thread each, as a host that forks would do it.
fn run(test: &str) {
    run_worker(test, "parent", "parent: done");
}

/// What a child answers with its exit status.
fn in_child(job: impl FnOnce() -> bool) -> i32 {
    match fork().unwrap() {
        Fork::Child => process::exit(i32::from(
            !std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).unwrap_or(false),
        )),
        Fork::Parent(pid) => waitpid(pid).unwrap(),
    }
}

#[test]
fn a_handle_works_in_parent_and_child() {
    run("forking_unused");
    run("forking_used");
    run("forking_memory");
}

#[test]
fn sec04_fork_distinct() {
    run("forking_many");
}

#[test]
fn forking_unused() {
    let Some(Role { folder, .. }) = worker_role() else {
        return;
    };
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    let child = in_child(|| story(&users, "child@example.com"));
    assert_eq!(child, 0);
    assert!(story(&users, "parent@example.com"));
    assert!(users.get_user_by_email("child@example.com").is_ok());
    println!("\nparent: done");
}

/// The parent has used its handle before, so the child inherits connections it must not touch, and
/// the parent may close its own while the child goes on.
#[test]
fn forking_used() {
    let Some(Role { folder, .. }) = worker_role() else {
        return;
    };
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    assert!(story(&users, "before@example.com"));
    let closed = folder.join("closed");
    let Fork::Parent(child) = fork().unwrap() else {
        assert!(story(&users, "child@example.com"));
        std::fs::write(folder.join("used"), "").unwrap();
        while !closed.exists() {
            std::thread::yield_now();
        }
        process::exit(i32::from(!story(&users, "child-after@example.com")));
    };
    assert!(story(&users, "parent@example.com"));
    while !folder.join("used").exists() {
        std::thread::yield_now();
    }
    users.close();
    drop(users);
    std::fs::write(&closed, "").unwrap();
    assert_eq!(waitpid(child).unwrap(), 0);
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    for email in ["before", "child", "parent", "child-after"] {
        let email = format!("{email}@example.com");
        assert!(
            users.authenticate_with_password(&email, NEW).is_ok(),
            "{email} was lost"
        );
    }
    println!("\nparent: done");
}

#[test]
fn forking_memory() {
    let Some(_) = worker_role() else { return };
    let users = UserManagement::open(":memory:", cheap()).unwrap();
    assert!(story(&users, "parent@example.com"));
    let child = in_child(|| {
        let error = users.get_user_by_email("parent@example.com").unwrap_err();
        error.code() == Code::ConfigInvalid && error.message().contains("fork")
    });
    assert_eq!(child, 0);
    assert!(story(&users, "parent2@example.com"));
    println!("\nparent: done");
}

#[test]
fn forking_many() {
    let Some(Role { folder, .. }) = worker_role() else {
        return;
    };
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    users
        .create_user(user_with("ada@example.com", OLD))
        .unwrap();
    let each = if support::long() { 1_000 } else { 100 };
    let children: Vec<_> = (0..8)
        .map(|n| match fork().unwrap() {
            Fork::Parent(pid) => pid,
            Fork::Child => {
                let tokens: Vec<String> = (0..each)
                    .map(|_| users.create_password_reset("ada@example.com").unwrap())
                    .map(|reset| text(&reset.password_reset_token).to_owned())
                    .collect();
                std::fs::write(folder.join(format!("tokens-{n}")), tokens.join("\n")).unwrap();
                process::exit(0)
            }
        })
        .collect();
    for child in children {
        assert_eq!(waitpid(child).unwrap(), 0);
    }
    let mut tokens: Vec<String> = (0..8)
        .flat_map(|n| {
            let text = std::fs::read_to_string(folder.join(format!("tokens-{n}"))).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 8 * each);
    println!("\nparent: done");
}

fn story(users: &UserManagement, email: &str) -> bool {
    users.create_user(user_with(email, OLD)).unwrap();
    let reset = users.create_password_reset(email).unwrap();
    users
        .reset_password(text(&reset.password_reset_token), NEW)
        .unwrap();
    users.authenticate_with_password(email, NEW).is_ok()
        && users.authenticate_with_password(email, OLD).is_err()
}
