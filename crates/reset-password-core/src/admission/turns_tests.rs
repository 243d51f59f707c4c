//! Random arrivals and departures, and what holds after each of them.

use std::{collections::BTreeMap, num::NonZero};

use proptest::{prelude::*, sample::Index};

use super::{Class::*, *};

const HASH_KIB: u32 = 100;

#[derive(Clone, Debug)]
enum Step {
    Arrive {
        class: Class,
        account: u8,
        client: Option<u8>,
        memory_kib: u32,
    },
    /// One of those who are there.
    Leave(Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let class = prop_oneof![Just(Owner), Just(Stranger)];
    let memory_kib = prop_oneof![9 => Just(HASH_KIB), 1 => 1..700_u32];
    let client = prop::option::of(0..4_u8);
    let arrive =
        (class, 0..6_u8, client, memory_kib).prop_map(|(class, account, client, memory_kib)| {
            Step::Arrive {
                class,
                account,
                client,
                memory_kib,
            }
        });
    let leave = any::<Index>().prop_map(Step::Leave);
    prop::collection::vec(prop_oneof![3 => arrive, 2 => leave], 0..300)
}

fn capacity() -> impl Strategy<Value = Capacity> {
    (1..12_u32, 1..6_usize).prop_map(|(hashes, cores)| Capacity {
        budget_kib: hashes * HASH_KIB + 50,
        hash_kib: HASH_KIB,
        cores: NonZero::new(cores).unwrap(),
    })
}

fn of(jobs: &[Job], class: Class) -> impl Iterator<Item = &Job> {
    jobs.iter().filter(move |job| job.class == class)
}

/// What holds at every moment.
fn check(turns: &Turns) {
    let capacity = turns.capacity;
    let places = capacity.slots() * PLACES_PER_SLOT;
    let taken: u32 = turns.running.iter().map(|job| job.memory_kib).sum();
    assert!(taken <= capacity.budget_kib());
    assert!(turns.running.len() <= capacity.slots_of_all());
    for class in [Owner, Stranger] {
        assert!(of(&turns.running, class).count() <= capacity.slots());
        assert!(of(&turns.waiting, class).count() <= places);
        // Nobody waits for what is free.
        assert!(
            !turns
                .next(class)
                .is_some_and(|job| turns.has_room_for(&job))
        );
    }
    // Where the memory is enough for two, an owner whose hash is an ordinary one waits for no stranger.
    let is_ordinary = |job: &Job| job.memory_kib <= HASH_KIB;
    if turns.running.iter().all(is_ordinary)
        && capacity.slots_of_all() > 1
        && of(&turns.running, Owner).count() == 0
    {
        assert!(!turns.next(Owner).is_some_and(|job| is_ordinary(&job)));
    }
}

proptest! {
    #[test]
    fn sec99_admission_is_fair_and_bounded(capacity in capacity(), steps in steps()) {
        let mut turns = Turns::new(capacity);
        let mut accounts = BTreeMap::new();
        for step in steps {
            match step {
                Step::Arrive { class, account, client, memory_kib } => {
                    let name = account.to_string();
                    let client = client.map(|client| client.to_string());
                    let source = Source { account: &name, client: client.as_deref() };
                    let memory_kib = memory_kib.min(capacity.budget_kib());
                    let before = turns.waiting.clone();
                    let (ticket, decided) = turns.arrive(class, source, memory_kib);
                    accounts.insert(ticket, account);
                    for (lost, _) in decided.iter().filter(|(_, outcome)| *outcome == Outcome::Displaced) {
                        prop_assert_eq!(of(&before, class).count(), capacity.slots() * PLACES_PER_SLOT);
                        // An account without any other hash gets a place while another one has two.
                        let others = |jobs: &[Job], account| {
                            of(jobs, class).filter(|job| accounts[&job.ticket] == account).count()
                        };
                        let is_alone = others(&turns.running, account) + others(&before, account) == 0;
                        let most = (0..6).map(|account| others(&before, account)).max();
                        prop_assert!(*lost != ticket || !is_alone || most <= Some(1));
                    }
                }
                Step::Leave(which) => {
                    let jobs: Vec<_> = turns.running.iter().chain(&turns.waiting).collect();
                    if !jobs.is_empty() {
                        let ticket = which.get(&jobs).ticket;
                        turns.leave(ticket);
                        prop_assert!(turns.running.iter().chain(&turns.waiting).all(|job| job.ticket != ticket));
                    }
                }
            }
            check(&turns);
        }
    }
}

/// The accounts whose hashes are at work, one after the other, while nobody new comes.
fn order(turns: &mut Turns, names: &BTreeMap<Ticket, &'static str>) -> Vec<&'static str> {
    let mut order = Vec::new();
    while let Some(job) = turns.running.first().copied() {
        order.push(names[&job.ticket]);
        turns.leave(job.ticket);
    }
    order
}

fn one_slot() -> Turns {
    Turns::new(Capacity {
        budget_kib: HASH_KIB,
        hash_kib: HASH_KIB,
        cores: NonZero::new(1).unwrap(),
    })
}

fn arrive(
    turns: &mut Turns,
    class: Class,
    account: &str,
    client: Option<&str>,
) -> (Ticket, Vec<(Ticket, Outcome)>) {
    turns.arrive(class, Source { account, client }, HASH_KIB)
}

#[test]
fn accounts_take_turns_and_owners_go_first() {
    let (mut turns, mut names) = (one_slot(), BTreeMap::new());
    for (class, name) in [
        (Stranger, "eve"),
        (Stranger, "eve"),
        (Stranger, "eve"),
        (Stranger, "bob"),
        (Owner, "ada"),
        (Stranger, "bob"),
    ] {
        names.insert(arrive(&mut turns, class, name, None).0, name);
    }
    assert_eq!(
        order(&mut turns, &names),
        ["eve", "ada", "bob", "eve", "bob", "eve"]
    );
}

#[test]
fn among_equal_accounts_clients_take_turns() {
    let (mut turns, mut names) = (one_slot(), BTreeMap::new());
    for (account, client) in [
        ("1", "eve"),
        ("2", "eve"),
        ("3", "eve"),
        ("4", "bob"),
        ("5", "bob"),
    ] {
        names.insert(
            arrive(&mut turns, Stranger, account, Some(client)).0,
            account,
        );
    }
    assert_eq!(order(&mut turns, &names), ["1", "4", "2", "5", "3"]);
}

#[test]
fn who_asks_most_loses_the_last_place() {
    let mut turns = one_slot();
    for _ in 0..9 {
        let (_, decided) = arrive(&mut turns, Stranger, "eve", None);
        assert!(
            decided
                .iter()
                .all(|(_, outcome)| *outcome == Outcome::Admitted)
        );
    }
    let (tenth, decided) = arrive(&mut turns, Stranger, "eve", None);
    assert_eq!(decided, [(tenth, Outcome::Displaced)]);
    let last_of_eve = turns.waiting.last().unwrap().ticket;
    let (_, decided) = arrive(&mut turns, Stranger, "ada", None);
    assert_eq!(decided, [(last_of_eve, Outcome::Displaced)]);
}
