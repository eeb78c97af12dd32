//! Responses of the server, and who gets them.

use std::fs;
use std::path::Path;

use super::support::run::dossier;
use super::support::served::Served;
use super::{site, write};

#[test]
fn the_served_site_is_the_built_one() {
    let temp = site();
    write(
        temp.path(),
        "site.toml",
        "title = \"Bridge\"\nbase_url = \"https://example.org/deal/\"\n[output]\ntheme = false\n",
    );
    write(temp.path(), "content/guide/a b#?%.md", "# Odd\n\nA name of odd letters.\n");
    crawl(temp.path(), "/deal/");
}

/// The site of this repository, with exports, feed, search and pages of records.
#[test]
fn all_of_this_site_is_served_as_built() {
    let temp = tempfile::tempdir().expect("a folder");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for top in ["content", "static", "templates", "site.toml"] {
        for entry in walkdir::WalkDir::new(here.join(top)).into_iter().filter_map(Result::ok) {
            let place = temp.path().join(entry.path().strip_prefix(here).expect("it is below"));
            match entry.file_type().is_dir() {
                true => fs::create_dir_all(place).expect("a folder"),
                false => drop(fs::copy(entry.path(), place).expect("a file")),
            }
        }
    }
    crawl(temp.path(), "/");
}

/// Requests everything that `build` writes, and compares.
fn crawl(root: &Path, base: &str) {
    let built = dossier(root, &["build"]);
    assert_eq!(built.code, 0, "{}{}", built.out, built.err);
    let out = root.join("public");
    let script = format!("<script src=\"{base}__dossier/reload.js\"");
    for watch in [false, true] {
        let served = Served::start(root, if watch { &["--watch"] } else { &[] });
        assert_eq!(served.base, base);
        let mut pages = 0;
        for entry in walkdir::WalkDir::new(&out).into_iter().filter_map(Result::ok) {
            let below = entry.path().strip_prefix(&out).expect("it is below").to_string_lossy().into_owned();
            if !entry.file_type().is_file() || below.starts_with(".dossier") {
                continue;
            }
            let answer = served.get(&format!("{base}{}", dossier::site::encode(&below)));
            assert_eq!(answer.status, 200, "{below}");
            let bytes = fs::read(entry.path()).expect("a built file");
            let same = if watch && below.ends_with(".html") && answer.text().contains("__dossier/") {
                let text = answer.text();
                let at = text.find(&script).expect("the reload script");
                let end = at + text[at..].find('\n').expect("its end") + 1;
                pages += 1;
                format!("{}{}", &text[..at], &text[end..]).into_bytes() == bytes
            } else {
                answer.body == bytes
            };
            assert!(same, "{below} is not as built");
            assert!(
                !String::from_utf8_lossy(&bytes).contains("__dossier"),
                "{below}: the script is the server's alone"
            );
        }
        assert_eq!(pages > 0, watch);
        let missing = served.get(&format!("{base}nowhere.html"));
        assert_eq!(missing.status, 404);
        assert!(missing.text().contains("</html>"), "the site's own page");
        if base != "/" {
            assert_eq!(served.get("/").header("location"), Some(base));
            assert_eq!(served.get(&format!("{base}guide")).header("location"), Some("guide/"));
        }
    }
}

#[test]
fn requests_from_other_origins_are_refused() {
    let temp = site();
    write(temp.path(), ".env", "secret");
    write(temp.path(), "content/.hidden.md.swp", "secret");
    let served = Served::start(temp.path(), &["--watch"]);
    let odd = [
        "/../site.toml",
        "/%2e%2e/site.toml",
        "/%2e%2e%2fsite.toml",
        "/..%2f..%2fetc/passwd",
        "/guide/../../.env",
        "/%00",
        "/one.html%00",
        "/.env",
        "/site.toml",
        "/content/one.md",
        "//one.html",
        "/guide//two.html",
        "/%ff",
        "/.hidden.md.swp",
        "/one.html/",
        "/C:%5Cwindows",
        "/..%5c..%5csite.toml",
        "/__dossier/",
        "/__dossier/../site.toml",
        "/%",
    ];
    for path in odd {
        let answer = served.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret") && !answer.text().contains("title ="), "{path}");
    }
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""] {
        assert!(matches!(served.ask("GET", "/", &[("Host", host)]).status, 400 | 403), "{host}");
    }
    assert_eq!(served.ask("GET", "/", &[("Host", "localhost")]).status, 200);
    assert_eq!(served.ask("GET", "/", &[("Origin", "http://evil.example")]).status, 403);
    assert_eq!(
        served
            .ask("GET", "/search-index.js", &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")])
            .status,
        403
    );
    let answer = served.get("/");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECTED"] {
        assert_eq!(served.ask(method, "/", &[]).status, 405, "{method}");
    }
    assert_eq!(served.socket("http://evil.example").err(), Some(403));
    assert_eq!(served.socket("null").err(), Some(403));
    // A megabyte of headers, and bytes that are not a request.
    let large = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    assert!(!(200..300).contains(&served.raw(large.as_bytes()).status));
    for noise in [&b"\x16\x03\x01\x00\x01\x00"[..], b"GET\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        assert!(!(200..300).contains(&served.raw(noise).status));
    }
    assert_eq!(served.get("/").status, 200);
}

