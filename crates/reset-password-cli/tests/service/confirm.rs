//! Whose password a confirm sets: that of the token's own user, whatever else is said.

use reset_password_test_service::{CONFIRM, Fixture, JSON, NEW, Reply, USERS};
use serde_json::{Value, json};

/// Where a request may say something more.
const PLACES: [&str; 4] = ["body", "query", "header", "cookie"];

const GRACE: &str = "grace@example.com";

/// A confirm, in one of its two forms.
struct Confirm<'a> {
    fixture: &'a Fixture,
    has_token_in_path: bool,
    /// Where it also says that it is about somebody else, and how.
    place: &'a str,
    claims: &'a [(&'a str, &'a str)],
}

impl Confirm<'_> {
    fn send(&self, token: &str, password: &str) -> Reply {
        let mut path = CONFIRM.to_owned();
        let mut body = json!({ "token": token, "new_password": password });
        if self.has_token_in_path {
            path = format!("/auth/reset-password/{token}");
            body = json!({ "password": password });
        }
        let pairs = |between: &str| {
            let pairs: Vec<_> = self
                .claims
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            pairs.join(between)
        };
        let cookie = pairs("; ");
        let mut headers = vec![JSON];
        match self.place {
            "body" => {
                for (name, value) in self.claims {
                    body[name] = json!(value);
                }
            }
            "query" => path = format!("{path}?{}", pairs("&")),
            "header" => headers.extend(self.claims),
            _ => headers.push(("cookie", &cookie)),
        }
        self.fixture
            .send("POST", &path, &headers, Some(&body.to_string()))
    }
}

/// What is said of somebody else is not looked at, wherever it is said: the other's row stays as it was, and of the
/// token's own user nothing but the password changes.
#[test]
fn sec21_no_user_parameter() {
    let fixture = Fixture::new();
    let grace = fixture.user(GRACE);
    let row = |id: &str| {
        let rows = fixture.database.rows("users");
        rows.lines()
            .find(|row| row.contains(id))
            .unwrap()
            .to_owned()
    };
    let shown = |id: &str| -> Value {
        let mut user = fixture.get(&format!("{USERS}/{id}")).json();
        for changed in ["email_verified", "updated_at", "last_sign_in_at"] {
            user[changed] = Value::Null;
        }
        user
    };
    let of_grace = row(&grace);
    let claims = [
        ("user_id", grace.as_str()),
        ("id", &grace),
        ("user", &grace),
        ("email", GRACE),
        ("username", GRACE),
        ("external_id", "grace"),
        ("role", "admin"),
        ("is_admin", "true"),
    ];
    let forms = PLACES.map(|place| [false, true].map(|in_path| (place, in_path)));
    for (n, (place, has_token_in_path)) in forms.into_iter().flatten().enumerate() {
        let email = format!("ada{n}@example.com");
        let ada = fixture.user(&email);
        let (of_ada, before) = (row(&ada), shown(&ada));
        let token = fixture.token(&email);
        let confirm = Confirm {
            fixture: &fixture,
            has_token_in_path,
            place,
            claims: &claims,
        };
        // What is refused changes nobody.
        let refused = if has_token_in_path { 422 } else { 400 };
        assert_eq!(confirm.send(&token, "short").status, refused, "{place}");
        assert_eq!(confirm.send("garbage", NEW).status, 404, "{place}");
        assert_eq!(
            (row(&ada), row(&grace)),
            (of_ada, of_grace.clone()),
            "{place}"
        );
        let done = confirm.send(&token, NEW);
        assert_eq!(done.status, 200, "{place}: {done:?}");
        assert!(fixture.accepts(&email, NEW), "{place}");
        assert_eq!(row(&grace), of_grace, "{place}");
        assert_eq!(shown(&ada), before, "{place}");
    }
}
