//! `users import`.

use std::{
    collections::HashSet,
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use reset_password::{Code, CreateUser, Error, User, blocking::UserManagement};
use serde::Serialize;

use super::{
    entries::{Entry, Export, Format},
    fields::Fields,
};
use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input, say},
};

/// How many refusals are shown; a report has all.
const SHOWN: usize = 20;

/// Takes users over.
#[derive(Debug, Args)]
#[command(after_help = "\
CSV has a line of names first; JSON is a list of objects, or an object with such a list in it; .jsonl has an object on \
each line, in which a.b names b of a. The names are email, email_verified, password_hash, first_name, last_name, name, \
external_id, locale, created_at and metadata.KEY. A file of --fields says otherwise, one field = \"name\" a line:

  external_id = \"localId\"
  password_hash = \"bcrypt_sha256${hash}\"

where names in braces stand for their values; then the file is to be its owner's alone, for it may hold a key. What an \
entry lacks is left out.

Each user is there or not, so the same command goes on after an interruption: whoever has an address already is counted \
and stays as it is. Nothing tells whether a hash is of the password itself: try one account whose password you know.

Example:
  reset-password users import users.csv --dry-run
")]
pub struct Import {
    /// The export
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How it is written [default: by the end of its name]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// A TOML file that says which part of an entry is which field
    #[arg(long, value_name = "FILE")]
    fields: Option<PathBuf>,
    /// Leave parts aside that no field is made of; without it they are an error
    #[arg(long)]
    ignore_others: bool,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Write every refusal into this file, one JSON document a line
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What became of the entries.
#[derive(Default, Serialize)]
struct Outcome {
    object: &'static str,
    dry_run: bool,
    /// How many users were made,
    imported: u64,
    /// and of those have no password until a reset gives them one, because their hash is one that never logs in, or
    /// there was none.
    without_password: u64,
    already_there: u64,
    refused: u64,
    /// The first refusals.
    errors: Vec<Refusal>,
}

/// Why an entry was not taken.
#[derive(Clone, Serialize)]
struct Refusal {
    place: String,
    email: String,
    code: &'static str,
    message: String,
}

/// What is under way.
struct Run {
    handle: UserManagement,
    /// Where users are made that are to be forgotten: it refuses what the database would.
    trial: Option<UserManagement>,
    made: HashSet<String>,
    report: Option<(PathBuf, File)>,
    outcome: Outcome,
}

impl Import {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let format = self
            .format
            .or_else(|| Format::of(&self.file))
            .ok_or_else(|| {
                input(
                    "format",
                    "required",
                    "the file's name ends in none of .csv, .json and .jsonl; give --format",
                )
            })?;
        let options = global.settings()?.engine.options();
        if options.users.is_some() {
            let sentence =
                "the users' table belongs to another system, which adds its users itself";
            return Err(Error::unsupported(sentence).into());
        }
        let fields = self
            .fields
            .as_deref()
            .map_or_else(|| Ok(Fields::by_name()), Fields::read)?;
        let export = Export::open(&self.file, format)?;
        let report = self.report.as_deref().map(create).transpose()?;
        let mut run = Run {
            handle: global.open()?,
            trial: self
                .dry_run
                .then(|| UserManagement::open("sqlite::memory:", options))
                .transpose()?,
            made: HashSet::new(),
            report,
            outcome: Outcome {
                object: "users_import",
                dry_run: self.dry_run,
                ..Outcome::default()
            },
        };
        let progress = progress(export.length(), global.json);
        let taken = export.each(|place, entry, read| {
            progress.set_position(read);
            self.check_names(&fields, place, entry)?;
            run.take(place, &fields, entry)
        });
        progress.finish_and_clear();
        run.handle.close();
        let Run { outcome, .. } = run;
        if let Err(failure) = taken {
            if outcome.imported > 0 && !global.json {
                let imported = outcome.imported;
                say(&format!(
                    "stopped; what was imported before ({imported}) stays\n"
                ));
            }
            return Err(failure);
        }
        self.show(global, &outcome)?;
        Ok(if outcome.refused == 0 {
            Exit::Done
        } else {
            Exit::Refused
        })
    }

    fn check_names(&self, fields: &Fields, place: &str, entry: &Entry) -> Result<(), Failure> {
        if self.ignore_others {
            return Ok(());
        }
        let others = fields.others(entry);
        if others.is_empty() {
            return Ok(());
        }
        Err(input(
            "fields",
            "unknown",
            format!(
                "{place}: no field is made of {}; name it in a file of --fields, or give --ignore-others",
                others.join(", ")
            ),
        ))
    }

