//! The object that the package's Python half holds.

use pyo3::prelude::*;
use reset_password_bindings::UserManagement;

/// An open database.
#[pyclass(frozen, module = "reset_password._native")]
pub struct Handle(pub UserManagement);
