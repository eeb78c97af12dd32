//! One open tab: it reports what it shows, and is notified when that changes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use serde::Deserialize;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::source::SitePath;

use super::connections::{Activity, Connection};
use super::http::page_at;
use super::state::AppState;

/// The maximum size of a message from a tab.
pub(super) const MAX_MESSAGE: usize = 8 * 1024;
/// How long a tab may take to report what it shows.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a tab is pinged: more often than the timeout of a silent tab.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// The message of a tab when it connects, and after each change.
#[derive(Deserialize)]
struct Hello {
    path: String,
    hash: String,
    number: u64,
}

/// The state of a tab, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct TabState {
    /// The output.
    pub page: Option<SitePath>,
    /// The hash of the page, in short.
    pub hash: Option<String>,
    /// The last revision that it was notified of.
    pub number: u64,
    /// The problems that it shows.
    pub problems: serde_json::Value,
}

/// Handles a tab until it disconnects.
pub(super) async fn serve_tab(mut socket: WebSocket, connection: Arc<Connection>, state: Arc<AppState>, base: String) {
    connection.set_activity(Activity::Tab);
    let tab = state.add_tab();
    tokio::select! {
        _ = exchange_messages(&mut socket, &connection, tab, &state, &base) => {}
        () = connection.must_close() => {}
    }
    state.remove_tab(tab);
}

async fn exchange_messages(
    socket: &mut WebSocket,
    connection: &Connection,
    tab: u64,
    state: &Arc<AppState>,
    base: &str,
) -> Option<()> {
    let mut revisions = state.subscribe();
    let mut pings = interval(PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = TabState { problems: serde_json::Value::Array(Vec::new()), ..TabState::default() };
    let first = timeout(HELLO_TIMEOUT, socket.recv()).await.ok()??.ok()?;
    handle_message(&first, &mut seen, tab, state, base);
    loop {
        let revision = revisions.borrow_and_update().clone();
        let (before, base_path) = (seen.clone(), base.to_owned());
        // This may have to render a page.
        let (text, now) = tokio::task::spawn_blocking(move || revision.message_for(&before, &base_path)).await.ok()?;
        seen = now;
        if let Some(text) = text {
            socket.send(Message::Text(text.into())).await.ok()?;
        }
        loop {
            tokio::select! {
                changed = revisions.changed() => {
                    changed.ok()?;
                    break;
                }
                message = socket.recv() => {
                    connection.set_activity(Activity::Tab);
                    if handle_message(&message?.ok()?, &mut seen, tab, state, base) {
                        break;
                    }
                }
                _ = pings.tick() => socket.send(Message::Ping(Vec::new().into())).await.ok()?,
            }
        }
    }
}

/// Handles a message of a tab; returns whether it reported what it shows.
fn handle_message(message: &Message, seen: &mut TabState, tab: u64, state: &AppState, base: &str) -> bool {
    let Message::Text(text) = message else { return false };
    let Ok(hello) = serde_json::from_str::<Hello>(text.as_str()) else { return false };
    seen.page = page_at(&hello.path, base);
    seen.hash = Some(hello.hash);
    seen.number = hello.number;
    if let Some(page) = &seen.page {
        state.set_tab_page(tab, page.clone());
    }
    true
}
