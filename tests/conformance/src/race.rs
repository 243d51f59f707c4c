//! Every surface redeems one token at one moment, several calls on each: one wins.

use std::{collections::BTreeMap, thread};

use serde_json::{Value, json};

use crate::{
    clock,
    mixed::{call, expect, open_everywhere},
    place::Place,
    report::{Part, Verdict},
    surfaces::{Answer, Call, Shared},
};

/// Calls on each surface.
const CALLS: usize = 3;
/// How long before the moment the surfaces are told of it, in milliseconds.
const LEAD: u64 = 400;

/// Runs so many rounds.
pub fn run(surfaces: &[Shared], rounds: usize, place: &Place) -> Part {
    let mut verdicts = open_everywhere(surfaces, place);
    let mut winners: BTreeMap<String, u32> = BTreeMap::new();
    let mut resets = Vec::new();
    for number in 0..rounds {
        let verdict = round(surfaces, number, &mut resets).map(|winner| {
            *winners.entry(winner).or_default() += 1;
        });
        verdicts.push((format!("round {}", number + 1), verdict));
    }
    if let Some(first) = surfaces.first() {
        verdicts.push((
            "one event for each round".to_owned(),
            events(first, &resets),
        ));
    }
    for surface in surfaces {
        surface.end();
    }
    let shown: Vec<String> = winners
        .iter()
        .map(|(name, times)| format!("{name} {times}"))
        .collect();
    Part {
        name: "races",
        about: format!(
            "{CALLS} calls on each surface redeem one token at one moment, each with a password of its own. \
             Exactly one\nsucceeds, the others find no token, and only the winner's password logs in. \
             Winners: {}.",
            shown.join(", ")
        ),
        verdicts,
    }
}

/// One token. Answers which surface won.
fn round(surfaces: &[Shared], number: usize, resets: &mut Vec<String>) -> Result<String, String> {
    let at = |index: usize| {
        surfaces
            .get(index % surfaces.len())
            .ok_or("there are no surfaces")
    };
    let email = format!("round-{number}@example.com");
    let maker = at(number)?;
    let user = json!({ "$user": { "email": email } });
    let user = expect(&**maker, "create_user", json!({ "email": email }), &user)?;
    let reset = json!({ "$reset": { "user": user } });
    let reset = expect(
        &**maker,
        "create_password_reset",
        json!({ "email": email }),
        &reset,
    )?;
    let text = |name: &str| {
        reset
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    resets.push(text("id"));

    let password = |surface: usize, each: usize| format!("seven green boats {surface} {each}");
    let redeem = |surface: usize| -> Vec<Call> {
        let calls = 0..CALLS;
        calls
            .map(|each| {
                let arguments = json!({
                    "token": text("password_reset_token"),
                    "new_password": password(surface, each),
                });
                call("reset_password", arguments)
            })
            .collect()
    };
    let moment = clock::unix_millis() + LEAD;
    let answers: Vec<Vec<Answer>> = thread::scope(|scope| {
        let threads: Vec<_> = surfaces
            .iter()
            .enumerate()
            .map(|(index, surface)| {
                let calls = redeem(index);
                scope.spawn(move || surface.concurrently(&calls, Some(moment)))
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_default())
            .collect()
    });
    let (surface, each) = the_winner(&answers)?;

    let check = |index: usize, password: String| -> Result<Answer, String> {
        let arguments = json!({ "email": email, "password": password });
        Ok(at(index)?.call(&call("authenticate_with_password", arguments)))
    };
    if !matches!(check(number + 1, password(surface, each))?, Answer::Ok(_)) {
        return Err("the winner's password does not log in".to_owned());
    }
    let loser = password(surface, (each + 1) % CALLS);
    match check(number + 2, loser)? {
        Answer::Error(record) if record.get("code") == Some(&"invalid_credentials".into()) => {}
        other => return Err(format!("a loser's password should not log in: {other:?}")),
    }
    Ok(at(surface)?.name().to_owned())
}

/// The one call that succeeded. All the others found no token.
fn the_winner(answers: &[Vec<Answer>]) -> Result<(usize, usize), String> {
    let mut winners = Vec::new();
    for (surface, answers) in answers.iter().enumerate() {
        if answers.len() != CALLS {
            return Err(format!(
                "surface {surface} answered {} calls",
                answers.len()
            ));
        }
        for (each, answer) in answers.iter().enumerate() {
            match answer {
                Answer::Ok(_) => winners.push((surface, each)),
                Answer::Error(record)
                    if record.get("code") == Some(&"password_reset_token_not_found".into()) => {}
                other => return Err(format!("surface {surface}: {other:?}")),
            }
        }
    }
    match winners.as_slice() {
        [winner] => Ok(*winner),
        _ => Err(format!("{} calls succeeded", winners.len())),
    }
}

/// The feed has one success for each reset.
fn events(surface: &Shared, resets: &[String]) -> Verdict {
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    let mut after = Value::Null;
    loop {
        let page = match surface.call(&call("events", json!({ "limit": 100, "after": after }))) {
            Answer::Ok(page) => page,
            other => return Err(format!("the feed cannot be read: {other:?}")),
        };
        for event in page
            .get("data")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if event.get("event") == Some(&"password_reset.succeeded".into()) {
                let id = event.get("data").and_then(|data| data.get("id"));
                let id = id.and_then(Value::as_str).unwrap_or_default().to_owned();
                *counted.entry(id).or_default() += 1;
            }
        }
        after = page
            .get("list_metadata")
            .and_then(|cursors| cursors.get("after"))
            .cloned()
            .unwrap_or_default();
        if after.is_null() {
            break;
        }
    }
    let expected: BTreeMap<String, u32> = resets.iter().map(|id| (id.clone(), 1)).collect();
    if counted == expected {
        Ok(())
    } else {
        Err(format!("successes by reset: {counted:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> Answer {
        let record = json!({ "code": "password_reset_token_not_found" });
        Answer::Error(record.as_object().unwrap().clone())
    }

    fn won() -> Answer {
        Answer::Ok(Value::Null)
    }

    #[test]
    fn exactly_one_wins() {
        assert_eq!(
            the_winner(&[vec![lost(), lost(), lost()], vec![lost(), won(), lost()]]),
            Ok((1, 1))
        );
        let overloaded = json!({ "code": "overloaded" }).as_object().unwrap().clone();
        for bad in [
            vec![vec![lost(), lost(), lost()]],
            vec![vec![won(), lost(), lost()], vec![lost(), won(), lost()]],
            vec![vec![won(), lost()]],
            vec![vec![won(), lost(), Answer::Error(overloaded)]],
            vec![vec![won(), lost(), Answer::Broken("gone".into())]],
        ] {
            assert!(the_winner(&bad).is_err(), "{bad:?}");
        }
    }
}
