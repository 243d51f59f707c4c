//! The native object: what is open, and the one way to ask it for something.

use magnus::{Error, Module, Object, RModule, Ruby, TryConvert, Value, function, method};
use reset_password_bindings::{Operation, UserManagement, api::OPEN};

use crate::{arguments::arguments, errors::raised, gvl::without_gvl, results::ruby_value};

/// An open database.
#[magnus::wrap(class = "ResetPassword::Native", free_immediately)]
struct Native(UserManagement);

/// Defines the class, with a constant for each operation, such as `CREATE_USER`.
pub fn define(ruby: &Ruby, module: RModule) -> Result<(), Error> {
    let class = module.define_class("Native", ruby.class_object())?;
    for (number, operation) in Operation::ALL.iter().enumerate() {
        class.const_set(operation.name().to_ascii_uppercase(), number)?;
    }
    class.define_singleton_method("open", function!(Native::open, -1))?;
    class.define_method("call", method!(Native::call, -1))?;
    class.define_method("close", method!(Native::close, 0))
}

impl Native {
    /// Opens a database: its URL and the options, in the order of the description.
    fn open(ruby: &Ruby, values: &[Value]) -> Result<Self, Error> {
        let given = arguments(ruby, OPEN.parameters, values)?;
        let opened = without_gvl(ruby, || UserManagement::open(given))?;
        opened.map(Self).map_err(|error| raised(ruby, &error))
    }

    fn close(ruby: &Ruby, this: &Self) -> Result<(), Error> {
        without_gvl(ruby, || this.0.close())
    }

    /// Does the operation of that number, with its arguments in the order of the description.
    fn call(ruby: &Ruby, this: &Self, values: &[Value]) -> Result<Value, Error> {
        let operation = values.split_first().and_then(|(&number, values)| {
            let operation = Operation::ALL.get(usize::try_convert(number).ok()?)?;
            Some((operation, values))
        });
        let Some((operation, values)) = operation else {
            let message = "there is no operation of that number";
            return Err(Error::new(ruby.exception_arg_error(), message));
        };
        let given = arguments(ruby, operation.parameters(), values)?;
        match without_gvl(ruby, || this.0.call(operation, given))? {
            Ok(value) => ruby_value(ruby, value),
            Err(error) => Err(raised(ruby, &error)),
        }
    }
}
