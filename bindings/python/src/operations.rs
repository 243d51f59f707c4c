//! The operations. Each takes `done` first. Without it, the call is done on the calling thread; with it, a
//! mailbox and a ticket, the call returns at once and the outcome goes there.

use pyo3::prelude::*;
use reset_password_bindings::{
    Error, Operations, UserManagement, Value,
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
};

use crate::{
    arguments::{Int, Str, StrByStr, Strs},
    ending::FinalizationGuard,
    handle::Handle,
    mailbox::Address,
    outcome::{Outcome, raised},
};

type Done = Option<Address>;

/// Opens a database.
#[pyfunction]
#[pyo3(signature = (
    done, database_url, key, key_file, previous_keys, reset_url, token_lifetime, seal_tokens,
    password_min_length, service_names, argon2_memory_kib, argon2_iterations, memory_budget_kib, migrate, /
))]
#[expect(clippy::too_many_arguments, reason = "one for each option")]
pub fn open(
    py: Python<'_>,
    done: Done,
    database_url: Str,
    key: Option<Str>,
    key_file: Option<Str>,
    previous_keys: Option<Strs>,
    reset_url: Option<Str>,
    token_lifetime: Option<Int>,
    seal_tokens: Option<bool>,
    password_min_length: Option<Int>,
    service_names: Option<Strs>,
    argon2_memory_kib: Option<Int>,
    argon2_iterations: Option<Int>,
    memory_budget_kib: Option<Int>,
    migrate: Option<bool>,
) -> PyResult<Py<PyAny>> {
    let options = Options {
        key: key.map(|text| text.0),
        key_file: key_file.map(|text| text.0),
        previous_keys: previous_keys.map(|texts| texts.0),
        reset_url: reset_url.map(|text| text.0),
        token_lifetime: token_lifetime.map(|number| number.0),
        seal_tokens,
        password_min_length: password_min_length.map(|number| number.0),
        service_names: service_names.map(|texts| texts.0),
        argon2_memory_kib: argon2_memory_kib.map(|number| number.0),
        argon2_iterations: argon2_iterations.map(|number| number.0),
        memory_budget_kib: memory_budget_kib.map(|number| number.0),
        migrate,
    };
    match done {
        None => {
            let (opened, _guard) = detached(py, || UserManagement::open(&database_url.0, options));
            Outcome::Opened(opened).into_python(py)
        }
        Some(address) => {
            let done = |opened| address.deliver(Outcome::Opened(opened));
            started(
                py,
                UserManagement::spawn_open(database_url.0, options, done),
            )
        }
    }
}

