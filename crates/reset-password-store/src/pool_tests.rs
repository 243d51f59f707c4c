//! Who gets a connection, and when.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password_core::{Code, Error};

use super::{Connections, Pool, Pooled};
use crate::sql::{Access, Connection, Driver, Param, Row, SqlError, Statement};

/// Connections that do nothing, of which there may be so many.
struct Idle {
    most: usize,
    made: AtomicUsize,
}

struct Nothing;

impl Connection for Nothing {
    fn execute(&mut self, _: &Statement, _: &[Param<'_>]) -> Result<u64, SqlError> {
        Ok(0)
    }

    fn query(&mut self, _: &Statement, _: &[Param<'_>]) -> Result<Vec<Row>, SqlError> {
        Ok(Vec::new())
    }

    fn begin(&mut self) -> Result<(), SqlError> {
        Ok(())
    }

    fn commit(&mut self) -> Result<(), SqlError> {
        Ok(())
    }

    fn roll_back(&mut self) {}

    fn is_usable(&self) -> bool {
        true
    }
}

impl Driver for Idle {
    fn lanes(&self) -> Vec<usize> {
        vec![self.most]
    }

    fn lane(&self, _: Access) -> usize {
        0
    }

    fn connect(&self, _: usize) -> Result<Box<dyn Connection>, SqlError> {
        self.made.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Nothing))
    }
}

fn pool(most: usize) -> (Arc<Idle>, Arc<Pool>) {
    let driver = Arc::new(Idle {
        most,
        made: AtomicUsize::new(0),
    });
    (Arc::clone(&driver), Arc::new(Pool::new(driver)))
}

fn acquire(pool: &Arc<Pool>) -> Pooled {
    pool.acquire(Access::Read).unwrap()
}

fn until_waiting(pool: &Pool, calls: usize) {
    while pool.lanes.0[0].state().line.len() != calls {
        thread::park_timeout(Duration::from_millis(1));
    }
}

#[test]
fn whoever_has_waited_longest_is_next() {
    let (_, pool) = pool(1);
    let order = Mutex::new(Vec::new());
    assert_eq!(pool.connections(), Connections::default());
    let first = acquire(&pool);
    thread::scope(|scope| {
        for n in 0..8 {
            let (pool, order) = (&pool, &order);
            scope.spawn(move || {
                let connection = acquire(pool);
                order.lock().unwrap().push(n);
                drop(connection);
            });
            until_waiting(pool, n + 1);
        }
        let most = Connections {
            in_use: 1,
            idle: 0,
            waiting: 8,
        };
        assert_eq!(pool.connections(), most);
        drop(first);
        // Whoever comes now is behind all of them.
        drop(acquire(&pool));
        order.lock().unwrap().push(8);
    });
    assert_eq!(order.into_inner().unwrap(), (0..9).collect::<Vec<_>>());
    let kept = Connections {
        idle: 1,
        ..Connections::default()
    };
    assert_eq!(pool.connections(), kept);
}

#[test]
fn who_waits_in_vain_leaves_the_line() {
    let (_, pool) = pool(1);
    let held = acquire(&pool);
    let refused = thread::scope(|scope| {
        let waits = || pool.acquire(Access::Read).err();
        scope.spawn(waits).join().unwrap()
    });
    let refused: Error = refused.unwrap().into();
    assert_eq!(refused.code(), Code::Overloaded);
    assert!(pool.lanes.0[0].state().line.is_empty());
    drop(held);
    drop(acquire(&pool));
    assert_eq!(pool.lanes.0[0].state().in_use, 0);
}

#[test]
fn a_fork_lets_nobody_in_before_it_is_over() {
    let (driver, pool) = pool(2);
    drop(acquire(&pool));
    pool.lanes().hold();
    thread::scope(|scope| {
        let waits = scope.spawn(|| drop(acquire(&pool)));
        until_waiting(&pool, 1);
        assert_eq!(driver.made.load(Ordering::SeqCst), 1);
        pool.lanes().resume();
        waits.join().unwrap();
    });
    // What was kept before the fork is not used after it.
    assert_eq!(driver.made.load(Ordering::SeqCst), 2);
}
