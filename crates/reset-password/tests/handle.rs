//! Opening a database: its file, its key, its options.

mod support;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use reset_password::{
    Code, ListUsers, Options, Order, UpdateUser,
    blocking::UserManagement,
    doctor::{Status, diagnose},
};
use support::{NEW, OLD, cheap, text, url, user, user_with, write_private};

fn refusal(url: &str, options: Options) -> reset_password::Error {
    match UserManagement::open(url, options) {
        Err(error) => error,
        Ok(_) => panic!("it opened"),
    }
}

#[test]
fn the_key_file_is_made_once_and_then_needed() {
    let folder = tempfile::tempdir().unwrap();
    let (url, key) = (url(folder.path()), folder.path().join("app.db.key"));
    drop(UserManagement::open(&url, cheap()).unwrap());
    let text = fs::read_to_string(&key).unwrap();
    assert_eq!((text.len(), text.ends_with('\n')), (65, true));
    assert_eq!(
        fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    drop(UserManagement::open(&url, cheap()).unwrap());
    assert_eq!(fs::read_to_string(&key).unwrap(), text);

    fs::remove_file(&key).unwrap();
    let error = refusal(&url, cheap());
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert!(error.message().contains(key.to_str().unwrap()), "{error}");
    assert!(!key.exists(), "a new key was made for an old database");

    write_private(&key, &("5a".repeat(31) + "11\n"));
    let error = refusal(&url, cheap());
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert!(error.message().contains("previous_keys"), "{error}");
    fs::write(&key, &text).unwrap();
    drop(UserManagement::open(&url, cheap()).unwrap());
}

/// What begins as a key file and goes on beyond what is read is no key file.
#[test]
fn a_file_that_is_too_long_is_no_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let (url, key) = (url(folder.path()), folder.path().join("app.db.key"));
    drop(UserManagement::open(&url, cheap()).unwrap());
    let text = fs::read_to_string(&key).unwrap();
    for file in ["app.db.key", "app.db.key.previous"] {
        let file = folder.path().join(file);
        let before = fs::read_to_string(&file).ok();
        write_private(&file, &format!("{text}{}more", "\n".repeat(1_000)));
        let error = refusal(&url, cheap());
        assert_eq!(error.code(), Code::ConfigInvalid);
        assert!(error.message().contains("1024 octets"), "{error}");
        match before {
            Some(before) => fs::write(&file, before).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
    }
    drop(UserManagement::open(&url, cheap()).unwrap());
}

#[test]
fn a_rotated_key_leaves_live_links_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = url(folder.path());
    let users = UserManagement::open(&url, cheap()).unwrap();
    users.create_user(user("ada@example.com")).unwrap();
    let reset = users.create_password_reset("ada@example.com").unwrap();
    let before = fs::read_to_string(folder.path().join("app.db.key")).unwrap();
    users.rotate_key().unwrap();
    users.close();
    let after = fs::read_to_string(folder.path().join("app.db.key")).unwrap();
    assert_ne!(before, after);
    assert_eq!(
        fs::read_to_string(folder.path().join("app.db.key.previous")).unwrap(),
        before
    );
    let users = UserManagement::open(&url, cheap()).unwrap();
    users
        .reset_password(text(&reset.password_reset_token), NEW)
        .unwrap();
    for _ in 0..5 {
        users.rotate_key().unwrap();
    }
    let previous = fs::read_to_string(folder.path().join("app.db.key.previous")).unwrap();
    assert_eq!(
        previous.lines().count(),
        1,
        "keys that no live link needs are dropped"
    );
    UserManagement::open(&url, cheap()).unwrap();
    let given = Options {
        key: Some(Into::into("1f".repeat(31) + "22")),
        ..cheap()
    };
    let memory = UserManagement::open(":memory:", given).unwrap();
    assert_eq!(memory.rotate_key().unwrap_err().code(), Code::ConfigInvalid);
}

