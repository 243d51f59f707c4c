//! The Rust contenders of `scripts/bench`: `reset-password-bench ours|rustcrypto|engine|service
//! MEMORY_KIB ITERATIONS [FOLDER [URL|PROGRAM]]`, one contender a process.

mod bare;
mod engine;
mod http;
mod process;
mod protocol;
mod service;

use std::{env, error::Error, path::Path};

use crate::{
    bare::{Ours, RustCrypto},
    engine::Engine,
    service::Service,
};

/// What every contender is given; p is 1 throughout.
#[derive(Clone, Copy)]
struct Cost {
    memory_kib: u32,
    iterations: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["ours", cost @ ..] => protocol::serve(&mut Ours::new(read(cost)?)?),
        ["rustcrypto", cost @ ..] => protocol::serve(&mut RustCrypto::new(read(cost)?)?),
        ["engine", memory_kib, iterations, folder] => {
            let cost = read(&[memory_kib, iterations])?;
            protocol::serve(&mut Engine::on_file(cost, Path::new(folder))?)
        }
        ["engine", memory_kib, iterations, _, url] => {
            let cost = read(&[memory_kib, iterations])?;
            protocol::serve(&mut Engine::on_server(cost, url)?)
        }
        ["service", memory_kib, iterations, folder, program] => {
            let cost = read(&[memory_kib, iterations])?;
            let (folder, program) = (Path::new(folder), Path::new(program));
            protocol::serve(&mut Service::start(cost, folder, program)?)
        }
        _ => Err(
            "usage: reset-password-bench ours|rustcrypto|engine|service MEMORY_KIB ITERATIONS \
             [FOLDER [URL|PROGRAM]]"
                .into(),
        ),
    }
}

fn read(arguments: &[&str]) -> Result<Cost, Box<dyn Error>> {
    let [memory_kib, iterations] = arguments else {
        return Err("a contender takes MEMORY_KIB and ITERATIONS".into());
    };
    Ok(Cost {
        memory_kib: memory_kib.parse()?,
        iterations: iterations.parse()?,
    })
}
