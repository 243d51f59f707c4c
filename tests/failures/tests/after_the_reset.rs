//! After the reset: sessions that live on, logins that nobody asked for, tokens that are shown, and a success that
//! was none.

use std::time::Duration;

use reset_password::{Code, UpdateUser};
use reset_password_failures::{InProcess, Timed, corpus::blank_passwords, service};
use reset_password_test_service::{
    CONFIRM, EMAIL, JSON, NEW, OLD, RESETS, Reply, USERS, new_user, request, secret,
};
use serde_json::{Value, json};

/// The engine issues no sessions. What a host refuses its own by is set in the transaction of the password.
#[test]
fn row37_what_ends_sessions_is_set_with_the_password_or_not_at_all() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let engine = fixture.engine();
    let session = engine
        .authenticate_with_password(EMAIL, OLD)
        .unwrap()
        .last_sign_in_at;
    let changed = || engine.get_user(&id).unwrap().credentials_changed_at;
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    // The last statement of the transaction fails.
    fixture.database.run(
        "CREATE TRIGGER fail BEFORE INSERT ON reset_password_events \
         BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    assert_eq!(fixture.confirm(&token, NEW).status, 503);
    fixture.database.run("DROP TRIGGER fail");
    assert_eq!(fixture.database.state(), before);
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
    assert!(changed() >= session, "the session lives on");
    let feed = fixture.get("/events?limit=100").json();
    let told = feed["data"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&told["event"], &told["data"]["user_id"]),
        (&json!("password_reset.succeeded"), &json!(id))
    );
}

/// A host refuses what began before `credentials_changed_at`. That must be so however close the two are, and
/// whatever the clock of the machine says on which somebody logged in.
#[test]
fn row37_every_session_of_the_old_password_is_older_than_the_change() {
    let fixture = Timed::new();
    let mut ada = new_user(EMAIL);
    ada.password = Some(OLD.into());
    let id = fixture.engine.create_user(ada).unwrap().id;
    for (password, next, way) in [(OLD, NEW, "a reset"), (NEW, OLD, "an update")] {
        fixture.clock.advance(Duration::from_mins(5));
        let login = fixture
            .engine
            .authenticate_with_password(EMAIL, password)
            .unwrap();
        if way == "a reset" {
            fixture
                .engine
                .reset_password(&fixture.token(EMAIL), next)
                .unwrap();
        } else {
            let change = UpdateUser {
                password: Some(next.into()),
                ..UpdateUser::default()
            };
            fixture.engine.update_user(&id, change).unwrap();
        }
        let changed = fixture.engine.get_user(&id).unwrap().credentials_changed_at;
        assert!(
            login.last_sign_in_at < changed,
            "{way}: a session of the same moment lives on"
        );
    }
}

/// The fields of a user, as the contract has them: no session, no cookie, no token among them.
const USER: &str = "created_at,email,email_verified,external_id,first_name,id,last_name,\
                    last_sign_in_at,locale,metadata,name,object,profile_picture_url,updated_at";

fn keys(value: &Value) -> String {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys.join(",")
}

#[test]
fn row38_a_reset_logs_nobody_in() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let factor = json!({ "metadata": { "second_factor": "totp", "mfa": "required" } });
    assert_eq!(fixture.put(&format!("{USERS}/{id}"), &factor).status, 200);
    let confirmed = fixture.confirm(&fixture.token(EMAIL), NEW);
    assert_eq!(confirmed.status, 200);
    let mut body = confirmed.json();
    let nested = body.as_object_mut().unwrap().remove("user").unwrap();
    assert_eq!((keys(&nested).as_str(), &nested), (USER, &body));
    assert_eq!(body["last_sign_in_at"], json!(null), "it counts as a login");
    assert_eq!(
        body["metadata"], factor["metadata"],
        "the second factor is the host's, and stays"
    );
    let in_path = fixture.confirm_in_path(&fixture.token(EMAIL), OLD);
    assert_eq!(in_path.json(), json!({ "code": 200, "message": "OK" }));
    for reply in [confirmed, in_path] {
        for header in ["set-cookie", "location", "authorization", "refresh"] {
            assert_eq!(reply.header(header), None, "{reply:?}");
        }
    }
    let user = fixture.engine().get_user(&id).unwrap();
    assert_eq!(user.last_sign_in_at, None);
}

/// The one state of an account that must not get a token and that is there: it was deleted.
#[test]
fn row39_a_deleted_account_gets_no_token_and_keeps_none() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let deleted = fixture.send("DELETE", &format!("{USERS}/{id}"), &[], None);
    assert_eq!(deleted.status, 202);
    assert_eq!(fixture.confirm(&token, NEW).status, 404);
    let after = fixture.post(RESETS, &json!({ "email": EMAIL }));
    let never = fixture.post(RESETS, &json!({ "email": "eve@example.com" }));
    let never = never.body.replace("eve@example.com", EMAIL);
    assert_eq!((after.status, after.body), (404, never));
    assert!(
        fixture
            .engine()
            .request_password_reset(EMAIL)
            .unwrap()
            .is_none()
    );
    let again = fixture.user(EMAIL);
    assert_eq!(fixture.confirm(&token, NEW).status, 404);
    assert!(fixture.accepts(EMAIL, OLD), "{again}");
}

