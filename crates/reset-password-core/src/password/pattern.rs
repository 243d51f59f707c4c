//! Passwords that are long but take no guessing: runs, repeats and walks over the keyboard.
//!
//! Two rules cover them all. A password is predictable if its characters, or the *steps* from each to
//! the next, repeat after so few that its beginning gives away the rest; or if it falls into a few
//! straight *pieces*, each given by where it starts, where it ends and its direction. Steps are taken
//! in the alphabet and on each keyboard.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    ops::Range,
    sync::Arc,
};

use crate::process::PerProcess;

/// As many characters as the shortest password that any policy allows, less one: what repeats after
/// no more is no longer than a password that is too short.
const MAX_UNIT: usize = 7;

/// A piece pays for its start, end and direction, so it must be this long on average to be a pattern.
const MIN_AVERAGE_PIECE: usize = 3;

/// Straight pieces of letters that are no words: `qwer` and `mnop` occur in no phrase as `rest` does.
const MIN_LETTER_FILLER: usize = 4;

/// How much filler a common word or a name may have around it and still be but a version of it: ten
/// digits or five different symbols, some 33 bits, which a guesser appends by rule. With more, it is a
/// password in itself; the bound also keeps random strings with one lucky word in them.
pub(super) const MAX_FILLER: u32 = 10;

/// Whether the password is a run, a repeat, a keyboard walk, or a few of them in a row.
pub(super) fn is_predictable(key: &[char], filler: &Filler) -> bool {
    repeats(key) || is_few_straight_pieces(filler) || core_repeats(key, filler)
}

/// Whether a short unit repeats, be it of characters or of steps.
fn repeats(key: &[char]) -> bool {
    characters_repeat(key) || steps_repeat(key)
}

/// Whether the characters repeat: `aaaaaaaaaaaaaaa`, `abcabcabcabcabc`, `monkeymonkey`.
fn characters_repeat(key: &[char]) -> bool {
    (1..=MAX_UNIT.min(key.len() / 2)).any(|unit| {
        key.iter()
            .zip(key.iter().skip(unit))
            .all(|(earlier, later)| earlier == later)
    })
}

/// Whether the steps repeat: `123456789012345`, `111222333444555`, `a1b2c3d4e5f6g7h8`,
/// `1qaz2wsx3edc4rfv`, `q1w2e3r4t5y6u7i8`.
fn steps_repeat(key: &[char]) -> bool {
    let steps = key.len().saturating_sub(1);
    orders().iter().any(|order| {
        // Two full rounds at least, and then as much of the next as there is.
        (1..=MAX_UNIT.min(steps / 2)).any(|unit| {
            key.windows(2)
                .zip(key.windows(2).skip(unit))
                .all(|(earlier, later)| {
                    let step = order.step_of(earlier);
                    step.is_some() && step == order.step_of(later)
                })
        })
    })
}

/// Whether it repeats once the padding is taken off: `abcabcabcabc!!`, `2026xyxyxyxyxyxy`.
fn core_repeats(key: &[char], filler: &Filler) -> bool {
    let is_core: [fn(char) -> bool; 2] = [char::is_alphanumeric, char::is_alphabetic];
    is_core.into_iter().any(|is_core| {
        let Some(start) = key.iter().position(|c| is_core(*c)) else {
            return false;
        };
        let end = key
            .iter()
            .rposition(|c| is_core(*c))
            .map_or(start, |last| last + 1);
        let padding = filler
            .cost(0..start)
            .saturating_add(filler.cost(end..key.len()));
        padding <= MAX_FILLER
            && key
                .get(start..end)
                .is_some_and(|core| core.len() > MAX_UNIT && repeats(core))
    })
}

/// Whether a few straight pieces make up the whole: `abcdefgh7654321`, `qwertyuiop12345`,
/// `aaaaaaaabbbbbbb1`, `zaq12wsxcde34rfv`.
fn is_few_straight_pieces(filler: &Filler) -> bool {
    !filler.costs.is_empty() && filler.pieces * MIN_AVERAGE_PIECE <= filler.costs.len()
}

/// Cuts the password into as few straight pieces as can be. Any part of a piece is a piece, so taking
/// the longest one each time is best.
fn pieces(key: &[char]) -> Vec<Range<usize>> {
    let (orders, mut pieces) = (orders(), Vec::new());
    let mut rest = key;
    while !rest.is_empty() {
        let length = orders
            .iter()
            .map(|order| order.straight(rest))
            .max()
            .unwrap_or(1);
        let start = key.len() - rest.len();
        pieces.push(start..start + length);
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces
}

/// What in a password is no word: digits, symbols, runs. It pads a common word or a name.
pub(super) struct Filler {
    /// What each character costs as filler.
    costs: Vec<u32>,
    /// How many straight pieces the whole falls into.
    pieces: usize,
}

impl Filler {
    /// The cost of a letter: it is no filler.
    const NONE: u32 = u32::MAX;

    /// Finds the filler. A run costs as much as its first character, however long it is, and a symbol
    /// only the first time, for people pad with the same one over and over.
    pub(super) fn of(key: &[char]) -> Self {
        let mut costs = Vec::with_capacity(key.len());
        let mut seen = BTreeSet::new();
        let pieces = pieces(key);
        for piece in pieces.iter().cloned() {
            let is_run = piece.len() >= MIN_AVERAGE_PIECE;
            let is_letter_filler = piece.len() >= MIN_LETTER_FILLER;
            for (nth, c) in key.get(piece).unwrap_or_default().iter().enumerate() {
                costs.push(if c.is_alphabetic() && !is_letter_filler {
                    Self::NONE
                } else if is_run && nth > 0 {
                    0
                } else if c.is_numeric() {
                    1
                } else if seen.insert(c) {
                    2
                } else {
                    0
                });
            }
        }
        Self {
            costs,
            pieces: pieces.len(),
        }
    }

    /// How much filler a stretch is; more than [`MAX_FILLER`] if there is a letter in it.
    pub(super) fn cost(&self, stretch: Range<usize>) -> u32 {
        let costs = self.costs.get(stretch).unwrap_or_default();
        costs.iter().fold(0, |sum, cost| sum.saturating_add(*cost))
    }

    /// The cost of each character in turn.
    pub(super) fn costs(&self) -> impl Iterator<Item = u32> {
        self.costs.iter().copied()
    }

    /// How many characters come before the first that is no filler.
    pub(super) fn leading(&self) -> usize {
        self.costs().take_while(|cost| *cost != Self::NONE).count()
    }
}

/// A direction and distance, in the alphabet or over the keys.
type Step = (i32, i32);

/// Rows of keys from the top, each as typed without and with shift. Letters are lower case, and
/// characters that the comparison key takes apart (`´`, `ß`) are left out at the end of a row.
type Keyboard = [&'static [&'static str]; 4];

