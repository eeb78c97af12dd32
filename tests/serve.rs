//! `dossier serve`, driven as browsers, editors and strangers drive it. Every server is on 127.0.0.1 and ends with its
//! test.

mod support {
    pub mod run;
    pub mod served;
}

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::run::dossier;
use support::served::{Served, Tab};
use tempfile::TempDir;

/// Long enough for a loaded machine to say more, were there more to say.
const QUIET: Duration = Duration::from_millis(1200);
/// Longer than any rebuild takes.
const PATIENCE: Duration = Duration::from_secs(30);

const BASE: &str = r#"<!doctype html>
<html><head><title>{{ page.title }}</title><link rel="stylesheet" href="{{ root }}{{ site.assets["style.css"] or "" }}"></head>
<body><p>{{ site.title }}</p><ul>{% for c in page.children %}<li><a href="{{ root }}{{ c.href }}">{{ c.title }}</a></li>{% endfor %}</ul>
{% block more %}{% endblock %}{{ page.content | safe }}
</body></html>
"#;
const PLAIN: &str = "{% extends \"base.html\" %}";
const ENTITIES: &str = "{% extends \"base.html\" %}{% block more %}{% for group in entities %}{% for e in group.items %}\
                        <p id=\"{{ e.id }}\">{{ e.definition }}</p>{% endfor %}{% endfor %}{% endblock %}";

const MI: &str = "- id: mi\n  name: Mi\n  kind: company\n  definition: A maker.\n";

/// A way of saving: its name, and what it does.
type Save<'a> = (&'a str, Box<dyn Fn() + 'a>);

fn site() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    let files = [
        ("site.toml", "title = \"Bridge\"\n[output]\ntheme = false\n"),
        ("templates/base.html", BASE),
        ("templates/home.html", PLAIN),
        ("templates/page.html", PLAIN),
        ("templates/section.html", PLAIN),
        ("templates/404.html", PLAIN),
        ("templates/entities.html", ENTITIES),
        ("content/index.md", "# Home\n\nWelcome here.\n"),
        ("content/one.md", "# One\n\nThe first page of all.\n"),
        ("content/guide/two.md", "# Two\n\nThe second page.\n"),
        ("content/guide/page.txt", "beside the pages\n"),
        ("content/data.bin", "0123456789"),
    ];
    for (path, text) in files {
        write(temp.path(), path, text);
    }
    temp
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Waits until an address gives an answer of this kind.
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

/// How many times the tab was told to show its page anew, until nothing more came.
fn reloads(tab: &mut Tab) -> usize {
    let first: Vec<Value> = tab.hear(PATIENCE).into_iter().collect();
    let rest = tab.hear_all(QUIET);
    first.iter().chain(&rest).filter(|news| news["changed"] == true).count()
}

#[test]
fn what_is_served_is_what_is_built() {
    let temp = site();
    write(
        temp.path(),
        "site.toml",
        "title = \"Bridge\"\nbase_url = \"https://example.org/deal/\"\n[output]\ntheme = false\n",
    );
    write(temp.path(), "content/guide/a b#?%.md", "# Odd\n\nA name of odd letters.\n");
    crawl(temp.path(), "/deal/");
}

/// The site of this repository, with all that a theme and a ledger bring: exports, feed, search, pages of records.
#[test]
fn the_whole_of_this_site_is_served_as_built() {
    let temp = tempfile::tempdir().expect("a folder");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for top in ["content", "static", "templates", "site.toml"] {
        for entry in walkdir::WalkDir::new(here.join(top)).into_iter().filter_map(Result::ok) {
            let place = temp.path().join(entry.path().strip_prefix(here).expect("it lies there"));
            match entry.file_type().is_dir() {
                true => fs::create_dir_all(place).expect("a folder"),
                false => drop(fs::copy(entry.path(), place).expect("a file")),
            }
        }
    }
    crawl(temp.path(), "/");
}

