//! The handle that a host's object holds.

use std::{path::Path, sync::mpsc, thread};

use reset_password::{Error, blocking};

use crate::{Arguments, Cancellation, Operation, Value, guard::guard, log, options};

/// An open database. Cheap to clone; for any number of threads; opened before a fork and used in parent
/// and child.
#[derive(Clone)]
pub struct UserManagement(blocking::UserManagement);

impl UserManagement {
    /// Opens a database, with the arguments that [`reset_password_api::OPEN`] takes. Waits for the disk.
    ///
    /// # Errors
    ///
    /// `config_invalid`, `unsupported`, `storage_unavailable`, `internal`.
    pub fn open(arguments: Arguments) -> Result<Self, Error> {
        guard(|| {
            log::begin();
            options::open(arguments).map(Self)
        })
    }

    /// Opens a database on a thread of its own, and hands over the outcome there.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started; nothing is handed over then.
    pub fn spawn_open(
        arguments: Arguments,
        done: impl FnOnce(Result<Self, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        on_a_thread(move || done(Self::open(arguments)))
    }

    /// Does one operation on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of the operation.
    pub fn call(&self, operation: &Operation, arguments: Arguments) -> Result<Value, Error> {
        guard(|| operation.perform(&self.0, arguments))
    }

    /// Does one operation on a thread of the engine's own, and waits for it. Once it is cancelled nobody
    /// waits any more and nothing is answered, unless the outcome is there already; the operation goes on
    /// to its end.
    ///
    /// # Errors
    ///
    /// Those of the operation.
    pub fn call_until(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        cancellation: &Cancellation,
    ) -> Result<Option<Value>, Error> {
        self.wait_until(
            move |users| operation.perform(users, arguments),
            cancellation,
        )
    }

    fn wait_until(
        &self,
        work: impl FnOnce(&blocking::UserManagement) -> Result<Value, Error> + Send + 'static,
        cancellation: &Cancellation,
    ) -> Result<Option<Value>, Error> {
        guard(|| {
            let (ended, end) = mpsc::channel();
            let cancelled = ended.clone();
            // To send fails only when nobody waits any more.
            cancellation.on_cancel(move || drop(cancelled.send(None)));
            self.spawn_work(work, move |outcome| drop(ended.send(Some(outcome))))?;
            let first = end.recv().map_err(Error::internal)?;
            first.or_else(|| end.try_recv().ok().flatten()).transpose()
        })
    }

    /// Does one operation on a thread of the engine's own, and hands over the outcome there: to something
    /// that takes it and returns, since the operation counts as under way until then. So whoever closes
    /// goes on after that. The operation goes on to its end even when nobody waits for it any more.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started; nothing is handed over then.
    pub fn spawn(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        done: impl FnOnce(Result<Value, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.spawn_work(move |users| operation.perform(users, arguments), done)
    }

    fn spawn_work(
        &self,
        work: impl FnOnce(&blocking::UserManagement) -> Result<Value, Error> + Send + 'static,
        done: impl FnOnce(Result<Value, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        guard(|| self.0.spawn(move |users| done(guard(|| work(users))), drop))
    }

    /// The same as [`UserManagement::spawn`], but the outcome is handed over when the operation is over: to
    /// something that may do anything on that thread, and close too.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started; nothing is handed over then.
    pub fn spawn_then(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        then: impl FnOnce(Result<Value, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let work = move |users: &_| guard(|| operation.perform(users, arguments));
        guard(|| self.0.spawn(work, then))
    }

    /// The file that the database is; `None` if it is in memory or on a server.
    #[must_use]
    pub fn database_file(&self) -> Option<&Path> {
        self.0.store().url().file()
    }

    /// The file that the secret key came from; `None` if it did not come from one.
    #[must_use]
    pub fn key_file(&self) -> Option<&Path> {
        self.0.key_file()
    }

    /// Whether the database is in this process's memory alone.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        self.0.is_in_memory()
    }

    /// Ends this process's connections, after the calls that are under way. A later call opens new ones.
    pub fn close(&self) {
        // A panic leaves nothing to close.
        let _ = guard(|| {
            self.0.close();
            Ok(())
        });
    }

    /// The same on a thread of its own: those of the engine are what it waits for.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started.
    pub fn spawn_close(&self, done: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let handle = self.clone();
        on_a_thread(move || {
            handle.close();
            done();
        })
    }
}

fn on_a_thread(work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    thread::Builder::new()
        .name("reset-password".to_owned())
        .spawn(work)
        .map(drop)
        .map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        time::Duration,
    };

    use reset_password::Code;
    use reset_password_api::OPEN;

    use super::*;
    use crate::Argument;

    /// A database in memory, with one option.
    fn opened(option: &str, value: Argument) -> Result<UserManagement, Error> {
        let mut value = Some(value);
        let given = OPEN
            .parameters
            .iter()
            .map(|parameter| match parameter.name {
                "database_url" => Some(Argument::Text(":memory:".into())),
                name if name == option => value.take(),
                _ => None,
            });
        UserManagement::open(given.collect())
    }

    fn in_memory() -> UserManagement {
        opened("migrate", Argument::Flag(true)).unwrap()
    }

    fn named(name: &str) -> &'static Operation {
        Operation::named(name).unwrap()
    }

    fn nobody() -> Arguments {
        vec![Some(Argument::Text("user_x".into()))]
    }

    #[test]
    fn an_operation_is_done_here_or_handed_over() {
        let handle = in_memory();
        let error = handle.call(named("get_user"), nobody()).unwrap_err();
        assert_eq!(error.code(), Code::UserNotFound);

        let (sender, receiver) = mpsc::channel();
        let done = move |outcome| sender.send(outcome).unwrap();
        handle.spawn(named("purge"), vec![None], done).unwrap();
        drop(handle);
        assert!(matches!(receiver.recv().unwrap(), Ok(Value::Record(_))));
    }

    #[test]
    fn whoever_is_handed_the_outcome_at_the_end_may_close() {
        let handle = in_memory();
        let (sender, receiver) = mpsc::channel();
        let closing = handle.clone();
        let then = move |outcome| {
            closing.close();
            sender.send(outcome).unwrap();
        };
        handle.spawn_then(named("purge"), vec![None], then).unwrap();
        assert!(matches!(receiver.recv().unwrap(), Ok(Value::Record(_))));
    }

    #[test]
    fn sec87_a_panic_on_a_thread_of_the_engines_own_is_handed_over() {
        let handle = in_memory();
        let (sender, receiver) = mpsc::channel();
        let done = move |outcome| sender.send(outcome).unwrap();
        handle.spawn_work(|_| panic!("no detail"), done).unwrap();
        let error = receiver.recv().unwrap().unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        handle.close();
    }

    #[test]
    fn what_is_cancelled_goes_on_to_its_end_and_close_waits_for_it() {
        let handle = in_memory();
        let cancellation = Arc::new(Cancellation::default());
        let (gate, is_open) = mpsc::channel();
        let (ended, end) = mpsc::channel();
        let (begun, beginning) = mpsc::channel();
        let work = move |_: &_| {
            begun.send(()).unwrap();
            let () = is_open.recv().unwrap();
            ended.send(()).unwrap();
            Ok(Value::Null)
        };
        let (left, leaving) = mpsc::channel();
        let (caller, until) = (handle.clone(), Arc::clone(&cancellation));
        thread::spawn(move || {
            let outcome = caller.wait_until(work, &until).unwrap();
            left.send(outcome.is_none()).unwrap();
        });
        beginning.recv().unwrap();
        cancellation.cancel();
        assert_eq!(leaving.recv_timeout(Duration::from_secs(30)), Ok(true));
        assert!(end.try_recv().is_err());

        let closing = handle.clone();
        let closed = thread::spawn(move || {
            closing.close();
            end.try_recv()
        });
        let others = handle.call(named("get_user"), nobody());
        assert_eq!(others.unwrap_err().code(), Code::UserNotFound);
        gate.send(()).unwrap();
        assert_eq!(closed.join().unwrap(), Ok(()));
    }

    #[test]
    fn without_a_cancellation_it_is_answered() {
        let cancellation = Cancellation::default();
        for _ in 0..2 {
            let answered = in_memory().call_until(named("purge"), vec![None], &cancellation);
            assert!(matches!(answered, Ok(Some(Value::Record(_)))));
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let handle = in_memory();
        for limit in [-1, 0, 101, i64::MAX, i64::MIN] {
            let given = vec![None, Some(Argument::Number(limit))];
            let refused = handle.call(named("events"), given).unwrap_err();
            assert_eq!(refused.code(), Code::InputInvalid, "{limit}");
        }
        let refused = opened("token_lifetime", Argument::Number(-1))
            .map(drop)
            .unwrap_err();
        assert_eq!(refused.code(), Code::ConfigInvalid);
        assert!(refused.message().starts_with("token_lifetime"), "{refused}");
    }
}
