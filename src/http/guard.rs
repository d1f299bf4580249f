//! What every request passes through: identifiers, tokens, security headers, envelopes for errors.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Api;
use super::audience::{Audience, cookie};
use super::error::{API_VERSION, ApiError, Envelope, data};

/// Name of the cookie that holds the token for the web app.
const COOKIE: &str = "recollect_token";

/// Name of the cookie by which the owner turned online maps on in a browser.
const ONLINE_MAP: &str = "recollect_online_map";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages may load nothing from elsewhere, and nobody may frame them.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_session, delete_session))
}

/// A token to be remembered by the browser.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NewSession {
    token: String,
}

/// Remembers the token in a cookie that scripts cannot read.
#[utoipa::path(post, path = "/session", request_body = NewSession, responses((status = 200, body = Envelope<Value>)))]
async fn create_session(State(api): State<Api>, Json(session): Json<NewSession>) -> Result<Response, ApiError> {
    let guest = api.guest_token().is_some_and(|token| same(token, &session.token));
    if !guest && api.token.as_deref().is_some_and(|token| !same(token, &session.token)) {
        return Err(unauthorized());
    }
    Ok(remember(&session.token, 31_536_000))
}

/// Forgets the token that the browser remembers.
#[utoipa::path(delete, path = "/session", responses((status = 200, body = Envelope<Value>)))]
async fn delete_session() -> Response {
    remember("", 0)
}

/// Has the browser remember a token for so many seconds.
fn remember(token: &str, seconds: u32) -> Response {
    let mut response = data(json!({})).into_response();
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn unauthorized() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", "this server asks for a token")
        .hint("send it as `Authorization: Bearer TOKEN`; it is `server.token` of the server's configuration")
}

/// Compares in time that does not depend on where two texts differ.
fn same(a: &str, b: &str) -> bool {
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

/// Lets through what carries the token; pages themselves are public, what they show is not. On loopback, where there is
/// no token, only requests that name this machine pass: a page elsewhere whose name was made to point here does not.
/// Whoever presents the guests' token is a guest, wherever they ask from.
pub(super) async fn check_token(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let private = path.starts_with("/api/") || path == super::metrics::PATH;
    let public = !private || path == "/api/v1/session";
    let given = given_token(&request);
    let presents = |token: &str| given.is_some_and(|given| same(given, token));
    let guest = api.guest_token().is_some_and(presents);
    let audience = match &api.token {
        None if !names_this_machine(&request) => return wrong_host().into_response(),
        None if guest => Audience::Guest,
        None => Audience::owner(&request),
        Some(token) if presents(token) => Audience::owner(&request),
        // Pages are public; what they show comes by other requests.
        Some(_) if guest || public => Audience::Guest,
        Some(_) => return unauthorized().into_response(),
    };
    if let Err(error) = audience.check(&request) {
        return error.into_response();
    }
    request.extensions_mut().insert(audience);
    next.run(request).await
}

/// The token that a request carries: of a program, else of the browser.
fn given_token(request: &Request) -> Option<&str> {
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| cookie(request, COOKIE))
}

fn wrong_host() -> ApiError {
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", "this server answers to localhost only")
        .hint("set `server.token` to serve other names")
}

fn names_this_machine(request: &Request) -> bool {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri().host())
        .unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Gives the request an identifier, errors their envelope, and every answer its security headers.
pub(super) async fn finish(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    let policy = policy(&api, &request);
    let api = request.uri().path().starts_with("/api/");
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let status = response.status();
    tracing::debug!(%method, %uri, status = status.as_u16(), request_id = %id, "answered");
    if api && (status.is_client_error() || status.is_server_error()) {
        response = enveloped(response, status, &id);
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// What the page may load: where the owner turned online maps on, also pictures from the server of their tiles.
fn policy(api: &Api, request: &Request) -> HeaderValue {
    let origin = Some(&api.app.configured.config.map).filter(|_| cookie(request, ONLINE_MAP) == Some("1"));
    let wider = origin.and_then(|map| map.tile_origin()).map(|origin| format!("{POLICY}; img-src 'self' {origin}"));
    wider.and_then(|policy| HeaderValue::from_str(&policy).ok()).unwrap_or(HeaderValue::from_static(POLICY))
}

/// The envelope of an error, whoever made it: a handler, an extractor, a missing route.
fn enveloped(mut response: Response, status: StatusCode, id: &str) -> Response {
    let error = response.extensions_mut().remove::<ApiError>().unwrap_or_else(|| match status {
        StatusCode::NOT_FOUND => ApiError::not_found("no_route", "there is no such address in the API"),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::new(status, "method_not_allowed", "this address has other methods"),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(status, "too_large", "the request is too large"),
        StatusCode::RANGE_NOT_SATISFIABLE => ApiError::new(status, "bad_range", "the file is shorter than that"),
        status if status.is_server_error() => ApiError::internal(&status),
        _ => ApiError::bad_request("the request does not have the shape that this address takes")
            .hint("see /api/v1/openapi.json"),
    });
    let body = json!({ "api_version": API_VERSION, "data": null, "meta": {}, "error": error.body(id) });
    (status, Json(body)).into_response()
}

/// What a panic in a handler becomes.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> http::Response<Body> {
    ApiError::internal(&"a handler panicked").into_response()
}
