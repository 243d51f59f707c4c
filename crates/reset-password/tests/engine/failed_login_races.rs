//! Failed logins at one moment: many threads, several processes, and right passwords among the wrong ones.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use reset_password::{Code, Timestamp};
use reset_password_core::{Argon2Params, Config, Engine, password::hash};
use reset_password_store::SqlStore;

use crate::{
    failed_logins::{ADA, INVALID, NOBODY, Told, WRONG, delayed, fail, fail_times, log_in},
    support::{
        Backend, Fixture, Kind, OLD, TestClock, engine, said_by, user, wait_for_all, worker_on,
        worker_role,
    },
};

on_each_database!(
    sec22_of_200_guesses_at_once_few_are_looked_at,
    sec22_of_many_guesses_after_a_delay_one_is_looked_at,
    sec22_four_processes_that_guess_share_the_free_ones,
    sec22_a_right_guess_that_comes_too_late_is_no_login,
    sec22_a_login_beside_few_failures_is_one,
    sec22_what_was_not_looked_at_is_not_counted,
);

/// How often each answer came.
type Answers = BTreeMap<Option<Told>, usize>;

/// So many logins at one moment, by these engines in turn.
fn at_once(engines: &[&Engine<SqlStore>], email: &str, passwords: &[&str]) -> Answers {
    let together = Barrier::new(passwords.len());
    thread::scope(|scope| {
        let guesses: Vec<_> = passwords
            .iter()
            .enumerate()
            .map(|(n, password)| {
                let (together, engine) = (&together, engines[n % engines.len()]);
                scope.spawn(move || {
                    together.wait();
                    log_in(engine, email, password).err()
                })
            })
            .collect();
        let mut answers = Answers::new();
        for guess in guesses {
            *answers.entry(guess.join().unwrap()).or_default() += 1;
        }
        answers
    })
}

fn count(answers: &Answers, told: Told) -> usize {
    answers.get(&Some(told)).copied().unwrap_or(0)
}

fn failures(fixture: &Fixture) -> usize {
    let failures = "SELECT coalesce(max(failures), 0) FROM reset_password_failures";
    fixture.database.value(failures).parse().unwrap()
}

fn sec22_of_200_guesses_at_once_few_are_looked_at(fixture: &Fixture) {
    let engines = [(); 2].map(|()| fixture.another(large));
    guess_at_once(fixture, [&engines[0], &engines[1]]);
}

/// A machine on which all of them could hash or wait for it.
fn large(config: &mut Config) {
    config.cores = NonZero::new(16).unwrap();
}

#[test]
fn sec22_of_200_guesses_at_once_few_are_looked_at_at_each_isolation() {
    for kind in [Kind::Postgres15, Kind::MariaDb10_11] {
        for isolation in ["repeatable-read", "serializable"] {
            let fixture = Fixture::on(Backend::Server(kind));
            let url = format!("{}?isolation={isolation}", fixture.database.url());
            let engines = [(); 2].map(|()| engine(&url, &fixture.clock, large));
            guess_at_once(&fixture, [&engines[0], &engines[1]]);
        }
    }
}

/// Whatever was hashed, no more is told than was counted.
fn guess_at_once(fixture: &Fixture, engines: [&Engine<SqlStore>; 2]) {
    fixture.ada();
    for email in [ADA, NOBODY] {
        let hashes = || engines.map(Engine::hashes_started).iter().sum::<u64>();
        let before = hashes();
        let answers = at_once(&engines, email, &[WRONG; 200]);
        let looked_at = count(&answers, INVALID);
        assert!((5..=6).contains(&looked_at), "{answers:?}");
        let known = [
            Code::InvalidCredentials,
            Code::RateLimited,
            Code::Overloaded,
        ];
        let mut codes = answers.keys().map(|answer| answer.unwrap().0);
        assert!(codes.all(|code| known.contains(&code)), "{answers:?}");
        assert!(hashes() - before <= 100, "{} hashes", hashes() - before);
        assert_eq!(failures(fixture), looked_at);
        fixture.database.rows("DELETE FROM reset_password_failures");
    }
}

fn sec22_of_many_guesses_after_a_delay_one_is_looked_at(fixture: &Fixture) {
    fixture.ada();
    let other = fixture.another(|_| {});
    fail_times(fixture, ADA, 6);
    let engines = [&fixture.engine, &other];
    for seconds in [1, 2, 4] {
        fixture.clock.advance(Duration::from_secs(seconds));
        let before = engines.map(Engine::hashes_started).iter().sum::<u64>();
        let answers = at_once(&engines, ADA, &[WRONG; 40]);
        let after = engines.map(Engine::hashes_started).iter().sum::<u64>();
        let next = delayed(u32::try_from(2 * seconds).unwrap());
        assert_eq!(
            (count(&answers, INVALID), count(&answers, next)),
            (1, 39),
            "{answers:?}"
        );
        assert_eq!(after - before, 1);
    }
    assert_eq!(failures(fixture), 9);
    fixture.clock.advance(Duration::from_secs(8));
    let answers = at_once(&engines, ADA, &[OLD; 40]);
    assert!(
        answers.contains_key(&None),
        "the right password is refused: {answers:?}"
    );
}

