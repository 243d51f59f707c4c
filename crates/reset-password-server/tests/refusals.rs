//! What refusals cost, counted in the engine itself.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use reset_password::{CreateUser, Options, Scope, UserManagement};
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
        let body = format!(r#"{{"token":"{token}","new_password":"seven green boats at dusk"}}"#);
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
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec36_no_hash_without_token() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("app.db");
    let url = database.to_str().unwrap().to_owned();
    let options = Options {
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    };
    let opened = Arc::new(Mutex::new(None));
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap();
    drop(free);
    let config = Config {
        listen,
        ..Config::default()
    };
    let kept = Arc::clone(&opened);
    let (of_url, of_options) = (url.clone(), options.clone());
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let open = async || {
            let engine = UserManagement::open(&of_url, of_options.clone()).await?;
            *kept.lock().unwrap() = Some(engine.clone());
            Ok(engine)
        };
        runtime.block_on(serve(config, open))
    });

    let users = UserManagement::open(&url, options).await.unwrap();
    let email = EMAIL.to_owned();
    let new = CreateUser {
        email,
        ..CreateUser::default()
    };
    users.create_user(new).await.unwrap();
    let key = users
        .create_api_key("test", &[Scope::ResetsConfirm], 1)
        .await
        .unwrap();
    let key = key.key.expose_secret().to_owned();
    let token_of = |reset: &reset_password::PasswordReset| {
        reset.password_reset_token.expose_secret().to_owned()
    };
    let spent = token_of(&users.create_password_reset(EMAIL).await.unwrap());
    let hashes = {
        let opened = Arc::clone(&opened);
        move || opened.lock().unwrap().as_ref().unwrap().hashes_started()
    };
    let mut client = tokio::task::spawn_blocking(move || Client::to(listen, &key))
        .await
        .unwrap();
    let (spending, mut client) = tokio::task::spawn_blocking({
        let spent = spent.clone();
        move || (client.confirm(&spent), client)
    })
    .await
    .unwrap();
    assert_eq!((spending, hashes()), (200, 1));

    let reset = users.create_password_reset(EMAIL).await.unwrap();
    let expired = token_of(&reset);
    let age = Duration::from_mins(31);
    reset_password_test_tools::age_reset(&database, None, &reset.id, age)
        .await
        .unwrap();
    tokio::task::spawn_blocking(move || {
        for n in 0..COUNT {
            let (token, expected) = match n % 4 {
                0 => (expired.clone(), 400),
                1 => (spent.clone(), 404),
                2 => (format!("{n:043}"), 404),
                _ => (format!("garbage {n}"), 404),
            };
            assert_eq!(client.confirm(&token), expected, "{n}");
        }
    })
    .await
    .unwrap();
    assert_eq!(hashes(), 1);
    assert!(!serving.is_finished());
}
