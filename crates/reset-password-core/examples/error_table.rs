//! Writes the table of codes into `docs/reference/errors.md`, or checks that it is there.

use std::{env, error::Error, fmt::Write as _, fs};

use reset_password_core::Code;

const BEGIN: &str = "<!-- codes:begin -->\n";
const END: &str = "<!-- codes:end -->";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(mode), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: error_table write|check FILE".into());
    };
    let text = fs::read_to_string(&path)?;
    let (head, rest) = text
        .split_once(BEGIN)
        .ok_or("the file has no <!-- codes:begin -->")?;
    let (_, tail) = rest
        .split_once(END)
        .ok_or("the file has no <!-- codes:end -->")?;
    let fresh = format!("{head}{BEGIN}{}{END}{tail}", table()?);
    match mode.as_str() {
        "write" => fs::write(&path, fresh)?,
        "check" if fresh != text => {
            return Err(format!("{path} is out of date: run scripts/update").into());
        }
        _ => {}
    }
    Ok(())
}

fn table() -> Result<String, std::fmt::Error> {
    let mut table = String::from("| code | message | retryable |\n| --- | --- | --- |\n");
    for code in Code::ALL {
        let retryable = if code.retryable() { "yes" } else { "no" };
        writeln!(table, "| `{code}` | {} | {retryable} |", code.message())?;
    }
    Ok(table)
}
