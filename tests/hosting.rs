//! The site on hosts: compressed forms, the files that only hosts read, links that work from disk, and real servers, set up
//! as docs/hosting.md says.

mod support {
    #[expect(dead_code, reason = "other tests use the rest")]
    pub mod chromium;
    pub mod files;
    pub mod run;
    #[expect(dead_code, reason = "a real server takes its place here")]
    pub mod server;
    pub mod site;
}

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use dossier::cli::Cli;
use serde_json::{Value, json};
use support::chromium::{DESKTOP, browse};
use support::files::{here, text};
use support::server::STRICT;
use support::site::Site;

const SITE: &str = "\
//- site.toml
title = \"Tea\"
base_url = \"https://example.org/deal/\"
[output]
//- content/index.md
# Home

Read about [tea](tea.md#black) and [its trade](trade/index.md), or see ![a map](https://maps.example/tea.png).
//- content/tea.md
---
title: Tea
aliases: [leaves, old/]
---

## Black

Fully oxidised. Fully oxidised. Fully oxidised. Fully oxidised.
//- content/trade/index.md
# Trade

Back to [tea](../tea.md) or [home](../index.md), on to [ships](ships.md).
//- content/trade/ships.md
# Ships

From [trade](index.md).
//- static/tea.csv
kind,colour
black,black
green,green
white,white
black,black
green,green
//- static/dot.txt
.
";

fn site(output: &str) -> Site {
    Site::new(&SITE.replace("[output]\n", &format!("[output]\n{output}\n")))
}

fn build(site: &Site, words: &[&str]) -> String {
    let run = site.run(&[&["build"], words].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}: {}", run.out);
    run.out
}

/// The outputs that have this extension.
fn with(tree: &BTreeMap<String, Vec<u8>>, extension: &str) -> Vec<String> {
    tree.keys().filter(|name| name.ends_with(extension)).cloned().collect()
}

fn plain(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    if name.ends_with(".br") {
        brotli::BrotliDecompress(&mut &*bytes, &mut plain).expect("it is Brotli");
    } else {
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).expect("it is gzip");
    }
    plain
}

/// Whether every compressed form says what its original says; gives their number.
fn expect_same(tree: &BTreeMap<String, Vec<u8>>) -> usize {
    let forms: Vec<String> = [with(tree, ".br"), with(tree, ".gz")].concat();
    for form in &forms {
        let original = &form[..form.len() - 3];
        assert_eq!(plain(form, &tree[form]), tree[original], "{form} is not {original}");
        assert!(tree[form].len() < tree[original].len(), "{form} is no smaller");
    }
    forms.len()
}

#[test]
fn texts_come_compressed_where_asked_and_only_where_that_is_smaller() {
    let site = site("");
    build(&site, &[]);
    let bare = site.tree("public");
    assert_eq!(with(&bare, ".br").len() + with(&bare, ".gz").len(), 0);
    build(&site, &["--precompress"]);
    let first = site.tree("public");
    assert!(expect_same(&first) > 20, "{:?}", first.keys());
    for name in ["index.html", "tea.csv", "feed.xml", "search-index.js", "leaves.html", "404.html"] {
        assert!(first.contains_key(&format!("{name}.br")) && first.contains_key(&format!("{name}.gz")), "{name}");
    }
    assert!(!first.contains_key("dot.txt.gz") && !first.contains_key("favicon.ico.gz"));
    let again = build(&site, &["--precompress"]);
    assert!(again.contains(": 0 written"), "{again}");
    build(&site, &["--precompress", "--no-cache"]);
    assert!(site.tree("public") == first, "the same bytes come of the same input");
    build(&site, &[]);
    assert!(site.tree("public") == bare, "what is no longer wanted is gone");
}

