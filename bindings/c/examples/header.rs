//! Writes `include/reset_password.h`, or checks that it is there.

use std::{env, error::Error, fs, path::Path};

use cbindgen::{Builder, Config};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(mode), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: header write|check FILE".into());
    };
    let header = header()?;
    match mode.as_str() {
        "write" => fs::write(&path, header)?,
        "check" if fs::read_to_string(&path)? != header => {
            return Err(format!("{path} is out of date: run scripts/update").into());
        }
        _ => {}
    }
    Ok(())
}

fn header() -> Result<String, Box<dyn Error>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config::from_file(package.join("cbindgen.toml"))?;
    let sources = ["buffer.rs", "functions.rs", "status.rs"];
    let builder = sources.iter().fold(Builder::new(), |builder, file| {
        builder.with_src(package.join("src").join(file))
    });
    let mut header = Vec::new();
    builder.with_config(config).generate()?.write(&mut header);
    // The heading of what a caller of `unsafe` Rust promises.
    Ok(String::from_utf8(header)?.replace("# Safety", "The caller promises:"))
}
