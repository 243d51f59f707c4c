//! `reset-password serve` in a process of its own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    Cost,
    http::{self, Connection},
    protocol::{Outcome, timed},
};

/// How often a starting service is looked at.
const PAUSE: Duration = Duration::from_micros(250);

/// How to start it.
pub struct Launch {
    pub program: PathBuf,
    pub cost: Cost,
    pub database: PathBuf,
    pub log: PathBuf,
}

/// A running service, which ends with this value.
pub struct Process {
    child: Child,
    pub address: String,
}

impl Process {
    /// Starts a service, and tells how long it took to the first answer.
    pub fn start(launch: &Launch) -> Outcome<(Duration, Self)> {
        let (duration, process) = timed(|| {
            let mut process = Self {
                child: launch.spawn()?,
                address: String::new(),
            };
            process.address = process.wait_for_address(&launch.log)?;
            let health = http::request("GET", "/healthz", "", "");
            match Connection::to(&process.address)?.ask(&health)?.status {
                200 => Ok(process),
                status => Err(format!("/healthz answered {status}").into()),
            }
        });
        process.map(|process| (duration, process))
    }

    fn wait_for_address(&mut self, log: &Path) -> Outcome<String> {
        loop {
            let text = fs::read_to_string(log)?;
            if let Some(address) = text.lines().find_map(listening) {
                return Ok(address);
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("serve ended with {status}: {}", text.trim_end()).into());
            }
            pause();
        }
    }

    /// A field of `/proc/PID/status` in KiB.
    pub fn memory_kib(&self, field: &str) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        Ok(number
            .ok_or("the kernel does not tell the memory")?
            .parse()?)
    }

    /// Processor time used so far, in the kernel's ticks.
    pub fn ticks(&self) -> Outcome<u64> {
        ticks(&self.child.id().to_string())
    }

    /// Ends it as an operator would.
    pub fn stop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id())
            && let Some(pid) = Pid::from_raw(pid)
            && matches!(self.child.try_wait(), Ok(None))
        {
            let _ = kill_process(pid, Signal::TERM);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Launch {
    fn spawn(&self) -> Outcome<Child> {
        let child = Command::new(&self.program)
            // A setting of the caller's would be one of the service's.
            .env_clear()
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(["--max-connections-per-client", "4096"])
            .args(["--argon2-memory-kib", &self.cost.memory_kib.to_string()])
            .args(["--argon2-iterations", &self.cost.iterations.to_string()])
            .arg("--database")
            .arg(&self.database)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&self.log)?)
            .spawn()?;
        Ok(child)
    }
}

/// Processor time of a process, `self` among them, in the kernel's ticks.
pub fn ticks(process: &str) -> Outcome<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before it may hold anything.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    Ok(times.map(str::parse::<u64>).sum::<Result<_, _>>()?)
}

/// The address in the line that tells it.
fn listening(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    let address = line.get("address")?.as_str()?.split("://").nth(1)?;
    (line.get("message")? == "listening").then(|| address.to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the start of another process is waited for by sleeping"
)]
fn pause() {
    thread::sleep(PAUSE);
}