#[test]
fn bad_options_are_refused_with_their_names() {
    let missing = PathBuf::from("/nonexistent/key");
    for (options, word) in [
        (
            Options {
                argon2_memory_kib: 19_455,
                ..cheap()
            },
            "argon2",
        ),
        (
            Options {
                password_min_length: 7,
                ..cheap()
            },
            "password_min_length",
        ),
        (
            Options {
                password_min_length: 65,
                ..cheap()
            },
            "password_min_length",
        ),
        (
            Options {
                token_lifetime: 0,
                ..cheap()
            },
            "token_lifetime",
        ),
        (
            Options {
                reset_url: Some("http://example.com".into()),
                ..cheap()
            },
            "reset_url",
        ),
        (
            Options {
                key: Some("00".repeat(32).into()),
                ..cheap()
            },
            "key",
        ),
        (
            Options {
                key: Some("1234".into()),
                ..cheap()
            },
            "key",
        ),
        (
            Options {
                previous_keys: vec!["zz".into()],
                ..cheap()
            },
            "previous_keys",
        ),
        (
            Options {
                key_file: Some(missing.clone()),
                ..cheap()
            },
            "/nonexistent/key",
        ),
        (
            Options {
                key: Some("1f".repeat(32).into()),
                key_file: Some(missing),
                ..cheap()
            },
            "key_file",
        ),
    ] {
        let error = refusal(":memory:", options);
        assert_eq!(error.code(), Code::ConfigInvalid);
        assert!(error.message().contains(word), "{word}: {error}");
    }
    let unknown = serde_json::from_str::<Options>(r#"{"token_lifetme": 5}"#).unwrap_err();
    assert!(unknown.to_string().contains("token_lifetme"));
    let read: Options = serde_json::from_str(r#"{"token_lifetime": 600, "key": "ab"}"#).unwrap();
    assert_eq!(read.token_lifetime, 600);
    assert!(!format!("{read:?}").contains("\"ab\""));
}

/// A server's key is the same on every node, so none is made.
#[test]
fn a_database_on_a_server_needs_a_key() {
    for url in ["postgres://x/y", "mysql://u@x/y"] {
        let error = refusal(url, cheap());
        assert_eq!(error.code(), Code::ConfigInvalid);
        assert!(error.message().contains("openssl rand -hex 32"), "{error}");
    }
}

#[test]
fn doctor_says_what_to_mend() {
    let folder = tempfile::tempdir().unwrap();
    let url = url(folder.path());
    let options = Options::default();
    let findings = diagnose(&url, &options);
    assert!(
        findings
            .iter()
            .any(|f| f.check == "database" && f.status == Status::Error)
    );
    assert!(
        !folder.path().join("app.db").exists(),
        "a look must not make a database"
    );

    UserManagement::open(&url, options.clone()).unwrap();
    let findings = diagnose(&url, &options);
    let status = |check: &str| {
        findings
            .iter()
            .filter(|f| f.check == check)
            .map(|f| f.status)
            .max()
    };
    for check in [
        "database",
        "permissions",
        "owner",
        "durability",
        "clock",
        "parameters",
    ] {
        assert_eq!(status(check), Some(Status::Ok), "{check}: {findings:?}");
    }
    assert_eq!(status("key"), Some(Status::Warning));
    assert_eq!(status("reset_url"), Some(Status::Warning));
    for finding in &findings {
        assert_eq!(
            finding.remedy.is_some(),
            finding.status != Status::Ok,
            "{finding:?}"
        );
    }

    fs::set_permissions(
        folder.path().join("app.db.key"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let findings = diagnose(
        &url,
        &Options {
            argon2_memory_kib: 1,
            ..options
        },
    );
    let status = |check: &str| {
        findings
            .iter()
            .filter(|f| f.check == check)
            .map(|f| f.status)
            .max()
    };
    assert_eq!(status("permissions"), Some(Status::Error));
    assert_eq!(status("parameters"), Some(Status::Error));
}

#[test]
fn users_are_created_read_changed_and_deleted() {
    let users = UserManagement::open(":memory:", cheap()).unwrap();
    let mut create = user_with(" Ada@Example.com ", OLD);
    create.external_id = Some("crm-1".into());
    create.email_verified = true;
    create.metadata = [("plan".to_owned(), "pro".to_owned())].into();
    let ada = users.create_user(create.clone()).unwrap();
    assert!(ada.id.starts_with("user_") && ada.id.len() == 31);
    assert_eq!(ada.email, "Ada@Example.com");
    assert_eq!(users.get_user(&ada.id).unwrap(), ada);
    assert_eq!(users.get_user_by_email("ADA@EXAMPLE.COM").unwrap(), ada);
    assert_eq!(users.get_user_by_external_id("crm-1").unwrap(), ada);
    for (error, code) in [
        (
            users.create_user(user("ada@example.com")).unwrap_err(),
            Code::EmailNotAvailable,
        ),
        (users.get_user("user_x").unwrap_err(), Code::UserNotFound),
        (
            users.get_user_by_email("eve@example.com").unwrap_err(),
            Code::UserNotFound,
        ),
        (
            users.get_user_by_email("eve").unwrap_err(),
            Code::InputInvalid,
        ),
        (users.delete_user("user_x").unwrap_err(), Code::UserNotFound),
        (
            users.create_password_reset("eve@example.com").unwrap_err(),
            Code::UserNotFound,
        ),
        (
            users.revoke_password_resets(Some("user_x")).unwrap_err(),
            Code::UserNotFound,
        ),
        (
            users.check_password(NEW, Some("user_x")).unwrap_err(),
            Code::UserNotFound,
        ),
        (
            users.events(Some("event_x"), 10).unwrap_err(),
            Code::InputInvalid,
        ),
        (users.events(None, 0).unwrap_err(), Code::InputInvalid),
    ] {
        assert_eq!(error.code(), code);
    }
    create.email = "bob@example.com".into();
    let error = users.create_user(create).unwrap_err();
    assert_eq!(error.code(), Code::ExternalIdAlreadyUsed);
}

#[test]
fn a_change_sets_clears_and_verifies() {
    let users = UserManagement::open(":memory:", cheap()).unwrap();
    let mut create = user_with("Ada@Example.com", OLD);
    create.external_id = Some("crm-1".into());
    create.email_verified = true;
    let ada = users.create_user(create).unwrap();
    let change = |change: UpdateUser| users.update_user(&ada.id, change);
    let both = UpdateUser {
        password: Some(NEW.into()),
        password_hash: Some("$2b$".into()),
        ..UpdateUser::default()
    };
    assert_eq!(
        change(both).unwrap_err().code(),
        Code::PasswordAndPasswordHashProvided
    );
    let unverify = UpdateUser {
        email_verified: Some(false),
        ..UpdateUser::default()
    };
    assert_eq!(
        change(unverify).unwrap_err().code(),
        Code::EmailAlreadyVerified
    );
    let long = UpdateUser {
        name: Some("x".repeat(257)),
        ..UpdateUser::default()
    };
    assert_eq!(change(long).unwrap_err().errors()[0].field, Some("name"));
    let set = UpdateUser {
        name: Some("Ada L".into()),
        locale: Some("de-AT".into()),
        metadata: Some([("k".to_owned(), "v".to_owned())].into()),
        ..UpdateUser::default()
    };
    let set = change(set).unwrap();
    assert_eq!(
        (set.name.as_deref(), set.locale.as_deref()),
        (Some("Ada L"), Some("de-AT"))
    );
    assert!(set.email_verified && set.metadata.len() == 1 && set.external_id.is_some());
    let clear = UpdateUser {
        name: Some(String::new()),
        external_id: Some(String::new()),
        metadata: Some([].into()),
        ..UpdateUser::default()
    };
    let cleared = change(clear).unwrap();
    assert!(cleared.name.is_none() && cleared.external_id.is_none() && cleared.metadata.is_empty());
    let spelling = UpdateUser {
        email: Some("ada@example.com".into()),
        ..UpdateUser::default()
    };
    assert!(
        change(spelling).unwrap().email_verified,
        "the same address, spelt otherwise"
    );
    let moved = UpdateUser {
        email: Some("ada@example.net".into()),
        ..UpdateUser::default()
    };
    assert!(!change(moved).unwrap().email_verified);
    let verified = UpdateUser {
        email: Some("ada@example.org".into()),
        email_verified: Some(true),
        ..UpdateUser::default()
    };
    assert!(change(verified).unwrap().email_verified);
    users.delete_user(&ada.id).unwrap();
    let feed = users.events(None, 100).unwrap();
    let names: Vec<_> = feed.data.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(names.first(), Some(&"user.created"));
    assert_eq!(names.last(), Some(&"user.deleted"));
    assert_eq!(
        names.iter().filter(|name| **name == "user.updated").count(),
        5
    );
}

#[test]
fn lists_have_pages_in_both_directions() {
    let users = UserManagement::open(":memory:", cheap()).unwrap();
    let mut ids = Vec::new();
    for n in 0..25 {
        ids.push(
            users
                .create_user(user(&format!("u{n}@example.com")))
                .unwrap()
                .id,
        );
    }
    let page = |after: Option<String>, before: Option<String>, order| {
        let list = ListUsers {
            limit: Some(10),
            after,
            before,
            order,
            ..ListUsers::default()
        };
        let list = users.list_users(list).unwrap();
        (
            list.data
                .into_iter()
                .map(|user| user.id)
                .collect::<Vec<_>>(),
            list.list_metadata,
        )
    };
    let (first, cursors) = page(None, None, Order::Asc);
    assert_eq!(first, ids[..10]);
    assert_eq!(cursors.before, None);
    let (second, cursors) = page(cursors.after, None, Order::Asc);
    assert_eq!(second, ids[10..20]);
    let (third, end) = page(cursors.after, None, Order::Asc);
    assert_eq!((third.as_slice(), end.after), (&ids[20..], None));
    let (back, start) = page(None, cursors.before, Order::Asc);
    assert_eq!((back, start.before), (first, None));
    let (newest, _) = page(None, None, Order::Desc);
    assert_eq!(newest[0], ids[24]);
    let by_email = ListUsers {
        email: Some("U3@example.com".into()),
        ..ListUsers::default()
    };
    assert_eq!(users.list_users(by_email).unwrap().data[0].id, ids[3]);
    for bad in [
        ListUsers {
            limit: Some(0),
            ..ListUsers::default()
        },
        ListUsers {
            limit: Some(101),
            ..ListUsers::default()
        },
        ListUsers {
            after: Some("user_x".into()),
            ..ListUsers::default()
        },
        ListUsers {
            after: Some(ids[0].clone()),
            before: Some(ids[1].clone()),
            ..ListUsers::default()
        },
    ] {
        assert_eq!(
            users.list_users(bad).unwrap_err().code(),
            Code::InputInvalid
        );
    }
}

#[test]
fn a_check_sets_nothing_and_names_every_reason() {
    let users = UserManagement::open(":memory:", cheap()).unwrap();
    let ada = users.create_user(user("ada.lovelace@example.com")).unwrap();
    let check = users
        .check_password("ada.lovelace@example.com", Some(&ada.id))
        .unwrap();
    assert_eq!(check.errors[0].code, "password_too_similar");
    assert!(
        users
            .check_password("ada.lovelace@example.com", None)
            .unwrap()
            .acceptable
    );
    let check = users.check_password("password", None).unwrap();
    let codes: Vec<_> = check
        .errors
        .iter()
        .map(|error| error.code.as_ref())
        .collect();
    assert_eq!(codes, ["password_too_short", "password_too_common"]);
    assert!(users.check_password(NEW, Some(&ada.id)).unwrap().acceptable);
    assert_eq!(users.hashes_started(), 0);
}
