//! The questions that are asked on a terminal, on a terminal of the test's own.

use std::{
    fs::File,
    io::{Read, Write},
    os::{fd::OwnedFd, unix::process::ExitStatusExt},
    process::{Child, Command, ExitStatus},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
};

use crate::fixture::{EMAIL, Fixture, NEW_PASSWORD, PASSWORD};

/// A terminal, and the command that runs on it.
struct Session {
    keys: File,
    child: Child,
    screen: String,
}

impl Session {
    /// `setsid --ctty` makes the terminal the command's own. What is started in a shell's background is told to
    /// ignore Ctrl-C; here it must not.
    fn begin(fixture: &Fixture, arguments: &[&str]) -> Self {
        let keys: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let line = File::options().read(true).write(true).open(name).unwrap();
        let command = fixture.command(arguments);
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", "env", "--default-signal=INT"])
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(fixture.path())
            .stdin(line.try_clone().unwrap())
            .stdout(line.try_clone().unwrap())
            .stderr(line)
            .spawn()
            .unwrap();
        Self {
            keys: keys.into(),
            child,
            screen: String::new(),
        }
    }

    /// Waits until the screen shows the text. The terminal cannot be read once the command is gone.
    fn wait_for(&mut self, text: &str) {
        let mut buffer = [0; 1024];
        while !self.screen.contains(text) {
            let read = self.keys.read(&mut buffer);
            let read =
                read.unwrap_or_else(|error| panic!("{error}; {text:?} not in {}", self.screen));
            self.screen
                .push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    }

    /// Types after the question has come up.
    fn answer(&mut self, question: &str, keys: &str) {
        self.wait_for(question);
        self.screen.clear();
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.keys).unwrap().local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    /// The exit status, and all that the screen showed since the last question.
    fn end(mut self, last: &str) -> (ExitStatus, String) {
        self.wait_for(last);
        let status = self.child.wait().unwrap();
        assert!(self.echoes(), "the terminal is as it was");
        (status, self.screen)
    }
}

#[test]
fn a_password_is_asked_for_and_not_shown() {
    let fixture = Fixture::new();
    fixture.create_user();
    let mut session = Session::begin(&fixture, &["user", "authenticate", EMAIL]);
    session.wait_for("password: ");
    assert!(!session.echoes());
    session.answer("password: ", &format!("{PASSWORD}\r"));
    let (status, screen) = session.end("updated_at");
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(!screen.contains(PASSWORD), "{screen}");
}

#[test]
fn a_new_password_is_asked_for_twice() {
    let fixture = Fixture::new();
    let create = ["user", "create", EMAIL, "--password-prompt"];
    let mut session = Session::begin(&fixture, &create);
    session.answer("new password: ", &format!("{PASSWORD}\r"));
    session.answer("the same again: ", "something else\r");
    let (status, screen) = session.end("hint: ");
    assert_eq!(status.code(), Some(2), "{screen}");
    assert!(screen.contains("the two are not the same"), "{screen}");
    assert_eq!(fixture.text(&["user", "list"], ""), "no users\n");

    let mut session = Session::begin(&fixture, &create);
    session.answer("new password: ", &format!("x\u{7f}{PASSWORD}\r"));
    session.answer("the same again: ", &format!("{PASSWORD}\r"));
    let (status, screen) = session.end("updated_at");
    assert_eq!(status.code(), Some(0), "{screen}");
    fixture.text(&["user", "authenticate", EMAIL], PASSWORD);
}

#[test]
fn a_token_and_a_new_password_are_asked_for() {
    let fixture = Fixture::new();
    fixture.create_user();
    let token = fixture.token();
    let mut session = Session::begin(&fixture, &["reset", "confirm"]);
    session.answer("token: ", &format!("{token}\r"));
    session.answer("new password: ", &format!("{NEW_PASSWORD}\r"));
    session.answer("the same again: ", &format!("{NEW_PASSWORD}\r"));
    let (status, screen) = session.end("updated_at");
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        !screen.contains(&token) && !screen.contains(NEW_PASSWORD),
        "{screen}"
    );
    fixture.text(&["user", "authenticate", EMAIL], NEW_PASSWORD);
}

#[test]
fn ctrl_c_ends_the_command_and_leaves_the_terminal_as_it_was() {
    let fixture = Fixture::new();
    fixture.create_user();
    let mut session = Session::begin(&fixture, &["user", "authenticate", EMAIL]);
    session.answer("password: ", "half a pass\u{3}");
    let (status, screen) = session.end("\n");
    assert_eq!(status.signal(), Some(2), "{screen}");
    assert!(!screen.contains("half"), "{screen}");
}

#[test]
fn nothing_is_deleted_without_a_yes() {
    let fixture = Fixture::new();
    fixture.create_user();
    let mut session = Session::begin(&fixture, &["user", "delete", EMAIL]);
    session.answer("? [y/N] ", "\r");
    let (status, screen) = session.end("nothing was deleted");
    assert_eq!(status.code(), Some(1), "{screen}");
    fixture.text(&["user", "get", EMAIL], "");

    let mut session = Session::begin(&fixture, &["user", "delete", EMAIL]);
    session.answer("? [y/N] ", "y\r");
    let (status, screen) = session.end("deleted user_");
    assert_eq!(status.code(), Some(0), "{screen}");
    assert_eq!(fixture.text(&["user", "list"], ""), "no users\n");
}
