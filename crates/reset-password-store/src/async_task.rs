//! Whether the calling thread may wait.

use std::{
    pin::pin,
    task::{Context, Waker},
};

use reset_password_core::store::StoreError;
use tokio::{runtime::Handle, task::coop};

/// So many times a task may go on before it must let others run (Tokio's budget is 128).
const BEYOND_EVERY_BUDGET: u32 = 256;

const INSIDE_A_TASK: &str = "this is a blocking call, made from inside an async task, whose thread must not \
    wait; use the async UserManagement there, or tokio::task::spawn_blocking";

/// Refuses a call that was made from inside an async task, before it waits for anything.
pub(crate) fn refuse() -> Result<(), StoreError> {
    if is_inside() {
        return Err(StoreError::Config(INSIDE_A_TASK.to_owned()));
    }
    Ok(())
}

/// Whether the call was made from inside an async task, whose thread must not wait. A thread that a runtime
/// keeps for blocking work may.
fn is_inside() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    // What tells the two apart is that a task has a budget, after which it is asked to let others run, and
    // blocking work has none. The call is refused if there is one, so the budget that this uses up is
    // no loss to the task.
    let mut context = Context::from_waker(Waker::noop());
    (0..BEYOND_EVERY_BUDGET).any(|_| pin!(coop::consume_budget()).poll(&mut context).is_pending())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_without_a_runtime_may_wait() {
        assert!(!is_inside());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_task_must_not_wait_and_blocking_work_may() {
        assert!(is_inside());
        let blocking = |work: fn() -> bool| async move { tokio::task::spawn_blocking(work).await };
        assert!(!blocking(is_inside).await.unwrap());
        assert!(!tokio::task::block_in_place(is_inside));
        assert!(tokio::spawn(async { is_inside() }).await.unwrap());
        assert!(!thread::spawn(is_inside).join().unwrap());
    }

    #[tokio::test]
    async fn the_same_on_a_runtime_of_one_thread() {
        assert!(is_inside());
        assert!(!tokio::task::spawn_blocking(is_inside).await.unwrap());
    }
}
