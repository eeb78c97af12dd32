//! `dossier serve`, used by browsers, editors and strangers. Every server listens on 127.0.0.1 and ends with its test.

mod connections;
mod content;
mod program;
mod watching;
#[path = "../support"]
mod support {
    pub mod run;
    pub mod served;
    pub mod small_site;
}

use std::time::{Duration, Instant};

use support::served::{PATIENCE, Served};
use support::small_site::{BASE, FILES, PLAIN, write};
use tempfile::TempDir;

fn site() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    let more = [("templates/404.html", PLAIN), ("content/guide/page.txt", "beside the pages\n")];
    for (path, text) in FILES.into_iter().chain(more) {
        write(temp.path(), path, text);
    }
    temp
}

/// Sends requests until the response satisfies this condition.
fn until(served: &Served, path: &str, holds: impl Fn(u16, &str) -> bool) {
    let start = Instant::now();
    let mut last = String::new();
    while start.elapsed() < PATIENCE {
        let answer = served.get(path);
        if holds(answer.status, &answer.text()) {
            return;
        }
        last = format!("{} {}", answer.status, answer.text());
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{path} never came to that: {last}");
}
