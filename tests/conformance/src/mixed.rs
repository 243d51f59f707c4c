//! One database that every surface has open: a reset is created on one, confirmed on a second, and the
//! login checked on a third, for every ordered three of them.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Map, Value, json};

use crate::{
    clock,
    expected::Expected,
    matching::Window,
    place::Place,
    play::LEAST_COST,
    report::{Part, Verdict},
    run::Progress,
    scenario::Expectation,
    surfaces::{Answer, Call, Shared, Surface},
    values::Values,
};

/// Threes that are at work at once.
const AT_ONCE: usize = 4;
/// The handle that each surface has the database open under.
const HANDLE: &str = "mixed";

/// Does every ordered three.
pub fn run(surfaces: &[Shared], place: &Place) -> Part {
    let mut verdicts = open_everywhere(surfaces, place);
    let count = surfaces.len();
    let threes: Vec<[usize; 3]> = (0..count)
        .flat_map(|a| (0..count).flat_map(move |b| (0..count).map(move |c| [a, b, c])))
        .collect();
    let (next, progress) = (AtomicUsize::new(0), Progress::new(threes.len()));
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(three) = threes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let [a, b, c] = three.map(|at| surfaces.get(at));
                    let (Some(a), Some(b), Some(c)) = (a, b, c) else {
                        return;
                    };
                    let name = format!("{}, {}, {}", a.name(), b.name(), c.name());
                    let verdict = one(&**a, &**b, &**c, three);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((*three, name, verdict));
                    progress.one_more();
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(three, ..)| *three);
    verdicts.extend(done.into_iter().map(|(_, name, verdict)| (name, verdict)));
    for surface in surfaces {
        surface.end();
    }
    Part {
        name: "mixed",
        about: "\
The same database, open on every surface. User and reset are created on the first, the token is confirmed on the
second, the login is checked on the third: every ordered three. (Logins have no route: on http they are made in
process.)"
            .to_owned(),
        verdicts,
    }
}

/// Opens the database on every surface.
pub fn open_everywhere(surfaces: &[Shared], place: &Place) -> Vec<(String, Verdict)> {
    surfaces
        .iter()
        .map(|surface| {
            surface.begin(place.folder());
            let mut options = json!({ "database_url": place.url() });
            if let Value::Object(options) = &mut options {
                options.extend(LEAST_COST.map(|(name, value)| (name.to_owned(), value.into())));
                place.complete(options);
            }
            let opened = expect(&**surface, "open", options, &json!(null)).map(drop);
            (format!("open on {}", surface.name()), opened)
        })
        .collect()
}

fn one(a: &dyn Surface, b: &dyn Surface, c: &dyn Surface, three: &[usize; 3]) -> Verdict {
    let [first, second, third] = three;
    let email = format!("of-{first}-{second}-{third}@example.com");
    let password = format!("seven green boats {first} {second} {third}");
    let now = json!({ "$moment": "now" });

    let user = json!({ "$user": { "email": email } });
    let user = expect(a, "create_user", json!({ "email": email }), &user)?;
    let reset = json!({ "$reset": { "user": user } });
    let reset = expect(
        a,
        "create_password_reset",
        json!({ "email": email }),
        &reset,
    )?;
    let token = reset.get("password_reset_token");
    let changed = json!({ "$but": [user, {
        "email_verified": true,
        "credentials_changed_at": now,
        "updated_at": now,
    }] });
    let arguments = json!({ "token": token, "new_password": password });
    let changed = expect(b, "reset_password", arguments, &changed)?;
    let signed_in = json!({ "$but": [changed, { "last_sign_in_at": now }] });
    let arguments = json!({ "email": email, "password": password });
    expect(c, "authenticate_with_password", arguments, &signed_in).map(drop)
}

/// Makes a call that must be answered so.
pub fn expect(
    surface: &dyn Surface,
    operation: &str,
    arguments: Value,
    result: &Value,
) -> Result<Value, String> {
    let began = clock::unix_millis();
    let answer = surface.call(&call(operation, arguments));
    let expectation = Expectation {
        ok: Some(result.clone()),
        ..Expectation::default()
    };
    let window = Window {
        began,
        ended: clock::unix_millis(),
    };
    let found = Expected::of(&expectation, &Values::default())?.against(&answer, window, &None);
    match answer {
        Answer::Ok(value) if found.is_empty() => Ok(value),
        _ => Err(format!(
            "{operation} on {}: {}",
            surface.name(),
            found.join("; ")
        )),
    }
}

/// A call on the handle that is open everywhere.
pub fn call(operation: &str, arguments: Value) -> Call {
    Call {
        handle: HANDLE.to_owned(),
        operation: operation.to_owned(),
        arguments: match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        },
    }
}
