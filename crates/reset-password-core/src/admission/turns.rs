//! Whose turn it is: who hashes, who waits, and in which order.
//!
//! Within a class turns are dealt out as in fair queueing: each account's callers are due one after the other,
//! and among accounts that are due at the same time each client's are. Where all places are taken, whoever is
//! due last goes (as in stochastic fairness queueing, 1990). So no account gets more than its share
//! while another one waits, and nobody keeps others out by asking more often.

use std::hash::{BuildHasher, RandomState};

use super::{capacity::Capacity, flows::Flows};

/// Callers that may wait for each hash that may run, in each class.
const PLACES_PER_SLOT: usize = 8;

/// What a caller has shown that wants to hash. Each class has places of its own to wait in, and one hash at
/// least that no other class can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It holds a live token or knows the password in force, or the application vouches for it. Goes first.
    Owner,
    /// Nothing: a login, a sign-up.
    Stranger,
}

/// Whom a hash is for, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The account: the id of a user, or the address that was typed.
    pub account: &'a str,
    /// The client, where the application names it.
    pub client: Option<&'a str>,
}

/// The number that a caller is known by.
pub(super) type Ticket = u64;

/// What came of a caller that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It may hash.
    Admitted,
    /// Its place was needed for one whose source has fewer.
    Displaced,
}

/// A caller that hashes or waits.
#[derive(Clone, Copy, Debug)]
struct Job {
    ticket: Ticket,
    class: Class,
    account: u64,
    client: u64,
    /// When it is due among accounts, and among clients.
    due: [u64; 2],
    memory_kib: u32,
}

/// The accounts and the clients of a class.
#[derive(Default)]
struct ClassFlows {
    accounts: Flows,
    clients: Flows,
}

/// The state of one process's hashing.
pub(super) struct Turns {
    capacity: Capacity,
    hashed: RandomState,
    running: Vec<Job>,
    /// In the order of arrival.
    waiting: Vec<Job>,
    flows: [ClassFlows; 2],
    next_ticket: Ticket,
}

impl Turns {
    pub(super) fn new(capacity: Capacity) -> Self {
        Self {
            capacity,
            hashed: RandomState::new(),
            running: Vec::new(),
            waiting: Vec::new(),
            flows: Default::default(),
            next_ticket: 0,
        }
    }

    /// A caller comes: its ticket, and for whom that decided something, itself among them.
    pub(super) fn arrive(
        &mut self,
        class: Class,
        source: Source<'_>,
        memory_kib: u32,
    ) -> (Ticket, Vec<(Ticket, Outcome)>) {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let account = self.hashed.hash_one(source.account);
        let client = self.hashed.hash_one(source.client);
        let flows = self.flows(class);
        let due = [flows.accounts.add(account), flows.clients.add(client)];
        self.waiting.push(Job {
            ticket,
            class,
            account,
            client,
            due,
            memory_kib,
        });
        let mut decided = self.advance();
        let waiting = self.waiting_of(class);
        if waiting.clone().count() > self.capacity.slots() * PLACES_PER_SLOT
            && let Some(last) = waiting.max_by_key(|job| (job.due, job.ticket))
        {
            let displaced = last.ticket;
            self.withdraw(displaced);
            decided.push((displaced, Outcome::Displaced));
        }
        (ticket, decided)
    }

    /// A caller is not there any more: it has hashed, or has waited long enough. Answers for whom that
    /// decided something.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Vec<(Ticket, Outcome)> {
        match take(&mut self.running, ticket) {
            Some(job) => {
                let flows = self.flows(job.class);
                flows.accounts.end(job.account);
                flows.clients.end(job.client);
            }
            None => self.withdraw(ticket),
        }
        self.advance()
    }

    fn withdraw(&mut self, ticket: Ticket) {
        if let Some(job) = take(&mut self.waiting, ticket) {
            let flows = self.flows(job.class);
            flows.accounts.withdraw(job.account);
            flows.clients.withdraw(job.client);
        }
    }

    /// Lets in whoever is next, as long as there is room.
    fn advance(&mut self) -> Vec<(Ticket, Outcome)> {
        let mut admitted = Vec::new();
        for class in [Class::Owner, Class::Stranger] {
            while let Some(job) = self.next(class).filter(|job| self.has_room_for(job)) {
                take(&mut self.waiting, job.ticket);
                let [account, client] = job.due;
                self.flows(class).accounts.begin(account);
                self.flows(class).clients.begin(client);
                self.running.push(job);
                admitted.push((job.ticket, Outcome::Admitted));
            }
        }
        admitted
    }

    fn next(&self, class: Class) -> Option<Job> {
        let waiting = self.waiting_of(class);
        waiting.min_by_key(|job| (job.due, job.ticket)).copied()
    }

    fn waiting_of(&self, class: Class) -> impl Iterator<Item = &Job> + Clone {
        self.waiting.iter().filter(move |job| job.class == class)
    }

    fn flows(&mut self, class: Class) -> &mut ClassFlows {
        let [owners, strangers] = &mut self.flows;
        match class {
            Class::Owner => owners,
            Class::Stranger => strangers,
        }
    }

    fn has_room_for(&self, job: &Job) -> bool {
        let running = |class| self.running.iter().filter(|job| job.class == class).count();
        let budget = self.capacity.budget_kib();
        let taken: u32 = self.running.iter().map(|job| job.memory_kib).sum();
        // What an owner's hash would take stays free for it, unless the job could never run so.
        let kept = match job.class {
            Class::Stranger if running(Class::Owner) == 0 => self.capacity.hash_kib,
            Class::Stranger | Class::Owner => 0,
        };
        let beside = job.memory_kib.saturating_add(kept);
        let needed = if beside > budget {
            job.memory_kib
        } else {
            beside
        };
        // An owner comes in beside strangers; a stranger waits for its place among all.
        let has_slot = match job.class {
            Class::Owner => running(Class::Owner) < self.capacity.slots(),
            Class::Stranger => self.running.len() < self.capacity.slots_for_strangers(),
        };
        has_slot
            && self.running.len() < self.capacity.slots_of_all()
            && taken.saturating_add(needed) <= budget
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn running(&self) -> usize {
        self.running.len()
    }
}

fn take(jobs: &mut Vec<Job>, ticket: Ticket) -> Option<Job> {
    let at = jobs.iter().position(|job| job.ticket == ticket)?;
    Some(jobs.remove(at))
}

#[cfg(test)]
#[path = "turns_tests.rs"]
mod tests;