#[pymethods]
impl Handle {
    #[pyo3(signature = (done, email, password, /))]
    fn authenticate_with_password(
        &self,
        py: Python<'_>,
        done: Done,
        email: Str,
        password: Str,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.authenticate_with_password(email.0, password.0)
        })
    }

    #[pyo3(signature = (done, password, user_id, /))]
    fn check_password(
        &self,
        py: Python<'_>,
        done: Done,
        password: Str,
        user_id: Option<Str>,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.check_password(password.0, user_id.map(|id| id.0))
        })
    }

    #[pyo3(signature = (done, /))]
    fn close(&self, py: Python<'_>, done: Done) -> PyResult<Py<PyAny>> {
        match done {
            None => {
                let ((), _guard) = detached(py, || self.0.close());
                Ok(py.None())
            }
            Some(address) => {
                let done = || address.deliver(Outcome::Done(Ok(Value::Null)));
                started(py, self.0.spawn_close(done))
            }
        }
    }

    #[pyo3(signature = (done, email, /))]
    fn create_password_reset(&self, py: Python<'_>, done: Done, email: Str) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.create_password_reset(email.0)
        })
    }

    #[pyo3(signature = (
        done, email, password, password_hash, email_verified, first_name, last_name, name, external_id,
        metadata, locale, /
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn create_user(
        &self,
        py: Python<'_>,
        done: Done,
        email: Str,
        password: Option<Str>,
        password_hash: Option<Str>,
        email_verified: Option<bool>,
        first_name: Option<Str>,
        last_name: Option<Str>,
        name: Option<Str>,
        external_id: Option<Str>,
        metadata: Option<StrByStr>,
        locale: Option<Str>,
    ) -> PyResult<Py<PyAny>> {
        let new = CreateUser {
            email: email.0,
            password: password.map(|text| text.0),
            password_hash: password_hash.map(|text| text.0),
            email_verified,
            first_name: first_name.map(|text| text.0),
            last_name: last_name.map(|text| text.0),
            name: name.map(|text| text.0),
            external_id: external_id.map(|text| text.0),
            metadata: metadata.map(|pairs| pairs.0),
            locale: locale.map(|text| text.0),
        };
        self.run(py, done, move |operations| operations.create_user(new))
    }

    #[pyo3(signature = (done, id, /))]
    fn delete_user(&self, py: Python<'_>, done: Done, id: Str) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| operations.delete_user(id.0))
    }

    #[pyo3(signature = (done, after, limit, /))]
    fn events(
        &self,
        py: Python<'_>,
        done: Done,
        after: Option<Str>,
        limit: Option<Int>,
    ) -> PyResult<Py<PyAny>> {
        let limit = limit.map(|number| number.0);
        self.run(py, done, move |operations| {
            operations.events(after.map(|id| id.0), limit)
        })
    }

    #[pyo3(signature = (done, id, /))]
    fn get_password_reset(&self, py: Python<'_>, done: Done, id: Str) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.get_password_reset(id.0)
        })
    }

    #[pyo3(signature = (done, id, /))]
    fn get_user(&self, py: Python<'_>, done: Done, id: Str) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| operations.get_user(id.0))
    }

    #[pyo3(signature = (done, email, /))]
    fn get_user_by_email(&self, py: Python<'_>, done: Done, email: Str) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.get_user_by_email(email.0)
        })
    }

    #[pyo3(signature = (done, external_id, /))]
    fn get_user_by_external_id(
        &self,
        py: Python<'_>,
        done: Done,
        external_id: Str,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.get_user_by_external_id(external_id.0)
        })
    }

    #[pyo3(signature = (done, email, limit, before, after, order, /))]
    #[expect(
        clippy::too_many_arguments,
        reason = "one for each part of the request"
    )]
    fn list_users(
        &self,
        py: Python<'_>,
        done: Done,
        email: Option<Str>,
        limit: Option<Int>,
        before: Option<Str>,
        after: Option<Str>,
        order: Option<Str>,
    ) -> PyResult<Py<PyAny>> {
        let list = ListUsers {
            email: email.map(|text| text.0),
            limit: limit.map(|number| number.0),
            before: before.map(|text| text.0),
            after: after.map(|text| text.0),
            order: order.map(|text| text.0),
        };
        self.run(py, done, move |operations| operations.list_users(list))
    }

    #[pyo3(signature = (done, limit, /))]
    fn purge(&self, py: Python<'_>, done: Done, limit: Option<Int>) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.purge(limit.map(|number| number.0))
        })
    }

    #[pyo3(signature = (done, email, /))]
    fn request_password_reset(
        &self,
        py: Python<'_>,
        done: Done,
        email: Str,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.request_password_reset(email.0)
        })
    }

    #[pyo3(signature = (done, token, new_password, /))]
    fn reset_password(
        &self,
        py: Python<'_>,
        done: Done,
        token: Str,
        new_password: Str,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.reset_password(token.0, new_password.0)
        })
    }

    #[pyo3(signature = (done, user_id, /))]
    fn revoke_password_resets(
        &self,
        py: Python<'_>,
        done: Done,
        user_id: Option<Str>,
    ) -> PyResult<Py<PyAny>> {
        self.run(py, done, move |operations| {
            operations.revoke_password_resets(user_id.map(|id| id.0))
        })
    }

    #[pyo3(signature = (
        done, id, email, password, password_hash, email_verified, first_name, last_name, name, external_id,
        metadata, locale, /
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn update_user(
        &self,
        py: Python<'_>,
        done: Done,
        id: Str,
        email: Option<Str>,
        password: Option<Str>,
        password_hash: Option<Str>,
        email_verified: Option<bool>,
        first_name: Option<Str>,
        last_name: Option<Str>,
        name: Option<Str>,
        external_id: Option<Str>,
        metadata: Option<StrByStr>,
        locale: Option<Str>,
    ) -> PyResult<Py<PyAny>> {
        let change = UpdateUser {
            email: email.map(|text| text.0),
            password: password.map(|text| text.0),
            password_hash: password_hash.map(|text| text.0),
            email_verified,
            first_name: first_name.map(|text| text.0),
            last_name: last_name.map(|text| text.0),
            name: name.map(|text| text.0),
            external_id: external_id.map(|text| text.0),
            metadata: metadata.map(|pairs| pairs.0),
            locale: locale.map(|text| text.0),
        };
        self.run(py, done, move |operations| {
            operations.update_user(id.0, change)
        })
    }
}

impl Handle {
    fn run<T: Into<Value>>(
        &self,
        py: Python<'_>,
        done: Done,
        operation: impl FnOnce(Operations<'_>) -> Result<T, Error> + Send + 'static,
    ) -> PyResult<Py<PyAny>> {
        match done {
            None => {
                let (outcome, _guard) = detached(py, || self.0.call(operation));
                Outcome::Done(outcome).into_python(py)
            }
            Some(address) => {
                let done = |outcome| address.deliver(Outcome::Done(outcome));
                started(py, self.0.spawn(operation, done))
            }
        }
    }
}

/// Works without the interpreter's lock. What comes with the result is to be kept until Python's own
/// frames go on.
fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> (T, FinalizationGuard) {
    py.detach(|| {
        let result = work();
        (result, FinalizationGuard::enter_or_stay())
    })
}

fn started(py: Python<'_>, outcome: Result<(), Error>) -> PyResult<Py<PyAny>> {
    outcome
        .map(|()| py.None())
        .map_err(|error| raised(py, &error))
}