/// Asks for everything that `build` writes, and compares.
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
            let below = entry.path().strip_prefix(&out).expect("it lies there").to_string_lossy().into_owned();
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
fn strangers_get_nothing() {
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
    // A megabyte of headers, and what is no request at all.
    let large = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    assert!(!(200..300).contains(&served.raw(large.as_bytes()).status));
    for noise in [&b"\x16\x03\x01\x00\x01\x00"[..], b"GET\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        assert!(!(200..300).contains(&served.raw(noise).status));
    }
    assert_eq!(served.get("/").status, 200);
}

#[test]
fn answers_have_types_tags_ranges_and_heads() {
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
        let answer = served.ask("GET", "/data.bin", &[("Range", range)]);
        (answer.status, answer.text(), answer.header("content-range").map(str::to_owned))
    };
    assert_eq!(part("bytes=2-4"), (206, "234".into(), Some("bytes 2-4/10".into())));
    assert_eq!(part("bytes=-2"), (206, "89".into(), Some("bytes 8-9/10".into())));
    assert_eq!(part("bytes=10-"), (416, String::new(), Some("bytes */10".into())));
    assert_eq!(part("bytes=0-1,3-4").0, 200);
}

/// Every way in which editors and tools save gives the open tab one reload: no more, no less.
#[test]
fn every_way_of_saving_gives_one_reload() {
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
                for chunk in text("chunks").as_bytes().chunks(8) {
                    file.write_all(chunk).expect("a chunk");
                    std::thread::sleep(Duration::from_millis(15));
                }
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
    assert_eq!(tab.hear_all(QUIET).len(), 0, "nothing has changed yet");
    for (name, save) in ways {
        save();
        assert_eq!(reloads(&mut tab), 1, "saved by {name}");
        until(&served, "/one.html", |_, page| page.contains(&format!("saved by {name}.")));
    }
    // The same bytes again are no change.
    fs::write(&page, text("removing and writing")).expect("a save");
    assert_eq!(tab.hear_all(QUIET).len(), 0);
}

