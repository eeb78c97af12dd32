//! Connections in memory, with a clock that advances to the next event.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::*;
use crate::serve::testing::Edited;

/// The size of the connection's buffer, in bytes.
const ON_THE_WAY: usize = 64 << 10;
const LARGE: usize = 4 << 20;

/// A connection to a site: the client's end, and a task that ends with the server's end.
fn connect(site: &Edited) -> (DuplexStream, JoinHandle<()>) {
    let (client, server) = tokio::io::duplex(ON_THE_WAY);
    let connection = Connections::new(LIMIT).add([127, 0, 0, 1].into());
    (client, tokio::spawn(serve_connection(server, connection, site.state.clone())))
}

fn site() -> Edited {
    Edited::at("one.html", &[("content/large.zip", &"x".repeat(LARGE))])
}

async fn ask(client: &mut DuplexStream, request: &str) {
    client.write_all(request.as_bytes()).await.expect("the server is there");
}

/// Reads until these bytes are received.
async fn until(client: &mut DuplexStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.push(client.read_u8().await.expect("more"));
    }
    String::from_utf8(bytes).expect("text")
}

#[tokio::test(start_paused = true)]
async fn an_endless_request_times_out() {
    let site = site();
    let (mut client, served) = connect(&site);
    ask(&mut client, "GET / HTTP/1.1\r\nHos").await;
    let start = Instant::now();
    served.await.expect("it ends");
    assert!(start.elapsed() <= Duration::from_secs(70));
    // Single letters from time to time are not a request.
    let (mut client, served) = connect(&site);
    let slowly = async {
        loop {
            if client.write_all(b"G").await.is_err() {
                std::future::pending::<()>().await;
            }
            sleep(Duration::from_secs(1)).await;
        }
    };
    let start = Instant::now();
    tokio::select! { served = served => served.expect("it ends"), () = slowly => {} }
    assert!(start.elapsed() <= Duration::from_secs(70));
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_not_read_times_out() {
    let site = site();
    let (mut client, served) = connect(&site);
    ask(&mut client, "GET /large.zip HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    served.await.expect("it ends");
    let mut taken = Vec::new();
    let _ = client.read_to_end(&mut taken).await;
    assert!(taken.starts_with(b"HTTP/1.1 200") && taken.len() < LARGE / 2, "{}", taken.len());
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_read_slowly_is_completed() {
    let site = site();
    let (mut client, _served) = connect(&site);
    ask(&mut client, "GET /large.zip HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let (mut taken, mut piece) = (0, vec![0; 32 << 10]);
    let start = Instant::now();
    loop {
        match client.read(&mut piece).await.expect("the answer") {
            0 => break,
            read => taken += read,
        }
        sleep(Duration::from_secs(1)).await;
    }
    assert!(taken > LARGE && start.elapsed() > Duration::from_mins(2), "{taken} after {:?}", start.elapsed());
}

/// A browser answers every ping; after an hour without edits, a tab still receives the first change.
#[tokio::test(start_paused = true)]
async fn a_quiet_tab_stays_connected_and_a_dead_one_does_not() {
    let upgrade = "GET /__dossier/ws HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\n\
                   Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let site = site();
    let (mut client, _served) = connect(&site);
    ask(&mut client, upgrade).await;
    assert!(until(&mut client, "\r\n\r\n").await.starts_with("HTTP/1.1 101"));
    let hello = r#"{"path":"/one.html","hash":"0123456789","number":0}"#;
    client.write_all(&[0x81, 0x80 | hello.len() as u8, 0, 0, 0, 0]).await.expect("the server is there");
    ask(&mut client, hello).await;
    let start = Instant::now();
    let (mut pings, mut messages) = (0, 0);
    // Pings, and one message on the changed page.
    while start.elapsed() < Duration::from_hours(1) {
        let kind = client.read_u8().await.expect("the connection stays");
        let len = match client.read_u8().await.expect("a length") {
            126 => client.read_u16().await.expect("a length") as usize,
            len => len as usize,
        };
        let mut text = vec![0; len];
        client.read_exact(&mut text).await.expect("a message");
        if kind == 0x89 {
            pings += 1;
            client.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.expect("the server is there");
        } else {
            messages += usize::from(String::from_utf8_lossy(&text).contains("\"changed\":true"));
        }
    }
    assert!(pings > 700 && messages == 1, "{pings} pings, {messages} messages");
    // Without a pong, the connection ends.
    let start = Instant::now();
    let mut rest = Vec::new();
    let _ = client.read_to_end(&mut rest).await;
    assert!(start.elapsed() < Duration::from_mins(2));
}
