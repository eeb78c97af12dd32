//! Special files, endless files, and folders that become links: the program does not wait for them, does not follow
//! them out of the site, and does not read files of unknown size into memory.
#![cfg(unix)]

mod support {
    pub mod files;
    pub mod run;
    pub mod served;
    pub mod site;
}

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use support::served::Served;
use support::site::Site;

const SITE: &str = "//- site.toml\ntitle = \"A line\"\n\n//- content/index.md\n# Home\n\nSee [the tram](tram.md).\n\n\
                    //- content/tram.md\n# The tram\n\nIt runs.\n\n\
                    //- content/evidence/entities.yaml\n- id: tram\n  name: The tram\n  kind: technology\n  definition: A tram.\n\n\
                    //- static/map.txt\nmap\n\n//- static/print.css\np { color: red }\n\n\
                    //- templates/page.html\n{% extends \"base.html\" %}{% block main %}<main><h1>{{ page.title }}</h1>{% endblock %}\n";

/// Runs the program; if it hangs, it is killed, and there is no exit code.
fn run(site: &Site, words: &[&str]) -> (Option<i32>, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .args(words)
        .current_dir(site.root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let id = program.id().to_string();
    let (done, watch) = std::sync::mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        // A minute is two hundred times as long as it needs.
        if watch.recv_timeout(Duration::from_mins(1)).is_err() {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let output = Child::wait_with_output(program).expect("it ends");
    let _ = done.send(());
    watchdog.join().expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo is there").success());
}

#[test]
fn a_pipe_instead_of_any_file_is_an_error_and_does_not_block() {
    for path in [
        "site.toml",
        "content/tram.md",
        "content/new.md",
        "content/evidence/entities.yaml",
        "static/map.txt",
        "static/print.css",
        "templates/page.html",
    ] {
        let site = Site::new(SITE);
        pipe(&site.path(path));
        for command in ["check", "build"] {
            let (code, said) = run(&site, &[command]);
            assert_eq!(code, Some(1), "{command} with {path}: {said}");
            let message = format!("`{path}` is neither a file nor a folder");
            assert!(said.contains(&message), "{command} with {path}: {said}");
        }
    }
}

#[test]
fn a_pipe_behind_a_link_and_a_socket_are_errors_too() {
    let site = Site::new(SITE);
    fs::create_dir(site.path("aside")).unwrap();
    pipe(&site.path("aside/pipe"));
    symlink("../aside/pipe", site.path("content/linked.md")).unwrap();
    symlink("../aside", site.path("static/linked")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(site.path("templates/socket.html")).unwrap();
    let (code, said) = run(&site, &["check"]);
    assert_eq!(code, Some(1), "{said}");
    for path in ["content/linked.md", "static/linked/pipe", "templates/socket.html"] {
        assert!(said.contains(&format!("`{path}` is neither a file nor a folder")), "{path}: {said}");
    }
}

#[test]
fn pipes_among_the_program_s_own_files_do_not_block() {
    for (path, code) in [
        // Without a cache the build is correct, and warns.
        (".dossier/cache/lock", 0),
        (".dossier/cache/index", 0),
        (".dossier/cache/outputs", 0),
        ("public/.dossier/lock", 1),
        ("public/.dossier/manifest.jsonl", 1),
        ("public/.dossier/intent.jsonl", 1),
        ("public/tram.html", 1),
    ] {
        let site = Site::new(SITE);
        assert_eq!(run(&site, &["build"]).0, Some(0));
        fs::create_dir_all(site.path(path).parent().unwrap()).unwrap();
        pipe(&site.path(path));
        site.write("content/tram.md", "# The tram\n\nIt runs again.\n");
        let (ended, said) = run(&site, &["build"]);
        assert_eq!(ended, Some(code), "{path}: {said}");
        assert_eq!(said.contains("cache-failed"), path.ends_with("cache/lock"), "{path}: {said}");
    }
}

#[test]
fn a_file_that_is_too_long_is_refused_by_its_size_alone() {
    for (path, limit) in [
        ("content/tram.md", "4 MiB"),
        ("content/evidence/entities.yaml", "64 MiB"),
        ("static/print.css", "64 MiB"),
        ("templates/page.html", "64 MiB"),
        ("site.toml", "64 MiB"),
    ] {
        let site = Site::new(SITE);
        // A sparse file: it needs no disk space, but would fill the memory.
        fs::File::options().write(true).open(site.path(path)).unwrap().set_len(1 << 40).unwrap();
        for command in ["check", "build"] {
            let (code, said) = run(&site, &[command]);
            assert_eq!(code, Some(1), "{path}: {said}");
            let message = format!("`{path}` cannot be read: it is longer than {limit}");
            assert!(said.contains("error[too-large]") && said.contains(&message), "{command} with {path}: {said}");
        }
    }
}

/// Alternates a folder and a link to another one under the same name, while `work` runs.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn while_swapped(site: &Site, name: &str, outside: &Path, work: impl FnOnce()) {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let (folder, link) = (site.path(name), site.path("link"));
    symlink(outside, &link).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).unwrap();
            }
        });
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        stop.store(true, Ordering::Relaxed);
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    if folder.is_symlink() {
        renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).unwrap();
    }
    fs::remove_file(&link).unwrap();
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn a_folder_that_becomes_a_link_while_it_is_read_is_not_followed() {
    let site = Site::new(SITE);
    let outside = tempfile::tempdir().unwrap();
    for number in 0..40 {
        site.write(&format!("static/dir/{number}.txt"), "inside");
        site.write(&format!("content/dir/{number}.md"), "# inside\n");
        fs::write(outside.path().join(format!("{number}.txt")), "secret").unwrap();
        fs::write(outside.path().join(format!("{number}.md")), "# secret\n").unwrap();
    }
    let folder = dossier::disk::Folder::open(site.root()).unwrap();
    let request = dossier::pipeline::Request::of(jiff::civil::date(2026, 11, 21));
    for name in ["static/dir", "content/dir"] {
        while_swapped(&site, name, outside.path(), || {
            for _ in 0..40 {
                let made = dossier::source::Memory::default();
                let _ = dossier::pipeline::build(&folder, &request, &made, &|_, _, _| {});
                for (path, bytes) in made.snapshot() {
                    assert!(!String::from_utf8_lossy(&bytes).contains("secret"), "{path} comes from elsewhere");
                }
            }
        });
    }
}

