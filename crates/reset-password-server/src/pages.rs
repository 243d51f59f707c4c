//! The pages for people: they need no API key, so each client may do so much and no more.

use std::{num::NonZero, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, Response, StatusCode},
    response::Redirect,
    routing::{any, get},
};
use reset_password::{Caller, Code, Error};
use reset_password_web::{PageRequest, PageResponse, Pages, PagesConfig};

use crate::{
    call::WholeBody,
    client::Client,
    journal::{Action, Journal},
    problem::Problem,
    service::Service,
    throttle::Throttle,
};

/// Where password managers look for the way to a new password (W3C, A Well-Known URL for Changing Passwords).
const WELL_KNOWN: &str = "/.well-known/change-password";

/// Every path of the pages, under their mount.
const PATHS: [&str; 9] = [
    "/forgot",
    "/reset",
    "/check",
    "/link",
    "/done",
    "/expired",
    "/not-me",
    "/reported",
    "/static/{file}",
];

/// The pages, and what one client may do on them.
pub(crate) struct PublicPages {
    pages: Arc<Pages>,
    /// Requests for a link.
    requests: [Throttle; 2],
    /// Passwords that are set, changes that are reported, and links that are pasted.
    confirms: Throttle,
    /// Passwords that are looked at while they are typed.
    checks: Throttle,
}

impl PublicPages {
    const PER_MINUTE: NonZero<u32> = const { NonZero::new(10).unwrap() };
    const PER_HOUR: NonZero<u32> = const { NonZero::new(60).unwrap() };
    const CHECKS_PER_MINUTE: NonZero<u32> = const { NonZero::new(120).unwrap() };

    pub(crate) fn new(config: PagesConfig) -> Result<Self, Error> {
        Ok(Self {
            pages: Arc::new(Pages::new(config)?),
            requests: [
                Throttle::per_minute(Self::PER_MINUTE),
                Throttle::per_hour(Self::PER_HOUR),
            ],
            confirms: Throttle::per_minute(Self::PER_MINUTE),
            checks: Throttle::per_minute(Self::CHECKS_PER_MINUTE),
        })
    }

    /// Forgets clients that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        let others = [&self.confirms, &self.checks];
        for throttle in self.requests.iter().chain(others) {
            throttle.forget_quiet();
        }
    }

    /// Counts what a client does.
    ///
    /// # Errors
    ///
    /// The seconds after which it may do that again.
    fn count(&self, method: &Method, path: &str, client: Client) -> Result<(), u32> {
        if method != Method::POST {
            return Ok(());
        }
        match path {
            "/forgot" => self.requests.iter().try_for_each(|it| it.count(client)),
            "/check" => self.checks.count(client),
            _ => self.confirms.count(client),
        }
    }
}

/// The routes of the pages.
pub(crate) fn routes(pages: &PublicPages) -> Router<Arc<Service>> {
    let mount = pages.pages.mount();
    let router = PATHS.iter().fold(Router::new(), |router, path| {
        router.route(&format!("{mount}{path}"), any(show))
    });
    let forgot = format!("{mount}/forgot");
    router.route(
        WELL_KNOWN,
        get(move || async move { Redirect::to(&forgot) }),
    )
}

/// Shows a page. What it takes from the database is done in one crossing to a thread that may wait, and to its end.
async fn show(
    State(service): State<Arc<Service>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let incomplete = || Error::internal("the request did not pass the layers");
    let (parts, _) = request.into_parts();
    let body: WholeBody = parts.extensions.get().cloned().ok_or_else(incomplete)?;
    let client: Client = parts.extensions.get().copied().ok_or_else(incomplete)?;
    let journal: Arc<Journal> = parts.extensions.get().cloned().ok_or_else(incomplete)?;
    let public = service.pages.as_ref().ok_or(Code::NotFound)?;
    let pages = Arc::clone(&public.pages);
    let path = parts.uri.path().strip_prefix(pages.mount());
    let path = path.unwrap_or_default().to_owned();
    let may = public.count(&parts.method, &path, client);
    journal.begin("page", action(&parts.method, &path));
    let caller = Caller {
        actor: "page".to_owned(),
        request_id: Some(journal.request_id.clone()),
        client: Some(journal.client.clone()),
    };
    let engine = service.engine();
    let answered = engine.run(move |engine| {
        let headers: Vec<_> = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let request = PageRequest {
            method: parts.method.as_str(),
            path: &path,
            query: parts.uri.query().unwrap_or_default(),
            headers: &headers,
            body: &body,
        };
        Ok(match may {
            Ok(()) => caller.scope(|| pages.handle(engine, &request)),
            Err(seconds) => pages.too_many(&request, seconds),
        })
    });
    response(answered.await?)
}

/// What is done on a page, for the log.
fn action(method: &Method, path: &str) -> Action {
    match (method, path) {
        (&Method::POST, "/forgot") => Action::CreateReset,
        (&Method::POST, "/reset" | "/not-me") => Action::ChangePassword,
        _ => Action::Other,
    }
}

fn response(page: PageResponse) -> Result<Response<Body>, Problem> {
    let mut response = Response::new(Body::from(page.body));
    *response.status_mut() = StatusCode::from_u16(page.status).map_err(Error::internal)?;
    for (name, value) in page.headers {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_str(&value).map_err(Error::internal)?;
        response.headers_mut().append(name, value);
    }
    if let Some(code) = page.refusal {
        response.extensions_mut().insert(Problem::from(code));
    }
    Ok(response)
}
