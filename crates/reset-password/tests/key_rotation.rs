//! Replacing the secret key: two at once, and cut off anywhere.

mod support;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Barrier, thread};

use reset_password::{Code, Options, blocking::UserManagement};
use support::{NEW, cheap, text, user, write_private};
use tempfile::TempDir;

/// A database, and the folder of a machine that uses it: its key file has a folder of its own.
struct Machine {
    database: String,
    folder: TempDir,
}

impl Machine {
    fn first() -> (TempDir, Self) {
        let shared = tempfile::tempdir().unwrap();
        let machine = Self {
            database: support::url(shared.path()),
            folder: tempfile::tempdir().unwrap(),
        };
        write_private(
            &machine.key_file(),
            &format!("{}\n", "1f".repeat(31) + "22"),
        );
        (shared, machine)
    }

    /// Another one with the same files.
    fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in fs::read_dir(self.folder.path()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        Self {
            database: self.database.clone(),
            folder,
        }
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn try_open(&self) -> Result<UserManagement, reset_password::Error> {
        let options = Options {
            key_file: Some(self.key_file()),
            ..cheap()
        };
        UserManagement::open(&self.database, options)
    }

    fn open(&self) -> UserManagement {
        self.try_open().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The names of the files of keys that are there.
    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            // How far the audit trail had come.
            .filter(|name| !name.starts_with("key.trail-"))
            .collect();
        names.sort();
        names
    }
}

/// A link that is out.
fn link(users: &UserManagement, email: &str) -> String {
    users.create_user(user(email)).unwrap();
    text(
        &users
            .create_password_reset(email)
            .unwrap()
            .password_reset_token,
    )
    .to_owned()
}

#[test]
fn of_two_rotations_on_two_machines_one_wins() {
    for _ in 0..if support::long() { 200 } else { 20 } {
        let (_shared, one) = Machine::first();
        let token = link(&one.open(), "ada@example.com");
        let machines = [one.copy(), one];
        let start = Barrier::new(2);
        let outcomes = thread::scope(|scope| {
            let rotations = machines.each_ref().map(|machine| {
                let (users, start) = (machine.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    users.rotate_key()
                })
            });
            rotations.map(|rotation| rotation.join().unwrap())
        });
        let winner = outcomes.iter().position(Result::is_ok).unwrap();
        let (winner, loser) = (&machines[winner], &machines[1 - winner]);
        let refused = outcomes.iter().find_map(|outcome| outcome.as_ref().err());
        let refused = refused.expect("one must fail");
        assert_eq!(refused.code(), Code::ConfigInvalid);
        assert!(refused.message().contains("that key"), "{refused}");
        assert_eq!(loser.names(), ["key"], "the loser's files are as they were");
        assert_eq!(loser.try_open().err().unwrap().code(), Code::ConfigInvalid);
        assert_eq!(winner.names(), ["key", "key.previous"]);
        winner.open().reset_password(&token, NEW).unwrap();
    }
}

#[test]
fn rotations_on_one_machine_leave_the_key_that_the_database_names() {
    for _ in 0..if support::long() { 200 } else { 20 } {
        let (_shared, machine) = Machine::first();
        let token = link(&machine.open(), "ada@example.com");
        let start = Barrier::new(3);
        thread::scope(|scope| {
            for _ in 0..3 {
                let (users, start) = (machine.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    if let Err(error) = users.rotate_key() {
                        assert_eq!(error.code(), Code::ConfigInvalid, "{error}");
                    }
                });
            }
        });
        machine.open().reset_password(&token, NEW).unwrap();
    }
}

#[test]
fn a_rotation_may_be_cut_off_anywhere() {
    // What is in the files, at each moment after the database named the new key.
    for moment in 0..4 {
        let (_shared, machine) = Machine::first();
        let users = machine.open();
        let token = link(&users, "ada@example.com");
        let old = machine.read("key");
        let next = format!("key.next-{}", users.rotate_key().unwrap());
        let new = machine.read("key");
        users.close();
        let moments: [&[(&str, &str)]; 4] = [
            &[("key", &old), (&next, &new)],
            &[("key", &old), ("key.previous", &old), (&next, &new)],
            &[("key", &new), ("key.previous", &old), (&next, &new)],
            &[("key", &new), ("key.previous", &old)],
        ];
        let cut_off = Machine {
            database: machine.database.clone(),
            folder: tempfile::tempdir().unwrap(),
        };
        for (name, content) in moments[moment] {
            write_private(&cut_off.folder.path().join(name), content);
        }
        let users = cut_off.open();
        users.reset_password(&token, NEW).unwrap();
        // The next one ends what the one before began, and loses no key that is in use.
        let another = link(&users, "bob@example.com");
        users.rotate_key().unwrap();
        users.close();
        assert_eq!(cut_off.names(), ["key", "key.previous"]);
        assert!(cut_off.read("key.previous").contains(new.trim()));
        let users = cut_off.open();
        users.reset_password(&another, NEW).unwrap();
        users.close();
        // The key of before does not come back.
        let options = Options {
            key: Some(new.trim().into()),
            previous_keys: vec![cut_off.read("key").trim().into()],
            ..cheap()
        };
        let error = UserManagement::open(&machine.database, options)
            .err()
            .unwrap();
        assert!(error.message().contains("was replaced by"), "{error}");
    }
}

/// Handles that are open, on the machine where it is done and on another one that gets the files later.
#[test]
fn a_handle_that_is_open_goes_on_with_the_new_key() {
    let (_shared, one) = Machine::first();
    let two = one.copy();
    let (here, beside, there) = (one.open(), one.open(), two.open());
    let before = link(&here, "ada@example.com");
    here.rotate_key().unwrap();
    let made = link(&here, "bob@example.com");
    // It learns by what it writes; an unknown token alone has it look once in ten seconds.
    let another = link(&beside, "eve@example.com");
    beside.reset_password(&made, NEW).unwrap();
    let error = there.reset_password(&before, NEW).unwrap_err();
    assert_eq!(error.code(), Code::ConfigInvalid, "{error}");
    for name in one.names() {
        write_private(&two.folder.path().join(&name), &one.read(&name));
    }
    there.reset_password(&before, NEW).unwrap();
    there.reset_password(&another, NEW).unwrap();
    for users in [&here, &beside, &there] {
        assert!(users.verify_audit().unwrap().is_whole());
    }
}

#[test]
fn before_the_database_names_it_a_new_key_is_nothing() {
    let new = "2e".repeat(31) + "11";
    let (_shared, machine) = Machine::first();
    let users = machine.open();
    let token = link(&users, "ada@example.com");
    write_private(
        &machine.folder.path().join("key.next-0123456789abcdef"),
        &new,
    );
    machine.open().reset_password(&token, NEW).unwrap();
    machine.open().rotate_key().unwrap();
    machine.open();
}

#[test]
fn sec96_key_files_are_closed_to_others() {
    let (_shared, machine) = Machine::first();
    machine.open().rotate_key().unwrap();
    for name in ["key", "key.previous"] {
        let path = machine.folder.path().join(name);
        for (mode, is_closed) in [
            (0o644, false),
            (0o660, false),
            (0o602, false),
            (0o640, true),
            (0o400, true),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let opened = machine.try_open();
            assert_eq!(opened.is_ok(), is_closed, "{name} {mode:o}");
            if let Err(error) = opened {
                assert_eq!(error.code(), Code::ConfigInvalid);
                let sentence = error.message();
                assert!(
                    sentence.contains(path.to_str().unwrap()) && sentence.contains("chmod"),
                    "{error}"
                );
            }
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}