fn sec22_four_processes_that_guess_share_the_free_ones(fixture: &Fixture) {
    fixture.ada();
    let folder = fixture.folder.path();
    let workers: Vec<_> = (0..4)
        .map(|n| {
            let test = "failed_login_races::guessing";
            worker_on(test, fixture.database.url(), folder, &n.to_string())
        })
        .collect();
    let said: Vec<_> = workers.into_iter().map(said_by).collect();
    let looked_at: usize = said
        .iter()
        .map(|said| {
            let (_, number) = said.split_once("looked at: ").unwrap();
            number
                .split_whitespace()
                .next()
                .unwrap()
                .parse::<usize>()
                .unwrap()
        })
        .sum();
    assert!((5..=6).contains(&looked_at), "{said:?}");
    assert_eq!(failures(fixture), looked_at);
}

/// A worker process of the test above.
#[test]
fn guessing() {
    let Some(role) = worker_role() else { return };
    let clock = TestClock::at(Timestamp::from_unix_millis(1_800_000_000_000));
    let engine = engine(&role.database, &clock, |_| {});
    wait_for_all(&role, "ready", 4);
    let answers = at_once(&[&engine], ADA, &[WRONG; 20]);
    println!("\nlooked at: {}", count(&answers, INVALID));
}

/// The hash of a password that came from elsewhere, and is replaced at a login.
fn outdated() -> String {
    let params = Argon2Params::new(12_288, 3).unwrap();
    hash::compute(params, &mut hash::Arena::new(), OLD.as_bytes(), &[7; 16]).unwrap()
}

/// Somebody else has used up the free ones while it was looked at.
fn sec22_a_right_guess_that_comes_too_late_is_no_login(fixture: &Fixture) {
    let mut ada = user(ADA);
    ada.password_hash = Some(outdated().into());
    fixture.engine.create_user(ada).unwrap();
    let other = Arc::new(fixture.another(|_| {}));
    let before = fixture.dump("reset_password_users");
    fixture.clock.at_look(1, move || {
        for _ in 0..6 {
            assert_eq!(log_in(&other, ADA, WRONG), Err(INVALID));
        }
    });
    assert_eq!(log_in(&fixture.engine, ADA, OLD), Err(delayed(1)));
    assert!(fixture.clock.was_looked_at());
    assert_eq!(
        fixture.dump("reset_password_users"),
        before,
        "it has left a trace"
    );
    fixture.clock.advance(Duration::from_secs(1));
    log_in(&fixture.engine, ADA, OLD).unwrap();
    assert_ne!(fixture.dump("reset_password_users"), before);
}

/// Four that failed while it was looked at are free, five ask for another look.
fn sec22_a_login_beside_few_failures_is_one(fixture: &Fixture) {
    fixture.ada();
    for (others, hashes) in [(4, 1), (5, 2)] {
        let other = fixture.another(|_| {});
        let before = fixture.engine.hashes_started();
        fixture.clock.at_look(1, move || {
            for _ in 0..others {
                assert_eq!(log_in(&other, ADA, WRONG), Err(INVALID));
            }
        });
        log_in(&fixture.engine, ADA, OLD).unwrap();
        assert!(fixture.clock.was_looked_at());
        assert_eq!(fixture.engine.hashes_started() - before, hashes);
        fixture.database.rows("DELETE FROM reset_password_failures");
    }
}

/// While there is no room to hash, an attempt comes to nothing and is given back.
fn sec22_what_was_not_looked_at_is_not_counted(fixture: &Fixture) {
    fixture.ada();
    fail_times(fixture, ADA, 6);
    fixture.clock.advance(Duration::from_secs(1));
    let mut slow = user("slow@example.com");
    slow.password_hash =
        Some("$2b$16$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i".into());
    fixture.engine.create_user(slow).unwrap();
    let small = fixture.another(|config| {
        config.cores = NonZero::<usize>::MIN;
        config.memory_budget_kib = 1;
    });
    let before = fixture.dump("reset_password_failures");
    thread::scope(|scope| {
        let slow = scope.spawn(|| log_in(&small, "slow@example.com", WRONG));
        while small.hashes_started() == 0 {
            thread::yield_now();
        }
        let overloaded = (Code::Overloaded, Some(2));
        assert_eq!(log_in(&small, ADA, OLD), Err(overloaded));
        assert!(!slow.is_finished());
        assert_eq!(fixture.dump("reset_password_failures"), before);
        assert_eq!(slow.join().unwrap(), Err(INVALID));
    });
    assert_eq!(fail(fixture, ADA), INVALID, "it was counted");
    assert_eq!(fail(fixture, ADA), delayed(2));
}
