//! A reset's link: shown, or written to a file, only on request.

use std::path::PathBuf;

use clap::Args;
use reset_password::{Error, PasswordReset, Timestamp};
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::{arguments::Global, exit::Exit, failure::Failure, output::Text, token_file::TokenFile};

/// Whether and where the link is shown.
#[derive(Debug, Args)]
pub struct Link {
    /// Show the token and the link
    #[arg(long)]
    pub show_link: bool,
    /// Write the token and a line end to FILE, which must not exist yet; only its owner can read it
    #[arg(long, value_name = "FILE")]
    token_out: Option<PathBuf>,
}

impl Link {
    /// Makes a reset and writes its token where it was asked for. The file comes first: a reset whose
    /// token cannot be written would only have ended the earlier one.
    pub fn write<T>(
        &self,
        make: impl FnOnce() -> Result<T, Error>,
        find: impl FnOnce(&T) -> Option<&PasswordReset>,
    ) -> Result<T, Failure> {
        let Some(path) = &self.token_out else {
            return Ok(make()?);
        };
        let file = TokenFile::create(path)?;
        let answer = make()?;
        if let Some(reset) = find(&answer) {
            file.write(&reset.password_reset_token)?;
        }
        Ok(answer)
    }

    /// Shows a reset.
    pub fn show(&self, global: &Global, reset: &PasswordReset) -> Result<Exit, Failure> {
        let document = ShownReset::new(reset, self.show_link);
        let is_kept = global.settings()?.engine.seal_tokens != Some(false);
        global
            .output()
            .show(&document, |text| self.describe(text, &document, is_kept))?;
        Ok(Exit::Done)
    }

    fn describe(&self, text: &mut Text, reset: &ShownReset<'_>, is_kept: bool) {
        let owned = |value: &str| Some(value.to_owned());
        text.fields(&[
            ("id", owned(reset.id)),
            ("user_id", owned(reset.user_id)),
            ("email", owned(reset.email)),
            (
                "password_reset_token",
                reset.password_reset_token.map(str::to_owned),
            ),
            (
                "password_reset_url",
                reset.password_reset_url.map(str::to_owned),
            ),
            ("expires_at", Some(reset.expires_at.to_string())),
            ("created_at", Some(reset.created_at.to_string())),
        ]);
        if let Some(path) = &self.token_out {
            text.line(format!("the token is in {}", path.display()));
        } else if !self.show_link && !is_kept {
            text.line("the link is not shown and not kept; make it again with --show-link");
        } else if !self.show_link {
            let id = reset.id;
            text.line(format!(
                "to see the link: reset-password reset get {id} --show-link"
            ));
        }
    }
}

/// A reset as it is shown: without its link unless that was asked for.
#[derive(Serialize)]
struct ShownReset<'a> {
    object: &'static str,
    id: &'a str,
    user_id: &'a str,
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_reset_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_reset_url: Option<&'a str>,
    expires_at: Timestamp,
    created_at: Timestamp,
}

impl<'a> ShownReset<'a> {
    fn new(reset: &'a PasswordReset, with_link: bool) -> Self {
        Self {
            object: "password_reset",
            id: &reset.id,
            user_id: &reset.user_id,
            email: &reset.email,
            password_reset_token: with_link.then(|| reset.password_reset_token.expose_secret()),
            password_reset_url: with_link.then(|| reset.password_reset_url.expose_secret()),
            expires_at: reset.expires_at,
            created_at: reset.created_at,
        }
    }
}
