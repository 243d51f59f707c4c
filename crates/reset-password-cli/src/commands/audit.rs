//! `audit`: the trail of every change.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use reset_password::{AuditFault, AuditVerdict, CheckpointState, Error, blocking::UserManagement};
use serde::Deserialize;

use crate::{arguments::Global, exit::Exit, failure::Failure};

/// Shown by `audit --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password audit verify
  reset-password audit export
";

/// Records that are read at once.
const BATCH: u32 = 1_000;

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Print the trail, one JSON document a line, for another system to keep
    Export(Export),
    /// Tell whether every record is there and as it was written
    Verify(Verify),
}

/// Verifies the trail.
#[derive(Debug, Args)]
#[command(after_help = "\
Each record is held against the one before it, and the trail's beginning and end against the marks \
that were signed under the secret key; where --key-file names a file, also against the mark of the \
trail that is kept beside it. With --against every record of an export must be there still, or be \
older than all that are. The exit code is 1 if anything is wrong; the first record that is altered \
or missing is named by its number.

Example:
  reset-password audit verify
  reset-password audit export > audit.jsonl
  reset-password audit verify --against audit.jsonl
")]
pub struct Verify {
    /// Hold it also against this file, which `audit export` made
    #[arg(long, value_name = "EXPORT")]
    against: Option<PathBuf>,
}

/// Prints the trail.
#[derive(Debug, Args)]
#[command(after_help = "\
Records have numbers that go up by one. The last number of an export, given as --after, is where the \
next one begins. What was exported cannot be changed by whoever can write to the database.

Example:
  reset-password audit export > audit.jsonl
  reset-password audit export --after 1000 >> audit.jsonl
")]
pub struct Export {
    /// Begin after the record with this number
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    after: Option<i64>,
}

impl Audit {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Export(export) => export.run(global),
            Self::Verify(verify) => verify.run(global),
        }
    }
}

impl Export {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let mut after = self.after.unwrap_or(i64::MIN);
        loop {
            let records = handle.audit(after, BATCH)?;
            let Some(last) = records.last() else { break };
            after = last.sequence;
            for record in &records {
                let line = serde_json::to_string(record).map_err(Error::internal)?;
                writeln!(stdout, "{line}").map_err(Failure::Output)?;
            }
        }
        handle.close();
        stdout.flush().map_err(Failure::Output)?;
        Ok(Exit::Done)
    }
}

impl Verify {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let mut verdict = handle.verify_audit()?;
        if let Some(export) = self.against.as_deref().filter(|_| verdict.is_whole())
            && let Some(sequence) = missing_of(export, &handle)?
        {
            verdict.fail(sequence, AuditFault::RolledBack);
        }
        handle.close();
        global
            .output()
            .show(&verdict, |text| text.line(sentence(&verdict)))?;
        Ok(if verdict.is_whole() {
            Exit::Done
        } else {
            Exit::Refused
        })
    }
}

/// What an export says of a record.
#[derive(Deserialize)]
struct Exported {
    sequence: i64,
    chain: Option<String>,
}

/// The first record of an export that is not in the trail as it was, though it is not older than all that are.
fn missing_of(export: &Path, handle: &UserManagement) -> Result<Option<i64>, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| {
        let message = format!(
            "against: {} cannot be read: {why}; give a file that `reset-password audit export` made",
            export.display()
        );
        Error::field("against", "unreadable", message)
    };
    let file = File::open(export).map_err(|error| unreadable(&error))?;
    let oldest = handle
        .audit(i64::MIN, 1)?
        .first()
        .map(|record| record.sequence);
    let mut page = Vec::new().into_iter().peekable();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|error| unreadable(&error))?;
        let exported: Exported = serde_json::from_str(&line).map_err(|_| {
            unreadable(&format_args!(
                "line {} is no record of an export",
                number + 1
            ))
        })?;
        let place = exported.sequence;
        if oldest.is_some_and(|oldest| place < oldest) {
            continue;
        }
        while page.next_if(|(sequence, _)| *sequence < place).is_some() {}
        if page.peek().is_none() {
            let records = handle.audit(place.saturating_sub(1), BATCH)?;
            let records: Vec<_> = records
                .into_iter()
                .map(|record| (record.sequence, record.chain))
                .collect();
            page = records.into_iter().peekable();
        }
        if page.peek() != Some(&(place, exported.chain)) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn sentence(verdict: &AuditVerdict) -> String {
    let records = verdict.records;
    let number = verdict.first_bad.unwrap_or_default();
    match verdict.reason {
        None => format!("the trail is whole: {records} records"),
        Some(AuditFault::Altered) => format!("record {number} was altered"),
        Some(AuditFault::Checkpoint) => marks(verdict),
        Some(AuditFault::Missing) => format!("record {number} is missing"),
        Some(AuditFault::Rewritten) => format!(
            "record {number} is not the one that was signed: it, or one before it, was written anew"
        ),
        Some(AuditFault::RolledBack) => format!(
            "record {number}, which was seen before, is not there: the trail was put back to an earlier state, \
             or begun anew"
        ),
        Some(AuditFault::Unsigned) => {
            format!("record {number} was not written by the engine")
        }
    }
}

fn marks(verdict: &AuditVerdict) -> String {
    let (name, mark) = match (verdict.anchor, verdict.head) {
        (CheckpointState::Signed, head) => ("end", head),
        (anchor, _) => ("beginning", anchor),
    };
    let what = match mark {
        CheckpointState::Forged => "is not as it was signed",
        CheckpointState::Missing => "is missing",
        CheckpointState::NotBegun => "was taken back",
        CheckpointState::Signed => "is signed",
        CheckpointState::UnknownKey => "is signed under none of the keys given",
    };
    format!("the mark of the trail's {name} {what}")
}
