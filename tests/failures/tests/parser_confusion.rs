//! Type and parser confusion: a field that is a list, an object, nothing, or two things at once.

use reset_password::Code;
use reset_password_core::store::ResetReads;
use reset_password_failures::{InProcess, Timed, corpus::impostors, service};
use reset_password_test_service::{
    CONFIRM, EMAIL, Fixture, JSON, NEW, OLD, RESETS, USERS, new_user, percent_encoded, refused,
};
use serde_json::{Value, json};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Nothing is made, so nothing can be sent: to nobody, and not to a second address either.
#[test]
fn row13_an_address_is_one_text() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let _eve = fixture.user("eve@example.com");
    let before = fixture.database.state();
    let mut bodies: Vec<String> = [
        json!([EMAIL, "eve@example.com"]),
        json!([EMAIL]),
        json!([[EMAIL]]),
        json!({ "0": EMAIL, "1": "eve@example.com" }),
        json!({ "email": EMAIL }),
        json!(format!("{EMAIL},eve@example.com")),
        json!(format!("{EMAIL}, eve@example.com")),
        json!(format!("{EMAIL};eve@example.com")),
        json!(format!("{EMAIL} eve@example.com")),
        json!(format!("{EMAIL}\r\nBcc: eve@example.com")),
        json!(format!("{EMAIL}\nto: eve@example.com")),
        json!(format!("{EMAIL}\0eve@example.com")),
        json!(format!("{EMAIL}%0d%0abcc:eve@example.com")),
        json!(format!("{EMAIL}>,<eve@example.com")),
        json!(format!("\"{EMAIL}\" <eve@example.com>")),
        json!(true),
        json!(1),
        json!(null),
    ]
    .map(|email| json!({ "email": email }).to_string())
    .into();
    bodies.extend([
        format!(r#"{{"email":"{EMAIL}","email":"eve@example.com"}}"#),
        format!(r#"{{"email":"{EMAIL}","\u0065mail":"eve@example.com"}}"#),
        format!(r#"{{"email":["{EMAIL}"],"email":"eve@example.com"}}"#),
        format!(r#"{{"email[]":"{EMAIL}"}}"#),
        format!(r#"[{{"email":"{EMAIL}"}},{{"email":"eve@example.com"}}]"#),
        format!(r#"{{"email":"{EMAIL}"}}{{"email":"eve@example.com"}}"#),
    ]);
    for body in &bodies {
        let reply = fixture.send("POST", RESETS, &[JSON], Some(body));
        assert!(refused(&reply) && reply.status != 404, "{body}: {reply:?}");
    }
    for form in [
        format!("email={EMAIL}&email=eve@example.com"),
        format!("email[]={EMAIL}&email[]=eve@example.com"),
        format!("email={EMAIL}%0d%0abcc:eve@example.com"),
    ] {
        let reply = fixture.send("POST", RESETS, &[FORM], Some(&form));
        assert_eq!(reply.status, 415, "{form}: {reply:?}");
        // Nor is a query a second body.
        let target = format!("{RESETS}?{form}");
        let reply = fixture.send("POST", &target, &[JSON], Some("{}"));
        assert_eq!(reply.status, 422, "{target}: {reply:?}");
    }
    assert_eq!(fixture.database.state(), before);
}

#[test]
fn row13_in_process_an_address_is_one_text() {
    let fixture = InProcess::new();
    let _ada = fixture.ada();
    fixture
        .engine
        .create_user(new_user("eve@example.com"))
        .unwrap();
    let before = fixture.database.state();
    for separator in [
        ",",
        ", ",
        ";",
        " ",
        "\n",
        "\r\nbcc: ",
        "\0",
        "\t",
        ">,<",
        "\u{2028}",
    ] {
        let two = format!("{EMAIL}{separator}eve@example.com");
        let trusted = fixture.engine.create_password_reset(&two).unwrap_err();
        let public = fixture.engine.request_password_reset(&two).unwrap_err();
        for error in [trusted, public] {
            assert_eq!(error.code(), Code::InputInvalid, "{two:?}");
        }
    }
    assert_eq!(fixture.database.state(), before);
}

/// One user has a live reset, another has none: neither is found by nothing.
#[test]
fn row15_an_empty_container_is_no_token() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let _eve = fixture.user("eve@example.com");
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    for token in [
        json!(null),
        json!([]),
        json!([null]),
        json!([[]]),
        json!([""]),
        json!([{}]),
        json!({}),
        json!({ "0": null }),
        json!([token]),
        json!({ "0": token }),
        json!(false),
        json!(0),
    ] {
        let reply = fixture.post(CONFIRM, &json!({ "token": token, "new_password": NEW }));
        assert_eq!(reply.status, 422, "{token}: {reply:?}");
    }
    for body in ["{}", "[]", "null", "", "[null]", r#"{"token[]":[null]}"#] {
        let reply = fixture.send("POST", CONFIRM, &[JSON], Some(body));
        assert!([400, 422].contains(&reply.status), "{body}: {reply:?}");
    }
    for form in [
        "token[]=",
        "token[]",
        "token=&token[]=",
        "token[0]=",
        "token",
    ] {
        let form = format!("{form}&new_password={NEW}&password={NEW}");
        let reply = fixture.send("POST", CONFIRM, &[FORM], Some(&form));
        assert_eq!(reply.status, 415, "{form}: {reply:?}");
    }
    for in_path in ["", "%5B%5D", "null", "%00", "%20", "token%5B%5D"] {
        let path = format!("/auth/reset-password/{in_path}");
        let form = format!("password={}", NEW.replace(' ', "+"));
        let reply = fixture.send("POST", &path, &[FORM], Some(&form));
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
    }
    assert_eq!(fixture.database.state(), before);
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
    assert!(fixture.accepts("eve@example.com", OLD));
}

/// Even where the column is blank, by somebody who writes to the database, blank matches nothing.
#[test]
fn row16_a_blank_token_does_not_match_a_blank_column() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let null = "UPDATE reset_password_resets SET digest = NULL";
    assert!(
        fixture.database.connect().execute(null, ()).is_err(),
        "a token may be NULL"
    );
    let blanks = [
        String::new(),
        " ".to_owned(),
        "\t\r\n".to_owned(),
        "\0".to_owned(),
        " ".repeat(43),
        "\0".repeat(43),
        "\u{feff}".to_owned(),
        "\u{200b}".repeat(43),
        "=".to_owned(),
    ];
    for digest in ["x''", "x'00'", "zeroblob(32)", "x'20'"] {
        let blank = format!("UPDATE reset_password_resets SET digest = {digest}");
        fixture.database.run(&blank);
        let before = fixture.database.state();
        let engine = fixture.engine();
        for blank in &blanks {
            let reply = fixture.confirm(blank, NEW);
            assert!([404, 422].contains(&reply.status), "{blank:?}: {reply:?}");
            let error = engine.reset_password(blank, NEW).unwrap_err();
            assert_eq!(error.code(), Code::PasswordResetTokenNotFound, "{blank:?}");
        }
        assert_eq!(
            fixture.confirm(&token, NEW).status,
            404,
            "the row lost its token"
        );
        assert_eq!(fixture.database.state(), before, "{digest}");
    }
}

#[test]
fn row18_what_only_looks_like_a_token_is_none() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let digest = fixture
        .database
        .value("SELECT lower(hex(digest)) FROM reset_password_resets");
    let before = fixture.database.state();
    let engine = fixture.engine();
    for impostor in impostors(token, reset["id"].as_str().unwrap(), &digest) {
        let reply = fixture.confirm(&impostor, NEW);
        assert_eq!(reply.status, 404, "{impostor:?}: {reply:?}");
        let encoded = percent_encoded(&impostor);
        let reply = fixture.confirm_in_path(&encoded, NEW);
        assert_eq!(reply.status, 404, "{impostor:?}: {reply:?}");
        let error = engine.reset_password(&impostor, NEW).unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{impostor:?}"
        );
    }
    for odd in [
        json!(0),
        json!(0.5),
        json!(true),
        json!({ "a": 1 }),
        json!([1]),
    ] {
        let reply = fixture.post(CONFIRM, &json!({ "token": odd, "new_password": NEW }));
        assert_eq!(reply.status, 422, "{odd}: {reply:?}");
    }
    assert_eq!(fixture.database.state(), before);
    assert_eq!(fixture.confirm(token, NEW).status, 200);
}

#[test]
fn row19_an_operator_is_no_value() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    let operators: [Value; 10] = [
        json!({ "$ne": null }),
        json!({ "$ne": "" }),
        json!({ "$gt": "" }),
        json!({ "$regex": ".*" }),
        json!({ "$regex": "^ada", "$options": "i" }),
        json!({ "$exists": true }),
        json!({ "$in": [EMAIL, token] }),
        json!({ "$where": "1" }),
        json!({ "$or": [{}, {}] }),
        json!({ "__op": "Delete" }),
    ];
    for operator in &operators {
        for (method, path, body) in [
            ("POST", RESETS.to_owned(), json!({ "email": operator })),
            (
                "POST",
                CONFIRM.to_owned(),
                json!({ "token": operator, "new_password": NEW }),
            ),
            (
                "POST",
                CONFIRM.to_owned(),
                json!({ "token": token, "new_password": operator }),
            ),
            (
                "POST",
                format!("/auth/reset-password/{token}"),
                json!({ "password": operator }),
            ),
            (
                "PUT",
                format!("{USERS}/{id}"),
                json!({ "password": operator }),
            ),
            ("PUT", format!("{USERS}/{id}"), json!({ "email": operator })),
        ] {
            let reply = fixture.send(method, &path, &[JSON], Some(&body.to_string()));
            assert_eq!(reply.status, 422, "{method} {path} {body}: {reply:?}");
        }
        let text = operator.to_string();
        assert_eq!(fixture.confirm(&text, NEW).status, 404, "{text}");
    }
    for body in [
        json!({ "token.$ne": "x", "new_password": NEW }),
        json!({ "token[$ne]": "x", "new_password": NEW }),
        json!({ "$or": [{ "token": token }], "new_password": NEW }),
    ] {
        assert_eq!(fixture.post(CONFIRM, &body).status, 422, "{body}");
    }
    assert_eq!(fixture.database.state(), before);
}