const QWERTY: Keyboard = [
    &["1234567890-=", "!@#$%^&*()_+"],
    &["qwertyuiop[]\\", "qwertyuiop{}|"],
    &["asdfghjkl;'", "asdfghjkl:\""],
    &["zxcvbnm,./", "zxcvbnm<>?"],
];

const QWERTZ: Keyboard = [
    &["1234567890", "!\"§$%&/()=?"],
    &["qwertzuiopü+", "qwertzuiopü*"],
    &["asdfghjklöä#", "asdfghjklöä'"],
    &["yxcvbnm,.-", "yxcvbnm;:_"],
];

const AZERTY: Keyboard = [
    &["&é\"'(-è_çà)=", "1234567890°+"],
    &["azertyuiop^$"],
    &["qsdfghjklmù*", "qsdfghjklm%μ"],
    &["wxcvbn,;:!", "wxcvbn?./§"],
];

const JCUKEN: Keyboard = [
    &["1234567890-="],
    &["йцукенгшщзхъ"],
    &["фывапролджэ"],
    &["ячсмитьбю."],
];

/// Every order in which the next character can be foreseen. Nobody waits for another thread to make them: a child that was
/// forked meanwhile would wait for ever.
fn orders() -> Arc<[Order; 5]> {
    static ORDERS: PerProcess<[Order; 5]> = PerProcess::new();
    let keys = |keyboard| Order::Keys(places(keyboard));
    let made = ORDERS.get_or_make(|| {
        Ok::<_, Infallible>([
            Order::Alphabet,
            keys(QWERTY),
            keys(QWERTZ),
            keys(AZERTY),
            keys(JCUKEN),
        ])
    });
    match made {
        Ok(orders) => orders,
        Err(never) => match never {},
    }
}

enum Order {
    /// The alphabet and the digits, both endless rings, and otherwise the order of code points.
    Alphabet,
    /// Row and column of each key of a keyboard.
    Keys(BTreeMap<char, Step>),
}

impl Order {
    /// The step between two characters, if both are in this order.
    fn step(&self, from: char, to: char) -> Option<Step> {
        match self {
            Self::Alphabet => {
                let place = |c| i32::try_from(u32::from(c)).ok();
                let distance = place(to)? - place(from)?;
                Some(match (from, to) {
                    ('0'..='9', '0'..='9') => (10, shortest_way(distance, 10)),
                    ('a'..='z', 'a'..='z') => (26, shortest_way(distance, 26)),
                    _ => (0, distance),
                })
            }
            Self::Keys(places) => {
                let (from, to) = (places.get(&from)?, places.get(&to)?);
                Some((to.0 - from.0, to.1 - from.1))
            }
        }
    }

    /// The same for a pair, such as [`slice::windows`] gives.
    fn step_of(&self, pair: &[char]) -> Option<Step> {
        match pair {
            [from, to] => self.step(*from, *to),
            _ => None,
        }
    }

    /// How many characters, at least one, go from the first straight on: to the neighbour, always in
    /// the same direction, or not from the spot.
    fn straight(&self, key: &[char]) -> usize {
        let mut steps = key.windows(2).map(|pair| self.step_of(pair));
        let Some(first) = steps
            .next()
            .flatten()
            .filter(|step| self.is_to_neighbour(*step))
        else {
            return 1;
        };
        2 + steps.take_while(|step| *step == Some(first)).count()
    }

    /// Whether a step leads to the next letter, digit or key, or to the same again.
    fn is_to_neighbour(&self, (down, right): Step) -> bool {
        match self {
            Self::Alphabet => right.abs() <= 1,
            Self::Keys(_) => down.abs() <= 1 && right.abs() <= 1,
        }
    }
}

/// The way round a ring that takes the fewest steps, so that `9` to `0` is one forward.
fn shortest_way(distance: i32, ring: i32) -> i32 {
    let forward = distance.rem_euclid(ring);
    if forward * 2 > ring {
        forward - ring
    } else {
        forward
    }
}

/// Row and column of the key that types each character, the leftmost if there are two.
fn places(keyboard: Keyboard) -> BTreeMap<char, Step> {
    let mut places = BTreeMap::new();
    for (row, levels) in (0..).zip(keyboard) {
        for level in levels {
            for (column, key) in (0..).zip(level.chars()) {
                places.entry(key).or_insert((row, column));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests;
