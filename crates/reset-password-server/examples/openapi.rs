//! Writes the service's OpenAPI document, or checks that the file is as the routes would have it.

use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(mode), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: openapi write|check FILE".into());
    };
    let mut fresh = serde_json::to_string_pretty(&reset_password_server::openapi())?;
    fresh.push('\n');
    match mode.as_str() {
        "write" => fs::write(&path, fresh)?,
        "check" if fs::read_to_string(&path).ok().as_ref() != Some(&fresh) => {
            return Err(format!("{path} is out of date: run scripts/update").into());
        }
        _ => {}
    }
    Ok(())
}