/// What the store is asked for is 32 octets: no other type comes that far, and this would not compile.
#[test]
fn row19_the_store_takes_octets_and_no_tree_of_values() {
    let fixture = Timed::new();
    fixture.engine.create_user(new_user(EMAIL)).unwrap();
    let _token = fixture.token(EMAIL);
    let digests: [[u8; 32]; 3] = [[0; 32], [b'$'; 32], [0xff; 32]];
    for digest in &digests {
        let found = fixture.engine.store().find_reset(&[*digest]).unwrap();
        assert!(found.is_none());
    }
}

/// What somebody does who has no token of Ada's, but everything else.
fn step_without_proof(fixture: &Fixture, step: usize, ada: &str) {
    let eves = "eve@example.com";
    match step {
        0 => drop(fixture.reset(EMAIL)),
        1 => {
            let reset = fixture.reset(EMAIL);
            let id = reset["id"].as_str().unwrap();
            assert_eq!(fixture.get(&format!("{RESETS}/{id}")).status, 200);
        }
        2 => {
            // Her own token, with everything that could name another account.
            let body = json!({
                "token": fixture.token(eves), "new_password": NEW, "email": EMAIL, "id": ada,
                "user_id": ada, "user": ada, "verified": true, "step": 3, "state": "verified",
            });
            let reply = fixture.post(&format!("{CONFIRM}?user_id={ada}"), &body);
            assert_eq!((reply.status, &reply.json()["email"]), (200, &json!(eves)));
        }
        _ => {
            let token = fixture.token(EMAIL);
            assert_eq!(
                fixture.confirm(&token, "short").status,
                400,
                "judged, not spent"
            );
        }
    }
}

