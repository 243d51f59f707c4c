//! What an object of the class `UserManagement` holds.

use reset_password_bindings::{Arguments, Error, Operation, UserManagement, Value};

use crate::signals::with_signals_blocked;

/// An open database. Its work never unwinds and never calls PHP.
#[derive(Clone)]
pub struct Handle(pub UserManagement);

impl Handle {
    /// Does one operation.
    pub fn call(&self, operation: &Operation, arguments: Arguments) -> Result<Value, Error> {
        with_signals_blocked(|| self.0.call(operation, arguments))
    }

    /// Ends this process's connections.
    pub fn close(&self) {
        with_signals_blocked(|| self.0.close());
    }
}
