//! The order among those of one class, by start-time fair queueing (Goyal, Vin and Cheng, 1996): each flow's
//! next job is due one step after its last one, and a flow that comes anew is due now.

use std::collections::HashMap;

/// Flows by the hash of their name, as long as they have jobs.
#[derive(Default)]
pub(super) struct Flows {
    /// When the job was due that was let in last.
    now: u64,
    flows: HashMap<u64, Flow>,
}

#[derive(Default)]
struct Flow {
    jobs: usize,
    /// When the next job is due, at the earliest.
    next: u64,
}

impl Flows {
    /// One more job of a flow: when it is due.
    pub(super) fn add(&mut self, flow: u64) -> u64 {
        let flow = self.flows.entry(flow).or_default();
        let due = flow.next.max(self.now);
        flow.jobs += 1;
        flow.next = due + 1;
        due
    }

    /// A job is let in that was due then.
    pub(super) fn begin(&mut self, due: u64) {
        self.now = self.now.max(due);
    }

    /// A job has ended.
    pub(super) fn end(&mut self, flow: u64) {
        if let Some(present) = self.flows.get_mut(&flow) {
            present.jobs -= 1;
            if present.jobs == 0 {
                self.flows.remove(&flow);
            }
        }
    }

    /// A job goes that was never let in: it has cost nothing.
    pub(super) fn withdraw(&mut self, flow: u64) {
        if let Some(present) = self.flows.get_mut(&flow) {
            present.next -= 1;
        }
        self.end(flow);
    }
}