    fn show(&self, global: &Global, outcome: &Outcome) -> Result<(), Failure> {
        global.output().show(outcome, |text| {
            let count = |count: u64| Some(count.to_string());
            text.fields(&[
                (
                    if outcome.dry_run {
                        "would be imported"
                    } else {
                        "imported"
                    },
                    count(outcome.imported),
                ),
                (
                    "of these without a password",
                    count(outcome.without_password),
                ),
                ("already there", count(outcome.already_there)),
                ("refused", count(outcome.refused)),
            ]);
            for refusal in &outcome.errors {
                let Refusal {
                    place,
                    email,
                    message,
                    ..
                } = refusal;
                text.line(format!("  {place} ({email}): {message}"));
            }
            let more = outcome.refused.saturating_sub(outcome.errors.len() as u64);
            match (&self.report, more) {
                (_, 0) => {}
                (Some(report), more) => {
                    text.line(format!("  and {more} more, in {}", report.display()));
                }
                (None, more) => text.line(format!(
                    "  and {more} more; --report writes all into a file"
                )),
            }
        })
    }
}

impl Run {
    fn take(&mut self, place: &str, fields: &Fields, entry: &Entry) -> Result<(), Failure> {
        let user = fields.user(entry);
        let email = user
            .as_ref()
            .map_or_else(|_| String::new(), |user| user.email.clone());
        match user.and_then(|user| self.create(user)) {
            Ok(()) => Ok(()),
            Err(error) if is_of_the_entry(error.code()) => self.refuse(Refusal {
                place: place.to_owned(),
                email,
                code: error.code().as_str(),
                message: sentence(&error),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a user, unless somebody has the address.
    fn create(&mut self, user: CreateUser) -> Result<(), Error> {
        let (email, external_id) = (user.email.clone(), user.external_id.clone());
        // In a dry run, who is there already is asked of the database itself.
        if self.trial.is_some() && Self::find(&self.handle, &email)?.is_some() {
            self.outcome.already_there += 1;
            return Ok(());
        }
        let handle = self.trial.as_ref().unwrap_or(&self.handle);
        match handle.create_user(user) {
            Ok(user) => {
                self.outcome.imported += 1;
                self.outcome.without_password += u64::from(user.credentials_changed_at.is_none());
                self.made.insert(user.id);
                Ok(())
            }
            Err(error) if self.is_there(error.code(), &email, external_id.as_deref())? => {
                self.outcome.already_there += 1;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn find(handle: &UserManagement, email: &str) -> Result<Option<User>, Error> {
        match handle.get_user_by_email(email) {
            Ok(user) => Ok(Some(user)),
            Err(error) if matches!(error.code(), Code::UserNotFound | Code::InputInvalid) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether an entry was refused because its user was there before: not because another one of this file has the
    /// address, or another user the external id.
    fn is_there(&self, code: Code, email: &str, external_id: Option<&str>) -> Result<bool, Error> {
        if !matches!(code, Code::EmailNotAvailable | Code::ExternalIdAlreadyUsed) {
            return Ok(false);
        }
        let handle = self.trial.as_ref().unwrap_or(&self.handle);
        Ok(Self::find(handle, email)?.is_some_and(|user| {
            !self.made.contains(&user.id)
                && (code == Code::EmailNotAvailable || user.external_id.as_deref() == external_id)
        }))
    }

    fn refuse(&mut self, refusal: Refusal) -> Result<(), Failure> {
        self.outcome.refused += 1;
        if let Some((path, report)) = &mut self.report {
            let line = serde_json::to_string(&refusal).map_err(Error::internal)?;
            writeln!(report, "{line}").map_err(|error| {
                input(
                    "report",
                    "unwritable",
                    format!("cannot write {}: {error}", path.display()),
                )
            })?;
        }
        if self.outcome.errors.len() < SHOWN {
            self.outcome.errors.push(refusal);
        }
        Ok(())
    }
}

/// Whether an error is about an entry, so that the next one may be taken.
const fn is_of_the_entry(code: Code) -> bool {
    matches!(
        code,
        Code::EmailNotAvailable
            | Code::ExternalIdAlreadyUsed
            | Code::InputInvalid
            | Code::InvalidPasswordHash
    )
}

/// All that is wrong with an entry.
fn sentence(error: &Error) -> String {
    let details: Vec<_> = error
        .errors()
        .iter()
        .map(|detail| &*detail.message)
        .collect();
    if details.is_empty() {
        return error.message().to_owned();
    }
    details.join("; ")
}

fn create(path: &Path) -> Result<(PathBuf, File), Failure> {
    let file = File::create_new(path).map_err(|error| {
        input(
            "report",
            "unwritable",
            format!("cannot make {}: {error}", path.display()),
        )
    })?;
    Ok((path.to_owned(), file))
}

fn progress(length: u64, hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} % {eta}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
