//! Resets in users' tables that belong to frameworks.

#[path = "../support/mod.rs"]
mod support;

use std::thread;

use reset_password::{Code, CreateUser, Options, UpdateUser, blocking::UserManagement};
use reset_password_core::password::hash::HashForm;
use reset_password_test_databases::{Backend, Database, Kind};
use support::schemas::{
    ALLAUTH, ASPNET, BETTER_AUTH, DEVISE, DJANGO, Framework, LARAVEL, PHOENIX, RAILS, SPRING,
    Words, hash,
};
use support::{NEW, OLD, cheap_with_key, new_database, text};
use tempfile::TempDir;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// A framework's tables with two users and their sessions, open.
struct Fixture {
    framework: &'static Framework,
    words: Words,
    database: Database,
    users: UserManagement,
    _folder: TempDir,
}

fn form(preset: &str) -> HashForm {
    let tables = reset_password_store::UserMapping::parse(preset).unwrap();
    tables.resolve().unwrap().hash_form
}

fn options(users: &str) -> Options {
    Options {
        users: Some(users.into()),
        ..cheap_with_key()
    }
}

impl Fixture {
    fn new(framework: &'static Framework, backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = new_database(backend, folder.path());
        let words = Words::of(&database);
        framework.make(&database, &words);
        let users = UserManagement::open(database.url(), options(framework.preset)).unwrap();
        let fixture = Self {
            framework,
            words,
            database,
            users,
            _folder: folder,
        };
        let old = hash(form(framework.preset), OLD);
        for (n, email) in [(1, ADA), (2, BOB)] {
            fixture.run(framework.user, n, email, &old);
            fixture.run(framework.sessions, n, email, &old);
        }
        fixture
    }

    fn run(&self, statements: &str, n: u32, email: &str, hash: &str) {
        for statement in statements.split(';').filter(|each| !each.trim().is_empty()) {
            self.database.rows(&self.put(statement, n, email, hash));
        }
    }

    fn put(&self, statement: &str, n: u32, email: &str, hash: &str) -> String {
        let statement = statement.replace("$old", if n == 1 { ADA } else { BOB });
        self.words.of_user(&statement, n, email, hash)
    }

    fn ask(&self, question: &str, n: u32) -> String {
        let email = if n == 1 { ADA } else { BOB };
        self.database.value(&self.put(question, n, email, ""))
    }

    fn accepts(&self, email: &str, password: &str) -> bool {
        self.users
            .authenticate_with_password(email, password)
            .is_ok()
    }

    fn token(&self, email: &str) -> String {
        let reset = self.users.create_password_reset(email).unwrap();
        text(&reset.password_reset_token).to_owned()
    }

    fn refused(&self, token: &str) -> Code {
        self.users.reset_password(token, NEW).unwrap_err().code()
    }
}

