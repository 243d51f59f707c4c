//! The Python package's native module. It is private to the package: what users call is written in Python,
//! in `python/reset_password`.

mod arguments;
mod ending;
mod mailbox;
mod operations;
mod outcome;

/// The engine itself. Private: use `reset_password` and `reset_password.aio`.
#[pyo3::pymodule(name = "_native", gil_used = false)]
mod native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::outcome::Handle;

    #[pymodule_export]
    use crate::mailbox::Mailbox;

    #[pymodule_export]
    use crate::operations::open;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python's packages use")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::operations::define(module)?;
        crate::ending::watch(module)
    }
}
