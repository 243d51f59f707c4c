//! What refusals cost, counted in the engine itself.

#![cfg(test)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, OnceLock},
    time::Duration,
};

use reset_password::{CreateUser, Options, PasswordReset, Scope, blocking::UserManagement};
use reset_password_server::{Config, serve};
use secrecy::ExposeSecret;

const EMAIL: &str = "ada@example.com";
const COUNT: u32 = 10_000;

/// A connection that asks for confirms.
struct Client {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Client {
    fn to(address: SocketAddr, key: &str) -> Self {
        let stream = loop {
            match TcpStream::connect(address) {
                Ok(stream) => break stream,
                Err(_) => std::thread::yield_now(),
            }
        };
        stream.set_nodelay(true).unwrap();
        let (stream, key) = (BufReader::new(stream), key.to_owned());
        Self { stream, key }
    }

    /// Sends a confirm and answers its status.
    fn confirm(&mut self, token: &str) -> u16 {
        self.confirm_with(token, "seven green boats at dusk")
    }

    fn confirm_with(&mut self, token: &str, password: &str) -> u16 {
        let body = format!(r#"{{"token":"{token}","new_password":"{password}"}}"#);
        let request = format!(
            "POST /user_management/password_reset/confirm HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        status
    }
}

/// Ten thousand unknown, malformed, expired and spent tokens start not one hash; a good one starts one.
/// Pages and codes wait.
#[test]
fn sec36_no_hash_without_token() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("app.db");
    let url = database.to_str().unwrap().to_owned();
    let options = Options {
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    };
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap();
    drop(free);
    let config = Config {
        listen,
        ..Config::default()
    };
    let served = Arc::new(OnceLock::new());
    let serving = std::thread::spawn({
        let (url, options, served) = (url.clone(), options.clone(), Arc::clone(&served));
        move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let open = async || {
                let engine = reset_password::UserManagement::open(&url, options.clone()).await?;
                served.get_or_init(|| engine.blocking().clone());
                Ok(engine)
            };
            runtime.block_on(serve(config, open))
        }
    });

    let users = UserManagement::open(&url, options).unwrap();
    let email = EMAIL.to_owned();
    let new = CreateUser {
        email,
        ..CreateUser::default()
    };
    users.create_user(new).unwrap();
    let key = users.create_api_key("test", &[Scope::ResetsConfirm], 1);
    let key = key.unwrap().key.expose_secret().to_owned();
    let token_of = |reset: &PasswordReset| reset.password_reset_token.expose_secret().to_owned();
    let spent = token_of(&users.create_password_reset(EMAIL).unwrap());
    let mut client = Client::to(listen, &key);
    let hashes = || {
        served
            .get()
            .map(|engine: &UserManagement| engine.hashes_started())
    };
    assert_eq!((client.confirm(&spent), hashes()), (200, Some(1)));

    let reset = users.create_password_reset(EMAIL).unwrap();
    let expired = token_of(&reset);
    let age = Duration::from_mins(31);
    reset_password_test_tools::age_reset(&database.to_string_lossy(), None, &reset.id, age)
        .unwrap();
    for n in 0..COUNT {
        let (token, expected) = match n % 4 {
            0 => (expired.clone(), 400),
            1 => (spent.clone(), 404),
            2 => (format!("{n:043}"), 404),
            _ => (format!("garbage {n}"), 404),
        };
        assert_eq!(client.confirm(&token), expected, "{n}");
    }
    // Sizes come before all else, and the policy before the hash: also with a good token.
    let live = token_of(&users.create_password_reset(EMAIL).unwrap());
    for (password, status) in [
        ("x".repeat(1 << 20), 413),
        ("x".repeat(16_384), 413),
        ("x".repeat(257), 400),
        ("short".to_owned(), 400),
    ] {
        let status_now = Client::to(listen, &key).confirm_with(&live, &password);
        assert_eq!(status_now, status, "{} characters", password.len());
    }
    assert_eq!(hashes(), Some(1));
    assert_eq!((client.confirm(&live), hashes()), (200, Some(2)));
    assert!(!serving.is_finished());
}
