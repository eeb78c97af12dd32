//! What reads input, each as an entry that any bytes may be given to. None may panic, hang or grow without bounds.
//!
//! `./ci/fuzz` calls them through libFuzzer, `tests/corpus.rs` with the files of `fuzz/corpus`.

pub mod beneath;
mod properties;

use std::io;
use std::sync::Arc;

use dossier::config::{Config, Trust};
use dossier::diag::Diagnostics;
use dossier::evidence::When;
use dossier::migrate::{Options, migrate};
use dossier::parse::{Settings, page};
use dossier::pipeline::{BuildOptions, Request, build, build_with};
use dossier::publish::Manifest;
use dossier::source::{Memory, SitePath, Store, is_safe_link, link_scheme, unportable};

/// The names of all entries; each has a folder of examples in `fuzz/corpus`.
pub const ENTRIES: &[&str] = &[
    "beneath",
    "cache",
    "citation",
    "code",
    "config",
    "dates",
    "drawing",
    "fence",
    "formula",
    "highlight",
    "import",
    "lines",
    "link",
    "manifest",
    "names",
    "page",
    "picture",
    "prose",
    "records",
    "report",
    "settings",
    "template",
];

/// Gives these bytes to an entry.
pub fn run(entry: &str, data: &[u8]) {
    let text = || String::from_utf8_lossy(data);
    match entry {
        "beneath" => beneath::open(&text()),
        "cache" => cache(data),
        "citation" => read_page(format!("Said [@{0}] and [see @{0}, line 9] and [@a, {0}].\n", text()).as_bytes()),
        "code" => read_page(format!("```{}\n```\n", text()).as_bytes()),
        "config" => drop(Config::load(&path("site.toml"), &text(), &mut Diagnostics::default())),
        "dates" => dates(&text()),
        "drawing" => properties::drawing(data),
        "fence" => read_page(format!("```{{{}\nbody\n```\n\n````{{note}} {}\n```\n", text(), text()).as_bytes()),
        "formula" => properties::formula(&text()),
        "highlight" => highlight(data),
        "import" => import(data),
        "lines" => properties::lines(&text()),
        "link" => link(&text()),
        "manifest" => drop(Manifest::read(data)),
        "names" => properties::names(&text()),
        "page" => read_page(data),
        "picture" => pictures(data),
        "prose" => prose(&text()),
        "records" => records(data),
        "report" => properties::report(data),
        "settings" => properties::settings(data),
        "template" => template(data),
        other => unreachable!("no entry `{other}`"),
    }
}

/// The same bytes as a page of a site of every generator.
fn import(data: &[u8]) {
    let configs = [
        "book.toml",
        "zola.toml",
        "hugo.toml",
        "_config.yml",
        "eleventy.config.js",
        "mkdocs.yml",
        "_quarto.yml",
        ".obsidian/app.json",
        "none",
    ];
    let options = Options { title: "T".to_owned(), components: vec!["note".to_owned()], ..Options::default() };
    for config in configs {
        let pages = [("content/a.md", data), ("src/b.md", data), ("docs/c.md", data), ("d.md", data), (config, data)];
        let _ = migrate(&files(&pages), &options);
    }
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path of ours")
}

fn files(files: &[(&str, &[u8])]) -> Memory {
    let memory = Memory::default();
    for (name, bytes) in files {
        memory.insert(path(name), bytes.to_vec());
    }
    memory
}

fn today() -> Request {
    Request::of(jiff::civil::date(2026, 11, 21))
}

/// A site with templates so small that a build takes no time.
const BARE: &[(&str, &[u8])] = &[
    ("site.toml", b"title = 'T'\n[output]\ntheme = false\n"),
    ("content/index.md", b"# Home\n"),
    ("templates/home.html", b"{{ page.content | safe }}"),
    ("templates/page.html", b"{{ page.content | safe }}"),
    ("templates/section.html", b"{{ page.content | safe }}"),
    ("templates/404.html", b""),
];

/// Whether the small site is published, and a drawing in it: a problem in it would keep every entry from rendering.
#[allow(dead_code, reason = "for tests/corpus.rs")]
pub fn is_published() -> bool {
    let outputs = make(&[("content/a.svg", b"<svg/>"), ("content/page.md", b"# Page\n")]);
    ["index.html", "page.html", "a.svg"].iter().all(|path| outputs.text(path).is_some())
}

/// Builds a site of these files, and gives what was published.
fn make(changed: &[(&str, &[u8])]) -> Memory {
    let outputs = Memory::default();
    build(&files(&[BARE, changed].concat()), &today(), &outputs, &|_, _, _| {});
    outputs
}

/// Read with formulas and without, by an author who is trusted and by one who is not.
fn read_page(data: &[u8]) {
    for trust in [Trust::None, Trust::Full] {
        let settings = Settings { trust, smart_punctuation: true, ..Settings::default() };
        drop(page(&path("content/page.md"), data, &settings));
    }
    drop(page(&path("content/page.md"), &[b"---\nmath: true\n---\n", data].concat(), &Settings::default()));
}

