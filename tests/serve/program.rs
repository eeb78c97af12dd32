//! The command: its output, its flags, and how it ends.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use super::support::run::dossier;
use super::support::served::{PATIENCE, Served};
use super::{site, until, write};

/// One line for each rebuild: what has changed, how many pages were rendered, how long it took.
#[test]
fn the_terminal_reports_each_rebuild() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let line = |starts: &str| {
        let line =
            std::iter::from_fn(|| served.lines.recv_timeout(PATIENCE).ok()).find(|line| line.starts_with(starts));
        line.unwrap_or_else(|| panic!("no line that starts with {starts}"))
    };
    write(temp.path(), "content/one.md", "# One\n\nThe first page of all that follow.\n");
    let said = line("content/one.md: ");
    let took = said.strip_prefix("content/one.md: 1 page rendered in ").and_then(|rest| rest.strip_suffix(" ms"));
    assert!(took.is_some_and(|took| took.parse::<f64>().is_ok()), "{said}");
    write(temp.path(), "content/one.md", "---\ntitel: x\n---\n# One\n");
    assert!(line("content/one.md: ").starts_with("content/one.md: errors; still showing the last good version ("));
}

#[test]
fn drafts_are_included_on_request() {
    let temp = site();
    write(temp.path(), "content/draft.md", "---\ntitle: Draft\ndraft: true\n---\nNot yet.\n");
    assert_eq!(Served::start(temp.path(), &[]).get("/draft.html").status, 404);
    assert_eq!(Served::start(temp.path(), &["--drafts"]).get("/draft.html").status, 200);
}

/// `--open` passes the address to the system's opener, and `--host` sets the address to listen on.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address() {
    use std::os::unix::fs::PermissionsExt as _;
    let temp = site();
    let (opener, opened) = (temp.path().join("xdg-open"), temp.path().join("opened"));
    assert!(Command::new("mkfifo").arg(&opened).status().expect("mkfifo runs").success());
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{}'\n", opened.display())).expect("a program");
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("PATH={}:/usr/bin:/bin", temp.path().display());
    let served = Served::start_by(&["env", &path], temp.path(), &["--open", "--host", "localhost"]);
    // The script writes it to a pipe.
    assert_eq!(
        fs::read_to_string(&opened).expect("what it was opened"),
        format!("http://localhost:{}/\n", served.port)
    );
}

#[test]
fn flags_change_the_severity_of_a_problem() {
    let temp = site();
    write(temp.path(), "content/one.md", "# One\n\nSee [nothing](nowhere.md).\n");
    let served = Served::start(temp.path(), &["--watch", "--allow", "broken-link"]);
    assert_eq!(served.get("/one.html").status, 200);
    let served = Served::start(temp.path(), &["--watch"]);
    assert_eq!(served.get("/one.html").status, 500);
}

#[test]
fn a_free_port_is_found_and_a_busy_one_refused() {
    let temp = site();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its number").port().to_string();
    let run = dossier(temp.path(), &["serve", "--port", &port]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{}", run.err);
    let (one, two) = (Served::start(temp.path(), &[]), Served::start(temp.path(), &[]));
    assert_ne!(one.port, two.port, "a busy default port is not an error");
    assert!(two.said().contains("is in use, so the next free one is used"), "and it is said: {}", two.said());
    assert_eq!(two.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_cleanly_and_removes_nothing() {
    let temp = site();
    let count = || walkdir::WalkDir::new(temp.path()).into_iter().count();
    let before = count();
    let mut served = Served::start(temp.path(), &["--watch"]);
    let mut tab = served.tab("/");
    let sent = Command::new("kill").args(["-INT", &served.child.id().to_string()]).status().expect("a signal");
    assert!(sent.success());
    assert_eq!(served.child.wait().expect("it ends").code(), Some(0));
    assert_eq!(tab.hear(PATIENCE), None, "the connection is closed");
    assert_eq!(count(), before);
    // The tab reconnects to the next server, and gets the change of its page.
    write(temp.path(), "content/one.md", "# One\n\nWritten while nobody served.\n");
    let port = served.port.to_string();
    let again = Served::start(temp.path(), &["--watch", "--port", &port]);
    let mut tab = again.socket(&format!("http://127.0.0.1:{port}")).expect("a socket");
    tab.say("/one.html", "0123456789");
    tab.hear_until(|news| news["changed"] == true);
}

/// Whoever reads the messages may end before the server does.
#[cfg(target_os = "linux")]
#[test]
fn changes_are_seen_when_messages_cannot_be_written() {
    let temp = site();
    write(temp.path(), "content/one.md", "---\ntitel: x\n---\n# One\n");
    // `bash` is replaced by the server; `grep` ends after the address, and with it the pipe.
    let script = "exec \"$0\" \"$@\" > >(grep --line-buffered -m1 serving) 2>/dev/full";
    let served = Served::start_by(&["bash", "-c", script], temp.path(), &["--watch"]);
    assert_eq!(served.get("/one.html").status, 500);
    for text in ["The second version.", "The third version."] {
        write(temp.path(), "content/one.md", &format!("# One\n\n{text}\n"));
        until(&served, "/one.html", |status, page| status == 200 && page.contains(text));
    }
}
