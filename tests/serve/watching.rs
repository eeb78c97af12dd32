//! Changes while the server runs, as editors, tools and file systems make them. The number of reloads is tested in
//! `src/serve/engine/tests.rs`, where events are values; here all changes must arrive.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::support::served::{Served, Tab};
use super::{BASE, site, until, write};

/// A way of saving: its name, and a function that does it.
type Save<'a> = (&'a str, Box<dyn Fn() + 'a>);

/// The open tab shows a save in every way in which editors and tools save.
#[test]
fn every_way_of_saving_is_shown() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let page = root.join("content/one.md");
    let text = |what: &str| format!("# One\n\nThe first page, saved by {what}.\n");
    let ways: Vec<Save<'_>> = vec![
        ("truncating", Box::new(|| fs::write(&page, text("truncating")).expect("a save"))),
        (
            "chunks",
            Box::new(|| {
                let mut file = fs::File::create(&page).expect("a file");
                text("chunks").as_bytes().chunks(8).for_each(|chunk| file.write_all(chunk).expect("a chunk"));
            }),
        ),
        (
            "renaming over",
            Box::new(|| {
                fs::write(root.join("content/one.md.tmp"), text("renaming over")).expect("a file");
                fs::rename(root.join("content/one.md.tmp"), &page).expect("a rename");
            }),
        ),
        (
            "vim",
            Box::new(|| {
                fs::write(root.join("content/4913"), "").expect("a probe");
                fs::remove_file(root.join("content/4913")).expect("a probe");
                fs::rename(&page, root.join("content/one.md~")).expect("a backup");
                fs::write(&page, text("vim")).expect("a file");
                fs::remove_file(root.join("content/one.md~")).expect("a backup");
            }),
        ),
        (
            "removing and writing",
            Box::new(|| {
                fs::remove_file(&page).expect("a file");
                fs::write(&page, text("removing and writing")).expect("a file");
            }),
        ),
    ];
    let mut tab = served.tab("/one.html");
    for (name, save) in ways {
        save();
        tab.hear_until(|news| news["changed"] == true);
        until(&served, "/one.html", |_, page| page.contains(&format!("saved by {name}.")));
    }
}

/// Files and folders that are added, removed and moved; a folder that did not exist at the start; the whole content
/// removed and restored.
#[test]
fn added_and_removed_files_are_shown() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/one.html");
    let moved = |from: &str, to: &str| fs::rename(root.join(from), root.join(to)).expect("a rename");
    write(root, "content/guide/deep/er/three.md", "# Three\n\nA page in new folders.\n");
    until(&served, "/guide/deep/er/three.html", |status, _| status == 200);
    write(root, "content/guide/deep/er/three.md", "# Three\n\nEdited in new folders.\n");
    until(&served, "/guide/deep/er/three.html", |_, page| page.contains("Edited in"));
    moved("content/guide/deep", "content/guide/low");
    until(&served, "/guide/low/er/three.html", |status, _| status == 200);
    until(&served, "/guide/deep/er/three.html", |status, _| status == 404);
    fs::remove_dir_all(root.join("content/guide/low")).expect("a folder");
    until(&served, "/guide/low/er/three.html", |status, _| status == 404);
    write(root, "static/plain.css", "body { color: green }\n");
    until(&served, "/", |status, _| status == 200);
    write(root, "templates/base.html", &BASE.replace("</body>", "<p>our own</p></body>"));
    until(&served, "/guide/", |_, page| page.contains("our own"));
    moved("content", "away");
    tab.hear_until(|news| news["problems"] != json!([]));
    assert_eq!(served.get("/one.html").status, 200, "the last good site stays");
    moved("away", "content");
    tab.hear_until(|news| news["problems"] == json!([]));
    write(root, "content/one.md", "# One\n\nBack again.\n");
    until(&served, "/one.html", |_, page| page.contains("Back again"));
}

/// A log, an export of a video or a copy of many files never keeps a save from being shown.
#[test]
fn a_save_is_shown_while_other_files_are_written_all_the_time() {
    let temp = site();
    let root = temp.path();
    write(root, "static/export.bin", "");
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/one.html");
    let (stop, stopped) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut export = fs::File::options().append(true).open(root.join("static/export.bin")).expect("a file");
            let mut numbers = (0..50).cycle();
            while stopped.recv_timeout(Duration::from_millis(1)) == Err(RecvTimeoutError::Timeout) {
                export.write_all(b"more").expect("more");
                write(root, &format!("static/frame{}.bin", numbers.next().expect("it is endless")), "a frame");
                write(root, "build.log", "beside the site");
            }
        });
        for number in 0..3 {
            write(root, "content/one.md", &format!("# One\n\nSave {number} meanwhile.\n"));
            tab.hear_until(|news| news["changed"] == true);
            until(&served, "/one.html", |_, page| page.contains(&format!("Save {number} meanwhile.")));
        }
        drop(stop);
    });
}

