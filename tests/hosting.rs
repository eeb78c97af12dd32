//! Outputs for hosts: compressed files, configuration files of hosts, links that work from the disk.

mod support {
    pub mod chromium;
    pub mod files;
    pub mod run;
    #[expect(dead_code, reason = "a real server takes its place here")]
    pub mod server;
    pub mod site;
    pub mod tea;
}

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::{Value, json};
use support::chromium::{DESKTOP, browse};
use support::server::STRICT;
use support::tea::{build, site};

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

/// Checks that every compressed file matches its original; returns their number.
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
fn texts_are_compressed_on_request_and_only_if_smaller() {
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
fn an_edit_compresses_only_changed_files() {
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
    // A removed compressed file is written again; one whose page is gone is removed.
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
fn the_author_s_files_replace_generated_ones() {
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
fn each_host_gets_its_files() {
    let names = |hosts: &str| {
        let site = site(&format!("urls = \"folder\"\nhosts = {hosts}"));
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
fn headers_and_redirects_have_the_hosts_formats() {
    let site = site("urls = \"folder\"\nhosts = [\"netlify\", \"cloudflare\", \"azure\"]");
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
    let mut assets: Vec<String> = scripts.chain(printed(".css")).collect();
    assets.sort();
    assert_eq!(assets.len(), 8, "{assets:?}");
    for asset in &assets {
        expected.push_str(&format!("/{asset}\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
    assert_eq!(site.text("public/_headers"), expected);
    assert_eq!(
        site.text("public/_redirects"),
        "/leaves /tea/ 301\n/leaves/index.html /tea/ 301\n/old/ /tea/ 301\n/old/index.html /tea/ 301\n"
    );
    let azure: Value = serde_json::from_str(&site.text("public/staticwebapp.config.json")).expect("it is JSON");
    assert_eq!(azure["mimeTypes"][".txt"], "text/plain; charset=utf-8");
    assert_eq!(azure["globalHeaders"]["Content-Security-Policy"], policy());
    assert_eq!(azure["responseOverrides"]["404"], json!({ "rewrite": "/404.html", "statusCode": 404 }));
    let route = |path: &str| azure["routes"].as_array().into_iter().flatten().find(|route| route["route"] == path);
    assert_eq!(route("/old/").expect("a former address")["redirect"], "/tea/");
    let cached = route(&format!("/{}", assets[0])).expect("a fingerprinted file");
    assert_eq!(cached["headers"]["Cache-Control"], "public, max-age=31536000, immutable");

    let netlify = self::site("urls = \"folder\"\nhosts = [\"netlify\"]");
    build(&netlify, &[]);
    assert!(netlify.text("public/_redirects").starts_with("/leaves /tea/ 301!\n"), "no page hides a rule");
    let gitlab = self::site("hosts = [\"gitlab\"]");
    build(&gitlab, &[]);
    assert!(
        gitlab.text("public/_redirects").starts_with("/deal/leaves /deal/tea.html 301\n"),
        "from the top of the host"
    );
}

/// A site with more fingerprinted files and aliases than a host has rules for gets a warning, and is built.
#[test]
fn more_rules_than_a_host_supports_are_reported() {
    let aliases: Vec<String> = (0..1100).map(|number| format!("old{number}")).collect();
    let site = site("hosts = [\"azure\", \"cloudflare\", \"gitlab\"]\nurls = \"folder\"");
    for number in 0..100 {
        site.write(&format!("static/style{number}.css"), "p { color: red }\n");
    }
    site.write("content/tea.md", format!("---\ntitle: Tea\naliases: {aliases:?}\n---\n\n## Black\n"));
    let run = site.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for expected in [
        "warning[host-limit]: `_headers` has 109 rules, and Cloudflare Pages takes 100 rules",
        "`_redirects` has 2200 redirects without wildcards, and Cloudflare Pages takes 2000 redirects without wildcards",
        "`_redirects` has 2200 redirects, and GitLab Pages takes 1000 redirects",
        "bytes, and Azure Static Web Apps takes 20480 bytes",
    ] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
}

#[test]
fn an_unknown_host_is_reported_and_nothing_is_written() {
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
fn portable_links_name_files_but_absolute_ones_do_not() {
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
