//! HTTP: a real service for each handle. An operation that has no route is called in process, on the
//! same database.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::{Map, Value};

use super::{
    Answer, Call, Surface,
    command::{Binary, Line, NotText, engine_flags},
    http_answers::{self, Asked},
    rust::Rust,
    service::Service,
    type_error,
};
use crate::argument::{as_text, is_left_out, object_json};

/// HTTP.
pub struct Http {
    binary: Binary,
    folder: Mutex<PathBuf>,
    handles: Mutex<HashMap<String, Arc<Handle>>>,
    in_process: Rust,
}

/// A service that runs from the first call on until the handle is closed, and again after that.
struct Handle {
    open: Call,
    flags: Line,
    service: Mutex<Option<Arc<Service>>>,
    opened_in_process: Mutex<bool>,
}

/// One request.
struct Request {
    method: &'static str,
    path: String,
    body: Option<Vec<u8>>,
    success: u16,
}

impl Http {
    pub fn new(binary: Binary) -> Self {
        Self {
            binary,
            folder: Mutex::default(),
            handles: Mutex::default(),
            in_process: Rust::default(),
        }
    }

    /// The operations that have a route.
    pub const ROUTES: [&str; 13] = [
        "check_password_reset_token",
        "create_password_reset",
        "create_user",
        "delete_user",
        "events",
        "get_password_reset",
        "get_user",
        "get_user_by_external_id",
        "list_users",
        "request_password_reset",
        "reset_password",
        "unlock_user",
        "update_user",
    ];

