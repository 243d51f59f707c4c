//! `doctor`: a look at the installation.

use reset_password::doctor::{self, Finding, Status};

use crate::{
    arguments::Global,
    exit::Exit,
    failure::Failure,
    output::{Page, Text},
};

/// Shown by `doctor --help`.
pub const AFTER_HELP: &str = "\
Looks at the database, its files' permissions and owner or the connection to its server, what the \
engine may do there, how it keeps transactions apart and puts them on disk, the key, the clock, the \
parameters and the reset url, and changes nothing. Give it the options that the \
application uses. The exit code is 1 if any finding is an error.

Example:
  reset-password doctor --reset-url https://example.com/reset-password
";

/// Looks at the installation.
pub fn look(global: &Global) -> Result<Exit, Failure> {
    let settings = global.settings()?;
    let options = settings.engine.clone().options();
    let findings = doctor::diagnose(settings.database(), &options);
    global.output().show(&Page::whole(&findings), |text| {
        for finding in &findings {
            show(text, finding);
        }
    })?;
    let is_error = |finding: &Finding| finding.status == Status::Error;
    Ok(if findings.iter().any(is_error) {
        Exit::Refused
    } else {
        Exit::Done
    })
}

fn show(text: &mut Text, finding: &Finding) {
    let status = match finding.status {
        Status::Error => "error",
        Status::Ok => "ok",
        Status::Warning => "warning",
    };
    text.line(format!(
        "{status:<8} {:<12} {}",
        finding.check, finding.message
    ));
    if let Some(remedy) = &finding.remedy {
        text.line(format!("{:21} to mend it: {remedy}", ""));
    }
}