/// What comes, goes and moves shows once: folders, checkouts, templates, styles, records, the configuration.
#[test]
fn whatever_comes_or_goes_gives_one_reload() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/guide/");
    assert_eq!(tab.hear_all(QUIET).len(), 0);
    let shows = |path: &str, words: &str| until(&served, path, |_, page| page.contains(words));

    write(root, "content/guide/deep/er/three.md", "# Three\n\nA page in new folders.\n");
    assert!(reloads(&mut tab) <= 1);
    shows("/guide/deep/er/three.html", "A page in new folders");

    for number in 0..500 {
        write(root, &format!("content/guide/many{number}.md"), "# One of many\n\nWritten at once.\n");
    }
    assert_eq!(reloads(&mut tab), 1, "500 files at once");
    for number in 0..500 {
        fs::remove_file(root.join(format!("content/guide/many{number}.md"))).expect("a file");
    }
    assert_eq!(reloads(&mut tab), 1, "500 files gone");

    fs::rename(root.join("content/guide/two.md"), root.join("content/guide/second.md")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "a page renamed");
    until(&served, "/guide/two.html", |status, _| status == 404);
    fs::rename(root.join("content/guide/deep"), root.join("content/guide/low")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "a folder renamed");
    until(&served, "/guide/deep/er/three.html", |status, _| status == 404);
    fs::remove_dir_all(root.join("content/guide/low")).expect("a folder");
    assert_eq!(reloads(&mut tab), 1, "a folder removed");

    write(root, "templates/base.html", &BASE.replace("</body>", "<p>our own</p></body>"));
    assert_eq!(reloads(&mut tab), 1, "a template");
    shows("/guide/", "our own");

    // A folder that was not there at the start.
    write(root, "static/style.css", "body { color: green }\n");
    assert_eq!(reloads(&mut tab), 1, "a stylesheet");
    write(root, "static/style.css", "body { color: blue }\n");
    assert_eq!(reloads(&mut tab), 1, "a stylesheet has a new name");
    fs::remove_dir_all(root.join("static")).expect("a folder");
    assert_eq!(reloads(&mut tab), 1, "a folder of files removed");
    write(root, "content/evidence/entities.yaml", MI);
    let _ = tab.hear_all(QUIET);
    shows("/who-and-what.html", "A maker.");
    write(root, "site.toml", "title = \"Another bridge\"\n[output]\ntheme = false\n");
    assert_eq!(reloads(&mut tab), 1, "the configuration");
    shows("/guide/", "Another bridge");

    // What the page itself shows nothing of comes and goes without a word to its tab.
    write(root, "templates/spare.html", PLAIN);
    fs::rename(root.join("templates/spare.html"), root.join("templates/unused.html")).expect("a rename");
    fs::remove_file(root.join("templates/unused.html")).expect("a template");
    assert_eq!(tab.hear_all(QUIET).iter().filter(|news| news["changed"] == true).count(), 0);

    // A file under its old name is refreshed in place.
    write(root, "content/data.bin", "9876543210");
    let news = tab.hear(PATIENCE).expect("news of the file");
    assert_eq!((&news["changed"], &news["files"]), (&Value::Bool(false), &serde_json::json!(["/data.bin"])));

    fs::rename(root.join("content"), root.join("away")).expect("a rename");
    let news = tab.hear(PATIENCE).expect("news of the errors");
    assert!(!news["problems"].as_array().expect("a list").is_empty());
    assert_eq!(served.get("/one.html").status, 200, "the last good site stays");
    fs::rename(root.join("away"), root.join("content")).expect("a rename");
    until(&served, "/one.html", |_, page| page.contains("The first page of all"));
    let cleared = std::iter::from_fn(|| tab.hear(QUIET)).last().expect("news");
    assert_eq!(cleared["problems"], serde_json::json!([]));
}

/// Records, templates and files that pages show, renamed and removed.
#[test]
fn what_pages_show_of_other_files_is_followed() {
    let temp = site();
    let root = temp.path();
    write(root, "content/evidence/entities.yaml", MI);
    write(root, "static/style.css", "body { color: green }\n");
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/who-and-what.html");
    assert_eq!(tab.hear_all(QUIET).len(), 0);
    let name = |name: &str| root.join(name);

    write(root, "content/evidence/entities.yaml", &MI.replace("A maker.", "A maker of phones."));
    assert_eq!(reloads(&mut tab), 1, "a record edited");
    fs::rename(name("content/evidence/entities.yaml"), name("content/evidence/who.yaml")).expect("a rename");
    let news = tab.hear(PATIENCE).expect("news of the record in a file of no known name");
    assert_eq!(news["changed"], false, "{news}");
    fs::rename(name("content/evidence/who.yaml"), name("content/evidence/entities.yaml")).expect("a rename");
    assert_eq!(tab.hear(PATIENCE).expect("it is mended")["problems"], serde_json::json!([]));
    assert_eq!(tab.hear_all(QUIET).len(), 0);

    fs::rename(name("static/style.css"), name("static/other.css")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "a file that the page shows is renamed");
    fs::rename(name("static/other.css"), name("static/style.css")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "and is back");
    fs::remove_file(name("static/style.css")).expect("a file");
    assert_eq!(reloads(&mut tab), 1, "and is gone");

    // Without its template there is no page of entities; without the one that all others extend, there is no site.
    fs::rename(name("templates/entities.html"), name("templates/entity.html")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "its template renamed");
    assert_eq!(served.get("/who-and-what.html").status, 404);
    fs::rename(name("templates/entity.html"), name("templates/entities.html")).expect("a rename");
    assert_eq!(reloads(&mut tab), 1, "and is back");
    fs::remove_file(name("templates/base.html")).expect("a template");
    let news = tab.hear(PATIENCE).expect("news of the template");
    assert!(news["problems"][0]["message"].as_str().is_some_and(|text| text.contains("base.html")), "{news}");
    assert!(served.get("/who-and-what.html").text().contains("A maker of phones."), "the last good page stays");
    write(root, "templates/base.html", BASE);
    assert_eq!(tab.hear(PATIENCE).expect("it is mended")["problems"], serde_json::json!([]));
    assert_eq!(tab.hear_all(QUIET).len(), 0);

    fs::remove_file(name("content/evidence/entities.yaml")).expect("a record");
    let _ = tab.hear(PATIENCE).expect("news of the record");
    assert_eq!(tab.hear_all(QUIET).len(), 0, "once");
    until(&served, "/who-and-what.html", |status, _| status == 404);
}

