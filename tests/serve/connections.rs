//! Many connections at once, none of which blocks others. Timeouts are tested with a fake clock in
//! `src/serve/http/tests.rs`.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::support::served::{Served, Tab};
use super::{site, write};

/// Idle connections are closed for new ones.
#[test]
fn idle_connections_do_not_block_new_ones() {
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

/// Open tabs keep working, and requests are answered, while thousands of silent connections are opened.
#[test]
fn many_silent_connections_do_not_block_others() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tabs: Vec<Tab> = (0..10).map(|_| served.tab("/one.html")).collect();
    let mut silent = Vec::new();
    for number in 0..5000 {
        // Some systems limit the open files of a process; enough must be left for the requests below.
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
