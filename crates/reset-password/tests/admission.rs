//! Bounded memory, bounded work: nobody without a live token starts a hash.

mod support;

use std::sync::Arc;

use reset_password::{Code, Options, UserManagement};
use support::{NEW, bench, run_worker, text, url, user, worker_role};

const CALLERS: usize = 500;
const BUDGET_KIB: u64 = 256 * 1_024;

/// A clean process, so that its memory is its own.
#[test]
fn sec99_500_callers_stay_within_the_budget() {
    let said = run_worker("crowd", "crowd", "crowd: done");
    println!("{said}");
}

#[test]
fn crowd() {
    let Some((folder, _)) = worker_role() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = Options {
            memory_budget_kib: 256 * 1_024,
            ..Options::default()
        };
        let users = Arc::new(UserManagement::open(&url(&folder), options).await.unwrap());
        let mut resets = Vec::new();
        for n in 0..CALLERS {
            let email = format!("user{n}@example.com");
            users.create_user(user(&email)).await.unwrap();
            resets.push((
                email.clone(),
                users.create_password_reset(&email).await.unwrap(),
            ));
        }
        // One of the accounts has an imported hash that asks for 1 GiB.
        let hungry = "$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$\
                      AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let mut import = user("hungry@example.com");
        import.password_hash = Some(hungry.into());
        users.create_user(import).await.unwrap();

        let mut callers = Vec::new();
        for (_, reset) in &resets {
            let (users, token) = (
                Arc::clone(&users),
                text(&reset.password_reset_token).to_owned(),
            );
            callers.push(tokio::spawn(async move {
                users.reset_password(&token, NEW).await
            }));
        }
        let login = users.authenticate_with_password("hungry@example.com", "anything at all");
        let login = login.await.unwrap_err();
        assert!([Code::InvalidCredentials, Code::Overloaded].contains(&login.code()));
        let mut done = 0;
        let mut waiting = Vec::new();
        for (caller, reset) in callers.into_iter().zip(&resets) {
            match caller.await.unwrap() {
                Ok(_) => done += 1,
                Err(error) => {
                    assert_eq!(error.code(), Code::Overloaded);
                    assert!(error.retry_after().is_some());
                    waiting.push(reset);
                }
            }
        }
        assert!(done > 0 && done < CALLERS, "{done} were served at once");
        for (_, reset) in &waiting {
            let alive = users.get_password_reset(&reset.id).await.unwrap();
            assert_eq!(
                text(&alive.password_reset_token),
                text(&reset.password_reset_token)
            );
        }
        let late = if support::long() { waiting.len() } else { 12 };
        for (email, reset) in waiting.into_iter().take(late) {
            users
                .reset_password(text(&reset.password_reset_token), NEW)
                .await
                .unwrap();
            assert!(users.authenticate_with_password(email, NEW).await.is_ok());
        }
        let login = users
            .authenticate_with_password("hungry@example.com", "anything at all")
            .await;
        assert_eq!(login.unwrap_err().code(), Code::InvalidCredentials);
        let peak = peak_kib();
        println!("\npeak resident memory: {peak} KiB, {done} of {CALLERS} served at once");
        assert!(peak <= BUDGET_KIB + 64 * 1_024, "{peak} KiB");
        tokio::time::sleep(std::time::Duration::from_secs(21)).await;
        let rest = resident_kib();
        println!("resident memory at rest: {rest} KiB");
        assert!(
            rest < 64 * 1_024,
            "working memory was not freed: {rest} KiB"
        );
        println!("crowd: done");
    });
}

fn peak_kib() -> u64 {
    status_kib("VmHWM:")
}

fn resident_kib() -> u64 {
    status_kib("VmRSS:")
}

fn status_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Limits by client address and the stages of pages wait for HTTP.
#[tokio::test]
async fn sec36_no_hash_without_token() {
    let bench = bench().await;
    bench.ada().await;
    let expired = bench.token("ada@example.com").await;
    bench.clock.advance(std::time::Duration::from_mins(30));
    let hashes = bench.engine.hashes_started();
    for n in 0..10_000_u32 {
        let token = match n % 3 {
            0 => text(
                &reset_password_core::Token::generate(&support::OsRandom)
                    .unwrap()
                    .reveal(),
            )
            .to_owned(),
            1 => expired.clone(),
            _ => format!("garbage {n}"),
        };
        assert!(bench.engine.reset_password(&token, NEW).await.is_err());
    }
    assert_eq!(bench.engine.hashes_started(), hashes);
}