/// What a reset does, and to whom.
fn a_whole_reset(fixture: &Fixture) {
    let (users, framework) = (&fixture.users, fixture.framework);
    let ada = users.get_user_by_email(ADA).unwrap();
    assert_eq!((ada.email.as_str(), ada.email_verified), (ADA, false));
    assert_eq!(users.get_user(&ada.id).unwrap(), ada);
    assert!(fixture.accepts(ADA, OLD) && !fixture.accepts(ADA, NEW));
    let before = fixture.ask(framework.hash, 2);
    let old = fixture.ask(framework.hash, 1);

    let token = fixture.token(ADA);
    let asked = users.request_password_reset(ADA).unwrap().unwrap();
    assert_eq!(
        (text(&asked.password_reset_token), asked.email.as_str()),
        (token.as_str(), ADA)
    );
    assert!(
        users
            .request_password_reset("nobody@example.com")
            .unwrap()
            .is_none()
    );
    assert!(users.check_password_reset_token(&token).unwrap().usable);
    assert_eq!(
        users.reset_password(&token, "short").unwrap_err().code(),
        Code::PasswordRejected
    );
    let reset = users.reset_password(&token, NEW).unwrap();
    assert_eq!(reset.id, ada.id);
    assert_eq!(fixture.refused(&token), Code::PasswordResetTokenNotFound);
    assert!(fixture.accepts(ADA, NEW) && !fixture.accepts(ADA, OLD));

    // In the form that its login takes; nobody else's row; its own sessions and links are gone, and no others.
    let written = fixture.ask(framework.hash, 1);
    let kind = |hash: &str| {
        hash.split(['$', '}', ':'])
            .take(2)
            .collect::<Vec<_>>()
            .join("$")
    };
    if !matches!(framework.preset, "aspnet" | "better-auth") {
        assert_eq!(kind(&written), kind(&old));
    }
    assert_eq!(fixture.ask(framework.hash, 2), before);
    if let Some(verified) = framework.verified {
        assert_eq!(
            (fixture.ask(verified, 1), fixture.ask(verified, 2)),
            ("1".to_owned(), "0".to_owned())
        );
    }
    if let Some(left) = framework.left {
        assert_eq!(fixture.ask(left, 1), "0");
        assert_ne!(fixture.ask(left, 2), "0");
    }
    assert!(fixture.accepts(BOB, OLD));
    assert!(
        users
            .get_user(&ada.id)
            .unwrap()
            .credentials_changed_at
            .is_some()
    );
    assert!(users.get_user(&ada.id).unwrap().last_sign_in_at.is_some());
    // A login makes no hash anew: that is the framework's own to do.
    assert_eq!(fixture.ask(framework.hash, 1), written);
    let events = users.events(None, 100).unwrap().data;
    let told = events.last().unwrap().data["ended"]
        .to_string()
        .to_lowercase();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let ended = framework.ended.iter();
    let ended: serde_json::Map<_, _> = ended
        .map(|(table, rows)| ((*table).to_owned(), (*rows).into()))
        .collect();
    if ended.is_empty() {
        assert!(told.is_null(), "{told}");
    } else {
        assert_eq!(told.as_object(), Some(&ended));
    }
    assert!(users.verify_audit().unwrap().is_whole());

    // A reset that is only tried leaves everything as it is.
    let state = || {
        (
            fixture.ask(framework.hash, 1),
            fixture.ask(framework.hash, 2),
        )
    };
    let before = (state(), users.events(None, 100).unwrap());
    let token = fixture.token(BOB);
    let tried = users.check_users(framework.preset).unwrap();
    // A table that is read as a whole to find an address, or one that the preset names and that is not there.
    let is_read = matches!(framework.preset, "aspnet" | "django" | "laravel");
    assert!(
        tried.rehearsed && tried.warnings.len() == usize::from(is_read),
        "{tried:?}"
    );
    assert_eq!(state(), before.0);
    assert_eq!(
        users.events(None, 100).unwrap().data.len(),
        before.1.data.len() + 1
    );
    assert!(users.check_password_reset_token(&token).unwrap().usable);
}

/// What the framework does by its own code between link and redemption kills the link.
fn what_the_framework_changes_kills_the_link(fixture: &Fixture) {
    let framework = fixture.framework;
    let token = fixture.token(ADA);
    fixture.run(
        framework.set_hash,
        1,
        ADA,
        &hash(form(framework.preset), "a password that was set elsewhere"),
    );
    assert_eq!(fixture.refused(&token), Code::PasswordResetTokenNotFound);
    assert!(fixture.accepts(ADA, "a password that was set elsewhere"));

    let token = fixture.token(ADA);
    fixture.run(framework.set_email, 1, "other@example.com", "");
    assert_eq!(fixture.refused(&token), Code::PasswordResetTokenNotFound);
    assert!(!fixture.accepts(ADA, NEW));

    let token = fixture.token(BOB);
    fixture.run(framework.disable, 2, BOB, "");
    assert_eq!(fixture.refused(&token), Code::PasswordResetTokenNotFound);
    assert!(!fixture.accepts(BOB, OLD));
    assert_eq!(
        fixture.users.create_password_reset(BOB).unwrap_err().code(),
        Code::UserNotFound
    );
    assert!(fixture.users.request_password_reset(BOB).unwrap().is_none());
}

/// The framework adds, changes and removes its users itself.
fn what_a_table_of_another_cannot_do(fixture: &Fixture) {
    let users = &fixture.users;
    let id = users.get_user_by_email(ADA).unwrap().id;
    let new = CreateUser {
        email: "new@example.com".into(),
        ..CreateUser::default()
    };
    let change = UpdateUser {
        name: Some("Eve".into()),
        ..UpdateUser::default()
    };
    let refusals = [
        users.create_user(new).map(drop).unwrap_err(),
        users.update_user(&id, change).map(drop).unwrap_err(),
        users.delete_user(&id).unwrap_err(),
        users
            .list_users(reset_password::ListUsers::default())
            .map(drop)
            .unwrap_err(),
        users.get_user_by_external_id("x").map(drop).unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(refusal.code(), Code::Unsupported);
        assert!(refusal.message().contains("another system"), "{refusal}");
    }
    for id in [
        "",
        "x",
        "1x",
        "01",
        "-1",
        "99999999999999999999",
        "' OR 1=1 --",
        "user_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ] {
        assert_eq!(
            users.get_user(id).unwrap_err().code(),
            Code::UserNotFound,
            "{id}"
        );
    }
}