fn orders(steps: &[usize]) -> Vec<Vec<usize>> {
    if steps.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |first: &usize| {
        let rest: Vec<_> = steps.iter().copied().filter(|step| step != first).collect();
        let rest = orders(&rest).into_iter();
        rest.map(|rest| [vec![*first], rest].concat())
            .collect::<Vec<_>>()
    };
    steps.iter().flat_map(with_first).collect()
}

/// In every order of the steps, and after each of them: the password is written by the call that brings the
/// token, or not at all. There is no step that the service remembers for the next.
#[test]
fn row21_no_order_of_steps_takes_the_place_of_the_token() {
    let fixture = service();
    let ada = fixture.user(EMAIL);
    let _eve = fixture.user("eve@example.com");
    let before = fixture.database.hash(&ada);
    for order in orders(&[0, 1, 2, 3]) {
        for step in &order {
            step_without_proof(&fixture, *step, &ada);
            let reset = "SELECT id FROM reset_password_resets WHERE live = 1 AND user_id = ";
            let last = fixture
                .database
                .value(&format!("SELECT coalesce(({reset}'{ada}'), 'none')"));
            for claim in [
                json!({ "new_password": NEW, "email": EMAIL, "user_id": ada }),
                json!({ "new_password": NEW, "token": "", "id": last }),
                json!({ "new_password": NEW, "token": last }),
                json!({ "new_password": NEW, "token": ada, "verified": true }),
            ] {
                let reply = fixture.post(CONFIRM, &claim);
                assert!(
                    [404, 422].contains(&reply.status),
                    "{order:?} {claim}: {reply:?}"
                );
            }
        }
        assert_eq!(fixture.database.hash(&ada), before, "{order:?}");
    }
    assert_eq!(fixture.confirm(&fixture.token(EMAIL), NEW).status, 200);
    assert_ne!(fixture.database.hash(&ada), before);
}
