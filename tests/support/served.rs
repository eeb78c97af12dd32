//! A running `dossier serve`, with HTTP requests and the WebSocket.
#![allow(dead_code, reason = "each test and bench uses a part of it")]
#![allow(clippy::zombie_processes, reason = "the value ends the process and waits for it when dropped")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a test waits for an expected event: only a failing one waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The server; it ends with the value.
pub struct Served {
    pub child: Child,
    pub port: u16,
    pub base: String,
    pub lines: std::sync::mpsc::Receiver<String>,
    /// Its standard error.
    errors: tempfile::NamedTempFile,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Served {
    /// Starts the program on a site, and waits until it listens.
    pub fn start(root: &Path, words: &[&str]) -> Self {
        Self::start_by(&[], root, words)
    }

    /// As [`Served::start`], the program run by another, such as `setpriv`.
    pub fn start_by(by: &[&str], root: &Path, words: &[&str]) -> Self {
        let program = by.iter().copied().chain([env!("CARGO_BIN_EXE_dossier")]).collect::<Vec<_>>();
        let errors = tempfile::NamedTempFile::new().expect("a file");
        let mut child = Command::new(program[0])
            .args(&program[1..])
            .args(["serve", "--root"])
            .arg(root)
            .args(words)
            .stdout(Stdio::piped())
            .stderr(errors.reopen().expect("the same file"))
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("its output is ours"));
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        loop {
            let line = lines.recv_timeout(PATIENCE).expect("the server says where it listens");
            if let Some(rest) = line.strip_prefix("serving http://") {
                let rest = rest.split(' ').next().expect("an address");
                let (authority, base) = rest.split_once('/').expect("an address with a path");
                let port = authority.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
                return Self { child, port, base: format!("/{base}"), lines, errors };
            }
        }
    }

    /// Its messages about problems.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.errors.path()).expect("the file can be read")
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        stream.set_nodelay(true).expect("no delay");
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("Host: 127.0.0.1:{}\r\n", self.port));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.raw(head.as_bytes())
    }

    /// Sends these bytes, and reads the answer to its end.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut body = bytes.get(end + 4..).unwrap_or_default().to_vec();
        if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            body = unchunk(&body);
        }
        Answer { status, head, body }
    }

    /// Opens a tab on this page, as its script does.
    pub fn tab(&self, path: &str) -> Tab {
        let page = self.get(path).text();
        let hash = page.split("data-page=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let origin = format!("http://127.0.0.1:{}", self.port);
        let mut tab = self.socket(&origin).expect("a socket for a page of ours");
        tab.say(path, hash);
        tab
    }

    pub fn socket(&self, origin: &str) -> Result<Tab, u16> {
        let mut stream = self.connect();
        let request = format!(
            "GET {}__dossier/ws HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.base, self.port
        );
        stream.write_all(request.as_bytes()).expect("the server listens");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        if status == 101 { Ok(Tab { stream }) } else { Err(status) }
    }

    /// Memory that the program holds now, in MiB (Linux).
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(at) = bytes.windows(2).position(|window| window == b"\r\n") {
        let len = usize::from_str_radix(String::from_utf8_lossy(&bytes[..at]).trim(), 16).unwrap_or(0);
        if len == 0 {
            break;
        }
        whole.extend_from_slice(bytes.get(at + 2..at + 2 + len).unwrap_or_default());
        bytes = bytes.get(at + 4 + len..).unwrap_or_default();
    }
    whole
}

/// An open tab, as the reload script of a page.
pub struct Tab {
    stream: TcpStream,
}

impl Tab {
    /// Reports what the tab shows.
    pub fn say(&mut self, path: &str, hash: &str) {
        let text = format!("{{\"path\":\"{path}\",\"hash\":\"{hash}\",\"number\":0}}");
        let mut frame = vec![0x81];
        match text.len() {
            len @ 0..126 => frame.push(0x80 | len as u8),
            len => {
                frame.push(0xfe);
                frame.extend_from_slice(&(len as u16).to_be_bytes());
            }
        }
        frame.extend_from_slice(&[0, 0, 0, 0]);
        frame.extend_from_slice(text.as_bytes());
        self.stream.write_all(&frame).expect("the server listens");
    }

    /// The next message within this time.
    pub fn hear(&mut self, patience: Duration) -> Option<serde_json::Value> {
        let until = Instant::now() + patience;
        loop {
            let left = until.checked_duration_since(Instant::now())?;
            self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1)))).expect("a time limit");
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).ok()?;
            let len = match head[1] & 0x7f {
                126 => {
                    let mut len = [0; 2];
                    self.stream.read_exact(&mut len).ok()?;
                    u16::from_be_bytes(len) as usize
                }
                127 => {
                    let mut len = [0; 8];
                    self.stream.read_exact(&mut len).ok()?;
                    u64::from_be_bytes(len) as usize
                }
                len => len as usize,
            };
            self.stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
            let mut text = vec![0; len];
            self.stream.read_exact(&mut text).ok()?;
            if head[0] & 0x0f == 9 {
                // As browsers do: a ping is answered.
                self.stream.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).ok()?;
            }
            if head[0] & 0x0f == 1 {
                return serde_json::from_slice(&text).ok();
            }
        }
    }

    /// The first message that satisfies this condition; others before it are ignored.
    pub fn hear_until(&mut self, holds: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut heard = Vec::new();
        while let Some(news) = self.hear(PATIENCE) {
            if holds(&news) {
                return news;
            }
            heard.push(news);
        }
        panic!("the message never came; heard: {heard:?}");
    }
}
