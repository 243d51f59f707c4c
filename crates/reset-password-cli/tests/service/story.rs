//! What the two contracts promise, once through.

use reset_password_test_service::{CONFIRM, EMAIL, Fixture, NEW, OLD, RESETS, USERS};
use serde_json::{Value, json};

const USER_KEYS: [&str; 14] = [
    "created_at",
    "email",
    "email_verified",
    "external_id",
    "first_name",
    "id",
    "last_name",
    "last_sign_in_at",
    "locale",
    "metadata",
    "name",
    "object",
    "profile_picture_url",
    "updated_at",
];

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_reset_from_beginning_to_end() {
    let fixture = Fixture::new();
    let id = fixture.user("Ada@Example.com");
    let reset = fixture.reset(EMAIL);
    let eight = [
        "created_at",
        "email",
        "expires_at",
        "id",
        "object",
        "password_reset_token",
        "password_reset_url",
        "user_id",
    ];
    assert_eq!(keys(&reset), eight);
    assert_eq!(
        (&reset["user_id"], &reset["email"]),
        (&json!(id), &json!("Ada@Example.com"))
    );
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = format!("http://127.0.0.1:8080/reset-password?token={token}");
    assert_eq!(reset["password_reset_url"], json!(link));
    let path = format!("{RESETS}/{}", reset["id"].as_str().unwrap());
    assert_eq!(fixture.get(&path).json(), reset);

    let weak = fixture.confirm(token, "short");
    assert_eq!(
        (weak.status, weak.code().as_str()),
        (400, "password_reset_error")
    );
    let first = &weak.json()["errors"][0];
    assert_eq!(
        (&first["code"], &first["minimum_length"]),
        (&json!("password_too_short"), &json!(15))
    );

    let reply = fixture.confirm(token, NEW);
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = reply.json();
    assert_eq!(keys(&body["user"]), USER_KEYS);
    for key in USER_KEYS {
        assert_eq!(body[key], body["user"][key], "{key}");
    }
    assert_eq!(body["user"]["email_verified"], json!(true));
    assert!(fixture.accepts(EMAIL, NEW) && !fixture.accepts(EMAIL, OLD));

    let spent = fixture.confirm(token, NEW);
    assert_eq!(
        (spent.status, spent.code().as_str()),
        (404, "password_reset_token_not_found")
    );
    assert_eq!(fixture.get(&path).code(), "entity_not_found");
    let events = fixture
        .get("/events?events=password_reset.created,password_reset.succeeded")
        .json();
    let names: Vec<_> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["event"])
        .collect();
    assert_eq!(
        names,
        ["password_reset.created", "password_reset.succeeded"]
    );
    assert!(!events.to_string().contains(token));
}

