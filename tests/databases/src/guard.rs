//! A process that ends a server and removes its folder, whatever becomes of the tests.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

use crate::{random, user};

/// What the guard runs.
const SCRIPT: &str = include_str!("guard.sh");

/// How many of the last lines of a server's log an error shows.
const SHOWN_LINES: usize = 40;

/// A folder, and the process that runs a server in it.
///
/// The process reads from a pipe whose other end is only here. When this value is dropped, or this whole
/// program ends in any way, it ends the server and removes the folder.
pub struct Guard {
    folder: PathBuf,
    process: Child,
    talk: Mutex<Option<Talk>>,
}

/// Both ends of the talk with the process.
struct Talk {
    words: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Guard {
    /// Makes the folder.
    pub fn new() -> Self {
        let name = format!("reset-password-database-{}", random::hex(8));
        let folder = env::temp_dir().join(name);
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "guard"]).arg(&folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        // What a terminal sends to its programs must not end it before the server.
        command.process_group(0);
        if let Some(user) = user::unprivileged() {
            command.uid(user).gid(user);
        }
        let mut process = command.spawn().expect("a shell can be started");
        let words = process.stdin.take().expect("its input is a pipe");
        let answers = process.stdout.take().expect("its output is a pipe");
        let mut talk = Talk {
            words,
            answers: BufReader::new(answers),
        };
        let word = talk.answer();
        assert_eq!(
            word,
            "ready",
            "a folder can be made in {}",
            env::temp_dir().display()
        );
        Self {
            folder,
            process,
            talk: Mutex::new(Some(talk)),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path in the folder, as a command takes it.
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.folder.join(name);
        fs::write(&path, content).expect("a file can be written into the server's folder");
        if let Some(user) = user::unprivileged() {
            chown(&path, Some(user), Some(user)).expect("root can give a file away");
        }
    }

    /// Runs a script of the folder to its end.
    pub fn run(&self, script: &str) -> Result<(), String> {
        match self.say(&format!("run {script}")).as_str() {
            "0" => Ok(()),
            status => Err(format!(
                "{script} ended with {status}:\n{}",
                self.last_of_log()
            )),
        }
    }

    /// Starts the server with a script of the folder, and tells its process id.
    pub fn start(&self, script: &str) -> u32 {
        let id = self.say(&format!("start {script}"));
        id.parse().expect("the guard answers with a process id")
    }

    /// Kills the server.
    pub fn kill(&self) {
        assert_eq!(self.say("kill"), "gone", "the guard killed the server");
    }

    /// From now on the server's files may not grow beyond so many bytes, or as they like.
    pub fn limit(&self, bytes: Option<u64>) {
        let bytes = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let word = self.say(&format!("limit {bytes}"));
        assert_eq!(word, "done", "the guard limited the server's files");
    }

    /// All that the server and the scripts have said.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The end of the log.
    pub fn last_of_log(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let skipped = lines.len().saturating_sub(SHOWN_LINES);
        lines
            .into_iter()
            .skip(skipped)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Says one thing, and waits for the answer.
    fn say(&self, line: &str) -> String {
        let mut talk = self
            .talk
            .lock()
            .expect("no thread failed while it talked to the guard");
        let talk = talk
            .as_mut()
            .expect("the guard is there until this value is dropped");
        writeln!(talk.words, "{line}").expect("the guard reads");
        talk.answer()
    }
}

impl Talk {
    /// Reads one line.
    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the guard answers in lines");
        line.trim_end().to_owned()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        if let Ok(talk) = self.talk.get_mut() {
            talk.take();
        }
        let _ = self.process.wait();
    }
}

/// Whether a process that the guard started has ended.
pub fn has_ended(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat"));
    // The state follows the name, which is in parentheses; Z is one that has ended and was not waited for.
    status.map_or(true, |status| {
        status
            .rsplit(") ")
            .next()
            .is_none_or(|rest| rest.starts_with('Z'))
    })
}

/// A script that becomes a program with these arguments.
pub fn script(program: &Path, arguments: &[String]) -> String {
    let mut words = vec![quoted(&program.display().to_string())];
    words.extend(arguments.iter().map(|argument| quoted(argument)));
    format!("exec {}\n", words.join(" "))
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
