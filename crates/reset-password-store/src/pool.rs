//! One process's connections: made when they are needed, used by one call at a time, kept for the next.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reset_password_core::{Error, store::StoreError};

use crate::{
    async_task,
    sql::{Access, Connection, Driver},
};

/// How long a call waits for a connection before it is told to come back.
const WAIT: Duration = Duration::from_secs(5);

/// One process's connections to a database.
pub(crate) struct Pool {
    driver: Arc<dyn Driver>,
    lanes: Arc<Lanes>,
}

/// How many connections there are at one moment, and calls that wait for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Those that a call uses.
    pub in_use: usize,
    /// Those that are kept for the next call.
    pub idle: usize,
    /// Calls that wait for one.
    pub waiting: usize,
}

/// What is kept of the connections, apart from how they are made.
pub(crate) struct Lanes(Vec<Lane>);

/// Connections that serve the same kind of call.
struct Lane {
    most: usize,
    state: Mutex<State>,
    /// A use has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Box<dyn Connection>>,
    in_use: usize,
    /// Calls that wait for a connection, in the order in which they came: whoever calls in a tight loop would take
    /// it from those who sleep.
    line: VecDeque<Arc<Turn>>,
    /// How many wait for the end of uses: to tell nobody costs as much as to tell somebody.
    waiting: usize,
    /// No connection is kept any more.
    closed: bool,
    /// A fork is under way: no connection may be made before it is over.
    held: bool,
}

/// A call that waits for a connection.
#[derive(Default)]
struct Turn {
    has_come: AtomicBool,
    come: Condvar,
}

impl Pool {
    pub(crate) fn new(driver: Arc<dyn Driver>) -> Self {
        let lanes = driver.lanes().into_iter().map(|most| Lane {
            most,
            state: Mutex::default(),
            ended: Condvar::new(),
        });
        Self {
            lanes: Arc::new(Lanes(lanes.collect())),
            driver,
        }
    }

    /// For whoever must end the connections before a fork.
    pub(crate) const fn lanes(&self) -> &Arc<Lanes> {
        &self.lanes
    }

    /// How many there are now.
    pub(crate) fn connections(&self) -> Connections {
        let mut all = Connections::default();
        for lane in &self.lanes.0 {
            let state = lane.state();
            all.in_use += state.in_use;
            all.idle += state.idle.len();
            all.waiting += state.line.len();
        }
        all
    }

    /// A connection that nobody else uses.
    ///
    /// # Errors
    ///
    /// `overloaded` when none comes free in time, `config_invalid` inside an async task, and whatever making
    /// one fails with.
    pub(crate) fn acquire(self: &Arc<Self>, access: Access) -> Result<Pooled, StoreError> {
        async_task::refuse()?;
        let at = self.driver.lane(access);
        let lane = self
            .lanes
            .0
            .get(at)
            .ok_or(StoreError::Damaged("the pool"))?;
        let mut state = lane.take_a_place()?;
        let idle = state.idle.pop();
        drop(state);
        // A server may have closed it meanwhile.
        let idle = idle.filter(|connection| connection.is_usable());
        // From here on whatever happens gives the place back.
        let mut pooled = Pooled {
            pool: Arc::clone(self),
            lane: at,
            connection: idle,
        };
        if pooled.connection.is_none() {
            pooled.connection = Some(self.driver.connect(at)?);
        }
        Ok(pooled)
    }

    /// Ends every connection, each after its current use. Whoever asks for one later gets one that is not
    /// kept.
    pub(crate) fn close(&self) {
        for lane in &self.lanes.0 {
            let mut state = lane.state();
            state.closed = true;
            state.idle.clear();
            state.waiting += 1;
            let ended = lane.ended.wait_while(state, |state| state.in_use > 0);
            ended.unwrap_or_else(PoisonError::into_inner).waiting -= 1;
        }
    }

    fn give_back(&self, at: usize, connection: Option<Box<dyn Connection>>) {
        let usable = connection.filter(|connection| connection.is_usable());
        if usable.is_none() {
            // The server went away or does not write any more, and the other connections lead there too.
            for lane in &self.lanes.0 {
                let idle = std::mem::take(&mut lane.state().idle);
                drop(idle);
            }
        }
        if let Some(lane) = self.lanes.0.get(at) {
            let mut state = lane.state();
            state.in_use -= 1;
            if !state.closed {
                state.idle.extend(usable);
            }
            lane.let_in(&mut state);
            let is_awaited = state.waiting > 0;
            drop(state);
            if is_awaited {
                lane.ended.notify_all();
            }
        }
    }
}

impl Lanes {
    /// Ends every connection before a fork and lets none be made until [`resume`](Self::resume). Waits for
    /// calls that are under way, but not for ever: one may belong to the thread that forks.
    pub(crate) fn hold(&self) {
        for lane in &self.0 {
            let mut state = lane.state();
            state.held = true;
            state.waiting += 1;
            let ended = lane
                .ended
                .wait_timeout_while(state, WAIT, |state| state.in_use > 0);
            let (mut state, _) = ended.unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
            state.idle.clear();
        }
    }

    /// Goes on after a fork, in the parent.
    pub(crate) fn resume(&self) {
        for lane in &self.0 {
            let mut state = lane.state();
            state.held = false;
            lane.let_in(&mut state);
        }
    }
}

impl Lane {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place among those that use a connection, behind those that wait for one.
    ///
    /// # Errors
    ///
    /// `overloaded` when none comes free in time.
    fn take_a_place(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let mut state = self.state();
        if state.line.is_empty() && self.has_room(&state) {
            state.in_use += 1;
            return Ok(state);
        }
        let turn = Arc::new(Turn::default());
        state.line.push_back(Arc::clone(&turn));
        let waited = turn
            .come
            .wait_timeout_while(state, WAIT, |_| !turn.has_come());
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if turn.has_come() {
            return Ok(state);
        }
        state.line.retain(|other| !Arc::ptr_eq(other, &turn));
        Err(Error::overloaded(1).into())
    }

    /// Lets those in that have waited longest, as far as there is room.
    fn let_in(&self, state: &mut State) {
        while self.has_room(state)
            && let Some(turn) = state.line.pop_front()
        {
            state.in_use += 1;
            turn.has_come.store(true, Ordering::Relaxed);
            turn.come.notify_one();
        }
    }

    const fn has_room(&self, state: &State) -> bool {
        !state.held && state.in_use < self.most
    }
}

impl Turn {
    /// Whether it has come; asked under the lane's lock, under which it comes.
    fn has_come(&self) -> bool {
        self.has_come.load(Ordering::Relaxed)
    }
}

/// A connection for as long as a call uses it.
pub(crate) struct Pooled {
    pool: Arc<Pool>,
    lane: usize,
    /// There, but while it is being made.
    connection: Option<Box<dyn Connection>>,
}

impl Pooled {
    pub(crate) fn get(&mut self) -> Result<&mut (dyn Connection + 'static), StoreError> {
        self.connection
            .as_deref_mut()
            .ok_or(StoreError::Damaged("a connection that was just made"))
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.pool.give_back(self.lane, self.connection.take());
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