/// Its preset is known by its tables, and what has to be granted is told.
fn whose_tables_they_are(fixture: &Fixture) {
    let preset = fixture.framework.preset;
    let found = fixture.users.inspect_users().unwrap();
    let names: Vec<_> = found.iter().map(|one| one.preset).collect();
    assert_eq!(names, [preset]);
    assert_eq!(found[0].mapping, format!("preset = \"{preset}\"\n"));
    let grants = fixture.users.user_grants(preset).unwrap();
    let first = &grants[0];
    assert_eq!(
        (first.privileges, &first.table),
        ("SELECT, UPDATE", &found[0].table)
    );
    let refused = fixture
        .users
        .user_grants("table = \"nowhere\"\n")
        .unwrap_err();
    assert_eq!(refused.code(), Code::ConfigInvalid);
    assert!(refused.message().contains("no table nowhere"), "{refused}");
}

/// What watches a reset is told, and what is slow.
fn what_should_be_known(fixture: &Fixture) {
    let Some(nothing) = fixture.words.nothing else {
        return;
    };
    let preset = fixture.framework.preset;
    let found = fixture.users.inspect_users().unwrap();
    let table = &found[0].table;
    let trigger = format!("CREATE TRIGGER watching BEFORE UPDATE ON \"{table}\" {nothing}");
    fixture.database.rows(&fixture.words.put(&trigger));
    let warnings = fixture.users.check_users(preset).unwrap().warnings;
    let told = |part: &str| warnings.iter().any(|warning| warning.contains(part));
    assert!(
        told("triggers that run in the transaction of a reset (watching)"),
        "{warnings:?}"
    );
}

/// One token changes one password once, however many come at once.
fn one_of_many_wins(fixture: &Fixture) {
    let users = &fixture.users;
    let token = fixture.token(ADA);
    let password = |n: usize| format!("the password of racer number {n}");
    let won: Vec<usize> = thread::scope(|scope| {
        let racers = (0..8).map(|n| {
            let (users, token) = (users.clone(), token.clone());
            scope.spawn(move || {
                loop {
                    match users.reset_password(&token, &password(n)) {
                        Ok(_) => return Some(n),
                        // It says that it is to be tried again.
                        Err(error) if error.code() == Code::Overloaded => {}
                        Err(error) => {
                            assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
                            return None;
                        }
                    }
                }
            })
        });
        let racers: Vec<_> = racers.collect();
        let ends = racers.into_iter().filter_map(|racer| racer.join().unwrap());
        ends.collect()
    });
    assert_eq!(won.len(), 1, "{won:?}");
    assert!(fixture.accepts(ADA, &password(won[0])));
    let events = users.events(None, 100).unwrap().data;
    let is_success = |event: &&reset_password::Event| event.event == "password_reset.succeeded";
    assert_eq!(events.iter().filter(is_success).count(), 1);
}

/// An account is found by its address as its system would, and by none that only looks like it.
fn nobody_is_taken_for_another(fixture: &Fixture) {
    let users = &fixture.users;
    let framework = fixture.framework;
    let found = |email: &str| users.get_user_by_email(email).is_ok();
    assert!(found(ADA));
    for other in [
        "\u{e4}da@example.com",
        "ada@example.co",
        "ada@example.com.",
        "ad_@example.com",
        "ad%@example.com",
    ] {
        assert!(!found(other), "{other}");
        assert!(
            matches!(users.request_password_reset(other), Ok(None) | Err(_)),
            "{other}"
        );
    }
    let as_it_compares = match framework.preset {
        "laravel" => r#"SELECT count(*) FROM "users" WHERE "email" = 'ADA@Example.com'"#,
        "spring" => r#"SELECT count(*) FROM "users" WHERE "username" = 'ADA@Example.com'"#,
        _ => "",
    };
    if !as_it_compares.is_empty() {
        let is_one = fixture.ask(as_it_compares, 1) == "1";
        assert_eq!(found("ADA@Example.com"), is_one);
    }
    if framework.preset == "django" {
        assert!(found("ADA@Example.com"));
        fixture.run(framework.user, 3, "ADA@example.com", "x");
        assert!(
            !found(ADA) && !found("ADA@example.com"),
            "it is two people's"
        );
        assert_eq!(
            users.create_password_reset(ADA).unwrap_err().code(),
            Code::UserNotFound
        );
        assert!(users.request_password_reset(ADA).unwrap().is_none());
    }
    assert!(found(BOB));
}

