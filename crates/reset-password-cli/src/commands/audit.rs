//! `audit`: the trail of every change.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use reset_password::{AuditFault, AuditVerdict, CheckpointState, Error};

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
    #[command(after_help = "\
Each record is held against the one before it, and the trail's beginning and end against the marks \
that were signed under the secret key. The exit code is 1 if anything is wrong; the first record \
that is altered or missing is named by its number.

Example:
  reset-password audit verify
  reset-password audit verify --json
")]
    Verify,
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
            Self::Verify => verify(global),
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

fn verify(global: &Global) -> Result<Exit, Failure> {
    let handle = global.open()?;
    let verdict = handle.verify_audit()?;
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

fn sentence(verdict: &AuditVerdict) -> String {
    let AuditVerdict {
        records, unchained, ..
    } = verdict;
    let number = verdict.first_bad.unwrap_or_default();
    match verdict.reason {
        None if *unchained == 0 => format!("the trail is whole: {records} records"),
        None => format!(
            "the trail is whole: {records} records, and {unchained} from before it began, which \
             nothing vouches for"
        ),
        Some(AuditFault::Altered) => format!("record {number} was altered"),
        Some(AuditFault::Checkpoint) => marks(verdict),
        Some(AuditFault::Missing) => format!("record {number} is missing"),
        Some(AuditFault::Rewritten) => format!(
            "record {number} is not the one that was signed: it, or one before it, was written anew"
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