/// A sentence with claims that it cites, and the same as a claim.
fn prose(text: &str) {
    const RECORDS: &str = "- id: a\n  statement: ANN may not have sold 12 of the 20 “old” trams to Bob in 2015.\n  kind: plan\n  sources: [{source: s}]\n\
        - id: c\n  statement: ANN is to buy steel, wood and most trams from Bob every 20 minutes.\n  note: Not all are without phones.\n  kind: plan\n  sources: [{source: s}]\n\
        - id: b\n  statement: ";
    let quoted = serde_json::to_string(text).expect("a text");
    let claims = format!("{RECORDS}{quoted}\n  kind: reported\n  sources: [{{source: s}}]\n");
    let page = format!(
        "---\ntitle: T\nsummary: {quoted}\n---\n\n{text} [@a]. {text} [@b], {text} [@a; @b; @c].\n\n{text} [@c].\n\n{text}\n\n| A | The s |\n| - | - |\n| {text} [@c] | yes |\n"
    );
    let sources =
        "- {id: s, kind: news, title: S, date: 2018, language: en, reliability: low, reliability_reason: R}\n";
    make(&[
        ("content/evidence/claims/a.yaml", claims.as_bytes()),
        ("content/evidence/sources.yaml", sources.as_bytes()),
        ("content/evidence/entities.yaml", b"- {id: ann, name: ANN, kind: company, definition: D}\n- {id: bob, name: Bob, kind: person, definition: D}\n"),
        ("content/a.md", page.as_bytes()),
    ]);
}

/// What is read must be written in a way that is read as the same.
fn dates(text: &str) {
    if let Ok(when) = When::parse(text) {
        let _words = (when.text(), when.to_string(), when.iso(), when.sort_key(), when.weekday());
        assert_eq!(When::parse(when.edtf()).ok().as_ref(), Some(&when), "{text:?}");
    }
}

/// Whatever leads out of the site is no path of it, and what is one stays one.
fn link(text: &str) {
    let page = path("guide/page.md");
    for found in [SitePath::new(text), page.resolve(text)].into_iter().flatten() {
        assert!(
            !found.as_str().starts_with('/') && found.as_str().split('/').all(|part| !matches!(part, "" | "." | ".."))
        );
        assert_eq!(SitePath::new(found.as_str()), Ok(found.clone()));
        let (_, _) = (unportable(&found), found.folded());
    }
    let mut plain = String::new();
    if page.resolve_plainly(text, &mut plain) {
        assert_eq!(SitePath::new(&plain), page.resolve(text), "{text:?}");
    }
    assert!(link_scheme(text).is_none() || is_safe_link(text) || !text.starts_with("https:"));
}

fn records(data: &[u8]) {
    let (kind, data) = data.split_first().unwrap_or((&0, &[]));
    let kinds = ["claims/a", "sources", "events", "disagreements", "entities", "contributions"];
    let name = kinds[usize::from(*kind) % kinds.len()];
    make(&[(&format!("content/evidence/{name}.yaml"), data), ("content/b.md", &[b"---\n", data, b"\n---\n"].concat())]);
}

/// As a template, as a component, and as what includes itself and extends another.
fn template(data: &[u8]) {
    let site: &[u8] = b"title = 'T'\n[output]\ntheme = false\ntemplate_seconds = 2\n";
    let extends = [b"{% extends 'home.html' %}", data].concat();
    make(&[
        ("site.toml", site),
        ("templates/home.html", data),
        ("templates/page.html", &extends),
        ("templates/components/a.html", data),
        ("content/page.md", b"# A\n"),
    ]);
}

/// Code in one of the languages, which the first byte selects.
fn highlight(data: &[u8]) {
    const LANGUAGES: [&str; 24] = [
        "rust",
        "yaml",
        "toml",
        "json",
        "html",
        "css",
        "scss",
        "javascript",
        "typescript",
        "python",
        "bash",
        "powershell",
        "latex",
        "markdown",
        "sql",
        "php",
        "ruby",
        "perl",
        "haskell",
        "c++",
        "java",
        "xml",
        "diff",
        "lisp",
    ];
    let (first, code) = data.split_first().unwrap_or((&0, &[]));
    let language = LANGUAGES[usize::from(*first) % LANGUAGES.len()];
    read_page(&[b"`````", language.as_bytes(), b"\n", code, b"\n`````\n"].concat());
}

fn pictures(data: &[u8]) {
    make(&[("content/index.md", b"# Home\n\n![a](a.png)\n"), ("content/a.png", data)]);
}

/// A build after one that left these bytes for everything.
fn cache(data: &[u8]) {
    let help = BuildOptions { store: Some(Arc::new(Left(data.to_vec()))), ..BuildOptions::telling(&|_, _, _| {}) };
    build_with(&files(BARE), &today(), &Memory::default(), &help);
}

/// A store that holds the same bytes under every name.
struct Left(Vec<u8>);

impl Store for Left {
    fn load(&self, _: &str) -> Option<Vec<u8>> {
        Some(self.0.clone())
    }

    fn read_at(&self, _: &str, at: u64, len: usize) -> Option<Vec<u8>> {
        let at = usize::try_from(at).ok()?;
        Some(self.0.get(at..at.checked_add(len)?)?.to_vec())
    }

    fn append(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn replace(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, _: &str) {}

    fn names(&self) -> Vec<(String, u64)> {
        Vec::new()
    }
}
