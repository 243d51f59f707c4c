//! A request, as the handlers see it.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header, request::Parts},
};
use percent_encoding::percent_decode_str;
use reset_password::{ApiKey, Caller, Code, Error, Order, Scope, blocking::UserManagement};
use reset_password_web::read_fields;
use zeroize::Zeroizing;

use crate::{
    answer::Answer,
    client::Client,
    fields::Fields,
    journal::{Action, Journal},
    problem::Problem,
    service::Service,
};

/// What a client calls a request that it may send again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// No client's key is longer.
const MAX_IDEMPOTENCY_KEY: usize = 255;
/// Names under which people put keys where keys do not belong.
const KEYS_IN_QUERIES: [&str; 6] = [
    "access_token",
    "api_key",
    "apikey",
    "client_secret",
    "key",
    "token",
];

/// The body of a request, read whole before anything else.
pub(crate) type WholeBody = Arc<Zeroizing<Vec<u8>>>;

/// The socket's other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// A request.
pub(crate) struct Call {
    headers: HeaderMap,
    uri: Uri,
    parameters: Vec<(String, String)>,
    body: WholeBody,
    client: Client,
    journal: Arc<Journal>,
    service: Arc<Service>,
}

impl FromRequestParts<Arc<Service>> for Call {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Self, Problem> {
        // A path that is not UTF-8 names nothing.
        let parameters = RawPathParams::from_request_parts(parts, service)
            .await
            .map_err(|_| Code::NotFound)?
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let incomplete = || Error::internal("the request did not pass the layers");
        Ok(Self {
            uri: std::mem::take(&mut parts.uri),
            parameters,
            body: parts.extensions.get().cloned().ok_or_else(incomplete)?,
            client: parts.extensions.get().copied().ok_or_else(incomplete)?,
            journal: parts.extensions.get().cloned().ok_or_else(incomplete)?,
            headers: std::mem::take(&mut parts.headers),
            service: Arc::clone(service),
        })
    }
}

impl Call {
    /// Answers the call, if its API key has the scope, or any one where none is asked for. All of it is done in one crossing to a thread that may
    /// wait, and to its end, even if the client hangs up.
    ///
    /// # Errors
    ///
    /// 401 without a key that works, 403 without the scope, 429 for a client that presents wrong keys
    /// again and again, 400 for a key in the query or a cookie, and those of the work.
    pub(crate) async fn authorized(
        self,
        scope: impl Into<Option<Scope>>,
        action: Action,
        work: impl FnOnce(&Authorized<'_>) -> Answer + Send + 'static,
    ) -> Answer {
        let engine = self.service.engine();
        let scope = scope.into();
        let answer = engine.run(move |engine| {
            let api_key = match self.authorize(engine, scope, action) {
                Ok(api_key) => api_key,
                Err(problem) => return Ok(Err(problem)),
            };
            let caller = Caller {
                actor: api_key.id.clone(),
                request_id: Some(self.journal.request_id.clone()),
                client: Some(self.journal.client.clone()),
            };
            let authorized = Authorized {
                call: &self,
                engine,
                api_key,
            };
            Ok(caller.scope(|| work(&authorized)))
        });
        answer.await?
    }

    /// The API key, if it has the scope.
    fn authorize(
        &self,
        engine: &UserManagement,
        scope: Option<Scope>,
        action: Action,
    ) -> Result<ApiKey, Problem> {
        self.refuse_keys_elsewhere()?;
        let api_key = self.authenticate(engine)?;
        self.journal.begin(&api_key.id, action);
        if engine.api_key_use_is_news(&api_key) {
            note_use(engine, &api_key)?;
        }
        if scope.is_some_and(|scope| !api_key.allows(scope)) {
            return Err(Code::Forbidden.into());
        }
        Ok(api_key)
    }

    /// The API key, if it works. For a client that has been wrong too often nothing is read, unless there is a
    /// key of that name.
    fn authenticate(&self, engine: &UserManagement) -> Result<ApiKey, Problem> {
        let service = &self.service;
        let too_often = |seconds| Problem::from(Code::RateLimited).after(seconds);
        let text = self.bearer().unwrap_or_default();
        if let Some(seconds) = service.wrong_keys.is_over(self.client)
            && !service
                .known_keys
                .has_id_of(text, || engine.list_api_keys())?
        {
            return Err(too_often(seconds));
        }
        let known = engine.authenticate_api_key(text);
        known.map_err(|error| match error.code() {
            Code::Unauthorized => match service.wrong_keys.count(self.client) {
                Ok(()) => error.into(),
                Err(seconds) => too_often(seconds),
            },
            _ => error.into(),
        })
    }

    /// A part of the path.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// The last part of the path as it was sent, without any decoding.
    pub(crate) fn last_segment(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The path as it was sent.
    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query's parameters; those in `lists` may stand more than once.
    pub(crate) fn query(&self, lists: &[&str]) -> Result<Query, Error> {
        read_fields(self.raw_query(), lists).map(Query)
    }

    /// The body, byte for byte.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The fields of a JSON body.
    pub(crate) fn json(&self) -> Result<Fields, Problem> {
        match self.media_type()? {
            Some(MediaType::Json) => Fields::of_json(&self.body),
            Some(MediaType::Form) | None => Err(Code::UnsupportedMediaType.into()),
        }
    }

    /// The fields of a JSON body or of a form; none, where there is no body.
    pub(crate) fn json_or_form(&self) -> Result<Fields, Problem> {
        match self.media_type()? {
            None if self.body.is_empty() => Ok(Fields::of_form(Vec::new())),
            None => Err(Code::UnsupportedMediaType.into()),
            Some(MediaType::Json) => Fields::of_json(&self.body),
            Some(MediaType::Form) => {
                let text = std::str::from_utf8(&self.body);
                let malformed = |_| Problem::malformed("form_invalid", "the form is not UTF-8");
                Ok(Fields::of_form(read_fields(text.map_err(malformed)?, &[])?))
            }
        }
    }

    /// What the client calls this request, if it means to send it again.
    pub(crate) fn idempotency_key(&self) -> Result<Option<&[u8]>, Error> {
        let mut keys = self.headers.get_all(IDEMPOTENCY_KEY).iter();
        let key = keys.next().map(HeaderValue::as_bytes);
        let is_good = |key: &[u8]| (1..=MAX_IDEMPOTENCY_KEY).contains(&key.len());
        if keys.next().is_some() || key.is_some_and(|key| !is_good(key)) {
            let message = "idempotency_key must be one header of 1 to 255 characters";
            return Err(Error::field("idempotency_key", "invalid", message));
        }
        Ok(key)
    }

    /// What every request shares.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Who asks.
    pub(crate) fn client(&self) -> Client {
        self.client
    }

    /// Where the request is noted.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    fn raw_query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    fn bearer(&self) -> Option<&str> {
        let mut values = self.headers.get_all(header::AUTHORIZATION).iter();
        let value = values.next()?.to_str().ok()?;
        let (scheme, key) = value.split_once(' ')?;
        let is_one = values.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
        is_one.then_some(key.trim_start_matches(' '))
    }

    /// A key in a query or a cookie ends in logs and histories: it is refused even if it is a good one.
    fn refuse_keys_elsewhere(&self) -> Result<(), Problem> {
        let pairs = self.raw_query().split('&');
        let mut names = pairs.filter_map(|pair| pair.split('=').next());
        let in_query = names.any(|name| {
            let name = percent_decode_str(name)
                .decode_utf8_lossy()
                .to_ascii_lowercase();
            KEYS_IN_QUERIES.contains(&name.as_str())
        });
        let in_cookie = self.headers.get_all(header::COOKIE).iter().any(|cookie| {
            let cookie = cookie.as_bytes();
            cookie.windows(4).any(|at| at == b"rpk_")
        });
        if in_query || in_cookie {
            return Err(Problem::malformed(
                "api_key_misplaced",
                "the API key belongs in the Authorization header alone, and no secret in the query",
            ));
        }
        Ok(())
    }

    fn media_type(&self) -> Result<Option<MediaType>, Code> {
        let mut values = self.headers.get_all(header::CONTENT_TYPE).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let text = value.to_str().map_err(|_| Code::UnsupportedMediaType)?;
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        });
        match kind.as_str() {
            _ if !is_utf8 || values.next().is_some() => Err(Code::UnsupportedMediaType),
            "application/json" => Ok(Some(MediaType::Json)),
            "application/x-www-form-urlencoded" => Ok(Some(MediaType::Form)),
            _ => Err(Code::UnsupportedMediaType),
        }
    }
}

