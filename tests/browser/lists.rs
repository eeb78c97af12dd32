//! A site whose lists and search index are in parts, from the disk and over HTTP.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::json;

use crate::support::chromium::{DESKTOP, Page, browse};
use crate::support::run::dossier;
use crate::support::server::{STRICT, Server};
use crate::support::site::Site;

/// Letters in no order, the same in each run.
fn words(seed: usize, count: usize, from: usize) -> Vec<String> {
    let mut state = seed as u64 * 2_654_435_761 + 12345;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % from
    };
    (0..count).map(|_| word(next())).collect()
}

fn word(number: usize) -> String {
    let letters = b"bcdfgklmnprstvz";
    let letter = |at: usize| char::from(letters[number / 15_usize.pow(at as u32) % 15]);
    format!("{}a{}o{}i", letter(0), letter(1), letter(2))
}

const CLAIMS: usize = 1500;
const PAGES: usize = 40;

/// What search can find of it: kind, title, further text, and the end of the address.
fn findable() -> Vec<(&'static str, String, String, String)> {
    let page = |n: usize| {
        let title = words(n + 7000, 3, 60).join(" ");
        ("page", title, words(n + 9000, 40, 400).join(" "), format!("p{n:02}.html"))
    };
    let claim = |n: usize| {
        let title = format!("The {} was seen", words(n, 6, 60).join(" "));
        ("claim", title, words(n + 3000, 20, 400).join(" "), format!("#c{n}"))
    };
    (0..PAGES).map(page).chain((0..CLAIMS).map(claim)).collect()
}

static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut fixture = "//- site.toml\ntitle = 'T'\n[[topics]]\nid = 'one'\ntitle = 'One'\nsummary = 'S.'\n//- content/index.md\n\
                       # Home\n//- content/evidence/sources.yaml\n- {id: s0, kind: news, title: A report, date: 2018, language: en, \
                       reliability: high, reliability_reason: It is dated.}\n"
        .to_owned();
    let mut claims = String::from("//- content/evidence/claims/all.yaml\n");
    // Each of its citations needs another file of cards.
    fixture.push_str("//- content/cited.md\n---\ntitle: Cited\n---\nSeen [@c7]. Seen [@c1234]. Seen [@c700].\n\n");
    for (kind, title, text, address) in findable() {
        let _ = match (kind, address.strip_prefix('#')) {
            ("claim", Some(id)) => writeln!(
                claims,
                "- {{id: {id}, statement: {title}, note: {text}, kind: reported, topics: [one], sources: [s0]}}"
            ),
            _ => {
                write!(fixture, "//- content/{}\n---\ntitle: {title}\n---\n{text}\n\n", address.replace(".html", ".md"))
            }
        };
    }
    let site = Site::new(&(fixture + &claims));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lists");
    let run = dossier(site.root(), &["build", "--quiet", "--out", out.to_str().expect("a path in UTF-8")]);
    assert_eq!(run.code, 0, "{}", run.err);
    out
});

fn disk(page: &str) -> String {
    format!("file://{}/{page}", BUILT.display())
}

#[test]
fn an_address_from_before_a_list_was_divided_leads_to_the_entry() {
    browse(DESKTOP, async |page| {
        let server = Server::start(&BUILT, "/s/", STRICT);
        for base in [disk(""), server.url()] {
            page.goto(&format!("{base}claims.html#c1234")).await;
            page.wait("location.pathname.includes('/claims/by/one')").await;
            page.wait("document.activeElement.id === 'c1234'").await;
            assert_eq!(page.eval("location.hash").await, json!("#c1234"));
            // What there never was leads nowhere.
            page.goto(&format!("{base}claims.html#c99999")).await;
            page.wait("!!document.querySelector('script[src*=places-]')").await;
            assert!(page.url().await.ends_with("claims.html#c99999"));
            let complaints = page.complaints();
            assert!(complaints.is_empty(), "{complaints:#?}");
        }
    });
}

