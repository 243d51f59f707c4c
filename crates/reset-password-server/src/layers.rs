//! What every request passes on its way in, and every answer on its way out.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Response, Version, header, uri::Authority},
    middleware::Next,
    response::IntoResponse,
};
use http_body_util::BodyExt as _;
use reset_password::Code;
use tokio::time::{self, Instant};
use zeroize::Zeroizing;

use crate::{
    call::{Peer, WholeBody},
    client::Client,
    config::Config,
    framing::Chunks,
    journal::{Entry, Journal},
    maia,
    problem::Problem,
    service::Service,
};

/// The name that a request has in the answer and in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];
const CLOSE: HeaderValue = HeaderValue::from_static("close");
/// The longest body that is read to its end although it is too long.
const MAX_DRAINED: usize = 64 * 1_024 * 1_024;
/// Two years, for every host below this one too.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Reads the request whole, has it answered, and notes it.
pub(crate) async fn handle(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    let request_id = service.new_request_id();
    let client = request
        .extensions()
        .get::<Peer>()
        .map(|peer| Client::of(peer.0, request.headers(), &service.config.trusted_proxies));
    let pseudonym = client.map(|client| service.pseudonym(client));
    let journal = Arc::new(Journal::new(
        request_id.clone(),
        pseudonym.unwrap_or_default(),
    ));
    let entry = Entry::begin(&journal, &service.metrics, &method, route);
    let is_last = is_encoded(&request);

    let mut response = match read_whole(request).await {
        Err(problem) => problem.into_response(),
        Ok((mut request, body)) => {
            request.extensions_mut().insert(Arc::clone(&journal));
            request.extensions_mut().insert(body);
            if let Some(client) = client {
                request.extensions_mut().insert(client);
            }
            next.run(request).await
        }
    };
    if route == Some(maia::ROUTE)
        && let Some(problem) = response.extensions().get::<Problem>()
    {
        response = problem.in_maias_shape();
    }
    entry.end(&response);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        // A page says more than that by itself.
        headers.entry(name).or_insert(value);
    }
    if is_last {
        headers.insert(header::CONNECTION, CLOSE);
    }
    if service.config.is_tls() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Ok(request_id) = request_id.try_into() {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}

/// What a caught panic is answered as.
pub(crate) fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response<Body> {
    Problem::from(Code::Internal).into_response()
}

/// Reads the body, within its bounds, before anybody looks at the request.
async fn read_whole(mut request: Request) -> Result<(Request, WholeBody), Problem> {
    check_framing(&request)?;
    let deadline = Instant::now() + Config::BODY_TIMEOUT;
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let waits = request.headers().contains_key(header::EXPECT);
    let mut body = std::mem::take(request.body_mut());
    if let Some(length) = announced.filter(|length| *length > Config::MAX_BODY) {
        if !waits && length <= MAX_DRAINED {
            drain(&mut body).await;
        }
        return Err(Problem::from(Code::PayloadTooLarge).ending_connection());
    }
    let in_chunks = is_encoded(&request);
    let most = if in_chunks {
        Config::MAX_BODY
    } else {
        announced.unwrap_or_default()
    };
    // As long as it can get: what is wiped must not have moved.
    let mut whole = Zeroizing::new(Vec::with_capacity(most));
    loop {
        let frame = time::timeout_at(deadline, body.frame()).await;
        let Ok(frame) = frame else {
            return Err(Problem::from(Code::RequestTimeout).ending_connection());
        };
        let data = match frame {
            None => break,
            Some(Ok(frame)) => frame.into_data().ok(),
            Some(Err(_)) => None,
        };
        // Of fields behind chunks, lines may end in more than one way.
        let Some(data) = data else {
            let message = if in_chunks {
                "the body did not arrive whole, in well-formed chunks and nothing behind them"
            } else {
                "the body did not arrive whole"
            };
            return Err(Problem::malformed("body_incomplete", message).ending_connection());
        };
        if whole.len() + data.len() > most {
            drain(&mut body).await;
            return Err(Problem::from(Code::PayloadTooLarge).ending_connection());
        }
        whole.extend_from_slice(&data);
    }
    Ok((request, Arc::new(whole)))
}

/// Whether the body comes in chunks, or in what should be some. The connection is read no further than to its end.
fn is_encoded(request: &Request) -> bool {
    request.headers().contains_key(header::TRANSFER_ENCODING)
}

/// Refuses requests whose end two readers could see in two places (RFC 9112, sections 3.2 and 6.3).
fn check_framing(request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let chunks = request.extensions().get::<Chunks>();
    if is_encoded(request) && !chunks.is_some_and(Chunks::are_clear) {
        let problem = Problem::malformed(
            "transfer_encoding_unsupported",
            "send the body with a Content-Length, or with a Transfer-Encoding that is chunked and nothing else",
        );
        return Err(problem.ending_connection());
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_host = match hosts.next() {
        Some(host) => is_host(host) && hosts.next().is_none(),
        None => request.version() == Version::HTTP_10,
    };
    if !is_host {
        let problem = Problem::malformed("host_required", "send one Host header");
        return Err(problem.ending_connection());
    }
    Ok(())
}

/// Whether the header names a host, and nothing else.
fn is_host(host: &HeaderValue) -> bool {
    let Ok(authority) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let text = authority.as_str();
    let port = text.strip_prefix(authority.host()).unwrap_or(text);
    let digits = port.strip_prefix(':').unwrap_or(port);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a body that is too long to its end, or for a while: a client that is still sending would not
/// see the answer.
async fn drain(body: &mut Body) {
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = time::timeout(Config::HEAD_TIMEOUT, rest).await;
}
