//! The service in this process, where its hashes can be counted.

use std::{
    net::TcpListener,
    sync::{Arc, OnceLock},
    thread::JoinHandle,
};

use reset_password::{Error, Options, Scope, blocking::UserManagement};
use reset_password_server::{Config, serve};
use reset_password_test_service::{CONFIRM, Connection, JSON, request, secret};
use serde_json::json;

/// A service, its database, and a key to it.
pub struct InProcess {
    /// A handle beside the service's own, so that nothing done by it counts.
    pub users: UserManagement,
    /// Where it listens.
    pub address: String,
    /// What it works with, once it serves.
    served: Arc<OnceLock<UserManagement>>,
    authorization: String,
    serving: JoinHandle<Result<(), Error>>,
}

impl InProcess {
    /// A service on the file at that path.
    pub fn new(url: &str, options: &Options) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = free.local_addr().unwrap();
        drop(free);
        let config = Config {
            listen,
            ..Config::default()
        };
        let served = Arc::new(OnceLock::new());
        let serving = std::thread::spawn({
            let (url, options, served) = (url.to_owned(), options.clone(), Arc::clone(&served));
            move || {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                let open = async || {
                    let engine = reset_password::UserManagement::open(&url, options.clone());
                    let engine = engine.await?;
                    served.get_or_init(|| engine.blocking().clone());
                    Ok(engine)
                };
                runtime.block_on(serve(config, open))
            }
        });
        let address = listen.to_string();
        // It listens before its engine is open.
        while served.get().is_none() || Connection::try_to(&address).is_none() {
            assert!(!serving.is_finished());
            std::thread::yield_now();
        }
        let users = UserManagement::open(url, options.clone()).unwrap();
        let scopes = [Scope::ResetsConfirm, Scope::ResetsCreate];
        let key = users.create_api_key("test", &scopes, 1).unwrap().key;
        Self {
            authorization: format!("Bearer {}", secret(&key)),
            users,
            address,
            served,
            serving,
        }
    }

    /// The engine of the service.
    pub fn engine(&self) -> &UserManagement {
        self.served.get().unwrap()
    }

    /// A request with the key, as it is sent.
    pub fn post(&self, path: &str, body: &str) -> String {
        let headers = [("authorization", self.authorization.as_str()), JSON];
        request("POST", path, &headers, Some(body))
    }

    /// A confirm, as it is sent.
    pub fn confirm(&self, token: &str, password: &str) -> String {
        let body = json!({ "token": token, "new_password": password });
        self.post(CONFIRM, &body.to_string())
    }

    pub fn is_serving(&self) -> bool {
        !self.serving.is_finished()
    }
}
