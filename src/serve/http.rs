//! Handles requests: checks the origin, resolves the address, and sends the response.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, WebSocketUpgrade};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use crate::parse::push_attribute;
use crate::pipeline::{Hashed, Opened, theme_file};
use crate::site::{decode, encode};
use crate::source::{Hash, SitePath};

use super::connections::{Activity, Connection, Connections, LIMIT};
use super::response::{self, Content, Source};
use super::state::{AppState, Revision};
use super::tab;

/// The maximum size of a request's head, and of the send buffer.
const BUFFER: usize = 64 << 10;
/// The pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(50);
/// The path, below the base path, of the server's own files.
pub(super) const SERVER_PATH: &str = "__dossier/";

/// Handles requests until the program ends.
pub(super) async fn serve(listener: TcpListener, state: Arc<AppState>) {
    let connections = Connections::new(LIMIT);
    loop {
        let Ok((stream, client)) = listener.accept().await else {
            // The usual cause is too many open files.
            connections.close_one();
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Responses are small, and the client waits for each.
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve_connection(stream, connections.add(client.ip()), state.clone()));
    }
}

/// Handles the requests of a connection, until either side closes it.
async fn serve_connection<S>(stream: S, connection: Arc<Connection>, state: Arc<AppState>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let answer = service_fn(|request: hyper::Request<Incoming>| {
        let (state, connection) = (state.clone(), connection.clone());
        async move { Ok::<_, Infallible>(handle_request(state, connection, request.map(Body::new)).await) }
    });
    let served = http1::Builder::new().max_buf_size(BUFFER).serve_connection(TokioIo::new(stream), answer);
    tokio::select! {
        _ = served.with_upgrades() => {}
        () = connection.must_close() => {}
    }
}

async fn handle_request(state: Arc<AppState>, connection: Arc<Connection>, request: Request) -> Response {
    let answering = ActiveRequest::new(connection.clone());
    let mut response = match state.hosts.check_request(request.headers(), request.uri()) {
        Ok(()) => route(state, connection, request).await,
        Err(reason) => plain_text(StatusCode::FORBIDDEN, reason),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Each piece that the client reads is activity; the end of the body is the end of the response.
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            answering.0.set_activity(Activity::Answering);
            frame
        }))
    })
}

/// A connection during a request.
struct ActiveRequest(Arc<Connection>);

impl ActiveRequest {
    fn new(connection: Arc<Connection>) -> Self {
        connection.set_activity(Activity::Answering);
        Self(connection)
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.set_answered();
    }
}

async fn route(state: Arc<AppState>, connection: Arc<Connection>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = plain_text(StatusCode::METHOD_NOT_ALLOWED, "This server answers GET and HEAD.");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let base = state.base();
    let path = request.uri().path();
    let Some(below) = path.strip_prefix(base.as_str()) else {
        let above = base.trim_end_matches('/');
        if path == "/" || path == above {
            return redirect(&base, request.uri().query());
        }
        return not_found(state, base, request).await;
    };
    match below.strip_prefix(SERVER_PATH) {
        Some("ws") if state.watch => upgrade_socket(state, base, connection, request).await,
        Some("reload.js") if state.watch => {
            let content = embedded(include_bytes!("reload.js"), "text/javascript; charset=utf-8".into());
            response::content(StatusCode::OK, content, request.method(), request.headers())
        }
        _ => {
            let Some(wanted) = output_path(below) else { return not_found(state, base, request).await };
            serve_output(state, base, wanted, request).await
        }
    }
}

/// The output that an address names, and whether it names a folder. Addresses with `..`, a double slash or an encoded
/// slash name no output.
fn output_path(below: &str) -> Option<SitePath> {
    let mut text = decode(below)?;
    if text.is_empty() || text.ends_with('/') {
        text.push_str("index.html");
    }
    SitePath::new(&text).ok().filter(|path| path.as_str() == text)
}