/// Every answer but those two whose purpose it is, and whose scopes say so.
#[test]
fn row40_no_other_answer_holds_a_token() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = format!("{RESETS}/{}", reset["id"].as_str().unwrap());
    let replies: Vec<Reply> = vec![
        fixture.get(USERS),
        fixture.get(&format!("{USERS}/{id}")),
        fixture.get(&format!("{USERS}?email=ada%40example.com")),
        fixture.get("/events?limit=100"),
        fixture.get("/openapi.json"),
        fixture.put(&format!("{USERS}/{id}"), &json!({ "name": "Ada" })),
        fixture.confirm(token, "short"),
        fixture.confirm_in_path(token, "short"),
        fixture.get(&format!("{RESETS}/{token}")),
        fixture.get(&format!("{RESETS}/confirm")),
        fixture.get(RESETS),
        fixture.send(
            "POST",
            &format!("{CONFIRM}?token={token}"),
            &[JSON],
            Some("{}"),
        ),
        fixture.send(
            "POST",
            CONFIRM,
            &[JSON],
            Some(&format!("{{\"token\":\"{token}\"")),
        ),
        fixture.send(
            "PUT",
            &format!("/auth/reset-password/{token}"),
            &[JSON],
            Some("{}"),
        ),
        fixture.confirm(token, NEW),
        fixture.confirm(token, NEW),
        fixture.get(&link),
        fixture.get("/events?limit=100"),
    ];
    for reply in &replies {
        let headers = format!("{:?}", reply.headers);
        assert!(
            !reply.body.contains(token) && !headers.contains(token),
            "{reply:?}"
        );
        assert!(!reply.body.contains("password_hash\":\"$"), "{reply:?}");
    }

    // Whose scope does not say so is refused, and learns nothing.
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = format!("{RESETS}/{}", reset["id"].as_str().unwrap());
    let mine = fixture.new_key("users:read,users:write,resets:confirm,events:read");
    let mine = mine["key"].as_str().unwrap();
    let bearer = format!("Bearer {mine}");
    let headers = [("authorization", bearer.as_str()), JSON];
    let body = json!({ "email": EMAIL }).to_string();
    for request in [
        request("GET", &link, &headers, None),
        request("POST", RESETS, &headers, Some(&body)),
    ] {
        let reply = fixture.service.raw(request).unwrap();
        assert_eq!(reply.status, 403, "{reply:?}");
        assert!(!reply.body.contains(token), "{reply:?}");
    }
    let live = "SELECT count(*) FROM reset_password_resets WHERE live = 1";
    assert_eq!(fixture.database.value(live), "1");
    assert_eq!(
        fixture.confirm(token, OLD).status,
        200,
        "a refused call replaced the link"
    );
}

#[test]
fn row42_a_blank_password_is_refused_and_the_token_lives() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    for body in [
        json!({ "token": token }),
        json!({ "token": token, "new_password": null }),
        json!({ "token": token, "new_password": [] }),
        json!({ "token": token, "new_password": {} }),
        json!({ "token": token, "new_password": false }),
        json!({ "token": token, "newPassword": NEW }),
        json!({ "token": token, "password": NEW }),
        json!({ "token": token, "user": { "new_password": NEW } }),
    ] {
        assert_eq!(fixture.post(CONFIRM, &body).status, 422, "{body}");
    }
    let in_path = format!("/auth/reset-password/{token}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for body in [
        "",
        "password",
        "password=",
        "password=+",
        "password[]=x",
        "password=&new_password=",
    ] {
        let reply = fixture.send("POST", &in_path, &form, Some(body));
        assert_eq!(reply.status, 422, "{body}: {reply:?}");
    }
    for blank in blank_passwords() {
        let reply = fixture.confirm(&token, &blank);
        assert!([400, 422].contains(&reply.status), "{blank:?}: {reply:?}");
        let reply = fixture.confirm_in_path(&token, &blank);
        assert_eq!(reply.status, 422, "{blank:?}: {reply:?}");
    }
    assert_eq!(fixture.database.state(), before);
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
}

#[test]
fn row42_in_process_a_blank_password_is_refused_and_the_token_lives() {
    let fixture = InProcess::new();
    let id = fixture.ada();
    let reset = fixture.reset(EMAIL);
    let token = secret(&reset.password_reset_token);
    let before = fixture.database.state();
    for blank in blank_passwords() {
        let error = fixture.engine.reset_password(token, &blank).unwrap_err();
        assert_eq!(error.code(), Code::PasswordRejected, "{blank:?}");
        let change = UpdateUser {
            password: Some(blank.as_str().into()),
            ..UpdateUser::default()
        };
        let error = fixture.engine.update_user(&id, change).unwrap_err();
        assert_eq!(error.code(), Code::PasswordRejected, "{blank:?}");
    }
    assert_eq!(fixture.database.state(), before);
    fixture.engine.reset_password(token, NEW).unwrap();
}
