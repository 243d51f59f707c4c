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
    let (series, digest) = match fixture.database.server().map(|server| server.family()) {
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
    /// When this thread's transaction began to wait for its turn, and whether it spends a token.
    static BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
    static SPENDS: Cell<bool> = const { Cell::new(false) };
}

/// An engine that measures how long the transactions of its confirms take, waiting included.
fn measured(fixture: &Fixture) -> (Engine<Observed>, Arc<Mutex<Vec<Duration>>>) {
    let times = Arc::<Mutex<Vec<Duration>>>::default();
    let kept = Arc::clone(&times);
    let store = store(fixture.database.url(), &fixture.clock);
    let observed = Observed::new(store, move |step, moment| {
        match (step, moment) {
            ("begin", Moment::Before) => BEGAN.set(Some(now())),
            ("redeem", Moment::After) => SPENDS.set(true),
            ("commit", Moment::After) if SPENDS.take() => {
                let took = BEGAN.take().map(|began| began.elapsed());
                kept.lock().unwrap().extend(took);
            }
            _ => {}
        }
        Ok(())
    });
    (engine_on(observed, &fixture.clock, |_| {}), times)
}

fn sec88_many_dead_rows_go_while_confirms_go_on(fixture: &Fixture) {
    let dead = if long() { 1_000_000 } else { 20_000 };
    insert_resets(fixture, "dead", dead, 24 * HOUR + Duration::from_millis(1));
    insert_resets(fixture, "kept", 100, 24 * HOUR);
    let count = |name: &str| {
        let count = "SELECT count(*) FROM reset_password_resets WHERE id LIKE";
        fixture
            .database
            .value(&format!("{count} 'password_reset_{name}%'"))
    };
    assert_eq!(count("dead"), dead.to_string());
    let (engine, times) = measured(fixture);
    let (is_over, batches) = (AtomicBool::new(false), AtomicU64::new(0));
    let purge = || {
        let purger = fixture.another(|_| {});
        loop {
            let removed = purger.purge(BATCH).unwrap();
            assert!(removed.most() <= u64::from(BATCH), "{removed:?}");
            batches.fetch_add(1, Ordering::SeqCst);
            if removed.most() < u64::from(BATCH) {
                break;
            }
            thread::yield_now();
        }
        is_over.store(true, Ordering::SeqCst);
    };
    let confirms = thread::scope(|scope| {
        scope.spawn(purge);
        let confirm = |n: usize| {
            let email = format!("user{n}@example.com");
            engine.create_user(user(&email)).unwrap();
            let reset = engine.create_password_reset(&email).unwrap();
            engine
                .reset_password(text(&reset.password_reset_token), NEW)
                .unwrap();
        };
        let going_on = (0..).take_while(|_| !is_over.load(Ordering::SeqCst));
        going_on.map(confirm).count()
    });
    assert_eq!((count("dead"), count("kept")), ("0".into(), "100".into()));
    // Making resets sweeps some of them, too.
    assert!(batches.into_inner() > u64::from(dead / BATCH / 2));
    let mut times = std::mem::take(&mut *times.lock().unwrap());
    assert_eq!(times.len(), confirms);
    assert!(confirms > 0, "it was over at once");
    times.sort_unstable();
    let of = |part: usize| times[(times.len() - 1) * part / 100];
    println!(
        "{confirms} confirms beside {dead} dead rows: their transactions took {:?} in the middle, {:?} for one in a \
         hundred, {:?} at the most",
        of(50),
        of(99),
        of(100)
    );
}

#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
fn now() -> Instant {
    Instant::now()
}
