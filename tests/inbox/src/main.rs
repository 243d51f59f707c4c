//! An SMTP server that keeps what it is given in memory, and shows it to whoever looks. For a demo, on this machine.

mod mails;
mod pages;
mod smtp;

use std::{
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
};

use clap::Parser;

use crate::mails::Mails;

/// Takes mail by SMTP on this machine, hands none on, and shows it on a page.
///
/// Prints `smtp ADDRESS` and `http ADDRESS` once it listens. `/` lists the mails, `/N` shows one, `/N.txt` its text, and
/// `/last.txt?to=ADDRESS` that of the last one to an address. They are gone when it ends.
#[derive(Parser)]
#[command(name = "reset-password-inbox")]
struct Arguments {
    /// The port to take mail on; 0 for any that is free
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    smtp: u16,
    /// The port to show it on; 0 for any that is free
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    http: u16,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let listen = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let (smtp, http) = (listen(arguments.smtp)?, listen(arguments.http)?);
    let mails = Arc::new(Mails::default());
    let mut output = io::stdout();
    writeln!(output, "smtp {}", smtp.local_addr()?)?;
    writeln!(output, "http {}", http.local_addr()?)?;
    output.flush()?;
    smtp::begin(smtp, &mails);
    pages::serve(http, mails)
}