/// The second contract: JSON and form, under either name.
#[test]
fn maia() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let json_type = "application/json";
    let form_type = "application/x-www-form-urlencoded";
    let json_body = json!({ "password": NEW, "passwordConfirmation": NEW }).to_string();
    let other_name = json!({ "new_password": NEW }).to_string();
    let both_names = json!({ "new_password": NEW, "password": NEW }).to_string();
    let form =
        "password=seven+green%20boats+at+dusk&passwordConfirmation=seven+green+boats+at+dusk";
    for (kind, body) in [
        (json_type, json_body.as_str()),
        (json_type, &other_name),
        (json_type, &both_names),
        (form_type, form),
        (form_type, "new_password=seven+green+boats+at+dusk&extra=1"),
    ] {
        let path = format!("/auth/reset-password/{}", fixture.token(EMAIL));
        let reply = fixture.send("POST", &path, &[("content-type", kind)], Some(body));
        assert_eq!(
            (reply.status, reply.json()),
            (200, json!({ "code": 200, "message": "OK" }))
        );
        assert!(fixture.accepts(EMAIL, NEW));
        let again = fixture.send("POST", &path, &[("content-type", kind)], Some(body));
        assert_eq!(
            (again.status, again.json()["code"].clone()),
            (404, json!(404))
        );
    }
    let token = fixture.token(EMAIL);
    let path = format!("/auth/reset-password/{token}");
    let mismatch = json!({ "password": NEW, "passwordConfirmation": OLD }).to_string();
    let two_names = json!({ "password": NEW, "new_password": OLD }).to_string();
    for (body, reason) in [
        (None, "password_string_required"),
        (Some("{}"), "password_string_required"),
        (Some(r#"{"password":""}"#), "password_string_required"),
        (Some(r#"{"password":7}"#), "password_string_required"),
        (Some(r#"{"password":"short"}"#), "password_too_short"),
        (Some(mismatch.as_str()), "passwordConfirmation_mismatch"),
        (Some(two_names.as_str()), "new_password_mismatch"),
    ] {
        let headers = body.map(|_| ("content-type", json_type));
        let reply = fixture.send("POST", &path, headers.as_slice(), body);
        assert_eq!(
            (reply.status, reply.json()["code"].clone()),
            (422, json!(422)),
            "{body:?}"
        );
        assert_eq!(reply.first_error(), reason, "{body:?}");
    }
    let good = Some(other_name.as_str());
    let good = fixture.send("POST", &path, &[("content-type", json_type)], good);
    assert_eq!(good.status, 200, "a refusal spent the token");
    let path = format!("/auth/reset-password/{}", fixture.expired_token(EMAIL));
    let reply = fixture.send(
        "POST",
        &path,
        &[("content-type", json_type)],
        Some(&other_name),
    );
    assert_eq!(
        (reply.status, reply.json()["code"].clone()),
        (404, json!(404))
    );
}

#[test]
fn users_are_created_read_listed_changed_and_deleted() {
    let fixture = Fixture::new();
    let new = json!({
        "email": EMAIL, "first_name": "Ada", "last_name": null, "external_id": "crm 7/8".replace(' ', ":"),
        "metadata": { "plan": "free" }, "locale": "en", "ip_address": "192.0.2.1", "role": "admin",
        "email_verified": false, "password": null, "password_hash": null,
    });
    let created = fixture.post(USERS, &new);
    assert_eq!(created.status, 201, "{created:?}");
    let user = created.json();
    assert_eq!(keys(&user), USER_KEYS);
    let id = user["id"].as_str().unwrap();
    let path = format!("{USERS}/{id}");
    assert_eq!(fixture.get(&path).json(), user);
    assert_eq!(
        fixture
            .get(&format!("{USERS}/external_id/crm:7%2F8"))
            .json(),
        user
    );
    let list = fixture.get(&format!(
        "{USERS}?email=ADA%40example.com&order=normal&limit=1"
    ));
    assert_eq!(list.json()["data"], json!([user]));
    assert_eq!(
        list.json()["list_metadata"],
        json!({ "before": null, "after": null })
    );

    let nothing = json!({ "first_name": null, "email": null, "metadata": null, "User": id });
    assert_eq!(
        fixture.put(&path, &nothing).json()["first_name"],
        json!("Ada")
    );
    let cleared = json!({ "first_name": "", "external_id": "", "locale": "", "metadata": {} });
    let user = fixture.put(&path, &cleared).json();
    for field in ["first_name", "external_id", "locale"] {
        assert_eq!(user[field], json!(null), "{field}");
    }
    assert_eq!(user["metadata"], json!({}));
    let verified = fixture.put(&path, &json!({ "email_verified": true }));
    assert_eq!(verified.json()["email_verified"], json!(true));
    assert_eq!(
        fixture
            .put(&path, &json!({ "email_verified": false }))
            .code(),
        "email_already_verified"
    );

    let gone = fixture.send(
        "DELETE",
        &path,
        &[("content-type", "application/json")],
        None,
    );
    assert_eq!((gone.status, gone.body.as_str()), (202, ""));
    let unknown = fixture.send("DELETE", &path, &[], None);
    let expected =
        json!({ "code": "entity_not_found", "message": "there is no such user", "entity_id": id });
    assert_eq!((unknown.status, unknown.json()), (404, expected));
}

#[test]
fn pages_follow_one_another() {
    let fixture = Fixture::new();
    let ids: Vec<_> = (0..5)
        .map(|n| {
            let new = json!({ "email": format!("user{n}@example.com") });
            fixture.post(USERS, &new).json()["id"].clone()
        })
        .collect();
    let first = fixture.get(&format!("{USERS}?limit=2&order=asc")).json();
    assert_eq!(first["data"][1]["id"], ids[1]);
    let after = first["list_metadata"]["after"].as_str().unwrap();
    let second = fixture
        .get(&format!("{USERS}?limit=2&order=asc&after={after}"))
        .json();
    assert_eq!(
        (&second["data"][0]["id"], &second["data"][1]["id"]),
        (&ids[2], &ids[3])
    );
    let before = second["list_metadata"]["before"].as_str().unwrap();
    assert_eq!(
        fixture
            .get(&format!("{USERS}?limit=2&order=asc&before={before}"))
            .json()["data"],
        first["data"]
    );
    let feed = fixture.get("/events?limit=3").json();
    assert_eq!(feed["data"].as_array().unwrap().len(), 3);
    let after = feed["list_metadata"]["after"].as_str().unwrap();
    let rest = fixture.get(&format!(
        "/events?after={after}&events=user.created&events%5B%5D=user.deleted"
    ));
    assert_eq!(rest.json()["data"].as_array().unwrap().len(), 2);
}

/// An account from another system, and a password that the engine chooses to hash anew.
#[test]
fn hashes_are_imported() {
    let fixture = Fixture::new();
    let bcrypt = "$2y$10$N3pXQk1vR8uZtLw5yBcHde0L43wDd7Xrh5z7hzDsc8HlqqMuIwAkS";
    let imported =
        json!({ "email": EMAIL, "password_hash": bcrypt, "password_hash_type": "bcrypt" });
    assert_eq!(fixture.post(USERS, &imported).status, 201);
    assert!(fixture.accepts(EMAIL, "the old site knew this one"));
    let with = |fields: Value| {
        let mut body = json!({ "email": "other@example.com" });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let reply = fixture.post(USERS, &body);
        (reply.status, reply.code())
    };
    let refused = |code: &str| (400, code.to_owned());
    let hash = "invalid_password_hash";
    let both = "password_and_password_hash_provided";
    assert_eq!(
        with(json!({ "password_hash": bcrypt, "password_hash_type": "scrypt" })),
        refused(hash)
    );
    let weak = json!({ "email": "weak@example.com", "password_hash": "x", "password_hash_type": "ssha256", "password_salt_position": "prefix" });
    assert_eq!(fixture.post(USERS, &weak).status, 201);
    assert!(!fixture.accepts("weak@example.com", "x"));
    assert_eq!(
        with(json!({ "password_hash": bcrypt, "password_hash_type": "firebase-scrypt" })),
        refused(hash)
    );
    assert_eq!(with(json!({ "password_hash": "x" })), refused(hash));
    assert_eq!(
        with(json!({ "password_hash": bcrypt, "password": NEW })),
        refused(both)
    );
    assert_eq!(
        with(json!({ "password_hash_type": "bcrypt", "password": NEW })),
        refused(both)
    );
    assert_eq!(
        with(json!({ "password_hash": bcrypt, "password_hash_type": "md5" })).0,
        422
    );
    assert_eq!(fixture.post(CONFIRM, &json!({})).status, 422);

    // What is not understood may say how the hash was made.
    let salted = json!({ "password_hash": bcrypt, "salt": "x", "id": null });
    assert_eq!(with(salted), (422, "invalid_request_parameters".to_owned()));
    let other = json!({ "salt": "x", "created_at": "2019-03-04T05:06:07Z" });
    assert_eq!(with(other).0, 201);
    let query = format!("{USERS}?email=other@example.com");
    let created_at = &fixture.get(&query).json()["data"][0]["created_at"];
    assert_eq!(created_at, "2019-03-04T05:06:07.000Z");
}

/// What a form and the page behind a link need.
#[test]
fn a_form_and_a_page() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let request = format!("{RESETS}/request");
    let ask = |email: &str| fixture.post(&request, &json!({ "email": email })).json();
    let nothing = json!({ "object": "password_reset_request", "password_reset": null });
    assert_eq!(ask("nobody@example.com"), nothing);
    let asked = ask(EMAIL);
    assert_eq!(keys(&asked), ["object", "password_reset"]);
    let reset = &asked["password_reset"];
    assert_eq!(reset["email"], EMAIL);
    assert_eq!(ask(EMAIL), nothing, "within a minute");
    assert_eq!(fixture.post(&request, &json!({ "email": "x" })).status, 422);

    let check = |token: &Value| {
        let reply = fixture.post(&format!("{RESETS}/check"), &json!({ "token": token }));
        (reply.status, reply.json())
    };
    let token = &reset["password_reset_token"];
    let expires_at = &reset["expires_at"];
    let usable = json!({ "object": "token_check", "usable": true, "expires_at": expires_at, "error_code": null });
    assert_eq!(check(token), (200, usable.clone()));
    assert_eq!(check(token), (200, usable));
    let confirm = json!({ "token": token, "new_password": NEW });
    assert_eq!(fixture.post(CONFIRM, &confirm).status, 200);
    let code = "password_reset_token_not_found";
    let dead =
        json!({ "object": "token_check", "usable": false, "expires_at": null, "error_code": code });
    assert_eq!(check(token), (200, dead.clone()));
    assert_eq!(check(&json!("none")), (200, dead));
    assert_eq!(check(&json!("")).0, 422);
}
