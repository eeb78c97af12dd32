//! Requests: who may ask, what is meant, and what is answered.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::pipeline::{OnDemand, Opened};
use crate::site::{decode, encode};
use crate::source::{Hash, SitePath};

use super::response::{self, Content};
use super::limit::Limited;
use super::state::{Revision, AppState};
use super::tab;

/// Below the base path, what belongs to the server and not to the site.
pub(super) const OWN: &str = "__dossier/";

/// Answers requests for ever.
pub(super) async fn serve(listener: TcpListener, stage: Arc<AppState>) -> io::Result<()> {
    axum::serve(Limited::new(listener), Router::new().fallback(ask).with_state(stage)).await
}

async fn ask(State(stage): State<Arc<AppState>>, request: Request) -> Response {
    let mut response = match stage.hosts.admit(request.headers(), request.uri()) {
        Ok(()) => route(stage, request).await,
        Err(reason) => plain(StatusCode::FORBIDDEN, reason),
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
    response
}

async fn route(stage: Arc<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "This server answers GET and HEAD.");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let base = stage.base();
    let path = request.uri().path();
    let Some(below) = path.strip_prefix(base.as_str()) else {
        let above = base.trim_end_matches('/');
        if path == "/" || path == above {
            return moved(&base, request.uri().query());
        }
        return missing(stage, base, request).await;
    };
    match below.strip_prefix(OWN) {
        Some("ws") if stage.watch => socket(stage, base, request).await,
        Some("reload.js") if stage.watch => {
            let bytes = include_bytes!("reload.js").as_slice();
            let content =
                Content { bytes: bytes.into(), hash: Hash::of(bytes), kind: "text/javascript; charset=utf-8".into() };
            response::content(StatusCode::OK, content, request.method(), request.headers())
        }
        _ => {
            let Some(wanted) = wanted(below) else { return missing(stage, base, request).await };
            output(stage, base, wanted, request).await
        }
    }
}

/// The output that an address names, and whether it names a folder. Only what we would write ourselves is an address:
/// what climbs, doubles a slash or hides one is none.
fn wanted(below: &str) -> Option<SitePath> {
    let mut text = decode(below)?;
    if text.is_empty() || text.ends_with('/') {
        text.push_str("index.html");
    }
    SitePath::new(&text).ok().filter(|path| path.as_str() == text)
}

async fn output(stage: Arc<AppState>, base: String, wanted: SitePath, request: Request) -> Response {
    let (stage_there, path) = (stage.clone(), wanted.clone());
    let opened = tokio::task::spawn_blocking(move || open(&stage_there, &path)).await;
    match opened {
        Ok(Found::Content(content, is_page)) => {
            let content = if is_page { injected(&stage, &base, content) } else { content };
            response::content(StatusCode::OK, content, request.method(), request.headers())
        }
        Ok(Found::Folder) => {
            let name = wanted.name();
            moved(&format!("{}/", encode(name)), request.uri().query())
        }
        Ok(Found::Nothing) => missing(stage, base, request).await,
        Ok(Found::Broken(message)) => broken(&stage, &base, &message, &request),
        Err(_) => broken(&stage, &base, "The page could not be made.", &request),
    }
}

/// What stands under an address.
enum Found {
    Content(Content, bool),
    Folder,
    Nothing,
    Broken(String),
}

fn open(stage: &AppState, path: &SitePath) -> Found {
    let scene = stage.scene();
    let Some(live) = &scene.live else {
        return Found::Broken("The site has errors, and there is no good version of it yet.".to_owned());
    };
    let kind = crate::source::media_type(path);
    match live.open(path) {
        Opened::Page(bytes, hash) => Found::Content(Content { bytes, hash, kind }, true),
        Opened::Made(bytes) => {
            let hash = Hash::of(&bytes);
            Found::Content(Content { bytes, hash, kind }, false)
        }
        Opened::Failed(_, Some(bytes)) => {
            let hash = Hash::of(&bytes);
            Found::Content(Content { bytes, hash, kind }, true)
        }
        Opened::Failed(problem, None) => Found::Broken(problem.message.clone()),
        Opened::File(file) => {
            let mut bytes = Vec::new();
            match OnDemand::open_file(&*stage.folder, &file, &mut |from| io::copy(from, &mut bytes).map(|_| ())) {
                Ok(()) => {
                    let hash = Hash::of(&bytes);
                    Found::Content(Content { bytes: bytes.into(), hash, kind }, false)
                }
                Err(error) => Found::Broken(format!("`{file}` cannot be read: {}", crate::diag::plain(&error))),
            }
        }
        Opened::Nothing => match SitePath::new(&format!("{path}/index.html")) {
            Ok(index) if live.is_page(&index) => Found::Folder,
            _ => Found::Nothing,
        },
    }
}

