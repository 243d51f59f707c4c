//! The handle that a host's object holds.

use std::{future::poll_fn, pin::pin, task::Poll, thread};

use reset_password::{Error, blocking};

use crate::{
    Cancellation, Operations, Text,
    arguments::Options,
    guard::{guard, guard_async},
    log,
};

/// An open database. Cheap to clone; for any number of threads; opened before a fork and used in parent
/// and child.
#[derive(Clone)]
pub struct UserManagement(blocking::UserManagement);

impl UserManagement {
    /// Opens a database. Waits for the disk.
    ///
    /// # Errors
    ///
    /// `config_invalid`, `unsupported`, `storage_unavailable`, `internal`.
    pub fn open(database_url: &Text, options: Options) -> Result<Self, Error> {
        guard(|| {
            log::begin();
            let database_url = database_url.as_option("database_url")?;
            blocking::UserManagement::open(database_url, options.checked()?).map(Self)
        })
    }

    /// Opens a database on a thread of its own, and hands over the outcome there.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started; nothing is handed over then.
    pub fn spawn_open(
        database_url: Text,
        options: Options,
        done: impl FnOnce(Result<Self, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        on_a_thread(move || done(Self::open(&database_url, options)))
    }

    /// Does one operation and waits for it.
    ///
    /// # Errors
    ///
    /// Those of the operation.
    pub fn wait<V, T, F>(&self, operation: impl FnOnce(Operations) -> F) -> Result<V, Error>
    where
        T: Into<V> + Send,
        F: Future<Output = Result<T, Error>> + Send,
    {
        guard(|| {
            let operations = Operations(self.0.inner().clone());
            self.0.wait(operation(operations))?.map(Into::into)
        })
    }

    /// The same, but once it is cancelled nobody waits any more and nothing is answered: the operation goes on
    /// to its end on the engine's own threads.
    ///
    /// # Errors
    ///
    /// Those of the operation.
    pub fn wait_until<V, T, F>(
        &self,
        operation: impl FnOnce(Operations) -> F,
        cancellation: &Cancellation,
    ) -> Result<Option<V>, Error>
    where
        T: Into<V> + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        guard(|| {
            let operations = Operations(self.0.inner().clone());
            let mut work = Box::pin(guard_async(operation(operations)));
            let answered = self.0.wait(async {
                let mut cancelled = pin!(cancellation.cancelled());
                let outcome = poll_fn(|context| {
                    if let Poll::Ready(outcome) = work.as_mut().poll(context) {
                        return Poll::Ready(Some(outcome));
                    }
                    cancelled.as_mut().poll(context).map(|()| None)
                });
                if let Some(outcome) = outcome.await {
                    return outcome.map(Some);
                }
                self.spawn(|_| work, drop::<Result<T, Error>>)?;
                Ok(None)
            })?;
            Ok(answered?.map(Into::into))
        })
    }

    /// Does one operation on the engine's own threads, and hands over the outcome there. It goes on to
    /// its end even when nobody waits for it any more.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started; nothing is handed over then.
    pub fn spawn<V, T, F>(
        &self,
        operation: impl FnOnce(Operations) -> F,
        done: impl FnOnce(Result<V, Error>) + Send + 'static,
    ) -> Result<(), Error>
    where
        T: Into<V> + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        guard(|| {
            let work = guard_async(operation(Operations(self.0.inner().clone())));
            let handle = self.clone();
            self.0.spawn(async move {
                done(work.await.map(Into::into));
                drop(handle);
            })
        })
    }

    /// Ends this process's connections, after the calls that are under way. A later call opens new ones.
    pub fn close(&self) {
        // A panic leaves nothing to close.
        let _ = guard(|| {
            self.0.close();
            Ok(())
        });
    }

    /// The same on a thread of its own.
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
        future::ready,
        sync::{Arc, mpsc},
        time::Duration,
    };

    use reset_password::Code;

    use super::*;
    use crate::Value;

    fn in_memory() -> UserManagement {
        UserManagement::open(&":memory:".into(), Options::default()).unwrap()
    }

    #[test]
    fn an_operation_is_waited_for_or_handed_over() {
        let handle = in_memory();
        let waited: Result<Value, Error> =
            handle.wait(|operations| operations.get_user("user_x".into()));
        assert_eq!(waited.unwrap_err().code(), Code::UserNotFound);

        let (sender, receiver) = mpsc::channel();
        let done = move |outcome: Result<Value, Error>| sender.send(outcome).unwrap();
        handle
            .spawn(|operations| operations.purge(None), done)
            .unwrap();
        drop(handle);
        assert!(matches!(receiver.recv().unwrap(), Ok(Value::Record(_))));
    }

    #[test]
    fn what_is_cancelled_goes_on_to_its_end_and_close_waits_for_it() {
        let handle = in_memory();
        let (gate, cancellation) = (
            Arc::new(Cancellation::default()),
            Arc::new(Cancellation::default()),
        );
        let (ended, end) = mpsc::channel();
        let work = {
            let gate = Arc::clone(&gate);
            async move {
                gate.cancelled().await;
                ended.send(()).unwrap();
                Ok(())
            }
        };
        let (left, leaving) = mpsc::channel();
        let (caller, until) = (handle.clone(), Arc::clone(&cancellation));
        thread::spawn(move || {
            let outcome: Result<Option<()>, Error> = caller.wait_until(|_| work, &until);
            left.send(outcome.unwrap()).unwrap();
        });
        while !cancellation.is_awaited() {
            thread::yield_now();
        }
        cancellation.cancel();
        assert_eq!(leaving.recv_timeout(Duration::from_secs(30)), Ok(None));
        assert!(end.try_recv().is_err());

        let closing = handle.clone();
        let closed = thread::spawn(move || {
            closing.close();
            end.try_recv()
        });
        let others: Result<Value, Error> =
            handle.wait(|operations| operations.get_user("user_x".into()));
        assert_eq!(others.unwrap_err().code(), Code::UserNotFound);
        gate.cancel();
        assert_eq!(closed.join().unwrap(), Ok(()));
    }

    #[test]
    fn a_result_that_is_there_is_answered() {
        let cancellation = Cancellation::default();
        let answered: Option<()> = in_memory()
            .wait_until(|_| ready(Ok(())), &cancellation)
            .unwrap();
        assert_eq!(answered, Some(()));
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let handle = in_memory();
        for limit in [-1, 0, 101, i64::MAX, i64::MIN] {
            let refused: Result<Value, Error> =
                handle.wait(|operations| operations.events(None, Some(limit)));
            assert_eq!(refused.unwrap_err().code(), Code::InputInvalid, "{limit}");
        }
        let options = Options {
            token_lifetime: Some(-1),
            ..Options::default()
        };
        let refused = UserManagement::open(&":memory:".into(), options)
            .map(drop)
            .unwrap_err();
        assert_eq!(refused.code(), Code::ConfigInvalid);
        assert!(refused.message().starts_with("token_lifetime"), "{refused}");
    }
}
