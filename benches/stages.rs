//! What each stage of a build costs for one page: `cargo bench --bench stages`, or `… -- parse` for one stage.
//!
//! The page is that of the comparisons with other generators: front matter, 600 words, five headings, two lists, a table,
//! two footnotes, three links.

use std::fmt::Write;

use divan::{Bencher, black_box};
use dossier::parse::{Settings, page};
use dossier::source::SitePath;

#[path = "../examples/corpus/text.rs"]
mod text;

fn main() {
    divan::main();
}

/// The page, without code.
fn ordinary_page() -> String {
    let words = "the partnership was signed in February and covers cloud computing laptops speakers and research into "
        .split_whitespace()
        .cycle();
    let mut words = words.enumerate().map(|(index, word)| match index % 17 {
        16 => format!("{word}. It"),
        5 => format!("*{word}*"),
        11 => format!("**{word}**"),
        _ => word.to_owned(),
    });
    let mut prose = |count: usize| words.by_ref().take(count).collect::<Vec<_>>().join(" ");
    let mut text = "---\ntitle: An ordinary page\nsummary: What was agreed, in a sentence.\ntopic: cloud\norder: 3\n\
                    date: 2018-02-23\nupdated: 2018-03-01\n---\n\n"
        .to_owned();
    for section in 1..=5 {
        let _ = writeln!(text, "## Section {section} of the page\n\n{} [@claim-{section}].\n", prose(60));
        match section {
            1 | 3 => {
                for item in 1..=5 {
                    let _ = writeln!(text, "- {} item {item} [@claim-{item}]", prose(8));
                }
                text.push('\n');
            }
            2 => text.push_str(
                "| Year | Sold | Note |\n|------|-----:|------|\n| 2015 | 1,500 | a |\n| 2016 | 2,500 | b |\n\
                 | 2017 | 3,500 | c |\n\n",
            ),
            4 => text
                .push_str("See [cloud](cloud.md#azure), [history](history.md) and [the method](method.md).[^one]\n\n"),
            _ => text.push_str("A last remark.[^two]\n\n"),
        }
        let _ = writeln!(text, "{}\n", prose(40));
    }
    text.push_str("[^one]: The first note [@claim-1].\n\n[^two]: The second note.\n");
    text
}

/// A block of code of `lines` lines, different for every `seed`.
fn code_page(lines: usize, seed: u64) -> String {
    let mut text = "```rust\n".to_owned();
    for line in 0..lines {
        let _ = writeln!(text, "    let value_{seed}_{line} = compute({line}, \"text {seed}\")?; // note {line}");
    }
    text.push_str("```\n");
    text
}

mod parse {
    use super::*;

    fn settings() -> Settings {
        Settings { smart_punctuation: true, ..Settings::default() }
    }

    fn path() -> SitePath {
        SitePath::new("content/page.md").unwrap()
    }

    #[divan::bench]
    fn ordinary(bencher: Bencher) {
        let (settings, path, text) = (settings(), path(), ordinary_page());
        bencher
            .counter(divan::counter::BytesCount::of_str(&text))
            .bench(|| page(&path, black_box(text.as_bytes()), &settings));
    }

    #[divan::bench]
    fn ordinary_without_front_matter(bencher: Bencher) {
        let (settings, path, text) = (settings(), path(), ordinary_page());
        let text = text.split("---\n").last().unwrap_or_default().to_owned();
        bencher
            .counter(divan::counter::BytesCount::of_str(&text))
            .bench(|| page(&path, black_box(text.as_bytes()), &settings));
    }

    /// The floor: the events of pulldown-cmark and its own HTML, without prose, citations or places.
    #[divan::bench]
    fn ordinary_events_only(bencher: Bencher) {
        let text = ordinary_page();
        let text = text.split("---\n").last().unwrap_or_default().to_owned();
        let options = pulldown_cmark::Options::all() - pulldown_cmark::Options::ENABLE_MATH;
        bencher.bench(|| {
            let mut html = String::with_capacity(text.len() * 3 / 2);
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(black_box(&text), options));
            html
        });
    }

    #[divan::bench]
    fn metadata_hash(bencher: Bencher) {
        let (settings, path, text) = (settings(), path(), ordinary_page());
        let (document, _) = page(&path, text.as_bytes(), &settings);
        let metadata = document.unwrap().metadata;
        bencher.bench(|| black_box(&metadata).hash());
    }

    #[divan::bench]
    fn code_of_25_lines_seen_before(bencher: Bencher) {
        let (settings, path, text) = (settings(), path(), code_page(25, 0));
        bencher.bench(|| page(&path, black_box(text.as_bytes()), &settings));
    }

    #[divan::bench]
    fn code_of_25_lines_new(bencher: Bencher) {
        let (settings, path) = (settings(), path());
        let mut seed = 0;
        bencher
            .with_inputs(|| {
                seed += 1;
                code_page(25, seed)
            })
            .bench_local_refs(|text| page(&path, text.as_bytes(), &settings));
    }

    /// What the first block of a run pays for loading the syntaxes.
    #[divan::bench(sample_count = 20)]
    fn first_code_of_a_run() {
        black_box(page(&path(), code_page(1, 0).as_bytes(), &settings()));
    }
}