/// Without events, as on network drives, all files are checked periodically.
#[test]
fn changes_without_events_are_found_by_polling() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch", "--poll"]);
    let mut tab = served.tab("/one.html");
    for word in ["once", "twice"] {
        write(temp.path(), "content/one.md", &format!("# One\n\nEdited {word}.\n"));
        tab.hear_until(|news| news["changed"] == true);
        until(&served, "/one.html", |_, page| page.contains(&format!("Edited {word}.")));
    }
}

/// Other programs may have used all watches of the system: the server continues, and says what to do.
#[cfg(target_os = "linux")]
#[test]
fn without_free_watches_changes_are_found_by_polling() {
    for (limit, most, remedy) in [
        ("max_inotify_watches", 3, "sysctl fs.inotify.max_user_watches="),
        ("max_inotify_instances", 0, "sysctl fs.inotify.max_user_instances="),
    ] {
        let set = format!("echo {most} > /proc/sys/user/{limit}");
        if !Command::new("unshare").args(["-Ur", "sh", "-c", &set]).status().is_ok_and(|status| status.success()) {
            eprintln!("the limit was not tried: `unshare` cannot set one here");
            return;
        }
        let temp = site();
        let run = format!("{set}; exec \"$0\" \"$@\"");
        let served = Served::start_by(&["unshare", "-Ur", "sh", "-c", &run], temp.path(), &["--watch"]);
        let mut tab = served.tab("/guide/two.html");
        write(temp.path(), "content/guide/two.md", "# Two\n\nEdited unwatched.\n");
        tab.hear_until(|news| news["changed"] == true);
        until(&served, "/guide/two.html", |_, page| page.contains("Edited unwatched."));
        let said = served.said();
        assert!(said.contains("changes cannot be watched") && said.contains(remedy), "{limit}: {said}");
    }
}

