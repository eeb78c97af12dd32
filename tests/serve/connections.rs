//! Many connections at once, of which no one keeps another out. How long each may last is held by a clock of its own in
//! `src/serve/http/tests.rs`.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::support::served::{Served, Tab};
use super::{site, write};

/// Connections that have got their answer and stay open give way to whoever comes.
#[test]
fn idle_connections_keep_nobody_out() {
    let temp = site();
    let served = Served::start(temp.path(), &[]);
    let mut idle: Vec<TcpStream> = Vec::new();
    for _ in 0..400 {
        let mut stream = served.connect();
        stream.write_all(b"HEAD /one.html HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a question");
        let mut start = [0; 12];
        stream.read_exact(&mut start).expect("an answer");
        assert_eq!(&start, b"HTTP/1.1 200");
        idle.push(stream);
    }
    assert_eq!(served.get("/one.html").status, 200);
    let mut rest = Vec::new();
    assert!(idle[0].read_to_end(&mut rest).is_ok(), "the oldest has been closed");
}

/// Open tabs go on, and whoever asks is answered, while thousands of connections come that never ask for anything.
#[test]
fn a_crowd_of_silent_connections_starves_nobody() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tabs: Vec<Tab> = (0..10).map(|_| served.tab("/one.html")).collect();
    let mut silent = Vec::new();
    for number in 0..5000 {
        // Some systems let a process open fewer files; what is left must do for the questions below.
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", served.port)) else {
            silent.truncate(silent.len().saturating_sub(20));
            break;
        };
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHos");
        }
        silent.push(stream);
        if number % 500 == 499 {
            assert_eq!(served.get("/one.html").status, 200);
        }
    }
    assert!(silent.len() > 250, "more than the server holds at a time: {}", silent.len());
    write(temp.path(), "content/one.md", "# One\n\nIn a crowd.\n");
    for tab in &mut tabs {
        tab.hear_until(|news| news["changed"] == true);
    }
    drop(silent);
    for _ in 0..500 {
        assert_eq!(served.ask("HEAD", "/one.html", &[]).status, 200);
    }
}