async fn serve_output(state: Arc<AppState>, base: String, wanted: SitePath, request: Request) -> Response {
    let (shared, path) = (state.clone(), wanted.clone());
    let opened = tokio::task::spawn_blocking(move || open(&shared, &path)).await;
    match opened {
        Ok(Found::Page(page)) => response::content(
            StatusCode::OK,
            with_reload_script(&state, &base, page),
            request.method(),
            request.headers(),
        ),
        Ok(Found::Content(content)) => response::content(StatusCode::OK, content, request.method(), request.headers()),
        Ok(Found::Folder) => {
            let name = wanted.name();
            redirect(&format!("{}/", encode(name)), request.uri().query())
        }
        Ok(Found::Nothing) => not_found(state, base, request).await,
        Ok(Found::Error(message)) => error_page(&state, &base, &message, &request),
        Err(_) => error_page(&state, &base, "The page could not be rendered.", &request),
    }
}

/// The response of an address.
enum Found {
    Page(Hashed),
    Content(Content),
    Folder,
    Nothing,
    Error(String),
}

fn open(state: &AppState, path: &SitePath) -> Found {
    let revision = state.revision();
    let Some(live) = &revision.live else {
        return Found::Error("The site has errors, and there is no good version of it yet.".to_owned());
    };
    let kind = crate::source::media_type(path);
    match live.open(path) {
        Opened::Page(page) | Opened::Failed(_, Some(page)) => Found::Page(page),
        Opened::Made(Hashed { bytes, hash }) => {
            Found::Content(Content { source: Source::Memory(vec![Bytes::from_owner(bytes)]), hash, kind })
        }
        Opened::Failed(problem, None) => Found::Error(problem.message.clone()),
        Opened::File(file) => match state.folder.open_file(&file) {
            Ok((opened, stamp)) => {
                Found::Content(Content { source: Source::File(opened, stamp.len), hash: stamp.hash(), kind })
            }
            Err(error) => match theme_file(&file).filter(|_| error.kind() == io::ErrorKind::NotFound) {
                Some(bytes) => Found::Content(embedded(bytes, kind)),
                None => Found::Error(format!("`{file}` cannot be read: {}", crate::diag::plain(&error))),
            },
        },
        Opened::Nothing => match SitePath::new(&format!("{path}/index.html")) {
            Ok(index) if live.is_page(&index) => Found::Folder,
            _ => Found::Nothing,
        },
    }
}

/// Bytes embedded in the program.
fn embedded(bytes: &'static [u8], kind: Cow<'static, str>) -> Content {
    Content { source: Source::Memory(vec![Bytes::from_static(bytes)]), hash: Hash::of(bytes), kind }
}

/// The site's page for unknown addresses, with status 404.
async fn not_found(state: Arc<AppState>, base: String, request: Request) -> Response {
    let shared = state.clone();
    let page = tokio::task::spawn_blocking(move || SitePath::new("404.html").map(|path| open(&shared, &path))).await;
    match page {
        Ok(Ok(Found::Page(page))) => {
            let content = with_reload_script(&state, &base, page);
            response::content(StatusCode::NOT_FOUND, content, request.method(), &HeaderMap::new())
        }
        Ok(Ok(Found::Content(content))) => {
            response::content(StatusCode::NOT_FOUND, content, request.method(), &HeaderMap::new())
        }
        Ok(Ok(Found::Error(message))) => error_page(&state, &base, &message, &request),
        _ => plain_text(StatusCode::NOT_FOUND, "There is no page at this address."),
    }
}

/// A page of the server, shown while the site has none. It shows the problems, and disappears by itself.
fn error_page(state: &AppState, base: &str, message: &str, request: &Request) -> Response {
    let mut text = String::new();
    push_attribute(&mut text, message);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Not shown</title>\n</head>\n<body>\n\
         <h1>This page cannot be shown</h1>\n<p>{text}</p>\n</body>\n</html>\n"
    );
    let content = with_reload_script(state, base, html.into_bytes().into());
    response::content(StatusCode::INTERNAL_SERVER_ERROR, content, request.method(), &HeaderMap::new())
}

