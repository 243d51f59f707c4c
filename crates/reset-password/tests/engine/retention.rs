//! What is dead goes, however much of it there is, and what lives does not notice.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use reset_password_core::{Clock, Engine};

use crate::support::{
    Family, Fixture, NEW, engine_on, long,
    observed::{Moment, Observed},
    store, text, user,
};

on_each_database!(sec88_many_dead_rows_go_while_confirms_go_on);

/// Rows of each kind that are removed at a time: as the service does it.
const BATCH: u32 = 1_000;

const HOUR: Duration = Duration::from_hours(1);

/// Resets that ended so long ago.
fn insert_resets(fixture: &Fixture, name: &str, count: u32, ended: Duration) {
    let (series, digest) = match fixture
        .database
        .server()
        .map(reset_password_test_databases::Server::family)
    {
        None => (
            format!(
                "(WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s LIMIT {count}) SELECT n FROM s)"
            ),
            "randomblob(32)",
        ),
        Some(Family::Postgres) => (
            format!("generate_series(1, {count}) AS s(n)"),
            "sha256((n || 'NAME')::bytea)",
        ),
        Some(Family::MariaDb) => (
            format!("(SELECT seq AS n FROM seq_1_to_{count}) AS s"),
            "unhex(sha2(concat(n, 'NAME'), 256))",
        ),
    };
    let digest = digest.replace("NAME", name);
    let (end, nothing) = (
        fixture.clock.now().before(ended).unix_millis(),
        fixture.bytes(&[0; 32]),
    );
    fixture.database.rows(&format!(
        "INSERT INTO reset_password_resets \
         (id, user_id, version, digest, key_id, fingerprint, created_at, expires_at, used_at) \
         SELECT concat('password_reset_{name}_', n), concat('user_{name}_', n), 1, {digest}, 'key', {nothing}, \
         {end}, {end}, {end} FROM {series}"
    ));
}

thread_local! {
    /// When this thread's transaction began to wait for its turn, how many batches had been removed by then, and
    /// whether it spends a token.
    static BEGAN: Cell<Option<(Instant, u64)>> = const { Cell::new(None) };
    static SPENDS: Cell<bool> = const { Cell::new(false) };
}

/// How long the transactions of confirms took, waiting included, and in how many batches meanwhile.
#[derive(Default)]
struct Measured {
    batches: AtomicU64,
    confirms: Mutex<Vec<(Duration, u64)>>,
}

/// An engine that is measured.
fn measured(fixture: &Fixture) -> (Engine<Observed>, Arc<Measured>) {
    let measured = Arc::<Measured>::default();
    let kept = Arc::clone(&measured);
    let store = store(fixture.database.url(), &fixture.clock);
    let observed = Observed::new(store, move |step, moment| {
        let batches = || kept.batches.load(Ordering::SeqCst);
        match (step, moment) {
            ("begin", Moment::Before) => BEGAN.set(Some((now(), batches()))),
            ("purge_resets", Moment::After) => {
                kept.batches.fetch_add(1, Ordering::SeqCst);
            }
            ("redeem", Moment::After) => SPENDS.set(true),
            ("commit", Moment::After) if SPENDS.take() => {
                let (began, before) = BEGAN.take().unwrap();
                let took = (began.elapsed(), batches() - before);
                kept.confirms.lock().unwrap().push(took);
            }
            _ => {}
        }
        Ok(())
    });
    (engine_on(observed, &fixture.clock, |_| {}), measured)
}

fn sec88_many_dead_rows_go_while_confirms_go_on(fixture: &Fixture) {
    let (dead, tokens) = if long() {
        (1_000_000, 2_000)
    } else {
        (20_000, 60)
    };
    let (engine, measured) = measured(fixture);
    // Made before: making one sweeps, too.
    let token = |n| {
        let email = format!("user{n}@example.com");
        engine.create_user(user(&email)).unwrap();
        let reset = engine.create_password_reset(&email).unwrap();
        text(&reset.password_reset_token).to_owned()
    };
    let tokens: Vec<_> = (0..tokens).map(token).collect();
    insert_resets(fixture, "dead", dead, 24 * HOUR + Duration::from_millis(1));
    insert_resets(fixture, "kept", 100, 24 * HOUR);
    let count = |name: &str| {
        let count = "SELECT count(*) FROM reset_password_resets WHERE id LIKE";
        let count = format!("{count} 'password_reset_{name}%'");
        fixture.database.value(&count).parse::<u32>().unwrap()
    };
    assert_eq!((count("dead"), count("kept")), (dead, 100));
    let is_over = AtomicBool::new(false);
    // By the same engine, as in the service.
    let purge = || {
        loop {
            let purged = engine.purge(BATCH).unwrap();
            assert!(purged.most() <= u64::from(BATCH), "{purged:?}");
            if purged.most() == 0 {
                break;
            }
            thread::yield_now();
        }
        is_over.store(true, Ordering::SeqCst);
    };
    thread::scope(|scope| {
        scope.spawn(purge);
        for token in &tokens {
            if is_over.load(Ordering::SeqCst) {
                break;
            }
            engine.reset_password(token, NEW).unwrap();
        }
    });
    assert_eq!((count("dead"), count("kept")), (0, 100));
    let mut confirms = measured.confirms.lock().unwrap().clone();
    assert!(!confirms.is_empty(), "it was over at once");
    confirms.sort_unstable();
    let of = |part: usize| confirms[(confirms.len() - 1) * part / 100].0;
    let most = confirms.iter().map(|(_, batches)| *batches).max();
    println!(
        "{} confirms beside {dead} dead rows: their transactions took {:?} in the middle, {:?} for one in a hundred, {:?} \
         and {most:?} batches at the most",
        confirms.len(),
        of(50),
        of(99),
        of(100),
    );
    if long() {
        assert!(of(99) < Duration::from_millis(100), "confirms had to wait");
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
fn now() -> Instant {
    Instant::now()
}
