//! What each stage of a build costs for one page: `cargo bench --bench stages`, or `… -- parse` for one stage.
//!
//! The page is that of the comparisons with other generators: front matter, 600 words, five headings, two lists, a table,
//! two footnotes, three links.

use std::fmt::Write;

use divan::{Bencher, black_box};
use dossier::parse::{Settings, page};
use dossier::source::SitePath;

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
    fn card_hash(bencher: Bencher) {
        let (settings, path, text) = (settings(), path(), ordinary_page());
        let (document, _) = page(&path, text.as_bytes(), &settings);
        let card = document.unwrap().card;
        bencher.bench(|| black_box(&card).hash());
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