/// A call that may do what it asks for, on a thread that may wait.
pub(crate) struct Authorized<'a> {
    call: &'a Call,
    pub(crate) engine: &'a UserManagement,
    /// The key that the call came with.
    pub(crate) api_key: ApiKey,
}

impl Deref for Authorized<'_> {
    type Target = Call;

    fn deref(&self) -> &Call {
        self.call
    }
}

/// Notes that the key was used, on another thread: the answer does not wait for the disk.
fn note_use(engine: &UserManagement, api_key: &ApiKey) -> Result<(), Error> {
    let id = api_key.id.clone();
    engine.spawn(
        move |engine| engine.note_api_key_use(&id),
        |noted| {
            if let Err(error) = noted {
                tracing::warn!(%error, "the use of an API key was not noted");
            }
        },
    )
}

/// How a body is written.
#[derive(Clone, Copy)]
enum MediaType {
    Form,
    Json,
}

/// The parameters of a query.
pub(crate) struct Query(Vec<(String, Zeroizing<String>)>);

impl Query {
    /// A parameter that may be left out.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.texts(name).next().map(str::to_owned)
    }

    /// Every value of a parameter. An empty one is none: SDKs send it for what was not given.
    pub(crate) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The order of a list: newest first, unless it is asked for otherwise.
    pub(crate) fn order(&self) -> Result<Order, Error> {
        match self.text("order").as_deref() {
            None | Some("desc" | "normal") => Ok(Order::Desc),
            Some("asc") => Ok(Order::Asc),
            Some(_) => {
                let message = "order must be asc, desc or normal";
                Err(Error::field("order", "invalid", message))
            }
        }
    }

    /// A number that may be left out.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<u32>, Error> {
        let is_number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
        match self.text(name) {
            None => Ok(None),
            Some(text) => text
                .parse()
                .ok()
                .filter(|_| is_number(&text))
                .map(Some)
                .ok_or_else(|| {
                    let message = format!("{name} must be a whole number");
                    Error::field(name, "integer_required", message)
                }),
        }
    }

    /// Refuses a filter that is not there: to leave it out would answer too much.
    pub(crate) fn refuse(&self, names: &[&'static str]) -> Result<(), Error> {
        match names.iter().find(|name| self.texts(name).next().is_some()) {
            None => Ok(()),
            Some(name) => {
                let message = format!("{name} is not a filter that this service has");
                Err(Error::field(name, "unsupported", message))
            }
        }
    }
}
