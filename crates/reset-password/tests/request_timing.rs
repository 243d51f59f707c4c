//! How long a public request takes says nothing of whose address it is (CWE-208).
//!
//! The proof is by counters, in `engine::requests` and `engine::round_trips`: the same steps, rows and trips. Here it
//! is measured, in release builds and the long run, after Reparaz, Balasch and Verbauwhede, "Dude, is my code constant
//! time?" (2017): classes interleaved at random, the fat tail cropped at many thresholds, Welch's t for each.

mod support;

use std::{hint::black_box, time::Duration};

use reset_password_core::{
    Engine,
    store::{UserKey, UserReads},
};
use reset_password_store::SqlStore;
use support::{Fixture, user};

/// Addresses of each class, asked for in turn.
const ADDRESSES: usize = 1_000;
/// What is measured of each class, and what warms up before it.
const SAMPLES: usize = 100_000;
const WARM_UP: usize = 10_000;
/// Accounts in the database.
const ACCOUNTS: usize = 100_000;
/// Largest |t| at which two classes are alike, and least at which they are not.
const ALIKE: f64 = 4.5;

/// What is compared with a request for an address that nobody has.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    /// For an address that somebody has.
    Known,
    /// For another one that nobody has: must look the same.
    Unknown,
    /// For one that somebody has, and one look-up more: must be seen.
    Leaky,
    /// What they are held against.
    Reference,
}

const CLASSES: [Class; 4] = [Class::Known, Class::Unknown, Class::Leaky, Class::Reference];

impl Class {
    /// Of the same length in each class.
    fn address(self, n: usize) -> String {
        let name = match self {
            Self::Known => "known",
            Self::Unknown => "other",
            Self::Leaky => "leaky",
            Self::Reference => "never",
        };
        format!("{name}{n:06}@example.com")
    }
}

#[test]
fn sec25_timing() {
    if cfg!(debug_assertions) || !support::long() {
        println!("measured in release builds, in the long run");
        return;
    }
    let fixture = Fixture::new();
    for n in 0..ACCOUNTS {
        let class = if n % 2 == 0 {
            Class::Known
        } else {
            Class::Leaky
        };
        let known = user(&class.address(n / 2));
        fixture.engine.create_user(known).unwrap();
    }
    let mut verdicts = Vec::new();
    for _ in 0..3 {
        let times = measure(&fixture);
        let [known, unknown, leaky, reference] = &times;
        let t = [known, unknown, leaky].map(|class| largest_t(class, reference));
        let apart = trimmed_mean(known) - trimmed_mean(reference);
        println!(
            "{SAMPLES} of each: |t| known {:.1}, alike {:.1}, one look-up more {:.1}; known and unknown lie {apart:.2} µs apart \
             of {:.1} µs",
            t[0],
            t[1],
            t[2],
            trimmed_mean(reference)
        );
        verdicts.push(t);
    }
    assert!(
        verdicts.iter().all(|t| t[2] > ALIKE),
        "what leaks was not seen: {verdicts:?}"
    );
    for class in [0, 1] {
        let alike = verdicts.iter().filter(|t| t[class] < ALIKE).count();
        assert!(alike >= 2, "{verdicts:?}");
        assert!(verdicts.iter().all(|t| t[class] < 10.0), "{verdicts:?}");
    }
}

/// Microseconds of each class.
fn measure(fixture: &Fixture) -> [Vec<f64>; 4] {
    let mut random = Coin(
        fixture
            .engine
            .config()
            .clock
            .now()
            .unix_millis()
            .unsigned_abs()
            | 1,
    );
    let mut times = [const { Vec::new() }; 4];
    let mut asked = [0; 4];
    while times.iter().any(|times| times.len() < SAMPLES + WARM_UP) {
        let class = random.of_four();
        let address = CLASSES[class].address(asked[class] % ADDRESSES);
        asked[class] += 1;
        times[class].push(ask(&fixture.engine, CLASSES[class], &address));
        // Each address is asked for again when its links have ended and its day is over.
        fixture.clock.advance(Duration::from_mins(1));
    }
    times.map(|times| times[WARM_UP..][..SAMPLES].to_vec())
}

#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
fn ask(engine: &Engine<SqlStore>, class: Class, address: &str) -> f64 {
    let began = std::time::Instant::now();
    let reset = engine.request_password_reset(black_box(address)).unwrap();
    if class == Class::Leaky {
        black_box(engine.store().find_user(UserKey::EmailLookup(address))).unwrap();
    }
    let took = began.elapsed();
    let is_known = matches!(class, Class::Known | Class::Leaky);
    assert_eq!(reset.is_some(), is_known, "{address}");
    took.as_secs_f64() * 1e6
}

/// Marsaglia's xorshift, for the order of classes.
struct Coin(u64);

impl Coin {
    fn of_four(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 62).unwrap()
    }
}

/// The largest |t| of two classes: as they are, squared about their means, and cropped at a hundred thresholds.
fn largest_t(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<f64> = a.iter().chain(b).copied().collect();
    all.sort_by(f64::total_cmp);
    let cropped = (1..=100).map(|n| {
        let share = 1.0 - 0.5_f64.powf(10.0 * f64::from(n) / 100.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list"
        )]
        let most = all[(share * (all.len() - 1) as f64) as usize];
        let below = |times: &[f64]| -> Vec<f64> {
            times.iter().copied().filter(|time| *time <= most).collect()
        };
        welch(&below(a), &below(b))
    });
    let squared = |times: &[f64]| -> Vec<f64> {
        let (mean, ..) = moments(times);
        times.iter().map(|time| (time - mean).powi(2)).collect()
    };
    let whole = [welch(a, b), welch(&squared(a), &squared(b))];
    cropped.chain(whole).fold(0.0, f64::max)
}

/// Welch's |t|; nothing can be said of few.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    if a.len().min(b.len()) < 10_000 {
        return 0.0;
    }
    let ((mean_a, error_a), (mean_b, error_b)) = (moments(a), moments(b));
    (mean_a - mean_b).abs() / (error_a + error_b).sqrt()
}

/// The mean, and the square of its standard error.
#[expect(clippy::cast_precision_loss, reason = "there are not so many")]
fn moments(times: &[f64]) -> (f64, f64) {
    let n = times.len() as f64;
    let mean = times.iter().sum::<f64>() / n;
    let squares = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>();
    (mean, squares / (n - 1.0) / n)
}

/// The mean of what lies between the 5th and the 95th percentile.
fn trimmed_mean(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let cut = times.len() / 20;
    moments(&times[cut..times.len() - cut]).0
}