    fn handles(&self) -> MutexGuard<'_, HashMap<String, Arc<Handle>>> {
        lock(&self.handles)
    }

    fn open(&self, call: &Call) -> Result<Answer, NotText> {
        let given = |name: &str| !is_left_out(call.arguments.get(name));
        // No flag says either of these.
        if given("key") && given("key_file") || given("previous_keys") && !given("key") {
            return Ok(self.in_process.call(call));
        }
        if !given("database_url") {
            return Err(NotText);
        }
        let mut flags = Line::default();
        let key_file = lock(&self.folder).join(format!("{}.key", call.handle));
        engine_flags(&mut flags, &call.arguments, &key_file)?;
        let service = match Service::start(&self.binary, &flags) {
            Ok(service) => service,
            Err(answer) => return Ok(answer),
        };
        let handle = Handle {
            open: call.clone(),
            flags,
            service: Mutex::new(Some(Arc::new(service))),
            opened_in_process: Mutex::new(false),
        };
        self.handles().insert(call.handle.clone(), Arc::new(handle));
        Ok(Answer::Ok(Value::Null))
    }

    fn close(&self, handle: &Handle, call: &Call) -> Answer {
        let service = lock(&handle.service).take().and_then(Arc::into_inner);
        if let Some(Err(why)) = service.map(Service::stop) {
            return Answer::Broken(why);
        }
        if *lock(&handle.opened_in_process) {
            return self.in_process.call(call);
        }
        Answer::Ok(Value::Null)
    }

    /// Calls what has no route.
    fn beside(&self, handle: &Handle, call: &Call) -> Answer {
        let mut opened = lock(&handle.opened_in_process);
        if !*opened {
            if let answer @ (Answer::Broken(_) | Answer::Error(_)) =
                self.in_process.call(&handle.open)
            {
                return Answer::Broken(format!("it cannot be opened in process: {answer:?}"));
            }
            *opened = true;
        }
        drop(opened);
        self.in_process.call(call)
    }

    fn perform(&self, handle: &Handle, call: &Call) -> Result<Answer, NotText> {
        let request = request(&call.operation, &call.arguments)?;
        let service = {
            let mut service = lock(&handle.service);
            match &*service {
                Some(service) => Arc::clone(service),
                None => match Service::start(&self.binary, &handle.flags) {
                    Ok(started) => Arc::clone(service.insert(Arc::new(started))),
                    Err(answer) => return Ok(answer),
                },
            }
        };
        let reply = match service.request(request.method, &request.path, request.body.as_deref()) {
            Ok(reply) => reply,
            Err(why) => return Ok(Answer::Broken(why)),
        };
        let asked = Asked {
            operation: &call.operation,
            arguments: &call.arguments,
            success: request.success,
        };
        let changed_at = |id: &str| self.credentials_changed_at(handle, call, id);
        Ok(http_answers::answer(&asked, &reply, &changed_at).unwrap_or_else(Answer::Broken))
    }

    /// The one field of a user that is not told over HTTP.
    fn credentials_changed_at(
        &self,
        handle: &Handle,
        call: &Call,
        id: &str,
    ) -> Result<Value, String> {
        let mut arguments = Map::new();
        arguments.insert("id".to_owned(), id.into());
        let look = Call {
            handle: call.handle.clone(),
            operation: "get_user".to_owned(),
            arguments,
        };
        match self.beside(handle, &look) {
            Answer::Ok(user) => user
                .get("credentials_changed_at")
                .cloned()
                .ok_or_else(|| format!("no credentials_changed_at: {user}")),
            other => Err(format!("{id} cannot be read in process: {other:?}")),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn request(operation: &str, arguments: &Map<String, Value>) -> Result<Request, NotText> {
    const USERS: &str = "/user_management/users";
    const RESETS: &str = "/user_management/password_reset";
    let at = |place: &str, name: &str| {
        arguments
            .get(name)
            .and_then(as_text)
            .map(|text| format!("{place}/{}", encoded(&text)))
            .ok_or(NotText)
    };
    let body = || {
        let mut fields = arguments.clone();
        if operation == "update_user" {
            fields.shift_remove("id");
        }
        let mut text = Vec::new();
        object_json(&fields, &mut text).map_err(|_| NotText)?;
        Ok(Some(text))
    };
    let (method, path, body, success) = match operation {
        "check_password_reset_token" => ("POST", format!("{RESETS}/check"), body()?, 200),
        "create_password_reset" => ("POST", RESETS.to_owned(), body()?, 201),
        "create_user" => ("POST", USERS.to_owned(), body()?, 201),
        "delete_user" => ("DELETE", at(USERS, "id")?, None, 202),
        "events" => ("GET", with_query("/events", arguments)?, None, 200),
        "get_password_reset" => ("GET", at(RESETS, "id")?, None, 200),
        "get_user" => ("GET", at(USERS, "id")?, None, 200),
        "get_user_by_external_id" => {
            let path = at(&format!("{USERS}/external_id"), "external_id")?;
            ("GET", path, None, 200)
        }
        "list_users" => ("GET", with_query(USERS, arguments)?, None, 200),
        "request_password_reset" => ("POST", format!("{RESETS}/request"), body()?, 200),
        "reset_password" => ("POST", format!("{RESETS}/confirm"), body()?, 200),
        "unlock_user" => ("POST", format!("{}/unlock", at(USERS, "id")?), None, 204),
        _ => ("PUT", at(USERS, "id")?, body()?, 200),
    };
    Ok(Request {
        method,
        path,
        body,
        success,
    })
}

fn with_query(path: &str, arguments: &Map<String, Value>) -> Result<String, NotText> {
    let mut pairs = Vec::new();
    for (name, value) in arguments {
        if !is_left_out(Some(value)) {
            pairs.push(format!(
                "{name}={}",
                encoded(&as_text(value).ok_or(NotText)?)
            ));
        }
    }
    if pairs.is_empty() {
        return Ok(path.to_owned());
    }
    Ok(format!("{path}?{}", pairs.join("&")))
}

fn encoded(text: &[u8]) -> String {
    percent_encode(text, NON_ALPHANUMERIC).to_string()
}

impl Surface for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn begin(&self, folder: &Path) {
        folder.clone_into(&mut lock(&self.folder));
    }

    fn call(&self, call: &Call) -> Answer {
        if call.operation == "open" {
            let opened = self.open(call);
            return opened.unwrap_or_else(|NotText| type_error("a command line cannot hold it"));
        }
        let handle = self.handles().get(&call.handle).cloned();
        let Some(handle) = handle else {
            return Answer::Broken(format!("no handle {}", call.handle));
        };
        if call.operation == "close" {
            return self.close(&handle, call);
        }
        if !Self::ROUTES.contains(&call.operation.as_str()) {
            return self.beside(&handle, call);
        }
        self.perform(&handle, call)
            .unwrap_or_else(|NotText| type_error("a URL cannot hold it"))
    }

    fn end(&self) {
        self.handles().clear();
        self.in_process.end();
    }
}