/// The page of the site for what is not there, with the status that says so.
async fn missing(stage: Arc<AppState>, base: String, request: Request) -> Response {
    let there = stage.clone();
    let page = tokio::task::spawn_blocking(move || SitePath::new("404.html").map(|path| open(&there, &path))).await;
    match page {
        Ok(Ok(Found::Content(content, _))) => {
            let content = injected(&stage, &base, content);
            response::content(StatusCode::NOT_FOUND, content, request.method(), &HeaderMap::new())
        }
        Ok(Ok(Found::Broken(message))) => broken(&stage, &base, &message, &request),
        _ => plain(StatusCode::NOT_FOUND, "There is no page at this address."),
    }
}

/// A page of ours where the site has none to show; the problems come over it, and it goes by itself.
fn broken(stage: &AppState, base: &str, message: &str, request: &Request) -> Response {
    let mut text = String::new();
    response::escape(message, &mut text);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Not shown</title>\n</head>\n<body>\n\
         <h1>This page cannot be shown</h1>\n<p>{text}</p>\n</body>\n</html>\n"
    );
    let content =
        Content { hash: Hash::of(html.as_bytes()), bytes: html.into_bytes().into(), kind: "text/html; charset=utf-8".into() };
    let content = injected(stage, base, content);
    response::content(StatusCode::INTERNAL_SERVER_ERROR, content, request.method(), &HeaderMap::new())
}

/// A page with the reload script before its end; nothing else of it changes.
fn injected(stage: &AppState, base: &str, page: Content) -> Content {
    if !stage.watch {
        return page;
    }
    let hash = page.hash.short();
    let mut attribute = String::new();
    response::escape(base, &mut attribute);
    let script =
        format!("<script src=\"{attribute}{OWN}reload.js\" data-page=\"{hash}\" data-base=\"{attribute}\"></script>\n");
    let end = page.bytes.windows(7).rposition(|window| window == b"</body>").unwrap_or(page.bytes.len());
    let (before, after) = page.bytes.split_at(end);
    let bytes: Vec<u8> = [before, script.as_bytes(), after].concat();
    Content { hash: Hash::of(&bytes), bytes: bytes.into(), kind: page.kind }
}

async fn socket(stage: Arc<AppState>, base: String, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if !stage.hosts.is_own_page(&parts.headers, &parts.uri) {
        return plain(StatusCode::FORBIDDEN, "Only pages of this site may ask for news.");
    }
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(tab::MESSAGE)
            .max_frame_size(tab::MESSAGE)
            .on_upgrade(move |socket| tab::attend(socket, stage, base)),
        Err(refused) => refused.into_response(),
    }
}

/// The page that an address of a tab shows.
pub(super) fn page_at(address: &str, base: &str) -> Option<SitePath> {
    wanted(address.strip_prefix(base)?)
}

/// The address of an output.
pub(super) fn address_of(path: &SitePath, base: &str) -> String {
    let encoded = encode(path.as_str());
    let short = if path.name() == "index.html" { encoded.strip_suffix("index.html") } else { None };
    format!("{base}{}", short.unwrap_or(&encoded))
}

/// What a page looks like that has moved: its new address, with the question kept.
fn moved(to: &str, query: Option<&str>) -> Response {
    let to = query.map_or_else(|| to.to_owned(), |query| format!("{to}?{query}"));
    let mut response = plain(StatusCode::FOUND, "It is elsewhere.");
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn plain(status: StatusCode, text: impl std::fmt::Display) -> Response {
    let mut response = Response::new(Body::from(format!("{text}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

impl Revision {
    /// The state as a tab at this page gets it, and what it shows then; none where nothing there is news.
    pub(super) fn news(&self, tab: &tab::Seen, base: &str) -> (Option<String>, tab::Seen) {
        let (hash, problem) = tab.page.as_ref().map_or((None, None), |page| self.page(page));
        let hash = hash.map(|hash| hash.short());
        // The live site is the last good one: a tab may fall behind it while there are errors, never before it.
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
        });
        let seen = tab::Seen { page: tab.page.clone(), hash: hash.or_else(|| tab.hash.clone()), number, problems };
        (news.then(|| text.to_string()), seen)
    }
}
