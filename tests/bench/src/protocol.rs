//! What every Rust contender shares: one JSON request a line in, one JSON answer a line out.

use std::{
    error::Error,
    io::{self, BufRead, Write},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One measured operation.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Request {
    Check {
        password: String,
    },
    Crowd {
        connections: usize,
        password: String,
    },
    Flood {
        connections: usize,
        count: usize,
    },
    Hash {
        password: String,
        salt: String,
    },
    Memory,
    Refuse {
        count: u32,
    },
    Reset {
        password: String,
    },
    Restart,
    Revoke {
        callers: usize,
        count: u32,
    },
    Throughput {
        callers: usize,
        resets: u32,
        password: String,
    },
}

/// Anything that went wrong; the orchestrator prints it and stops the run.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Answers requests with durations that it measured itself.
pub trait Contender {
    /// What is measured, by name and version.
    fn versions(&self) -> Map<String, Value>;

    /// Does what is asked, once.
    fn run(&mut self, request: Request) -> Outcome<Value>;
}

/// Greets with the versions measured, then answers requests until standard input ends.
pub fn serve(contender: &mut impl Contender) -> Outcome<()> {
    let mut output = io::stdout().lock();
    let mut answer = move |record: Value| -> io::Result<()> {
        writeln!(output, "{record}")?;
        output.flush()
    };
    answer(json!({ "versions": contender.versions() }))?;
    for line in io::stdin().lock().lines() {
        let request = serde_json::from_str(&line?)?;
        let record = contender
            .run(request)
            .unwrap_or_else(|error| json!({ "error": error.to_string() }));
        answer(record)?;
    }
    Ok(())
}

/// Runs `work` once and answers its own duration with its result.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// A duration as the protocol writes it.
pub fn ns(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The answer to a request that a contender does not take.
pub fn unknown<T>() -> Outcome<T> {
    Err("this contender does not do that operation".into())
}