/// A site of 1,000 pages of the corpus, in memory.
mod corpus {
    use std::sync::{Arc, LazyLock};

    use dossier::pipeline::{Keep, Request, Snapshot, prepare};
    use dossier::render::Renderer;
    use dossier::site::PageId;
    use dossier::source::{Hash, Memory, Output, Outputs, Role, SitePath};

    use super::text;

    const PAGES: u32 = 1000;

    fn path(path: &str) -> SitePath {
        SitePath::new(path).expect("a good path")
    }

    /// The files of the site.
    pub static FILES: LazyLock<Memory> = LazyLock::new(|| {
        let files = Memory::default();
        let theme = [
            ("site.toml", include_str!("../examples/corpus/dossier/site.toml")),
            ("templates/base.html", include_str!("../examples/corpus/dossier/base.html")),
            ("templates/home.html", include_str!("../examples/corpus/dossier/home.html")),
            ("templates/page.html", include_str!("../examples/corpus/dossier/page.html")),
            ("templates/section.html", include_str!("../examples/corpus/dossier/section.html")),
            ("static/style.css", include_str!("../examples/corpus/style.css")),
        ];
        for (name, text) in theme {
            files.insert(path(name), text.as_bytes().to_vec());
        }
        files.insert(path("content/index.md"), text::paragraph(1).into_bytes());
        for number in 0..PAGES {
            let page = text::Page { number, of: PAGES, seed: 1, code: false };
            let name = format!("content/{}/{}.md", text::section(number / text::SECTION), text::name(number));
            files.insert(path(&name), page.markdown(false).into_bytes());
        }
        files
    });

    /// Everything up to rendering: listing, reading, parsing, linking, checking.
    pub fn prepared() -> Snapshot {
        let request = Request::of(jiff::civil::date(2026, 11, 21));
        prepare(&*FILES, &request, Keep::Bodies, &|_, _, _| {}).unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    /// The site, and what renders its pages.
    pub static SITE: LazyLock<(Snapshot, Renderer)> = LazyLock::new(|| {
        let snapshot = prepared();
        let assets = std::collections::BTreeMap::from([("style.css".to_owned(), "style.0.css".to_owned())]);
        let renderer = snapshot.renderer(assets);
        (snapshot, renderer)
    });

    /// A page in the middle.
    pub const PAGE: PageId = PageId(500);

    /// Outputs of which every tenth differs by `edit`.
    pub fn outputs(edit: u8) -> Arc<Outputs> {
        let output = |number: u32| {
            let content = if number.is_multiple_of(10) { [edit, 1] } else { [0, 0] };
            (path(&format!("p{number}.html")), Output { hash: Hash::of(&content), len: 2, role: Role::Page })
        };
        Arc::new((0..PAGES).map(output).collect())
    }
}

/// Listing, reading, parsing, linking and checking 1,000 pages.
#[divan::bench(sample_count = 10)]
fn prepare_1000(bencher: Bencher) {
    std::sync::LazyLock::force(&corpus::FILES);
    bencher.bench(corpus::prepared);
}

/// All that a page shows, and the key of it.
#[divan::bench]
fn view_and_key(bencher: Bencher) {
    let (snapshot, renderer) = &*corpus::SITE;
    bencher.bench(|| renderer.key(black_box(corpus::PAGE), snapshot.body_hash(corpus::PAGE)));
}

/// All that a page shows, and its bytes.
#[divan::bench]
fn view_and_render(bencher: Bencher) {
    let (snapshot, renderer) = &*corpus::SITE;
    bencher.bench(|| {
        renderer
            .begin(black_box(corpus::PAGE))
            .ready()
            .render(&snapshot.body(None, corpus::PAGE).expect("bodies are held"))
    });
}

/// Reading the addresses and ids of a rendered page.
#[divan::bench]
fn read_output_links(bencher: Bencher) {
    let (snapshot, renderer) = &*corpus::SITE;
    let page = renderer
        .begin(corpus::PAGE)
        .ready()
        .render(&snapshot.body(None, corpus::PAGE).expect("bodies are held"))
        .expect("the page can be rendered");
    bencher.bench(|| dossier::pipeline::OutputLinks::read(black_box(&page.bytes)));
}

/// The steps from one set of 1,000 outputs to another.
#[divan::bench]
fn plan_1000(bencher: Bencher) {
    let (old, new) = (corpus::outputs(0), corpus::outputs(2));
    bencher.bench(|| dossier::publish::plan(black_box(&old), black_box(&new)));
}
