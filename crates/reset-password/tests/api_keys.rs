//! API keys: made, used, replaced, revoked, and never stored.

mod support;

use std::time::Duration;

use reset_password::{ApiKey, Code, NewApiKey, Scope};
use support::{Bench, bench, text};

const DAY: Duration = Duration::from_hours(24);

async fn key(bench: &Bench) -> NewApiKey {
    let scopes = [Scope::UsersRead, Scope::ResetsConfirm, Scope::UsersRead];
    bench
        .engine
        .create_api_key("app", &scopes, 90)
        .await
        .unwrap()
}

async fn caller(bench: &Bench, key: &str) -> Result<ApiKey, Code> {
    bench
        .engine
        .authenticate_api_key(key)
        .await
        .map_err(|error| error.code())
}

#[tokio::test]
async fn sec89_a_key_works_and_is_not_stored() {
    let bench = bench().await;
    let key = key(&bench).await;
    let known = caller(&bench, text(&key.key)).await.unwrap();
    assert_eq!(known, key.api_key);
    assert_eq!(known.scopes, [Scope::ResetsConfirm, Scope::UsersRead]);
    assert!(known.allows(Scope::UsersRead) && !known.allows(Scope::UsersWrite));
    let secret = &text(&key.key)[31..];
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|at| at == secret.as_bytes())
        );
    }
}

/// One answer for every key that does not work.
#[tokio::test]
async fn sec89_wrong_unknown_revoked_and_expired_are_one() {
    let bench = bench().await;
    let (first, second) = (key(&bench).await, key(&bench).await);
    let (first_text, second_text) = (text(&first.key), text(&second.key));
    let crossed = format!("{}{}", &first_text[..30], &second_text[30..]);
    let unknown = format!("rpk_{}{}", "0".repeat(26), &first_text[30..]);
    for bad in ["", "rpk_", "sk_test_123", &crossed, &unknown] {
        assert_eq!(caller(&bench, bad).await, Err(Code::Unauthorized));
    }
    bench
        .engine
        .revoke_api_key(&first.api_key.id)
        .await
        .unwrap();
    assert_eq!(caller(&bench, first_text).await, Err(Code::Unauthorized));
    bench
        .clock
        .advance(Duration::from_millis(90 * 86_400_000 - 1));
    assert!(caller(&bench, second_text).await.is_ok());
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(caller(&bench, second_text).await, Err(Code::Unauthorized));
}

/// Reminders before the end are the service's.
#[tokio::test]
async fn sec91_a_replaced_key_works_for_the_overlap() {
    let bench = bench().await;
    let old = key(&bench).await;
    bench.clock.advance(80 * DAY);
    let too_long = bench
        .engine
        .rotate_api_key(&old.api_key.id, 90, 8 * DAY)
        .await;
    assert_eq!(too_long.unwrap_err().code(), Code::InputInvalid);
    let new = bench
        .engine
        .rotate_api_key(&old.api_key.id, 90, DAY)
        .await
        .unwrap();
    assert_eq!(
        (&new.api_key.name, &new.api_key.scopes),
        (&old.api_key.name, &old.api_key.scopes)
    );
    assert!(caller(&bench, text(&old.key)).await.is_ok());
    assert!(caller(&bench, text(&new.key)).await.is_ok());
    bench.clock.advance(DAY);
    assert_eq!(
        caller(&bench, text(&old.key)).await,
        Err(Code::Unauthorized)
    );
    assert!(caller(&bench, text(&new.key)).await.is_ok());
    let dead = bench.engine.rotate_api_key(&old.api_key.id, 90, DAY).await;
    assert_eq!(dead.unwrap_err().code(), Code::InputInvalid);
    bench.clock.advance(89 * DAY);
    assert_eq!(
        caller(&bench, text(&new.key)).await,
        Err(Code::Unauthorized)
    );
}

#[tokio::test]
async fn sec91_a_revoked_key_is_refused_at_once_by_another_process() {
    let bench = bench().await;
    let key = key(&bench).await;
    let other = support::engine(bench.folder.path(), &bench.clock, |_| {}).await;
    assert!(other.authenticate_api_key(text(&key.key)).await.is_ok());
    let revoked = bench.engine.revoke_api_key(&key.api_key.id).await.unwrap();
    assert!(revoked.revoked_at.is_some());
    bench.clock.advance(DAY);
    let again = bench.engine.revoke_api_key(&key.api_key.id).await.unwrap();
    assert_eq!(again.revoked_at, revoked.revoked_at);
    assert!(other.authenticate_api_key(text(&key.key)).await.is_err());
    let listed = other.list_api_keys().await.unwrap();
    assert_eq!(listed, [revoked]);
    let unknown = bench.engine.revoke_api_key("api_key_x").await.unwrap_err();
    assert_eq!(unknown.code(), Code::InputInvalid);
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let bench = bench().await;
    let key = key(&bench).await;
    let id = &key.api_key.id;
    assert!(bench.engine.api_key_use_is_news(&key.api_key));
    bench.engine.note_api_key_use(id).await.unwrap();
    let noted = caller(&bench, text(&key.key)).await.unwrap();
    assert!(noted.last_used_at.is_some() && !bench.engine.api_key_use_is_news(&noted));
    bench.clock.advance(Duration::from_millis(59_999));
    bench.engine.note_api_key_use(id).await.unwrap();
    assert_eq!(caller(&bench, text(&key.key)).await.unwrap(), noted);
    bench.clock.advance(Duration::from_millis(1));
    assert!(bench.engine.api_key_use_is_news(&noted));
    bench.engine.note_api_key_use(id).await.unwrap();
    assert_ne!(caller(&bench, text(&key.key)).await.unwrap(), noted);
}