#[test]
fn the_card_of_a_citation_loads_the_file_that_has_its_claim() {
    browse(DESKTOP, async |page| {
        let server = Server::start(&BUILT, "/s/", STRICT);
        for base in [disk(""), server.url()] {
            page.goto(&format!("{base}cited.html")).await;
            for (number, claim) in [(1, "c7"), (2, "c1234"), (3, "c700")] {
                page.click(&format!("#cite-{number}-1")).await;
                page.wait(&format!("document.querySelector('.card .acts a[href$=\"#{claim}\"]') !== null")).await;
                assert_eq!(page.seen(".card .who-says").await, 1, "{claim}");
            }
            let files = page.eval("document.querySelectorAll('script[src*=cards-]').length").await;
            assert!(files.as_u64().is_some_and(|files| files > 1), "{files}");
            let complaints = page.complaints();
            assert!(complaints.is_empty(), "{complaints:#?}");
        }
    });
}

/// The addresses of the first thirty, and how many there are: as `search.js` ranks an index in one file, but for places
/// inside of words.
fn expected(query: &str) -> (Vec<String>, usize) {
    let asked: Vec<&str> = query.split(' ').collect();
    let mut found: Vec<(f64, String)> = Vec::new();
    for (kind, title, text, address) in findable() {
        let (title, text) = (format!(" {}", title.to_lowercase()), format!(" {text}"));
        let mut score = if kind == "page" { 3.0 } else { 0.0 } + 9.0 / title.len() as f64;
        let all = asked.iter().all(|word| {
            let word = format!(" {word}");
            let at = if title.contains(&word) { 5.0 } else { f64::from(u8::from(text.contains(&word))) };
            score += at;
            at > 0.0
        });
        if all {
            found.push((score, address));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let count = found.len();
    (found.into_iter().take(30).map(|(_, address)| address).collect(), count)
}

async fn ask(page: &Page, query: &str, status: &str) -> Vec<String> {
    let set = format!(
        "(() => {{ const q = document.querySelector('input.q'); q.value = {}; q.dispatchEvent(new Event('input')); return 1; }})()",
        json!(query)
    );
    page.eval(&set).await;
    page.wait(&format!("document.querySelector('.find-here [role=status]').textContent.startsWith({})", json!(status)))
        .await;
    let hits = page.eval("[...document.querySelectorAll('.hits a')].map((a) => a.href)").await;
    let hits = hits.as_array().expect("a list").iter().filter_map(|hit| hit.as_str());
    let end = |hit: &str| match hit.split_once('#') {
        Some((_, id)) => format!("#{id}"),
        None => hit.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    hits.map(end).collect()
}

#[test]
fn a_large_index_is_searched_in_parts_with_the_same_results() {
    let queries =
        [word(3), word(17), word(3)[..3].to_owned(), word(3)[..1].to_owned(), format!("{} {}", word(5), word(9))];
    let more = [
        format!("{} {} {}", word(5), &word(9)[..2], &word(300)[..1]),
        format!("the {}", word(11)),
        word(399),
        "the was seen".into(),
    ];
    browse(DESKTOP, async |page| {
        for query in queries.into_iter().chain(more) {
            // A page anew, so that what one query loads is known.
            page.goto(&disk("search.html")).await;
            page.wait("!!document.querySelector('input.q')").await;
            let (first, count) = expected(&query);
            assert!(count > 0, "{query}");
            assert_eq!(ask(page, &query, &format!("{count} found")).await, first, "{query}");
            let loaded = page.eval("[...document.querySelectorAll('script')].map((s) => s.src).filter((src) => src.includes('search-index'))").await;
            let files: BTreeSet<&str> =
                loaded.as_array().expect("a list").iter().filter_map(|src| src.as_str()).collect();
            let size = |src: &str| std::fs::metadata(src.trim_start_matches("file://")).expect("a file").len();
            let bytes: u64 = files.iter().map(|src| size(src)).sum();
            assert!(files.len() > 1 && bytes <= 200 << 10, "{query}: {bytes} bytes in {} files", files.len());
        }
        assert_eq!(ask(page, "qqq", "Nothing").await, Vec::<String>::new());
        let complaints = page.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}