/// A checkout replaces 500 files one after the other, as `git` does it: the open tab reloads once for each.
#[test]
fn a_checkout_gives_one_reload() {
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
    assert_eq!(tab.hear_all(QUIET).len(), 0);
    for branch in ["first", "second"] {
        git(&["checkout", "-q", branch]);
        assert_eq!(reloads(&mut tab), 1, "a checkout of {branch}");
        for path in ["/one.html", "/guide/many7.html", "/guide/many499.html"] {
            assert!(served.get(path).text().contains(&format!("Said {branch}.")), "{path}");
        }
    }
}

#[test]
fn a_failed_build_leaves_the_last_good_site_and_says_why_in_every_tab() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tabs: Vec<Tab> = ["/one.html", "/", "/guide/two.html"].iter().map(|path| served.tab(path)).collect();
    write(temp.path(), "content/one.md", "---\ntitel: <img src=x onerror=alert(1)>\nsumary: x\n---\n# One\n");
    for tab in &mut tabs {
        let news = tab.hear(PATIENCE).expect("news");
        let problems = news["problems"].as_array().expect("a list");
        assert_eq!((problems.len(), &news["changed"]), (2, &Value::Bool(false)), "{problems:?}");
        assert_eq!(problems[0]["file"], "content/one.md");
        assert_eq!(problems[0]["line"], 2);
        assert!(problems[0]["source"].as_str().expect("a line").contains("<img src=x"));
    }
    assert!(served.get("/one.html").text().contains("The first page of all"));
    write(temp.path(), "content/one.md", "# One\n\nMended it is.\n");
    for (index, tab) in tabs.iter_mut().enumerate() {
        let news = tab.hear(PATIENCE).expect("news");
        assert_eq!((&news["problems"], &news["changed"]), (&serde_json::json!([]), &Value::Bool(index == 0)));
    }
    // A template that fails when it is rendered.
    write(temp.path(), "templates/base.html", &BASE.replace("</body>", "{{ nothing.here }}</body>"));
    let news = tabs[0].hear(PATIENCE).expect("news");
    assert!(!news["problems"].as_array().expect("a list").is_empty());
    assert!(served.get("/one.html").text().contains("Mended it is"));
}