#[test]
fn responses_have_types_etags_ranges_and_head() {
    let temp = site();
    let served = Served::start(temp.path(), &[]);
    let page = served.get("/one.html");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let tag = page.header("etag").expect("a tag").to_owned();
    assert_eq!(served.ask("GET", "/one.html", &[("If-None-Match", &tag)]).status, 304);
    assert_eq!(served.ask("GET", "/one.html", &[("If-None-Match", "\"other\"")]).status, 200);
    let head = served.ask("HEAD", "/one.html", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(page.body.len().to_string().as_str()));
    let part = |range: &str| {
        let answer = served.ask("GET", "/data.zip", &[("Range", range)]);
        (answer.status, answer.text(), answer.header("content-range").map(str::to_owned))
    };
    assert_eq!(part("bytes=2-4"), (206, "234".into(), Some("bytes 2-4/10".into())));
    assert_eq!(part("bytes=-2"), (206, "89".into(), Some("bytes 8-9/10".into())));
    assert_eq!(part("bytes=10-"), (416, String::new(), Some("bytes */10".into())));
    assert_eq!(part("bytes=0-1,3-4").0, 200);
}

/// Behind a proxy, in a container or under a name of the local network: the error says what to do, and that works.
#[test]
fn other_host_names_are_answered_if_allowed() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let refused = served.ask("GET", "/", &[("Host", "mybox.local:3000")]);
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("`--allow-host mybox.local`"), "{}", refused.text());
    drop(served);
    let served =
        Served::start(temp.path(), &["--watch", "--allow-host", "mybox.local", "--allow-host", ".app.github.dev"]);
    assert_eq!(served.ask("GET", "/", &[("Host", "mybox.local:3000")]).status, 200);
    let origin = ("Origin", "https://big-bear-3000.app.github.dev");
    assert_eq!(served.ask("GET", "/", &[("Host", "localhost"), origin]).status, 200);
    assert!(served.socket(origin.1).is_ok(), "and its tabs hear of changes");
    assert_eq!(served.ask("GET", "/", &[("Host", "evil.example")]).status, 403);
    assert_eq!(served.socket("https://evil.example").err(), Some(403));
    let wrong = dossier(temp.path(), &["serve", "--allow-host", "https://mybox.local/"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("write the name alone, such as `mybox.local`"), "{}", wrong.err);
}

/// Only the requested part is read, in pieces: a terabyte could be neither read nor held.
#[cfg(target_os = "linux")]
#[test]
fn a_file_of_any_size_is_sent_in_pieces() {
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
    const LEN: u64 = 1 << 40;
    let temp = site();
    write(temp.path(), "static/large.bin", "");
    let mut file = fs::File::create(temp.path().join("static/large.bin")).expect("a file");
    file.set_len(LEN).expect("a file with a hole");
    file.seek(SeekFrom::End(-3)).expect("the end");
    file.write_all(b"end").expect("the end");
    let served = Served::start(temp.path(), &[]);
    let head = served.ask("HEAD", "/large.bin", &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some(LEN.to_string().as_str())));
    assert_eq!(served.ask("GET", "/large.bin", &[("Range", "bytes=-3")]).text(), "end");
    let tag = head.header("etag").expect("a tag");
    assert_eq!(served.ask("GET", "/large.bin", &[("If-None-Match", tag)]).status, 304);
    let before = served.resident();
    let mut many: Vec<_> = (0..10).map(|_| served.connect()).collect();
    for stream in &mut many {
        stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=1-\r\n\r\n").expect("a question");
    }
    let mut piece = vec![0; 64 << 10];
    for _ in 0..50 {
        for stream in &mut many {
            stream.read_exact(&mut piece).expect("the answer goes on");
        }
    }
    let more = served.resident() - before;
    assert!(more < 64.0, "{more} MiB");
}

/// A file that was replaced by a pipe since it was listed is an error, and does not delay other responses.
#[cfg(unix)]
#[test]
fn a_file_that_has_become_a_pipe_does_not_block() {
    let temp = site();
    let served = Served::start(temp.path(), &[]);
    let file = temp.path().join("content/data.zip");
    fs::remove_file(&file).expect("a file");
    assert!(std::process::Command::new("mkfifo").arg(&file).status().expect("mkfifo runs").success());
    for _ in 0..40 {
        assert_eq!(served.get("/data.zip").status, 500);
    }
    assert_eq!(served.get("/one.html").status, 200);
}

/// The `ETag` of a file stays the same as long as its bytes do.
#[test]
fn a_tag_changes_with_the_file() {
    let temp = site();
    let served = Served::start(temp.path(), &[]);
    let tag = || served.get("/data.zip").header("etag").expect("a tag").to_owned();
    let first = tag();
    assert_eq!(first, tag());
    write(temp.path(), "content/data.zip", "01234567890");
    assert_ne!(first, tag());
}
