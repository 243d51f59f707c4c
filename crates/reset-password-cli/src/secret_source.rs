//! The options that say where a secret comes from.

use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use crate::{
    failure::Failure,
    secret_input::{Origin, new_password, password_hash},
};

/// Where a password comes from.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct PasswordSource {
    /// Read the password from standard input
    #[arg(
        id = "password_stdin",
        long = "password-stdin",
        help_heading = "Secrets"
    )]
    stdin: bool,
    /// Read the password from FILE (- for standard input)
    #[arg(
        id = "password_file",
        long = "password-file",
        value_name = "FILE",
        help_heading = "Secrets"
    )]
    file: Option<PathBuf>,
    /// Ask for the password on the terminal
    #[arg(
        id = "password_prompt",
        long = "password-prompt",
        help_heading = "Secrets"
    )]
    prompt: bool,
}

impl PasswordSource {
    /// Where to read.
    pub fn origin(&self) -> Origin {
        Origin::chosen(self.stdin, self.file.as_deref(), self.prompt)
            .unwrap_or_else(Origin::at_hand)
    }
}

/// Where a token comes from.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct TokenSource {
    /// Read the token from standard input
    #[arg(id = "token_stdin", long = "token-stdin", help_heading = "Secrets")]
    stdin: bool,
    /// Read the token from FILE (- for standard input)
    #[arg(
        id = "token_file",
        long = "token-file",
        value_name = "FILE",
        help_heading = "Secrets"
    )]
    file: Option<PathBuf>,
    /// Ask for the token on the terminal
    #[arg(id = "token_prompt", long = "token-prompt", help_heading = "Secrets")]
    prompt: bool,
}

impl TokenSource {
    /// Where to read.
    pub fn origin(&self) -> Origin {
        Origin::chosen(self.stdin, self.file.as_deref(), self.prompt)
            .unwrap_or_else(Origin::at_hand)
    }
}

/// Where a password or the hash of one comes from, if there is one at all.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct CredentialSource {
    /// Read the password from standard input
    #[arg(
        id = "password_stdin",
        long = "password-stdin",
        help_heading = "Secrets"
    )]
    stdin: bool,
    /// Read the password from FILE (- for standard input)
    #[arg(
        id = "password_file",
        long = "password-file",
        value_name = "FILE",
        help_heading = "Secrets"
    )]
    file: Option<PathBuf>,
    /// Ask for the password on the terminal, twice
    #[arg(
        id = "password_prompt",
        long = "password-prompt",
        help_heading = "Secrets"
    )]
    prompt: bool,
    /// Read the hash of the password, from another system, from standard input
    #[arg(
        id = "password_hash_stdin",
        long = "password-hash-stdin",
        help_heading = "Secrets"
    )]
    hash_stdin: bool,
    /// Read the hash of the password, from another system, from FILE (- for standard input)
    #[arg(
        id = "password_hash_file",
        long = "password-hash-file",
        value_name = "FILE",
        help_heading = "Secrets"
    )]
    hash_file: Option<PathBuf>,
}

/// A password or the hash of one, for a user.
#[derive(Default)]
pub struct Credential {
    /// The password.
    pub password: Option<SecretString>,
    /// Or its hash.
    pub password_hash: Option<SecretString>,
}

impl CredentialSource {
    /// Reads what was asked to be read.
    pub fn read(&self) -> Result<Credential, Failure> {
        let password = Origin::chosen(self.stdin, self.file.as_deref(), self.prompt);
        let hash = Origin::chosen(self.hash_stdin, self.hash_file.as_deref(), false);
        Ok(Credential {
            password: password
                .map(new_password)
                .transpose()?
                .map(|text| text.as_str().into()),
            password_hash: hash.as_ref().map(password_hash).transpose()?,
        })
    }
}