#[test]
fn an_edit_compresses_what_it_changes_and_nothing_else() {
    let site = site("precompress = true");
    build(&site, &[]);
    let before = site.tree("public");
    let page = site.text("content/trade/ships.md");
    site.write("content/trade/ships.md", page + "\nThey sail for months.\n");
    let said = build(&site, &["--verbose"]);
    let after = site.tree("public");
    let (forms, pages) = (expect_same(&after), expect_same(&before));
    assert_eq!(forms, pages);
    for form in ["trade/ships.html.br", "trade/ships.html.gz"] {
        assert!(before[form] != after[form] && said.contains(&format!("written {form}\n")), "{form}: {said}");
    }
    assert!(!said.contains("written tea.html"), "{said}");
    // A form that somebody removed comes back; one whose page is gone goes.
    std::fs::remove_file(site.path("public/tea.html.br")).expect("it is there");
    std::fs::remove_file(site.path("content/trade/ships.md")).expect("it is there");
    site.write("content/trade/index.md", "# Trade\n");
    build(&site, &[]);
    let last = site.tree("public");
    assert!(last.contains_key("tea.html.br") && !last.contains_key("trade/ships.html.br"));
    expect_same(&last);
}

#[test]
fn a_check_compresses_nothing() {
    let site = site("precompress = true");
    let run = site.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!site.path("public").exists() && !site.path(".dossier").exists());
}

#[test]
fn files_of_the_author_s_own_stand_in_the_place_of_ours() {
    let site = site("precompress = true\nhosts = [\"netlify\", \"azure\", \"github\"]");
    let own = ["tea.csv.gz", "_headers", "_redirects", ".nojekyll", "staticwebapp.config.json"];
    for name in own {
        site.write(&format!("static/{name}"), "mine");
    }
    for _ in 0..2 {
        build(&site, &[]);
        for name in own {
            assert_eq!(site.text(&format!("public/{name}")), "mine", "{name}");
        }
        assert!(site.path("public/tea.csv.br").exists());
    }
}