/// What a bad day brings: the server stays up, says what is wrong, and recovers by itself.
#[test]
fn bad_input_never_takes_the_server_down() {
    let temp = site();
    let root = temp.path();
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/");
    let told = |tab: &mut Tab, what: &str| {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let Some(news) = tab.hear(PATIENCE) else { break };
            if news["problems"].as_array().is_some_and(|problems| !problems.is_empty()) {
                return;
            }
        }
        panic!("{what}: nothing was said");
    };
    let healed = |tab: &mut Tab, what: &str| {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let Some(news) = tab.hear(PATIENCE) else { break };
            if news["problems"] == serde_json::json!([]) {
                assert_eq!(served.get("/").status, 200);
                return;
            }
        }
        panic!("{what}: it was never mended");
    };
    let bad: [(&str, Vec<u8>); 4] = [
        ("half.md", b"---\ntitle: Half".to_vec()),
        ("large.md", vec![b'a'; 50 << 20]),
        ("binary.md", vec![0xff, 0xfe, 0x00, 0x80]),
        ("yaml.md", b"---\na: {a: {a: {a: {\n---\n".to_vec()),
    ];
    for (name, bytes) in bad {
        fs::write(root.join("content").join(name), bytes).expect("a file");
        told(&mut tab, name);
        fs::remove_file(root.join("content").join(name)).expect("a file");
        healed(&mut tab, name);
    }
    write(root, "site.toml", "title = ");
    told(&mut tab, "half a configuration");
    write(root, "content/one.md", "# One\n\nWritten while nothing could be read.\n");
    write(root, "site.toml", "title = \"Bridge\"\n[output]\ntheme = false\n");
    healed(&mut tab, "half a configuration");
    until(&served, "/one.html", |_, page| page.contains("while nothing could be read"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", root.join("content/loop")).expect("a link");
        told(&mut tab, "a loop of links");
        fs::remove_file(root.join("content/loop")).expect("a link");
        healed(&mut tab, "a loop of links");
        std::os::unix::fs::symlink("/etc/passwd", root.join("content/passwd.md")).expect("a link");
        told(&mut tab, "a link out of the site");
        assert_eq!(served.get("/passwd.html").status, 404);
        fs::remove_file(root.join("content/passwd.md")).expect("a link");
        healed(&mut tab, "a link out of the site");
    }
    #[cfg(unix)]
    if let Some(strict) = as_nobody(root) {
        use std::os::unix::fs::PermissionsExt as _;
        let mut tab = strict.tab("/");
        let may = |mode: u32| {
            fs::set_permissions(root.join("content/guide"), fs::Permissions::from_mode(mode))
                .expect("a folder of ours");
        };
        may(0o000);
        told(&mut tab, "a folder without permission");
        assert_eq!(strict.get("/guide/two.html").status, 200, "the last good site stays");
        may(0o755);
        healed(&mut tab, "a folder without permission");
    }
    // Files that come and go faster than anybody can read them.
    for number in 0..200 {
        let path = root.join(format!("content/gone{}.md", number % 7));
        fs::write(&path, "# Gone\n\nSoon it is.\n").expect("a file");
        fs::remove_file(&path).expect("a file");
    }
    write(root, "content/one.md", "# One\n\nAfter all of that.\n");
    until(&served, "/one.html", |_, page| page.contains("After all of that"));
    until(&served, "/gone3.html", |status, _| status == 404);
}

/// A server that permissions hold for: nothing is refused to the one who may do all. None where the program cannot be
/// run by another.
#[cfg(unix)]
fn as_nobody(root: &Path) -> Option<Served> {
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

/// Open tabs go on, and whoever asks is answered, while 5,000 connections that never ask for anything come.
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
            let start = Instant::now();
            assert_eq!(served.get("/one.html").status, 200);
            assert!(start.elapsed() < Duration::from_secs(5), "nobody waits until the silent ones are given up");
        }
    }
    assert!(silent.len() > 450, "more than the server holds at a time: {}", silent.len());
    write(temp.path(), "content/one.md", "# One\n\nIn a crowd.\n");
    for tab in &mut tabs {
        assert_eq!(tab.hear(PATIENCE).expect("news")["changed"], true);
    }
    drop(silent);
    for _ in 0..500 {
        assert_eq!(served.ask("HEAD", "/one.html", &[]).status, 200);
    }
}

