//! What two things take, measured in turns.

use reset_password_test_service::now;

/// The middle of what each of two things takes, in microseconds, measured in turns.
#[must_use]
pub fn medians(
    rounds: usize,
    mut one: impl FnMut(usize),
    mut other: impl FnMut(usize),
) -> [u128; 2] {
    let mut taken = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for side in [round % 2, 1 - round % 2] {
            let began = now();
            if side == 0 {
                one(round);
            } else {
                other(round);
            }
            taken[side].push(began.elapsed().as_micros());
        }
    }
    taken.map(|mut taken| {
        taken.sort_unstable();
        taken[rounds / 2]
    })
}
