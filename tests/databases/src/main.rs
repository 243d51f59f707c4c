//! Starts database servers for a test command, and makes databases on them.

#![forbid(unsafe_code)]

use std::{
    env,
    io::{self, Read, Write},
    process::ExitCode,
    time::Duration,
};

use reset_password_test_databases::{Kind, Proxy, Server, given, through};

/// How to use it.
const USAGE: &str = "\
Usage: reset-password-test-databases start KIND...
       reset-password-test-databases new KIND
       reset-password-test-databases proxy URL MICROSECONDS

start: Starts servers on free ports of 127.0.0.1, in folders of their own. Prints a line for a shell with the URL of
each one's superuser, and at last the line '# ready'. Ends the servers and removes the folders when its
standard input ends, or when it is ended itself in any way.

new: Makes a database on the server that was started so, and prints its URL.

proxy: Listens before the server of a URL, and makes each round trip to it take so much longer. Prints the URL through
it, and at last the line '# ready'. Ends when its standard input ends.

KIND is postgres14, postgres15, postgres18, mariadb10.11 or mariadb11.4; one PostgreSQL and one MariaDB at most.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        let _ = io::stdout().write_all(USAGE.as_bytes());
        return ExitCode::SUCCESS;
    }
    let done = match arguments.split_first() {
        Some((command, [kind])) if command == "new" => new_database(kind),
        Some((command, [url, added])) if command == "proxy" => delay(url, added),
        _ => kinds(&arguments).and_then(|kinds| serve(&kinds)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = write!(io::stderr(), "{error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The kinds that the arguments ask for.
fn kinds(arguments: &[String]) -> Result<Vec<Kind>, String> {
    let Some((command, names)) = arguments.split_first() else {
        return Err("a command is missing".to_owned());
    };
    if command != "start" || names.is_empty() {
        let usage = "the command is start with at least one kind, new with one, or proxy with two arguments";
        return Err(usage.to_owned());
    }
    let mut kinds: Vec<Kind> = Vec::new();
    for name in names {
        let kind: Kind = name.parse()?;
        if kinds.iter().any(|other| other.family() == kind.family()) {
            return Err(format!(
                "{kind} is a second server in {}",
                kind.family().variable()
            ));
        }
        kinds.push(kind);
    }
    Ok(kinds)
}

/// Starts the servers, and keeps them until the input ends.
fn serve(kinds: &[Kind]) -> Result<(), String> {
    let mut servers = Vec::new();
    for kind in kinds {
        let server = Server::start(*kind);
        say(&format!(
            "export {}={}",
            kind.family().variable(),
            server.url("")
        ))?;
        servers.push(server);
    }
    say("# ready")?;
    wait_for_the_end();
    Ok(())
}

/// Stands before a server, and delays each round trip, until the input ends.
fn delay(url: &str, added: &str) -> Result<(), String> {
    let added: u64 = added
        .parse()
        .map_err(|_| "the microseconds are no number".to_owned())?;
    let proxy = Proxy::before(Server::running(url).address());
    proxy.lengthen_round_trips(Duration::from_micros(added));
    say(&through(url, proxy.address()))?;
    say("# ready")?;
    wait_for_the_end();
    Ok(())
}

/// Waits for the end of the standard input.
fn wait_for_the_end() {
    let mut input = io::stdin().lock();
    let mut bytes = [0; 64];
    while input.read(&mut bytes).is_ok_and(|count| count > 0) {}
}

/// Makes a database, which stays when this program ends.
fn new_database(kind: &str) -> Result<(), String> {
    let kind: Kind = kind.parse()?;
    let server = given(kind.family()).ok_or_else(|| {
        let variable = kind.family().variable();
        format!("{variable} names no server; start one first")
    })?;
    say(&server.new_database())
}

/// Prints a line at once.
fn say(line: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    let written = writeln!(output, "{line}").and_then(|()| output.flush());
    written.map_err(|error| format!("nobody reads the output: {error}"))
}