/// A request that never ends is ended, and so is an answer that nobody takes.
#[test]
fn slow_clients_are_given_up() {
    let temp = site();
    fs::write(temp.path().join("content/large.bin"), vec![7; 64 << 20]).expect("a file");
    let served = Served::start(temp.path(), &["--watch"]);
    let mut asking = served.connect();
    asking.write_all(b"GET / HTTP/1.1\r\nHos").expect("the server listens");
    let mut taking = served.connect();
    taking.write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("the server listens");
    for _ in 0..6 {
        std::thread::sleep(Duration::from_secs(2));
        assert_eq!(served.get("/one.html").status, 200);
    }
    let mut rest = Vec::new();
    asking.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let _ = asking.read_to_end(&mut rest).expect("the server closes it");
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&rest));
    let mut taken = 0;
    let mut piece = vec![0; 1 << 20];
    while let Ok(read @ 1..) = taking.read(&mut piece) {
        taken += read;
    }
    assert!(taken < 64 << 20, "the answer was broken off");
}

/// What only the rendered pages show, told as `build` tells it, while the page is served already.
#[test]
fn an_address_in_the_output_that_leads_nowhere_is_told() {
    let temp = site();
    let bad = BASE.replace("</body>", "<a href=\"{{ root }}nowhere.html\">?</a></body>");
    write(temp.path(), "templates/base.html", &bad);
    let served = Served::start(temp.path(), &["--watch"]);
    assert_eq!(served.get("/one.html").status, 200);
    let mut tab = served.tab("/one.html");
    let news = std::iter::from_fn(|| tab.hear(PATIENCE)).find(|news| news["problems"] != serde_json::json!([]));
    let news = news.expect("news of the problem");
    assert_eq!(news["problems"][0]["code"], "broken-output-link", "{news}");
    let count = news["problems"].as_array().map_or(0, Vec::len);
    // It is told still when something else has changed, and for the same pages.
    write(temp.path(), "content/one.md", "# One\n\nAnother word.\n");
    let mut again = std::iter::from_fn(|| tab.hear(PATIENCE)).skip_while(|news| news["changed"] == false);
    let again = again.find(|news| news["problems"] != serde_json::json!([])).expect("it is told again");
    assert_eq!(again["problems"].as_array().map_or(0, Vec::len), count);
    write(temp.path(), "templates/base.html", BASE);
    let cleared = std::iter::from_fn(|| tab.hear(PATIENCE)).find(|news| news["problems"] == serde_json::json!([]));
    assert!(cleared.is_some_and(|news| news["changed"] == true));
    assert_eq!(tab.hear_all(QUIET).len(), 0);
}

/// A browser answers every ping; that must not be taken for a request that never ends.
#[test]
fn a_quiet_tab_stays_connected() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tab = served.tab("/one.html");
    assert_eq!(tab.hear_all(Duration::from_secs(12)).len(), 0);
    write(temp.path(), "content/one.md", "# One\n\nAfter a pause.\n");
    assert_eq!(tab.hear(PATIENCE).expect("the tab is there still")["changed"], true);
}

/// Saves that come faster than rebuilds end: what was written last is what shows, wherever a rebuild was overtaken.
#[test]
fn the_last_of_many_quick_saves_shows() {
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
        std::thread::sleep(Duration::from_millis(number % 7));
    }
    until(&served, "/one.html", |_, page| page.contains("Save 59 of many."));
    until(&served, "/guide/more50.html", |status, _| status == 200);
    let news = tab.hear_all(QUIET);
    assert!(!news.is_empty() && news.len() <= 61, "{}", news.len());
    assert!(served.get("/one.html").text().contains("Save 59 of many."), "and it stays");
}

/// No event tells of what lies behind a link to a folder elsewhere in the site; the sweep finds it.
#[cfg(unix)]
#[test]
fn what_no_event_tells_is_found_by_the_sweep() {
    let temp = site();
    let root = temp.path();
    write(root, "notes/far.md", "# Far\n\nBehind a link.\n");
    std::os::unix::fs::symlink("../notes", root.join("content/notes")).expect("a link");
    let served = Served::start(root, &["--watch"]);
    let mut tab = served.tab("/notes/far.html");
    write(root, "notes/far.md", "# Far\n\nEdited behind a link.\n");
    assert_eq!(reloads(&mut tab), 1);
    assert!(served.get("/notes/far.html").text().contains("Edited behind a link."));
}

