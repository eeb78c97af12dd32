//! Sources by their DOI, from a registry on this machine.
#![cfg(feature = "external")]

mod support {
    pub mod files;
    pub mod run;
}

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use support::files::text;
use support::run::dossier;

/// A server that answers one request, and gives its lines.
fn registry(answer: &'static [u8]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a request");
        let lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let _ = (&stream).write_all(answer);
        lines
    });
    (address, served)
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("site.toml"), "title = \"T\"\n").expect("a file");
    folder
}

#[test]
fn a_source_is_added_by_its_doi() {
    let folder = site();
    let (address, served) = registry(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.citationstyles.csl+json\r\nConnection: close\r\n\r\n\
          {\"type\": \"journal-article\", \"title\": \"Deep learning\", \"author\": [{\"family\": \"LeCun\", \"given\": \"Yann\"}],\
          \"issued\": {\"date-parts\": [[2015, 5]]}, \"license\": [{\"start\": {}}]}",
    );
    let args = ["new", "source", "--from", "https://doi.org/10.1016/S0140-6736(20)1", "--resolver", &address];
    let run = dossier(folder.path(), &args);
    assert_eq!(run.code, 0, "{}", run.err);
    let request = served.join().expect("it was asked");
    assert_eq!(request[0], "GET /10.1016/S0140-6736%2820%291 HTTP/1.1");
    assert!(request.iter().any(|line| line.eq_ignore_ascii_case("accept: application/vnd.citationstyles.csl+json")));
    assert_eq!(
        text(&folder.path().join("content/evidence/sources.yaml")),
        "- id: lecun2015\n  kind: article-journal\n  title: Deep learning\n  doi: \"10.1016/S0140-6736(20)1\"\n  authors:\n    - LeCun, Yann\n  \
         date: \"2015-05\"\n"
    );
}

#[test]
fn a_registry_that_fails_changes_nothing() {
    const LONG: [u8; (1 << 20) + 100] = [b' '; (1 << 20) + 100];
    let long: &[u8] = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_slice(), &LONG].concat().leak();
    for (answer, message) in [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".as_slice(), "it is not registered"),
        (b"HTTP/1.1 406 Not Acceptable\r\nContent-Length: 0\r\n\r\n", "has no CSL-JSON"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "the resolver answers 503"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>\x1b[31m", "the answer is not CSL-JSON"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"type\": \"x\"}", "is not a type of CSL"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"type\": ", "cannot look up the DOI"),
        (long, "limit"),
        (b"", "cannot look up the DOI"),
    ] {
        let folder = site();
        let (address, served) = registry(answer);
        let run = dossier(folder.path(), &["new", "source", "x", "--from", "10.1000/182", "--resolver", &address]);
        assert!(run.code == 1 && run.err.contains(message), "{message}: {} {}", run.code, run.err);
        assert!(run.err.contains("nothing was written") && !run.err.contains('\u{1b}'), "{}", run.err);
        assert!(!folder.path().join("content").exists());
        let _ = served.join();
    }
}