/// A checkout replaces 500 files one after the other, as `git` does it.
#[test]
fn a_checkout_is_shown_whole() {
    let temp = site();
    let root = temp.path();
    let git = |words: &[&str]| {
        let name = ["-c", "user.name=E", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").arg("-C").arg(root).args(name).args(words).output().expect("git is there");
        assert!(done.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let many = |word: &str| {
        for number in 0..500 {
            write(root, &format!("content/guide/many{number}.md"), &format!("# Many {number}\n\nSaid {word}.\n"));
        }
        write(root, "content/one.md", &format!("# One\n\nSaid {word}.\n"));
    };
    git(&["init", "-q", "-b", "first"]);
    many("first");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    git(&["checkout", "-q", "-b", "second"]);
    many("second");
    git(&["commit", "-q", "-a", "-m", "second"]);
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/one.html");
    for branch in ["first", "second"] {
        git(&["checkout", "-q", branch]);
        tab.hear_until(|news| news["changed"] == true);
        for path in ["/one.html", "/guide/many7.html", "/guide/many499.html"] {
            until(&served, path, |_, page| page.contains(&format!("Said {branch}.")));
        }
    }
}

#[test]
fn a_failed_build_keeps_the_last_good_site_and_shows_the_problems() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tabs: Vec<Tab> = ["/one.html", "/", "/guide/two.html"].iter().map(|path| served.tab(path)).collect();
    write(temp.path(), "content/one.md", "---\ntitel: <img src=x onerror=alert(1)>\nsumary: x\n---\n# One\n");
    for tab in &mut tabs {
        let news = tab.hear_until(|news| news["problems"].as_array().is_some_and(|problems| problems.len() == 2));
        let problems = news["problems"].as_array().expect("a list");
        assert_eq!(news["changed"], false, "{problems:?}");
        assert_eq!(problems[0]["file"], "content/one.md");
        assert_eq!(problems[0]["line"], 2);
        assert!(problems[0]["source"].as_str().expect("a line").contains("<img src=x"));
    }
    assert!(served.get("/one.html").text().contains("The first page of all"));
    write(temp.path(), "content/one.md", "# One\n\nMended it is.\n");
    for (index, tab) in tabs.iter_mut().enumerate() {
        let news = tab.hear_until(|news| news["problems"] == json!([]));
        assert_eq!(news["changed"], index == 0);
    }
    // A template that fails when it is rendered.
    write(temp.path(), "templates/base.html", &BASE.replace("</body>", "{{ nothing.here }}</body>"));
    tabs[0].hear_until(|news| news["problems"] != json!([]));
    assert!(served.get("/one.html").text().contains("Mended it is"));
}

/// Various errors: the server keeps running, reports them, and recovers by itself.
#[test]
fn bad_input_never_stops_the_server() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/");
    let wait_for_problem = |tab: &mut Tab| drop(tab.hear_until(|news| news["problems"] != json!([])));
    let healed = |tab: &mut Tab| {
        tab.hear_until(|news| news["problems"] == json!([]));
        assert_eq!(served.get("/").status, 200);
    };
    let bad: [(&str, Vec<u8>); 4] = [
        ("half.md", b"---\ntitle: Half".to_vec()),
        ("large.md", vec![b'a'; 50 << 20]),
        ("binary.md", vec![0xff, 0xfe, 0x00, 0x80]),
        ("yaml.md", b"---\na: {a: {a: {a: {\n---\n".to_vec()),
    ];
    for (name, bytes) in bad {
        fs::write(root.join("content").join(name), bytes).expect("a file");
        wait_for_problem(&mut tab);
        fs::remove_file(root.join("content").join(name)).expect("a file");
        healed(&mut tab);
    }
    write(root, "site.toml", "title = ");
    wait_for_problem(&mut tab);
    write(root, "content/one.md", "# One\n\nWritten while nothing could be read.\n");
    write(root, "site.toml", "title = \"Bridge\"\n[output]\ntheme = false\n");
    healed(&mut tab);
    until(&served, "/one.html", |_, page| page.contains("while nothing could be read"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", root.join("content/loop")).expect("a link");
        wait_for_problem(&mut tab);
        fs::remove_file(root.join("content/loop")).expect("a link");
        healed(&mut tab);
        std::os::unix::fs::symlink("/etc/passwd", root.join("content/passwd.md")).expect("a link");
        wait_for_problem(&mut tab);
        assert_eq!(served.get("/passwd.html").status, 404);
        fs::remove_file(root.join("content/passwd.md")).expect("a link");
        healed(&mut tab);
        for name in ["content/pipe.md", "content/guide/pipe", "templates/pipe.html"] {
            assert!(Command::new("mkfifo").arg(root.join(name)).status().expect("mkfifo runs").success());
            wait_for_problem(&mut tab);
            fs::remove_file(root.join(name)).expect("a pipe");
            healed(&mut tab);
        }
        let socket = std::os::unix::net::UnixListener::bind(root.join("content/socket")).expect("a socket");
        wait_for_problem(&mut tab);
        drop(socket);
        fs::remove_file(root.join("content/socket")).expect("a socket");
        healed(&mut tab);
    }
    #[cfg(unix)]
    if let Some(strict) = as_unprivileged_user(root) {
        use std::os::unix::fs::PermissionsExt as _;
        let mut tab = strict.tab("/");
        let may = |mode: u32| {
            fs::set_permissions(root.join("content/guide"), fs::Permissions::from_mode(mode))
                .expect("a folder of ours");
        };
        may(0o000);
        wait_for_problem(&mut tab);
        assert_eq!(strict.get("/guide/two.html").status, 200, "the last good site stays");
        may(0o755);
        healed(&mut tab);
    }
    // Files that are created and removed faster than they can be read.
    for number in 0..200 {
        let path = root.join(format!("content/gone{}.md", number % 7));
        fs::write(&path, "# Gone\n\nSoon it is.\n").expect("a file");
        fs::remove_file(&path).expect("a file");
    }
    write(root, "content/one.md", "# One\n\nAfter all of that.\n");
    until(&served, "/one.html", |_, page| page.contains("After all of that"));
    until(&served, "/gone3.html", |status, _| status == 404);
}

/// A server of an unprivileged user, since root ignores permissions. `None` if the program cannot be run as another
/// user.
#[cfg(unix)]
fn as_unprivileged_user(root: &Path) -> Option<Served> {
    use std::os::unix::fs::PermissionsExt as _;
    let id = Command::new("id").arg("-u").output().expect("who we are");
    if id.stdout.trim_ascii() != b"0" {
        return Some(Served::start(root, &["--watch"]));
    }
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).expect("a folder of ours");
    let change = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let tried = Command::new(change[0]).args(&change[1..]).arg(env!("CARGO_BIN_EXE_dossier")).arg("--version").output();
    match tried {
        Ok(done) if done.status.success() => Some(Served::start_by(&change, root, &["--watch"])),
        _ => {
            eprintln!("permissions were not tried: `setpriv` cannot run the program for another user");
            None
        }
    }
}

/// Problems that are found only in rendered pages are reported as by `build`, while the page is already served.
#[test]
fn a_broken_link_in_the_output_is_reported() {
    let temp = site();
    let bad = BASE.replace("</body>", "<a href=\"{{ root }}nowhere.html\">?</a></body>");
    write(temp.path(), "templates/base.html", &bad);
    let served = Served::start(temp.path(), &["--watch"]);
    assert_eq!(served.get("/one.html").status, 200);
    let mut tab = served.tab("/one.html");
    let news = tab.hear_until(|news| news["problems"] != json!([]));
    assert_eq!(news["problems"][0]["code"], "broken-output-link", "{news}");
    let count = news["problems"].as_array().map_or(0, Vec::len);
    // It is still reported after another change, for the same pages.
    write(temp.path(), "content/one.md", "# One\n\nAnother word.\n");
    tab.hear_until(|news| news["changed"] == true);
    let holds = |news: &Value| news["problems"].as_array().is_some_and(|problems| problems.len() == count);
    tab.hear_until(holds);
    write(temp.path(), "templates/base.html", BASE);
    tab.hear_until(|news| news["problems"] == json!([]));
    until(&served, "/one.html", |_, page| !page.contains("nowhere.html"));
}

/// Code is highlighted when its page is rendered, so its problems are found then: at once in an edited page, and in the
/// background in all others.
#[test]
fn code_over_a_limit_is_reported_when_its_page_is_rendered() {
    let temp = site();
    let page = |word: &str| format!("# One\n\n{word}\n\n```scss\n{}\n```\n", "a-".repeat(900));
    write(temp.path(), "content/one.md", &page("Words."));
    let served = Served::start(temp.path(), &["--watch", "--deny", "highlight-limit"]);
    assert_eq!(served.get("/one.html").status, 200, "{}", served.said());
    let mut tab = served.tab("/one.html");
    let hears_it = |news: &Value| news["problems"][0]["code"] == "highlight-limit" && news["problems"][0]["line"] == 6;
    tab.hear_until(hears_it);
    write(temp.path(), "content/one.md", "# One\n\nNo code.\n");
    tab.hear_until(|news| news["problems"] == json!([]));
    write(temp.path(), "content/one.md", &page("Other words."));
    tab.hear_until(hears_it);
    assert!(served.said().contains("code in `scss` stays plain"), "{}", served.said());
}

/// Saves faster than rebuilds: the last one is shown, wherever a rebuild was interrupted.
#[test]
fn the_last_of_many_quick_saves_is_shown() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/one.html");
    for number in 0..60 {
        write(root, "content/one.md", &format!("# One\n\nSave {number} of many.\n"));
        if number % 10 == 0 {
            write(root, "templates/base.html", &BASE.replace("</body>", &format!("<p>{number}</p></body>")));
            write(root, &format!("content/guide/more{number}.md"), "# More\n\nIt came in between.\n");
        }
    }
    until(&served, "/one.html", |_, page| page.contains("Save 59 of many."));
    until(&served, "/guide/more50.html", |status, _| status == 200);
    tab.hear_until(|news| news["changed"] == true);
}

/// There are no events for files behind a link to another folder of the site; the sweep finds them.
#[cfg(unix)]
#[test]
fn changes_without_events_are_found_by_the_sweep() {
    let temp = site();
    let root = temp.path();
    write(root, "notes/far.md", "# Far\n\nBehind a link.\n");
    std::os::unix::fs::symlink("../notes", root.join("content/notes")).expect("a link");
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/notes/far.html");
    write(root, "notes/far.md", "# Far\n\nEdited behind a link.\n");
    tab.hear_until(|news| news["changed"] == true);
    assert!(served.get("/notes/far.html").text().contains("Edited behind a link."));
}
