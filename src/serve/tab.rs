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
pub(super) const MESSAGE: usize = 8 * 1024;
/// How long a tab may take to report what it shows.
const GREETING: Duration = Duration::from_secs(10);
/// How often a tab is pinged: more often than the timeout of a silent tab.
const PULSE: Duration = Duration::from_secs(5);

/// The message of a tab when it connects, and after each change.
#[derive(Deserialize)]
struct Hello {
    path: String,
    hash: String,
    number: u64,
}

/// The state of a tab, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
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
pub(super) async fn attend(mut socket: WebSocket, connection: Arc<Connection>, state: Arc<AppState>, base: String) {
    connection.note(Activity::Tab);
    let tab = state.enter();
    tokio::select! {
        _ = exchange_messages(&mut socket, &connection, tab, &state, &base) => {}
        () = connection.must_close() => {}
    }
    state.leave(tab);
}

async fn exchange_messages(
    socket: &mut WebSocket,
    connection: &Connection,
    tab: u64,
    state: &Arc<AppState>,
    base: &str,
) -> Option<()> {
    let mut revisions = state.subscribe();
    let mut pulse = interval(PULSE);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Seen { problems: serde_json::Value::Array(Vec::new()), ..Seen::default() };
    let first = timeout(GREETING, socket.recv()).await.ok()??.ok()?;
    hear(&first, &mut seen, tab, state, base);
    loop {
        let revision = revisions.borrow_and_update().clone();
        let (looked, there) = (seen.clone(), base.to_owned());
        // This may have to render a page.
        let (news, now) = tokio::task::spawn_blocking(move || revision.news(&looked, &there)).await.ok()?;
        seen = now;
        if let Some(news) = news {
            socket.send(Message::Text(news.into())).await.ok()?;
        }
        loop {
            tokio::select! {
                changed = revisions.changed() => {
                    changed.ok()?;
                    break;
                }
                message = socket.recv() => {
                    connection.note(Activity::Tab);
                    if hear(&message?.ok()?, &mut seen, tab, state, base) {
                        break;
                    }
                }
                _ = pulse.tick() => socket.send(Message::Ping(Vec::new().into())).await.ok()?,
            }
        }
    }
}

/// Handles a message of a tab; returns whether it reported what it shows.
fn hear(message: &Message, seen: &mut Seen, tab: u64, state: &AppState, base: &str) -> bool {
    let Message::Text(text) = message else { return false };
    let Ok(hello) = serde_json::from_str::<Hello>(text.as_str()) else { return false };
    seen.page = page_at(&hello.path, base);
    seen.hash = Some(hello.hash);
    seen.number = hello.number;
    if let Some(page) = &seen.page {
        state.looks_at(tab, page.clone());
    }
    true
}
