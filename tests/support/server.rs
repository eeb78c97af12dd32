//! A minimal host: files of a folder below a path, as served by GitHub Pages or nginx.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// The recommended Content-Security-Policy: nothing inline, nothing from other sites.
pub const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                          font-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; \
                          form-action 'self'; frame-ancestors 'none'";

/// A running host; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    mount: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder` below `mount`, a path that starts and ends with `/`, under this Content-Security-Policy.
    pub fn start(folder: &Path, mount: &str, policy: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the port has a number");
        let stop = Arc::new(AtomicBool::new(false));
        let host = Host { folder: folder.to_owned(), mount: mount.to_owned(), policy };
        let flag = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let host = host.clone();
                std::thread::spawn(move || host.answer(&stream));
            }
        });
        Self { address, mount: mount.to_owned(), stop, thread: Some(thread) }
    }

    /// The address of the site.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.mount)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

#[derive(Clone)]
struct Host {
    folder: PathBuf,
    mount: String,
    policy: &'static str,
}

impl Host {
    /// One request, one answer, and the connection is closed.
    fn answer(&self, mut stream: &TcpStream) {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let request = lines.next().unwrap_or_default();
        let _headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let path = request.split(' ').nth(1).unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
        let (status, kind, body) = self.find(path);
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\ncontent-security-policy: {}\r\n\
             x-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
            body.len(),
            self.policy,
        );
        // A browser may close the connection at any time.
        drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)));
    }

    fn find(&self, path: &str) -> (&'static str, &'static str, Vec<u8>) {
        let inside = path.strip_prefix(&self.mount).filter(|inside| !inside.split('/').any(|part| part == ".."));
        let name = match inside {
            Some("") => "index.html".to_owned(),
            Some(inside) if inside.ends_with('/') => format!("{inside}index.html"),
            inside => inside.unwrap_or("404.html").to_owned(),
        };
        match std::fs::read(self.folder.join(&name)) {
            Ok(body) if inside.is_some() => ("200 OK", kind(&name), body),
            _ => ("404 Not Found", kind("404.html"), std::fs::read(self.folder.join("404.html")).unwrap_or_default()),
        }
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}
