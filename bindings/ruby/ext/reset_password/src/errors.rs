//! The engine's errors as Ruby's exceptions.

use std::sync::OnceLock;

use magnus::{
    Error, Exception, ExceptionClass, Module, RModule, Ruby, kwargs, prelude::*, value::Opaque,
};
use reset_password_bindings::{Code, api::names::pascal};

use crate::results;

/// The class of each code. They are constants of the module, so Ruby keeps them.
static CLASSES: OnceLock<Vec<(Code, Opaque<ExceptionClass>)>> = OnceLock::new();

/// Finds the class of every code: `UserNotFoundError` for `user_not_found`.
pub fn find_classes(module: RModule) -> Result<(), Error> {
    let classes = Code::ALL.iter().map(|&code| {
        let class: ExceptionClass = module.const_get(pascal(code.as_str()) + "Error")?;
        Ok((code, class.into()))
    });
    let classes = classes.collect::<Result<_, Error>>()?;
    CLASSES.get_or_init(|| classes);
    Ok(())
}

/// What is raised for an error.
pub fn raised(ruby: &Ruby, error: &reset_password_bindings::Error) -> Error {
    exception(ruby, error).map_or_else(|failed| failed, Into::into)
}

fn exception(ruby: &Ruby, error: &reset_password_bindings::Error) -> Result<Exception, Error> {
    let code = error.code();
    let mut known = CLASSES.get().into_iter().flatten();
    let class = known.find(|(of, _)| *of == code).map_or_else(
        || ruby.exception_standard_error(),
        |&(_, class)| ruby.get_inner(class),
    );
    let errors = error.errors().to_vec();
    let message = ruby.str_new(error.message());
    class.new_instance((
        message,
        kwargs!(
            ruby,
            "errors" => results::ruby_value(ruby, errors.into())?,
            "retryable" => error.retryable(),
            "retry_after" => error.retry_after()
        ),
    ))
}