#[test]
fn a_folder_that_becomes_a_link_while_the_site_is_served_is_not_followed() {
    let site = Site::new(SITE);
    site.write("static/dir/passwd", "inside");
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("passwd"), "secret").unwrap();
    let served = Served::start(site.root(), &[]);
    assert_eq!(served.get("/dir/passwd").text(), "inside");
    fs::rename(site.path("static/dir"), site.path("static/before")).unwrap();
    symlink(outside.path(), site.path("static/dir")).unwrap();
    let answer = served.get("/dir/passwd");
    assert!(answer.status >= 400 && !answer.text().contains("secret"), "{answer:?}");
    // A pipe in its place does not block either.
    fs::remove_file(site.path("static/dir")).unwrap();
    fs::create_dir(site.path("static/dir")).unwrap();
    pipe(&site.path("static/dir/passwd"));
    assert!(served.get("/dir/passwd").status >= 400);
    assert_eq!(served.get("/").status, 200);
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn outputs_are_not_written_through_a_folder_that_becomes_a_link() {
    let site = Site::new(SITE);
    site.write("content/dir/page.md", "# Page\n");
    let outside = tempfile::tempdir().unwrap();
    assert_eq!(run(&site, &["build"]).0, Some(0));
    while_swapped(&site, "public/dir", outside.path(), || {
        for number in 0..20 {
            site.write("content/dir/page.md", format!("# Page {number}\n"));
            run(&site, &["build", "--force"]);
        }
    });
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}
