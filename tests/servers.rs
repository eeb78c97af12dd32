//! Tests docs/hosting.md: real servers with its configurations, and every command on it.

mod support {
    pub mod chromium;
    pub mod files;
    pub mod outside;
    pub mod run;
    #[expect(dead_code, reason = "a real server takes its place here")]
    pub mod server;
    pub mod site;
    pub mod tea;
}

use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;
use dossier::cli::Cli;
use support::chromium::{DESKTOP, browse};
use support::files::{here, text};
use support::outside::{Server, free_port, get};
use support::server::STRICT;
use support::site::Site;
use support::tea::{build, site};

/// Whether a program is installed; with `CI=true` it must be.
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

/// Files of types that servers do not know by default, with their media types.
const FILES: [(&str, &str); 6] = [
    ("map.geojson", "application/geo+json"),
    ("film.vtt", "text/vtt"),
    ("book.epub", "application/epub+zip"),
    ("app.webmanifest", "application/manifest+json"),
    ("list.csv", "text/csv"),
    ("dates.ics", "text/calendar"),
];

/// The site on tea with such files.
fn site_with_files() -> Site {
    let site = site("");
    FILES.iter().for_each(|(name, _)| site.write(&format!("static/{name}"), "as it is"));
    site
}

/// Checks the site below `mount` on a server configured as in docs/hosting.md.
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
    for (name, kind) in FILES {
        let answer = get(port, &format!("{mount}{name}"), "identity");
        assert!(answer.header("content-type").starts_with(kind), "{name}: {}", answer.head);
    }
    let tree = site.tree("www/deal");
    let style = tree.keys().find(|name| name.ends_with(".css")).expect("a stylesheet");
    let style = get(port, &format!("{mount}{style}"), "gzip");
    assert_eq!((style.status, style.header("content-encoding")), (200, "gzip"));
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
}

#[test]
fn nginx_with_the_page_s_configuration_serves_the_site() {
    if !has("nginx") {
        return;
    }
    let brotli = Path::new(BROTLI).exists();
    assert!(brotli || std::env::var("CI").as_deref() != Ok("true"), "CI=true, and nginx has no brotli_static");
    for (heading, base, mount) in
        [("nginx\n", "https://example.org/", "/"), ("nginx, below a path", "https://example.org/deal/", "/deal/")]
    {
        let site = site_with_files();
        build(&site, &["--precompress", "--base-url", base, "--out", "www/deal"]);
        let (_server, port) = nginx(&recipe(heading, "nginx"), &site.path("www"));
        expect_well_served(&site, port, mount);
    }
}

#[test]
fn the_404_page_of_nginx_works_below_a_path() {
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
fn caddy_with_the_page_s_configuration_serves_the_site() {
    if !has("caddy") {
        return;
    }
    let site = site_with_files();
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
fn every_command_of_the_page_and_of_the_workflow_is_valid() {
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
fn the_headers_of_the_page_match_the_generated_ones() {
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
