//! `doctor`: a look at the installation.

use reset_password::{
    Error,
    doctor::{self, Finding, Status},
};
use reset_password_mail::Mailer;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::Failure,
    options::ServiceOptions,
    output::{Page, Text},
};

/// Shown by `doctor --help`.
pub const AFTER_HELP: &str = "\
Looks at the database, its files' permissions and owner or the connection to its server, what the \
engine may do there, how it keeps transactions apart and puts them on disk, the key, the clock, the \
parameters, the reset url, and the SMTP server, where the file or the environment names one, and \
changes nothing. Give it the options that the application uses. The exit code is 1 if any finding is an error.

Example:
  reset-password doctor --reset-url https://example.com/reset-password
";

/// Looks at the installation.
pub fn look(global: &Global) -> Result<Exit, Failure> {
    let settings = global.settings_with(&ServiceOptions::default())?;
    let options = settings.engine.clone().options();
    let mut findings = doctor::diagnose(settings.database(), &options);
    let names = settings.engine.service_names.clone();
    findings.extend(look_at_service(settings.service, names.as_deref()));
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

/// What there is to say of the service, where the file or the environment configures one.
fn look_at_service(service: ServiceOptions, names: Option<&[String]>) -> Option<Finding> {
    let error = |check, error: &Error, remedy: &str| Finding::error(check, error.message(), remedy);
    let mail = match service.config(names) {
        Ok(config) => config.mail?,
        Err(refused) => {
            return Some(error(
                "service",
                &refused,
                "correct the settings of `serve`",
            ));
        }
    };
    Some(match Mailer::new(&mail).and_then(|mailer| mailer.check()) {
        Ok(()) => Finding::ok(
            "mail",
            "the SMTP server answers and lets the service in; `reset-password mail test` sends a mail",
        ),
        Err(refused) => error(
            "mail",
            &refused,
            "see smtp_url, smtp_password_file and smtp_ca; mail waits meanwhile",
        ),
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
