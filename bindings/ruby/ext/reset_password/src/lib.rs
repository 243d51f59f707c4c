//! The Ruby gem's native extension: `ResetPassword::Native`, which the classes of `lib/` call.

#![expect(
    missing_docs,
    reason = "what Ruby calls first is a function that `magnus::init` writes"
)]

mod arguments;
mod errors;
mod gvl;
mod native;
mod results;

use magnus::{Error, Ruby, prelude::*};

/// Called by Ruby when the extension is loaded, after the classes of errors and results.
#[magnus::init(name = "native")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    let module = ruby.define_module("ResetPassword")?;
    let version = ruby.str_new(env!("CARGO_PKG_VERSION"));
    version.freeze();
    module.const_set("VERSION", version)?;
    errors::find_classes(module)?;
    results::find_classes(module)?;
    native::define(ruby, module)
}
