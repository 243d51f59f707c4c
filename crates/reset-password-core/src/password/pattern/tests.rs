use super::{super::normal::comparison_key, *};

/// What people type at length 15: none of it may pass, and each rule must find its own.
fn all_found(rule: fn(&[char], &Filler) -> bool, passwords: &[&str]) {
    for password in passwords {
        let key = comparison_key(password);
        let filler = Filler::of(&key);
        assert!(rule(&key, &filler), "{password}");
        assert!(is_predictable(&key, &filler), "{password}");
    }
}

#[test]
fn sec49_runs_and_repeats_are_found() {
    all_found(
        |key, _| steps_repeat(key),
        &[
            "abcdefghijklmnop",
            "ABCDEFGHIJKLMNOP",
            "ponmlkjihgfedcba",
            "uvwxyzabcdefghi",
            "123456789012345",
            "098765432109876",
            "111222333444555",
            "135791357913579",
            "aaaaaaaaaaaaaaa",
            "               ",
            "abcabcabcabcabc",
            "1212121212121212",
            "aabbccddeeffgghh",
            "a1b2c3d4e5f6g7h8",
            "абвгдежзийклмно",
            "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂",
            "monkeymonkeymonkey",
        ],
    );
}

#[test]
fn sec49_units_of_characters_are_found() {
    all_found(
        |key, _| characters_repeat(key),
        &["monkeymonkey", "x7!x7!x7!x7!x7!", "        "],
    );
    assert!(!characters_repeat(&comparison_key("password")));
    assert!(
        !characters_repeat(&comparison_key("carthorsecarthorse")),
        "a unit of eight"
    );
}

#[test]
fn sec49_keyboard_walks_are_found() {
    all_found(
        |key, _| steps_repeat(key),
        &[
            "1qaz2wsx3edc4rfv",
            "!QAZ@WSX#EDC$RFV",
            "qazwsxedcrfvtgb",
            "1q2w3e4r5t6y7u8i",
            "zse4xdr5cft6vgy7",
            "йфяцычувскамепи",
        ],
    );
}

#[test]
fn sec49_rows_and_pieces_are_found() {
    all_found(
        |_, filler| is_few_straight_pieces(filler),
        &[
            "qwertyuiopasdfgh",
            "zxcvbnmasdfghjkl",
            "lkjhgfdsapoiuytr",
            "QWERTYUIOP{}|ASD",
            "qwertasdfgzxcvb",
            "zaq12wsxcde34rfv",
            "1qazxsw23edcvfr4",
            "qwertzuiopüasdfg",
            "yxcvbnm,.-asdfghj",
            "azertyuiopqsdfgh",
            "&é\"'(-è_çàazerty",
            "йцукенгшщзфывап",
            "qwertyuiop12345",
            "123456789qwerty",
            "abcdefgh7654321",
            "aaaaaaaabbbbbbb1",
            "abc123xyz789qwe",
            "!@#$%^&*()12345",
        ],
    );
}

#[test]
fn sec49_padded_repeats_are_found() {
    all_found(
        core_repeats,
        &[
            "abcabcabcabcabc!",
            "xyxyxyxyxyxy2026",
            "!!1monkeymonkey1!!",
            "1212121212121212!!",
        ],
    );
}

#[test]
fn sec49_phrases_and_random_strings_are_no_patterns() {
    for password in [
        "",
        "correct horse battery staple",
        "were the deserters freed",
        "upon crew power expert",
        "aaaaaah, the sea!!!",
        "928461057382915",
        "kqzvnxwplmtrhsd",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ] {
        let key = comparison_key(password);
        assert!(!is_predictable(&key, &Filler::of(&key)), "{password}");
    }
}

#[test]
fn filler_is_what_is_no_word() {
    let filler = |password: &str| Filler::of(&comparison_key(password));
    let cost = |password: &str| filler(password).cost(0..password.chars().count());
    assert_eq!(cost("2026!"), 6);
    assert_eq!(cost("1234567!!!!qwerty"), 5);
    assert_eq!(cost("2026-10-07"), 10);
    assert!(cost("2026a") > MAX_FILLER);
    assert_eq!(filler("12qwer-password").leading(), 7);
    assert_eq!(filler("were").leading(), 0);
}
