//! Every route, and their description.

use std::sync::Arc;

use axum::{Router, body::Body, http::Response, middleware, response::IntoResponse, routing::get};
use reset_password::Code;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    call::Call,
    events, health, layers, maia,
    openapi::{self, Document},
    pages,
    problem::Problem,
    resets,
    service::Service,
    users, webhook_endpoints,
};

/// The routes, without what serves them.
fn described() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(resets::create_password_reset))
        .routes(routes!(resets::get_password_reset))
        .routes(routes!(resets::request_password_reset))
        .routes(routes!(resets::check_password_reset_token))
        .routes(routes!(resets::send_password_reset))
        .routes(routes!(resets::confirm_password_reset))
        .routes(routes!(maia::reset_password))
        .routes(routes!(users::create_user))
        .routes(routes!(users::list_users))
        .routes(routes!(users::get_user))
        .routes(routes!(users::update_user))
        .routes(routes!(users::delete_user))
        .routes(routes!(users::unlock_user))
        .routes(routes!(users::get_user_by_external_id))
        .routes(routes!(events::list_events))
        .routes(routes!(webhook_endpoints::create_webhook_endpoint))
        .routes(routes!(webhook_endpoints::list_webhook_endpoints))
        .routes(routes!(webhook_endpoints::get_webhook_endpoint))
        .routes(routes!(webhook_endpoints::update_webhook_endpoint))
        .routes(routes!(webhook_endpoints::delete_webhook_endpoint))
        .routes(routes!(webhook_endpoints::rotate_webhook_secret))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}

/// The description of the service: an OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::complete(described().into_openapi())
}

/// The routes, ready to serve.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let (router, document) = described().split_for_parts();
    let document = Arc::new(openapi::complete(document));
    let router = router.route(
        "/openapi.json",
        get(move |call: Call| openapi::show(call, document)),
    );
    let router = match &service.pages {
        Some(pages) => router.merge(pages::routes(pages)),
        None => router,
    };
    layered(router, service)
}

/// The routes behind everything that each request passes.
fn layered(router: Router<Arc<Service>>, service: Arc<Service>) -> Router {
    router
        .fallback(async || refuse(Code::NotFound))
        .method_not_allowed_fallback(async || refuse(Code::MethodNotAllowed))
        .layer(CatchPanicLayer::custom(layers::after_panic))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&service),
            layers::handle,
        ))
        .with_state(service)
}

fn refuse(code: Code) -> Response<Body> {
    Problem::from(code).into_response()
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::{
        extract::State,
        http::{Request, StatusCode},
    };
    use http_body_util::BodyExt as _;
    use reset_password::{Options, UserManagement};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{answer::Answer, call::Peer, config::Config};

    async fn service() -> Arc<Service> {
        let engine = UserManagement::open(":memory:", Options::default()).await;
        Arc::new(Service::new(Config::default(), engine.unwrap(), None))
    }

    async fn ask(router: &Router, path: &str) -> (StatusCode, Option<String>, String) {
        let mut request = Request::get(path)
            .header("host", "x")
            .body(Body::empty())
            .unwrap();
        request
            .extensions_mut()
            .insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        let response = router.clone().oneshot(request).await.unwrap();
        let request_id = response.headers().get("x-request-id").cloned();
        let request_id = request_id.map(|id| id.to_str().unwrap().to_owned());
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            request_id,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    async fn panics() -> Response<Body> {
        panic!("the secret of the panic")
    }

    async fn panics_at_work(State(service): State<Arc<Service>>) -> Answer {
        let engine = service.engine();
        engine.run(|_| panic!("the secret of the panic")).await?
    }

    /// A panic is one bad answer that shows nothing, and the next request is as any other.
    #[tokio::test]
    async fn sec87_a_panic_is_one_answer() {
        let service = service().await;
        let some = Router::new()
            .route("/panics", get(panics))
            .route("/panics-at-work", get(panics_at_work))
            .route("/healthz", get(health::healthz));
        let router = layered(some, service);
        for path in ["/panics", "/panics-at-work"] {
            let (status, request_id, body) = ask(&router, path).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(request_id.unwrap().len(), 36);
            assert!(
                body.contains("\"code\":\"internal\"") && !body.contains("secret"),
                "{body}"
            );
        }
        assert_eq!(ask(&router, "/healthz").await.0, StatusCode::OK);
    }

    /// What is committed is checked by `scripts/update --check`; this says that each route is in it.
    #[test]
    fn every_route_is_described_with_its_refusals() {
        let document = openapi();
        assert_eq!(document.paths.paths.len(), 17);
        for (path, item) in &document.paths.paths {
            let operations = [&item.delete, &item.get, &item.patch, &item.post, &item.put];
            for operation in operations.into_iter().flatten() {
                let statuses: Vec<_> = operation.responses.responses.keys().collect();
                assert!(
                    statuses.iter().any(|status| status.starts_with('2')),
                    "{path}"
                );
                assert!(statuses.iter().any(|status| *status == "503"), "{path}");
            }
        }
    }
}
