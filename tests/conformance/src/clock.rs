//! The clock of this machine: for deadlines, for moments that answers hold, and for calls that begin at
//! one moment.

use std::{
    hint, thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "answers are held against the real time"
)]
pub fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Now, for measuring.
#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits for a moment, busily in its last millisecond.
pub fn wait_until(moment: u64) {
    loop {
        match moment.saturating_sub(unix_millis()) {
            0 => return,
            1 => hint::spin_loop(),
            more => thread::park_timeout(Duration::from_millis(more - 1)),
        }
    }
}

/// A moment as answers write it, in milliseconds since 1970: exactly `2024-05-23T18:08:51.024Z`.
pub fn parse(text: &str) -> Option<u64> {
    const FORM: &[u8] = b"0000-00-00T00:00:00.000Z";
    let bytes = text.as_bytes();
    let fits = bytes.len() == FORM.len()
        && bytes.iter().zip(FORM).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        });
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let is_real = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !fits || !is_real || year < 1970 {
        return None;
    }
    // Days since 1970 in the Gregorian calendar, years counted from March.
    let (years, months) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + number(20, 23)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_one_form_only() {
        assert_eq!(parse("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(parse("2024-05-23T18:08:51.024Z"), Some(1_716_487_731_024));
        assert_eq!(parse("2000-02-29T23:59:59.999Z"), Some(951_868_799_999));
        for other in [
            "2024-05-23T18:08:51Z",
            "2024-05-23T18:08:51.024+00:00",
            "2024-05-23 18:08:51.024Z",
            "2024-13-23T18:08:51.024Z",
            "2024-05-23T18:08:51.0240Z",
            "",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