#[test]
fn each_host_gets_what_it_reads() {
    let names = |hosts: &str| {
        let site = site(&format!("hosts = {hosts}"));
        build(&site, &[]);
        let special = ["_headers", "_redirects", ".nojekyll", "staticwebapp.config.json"];
        site.tree("public").into_keys().filter(|name| special.contains(&name.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(names("[]"), [""; 0]);
    assert_eq!(names("[\"github\"]"), [".nojekyll"]);
    assert_eq!(names("[\"gitlab\"]"), ["_redirects"]);
    assert_eq!(names("[\"netlify\"]"), ["_headers", "_redirects"]);
    assert_eq!(names("[\"cloudflare\"]"), ["_headers", "_redirects"]);
    assert_eq!(names("[\"azure\"]"), ["staticwebapp.config.json"]);
}

/// The policy of the site: its pages take a picture from one other site.
fn policy() -> String {
    STRICT.replace("img-src 'self'", "img-src 'self' https://maps.example")
}

#[test]
fn headers_and_redirects_are_what_hosts_take() {
    let site = site("hosts = [\"netlify\", \"cloudflare\", \"azure\"]");
    build(&site, &[]);
    let printed = |extension: &str| {
        let tree = site.tree("public");
        tree.into_keys().filter(|name| name.ends_with(extension)).collect::<Vec<_>>()
    };
    let mut expected = format!(
        "/*\n  Content-Security-Policy: {}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n",
        policy()
    );
    let scripts = printed(".js").into_iter().filter(|name| name != "search-index.js");
    let assets: Vec<String> = scripts.chain(printed(".css")).collect();
    assert_eq!(assets.len(), 3, "{assets:?}");
    for asset in &assets {
        expected.push_str(&format!("/{asset}\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
    assert_eq!(site.text("public/_headers"), expected);
    assert_eq!(
        site.text("public/_redirects"),
        "/leaves /tea.html 301\n/leaves.html /tea.html 301\n/old/ /tea.html 301\n/old/index.html /tea.html 301\n"
    );
    let azure: Value = serde_json::from_str(&site.text("public/staticwebapp.config.json")).expect("it is JSON");
    assert_eq!(azure["globalHeaders"]["Content-Security-Policy"], policy());
    assert_eq!(azure["responseOverrides"]["404"], json!({ "rewrite": "/404.html", "statusCode": 404 }));
    let route = |path: &str| azure["routes"].as_array().into_iter().flatten().find(|route| route["route"] == path);
    assert_eq!(route("/old/").expect("a former address")["redirect"], "/tea.html");
    let cached = route(&format!("/{}", assets[0])).expect("a fingerprinted file");
    assert_eq!(cached["headers"]["Cache-Control"], "public, max-age=31536000, immutable");

    let netlify = self::site("urls = \"folder\"\nhosts = [\"netlify\"]");
    build(&netlify, &[]);
    assert!(netlify.text("public/_redirects").starts_with("/leaves /tea/ 301!\n"), "no page of ours hides a rule");
    let gitlab = self::site("hosts = [\"gitlab\"]");
    build(&gitlab, &[]);
    assert!(
        gitlab.text("public/_redirects").starts_with("/deal/leaves /deal/tea.html 301\n"),
        "from the top of the host"
    );
}

#[test]
fn an_unknown_host_is_told_at_its_line_and_nothing_is_written() {
    let site = site("hosts = [\"github\",\n  \"netlfy\"]");
    let run = site.run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.err);
    for expected in
        ["--> site.toml:5:3", "`azure`, `cloudflare`, `github`, `gitlab` or `netlify`", "did you mean `netlify`?"]
    {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
    assert!(!site.path("public").exists());
    for url in ["example.org/deal", "https://", "https://example.org/?page=1"] {
        let run = site.run(&["build", "--base-url", url]);
        assert!(run.code == 2 && run.err.contains("--base-url"), "{url}: {}", run.err);
        assert!(!site.path("public").exists());
    }
}

#[test]
fn portable_links_name_files_and_full_addresses_do_not() {
    let site = site("urls = \"folder\"");
    build(&site, &[]);
    assert!(site.text("public/index.html").contains("href=\"tea/#black\""));
    let sitemap = site.text("public/sitemap.xml");
    build(&site, &["--portable"]);
    let home = site.text("public/index.html");
    assert!(home.contains("href=\"tea/index.html#black\"") && home.contains("href=\"trade/index.html\""), "{home}");
    assert!(site.text("public/trade/ships/index.html").contains("href=\"../../trade/index.html\""));
    assert_eq!(site.text("public/sitemap.xml"), sitemap);
    let tea = site.text("public/tea/index.html");
    assert!(tea.contains("<link rel=\"canonical\" href=\"https://example.org/deal/tea/\">"), "{tea}");
}

#[test]
fn a_portable_site_is_read_from_the_disk() {
    let site = site("urls = \"folder\"");
    build(&site, &["--portable"]);
    browse(DESKTOP, async |page| {
        let at = |path: &str| format!("file://{}", site.path(&format!("public/{path}")).display());
        page.goto(&at("index.html")).await;
        page.follow("tea").await;
        assert_eq!(page.url().await, at("tea/index.html#black"));
        page.goto(&at("trade/ships/index.html")).await;
        page.click("main a[href='../../trade/index.html']").await;
        assert_eq!(page.url().await, at("trade/index.html"));
        page.follow("home").await;
        assert_eq!(page.url().await, at("index.html"));
    });
}

/// An answer to one request.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().filter_map(|line| line.split_once(": "));
        line.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
    }
}

fn get(port: u16, path: &str, coding: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
    let asked =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {coding}\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an end of the head");
    let head = String::from_utf8_lossy(&answer[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let body = &answer[at + 4..];
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { whole(body) } else { body.to_vec() };
    Answer { status, head, body }
}

/// A body that came in chunks.
fn whole(mut chunks: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(at) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&chunks[..at]);
        let size = usize::from_str_radix(size.trim(), 16).expect("the size of a chunk");
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&chunks[at + 2..at + 2 + size]);
        chunks = &chunks[at + 4 + size..];
    }
    whole
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// A server, ended when dropped.
struct Server(Child);

impl Server {
    /// Starts a server and waits until it listens.
    fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut server = Self(child.expect("the server starts"));
        let patience = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.0.try_wait().is_ok_and(|ended| ended.is_none()), "the server ended: {command:?}");
            assert!(Instant::now() < patience, "the server never listened");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Whether a program is here; with `CI=true` it must be.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "CI=true, and {program} is absent");
    if !found {
        println!("skipped: {program} is absent");
    }
    found
}

/// The first block of this language below this heading of docs/hosting.md.
fn recipe(heading: &str, language: &str) -> String {
    let page = text(&here().join("docs/hosting.md"));
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).expect("the heading");
    let block = section.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```\n").next());
    block.expect("a block of that language").to_owned()
}

const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// Runs nginx with the configuration of the page, on a port and with a folder of the test's own.
fn nginx(config: &str, folder: &Path) -> (Server, u16) {
    let port = free_port();
    let brotli = Path::new(BROTLI).exists();
    let config = config.replace("listen 80;", &format!("listen 127.0.0.1:{port};"));
    let config = config.replace("/srv/www/", &format!("{}/", folder.display()));
    assert!(config.contains(&folder.display().to_string()) && config.contains(&port.to_string()), "{config}");
    let kept = |line: &&str| brotli || !line.trim().starts_with("brotli_static");
    let config: String = config.lines().filter(kept).map(|line| format!("{line}\n")).collect();
    let module = if brotli { format!("load_module {BROTLI};\n") } else { String::new() };
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary: String =
        temporary.iter().map(|name| format!("{name}_temp_path {}/nginx-{name};\n", folder.display())).collect();
    let whole = format!(
        "{module}daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/nginx.log;\nevents {{}}\n\
         http {{\naccess_log off;\ninclude /etc/nginx/mime.types;\n{temporary}{config}}}\n",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, whole).expect("it can be written");
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg(folder.join("nginx.log"));
    (Server::start(&mut command, port), port)
}

/// The site below `mount` as a server set up by docs/hosting.md gives it out.
fn expect_well_served(site: &Site, port: u16, mount: &str) {
    let published = |name: &str| std::fs::read(site.path("www/deal").join(name)).expect("it was published");
    let page = get(port, &format!("{mount}tea.html"), "identity");
    assert_eq!((page.status, page.body), (200, published("tea.html")));
    let home = get(port, mount, "identity");
    assert_eq!((home.status, home.body), (200, published("index.html")));

    let zipped = get(port, &format!("{mount}tea.html"), "gzip");
    assert_eq!((zipped.status, zipped.header("content-encoding")), (200, "gzip"), "{}", zipped.head);
    assert_eq!(zipped.body, published("tea.html.gz"), "the file as it was compressed, not compressed anew");
    assert!(zipped.header("content-type").starts_with("text/html"), "{}", zipped.head);
    if Path::new(BROTLI).exists() {
        let small = get(port, &format!("{mount}tea.html"), "br, gzip");
        assert_eq!(small.header("content-encoding"), "br", "{}", small.head);
        assert_eq!(small.body, published("tea.html.br"));
    }

    for path in ["nothing.html", "deep/down/nothing", ".dossier/manifest.jsonl"] {
        let lost = get(port, &format!("{mount}{path}"), "identity");
        assert_eq!((lost.status, lost.body), (404, published("404.html")), "{path}");
    }

    assert_eq!(zipped.header("cache-control"), "public, max-age=0, must-revalidate");
    for (name, value) in [
        ("content-security-policy", STRICT),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ] {
        assert_eq!(zipped.header(name), value, "{}", zipped.head);
    }
    let tree = site.tree("www/deal");
    let style = tree.keys().find(|name| name.ends_with(".css")).expect("a stylesheet");
    let style = get(port, &format!("{mount}{style}"), "gzip");
    assert_eq!((style.status, style.header("content-encoding")), (200, "gzip"));
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
}

#[test]
fn nginx_set_up_as_the_page_says_serves_the_site() {
    if !has("nginx") {
        return;
    }
    let brotli = Path::new(BROTLI).exists();
    assert!(brotli || std::env::var("CI").as_deref() != Ok("true"), "CI=true, and nginx has no brotli_static");
    for (heading, base, mount) in
        [("nginx\n", "https://example.org/", "/"), ("nginx, below a path", "https://example.org/deal/", "/deal/")]
    {
        let site = site("");
        build(&site, &["--precompress", "--base-url", base, "--out", "www/deal"]);
        let (_server, port) = nginx(&recipe(heading, "nginx"), &site.path("www"));
        expect_well_served(&site, port, mount);
    }
}

#[test]
fn a_page_that_nginx_does_not_find_leads_on_below_a_path() {
    if !has("nginx") {
        return;
    }
    let site = site("");
    build(&site, &["--base-url", "https://example.org/deal/", "--out", "www/deal"]);
    let (_server, port) = nginx(&recipe("nginx, below a path", "nginx"), &site.path("www"));
    let bare = get(port, "/deal", "identity");
    assert!(bare.status == 301 && bare.header("location").ends_with("/deal/"), "{}", bare.head);
    browse(DESKTOP, async |page| {
        page.goto(&format!("http://127.0.0.1:{port}/deal/deep/down/nothing.html")).await;
        page.click(".brand").await;
        assert_eq!(page.url().await, format!("http://127.0.0.1:{port}/deal/index.html"));
        page.click("main a[href='tea.html#black']").await;
        assert_eq!(page.text("h1").await, "Tea");
    });
}

#[test]
fn caddy_set_up_as_the_page_says_serves_the_site() {
    if !has("caddy") {
        return;
    }
    let site = site("");
    build(&site, &["--precompress", "--base-url", "https://example.org/", "--out", "www/deal"]);
    let port = free_port();
    let config = recipe("Caddy", "caddyfile").replace("example.org {", &format!("http://127.0.0.1:{port} {{"));
    let config = config.replace("/srv/www/", &format!("{}/", site.path("www").display()));
    site.write("www/Caddyfile", format!("{{\n\tadmin off\n\tauto_https off\n}}\n{config}"));
    let mut command = Command::new("caddy");
    command.arg("run").arg("--config").arg(site.path("www/Caddyfile"));
    command
        .env("HOME", site.path("www"))
        .env("XDG_DATA_HOME", site.path("www"))
        .env("XDG_CONFIG_HOME", site.path("www"));
    let _server = Server::start(&mut command, port);
    expect_well_served(&site, port, "/");
}

#[test]
fn every_command_of_the_page_and_of_the_workflow_can_be_typed() {
    let mut count = 0;
    for file in ["docs/hosting.md", "docs/editors.md", ".github/workflows/site.yml"] {
        for line in text(&here().join(file)).lines() {
            let line = line.trim().trim_start_matches("- run: ").trim_start_matches("- ");
            let words = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("dossier "));
            let Some(words) = words.filter(|words| words.starts_with(|first: char| first.is_ascii_lowercase())) else {
                continue;
            };
            let words = words.split(" > ").next().unwrap_or_default();
            let words = words.replace("\"${{ steps.pages.outputs.base_url }}/\"", "https://example.org/deal/");
            let words = words.replace("\"$CI_PAGES_URL/\"", "https://example.org/deal/");
            let parsed = Cli::try_parse_from(std::iter::once("dossier").chain(words.split_whitespace()));
            assert!(parsed.is_ok(), "{file}: {line}: {:?}", parsed.err().map(|error| error.to_string()));
            count += 1;
        }
    }
    assert!(count > 12, "{count}");
}

#[test]
fn the_headers_of_the_page_are_those_that_are_written() {
    let site =
        Site::new("//- site.toml\ntitle = \"Tea\"\n[output]\nhosts = [\"netlify\"]\n//- content/index.md\n# Tea\n");
    build(&site, &[]);
    let written = site.text("public/_headers");
    let named = recipe("Headers", "text");
    assert_eq!(named.lines().count(), 3);
    for line in named.lines() {
        assert!(written.contains(&format!("  {line}\n")), "{line}: {written}");
    }
}

#[test]
fn python_s_own_server_serves_the_site_at_any_path() {
    if !has("python3") {
        return;
    }
    for (urls, page) in [("file", "tea.html"), ("folder", "tea/")] {
        let site = site(&format!("urls = \"{urls}\""));
        build(&site, &["--out", "www/a/deal"]);
        let port = free_port();
        let mut command = Command::new("python3");
        command.args(["-m", "http.server", "--bind", "127.0.0.1", &port.to_string()]).current_dir(site.path("www"));
        let _server = Server::start(&mut command, port);
        assert_eq!(get(port, &format!("/a/deal/{page}"), "identity").status, 200);
        browse(DESKTOP, async |reader| {
            reader
                .goto(&format!(
                    "http://127.0.0.1:{port}/a/deal/trade/ships{}",
                    if urls == "file" { ".html" } else { "/" }
                ))
                .await;
            reader.click(".brand").await;
            reader.click("main a[href*='tea'][href$='#black']").await;
            assert_eq!(reader.url().await, format!("http://127.0.0.1:{port}/a/deal/{page}#black"));
        });
    }
}
