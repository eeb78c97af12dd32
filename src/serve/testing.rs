//! A site that is edited and served without threads, sockets or a clock: tests trigger each step.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use notify::event::EventKind;
use serde_json::Value;

use super::engine::tests::Stepped;
use super::state::AppState;
use super::tab::TabState;
use super::{Observer, Options};
use crate::diag::Diagnostics;
use crate::disk::Folder;
use crate::pipeline::Request;
use crate::source::SitePath;
use crate::watch::Batch;

#[path = "../../tests/support/small_site.rs"]
mod small_site;

pub use small_site::{BASE, PLAIN};
use small_site::{FILES, write};

/// The site, what the engine makes of it, and one open tab.
pub struct Edited {
    temp: tempfile::TempDir,
    pub state: Arc<AppState>,
    stepped: Stepped,
    tab: TabState,
}

/// The options of a server that watches a site.
pub fn options(root: &Path) -> Options {
    let today = jiff::civil::date(2026, 11, 30);
    Options {
        root: root.to_owned(),
        request: Request::of(today),
        today: Arc::new(move || today),
        host: "127.0.0.1".to_owned(),
        allow_hosts: Vec::new(),
        port: None,
        watch: true,
        poll: true,
        follow: false,
    }
}

/// Ignores all events.
pub struct Silent;

impl Observer for Silent {
    fn listening(&self, _: &str, _: Option<u16>) {}
    fn made(&self, _: &str) {}
    fn problems(&self, _: &Folder, _: &Diagnostics) {}
    fn trouble(&self, _: &str) {}
}

impl Edited {
    /// Creates a small site with an open tab at this page.
    pub fn at(page: &str, more: &[(&str, &str)]) -> Self {
        let temp = tempfile::tempdir().expect("a folder");
        for (path, text) in FILES.iter().chain(more) {
            write(temp.path(), path, text);
        }
        let folder = Arc::new(Folder::open(temp.path()).expect("a folder"));
        let options = options(temp.path());
        let state = Arc::new(AppState::new(&options, folder.clone()));
        let stepped = Stepped::new(&options, folder, state.clone(), Arc::new(Silent));
        let tab =
            TabState { page: SitePath::new(page).ok(), problems: Value::Array(Vec::new()), ..TabState::default() };
        let mut edited = Self { temp, state, stepped, tab };
        edited.news();
        edited
    }

    pub fn stepped(&mut self) -> &mut Stepped {
        &mut self.stepped
    }

    pub fn root(&self) -> &Path {
        self.temp.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        write(self.root(), path, text);
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.root().join(from), self.root().join(to)).expect("a rename");
    }

    /// The messages to the tab after these events as one batch, and a sweep.
    pub fn messages_after(&mut self, events: &[(EventKind, &str)]) -> Vec<Value> {
        let mut batch = Batch::new(Instant::now());
        for (kind, path) in events {
            let event = notify::Event::new(*kind).add_path(self.state.folder.root().join(path));
            batch.note(Instant::now(), Ok(event), self.state.folder.root());
        }
        self.stepped.look(batch);
        let mut messages: Vec<Value> = self.news().into_iter().collect();
        self.stepped.sweep();
        messages.extend(self.news());
        messages
    }

    /// How often the tab reloads its page after these events.
    pub fn reloads(&mut self, events: &[(EventKind, &str)]) -> usize {
        self.messages_after(events).iter().filter(|news| news["changed"] == true).count()
    }

    /// The current response for this page.
    pub fn page(&self, path: &str) -> Option<String> {
        let revision = self.state.revision();
        match revision.live.as_ref()?.open(&SitePath::new(path).ok()?) {
            crate::pipeline::Opened::Page(page) => Some(String::from_utf8_lossy(&page.bytes).into_owned()),
            _ => None,
        }
    }

    fn news(&mut self) -> Option<Value> {
        let (news, seen) = self.state.revision().message_for(&self.tab, "/");
        self.tab = seen;
        news.and_then(|news| serde_json::from_str(&news).ok())
    }
}
