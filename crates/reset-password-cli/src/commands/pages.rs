//! `completions` and `man`: what is generated from the command's own description.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, Command};
use clap_complete::Shell;

use crate::{
    exit::Exit,
    failure::{Failure, input},
};

const NAME: &str = "reset-password";

/// Prints a completion script.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password completions bash > reset-password.bash
  reset-password completions fish > reset-password.fish

Bash reads ~/.local/share/bash-completion/completions/reset-password, fish \
~/.config/fish/completions/reset-password.fish, and zsh _reset-password in a folder of $fpath.
")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, mut command: Command) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, NAME, &mut script);
        write(&script)
    }
}

/// Prints the manual page.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password man > reset-password.1
  reset-password man --dir .
")]
pub struct Man {
    /// Write a page for every command into this folder instead
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl Man {
    pub fn run(&self, command: Command) -> Result<Exit, Failure> {
        let described = described(command);
        let Some(folder) = &self.dir else {
            let mut page = Vec::new();
            clap_mangen::Man::new(described)
                .render(&mut page)
                .map_err(Failure::Output)?;
            return write(&page);
        };
        fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(described, folder))
            .map_err(|error| {
                let message = format!("cannot write into {}: {error}", folder.display());
                input("dir", "unwritable", message)
            })?;
        Ok(Exit::Done)
    }
}

/// The command with every option described: `clap_mangen` leaves those out that the short help hides.
fn described(command: Command) -> Command {
    command.mut_args(|argument| argument.hide_short_help(false))
}

fn write(text: &[u8]) -> Result<Exit, Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text)
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)?;
    Ok(Exit::Done)
}
