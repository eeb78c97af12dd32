//! Serves the site from memory, over HTTP: pages are rendered on request, from the last snapshot without errors.
//!
//! ```text
//! watch ──▶ engine (a thread): batch ─▶ advance ─▶ Snapshot ─▶ OnDemand ──▶ AppState ◀── http, tabs (one thread,
//! tokio)
//!             ▲                                                  │
//!             └── sweeper (a thread): finds missed changes       └─▶ background (a thread): the other pages
//! ```
//!
//! The site is made by the same code as in `build`. Nothing outside the snapshot can be reached: a request names an
//! output, never a file.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "an edge: it speaks to the network")]

mod background;
mod connections;
mod engine;
mod http;
mod origin_check;
mod problem_view;
mod response;
mod state;
mod tab;
#[cfg(test)]
mod testing;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::diag::Diagnostics;
use crate::disk::Folder;
use crate::parse::Day;
use crate::pipeline::Request;

pub use origin_check::AllowedHost;
use state::AppState;

/// The default port; the next ones are tried if it is in use.
pub const PORT: u16 = 3000;
/// The number of ports that are tried.
const PORTS: u16 = 100;

/// The site to serve, and the address.
#[derive(Clone)]
pub struct Options {
    /// The site.
    pub root: PathBuf,
    /// The build request.
    pub request: Request,
    /// Today; future-dated pages appear on their day.
    pub today: Arc<dyn Fn() -> Day + Send + Sync>,
    /// The address to listen on, a name or a number.
    pub host: String,
    /// Additional host names.
    pub allow_hosts: Vec<AllowedHost>,
    /// The requested port; it is an error if it is in use.
    pub port: Option<u16>,
    /// Whether to watch for changes, and to reload tabs.
    pub watch: bool,
    /// Whether to poll for changes, because the file system reports none.
    pub poll: bool,
    /// Whether open tabs go to the page that is being edited.
    pub follow: bool,
}

/// Receives events, for messages on the terminal.
pub trait Observer: Send + Sync + 'static {
    /// The server listens: the address of the home page, and the port that was in use.
    fn listening(&self, address: &str, busy: Option<u16>);
    /// A snapshot was made: its line on the terminal.
    fn made(&self, line: &str);
    /// All current problems, after they have changed; may be empty.
    fn problems(&self, files: &Folder, problems: &Diagnostics);
    /// A problem of the server, not of the site.
    fn trouble(&self, message: &str);
}

/// Serves until the user interrupts.
///
/// # Errors
/// When there is no site, or no port to listen on.
pub fn serve(options: &Options, observer: Arc<dyn Observer>) -> io::Result<()> {
    let folder = Arc::new(Folder::open(&options.root).map_err(|fault| io::Error::other(fault.to_string()))?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(16).build()?;
    let result = runtime.block_on(run(options, folder, observer));
    runtime.shutdown_timeout(Duration::from_millis(200));
    result
}

async fn run(options: &Options, folder: Arc<Folder>, observer: Arc<dyn Observer>) -> io::Result<()> {
    let (listener, busy) = listen(&options.host, options.port).await?;
    let address = listener.local_addr()?;
    let state = Arc::new(AppState::new(options, folder.clone()));
    let (engine, end) = engine::start(options, folder, state.clone(), observer.clone())?;
    let serve = async {
        // The base path is known with the configuration; the address is announced when there is a page.
        state.wait_for_first().await;
        observer.listening(&home(options, address, &state.base()), busy);
        http::serve(listener, state.clone()).await;
    };
    // Without the engine, changes would not be seen any more. Without `--watch` it ends after the first revision.
    let failed = async {
        if end.await.is_ok() {
            std::future::pending::<()>().await;
        }
    };
    let result = tokio::select! {
        () = serve => Ok(()),
        () = interrupted() => Ok(()),
        () = failed => Err(io::Error::other("the server ends, because its thread that builds the site has failed")),
    };
    engine.stop();
    result
}

async fn listen(host: &str, asked: Option<u16>) -> io::Result<(TcpListener, Option<u16>)> {
    let first = asked.unwrap_or(PORT);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut port = first;
    loop {
        match TcpListener::bind((host, port)).await {
            Ok(listener) => return Ok((listener, (port != first).then_some(first))),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && asked.is_none() && port < first + PORTS => {
                port += 1;
            }
            Err(error) => {
                let message = format!("cannot listen on {host}:{port}: {}", crate::diag::plain(&error));
                return Err(io::Error::new(error.kind(), message));
            }
        }
    }
}

fn home(options: &Options, address: SocketAddr, base: &str) -> String {
    let any = address.ip().is_unspecified();
    let host = match address.ip() {
        _ if any => "localhost".to_owned(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => match options.host.as_str() {
            "localhost" => "localhost".to_owned(),
            _ => ip.to_string(),
        },
    };
    format!("http://{host}:{}{base}", address.port())
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_ends_with_an_error_if_its_engine_fails() {
        let site = testing::Edited::at("index.html", &[]);
        let today = Arc::new(|| panic!("a fault in the thread of the engine"));
        let options = Options { today, ..testing::options(site.root()) };
        let ended = serve(&options, Arc::new(testing::Silent));
        assert!(ended.is_err_and(|error| error.to_string().contains("has failed")));
    }
}