/// Users' tables of systems that there is no preset for: WordPress, Keycloak, Moodle, Ghost, and one of nobody's in particular.
const FOREIGN: [&str; 5] = [
    r#"CREATE TABLE "wp_users" ("ID" $key, "user_login" $text NOT NULL, "user_pass" $text NOT NULL, "user_email" $text NOT NULL, "user_registered" $time, "user_activation_key" $text, "user_status" $number, "display_name" $text)"#,
    r#"CREATE TABLE "user_entity" ("id" $text NOT NULL PRIMARY KEY, "email" $text, "email_verified" $flag NOT NULL, "enabled" $flag NOT NULL, "username" $text, "realm_id" $text); CREATE TABLE "credential" ("id" $text NOT NULL PRIMARY KEY, "user_id" $text, "secret_data" $text, "credential_data" $text)"#,
    r#"CREATE TABLE "mdl_user" ("id" $key, "auth" $text NOT NULL, "confirmed" $number NOT NULL, "deleted" $number NOT NULL, "username" $text NOT NULL, "password" $text NOT NULL, "email" $text NOT NULL, "lastlogin" $number NOT NULL)"#,
    r#"CREATE TABLE "users" ("id" $text NOT NULL PRIMARY KEY, "name" $text NOT NULL, "slug" $text NOT NULL, "password" $text NOT NULL, "email" $text NOT NULL, "status" $text NOT NULL, "last_seen" $time, "created_at" $time NOT NULL, "updated_at" $time)"#,
    r#"CREATE TABLE "users" ("id" $key, "email" $text NOT NULL, "password" $text NOT NULL)"#,
];

fn nobody_elses_tables_are_taken_for_a_preset_s(backend: Backend) {
    for tables in FOREIGN {
        let folder = tempfile::tempdir().unwrap();
        let database = new_database(backend, folder.path());
        let words = Words::of(&database);
        for statement in tables.split("; ") {
            database.rows(&words.put(statement));
        }
        let users = UserManagement::open(database.url(), cheap_with_key()).unwrap();
        assert_eq!(users.inspect_users().unwrap(), [], "{tables}");
    }
}

#[test]
fn nobody_elses_tables_on_sqlite() {
    nobody_elses_tables_are_taken_for_a_preset_s(Backend::SqliteFile);
}

#[test]
fn nobody_elses_tables_on_postgres() {
    nobody_elses_tables_are_taken_for_a_preset_s(Backend::Server(Kind::Postgres15));
}

#[test]
fn nobody_elses_tables_on_mariadb() {
    nobody_elses_tables_are_taken_for_a_preset_s(Backend::Server(Kind::MariaDb10_11));
}

macro_rules! each {
    ($($name:ident: $framework:ident;)*) => {
        $(mod $name {
            use super::*;

            fn all(backend: Backend) {
                a_whole_reset(&Fixture::new(&$framework, backend));
                what_the_framework_changes_kills_the_link(&Fixture::new(&$framework, backend));
                let fixture = Fixture::new(&$framework, backend);
                what_a_table_of_another_cannot_do(&fixture);
                what_should_be_known(&fixture);
                whose_tables_they_are(&fixture);
                nobody_is_taken_for_another(&fixture);
                one_of_many_wins(&Fixture::new(&$framework, backend));
            }

            #[test]
            fn sqlite() {
                all(Backend::SqliteFile);
            }

            #[test]
            fn postgres() {
                all(Backend::Server(Kind::Postgres15));
            }

            #[test]
            fn mariadb() {
                all(Backend::Server(Kind::MariaDb10_11));
            }
        })*
    };
}

each! {
    allauth: ALLAUTH;
    aspnet: ASPNET;
    better_auth: BETTER_AUTH;
    devise: DEVISE;
    django: DJANGO;
    laravel: LARAVEL;
    phoenix: PHOENIX;
    rails: RAILS;
    spring: SPRING;
}