/// A page with the reload script before its end, and otherwise unchanged.
fn with_reload_script(state: &AppState, base: &str, Hashed { bytes, hash }: Hashed) -> Content {
    let kind = Cow::Borrowed("text/html; charset=utf-8");
    let bytes = Bytes::from_owner(bytes);
    if !state.watch {
        return Content { source: Source::Memory(vec![bytes]), hash, kind };
    }
    let mut attribute = String::new();
    push_attribute(&mut attribute, base);
    let script = format!(
        "<script src=\"{attribute}{SERVER_PATH}reload.js\" data-page=\"{}\" data-base=\"{attribute}\"></script>\n",
        hash.short()
    );
    // The script contains the hash of the page, so one hash identifies both.
    let hash = Hash::of(script.as_bytes());
    let end = bytes.windows(7).rposition(|window| window == b"</body>").unwrap_or(bytes.len());
    Content { source: Source::Memory(vec![bytes.slice(..end), script.into(), bytes.slice(end..)]), hash, kind }
}

async fn upgrade_socket(state: Arc<AppState>, base: String, connection: Arc<Connection>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if !state.hosts.is_own_page(&parts.headers, &parts.uri) {
        return plain_text(StatusCode::FORBIDDEN, "Only pages of this site may connect here.");
    }
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(tab::MAX_MESSAGE)
            .max_frame_size(tab::MAX_MESSAGE)
            .on_upgrade(move |socket| tab::serve_tab(socket, connection, state, base)),
        Err(refused) => refused.into_response(),
    }
}

/// The page at the address of a tab.
pub(super) fn page_at(address: &str, base: &str) -> Option<SitePath> {
    output_path(address.strip_prefix(base)?)
}

/// The address of an output.
pub(super) fn address_of(path: &SitePath, base: &str) -> String {
    let encoded = encode(path.as_str());
    let short = if path.name() == "index.html" { encoded.strip_suffix("index.html") } else { None };
    format!("{base}{}", short.unwrap_or(&encoded))
}

/// The redirect of a moved page, with the query kept.
fn redirect(to: &str, query: Option<&str>) -> Response {
    let to = query.map_or_else(|| to.to_owned(), |query| format!("{to}?{query}"));
    let mut response = plain_text(StatusCode::FOUND, "The page has moved.");
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn plain_text(status: StatusCode, text: impl std::fmt::Display) -> Response {
    let text = format!("{text}\n");
    let len = HeaderValue::from(text.len());
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_LENGTH, len);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

impl Revision {
    /// The message for a tab at this page, and its new state; `None` if nothing changed for it.
    pub(super) fn message_for(&self, tab: &tab::TabState, base: &str) -> (Option<String>, tab::TabState) {
        let (hash, problem) = tab.page.as_ref().map_or((None, None), |page| self.page(page));
        let hash = hash.map(|hash| hash.short());
        // The live site is the last one without errors: a tab may be older than it, never newer.
        let changed = hash.is_some() && hash != tab.hash;
        let (number, is_new) = (self.number, self.number > tab.number);
        let files: Vec<String> = self.files.iter().filter(|_| is_new).map(|file| address_of(file, base)).collect();
        let goto = self.edited.as_ref().filter(|edited| is_new && tab.page.as_ref() != Some(edited));
        let goto = goto.map(|edited| address_of(edited, base));
        let mut problems: Vec<serde_json::Value> =
            self.problems.iter().filter_map(|shown| serde_json::to_value(shown).ok()).collect();
        if let (Some(problem), true) = (problem, self.problems.is_empty()) {
            problems.push(serde_json::json!({
                "severity": "error", "code": problem.code, "message": problem.message, "hint": problem.hint,
                "file": null, "line": 0, "column": 0, "source": "",
            }));
        }
        let problems = serde_json::Value::from(problems);
        let news = changed || !files.is_empty() || goto.is_some() || problems != tab.problems;
        let text = serde_json::json!({
            "number": number, "changed": changed, "files": files, "goto": goto, "problems": problems,
            "problems_left_out": self.problems_left_out,
        });
        let seen = tab::TabState { page: tab.page.clone(), hash: hash.or_else(|| tab.hash.clone()), number, problems };
        (news.then(|| text.to_string()), seen)
    }
}

#[cfg(test)]
mod tests;
