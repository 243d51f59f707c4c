//! The examples in Rust, each with an engine of its own.

use std::{fmt::Debug, time::Duration};

use reset_password::{
    Code, CreateUser, Error, ListUsers, MessageKind, Options, Scope, Timestamp, UpdateUser, User,
    blocking::UserManagement,
};
use secrecy::{ExposeSecret, SecretString};

/// What an example is given.
struct Given {
    user_management: UserManagement,
    id: String,
    token: String,
    new_password: String,
    typed: String,
    user: User,
    last_seen: Option<String>,
}

fn show(_: impl Debug) {}
fn enqueue(_: &str, _: &str) {}
fn end_sessions_before(_: &str, _: Option<Timestamp>) {}
#[expect(
    clippy::unnecessary_wraps,
    reason = "a mailer of the reader's may fail"
)]
fn send_mail(_: &str, _: MessageKind, _: Option<&SecretString>) -> Result<(), Error> {
    Ok(())
}

/// An example, which says whether it could be carried out.
type Example = fn(&Given) -> Result<(), Error>;

#[expect(
    clippy::unnecessary_wraps,
    unused_variables,
    reason = "an example shows what comes back, and does nothing with it"
)]
mod examples {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

/// An engine with a user, and what the example needs besides.
fn given(operation: &str, folder: &std::path::Path) -> Given {
    let options = Options {
        messages: true,
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    };
    let database = folder.join("app.db").display().to_string();
    let user_management = UserManagement::open(&database, options).unwrap();
    let made = CreateUser {
        email: "ada@example.com".into(),
        password: Some("a long walk by the sea".into()),
        external_id: Some("crm-1815".into()),
        ..CreateUser::default()
    };
    let user = user_management.create_user(made).unwrap();
    let reset = user_management.create_password_reset(&user.email).unwrap();
    let token = reset.password_reset_token.expose_secret().to_owned();
    let mut given = Given {
        id: user.id.clone(),
        token,
        new_password: "seven green boats at dusk".to_owned(),
        typed: user.email.clone(),
        last_seen: None,
        user,
        user_management,
    };
    let users = &given.user_management;
    match operation {
        "create_user" => users.delete_user(&given.id).unwrap(),
        "get_password_reset" => given.id = reset.id,
        "messages" | "message_sent" | "message_failed" => {
            users.request_password_reset(&given.user.email).unwrap();
            given.id = users.messages(1).unwrap().data.remove(0).id;
        }
        "report_change" => {
            let change = UpdateUser {
                password: Some("nine red kites over the hill".into()),
                ..UpdateUser::default()
            };
            users.update_user(&given.id, change).unwrap();
            let notice = users.messages(1).unwrap().data.remove(0);
            let token = notice.report_token.unwrap();
            token.expose_secret().clone_into(&mut given.token);
        }
        "rotate_api_key" | "revoke_api_key" => {
            given.id = users
                .create_api_key("app", &[Scope::ResetsConfirm], 90)
                .unwrap()
                .api_key
                .id;
        }
        _ => {}
    }
    given
}

#[test]
fn every_example_does_what_it_says() {
    let examples = examples::EXAMPLES;
    assert!(examples.len() > 25, "the examples are written otherwise");
    let here = tempfile::tempdir().unwrap();
    // One of them opens a database where it is.
    std::env::set_current_dir(here.path()).unwrap();
    for (operation, example) in examples {
        let folder = tempfile::tempdir().unwrap();
        let given = given(operation, folder.path());
        let done = example(&given);
        assert!(done.is_ok(), "{operation}: {done:?}");
    }
}