/// One line for each rebuild: what has changed, how many pages were rendered, how long it took.
#[test]
fn the_terminal_says_what_was_done() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    let mut tab = served.tab("/one.html");
    assert_eq!(tab.hear_all(QUIET).len(), 0);
    let line = |starts: &str| {
        let line =
            std::iter::from_fn(|| served.lines.recv_timeout(PATIENCE).ok()).find(|line| line.starts_with(starts));
        line.unwrap_or_else(|| panic!("no line that starts with {starts}"))
    };
    write(temp.path(), "content/one.md", "# One\n\nThe first page of all that follow.\n");
    let said = line("content/one.md: ");
    let took = said.strip_prefix("content/one.md: 1 page rendered in ").and_then(|rest| rest.strip_suffix(" ms"));
    assert!(took.is_some_and(|took| took.parse::<f64>().is_ok()), "{said}");
    assert_eq!(reloads(&mut tab), 1);
    write(temp.path(), "content/one.md", "---\ntitel: x\n---\n# One\n");
    assert!(line("content/one.md: ").starts_with("content/one.md: errors, the last good site stays ("));
}

#[test]
fn drafts_are_in_where_asked_for() {
    let temp = site();
    write(temp.path(), "content/draft.md", "---\ntitle: Draft\ndraft: true\n---\nNot yet.\n");
    assert_eq!(Served::start(temp.path(), &[]).get("/draft.html").status, 404);
    assert_eq!(Served::start(temp.path(), &["--drafts"]).get("/draft.html").status, 200);
}

/// `--open` gives the address to the system's opener, and `--host` says where to listen.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address() {
    use std::os::unix::fs::PermissionsExt as _;
    let temp = site();
    let (opener, told) = (temp.path().join("xdg-open"), temp.path().join("told"));
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{}'\n", told.display())).expect("a program");
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("PATH={}:/usr/bin:/bin", temp.path().display());
    let served = Served::start_by(&["env", &path], temp.path(), &["--open", "--host", "localhost"]);
    let start = Instant::now();
    let address = format!("http://localhost:{}/\n", served.port);
    while fs::read_to_string(&told).ok() != Some(address.clone()) {
        assert!(start.elapsed() < PATIENCE, "the browser was never opened at {address}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn flags_move_the_severity_of_a_problem() {
    let temp = site();
    write(temp.path(), "content/one.md", "# One\n\nSee [nothing](nowhere.md).\n");
    let served = Served::start(temp.path(), &["--watch", "--allow", "broken-link"]);
    assert_eq!(served.get("/one.html").status, 200);
    let served = Served::start(temp.path(), &["--watch"]);
    assert_eq!(served.get("/one.html").status, 500);
}

#[test]
fn ports_are_found_or_refused() {
    let temp = site();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its number").port().to_string();
    let run = dossier(temp.path(), &["serve", "--port", &port]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{}", run.err);
    let (one, two) = (Served::start(temp.path(), &[]), Served::start(temp.path(), &[]));
    assert_ne!(one.port, two.port, "a busy port that nobody asked for is no reason to give up");
    assert!(two.said().contains("is busy, so the next free one is taken"), "and it is said: {}", two.said());
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
    assert_eq!(tab.hear_all(PATIENCE).len(), 0);
    assert_eq!(count(), before);
    // The tab comes back to the next server, and hears that its page has changed meanwhile.
    write(temp.path(), "content/one.md", "# One\n\nWritten while nobody served.\n");
    let port = served.port.to_string();
    let again = Served::start(temp.path(), &["--watch", "--port", &port]);
    let mut tab = again.socket(&format!("http://127.0.0.1:{port}")).expect("a socket");
    tab.say("/one.html", "0123456789");
    assert_eq!(tab.hear(PATIENCE).expect("news")["changed"], true);
}
