//! What reads input, each as an entry that any bytes may be given to. None may panic, hang or grow without bounds.
//!
//! `./ci/fuzz` calls them through libFuzzer, `tests/corpus.rs` with the files of `fuzz/corpus`.

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
    "cache", "citation", "code", "config", "dates", "fence", "import", "link", "manifest", "page", "picture",
    "records", "template",
];

/// Gives these bytes to an entry.
pub fn run(entry: &str, data: &[u8]) {
    let text = || String::from_utf8_lossy(data);
    match entry {
        "cache" => cache(data),
        "citation" => read_page(format!("Said [@{}] and [see @{}, line 9].\n", text(), text()).as_bytes()),
        "code" => read_page(format!("```{}\n```\n", text()).as_bytes()),
        "config" => drop(Config::load(&path("site.toml"), &text(), &mut Diagnostics::default())),
        "dates" => dates(&text()),
        "fence" => read_page(format!("```{{{}\nbody\n```\n\n````{{note}} {}\n```\n", text(), text()).as_bytes()),
        "import" => import(data),
        "link" => link(&text()),
        "manifest" => drop(Manifest::read(data)),
        "page" => read_page(data),
        "picture" => pictures(data),
        "records" => records(data),
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
    ("content/index.md", b"# Home\n\n![a](a.png)\n"),
    ("templates/home.html", b"{{ page.content | safe }}"),
    ("templates/404.html", b""),
];

fn make(changed: &[(&str, &[u8])]) {
    build(&files(&[BARE, changed].concat()), &today(), &Memory::default(), &|_, _, _| {});
}

/// Read with formulas and without, by an author who is trusted and by one who is not.
fn read_page(data: &[u8]) {
    for trust in [Trust::None, Trust::Full] {
        let settings = Settings { trust, smart_punctuation: true, ..Settings::default() };
        drop(page(&path("content/page.md"), data, &settings));
    }
    drop(page(&path("content/page.md"), &[b"---\nmath: true\n---\n", data].concat(), &Settings::default()));
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
    assert!(link_scheme(text).is_none() || is_safe_link(text) || !text.starts_with("https:"));
}

fn records(data: &[u8]) {
    let (kind, data) = data.split_first().unwrap_or((&0, &[]));
    let kinds = ["claims/a", "sources", "events", "disagreements", "entities", "contributions"];
    let name = kinds[usize::from(*kind) % kinds.len()];
    make(&[
        (&format!("content/evidence/{name}.yaml"), data),
        ("content/page.md", b"---\n"),
        ("content/b.md", &[b"---\n", data, b"\n---\n"].concat()),
    ]);
}

fn template(data: &[u8]) {
    make(&[("templates/home.html", data), ("templates/components/a.html", data)]);
}

fn pictures(data: &[u8]) {
    make(&[("content/a.png", data)]);
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
